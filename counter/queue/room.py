"""The room: the guard counts with one key, lets the next ones in while there is space, and puts a wrong count right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter.errors import SameIdOtherFacts
from counter.queue.calling import room_full
from counter.queue.days import MOST_PEOPLE, today
from counter.queue.inside import change_room, lock_room, note, room_move, same_move, write
from counter.queue.refusals import NobodyWaiting, NotACount, RoomFull
from counter.queue.views import TicketFacts, facts_of
from db.fast import run_one
from db.scope import office_of
from db.states import RoomMoveKind, TicketMoveKind


@dataclass(frozen=True, slots=True)
class RoomNow:
    """How many people are inside, and may be."""

    inside: int
    room_cap: int

    @property
    def is_full(self) -> bool:
        """Whether nobody more may come in."""
        return self.inside >= self.room_cap


def somebody_in(session: Session, now: datetime, *, move_id: UUID, by: UUID | None) -> RoomNow:
    """The guard saw one more come in: a fact, even above the cap (nobody is called then)."""
    return _guard(session, now, move_id=move_id, change=1, by=by)


def somebody_out(session: Session, now: datetime, *, move_id: UUID, by: UUID | None) -> RoomNow:
    """The guard saw one leave."""
    return _guard(session, now, move_id=move_id, change=-1, by=by)


def count_room(session: Session, now: datetime, *, move_id: UUID, people: int, by: UUID | None) -> RoomNow:
    """The guard counted the room: so many are inside, whatever was thought before. Raises NotACount, DayOver."""
    if not 0 <= people <= MOST_PEOPLE:
        raise NotACount(text=str(people)[:20], least=0, most=MOST_PEOPLE)
    before = room_move(session, move_id)
    if before is not None:
        if before.kind is not RoomMoveKind.GUARD or before.inside != people:
            raise SameIdOtherFacts
        return RoomNow(before.inside, before.room_cap)
    room = lock_room(session, today(session, now).day)
    was = room.inside
    change_room(session, now, room, move_id=move_id, kind=RoomMoveKind.GUARD, change=people - was, by=by)
    note(session, now, kind="room", day=room.day, by=by, facts={"seq": room.moves, "was": was, "inside": people})
    return RoomNow(room.inside, room.cap)


def let_in_next(session: Session, now: datetime, *, move_id: UUID, till_code: str = "", by: UUID | None) -> TicketFacts:
    """The first of the line who is still outside comes in to wait inside. Raises NobodyWaiting, RoomFull, DayOver."""
    before = same_move(session, move_id, TicketMoveKind.LET_IN)
    if before is not None:
        return facts_of(session, before)
    room = lock_room(session, today(session, now).day)
    ticket = run_one(session, "line_next_outside", office_id=office_of(session), day=room.day)
    if ticket is None:
        raise NobodyWaiting
    if room.is_full:
        raise room_full(session, room)
    ticket.is_inside = True
    change_room(session, now, room, move_id=move_id, kind=RoomMoveKind.LET_IN, change=1, by=by, ticket_id=ticket.ticket_id)
    write(session, now, ticket, move_id=move_id, kind=TicketMoveKind.LET_IN, by=by)
    return facts_of(session, ticket)


def _guard(session: Session, now: datetime, *, move_id: UUID, change: int, by: UUID | None) -> RoomNow:
    before = room_move(session, move_id)
    if before is not None:
        if before.kind is not RoomMoveKind.GUARD or (before.change > 0) != (change > 0):
            raise SameIdOtherFacts
        return RoomNow(before.inside, before.room_cap)
    room = lock_room(session, today(session, now).day)
    change_room(session, now, room, move_id=move_id, kind=RoomMoveKind.GUARD, change=change, by=by)
    return RoomNow(room.inside, room.cap)


__all__ = ["RoomFull", "RoomNow", "count_room", "let_in_next", "somebody_in", "somebody_out"]
