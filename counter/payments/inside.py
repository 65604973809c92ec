"""What taking and giving back share: the next number of the till's series, one journal row, the payment and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal, spool
from counter.clock import LOCAL
from counter.ledger import Leg, enter
from counter.money import Dong
from counter.office import ensure_series
from counter.payments.rules import receipt_number
from db.fast import run, run_all, run_many, run_one
from db.scope import office_of
from db.states import BillState, Method, PaymentKind
from db.tables import Bill

CLAIMS = "claims"
"""What the paid bills were, in a payment's journal row; rows of before it have none."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One numbered paper to be written. Money in đồng, signed: minus is given back. `lines` = (customer, bill, amount).

    `claims`: of each bill that is paid what `claim` tells, in the order of the lines.
    """

    payment_id: UUID
    till_code: str
    kind: PaymentKind
    method: Method
    shift_id: UUID | None
    business_day: date
    amount: Dong
    tendered: Dong
    change: Dong
    actor_id: UUID
    lines: tuple[tuple[str, str | None, Dong], ...]
    approver_id: UUID | None = None
    reverses: UUID | None = None
    reason: str = ""
    months: int = 0
    claims: tuple[list[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A paper that was written: its printed number, its place in the till's chain and when (UTC)."""

    paper: Paper
    number: str
    link: journal.Link
    taken_at: datetime


def record(session: Session, now: datetime, paper: Paper, *, legs: Sequence[Leg], prints_at: str = "") -> Recorded:
    """Number the paper, chain it with its entry, write it, note it for the printer (of its own till, where no other is
    said). The hash covers all money facts."""
    office_id = office_of(session)
    year = now.astimezone(LOCAL).year
    number = _next_number(session, till_code=paper.till_code, year=year)
    text = receipt_number(office_id=office_id, till_code=paper.till_code, year=year, number=number)
    link = enter(
        session,
        now,
        till_code=paper.till_code,
        kind="payment." + paper.kind.value.lower(),
        business_day=paper.business_day,
        actor_id=paper.actor_id,
        facts=money_facts(paper, number=text),
        legs=legs,
    )
    run(
        session,
        "payment_insert",
        office_id=office_id,
        payment_id=paper.payment_id,
        till_code=paper.till_code,
        year=year,
        number=number,
        kind=paper.kind,
        method=paper.method,
        shift_id=paper.shift_id,
        business_day=paper.business_day,
        amount=paper.amount,
        tendered=paper.tendered,
        change=paper.change,
        reverses=paper.reverses,
        reason=paper.reason,
        actor_id=paper.actor_id,
        approver_id=paper.approver_id,
        taken_at=now,
        journal_seq=link.seq,
    )
    run_many(session, "payment_line_insert", _line_rows(paper, office_id=office_id))
    spool.queue_receipt(session, now, payment_id=paper.payment_id, till_code=prints_at or paper.till_code)
    return Recorded(paper, text, link, now)


def _line_rows(paper: Paper, *, office_id: str) -> list[dict[str, Any]]:
    return [
        {
            "office_id": office_id,
            "payment_id": paper.payment_id,
            "line": place,
            "customer_code": customer_code,
            "bill_id": bill_id,
            "amount": amount,
        }
        for place, (customer_code, bill_id, amount) in enumerate(paper.lines, 1)
    ]


def money_facts(paper: Paper, *, number: str) -> dict[str, Any]:
    """The facts of a payment that its journal row hashes; the audit makes them again from the tables."""
    return {
        "payment": paper.payment_id,
        "number": number,
        "method": paper.method.value,
        "shift": paper.shift_id,
        "amount": int(paper.amount),
        "tendered": int(paper.tendered),
        "change": int(paper.change),
        "reverses": paper.reverses,
        "reason": paper.reason,
        "approver": paper.approver_id,
        "months": paper.months,
        "lines": [[customer, bill, int(amount)] for customer, bill, amount in paper.lines],
        **({CLAIMS: paper.claims} if paper.claims else {}),
    }


def claim(bill: Any) -> list[Any]:
    """What the receipt says of a bill beside its amount, as the journal keeps it: number, kind, year, month, kỳ, VAT."""
    return [int(bill.number), bill.kind.value, bill.year, bill.month, bill.ky, int(bill.vat)]


def _next_number(session: Session, *, till_code: str, year: int) -> int:
    """The next number; a rollback takes it back, so the series has no gap."""
    key = {"office_id": office_of(session), "till_code": till_code, "year": year}
    row = run_one(session, "series_take", **key)
    if row is None:
        ensure_series(session, till_code=till_code, year=year)
        row = run_one(session, "series_take", **key)
    assert row is not None
    return int(row.next_number) - 1


def older_unpaid(session: Session, *, bills: list[SimpleNamespace]) -> SimpleNamespace | None:
    """An unpaid bill of one of the customers that is older than a chosen one and not chosen itself."""
    chosen = {bill.bill_id for bill in bills}
    for customer_code in dict.fromkeys(bill.customer_code for bill in bills):
        newest = max((b.year, b.month, b.ky) for b in bills if b.customer_code == customer_code)
        for row in run_all(session, "older_unpaid", office_id=office_of(session), customer_code=customer_code):
            if (row.year, row.month, row.ky) >= newest:
                break
            if row.bill_id not in chosen:
                return row
    return None


def newest_amounts(session: Session, *, customer_code: str) -> list[Dong]:
    """The amounts of all bills of the customer's newest whole month that CMIS still claims; empty where there is none.

    A month has up to three kỳ: one whose last kỳ is still to come says less than the month before it.
    """
    rows = session.exec(
        select(Bill)
        .where(Bill.office_id == office_of(session), Bill.customer_code == customer_code, Bill.state == BillState.DUE)
        .order_by(col(Bill.year).desc(), col(Bill.month).desc(), col(Bill.ky).desc())
        .limit(40)
    ).all()
    months = [list(month) for _, month in groupby(rows, key=lambda row: (row.year, row.month))][:2]
    chosen = max(months, key=lambda month: month[0].ky, default=[])
    return [row.amount for row in chosen]
