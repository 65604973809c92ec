"""Open a drawer and count it blind."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ledger import Book, Leg
from counter.money import NoteCount, sum_of
from counter.office import difference_limit, require_till
from counter.people import hold_person, require
from counter.shifts.inside import note, save_count
from counter.shifts.refusals import (
    NoOpenShift,
)
from counter.shifts.rules import LIVE, move, plain_notes
from counter.shifts.views import (
    ShiftFacts,
    drawer,
    facts_of,
    may_count,
    may_open,
    own_shift,
)
from db.scope import office_of
from db.states import CountPurpose, Role, ShiftState
from db.tables import CashCount, Shift


def open_shift(
    session: Session, now: datetime, *, shift_id: UUID, till_code: str, cashier_id: UUID, notes: NoteCount
) -> ShiftFacts:
    """Open a shift with the float counted by notes; its business day is today in Vietnam and never changes.

    Raises NotAllowed, NoSuchTill, ShiftAlreadyOpen. The same id and facts again, at once as well: the same shift.
    """
    float_amount = sum_of(notes)
    hold_person(session, user_id=cashier_id)
    found = session.get(Shift, (office_of(session), shift_id))
    if found is not None:
        count = session.get_one(CashCount, (office_of(session), shift_id))
        float_notes = json.dumps(plain_notes(notes))
        if (found.till_code, found.cashier_id, count.notes) != (till_code, cashier_id, float_notes):
            raise SameIdOtherFacts
        return facts_of(session, found)
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
    save_count(session, now, shift=shift, count_id=shift_id, purpose=CountPurpose.FLOAT, notes=notes)
    legs = [Leg(Book.DRAWER, float_amount), Leg(Book.SAFE, -float_amount)]
    note(session, now, shift, "shift.open", {"float": int(float_amount), "notes": plain_notes(notes)}, legs=legs)
    return facts_of(session, shift)


def count_drawer(
    session: Session, now: datetime, *, count_id: UUID, shift_id: UUID, notes: NoteCount, by: UUID
) -> ShiftFacts:
    """Save a blind count; only then is the expected figure told. One recount is allowed, and one more for each time that
    the receiver refused the cash; all counts are kept.

    Raises NoOpenShift, NotYourShift, NoMoreCounts.
    """
    shift = own_shift(session, shift_id=shift_id, by=by)
    found = session.get(CashCount, (office_of(session), count_id))
    if found is not None:
        blind = (shift_id, CountPurpose.BLIND, json.dumps(plain_notes(notes)))
        if (found.shift_id, found.purpose, found.notes) != blind:
            raise SameIdOtherFacts
        return facts_of(session, shift)
    if shift.state not in (*LIVE, ShiftState.REFUSED):
        raise NoOpenShift
    may_count(session, shift_id=shift_id)
    total = save_count(session, now, shift=shift, count_id=count_id, purpose=CountPurpose.BLIND, notes=notes)
    expected = drawer(session, shift_id=shift_id)
    move(shift, to=ShiftState.REFUSED if shift.state is ShiftState.REFUSED else ShiftState.COUNTED)
    shift.counted, shift.expected = total, expected
    session.add(shift)
    session.flush()
    facts = {"count": count_id, "notes": plain_notes(notes), "counted": int(total), "expected": int(expected)}
    note(session, now, shift, "shift.count", facts | {"limit": int(difference_limit(session))})
    return facts_of(session, shift)
