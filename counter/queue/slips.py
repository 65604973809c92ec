"""The slip of a ticket on its way to paper, noted in the transaction that gives the number: neither is lost alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import spool
from counter.queue.inside import is_over
from counter.queue.refusals import NoSlip
from counter.queue.views import LISTED, TicketFacts, ticket
from counter.spool import JobFacts, NoPrinterHere
from db.scope import printing_till
from db.states import JobKind


def queue_slip(session: Session, now: datetime, *, ticket_id: UUID) -> None:
    """The slip of a number that is given now comes out where it is given; nowhere, where there is no printer."""
    till_code = printing_till(session)
    if till_code:
        spool.queue(session, now, kind=JobKind.TICKET, subject=ticket_id, till_code=till_code, job_id=ticket_id)


def print_slip(session: Session, now: datetime, *, ticket_id: UUID, job_id: UUID) -> JobFacts:
    """One more slip of a ticket, as it stands when it is printed. The same `job_id` again: the first answer.

    Raises UnknownTicket, NoSlip, NoPrinterHere.
    """
    till_code = printing_till(session)
    if not till_code:
        raise NoPrinterHere
    found = ticket(session, ticket_id=ticket_id)
    if not found.number or not is_worth_paper(found) or is_over(session, day=found.day, now=now):
        raise NoSlip(number=found.number or str(ticket_id)[:8])
    return spool.queue_again(session, now, kind=JobKind.TICKET, subject=ticket_id, till_code=till_code, job_id=job_id)


def is_worth_paper(found: TicketFacts) -> bool:
    """Whether somebody still waits for this ticket's slip: not once it is over."""
    return found.state in LISTED


__all__ = ["is_worth_paper", "print_slip", "queue_slip"]
