"""Advances settle bills, oldest first, each bill whole, on papers of the office's own series: coming bills by themselves,
chosen bills where the customer stands at a till."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Leg
from counter.money import Dong, total
from counter.payments.actions import payable
from counter.payments.giving import hold_advance, move_advance
from counter.payments.inside import Paper, claim, record
from counter.payments.refusals import AdvanceTooSmall, NothingToPay, OlderBillFirst
from counter.payments.views import Receipt, advance_balance, receipt
from counter.people import require
from counter.text import period_text
from db.fast import run
from db.scope import OFFICE_TILL, office_of, printing_till
from db.states import BillState, Method, PaymentKind, Role
from db.tables import Bill, Customer, Settlement

MAY_USE = (Role.CASHIER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class FromAdvance:
    """What a customer's advance settles of the chosen bills: how many, for how much, and what is left of it (đồng)."""

    customer_code: str
    customer_name: str
    bill_ids: tuple[str, ...]
    amount: Dong
    left: Dong


# --- rules ------------------------------------------------------------------------------------------------------------


def reach(due: Sequence[Bill], *, chosen: set[str], advance: Dong) -> list[Bill]:
    """Which of the chosen bills an advance settles; `due` are all of the customer's, oldest first.

    Raises OlderBillFirst where an older one is not chosen, AdvanceTooSmall where it does not reach for the first.
    """
    wanted = [bill for bill in due if bill.bill_id in chosen]
    older = due[: due.index(wanted[-1])] if wanted else []
    for bill in older:
        if bill.bill_id not in chosen:
            raise OlderBillFirst(customer=bill.customer_code, period=_period(bill))
    settled: list[Bill] = []
    for bill in wanted:
        if total(one.amount for one in (*settled, bill)) > advance or bill.amount == 0:
            break
        settled.append(bill)
    if wanted and not settled:
        first = wanted[0]
        raise AdvanceTooSmall(
            customer=first.customer_code, advance=advance, period=_period(first), amount=Dong(first.amount)
        )
    return settled


def _period(bill: Bill) -> str:
    return period_text(year=bill.year, month=bill.month, ky=bill.ky)


# --- actions ----------------------------------------------------------------------------------------------------------


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


def use_advance_on(session: Session, now: datetime, *, bill_ids: Sequence[str], by: UUID) -> list[Receipt]:
    """Settle these bills from the advances of their customers who have one, as far as each reaches; the rest stays due.

    The papers come out where this desk prints. Raises NothingToPay, UnknownBill, AlreadyPaid, BillWithdrawn,
    OlderBillFirst, AdvanceTooSmall, NotAllowed.
    """
    require(session, user_id=by, roles=MAY_USE)
    for customer_code in sorted({payable(session, bill_id).customer_code for bill_id in dict.fromkeys(bill_ids)}):
        hold_advance(session, customer_code)
    done: list[Receipt] = []
    for plan in from_advances(session, bill_ids=bill_ids):
        for bill in _due_bills(session, plan.customer_code):
            if bill.bill_id in plan.bill_ids:
                used = _use_advance(session, now, bill=bill, by=by, prints_at=printing_till(session))
                done += [used] if used is not None else []
    return done


# --- views ------------------------------------------------------------------------------------------------------------


def from_advances(session: Session, *, bill_ids: Sequence[str]) -> list[FromAdvance]:
    """What the advances would settle of these bills, by customer who has one.

    Raises NothingToPay, OlderBillFirst, AdvanceTooSmall.
    """
    chosen = set(bill_ids)
    due = {code: _due_bills(session, code) for code in _customers_of(session, chosen)}
    due = {code: bills for code, bills in due.items() if any(bill.bill_id in chosen for bill in bills)}
    if not due:
        raise NothingToPay
    advances = {code: advance_balance(session, customer_code=code) for code in due}
    found = []
    for code in [code for code in due if advances[code]] or due:
        settled = reach(due[code], chosen=chosen, advance=advances[code])
        amount = total(bill.amount for bill in settled)
        name = session.get_one(Customer, (office_of(session), code)).name
        ids = tuple(bill.bill_id for bill in settled)
        found.append(FromAdvance(code, name, ids, amount, advances[code] - amount))
    return found


# --- inside -----------------------------------------------------------------------------------------------------------


def _customers_of(session: Session, bill_ids: set[str]) -> list[str]:
    where = (Bill.office_id == office_of(session), col(Bill.bill_id).in_(bill_ids))
    return sorted(set(session.exec(select(Bill.customer_code).where(*where)).all()))


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


def _use_advance(session: Session, now: datetime, *, bill: Bill, by: UUID, prints_at: str = "") -> Receipt | None:
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
    record(session, now, paper, legs=legs, prints_at=prints_at)
    settled = {"bill_id": bill.bill_id, "payment_id": payment_id, "amount": bill.amount, "reversed_by": None}
    if run(session, "settlement_insert", office_id=office_of(session), **settled) == 0:
        point.rollback()
        session.expire_all()
        return None
    move_advance(session, payment_id=payment_id, customer_code=bill.customer_code, amount=-bill.amount)
    point.commit()
    return receipt(session, payment_id=payment_id)
