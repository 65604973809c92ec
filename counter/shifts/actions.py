"""Open, move cash, count blind, hand over, accept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from counter import approvals
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg, enter
from counter.money import Dong, NoteCount, sum_of
from counter.office import require_till
from counter.people import hold_person, require
from counter.shifts.refusals import (
    NoOpenShift,
    NotCounted,
    NotHandedOver,
    NothingMoved,
    NotInDrawer,
    ReasonMissing,
)
from counter.shifts.rules import LIVE, MOVES, move, plain_notes
from counter.shifts.views import MoveLine, ShiftFacts, drawer, facts_of, may_count, may_open, own_shift, working_shift
from counter.text import safe_text
from db.scope import office_of
from db.states import ApprovalAct, CashMoveKind, CountPurpose, Role, ShiftState
from db.tables import CashCount, CashMove, Shift


def open_shift(
    session: Session, now: datetime, *, shift_id: UUID, till_code: str, cashier_id: UUID, notes: NoteCount
) -> ShiftFacts:
    """Open a shift with the float counted by notes; its business day is today in Vietnam and never changes.

    Raises NotAllowed, NoSuchTill, ShiftAlreadyOpen. The same id and facts again: the same shift.
    """
    float_amount = sum_of(notes)
    found = session.get(Shift, (office_of(session), shift_id))
    if found is not None:
        count = session.get_one(CashCount, (office_of(session), shift_id))
        float_notes = json.dumps(plain_notes(notes))
        if (found.till_code, found.cashier_id, count.notes) != (till_code, cashier_id, float_notes):
            raise SameIdOtherFacts
        return facts_of(session, found)
    hold_person(session, user_id=cashier_id)
    require(session, user_id=cashier_id, roles=(Role.CASHIER,))
    require_till(session, code=till_code)
    may_open(session, till_code=till_code, cashier_id=cashier_id)
    day = local_day(now)
    shift = Shift(
        office_id=office_of(session),
        shift_id=shift_id,
        till_code=till_code,
        cashier_id=cashier_id,
        business_day=day,
        state=ShiftState.OPEN,
        opened_at=now,
        float_amount=float_amount,
    )
    session.add(shift)
    session.flush()
    _save_count(session, now, shift=shift, count_id=shift_id, purpose=CountPurpose.FLOAT, notes=notes)
    legs = [Leg(Book.DRAWER, float_amount), Leg(Book.SAFE, -float_amount)]
    _note(session, now, shift, "shift.open", {"float": int(float_amount), "notes": plain_notes(notes)}, legs=legs)
    return facts_of(session, shift)


def move_cash(
    session: Session,
    now: datetime,
    *,
    move_id: UUID,
    shift_id: UUID,
    kind: CashMoveKind,
    amount: Dong,
    reason: str,
    by: UUID,
) -> MoveLine:
    """Cash from the drawer to the safe, or change from the safe to the drawer: both sides are posted.

    Raises NoOpenShift, NotYourShift, AlreadyCounted, NothingMoved, ReasonMissing, NotInDrawer.
    """
    reason = safe_text(reason, limit=300)
    found = session.get(CashMove, (office_of(session), move_id))
    if found is not None:
        if (found.shift_id, found.kind, found.amount, found.reason, found.moved_by) != (shift_id, kind, amount, reason, by):
            raise SameIdOtherFacts
        return MoveLine(found.kind, found.amount, found.reason, found.moved_at)
    shift = working_shift(session, shift_id=shift_id, by=by)
    if amount <= 0:
        raise NothingMoved
    if not reason:
        raise ReasonMissing
    signed = amount if kind is CashMoveKind.CHANGE_FROM_SAFE else -amount
    if drawer(session, shift_id=shift_id) + signed < 0:
        raise NotInDrawer
    row = CashMove(
        office_id=office_of(session),
        move_id=move_id,
        shift_id=shift_id,
        kind=kind,
        amount=amount,
        reason=reason,
        moved_by=by,
        moved_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"move": move_id, "kind": kind.value, "amount": int(amount), "reason": reason}
    _note(session, now, shift, "cash.move", facts, legs=[Leg(Book.DRAWER, signed), Leg(Book.SAFE, -signed)])
    return MoveLine(kind, amount, reason, now)


def count_drawer(
    session: Session, now: datetime, *, count_id: UUID, shift_id: UUID, notes: NoteCount, by: UUID
) -> ShiftFacts:
    """Save a blind count; only then is the expected figure told. One recount is allowed and both counts are kept.

    Raises NoOpenShift, NotYourShift, NoMoreCounts.
    """
    found = session.get(CashCount, (office_of(session), count_id))
    shift = own_shift(session, shift_id=shift_id, by=by)
    if found is not None:
        blind = (shift_id, CountPurpose.BLIND, json.dumps(plain_notes(notes)))
        if (found.shift_id, found.purpose, found.notes) != blind:
            raise SameIdOtherFacts
        return facts_of(session, shift)
    if shift.state not in LIVE:
        raise NoOpenShift
    may_count(session, shift_id=shift_id)
    total = _save_count(session, now, shift=shift, count_id=count_id, purpose=CountPurpose.BLIND, notes=notes)
    expected = drawer(session, shift_id=shift_id)
    move(shift, to=ShiftState.COUNTED)
    shift.counted, shift.expected = total, expected
    session.add(shift)
    session.flush()
    facts = {"count": count_id, "notes": plain_notes(notes), "counted": int(total), "expected": int(expected)}
    _note(session, now, shift, "shift.count", facts)
    return facts_of(session, shift)


def hand_over(
    session: Session,
    now: datetime,
    *,
    shift_id: UUID,
    reason: str,
    limit: Dong,
    by: UUID,
    approval_id: UUID | None = None,
) -> ShiftFacts:
    """Give the counted cash out of one's hands. A difference needs a reason; above `limit` đồng, a supervisor's word.

    The shortage is booked on the cashier, an overage kept apart. Raises NotCounted, ReasonMissing, NeedsApproval.
    """
    shift = own_shift(session, shift_id=shift_id, by=by)
    if shift.state in (ShiftState.HANDED_OVER, ShiftState.ACCEPTED):
        return facts_of(session, shift)
    if shift.state is not ShiftState.COUNTED or shift.counted is None or shift.expected is None:
        raise NotCounted
    reason = safe_text(reason, limit=300)
    difference = shift.counted - shift.expected
    if difference and not reason:
        raise ReasonMissing
    approver = None
    if abs(difference) > limit:
        approver = _difference_word(session, now, shift_id=shift_id, difference=difference, by=by, approval_id=approval_id)
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
    }
    approvals.end_requests(session, now, act=ApprovalAct.DIFFERENCE, subject=str(shift_id), by=by)
    book = Book.SHORTAGE if difference < 0 else Book.OVERAGE
    legs = [
        Leg(Book.HANDOVER, shift.counted),
        Leg(Book.DRAWER, -shift.expected),
        Leg(book, -difference, subject=str(shift.cashier_id)),
    ]
    _note(session, now, shift, "shift.hand_over", facts, legs=legs)
    return facts_of(session, shift)


def _difference_word(
    session: Session, now: datetime, *, shift_id: UUID, difference: Dong, by: UUID, approval_id: UUID | None
) -> UUID:
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.DIFFERENCE,
        subject=str(shift_id),
        amount=difference,
        by=by,
        roles=(Role.SUPERVISOR,),
    )


def accept_shift(session: Session, now: datetime, *, shift_id: UUID, by: UUID) -> ShiftFacts:
    """The receiver takes the handed-over cash into the safe. Raises NotHandedOver, NotYourShift, NotAllowed."""
    receiver = require(session, user_id=by, roles=(Role.SUPERVISOR,))
    shift = session.get(Shift, (office_of(session), shift_id), with_for_update=True)
    if shift is None:
        raise NotHandedOver
    if shift.state is ShiftState.ACCEPTED and shift.receiver_id == by:
        return facts_of(session, shift)
    if ShiftState.ACCEPTED not in MOVES[shift.state] or shift.counted is None:
        raise NotHandedOver
    move(shift, to=ShiftState.ACCEPTED)
    shift.receiver_id, shift.accepted_at = receiver.user_id, now
    session.add(shift)
    session.flush()
    legs = [Leg(Book.SAFE, shift.counted), Leg(Book.HANDOVER, -shift.counted)]
    _note(session, now, shift, "shift.accept", {"counted": int(shift.counted)}, legs=legs, actor=by)
    return facts_of(session, shift)


def _save_count(
    session: Session, now: datetime, *, shift: Shift, count_id: UUID, purpose: CountPurpose, notes: NoteCount
) -> Dong:
    total = sum_of(notes)
    session.add(
        CashCount(
            office_id=office_of(session),
            count_id=count_id,
            shift_id=shift.shift_id,
            purpose=purpose,
            notes=json.dumps(plain_notes(notes)),
            total=total,
            counted_by=shift.cashier_id,
            counted_at=now,
        )
    )
    session.flush()
    return total


def _note(
    session: Session,
    now: datetime,
    shift: Shift,
    kind: str,
    facts: dict[str, Any],
    *,
    legs: Sequence[Leg] = (),
    actor: UUID | None = None,
) -> None:
    enter(
        session,
        now,
        till_code=shift.till_code,
        kind=kind,
        business_day=shift.business_day,
        actor_id=actor or shift.cashier_id,
        facts={"shift": shift.shift_id, **facts},
        legs=legs,
    )
