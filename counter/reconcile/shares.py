"""How much of what was taken came without cash: by till, by day, by area. Reversals are taken off; advances used are no
takings. An area is a meter book: the office's own word for a part of its district."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import day_text
from counter.money import Dong
from db.scope import office_of
from db.states import Method, PaymentKind
from db.tables import Customer, MeterBook, Payment, PaymentLine

CASHLESS: Final = (Method.QR, Method.CARD, Method.WALLET)
PAPERS: Final = (PaymentKind.BILLS, PaymentKind.ADVANCE)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what was taken came without cash: đồng and papers, of a till or of an area."""

    name: str
    cash: Dong
    cashless: Dong
    papers: int
    cashless_papers: int

    @property
    def per_mille(self) -> int:
        """The cashless share of the money, in thousandths."""
        whole = self.cash + self.cashless
        return int(self.cashless) * 1000 // int(whole) if whole else 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a payment: whose it is in the table, how much of it was cash (đồng, signed)."""

    name: str
    amount: int
    cash: int
    method: Method
    is_paper: bool


def share_by_till(session: Session, *, first: date, last: date) -> list[Share]:
    """For each till, over the business days from `first` to `last`."""
    return _added(_part(row, row.till_code) for row in _payments(session, first, last))


def share_by_day(session: Session, *, first: date, last: date) -> list[Share]:
    """For each business day, the newest first."""
    return _added(_part(row, row.business_day.isoformat()) for row in _payments(session, first, last))[::-1]


def share_by_area(session: Session, *, first: date, last: date) -> list[Share]:
    """For each meter book of the customers who paid; a payment for several areas is counted as a paper in its first."""
    payments = {row.payment_id: row for row in _payments(session, first, last)}
    left = {key: _cash(row) for key, row in payments.items()}
    seen: set[UUID] = set()
    parts = []
    for payment_id, amount, book_code, name in _lines(session, first, last):
        row = payments[payment_id]
        cash = max(min(left[payment_id], amount), min(0, amount)) if amount >= 0 else min(max(left[payment_id], amount), 0)
        left[payment_id] -= cash
        is_paper = row.kind in PAPERS and payment_id not in seen
        seen.add(payment_id)
        area = f"{book_code} {name}".strip() if book_code else ""
        parts.append(_Part(area, amount, cash, row.method, is_paper))
    return _added(parts)


def named_day(share: Share) -> str:
    """`23/11/2026` for a share by day."""
    return day_text(date.fromisoformat(share.name))


def whole(shares: Iterable[Share], *, name: str) -> Share:
    """All of them together."""
    held = list(shares)
    return Share(
        name=name,
        cash=Dong(sum(int(one.cash) for one in held)),
        cashless=Dong(sum(int(one.cashless) for one in held)),
        papers=sum(one.papers for one in held),
        cashless_papers=sum(one.cashless_papers for one in held),
    )


def _cash(row: Any) -> int:
    """What of a payment went through the drawer."""
    if row.method is Method.CASH:
        return int(row.amount)
    return int(row.tendered - row.change) if row.method is Method.MIXED else 0


def _part(row: Any, name: str) -> _Part:
    return _Part(name, int(row.amount), _cash(row), row.method, row.kind in PAPERS)


def _added(parts: Iterable[_Part]) -> list[Share]:
    held: dict[str, list[_Part]] = {}
    for part in parts:
        held.setdefault(part.name, []).append(part)
    return [
        Share(
            name=name,
            cash=Dong(sum(part.cash for part in mine)),
            cashless=Dong(sum(part.amount - part.cash for part in mine)),
            papers=sum(part.is_paper for part in mine),
            cashless_papers=sum(part.is_paper and part.method in CASHLESS for part in mine),
        )
        for name, mine in sorted(held.items())
    ]


def _payments(session: Session, first: date, last: date) -> list[Any]:
    return list(
        session.exec(
            select(
                Payment.payment_id,
                Payment.till_code,
                Payment.business_day,
                Payment.kind,
                Payment.method,
                Payment.amount,
                Payment.tendered,
                Payment.change,
            )  # type: ignore[call-overload]
            .where(Payment.office_id == office_of(session), col(Payment.business_day).between(first, last))
            .where(Payment.kind != PaymentKind.ADVANCE_USE)
        ).all()
    )


def _lines(session: Session, first: date, last: date) -> list[tuple[UUID, int, str, str]]:
    rows = session.exec(
        select(PaymentLine.payment_id, PaymentLine.amount, Customer.book_code, MeterBook.name)
        .join(
            Payment, (col(Payment.office_id) == PaymentLine.office_id) & (col(Payment.payment_id) == PaymentLine.payment_id)
        )
        .join(
            Customer,
            (col(Customer.office_id) == PaymentLine.office_id) & (col(Customer.customer_code) == PaymentLine.customer_code),
        )
        .outerjoin(
            MeterBook, (col(MeterBook.office_id) == Customer.office_id) & (col(MeterBook.book_code) == Customer.book_code)
        )
        .where(Payment.office_id == office_of(session), col(Payment.business_day).between(first, last))
        .where(Payment.kind != PaymentKind.ADVANCE_USE)
        .order_by(col(PaymentLine.payment_id), col(PaymentLine.line))
    ).all()
    return [(payment_id, int(amount), book_code or "", name or "") for payment_id, amount, book_code, name in rows]
