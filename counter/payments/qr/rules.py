"""Which state of a transfer may follow which, and which code it carries. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from counter.cashless.codes import DIGITS, code_of
from db.states import IntentState
from db.tables import QrIntent

MOVES: Final[Mapping[IntentState, frozenset[IntentState]]] = {
    IntentState.SHOWN: frozenset(
        {IntentState.PAID, IntentState.UNDERPAID, IntentState.OVERPAID, IntentState.EXPIRED, IntentState.CANCELLED}
    ),
    IntentState.UNDERPAID: frozenset({IntentState.SHOWN, IntentState.PAID, IntentState.OVERPAID, IntentState.CANCELLED}),
    IntentState.OVERPAID: frozenset({IntentState.SHOWN, IntentState.UNDERPAID, IntentState.PAID, IntentState.CANCELLED}),
    IntentState.EXPIRED: frozenset({IntentState.LATE, IntentState.PAID}),
    IntentState.CANCELLED: frozenset({IntentState.LATE}),
    IntentState.LATE: frozenset({IntentState.PAID}),
    IntentState.PAID: frozenset({IntentState.LATE}),
}
"""LATE: money came after the code was given up; it settles what is still owed, and the rest is surplus. Of a paid transfer:
its money was said to be somebody else's while it waited for its part in cash."""
OPEN_INTENTS: Final = (IntentState.SHOWN, IntentState.UNDERPAID, IntentState.OVERPAID)
"""The bills of these are being paid by transfer: every till shows it."""


def move(row: QrIntent, *, to: IntentState) -> None:
    """Set the state; a move that the table does not have is a bug."""
    if to is row.state:
        return
    if to not in MOVES[row.state]:
        raise AssertionError(f"no move {row.state} -> {to}")
    row.state = to


def code_for(intent_id: UUID, *, block: str) -> Iterator[str]:
    """Codes for an intent, the first choice first: its digits come from its id, behind the office's own block of digits."""
    room = 10 ** (DIGITS - len(block))
    for turn in range(100):
        digest = hashlib.sha256(f"{intent_id}/{turn}".encode()).digest()
        yield code_of(int(f"{block or '0'}") * room + int.from_bytes(digest[:8], "big") % room)
