"""Advances settle coming bills by themselves: oldest first, each bill whole, on papers of the office's own series."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Leg
from counter.money import Dong
from counter.payments.giving import hold_advance, move_advance
from counter.payments.inside import Paper, claim, record
from counter.payments.views import Receipt, advance_balance, receipt
from db.fast import run
from db.scope import OFFICE_TILL, office_of
from db.states import BillState, Method, PaymentKind
from db.tables import Bill, Settlement


def use_advances(session: Session, now: datetime, *, customer_codes: list[str], by: UUID) -> list[Receipt]:
    """Settle coming bills from customers' advances, oldest first, each bill whole; the office's own series numbers them."""
    done: list[Receipt] = []
    for customer_code in customer_codes:
        hold_advance(session, customer_code)
        left = advance_balance(session, customer_code=customer_code)
        for bill in _due_bills(session, customer_code):
            if bill.amount > left or bill.amount == 0:
                break
            used = _use_advance(session, now, bill=bill, by=by)
            if used is not None:
                done.append(used)
                left = left - bill.amount
    return done


def _due_bills(session: Session, customer_code: str) -> list[Bill]:
    live = (
        select(Settlement.bill_id)
        .where(Settlement.office_id == Bill.office_id, Settlement.bill_id == Bill.bill_id)
        .where(col(Settlement.reversed_by).is_(None))
    )
    return list(
        session.exec(
            select(Bill)
            .where(Bill.office_id == office_of(session), Bill.customer_code == customer_code)
            .where(Bill.state == BillState.DUE, ~live.exists())
            .order_by(col(Bill.year), col(Bill.month), col(Bill.ky), col(Bill.bill_id))
        ).all()
    )


def _use_advance(session: Session, now: datetime, *, bill: Bill, by: UUID) -> Receipt | None:
    """None where another till took cash for the bill meanwhile: then nothing of the advance is used."""
    payment_id = new_id()
    point = session.connection().begin_nested()  # the connection's: prepared statements run on it
    paper = Paper(
        payment_id=payment_id,
        till_code=OFFICE_TILL,
        kind=PaymentKind.ADVANCE_USE,
        method=Method.ADVANCE,
        shift_id=None,
        business_day=local_day(now),
        amount=bill.amount,
        tendered=bill.amount,
        change=Dong(),
        actor_id=by,
        lines=((bill.customer_code, bill.bill_id, bill.amount),),
        claims=(claim(bill),),
    )
    legs = [
        Leg(Book.ADVANCE, bill.amount, subject=bill.customer_code),
        Leg(Book.RECEIVABLE, -bill.amount, subject=bill.customer_code),
    ]
    record(session, now, paper, legs=legs)
    settled = {"bill_id": bill.bill_id, "payment_id": payment_id, "amount": bill.amount, "reversed_by": None}
    if run(session, "settlement_insert", office_id=office_of(session), **settled) == 0:
        point.rollback()
        session.expire_all()
        return None
    move_advance(session, payment_id=payment_id, customer_code=bill.customer_code, amount=-bill.amount)
    point.commit()
    return receipt(session, payment_id=payment_id)
