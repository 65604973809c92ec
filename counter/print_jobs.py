"""Print jobs and their papers: which document a job puts on paper, what people call it, how it is printed again.

A document is made from the books when it is printed, not stored: see docs/adr.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from counter import payments, queue, shifts, spool
from counter.clock import day_text, local_day
from counter.config import Settings
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.papers import office_head, receipt_paper, shift_paper, ticket_paper, transfer_slip
from counter.printing import CalibrationDocument, Document, PrinterTestDocument
from counter.spool import JobFacts
from counter.words import said
from db.scope import office_of
from db.states import JobKind
from db.tables import Payment


class NoPaperOfThatKind(Refused):
    """A print job that this program has no paper for, queued by a newer one."""

    why = N_("This program makes no paper of the kind “{kind}”.")
    todo = N_("Update the program on the computer that prints.")


def document_of(session: Session, *, job_id: UUID, settings: Settings, now: datetime) -> Document:
    """What a job puts on paper, from the books. Raises NoPaperOfThatKind."""
    job = spool.job_facts(session, job_id=job_id)
    if job.kind == JobKind.RECEIPT:
        return receipt_paper(session, payment_id=job.subject, settings=settings, copy_no=job.copy_no)
    if job.kind == JobKind.SHIFT_REPORT:
        return shift_paper(session, shift_id=job.subject, settings=settings, printed_at=now)
    if job.kind == JobKind.TICKET:
        return ticket_paper(session, ticket_id=job.subject, settings=settings, now=now)
    if job.kind == JobKind.TRANSFER_SLIP:
        return transfer_slip(session, intent_id=job.subject)
    if job.kind == JobKind.CALIBRATION:
        return CalibrationDocument()
    if job.kind == JobKind.TEST:
        return test_page(session, till_code=job.till_code, printer=job.printer, now=now)
    raise NoPaperOfThatKind(kind=job.kind)


def queue_transfer_slip(session: Session, now: datetime, *, intent_id: UUID, job_id: UUID) -> JobFacts:
    """The code of a transfer, from its till's printer. The same id again: the first answer.

    Raises UnknownIntent, NoPrinterHere.
    """
    till_code = payments.qr.intent(session, intent_id=intent_id).till_code
    kind = JobKind.TRANSFER_SLIP
    return spool.queue_again(session, now, kind=kind, subject=intent_id, till_code=till_code, job_id=job_id)


def test_page(session: Session, *, till_code: str, printer: str, now: datetime) -> PrinterTestDocument:
    """A page that shows whether a printer prints everything right."""
    return PrinterTestDocument(office=office_head(session), till_code=till_code, printer=printer, printed_at=now)


def comes_too_late(session: Session, *, job_id: UUID, now: datetime) -> bool:
    """Whether nobody waits for a paper any more that was not sent yet: the slip of a ticket that is over."""
    job = spool.job_facts(session, job_id=job_id)
    if job.kind != JobKind.TICKET or job.sent_at is not None:
        return False
    ticket = queue.ticket(session, ticket_id=job.subject)
    return not queue.is_worth_paper(ticket) or ticket.day < local_day(now)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A job and what people call its paper: `receipt Q1-26-000012`, `shift report 23/11/2026`."""

    job: JobFacts
    name: str


def open_papers(session: Session, *, till_code: str, limit: int = 200) -> list[PaperLine]:
    """A till's papers that are neither printed nor answered, in order, each with its name."""
    return named(session, jobs=spool.open_jobs(session, till_codes=[till_code], limit=limit))


def recent_papers(session: Session, *, till_code: str, limit: int = 50) -> list[PaperLine]:
    """A till's newest papers, whatever became of them."""
    return named(session, jobs=spool.recent_jobs(session, till_codes=[till_code], limit=limit))


def named(session: Session, *, jobs: list[JobFacts]) -> list[PaperLine]:
    """The jobs with the names of their papers."""
    return [PaperLine(job, _name(session, job)) for job in jobs]


def _name(session: Session, job: JobFacts) -> str:
    kinds = {kind.value: kind for kind in JobKind}
    what = str(said(kinds[job.kind])) if job.kind in kinds else job.kind
    if job.kind == JobKind.RECEIPT or (job.kind == JobKind.DRAWER and job.subject != job.job_id):
        number = _number(session, job.subject)
        copy = " · " + _("copy {n}").format(n=job.copy_no) if job.copy_no else ""
        return f"{what} {number}{copy}"
    if job.kind == JobKind.TICKET:
        return f"{what} {queue.ticket(session, ticket_id=job.subject).number}"
    if job.kind == JobKind.SHIFT_REPORT:
        return f"{what} {day_text(shifts.shift_facts(session, shift_id=job.subject).business_day)}"
    return what


def _number(session: Session, payment_id: UUID) -> str:
    """`Q1-26-000012`: without the office, which everybody here knows."""
    found = session.exec(
        select(Payment.till_code, Payment.year, Payment.number).where(
            Payment.office_id == office_of(session), Payment.payment_id == payment_id
        )
    ).one()
    till_code, year, number = found
    return f"{till_code}-{year % 100:02d}-{number:06d}"


def print_again(session: Session, now: datetime, *, job_id: UUID, by: UUID) -> JobFacts:
    """The paper did not come out, says a person: its job is over and one successor is queued, for a receipt a BẢN SAO.

    Raises NothingToAnswer (also the second time), UnknownJob, NotAllowed.
    """
    job = spool.did_not_come_out(session, now, job_id=job_id, by=by)
    if job.kind != JobKind.RECEIPT:
        kind = JobKind(job.kind)
        return spool.queue_again(session, now, kind=kind, subject=job.subject, till_code=job.till_code, job_id=new_id())
    copy_no = payments.reprint(session, now, payment_id=job.subject, by=by).copies
    copy = spool.job_of(session, kind=JobKind.RECEIPT, subject=job.subject, copy_no=copy_no)
    assert copy is not None
    return copy
