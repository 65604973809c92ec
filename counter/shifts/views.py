"""What screens, papers and commands see of a shift."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter import journal
from counter.ledger import Book, shift_balance
from counter.money import NOTES, Dong
from counter.office import difference_limit
from counter.people import name_of, still_here
from counter.shifts.refusals import AlreadyCounted, NoMoreCounts, NoOpenShift, NotYourShift, ShiftAlreadyOpen
from counter.shifts.rules import COUNTS_ALLOWED, LIVE
from db.scope import office_of
from db.states import CashMoveKind, CountPurpose, Method, PaymentKind, ShiftState
from db.tables import CashCount, CashMove, JournalRow, Payment, Shift

Line = TypeVar("Line")

SMALL: Final = 1_000
"""Notes below this hardly change hands any more: a drawer has those it was given."""


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A shift. Money in đồng; `expected`, `counted` and `difference` (counted − expected) are None before the count."""

    shift_id: UUID
    till_code: str
    cashier_id: UUID
    cashier: str
    business_day: date
    state: ShiftState
    opened_at: datetime
    float_amount: Dong
    expected: Dong | None
    counted: Dong | None
    difference: Dong | None
    difference_reason: str
    receiver: str
    refusal: str = ""
    """Why the receiver did not take the cash, until it is handed over again."""
    received: Dong | None = None
    """What the receiver counted: the same as `counted` once it is accepted."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken by method, less what was given back, and how many papers of each kind.

    `slips`: cards and wallets; `from_advances`: settled with money taken before, `kept`: of paid bills, now in advance;
    neither is new money. `reversals` took a receipt back, `refunds` gave money back or kept it as an advance.
    """

    cash: Dong
    qr: Dong
    slips: Dong
    from_advances: Dong
    kept: Dong
    receipts: int
    reversals: int
    refunds: int


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One movement between drawer and safe."""

    kind: CashMoveKind
    amount: Dong
    reason: str
    moved_at: datetime


def live_shift(session: Session, *, till_code: str) -> ShiftFacts | None:
    """The shift whose drawer is at this till now, or None."""
    row = session.exec(
        select(Shift).where(Shift.office_id == office_of(session), Shift.till_code == till_code, col(Shift.state).in_(LIVE))
    ).first()
    return facts_of(session, row) if row else None


def last_shift(session: Session, *, till_code: str) -> ShiftFacts | None:
    """The shift of this till that was opened last, whatever its state."""
    opened = journal.newest_first(session, till_code=till_code, kind="shift.open", about=None, limit=1)
    return shift_facts(session, shift_id=UUID(opened[0]["shift"])) if opened else None


def shift_facts(session: Session, *, shift_id: UUID) -> ShiftFacts:
    """One shift. Raises NoOpenShift for an unknown id."""
    row = session.get(Shift, (office_of(session), shift_id))
    if row is None:
        raise NoOpenShift
    return facts_of(session, row)


def handed_over(session: Session) -> list[ShiftFacts]:
    """Shifts whose cash waits to be accepted."""
    rows = session.exec(
        select(Shift).where(Shift.office_id == office_of(session), Shift.state == ShiftState.HANDED_OVER)
    ).all()
    return [facts_of(session, row) for row in rows]


def refused_shift(session: Session, *, cashier_id: UUID) -> ShiftFacts | None:
    """The shift of this cashier whose cash the receiver did not take, or None."""
    row = session.exec(
        select(Shift)
        .where(Shift.office_id == office_of(session), Shift.cashier_id == cashier_id, Shift.state == ShiftState.REFUSED)
        .order_by(col(Shift.shift_id))
    ).first()
    return facts_of(session, row) if row else None


def refused_shifts(session: Session) -> list[ShiftFacts]:
    """Shifts whose cash went back to its cashier."""
    rows = session.exec(
        select(Shift)
        .where(Shift.office_id == office_of(session), Shift.state == ShiftState.REFUSED)
        .order_by(col(Shift.till_code), col(Shift.shift_id))
    ).all()
    return [facts_of(session, row) for row in rows]


def open_shifts(session: Session) -> list[ShiftFacts]:
    """Every drawer that is out now."""
    rows = session.exec(
        select(Shift).where(Shift.office_id == office_of(session), col(Shift.state).in_(LIVE)).order_by(col(Shift.till_code))
    ).all()
    return [facts_of(session, row) for row in rows]


def shifts_of_day(session: Session, *, day: date) -> list[ShiftFacts]:
    """Every shift of a business day, by till and in the order they were opened."""
    rows = session.exec(
        select(Shift)
        .where(Shift.office_id == office_of(session), Shift.business_day == day)
        .order_by(col(Shift.till_code), col(Shift.shift_id))
    ).all()
    return [facts_of(session, row) for row in rows]


def taken(session: Session, *, shift_id: UUID) -> Taken:
    """What the shift took, by method, after what it gave back."""
    return _taken(session, Payment.office_id == office_of(session), Payment.shift_id == shift_id)


def taken_on_day(session: Session, *, till_code: str, day: date) -> Taken:
    """What a till took on a business day, in its shifts and outside them."""
    office_id = office_of(session)
    return _taken(session, Payment.office_id == office_id, Payment.till_code == till_code, Payment.business_day == day)


def taken_of_day(session: Session, *, day: date) -> Taken:
    """What all tills together took on a business day: drawers that were handed over stay in it."""
    at_tills = col(Payment.shift_id).is_not(None)
    return _taken(session, Payment.office_id == office_of(session), Payment.business_day == day, at_tills)


def _taken(session: Session, *here: Any) -> Taken:
    rows = session.exec(
        select(Payment.kind, Payment.method, func.count(), func.sum(Payment.amount))
        .where(*here)
        .group_by(col(Payment.kind), col(Payment.method))
    ).all()
    in_drawer = func.coalesce(func.sum(Payment.tendered - Payment.change), 0)
    mixed_cash = Dong(int(session.exec(select(in_drawer).where(*here, Payment.method == Method.MIXED)).one()))
    by_method = {method: Dong(sum(int(s) for _, m, _, s in rows if m is method)) for method in Method}
    of_advance = {
        kind: Dong(sum(int(s) for k, m, _, s in rows if k is kind and m is Method.ADVANCE)) for kind in PaymentKind
    }
    back = (PaymentKind.REVERSAL, PaymentKind.REFUND)
    return Taken(
        cash=by_method[Method.CASH] + mixed_cash,
        qr=by_method[Method.QR] + by_method[Method.MIXED] - mixed_cash,
        slips=by_method[Method.CARD] + by_method[Method.WALLET],
        from_advances=of_advance[PaymentKind.ADVANCE_USE],
        kept=-of_advance[PaymentKind.REFUND],
        receipts=sum(n for kind, _, n, _ in rows if kind not in back),
        reversals=sum(n for kind, _, n, _ in rows if kind is PaymentKind.REVERSAL),
        refunds=sum(n for kind, _, n, _ in rows if kind is PaymentKind.REFUND),
    )


def moves(session: Session, *, shift_id: UUID) -> list[MoveLine]:
    """Cash moved between drawer and safe in this shift, in order."""
    rows = session.exec(
        select(CashMove).where(CashMove.office_id == office_of(session), CashMove.shift_id == shift_id)
    ).all()
    by_id = _in_order(session, {row.move_id: row for row in rows}, shift_id, kind="cash.move", name="move")
    return [MoveLine(row.kind, row.amount, row.reason, row.moved_at) for row in by_id]


def _in_order(session: Session, rows: dict[UUID, Line], shift_id: UUID, *, kind: str, name: str) -> list[Line]:
    """The rows of a shift as the journal has them, which no clock and no foreign id can put into another order."""
    shift = session.get(Shift, (office_of(session), shift_id))
    if len(rows) < 2 or shift is None:
        return list(rows.values())
    told = journal.newest_first(session, till_code=shift.till_code, kind=kind, about=shift_id, limit=len(rows))
    return [rows[UUID(facts[name])] for facts in reversed(told)]


def shift_of(session: Session, *, id_: UUID) -> UUID | None:
    """The shift in which this id was used for a count or a movement of cash; None for a new id."""
    key = (office_of(session), id_)
    row = session.get(CashCount, key) or session.get(CashMove, key)
    return row.shift_id if row else None


def last_count(session: Session, *, shift_id: UUID) -> dict[int, int]:
    """The notes of the newest blind count; empty before it."""
    newest = _newest_count(session, shift_id)
    return {int(face): int(pieces) for face, pieces in json.loads(newest.notes if newest else "{}").items()}


def last_counted_at(session: Session, *, shift_id: UUID) -> datetime | None:
    """When the newest blind count was made; None before it."""
    newest = _newest_count(session, shift_id)
    return newest.counted_at if newest else None


def _newest_count(session: Session, shift_id: UUID) -> CashCount | None:
    rows = session.exec(
        select(CashCount).where(
            CashCount.office_id == office_of(session),
            CashCount.shift_id == shift_id,
            CashCount.purpose == CountPurpose.BLIND,
        )
    ).all()
    by_id = {row.count_id: row for row in rows}
    return next(reversed(_in_order(session, by_id, shift_id, kind="shift.count", name="count")), None)


def counted_anew(session: Session, shift: Shift) -> bool:
    """Whether the drawer was counted after the receiver last refused it, by the journal's order."""
    where = (JournalRow.office_id == office_of(session), JournalRow.till_code == shift.till_code)
    named = col(JournalRow.content).contains(f'"{shift.shift_id}"', autoescape=True)
    last = session.exec(
        select(JournalRow.kind)
        .where(*where, named, col(JournalRow.kind).in_(("shift.count", "shift.refuse")))
        .order_by(col(JournalRow.seq).desc())
        .limit(1)
    ).first()
    return last == "shift.count"


def notes_missing(session: Session, *, shift_id: UUID) -> frozenset[int]:
    """Small notes that cannot lie in the drawer: it was opened without them and no change came from the safe.

    Of notes from 1.000 ₫ on nobody knows: customers bring them. Source: the float counted by notes.
    """
    if any(move.kind is CashMoveKind.CHANGE_FROM_SAFE for move in moves(session, shift_id=shift_id)):
        return frozenset()
    counted = session.get(CashCount, (office_of(session), shift_id))
    held = json.loads(counted.notes) if counted is not None else {}
    return frozenset(note for note in NOTES if note < SMALL and not held.get(str(note)))


def may_open(session: Session, *, till_code: str, cashier_id: UUID) -> None:
    """Nothing, where this person may open a shift at this till: asked before the count. Raises ShiftAlreadyOpen."""
    mine, here = col(Shift.cashier_id) == cashier_id, col(Shift.till_code) == till_code
    live = col(Shift.state).in_(LIVE) & (mine | here)
    row = session.exec(
        select(Shift).where(Shift.office_id == office_of(session), live | (mine & (Shift.state == ShiftState.REFUSED)))
    ).first()
    if row is not None:
        raise ShiftAlreadyOpen(name=name_of(session, user_id=row.cashier_id), till=row.till_code)


def may_count(session: Session, *, shift_id: UUID) -> None:
    """Nothing, where the drawer may still be counted: asked before the notes are. Raises NoMoreCounts."""
    shift = session.get_one(Shift, (office_of(session), shift_id))
    if blind_counts(session, shift_id) >= COUNTS_ALLOWED + shift.refusals:
        raise NoMoreCounts


def needs_word(session: Session, *, difference: Dong) -> bool:
    """Whether a difference (đồng) is above the office's limit, so that a supervisor must say yes to it."""
    return abs(difference) > difference_limit(session)


def drawer(session: Session, *, shift_id: UUID) -> Dong:
    """What must lie in the drawer: the sum of the shift's postings to it."""
    return shift_balance(session, book=Book.DRAWER, shift_id=shift_id)


def hold_shift(session: Session, *, shift_id: UUID) -> None:
    """Lock the shift before anything is looked up: the same id pressed twice at once finds the first paper whole."""
    session.get(Shift, (office_of(session), shift_id), with_for_update=True)


def working_shift(session: Session, *, shift_id: UUID, by: UUID) -> Shift:
    """The open shift of `by`. Raises NoOpenShift, NotYourShift, AlreadyCounted."""
    shift = own_shift(session, shift_id=shift_id, by=by)
    if shift.state is ShiftState.COUNTED:
        raise AlreadyCounted
    if shift.state is not ShiftState.OPEN:
        raise NoOpenShift
    return shift


def own_shift(session: Session, *, shift_id: UUID, by: UUID) -> Shift:
    """The shift, locked, which must be `by`'s. Raises NoOpenShift, NotYourShift, UserLeft."""
    shift = session.get(Shift, (office_of(session), shift_id), with_for_update=True)
    if shift is None:
        raise NoOpenShift
    if shift.cashier_id != by:
        raise NotYourShift(name=name_of(session, user_id=shift.cashier_id))
    still_here(session, user_id=by)
    return shift


def blind_counts(session: Session, shift_id: UUID) -> int:
    """How many blind counts the shift has."""
    rows = session.exec(
        select(CashCount.count_id).where(
            CashCount.office_id == office_of(session),
            CashCount.shift_id == shift_id,
            CashCount.purpose == CountPurpose.BLIND,
        )
    )
    return len(rows.all())


def facts_of(session: Session, shift: Shift) -> ShiftFacts:
    """The shift as the outside sees it: nothing expected is told before the count."""
    counted = shift.counted is not None and shift.expected is not None
    return ShiftFacts(
        shift_id=shift.shift_id,
        till_code=shift.till_code,
        cashier_id=shift.cashier_id,
        cashier=name_of(session, user_id=shift.cashier_id),
        business_day=shift.business_day,
        state=shift.state,
        opened_at=shift.opened_at,
        float_amount=shift.float_amount,
        expected=shift.expected,
        counted=shift.counted,
        difference=(shift.counted - shift.expected) if counted else None,  # type: ignore[operator]
        difference_reason=shift.difference_reason,
        receiver=name_of(session, user_id=shift.receiver_id) if shift.receiver_id else "",
        refusal=shift.refusal if shift.state is ShiftState.REFUSED else "",
        received=shift.received if shift.state in (ShiftState.REFUSED, ShiftState.ACCEPTED) else None,
    )
