"""Papers in the spool while the program that prints them is killed, again and again: none lost, none twice."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from day import sit_down
from feeding import SETTINGS, feeder_at, printer_at
from kit import open_shift, open_test_office, put_bill
from printers import ScriptedPrinter, a_printer

from counter import payments, shifts, spool
from counter.audit import audit
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.people import user_named
from counter.print_jobs import document_of, print_again
from counter.printing import PrinterProfile
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.states import JobAnswer, JobKind, JobState

TESTS = Path(__file__).parent
BATCH = 200
FILL = len(bytes(8 + PrinterProfile().band_rows * PrinterProfile().dots // 8))
"""What a printer is sent first after a paper that broke off."""
SEEN_AT_ONCE = 500
"""What asks is at the front of the queue: the rest need not be looked at after each kill."""


def take(desk: Desk, count: int) -> list[UUID]:
    """So many cash payments at Q1, many in one transaction: what is tried here comes after the commit."""
    lan = desk.see(user_named, login="lan").user_id
    shift = desk.see(shifts.live_shift, till_code="Q1")
    assert shift is not None
    paid: list[UUID] = []

    def some(session: object, now: object, *, numbers: range) -> None:
        for number in numbers:
            code = f"PA05LG{number:07d}"
            bill = put_bill(session, now, code=code, number=number, amount=50_000 + number)  # type: ignore[arg-type]
            paid.append(new_id())
            payments.take_cash(
                session,  # type: ignore[arg-type]
                now,  # type: ignore[arg-type]
                payment_id=paid[-1],
                bill_ids=[bill],
                tendered=Dong(50_000 + number),
                shift_id=shift.shift_id,
                by=lan,
            )

    for start in range(1, count + 1, BATCH):
        desk.do(some, numbers=range(start, min(start + BATCH, count + 1)))
    return paid


class Feeding:
    """The program that forks a feeder for each order."""

    def __init__(self, path: Path, lock: Path, port: int) -> None:
        env = os.environ | {"PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
        command = [sys.executable, str(TESTS / "feeding.py"), str(path), str(lock), str(port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True)

    def feed_and_die(self, *, after: int) -> None:
        """It kills itself with kill -9 after so many bytes to the printer."""
        self._begin(after)
        self._gone()

    def feed_and_kill(self, *, after: float) -> None:
        """kill -9 so many seconds after the feeder began."""
        pid = self._begin(0)
        select.select([self.process.stdout], [], [], after)
        os.kill(pid, signal.SIGKILL)
        self._gone()

    def _begin(self, dies_after: int) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{dies_after}\n")
        self.process.stdin.flush()
        word, _, pid = self.process.stdout.readline().strip().partition(" ")
        assert word == "ready", (word, pid)
        return int(pid)

    def _gone(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "gone"

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def answer(desk: Desk, machine: ScriptedPrinter) -> int:
    """A cashier who looks at the paper tells the truth about each that is asked about."""
    asked = 0
    lan, there = desk.see(user_named, login="lan").user_id, set(machine.papers)
    for job in desk.see(spool.open_jobs, till_codes=["Q1"], limit=SEEN_AT_ONCE):
        if job.asks:
            asked += 1
            came = paper_of(desk, machine, job.job_id) in there
            desk.do(spool.came_out if came else print_again, job_id=job.job_id, by=lan)
    return asked


def paper_of(desk: Desk, machine: ScriptedPrinter, job_id: UUID) -> bytes:
    document = desk.see(document_of, job_id=job_id, settings=SETTINGS, now=desk.clock.now())
    return printer_at(machine.port).job(document).data


@pytest.mark.parametrize(("jobs", "kills"), [(150, 8), pytest.param(10_000, 200, marks=pytest.mark.torture)])
def test_a_killed_feeder_loses_no_paper_and_prints_none_twice(
    tmp_path: Path, jobs: int, kills: int, campaign: Callable[[str], None]
) -> None:
    path, lock, chance = tmp_path / "counter.db", tmp_path / "printer.lock", random.Random(kills)
    database = open_database(f"sqlite:///{path}")
    bring_up_to_date(database)
    open_shift(open_test_office(database), sit_down(str(path)).see(user_named, login="lan"))
    desk = sit_down(str(path))
    paid = take(desk, jobs)
    with a_printer() as machine:
        feeding = Feeding(path, lock, machine.port)
        met: Counter[JobState] = Counter()
        size, half_sent = len(paper_of(desk, machine, paid[0])), False
        for kill in range(kills):
            if kill % 4:
                feeding.feed_and_die(after=chance.randrange(1, 3 * size) + (FILL if half_sent else 0))
            else:
                feeding.feed_and_kill(after=chance.uniform(0.0, 0.25))
            states = [job.state for job in desk.see(spool.open_jobs, till_codes=["Q1"], limit=SEEN_AT_ONCE)]
            half_sent = JobState.SENDING in states
            met.update(states)
            answer(desk, machine)
        feeding.close()
        assert met[JobState.SENDING] > kills // 3, "most of the kills must meet a paper on its way"
        asked = 1
        while asked or desk.see(spool.next_job, till_codes=["Q1"]) is not None:
            assert feeder_at(desk, lock, machine.port).work_off()
            asked = answer(desk, machine)
        judge(desk, machine, paid)
    half = met[JobState.SENDING]
    campaign(f"{kills} kills of what feeds the printer, {half} with a paper half sent, {jobs} papers: none lost, none twice")
    database.close()


def judge(desk: Desk, machine: ScriptedPrinter, paid: list[UUID]) -> None:
    came = Counter(machine.papers)
    assert max(came.values()) == 1, "a paper came out twice"
    jobs = desk.see(spool.recent_jobs, till_codes=["Q1"], limit=1_000_000)
    good: Counter[UUID] = Counter()
    for job in jobs:
        assert job.kind == JobKind.RECEIPT and job.state in (JobState.PRINTED, JobState.UNCONFIRMED)
        if job.answer is not JobAnswer.DID_NOT and paper_of(desk, machine, job.job_id) in came:
            good[job.subject] += 1
    assert good == Counter(paid), "a payment without its paper, or with two"
    assert [said for check in desk.see(audit) for said in check.broken] == []
