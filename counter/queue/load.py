"""A day of the queue quarter by quarter: what was promised, who came, who was served, how close they stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.queue.capacity import SLOT
from counter.queue.inside import is_over, the_rules
from counter.queue.report import DayReport, here_until, on_site, report_of
from counter.queue.rules import minute_of, slot_instant, slot_text
from db.scope import office_of
from db.states import TicketState
from db.tables import QueueDay, QueueSlot, Ticket


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour. `places` is what its slot may give away, `given` what it has given, with and without booking.

    `came` and `served` go by the clock, whatever slot the people had; `most` stood on site together.
    """

    minute: int
    slot: str
    tills: int
    places: int
    given: int
    came: int
    served: int
    most: int
    is_over: bool

    @property
    def promised_too_many(self) -> int:
        """Promises above what the slot now takes: they stay."""
        return max(0, self.given - self.places)


@dataclass(frozen=True, slots=True)
class DayLoad:
    """A day's quarters, those with slots and those in which anything happened; `closed` says why there are no slots.

    `inside`, `room_cap`, `waiting`: now. `now_minute` is None on every day but today.
    """

    day: date
    closed: str
    now_minute: int | None
    inside: int
    room_cap: int
    waiting: int
    quarters: tuple[Quarter, ...]
    report: DayReport


def day_load(session: Session, *, day: date, now: datetime) -> DayLoad:
    """How a day of the queue stands at `now`; before it, what is promised."""
    office_id = office_of(session)
    rules, row = the_rules(session), session.get(QueueDay, (office_id, day))
    tickets = session.exec(select(Ticket).where(Ticket.office_id == office_id, Ticket.day == day)).all()
    slots = session.exec(
        select(QueueSlot).where(QueueSlot.office_id == office_id, QueueSlot.day == day).order_by(col(QueueSlot.minute))
    ).all()
    over = is_over(session, day=day, now=now)
    until = here_until(session, tickets, day=day, now=now)
    return DayLoad(
        day=day,
        closed="" if slots else rules.why_closed(day),
        now_minute=minute_of(now) if day == local_day(now) else None,
        inside=row.inside if row and not over else 0,
        room_cap=row.room_cap if row else rules.room_cap,
        waiting=0 if over else sum(ticket.state is TicketState.WAITING for ticket in tickets),
        quarters=_quarters(slots, tickets, on_site(tickets, until), day=day, now=now),
        report=report_of(session, tickets, day=day, now=now),
    )


# --- inside -----------------------------------------------------------------------------------------------------------


def _quarters(
    slots: Sequence[QueueSlot],
    tickets: Sequence[Ticket],
    changes: Sequence[tuple[datetime, int]],
    *,
    day: date,
    now: datetime,
) -> tuple[Quarter, ...]:
    of = {slot.minute: slot for slot in slots}
    came = Counter(_quarter(ticket.arrived_at) for ticket in tickets if ticket.arrived_at is not None)
    served = Counter(
        _quarter(ticket.ended_at) for ticket in tickets if ticket.state is TicketState.SERVED and ticket.ended_at is not None
    )
    return tuple(
        Quarter(
            minute=minute,
            slot=slot_text(minute),
            tills=slot.tills if (slot := of.get(minute)) else 0,
            places=slot.bookable + slot.walk_ins if slot else 0,
            given=slot.booked + slot.walked if slot else 0,
            came=came[minute],
            served=served[minute],
            most=_most_between(changes, slot_instant(day, minute)),
            is_over=slot_instant(day, minute) + timedelta(minutes=SLOT) <= now,
        )
        for minute in sorted({*of, *came, *served})
    )


def _quarter(instant: datetime) -> int:
    minute = minute_of(instant)
    return minute - minute % SLOT


def _most_between(changes: Sequence[tuple[datetime, int]], begin: datetime) -> int:
    """The most people on site in the quarter that begins then: those who are there already, then each change."""
    end = begin + timedelta(minutes=SLOT)
    people = most = sum(change for at, change in changes if at < begin)
    for at, change in changes:
        if begin <= at < end:
            people += change
            most = max(most, people)
    return most


__all__ = ["DayLoad", "Quarter", "day_load"]
