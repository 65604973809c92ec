"""A feeder that can be killed: `python tests/feeding.py <database> <lock> <port>` forks one for each line it reads.

It prints in plain letters, so that ten thousand papers take minutes and not hours, and says on the pipe when it is ready.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from day import sit_down
from printers import QUICK

from counter.config import Settings
from counter.desk import Desk
from counter.feeder import Feeder
from counter.printing import PrinterProfile, TcpTransport, TillPrinter
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


def feeder_at(desk: Desk, lock: Path, port: int) -> Feeder:
    """A feeder between them."""
    return Feeder(desk, printer=printer_at(port), lock=OneOwner(lock), settings=lambda: SETTINGS, retry=0.05)


def _say(text: str) -> None:
    os.write(1, (text + "\n").encode())


def serve(path: str, lock: str, port: int) -> None:
    """Fork a feeder for each order; it works until it is killed or nothing waits."""
    for _order in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                desk = sit_down(path)
                _say(f"ready {os.getpid()}")
                feeder_at(desk, Path(lock), port).work_off()
            except BaseException:
                _say("crashed " + traceback.format_exc().replace("\n", " | "))
            os._exit(0)
        os.waitpid(pid, 0)
        _say("gone")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
