"""What every way of giving money back shares: the paper, the legs, a customer's advance held and moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from counter.ledger import Book, Leg
from counter.money import NOTHING, Dong, total
from counter.payments.inside import Paper, record
from db.fast import run
from db.scope import office_of
from db.states import Method, PaymentKind
from db.tables import Customer, Shift


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives and from where: a shift's drawer, or the office's own books (`shift_id` None)."""

    till_code: str
    shift_id: UUID | None
    business_day: date
    actor_id: UUID


def from_drawer(shift: Shift) -> Giver:
    """This shift's drawer, and its cashier."""
    return Giver(shift.till_code, shift.shift_id, shift.business_day, shift.cashier_id)


def paper_back(
    giver: Giver,
    *,
    payment_id: UUID,
    kind: PaymentKind,
    method: Method,
    approver: UUID,
    reason: str,
    lines: tuple[tuple[str, str | None, Dong], ...],
    reverses: UUID | None = None,
    cash: Dong = NOTHING,
) -> Paper:
    """The paper of money that goes back (`lines` below zero), with a second word. `cash`: a MIXED payment's part."""
    return Paper(
        payment_id=payment_id,
        till_code=giver.till_code,
        kind=kind,
        method=method,
        shift_id=giver.shift_id,
        business_day=giver.business_day,
        amount=total(amount for _, _, amount in lines),
        tendered=Dong(),
        change=cash if method is Method.MIXED else Dong(),
        actor_id=giver.actor_id,
        approver_id=approver,
        reverses=reverses,
        reason=reason,
        lines=lines,
    )


def give_back(session: Session, now: datetime, paper: Paper) -> None:
    """Write the paper. Cash out of the drawer, the rest as surplus: a bill is owed again, a line without one leaves the
    advance."""
    cash = paper.amount if paper.method is Method.CASH else paper.tendered - paper.change
    legs = [Leg(Book.DRAWER, cash), Leg(Book.SURPLUS, paper.amount - cash, subject=paper.lines[0][0])]
    for customer_code, bill_id, amount in paper.lines:
        legs.append(Leg(Book.RECEIVABLE if bill_id else Book.ADVANCE, -amount, subject=customer_code))
    record(session, now, paper, legs=legs)
    for customer_code, bill_id, amount in paper.lines:
        if bill_id is None:
            move_advance(session, payment_id=paper.payment_id, customer_code=customer_code, amount=amount)


def move_advance(session: Session, *, payment_id: UUID, customer_code: str, amount: Dong) -> None:
    """Into (+) or out of (−) a customer's advance."""
    run(
        session,
        "advance_insert",
        office_id=office_of(session),
        customer_code=customer_code,
        payment_id=payment_id,
        amount=amount,
        months=0,
    )


def hold_advance(session: Session, customer_code: str) -> None:
    """Nobody else spends this customer's advance before the commit. Taking money for their bills goes on."""
    session.exec(
        select(Customer.customer_code)
        .where(Customer.office_id == office_of(session), Customer.customer_code == customer_code)
        .with_for_update(key_share=True)
    ).all()
