"""The queue's hot statements: give a number, call the next. Compiled and run by db/fast.py."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Boolean, Integer, bindparam, func, insert, literal_column, null, or_, select, union_all, update
from sqlalchemy.sql import ClauseElement
from sqlmodel import SQLModel

from db.fast import Suffixed, _insert, _key, _table
from db.tables import QueueDay, QueueNumber, QueueOffice, QueueSlot, RoomMove, Ticket, TicketMove, Till

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
        "ticket_move_get": select(
            *(move.c[name] for name in ("ticket_id", "kind", "till_code", "step", "day", "slot", "service_code"))
        ).where(*_key(TicketMove, "office_id", "move_id")),
    }


def _day_columns(day: Any) -> list[Any]:
    return [day.c[name] for name in ("day", "room_cap", "inside", "room_moves", "figures", "figured_on", "ended_at")]


def _tills(slot: Any) -> Any:
    """The tills planned for the slot that has begun last; before the first one those of the first."""
    has_begun = slot.c.minute <= bindparam("now_minute", type_=Integer())

    def the_first(order: Any, *rules: Any) -> Any:
        of_the_day = select(slot.c.tills).where(*_key(QueueSlot, "office_id", "day"), *rules).order_by(order)
        return of_the_day.limit(literal_column("1")).offset(_NONE).correlate(None).scalar_subquery()

    return func.coalesce(the_first(slot.c.minute.desc(), has_begun), the_first(slot.c.minute))


def _days() -> dict[str, ClauseElement | Suffixed]:
    day, slot, office, till = (_table(model) for model in (QueueDay, QueueSlot, QueueOffice, Till))
    room = {name: bindparam(name, type_=day.c[name].type) for name in ("inside", "room_moves", "room_cap")}
    return {
        "queue_now": select(*_day_columns(day), office.c.content, _tills(slot).label("tills"))
        .select_from(day.outerjoin(office, office.c.office_id == day.c.office_id))
        .where(*_key(QueueDay, "office_id", "day")),
        "queue_day_lock": select(*_day_columns(day)).where(*_key(QueueDay, "office_id", "day")).with_for_update(),
        "queue_day_room": update(day).values(room).where(*_key(QueueDay, "office_id", "day")),
        "room_move_insert": _insert(RoomMove),
        "till_get": select(till.c.till_code).where(*_key(Till, "office_id", "till_code")),
    }


def _free(slot: Any) -> Any:
    """A place kept for who just comes, or one for a booking that nobody has booked."""
    return or_(slot.c.walked < slot.c.walk_ins, slot.c.booked + slot.c.walked < slot.c.bookable + slot.c.walk_ins)


def _take(slot: Any) -> Any:
    """One place of a slot, judged on the row itself; of a full one only where it is forced."""
    return (
        update(slot)
        .values(walked=slot.c.walked + literal_column("1"))
        .where(
            *_key(QueueSlot, "office_id", "day"),
            slot.c.minute == bindparam("slot", type_=Integer()),
            or_(bindparam("is_forced", type_=Boolean()), _free(slot)),
        )
    )


def _number(number: Any) -> Any:
    return (
        update(number)
        .values(next_number=number.c.next_number + literal_column("1"))
        .where(*_key(QueueNumber, "office_id", "day", "letter"))
    )


def _places() -> dict[str, ClauseElement | Suffixed]:
    slot, number, day, ticket = (_table(model) for model in (QueueSlot, QueueNumber, QueueDay, Ticket))
    office = _table(QueueOffice)
    from_now = slot.c.minute >= bindparam("from_minute", type_=Integer())

    def of_the_day(found: Any, *rules: Any) -> Any:
        return select(found).where(*_key(QueueSlot, "office_id", "day"), *rules).correlate(None).scalar_subquery()

    known = select(literal_column("1")).where(*_key(Ticket, "office_id", "ticket_id")).correlate(None).exists()
    return {
        "issue_look": select(
            *_day_columns(day),
            office.c.content,
            _tills(slot).label("tills"),
            of_the_day(func.min(slot.c.minute), from_now, _free(slot)).label("free_slot"),
            of_the_day(func.min(slot.c.minute), from_now).label("next_slot"),
            of_the_day(func.max(slot.c.minute)).label("last_slot"),
            known.label("is_known"),
        )
        .select_from(day.outerjoin(office, office.c.office_id == day.c.office_id))
        .where(*_key(QueueDay, "office_id", "day")),
        "walk_in_take": _take(slot),
        "queue_number_take": _number(number).returning(number.c.next_number),
        "issue_in_slot": _issue(ticket, slot),
        "issue_without_slot": _issue(ticket, None),
    }


def _issue(ticket: Any, slot: Any | None) -> ClauseElement:
    """PostgreSQL: place, number, ticket and its first move in one statement, so that the locks last one round trip.

    Nothing happens where the slot has no place any more; then no row comes back.
    """
    number, move = _table(QueueNumber), _table(TicketMove)
    taking = _number(number)
    if slot is not None:
        place = _take(slot).returning(slot.c.minute).cte("place")
        taking = taking.where(select(place.c.minute).exists())
    taken = taking.returning((number.c.next_number - literal_column("1")).label("number")).cte("taken")
    apart = taken.c.number * literal_column("interval '10 microseconds'")
    known: dict[str, Any] = {c.name: bindparam(c.name, type_=c.type) for c in ticket.columns}
    known |= {"number": taken.c.number, "rank_at": known["rank_at"] + apart}
    made = (
        insert(ticket)
        .from_select(list(known), select(*known.values()).select_from(taken))
        .returning(ticket.c.number, ticket.c.rank_at)
        .cte("made")
    )
    said: dict[str, Any] = {c.name: bindparam("act" if c.name == "kind" else c.name, type_=c.type) for c in move.columns}
    said["number"] = made.c.number
    written = insert(move).from_select(list(said), select(*said.values()).select_from(made)).cte("written")
    return select(made.c.number, made.c.rank_at).add_cte(written)


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
