"""The queue's hot statements: give a number, call the next. Compiled and run by db/fast.py."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Integer, bindparam, func, literal_column, null, or_, select, union_all, update
from sqlalchemy.sql import ClauseElement
from sqlmodel import SQLModel

from db.fast import Suffixed, _insert, _key, _table
from db.tables import QueueDay, QueueNumber, QueueOffice, QueueSlot, RoomMove, Ticket, TicketMove

COUNTED_AT_MOST: Final = 500
"""People ahead are counted up to here: a longer line has a fault, and counting it must not slow the next number."""
_NONE: Final[Any] = literal_column("0")
"""An offset that SQLite is given in words: it asks for one beside each limit."""
TICKET_MOVES: Final = (
    *("day", "letter", "number", "state", "service_code", "class_code", "customer_code", "period", "channel", "slot"),
    *("held_until", "arrived_at", "rank_at", "told_minutes", "called_at", "first_called_at", "ended_at", "calls"),
    *("till_code", "wanted_till", "is_inside", "moves"),
)
"""The columns of a ticket that move."""


def queue_statements() -> dict[str, ClauseElement | Suffixed]:
    """By name, for db.fast.run."""
    return {**_tickets(), **_days(), **_places(), **_line()}


def _is(table: Any, column: str, word: str) -> Any:
    """`column = 'WORD'` as text, so that partial indexes fit."""
    return table.c[column] == literal_column(f"'{word}'")


def _columns(model: type[SQLModel]) -> Any:
    return select(*_table(model).c)


def _tickets() -> dict[str, ClauseElement | Suffixed]:
    ticket, move = _table(Ticket), _table(TicketMove)
    return {
        "ticket_insert": _insert(Ticket),
        "ticket_move_insert": _insert(TicketMove),
        "ticket_get": _columns(Ticket).where(*_key(Ticket, "office_id", "ticket_id")),
        "ticket_lock": _columns(Ticket).where(*_key(Ticket, "office_id", "ticket_id")).with_for_update(),
        "ticket_at_till": _columns(Ticket)
        .where(*_key(Ticket, "office_id", "till_code"), _is(ticket, "state", "CALLED"))
        .with_for_update(),
        "ticket_save": update(ticket)
        .values({name: bindparam(name, type_=ticket.c[name].type) for name in TICKET_MOVES})
        .where(*_key(Ticket, "office_id", "ticket_id")),
        "ticket_move_get": select(move.c.ticket_id, move.c.kind, move.c.till_code).where(
            *_key(TicketMove, "office_id", "move_id")
        ),
    }


def _days() -> dict[str, ClauseElement | Suffixed]:
    day, slot, office = (_table(model) for model in (QueueDay, QueueSlot, QueueOffice))
    begun = (
        select(slot.c.tills)
        .where(*_key(QueueSlot, "office_id", "day"), slot.c.minute <= bindparam("now_minute", type_=Integer()))
        .order_by(slot.c.minute.desc())
        .limit(literal_column("1"))
        .offset(_NONE)
        .correlate(None)
        .scalar_subquery()
    )
    day_columns = [day.c[name] for name in ("day", "room_cap", "inside", "room_moves", "figures", "figured_on", "ended_at")]
    room = {name: bindparam(name, type_=day.c[name].type) for name in ("inside", "room_moves", "room_cap")}
    return {
        "queue_now": select(*day_columns, office.c.content, begun.label("tills"))
        .select_from(day.outerjoin(office, office.c.office_id == day.c.office_id))
        .where(*_key(QueueDay, "office_id", "day")),
        "queue_day_lock": select(*day_columns).where(*_key(QueueDay, "office_id", "day")).with_for_update(),
        "queue_day_room": update(day).values(room).where(*_key(QueueDay, "office_id", "day")),
        "room_move_insert": _insert(RoomMove),
    }


def _places() -> dict[str, ClauseElement | Suffixed]:
    slot, number = _table(QueueSlot), _table(QueueNumber)
    from_now = slot.c.minute >= bindparam("from_minute", type_=Integer())
    # A place kept for who just comes, or one for a booking that nobody has booked.
    is_free = or_(slot.c.walked < slot.c.walk_ins, slot.c.booked + slot.c.walked < slot.c.bookable + slot.c.walk_ins)

    def first(*rules: Any) -> Any:
        found = select(func.min(slot.c.minute)).where(*_key(QueueSlot, "office_id", "day"), from_now, *rules)
        return found.correlate(None).scalar_subquery()

    take = update(slot).values(walked=slot.c.walked + literal_column("1")).where(*_key(QueueSlot, "office_id", "day"))
    return {
        # The condition stands twice: two that saw the same free place at once are judged again on the row itself.
        "walk_in_take": take.where(slot.c.minute == first(is_free), is_free).returning(slot.c.minute),
        "last_slot": select(func.max(slot.c.minute).label("minute")).where(*_key(QueueSlot, "office_id", "day")),
        "walk_in_take_now": take.where(slot.c.minute == first()).returning(slot.c.minute),
        "queue_number_take": update(number)
        .values(next_number=number.c.next_number + literal_column("1"))
        .where(*_key(QueueNumber, "office_id", "day", "letter"))
        .returning(number.c.next_number),
    }


def _line() -> dict[str, ClauseElement | Suffixed]:
    ticket = _table(Ticket)
    today = _key(Ticket, "office_id", "day")
    before = ticket.c.rank_at <= bindparam("rank", type_=ticket.c.rank_at.type)
    waiting = (
        select(literal_column("1").label("one"))
        .where(*today, _is(ticket, "state", "WAITING"), before)
        .limit(literal_column(str(COUNTED_AT_MOST)))
        .offset(_NONE)
        .subquery()
    )
    ahead = select(null().label("slot"), func.count().label("people")).select_from(waiting)
    coming = (
        select(ticket.c.slot, func.count().label("people"))
        .where(*today, _is(ticket, "state", "BOOKED"), ticket.c.slot < bindparam("until", type_=Integer()))
        .group_by(ticket.c.slot)
    )
    wanted = or_(ticket.c.wanted_till.is_(None), ticket.c.wanted_till == bindparam("till", type_=ticket.c.wanted_till.type))
    line = (
        _columns(Ticket)
        .where(*today, _is(ticket, "state", "WAITING"))
        .order_by(ticket.c.rank_at, ticket.c.number, ticket.c.letter)
        .limit(literal_column("1"))
        .offset(_NONE)
        .with_for_update(skip_locked=True)
    )
    return {
        "line_before": union_all(coming, ahead),
        "line_next": line.where(wanted),
        "line_next_inside": line.where(wanted, ticket.c.is_inside),
        "line_next_outside": line.where(~ticket.c.is_inside),
    }
