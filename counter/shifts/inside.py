"""What opening, counting and handing over share: a count kept, a journal row with its entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from counter.ledger import Leg, enter
from counter.money import Dong, NoteCount, sum_of
from counter.shifts.rules import plain_notes
from db.scope import office_of
from db.states import CountPurpose
from db.tables import CashCount, Shift


def save_count(
    session: Session, now: datetime, *, shift: Shift, count_id: UUID, purpose: CountPurpose, notes: NoteCount
) -> Dong:
    """Keep a count by notes as it was counted; its sum (đồng)."""
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


def note(
    session: Session,
    now: datetime,
    shift: Shift,
    kind: str,
    facts: dict[str, Any],
    *,
    legs: Sequence[Leg] = (),
    actor: UUID | None = None,
) -> None:
    """One journal row about the shift, by its cashier or by `actor`, with its balanced entry."""
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
