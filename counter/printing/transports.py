"""How a finished job reaches a printer: a file or device, TCP port 9100, nowhere, or a tray that keeps it.

A printer is opened for one job and closed after it, with a time limit on every step. That the bytes were written never
means that paper came out; it only means that nobody refused them.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final, Protocol

from counter.errors import NotAvailable
from counter.locale import N_

PORT: Final = 9100


class PrinterAway(NotAvailable):
    """No printer answers. Not a byte was sent, so printing again is safe."""

    why = N_("The printer {printer} does not answer. Nothing was printed; the money is not touched.")
    todo = N_("Check power, paper and cable, then print a copy.")


class PrinterBrokeOff(NotAvailable):
    """The printer stopped in the middle: part of the paper may have come out."""

    why = N_("The printer {printer} stopped in the middle. The money is not touched.")
    todo = N_("Look at the paper. If it is not whole, tear it up and print a copy.")


class PaperFileLocked(NotAvailable):
    """The file or device for paper cannot be written."""

    why = N_("The paper cannot be written to {path}: {problem}")
    todo = N_("Choose another place in the settings, then print a copy.")


class Printer(Protocol):
    """Takes finished jobs, one at a time."""

    def send(self, job: bytes) -> None:
        """Send the whole job. Raises PrinterAway, PrinterBrokeOff, PaperFileLocked."""


class NoPrinter:
    """A till without paper."""

    def send(self, job: bytes) -> None:
        """Nothing to do."""


class Tray:
    """Keeps every job, oldest first, so that it can be looked at."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []

    def send(self, job: bytes) -> None:
        self.jobs.append(job)


class FilePrinter:
    """Adds each job to the end of a file, or writes it to a device such as /dev/usb/lp0."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, job: bytes) -> None:
        """Raises PaperFileLocked."""
        try:
            with self.path.open("ab") as paper:
                paper.write(job)
        except OSError as error:
            raise PaperFileLocked(path=self.path, problem=error.strerror or str(error)) from error


class TcpPrinter:
    """A printer on the network. Times are seconds; `write_seconds` limits the whole job, not each piece of it."""

    def __init__(
        self,
        host: str,
        port: int = PORT,
        *,
        connect_seconds: float = 3.0,
        write_seconds: float = 10.0,
        close_seconds: float = 0.5,
    ) -> None:
        self.host = host
        self.port = port
        self.connect_seconds = connect_seconds
        self.write_seconds = write_seconds
        self.close_seconds = close_seconds

    @property
    def name(self) -> str:
        """What people call it: `10.0.0.5:9100`."""
        return f"{self.host}:{self.port}"

    def send(self, job: bytes) -> None:
        """Raises PrinterAway before the first byte, PrinterBrokeOff after it."""
        try:
            line = socket.create_connection((self.host, self.port), timeout=self.connect_seconds)
        except (OSError, UnicodeError) as error:
            raise PrinterAway(printer=self.name) from error
        with line:
            try:
                line.settimeout(self.write_seconds)
                line.sendall(job)
                self._hang_up(line)
            except OSError as error:
                raise PrinterBrokeOff(printer=self.name) from error

    def _hang_up(self, line: socket.socket) -> None:
        """Say that the job is over and listen a moment: a peer that threw it away says so now, by a reset.

        A printer that keeps silent and its side open is the common case, and no refusal.
        """
        if _gone(line):
            raise ConnectionResetError("closed before the job was over")
        line.shutdown(socket.SHUT_WR)
        line.settimeout(self.close_seconds)
        try:
            line.recv(1024)
        except TimeoutError:
            return
        if problem := line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(problem, "reset after the job")


def _gone(line: socket.socket) -> bool:
    """Whether the peer hung up while we were still sending; status bytes that it sent of itself are thrown away."""
    line.setblocking(False)
    try:
        while said := line.recv(1024):
            del said
    except BlockingIOError:
        return False
    return True
