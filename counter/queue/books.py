"""Whole meter books get their collection days: spread over a window, heard of in time, a place for each customer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.office import tills as office_tills
from counter.people import require
from counter.queue.book_lines import last_days, soonest_day, waiting_in
from counter.queue.booking import close_open_bookings
from counter.queue.capacity import people_in_a_slot
from counter.queue.days import lay_out
from counter.queue.inside import new_ticket, note, take_numbers, the_rules, write_new
from counter.queue.measure import figures_before
from counter.queue.office_rules import NORMAL, OfficeRules
from counter.queue.refusals import GivingStopped, NoDaysToSpread, NothingToSpread, NoticeTooShort
from counter.queue.rules import overbooking, period_of
from counter.queue.spread import Book, Spread, as_it_is, fewest_moved, level
from counter.queue.views import TicketFacts, facts_of
from db.scope import OFFICE_TILL, office_of
from db.states import BookingChannel, Role, TicketKind, TicketMoveKind, TicketState
from db.tables import JournalRow, QueueDay, QueueSlot, Ticket

LONGEST_WINDOW: Final = 62
AT_ONCE: Final = 250
"""Tickets written between two looks at whether somebody stopped it."""
FLATTEST: Final = 0
"""As `target_percent`: the flattest peak, however many are moved."""


@dataclass(frozen=True, slots=True)
class BookDay:
    """A book in a plan: how many owe and have no place yet, its day by the last spreading (None: never), its day now."""

    book_code: str
    customers: int
    last_day: date | None
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal. Peaks are shares of a day's places, in percent; `moved` customers come on another day than by habit."""

    first: date
    last: date
    books: tuple[BookDay, ...]
    places: Mapping[date, int]
    loads: Mapping[date, int]
    peak_before: int
    peak: int
    moved: int

    @property
    def customers(self) -> int:
        """Everybody the plan gives a place to."""
        return sum(book.customers for book in self.books)


@dataclass(frozen=True, slots=True)
class Given:
    """What giving the places did: the tickets, in the order of books and houses, and who found no place in the window."""

    tickets: tuple[TicketFacts, ...]
    without: tuple[str, ...]


def spread_plan(
    session: Session, *, now: datetime, first: date, last: date, book_codes: Sequence[str] = (), target_percent: int = 60
) -> Plan:
    """A day for each meter book (all of them when none is named) between `first` and `last`.

    With `target_percent` the fewest are moved for a peak of at most so many percent of today's, and of at most what a day
    takes where that can be had; with FLATTEST the peak is as flat as can be.
    Raises NoticeTooShort, NoDaysToSpread, NothingToSpread.
    """
    rules = the_rules(session)
    days = _open_days(rules, now=now, first=first, last=last)
    waiting = waiting_in(session, book_codes, period=period_of(first), today=local_day(now))
    if not waiting:
        raise NothingToSpread(first=day_text(first), last=day_text(last))
    places = _places(session, now=now, days=days, rules=rules)
    habits = last_days(session, before=first)
    books = [
        Book(code, float(len(people)), _habit(habits.get(code), days), tuple(range(len(days))))
        for code, people in waiting.items()
    ]
    before = as_it_is(books, places)
    wanted = min(before.peak * target_percent / 100, 1.0)  # a day that takes no more than its places comes first
    found = level(books, places) if target_percent == FLATTEST else fewest_moved(books, places, peak=wanted)
    lines = tuple(
        BookDay(book.code, int(book.visitors), habits.get(book.code), days[day])
        for book, day in zip(books, found.days, strict=True)
    )
    return Plan(
        first=first,
        last=last,
        books=lines,
        places={day: int(place) for day, place in zip(days, places, strict=True)},
        loads={day: round(load) for day, load in zip(days, found.loads, strict=True)},
        peak_before=_percent(before),
        peak=_percent(found),
        moved=round(found.moved),
    )


def give_places(
    session: Session,
    now: datetime,
    *,
    plan_id: UUID,
    days: Mapping[str, date],
    last: date,
    by: UUID,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Given:
    """Give every customer of the books who owes and has no booking yet a place on their book's day, neighbours together.

    `days`: book -> its day. Who does not fit goes to the next open day up to `last`. `progress(done, total)` in customers;
    `cancelled()` is asked every few hundred. Again with the same `plan_id`: the tickets of the first time.
    Raises NotAllowed, NoticeTooShort, NothingToSpread, GivingStopped.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    before = _given_before(session, plan_id)
    if before is not None:
        return before
    if not days:
        raise NothingToSpread(first=day_text(last), last=day_text(last))
    rules, first = the_rules(session), min(days.values())
    open_days = _open_days(rules, now=now, first=first, last=max(last, *days.values()))
    waiting = waiting_in(session, list(days), period=period_of(first), today=local_day(now))
    calendar = [_Free(session, now, day) for day in open_days]
    without: list[str] = []
    for code in sorted(waiting, key=lambda one: (days[one], one)):
        for customer_code in waiting[code]:
            day = next((one for one in calendar if one.day >= days[code] and one.has_room), None)
            (without if day is None else day.customers).append(customer_code)
    for day in calendar:
        for begin in range(0, len(day.customers), AT_ONCE):
            codes = day.customers[begin : begin + AT_ONCE]
            close_open_bookings(session, now, customer_codes=codes, period=period_of(day.day))
    tickets = [ticket for day in calendar for ticket in day.give(rules)]
    for begin in range(0, len(tickets), AT_ONCE):
        if cancelled():
            raise GivingStopped
        progress(begin, len(tickets))
        write_new(session, now, tickets[begin : begin + AT_ONCE], kind=TicketMoveKind.BOOKED, by=by)
    facts = {"plan": plan_id, "books": dict(sorted(days.items())), "tickets": len(tickets), "without": without}
    note(session, now, kind="spread", day=first, by=by, facts=facts)
    return Given(tuple(facts_of(session, ticket) for ticket in tickets), tuple(without))


# --- inside -----------------------------------------------------------------------------------------------------------


def _open_days(rules: OfficeRules, *, now: datetime, first: date, last: date) -> list[date]:
    """The open days of a window that begins late enough for everybody to hear of it."""
    soonest = soonest_day(rules, now=now)
    if first < soonest:
        raise NoticeTooShort(days=rules.notice_days, first=day_text(soonest))
    length = min((last - first).days + 1, LONGEST_WINDOW)
    days = [day for day in (first + timedelta(days=n) for n in range(length)) if not rules.why_closed(day)]
    if not days:
        raise NoDaysToSpread(first=day_text(first), last=day_text(last))
    return days


def _places(session: Session, *, now: datetime, days: Sequence[date], rules: OfficeRules) -> list[float]:
    """What each day can still take as bookings: what is free where it is laid out, else what the rules would give it."""
    office_id = office_of(session)
    slots = session.exec(
        select(QueueSlot).where(QueueSlot.office_id == office_id, col(QueueSlot.day).in_(days), ~col(QueueSlot.is_kept))
    ).all()
    free: Counter[date] = Counter()
    for slot in slots:
        free[slot.day] += max(0, slot.bookable - slot.booked)
    laid_out = {day.day for day in session.exec(
        select(QueueDay).where(QueueDay.office_id == office_id, col(QueueDay.day).in_(days))
    )}  # fmt: skip
    figures = figures_before(session, day=local_day(now), rules=rules)
    tills = rules.tills or len(office_tills(session)) or 1
    people = people_in_a_slot(tills=tills, service_minutes=figures.minutes, room=rules.room_cap)
    a_slot = people * (1 - figures.walk_in) * overbooking(figures.no_show)
    return [
        float(free[day]) if day in laid_out else max(0, len(rules.slot_minutes(day)) - rules.priority_slots) * a_slot
        for day in days
    ]


def _habit(last_day: date | None, days: Sequence[date]) -> int | None:
    """The place in the window that is nearest to the day of the month a book had last; None for a new book."""
    if last_day is None:
        return None
    return min(range(len(days)), key=lambda n: (abs(days[n].day - last_day.day), n))


def _percent(found: Spread) -> int:
    return round(found.peak * 100)


def _given_before(session: Session, plan_id: UUID) -> Given | None:
    """What this very plan gave the first time: told by its journal row and the tickets of that instant."""
    office_id = office_of(session)
    row = session.exec(
        select(JournalRow).where(
            JournalRow.office_id == office_id,
            JournalRow.till_code == OFFICE_TILL,
            JournalRow.kind == "queue.spread",
            col(JournalRow.content).contains(str(plan_id)),
        )
    ).first()
    if row is None:
        return None
    tickets = session.exec(
        select(Ticket)
        .where(Ticket.office_id == office_id, Ticket.channel == BookingChannel.SPREAD, Ticket.made_at == row.at)
        .order_by(col(Ticket.day), col(Ticket.number))
    ).all()
    return Given(tuple(facts_of(session, ticket) for ticket in tickets), tuple(json.loads(row.content)["facts"]["without"]))


class _Free:
    """The free places of one day, given away evenly from its first slot to its last, neighbours together."""

    def __init__(self, session: Session, now: datetime, day: date) -> None:
        self._session, self._now, self.day = session, now, day
        self.customers: list[str] = []

    @cached_property
    def _places(self) -> list[QueueSlot]:
        """A row for each free place, in the order of time; the rows are held until the commit."""
        lay_out(self._session, self._now, day=self.day)
        rows = self._session.exec(
            select(QueueSlot)
            .where(QueueSlot.office_id == office_of(self._session), QueueSlot.day == self.day)
            .order_by(col(QueueSlot.minute))
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        return [row for row in rows if not row.is_kept for _ in range(row.bookable - row.booked)]

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return len(self.customers) < len(self._places)

    def give(self, rules: OfficeRules) -> list[SimpleNamespace]:
        """A numbered ticket for each customer of this day."""
        if not self.customers:
            return []
        service, places = rules.service(""), self._places
        number = take_numbers(self._session, day=self.day, letter=service.letter, count=len(self.customers))
        tickets = []
        for place, customer_code in enumerate(self.customers):
            row = places[place * len(places) // len(self.customers)]
            row.booked += 1
            self._session.add(row)
            ticket = new_ticket(
                new_id(),
                self._now,
                day=self.day,
                slot=row.minute,
                letter=service.letter,
                number=number + place,
                kind=TicketKind.APPOINTMENT,
                state=TicketState.BOOKED,
                service_code=service.code,
                class_code=NORMAL,
                customer_code=customer_code,
                period=period_of(self.day),
                channel=BookingChannel.SPREAD,
            )
            tickets.append(ticket)
        self._session.flush()
        return tickets
