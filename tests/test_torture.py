"""What may go wrong in the middle of a day: the process killed, the power cut, the disk full, the server's process shot.

After each: every check of the audit holds, each acknowledged payment is there under its number, and the numbers have no gap.
The short forms run with every change; the campaigns are marked and run by `make torture`.
"""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from day import Day, paper_line, read_paper_line, sit_down
from kit import KEEPER, MONDAY, OFFICE, Tray
from power import Disk, Log, recorded_database
from ready import with_office

from counter import payments
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk

TESTS = Path(__file__).parent


@pytest.fixture
def office_file(tmp_path: Path) -> Path:
    """A SQLite file with the test office in it, closed."""
    path = tmp_path / "counter.db"
    with_office(path).close()
    return path


def judge(desk: Desk, acked: dict[UUID, str]) -> list[str]:
    """What is wrong: checks that fail and acknowledged papers that are gone or have another number."""
    wrong = [f"{check.name}: {check.broken}" for check in desk.see(audit) if not check.ok]
    for payment_id, number in acked.items():
        try:
            found = desk.see(payments.receipt, payment_id=payment_id)
        except payments.UnknownReceipt:
            wrong.append(f"acknowledged and lost: {number}")
        else:
            if found.number != number:
                wrong.append(f"{number} is now {found.number}")
    return wrong


class Cashiers:
    """The program that forks a cashier (or who does other deeds) for each order, and what it said."""

    def __init__(self, path: Path, *more: str, program: str = "day.py") -> None:
        self.path = path
        env = os.environ | {"PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
        command = [sys.executable, str(TESTS / program), str(path), *more]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        self.acked: dict[UUID, str] = {}
        self.crashes: list[str] = []
        self.words: list[str] = []
        self._rest = b""
        self._read = 0  # words that somebody waited for

    def order(self, text: str) -> int:
        """Give an order; the process id of the cashier at work."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        return int(self._until("pid ").removeprefix("pid "))

    def _lines(self, wait: float) -> list[str]:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], wait)
        if not ready:
            return []
        said = os.read(self.process.stdout.fileno(), 65536)
        assert said, "the program ended by itself"
        *whole, self._rest = (self._rest + said).split(b"\n")
        return [line.decode() for line in whole]

    def _heard(self, line: str) -> None:
        if line.startswith("paid "):
            number, payment_id = read_paper_line(line)
            assert self.acked.setdefault(payment_id, number) == number
        elif line.startswith("crashed "):
            self.crashes.append(line)
        self.words.append(line)

    def forget(self) -> None:
        """What was said until now does not count."""
        self.words.clear()
        self._read = 0

    def _until(self, start: str) -> str:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for place in range(self._read, len(self.words)):
                if self.words[place].startswith(start):
                    self._read = place + 1
                    return self.words[place]
            for line in self._lines(1.0):
                self._heard(line)
        raise AssertionError(f"nothing like {start!r} was said, but {self.words[-3:]}")

    def kill(self, pid: int, *, after: float) -> None:
        """kill -9 so many seconds after the cashier began to work."""
        self._until("ready")
        end = time.monotonic() + after
        while (left := end - time.monotonic()) > 0:
            for line in self._lines(left):
                self._heard(line)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._until("gone")

    def kill_after_one_payment(self, pid: int) -> float:
        """Seconds from ready to the first receipt: what a payment takes here and now."""
        pace = self.pace_of("paid ")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._until("gone")
        return pace

    def pace_of(self, word: str) -> float:
        """Seconds from ready to this word."""
        self._until("ready")
        began = time.monotonic()
        self._until(word)
        return time.monotonic() - began

    def finish(self) -> None:
        self._until("gone")

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def cashiers(office_file: Path) -> Iterator[Cashiers]:
    found = Cashiers(office_file)
    yield found
    found.close()


@pytest.mark.parametrize("kills", [20, pytest.param(300, marks=pytest.mark.torture)])
def test_a_killed_process_loses_nothing_it_acknowledged(
    cashiers: Cashiers, kills: int, campaign: Callable[[str], None]
) -> None:
    chance = random.Random(kills)
    pace = cashiers.kill_after_one_payment(cashiers.order("work 1000"))
    for turn in range(kills):
        pid = cashiers.order(f"work {turn}")
        cashiers.kill(pid, after=chance.uniform(0.0, 4 * pace))
        if turn % 5 == 4 or turn == kills - 1:
            assert cashiers.crashes == []
            desk = sit_down(str(cashiers.path))
            assert judge(desk, cashiers.acked) == []
            desk.database.close()
    campaign(f"{kills} kills of a cashier at work: {len(cashiers.acked)} payments acknowledged, all of them there")
    assert len(cashiers.acked) > kills // 4


def day_on_recorded_file(office_file: Path, log: Log, *, acts: int, seed: int, **settings: object) -> None:
    database = recorded_database(office_file, log, **settings)  # type: ignore[arg-type]
    desk = Desk(database=database, office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, paper=Tray(), till_code="Q1")
    day = Day(desk, seed=seed, said=lambda receipt: log.ack(paper_line(receipt)))
    for _ in range(acts):
        day.act()
    database.close()


def cut_power(office_file: Path, folder: Path, *, images: int, acts: int, seed: int, **settings: object) -> list[str]:
    """Play a day, cut the power at `images` random instants, and say what was wrong with what lay on the disk."""
    base = office_file.read_bytes()
    log = Log()
    day_on_recorded_file(office_file, log, acts=acts, seed=seed, **settings)
    chance = random.Random(seed)
    cuts = sorted(chance.randrange(len(log.events)) for _ in range(images))
    disk, acked, wrong, done = Disk({office_file.name: bytearray(base)}), {}, [], 0
    for place, cut in enumerate(cuts):
        for one in log.events[done:cut]:
            disk.see(one)
            if one[0] == "ack":
                number, payment_id = read_paper_line(one[1])
                acked[payment_id] = number
        done = cut
        wrong += [f"cut {cut}: {fault}" for fault in reopen(disk.image(chance), folder / str(place), acked)]
    return wrong


def reopen(files: dict[str, bytes], folder: Path, acked: dict[UUID, str]) -> list[str]:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    desk = sit_down(str(folder / "counter.db"))
    try:
        return judge(desk, acked)
    finally:
        desk.database.close()
        for left in folder.iterdir():
            left.unlink()


@pytest.mark.parametrize(
    ("images", "acts", "checkpoint_pages"),
    [
        (60, 60, 1000),
        (60, 60, 20),
        pytest.param(1500, 300, 1000, marks=pytest.mark.torture),
        pytest.param(1500, 300, 20, marks=pytest.mark.torture),
    ],
)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    office_file: Path, tmp_path: Path, images: int, acts: int, checkpoint_pages: int, campaign: Callable[[str], None]
) -> None:
    wrong = cut_power(
        office_file, tmp_path, images=images, acts=acts, seed=images + checkpoint_pages, checkpoint_pages=checkpoint_pages
    )
    how = f"a checkpoint every {checkpoint_pages} pages"
    campaign(f"{images} power cuts in a day of {acts} acts, {how}: {images - len(wrong)} files whole, faults: {len(wrong)}")
    assert wrong == []


def test_the_power_cut_test_sees_what_a_lazy_sync_would_lose(office_file: Path, tmp_path: Path) -> None:
    wrong = cut_power(office_file, tmp_path, images=20, acts=30, seed=5, synchronous="NORMAL")
    assert any("acknowledged and lost" in fault for fault in wrong)


@pytest.mark.parametrize("step", [24_000, pytest.param(3_000, marks=pytest.mark.torture)])
def test_a_full_disk_refuses_calmly_and_works_again_when_there_is_room(
    cashiers: Cashiers, step: int, campaign: Callable[[str], None]
) -> None:
    start = cashiers.path.stat().st_size
    limits = range(20_000, start + 200_000, step)
    for turn, limit in enumerate(limits):
        cashiers.order(f"full {turn} {limit}")
        cashiers.finish()
        assert cashiers.crashes == []
        if turn % 4 == 3:
            desk = sit_down(str(cashiers.path))
            assert judge(desk, cashiers.acked) == []
            desk.database.close()
    refused = sum(word.startswith("refused") for word in cashiers.words)
    campaign(
        f"{len(limits)} full disks, one every {step} bytes: {refused} refused calmly, {len(cashiers.acked)} payments there"
    )
    assert cashiers.words.count("again") == len(limits)
    assert refused >= len(limits) // 2
