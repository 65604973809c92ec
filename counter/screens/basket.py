"""What is to be paid and what the customer gives, at the foot of the till, in sight whatever stands above."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from counter.bills import BillLine
from counter.locale import _
from counter.money import Dong, total
from counter.screens.widgets import MoneyInput, SafeStatic


class Basket(Vertical):
    """Number and sum of the chosen bills, and the field for the money."""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield SafeStatic(id="due-label", classes="what")
            yield SafeStatic(id="due", classes="amount")
        with Horizontal(classes="line"):
            yield SafeStatic(id="gives-label", classes="what")
            yield MoneyInput(id="tender")

    @property
    def tender(self) -> MoneyInput:
        """What the customer gives."""
        return self.query_one("#tender", MoneyInput)

    def show(self, bills: Sequence[BillLine]) -> None:
        """These are to be paid; the words in the language in use."""
        people = len({bill.customer_code for bill in bills})
        label = _("To pay: {bills} bills of {people} customers") if people > 1 else _("To pay: {bills} bills")
        self.query_one("#due-label", SafeStatic).show(label.format(bills=len(bills), people=people))
        self.query_one("#due", SafeStatic).show(str(total(bill.amount for bill in bills)))
        self.query_one("#gives-label", SafeStatic).show(_("Customer gives (Enter = exact)"))

    def given(self, due: Dong) -> Dong:
        """What the customer gives; nothing typed is the exact amount. Raises UnreadableAmount."""
        return self.tender.amount_or(due)

    def type_over(self) -> None:
        """The next digits replace a refused amount; until then Enter does not mean the exact one."""
        self.tender.select_all()

    def clear(self) -> None:
        """Nothing given."""
        self.tender.value = ""
