"""The spool: a payment and its paper are one; nothing is sent twice; one answer makes one copy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from day import sit_down
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from kit import KEEPER, MONDAY, Staff, Tray, open_shift, open_test_office, put_bill
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from counter import payments, spool
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk, NoPaper
from counter.errors import Refused
from counter.ids import new_id
from counter.money import Dong
from counter.people import NotAllowed, user_named
from counter.print_jobs import open_papers, print_again
from counter.spool import JobFacts
from db.engine import open_database
from db.migrate import bring_up_to_date, upgrade
from db.states import JobAnswer, JobKind, JobState, JobTrouble
from db.tables import PrintJob

TILL = ["Q1"]
_numbers = iter(range(1, 1_000_000))


def pay(desk: Desk, who: str = "lan") -> UUID:
    """A cash payment at Q1; its id is also its job's."""
    shift = open_shift_of(desk, who)
    number = next(_numbers)
    bill = desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=108_000)
    payment_id = new_id()
    cashier = desk.see(user_named, login=who).user_id
    desk.do(payments.take_cash, payment_id=payment_id, bill_ids=[bill], tendered=Dong(200_000), shift_id=shift, by=cashier)
    return payment_id


def open_shift_of(desk: Desk, who: str) -> UUID:
    from counter.shifts import live_shift

    live = desk.see(live_shift, till_code="Q1")
    return (live or open_shift(desk, desk.see(user_named, login=who))).shift_id


def job(desk: Desk, job_id: UUID) -> JobFacts:
    return desk.see(spool.job_facts, job_id=job_id)


def send(desk: Desk, job_id: UUID) -> str:
    assert desk.do(spool.claim, job_id=job_id, printer="tray")
    return desk.do(spool.sending, job_id=job_id)


def doubt(desk: Desk, job_id: UUID, error: JobTrouble = JobTrouble.NO_ACK) -> str:
    word = send(desk, job_id)
    assert desk.do(spool.unconfirmed, job_id=job_id, error=error)
    return word


def broken(desk: Desk) -> list[str]:
    return [said for check in desk.see(audit) for said in check.broken]


def test_a_payment_and_its_print_job_are_written_together(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    found = job(desk, payment_id)
    assert (found.kind, found.subject, found.copy_no, found.state) == ("RECEIPT", payment_id, 0, JobState.QUEUED)
    assert desk.see(spool.next_job, till_codes=TILL) == found
    assert broken(desk) == []


def test_a_payment_that_is_refused_leaves_no_print_job(desk: Desk, staff: Staff) -> None:
    open_shift(desk, staff.cashier)
    with pytest.raises(Refused):
        desk.do(
            payments.take_cash,
            payment_id=new_id(),
            bill_ids=["PA0501-1"],
            tendered=Dong(1),
            shift_id=open_shift_of(desk, "lan"),
            by=staff.cashier.user_id,
        )
    assert desk.see(spool.recent_jobs, till_codes=TILL) == []


def test_at_a_till_without_a_printer_nobody_waits_for_paper_also_when_one_comes_later(desk: Desk, staff: Staff) -> None:
    bare = replace(desk, paper=NoPaper())
    payment_id = pay(bare)
    assert job(bare, payment_id).answer is JobAnswer.NOT_WANTED
    assert desk.see(spool.next_job, till_codes=TILL) is None
    assert not desk.do(spool.claim, job_id=payment_id, printer="tray")
    assert broken(desk) == []


def test_any_number_of_papers_of_a_mute_printer_holds_up_nothing_behind_them(desk: Desk, staff: Staff) -> None:
    """A mute printer's papers stay open until the shift ends: they are many, and none is in the way."""
    first = pay(desk)
    doubt(desk, first, JobTrouble.MUTE)
    copy_of_job(desk, first, times=600)
    asking, waiting = pay(desk), pay(desk)
    doubt(desk, asking)
    assert desk.see(spool.next_job, till_codes=TILL).job_id == waiting  # type: ignore[union-attr]
    assert desk.see(spool.standing, till_codes=TILL) == spool.Standing(waiting=1, asks=1, quiet=601)
    seen = [line.job.job_id for line in desk.see(open_papers, till_code="Q1")]
    assert seen[:2] == [asking, waiting]


def copy_of_job(desk: Desk, job_id: UUID, *, times: int) -> None:
    """The same job so many times more, each with an id older than any to come."""

    def put(session: Session, now: datetime) -> None:
        row = session.exec(select(PrintJob).where(PrintJob.job_id == job_id)).one().model_dump()
        session.add_all(PrintJob(**{**row, "job_id": new_id(), "copy_no": n}) for n in range(1, times + 1))

    desk.do(put)


def test_papers_come_in_the_order_of_the_payments_and_a_drawer_before_them(desk: Desk, staff: Staff) -> None:
    first, _second = pay(desk), pay(desk)
    assert desk.see(spool.next_job, till_codes=TILL).job_id == first  # type: ignore[union-attr]
    by = staff.cashier.user_id
    pulse = desk.do(spool.open_drawer, job_id=new_id(), till_code="Q1", reason="đổi tiền lẻ", by=by)
    assert desk.see(spool.next_job, till_codes=TILL) == pulse


def test_a_job_is_claimed_by_one_only(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    assert desk.do(spool.claim, job_id=payment_id, printer="one")
    assert not desk.do(spool.claim, job_id=payment_id, printer="two")
    assert job(desk, payment_id).printer == "one"


def test_a_blocked_job_may_be_tried_again_because_nothing_was_sent(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    for turn in (1, 2, 3):
        assert desk.do(spool.claim, job_id=payment_id, printer="tray")
        assert desk.do(spool.block, job_id=payment_id, error=JobTrouble.NO_PAPER)
        found = job(desk, payment_id)
        assert (found.state, found.error, found.tries, found.sent_at) == (JobState.BLOCKED, JobTrouble.NO_PAPER, turn, None)


def test_what_was_sent_is_never_claimed_again(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    send(desk, payment_id)
    for step in (None, spool.awaiting, spool.unconfirmed):
        if step is spool.unconfirmed:
            desk.do(spool.unconfirmed, job_id=payment_id, error=JobTrouble.NO_ACK)
        elif step is not None:
            desk.do(step, job_id=payment_id)
        assert not desk.do(spool.claim, job_id=payment_id, printer="tray")
        assert desk.do(spool.sending, job_id=payment_id) == ""
        assert desk.see(spool.next_job, till_codes=TILL) is None


@pytest.mark.parametrize("state", ["QUEUED", "CHECKING", "BLOCKED", "SENDING"])
def test_the_database_itself_lets_no_sent_job_go_back(desk: Desk, staff: Staff, state: str) -> None:
    payment_id = pay(desk)
    doubt(desk, payment_id)
    with pytest.raises(DBAPIError, match="only moves on"), desk.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE print_job SET state = '{state}', sent_at = NULL")


@pytest.mark.parametrize("edit", ["copy_no = 7", "kind = 'TEST'", "till_code = 'Q2'", "sent_at = NULL, state = 'QUEUED'"])
def test_the_database_itself_keeps_what_a_job_is_about(desk: Desk, staff: Staff, edit: str) -> None:
    pay(desk)
    doubt(desk, pay(desk))
    with pytest.raises(DBAPIError, match=r"only moves on|permission denied"), desk.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE print_job SET {edit}")


def test_the_printers_word_ends_a_job_also_when_it_comes_late(desk: Desk, staff: Staff) -> None:
    early, late = pay(desk), pay(desk)
    word = send(desk, early)
    desk.do(spool.awaiting, job_id=early)
    late_word = doubt(desk, late)
    assert word != late_word and len(word) == 4
    heard = desk.do(spool.heard, ack_ids=[word, late_word, "ZZZZ"], till_codes=TILL)
    assert {one.job_id for one in heard} == {early, late}
    assert {job(desk, one).state for one in (early, late)} == {JobState.PRINTED}
    assert broken(desk) == []


def test_two_open_jobs_never_wait_for_the_same_word() -> None:
    job_id = new_id()
    word = spool.ack_id(job_id)
    other = spool.ack_id(job_id, taken=[word])
    assert other != word
    assert spool.ack_id(job_id, taken=[word, other]) not in (word, other)
    assert all(letter.isalnum() and letter.isascii() for letter in word + other)


def test_after_a_start_what_was_sent_is_unsure_and_what_was_not_waits_again(desk: Desk, staff: Staff) -> None:
    looked, sent, done, waiting = (pay(desk) for _ in range(4))
    desk.do(spool.claim, job_id=looked, printer="tray")
    send(desk, sent)
    desk.do(spool.heard, ack_ids=[doubt(desk, done)], till_codes=TILL)
    assert desk.do(spool.recover, till_codes=TILL) == 2
    states = [job(desk, one).state for one in (looked, sent, done, waiting)]
    assert states == [JobState.BLOCKED, JobState.UNCONFIRMED, JobState.PRINTED, JobState.QUEUED]
    assert job(desk, sent).error is JobTrouble.STOPPED
    assert desk.do(spool.recover, till_codes=TILL) == 0


def test_a_person_who_saw_the_paper_ends_the_question(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    doubt(desk, payment_id)
    assert job(desk, payment_id).asks
    by = staff.cashier.user_id
    for _twice in range(2):
        found = desk.do(spool.came_out, job_id=payment_id, by=by)
        assert (found.state, found.answer) == (JobState.PRINTED, JobAnswer.CAME_OUT)
    assert desk.see(spool.open_jobs, till_codes=TILL) == []
    assert broken(desk) == []


def test_a_paper_that_did_not_come_out_has_one_successor_a_copy_with_the_next_number(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    by = staff.cashier.user_id
    desk.do(payments.reprint, payment_id=payment_id, by=by)
    doubt(desk, payment_id)
    copy = desk.do(print_again, job_id=payment_id, by=by)
    assert (copy.subject, copy.copy_no, copy.state) == (payment_id, 2, JobState.QUEUED)
    assert desk.see(payments.receipt, payment_id=payment_id).copies == 2
    with pytest.raises(spool.NothingToAnswer):
        desk.do(print_again, job_id=payment_id, by=by)
    assert desk.see(payments.receipt, payment_id=payment_id).copies == 2
    assert job(desk, payment_id).state is JobState.UNCONFIRMED and not job(desk, payment_id).is_open
    assert broken(desk) == []


def test_a_word_that_comes_after_the_no_still_lands_and_changes_no_answer(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    word = doubt(desk, payment_id)
    desk.do(print_again, job_id=payment_id, by=staff.cashier.user_id)
    desk.do(spool.heard, ack_ids=[word], till_codes=TILL)
    found = job(desk, payment_id)
    assert (found.state, found.answer) == (JobState.PRINTED, JobAnswer.DID_NOT)
    assert broken(desk) == []


def test_a_report_that_did_not_come_out_is_printed_anew(desk: Desk, staff: Staff) -> None:
    shift = open_shift(desk, staff.cashier)
    facts = {"kind": JobKind.SHIFT_REPORT, "subject": shift.shift_id, "till_code": "Q1", "job_id": new_id()}
    first = desk.do(spool.queue_again, **facts)  # type: ignore[arg-type]
    assert desk.do(spool.queue_again, **facts) == first  # type: ignore[arg-type]
    doubt(desk, first.job_id)
    again = desk.do(print_again, job_id=first.job_id, by=staff.cashier.user_id)
    assert (again.kind, again.copy_no) == (JobKind.SHIFT_REPORT, 1)
    assert broken(desk) == []


def test_a_paper_nobody_wants_leaves_the_queue_but_a_sent_one_does_not(desk: Desk, staff: Staff) -> None:
    waiting, sent = pay(desk), pay(desk)
    doubt(desk, sent)
    by = staff.cashier.user_id
    assert desk.do(spool.not_wanted, job_id=waiting, by=by).answer is JobAnswer.NOT_WANTED
    assert not desk.do(spool.claim, job_id=waiting, printer="tray")
    with pytest.raises(spool.AlreadySent):
        desk.do(spool.not_wanted, job_id=sent, by=by)
    assert broken(desk) == []


def test_nothing_is_answered_that_was_not_asked(desk: Desk, staff: Staff) -> None:
    waiting, done = pay(desk), pay(desk)
    word = send(desk, done)
    desk.do(spool.awaiting, job_id=done)
    desk.do(spool.heard, ack_ids=[word], till_codes=TILL)
    by = staff.cashier.user_id
    for one in (waiting, done):
        with pytest.raises(spool.NothingToAnswer):
            desk.do(spool.came_out, job_id=one, by=by)
        with pytest.raises(spool.NothingToAnswer):
            desk.do(print_again, job_id=one, by=by)
    with pytest.raises(spool.UnknownJob):
        desk.do(spool.came_out, job_id=new_id(), by=by)


def test_an_auditor_answers_nothing(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    doubt(desk, payment_id)
    for act in (spool.came_out, print_again):
        with pytest.raises(NotAllowed):
            desk.do(act, job_id=payment_id, by=staff.auditor.user_id)


def test_a_printer_without_a_voice_is_asked_about_in_one_go(desk: Desk, staff: Staff) -> None:
    quiet, loud = [pay(desk) for _ in range(3)], pay(desk)
    for one in quiet:
        doubt(desk, one, JobTrouble.MUTE)
    doubt(desk, loud)
    now = desk.see(spool.standing, till_codes=TILL)
    assert (now.waiting, now.asks, now.quiet) == (0, 1, 3)
    assert desk.do(spool.all_came_out, till_code="Q1", by=staff.cashier.user_id) == 3
    assert [one.job_id for one in desk.see(spool.open_jobs, till_codes=TILL)] == [loud]
    assert broken(desk) == []


def test_the_drawer_opens_once_for_a_cash_payment(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    pulse = desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1")
    assert pulse is not None and pulse.kind == JobKind.DRAWER
    assert desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1") is None
    assert desk.do(spool.drawer_of, payment_id=new_id(), till_code="Q1") is None
    assert broken(desk) == []


def test_a_pulse_that_could_not_be_given_lapses_and_is_never_replayed(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    pulse = desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1")
    assert pulse is not None
    assert desk.do(spool.lapse, job_id=pulse.job_id)
    assert job(desk, pulse.job_id).answer is JobAnswer.TOO_LATE
    assert not desk.do(spool.claim, job_id=pulse.job_id, printer="tray")
    assert desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1") is None
    with pytest.raises(spool.NothingToAnswer):
        desk.do(print_again, job_id=pulse.job_id, by=staff.cashier.user_id)
    assert broken(desk) == []


def test_nobody_is_asked_whether_a_drawer_opened(desk: Desk, staff: Staff) -> None:
    payment_id = pay(desk)
    pulse = desk.do(spool.drawer_of, payment_id=payment_id, till_code="Q1")
    assert pulse is not None
    doubt(desk, pulse.job_id)
    assert not job(desk, pulse.job_id).is_open
    with pytest.raises(spool.NothingToAnswer):
        desk.do(print_again, job_id=pulse.job_id, by=staff.cashier.user_id)
    assert broken(desk) == []


def test_without_a_payment_the_drawer_opens_only_for_a_reason_that_the_journal_keeps(desk: Desk, staff: Staff) -> None:
    facts: dict[str, Any] = {"job_id": new_id(), "till_code": "Q1", "by": staff.cashier.user_id}
    with pytest.raises(spool.WhyOpenDrawer):
        desk.do(spool.open_drawer, reason=" \n ", **facts)
    first = desk.do(spool.open_drawer, reason="đổi tiền", **facts)
    assert desk.do(spool.open_drawer, reason="đổi tiền", **facts) == first
    with pytest.raises(spool.NoPrinterHere):
        replace(desk, paper=NoPaper()).do(spool.open_drawer, reason="x", **{**facts, "job_id": new_id()})
    assert broken(desk) == []


def test_papers_of_before_the_spool_get_a_job_that_nobody_waits_for(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'counter.db'}")
    upgrade(database, "0004")
    payment_id, actor = new_id(), new_id()
    at = "2026-11-23T01:00:00.000000Z"
    with database.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
        for sql in (
            "INSERT INTO office VALUES ('PA0501', 'Điện lực', '', '')",
            "INSERT INTO till (office_id, till_code) VALUES ('PA0501', 'Q1')",
            "INSERT INTO payment (office_id, payment_id, till_code, year, number, kind, method, business_day, amount, "
            "tendered, change, reason, actor_id, taken_at, journal_seq) "
            f"VALUES ('PA0501', '{payment_id.hex}', 'Q1', 2026, 1, 'BILLS', 'CASH', '2026-11-23', 1, 1, 0, '', "
            f"'{actor.hex}', '{at}', 1)",
            "INSERT INTO reprint (office_id, payment_id, copy_no, printed_by, printed_at) "
            f"VALUES ('PA0501', '{payment_id.hex}', 1, '{actor.hex}', '{at}')",
        ):
            connection.exec_driver_sql(sql)
    bring_up_to_date(database)
    desk = Desk(database=database, office_id="PA0501", clock=StillClock(MONDAY), pins=KEEPER, paper=Tray(), till_code="Q1")
    jobs = desk.see(spool.recent_jobs, till_codes=TILL)
    assert {(one.subject, one.copy_no, one.answer) for one in jobs} == {
        (payment_id, 0, JobAnswer.NOT_WANTED),
        (payment_id, 1, JobAnswer.NOT_WANTED),
    }
    database.close()


class Spooling(RuleBasedStateMachine):
    """Payments, a feeder that may die between any two steps, a printer that may say anything, and people who answer."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "counter.db")
        self.desk = sit_down(str(self.folder / "counter.db"))
        self.by = self.desk.see(user_named, login="lan").user_id
        self.hand: list[UUID] = []
        self.sent: dict[UUID, int] = {}
        self.words: dict[UUID, str] = {}

    def teardown(self) -> None:
        self.desk.database.close()
        shutil.rmtree(self.folder)

    def _open(self, chance: Any, wanted: Any) -> JobFacts | None:
        found = [one for one in self.desk.see(spool.open_jobs, till_codes=TILL) if wanted(one)]
        return chance.draw(st.sampled_from(found)) if found else None

    @rule()
    def take_money(self) -> None:
        pay(self.desk)

    @rule(twice=st.booleans())
    def claim(self, twice: bool) -> None:
        waiting = self.desk.see(spool.next_job, till_codes=TILL)
        if waiting is not None:
            assert self.desk.do(spool.claim, job_id=waiting.job_id, printer="tray")
            if twice:
                assert not self.desk.do(spool.claim, job_id=waiting.job_id, printer="tray")
            self.hand.append(waiting.job_id)

    @precondition(lambda self: self.hand)
    @rule(chance=st.data(), trouble=st.sampled_from(JobTrouble))
    def block(self, chance: Any, trouble: JobTrouble) -> None:
        job_id = chance.draw(st.sampled_from(self.hand))
        self.desk.do(spool.block, job_id=job_id, error=trouble)

    @precondition(lambda self: self.hand)
    @rule(chance=st.data())
    def send(self, chance: Any) -> None:
        job_id = chance.draw(st.sampled_from(self.hand))
        if word := self.desk.do(spool.sending, job_id=job_id):
            self.sent[job_id] = self.sent.get(job_id, 0) + 1
            self.words[job_id] = word

    @precondition(lambda self: self.hand)
    @rule(chance=st.data(), wait=st.booleans(), trouble=st.sampled_from(JobTrouble))
    def end(self, chance: Any, wait: bool, trouble: JobTrouble) -> None:
        job_id = chance.draw(st.sampled_from(self.hand))
        if wait:
            self.desk.do(spool.awaiting, job_id=job_id)
        else:
            self.desk.do(spool.unconfirmed, job_id=job_id, error=trouble)

    @precondition(lambda self: self.words)
    @rule(chance=st.data())
    def hear(self, chance: Any) -> None:
        words = chance.draw(st.lists(st.sampled_from(list(self.words.values())), max_size=3))
        self.desk.do(spool.heard, ack_ids=words, till_codes=TILL)

    @rule()
    def die_and_start_again(self) -> None:
        self.hand = []
        self.desk.do(spool.recover, till_codes=TILL)
        assert all(one.state not in spool.UNDER_WAY for one in self.desk.see(spool.open_jobs, till_codes=TILL))

    @rule(chance=st.data(), answer=st.sampled_from((spool.came_out, print_again, spool.not_wanted)))
    def answer(self, chance: Any, answer: Any) -> None:
        asked = self._open(chance, lambda _one: True)
        if asked is None:
            return
        fits = asked.state in (spool.WAITING if answer is spool.not_wanted else {JobState.UNCONFIRMED})
        before = len(self.desk.see(spool.recent_jobs, till_codes=TILL, limit=1000))
        try:
            self.desk.do(answer, job_id=asked.job_id, by=self.by)
            assert fits
        except Refused:
            assert not fits
        after = len(self.desk.see(spool.recent_jobs, till_codes=TILL, limit=1000))
        assert after - before == (1 if fits and answer is print_again else 0)

    @invariant()
    def nothing_is_sent_twice_and_the_books_fit(self) -> None:
        assert all(times == 1 for times in self.sent.values())
        assert broken(self.desk) == []


@pytest.mark.parametrize(("examples", "steps"), [(12, 25), pytest.param(300, 60, marks=pytest.mark.torture)])
def test_whatever_happens_no_paper_is_lost_and_none_is_sent_twice(
    tmp_path: Path, examples: int, steps: int, campaign: Callable[[str], None]
) -> None:
    Spooling.template = tmp_path / "office.db"
    database = open_database(f"sqlite:///{Spooling.template}")
    bring_up_to_date(database)
    office = open_test_office(database)
    open_shift(office, office.see(user_named, login="lan"))
    database.close()
    run_state_machine_as_test(
        Spooling,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    campaign(f"{examples} printers by chance, up to {steps} steps each: no paper lost, none sent twice")
