"""An appointment: a place on offer, booked, changed, cancelled. A slot never gives away more than it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.clock import day_text, local_day, local_text
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.queue.capacity import SLOT
from counter.queue.days import lay_out
from counter.queue.inside import (
    Today,
    close_ticket,
    is_over,
    locked,
    may,
    must_run,
    new_ticket,
    same_move,
    shown,
    take_number,
    write,
)
from counter.queue.refusals import (
    AlreadyBooked,
    DayClosed,
    DraftGone,
    NoSuchSlot,
    SlotFull,
    SlotKept,
    SlotPast,
    UnknownBooker,
)
from counter.queue.rules import OVER, kept_places, number_text, period_of, slot_instant, slot_text
from counter.queue.views import TicketFacts, facts_of
from counter.text import safe_text
from db.fast import run_one
from db.scope import office_of
from db.states import BookingChannel, TicketKind, TicketMoveKind, TicketState
from db.tables import Customer, QueueSlot, Ticket

LIVE = (
    TicketState.DRAFT,
    TicketState.BOOKED,
    TicketState.WAITING,
    TicketState.CALLED,
    TicketState.HELD,
    TicketState.SERVED,
)
"""A booking in one of these is the customer's one booking of its month."""
OFFERED = 3
"""Free times that a refusal names."""


def hold_slot(
    session: Session,
    now: datetime,
    *,
    ticket_id: UUID,
    day: date,
    slot: int,
    class_code: str = "",
    service_code: str = "",
    by: UUID | None,
) -> TicketFacts:
    """Keep a place while the customer decides; `book` with the same id makes it a booking, else it is free again.

    `slot` is the minute of the day. Raises DayClosed, DayOver, NoSuchSlot, SlotPast, SlotFull, SlotKept, UnknownClass,
    UnknownService.
    """
    before = run_one(session, "ticket_get", office_id=office_of(session), ticket_id=ticket_id)
    if before is not None:
        if (before.day, before.slot) != (day, slot):
            raise SameIdOtherFacts
        return facts_of(session, before)
    the_day = lay_out(session, now, day=day)
    ticket = _appointment(the_day, now, ticket_id=ticket_id, slot=slot, class_code=class_code, service_code=service_code)
    _claim(session, now, the_day, ticket)
    ticket.held_until = now + timedelta(minutes=the_day.rules.draft_minutes)
    write(session, now, ticket, move_id=ticket_id, kind=TicketMoveKind.DRAFTED, by=by)
    return facts_of(session, ticket)


def book(
    session: Session,
    now: datetime,
    *,
    ticket_id: UUID,
    day: date,
    slot: int,
    customer_code: str,
    class_code: str = "",
    service_code: str = "",
    channel: BookingChannel = BookingChannel.COUNTER,
    by: UUID | None,
) -> TicketFacts:
    """Book a place for a customer and give it its number; a place kept by `hold_slot` under the same id is used.

    Again with the same id and facts: the first booking. Raises UnknownBooker, AlreadyBooked, DraftGone, DayClosed, DayOver,
    NoSuchSlot, SlotPast, SlotFull, SlotKept, UnknownClass, UnknownService.
    """
    before = run_one(session, "ticket_lock", office_id=office_of(session), ticket_id=ticket_id)
    if before is not None and before.state is not TicketState.DRAFT:
        return _booked_before(session, before, day=day, slot=slot, customer_code=customer_code)
    _known(session, customer_code)
    close_open_bookings(session, now, customer_codes=[customer_code], period=period_of(day))
    _refuse_second(session, customer_code=customer_code, day=day, but=ticket_id)
    the_day = lay_out(session, now, day=day)
    ticket = before or _appointment(
        the_day, now, ticket_id=ticket_id, slot=slot, class_code=class_code, service_code=service_code
    )
    if before is None:
        _claim(session, now, the_day, ticket)
    elif (before.day, before.slot) != (day, slot):
        raise SameIdOtherFacts
    elif before.held_until <= now:
        raise DraftGone(until=local_text(before.held_until))
    ticket.customer_code, ticket.period, ticket.channel = customer_code, period_of(day), channel
    ticket.held_until = None
    ticket.number = take_number(session, day=day, letter=ticket.letter)
    move_id = ticket_id if before is None else new_id()
    write(session, now, ticket, move_id=move_id, kind=TicketMoveKind.BOOKED, by=by)
    return facts_of(session, ticket)


def change_booking(
    session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, day: date, slot: int, by: UUID | None
) -> TicketFacts:
    """Another time for a booking; the old place is free. On another day it gets a number of that day.

    Raises UnknownTicket, TicketElsewhere, AlreadyBooked, and what `book` refuses.
    """
    before = same_move(session, move_id, TicketMoveKind.CHANGED, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    may(ticket, TicketMoveKind.CHANGED)
    must_run(session, now, ticket)
    if (ticket.day, ticket.slot) == (day, slot):
        return facts_of(session, ticket)
    if period_of(day) != ticket.period and ticket.customer_code:
        close_open_bookings(session, now, customer_codes=[ticket.customer_code], period=period_of(day))
        _refuse_second(session, customer_code=ticket.customer_code, day=day, but=ticket_id)
    the_day = lay_out(session, now, day=day)
    moved = SimpleNamespace(**{**vars(ticket), "day": day, "slot": slot, "period": period_of(day)})
    _claim(session, now, the_day, moved)  # a refused move has given nothing back and used no number
    _release(session, ticket)
    if day != ticket.day:
        moved.number = take_number(session, day=day, letter=ticket.letter)
    ticket = moved
    write(session, now, ticket, move_id=move_id, kind=TicketMoveKind.CHANGED, by=by)
    return facts_of(session, ticket)


def cancel(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Give a booking, or a place on offer, back. Its number is not given again. Raises UnknownTicket, TicketElsewhere."""
    before = same_move(session, move_id, TicketMoveKind.CANCELLED, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    may(ticket, TicketMoveKind.CANCELLED)
    must_run(session, now, ticket)
    _release(session, ticket)
    ticket.ended_at = now
    write(session, now, ticket, move_id=move_id, kind=TicketMoveKind.CANCELLED, by=by)
    return facts_of(session, ticket)


def release_drafts(session: Session, now: datetime, *, day: date) -> int:
    """Places on offer whose time is over are free again; how many."""
    rows = session.exec(
        select(Ticket.ticket_id).where(
            Ticket.office_id == office_of(session),
            Ticket.day == day,
            Ticket.state == TicketState.DRAFT,
            col(Ticket.held_until) <= now,
        )
    ).all()
    for ticket_id in rows:
        ticket = locked(session, ticket_id)
        if ticket.state is TicketState.DRAFT:
            _release(session, ticket)
            ticket.ended_at = now
            write(session, now, ticket, move_id=new_id(), kind=TicketMoveKind.EXPIRED, by=None)
    return len(rows)


def close_open_bookings(session: Session, now: datetime, *, customer_codes: Sequence[str], period: str) -> None:
    """Bookings that days which are over left open are written down as what became of them: who missed one may book again."""
    rows = session.exec(
        select(Ticket.ticket_id, col(Ticket.day))
        .where(
            Ticket.office_id == office_of(session),
            col(Ticket.customer_code).in_(customer_codes),
            Ticket.period == period,
            Ticket.kind == TicketKind.APPOINTMENT,
            Ticket.day <= local_day(now),
            col(Ticket.state).in_(set(LIVE) & set(OVER)),
        )
        .order_by(col(Ticket.ticket_id))
    ).all()
    for ticket_id, day in rows:
        if is_over(session, day=day, now=now):
            close_ticket(session, now, locked(session, ticket_id))


def live_booking(session: Session, *, customer_code: str, day: date) -> Ticket | None:
    """The customer's one booking of the month of `day`, or None."""
    return session.exec(
        select(Ticket).where(
            Ticket.office_id == office_of(session),
            Ticket.customer_code == customer_code,
            Ticket.period == period_of(day),
            Ticket.kind == TicketKind.APPOINTMENT,
            col(Ticket.state).in_(LIVE),
        )
    ).first()


# --- inside -----------------------------------------------------------------------------------------------------------


def _appointment(
    the_day: Today, now: datetime, *, ticket_id: UUID, slot: int, class_code: str, service_code: str
) -> SimpleNamespace:
    service = the_day.rules.service(service_code)
    return new_ticket(
        ticket_id,
        now,
        day=the_day.day,
        letter=service.letter,
        kind=TicketKind.APPOINTMENT,
        state=TicketState.DRAFT,
        service_code=service.code,
        class_code=the_day.rules.priority(class_code).code,
        slot=slot,
    )


def _claim(session: Session, now: datetime, the_day: Today, ticket: SimpleNamespace) -> None:
    """Take a place of the ticket's slot; the slot's row is held, so two never take the last one."""
    day, slot = the_day.day, ticket.slot
    release_drafts(session, now, day=day)
    row = session.get(QueueSlot, (office_of(session), day, slot), with_for_update=True, populate_existing=True)
    if row is None:
        reason = the_day.rules.why_closed(day)
        if reason:
            raise DayClosed(day=day_text(day), reason=reason)
        raise NoSuchSlot(slot=slot_text(slot), day=day_text(day), free=_free(session, now, the_day, ticket))
    facts = {"slot": slot_text(slot), "day": day_text(day)}
    if slot_instant(day, slot) + timedelta(minutes=SLOT) <= now:
        raise SlotPast(**facts, free=_free(session, now, the_day, ticket))
    if row.booked >= row.bookable:
        raise SlotFull(**facts, free=_free(session, now, the_day, ticket))
    if row.booked + _kept(session, row, the_day, ticket, now) >= row.bookable:
        raise SlotKept(**facts, free=_free(session, now, the_day, ticket))
    row.booked += 1
    session.add(row)
    session.flush()


def _kept(session: Session, row: QueueSlot, the_day: Today, ticket: SimpleNamespace, now: datetime) -> int:
    """Places of the slot that this ticket may not take: those kept for priority classes until the day comes."""
    priority = {code for code, one in the_day.rules.classes.items() if one.ahead > 0}
    if not row.is_kept or ticket.class_code in priority or the_day.day <= local_day(now):
        return 0
    taken = session.exec(
        select(func.count()).where(
            Ticket.office_id == office_of(session),
            Ticket.day == the_day.day,
            Ticket.slot == row.minute,
            Ticket.kind == TicketKind.APPOINTMENT,
            col(Ticket.state).in_(LIVE),
            col(Ticket.class_code).in_(priority),
        )
    ).one()
    return kept_places(bookable=row.bookable, for_priority=taken)


def _release(session: Session, ticket: SimpleNamespace) -> None:
    row = session.get_one(
        QueueSlot, (office_of(session), ticket.day, ticket.slot), with_for_update=True, populate_existing=True
    )
    row.booked -= 1
    session.add(row)
    session.flush()


def _free(session: Session, now: datetime, the_day: Today, ticket: SimpleNamespace) -> str:
    """The free times nearest to the one that was wanted, as words; a dash where there are none."""
    rows = session.exec(
        select(QueueSlot).where(
            QueueSlot.office_id == office_of(session), QueueSlot.day == the_day.day, QueueSlot.booked < QueueSlot.bookable
        )
    ).all()
    end = timedelta(minutes=SLOT)
    free = [
        row.minute
        for row in rows
        if slot_instant(the_day.day, row.minute) + end > now
        and row.booked + _kept(session, row, the_day, ticket, now) < row.bookable
    ]
    nearest = sorted(free, key=lambda minute: abs(minute - ticket.slot))[:OFFERED]
    return ", ".join(slot_text(minute) for minute in sorted(nearest)) or "–"


def _known(session: Session, customer_code: str) -> None:
    if session.get(Customer, (office_of(session), customer_code)) is None:
        raise UnknownBooker(customer=safe_text(customer_code, limit=20))


def _refuse_second(session: Session, *, customer_code: str, day: date, but: UUID) -> None:
    """One live booking for a customer and month; the unique index judges two at once, and the second hears it from here."""
    other = live_booking(session, customer_code=customer_code, day=day)
    if other is not None and other.ticket_id != but:
        raise AlreadyBooked(
            customer=customer_code,
            number=number_text(other.letter, other.number),
            day=day_text(other.day),
            slot=slot_text(other.slot),
        )


def _booked_before(session: Session, before: SimpleNamespace, *, day: date, slot: int, customer_code: str) -> TicketFacts:
    if before.kind is not TicketKind.APPOINTMENT or before.customer_code != customer_code:
        raise SameIdOtherFacts
    if before.state is TicketState.EXPIRED:
        raise DraftGone(until=shown(before))
    if before.state is TicketState.BOOKED and (before.day, before.slot) != (day, slot) and before.moves == 1:
        raise SameIdOtherFacts
    return facts_of(session, before)
