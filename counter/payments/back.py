"""Money back: reversal of a receipt, refund of an advance or of a bill that was withdrawn after it was paid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from counter import approvals, journal
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, Leg, post
from counter.money import NOTHING, Dong, total
from counter.payments.inside import Paper, record
from counter.payments.refusals import AdvanceUsed, NothingToRefund
from counter.payments.rules import check_reversible
from counter.payments.views import Receipt, advance_balance, receipt
from counter.shifts import NotInDrawer, ReasonMissing, drawer, working_shift
from counter.text import safe_text
from db.fast import run
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, BillState, CaseKind, CaseState, Method, PaymentKind, Role, SurplusState
from db.tables import Bill, Customer, OfficeCase, Payment, Settlement, Shift, Surplus


def reverse(
    session: Session,
    now: datetime,
    *,
    reversal_id: UUID,
    payment_id: UUID,
    reason: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None,
) -> Receipt:
    """Take a receipt back: a numbered paper of its own, the bills are owed again, the cash leaves this shift's drawer.

    A receipt of this very shift needs any second person, every other one a supervisor.
    Raises CannotReverse, AlreadyReversed, AdvanceUsed, ReasonMissing, NotInDrawer, NeedsApproval, OwnAct, NoOpenShift.
    """
    before = session.get(Payment, (office_of(session), reversal_id))
    if before is not None:
        if before.reverses != payment_id or before.shift_id != shift_id:
            raise SameIdOtherFacts
        return receipt(session, payment_id=reversal_id)
    shift = working_shift(session, shift_id=shift_id, by=by)
    first = receipt(session, payment_id=payment_id)
    reason = safe_text(reason, limit=300)
    _refuse_reversal(session, first=first, reason=reason, shift_id=shift_id)
    roles = (Role.SUPERVISOR, Role.CASHIER) if first.shift_id == shift_id else (Role.SUPERVISOR,)
    approver = approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.REVERSE,
        subject=first.number,
        amount=first.amount,
        by=by,
        roles=roles,
    )
    paper = _paper_back(
        shift,
        payment_id=reversal_id,
        kind=PaymentKind.REVERSAL,
        method=first.method,
        approver=approver,
        reverses=payment_id,
        reason=reason,
        lines=tuple((line.customer_code, line.bill_id or None, -line.amount) for line in first.lines),
        cash=first.cash,
    )
    _take_back(session, now, paper, first=first)
    return receipt(session, payment_id=reversal_id)


def _take_back(session: Session, now: datetime, paper: Paper, *, first: Receipt) -> None:
    """Write the reversal: the bills are owed again, the cash leaves the drawer, the rest stays as surplus."""
    link = record(session, now, paper).link
    _end_settlements(session, payment_id=first.payment_id, by_payment=paper.payment_id)
    _give_back_legs(session, link=link, paper=paper, was=first.kind)
    _keep_as_surplus(session, now, first=first, reversal_id=paper.payment_id)


def refund_advance(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    customer_code: str,
    reason: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None,
) -> Receipt:
    """Give the rest of a customer's advance back in cash; a supervisor approves. Raises NothingToRefund and as `reverse`."""
    _hold_advance(session, customer_code)
    return _refund(
        session,
        now,
        payment_id=payment_id,
        customer_code=customer_code,
        amount=advance_balance(session, customer_code=customer_code),
        bill_id=None,
        reason=reason,
        shift_id=shift_id,
        by=by,
        approval_id=approval_id,
    )


def refund_case(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    case_id: UUID,
    reason: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None,
) -> Receipt:
    """Give back what was taken above what the billing system claims now, and close the case. Raises NothingToRefund."""
    case = session.get(OfficeCase, (office_of(session), case_id), with_for_update=True)
    before = session.get(Payment, (office_of(session), payment_id))
    if case is None or (case.state is not CaseState.OPEN and before is None):
        raise NothingToRefund(customer=case.customer_code if case else "")
    over = case.taken - (Dong() if case.kind is CaseKind.WITHDRAWN_AFTER_PAID else case.claimed)
    done = _refund(
        session,
        now,
        payment_id=payment_id,
        customer_code=case.customer_code,
        amount=over,
        bill_id=case.bill_id,
        reason=reason,
        shift_id=shift_id,
        by=by,
        approval_id=approval_id,
    )
    if case.state is CaseState.OPEN:
        case.state, case.resolved_by, case.resolved_at = CaseState.RESOLVED, by, now
        case.resolution = done.number
        session.add(case)
        session.flush()
    return done


def use_advances(session: Session, now: datetime, *, customer_codes: list[str], by: UUID) -> list[Receipt]:
    """Settle coming bills from customers' advances, oldest first, each bill whole; the office's own series numbers them."""
    done: list[Receipt] = []
    for customer_code in customer_codes:
        _hold_advance(session, customer_code)
        left = advance_balance(session, customer_code=customer_code)
        for bill in _due_bills(session, customer_code):
            if bill.amount > left or bill.amount == 0:
                break
            used = _use_advance(session, now, bill=bill, by=by)
            if used is not None:
                done.append(used)
                left = left - bill.amount
    return done


def _paper_back(
    shift: Shift,
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
    """Money out of this shift's drawer, given with a second person's word. `cash`: a MIXED payment's part."""
    return Paper(
        payment_id=payment_id,
        till_code=shift.till_code,
        kind=kind,
        method=method,
        shift_id=shift.shift_id,
        business_day=shift.business_day,
        amount=total(amount for _, _, amount in lines),
        tendered=Dong(),
        change=cash if method is Method.MIXED else Dong(),
        actor_id=shift.cashier_id,
        approver_id=approver,
        reverses=reverses,
        reason=reason,
        lines=lines,
    )


def _refuse_reversal(session: Session, *, first: Receipt, reason: str, shift_id: UUID) -> None:
    check_reversible(kind=first.kind, number=first.number, reversed_by=first.reversed_by)
    if not reason:
        raise ReasonMissing
    if first.kind is PaymentKind.ADVANCE:
        _hold_advance(session, first.lines[0].customer_code)
        left = advance_balance(session, customer_code=first.lines[0].customer_code)
        if left < first.amount:
            raise AdvanceUsed(left=left)
    if drawer(session, shift_id=shift_id) < first.cash:
        raise NotInDrawer


def _end_settlements(session: Session, *, payment_id: UUID, by_payment: UUID) -> None:
    session.execute(
        update(Settlement)
        .where(
            col(Settlement.office_id) == office_of(session),
            col(Settlement.payment_id) == payment_id,
            col(Settlement.reversed_by).is_(None),
        )
        .values(reversed_by=by_payment)
    )


def _give_back_legs(session: Session, *, link: journal.Link, paper: Paper, was: PaymentKind) -> None:
    book = Book.ADVANCE if was is PaymentKind.ADVANCE else Book.RECEIVABLE
    cash = paper.amount if paper.method is Method.CASH else paper.tendered - paper.change
    legs = [Leg(Book.DRAWER, cash), Leg(Book.SURPLUS, paper.amount - cash, subject=paper.lines[0][0])]
    for customer_code, _, amount in paper.lines:
        legs.append(Leg(book, -amount, subject=customer_code))
        if book is Book.ADVANCE:
            _move_advance(session, payment_id=paper.payment_id, customer_code=customer_code, amount=amount)
    post(session, link=link, business_day=paper.business_day, shift_id=paper.shift_id, legs=legs)


def _keep_as_surplus(session: Session, now: datetime, *, first: Receipt, reversal_id: UUID) -> None:
    """What came by transfer, card or wallet stays where it is: the customer's surplus, to be credited or given back."""
    if first.amount == first.cash:
        return
    session.add(
        Surplus(
            office_id=office_of(session),
            surplus_id=new_id(),
            amount=first.amount - first.cash,
            state=SurplusState.OPEN,
            payment_id=reversal_id,
            customer_code=first.lines[0].customer_code,
            reason="reversed",
            opened_at=now,
        )
    )
    session.flush()


def _move_advance(session: Session, *, payment_id: UUID, customer_code: str, amount: Dong) -> None:
    run(
        session,
        "advance_insert",
        office_id=office_of(session),
        customer_code=customer_code,
        payment_id=payment_id,
        amount=amount,
        months=0,
    )


def _hold_advance(session: Session, customer_code: str) -> None:
    """Nobody else spends this customer's advance before the commit. Taking money for their bills goes on."""
    session.exec(
        select(Customer.customer_code)
        .where(Customer.office_id == office_of(session), Customer.customer_code == customer_code)
        .with_for_update(key_share=True)
    ).all()


def _refund(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    customer_code: str,
    amount: Dong,
    bill_id: str | None,
    reason: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None,
) -> Receipt:
    before = session.get(Payment, (office_of(session), payment_id))
    if before is not None:
        first = receipt(session, payment_id=payment_id)
        if before.kind is not PaymentKind.REFUND or first.lines[0].customer_code != customer_code:
            raise SameIdOtherFacts
        return first
    shift = working_shift(session, shift_id=shift_id, by=by)
    reason = safe_text(reason, limit=300)
    if amount <= 0:
        raise NothingToRefund(customer=safe_text(customer_code, limit=20))
    if not reason:
        raise ReasonMissing
    if drawer(session, shift_id=shift_id) < amount:
        raise NotInDrawer
    approver = approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.REFUND,
        subject=bill_id or customer_code,
        amount=-amount,
        by=by,
        roles=(Role.SUPERVISOR,),
    )
    paper = _paper_back(
        shift,
        payment_id=payment_id,
        kind=PaymentKind.REFUND,
        method=Method.CASH,
        approver=approver,
        reason=reason,
        lines=((customer_code, bill_id, -amount),),
    )
    link = record(session, now, paper).link
    _give_back_legs(session, link=link, paper=paper, was=PaymentKind.BILLS if bill_id else PaymentKind.ADVANCE)
    return receipt(session, payment_id=payment_id)


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
    )
    link = record(session, now, paper).link
    settled = {"bill_id": bill.bill_id, "payment_id": payment_id, "amount": bill.amount, "reversed_by": None}
    if run(session, "settlement_insert", office_id=office_of(session), **settled) == 0:
        point.rollback()
        session.expire_all()
        return None
    _move_advance(session, payment_id=payment_id, customer_code=bill.customer_code, amount=-bill.amount)
    legs = [
        Leg(Book.ADVANCE, bill.amount, subject=bill.customer_code),
        Leg(Book.RECEIVABLE, -bill.amount, subject=bill.customer_code),
    ]
    post(session, link=link, business_day=paper.business_day, shift_id=None, legs=legs)
    point.commit()
    return receipt(session, payment_id=payment_id)
