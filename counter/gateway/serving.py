"""Running the gateway: on loopback unless told otherwise, quiet, and ended in order."""

from __future__ import annotations

import os
import socket
from typing import Any, Final

from counter.gateway.providers import load_providers
from counter.gateway.refusals import AddressTaken, GatewayMissing
from counter.home import Home, sit_down

LOOPBACK: Final = "127.0.0.1"
MOST_AT_ONCE: Final = 512
"""Connections; more are answered 503 at once."""


def make_server(home: Home, *, host: str, port: int) -> Any:
    """The server, not started. Raises GatewayMissing, GatewayFileWrong, GatewayFileOpen, and what sitting down raises."""
    try:
        import uvicorn

        from counter.gateway.app import Gateway, make_app
        from counter.gateway.board import add_board
        from counter.gateway.display import add_display
        from counter.gateway.hurry import Hurried
    except ImportError as error:
        raise GatewayMissing from error
    gateway = Gateway(sit_down(home), load_providers(home.path))
    told: dict[str, Any] = {
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": False,
        "limit_concurrency": MOST_AT_ONCE,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": 10,
        "h11_max_incomplete_event_size": 16 * 1024,
        "ws": "none",
    }
    return uvicorn.Server(
        uvicorn.Config(make_app(gateway, more=(add_display, add_board)), host=host, port=port, http=Hurried, **told)
    )


def serve(home: Home, *, host: str, port: int) -> None:
    """Serve until Ctrl+C. Raises AddressTaken and what `make_server` raises."""
    server = make_server(home, host=host, port=port)
    with _listen(host, port) as listening:
        server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise AddressTaken(host=host, port=port, detail=error.strerror or type(error).__name__) from error
    return listening
