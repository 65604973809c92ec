"""Hand over, accept, refuse: cash out of one person's hands into another's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import approvals
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg
from counter.money import Dong
from counter.office import difference_limit
from counter.people import name_of, require
from counter.shifts.inside import note
from counter.shifts.refusals import CashDiffers, NotCounted, NotHandedOver, ReasonMissing
from counter.shifts.rules import MOVES, move
from counter.shifts.views import ShiftFacts, counted_anew, facts_of, needs_word, own_shift
from counter.text import safe_text
from db.scope import office_of
from db.states import ApprovalAct, Role, ShiftState
from db.tables import Shift


def hand_over(
    session: Session,
    now: datetime,
    *,
    shift_id: UUID,
    reason: str,
    by: UUID,
    approval_id: UUID | None = None,
) -> ShiftFacts:
    """Give the counted cash out of one's hands. A difference needs a reason; above the office's limit, a supervisor's word.

    The shortage is booked on the cashier, an overage kept apart. Again with the same reason: nothing more is done.
    Raises NotCounted, ReasonMissing, NeedsApproval, SameIdOtherFacts.
    """
    reason = safe_text(reason, limit=300)
    shift = own_shift(session, shift_id=shift_id, by=by)
    if shift.state in (ShiftState.HANDED_OVER, ShiftState.ACCEPTED):
        if shift.difference_reason != reason:
            raise SameIdOtherFacts
        return facts_of(session, shift)
    if ShiftState.HANDED_OVER not in MOVES[shift.state] or shift.counted is None or shift.expected is None:
        raise NotCounted
    if shift.state is ShiftState.REFUSED and not counted_anew(session, shift):
        raise NotCounted
    difference = shift.counted - shift.expected
    if difference and not reason:
        raise ReasonMissing
    approver = None
    if needs_word(session, difference=difference):
        word = {"difference": difference, "reason": reason, "by": by, "approval_id": approval_id}
        approver = _difference_word(session, now, shift_id=shift_id, **word)  # type: ignore[arg-type]
    move(shift, to=ShiftState.HANDED_OVER)
    shift.difference_reason, shift.handed_over_at = reason, now
    session.add(shift)
    session.flush()
    facts = {
        "counted": int(shift.counted),
        "expected": int(shift.expected),
        "difference": int(difference),
        "reason": reason,
        "approver": approver,
        "limit": int(difference_limit(session)),
    }
    approvals.end_requests(session, now, act=ApprovalAct.DIFFERENCE, subject=str(shift_id), by=by)
    note(session, now, shift, "shift.hand_over", facts, legs=_given_away(shift))
    return facts_of(session, shift)


def hand_to(
    session: Session,
    now: datetime,
    *,
    shift_id: UUID,
    reason: str,
    by: UUID,
    receiver_id: UUID,
    counted: Dong | None,
    approval_id: UUID | None = None,
) -> ShiftFacts:
    """The cashier hands over and the receiver takes it at one instant, or neither.

    `counted`: the sum the receiver counted (đồng); None: they take the cashier's count.
    Raises as `hand_over` and `accept_shift`.
    """
    given = hand_over(session, now, shift_id=shift_id, reason=reason, by=by, approval_id=approval_id)
    assert given.counted is not None
    return accept_shift(
        session, now, shift_id=shift_id, counted=given.counted if counted is None else counted, by=receiver_id
    )


def _given_away(shift: Shift) -> list[Leg]:
    """Out of the drawer what should be there, on the way what was counted, the difference apart."""
    assert shift.counted is not None and shift.expected is not None
    difference = shift.counted - shift.expected
    book = Book.SHORTAGE if difference < 0 else Book.OVERAGE
    return [
        Leg(Book.HANDOVER, shift.counted),
        Leg(Book.DRAWER, -shift.expected),
        Leg(book, -difference, subject=str(shift.cashier_id)),
    ]


def _difference_word(
    session: Session, now: datetime, *, shift_id: UUID, difference: Dong, reason: str, by: UUID, approval_id: UUID | None
) -> UUID:
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.DIFFERENCE,
        subject=str(shift_id),
        amount=difference,
        reason=reason,
        by=by,
        roles=(Role.SUPERVISOR,),
    )


def accept_shift(session: Session, now: datetime, *, shift_id: UUID, counted: Dong, by: UUID) -> ShiftFacts:
    """The receiver, who counted `counted` đồng, takes the handed-over cash into the safe.

    Raises NotHandedOver, CashDiffers, NotYourShift, NotAllowed.
    """
    shift = _handed(session, shift_id, by=by)
    if shift.state is ShiftState.ACCEPTED and (shift.receiver_id, shift.counted) == (by, counted):
        return facts_of(session, shift)
    if ShiftState.ACCEPTED not in MOVES[shift.state] or shift.counted is None:
        raise NotHandedOver
    if counted != shift.counted:
        name = name_of(session, user_id=shift.cashier_id)
        raise CashDiffers(name=name, said=shift.counted, counted=counted)
    move(shift, to=ShiftState.ACCEPTED)
    shift.receiver_id, shift.accepted_at, shift.received = by, now, counted
    session.add(shift)
    session.flush()
    legs = [Leg(Book.SAFE, shift.counted), Leg(Book.HANDOVER, -shift.counted)]
    note(session, now, shift, "shift.accept", {"counted": int(shift.counted)}, legs=legs, actor=by)
    return facts_of(session, shift)


def refuse_shift(
    session: Session, now: datetime, *, shift_id: UUID, counted: Dong | None, reason: str, by: UUID
) -> ShiftFacts:
    """The receiver does not take the cash: it stays the giver's, who counts once more and hands over again.

    `counted`: what the receiver counted (đồng), None if they did not. Raises NotHandedOver, ReasonMissing, NotAllowed.
    """
    reason = safe_text(reason, limit=300)
    shift = _handed(session, shift_id, by=by)
    if shift.state is ShiftState.REFUSED and (shift.refused_by, shift.received, shift.refusal) == (by, counted, reason):
        return facts_of(session, shift)
    if shift.state is not ShiftState.HANDED_OVER:
        raise NotHandedOver
    if not reason:
        raise ReasonMissing
    back = [Leg(leg.book, -leg.amount, leg.subject) for leg in _given_away(shift)]
    move(shift, to=ShiftState.REFUSED)
    shift.refusals += 1
    shift.refusal, shift.refused_by, shift.received = reason, by, counted
    session.add(shift)
    session.flush()
    facts = {"received": None if counted is None else int(counted), "reason": reason}
    note(session, now, shift, "shift.refuse", facts, legs=back, actor=by)
    return facts_of(session, shift)


def _handed(session: Session, shift_id: UUID, *, by: UUID) -> Shift:
    """The shift, locked; `by` is a supervisor. Raises NotAllowed, NotHandedOver."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    shift = session.get(Shift, (office_of(session), shift_id), with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotHandedOver
    return shift
