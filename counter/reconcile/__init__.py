"""What the bank says against what was taken: lines booked once, matched by code and amount, decided by people."""

from counter.reconcile.deciding import (
    assign_line,
    credit_surplus,
    dismiss,
    dismiss_all,
    line_not_ours,
    line_to_surplus,
    name_owner,
    refund_surplus,
    settle_line,
    settle_over,
)
from counter.reconcile.lines import Booked, Movement, Source, book_movement
from counter.reconcile.matching import Match, match_line
from counter.reconcile.refusals import (
    AmountOfNothing,
    BillsGone,
    LineDecided,
    NoCustomer,
    SurplusResolved,
    SurplusUnseen,
    TooLittle,
    UnknownLine,
    WrongAccount,
)
from counter.reconcile.rules import Why

__all__ = [
    "AmountOfNothing",
    "BillsGone",
    "Booked",
    "LineDecided",
    "Match",
    "Movement",
    "NoCustomer",
    "Source",
    "SurplusResolved",
    "SurplusUnseen",
    "TooLittle",
    "UnknownLine",
    "Why",
    "WrongAccount",
    "assign_line",
    "book_movement",
    "credit_surplus",
    "dismiss",
    "dismiss_all",
    "line_not_ours",
    "line_to_surplus",
    "match_line",
    "name_owner",
    "refund_surplus",
    "settle_line",
    "settle_over",
]
