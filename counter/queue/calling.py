"""People called: the acts of a till. The room's row is the one lock that an office's calls share, and it is held shortly."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.locale import _
from counter.office import require_till
from counter.queue.checklist import require_signed
from counter.queue.days import today
from counter.queue.inside import (
    Room,
    Today,
    change_room,
    close_ticket,
    go_out,
    lock_room,
    locked,
    may,
    must_run,
    same_move,
    shown,
    write,
)
from counter.queue.refusals import CalledEnough, NobodyCalled, NobodyWaiting, RoomFull, StillCalled
from counter.queue.rules import number_text
from counter.queue.views import TicketFacts, facts_of
from db.fast import run_one
from db.scope import office_of
from db.states import RoomMoveKind, TicketMoveKind, TicketState
from db.tables import Ticket

K = TicketMoveKind


def call_next(session: Session, now: datetime, *, call_id: UUID, till_code: str, by: UUID | None) -> TicketFacts:
    """Call the first of the line to this till and let them in. Two tills never call one ticket; the cap is never passed.

    Raises NoSuchTill, StillCalled, NobodyWaiting, RoomFull, ChecklistMissing, DayOver.
    """
    before = same_move(session, call_id, K.CALLED, till=till_code)
    if before is not None:
        return facts_of(session, before)
    the_till(session, till_code)
    now_today = today(session, now)
    require_signed(session, now_today, till_code=till_code)
    room = lock_room(session, now_today.day)
    office_id = office_of(session)
    at_till = run_one(session, "ticket_at_till", office_id=office_id, till_code=till_code)
    if at_till is not None and at_till.day == now_today.day:
        raise StillCalled(number=shown(at_till))
    if at_till is not None:  # another day left it there
        close_ticket(session, now, at_till)
    ticket = _first(session, now_today, till_code=till_code, inside_only=False)
    if ticket is None:
        raise NobodyWaiting
    if not ticket.is_inside and room.is_full:
        ticket = _first(session, now_today, till_code=till_code, inside_only=True)
        if ticket is None:
            raise room_full(session, room)
    if not ticket.is_inside:
        ticket.is_inside = True
        change_room(
            session, now, room, move_id=call_id, kind=RoomMoveKind.CALLED, change=1, by=by, ticket_id=ticket.ticket_id
        )
    ticket.till_code, ticket.wanted_till, ticket.called_at, ticket.calls = till_code, None, now, 1
    ticket.first_called_at = ticket.first_called_at or now
    write(session, now, ticket, move_id=call_id, kind=K.CALLED, by=by)
    return facts_of(session, ticket)


def recall(session: Session, now: datetime, *, move_id: UUID, till_code: str, by: UUID | None) -> TicketFacts:
    """Call the till's ticket again. Raises NobodyCalled, CalledEnough."""
    before = same_move(session, move_id, K.RECALLED, till=till_code)
    if before is not None:
        return facts_of(session, before)
    now_today = today(session, now)
    ticket = _at(session, till_code, day=now_today.day)
    if ticket.calls >= now_today.rules.absent_after:
        raise CalledEnough(number=shown(ticket), calls=ticket.calls)
    ticket.calls += 1
    write(session, now, ticket, move_id=move_id, kind=K.RECALLED, by=by)
    return facts_of(session, ticket)


def serve(session: Session, now: datetime, *, move_id: UUID, till_code: str, by: UUID | None) -> TicketFacts:
    """The till's customer is served and leaves the room. Raises NobodyCalled."""
    return _done_with(session, now, move_id=move_id, till_code=till_code, kind=K.SERVED, by=by)


def absent(session: Session, now: datetime, *, move_id: UUID, till_code: str, by: UUID | None) -> TicketFacts:
    """The till's customer does not answer; `come_back` brings them back into the line. Raises NobodyCalled."""
    return _done_with(session, now, move_id=move_id, till_code=till_code, kind=K.ABSENT, by=by)


def serve_and_call_next(session: Session, now: datetime, *, call_id: UUID, till_code: str, by: UUID | None) -> TicketFacts:
    """One key for the usual case: whoever stands here is served, the next one comes. Raises what `call_next` refuses."""
    is_new = same_move(session, call_id, K.CALLED, till=till_code) is None
    at_till = run_one(session, "ticket_at_till", office_id=office_of(session), till_code=till_code) if is_new else None
    if at_till is not None and at_till.day == local_day(now):
        serve(session, now, move_id=new_id(), till_code=till_code, by=by)
    return call_next(session, now, call_id=call_id, till_code=till_code, by=by)


def transfer(
    session: Session,
    now: datetime,
    *,
    move_id: UUID,
    ticket_id: UUID,
    to_till: str | None = None,
    to_service: str = "",
    by: UUID | None,
) -> TicketFacts:
    """To another till, another service, or both; the ticket keeps its number and its place in the line.

    Raises UnknownTicket, TicketElsewhere, NoSuchTill, UnknownService.
    """
    before = same_move(session, move_id, K.TRANSFERRED, ticket_id=ticket_id)
    if before is not None:
        _same_transfer(session, before, move_id=move_id, to_till=to_till, to_service=to_service)
        return facts_of(session, before)
    ticket = locked(session, ticket_id)
    may(ticket, K.TRANSFERRED)
    must_run(session, now, ticket)
    if to_till is not None:
        require_till(session, code=to_till)
    if to_service:
        ticket.service_code = today(session, now).rules.service(to_service).code
    ticket.wanted_till, ticket.till_code, ticket.called_at, ticket.calls = to_till, None, None, 0
    write(session, now, ticket, move_id=move_id, kind=K.TRANSFERRED, by=by)
    return facts_of(session, ticket)


# --- inside -----------------------------------------------------------------------------------------------------------


def _done_with(
    session: Session, now: datetime, *, move_id: UUID, till_code: str, kind: TicketMoveKind, by: UUID | None
) -> TicketFacts:
    """The till's ticket goes out of the room, for good or until it comes back. The room is locked first, as a call does."""
    before = same_move(session, move_id, kind, till=till_code)
    if before is not None:
        return facts_of(session, before)
    room = lock_room(session, today(session, now).day)
    ticket = _at(session, till_code, day=room.day)
    go_out(session, now, room, ticket, move_id=move_id, by=by)
    ticket.ended_at = now if kind is K.SERVED else None
    write(session, now, ticket, move_id=move_id, kind=kind, by=by)
    return facts_of(session, ticket)


def _same_transfer(
    session: Session, ticket: SimpleNamespace, *, move_id: UUID, to_till: str | None, to_service: str
) -> None:
    """The act was told the same service, and the same till as far as the ticket still shows it. Raises SameIdOtherFacts."""
    move = run_one(session, "ticket_move_get", office_id=office_of(session), move_id=move_id)
    assert move is not None
    if to_service not in ("", move.service_code) or (ticket.moves == move.step and ticket.wanted_till != to_till):
        raise SameIdOtherFacts


def the_till(session: Session, till_code: str) -> None:
    """There is a till of that code. Raises NoSuchTill."""
    if run_one(session, "till_get", office_id=office_of(session), till_code=till_code) is None:
        require_till(session, code=till_code)


def _at(session: Session, till_code: str, *, day: date) -> SimpleNamespace:
    ticket = run_one(session, "ticket_at_till", office_id=office_of(session), till_code=till_code)
    if ticket is None or ticket.day != day:
        require_till(session, code=till_code)
        raise NobodyCalled(till=till_code)
    return ticket


def _first(session: Session, now_today: Today, *, till_code: str, inside_only: bool) -> SimpleNamespace | None:
    """The first of the line that this till may call, held; others that are being moved just now are passed over."""
    office_id = office_of(session)
    services = now_today.rules.till_services.get(till_code)
    name = "line_next_inside" if inside_only else "line_next"
    if services is None:
        return run_one(session, name, office_id=office_id, day=now_today.day, till=till_code)
    wanted = select(Ticket.ticket_id).where(
        Ticket.office_id == office_id,
        Ticket.day == now_today.day,
        Ticket.state == TicketState.WAITING,
        col(Ticket.wanted_till).is_(None) | (col(Ticket.wanted_till) == till_code),
        col(Ticket.service_code).in_(services) | (col(Ticket.wanted_till) == till_code),
    )
    if inside_only:
        wanted = wanted.where(col(Ticket.is_inside))
    wanted = wanted.order_by(col(Ticket.rank_at), col(Ticket.number), col(Ticket.letter)).limit(1)
    ticket_id = session.exec(wanted.with_for_update(skip_locked=True)).first()
    return None if ticket_id is None else locked(session, ticket_id)


def room_full(session: Session, room: Room) -> RoomFull:
    """Who leaves next: whoever was called first of those at the tills."""
    row = session.exec(
        select(Ticket.letter, Ticket.number, Ticket.till_code)
        .where(Ticket.office_id == office_of(session), Ticket.day == room.day, Ticket.state == TicketState.CALLED)
        .order_by(col(Ticket.called_at), col(Ticket.number))
        .limit(1)
    ).first()
    number, till = (number_text(row[0], row[1]), row[2]) if row else ("", "")
    first = _("next is {number} at till {till}").format(number=number, till=till) if row else _("nobody is called")
    return RoomFull(inside=room.inside, cap=room.cap, number=number, till=till, next=first)
