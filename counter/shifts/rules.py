"""Which state of a shift may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counter.money import NoteCount
from db.states import ShiftState
from db.tables import Shift

COUNTS_ALLOWED: Final = 2
"""The first count and one recount; both are kept. One more each time the receiver refused the cash."""

MOVES: Final[Mapping[ShiftState, frozenset[ShiftState]]] = {
    ShiftState.OPEN: frozenset({ShiftState.COUNTED}),
    ShiftState.COUNTED: frozenset({ShiftState.COUNTED, ShiftState.HANDED_OVER}),
    ShiftState.HANDED_OVER: frozenset({ShiftState.ACCEPTED, ShiftState.REFUSED}),
    ShiftState.REFUSED: frozenset({ShiftState.REFUSED, ShiftState.HANDED_OVER}),
    ShiftState.ACCEPTED: frozenset(),
}
LIVE: Final = (ShiftState.OPEN, ShiftState.COUNTED)
"""A drawer at a till. One that was refused lies with its cashier; the till is free for the next one."""


def move(shift: Shift, *, to: ShiftState) -> None:
    """Set the state; a move that the table does not have is a bug."""
    if to not in MOVES[shift.state]:
        raise AssertionError(f"no move {shift.state} -> {to}")
    shift.state = to


def plain_notes(notes: NoteCount) -> dict[str, int]:
    """A count as the journal keeps it: largest note first, empty ones left out."""
    return {str(face): int(notes[face]) for face in sorted(notes, reverse=True) if notes[face]}
