"""One program at a time writes to a printer, whatever home or till it works for, as far as one computer reaches.

A job of one program in the middle of another's would be two papers that nobody can read. A printer of the network may
still be written to from another computer: most take one connection at a time, and that is theirs to keep.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from counter.printing.transports.device import DeviceTransport, FileTransport
from counter.printing.transports.line import Line, Transport
from counter.printing.transports.refusals import PrinterTaken
from counter.printing.transports.serial_line import SerialTransport
from counter.printing.transports.tcp import TcpTransport

LOG: Final = logging.getLogger("counter")
_BREATH: Final = 0.05
"""Seconds between two tries for a lock that somebody holds."""
_SECONDS: Final = 2.0
"""Seconds to wait for another program's job to end; later the paper waits, and nothing was sent."""


@dataclass(frozen=True, slots=True)
class OwnedTransport:
    """A way to a printer that is walked by one program of this computer at a time: from `open` to the line's `close`."""

    way: Transport
    folder: Path = field(default_factory=lambda: locks_folder())
    seconds: float = _SECONDS

    @property
    def name(self) -> str:
        """What people call it."""
        return self.way.name

    @property
    def bytes_per_second(self) -> float:
        """As fast as the way itself."""
        return self.way.bytes_per_second

    def open(self) -> Line:
        """Raises PrinterTaken where another program writes, and what the way itself refuses."""
        lock = self._lock()
        try:
            return _OwnedLine(self.way.open(), lock)
        except BaseException:
            _let_go(lock)
            raise

    def _lock(self) -> list[int]:
        """The descriptor that holds the lock; a dead process lets go by itself. Empty where no lock can be.

        Raises PrinterTaken.
        """
        path = self.folder / f"quaythu-printer-{sha256(identity(self.way).encode()).hexdigest()[:16]}.lock"
        end = time.monotonic() + self.seconds
        try:
            descriptor = _opened(path)
        except OSError as error:  # paper matters more than who else might write
            LOG.warning("no lock for the printer %s: %s", self.name, error)
            return []
        while not _locked(descriptor):
            if time.monotonic() >= end:
                os.close(descriptor)
                raise PrinterTaken(printer=self.name)
            time.sleep(_BREATH)
        return [descriptor]


class _OwnedLine:
    """The line, and the lock that goes with it."""

    def __init__(self, line: Line, lock: list[int]) -> None:
        self._line = line
        self._lock = lock

    @property
    def answers(self) -> bool:
        return self._line.answers

    @property
    def keeps(self) -> bool:
        return self._line.keeps

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        self._line.write(data, seconds=seconds)

    def read(self, seconds: float) -> bytes:
        return self._line.read(seconds)

    def finish(self) -> None:
        self._line.finish()

    def close(self) -> None:
        """First the line, then the lock; a second time nothing."""
        self._line.close()
        _let_go(self._lock)


def identity(way: Transport) -> str:
    """The same text for the same printer, however it was written: a name and its address, a device and a link to it."""
    if isinstance(way, TcpTransport):
        return f"tcp {_address(way)} {way.port}"
    if isinstance(way, SerialTransport) and sys.platform == "win32":
        return f"device {way.port.upper()}"
    if isinstance(way, SerialTransport):
        return f"device {os.path.realpath(way.port)}"
    if isinstance(way, DeviceTransport | FileTransport):
        return f"device {os.path.realpath(way.path)}"
    return f"{type(way).__name__} {way.name}"


def _address(way: TcpTransport) -> str:
    """The first address of a name; a name that has none now stands for itself."""
    with contextlib.suppress(OSError, UnicodeError):
        for *_kind, address in socket.getaddrinfo(way.host, way.port, type=socket.SOCK_STREAM):
            return str(address[0])
    return way.host


def locks_folder() -> Path:
    """Where every user of this computer may put a lock."""
    return next(folder for folder in _folders() if folder.is_dir())


def _folders() -> Iterator[Path]:
    if sys.platform == "win32":
        yield Path(os.environ.get("PROGRAMDATA", tempfile.gettempdir()))
    else:
        yield from (lock for lock in (Path("/run/lock"), Path("/var/lock")) if os.access(lock, os.W_OK))
    yield Path(tempfile.gettempdir())


def _opened(path: Path) -> int:
    """A descriptor to lock; the file stays empty, may be another user's, and no link leads elsewhere."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        descriptor = os.open(path, flags | os.O_CREAT, 0o644)
        path.chmod(0o644)  # whatever the umask of the first user
        return descriptor


def _let_go(lock: list[int]) -> None:
    while lock:
        os.close(lock.pop())


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
