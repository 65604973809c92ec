"""Take cash for bills or in advance. The hot path: see docs/adr/0005 and docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import Session

from counter import approvals, journal
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg
from counter.money import Dong, total
from counter.payments.inside import Paper, claim, newest_amounts, older_unpaid, record
from counter.payments.refusals import (
    AlreadyPaid,
    BillWithdrawn,
    NoBillToGoBy,
    NoChangeInDrawer,
    NothingToPay,
    OlderBillFirst,
    UnknownBill,
)
from counter.payments.rules import advance_change, advance_for, change_due
from counter.payments.views import Receipt, ReceiptLine, first_receipt, number_of, receipt
from counter.people import UserLeft, name_of
from counter.shifts import AlreadyCounted, NoOpenShift, NotYourShift, drawer
from counter.text import period_text, safe_text
from db.fast import run, run_one
from db.scope import office_of
from db.states import ApprovalAct, BillState, Method, PaymentKind, Role, ShiftState


def take_cash(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    bill_ids: Sequence[str],
    tendered: Dong,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None = None,
) -> Receipt:
    """Take `tendered` đồng in cash for the bills (of one or several customers) and return the receipt to print.

    Again with the same `payment_id` and facts: nothing is taken and the same receipt comes back.
    Raises NothingToPay, UnknownBill, BillWithdrawn, AlreadyPaid, OlderBillFirst (unless a supervisor's approval for
    OUT_OF_ORDER is given), NotEnoughCash, TooMuchCash, NoChangeInDrawer, NoOpenShift, NotYourShift, AlreadyCounted.
    """
    wanted = list(dict.fromkeys(bill_ids))
    drawer_of = _hold_shift(session, shift_id)
    before = _same_payment(session, payment_id, kind=PaymentKind.BILLS, facts=(shift_id, tendered, by), wanted=wanted)
    if before is not None:
        return before
    if not wanted:
        raise NothingToPay
    shift = _open_shift(drawer_of, by=by)
    bills = [payable(session, bill_id) for bill_id in wanted]
    due = total(bill.amount for bill in bills)
    change = change_due(due=due, tendered=tendered)
    approver = order_approver(session, now, bills=bills, due=due, by=by, approval_id=approval_id)
    refuse_change(session, shift_id=shift_id, change=change)
    paper = _cash_paper(
        shift,
        payment_id=payment_id,
        kind=PaymentKind.BILLS,
        due=due,
        tendered=tendered,
        approver=approver,
        lines=lines_of_bills(bills),
        claims=tuple(claim(bill) for bill in bills),
    )
    written = record(session, now, paper, legs=[Leg(Book.DRAWER, due), *per_customer(Book.RECEIVABLE, paper)])
    live_settlements(session, payment_id, bills)
    return first_receipt(
        written,
        cashier=shift.cashier,
        approver=name_of(session, user_id=approver) if approver else "",
        lines=tuple(_line(bill) for bill in bills),
    )


def take_advance(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    customer_code: str,
    months: int,
    tendered: Dong,
    shift_id: UUID,
    by: UUID,
) -> Receipt:
    """Take cash in advance for 1 to 3 months: credit that settles coming bills by itself when they are brought in.

    Raises MonthsUnreadable, NoBillToGoBy, NotEnoughCash, TooMuchCash, NoChangeInDrawer, NoOpenShift, NotYourShift.
    """
    drawer_of = _hold_shift(session, shift_id)
    before = _same_payment(session, payment_id, kind=PaymentKind.ADVANCE, facts=(shift_id, tendered, by), wanted=[])
    if before is not None:
        if before.lines[0].customer_code != customer_code or before.months != months:
            raise SameIdOtherFacts
        return before
    shift = _open_shift(drawer_of, by=by)
    due = advance_due(session, customer_code=customer_code, months=months)
    change = advance_change(due=due, tendered=tendered)
    refuse_change(session, shift_id=shift_id, change=change)
    paper = _cash_paper(
        shift,
        payment_id=payment_id,
        kind=PaymentKind.ADVANCE,
        due=due,
        tendered=tendered,
        lines=((customer_code, None, due),),
        months=months,
    )
    record(session, now, paper, legs=[Leg(Book.DRAWER, due), Leg(Book.ADVANCE, -due, subject=customer_code)])
    run(
        session,
        "advance_insert",
        office_id=office_of(session),
        customer_code=customer_code,
        payment_id=payment_id,
        amount=due,
        months=months,
    )
    return receipt(session, payment_id=payment_id)


def advance_due(session: Session, *, customer_code: str, months: int) -> Dong:
    """What an advance for `months` costs: counted from the newest month's bills. Raises MonthsUnreadable, NoBillToGoBy."""
    newest = newest_amounts(session, customer_code=customer_code)
    amount = advance_for(newest=newest, months=months)
    if not amount:
        raise NoBillToGoBy(customer=safe_text(customer_code, limit=20))
    return amount


def _same_payment(
    session: Session, payment_id: UUID, *, kind: PaymentKind, facts: tuple[UUID, Dong, UUID], wanted: list[str]
) -> Receipt | None:
    """The first answer for an id that was used with the same facts; SameIdOtherFacts for other facts; None for a new id.

    `facts`: the shift, what was given, and who takes it.
    """
    row = run_one(session, "payment_get", office_id=office_of(session), payment_id=payment_id)
    if row is None:
        return None
    first = receipt(session, payment_id=payment_id)
    same = (row.kind, row.shift_id, row.tendered, row.actor_id) == (kind, *facts)
    if not same or sorted(first.bill_ids) != sorted(wanted):
        raise SameIdOtherFacts
    return first


def _hold_shift(session: Session, shift_id: UUID) -> SimpleNamespace | None:
    """The shift, locked before anything is looked up: the same id pressed twice at once finds the first payment whole."""
    return run_one(session, "shift_get", office_id=office_of(session), shift_id=shift_id)


def _open_shift(shift: SimpleNamespace | None, *, by: UUID) -> SimpleNamespace:
    if shift is None:
        raise NoOpenShift
    if shift.cashier_id != by:
        raise NotYourShift(name=shift.cashier)
    if not shift.is_active:
        raise UserLeft(name=shift.cashier)
    if shift.state is ShiftState.COUNTED:
        raise AlreadyCounted
    if shift.state is not ShiftState.OPEN:
        raise NoOpenShift
    return shift


def lines_of_bills(bills: Sequence[SimpleNamespace]) -> tuple[tuple[str, str | None, Dong], ...]:
    """What a paper for these bills is for: (customer, bill, amount)."""
    return tuple((bill.customer_code, bill.bill_id, bill.amount) for bill in bills)


def payable(session: Session, bill_id: str) -> SimpleNamespace:
    """The bill, due and unpaid. Raises UnknownBill, AlreadyPaid, BillWithdrawn."""
    bill = run_one(session, "bill_get", office_id=office_of(session), bill_id=bill_id)
    if bill is None:
        raise UnknownBill(bill=safe_text(bill_id, limit=32))
    if bill.settled_by is not None:
        raise AlreadyPaid(bill=bill_id, number=number_of(session, payment_id=bill.settled_by))
    if bill.state is not BillState.DUE:
        raise BillWithdrawn(bill=bill_id)
    return bill


def order_approver(
    session: Session, now: datetime, *, bills: list[SimpleNamespace], due: Dong, by: UUID, approval_id: UUID | None
) -> UUID | None:
    """Who allowed a newer bill before an older one; None where none is older. Raises OlderBillFirst, NeedsApproval."""
    older = older_unpaid(session, bills=bills)
    if older is None:
        return None
    if approval_id is None:
        period = period_text(year=older.year, month=older.month, ky=older.ky)
        raise OlderBillFirst(customer=older.customer_code, period=period)
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.OUT_OF_ORDER,
        subject=order_subject([bill.bill_id for bill in bills]),
        amount=due,
        reason=None,
        by=by,
        roles=(Role.SUPERVISOR,),
    )


def order_subject(bill_ids: Sequence[str]) -> str:
    """What an OUT_OF_ORDER approval is bound to: exactly this basket."""
    return journal.row_hash("", ",".join(sorted(bill_ids)))[:32]


def refuse_change(session: Session, *, shift_id: UUID, change: Dong) -> None:
    """Raises NoChangeInDrawer."""
    if change and drawer(session, shift_id=shift_id) < change:
        raise NoChangeInDrawer(change=change)


def _cash_paper(
    shift: SimpleNamespace,
    *,
    payment_id: UUID,
    kind: PaymentKind,
    due: Dong,
    tendered: Dong,
    lines: tuple[tuple[str, str | None, Dong], ...],
    approver: UUID | None = None,
    months: int = 0,
    claims: tuple[list[Any], ...] = (),
) -> Paper:
    """Cash into this shift's drawer, taken by its cashier."""
    return Paper(
        payment_id=payment_id,
        till_code=shift.till_code,
        kind=kind,
        method=Method.CASH,
        shift_id=shift.shift_id,
        business_day=shift.business_day,
        amount=due,
        tendered=tendered,
        change=tendered - due,
        actor_id=shift.cashier_id,
        approver_id=approver,
        lines=lines,
        months=months,
        claims=claims,
    )


def _line(bill: SimpleNamespace) -> ReceiptLine:
    """A bill that was just paid, as the receipt shows it."""
    return ReceiptLine(
        customer_code=bill.customer_code,
        name=bill.name,
        address=bill.address,
        bill_id=bill.bill_id,
        bill_number=str(bill.number),
        period=period_text(year=bill.year, month=bill.month, ky=bill.ky),
        kind=bill.kind,
        amount=bill.amount,
        vat=bill.vat,
    )


def live_settlements(session: Session, payment_id: UUID, bills: list[SimpleNamespace]) -> None:
    """One live settlement a bill: the unique index decides, and who comes second hears it from here."""
    for bill in sorted(bills, key=lambda one: str(one.bill_id)):  # one order for all tills: no deadlocks
        office_id = office_of(session)
        values = {"bill_id": bill.bill_id, "payment_id": payment_id, "amount": bill.amount, "reversed_by": None}
        if run(session, "settlement_insert", office_id=office_id, **values) == 0:
            winner = run_one(session, "bill_get", office_id=office_id, bill_id=bill.bill_id)
            raise AlreadyPaid(bill=bill.bill_id, number=number_of(session, payment_id=winner.settled_by) if winner else "")


def per_customer(book: Book, paper: Paper) -> list[Leg]:
    """One credit leg a customer, in the order of the receipt."""
    sums: dict[str, Dong] = {}
    for customer_code, _, amount in paper.lines:
        sums[customer_code] = sums.get(customer_code, Dong()) + amount
    return [Leg(book, -amount, subject=customer_code) for customer_code, amount in sums.items()]
