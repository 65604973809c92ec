"""What settling by transfer, by hand and by slip share: the bills still owed, one numbered payment, its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from uuid import UUID

from sqlmodel import Session

from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Leg, enter
from counter.money import NOTHING, Dong, total
from counter.payments.actions import lines_of_bills, live_settlements, per_customer
from counter.payments.inside import Paper, claim, record
from counter.payments.views import Receipt, receipt
from db.fast import run_one
from db.scope import OFFICE_TILL, office_of
from db.states import BillState, Method, PaymentKind, Proof, ShiftState, SurplusState
from db.tables import CashlessPayment, Surplus


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of money that came: the receipt, if any bill was still owed; what is left of it (đồng); bills that were
    paid or withdrawn meanwhile."""

    receipt: Receipt | None
    left: Dong
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the money is believed, and through which account of the books it goes."""

    proof: Proof
    method: Method
    line_id: UUID | None = None
    partner: str = ""
    reference: str | None = None
    intent_id: UUID | None = None
    tendered: Dong = NOTHING
    change: Dong = NOTHING

    @property
    def cash(self) -> Dong:
        """The part that goes into the drawer."""
        return self.tendered - self.change

    @property
    def book(self) -> Book:
        """Where the cashless part comes from."""
        return Book.UNMATCHED if self.proof is Proof.BANK_LINE else Book.IN_TRANSIT


@dataclass(frozen=True, slots=True)
class Place:
    """Which till's series numbers the payment, in which shift, on which business day."""

    till_code: str
    shift_id: UUID | None
    business_day: date


def place_for(session: Session, now: datetime, *, shift_id: UUID | None) -> Place:
    """The shift's own till while the shift is open; afterwards the office's desk, today."""
    shift = run_one(session, "shift_get", office_id=office_of(session), shift_id=shift_id) if shift_id else None
    if shift is not None and shift.state is ShiftState.OPEN:
        return Place(shift.till_code, shift.shift_id, shift.business_day)
    return Place(OFFICE_TILL, None, local_day(now))


def settle_bills(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    bill_ids: Sequence[str],
    money: Dong,
    place: Place,
    by: UUID,
    evidence: Evidence,
    approver_id: UUID | None = None,
) -> Outcome:
    """Settle those of the bills that are still owed, if `money` (đồng) covers them all; nothing is settled in part.

    Raises AlreadyPaid where another till is first in this very moment: run it again, and the bill counts as gone.
    """
    found = [run_one(session, "bill_get", office_id=office_of(session), bill_id=bill_id) for bill_id in bill_ids]
    bills = [bill for bill in found if bill is not None and bill.settled_by is None and bill.state is BillState.DUE]
    owed = {bill.bill_id for bill in bills}
    gone = tuple(bill_id for bill_id in bill_ids if bill_id not in owed)
    due = total(bill.amount for bill in bills)
    if not bills or due > money:
        return Outcome(None, money, gone)
    paper = _paper(payment_id, place=place, by=by, due=due, bills=bills, evidence=evidence, approver_id=approver_id)
    legs = [Leg(evidence.book, due - evidence.cash, subject=evidence.partner), *per_customer(Book.RECEIVABLE, paper)]
    if evidence.cash:
        legs.insert(0, Leg(Book.DRAWER, evidence.cash))
    record(session, now, paper, legs=legs)
    live_settlements(session, payment_id, bills)
    session.add(
        CashlessPayment(
            office_id=office_of(session),
            payment_id=payment_id,
            proof=evidence.proof,
            intent_id=evidence.intent_id,
            partner=evidence.partner,
            reference=evidence.reference,
            line_id=evidence.line_id,
        )
    )
    session.flush()
    return Outcome(receipt(session, payment_id=payment_id), money - due, gone)


def _paper(
    payment_id: UUID,
    *,
    place: Place,
    by: UUID,
    due: Dong,
    bills: list[SimpleNamespace],
    evidence: Evidence,
    approver_id: UUID | None,
) -> Paper:
    return Paper(
        payment_id=payment_id,
        till_code=place.till_code,
        kind=PaymentKind.BILLS,
        method=evidence.method,
        shift_id=place.shift_id,
        business_day=place.business_day,
        amount=due,
        tendered=evidence.tendered,
        change=evidence.change,
        actor_id=by,
        approver_id=approver_id,
        reason=evidence.reference or "",
        lines=lines_of_bills(bills),
        claims=tuple(claim(bill) for bill in bills),
    )


def open_surplus(
    session: Session,
    now: datetime,
    *,
    amount: Dong,
    customer_code: str | None,
    reason: str,
    line_id: UUID | None = None,
    payment_id: UUID | None = None,
    by: UUID | None = None,
) -> UUID:
    """Put money that truly came and settles nothing on the named list, out of what waits to be matched (đồng)."""
    surplus_id = new_id()
    day = local_day(now)
    facts = {"surplus": surplus_id, "amount": int(amount), "line": line_id, "customer": customer_code, "reason": reason}
    enter(
        session,
        now,
        till_code=OFFICE_TILL,
        kind="surplus.open",
        business_day=day,
        actor_id=by,
        facts=facts,
        legs=[Leg(Book.UNMATCHED, amount), Leg(Book.SURPLUS, -amount, subject=customer_code or "")],
    )
    session.add(
        Surplus(
            office_id=office_of(session),
            surplus_id=surplus_id,
            amount=amount,
            state=SurplusState.OPEN,
            line_id=line_id,
            payment_id=payment_id,
            customer_code=customer_code,
            reason=reason,
            opened_at=now,
        )
    )
    session.flush()
    return surplus_id
