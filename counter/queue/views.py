"""What screens, slips, the wall and commands see of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.queue.inside import Today, as_today, is_over, own_rules, read_today, the_rules
from counter.queue.office_rules import OfficeRules, shipped_rules
from counter.queue.refusals import UnknownTicket
from counter.queue.rules import Wait, kept_places, minute_of, number_text, slot_instant, slot_text, state_after, wait_for
from db.fast import run_one
from db.scope import office_of
from db.states import BookingChannel, TicketKind, TicketState
from db.tables import QueueDay, QueueSlot, Ticket

QR_PREFIX = "Q1"
"""The first part of a ticket's QR: what it is, and in which form."""
LISTED = (
    TicketState.CALLED,
    TicketState.WAITING,
    TicketState.HELD,
    TicketState.ABSENT,
    TicketState.BOOKED,
    TicketState.DRAFT,
)
"""The states of a day's list, in this order; what is over is not on it."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket. `number` is empty on offer; `slot` is `09:45` or empty; instants are UTC."""

    ticket_id: UUID
    day: date
    number: str
    kind: TicketKind
    state: TicketState
    service: str
    class_code: str
    customer_code: str | None
    channel: BookingChannel | None
    slot: str
    come_at: datetime | None
    held_until: datetime | None
    arrived_at: datetime | None
    called_at: datetime | None
    calls: int
    till: str
    wanted_till: str
    is_inside: bool
    told_minutes: int | None
    qr: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands: people before it, the wait as estimate and range; None once it is called or over.

    Of who is not in line yet, the wait is that of nobody before them.
    """

    ticket: TicketFacts
    people_ahead: int
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot of a day. `free`: bookings it still takes, beside those `kept` for priority classes until the day comes.

    `arrived`, `served` and `missed` are of those booked in it.
    """

    minute: int
    slot: str
    tills: int
    bookable: int
    walk_ins: int
    booked: int
    walked: int
    free: int
    kept: int
    is_over: bool
    arrived: int
    served: int
    missed: int


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The slots of a day; `closed` says why there are none."""

    day: date
    closed: str
    is_laid_out: bool
    slots: tuple[SlotLine, ...]


@dataclass(frozen=True, slots=True)
class CalledLine:
    """A number that is called now, at which till, how often, since when (UTC)."""

    number: str
    till: str
    calls: int
    called_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A number that waits, in the order of the line."""

    ticket_id: UUID
    number: str
    class_code: str
    service: str
    slot: str
    wanted_till: str
    is_inside: bool
    wait: Wait


@dataclass(frozen=True, slots=True)
class Board:
    """The queue now: called first the newest, waiting in order, and those called last who are at no till any more."""

    day: date
    inside: int
    room_cap: int
    tills: int
    called: tuple[CalledLine, ...]
    recent: tuple[CalledLine, ...]
    waiting: tuple[WaitingLine, ...]
    absent: tuple[str, ...]
    on_hold: tuple[str, ...]


def ticket(session: Session, *, ticket_id: UUID) -> TicketFacts:
    """One ticket. Raises UnknownTicket."""
    return facts_of(session, _get(session, ticket_id))


def ticket_at_till(session: Session, *, till_code: str, now: datetime) -> TicketFacts | None:
    """The ticket that is called at this till, or None; one that another day left there is none."""
    row = session.exec(
        select(Ticket).where(
            Ticket.office_id == office_of(session),
            Ticket.till_code == till_code,
            Ticket.state == TicketState.CALLED,
            Ticket.day == local_day(now),
        )
    ).first()
    return None if row is None or is_over(session, day=row.day, now=now) else facts_of(session, row)


def standing(session: Session, *, ticket_id: UUID, now: datetime) -> Standing:
    """Where a ticket stands now. Raises UnknownTicket."""
    row = _get(session, ticket_id)
    found = facts_of(session, row)
    if row.state is TicketState.WAITING:
        line = board(session, now=now, day=row.day).waiting
        place = next((n for n, one in enumerate(line) if one.ticket_id == ticket_id), 0)
        return Standing(found, place, line[place].wait) if line else Standing(found, 0, None)
    if row.state is TicketState.BOOKED and row.day == local_day(now):
        the_day = _today(session, day=row.day, now=now)
        waiting, coming = _line(session, the_day, now)
        at = slot_instant(row.day, row.slot)
        ahead = sum(1 for one in waiting if one.rank_at is not None and one.rank_at <= at)
        pace = the_day.pace(row.service_code)
        before = [(minutes, people) for minutes, people in coming if minutes < (at - now) / timedelta(minutes=1)]
        return Standing(found, ahead, wait_for(ahead=ahead, pace=pace, coming=before))
    if row.state in (TicketState.BOOKED, TicketState.HELD, TicketState.ABSENT):
        return Standing(found, 0, wait_for(ahead=0, pace=_today(session, day=row.day, now=now).pace(row.service_code)))
    return Standing(found, 0, None)


def board(session: Session, *, now: datetime, day: date | None = None) -> Board:
    """The queue of a day as it is now: today's where no day is told."""
    day = day or local_day(now)
    the_day = _today(session, day=day, now=now)
    if is_over(session, day=day, now=now):
        return Board(day, 0, the_day.room_cap, the_day.tills, (), _recent(session, day), (), (), ())
    waiting, coming = _line(session, the_day, now)
    rows = session.exec(
        select(Ticket)
        .where(
            Ticket.office_id == office_of(session),
            Ticket.day == day,
            col(Ticket.state).in_((TicketState.CALLED, TicketState.ABSENT, TicketState.HELD)),
        )
        .order_by(col(Ticket.called_at).desc())
    ).all()
    return Board(
        day=day,
        inside=the_day.inside,
        room_cap=the_day.room_cap,
        tills=the_day.tills,
        called=tuple(_called(row) for row in rows if row.state is TicketState.CALLED),
        recent=_recent(session, day),
        waiting=tuple(_waiting(the_day, row, place, coming, now) for place, row in enumerate(waiting)),
        absent=tuple(_number(row) for row in rows if row.state is TicketState.ABSENT),
        on_hold=tuple(_number(row) for row in rows if row.state is TicketState.HELD),
    )


def slots(session: Session, *, day: date, now: datetime) -> DaySlots:
    """The slots of a day with what is given and what came of it. A day nobody touched yet: as it would be laid out."""
    office_id = office_of(session)
    rules = the_rules(session)
    rows = session.exec(
        select(QueueSlot).where(QueueSlot.office_id == office_id, QueueSlot.day == day).order_by(col(QueueSlot.minute))
    ).all()
    seen = _seen(session, day, rules, is_over(session, day=day, now=now))
    lines = tuple(_slot_line(row, day, now, seen.get(row.minute, {})) for row in rows)
    is_there = session.get(QueueDay, (office_id, day)) is not None
    return DaySlots(day, rules.why_closed(day), is_there, lines)


def tickets_of(session: Session, *, customer_code: str) -> tuple[TicketFacts, ...]:
    """A customer's tickets, the newest day first."""
    rows = session.exec(
        select(Ticket)
        .where(Ticket.office_id == office_of(session), Ticket.customer_code == customer_code)
        .order_by(col(Ticket.day).desc(), col(Ticket.slot))
    ).all()
    return tuple(facts_of(session, row) for row in rows)


def rules(session: Session) -> OfficeRules:
    """The rules in force at this office."""
    return the_rules(session)


def rules_text(session: Session) -> str:
    """The rules in force as TOML: the office's own file, or the shipped one."""
    return own_rules(session) or shipped_rules()


def facts_of(session: Session, row: Any) -> TicketFacts:
    """A ticket as the outside sees it, from its row."""
    number = number_text(row.letter, row.number)
    return TicketFacts(
        ticket_id=row.ticket_id,
        day=row.day,
        number=number,
        kind=row.kind,
        state=row.state,
        service=row.service_code,
        class_code=row.class_code,
        customer_code=row.customer_code,
        channel=row.channel,
        slot=slot_text(row.slot),
        come_at=None if row.slot is None else slot_instant(row.day, row.slot),
        held_until=row.held_until,
        arrived_at=row.arrived_at,
        called_at=row.called_at,
        calls=row.calls,
        till=row.till_code or "",
        wanted_till=row.wanted_till or "",
        is_inside=row.is_inside,
        told_minutes=row.told_minutes,
        qr=f"{QR_PREFIX}.{office_of(session)}.{row.day:%Y%m%d}.{number}" if number else "",
    )


# --- inside -----------------------------------------------------------------------------------------------------------


def _get(session: Session, ticket_id: UUID) -> SimpleNamespace:
    row = run_one(session, "ticket_get", office_id=office_of(session), ticket_id=ticket_id)
    if row is None:
        raise UnknownTicket(ticket=str(ticket_id)[:8])
    return row


def _today(session: Session, *, day: date, now: datetime) -> Today:
    """A day as it is; one nobody touched yet is as empty as the rules have it."""
    row = read_today(session, day=day, now_minute=minute_of(now))
    if row is not None:
        row.ended_at = None
        return as_today(row)
    rules = the_rules(session)
    return Today(day, rules.room_cap, 0, 0, rules.tills or 1, rules, {})


def _line(session: Session, the_day: Today, now: datetime) -> tuple[list[Ticket], list[tuple[float, int]]]:
    """Who waits, in order; and who is still to come, as (minutes from now, how many)."""
    today = (Ticket.office_id == office_of(session), Ticket.day == the_day.day)
    waiting = session.exec(
        select(Ticket)
        .where(*today, Ticket.state == TicketState.WAITING)
        .order_by(col(Ticket.rank_at), col(Ticket.number), col(Ticket.letter))
    ).all()
    booked = session.exec(select(Ticket.slot).where(*today, Ticket.state == TicketState.BOOKED)).all()
    late = timedelta(minutes=the_day.rules.late_minutes)
    coming = [
        ((at - now) / timedelta(minutes=1), 1)
        for at in (slot_instant(the_day.day, slot) for slot in booked if slot is not None)
        if at + late >= now
    ]
    return list(waiting), coming


def _waiting(the_day: Today, row: Ticket, place: int, coming: list[tuple[float, int]], now: datetime) -> WaitingLine:
    assert row.rank_at is not None
    until = (row.rank_at - now) / timedelta(minutes=1)
    before = [(minutes, people) for minutes, people in coming if minutes < until]
    return WaitingLine(
        ticket_id=row.ticket_id,
        number=_number(row),
        class_code=row.class_code,
        service=row.service_code,
        slot=slot_text(row.slot),
        wanted_till=row.wanted_till or "",
        is_inside=row.is_inside,
        wait=wait_for(ahead=place, pace=the_day.pace(row.service_code), coming=before),
    )


def _recent(session: Session, day: date) -> tuple[CalledLine, ...]:
    """Those who were served last."""
    rows = session.exec(
        select(Ticket)
        .where(Ticket.office_id == office_of(session), Ticket.day == day, Ticket.state == TicketState.SERVED)
        .order_by(col(Ticket.ended_at).desc())
        .limit(5)
    ).all()
    return tuple(_called(row) for row in rows)


def _called(row: Ticket) -> CalledLine:
    assert row.called_at is not None
    return CalledLine(_number(row), row.till_code or "", row.calls, row.called_at)


def _number(row: Ticket) -> str:
    return number_text(row.letter, row.number)


def _seen(session: Session, day: date, the_rules: OfficeRules, over: object) -> dict[int, dict[str, int]]:
    """For each slot, how many of those booked in it arrived, were served, missed it, are of a priority class."""
    rows = session.exec(
        select(Ticket.slot, Ticket.state, Ticket.arrived_at, Ticket.class_code).where(
            Ticket.office_id == office_of(session), Ticket.day == day, Ticket.kind == TicketKind.APPOINTMENT
        )
    ).all()
    seen: dict[int, dict[str, int]] = {}
    for slot, state, arrived_at, class_code in rows:
        counts = seen.setdefault(slot or 0, {"arrived": 0, "served": 0, "missed": 0, "priority": 0})
        priority = the_rules.classes.get(class_code)
        gone = state in (TicketState.CANCELLED, TicketState.EXPIRED)
        counts["priority"] += priority is not None and priority.ahead > 0 and not gone
        counts["arrived"] += arrived_at is not None
        counts["served"] += state is TicketState.SERVED
        counts["missed"] += (state_after(state) if over else state) is TicketState.MISSED
    return seen


def _slot_line(row: QueueSlot, day: date, now: datetime, seen: dict[str, int]) -> SlotLine:
    is_kept = row.is_kept and day > local_day(now)
    kept = kept_places(bookable=row.bookable, for_priority=seen.get("priority", 0)) if is_kept else 0
    return SlotLine(
        minute=row.minute,
        slot=slot_text(row.minute),
        tills=row.tills,
        bookable=row.bookable,
        walk_ins=row.walk_ins,
        booked=row.booked,
        walked=row.walked,
        free=max(0, row.bookable - row.booked - kept),
        kept=kept,
        is_over=slot_instant(day, row.minute) + timedelta(minutes=15) <= now,
        arrived=seen.get("arrived", 0),
        served=seen.get("served", 0),
        missed=seen.get("missed", 0),
    )
