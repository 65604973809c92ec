"""Double entry: every money action posts legs that add up to zero. Plus is debit, minus is credit, whole đồng.

There is no running total anywhere: what is in a drawer is the sum of its postings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter import journal
from counter.clock import day_text, local_day
from counter.errors import NotAvailable
from counter.journal import Link
from counter.locale import N_
from counter.money import Dong
from db.fast import run_many, run_one
from db.scope import office_of
from db.tables import Account, Posting


class Book(StrEnum):
    """The accounts the program posts to. Their numbers and names in the office's books are data (`account`)."""

    DRAWER = "cash.drawer"
    HANDOVER = "cash.handover"
    SAFE = "cash.safe"
    BANK = "bank"
    IN_TRANSIT = "bank.transit"
    UNMATCHED = "bank.unmatched"
    BANK_OTHER = "bank.other"
    RECEIVABLE = "receivable"
    ADVANCE = "advance"
    SURPLUS = "surplus"
    SHORTAGE = "shortage"
    OVERAGE = "overage"
    FEES = "fees"


CHART = {
    Book.DRAWER: ("1111.1", "Tiền mặt tại quầy"),
    Book.HANDOVER: ("1111.2", "Tiền mặt đang bàn giao"),
    Book.SAFE: ("1111.3", "Tiền mặt trong két"),
    Book.BANK: ("1121", "Tiền gửi ngân hàng"),
    Book.IN_TRANSIT: ("1131", "Tiền đang chuyển"),
    Book.UNMATCHED: ("3388.1", "Tiền chuyển khoản chờ khớp"),
    Book.BANK_OTHER: ("1388", "Khoản ngân hàng khác"),
    Book.RECEIVABLE: ("131", "Phải thu tiền điện"),
    Book.ADVANCE: ("131.T", "Tiền điện nộp trước"),
    Book.SURPLUS: ("3388", "Tiền thừa chờ xử lý"),
    Book.SHORTAGE: ("1381", "Thiếu quỹ chờ xử lý"),
    Book.OVERAGE: ("3381", "Thừa quỹ chờ xử lý"),
    Book.FEES: ("5113", "Phí dịch vụ"),
}


FIRST_YEAR, LAST_YEAR = 2026, 2075
"""Receipt numbers say two digits of the year, and a computer that lost its clock starts in a year long past."""


class ClockWrong(NotAvailable):
    """A clock that cannot be right: money is not written under such a date."""

    why = N_("This computer says that today is {day}: its clock is wrong.")
    todo = N_("Set the date and the time, then try again; nothing was taken.")


class Unbalanced(Exception):
    """Legs that do not add up to zero: a bug, never a user's doing."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: the account, a signed amount, and whom or what it is about (customer, login, slip)."""

    book: Book
    amount: Dong
    subject: str = ""


def open_books(session: Session) -> None:
    """Write the chart of accounts of a new office."""
    office_id = office_of(session)
    for book, (number, name) in CHART.items():
        session.add(Account(office_id=office_id, account=book.value, book_number=number, name=name))
    session.flush()


def enter(
    session: Session,
    now: datetime,
    *,
    till_code: str,
    kind: str,
    business_day: date,
    actor_id: UUID | None,
    facts: Mapping[str, Any],
    legs: Sequence[Leg],
) -> Link:
    """Append one journal row that carries a balanced entry, and post the entry's legs.

    Whoever edits, adds or takes away a posting later no longer fits the hashed row: `counter check` compares them.
    `facts["shift"]`, where there is one, is the shift whose drawer the cash goes through. Legs of nothing are left out;
    an act that moves no money at all is a row without an entry. Raises ClockWrong.
    """
    moved = _moved(now, business_day, legs)
    link = journal.append(
        session,
        now,
        till_code=till_code,
        kind=kind,
        business_day=business_day,
        actor_id=actor_id,
        facts=facts,
        entry=_as_entry(moved),
    )
    rows = _postings(office_of(session), link, facts=facts, business_day=business_day, moved=moved)
    run_many(session, "posting_insert", rows)
    return link


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many: what `enter` is given."""

    kind: str
    business_day: date
    actor_id: UUID | None
    facts: Mapping[str, Any]
    legs: Sequence[Leg]


def enter_many(session: Session, now: datetime, *, till_code: str, entries: Sequence[Entry]) -> list[Link]:
    """What `enter` does, for many entries of one till at once. Raises ClockWrong."""
    moved = [_moved(now, one.business_day, one.legs) for one in entries]
    told = [
        journal.Entry(one.kind, one.business_day, one.actor_id, one.facts, _as_entry(legs))
        for one, legs in zip(entries, moved, strict=True)
    ]
    links = journal.append_many(session, now, till_code=till_code, entries=told)
    office_id = office_of(session)
    rows = [
        row
        for one, legs, link in zip(entries, moved, links, strict=True)
        for row in _postings(office_id, link, facts=one.facts, business_day=one.business_day, moved=legs)
    ]
    run_many(session, "posting_insert", rows)
    return links


def _moved(now: datetime, business_day: date, legs: Sequence[Leg]) -> list[Leg]:
    """The legs that move something, proven to balance at a time that can be. Raises ClockWrong."""
    if not FIRST_YEAR <= business_day.year <= LAST_YEAR or not FIRST_YEAR <= now.year <= LAST_YEAR:
        raise ClockWrong(day=day_text(local_day(now)))
    if sum(leg.amount for leg in legs) != 0:
        raise Unbalanced(f"{legs}")
    return [leg for leg in legs if leg.amount != 0]


def _as_entry(legs: Sequence[Leg]) -> list[list[Any]]:
    return [[leg.book.value, int(leg.amount), leg.subject] for leg in legs]


def _postings(
    office_id: str, link: Link, *, facts: Mapping[str, Any], business_day: date, moved: Sequence[Leg]
) -> list[dict[str, Any]]:
    return [
        {
            "office_id": office_id,
            "till_code": link.till_code,
            "seq": link.seq,
            "leg": place,
            "account": leg.book.value,
            "amount": leg.amount,
            "shift_id": facts.get("shift"),
            "subject": leg.subject,
            "business_day": business_day,
        }
        for place, leg in enumerate(moved, 1)
    ]


def balance(session: Session, *, book: Book) -> Dong:
    """The sum of all postings to an account of this office."""
    found = session.exec(
        select(func.coalesce(func.sum(Posting.amount), 0)).where(
            Posting.office_id == office_of(session), Posting.account == book.value
        )
    ).one()
    return Dong(int(found))


def shift_balance(session: Session, *, book: Book, shift_id: UUID) -> Dong:
    """The sum of a shift's postings to an account: for the drawer, what must lie in it."""
    row = run_one(session, "shift_balance", office_id=office_of(session), shift_id=shift_id, account=book.value)
    return Dong(int(row.balance)) if row else Dong()


def account_numbers(session: Session, *, till_code: str, seq: int) -> tuple[str, str]:
    """The numbers that an entry has in the office's books: of the accounts debited, and of those credited."""
    rows = session.exec(
        select(Account.book_number, Posting.amount)
        .join(Posting, (col(Posting.office_id) == Account.office_id) & (col(Posting.account) == Account.account))
        .where(Posting.office_id == office_of(session), Posting.till_code == till_code, Posting.seq == seq)
        .order_by(col(Posting.leg))
    ).all()
    debits = dict.fromkeys(number for number, amount in rows if amount > 0)
    credits = dict.fromkeys(number for number, amount in rows if amount < 0)
    return ", ".join(debits), ", ".join(credits)


def book_number(session: Session, *, book: Book) -> str:
    """The number of an account in the office's books."""
    return session.exec(
        select(Account.book_number).where(Account.office_id == office_of(session), Account.account == book.value)
    ).one()
