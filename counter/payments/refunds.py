"""Money back without a receipt to take back: the rest of an advance, and what CMIS no longer claims of a paid bill.

What CMIS no longer claims is given back in cash, or kept: it becomes the customer's advance. Either way two people act, one
numbered paper is made, and the case is closed with its number by the supervisor who said yes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import approvals
from counter.bills.cases import close_case, hold_case, too_much
from counter.bills.refusals import CaseClosed
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg
from counter.money import Dong
from counter.payments.giving import Giver, from_drawer, give_back, hold_advance, move_advance, paper_back
from counter.payments.inside import Paper, record
from counter.payments.refusals import NothingToRefund
from counter.payments.views import Receipt, advance_balance, receipt
from counter.people import require
from counter.shifts import NotInDrawer, ReasonMissing, drawer, hold_shift, working_shift
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, CaseState, Method, PaymentKind, Role
from db.tables import OfficeCase, Payment


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
    """Give the rest of a customer's advance back in cash; a supervisor approves. Again with the same id: the same receipt.

    Raises NothingToRefund, ReasonMissing, NotInDrawer, NoOpenShift, NotYourShift, AlreadyCounted, NeedsApproval, OwnAct.
    """
    reason = safe_text(reason, limit=300)
    hold_shift(session, shift_id=shift_id)
    before = _same_refund(
        session, payment_id, by=by, shift_id=shift_id, method=Method.CASH, what=(customer_code, ""), why=reason
    )
    if before is not None:
        return before
    shift = working_shift(session, shift_id=shift_id, by=by)
    hold_advance(session, customer_code)
    left = advance_balance(session, customer_code=customer_code)
    _refuse(customer_code, left, reason=reason)
    return _give_in_cash(
        session,
        now,
        payment_id=payment_id,
        giver=from_drawer(shift),
        what=(customer_code, None, left),
        reason=reason,
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
    """Give back in cash what is kept above CMIS's claim, and close the case; a supervisor approves.

    Again with the same id: the same receipt. Raises UnknownCase, CaseClosed, and as `refund_advance`.
    """
    reason = safe_text(reason, limit=300)
    hold_shift(session, shift_id=shift_id)
    case = hold_case(session, case_id=case_id)
    what = (case.customer_code, case.bill_id)
    before = _same_refund(session, payment_id, by=by, shift_id=shift_id, method=Method.CASH, what=what, why=reason)
    if before is not None:
        return _of_case(before, case)
    shift = working_shift(session, shift_id=shift_id, by=by)
    over = _open_excess(session, case, reason=reason)
    done = _give_in_cash(
        session,
        now,
        payment_id=payment_id,
        giver=from_drawer(shift),
        what=(case.customer_code, case.bill_id, over),
        reason=reason,
        approval_id=approval_id,
    )
    _close_with(session, now, case, payment_id=payment_id, number=done.number)
    return done


def keep_case(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    case_id: UUID,
    reason: str,
    by: UUID,
    approval_id: UUID | None,
) -> Receipt:
    """Keep what is above CMIS's claim as the customer's advance, and close the case; a supervisor approves.

    No drawer is touched: the paper has its number from the office's own series. Again with the same id: the same receipt.
    Raises UnknownCase, CaseClosed, NothingToRefund, ReasonMissing, NeedsApproval, OwnAct, NotAllowed.
    """
    require(session, user_id=by, roles=(Role.CASHIER, Role.SUPERVISOR))
    reason = safe_text(reason, limit=300)
    case = hold_case(session, case_id=case_id)
    what = (case.customer_code, case.bill_id)
    before = _same_refund(session, payment_id, by=by, shift_id=None, method=Method.ADVANCE, what=what, why=reason)
    if before is not None:
        return _of_case(before, case)
    over = _open_excess(session, case, reason=reason)
    approver = approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.KEEP,
        subject=case.bill_id,
        amount=over,
        reason=reason,
        by=by,
        roles=(Role.SUPERVISOR,),
    )
    paper = paper_back(
        Giver(OFFICE_TILL, None, local_day(now), by),
        payment_id=payment_id,
        kind=PaymentKind.REFUND,
        method=Method.ADVANCE,
        approver=approver,
        reason=reason,
        lines=((case.customer_code, case.bill_id, -over),),
    )
    _keep(session, now, paper)
    done = receipt(session, payment_id=payment_id)
    _close_with(session, now, case, payment_id=payment_id, number=done.number)
    return done


def _keep(session: Session, now: datetime, paper: Paper) -> None:
    """The customer's debt rises again, and so does their advance."""
    ((customer_code, _, amount),) = paper.lines
    legs = [Leg(Book.RECEIVABLE, -amount, subject=customer_code), Leg(Book.ADVANCE, amount, subject=customer_code)]
    record(session, now, paper, legs=legs)
    move_advance(session, payment_id=paper.payment_id, customer_code=customer_code, amount=-amount)


def _same_refund(
    session: Session, payment_id: UUID, *, by: UUID, shift_id: UUID | None, method: Method, what: tuple[str, str], why: str
) -> Receipt | None:
    """The first answer for an id that was used with the same facts (`what`: customer, bill); None for a new id."""
    row = session.get(Payment, (office_of(session), payment_id))
    if row is None:
        return None
    first = receipt(session, payment_id=payment_id)
    given = (first.lines[0].customer_code, first.lines[0].bill_id)
    same = (row.kind, row.method, row.shift_id, row.actor_id, given, row.reason)
    if same != (PaymentKind.REFUND, method, shift_id, by, what, why):
        raise SameIdOtherFacts
    return first


def _of_case(first: Receipt, case: OfficeCase) -> Receipt:
    """The receipt that ended this very case, and not another one of the same bill. Raises SameIdOtherFacts."""
    if case.resolution != first.number:
        raise SameIdOtherFacts
    return first


def _open_excess(session: Session, case: OfficeCase, *, reason: str) -> Dong:
    """What is kept too much for an open case (đồng). Raises CaseClosed, NothingToRefund, ReasonMissing."""
    if case.state is not CaseState.OPEN:
        raise CaseClosed(resolution=case.resolution)
    over = too_much(session, case)
    _refuse(case.customer_code, over, reason=reason)
    return over


def _refuse(customer_code: str, amount: Dong, *, reason: str) -> None:
    if amount <= 0:
        raise NothingToRefund(customer=safe_text(customer_code, limit=20))
    if not reason:
        raise ReasonMissing


def _give_in_cash(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    giver: Giver,
    what: tuple[str, str | None, Dong],
    reason: str,
    approval_id: UUID | None,
) -> Receipt:
    """`what` is (customer, bill or None for the advance, amount above zero)."""
    customer_code, bill_id, amount = what
    assert giver.shift_id is not None
    if drawer(session, shift_id=giver.shift_id) < amount:
        raise NotInDrawer
    approver = approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.REFUND,
        subject=bill_id or customer_code,
        amount=-amount,
        reason=reason,
        by=giver.actor_id,
        roles=(Role.SUPERVISOR,),
    )
    paper = paper_back(
        giver,
        payment_id=payment_id,
        kind=PaymentKind.REFUND,
        method=Method.CASH,
        approver=approver,
        reason=reason,
        lines=((customer_code, bill_id, -amount),),
    )
    give_back(session, now, paper)
    return receipt(session, payment_id=payment_id)


def _close_with(session: Session, now: datetime, case: OfficeCase, *, payment_id: UUID, number: str) -> None:
    """The case ends with the paper's number; the supervisor who said yes decided it."""
    paper = session.get_one(Payment, (case.office_id, payment_id))
    assert paper.approver_id is not None
    close_case(session, now, case, resolution=number, by=paper.approver_id)
