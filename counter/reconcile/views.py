"""What waits for a person: surplus, payments the bank has not told of; and the cashless share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.money import Dong
from counter.payments.views import number_of
from db.scope import office_of
from db.states import Proof, SurplusState
from db.tables import BankLine, CashlessPayment, Payment, Surplus


@dataclass(frozen=True, slots=True)
class SurplusLine:
    """Customers' money that settles nothing (đồng). `on_statement`: a statement of the bank has told of it, too."""

    surplus_id: UUID
    amount: Dong
    customer_code: str
    reason: str
    opened_at: datetime
    on_statement: bool


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


def open_surplus_lines(session: Session) -> list[SurplusLine]:
    """Surplus that nobody resolved yet, oldest first."""
    its_line = (col(BankLine.office_id) == Surplus.office_id) & (col(BankLine.line_id) == Surplus.line_id)
    rows = session.exec(
        select(Surplus, BankLine.seen_by_statement)
        .outerjoin(BankLine, its_line)
        .where(Surplus.office_id == office_of(session), Surplus.state == SurplusState.OPEN)
        .order_by(col(Surplus.opened_at), col(Surplus.surplus_id))
    ).all()
    return [
        SurplusLine(r.surplus_id, r.amount, r.customer_code or "", r.reason, r.opened_at, is_told is not False)
        for r, is_told in rows
    ]


def unproven(session: Session) -> list[Unproven]:
    """Payments believed by hand or by slip that no bank line has met yet, oldest first.

    One believed by hand stays after it was reversed: the surplus it left is money that nobody has seen. A slip that was
    reversed is not waited for.
    """
    taken_back = select(Payment.reverses).where(Payment.office_id == office_of(session), col(Payment.reverses).is_not(None))
    rows = session.exec(
        select(CashlessPayment, Payment)
        .join(
            Payment,
            (col(Payment.office_id) == CashlessPayment.office_id) & (col(Payment.payment_id) == CashlessPayment.payment_id),
        )
        .where(CashlessPayment.office_id == office_of(session), col(CashlessPayment.line_id).is_(None))
        .where((col(CashlessPayment.proof) == Proof.BY_HAND) | col(Payment.payment_id).not_in(taken_back))
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
