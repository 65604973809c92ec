"""Every payment has its paper in the spool, copies have no gap, and each job stands where its moves can have led it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.ledger import Book
from counter.spool import UNSENT
from counter.spool.actions import ANSWER, DRAWER
from db.scope import office_of
from db.states import JobAnswer, JobKind, JobState
from db.tables import JournalRow, Payment, Posting, PrintJob, Reprint, Ticket

COPY: Final = "receipt.copy"
ENDS: Final = {
    JobAnswer.CAME_OUT: frozenset({JobState.PRINTED}),
    JobAnswer.DID_NOT: frozenset({JobState.UNCONFIRMED, JobState.PRINTED}),
    JobAnswer.NOT_WANTED: UNSENT,
    JobAnswer.TOO_LATE: UNSENT,
}
"""Where a job can stand after each answer. PRINTED after DID_NOT: the printer's own word came late."""


def print_jobs(session: Session) -> Iterator[str]:
    """The jobs against the payments, the copies and the journal."""
    said = _journal(session)
    office_id = office_of(session)
    payments = {
        payment_id: (till_code, seq)
        for payment_id, till_code, seq in session.exec(
            select(Payment.payment_id, Payment.till_code, Payment.journal_seq).where(Payment.office_id == office_id)
        )
    }
    cash = set(
        session.exec(
            select(Posting.till_code, Posting.seq).where(
                Posting.office_id == office_id, Posting.account == Book.DRAWER.value
            )
        )
    )
    copies = set(session.exec(select(Reprint.payment_id, Reprint.copy_no).where(Reprint.office_id == office_id)))
    tickets = set(session.exec(select(Ticket.ticket_id).where(Ticket.office_id == office_id)))
    highest: dict[tuple[str, UUID], int] = {}
    jobs = list(session.exec(select(PrintJob).where(PrintJob.office_id == office_id)))
    for job in jobs:
        key = (job.kind, job.subject)
        highest[key] = max(highest.get(key, 0), job.copy_no)
    there = {(job.kind, job.subject, job.copy_no) for job in jobs}
    for payment_id in payments:
        yield "" if (JobKind.RECEIPT, payment_id, 0) in there else f"payment {payment_id}: no print job"
    for payment_id, copy_no in copies:
        whole = copy_no == 1 or (payment_id, copy_no - 1) in copies
        known = (JobKind.RECEIPT, payment_id, copy_no) in there and (COPY, payment_id, copy_no) in said
        yield "" if whole and known else f"payment {payment_id}: copy {copy_no} is alone"
    for job in jobs:
        fits = _stands(job, highest) and _belongs(job, payments, cash, copies, said, tickets) and _answered(job, said)
        yield "" if fits else f"print job {job.job_id}: {job.kind} {job.copy_no} cannot be {job.state}"


def _journal(session: Session) -> dict[Any, Any]:
    """What the journal says about paper: answers by job, drawers by job, copies by payment and number."""
    said: dict[Any, Any] = {}
    rows = session.exec(
        select(JournalRow.kind, JournalRow.content, JournalRow.actor_id).where(
            JournalRow.office_id == office_of(session), col(JournalRow.kind).in_((ANSWER, DRAWER, COPY))
        )
    )
    for kind, content, actor in rows:
        facts = json.loads(content)["facts"]
        if kind == ANSWER:
            said[ANSWER, UUID(facts["job"])] = (facts["answer"], actor)
        elif kind == DRAWER:
            said[DRAWER, UUID(facts["job"])] = actor
        else:
            said[COPY, UUID(facts["payment"]), facts["copy"]] = actor
    return said


def _stands(job: PrintJob, highest: dict[tuple[str, UUID], int]) -> bool:
    """State, instants and answer fit each other; who said “no” has a successor."""
    if (job.sent_at is None) != (job.state in UNSENT):
        return False
    if job.answer is None:
        return True
    if job.kind == JobKind.DRAWER and (job.state, job.answer) == (JobState.UNCONFIRMED, JobAnswer.NOT_WANTED):
        return True  # whether a drawer opened everybody sees; nobody is asked
    successor = job.answer is not JobAnswer.DID_NOT or highest[job.kind, job.subject] > job.copy_no
    return job.state in ENDS[job.answer] and successor


def _belongs(
    job: PrintJob,
    payments: dict[UUID, tuple[str, int]],
    cash: set[Any],
    copies: set[Any],
    said: dict[Any, Any],
    tickets: set[UUID],
) -> bool:
    """The job is about something that is in the books."""
    if job.kind == JobKind.RECEIPT:
        original = job.copy_no == 0 and payments.get(job.subject, ("", 0))[0] == job.till_code
        return original or (job.subject, job.copy_no) in copies
    if job.kind == JobKind.DRAWER:
        return job.copy_no == 0 and (payments.get(job.subject) in cash or (DRAWER, job.subject) in said)
    return job.subject in tickets if job.kind == JobKind.TICKET else True


def _answered(job: PrintJob, said: dict[Any, Any]) -> bool:
    """A person's answer is in the journal; what nobody answered was never wanted, or a drawer or slip that came too late."""
    told = said.get((ANSWER, job.job_id))
    if job.answered_by is not None:
        return job.answer is not None and told == (job.answer.value, job.answered_by)
    may_lapse = job.kind in (JobKind.DRAWER, JobKind.TICKET)
    alone = job.answer in (None, JobAnswer.NOT_WANTED) or (job.answer is JobAnswer.TOO_LATE and may_lapse)
    return told is None and alone
