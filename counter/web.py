"""The same screens in a browser on this computer: textual-serve on loopback, with a check of host and origin in front.

textual-serve itself checks neither who asks nor from which page (its source, 1.1.3). A page of another site in the same
browser could otherwise open our socket: so a request must name this very address, and a socket must come from our page.
The page is our own (counter/page), for textual-serve's fetches a font from outside; the browser is told to fetch nothing
that does not come from here.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from counter.errors import NotAvailable
from counter.home import Home
from counter.locale import N_, _, language

LOOPBACK: Final = "127.0.0.1"
PAGE: Final = Path(__file__).with_name("page")
ONLY_FROM_HERE: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""What the browser may fetch (Content-Security-Policy)."""


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
        import aiohttp_jinja2
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
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = ONLY_FROM_HERE.format(port=port)
        return response

    class OwnServer(Server):
        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(only_ours)
            words = {"ended": _("The program has ended. What was confirmed is saved."), "again": _("Open it again")}
            aiohttp_jinja2.get_env(app).globals.update(words=words, lang=language())
            return app

        async def on_startup(self, _app: web.Application) -> None:
            """The address, in our words instead of textual-serve's."""
            said = _("Open {url} in a browser on this computer. Ctrl+C ends the program.")
            self.console.print(said.format(url=self.public_url), markup=False, highlight=False)

        def initialize_logging(self) -> None:
            """Nothing: textual-serve would print tracebacks with the values of variables."""

    url = f"http://{LOOPBACK}:{port}"
    return OwnServer(command_for(home), host=LOOPBACK, port=port, title="Quầy", public_url=url, templates_path=str(PAGE))


def serve(home: Home, *, port: int) -> None:
    """Serve until Ctrl+C. Raises WebMissing."""
    os.environ["COUNTER_DB"] = home.url  # not on a command line, where everybody on this computer reads passwords
    make_server(home, port=port).serve()
