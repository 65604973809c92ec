"""A printer for tests, on a real socket: it reads ESC/POS like one, has a buffer and paper, and misbehaves on demand.

Real-time status is answered as the bytes come in; everything else waits in the buffer and is carried out as long as there is
paper. A paper counts when its cut was carried out.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from counter.printing import Patience, TcpTransport, TillPrinter

QUICK = Patience(connect=2.0, ask=0.4, stall=0.6, whole=3.0, hang_up=0.1, word=0.4, mm_per_second=10_000.0)
"""Short times for a printer on the same computer."""


LINE_ROWS = 30
"""Dots that a line of letters feeds."""


@dataclass
class Habits:
    """How the printer behaves. `reset_at`: hang up by RST after so many bytes of a connection."""

    answers: bool = True
    acks: bool = True
    marks: bool = True
    garbage: bytes = b""
    paper_rows: int | None = None
    cover_open: bool = False
    offline: bool = False
    near_end: bool = False
    close_at_once: bool = False
    reset_at: int | None = None
    never_reads: bool = False
    reset_before_ack: bool = False
    keeps_acks: bool = False
    drip: int = 0


@dataclass
class ScriptedPrinter:
    """`papers` are whole jobs that were cut, `torn` what was left of one when the next began, `pulses` the drawer's."""

    habits: Habits = field(default_factory=Habits)
    papers: list[bytes] = field(default_factory=list)
    torn: list[bytes] = field(default_factory=list)
    pulses: int = 0
    connections: int = 0
    received: int = 0
    queries: int = 0
    acks_kept: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._buffer = bytearray()
        self._page = bytearray()
        self._line: socket.socket | None = None
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    # --- what a test does with it ----------------------------------------------------------------------------------------

    def printer(self, **more: object) -> TillPrinter:
        """How a till reaches it."""
        return TillPrinter(transport=TcpTransport("127.0.0.1", self.port, patience=QUICK), patience=QUICK, **more)  # type: ignore[arg-type]

    def mend(self) -> None:
        """Everything is well again: paper in, cover closed, cable in."""
        with self._lock:
            self.habits = Habits()
            self._carry_out()

    @property
    def is_held(self) -> bool:
        """Whether a program has its line open."""
        return self._line is not None

    def say_kept(self) -> None:
        """The acknowledgements that were kept back, on the line that is open now."""
        with self._lock:
            kept, self.acks_kept = self.acks_kept, []
            for word in kept:
                self._say(word)

    def switch_off(self) -> None:
        """Nobody listens any more; what was in the buffer is gone."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._hang_up()
        self._thread.join(5)
        with self._lock:
            self._buffer.clear()

    def switch_on(self) -> None:
        """At the same address."""
        self._over.clear()
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    # --- the wire --------------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _address = self._server.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._line = line
            with contextlib.suppress(OSError):
                self._listen(line)
            self._hang_up()

    def _listen(self, line: socket.socket) -> None:
        habits, seen = self.habits, 0
        if habits.close_at_once:
            return
        if habits.never_reads:
            self._over.wait(3)
            return
        while not self._over.is_set():
            most = 65536 if habits.reset_at is None else habits.reset_at - seen
            if most <= 0:
                reset(line)
                return
            piece = line.recv(min(most, habits.drip or 65536))
            if not piece:
                return
            if habits.drip:
                self._over.wait(0.001)
            seen += len(piece)
            with self._lock:
                self.received += len(piece)
                self._take(piece)
                if self._line is None:
                    return

    def _take(self, piece: bytes) -> None:
        self._buffer += piece
        while (at := self._buffer.find(b"\x10\x14\x01")) >= 0 and len(self._buffer) > at + 4:
            del self._buffer[at : at + 5]
            self.pulses += 1
        while (at := self._buffer.find(b"\x10\x04")) >= 0 and len(self._buffer) > at + 2:
            number = self._buffer[at + 2]
            del self._buffer[at : at + 3]
            self.queries += 1
            self._answer(number)
        self._carry_out()

    def _answer(self, number: int) -> None:
        h = self.habits
        if h.garbage:
            self._say(h.garbage)
        elif h.answers:
            empty = self._out_of_paper()
            bits = {
                1: 0x08 if h.offline or h.cover_open or empty else 0,
                2: (0x04 if h.cover_open else 0) | (0x20 if empty else 0),
                3: 0,
                4: (0x60 if empty else 0) | (0x0C if empty or h.near_end else 0),
            }
            self._say(bytes((0x12 | bits[number],)))

    def _out_of_paper(self) -> bool:
        return self.habits.paper_rows is not None and self.habits.paper_rows <= 0

    def _say(self, data: bytes) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.sendall(data)

    def _hang_up(self) -> None:
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.close()

    # --- the print head ----------------------------------------------------------------------------------------------------

    def _carry_out(self) -> None:
        while self._buffer and not (self._out_of_paper() or self.habits.cover_open or self.habits.offline):
            size = length(self._buffer)
            if size == 0 or size > len(self._buffer):
                return
            command = bytes(self._buffer[:size])
            del self._buffer[:size]
            self._do(command)

    def _do(self, command: bytes) -> None:
        h = self.habits
        if command[:2] == b"\x1b@" and self._page:
            if has_ink(bytes(self._page)):
                self.torn.append(bytes(self._page))
            self._page.clear()
        if command[:3] == b"\x1d(H":
            word = b"7\x22" + command[7:11] + b"\x00"
            if h.reset_before_ack and self._line is not None:
                reset(self._line)
                self._line = None
            elif h.keeps_acks:
                self.acks_kept.append(word)
            elif h.acks:
                self._say(word)
            return
        if command[:2] == b"\x1dr":
            if h.marks and not h.keeps_acks:
                self._say(b"\x00")
            return
        if command[:2] == b"\x1bp":
            self.pulses += 1
            return
        if command == b"\x00":
            return
        self._page += command
        if h.paper_rows is not None and command[:3] == b"\x1dv0":
            h.paper_rows -= int.from_bytes(command[6:8], "little")
        if h.paper_rows is not None and command == b"\n":
            h.paper_rows -= LINE_ROWS
        if command[:2] == b"\x1dV":
            if has_ink(bytes(self._page)):
                self.papers.append(bytes(self._page))
            self._page.clear()


def has_ink(page: bytes) -> bool:
    """Whether anything was printed: dots or a line of letters."""
    return b"\x1dv0" in page or b"\n" in page


def length(buffer: bytearray) -> int:
    """How long the command at the start is; 0 while that cannot be told."""
    head = bytes(buffer[:2])
    if head in (b"\x1b@", b"\x1c.", b"\x1c&"):
        return 2
    if head in (b"\x1bd", b"\x1b!", b"\x1bt", b"\x1b%", b"\x1bM", b"\x1ba", b"\x1dr"):
        return 3
    if head == b"\x1bp":
        return 5
    if head == b"\x1b&":
        return letters_length(buffer)
    if head == b"\x1dV":
        return (4 if buffer[2] in (0x41, 0x42) else 3) if len(buffer) > 2 else 0
    if head == b"\x1d(":
        return 5 + int.from_bytes(buffer[3:5], "little") if len(buffer) > 4 else 0
    if head == b"\x1dv":
        wide, high = int.from_bytes(buffer[4:6], "little"), int.from_bytes(buffer[6:8], "little")
        return 8 + wide * high if len(buffer) > 7 else 0
    return 0 if len(buffer) == 1 and buffer[0] in b"\x1b\x1c\x1d" else 1


def letters_length(buffer: bytearray) -> int:
    """ESC & y c1 c2, then for each letter its width and so many columns of y bytes."""
    if len(buffer) < 5:
        return 0
    size = 5
    for _letter in range(buffer[3], buffer[4] + 1):
        if len(buffer) <= size:
            return 0
        size += 1 + buffer[2] * buffer[size]
    return size


def reset(line: socket.socket) -> None:
    """Hang up by RST."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@contextlib.contextmanager
def a_printer(habits: Habits | None = None) -> Iterator[ScriptedPrinter]:
    """A printer that is switched off at the end."""
    found = ScriptedPrinter(habits or Habits())
    try:
        yield found
    finally:
        found.switch_off()


def until(condition: Callable[[], object], *, what: str, seconds: float = 15.0) -> None:
    """Wait for another thread, with a deadline."""
    import time

    end, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        pause.wait(0.01)
