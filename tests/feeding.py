"""A feeder that can be killed: `python tests/feeding.py <database> <lock> <port>` forks one for each line it reads.

With a number on the line it kills itself, by SIGKILL, after so many bytes to the printer: in the middle of whatever it does.

It prints in plain letters, so that ten thousand papers take minutes and not hours, and says on the pipe when it is ready.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

from day import sit_down
from printers import QUICK

from counter.config import Settings
from counter.desk import Desk
from counter.feeder import Feeder
from counter.printing import PrinterProfile, TcpTransport, TillPrinter
from counter.printing.transports import Line, Transport
from db.places import OneOwner

SETTINGS = Settings(paper_columns=32, paper_dots=384)


def printer_at(port: int) -> TillPrinter:
    """A printer that knows plain letters only."""
    return TillPrinter(
        transport=TcpTransport("127.0.0.1", port, patience=QUICK),
        profile=PrinterProfile(mode="ascii", columns=32),
        answers="yes",
        done="process-id",
        patience=QUICK,
    )


@dataclass
class Mortal:
    """The way to a printer on which the program dies after so many bytes."""

    to: Transport
    left: int

    @property
    def name(self) -> str:
        return self.to.name

    @property
    def bytes_per_second(self) -> float:
        return self.to.bytes_per_second

    def open(self) -> Line:
        return MortalLine(self.to.open(), self)


@dataclass
class MortalLine:
    """Whole writes as long as they fit, then a part of one and the end."""

    line: Line
    way: Mortal
    answers = True
    keeps = False

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        if len(data) > self.way.left:
            self.line.write(data[: self.way.left], seconds=seconds)
            os.kill(os.getpid(), signal.SIGKILL)
        self.way.left -= len(data)
        self.line.write(data, seconds=seconds)

    def read(self, seconds: float) -> bytes:
        return self.line.read(seconds)

    def finish(self) -> None:
        self.line.finish()

    def close(self) -> None:
        self.line.close()


def feeder_at(desk: Desk, lock: Path, port: int, *, dies_after: int = 0) -> Feeder:
    """A feeder between them."""
    printer = printer_at(port)
    if dies_after:
        printer = replace(printer, transport=Mortal(printer.transport, dies_after))
    return Feeder(desk, printer=printer, lock=OneOwner(lock), settings=lambda: SETTINGS, retry=0.05)


def _say(text: str) -> None:
    os.write(1, (text + "\n").encode())


def serve(path: str, lock: str, port: int) -> None:
    """Fork a feeder for each order; it works until it is killed or nothing waits."""
    for order in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                desk = sit_down(path)
                _say(f"ready {os.getpid()}")
                feeder_at(desk, Path(lock), port, dies_after=int(order)).work_off()
            except BaseException:
                _say("crashed " + traceback.format_exc().replace("\n", " | "))
            os._exit(0)
        os.waitpid(pid, 0)
        _say("gone")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
