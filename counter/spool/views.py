"""Print jobs as facts: what waits, what asks, where one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from counter.ledger import Book
from counter.spool.refusals import UnknownJob
from counter.spool.rules import OWN_FAULT, TORN, UNDER_WAY, UNSENT, WAITING
from db.scope import office_of
from db.states import JobAnswer, JobKind, JobState, JobTrouble
from db.tables import Payment, Posting, PrintJob


@dataclass(frozen=True, slots=True)
class JobFacts:
    """One paper on its way. Instants UTC; `sent_at` is None as long as not a byte left."""

    job_id: UUID
    till_code: str
    kind: str
    subject: UUID
    copy_no: int
    state: JobState
    error: JobTrouble | None
    answer: JobAnswer | None
    printer: str
    ack_id: str
    tries: int
    queued_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Somebody still waits for this paper."""
        return self.state is not JobState.PRINTED and self.answer is None

    @property
    def asks(self) -> bool:
        """Only a person can say whether the paper came out, and it matters now."""
        return self.is_open and self.state is JobState.UNCONFIRMED and self.error is not JobTrouble.MUTE

    @property
    def is_quiet(self) -> bool:
        """Sent to a printer that never answers: asked about at the end of the shift, not before."""
        return self.is_open and self.state is JobState.UNCONFIRMED and self.error is JobTrouble.MUTE


def job_facts(session: Session, *, job_id: UUID) -> JobFacts:
    """One job. Raises UnknownJob."""
    row = session.get(PrintJob, (office_of(session), job_id), populate_existing=True)
    if row is None:
        raise UnknownJob(job=job_id)
    return facts_of(row)


def job_of(session: Session, *, kind: JobKind, subject: UUID, copy_no: int = 0) -> JobFacts | None:
    """The job of one paper of one thing, or None."""
    row = session.exec(
        select(PrintJob).where(
            PrintJob.office_id == office_of(session),
            PrintJob.kind == kind.value,
            PrintJob.subject == subject,
            PrintJob.copy_no == copy_no,
        )
    ).first()
    return facts_of(row) if row else None


def copies_of(session: Session, *, kind: JobKind, subject: UUID) -> int:
    """How many papers of this thing were asked for; the next one's `copy_no`."""
    numbers = session.exec(
        select(PrintJob.copy_no).where(
            PrintJob.office_id == office_of(session), PrintJob.kind == kind.value, PrintJob.subject == subject
        )
    ).all()
    return max(numbers, default=-1) + 1


def open_jobs(session: Session, *, till_codes: Sequence[str], limit: int = 500) -> list[JobFacts]:
    """The jobs that are neither printed nor answered, in the order of the queue; the quiet ones, which can wait, last."""
    rows = session.exec(
        select(PrintJob).where(*_still_open(session, till_codes)).order_by(case((_QUIET, 1), else_=0), *_QUEUE).limit(limit)
    ).all()
    return [facts_of(row) for row in rows]


_QUEUE: Final = (col(PrintJob.queued_at), col(PrintJob.job_id))
"""As papers were asked for: whoever made an id may have made it without a clock."""
_QUIET: Final = and_(col(PrintJob.state) == JobState.UNCONFIRMED, col(PrintJob.error) == JobTrouble.MUTE)
_FAULTY: Final = and_(col(PrintJob.state) == JobState.BLOCKED, func.coalesce(PrintJob.error, "").in_(OWN_FAULT))


def _still_open(session: Session, till_codes: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(PrintJob.office_id) == office_of(session),
        col(PrintJob.till_code).in_(till_codes),
        col(PrintJob.state) != JobState.PRINTED,
        col(PrintJob.answer).is_(None),
    )


def left_behind(session: Session, *, till_codes: Sequence[str]) -> list[JobFacts]:
    """What a program that ended had in its hands, and what it could not make; not the queue, which may be long."""
    ours = or_(col(PrintJob.state).in_(UNDER_WAY), _FAULTY)
    return [facts_of(row) for row in session.exec(select(PrintJob).where(*_still_open(session, till_codes), ours)).all()]


def next_job(session: Session, *, till_codes: Sequence[str]) -> JobFacts | None:
    """What a printer should do next: a drawer first, then papers in order; None when nothing waits."""
    row = session.exec(
        select(PrintJob)
        .where(
            *_still_open(session, till_codes),
            col(PrintJob.state).in_(WAITING),
            func.coalesce(PrintJob.error, "").not_in(OWN_FAULT),
        )
        .order_by(case((col(PrintJob.kind) == JobKind.DRAWER, 0), else_=1), *_QUEUE)
        .limit(1)
    ).first()
    return facts_of(row) if row else None


def moved_cash() -> ColumnElement[bool]:
    """Of a payment in the question: whether the drawer's account moved with it."""
    return (
        select(Posting.leg)
        .where(
            Posting.office_id == Payment.office_id,
            Posting.till_code == Payment.till_code,
            Posting.seq == Payment.journal_seq,
            Posting.account == Book.DRAWER.value,
        )
        .exists()
    )


_OF_PAYMENT: Final = (
    col(Payment.office_id) == PrintJob.office_id,
    col(Payment.payment_id) == PrintJob.subject,
)


def pulses_due(session: Session, *, till_codes: Sequence[str], since: datetime) -> list[JobFacts]:
    """The first receipts of cash queued since then that wait, with or without hope, their drawer not thought of yet."""
    pulse = aliased(PrintJob)
    thought_of = select(pulse.job_id).where(
        col(pulse.office_id) == PrintJob.office_id, pulse.kind == JobKind.DRAWER, pulse.subject == PrintJob.subject
    )
    rows = session.exec(
        select(PrintJob)
        .join(Payment, onclause=and_(*_OF_PAYMENT))
        .where(
            *_still_open(session, till_codes),
            moved_cash(),
            col(PrintJob.state).in_(WAITING),
            PrintJob.kind == JobKind.RECEIPT,
            PrintJob.copy_no == 0,
            PrintJob.queued_at >= since,
            ~thought_of.exists(),
        )
        .order_by(col(PrintJob.queued_at), col(PrintJob.job_id))
    ).all()
    return [facts_of(row) for row in rows]


def recent_jobs(session: Session, *, till_codes: Sequence[str], limit: int = 50) -> list[JobFacts]:
    """The newest jobs, whatever their state."""
    rows = session.exec(
        select(PrintJob)
        .where(PrintJob.office_id == office_of(session), col(PrintJob.till_code).in_(till_codes))
        .order_by(col(PrintJob.queued_at).desc(), col(PrintJob.job_id).desc())
        .limit(limit)
    ).all()
    return [facts_of(row) for row in rows]


def left_torn(session: Session, *, till_code: str) -> bool:
    """Whether the last job that was sent broke off: the printer may still wait for its rest."""
    row = session.exec(
        select(PrintJob.state, PrintJob.error)
        .where(
            PrintJob.office_id == office_of(session),
            PrintJob.till_code == till_code,
            col(PrintJob.sent_at).is_not(None),
        )
        .order_by(col(PrintJob.sent_at).desc(), col(PrintJob.job_id).desc())
        .limit(1)
    ).first()
    return row is not None and row[0] is JobState.UNCONFIRMED and row[1] in TORN


@dataclass(frozen=True, slots=True)
class Standing:
    """A till's open papers: `waiting` not sent yet, `asks` a person now, `quiet` sent to a printer without a voice;

    `faulty` of those that wait do so for ever, because they cannot be made.
    """

    waiting: int
    asks: int
    quiet: int
    faulty: int = 0


def standing(session: Session, *, till_codes: Sequence[str]) -> Standing:
    """The open jobs counted, all of them."""
    kinds = (col(PrintJob.state), _QUIET, _FAULTY)
    counted = session.exec(select(*kinds, func.count()).where(*_still_open(session, till_codes)).group_by(*kinds)).all()
    return Standing(
        waiting=sum(many for state, *_, many in counted if state in UNSENT),
        asks=sum(many for state, quiet, _, many in counted if state is JobState.UNCONFIRMED and not quiet),
        quiet=sum(many for _, quiet, _, many in counted if quiet),
        faulty=sum(many for *_, faulty, many in counted if faulty),
    )


def facts_of(row: PrintJob) -> JobFacts:
    """A row as facts."""
    return JobFacts(
        job_id=row.job_id,
        till_code=row.till_code,
        kind=row.kind,
        subject=row.subject,
        copy_no=row.copy_no,
        state=row.state,
        error=row.error,
        answer=row.answer,
        printer=row.printer,
        ack_id=row.ack_id,
        tries=row.tries,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
    )
