"""A printer on the network, port 9100."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass, field
from typing import Final

from counter.printing.transports.line import Line, Patience
from counter.printing.transports.refusals import PrinterAway, PrinterBrokeOff

PORT: Final = 9100
_PIECE: Final = 16_384


def address_text(host: str, port: int) -> str:
    """Host and port in one, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class TcpTransport:
    """Where it is, and how long to wait for it."""

    host: str
    port: int = PORT
    patience: Patience = field(default_factory=Patience)
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """`10.0.0.5:9100`, `[fe80::1]:9100`."""
        return address_text(self.host, self.port)

    def open(self) -> Line:
        """Raises PrinterAway."""
        try:
            line = socket.create_connection((self.host, self.port), timeout=self.patience.connect)
        except (OSError, UnicodeError) as error:
            raise PrinterAway(printer=self.name) from error
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setblocking(False)
        return _TcpLine(line, self)


class _TcpLine:
    """A socket that is never waited for without end, and that hears the printer also while it is written to."""

    answers = True
    keeps = False

    def __init__(self, line: socket.socket, to: TcpTransport) -> None:
        self._line = line
        self._to = to
        self._heard = bytearray()

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Raises PrinterBrokeOff: the peer is gone, takes nothing more, or drips without end."""
        patience = self._to.patience
        end = time.monotonic() + (patience.whole if seconds is None else seconds)
        stall = time.monotonic() + patience.stall
        view = memoryview(data)
        try:
            while view:
                left = max(0.0, min(end, stall) - time.monotonic())
                readable, writable, _ = select.select([self._line], [self._line], [], left)
                if readable:
                    self._hear()
                if writable:
                    view = view[self._line.send(view[:_PIECE]) :]
                    stall = time.monotonic() + patience.stall
                if view and time.monotonic() >= min(end, stall):
                    raise TimeoutError
        except OSError as error:
            raise PrinterBrokeOff(printer=self._to.name) from error

    def read(self, seconds: float) -> bytes:
        """Raises PrinterBrokeOff when the printer hung up."""
        try:
            if not self._heard and select.select([self._line], [], [], max(0.0, seconds))[0]:
                self._hear()
        except OSError as error:
            raise PrinterBrokeOff(printer=self._to.name) from error
        heard, self._heard = bytes(self._heard), bytearray()
        return heard

    def _hear(self) -> None:
        try:
            said = self._line.recv(4096)
        except BlockingIOError:
            return
        if not said:
            raise ConnectionResetError("closed by the printer")
        self._heard += said

    def finish(self) -> None:
        """Say that the job is over and listen a moment: a peer that threw it away says so now, by a reset.

        A printer that keeps silent and its side open is the common case, and no refusal; one that closes after us, neither.
        """
        try:
            self._line.shutdown(socket.SHUT_WR)
            if select.select([self._line], [], [], self._to.patience.hang_up)[0]:
                self._line.recv(4096)
            if problem := self._line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(problem, "reset after the job")
        except OSError as error:
            raise PrinterBrokeOff(printer=self._to.name) from error

    def close(self) -> None:
        """Let go."""
        self._line.close()
