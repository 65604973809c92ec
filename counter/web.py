"""The same screens in a browser on this computer: textual-serve on loopback, with a check of host and origin in front.

textual-serve itself checks neither who asks nor from which page (its source, 1.1.3). A page of another site in the same
browser could otherwise open our socket: so a request must name this very address, and a socket must come from our page.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

from counter.errors import NotAvailable
from counter.home import Home
from counter.locale import N_

LOOPBACK: Final = "127.0.0.1"


class WebMissing(NotAvailable):
    """The optional part for the browser is not installed."""

    why = N_("The part for the browser is not installed.")
    todo = N_("Install it with: pip install quaythu[web]")


def is_ours(*, host: str, origin: str | None, is_socket: bool, port: int) -> bool:
    """Whether a request names this address, and where it opens a socket (or says an origin) comes from our own page."""
    names = {f"{LOOPBACK}:{port}", f"localhost:{port}"}
    if host not in names:
        return False
    if origin is None:
        return not is_socket
    return origin in {f"http://{name}" for name in names}


def command_for(home: Home) -> str:
    """The command line that opens this home's screen, one program a tab."""
    return shlex.join([sys.executable, "-m", "counter", "--home", str(home.path)])


def make_server(home: Home, *, port: int) -> Any:
    """The server, not started. Raises WebMissing."""
    try:
        from aiohttp import web
        from textual_serve.server import Server
    except ImportError as error:
        raise WebMissing from error
    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

    @web.middleware
    async def only_ours(request: web.Request, handler: Handler) -> web.StreamResponse:
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if not is_ours(host=host, origin=origin, is_socket=request.path == "/ws", port=port):
            raise web.HTTPForbidden(text="403")
        return await handler(request)

    class OwnServer(Server):
        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(only_ours)
            return app

        def initialize_logging(self) -> None:
            """Nothing: textual-serve would print tracebacks with the values of variables."""

    return OwnServer(command_for(home), host=LOOPBACK, port=port, title="Quầy", public_url=f"http://{LOOPBACK}:{port}")


def serve(home: Home, *, port: int) -> None:
    """Serve until Ctrl+C. Raises WebMissing."""
    os.environ["COUNTER_DB"] = home.url  # not on a command line, where everybody on this computer reads passwords
    make_server(home, port=port).serve()
