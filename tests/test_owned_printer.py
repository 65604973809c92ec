"""One program at a time writes to a printer, whatever home it works for."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from printers import a_printer

from counter.config import Settings
from counter.printer import till_printer
from counter.printing import (
    CupsTransport,
    DeviceTransport,
    FileTransport,
    OwnedTransport,
    PrinterAway,
    PrinterTaken,
    SerialTransport,
    TcpTransport,
    Transport,
)
from counter.printing.transports.owned import identity

HOLDS = """
import sys
from counter.config import Settings
from counter.printer import till_printer
line = till_printer(Settings(paper="tcp", paper_host="127.0.0.1", paper_port=int(sys.argv[1]))).transport.open()
print("open", flush=True)
sys.stdin.read()
"""


def test_two_programs_never_write_to_one_printer_at_once() -> None:
    """Another home's program holds the line; when it is killed the printer is free."""
    with a_printer() as machine:
        here = till_printer(Settings(paper="tcp", paper_host="127.0.0.1", paper_port=machine.port))
        assert here is not None
        assert isinstance(here.transport, OwnedTransport)
        mine = replace(here.transport, seconds=0.0)
        other = subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(machine.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(PrinterTaken):
            mine.open()
        other.kill()
        other.communicate()
        line = mine.open()
        with pytest.raises(PrinterTaken):
            mine.open()
        line.close()
        line.close()
        mine.open().close()


def test_a_printer_that_does_not_open_is_let_go(tmp_path: Path) -> None:
    way = OwnedTransport(DeviceTransport(tmp_path / "lp0"), folder=tmp_path, seconds=0.0)
    for _time in range(2):  # the second one is not told of a program that holds it
        with pytest.raises(PrinterAway) as refused:
            way.open()
        assert not isinstance(refused.value, PrinterTaken)


def test_a_folder_that_holds_no_lock_stops_no_paper(tmp_path: Path) -> None:
    file = FileTransport(tmp_path / "paper.bin")
    OwnedTransport(file, folder=tmp_path / "nowhere").open().close()


def test_no_link_leads_a_lock_into_another_file(tmp_path: Path) -> None:
    way = OwnedTransport(FileTransport(tmp_path / "paper.bin"), folder=tmp_path, seconds=0.0)
    before = os.umask(0o077)
    way.open().close()
    os.umask(before)
    (lock,) = tmp_path.glob("quaythu-printer-*.lock")
    assert lock.stat().st_mode & 0o777 == 0o644  # another user of this computer can hold it, too
    lock.unlink()
    lock.symlink_to(tmp_path / "letter")
    way.open().close()
    assert not (tmp_path / "letter").exists()


def _same(folder: Path) -> list[tuple[Transport, Transport]]:
    (folder / "receipts").symlink_to(folder / "lp0")
    return [
        (TcpTransport("127.0.0.1"), TcpTransport("127.1", 9100)),
        (DeviceTransport(folder / "receipts"), DeviceTransport(folder / "lp0")),
        (DeviceTransport(folder / "receipts"), SerialTransport(str(folder / "lp0"), 19_200)),
        (FileTransport(folder / "x" / ".." / "lp0"), FileTransport(folder / "lp0")),
        (CupsTransport("till"), CupsTransport("till")),
    ]


def test_a_printer_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    for one, other in _same(tmp_path):
        assert identity(one) == identity(other)
    ways = [TcpTransport("127.0.0.1"), TcpTransport("127.0.0.1", 9101), TcpTransport("no.such.invalid")]
    more = [DeviceTransport(tmp_path / "lp1"), CupsTransport("till"), CupsTransport("till2")]
    assert len({identity(way) for way in (*ways, *more)}) == 6
