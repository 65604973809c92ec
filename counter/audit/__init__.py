"""Every sum re-added from its rows: what `counter check` proves (HOUSE.md §4). Reads only; trusts no stored total.

Each check names what it saw. A check that fails names the first rows at fault, by till and sequence or by number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from counter import journal
from counter.audit.bills import copies, imports, paid_bills
from counter.audit.cases import cases, given_back
from counter.audit.cashless import arrivals, bank_lines, surplus_list, transfers
from counter.audit.chains import chains, file, newest
from counter.audit.entries import entries
from counter.audit.paper import print_jobs
from counter.audit.people import office_limit, two_people, users, words
from counter.audit.queue import QUEUE_CHECKS
from counter.audit.shifts import journal_shifts
from counter.audit.unreadable import unreadable
from counter.ledger import Book
from counter.payments.inside import CLAIMS, Paper, money_facts
from counter.payments.rules import receipt_number
from counter.text import safe_text
from db.columns import instant_text
from db.scope import office_of
from db.states import Method, PaymentKind, Proof, ShiftState, SurplusState
from db.tables import (
    AdvanceMove,
    CashCount,
    CashlessPayment,
    JournalRow,
    Payment,
    PaymentLine,
    Posting,
    ReceiptSeries,
    Settlement,
    Shift,
    Surplus,
)

FIRST_FEW = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, how many rows it looked at, and the first that break it."""

    name: str
    ok: bool
    seen: int
    broken: tuple[str, ...]


def audit(session: Session, *, known: Mapping[str, tuple[int, str]] | None = None) -> list[Check]:
    """Every invariant, in order. `known`: the chain heads seen before, {till: (seq, hash)}."""
    return [
        _check(session, name, run)
        for name, run in (
            ("newest_books", partial(newest, known=known or {})),
            ("database_file", file),
            ("journal_chain", chains),
            ("journal_matches_payments", _journal_payments),
            ("journal_matches_shifts", journal_shifts),
            ("receipt_numbers", _numbers),
            ("ledger_balances", _ledger),
            ("ledger_matches_journal", entries),
            ("ledger_matches_payments", _ledger_payments),
            ("one_live_settlement", _settlements),
            ("payment_lines", _lines),
            ("reversals", _reversals),
            ("advances", _advances),
            ("drawers", _drawers),
            ("two_people", two_people),
            ("second_words", words),
            ("users", users),
            ("office_limit", office_limit),
            ("paid_bills", paid_bills),
            ("imports", imports),
            ("copies", copies),
            ("given_back", given_back),
            ("cases", cases),
            *QUEUE_CHECKS,
            ("print_jobs", print_jobs),
            ("arrivals", arrivals),
            ("bank_lines", bank_lines),
            ("surplus", surplus_list),
            ("transfers", transfers),
        )
    ]


def _check(session: Session, name: str, run: Any) -> Check:
    broken: list[str] = []
    seen = 0
    point = session.connection().begin_nested()
    try:
        for fault in run(session):
            seen += 1
            if fault:
                broken.append(fault)
    except Exception as error:  # whatever stands in a row and cannot be read is a break of the books, not of the program
        session.expunge_all()
        if point.is_active:
            point.rollback()
        broken.extend(unreadable(session, limit=FIRST_FEW) or [_unreadable(error)])
    else:
        point.commit()
    return Check(name, not broken, seen, tuple(broken[:FIRST_FEW]))


def _unreadable(error: Exception) -> str:
    said = str(error.orig) if isinstance(error, DBAPIError) else f"{type(error).__name__}: {error}"
    return safe_text(said, limit=200)


def _journal_payments(session: Session) -> Iterator[str]:
    """Each payment's rows say what its journal row hashed, and each money row of the journal has its payment."""
    contents = {
        (row.till_code, row.seq): json.loads(row.content)
        for row in session.exec(
            select(JournalRow).where(
                JournalRow.office_id == office_of(session), col(JournalRow.kind).startswith("payment.", autoescape=True)
            )
        )
    }
    months = {row.payment_id: row.months for row in _all(session, AdvanceMove)}
    lines: dict[Any, list[PaymentLine]] = {}
    for line in session.exec(
        select(PaymentLine).where(PaymentLine.office_id == office_of(session)).order_by(col(PaymentLine.line))
    ):
        lines.setdefault(line.payment_id, []).append(line)
    for payment in _all(session, Payment):
        said = contents.pop((payment.till_code, payment.journal_seq), {})
        told = {key: value for key, value in said.get("facts", {}).items() if key != CLAIMS}  # bills: see paid_bills
        paper = _paper(payment, lines.get(payment.payment_id, []), months.get(payment.payment_id, 0))
        again = json.loads(journal.canonical(money_facts(paper, number=_number(payment))))
        place = {
            "kind": "payment." + payment.kind.value.lower(),
            "day": payment.business_day.isoformat(),
            "at": instant_text(payment.taken_at),
            "actor": _plain(payment.actor_id),
        }
        fits = told == again and place == {key: said[key] for key in place}
        yield "" if fits else f"{_number(payment)}: differs from the journal"
    for till_code, seq in contents:
        yield f"{till_code}#{seq}: its payment is gone"


def _paper(payment: Payment, lines: list[PaymentLine], months: int) -> Paper:
    return Paper(
        payment_id=payment.payment_id,
        till_code=payment.till_code,
        kind=payment.kind,
        method=payment.method,
        shift_id=payment.shift_id,
        business_day=payment.business_day,
        amount=payment.amount,
        tendered=payment.tendered,
        change=payment.change,
        actor_id=payment.actor_id,
        approver_id=payment.approver_id,
        reverses=payment.reverses,
        reason=payment.reason,
        months=months,
        lines=tuple((line.customer_code, line.bill_id, line.amount) for line in lines),
    )


def _numbers(session: Session) -> Iterator[str]:
    """1, 2, 3 … without gap or repeat for each till and year, up to what the series row says."""
    rows = session.exec(
        select(Payment.till_code, Payment.year, func.count(), func.max(Payment.number))
        .where(Payment.office_id == office_of(session), Payment.number >= 1)
        .group_by(col(Payment.till_code), col(Payment.year))
    ).all()
    found = {(till, year): (count, high) for till, year, count, high in rows}
    series = {(s.till_code, s.year): s.next_number for s in _all(session, ReceiptSeries)}
    for key in {*found, *series}:
        count, high = found.get(key, (0, 0))
        fits = high == count and series.get(key) == high + 1  # distinct by the unique rule, so 1..n
        yield "" if fits else f"{key[0]}/{key[1]}: {count} papers, last number {high}, next {series.get(key)}"


def _ledger(session: Session) -> Iterator[str]:
    """Each entry's legs add up to zero."""
    rows = session.exec(
        select(Posting.till_code, Posting.seq, func.sum(Posting.amount))
        .where(Posting.office_id == office_of(session))
        .group_by(col(Posting.till_code), col(Posting.seq))
    )
    for till_code, seq, amount in rows:
        yield "" if int(amount) == 0 else f"{till_code}#{seq}: off by {int(amount)}"


Booked = dict[tuple[str, str, Any, Any], int]


def _ledger_payments(session: Session) -> Iterator[str]:
    """A payment moves exactly its amount between the drawer (or the advances) and its customers, and nothing else does."""
    moved: dict[tuple[str, int], Booked] = {}
    for row in _all(session, Posting):
        key = (row.account, row.subject, row.shift_id, row.business_day)
        _add(moved.setdefault((row.till_code, row.seq), {}), key, row.amount)
    lines: dict[Any, list[PaymentLine]] = {}
    for line in _all(session, PaymentLine):
        lines.setdefault(line.payment_id, []).append(line)
    proofs = {row.payment_id: row for row in _all(session, CashlessPayment)}
    credited = {row.resolution for row in _all(session, Surplus) if row.state is SurplusState.CREDITED}
    for payment in _all(session, Payment):
        found = moved.get((payment.till_code, payment.journal_seq), {})
        source = _source(payment, proofs.get(payment.payment_id), credited)
        wanted = _entry(payment, lines.get(payment.payment_id, []), source)
        yield "" if _bare(found) == _bare(wanted) else f"{_number(payment)}: booked otherwise than it says"


def _source(payment: Payment, proof: CashlessPayment | None, credited: set[str]) -> tuple[Book, str]:
    """Through which account the part without cash went, and whose it is there."""
    if payment.kind is PaymentKind.REVERSAL or str(payment.payment_id) in credited:
        return Book.SURPLUS, ""
    if proof is None:
        return Book.DRAWER, ""
    return (Book.UNMATCHED, "") if proof.proof is Proof.BANK_LINE else (Book.IN_TRANSIT, proof.partner)


def _entry(payment: Payment, lines: list[PaymentLine], source: tuple[Book, str]) -> Booked:
    """The entry a payment must have made: money against the customers' debts or advances; an advance used pays a debt."""
    place = (payment.shift_id, payment.business_day)
    wanted: Booked = {}
    if payment.method is not Method.ADVANCE:
        cash = payment.amount if payment.method is Method.CASH else payment.tendered - payment.change
        book, subject = source
        subject = lines[0].customer_code if book is Book.SURPLUS and lines else subject
        _add(wanted, (Book.DRAWER.value, "", *place), cash)
        _add(wanted, (book.value, subject, *place), payment.amount - cash)
    for line in lines:
        book = Book.RECEIVABLE if line.bill_id else Book.ADVANCE
        _add(wanted, (book.value, line.customer_code, *place), -line.amount)
        if payment.method is Method.ADVANCE:
            _add(wanted, (Book.ADVANCE.value, line.customer_code, *place), line.amount)
    return wanted


def _add(booked: Booked, key: tuple[str, str, Any, Any], amount: int) -> None:
    booked[key] = booked.get(key, 0) + int(amount)


def _bare(booked: Booked) -> Booked:
    return {key: amount for key, amount in booked.items() if amount}


def _settlements(session: Session) -> Iterator[str]:
    """At most one live settlement a bill; each as large as its bill's line; a reversed one points to its reversal."""
    live = session.exec(
        select(Settlement.bill_id, func.count())
        .where(Settlement.office_id == office_of(session), col(Settlement.reversed_by).is_(None))
        .group_by(col(Settlement.bill_id))
    )
    for bill_id, count in live:
        yield "" if count == 1 else f"{bill_id}: settled {count} times"
    rows = session.exec(
        select(Settlement, PaymentLine.amount, Payment.payment_id)
        .outerjoin(
            PaymentLine,
            (col(PaymentLine.office_id) == Settlement.office_id)
            & (col(PaymentLine.payment_id) == Settlement.payment_id)
            & (col(PaymentLine.bill_id) == Settlement.bill_id),
        )
        .outerjoin(
            Payment, (col(Payment.office_id) == Settlement.office_id) & (col(Payment.reverses) == Settlement.payment_id)
        )
        .where(Settlement.office_id == office_of(session))
    )
    for settlement, amount, reversal in rows:
        fits = amount == settlement.amount and settlement.reversed_by == reversal
        yield "" if fits else f"{settlement.bill_id}: settlement does not fit its payment"


def _lines(session: Session) -> Iterator[str]:
    """The lines of a payment add up to it, and a paid bill has its settlement."""
    sums = session.exec(
        select(PaymentLine.payment_id, func.sum(PaymentLine.amount))
        .where(PaymentLine.office_id == office_of(session))
        .group_by(col(PaymentLine.payment_id))
    ).all()
    by_payment = {payment_id: int(amount) for payment_id, amount in sums}
    settled = {(s.bill_id, s.payment_id) for s in _all(session, Settlement)}
    for payment in _all(session, Payment):
        fits = by_payment.get(payment.payment_id) == payment.amount
        yield "" if fits else f"{_number(payment)}: lines do not add up"
    for line in _all(session, PaymentLine):
        if line.bill_id and line.amount > 0 and (line.bill_id, line.payment_id) not in settled:
            yield f"{line.bill_id}: paid but not settled"


def _reversals(session: Session) -> Iterator[str]:
    """A reversal is the exact opposite of what it reverses."""
    first = {p.payment_id: p for p in _all(session, Payment)}
    for payment in first.values():
        if payment.reverses is None:
            continue
        was = first.get(payment.reverses)
        fits = was is not None and was.amount == -payment.amount and was.method == payment.method
        yield "" if fits else f"{_number(payment)}: is not the opposite of what it reverses"


def _advances(session: Session) -> Iterator[str]:
    """No customer's advance is below zero, and the advances together are what the ledger owes."""
    rows = session.exec(
        select(AdvanceMove.customer_code, func.sum(AdvanceMove.amount))
        .where(AdvanceMove.office_id == office_of(session))
        .group_by(col(AdvanceMove.customer_code))
    ).all()
    owed = {code: int(amount) for code, amount in rows}
    posted = session.exec(
        select(Posting.subject, func.sum(Posting.amount))
        .where(Posting.office_id == office_of(session), Posting.account == Book.ADVANCE.value)
        .group_by(col(Posting.subject))
    ).all()
    books = {code: -int(amount) for code, amount in posted}
    for code in {*owed, *books}:
        fits = owed.get(code, 0) == books.get(code, 0) and owed.get(code, 0) >= 0
        yield "" if fits else f"{code}: advance {owed.get(code, 0)}, in the books {books.get(code, 0)}"


def _drawers(session: Session) -> Iterator[str]:
    """A handed-over drawer is empty in the books; an open one is float, moves and takings; counts are as counted."""
    sums = {
        shift_id: int(amount)
        for shift_id, amount in session.exec(
            select(Posting.shift_id, func.sum(Posting.amount))
            .where(Posting.office_id == office_of(session), Posting.account == Book.DRAWER.value)
            .group_by(col(Posting.shift_id))
        )
    }
    for shift in _all(session, Shift):
        amount = sums.get(shift.shift_id, 0)
        gone = shift.state in (ShiftState.HANDED_OVER, ShiftState.ACCEPTED)
        if gone and amount != 0:
            yield f"{shift.till_code} {shift.business_day}: {amount} left in a drawer that was handed over"
        elif shift.state in (ShiftState.COUNTED, ShiftState.REFUSED) and amount != shift.expected:
            yield f"{shift.till_code} {shift.business_day}: expected {shift.expected}, books say {amount}"
        else:
            yield "" if amount >= 0 else f"{shift.till_code} {shift.business_day}: drawer below zero"
    for count in _all(session, CashCount):
        notes = sum(int(face) * int(pieces) for face, pieces in json.loads(count.notes).items())
        yield "" if notes == count.total else f"count {count.count_id}: notes do not add up"


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def _all(session: Session, table: Any) -> Iterator[Any]:
    rows = session.exec(select(table).where(table.office_id == office_of(session)).execution_options(yield_per=1000))
    yield from rows


def _number(row: Payment) -> str:
    return receipt_number(office_id=row.office_id, till_code=row.till_code, year=row.year, number=row.number)


__all__ = ["Check", "audit"]
