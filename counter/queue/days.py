"""A day of the queue: laid out once from the office's rules, cut or widened while it runs, ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.office import tills as office_tills
from counter.people import require
from counter.queue.capacity import SLOT, people_in_a_slot
from counter.queue.inside import (
    Today,
    as_today,
    change_room,
    lock_room,
    note,
    read_today,
    the_rules,
)
from counter.queue.measure import Figures, figures_before
from counter.queue.office_rules import OfficeRules, read_rules
from counter.queue.refusals import DayClosed, DayOver, DayRuns, NotACount, NotBegun, TooFarAhead
from counter.queue.rules import OVER, Given, minute_of, share_out, slot_instant, slot_text
from counter.text import safe_text
from db.scope import mark_changed, office_of
from db.states import Role, RoomMoveKind, TicketState
from db.tables import QueueDay, QueueNumber, QueueOffice, QueueSlot, RoomMove, Ticket

FARTHEST: Final = 400
"""Days that are laid out ahead."""
MOST_TILLS: Final = 50
MOST_PEOPLE: Final = 500


def today(session: Session, now: datetime) -> Today:
    """The queue of the day it is now, laid out and measured when this is its first act. Raises DayOver."""
    return lay_out(session, now, day=local_day(now))


def lay_out(session: Session, now: datetime, *, day: date) -> Today:
    """A day's slots and numbers, made when they are first needed; on the day itself its figures are brought up to date.

    A closed day has no slots: numbers are given, bookings are refused. Raises DayOver, TooFarAhead.
    """
    minute = minute_of(now)
    if day < local_day(now):
        raise DayOver(day=day_text(day))
    if day > local_day(now) + timedelta(days=FARTHEST):
        raise TooFarAhead(days=FARTHEST)
    row = read_today(session, day=day, now_minute=minute)
    is_stale = row is not None and day == local_day(now) and row.figured_on != day and row.ended_at is None
    if row is None or is_stale:
        rules = the_rules(session)
        figures = figures_before(session, day=local_day(now), rules=rules)
        if row is None:
            _make(session, day=day, rules=rules)
        _measure(session, day=day, figures=figures, figured_on=local_day(now))
        _share_out(session, day=day, figures=figures, from_minute=0 if row is None else minute)
        session.flush()
        row = read_today(session, day=day, now_minute=minute)
        assert row is not None
    return as_today(row)


def set_rules(session: Session, now: datetime, *, content: str, file: str, by: UUID) -> OfficeRules:
    """The office's own rules from now on; days that are laid out keep their promises and get their new places.

    Raises NotAllowed, BadQueueRules.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    rules = read_rules(content, file=file)
    office_id = office_of(session)
    row = session.get(QueueOffice, office_id, with_for_update=True)
    if row is None:
        session.add(QueueOffice(office_id=office_id, content=content))
    else:
        row.content = content
        session.add(row)
    session.flush()
    note(session, now, kind="rules", day=local_day(now), by=by, facts={"content": content})
    first = local_day(now)
    days = session.exec(
        select(QueueDay).where(QueueDay.office_id == office_id, QueueDay.day >= first, col(QueueDay.ended_at).is_(None))
    ).all()
    for day in days:
        _make_slots(session, day=day.day, rules=rules)
        _make_numbers(session, day=day.day, rules=rules)
        begin = minute_of(now) if day.day == first else 0
        _share_out(session, day=day.day, figures=Figures.read(day.figures), from_minute=begin)
    mark_changed(session)
    return rules


def plan_tills(
    session: Session, now: datetime, *, day: date, tills: int, from_minute: int, to_minute: int, by: UUID
) -> tuple[int, int]:
    """From one minute of a day to another `tills` are planned open; the rest of the day is shared out anew.

    Promises stay: a slot with more bookings than it now takes gives away no more, and the slots after it take fewer.
    Returns the places the rest of the day had and has. Raises NotAllowed, NotACount, DayClosed, DayOver.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    _counted(tills, least=0, most=MOST_TILLS)
    row = _open(session, now, day)
    begin = max(from_minute, _from_now(now, day))
    before = _places_from(session, day, begin)
    for slot in _slots(session, day):
        if from_minute <= slot.minute < to_minute and slot.minute + SLOT > _from_now(now, day):
            slot.tills = tills
            session.add(slot)
    session.flush()
    _share_out(session, day=day, figures=Figures.read(row.figures), from_minute=_from_now(now, day))
    after = _places_from(session, day, begin)
    facts = {
        "tills": tills,
        "from": slot_text(from_minute),
        "to": slot_text(min(to_minute, 1439)),
        "places": [before, after],
    }
    note(session, now, kind="tills", day=day, by=by, facts=facts)
    mark_changed(session)
    return before, after


def set_room_cap(session: Session, now: datetime, *, move_id: UUID, day: date, cap: int, by: UUID) -> int:
    """The most people inside from now on; who is in stays in. Raises NotAllowed, NotACount, DayOver."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    _counted(cap, least=1, most=MOST_PEOPLE)
    lay_out(session, now, day=day)
    room = lock_room(session, day)
    if room.cap != cap:
        room.cap = cap
        change_room(session, now, room, move_id=move_id, kind=RoomMoveKind.CAP, change=0, by=by)
        note(session, now, kind="cap", day=day, by=by, facts={"cap": cap, "seq": room.moves})
        row = session.get_one(QueueDay, (office_of(session), day), populate_existing=True)
        _share_out(session, day=day, figures=Figures.read(row.figures), from_minute=_from_now(now, day))
    return cap


def share_anew(session: Session, now: datetime, *, day: date, by: UUID) -> tuple[int, int]:
    """The rest of a day is shared out anew from how it stands: who waits although their time is over takes room from the
    slots to come. Promises stay. Returns the places the rest of the day had and has. Raises NotAllowed, DayClosed, DayOver.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _open(session, now, day)
    begin = _from_now(now, day)
    before = _places_from(session, day, begin)
    _share_out(session, day=day, figures=Figures.read(row.figures), from_minute=begin)
    after = _places_from(session, day, begin)
    note(session, now, kind="share", day=day, by=by, facts={"places": [before, after]})
    mark_changed(session)
    return before, after


def end_day(session: Session, now: datetime, *, day: date, by: UUID) -> None:
    """The queue of a day is over: who was booked and did not come missed it, who still waits is gone, the room is empty.

    The tickets stay as they are and are read so (rules.OVER), until `reopen_day`. A day that is over already stays so.
    Raises NotAllowed, NotBegun for a day that was never laid out or is still to come, DayRuns while times are to come or
    somebody is here.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _begun(session, now, day)
    if row.ended_at is not None or day < local_day(now):
        return
    times = sum(slot_instant(day, slot.minute) + timedelta(minutes=SLOT) > now for slot in _slots(session, day))
    here = _count(session, day, (TicketState.WAITING, TicketState.CALLED, TicketState.HELD))
    if times or here:
        raise DayRuns(day=day_text(day), times=times, people=here)
    _end(session, now, row, by=by)


def end_day_early(session: Session, now: datetime, *, day: date, by: UUID) -> None:
    """The queue of a day is over although times are to come or people are here. Raises NotAllowed, NotBegun."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _begun(session, now, day)
    if row.ended_at is None and day == local_day(now):
        _end(session, now, row, by=by)


def reopen_day(session: Session, now: datetime, *, day: date, by: UUID) -> None:
    """A day that was ended by mistake runs again, line and room as they were. Raises NotAllowed, NotBegun, DayOver."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _begun(session, now, day)
    if day < local_day(now):
        raise DayOver(day=day_text(day))
    if row.ended_at is None:
        return
    row.ended_at = None
    session.add(row)
    session.flush()
    room = lock_room(session, day)
    went = session.get_one(RoomMove, (office_of(session), day, room.moves)) if room.moves else None
    if went is not None and went.kind is RoomMoveKind.DAY_END:
        change_room(session, now, room, move_id=new_id(), kind=RoomMoveKind.GUARD, change=-went.change, by=by)
    note(session, now, kind="day_reopened", day=day, by=by, facts={"inside": room.inside})
    mark_changed(session)


# --- inside -----------------------------------------------------------------------------------------------------------


def _begun(session: Session, now: datetime, day: date) -> QueueDay:
    """The row of a day that has begun, held until the commit. Raises NotBegun."""
    row = session.get(QueueDay, (office_of(session), day), with_for_update=True, populate_existing=True)
    if row is None or day > local_day(now):
        raise NotBegun(day=day_text(day))
    return row


def _end(session: Session, now: datetime, row: QueueDay, *, by: UUID) -> None:
    room = lock_room(session, row.day)
    if room.inside:
        change_room(session, now, room, move_id=new_id(), kind=RoomMoveKind.DAY_END, change=-room.inside, by=by)
    row = session.get_one(QueueDay, (office_of(session), row.day), populate_existing=True)
    row.ended_at = now
    session.add(row)
    session.flush()
    note(session, now, kind="day_end", day=row.day, by=by, facts={"open": _count(session, row.day, tuple(OVER))})
    mark_changed(session)


def _count(session: Session, day: date, states: Sequence[TicketState]) -> int:
    """How many tickets of a day are in one of these states."""
    return session.exec(
        select(func.count())
        .select_from(Ticket)
        .where(Ticket.office_id == office_of(session), Ticket.day == day, col(Ticket.state).in_(states))
    ).one()


def _make(session: Session, *, day: date, rules: OfficeRules) -> None:
    session.add(QueueDay(office_id=office_of(session), day=day, room_cap=rules.room_cap))
    session.flush()
    _make_slots(session, day=day, rules=rules)
    _make_numbers(session, day=day, rules=rules)


def _make_numbers(session: Session, *, day: date, rules: OfficeRules) -> None:
    office_id = office_of(session)
    for service in rules.services.values():
        if session.get(QueueNumber, (office_id, day, service.letter)) is None:
            session.add(QueueNumber(office_id=office_id, day=day, letter=service.letter, next_number=1))
    session.flush()


def _make_slots(session: Session, *, day: date, rules: OfficeRules) -> None:
    """The slots the rules give this day. One that is there stays; one the rules no longer have closes, its promises kept."""
    office_id = office_of(session)
    planned = rules.tills or len(office_tills(session)) or 1
    wanted = rules.slot_minutes(day)
    there = {slot.minute: slot for slot in _slots(session, day)}
    for minute in wanted:
        if minute not in there:
            session.add(QueueSlot(office_id=office_id, day=day, minute=minute, tills=planned, bookable=0, walk_ins=0))
    for minute, slot in there.items():
        if minute not in wanted:
            slot.tills = 0
            session.add(slot)
    session.flush()
    for place, slot in enumerate(_slots(session, day)):
        slot.is_kept = place < rules.priority_slots
        session.add(slot)
    session.flush()


def _slots(session: Session, day: date) -> Sequence[QueueSlot]:
    return session.exec(
        select(QueueSlot)
        .where(QueueSlot.office_id == office_of(session), QueueSlot.day == day)
        .order_by(col(QueueSlot.minute))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _measure(session: Session, *, day: date, figures: Figures, figured_on: date) -> None:
    row = session.get_one(QueueDay, (office_of(session), day), populate_existing=True)
    row.figures, row.figured_on = json.dumps(figures.plain(), sort_keys=True), figured_on
    session.add(row)
    session.flush()


def _open(session: Session, now: datetime, day: date) -> QueueDay:
    """The row of a day that has slots, held until the commit. Raises DayClosed, DayOver, TooFarAhead."""
    lay_out(session, now, day=day)
    reason = the_rules(session).why_closed(day)
    if reason and not _slots(session, day):
        raise DayClosed(day=day_text(day), reason=reason)
    return session.get_one(QueueDay, (office_of(session), day), with_for_update=True)


def _share_out(session: Session, *, day: date, figures: Figures, from_minute: int) -> None:
    """Give the slots from a minute on their places; who was promised more than the slots before can take comes first.

    With `from_minute` in the day, who is late there is counted: those who still wait and were promised an earlier slot.
    """
    row = session.get_one(QueueDay, (office_of(session), day))
    slots = _slots(session, day)
    given = [
        Given(
            people_in_a_slot(tills=slot.tills, service_minutes=figures.minutes, room=row.room_cap), slot.booked, slot.walked
        )
        for slot in slots
    ]
    now_at = next((place for place, slot in enumerate(slots) if slot.minute + SLOT > from_minute), len(slots))
    late = _late(session, day=day, before=slots[now_at].minute) if 0 < now_at < len(slots) else 0
    places = share_out(given, no_show=figures.no_show, walk_in=figures.walk_in, now_at=now_at, late=late)
    for slot, place in list(zip(slots, places, strict=True))[now_at:]:
        slot.bookable, slot.walk_ins = place.bookable, place.walk_ins
        session.add(slot)
    session.flush()


def _late(session: Session, *, day: date, before: int) -> int:
    """How many wait whose slot is over."""
    found = session.exec(
        select(func.count())
        .select_from(Ticket)
        .where(
            Ticket.office_id == office_of(session),
            Ticket.day == day,
            Ticket.state == TicketState.WAITING,
            col(Ticket.slot) < before,
        )
    ).one()
    return int(found)


def _places_from(session: Session, day: date, minute: int) -> int:
    """The places of a day from a minute on."""
    return sum(slot.bookable + slot.walk_ins for slot in _slots(session, day) if slot.minute >= minute)


def _from_now(now: datetime, day: date) -> int:
    """The minute of a day from which something can still change: now, or its beginning where it is still to come."""
    return minute_of(now) if day == local_day(now) else 0


def _counted(value: int, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise NotACount(text=safe_text(str(value), limit=20), least=least, most=most)
