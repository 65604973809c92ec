"""A printer as a device of the system (/dev/usb/lp0), and paper that goes into a file."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from counter.printing.transports.line import Line, Patience, WholeLine
from counter.printing.transports.refusals import (
    PaperFileLocked,
    PaperFileTaken,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterTaken,
    PrinterUnknown,
)

_NON_BLOCKING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_BREATH: Final = 0.05
"""Seconds between two looks at a device that says it has something and has not."""
_WHY: Final[dict[int | None, type[PrinterAway]]] = {
    errno.ENOENT: PrinterUnknown,
    errno.ENODEV: PrinterUnknown,
    errno.ENXIO: PrinterUnknown,
    errno.EACCES: PrinterForbidden,
    errno.EPERM: PrinterForbidden,
    errno.EBUSY: PrinterTaken,
    errno.EAGAIN: PrinterTaken,
}


def away(error: OSError, *, printer: str) -> PrinterAway:
    """The refusal for an error of the system at opening a printer."""
    return _WHY.get(error.errno, PrinterAway)(printer=printer)


@dataclass(frozen=True, slots=True)
class DeviceTransport:
    """A device that is written like a file: USB printers on Linux. Never a common file: that would be overwritten."""

    path: Path
    patience: Patience = field(default_factory=Patience)
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """`/dev/usb/lp0`."""
        return str(self.path)

    def open(self) -> Line:
        """Raises PrinterUnknown, PrinterForbidden, PrinterTaken."""
        try:
            if not is_device(self.path):
                raise PrinterUnknown(printer=self.name)
            try:
                return _DeviceLine(os.open(self.path, os.O_RDWR | _NON_BLOCKING), self, answers=True)
            except PermissionError:
                return _DeviceLine(os.open(self.path, os.O_WRONLY | _NON_BLOCKING), self, answers=False)
        except OSError as error:
            raise away(error, printer=self.name) from error


def is_device(path: Path) -> bool:
    """Whether the path is something that bytes flow through. Raises OSError where there is nothing."""
    mode = path.stat().st_mode
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


class _DeviceLine:
    """A descriptor that is never waited for without end."""

    keeps = False

    def __init__(self, descriptor: int, to: DeviceTransport, *, answers: bool) -> None:
        self._descriptor = descriptor
        self._to = to
        self.answers = answers

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Raises PrinterBrokeOff."""
        patience = self._to.patience
        end = time.monotonic() + (patience.whole if seconds is None else seconds)
        stall = time.monotonic() + patience.stall
        view = memoryview(data)
        try:
            while view:
                if select.select([], [self._descriptor], [], max(0.0, min(end, stall) - time.monotonic()))[1]:
                    written = self._some(view)
                    view = view[written:]
                    stall = time.monotonic() + patience.stall if written else stall
                if view and time.monotonic() >= min(end, stall):
                    raise TimeoutError
        except OSError as error:
            raise PrinterBrokeOff(printer=self._to.name) from error

    def _some(self, view: memoryview) -> int:
        try:
            return os.write(self._descriptor, view[:8192])
        except BlockingIOError:
            time.sleep(_BREATH)
            return 0

    def read(self, seconds: float) -> bytes:
        """Raises PrinterBrokeOff. A device whose end is closed has nothing to say, that is all."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0 or seconds <= 0:
                if not self.answers or not select.select([self._descriptor], [], [], max(0.0, left))[0]:
                    return b""
                with contextlib.suppress(BlockingIOError):
                    if said := os.read(self._descriptor, 4096):
                        return said
                if seconds <= 0:
                    return b""
                time.sleep(_BREATH)
        except OSError as error:
            raise PrinterBrokeOff(printer=self._to.name) from error
        return b""

    def finish(self) -> None:
        """Everything was handed over by `write`."""

    def close(self) -> None:
        """Let go."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


_BEGINS: Final = b"\x1b@"
"""ESC @: how every job begins, and by that a file that jobs were added to before."""


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Paper that is only kept: each job is added to the end of a file, whole or not at all.

    Only to a file that is new or already holds jobs, and never below `keep_out`: there are the program's own files.
    """

    path: Path
    keep_out: Path | None = None
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def open(self) -> Line:
        """Raises PaperFileLocked, PaperFileTaken."""
        try:
            with self._file():
                return WholeLine(self._append, keeps=True)
        except OSError as error:
            raise PaperFileLocked(path=self.path, problem=error.strerror or str(error)) from error

    def _file(self) -> BinaryIO:
        """At its end, to add to. Raises PaperFileTaken, OSError."""
        path = self.path.resolve()
        if self.keep_out is not None and path.is_relative_to(self.keep_out.resolve()):
            raise PaperFileTaken(path=self.path)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | _NON_BLOCKING | getattr(os, "O_BINARY", 0)
        file = open(os.open(path, flags, 0o666), "r+b", buffering=0)  # noqa: PTH123, SIM115 - the caller closes it
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode) and file.read(len(_BEGINS)) in (b"", _BEGINS):
            file.seek(0, os.SEEK_END)
            return file
        file.close()
        raise PaperFileTaken(path=self.path)

    def _append(self, job: bytes) -> None:
        try:
            with self._file() as file:
                before = file.tell()
                try:
                    left = memoryview(job)
                    while left:
                        left = left[file.write(left) :]
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(before)
                    raise
        except OSError as error:
            raise PrinterBrokeOff(printer=self.name) from error
