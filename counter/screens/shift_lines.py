"""A shift for reading, its figures under each other."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from rich.cells import cell_len

from counter.clock import day_text, local_text
from counter.locale import _
from counter.money import Dong
from counter.screens.widgets import figures
from counter.shifts import MoveLine, ShiftFacts, Taken
from counter.words import said
from db.states import CashMoveKind, ShiftState

WIDEST: Final = 46
"""Cells of the words before a figure."""
REASON_WIDE: Final = 72
"""Cells of a line of a long reason."""


def difference_line(difference: Dong) -> str:
    """`Shortage: 12.000 ₫`, `Overage: …` or that it fits."""
    if difference < 0:
        return _("Shortage: {amount}").format(amount=-difference)
    if difference > 0:
        return _("Overage: {amount}").format(amount=difference)
    return _("The count fits to the đồng.")


def shift_lines(shift: ShiftFacts, taken: Taken, moves: list[MoveLine]) -> list[str]:
    """A shift for reading. Before the count nothing on it tells what should be in the drawer."""
    accepted = shift.state is ShiftState.ACCEPTED
    state = _("accepted by {receiver}").format(receiver=shift.receiver) if accepted else str(said(shift.state))
    about = (
        (_("Cashier"), shift.cashier),
        (_("Business day"), day_text(shift.business_day)),
        (_("Opened"), local_text(shift.opened_at)),
        (_("State"), state),
    )
    left = max(len(words) for words, _value in about)
    rows: list[tuple[str, Dong | int]] = [
        (_("Float"), shift.float_amount),
        (_("Receipts"), taken.receipts),
        (_("Reversals"), taken.reversals),
        (_("Refunds"), taken.refunds),
        *((_moved(move), _signed(move)) for move in moves),
    ]
    if shift.counted is not None and shift.expected is not None:
        rows += [(_("Expected"), shift.expected), (_("Counted"), shift.counted)]
    reasons = {_moved(move): _reason_below(move) for move in moves}
    told = [[line, *reasons.get(words, [])] for line, (words, _value) in zip(figures(*rows), rows, strict=True)]
    lines = [*(f"{words:<{left}}  {value}" for words, value in about), "", *(line for some in told for line in some)]
    if shift.difference is not None:
        reason = f" · {shift.difference_reason}" if shift.difference_reason else ""
        lines += ["", difference_line(shift.difference) + reason]
    if shift.state is ShiftState.REFUSED:
        lines += ["", *_refused(shift)]
    return [f"  {line}".rstrip() for line in lines]


def _refused(shift: ShiftFacts) -> list[str]:
    """Why the receiver did not take the cash, and what comes next."""
    why = _("Not taken: {reason}").format(reason=shift.refusal)
    if shift.received is not None:
        why += " · " + _("they counted {amount}").format(amount=shift.received)
    return [why, _("F5 counts once more, F6 hands over again.")]


def _moved(move: MoveLine) -> str:
    """`To the safe: too much`; a reason that does not fit stands below, whole."""
    whole = f"{said(move.kind)}: {move.reason}"
    return whole if cell_len(whole) <= WIDEST else str(said(move.kind))


def _reason_below(move: MoveLine) -> list[str]:
    return [] if _moved(move).endswith(move.reason) else [f"  {line}" for line in wrap(move.reason, width=REASON_WIDE)]


def _signed(move: MoveLine) -> Dong:
    """Minus out of the drawer."""
    return -move.amount if move.kind is CashMoveKind.SAFE_DROP else move.amount
