"""Each shift, count and movement of cash says what its journal row hashed, and none is there without one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.money import Dong
from db.columns import instant_text
from db.scope import office_of
from db.states import CountPurpose, ShiftState
from db.tables import CashCount, CashMove, JournalRow, Shift

LIMIT: Final = "limit"
STATES: Final = {
    "shift.open": ShiftState.OPEN,
    "shift.count": ShiftState.COUNTED,
    "shift.hand_over": ShiftState.HANDED_OVER,
    "shift.accept": ShiftState.ACCEPTED,
}


@dataclass(slots=True)
class _Said:
    """What the tables hold, by id; counts and movements leave when the journal names them."""

    shifts: dict[UUID, Shift]
    counts: dict[UUID, CashCount]
    moves: dict[UUID, CashMove]
    states: dict[UUID, ShiftState] = field(default_factory=dict)
    counted: dict[UUID, Dong] = field(default_factory=dict)


def journal_shifts(session: Session) -> Iterator[str]:
    """The journal's rows of shifts and cash against the tables, then what the journal never said."""
    office_id = office_of(session)
    said = _Said(
        {row.shift_id: row for row in session.exec(select(Shift).where(Shift.office_id == office_id))},
        {row.count_id: row for row in session.exec(select(CashCount).where(CashCount.office_id == office_id))},
        {row.move_id: row for row in session.exec(select(CashMove).where(CashMove.office_id == office_id))},
    )
    rows = session.exec(
        select(JournalRow)
        .where(JournalRow.office_id == office_id, col(JournalRow.kind).in_((*STATES, "cash.move")))
        .order_by(col(JournalRow.till_code), col(JournalRow.seq))
    )
    for row in rows:
        fits = _fits(said, row.kind, json.loads(row.content))
        yield "" if fits else f"{row.till_code}#{row.seq}: {row.kind} differs from the tables"
    for shift in said.shifts.values():
        same = (shift.state, shift.counted) == (said.states.get(shift.shift_id), said.counted.get(shift.shift_id))
        yield "" if same else f"{shift.till_code} {shift.business_day}: the shift differs from the journal"
    for count in said.counts.values():
        yield f"count {count.count_id}: the journal does not know it"
    for move in said.moves.values():
        yield f"movement {move.move_id}: the journal does not know it"


def _fits(said: _Said, kind: str, content: Mapping[str, Any]) -> bool:
    facts = content["facts"]
    shift = said.shifts.get(UUID(facts["shift"]))
    if shift is None:
        return False
    actor = shift.receiver_id if kind == "shift.accept" else shift.cashier_id
    place = (shift.till_code, shift.business_day.isoformat(), str(actor))
    when = {"shift.open": shift.opened_at, "shift.hand_over": shift.handed_over_at, "shift.accept": shift.accepted_at}
    at = when.get(kind)
    if kind in when and (at is None or instant_text(at) != content["at"]):
        return False
    if kind in STATES:
        said.states[shift.shift_id] = STATES[kind]
    again = _facts(said, kind, content, shift)
    return again == facts and place == (content["till"], content["day"], content["actor"])


def _facts(said: _Said, kind: str, content: Mapping[str, Any], shift: Shift) -> dict[str, Any] | None:
    """The facts of the journal row made again from the tables; None where the tables have nothing for it."""
    facts, by_whom = content["facts"], (content["actor"], content["at"])
    bare = {"shift": str(shift.shift_id)}
    if kind == "cash.move":
        move = said.moves.pop(UUID(facts["move"]), None)
        if move is None or move.shift_id != shift.shift_id or (str(move.moved_by), instant_text(move.moved_at)) != by_whom:
            return None
        amount = {"kind": move.kind.value, "amount": int(move.amount), "reason": move.reason}
        return bare | {"move": str(move.move_id)} | amount
    if kind == "shift.open":
        count = _taken(said, shift.shift_id, CountPurpose.FLOAT, shift, by_whom)
        return None if count is None else bare | {"float": int(shift.float_amount), "notes": json.loads(count.notes)}
    if kind == "shift.count":
        count = _taken(said, UUID(facts["count"]), CountPurpose.BLIND, shift, by_whom)
        if count is None or shift.expected is None:
            return None
        said.counted[shift.shift_id] = count.total
        figures = {"counted": int(count.total), "expected": int(shift.expected)}
        limit = {LIMIT: facts[LIMIT]} if LIMIT in facts else {}
        return bare | {"count": str(count.count_id), "notes": json.loads(count.notes)} | figures | limit
    if shift.counted is None or shift.expected is None:
        return None
    if kind == "shift.accept":
        return bare | {"counted": int(shift.counted)}
    figures = {"counted": int(shift.counted), "expected": int(shift.expected)}
    figures["difference"] = int(shift.counted - shift.expected)
    again = bare | figures | {"reason": shift.difference_reason, "approver": facts["approver"]}
    if LIMIT not in facts:  # rows of before the limit was the office's
        return again
    is_allowed = abs(figures["difference"]) <= facts[LIMIT] or facts["approver"] is not None
    return again | {LIMIT: facts[LIMIT]} if is_allowed else None


def _taken(said: _Said, count_id: UUID, purpose: CountPurpose, shift: Shift, by_whom: tuple[str, str]) -> CashCount | None:
    count = said.counts.pop(count_id, None)
    if count is None or (count.shift_id, count.purpose) != (shift.shift_id, purpose):
        return None
    return count if (str(count.counted_by), instant_text(count.counted_at)) == by_whom else None
