"""A connection that sends no whole head of a request soon is closed: nobody holds all the places with half-sent heads."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN: Final = 5.0
"""Seconds from the connection, or from the first byte of the next request, to the end of its head."""


class Hurried(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a time limit for the head of each request."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._head_is_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._hurry()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._rest()
        elif self._head_is_due is None:
            self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _hurry(self) -> None:
        self._head_is_due = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def _rest(self) -> None:
        if self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None
