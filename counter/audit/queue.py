"""The queue re-added: each number given once, each move legal, nobody called twice, nobody called into a full room."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from counter.queue.rules import ACTS, number_text, slot_text
from db.scope import office_of
from db.states import RoomMoveKind, TicketKind, TicketMoveKind, TicketState
from db.tables import ChecklistSigned, JournalRow, QueueDay, QueueNumber, QueueSlot, RoomMove, Ticket, TicketMove

_LETS_IN = (RoomMoveKind.CALLED, RoomMoveKind.LET_IN)


def queue_numbers(session: Session) -> Iterator[str]:
    """The numbers of a letter and day that were given are 1, 2, 3 … up to the next one, each to one ticket."""
    owners: dict[tuple[Any, str], dict[int, UUID]] = {}
    rows = session.exec(
        select(TicketMove).where(TicketMove.office_id == office_of(session), col(TicketMove.number).is_not(None))
    )
    for move in rows:
        given = owners.setdefault((move.day, move.letter), {})
        first = given.setdefault(move.number or 0, move.ticket_id)
        if first != move.ticket_id:
            yield f"{move.day} {number_text(move.letter, move.number)}: given to two tickets"
    counters = {(row.day, row.letter): row.next_number for row in _all(session, QueueNumber)}
    for key in {*owners, *counters}:
        numbers = owners.get(key, {})
        fits = sorted(numbers) == list(range(1, counters.get(key, 1)))
        yield "" if fits else f"{key[0]} {key[1]}: {len(numbers)} numbers given, next {counters.get(key)}"


def queue_tickets(session: Session) -> Iterator[str]:
    """A ticket's moves follow each other by the table of acts, and the ticket is what the last one says."""
    moves: dict[UUID, list[TicketMove]] = {}
    rows = session.exec(
        select(TicketMove)
        .where(TicketMove.office_id == office_of(session))
        .order_by(col(TicketMove.ticket_id), col(TicketMove.step))
    )
    for move in rows:
        moves.setdefault(move.ticket_id, []).append(move)
    for ticket in _all(session, Ticket):
        fault = _history_fault(ticket, moves.pop(ticket.ticket_id, []))
        yield f"{ticket.day} {number_text(ticket.letter, ticket.number)}: {fault}" if fault else ""
    for ticket_id in moves:
        yield f"{ticket_id}: its ticket is gone"


def _history_fault(ticket: Ticket, history: list[TicketMove]) -> str:
    before: TicketState | None = None
    for place, move in enumerate(history, 1):
        found, left = ACTS[move.kind]
        may_begin = before is None and (not found or move.kind is TicketMoveKind.BOOKED)
        if move.step != place or move.state is not left or not (may_begin or before in found):
            return f"move {move.step} {move.kind} does not follow {before}"
        before = move.state
    if not history:
        return "without any move"
    last = history[-1]
    same = ("state", "day", "letter", "number", "slot", "service_code", "till_code")
    fits = ticket.moves == last.step and all(getattr(ticket, name) == getattr(last, name) for name in same)
    return "" if fits else "is not what its last move says"


def queue_room(session: Session) -> Iterator[str]:
    """The room's count re-added move by move; whoever was called or let in was within the cap; the day ends as they say."""
    office_id = office_of(session)
    days = {row.day: row for row in _all(session, QueueDay)}
    said = {row.day: (0, 0, row.room_cap if row.room_moves == 0 else None) for row in days.values()}
    steps: dict[Any, Counter[UUID]] = {}
    rows = session.exec(
        select(RoomMove).where(RoomMove.office_id == office_id).order_by(col(RoomMove.day), col(RoomMove.seq))
    )
    for move in rows:
        seq, inside, _cap = said.get(move.day, (0, 0, None))
        fits = move.seq == seq + 1 and move.inside == inside + move.change
        within = move.kind not in _LETS_IN or (move.change == 1 and move.inside <= move.room_cap)
        yield "" if fits and within else f"{move.day} room {move.seq}: {move.inside} of {move.room_cap} after {move.kind}"
        said[move.day] = (move.seq, move.inside, move.room_cap)
        if move.ticket_id is not None:
            steps.setdefault(move.day, Counter())[move.ticket_id] += 1 if move.kind in _LETS_IN else -1
    for day, row in days.items():
        now = (row.room_moves, row.inside, row.room_cap)
        yield "" if said[day] == now else f"{day} room: the day says {now}, the moves {said[day]}"
    for ticket in _all(session, Ticket):
        day_row = days.get(ticket.day)
        if day_row is not None and day_row.ended_at is None:
            fits = steps.get(ticket.day, Counter())[ticket.ticket_id] == ticket.is_inside
            yield "" if fits else f"{ticket.day} {number_text(ticket.letter, ticket.number)}: inside or not?"


def queue_slots(session: Session) -> Iterator[str]:
    """The places given in each slot are the tickets that hold them."""
    booked: Counter[tuple[Any, int | None]] = Counter()
    walked: Counter[tuple[Any, int | None]] = Counter()
    for ticket in _all(session, Ticket):
        key = (ticket.day, ticket.slot)
        if ticket.kind is TicketKind.WALK_IN:
            walked[key] += 1
        elif ticket.state not in (TicketState.CANCELLED, TicketState.EXPIRED):
            booked[key] += 1
    for slot in _all(session, QueueSlot):
        key = (slot.day, slot.minute)
        found = (booked.pop(key, 0), walked.pop(key, 0))
        fits = found == (slot.booked, slot.walked)
        yield (
            ""
            if fits
            else f"{slot.day} {slot_text(slot.minute)}: {found} tickets, {(slot.booked, slot.walked)} places given"
        )
    for day, minute in {*booked, *walked}:
        if minute is not None:
            yield f"{day} {slot_text(minute)}: tickets without a slot"


def queue_journal(session: Session) -> Iterator[str]:
    """Checklists, caps and counts of the room are as the journal says, and none is there without it."""
    office_id = office_of(session)
    signed = {(row.till_code, row.day.isoformat()): json.loads(row.content) for row in _all(session, ChecklistSigned)}
    room = {
        (row.day.isoformat(), row.seq): row.room_cap if row.kind is RoomMoveKind.CAP else row.inside
        for row in _all(session, RoomMove)
    }
    caps = {(r.day.isoformat(), r.seq) for r in _all(session, RoomMove) if r.kind is RoomMoveKind.CAP}
    rows = session.exec(
        select(JournalRow).where(
            JournalRow.office_id == office_id, col(JournalRow.kind).in_(("queue.checklist", "queue.cap", "queue.room"))
        )
    )
    for row in rows:
        facts = json.loads(row.content)["facts"]
        if row.kind == "queue.checklist":
            content = signed.pop((facts["till"], facts["queue_day"]), None)
            fits = content == {"items": facts["items"], "remark": facts["remark"]}
        else:
            key = (facts["queue_day"], facts["seq"])
            caps.discard(key)
            fits = room.get(key) == (facts["cap"] if row.kind == "queue.cap" else facts["inside"])
        yield "" if fits else f"{row.till_code}#{row.seq}: {row.kind} differs from the tables"
    for till_code, day in signed:
        yield f"checklist {till_code} {day}: the journal does not know it"
    for day, seq in caps:
        yield f"{day} room {seq}: the journal does not know this cap"


def _all(session: Session, table: Any) -> Iterator[Any]:
    rows = session.exec(select(table).where(table.office_id == office_of(session)).execution_options(yield_per=1000))
    yield from rows


QUEUE_CHECKS = (
    ("queue_numbers", queue_numbers),
    ("queue_tickets", queue_tickets),
    ("queue_room", queue_room),
    ("queue_slots", queue_slots),
    ("queue_journal", queue_journal),
)
