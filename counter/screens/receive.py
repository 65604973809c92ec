"""Cash that is handed over: the receiver counts it, types the sum, and takes it or sends it back with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.errors import Refused
from counter.locale import N_, _
from counter.money import Dong
from counter.screens.widgets import Ask, Choice, Dialog, LineInput, MoneyInput, Words, as_set, figures
from counter.shifts import ShiftFacts


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiver counted (đồng; None where they typed nothing), and whether they take it."""

    counted: Dong | None
    is_taken: bool


class Receive(Dialog[Received]):
    """Takes the cash on Enter once a sum was typed: a reflex takes nothing. F8 sends it back."""

    def __init__(self, title: Words, *body: Words) -> None:
        choices = [Choice("enter", N_("Accept"), Received(None, True)), Choice("f8", N_("Refuse"), Received(None, False))]
        super().__init__(title, *body, choices=choices)
        self.field = MoneyInput(id="received")

    def fields(self) -> Sequence[Widget]:
        return (self.field,)

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose("enter")

    def action_choose(self, key: str) -> None:
        try:
            counted = self.field.amount
        except Refused:
            self.app.bell()
            return
        if key == "enter" and counted is None:
            self.app.bell()
        else:
            self.dismiss(Received(counted, key == "enter"))


def receiving(shift: ShiftFacts, who: str) -> Receive:
    """The dialog about this shift's cash."""
    said = figures((_("Counted"), shift.counted or Dong()), (_("Difference"), shift.difference or Dong()))
    body: list[Words] = [who, "", as_set(*said)]
    if shift.difference_reason:
        body += ["", _("Reason: {reason}").format(reason=shift.difference_reason)]
    return Receive(_("Take this cash into the safe?"), *body, "", _("Count it yourself and type the sum:"))


def why_refused(shift: ShiftFacts) -> Ask:
    """The reason, which the giver reads."""
    title = _("The cash goes back to {name}: why?").format(name=shift.cashier)
    return Ask(title, field=LineInput(placeholder=_("for example: 100.000 ₫ less than said"), max_length=200))
