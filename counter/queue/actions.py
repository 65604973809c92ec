"""Numbers given, arrivals, holds, who leaves: the acts of reception. Giving a number is a hot path: few locks, held shortly.

Each act carries an id made when the key was pressed; again with the same id it gives its first answer and does nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import day_text, local_day
from counter.errors import SameIdOtherFacts
from counter.queue.capacity import SLOT
from counter.queue.days import today
from counter.queue.inside import (
    Today,
    as_today,
    go_out,
    lock_room,
    locked,
    may,
    must_run,
    new_ticket,
    same_move,
    shown,
    write,
    write_issued,
)
from counter.queue.refusals import NotToday, UnknownBooker
from counter.queue.rules import behind, minute_of, rank, slot_instant, wait_for
from counter.queue.slips import queue_slip
from counter.queue.views import TicketFacts, facts_of
from counter.text import safe_text
from db.fast import run_all, run_one
from db.scope import office_of
from db.states import TicketKind, TicketMoveKind, TicketState
from db.tables import Customer, Ticket

K = TicketMoveKind
TRIES: Final = 100
"""Looks for a place that another till did not take meanwhile; each of them fills somebody's, so this many never happen."""


# --- reception --------------------------------------------------------------------------------------------------------


def issue(
    session: Session,
    now: datetime,
    *,
    ticket_id: UUID,
    class_code: str = "",
    service_code: str = "",
    customer_code: str | None = None,
    by: UUID | None,
) -> TicketFacts:
    """A number for who just came, with the next free time for it; for who has priority, with the time it is now.

    Always given: when the day has no free time left, the ticket has none and stands behind all that have one. Where this
    desk has a printer its slip is noted in the same transaction.

    Raises UnknownClass, UnknownService, UnknownBooker, DayOver.
    """
    for _ in range(TRIES):
        look = _look(session, now, ticket_id=ticket_id)
        if look.is_known:
            return _issued_before(session, ticket_id=ticket_id, customer_code=customer_code)
        now_today = as_today(look)
        service, priority = now_today.rules.service(service_code), now_today.rules.priority(class_code)
        _known_customer(session, customer_code)
        slot = look.next_slot if priority.ahead else look.free_slot
        stands_at = min(look.last_slot + SLOT, 24 * 60 - 1) if slot is None and look.last_slot is not None else slot
        place = rank(day=now_today.day, slot=stands_at, now=now, ahead=priority.ahead)
        ticket = new_ticket(
            ticket_id,
            now,
            day=now_today.day,
            letter=service.letter,
            kind=TicketKind.WALK_IN,
            state=TicketState.WAITING,
            service_code=service.code,
            class_code=priority.code,
            customer_code=customer_code,
            slot=slot,
            arrived_at=now,
            rank_at=place,
            told_minutes=_told(session, now, now_today, service_code=service.code, place=place),
            is_forced=priority.ahead > 0,
        )
        if write_issued(session, now, ticket, by=by):
            queue_slip(session, now, ticket_id=ticket_id)
            return facts_of(session, ticket)
    raise AssertionError("others took every place that was looked at")


def arrive(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Who booked is here, or who was absent or on hold is back. Too late for the promise: waits from now.

    Raises UnknownTicket, NotToday, TicketElsewhere, DayOver.
    """
    before = same_move(session, move_id, K.ARRIVED, K.RETURNED, K.RESUMED, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    if ticket.state is TicketState.ABSENT:
        return come_back(session, now, move_id=move_id, ticket_id=ticket_id, by=by)
    if ticket.state is TicketState.HELD:
        return resume(session, now, move_id=move_id, ticket_id=ticket_id, by=by)
    may(ticket, K.ARRIVED)
    if ticket.day != local_day(now):
        raise NotToday(number=shown(ticket), day=day_text(ticket.day))
    now_today = today(session, now)
    ahead = now_today.rules.classes[ticket.class_code].ahead if ticket.class_code in now_today.rules.classes else 0
    late = now_today.rules.late_minutes
    ticket.arrived_at = now
    ticket.rank_at = rank(day=ticket.day, slot=ticket.slot, now=now, ahead=ahead, number=ticket.number, late=late)
    ticket.told_minutes = _told(session, now, now_today, service_code=ticket.service_code, place=ticket.rank_at)
    write(session, now, ticket, move_id=move_id, kind=K.ARRIVED, by=by)
    return facts_of(session, ticket)


def leave(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Somebody who waited, or did not answer, is gone for good. Raises UnknownTicket, TicketElsewhere."""
    return end_ticket(session, now, move_id=move_id, ticket_id=ticket_id, kind=K.LEFT, by=by)


def hold(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Somebody must fetch something first: out of the line, the place kept. Raises UnknownTicket, TicketElsewhere."""
    return step_aside(session, now, move_id=move_id, ticket_id=ticket_id, kind=K.HELD, by=by)


def resume(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Who was on hold is ready, and stands where they stood. Raises UnknownTicket, TicketElsewhere."""
    before = same_move(session, move_id, K.RESUMED, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    may(ticket, K.RESUMED)
    must_run(session, now, ticket)
    write(session, now, ticket, move_id=move_id, kind=K.RESUMED, by=by)
    return facts_of(session, ticket)


def come_back(session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, by: UUID | None) -> TicketFacts:
    """Who was absent is here after all, and waits behind so many others as the office says.

    Raises UnknownTicket, TicketElsewhere, NotToday, DayOver.
    """
    before = same_move(session, move_id, K.RETURNED, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    may(ticket, K.RETURNED)
    if ticket.day != local_day(now):
        raise NotToday(number=shown(ticket), day=day_text(ticket.day))
    now_today = today(session, now)
    places = now_today.rules.absent_place
    ranks = session.exec(
        select(Ticket.rank_at)
        .where(Ticket.office_id == office_of(session), Ticket.day == ticket.day, Ticket.state == TicketState.WAITING)
        .order_by(col(Ticket.rank_at), col(Ticket.number), col(Ticket.letter))
        .limit(places or 1)
    ).all()
    ticket.rank_at = behind([one for one in ranks if one is not None], places=places, now=now)
    ticket.calls, ticket.till_code, ticket.called_at = 0, None, None
    write(session, now, ticket, move_id=move_id, kind=K.RETURNED, by=by)
    return facts_of(session, ticket)


# --- inside -----------------------------------------------------------------------------------------------------------


def _look(session: Session, now: datetime, *, ticket_id: UUID) -> SimpleNamespace:
    """Today, its free times, and whether this ticket is there already: all in one look."""
    day, minute = local_day(now), minute_of(now)
    facts = {"office_id": office_of(session), "day": day, "ticket_id": ticket_id}
    minutes = {"now_minute": minute, "from_minute": minute - SLOT + 1}
    look = run_one(session, "issue_look", **facts, **minutes)
    if look is None or (look.figured_on != day and look.ended_at is None):
        today(session, now)  # the day's first act lays it out
        look = run_one(session, "issue_look", **facts, **minutes)
    assert look is not None
    return look


def _issued_before(session: Session, *, ticket_id: UUID, customer_code: str | None) -> TicketFacts:
    before = run_one(session, "ticket_get", office_id=office_of(session), ticket_id=ticket_id)
    if before is None or before.kind is not TicketKind.WALK_IN or before.customer_code != customer_code:
        raise SameIdOtherFacts
    return facts_of(session, before)


def _known_customer(session: Session, customer_code: str | None) -> None:
    if customer_code is not None and session.get(Customer, (office_of(session), customer_code)) is None:
        raise UnknownBooker(customer=safe_text(customer_code, limit=20))


def _told(session: Session, now: datetime, now_today: Today, *, service_code: str, place: datetime) -> int:
    """The wait in minutes that is told now: kept with the ticket, so that the day's error can be measured."""
    rows = run_all(
        session,
        "line_before",
        office_id=office_of(session),
        day=now_today.day,
        rank=place,
        until=minute_of(place) if local_day(place) == now_today.day else 0,
    )
    ahead = sum(row.people for row in rows if row.slot is None)
    coming = [
        ((slot_instant(now_today.day, row.slot) - now) / timedelta(minutes=1), row.people)
        for row in rows
        if row.slot is not None and row.slot >= minute_of(now) - SLOT
    ]
    return wait_for(ahead=ahead, pace=now_today.pace(service_code), coming=coming).minutes


def end_ticket(
    session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, kind: TicketMoveKind, by: UUID | None
) -> TicketFacts:
    ticket = _aside(session, now, move_id=move_id, ticket_id=ticket_id, kind=kind, by=by)
    if isinstance(ticket, TicketFacts):
        return ticket
    ticket.ended_at = now
    write(session, now, ticket, move_id=move_id, kind=kind, by=by)
    return facts_of(session, ticket)


def step_aside(
    session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, kind: TicketMoveKind, by: UUID | None
) -> TicketFacts:
    ticket = _aside(session, now, move_id=move_id, ticket_id=ticket_id, kind=kind, by=by)
    if isinstance(ticket, TicketFacts):
        return ticket
    write(session, now, ticket, move_id=move_id, kind=kind, by=by)
    return facts_of(session, ticket)


def _aside(
    session: Session, now: datetime, *, move_id: UUID, ticket_id: UUID, kind: TicketMoveKind, by: UUID | None
) -> SimpleNamespace | TicketFacts:
    """The ticket, out of the room; or the first answer where this very act was done before."""
    before = same_move(session, move_id, kind, ticket_id=ticket_id)
    if before is not None:
        return facts_of(session, before)
    seen = run_one(session, "ticket_get", office_id=office_of(session), ticket_id=ticket_id)
    room = lock_room(session, seen.day) if seen is not None and seen.is_inside else None
    ticket = locked(session, ticket_id)
    may(ticket, kind)
    must_run(session, now, ticket)
    if room is not None:
        go_out(session, now, room, ticket, move_id=move_id, by=by)
    return ticket
