"""Ca thu: open with a counted float, move cash to and from the safe, count blind, hand over, accept.

Cash in a drawer is the sum of the shift's postings to it. The expected figure is shown only after the count is saved.
"""

from counter.shifts.actions import accept_shift, count_drawer, hand_over, move_cash, open_shift
from counter.shifts.refusals import (
    AlreadyCounted,
    NoDrawerOut,
    NoMoreCounts,
    NoOpenShift,
    NotCounted,
    NotHandedOver,
    NothingMoved,
    NotInDrawer,
    NotYourShift,
    ReasonMissing,
    ShiftAlreadyOpen,
)
from counter.shifts.rules import COUNTS_ALLOWED, LIVE, MOVES
from counter.shifts.views import (
    MoveLine,
    ShiftFacts,
    Taken,
    drawer,
    facts_of,
    handed_over,
    hold_shift,
    last_count,
    last_shift,
    live_shift,
    moves,
    open_shifts,
    shift_facts,
    taken,
    working_shift,
)

__all__ = [
    "COUNTS_ALLOWED",
    "LIVE",
    "MOVES",
    "AlreadyCounted",
    "MoveLine",
    "NoDrawerOut",
    "NoMoreCounts",
    "NoOpenShift",
    "NotCounted",
    "NotHandedOver",
    "NotInDrawer",
    "NotYourShift",
    "NothingMoved",
    "ReasonMissing",
    "ShiftAlreadyOpen",
    "ShiftFacts",
    "Taken",
    "accept_shift",
    "count_drawer",
    "drawer",
    "facts_of",
    "hand_over",
    "handed_over",
    "hold_shift",
    "last_count",
    "last_shift",
    "live_shift",
    "move_cash",
    "moves",
    "open_shift",
    "open_shifts",
    "shift_facts",
    "taken",
    "working_shift",
]
