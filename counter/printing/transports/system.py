"""Printers of the system: CUPS by `lp`, Windows by its spooler. They take a whole job and say nothing about paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any, Final

from counter.printing.transports.line import Line, WholeLine
from counter.printing.transports.refusals import (
    ExtraMissing,
    PrinterAway,
    PrinterBrokeOff,
    PrinterForbidden,
    PrinterUnknown,
)

QUEUE: Final = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,126}")
"""A queue of CUPS: never what `lp` would take for an option."""
SECONDS: Final = 15.0
_NO_SUCH: Final = (1801, 1797)
_FORBIDDEN: Final = 5


@dataclass(frozen=True, slots=True)
class CupsTransport:
    """A queue of CUPS, given raw bytes."""

    queue: str
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """The queue."""
        return self.queue

    def open(self) -> Line:
        """Raises ExtraMissing, PrinterUnknown."""
        if not shutil.which("lp") or not shutil.which("lpstat"):
            raise ExtraMissing(library="CUPS (lp)", command="apt install cups-client")
        if not QUEUE.fullmatch(self.queue) or said(["lpstat", "-a", self.queue], printer=self.queue)[0] != 0:
            raise PrinterUnknown(printer=self.queue)
        return WholeLine(self._hand_over)

    def _hand_over(self, job: bytes) -> None:
        try:
            code, _text = said(["lp", "-d", self.queue, "-o", "raw", "-s"], printer=self.queue, given=job)
        except PrinterAway as error:  # it may have taken part of it
            raise PrinterBrokeOff(printer=self.queue) from error
        if code != 0:
            raise PrinterBrokeOff(printer=self.queue)


def said(command: list[str], *, printer: str, given: bytes = b"") -> tuple[int, str]:
    """Exit code and words of a command of CUPS. Raises PrinterAway when it takes too long or cannot run."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PrinterAway(printer=printer) from error
    return done.returncode, done.stdout.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class WindowsTransport:
    """A printer of Windows by its name, given raw bytes."""

    printer: str
    bytes_per_second: float = 0.0

    @property
    def name(self) -> str:
        """The name that Windows shows."""
        return self.printer

    def open(self) -> Line:
        """Raises ExtraMissing, PrinterUnknown, PrinterForbidden, PrinterAway."""
        spooler = _spooler()
        try:
            handle = spooler.OpenPrinter(self.printer)
        except Exception as error:  # pywintypes.error is no OSError
            number = getattr(error, "winerror", 0)
            kind = PrinterUnknown if number in _NO_SUCH else PrinterForbidden if number == _FORBIDDEN else PrinterAway
            raise kind(printer=self.printer) from error
        spooler.ClosePrinter(handle)
        return WholeLine(self._hand_over)

    def _hand_over(self, job: bytes) -> None:
        spooler = _spooler()
        try:
            handle = spooler.OpenPrinter(self.printer)
            try:
                spooler.StartDocPrinter(handle, 1, ("Quay", None, "RAW"))
                spooler.StartPagePrinter(handle)
                written = spooler.WritePrinter(handle, job)
                spooler.EndPagePrinter(handle)
                spooler.EndDocPrinter(handle)
            finally:
                spooler.ClosePrinter(handle)
        except Exception as error:
            raise PrinterBrokeOff(printer=self.printer) from error
        if written != len(job):
            raise PrinterBrokeOff(printer=self.printer)


def _spooler() -> Any:
    try:
        import win32print
    except ImportError as error:
        raise ExtraMissing(library="pywin32", command="pip install pywin32") from error
    return win32print
