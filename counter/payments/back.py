"""A receipt taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from counter import approvals
from counter.bills.cases import follow_claims, given_back, hold_bills
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import total
from counter.payments.giving import from_drawer, give_back, hold_advance, paper_back
from counter.payments.inside import Paper
from counter.payments.refusals import AdvanceUsed, PartlyGivenBack
from counter.payments.rules import check_reversible
from counter.payments.views import Receipt, advance_balance, receipt
from counter.shifts import (
    AlreadyCounted,
    NoOpenShift,
    NotInDrawer,
    NotYourShift,
    ReasonMissing,
    drawer,
    hold_shift,
    shift_facts,
    working_shift,
)
from counter.text import safe_text
from db.scope import office_of
from db.states import ApprovalAct, PaymentKind, Role, ShiftState, SurplusState
from db.tables import Approval, Payment, Settlement, Surplus


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

    A receipt of this very shift needs any second person, every other one a supervisor. A bill that CMIS changed or withdrew
    meanwhile becomes what CMIS says, and its case ends.
    Raises CannotReverse, AlreadyReversed, PartlyGivenBack, AdvanceUsed, ReasonMissing, NotInDrawer, NeedsApproval, OwnAct,
    NoOpenShift.
    """
    hold_shift(session, shift_id=shift_id)
    reason = safe_text(reason, limit=300)
    facts = (payment_id, shift_id, by, reason)
    before = _same_reversal(session, reversal_id, facts=facts, approval_id=approval_id)
    if before is not None:
        return before
    shift = working_shift(session, shift_id=shift_id, by=by)
    first = receipt(session, payment_id=payment_id)
    _refuse_reversal(session, first=first, reason=reason, shift_id=shift_id)
    roles = (Role.SUPERVISOR, Role.CASHIER) if first.shift_id == shift_id else (Role.SUPERVISOR,)
    act = {"act": ApprovalAct.REVERSE, "subject": first.number, "amount": first.amount, "reason": reason}
    approver = approvals.use(session, now, approval_id=approval_id, by=by, roles=roles, **act)  # type: ignore[arg-type]
    paper = paper_back(
        from_drawer(shift),
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
    back = receipt(session, payment_id=reversal_id)
    follow_claims(session, now, bill_ids=first.bill_ids, resolution=back.number, by=approver)
    return back


def _take_back(session: Session, now: datetime, paper: Paper, *, first: Receipt) -> None:
    """Write the reversal: the bills are owed again, the cash leaves the drawer, the rest stays as surplus."""
    give_back(session, now, paper)
    _end_settlements(session, payment_id=first.payment_id, by_payment=paper.payment_id)
    _keep_as_surplus(session, now, first=first, reversal_id=paper.payment_id)


def _same_reversal(
    session: Session, reversal_id: UUID, *, facts: tuple[UUID, UUID, UUID, str], approval_id: UUID | None
) -> Receipt | None:
    """The first answer for an id that was used with the same facts (receipt, shift, who, why); None for a new id."""
    before = session.get(Payment, (office_of(session), reversal_id))
    if before is None:
        return None
    word = session.get(Approval, (office_of(session), approval_id)) if approval_id else None
    another = word is not None and word.decided_by not in (None, before.approver_id)
    if (before.reverses, before.shift_id, before.actor_id, before.reason) != facts or another:
        raise SameIdOtherFacts
    return receipt(session, payment_id=reversal_id)


def reversible(session: Session, *, payment_id: UUID, shift_id: UUID, by: UUID) -> Receipt:
    """The receipt, if it can be taken back in this shift: asked before the reason and the second person.

    Raises NoOpenShift, NotYourShift, AlreadyCounted, CannotReverse, AlreadyReversed, PartlyGivenBack, AdvanceUsed,
    NotInDrawer.
    """
    shift = shift_facts(session, shift_id=shift_id)
    if shift.cashier_id != by:
        raise NotYourShift(name=shift.cashier)
    if shift.state is ShiftState.COUNTED:
        raise AlreadyCounted
    if shift.state is not ShiftState.OPEN:
        raise NoOpenShift
    first = receipt(session, payment_id=payment_id)
    check_reversible(kind=first.kind, number=first.number, reversed_by=first.reversed_by)
    _refuse_what_is_gone(session, first=first, shift_id=shift_id)
    return first


def _refuse_reversal(session: Session, *, first: Receipt, reason: str, shift_id: UUID) -> None:
    check_reversible(kind=first.kind, number=first.number, reversed_by=first.reversed_by)
    if not reason:
        raise ReasonMissing
    hold_bills(session, first.bill_ids)  # nobody gives back for a case meanwhile
    if first.kind is PaymentKind.ADVANCE:
        hold_advance(session, first.lines[0].customer_code)
    _refuse_what_is_gone(session, first=first, shift_id=shift_id)


def _refuse_what_is_gone(session: Session, *, first: Receipt, shift_id: UUID) -> None:
    """Money that went back already, that paid a bill, or that is not in the drawer."""
    already = total(given_back(session, bill_id) for bill_id in first.bill_ids)
    if already:
        raise PartlyGivenBack(number=first.number, amount=already)
    if first.kind is PaymentKind.ADVANCE:
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
