"""What waits for a person: surplus, payments the bank has not told of; and the cashless share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.money import Dong
from counter.payments.views import number_of
from db.scope import office_of
from db.states import Method, PaymentKind, Proof, SurplusState
from db.tables import CashlessPayment, Payment, Surplus

CASHLESS: Final = (Method.QR, Method.CARD, Method.WALLET)


@dataclass(frozen=True, slots=True)
class SurplusLine:
    """Customers' money that settles nothing (đồng)."""

    surplus_id: UUID
    amount: Dong
    customer_code: str
    reason: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Unproven:
    """A payment believed without the bank's word: the cashless part in đồng."""

    payment_id: UUID
    number: str
    proof: Proof
    partner: str
    reference: str
    amount: Dong
    business_day: date


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


def open_surplus_lines(session: Session) -> list[SurplusLine]:
    """Surplus that nobody resolved yet, oldest first."""
    rows = session.exec(
        select(Surplus)
        .where(Surplus.office_id == office_of(session), Surplus.state == SurplusState.OPEN)
        .order_by(col(Surplus.opened_at), col(Surplus.surplus_id))
    ).all()
    return [SurplusLine(r.surplus_id, r.amount, r.customer_code or "", r.reason, r.opened_at) for r in rows]


def unproven(session: Session) -> list[Unproven]:
    """Payments believed by hand or by slip that no bank line has met yet, oldest first; reversed ones are not."""
    reversed_ = select(Payment.reverses).where(Payment.office_id == office_of(session), col(Payment.reverses).is_not(None))
    rows = session.exec(
        select(CashlessPayment, Payment)
        .join(
            Payment,
            (col(Payment.office_id) == CashlessPayment.office_id) & (col(Payment.payment_id) == CashlessPayment.payment_id),
        )
        .where(CashlessPayment.office_id == office_of(session), col(CashlessPayment.line_id).is_(None))
        .where(col(Payment.payment_id).not_in(reversed_))
        .order_by(col(Payment.taken_at))
    ).all()
    return [
        Unproven(
            payment_id=payment.payment_id,
            number=number_of(session, payment_id=payment.payment_id),
            proof=proof.proof,
            partner=proof.partner,
            reference=proof.reference or "",
            amount=payment.amount - (payment.tendered - payment.change),
            business_day=payment.business_day,
        )
        for proof, payment in rows
    ]


def share_by_till(session: Session, *, day: date) -> list[Share]:
    """The cashless share of a business day for each till, reversals taken off; advances used are no takings."""
    in_drawer = func.sum(Payment.tendered - Payment.change)
    rows = session.exec(
        select(Payment.till_code, Payment.method, func.sum(Payment.amount), in_drawer)
        .where(Payment.office_id == office_of(session), Payment.business_day == day)
        .where(Payment.kind != PaymentKind.ADVANCE_USE)
        .group_by(col(Payment.till_code), col(Payment.method))
    ).all()
    papers = session.exec(
        select(Payment.till_code, Payment.method, func.count())
        .where(Payment.office_id == office_of(session), Payment.business_day == day)
        .where(col(Payment.kind).in_((PaymentKind.BILLS, PaymentKind.ADVANCE)))
        .group_by(col(Payment.till_code), col(Payment.method))
    ).all()
    shares = {}
    for till in sorted({row[0] for row in rows}):
        mine = [(method, int(amount), int(drawer)) for name, method, amount, drawer in rows if name == till]
        cash = sum(amount if m is Method.CASH else drawer if m is Method.MIXED else 0 for m, amount, drawer in mine)
        whole = sum(amount for _, amount, _ in mine)
        counts = [(method, count) for name, method, count in papers if name == till]
        shares[till] = Share(
            name=till,
            cash=Dong(cash),
            cashless=Dong(whole - cash),
            papers=sum(count for _, count in counts),
            cashless_papers=sum(count for method, count in counts if method in CASHLESS),
        )
    return list(shares.values())
