"""Paper from the spool to a printer that misbehaves: none lost, none twice, money untouched, nobody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from kit import open_shift, put_bill
from printers import QUICK, Habits, ScriptedPrinter, a_printer, until
from ready import desk_in_office

from counter import payments, shifts, spool
from counter.audit import audit
from counter.config import Settings
from counter.desk import Desk
from counter.feeder import Feeder, Now, Sign, feeding
from counter.ids import new_id
from counter.money import Dong
from counter.people import user_named
from counter.print_jobs import document_of, open_papers, print_again
from counter.printing import OwnedTransport, PrinterProfile, TillPrinter
from counter.printing.transports import Line, Transport
from counter.screens.paper_words import sign_of
from counter.screens.widgets import Tone
from db.engine import open_database
from db.places import OneOwner
from db.states import JobAnswer, JobKind, JobState, JobTrouble

TILL = ["Q1"]
NUMBERS = iter(range(1, 1_000_000))
NARROW = Settings(paper_dots=384, paper_columns=32)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An office on SQLite with an open shift at Q1; each test gives it the printer it needs."""
    found = desk_in_office(tmp_path / "counter.db")
    open_shift(found, found.see(user_named, login="lan"))
    yield found
    found.database.close()


@pytest.fixture
def machine() -> Iterator[ScriptedPrinter]:
    with a_printer() as found:
        yield found


class Counter:
    """A cashier at the desk with a feeder to a scripted printer."""

    def __init__(self, desk: Desk, machine: ScriptedPrinter, folder: Path, **speech: Any) -> None:
        self.desk, self.machine, self.folder = desk, machine, folder
        self.said: list[Now] = []
        self.desk.paper = machine.printer(**{"answers": "yes", "done": "process-id", **speech})
        self.by = desk.see(user_named, login="lan").user_id
        self.receipts = 0

    @property
    def till_printer(self) -> TillPrinter:
        assert isinstance(self.desk.paper, TillPrinter)
        return self.desk.paper

    def feeder(self, **more: Any) -> Feeder:
        return Feeder(
            self.desk,
            printer=self.till_printer,
            lock=OneOwner(self.folder / "printer.lock"),
            settings=lambda: NARROW,
            on_change=self.said.append,
            retry=0.05,
            it_answers=self.it_answers,
            **more,
        )

    def it_answers(self) -> None:
        """What a home keeps in its settings."""
        self.desk.paper = replace(self.till_printer, answers="yes")

    def pay(self) -> UUID:
        self.receipts += 1
        number = next(NUMBERS)
        bill = self.desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=108_000 + number)
        shift = self.desk.see(shifts.live_shift, till_code="Q1")
        assert shift is not None
        payment_id = new_id()
        facts = {"payment_id": payment_id, "bill_ids": [bill], "tendered": Dong(200_000), "shift_id": shift.shift_id}
        self.desk.do(payments.take_cash, by=self.by, **facts)  # type: ignore[arg-type]
        return payment_id

    def work_off(self) -> None:
        assert self.feeder().work_off()

    def state(self, job_id: UUID) -> tuple[JobState, JobTrouble | None]:
        job = self.desk.see(spool.job_facts, job_id=job_id)
        return job.state, job.error

    def paper_of(self, job_id: UUID) -> bytes:
        """What must come out for a job."""
        document = self.desk.see(document_of, job_id=job_id, settings=NARROW, now=self.desk.clock.now())
        return self.till_printer.job(document).data

    def look_and_answer(self) -> None:
        """A cashier who tells the truth about each paper that is asked about."""
        for line in self.desk.see(open_papers, till_code="Q1"):
            if line.job.asks or line.job.is_quiet:
                there = self.paper_of(line.job.job_id) in self.machine.papers
                self.desk.do(spool.came_out if there else print_again, job_id=line.job.job_id, by=self.by)

    def to_the_end(self) -> None:
        """The printer is well again; feed and answer until nothing is open."""
        self.machine.mend()
        for _turn in range(10):
            self.work_off()
            self.look_and_answer()
            if not self.desk.see(spool.open_jobs, till_codes=TILL):
                return
        raise AssertionError("papers stay open")

    def judge(self, *payment_ids: UUID) -> None:
        """Each payment has one whole paper in the customer's hand, the original at most once, and the books hold."""
        everything = self.desk.see(spool.recent_jobs, till_codes=TILL, limit=10_000)
        for payment_id in payment_ids:
            jobs = [job for job in everything if job.subject == payment_id and job.kind == JobKind.RECEIPT]
            counts = [self.machine.papers.count(self.paper_of(job.job_id)) for job in jobs]
            assert all(count <= 1 for count in counts), "a paper came out twice"
            good = [count for count, job in zip(counts, jobs, strict=True) if job.answer is not JobAnswer.DID_NOT]
            assert sum(good) == 1, "no whole paper, or two"
        assert [said for check in self.desk.see(audit) for said in check.broken] == []
        shift = self.desk.see(shifts.live_shift, till_code="Q1")
        assert shift is not None
        assert self.desk.see(shifts.taken, shift_id=shift.shift_id).receipts == self.receipts


@pytest.fixture
def counter(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> Counter:
    return Counter(desk, machine, tmp_path)


# --- somebody else's printer ---------------------------------------------------------------------------------------------


def test_paper_waits_while_another_home_prints_and_comes_out_after(counter: Counter, tmp_path: Path) -> None:
    way = OwnedTransport(counter.till_printer.transport, folder=tmp_path, seconds=0.0)
    counter.desk.paper = replace(counter.till_printer, transport=way)
    payment_id = counter.pay()
    line = way.open()
    counter.work_off()
    assert counter.said[-1].sign is Sign.ELSEWHERE
    assert counter.machine.papers == []
    line.close()
    counter.work_off()
    assert counter.said[-1].sign is Sign.READY
    counter.judge(payment_id)


# --- a good printer --------------------------------------------------------------------------------------------------


def test_papers_come_out_in_order_and_are_printed_when_the_printer_says_so(counter: Counter) -> None:
    paid = [counter.pay() for _ in range(3)]
    counter.work_off()
    assert counter.machine.papers == [counter.paper_of(one) for one in paid]
    assert {counter.state(one) for one in paid} == {(JobState.PRINTED, None)}
    counter.judge(*paid)


def test_a_printer_that_marks_instead_of_naming_the_job_is_believed(desk: Desk, tmp_path: Path) -> None:
    for done in ("auto", "mark"):
        with a_printer(Habits(acks=False)) as machine:
            counter = Counter(desk, machine, tmp_path, done=done)
            payment_id = counter.pay()
            counter.work_off()
            assert counter.state(payment_id) == (JobState.PRINTED, None)


def test_a_copy_says_so_and_is_another_paper(counter: Counter) -> None:
    payment_id = counter.pay()
    counter.work_off()
    counter.desk.do(payments.reprint, payment_id=payment_id, by=counter.by)
    counter.work_off()
    first, second = counter.machine.papers
    assert first != second
    copy = counter.desk.see(spool.job_of, kind=JobKind.RECEIPT, subject=payment_id, copy_no=1)
    assert copy is not None and copy.state is JobState.PRINTED


def test_low_paper_is_said_and_stops_nothing(counter: Counter) -> None:
    counter.machine.habits.near_end = True
    payment_id = counter.pay()
    counter.work_off()
    assert counter.state(payment_id) == (JobState.PRINTED, None)
    assert any(now.low_paper for now in counter.said)


# --- printers that say no: nothing is sent, and trying again is safe -------------------------------------------------

NO = {
    JobTrouble.NO_PAPER: Habits(paper_rows=0),
    JobTrouble.COVER_OPEN: Habits(cover_open=True),
    JobTrouble.OFFLINE: Habits(offline=True),
    JobTrouble.SILENT: Habits(answers=False),
    JobTrouble.AWAY: Habits(close_at_once=True),
}


@pytest.mark.parametrize("trouble", NO)
def test_a_printer_that_says_no_gets_nothing_and_then_everything_once(counter: Counter, trouble: JobTrouble) -> None:
    counter.machine.habits = NO[trouble]
    paid = [counter.pay(), counter.pay()]
    for _turn in range(3):
        counter.work_off()
        assert counter.state(paid[0]) == (JobState.BLOCKED, trouble)
        assert counter.state(paid[1]) == (JobState.QUEUED, None)
        assert counter.machine.papers == [] and counter.machine.received < 100
    counter.to_the_end()
    assert counter.machine.papers == [counter.paper_of(one) for one in paid]
    counter.judge(*paid)


def test_while_the_printer_says_the_same_no_nothing_is_written(counter: Counter) -> None:
    counter.machine.habits = Habits(cover_open=True)
    payment_id = counter.pay()
    for _turn in range(3):
        counter.work_off()
    assert counter.desk.see(spool.job_facts, job_id=payment_id).tries == 1
    counter.machine.habits = Habits(paper_rows=0)
    counter.work_off()
    assert counter.state(payment_id) == (JobState.BLOCKED, JobTrouble.NO_PAPER)


def test_a_printer_that_is_switched_off_holds_paper_up_and_money_goes_on(counter: Counter) -> None:
    counter.machine.switch_off()
    paid = [counter.pay(), counter.pay()]
    counter.work_off()
    assert counter.state(paid[0]) == (JobState.BLOCKED, JobTrouble.AWAY)
    paid.append(counter.pay())
    counter.machine.switch_on()
    counter.to_the_end()
    counter.judge(*paid)


# --- printers that break off: never sent again by itself -------------------------------------------------------------


def test_paper_that_runs_out_in_the_middle_is_asked_about_until_the_late_word_ends_it(counter: Counter) -> None:
    counter.machine.habits = Habits(paper_rows=100)
    payment_id = counter.pay()
    feeder = counter.feeder(soon=0.0)
    feeder.start()
    until(lambda: counter.state(payment_id) == (JobState.UNCONFIRMED, JobTrouble.NO_PAPER), what="a question")
    until(lambda: feeder.now.sign is Sign.READY, what="nothing else to do")
    later = time.monotonic() + 0.6
    until(lambda: time.monotonic() > later or not counter.machine.is_held, what="more than one rest")
    assert counter.machine.is_held, "a printer in trouble is listened to for longer"
    counter.machine.mend()
    until(lambda: counter.state(payment_id) == (JobState.PRINTED, None), what="the late word")
    until(lambda: not counter.machine.is_held, what="the line let go after the word")
    feeder.stop()
    counter.judge(payment_id)


def test_a_printer_that_is_well_and_says_nothing_is_soon_let_go_for_other_programs(counter: Counter) -> None:
    counter.machine.habits = Habits(acks=False, marks=False)
    payment_id = counter.pay()
    feeder = counter.feeder(soon=0.0)
    feeder.start()
    until(lambda: counter.state(payment_id) == (JobState.UNCONFIRMED, JobTrouble.NO_ACK), what="a question")
    until(lambda: not counter.machine.is_held, what="the line let go")
    feeder.stop()
    counter.judge(payment_id)


def test_a_late_word_is_heard_while_another_paper_is_printed(counter: Counter) -> None:
    counter.machine.habits = Habits(keeps_acks=True)
    first = counter.pay()
    feeder = counter.feeder()
    feeder.start()
    until(lambda: counter.state(first)[0] is JobState.UNCONFIRMED, what="a question")
    counter.machine.habits = Habits()
    counter.machine.say_kept()
    second = counter.pay()
    feeder.wake()
    until(lambda: {counter.state(one) for one in (first, second)} == {(JobState.PRINTED, None)}, what="both words")
    feeder.stop()
    counter.judge(first, second)


def test_a_line_that_dies_between_data_and_word_is_asked_about_and_never_printed_twice(counter: Counter) -> None:
    counter.machine.habits = Habits(reset_before_ack=True)
    paid = [counter.pay(), counter.pay()]
    counter.work_off()
    assert {counter.state(one) for one in paid} == {(JobState.UNCONFIRMED, JobTrouble.BROKE_OFF)}
    assert len(counter.machine.papers) == 2
    counter.to_the_end()
    assert len(counter.machine.papers) == 2
    counter.judge(*paid)


def test_a_printer_that_never_reads_is_left_after_its_time(counter: Counter) -> None:
    counter.machine.habits = Habits(never_reads=True)
    payment_id = counter.pay()
    counter.work_off()
    assert counter.state(payment_id) == (JobState.BLOCKED, JobTrouble.SILENT)
    counter.to_the_end()
    counter.judge(payment_id)


def test_a_mute_printer_that_never_reads_is_left_after_its_time_too(desk: Desk, tmp_path: Path) -> None:
    with a_printer(Habits(never_reads=True)) as machine:
        counter = Counter(desk, machine, tmp_path, answers="no", done="none")
        payment_id = counter.pay()
        counter.work_off()
        assert counter.state(payment_id)[0] is JobState.UNCONFIRMED


def test_a_slow_printer_gets_the_time_it_needs(counter: Counter) -> None:
    counter.machine.habits = Habits(drip=1024)
    payment_id = counter.pay()
    counter.work_off()
    assert counter.state(payment_id) == (JobState.PRINTED, None)
    counter.judge(payment_id)


@dataclass
class SlowWire:
    """A wire on which the end of a job, and the word after it, is there two seconds later."""

    way: Transport
    bytes_per_second: float
    name = "slow"

    def open(self) -> Line:
        return SlowLine(self.way.open())


@dataclass
class SlowLine:
    line: Line
    through: float = 0.0
    answers = True
    keeps = False

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        self.line.write(data, seconds=seconds)
        if len(data) > 1_000:
            self.through = time.monotonic() + 2.0

    def read(self, seconds: float) -> bytes:
        if (left := self.through - time.monotonic()) > 0:
            threading.Event().wait(min(left, seconds))
            return b""
        return self.line.read(seconds)

    def finish(self) -> None:
        self.line.finish()

    def close(self) -> None:
        self.line.close()


def test_on_a_slow_wire_the_word_is_waited_for_as_long_as_the_bytes_take(counter: Counter) -> None:
    payment_id = counter.pay()
    slow = SlowWire(counter.till_printer.transport, len(counter.paper_of(payment_id)) / 10.0)
    counter.desk.paper = replace(counter.till_printer, transport=slow)
    counter.work_off()
    assert counter.state(payment_id) == (JobState.PRINTED, None)


@pytest.mark.parametrize("noise", [b"\x00", b"\xff" * 50, b"7\x22ABCD\x00", b"\x12", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_printer_that_answers_garbage_is_never_believed(counter: Counter, noise: bytes) -> None:
    counter.machine.habits = Habits(garbage=noise, acks=False, marks=False)
    payment_id = counter.pay()
    counter.work_off()
    assert counter.state(payment_id)[0] in (JobState.BLOCKED, JobState.UNCONFIRMED)
    counter.to_the_end()
    counter.judge(payment_id)


SIZE = 9_000
"""A receipt at 384 dots is at least so many bytes."""


@pytest.mark.parametrize("step", [7_993, pytest.param(1, marks=pytest.mark.torture)])
def test_a_reset_at_any_byte_loses_no_paper_and_doubles_none(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path, step: int, campaign: Callable[[str], None]
) -> None:
    counter = Counter(desk, machine, tmp_path)
    size = len(counter.paper_of(counter.pay()))
    assert size > SIZE
    counter.to_the_end()
    places = [*range(0, 30), *range(30, size + 20, step), *range(size - 5, size + 20)]
    tried = places if step > 1 else [*range(size + 40)]
    for place in tried:
        machine.habits = Habits(reset_at=place)
        paid = [counter.pay(), counter.pay()]
        counter.work_off()
        counter.to_the_end()
        if step > 1 or place % 50 == 0:
            counter.judge(*paid)
        machine.papers.clear()
    campaign(f"a printer reset at {len(tried)} of the {size} bytes of a paper: no paper lost, none twice")


WAYS = {
    "raster 576": PrinterProfile(),
    "code pages": PrinterProfile(mode="textpage", table="tcvn3", page=30, page_capitals=31, calibration="2026-11-24 A"),
    "own letters": PrinterProfile(mode="user_defined", calibration="2026-11-24 J"),
    "ascii": PrinterProfile(mode="ascii"),
}


@pytest.mark.parametrize("way", WAYS)
def test_in_no_way_of_printing_is_paper_lost_or_doubled_by_a_printer_that_misbehaves(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path, way: str
) -> None:
    counter = Counter(desk, machine, tmp_path, profile=WAYS[way])
    size = len(counter.paper_of(counter.pay()))
    counter.to_the_end()
    for habits in (
        Habits(paper_rows=100),
        Habits(paper_rows=0),
        Habits(reset_before_ack=True),
        Habits(keeps_acks=True),
        Habits(never_reads=True),
        Habits(acks=False, marks=False),
        *(Habits(reset_at=place) for place in (1, 7, 40, size // 3, size // 2, size - 3, size + 5)),
    ):
        machine.papers.clear()
        machine.habits = habits
        paid = [counter.pay(), counter.pay()]
        counter.work_off()
        counter.to_the_end()
        counter.judge(*paid)


# --- a printer without a voice ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", ["no", "auto"])
def test_a_printer_without_a_voice_prints_and_asks_nobody_until_the_end_of_the_shift(
    desk: Desk, tmp_path: Path, answers: str
) -> None:
    with a_printer(Habits(answers=False, acks=False, marks=False)) as machine:
        counter = Counter(desk, machine, tmp_path, answers=answers, done="auto")
        paid = [counter.pay(), counter.pay()]
        counter.work_off()
        assert {counter.state(one) for one in paid} == {(JobState.UNCONFIRMED, JobTrouble.MUTE)}
        assert machine.papers == [counter.paper_of(one) for one in paid], "no byte but the paper's own"
        now = desk.see(spool.standing, till_codes=TILL)
        assert (now.asks, now.quiet) == (0, 2)
        desk.do(spool.all_came_out, till_code="Q1", by=counter.by)
        counter.judge(*paid)


def test_a_printer_that_answered_once_and_says_nothing_later_is_in_trouble_and_not_mute(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path
) -> None:
    counter = Counter(desk, machine, tmp_path, answers="auto", done="auto")
    paid = [counter.pay()]
    counter.work_off()
    machine.habits = Habits(answers=False, acks=False, marks=False)
    paid.append(counter.pay())
    counter.work_off()
    assert counter.state(paid[1]) == (JobState.BLOCKED, JobTrouble.SILENT)
    assert counter.said[-1].sign is Sign.HELD_UP
    counter.to_the_end()
    counter.judge(*paid)


def test_a_printer_that_falls_silent_is_known_to_answer_without_a_word_in_the_settings(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path
) -> None:
    def no_room() -> None:
        raise OSError(28, "No space left on device")

    counter = Counter(desk, machine, tmp_path, answers="auto", done="auto")
    counter.it_answers = no_room  # type: ignore[method-assign]
    feeder = counter.feeder()
    counter.pay()
    assert feeder.work_off()
    machine.habits = Habits(answers=False, acks=False, marks=False)
    second = counter.pay()
    assert feeder.work_off()
    assert counter.state(second) == (JobState.BLOCKED, JobTrouble.SILENT)


def test_a_paper_that_cannot_be_made_is_seen_on_the_till_and_those_behind_it_go_on(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = counter.pay()

    def made(session: Any, *, job_id: UUID, **more: Any) -> Any:
        if job_id == faulty:
            raise KeyError("a fault of ours")
        return document_of(session, job_id=job_id, **more)

    monkeypatch.setattr(feeding, "document_of", made)
    good = counter.pay()
    counter.work_off()
    assert counter.state(faulty) == (JobState.BLOCKED, JobTrouble.CANNOT_BE_MADE)
    assert counter.state(good) == (JobState.PRINTED, None)
    shown = sign_of(counter.said[-1])
    assert shown is not None and shown.tone is Tone.WARNING and "(1)" in str(shown.words)
    counter.desk.do(spool.not_wanted, job_id=faulty, by=counter.by)
    counter.work_off()
    shown = sign_of(counter.said[-1])
    assert shown is not None and shown.tone is Tone.DONE


def test_paper_in_a_file_is_printed_when_it_is_on_disk(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    from counter.printing import FileTransport

    counter = Counter(desk, machine, tmp_path)
    desk.paper = TillPrinter(transport=FileTransport(tmp_path / "paper.bin"))
    paid = [counter.pay(), counter.pay()]
    counter.work_off()
    assert {counter.state(one) for one in paid} == {(JobState.PRINTED, None)}
    assert (tmp_path / "paper.bin").read_bytes() == b"".join(counter.paper_of(one) for one in paid)


# --- the drawer ------------------------------------------------------------------------------------------------------


def test_the_drawer_opens_once_for_a_cash_payment(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    counter = Counter(desk, machine, tmp_path, drawer="2")
    payment_id = counter.pay()
    counter.machine.habits = Habits(paper_rows=0)
    for _turn in range(3):
        counter.work_off()
    assert machine.pulses == 1, "without paper the drawer opens all the same"
    counter.to_the_end()
    desk.do(payments.reprint, payment_id=payment_id, by=counter.by)
    counter.work_off()
    assert machine.pulses == 1, "a copy opens nothing"


def test_a_copy_opens_no_drawer_that_its_payment_left_alone(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    """The drawer was plugged in a moment after the receipt came out."""
    counter = Counter(desk, machine, tmp_path)
    payment_id = counter.pay()
    counter.work_off()
    desk.paper = replace(counter.till_printer, drawer="2")
    desk.do(payments.reprint, payment_id=payment_id, by=counter.by)
    counter.work_off()
    assert (len(machine.papers), machine.pulses) == (2, 0)


def test_a_drawer_that_could_not_open_at_once_stays_shut(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    counter = Counter(desk, machine, tmp_path, drawer="2")
    machine.switch_off()
    payment_id = counter.pay()
    counter.work_off()
    machine.switch_on()
    counter.to_the_end()
    late = counter.pay()
    desk.clock.move(timedelta(seconds=30))  # type: ignore[attr-defined]
    counter.work_off()
    assert machine.pulses == 0
    counter.judge(payment_id, late)


@pytest.mark.parametrize("wrong", [Habits(paper_rows=0), Habits(cover_open=True), Habits(offline=True)])
def test_while_no_paper_can_come_out_each_cash_payment_opens_the_drawer_at_its_time(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path, wrong: Habits
) -> None:
    counter = Counter(desk, machine, tmp_path, drawer="2")
    machine.habits = wrong
    paid = []
    for pulses in range(1, 5):
        paid.append(counter.pay())
        counter.work_off()
        assert machine.pulses == pulses
    counter.to_the_end()
    assert (machine.pulses, len(machine.papers)) == (4, 4), "no burst when the paper is back"
    counter.judge(*paid)


def test_a_printer_that_is_away_or_silent_opens_no_drawer_later(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path
) -> None:
    counter = Counter(desk, machine, tmp_path, drawer="2")
    paid = []
    for wrong in (Habits(close_at_once=True), Habits(answers=False)):
        machine.habits = wrong
        paid += [counter.pay(), counter.pay()]
        counter.work_off()
    counter.to_the_end()
    assert (machine.pulses, len(machine.papers)) == (0, 4)
    jobs = desk.see(spool.recent_jobs, till_codes=TILL)
    assert [job.answer for job in jobs if job.kind == JobKind.DRAWER] == [JobAnswer.TOO_LATE] * 4, "the books say so"
    counter.judge(*paid)


def test_a_pulse_is_as_old_as_its_payment(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    """Nobody printed for 9 seconds, then another second passed: too late."""
    counter = Counter(desk, machine, tmp_path, drawer="2")
    payment_id = counter.pay()
    desk.clock.move(timedelta(seconds=9))  # type: ignore[attr-defined]
    pulse = desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1")
    assert pulse is not None
    desk.clock.move(timedelta(seconds=1))  # type: ignore[attr-defined]
    counter.work_off()
    assert machine.pulses == 0


def test_the_drawer_opens_for_a_reason(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    counter = Counter(desk, machine, tmp_path, drawer="5")
    job = desk.do(spool.open_drawer, job_id=new_id(), till_code="Q1", reason="đổi tiền", by=counter.by)
    counter.work_off()
    assert machine.pulses == 1
    assert counter.state(job.job_id) == (JobState.PRINTED, None)


# --- life ------------------------------------------------------------------------------------------------------------


def test_what_an_end_in_the_middle_left_behind_is_asked_about_and_not_sent_again(counter: Counter) -> None:
    sent, looked = counter.pay(), counter.pay()
    for one in (sent, looked):
        counter.desk.do(spool.claim, job_id=one, printer="x")
    counter.desk.do(spool.sending, job_id=sent)
    counter.work_off()
    assert counter.state(sent) == (JobState.UNCONFIRMED, JobTrouble.STOPPED)
    assert counter.state(looked) == (JobState.PRINTED, None)
    assert counter.machine.papers == [counter.paper_of(looked)]
    counter.to_the_end()
    counter.judge(sent, looked)


def test_a_paper_that_waits_for_its_word_at_the_end_is_left_to_the_next_start(counter: Counter) -> None:
    """Who stops did not wait long enough to say that no word came."""
    counter.desk.paper = replace(counter.till_printer, patience=replace(QUICK, word=60.0))
    counter.machine.habits = Habits(acks=False, marks=False)
    payment_id = counter.pay()
    feeder = counter.feeder()
    feeder.start()
    until(lambda: counter.state(payment_id)[0] is JobState.AWAIT_ACK, what="the paper sent")
    feeder.stop(seconds=30.0)
    assert counter.state(payment_id) == (JobState.AWAIT_ACK, None)
    counter.work_off()
    assert counter.state(payment_id) == (JobState.UNCONFIRMED, JobTrouble.STOPPED)


def test_one_program_drives_the_printer_and_a_second_leaves_its_paper_to_it(counter: Counter) -> None:
    first, second = counter.feeder(), counter.feeder()
    first.start()
    until(lambda: counter.said, what="the first at work")
    payment_id = counter.pay()
    assert not second.work_off()
    first.wake()
    until(lambda: counter.state(payment_id)[0] is JobState.PRINTED, what="the paper")
    second.start()
    until(lambda: second.now.sign is Sign.ELSEWHERE, what="the second waits")
    first.stop()
    until(lambda: second.now.sign is Sign.READY, what="the second takes over")
    second.stop()


def test_a_paper_that_cannot_be_made_is_put_aside_and_the_others_come_out(counter: Counter) -> None:
    bad, good = new_id(), counter.pay()
    counter.desk.do(spool.queue, kind=JobKind.SHIFT_REPORT, subject=new_id(), till_code="Q1", job_id=bad)
    counter.work_off()
    assert counter.state(bad) == (JobState.BLOCKED, JobTrouble.CANNOT_BE_MADE)
    assert counter.state(good) == (JobState.PRINTED, None)


def test_money_is_taken_while_the_printer_hangs(counter: Counter) -> None:
    counter.machine.habits = Habits(never_reads=True)
    feeder = counter.feeder()
    counter.pay()
    feeder.start()
    until(lambda: any(now.sign is Sign.PRINTING for now in counter.said), what="the feeder at the printer")
    before = threading.active_count()
    paid = [counter.pay() for _ in range(5)]
    assert threading.active_count() <= before
    assert all(counter.state(one)[0] is JobState.QUEUED for one in paid)
    feeder.stop()


def test_the_database_going_away_stops_no_feeder(counter: Counter, tmp_path: Path) -> None:
    feeder = counter.feeder()
    feeder.start()
    until(lambda: counter.said, what="the feeder at work")
    real = counter.desk.database
    hidden: Callable[..., Any] = open_database(f"sqlite:///{tmp_path / 'empty.db'}")  # type: ignore[assignment]
    counter.desk.database = hidden  # type: ignore[assignment]
    feeder.wake()
    counter.desk.database = real
    payment_id = counter.pay()
    feeder.wake()
    until(lambda: counter.state(payment_id)[0] is JobState.PRINTED, what="the paper")
    feeder.stop()
    hidden.close()  # type: ignore[attr-defined]
