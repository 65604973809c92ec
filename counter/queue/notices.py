"""Who must be told of a time: places given to whole books, times that were changed, bookings that were cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.queue.book_lines import LOOKED_BACK
from counter.queue.inside import the_rules
from counter.queue.rules import number_text, slot_text
from db.scope import office_of
from db.states import BookingChannel, TicketKind, TicketMoveKind, TicketState
from db.tables import Customer, Ticket, TicketMove

FARTHEST: Final = 62
"""Days ahead where no last day is told."""


class NoticeKind(StrEnum):
    """What somebody is told."""

    GIVEN = "GIVEN"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Notice:
    """One customer to tell. `slot` is `09:45`; `was_day`, `was_slot`: the time before this one, of a place given to a whole
    book that of last time; None and empty where there was none. `tell_by`: the last day on which it is still in time.
    """

    customer_code: str
    customer_name: str
    phone: str
    book_code: str
    kind: NoticeKind
    number: str
    day: date
    slot: str
    was_day: date | None
    was_slot: str
    tell_by: date
    channel: BookingChannel | None


def notices(session: Session, *, now: datetime, first: date | None = None, last: date | None = None) -> tuple[Notice, ...]:
    """Whom to tell of their times from `first` (None: tomorrow) to `last`, in the order of days, books and houses."""
    first = first or local_day(now) + timedelta(days=1)
    last = last or first + timedelta(days=FARTHEST)
    rows = session.exec(
        select(Ticket, Customer)
        .join(
            Customer, (col(Customer.office_id) == Ticket.office_id) & (col(Customer.customer_code) == Ticket.customer_code)
        )
        .where(
            Ticket.office_id == office_of(session),
            Ticket.kind == TicketKind.APPOINTMENT,
            Ticket.day >= first,
            Ticket.day <= last,
            col(Ticket.number).is_not(None),
            col(Ticket.state).in_((TicketState.BOOKED, TicketState.CANCELLED)),
        )
        .order_by(col(Ticket.day), col(Customer.book_code), col(Customer.position), col(Ticket.slot), col(Ticket.number))
    ).all()
    before = _times_before(session, first=first, last=last)
    usual = _last_times(session, before=first)
    again = {ticket.customer_code for ticket, _ in rows if ticket.state is TicketState.BOOKED}
    notice_days = the_rules(session).notice_days
    found = []
    for ticket, customer in rows:
        kind = _kind(ticket, before)
        if kind is None or (kind is NoticeKind.CANCELLED and ticket.customer_code in again):
            continue  # told already by whoever booked it; or told of the new time instead
        was = before.get(ticket.ticket_id) or usual.get(customer.customer_code, (None, None))
        found.append(_notice(ticket, customer, kind, was, tell_by=ticket.day - timedelta(days=notice_days)))
    return tuple(found)


# --- inside -----------------------------------------------------------------------------------------------------------


def _kind(ticket: Ticket, before: Mapping[UUID, Any]) -> NoticeKind | None:
    if ticket.state is TicketState.CANCELLED:
        return NoticeKind.CANCELLED
    if ticket.ticket_id in before:
        return NoticeKind.CHANGED
    return NoticeKind.GIVEN if ticket.channel is BookingChannel.SPREAD else None


def _notice(
    ticket: Ticket, customer: Customer, kind: NoticeKind, was: tuple[date | None, int | None], *, tell_by: date
) -> Notice:
    return Notice(
        customer_code=customer.customer_code,
        customer_name=customer.name,
        phone=customer.phone,
        book_code=customer.book_code,
        kind=kind,
        number=number_text(ticket.letter, ticket.number),
        day=ticket.day,
        slot=slot_text(ticket.slot),
        was_day=was[0],
        was_slot=slot_text(was[1]),
        tell_by=tell_by,
        channel=ticket.channel,
    )


def _times_before(session: Session, *, first: date, last: date) -> dict[UUID, tuple[date | None, int | None]]:
    """For each changed ticket of these days the time it had before its last change."""
    changed = select(TicketMove.ticket_id).where(
        TicketMove.office_id == office_of(session),
        TicketMove.kind == TicketMoveKind.CHANGED,
        TicketMove.day >= first,
        TicketMove.day <= last,
    )
    moves: Sequence[Any] = session.exec(
        select(TicketMove.ticket_id, TicketMove.kind, col(TicketMove.day), col(TicketMove.slot))
        .where(TicketMove.office_id == office_of(session), col(TicketMove.ticket_id).in_(changed))
        .order_by(col(TicketMove.ticket_id), col(TicketMove.step))
    ).all()
    found: dict[UUID, tuple[date | None, int | None]] = {}
    stood: dict[UUID, tuple[date | None, int | None]] = {}
    for ticket_id, kind, day, slot in moves:
        if kind is TicketMoveKind.CHANGED and ticket_id in stood:
            found[ticket_id] = stood[ticket_id]
        stood[ticket_id] = (day, slot)
    return found


def _last_times(session: Session, *, before: date) -> dict[str, tuple[date | None, int | None]]:
    """The time each customer was given by the last spreading before a day."""
    rows = session.exec(
        select(Ticket.customer_code, col(Ticket.day), col(Ticket.slot))
        .where(
            Ticket.office_id == office_of(session),
            Ticket.channel == BookingChannel.SPREAD,
            Ticket.day < before,
            Ticket.day >= before - timedelta(days=LOOKED_BACK),
        )
        .order_by(col(Ticket.day))
    ).all()
    return {code: (day, slot) for code, day, slot in rows if code is not None}


__all__ = ["Notice", "NoticeKind", "notices"]
