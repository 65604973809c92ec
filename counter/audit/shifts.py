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
from db.states import CashMoveKind, CountPurpose, ShiftState
from db.tables import CashCount, CashMove, JournalRow, Shift

LIMIT: Final = "limit"
REFUSED: Final = "shift.refuse"
STATES: Final = {
    "shift.open": ShiftState.OPEN,
    "shift.count": ShiftState.COUNTED,
    "shift.hand_over": ShiftState.HANDED_OVER,
    "shift.refuse": ShiftState.REFUSED,
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
    refused: dict[UUID, list[int]] = field(default_factory=dict)
    """At which rows the receiver refused the cash: what was handed over before is not in the tables any more."""


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
    found = [(row, json.loads(row.content)) for row in rows]
    for row, content in found:
        if row.kind == REFUSED:
            said.refused.setdefault(UUID(content["facts"]["shift"]), []).append(row.seq)
    for row, content in found:
        fits = _fits(said, row.kind, content)
        yield "" if fits else f"{row.till_code}#{row.seq}: {row.kind} differs from the tables"
    for shift in said.shifts.values():
        found_in = (shift.state, shift.counted, shift.refusals)
        times = len(said.refused.get(shift.shift_id, ()))
        same = found_in == (said.states.get(shift.shift_id), said.counted.get(shift.shift_id), times)
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
    is_gone = content["seq"] < max(said.refused.get(shift.shift_id, ()), default=0)
    if kind in STATES:
        again = kind == "shift.count" and said.states.get(shift.shift_id) is ShiftState.REFUSED
        said.states[shift.shift_id] = ShiftState.REFUSED if again else STATES[kind]
    place = (shift.till_code, shift.business_day.isoformat())
    if place != (content["till"], content["day"]) or not _is_theirs(shift, kind, content, is_gone=is_gone):
        return False
    return bool(_facts(said, kind, content, shift, is_gone=is_gone) == facts)


def _is_theirs(shift: Shift, kind: str, content: Mapping[str, Any], *, is_gone: bool) -> bool:
    """Who did it and when is what the shift says; of a hand-over that was refused (`is_gone`) it says nothing any more."""
    actor = {"shift.accept": shift.receiver_id, REFUSED: shift.refused_by}.get(kind, shift.cashier_id)
    when = {"shift.open": shift.opened_at, "shift.hand_over": shift.handed_over_at, "shift.accept": shift.accepted_at}
    at = when.get(kind)
    by_whom = str(actor) == content["actor"] or (is_gone and kind == REFUSED)
    in_time = kind not in when or (at is not None and instant_text(at) == content["at"])
    return by_whom and (in_time or (is_gone and kind == "shift.hand_over"))


def _facts(said: _Said, kind: str, content: Mapping[str, Any], shift: Shift, *, is_gone: bool) -> dict[str, Any] | None:
    """The facts of the journal row made again from the tables; None where the tables have nothing for it."""
    facts, by_whom = content["facts"], (content["actor"], content["at"])
    bare = {"shift": str(shift.shift_id)}
    if kind == "cash.move":
        return _moved(said, facts, shift, by_whom)
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
    counted = said.counted.get(shift.shift_id)
    if counted is None or shift.expected is None:
        return None
    if kind == REFUSED:
        return bare | _refused(facts, shift, is_gone=is_gone)
    if counted != shift.counted and not is_gone:
        return None
    if kind == "shift.accept":
        return bare | {"counted": int(counted)}
    return _handed_over(facts, shift, counted, is_gone=is_gone)


def _moved(said: _Said, facts: Mapping[str, Any], shift: Shift, by_whom: tuple[str, str]) -> dict[str, Any] | None:
    move = said.moves.pop(UUID(facts["move"]), None)
    if move is None or move.shift_id != shift.shift_id or (str(move.moved_by), instant_text(move.moved_at)) != by_whom:
        return None
    again = {"shift": str(shift.shift_id), "move": str(move.move_id), "kind": move.kind.value, "amount": int(move.amount)}
    again["reason"] = move.reason
    if "approver" not in facts:  # rows of before change from the safe had a second person
        return again
    approver = None if move.approver_id is None else str(move.approver_id)
    has_two = approver is not None or move.kind is CashMoveKind.SAFE_DROP
    return again | {"approver": approver} if has_two else None


def _refused(facts: Mapping[str, Any], shift: Shift, *, is_gone: bool) -> dict[str, Any]:
    """Of the last refusal the shift holds the reason, and until it is accepted what the receiver counted."""
    received = None if shift.received is None else int(shift.received)
    if is_gone or shift.state is ShiftState.ACCEPTED:
        received = facts["received"]
    return {"received": received, "reason": facts["reason"] if is_gone else shift.refusal}


def _handed_over(facts: Mapping[str, Any], shift: Shift, counted: Dong, *, is_gone: bool) -> dict[str, Any] | None:
    assert shift.expected is not None
    difference = int(counted - shift.expected)
    again = {"shift": str(shift.shift_id), "counted": int(counted), "expected": int(shift.expected)}
    again |= {"difference": difference, "approver": facts["approver"]}
    again["reason"] = facts["reason"] if is_gone else shift.difference_reason
    if LIMIT not in facts:  # rows of before the limit was the office's
        return again
    is_allowed = abs(difference) <= facts[LIMIT] or facts["approver"] is not None
    return again | {LIMIT: facts[LIMIT]} if is_allowed else None


def _taken(said: _Said, count_id: UUID, purpose: CountPurpose, shift: Shift, by_whom: tuple[str, str]) -> CashCount | None:
    count = said.counts.pop(count_id, None)
    if count is None or (count.shift_id, count.purpose) != (shift.shift_id, purpose):
        return None
    return count if (str(count.counted_by), instant_text(count.counted_at)) == by_whom else None
