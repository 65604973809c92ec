"""The gateway's addresses: webhooks, health, figures. What a provider told is on disk before it hears “success”."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from counter.cashless.feeds import Provider, Unproven
from counter.desk import Desk
from counter.errors import Refused
from counter.gateway.keeping import Keeper, Taker, TooMany
from counter.gateway.limits import MOST_BYTES, MOST_SECONDS, Strikes
from counter.gateway.polling import Poller
from counter.gateway.providers import Providers
from counter.reconcile.arrivals import arrivals_waiting
from counter.text import printable

LOG: Final = logging.getLogger("counter")
LATER: Final = {"Retry-After": "30"}


class Gateway:
    """What runs behind the addresses: the desk, who may tell of money, and the threads that store and take in."""

    def __init__(self, desk: Desk, providers: Providers, *, patience: float = MOST_SECONDS) -> None:
        """`patience`: seconds that a body may take to arrive."""
        self.desk = desk
        self.patience = patience
        self.providers = providers
        self.taker = Taker(desk)
        self.keeper = Keeper(desk, stored=self.taker.wake)
        self.pollers = [Poller(desk, one, stored=self.taker.wake) for one in providers.polled]
        self.strikes = Strikes()
        self.counts: Counter[tuple[str, str]] = Counter()
        """(provider, what became of it) of every message since the start."""

    def start(self) -> None:
        """Begin to store, to take in, to ask."""
        self.keeper.start()
        self.taker.start()
        for poller in self.pollers:
            poller.start()

    def stop(self) -> None:
        """Store what was told, then end."""
        for poller in self.pollers:
            poller.stop()
        self.keeper.stop()
        self.taker.stop()

    async def hear(self, provider: Provider, request: Request) -> Response:
        """One message, from its bytes to its answer."""
        try:
            async with asyncio.timeout(self.patience):
                body = await _body(request)
        except TimeoutError:
            return self._answer(provider.name, "slow", 408)
        if body is None:
            return self._answer(provider.name, "too_large", 413)
        try:
            heard = provider.hear(headers=dict(request.headers), body=body, now=self.desk.clock.now())
        except Unproven:
            return self._unproven(provider.name, request)
        try:
            is_new = await asyncio.wrap_future(self.keeper.put(provider.name, heard))
        except (TooMany, Refused):  # the provider sends it again
            return self._answer(provider.name, "later", 503, headers=LATER)
        except Exception:
            return self._answer(provider.name, "fault", 500)
        return self._answer(provider.name, "stored" if is_new else "known", 200)

    def _unproven(self, name: str, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not self.strikes.strike(address):
            return self._answer(name, "unproven", 429, headers={"Retry-After": "60"})
        LOG.warning("%s: a message without proof from %s", name, printable(address))
        return self._answer(name, "unproven", 401)

    def _answer(self, name: str, what: str, status: int, *, headers: dict[str, str] | None = None) -> Response:
        self.counts[name, what] += 1
        return JSONResponse({"success": status == 200}, status, headers)

    def figures(self) -> str:
        """Prometheus text."""
        lines = ["# TYPE counter_messages_total counter"]
        lines += [
            f'counter_messages_total{{provider="{name}",what="{what}"}} {count}'
            for (name, what), count in sorted(self.counts.items())
        ]
        waiting = self.desk.see(arrivals_waiting)
        lines += ["# TYPE counter_taken_total counter", f"counter_taken_total {self.taker.taken}"]
        lines += ["# TYPE counter_waiting gauge", f"counter_waiting {waiting}"]
        return "\n".join(lines) + "\n"


async def _body(request: Request) -> bytes | None:
    """The raw bytes; None for too many, which are not even read."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > MOST_BYTES:
        return None
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > MOST_BYTES:
            return None
    return bytes(held)


def make_app(gateway: Gateway, *, more: Sequence[Callable[[FastAPI, Gateway], object]] = ()) -> FastAPI:
    """The addresses, and `more` of them. The threads live as long as the server."""

    @asynccontextmanager
    async def alive(_app: FastAPI) -> AsyncIterator[None]:
        gateway.start()
        yield
        await asyncio.to_thread(gateway.stop)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=alive)

    @app.post("/webhooks/{name}")
    async def webhook(name: str, request: Request) -> Response:
        provider = gateway.providers.told.get(name)
        return await gateway.hear(provider, request) if provider else JSONResponse({"success": False}, 404)

    @app.get("/healthz")
    async def health() -> Response:
        try:
            waiting = await asyncio.to_thread(gateway.desk.see, arrivals_waiting)
        except Refused:
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True, "waiting": waiting})

    @app.get("/metrics")
    async def metrics() -> Response:
        try:
            return PlainTextResponse(await asyncio.to_thread(gateway.figures))
        except Refused:
            return PlainTextResponse("", 503)

    for add in more:
        add(app, gateway)
    return app
