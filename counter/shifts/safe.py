"""Cash between drawer and safe, and into the safe: both sides are posted, and it gives no more change than it holds."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter import approvals
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg, balance, enter
from counter.money import Dong
from counter.people import require
from counter.shifts.inside import note
from counter.shifts.refusals import NothingMoved, NotInDrawer, NotInSafe, ReasonMissing
from counter.shifts.views import MoveLine, drawer, hold_shift, working_shift
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, CashMoveKind, Role
from db.tables import Account, CashMove, JournalRow, Shift

INTO_SAFE = "safe.in"


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
    approval_id: UUID | None = None,
) -> MoveLine:
    """Cash from the drawer to the safe, or change from the safe, with a supervisor's word: both sides are posted.

    Raises NoOpenShift, NotYourShift, AlreadyCounted, NothingMoved, ReasonMissing, NotInDrawer, NotInSafe, NeedsApproval.
    """
    reason = safe_text(reason, limit=300)
    hold_shift(session, shift_id=shift_id)
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
    if kind is CashMoveKind.CHANGE_FROM_SAFE:
        _hold_safe(session)
        row.approver_id = _word_for_change(session, now, row, approval_id=approval_id)
    elif drawer(session, shift_id=shift_id) < amount:
        raise NotInDrawer
    _write(session, now, row, shift)
    return MoveLine(kind, amount, reason, now)


def _word_for_change(session: Session, now: datetime, row: CashMove, *, approval_id: UUID | None) -> UUID:
    """Who opened the safe. Raises NotInSafe, NeedsApproval."""
    may_take_from_safe(session, amount=row.amount)
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.FROM_SAFE,
        subject=str(row.shift_id),
        amount=row.amount,
        reason=row.reason,
        by=row.moved_by,
        roles=(Role.SUPERVISOR,),
    )


def _write(session: Session, now: datetime, row: CashMove, shift: Shift) -> None:
    session.add(row)
    session.flush()
    signed = row.amount if row.kind is CashMoveKind.CHANGE_FROM_SAFE else -row.amount
    facts = {
        "move": row.move_id,
        "kind": row.kind.value,
        "amount": int(row.amount),
        "reason": row.reason,
        "approver": row.approver_id,
    }
    note(session, now, shift, "cash.move", facts, legs=[Leg(Book.DRAWER, signed), Leg(Book.SAFE, -signed)])


def fill_safe(session: Session, now: datetime, *, move_id: UUID, amount: Dong, reason: str, by: UUID) -> Dong:
    """A supervisor notes cash that comes into the safe from outside the office, and answers for it; what it holds then.

    Again with the same id and facts: nothing more. Raises NotAllowed, NothingMoved, ReasonMissing, SameIdOtherFacts.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    reason = safe_text(reason, limit=300)
    facts = {"move": str(move_id), "amount": int(amount), "reason": reason}
    _hold_safe(session)
    before = _filled(session, move_id)
    if before is None:
        if amount <= 0:
            raise NothingMoved
        if not reason:
            raise ReasonMissing
        enter(
            session,
            now,
            till_code=OFFICE_TILL,
            kind=INTO_SAFE,
            business_day=local_day(now),
            actor_id=by,
            facts=facts,
            legs=[Leg(Book.SAFE, amount), Leg(Book.BANK_OTHER, -amount)],
        )
    elif (before["facts"], before["actor"]) != (facts, str(by)):
        raise SameIdOtherFacts
    return safe_balance(session)


def safe_balance(session: Session) -> Dong:
    """What must lie in the safe: the sum of its postings; below zero where nobody noted what it held at first."""
    return balance(session, book=Book.SAFE)


def may_take_from_safe(session: Session, *, amount: Dong) -> None:
    """Nothing, where the safe holds `amount` đồng: asked before the second person is. Raises NotInSafe."""
    if safe_balance(session) < amount:
        raise NotInSafe


def _filled(session: Session, move_id: UUID) -> dict[str, object] | None:
    """The journal's row of this id; an act so rare needs no table of its own."""
    row = session.exec(
        select(JournalRow.content).where(
            JournalRow.office_id == office_of(session),
            JournalRow.till_code == OFFICE_TILL,
            JournalRow.kind == INTO_SAFE,
            col(JournalRow.content).contains(f'"move":"{move_id}"', autoescape=True),
        )
    ).first()
    return None if row is None else json.loads(row)


def _hold_safe(session: Session) -> None:
    """One after the other: two drawers do not take the same cash. Posting to it goes on."""
    session.exec(
        select(Account.account)
        .where(Account.office_id == office_of(session), Account.account == Book.SAFE.value)
        .with_for_update(key_share=True)
    ).all()
