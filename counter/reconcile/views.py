"""What waits for a person: lines with proposals, surplus, payments the bank has not told of; and the cashless share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.bills import unpaid_bills
from counter.cashless.codes import squeezed
from counter.money import Dong, total
from counter.payments.qr.rules import OPEN_INTENTS
from counter.payments.views import number_of
from db.scope import office_of
from db.states import BankLineState, IntentState, Method, PaymentKind, Proof, SurplusState
from db.tables import BankLine, CashlessPayment, Customer, MatchDismissed, Payment, QrIntent, Surplus

_CUSTOMER: Final = re.compile(r"(?=(P[A-Z][0-9A-Z]{11}))")
CASHLESS: Final = (Method.QR, Method.CARD, Method.WALLET)


class Reason(StrEnum):
    """Why a pair is proposed."""

    HELD_FOR_IT = "HELD_FOR_IT"
    SAME_AMOUNT = "SAME_AMOUNT"
    CUSTOMER_OWES_IT = "CUSTOMER_OWES_IT"
    CUSTOMER_NAMED = "CUSTOMER_NAMED"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line may be for: a transfer, or bills of a customer; and why."""

    reason: Reason
    intent_id: UUID | None
    code: str
    customer_code: str
    bill_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A bank line that a person decides. `amount` in đồng; `why` it did not settle by itself."""

    line_id: UUID
    account: str
    amount: Dong
    booked_day: date
    memo: str
    reference: str
    counterparty: str
    state: BankLineState
    why: str
    proposals: tuple[Proposal, ...]


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


def open_lines(session: Session, *, limit: int = 500) -> list[OpenLine]:
    """Lines that wait for a person, oldest first, each with what it may be for."""
    rows = session.exec(
        select(BankLine)
        .where(BankLine.office_id == office_of(session), col(BankLine.state).in_((BankLineState.NEW, BankLineState.HELD)))
        .order_by(col(BankLine.booked_day), col(BankLine.journal_seq))
        .limit(limit)
    ).all()
    return [_open_line(session, row) for row in rows]


def _open_line(session: Session, row: BankLine) -> OpenLine:
    return OpenLine(
        line_id=row.line_id,
        account=row.account,
        amount=row.amount,
        booked_day=row.booked_day,
        memo=row.memo,
        reference=row.reference,
        counterparty=row.counterparty,
        state=row.state,
        why=row.why,
        proposals=tuple(_proposals(session, row)),
    )


def _proposals(session: Session, row: BankLine) -> list[Proposal]:
    if row.intent_id is not None:
        intent = session.get_one(QrIntent, (row.office_id, row.intent_id))
        return [Proposal(Reason.HELD_FOR_IT, intent.intent_id, intent.code, "", ())]
    dismissed = set(
        session.exec(
            select(MatchDismissed.intent_id).where(
                MatchDismissed.office_id == row.office_id, MatchDismissed.line_id == row.line_id
            )
        ).all()
    )
    alike = session.exec(
        select(QrIntent)
        .where(QrIntent.office_id == row.office_id, QrIntent.account == row.account, QrIntent.amount == row.amount)
        .where(col(QrIntent.state).in_((*OPEN_INTENTS, IntentState.EXPIRED)))
        .order_by(col(QrIntent.opened_at))
        .limit(5)
    ).all()
    found = [
        Proposal(Reason.SAME_AMOUNT, one.intent_id, one.code, "", ()) for one in alike if one.intent_id not in dismissed
    ]
    return found + _customers(session, row)


def _customers(session: Session, row: BankLine) -> list[Proposal]:
    """Customers whose code stands in the memo; with bills where what they owe is exactly this amount."""
    codes = [place[1] for place in _CUSTOMER.finditer(squeezed(row.memo).decode())][:20]
    known = session.exec(
        select(Customer.customer_code).where(Customer.office_id == row.office_id, col(Customer.customer_code).in_(codes))
    ).all()
    found = []
    for code in known:
        bills = unpaid_bills(session, customer_code=code).bills
        exact = bills if bills and total(bill.amount for bill in bills) == row.amount else ()
        exact = exact or tuple(bill for bill in bills[:1] if bill.amount == row.amount)
        reason = Reason.CUSTOMER_OWES_IT if exact else Reason.CUSTOMER_NAMED
        found.append(Proposal(reason, None, "", code, tuple(bill.bill_id for bill in exact)))
    return found


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
