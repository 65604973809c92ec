"""Advances at the till: taken for coming months, and used for the bills that are chosen."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding

from counter import payments
from counter.bills import CustomerLine
from counter.locale import N_, _
from counter.money import Dong, total
from counter.payments import FromAdvance, Receipt
from counter.screens.cashless.at_till import CashlessAtTill
from counter.screens.widgets import Confirm, Words, as_set, figures
from counter.shifts import NoOpenShift


class AdvanceAtTill(CashlessAtTill):
    """F5 takes an advance; Ctrl+O, where a chosen bill's customer has one, uses it."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+o", "use_advance", N_("Use the advance"), id="till.use_advance", priority=True),
    ]
    customer: CustomerLine | None
    advances: dict[str, Dong]
    """What the customers on the screen have in advance, by code."""

    def take_out(self, bill_ids: set[str]) -> None:
        """The till takes these bills off the screen."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An advance is used where there is one."""
        if action == "use_advance":
            return self.is_mounted and any(self.advances.get(bill.customer_code) for bill in self._basket())
        return super().check_action(action, parameters)

    def action_advance(self) -> None:
        from counter.screens.advance import AdvanceScreen

        if self.customer is None or self.shift is None:
            self.counter.warn(_("Find a customer first, with a shift open; then F5 takes an advance."))
            return
        self.app.push_screen(AdvanceScreen(self.customer, self.shift), lambda done: self.hand_out(done) if done else None)

    def action_use_advance(self) -> None:
        """What it settles is asked of the books, then of the person."""
        if self.shift is None:
            self.counter.refuse(NoOpenShift())
            return
        desk, ids = self.counter.desk, [bill.bill_id for bill in self._basket()]
        self.counter.ask(lambda: desk.see(payments.from_advances, bill_ids=ids), self._ask_use)

    def _ask_use(self, found: list[FromAdvance]) -> None:
        body: list[Words] = []
        for one in found:
            sums = (
                (_("Bills"), len(one.bill_ids)),
                (_("From the advance"), one.amount),
                (_("Left in advance"), one.left),
            )
            body += [f"{one.customer_code}  {one.customer_name}", as_set(*figures(*sums)), ""]
        ids = [bill_id for one in found for bill_id in one.bill_ids]
        body.append(_("Each bill is paid whole, the oldest first; no cash moves."))
        confirm = Confirm(_("Pay these bills from the advance?"), *body, yes=N_("Pay"))
        self.app.push_screen(confirm, lambda yes: self._use(ids) if yes else None)

    def _use(self, bill_ids: list[str]) -> None:
        desk, me = self.counter.desk, self.counter.me.user_id
        self.counter.money(lambda: desk.do(payments.use_advance_on, bill_ids=bill_ids, by=me), self._used)

    def _used(self, papers: list[Receipt]) -> None:
        """The settled bills leave the screen; whatever is left waits for its money."""
        settled = {bill_id for paper in papers for bill_id in paper.bill_ids}
        for paper in papers:
            for line in paper.lines:
                self.advances[line.customer_code] = self.advances.get(line.customer_code, Dong()) - abs(line.amount)
        self.take_out(settled)
        amount = total(paper.due for paper in papers)
        numbers = " ".join(paper.number for paper in papers)
        said = _("{amount} paid from the advance, bills: {bills}. {numbers}")
        self.counter.done(said.format(amount=amount, bills=len(settled), numbers=numbers))
        self.counter.wake_printer()
