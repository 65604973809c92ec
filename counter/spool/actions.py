"""Put a paper into the queue, move it on, answer for it. Each move is one compare-and-set: who comes second hears False."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from counter import journal
from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book
from counter.people import require
from counter.spool.refusals import AlreadySent, NoPrinterHere, NothingToAnswer, UnknownJob, WhyOpenDrawer
from counter.spool.rules import OWN_FAULT, UNDER_WAY, UNSENT, WAITING, ack_id, sources
from counter.spool.views import JobFacts, copies_of, facts_of, job_facts, job_of, open_jobs
from counter.text import safe_text
from db.fast import run
from db.scope import office_of, paper_is_wanted
from db.states import JobAnswer, JobKind, JobState, JobTrouble, Role
from db.tables import Payment, Posting, PrintJob

ANSWER: str = "paper.answer"
DRAWER: str = "drawer.open"
PEOPLE = (Role.CASHIER, Role.SUPERVISOR)


# --- into the queue ---------------------------------------------------------------------------------------------------


def queue(
    session: Session, now: datetime, *, kind: JobKind, subject: UUID, till_code: str, job_id: UUID, copy_no: int = 0
) -> None:
    """Note in the running transaction that a paper is wanted. Where the till has no printer nobody ever waits for it."""
    wanted = paper_is_wanted(session, till_code=till_code)
    run(
        session,
        "print_job_insert",
        office_id=office_of(session),
        job_id=job_id,
        till_code=till_code,
        kind=kind.value,
        subject=subject,
        copy_no=copy_no,
        state=JobState.QUEUED,
        printer="",
        ack_id="",
        error=None,
        tries=0,
        answer=None if wanted else JobAnswer.NOT_WANTED,
        answered_by=None,
        queued_at=now,
        sent_at=None,
        ended_at=None,
        answered_at=None if wanted else now,
    )


def queue_receipt(session: Session, now: datetime, *, payment_id: UUID, till_code: str) -> None:
    """The paper of a payment, in its own transaction; the job has the payment's id."""
    queue(session, now, kind=JobKind.RECEIPT, subject=payment_id, till_code=till_code, job_id=payment_id)


def queue_again(session: Session, now: datetime, *, kind: JobKind, subject: UUID, till_code: str, job_id: UUID) -> JobFacts:
    """One more paper of a thing without copies in the books (a report, a test page). The same id again: the first answer."""
    before = session.get(PrintJob, (office_of(session), job_id))
    if before is None:
        if not paper_is_wanted(session, till_code=till_code):
            raise NoPrinterHere
        number = copies_of(session, kind=kind, subject=subject)
        queue(session, now, kind=kind, subject=subject, till_code=till_code, job_id=job_id, copy_no=number)
    return job_facts(session, job_id=job_id)


# --- on its way (the feeder moves it) -----------------------------------------------------------------------------------


def claim(session: Session, now: datetime, *, job_id: UUID, printer: str) -> bool:
    """Take a waiting job into one's hands. False: somebody else has it, or nobody waits for it any more."""
    return _move(session, job_id, JobState.CHECKING, printer=printer[:120], error=None, tries=PrintJob.tries + 1)


def block(session: Session, now: datetime, *, job_id: UUID, error: JobTrouble) -> bool:
    """Nothing was sent and nothing can be now."""
    return _move(session, job_id, JobState.BLOCKED, error=error)


def sending(session: Session, now: datetime, *, job_id: UUID) -> str:
    """Commit before the first byte leaves: from here on the job is never sent again. Returns the printer's word for “done”.

    Empty: the job was taken out of one's hands meanwhile, and nothing may be sent.
    """
    row = session.get_one(PrintJob, (office_of(session), job_id), populate_existing=True)
    open_sent = (JobState.SENDING, JobState.AWAIT_ACK, JobState.UNCONFIRMED)
    taken = session.exec(
        select(PrintJob.ack_id).where(
            PrintJob.office_id == office_of(session),
            PrintJob.till_code == row.till_code,
            col(PrintJob.state).in_(open_sent),
            col(PrintJob.answer).is_(None),
        )
    ).all()
    word = ack_id(job_id, taken=taken)
    return word if _move(session, job_id, JobState.SENDING, sent_at=now, ack_id=word) else ""


def awaiting(session: Session, now: datetime, *, job_id: UUID) -> bool:
    """Every byte is out of our hands."""
    return _move(session, job_id, JobState.AWAIT_ACK)


def printed(session: Session, now: datetime, *, job_id: UUID) -> bool:
    """The printer said so."""
    return _move(session, job_id, JobState.PRINTED, ended_at=now, error=None)


def unconfirmed(session: Session, now: datetime, *, job_id: UUID, error: JobTrouble) -> bool:
    """Any byte may be on paper. Only a late word of the printer, or a person, ends this; about a drawer nobody asks."""
    moved = _move(session, job_id, JobState.UNCONFIRMED, error=error)
    if moved and job_facts(session, job_id=job_id).kind == JobKind.DRAWER:
        _answer(session, now, job_id=job_id, answer=JobAnswer.NOT_WANTED, by=None, states={JobState.UNCONFIRMED})
    return moved


def heard(session: Session, now: datetime, *, ack_ids: Sequence[str], till_codes: Sequence[str]) -> list[JobFacts]:
    """The printer said that these jobs are done, perhaps long after we stopped waiting: they are printed."""
    rows = session.exec(
        select(PrintJob).where(
            PrintJob.office_id == office_of(session),
            col(PrintJob.till_code).in_(till_codes),
            col(PrintJob.ack_id).in_(ack_ids),
            col(PrintJob.state).in_((JobState.AWAIT_ACK, JobState.UNCONFIRMED)),
        )
    ).all()
    return [facts_of(row) for row in rows if printed(session, now, job_id=row.job_id)]


def recover(session: Session, now: datetime, *, till_codes: Sequence[str]) -> int:
    """After a program's end: what it had sent is unsure, what it had only looked at waits again."""
    moved = 0
    for job in open_jobs(session, till_codes=till_codes, limit=100_000):
        if job.state is JobState.CHECKING:
            moved += block(session, now, job_id=job.job_id, error=JobTrouble.STOPPED)
        elif job.state in UNDER_WAY:
            moved += unconfirmed(session, now, job_id=job.job_id, error=JobTrouble.STOPPED)
        elif job.error in OWN_FAULT:  # perhaps a newer program can make it
            _update(session, job.job_id, [col(PrintJob.state) == JobState.BLOCKED], error=JobTrouble.STOPPED)
    return moved


# --- the drawer ---------------------------------------------------------------------------------------------------------


def open_drawer(session: Session, now: datetime, *, job_id: UUID, till_code: str, reason: str, by: UUID) -> JobFacts:
    """Open the drawer without a payment; the journal keeps who and why. Raises WhyOpenDrawer, NoPrinterHere, NotAllowed."""
    if session.get(PrintJob, (office_of(session), job_id)) is None:
        require(session, user_id=by, roles=PEOPLE)
        reason = safe_text(reason, limit=200).strip()
        if not reason:
            raise WhyOpenDrawer
        if not paper_is_wanted(session, till_code=till_code):
            raise NoPrinterHere
        facts = {"job": job_id, "reason": reason}
        _note(session, now, till_code=till_code, kind=DRAWER, by=by, facts=facts)
        queue(session, now, kind=JobKind.DRAWER, subject=job_id, till_code=till_code, job_id=job_id)
    return job_facts(session, job_id=job_id)


def drawer_of(session: Session, now: datetime, *, payment_id: UUID, till_code: str) -> JobFacts | None:
    """The drawer's one pulse for a cash payment, made at most once; None where no cash moved or it was made before."""
    payment = session.get(Payment, (office_of(session), payment_id))
    if payment is None or not _moved_cash(session, payment):
        return None
    if job_of(session, kind=JobKind.DRAWER, subject=payment_id) is not None:
        return None
    job_id = new_id()
    queue(session, now, kind=JobKind.DRAWER, subject=payment_id, till_code=till_code, job_id=job_id)
    return job_facts(session, job_id=job_id)


def lapse(session: Session, now: datetime, *, job_id: UUID) -> bool:
    """What could not be done in time is never done: nobody stands at the drawer, or waits with that number, any more."""
    return _answer(session, now, job_id=job_id, answer=JobAnswer.TOO_LATE, by=None, states=UNSENT)


# --- answers ------------------------------------------------------------------------------------------------------------


def came_out(session: Session, now: datetime, *, job_id: UUID, by: UUID) -> JobFacts:
    """A person saw the whole paper. Raises NothingToAnswer, NotAllowed. Again: the same."""
    job = _asked(session, job_id=job_id, by=by)
    if job.answer is JobAnswer.CAME_OUT:
        return job
    if not _answer(session, now, job_id=job_id, answer=JobAnswer.CAME_OUT, by=by, states={JobState.UNCONFIRMED}):
        raise NothingToAnswer
    printed(session, now, job_id=job_id)
    _note_answer(session, now, job=job, answer=JobAnswer.CAME_OUT, by=by)
    return job_facts(session, job_id=job_id)


def did_not_come_out(session: Session, now: datetime, *, job_id: UUID, by: UUID) -> JobFacts:
    """A person saw that the paper is not there or not whole. The job is over; its successor is the caller's to queue.

    Raises NothingToAnswer, also the second time: one answer makes one successor.
    """
    job = _asked(session, job_id=job_id, by=by)
    if not _answer(session, now, job_id=job_id, answer=JobAnswer.DID_NOT, by=by, states={JobState.UNCONFIRMED}):
        raise NothingToAnswer
    _note_answer(session, now, job=job, answer=JobAnswer.DID_NOT, by=by)
    return job_facts(session, job_id=job_id)


def not_wanted(session: Session, now: datetime, *, job_id: UUID, by: UUID) -> JobFacts:
    """Nobody waits for this paper any more: it leaves the queue. Raises AlreadySent, NothingToAnswer, NotAllowed."""
    job = _asked(session, job_id=job_id, by=by)
    if job.answer is JobAnswer.NOT_WANTED:
        return job
    if job.sent_at is not None or job.state is JobState.CHECKING:
        raise AlreadySent
    if not _answer(session, now, job_id=job_id, answer=JobAnswer.NOT_WANTED, by=by, states=UNSENT):
        raise NothingToAnswer
    _note_answer(session, now, job=job, answer=JobAnswer.NOT_WANTED, by=by)
    return job_facts(session, job_id=job_id)


def all_came_out(session: Session, now: datetime, *, till_code: str, by: UUID) -> int:
    """What a printer without a voice was sent is in people's hands, says a person; how many papers that were."""
    quiet = [job for job in open_jobs(session, till_codes=[till_code], limit=100_000) if job.is_quiet]
    for job in quiet:
        came_out(session, now, job_id=job.job_id, by=by)
    return len(quiet)


def give_up(session: Session, now: datetime, *, till_code: str) -> int:
    """A till that has no printer waits for no paper: what others queued for it leaves the queue; how many that were."""
    waiting = [job for job in open_jobs(session, till_codes=[till_code], limit=100_000) if job.state in WAITING]
    for job in waiting:
        _answer(session, now, job_id=job.job_id, answer=JobAnswer.NOT_WANTED, by=None, states=WAITING)
    return len(waiting)


# --- inside -------------------------------------------------------------------------------------------------------------


def _moved_cash(session: Session, payment: Payment) -> bool:
    rows = session.exec(
        select(Posting.leg).where(
            Posting.office_id == payment.office_id,
            Posting.till_code == payment.till_code,
            Posting.seq == payment.journal_seq,
            Posting.account == Book.DRAWER.value,
        )
    )
    return rows.first() is not None


def _asked(session: Session, *, job_id: UUID, by: UUID) -> JobFacts:
    require(session, user_id=by, roles=PEOPLE)
    row = session.get(PrintJob, (office_of(session), job_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownJob(job=job_id)
    return facts_of(row)


def _move(session: Session, job_id: UUID, to: JobState, **columns: Any) -> bool:
    where = [col(PrintJob.state).in_(sources(to))]
    if (
        to in UNSENT or to is JobState.SENDING
    ):  # before the first byte an answer stops it; after it the printer's word counts
        where.append(col(PrintJob.answer).is_(None))
    return _update(session, job_id, where, state=to, **columns)


def _answer(
    session: Session,
    now: datetime,
    *,
    job_id: UUID,
    answer: JobAnswer,
    by: UUID | None,
    states: frozenset[JobState] | set[JobState],
) -> bool:
    where = [col(PrintJob.state).in_(states), col(PrintJob.answer).is_(None)]
    return _update(session, job_id, where, answer=answer, answered_by=by, answered_at=now)


def _update(session: Session, job_id: UUID, where: Sequence[Any], **columns: Any) -> bool:
    result: Any = session.execute(
        update(PrintJob)
        .where(col(PrintJob.office_id) == office_of(session), col(PrintJob.job_id) == job_id, *where)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount == 1)


def _note_answer(session: Session, now: datetime, *, job: JobFacts, answer: JobAnswer, by: UUID) -> None:
    facts = {"job": job.job_id, "kind": job.kind, "subject": job.subject, "copy": job.copy_no, "answer": answer.value}
    _note(session, now, till_code=job.till_code, kind=ANSWER, by=by, facts=facts)


def _note(session: Session, now: datetime, *, till_code: str, kind: str, by: UUID, facts: dict[str, object]) -> None:
    journal.append(session, now, till_code=till_code, kind=kind, business_day=local_day(now), actor_id=by, facts=facts)
