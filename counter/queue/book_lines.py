"""The meter books that are to get collection days: who of them owes and has no place yet, and when they came last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import or_
from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.queue.booking import LIVE
from counter.queue.inside import the_rules
from counter.queue.office_rules import OfficeRules
from counter.queue.rules import period_of
from db.scope import office_of
from db.states import BillState, BookingChannel, TicketKind, TicketState
from db.tables import Bill, Customer, Settlement, Ticket

LOOKED_BACK: Final = 62
"""Days in which a book's last collection day is looked for."""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A meter book: how many of it owe and have no place in the month, and its day by the last spreading (None: never)."""

    book_code: str
    customers: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class BooksToPlace:
    """The books of a month. `soonest`: the first day of which everybody still hears in time, `notice_days` before it."""

    soonest: date
    notice_days: int
    books: tuple[BookLine, ...]


def books_to_place(session: Session, *, now: datetime, first: date | None = None) -> BooksToPlace:
    """The books with customers who owe and have no place yet in the month of `first` (None: of the soonest day)."""
    rules = the_rules(session)
    soonest = soonest_day(rules, now=now)
    first = first or soonest
    days = last_days(session, before=first)
    waiting = waiting_in(session, (), period=period_of(first), today=local_day(now))
    lines = tuple(BookLine(code, len(people), days.get(code)) for code, people in waiting.items())
    return BooksToPlace(soonest, rules.notice_days, lines)


def soonest_day(rules: OfficeRules, *, now: datetime) -> date:
    """The first day of which a whole book still hears in time."""
    return local_day(now) + timedelta(days=rules.notice_days)


def waiting_in(session: Session, book_codes: Sequence[str], *, period: str, today: date) -> dict[str, list[str]]:
    """The customers of each book who owe and have no booking of this month, in the order of the houses.

    A booking that was missed, or left open by a day before `today`, is none.
    """
    office_id = office_of(session)
    owing = (
        select(Bill.customer_code)
        .outerjoin(
            Settlement,
            (col(Settlement.office_id) == Bill.office_id)
            & (col(Settlement.bill_id) == Bill.bill_id)
            & col(Settlement.reversed_by).is_(None),
        )
        .where(Bill.office_id == office_id, Bill.state == BillState.DUE, col(Settlement.bill_id).is_(None))
    )
    booked = select(Ticket.customer_code).where(
        Ticket.office_id == office_id,
        Ticket.period == period,
        Ticket.kind == TicketKind.APPOINTMENT,
        col(Ticket.state).in_(LIVE),
        or_(col(Ticket.day) >= today, col(Ticket.state).in_((TicketState.CALLED, TicketState.SERVED))),
        col(Ticket.customer_code).is_not(None),
    )
    wanted = select(Customer.book_code, Customer.customer_code).where(
        Customer.office_id == office_id,
        Customer.book_code != "",
        col(Customer.customer_code).in_(owing),
        col(Customer.customer_code).not_in(booked),
    )
    if book_codes:
        wanted = wanted.where(col(Customer.book_code).in_(list(book_codes)))
    waiting: dict[str, list[str]] = {}
    for code, customer_code in session.exec(
        wanted.order_by(col(Customer.book_code), col(Customer.position), col(Customer.customer_code))
    ):
        waiting.setdefault(code, []).append(customer_code)
    return waiting


def last_days(session: Session, *, before: date) -> dict[str, date]:
    """The day most of a book's customers were given by the last spreading before the window."""
    rows = session.exec(
        select(Customer.book_code, col(Ticket.day), Ticket.period)
        .join(
            Ticket,
            (col(Ticket.office_id) == Customer.office_id) & (col(Ticket.customer_code) == Customer.customer_code),
        )
        .where(
            Customer.office_id == office_of(session),
            Ticket.channel == BookingChannel.SPREAD,
            Ticket.day >= before - timedelta(days=LOOKED_BACK),
        )
    ).all()
    newest: dict[str, str] = {}
    for code, _day, period in rows:
        newest[code] = max(newest.get(code, ""), period or "")
    counts: dict[str, Counter[date]] = {}
    for code, day, period in rows:
        if period == newest[code]:
            counts.setdefault(code, Counter())[day] += 1
    return {code: max(days, key=lambda day: (days[day], -day.toordinal())) for code, days in counts.items()}


__all__ = ["BookLine", "BooksToPlace", "books_to_place", "last_days", "soonest_day", "waiting_in"]
