"""What the acts share: today and its rules, a ticket found and locked, what happened written down, the room counted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from counter import journal
from counter.clock import day_text, local_day
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.queue.office_rules import OfficeRules, rules_of
from counter.queue.refusals import DayOver, TicketElsewhere, UnknownTicket
from counter.queue.rules import ACTS, APART, MOVES, OVER, Pace, number_text
from counter.text import safe_text
from db.fast import is_postgres, run, run_many, run_one
from db.fast_queue import TICKET_MOVES
from db.scope import OFFICE_TILL, mark_changed, office_of
from db.states import RoomMoveKind, TicketMoveKind
from db.tables import QueueDay, QueueNumber, QueueOffice, Ticket

_NUMBER = re.compile(r"([A-Za-z])0*([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Today:
    """A day of the queue as an act finds it."""

    day: date
    room_cap: int
    inside: int
    room_moves: int
    tills: int
    rules: OfficeRules
    figures: Mapping[str, Any]

    def pace(self, service_code: str) -> Pace:
        """How quickly the line for a service moves: 30 days' figures where there are enough, else the office's own."""
        measured = self.figures.get("services", {}).get(service_code)
        if measured is not None:
            return Pace(float(measured["minutes"]), float(measured["cv"]), max(1, self.tills))
        service = self.rules.services.get(service_code) or next(iter(self.rules.services.values()))
        return Pace(service.minutes, service.cv, max(1, self.tills))


def own_rules(session: Session) -> str | None:
    """The office's own rules as they were given; None where it has none."""
    return session.exec(select(QueueOffice.content).where(QueueOffice.office_id == office_of(session))).first()


def the_rules(session: Session) -> OfficeRules:
    """The rules in force at this office."""
    return rules_of(own_rules(session))


def read_today(session: Session, *, day: date, now_minute: int) -> SimpleNamespace | None:
    """The row of a day with the office's rules and the tills planned at a minute; None before the day is laid out."""
    return run_one(session, "queue_now", office_id=office_of(session), day=day, now_minute=now_minute)


def as_today(row: SimpleNamespace) -> Today:
    """What `read_today` found, as facts. Raises DayOver."""
    if row.ended_at is not None:
        raise DayOver(day=day_text(row.day))
    rules = rules_of(row.content)
    tills = rules.tills or 1 if row.tills is None else row.tills
    return Today(row.day, row.room_cap, row.inside, row.room_moves, tills, rules, json.loads(row.figures))


def is_over(session: Session, *, day: date, now: datetime) -> bool:
    """Whether the queue of a day is over: the day has gone by, or a supervisor ended it.

    It is judged anew each time it is asked and no act of another day writes it down: a clock that was wrong for a while has
    ended nothing once it is right again.
    """
    if day < local_day(now):
        return True
    row = session.get(QueueDay, (office_of(session), day))
    return row is not None and row.ended_at is not None


# --- tickets ----------------------------------------------------------------------------------------------------------


def locked(session: Session, ticket_id: UUID) -> SimpleNamespace:
    """The ticket, held until the commit. Raises UnknownTicket."""
    found = run_one(session, "ticket_lock", office_id=office_of(session), ticket_id=ticket_id)
    if found is None:
        raise UnknownTicket(ticket=str(ticket_id)[:8])
    return found


def ticket_called(session: Session, *, text: str, day: date) -> UUID:
    """The id of the ticket of that day whose number (`A012`, `a12`) or id is `text`. Raises UnknownTicket."""
    found = _NUMBER.fullmatch(text.strip())
    wanted = select(Ticket.ticket_id).where(Ticket.office_id == office_of(session))
    if found:
        wanted = wanted.where(Ticket.day == day, Ticket.letter == found[1].upper(), Ticket.number == int(found[2]))
    else:
        try:
            wanted = wanted.where(Ticket.ticket_id == UUID(text.strip()))
        except ValueError:
            raise UnknownTicket(ticket=safe_text(text, limit=20)) from None
    ticket_id = session.exec(wanted).first()
    if ticket_id is None:
        raise UnknownTicket(ticket=safe_text(text, limit=40))
    return ticket_id


def same_move(
    session: Session, move_id: UUID, *kinds: TicketMoveKind, ticket_id: UUID | None = None, till: str | None = None
) -> SimpleNamespace | None:
    """The ticket that this very act already moved; None for a new act. Raises SameIdOtherFacts."""
    before = run_one(session, "ticket_move_get", office_id=office_of(session), move_id=move_id)
    if before is None:
        return None
    if before.kind not in kinds or ticket_id not in (None, before.ticket_id) or till not in (None, before.till_code):
        raise SameIdOtherFacts
    return run_one(session, "ticket_get", office_id=office_of(session), ticket_id=before.ticket_id)


def may(ticket: SimpleNamespace, kind: TicketMoveKind) -> None:
    """Whether the act may be done with the ticket as it is. Raises TicketElsewhere."""
    if ticket.state not in ACTS[kind][0]:
        raise TicketElsewhere(number=shown(ticket), state=ticket.state)


def must_run(session: Session, now: datetime, ticket: SimpleNamespace) -> None:
    """Nothing is done any more with a ticket of a day that is over. Raises DayOver."""
    if is_over(session, day=ticket.day, now=now):
        raise DayOver(day=day_text(ticket.day))


def close_ticket(session: Session, now: datetime, ticket: SimpleNamespace) -> None:
    """Write down what became of a ticket that a day which is over left open, because somebody needs its place."""
    ticket.ended_at = now
    write(session, now, ticket, move_id=new_id(), kind=OVER[ticket.state], by=None)


def shown(ticket: SimpleNamespace) -> str:
    """The number, or the beginning of the id before there is one."""
    return number_text(ticket.letter, ticket.number) or str(ticket.ticket_id)[:8]


def new_ticket(ticket_id: UUID, now: datetime, **facts: Any) -> SimpleNamespace:
    """A ticket that is not written yet, without any move."""
    empty = dict.fromkeys(TICKET_MOVES) | {"calls": 0, "is_inside": False, "moves": 0, "number": None}
    return SimpleNamespace(ticket_id=ticket_id, made_at=now, **(empty | facts))


def write(
    session: Session, now: datetime, ticket: SimpleNamespace, *, move_id: UUID, kind: TicketMoveKind, by: UUID | None
) -> None:
    """Set the state the act leaves, save the ticket and write down what happened. An act out of order is a bug."""
    is_new = ticket.moves == 0
    move = move_row(session, now, ticket, move_id=move_id, kind=kind, by=by)
    row = {**vars(ticket), "office_id": move["office_id"]}
    run(session, "ticket_insert" if is_new else "ticket_save", **row)
    run(session, "ticket_move_insert", **move)
    mark_changed(session)


def write_issued(session: Session, now: datetime, ticket: SimpleNamespace, *, by: UUID | None) -> bool:
    """Take a place of the ticket's slot and a number, write it with its first move; False where the slot is full by now.

    A place of a full slot is taken where `is_forced`; a ticket without a slot takes none. `rank_at` comes as that of number
    0. PostgreSQL does it all in one statement, so that those who wait for the same rows wait for one round trip.
    """
    key = {"office_id": office_of(session), "day": ticket.day}
    if is_postgres(session):
        move = move_row(session, now, ticket, move_id=ticket.ticket_id, kind=TicketMoveKind.ISSUED, by=by)
        name = "issue_without_slot" if ticket.slot is None else "issue_in_slot"
        row = run_one(session, name, **{**move, **vars(ticket), "act": move["kind"]})
        if row is None:
            ticket.moves = 0
            return False
        ticket.number, ticket.rank_at = row.number, row.rank_at
        mark_changed(session)
        return True
    if ticket.slot is not None and run(session, "walk_in_take", **key, slot=ticket.slot, is_forced=ticket.is_forced) == 0:
        return False
    ticket.number = take_number(session, day=ticket.day, letter=ticket.letter)
    ticket.rank_at += ticket.number * APART
    write(session, now, ticket, move_id=ticket.ticket_id, kind=TicketMoveKind.ISSUED, by=by)
    return True


def write_new(
    session: Session, now: datetime, tickets: Sequence[SimpleNamespace], *, kind: TicketMoveKind, by: UUID | None
) -> None:
    """Many new tickets at once, each with its first move."""
    moves = [move_row(session, now, one, move_id=one.ticket_id, kind=kind, by=by) for one in tickets]
    run_many(session, "ticket_insert", [{**vars(one), "office_id": office_of(session)} for one in tickets])
    run_many(session, "ticket_move_insert", moves)
    mark_changed(session)


def move_row(
    session: Session, now: datetime, ticket: SimpleNamespace, *, move_id: UUID, kind: TicketMoveKind, by: UUID | None
) -> dict[str, Any]:
    """The next move of a ticket, which now has the state the act leaves."""
    _from, to = ACTS[kind]
    assert to is not None
    if ticket.moves and to not in MOVES[ticket.state]:
        raise AssertionError(f"no move {ticket.state} -> {to}")
    ticket.state, ticket.moves = to, ticket.moves + 1
    same = ("ticket_id", "state", "day", "letter", "number", "slot", "service_code", "till_code")
    return {
        "office_id": office_of(session),
        "move_id": move_id,
        "step": ticket.moves,
        "kind": kind,
        "at": now,
        "actor_id": by,
        **{name: getattr(ticket, name) for name in same},
    }


def take_number(session: Session, *, day: date, letter: str) -> int:
    """The next number of a letter on a day: two never get the same; a rollback gives it back."""
    row = run_one(session, "queue_number_take", office_id=office_of(session), day=day, letter=letter)
    if row is None:
        raise LookupError(f"{day} has no numbers of letter {letter!r}")
    return int(row.next_number) - 1


def take_numbers(session: Session, *, day: date, letter: str, count: int) -> int:
    """The first of `count` numbers of a letter on a day that follow each other."""
    row = session.get_one(QueueNumber, (office_of(session), day, letter), with_for_update=True, populate_existing=True)
    first = row.next_number
    row.next_number += count
    session.add(row)
    session.flush()
    return first


# --- the room ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Room:
    """The room of a day, locked: who changes it stands in line."""

    day: date
    cap: int
    inside: int
    moves: int

    @property
    def is_full(self) -> bool:
        """Whether nobody more may come in."""
        return self.inside >= self.cap


def lock_room(session: Session, day: date) -> Room:
    """The room of a day that was laid out, held until the commit. Raises DayOver."""
    row = run_one(session, "queue_day_lock", office_id=office_of(session), day=day)
    if row is None:
        raise LookupError(f"{day} is not laid out")
    if row.ended_at is not None:
        raise DayOver(day=day_text(day))
    return Room(row.day, row.room_cap, row.inside, row.room_moves)


def change_room(
    session: Session,
    now: datetime,
    room: Room,
    *,
    move_id: UUID,
    kind: RoomMoveKind,
    change: int,
    by: UUID | None,
    ticket_id: UUID | None = None,
) -> None:
    """So many more (or fewer) people inside, written down with the cap that held. Below zero is zero: a guard's slip."""
    change = max(change, -room.inside)
    room.inside, room.moves = room.inside + change, room.moves + 1
    office_id = office_of(session)
    run(
        session,
        "queue_day_room",
        office_id=office_id,
        day=room.day,
        inside=room.inside,
        room_moves=room.moves,
        room_cap=room.cap,
    )
    run(
        session,
        "room_move_insert",
        office_id=office_id,
        day=room.day,
        seq=room.moves,
        move_id=move_id,
        kind=kind,
        change=change,
        inside=room.inside,
        room_cap=room.cap,
        ticket_id=ticket_id,
        at=now,
        actor_id=by,
    )
    mark_changed(session)


def go_out(session: Session, now: datetime, room: Room, ticket: SimpleNamespace, *, move_id: UUID, by: UUID | None) -> None:
    """The ticket's customer leaves the room, unless outside already."""
    if ticket.is_inside:
        ticket.is_inside = False
        change_room(session, now, room, move_id=move_id, kind=RoomMoveKind.OUT, change=-1, by=by, ticket_id=ticket.ticket_id)


def note(session: Session, now: datetime, *, kind: str, day: date, by: UUID | None, facts: dict[str, Any]) -> None:
    """One row in the office's own journal about the queue of `day`."""
    journal.append(
        session,
        now,
        till_code=OFFICE_TILL,
        kind=f"queue.{kind}",
        business_day=local_day(now),
        actor_id=by,
        facts={"queue_day": day, **facts},
    )


__all__ = [
    "Room",
    "Today",
    "as_today",
    "change_room",
    "close_ticket",
    "go_out",
    "is_over",
    "lock_room",
    "locked",
    "may",
    "must_run",
    "new_ticket",
    "note",
    "own_rules",
    "read_today",
    "same_move",
    "shown",
    "take_number",
    "take_numbers",
    "the_rules",
    "ticket_called",
    "write",
    "write_issued",
    "write_new",
]
