"""Money in advance for one, two or three months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter import payments
from counter.bills import CustomerLine
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong
from counter.payments import Receipt
from counter.payments.rules import change_due
from counter.screens.widgets import Confirm, KeyBar, LineInput, MoneyInput, NoticeLine, SafeStatic, as_set
from counter.shifts import ShiftFacts

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class AdvanceScreen(ModalScreen[Receipt | None]):
    """Months, what the customer gives, one confirm."""

    BINDINGS: ClassVar[list[Any]] = [Binding("f9,escape", "back", N_("Back"), id="back", priority=True)]

    def __init__(self, customer: CustomerLine, shift: ShiftFacts) -> None:
        super().__init__()
        self.customer = customer
        self.shift = shift
        self.payment_id = new_id()
        self.due: dict[int, Dong] = {}

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("Advance for {name}").format(name=self.customer.name), classes="title")
            yield SafeStatic(id="months-list")
            yield SafeStatic(_("Months (1, 2 or 3)"), classes="label")
            yield LineInput("1", id="months", restrict="[1-3]?", max_length=1)
            yield SafeStatic(_("Customer gives (Enter = exact)"), classes="label")
            yield MoneyInput(id="advance-tender")
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#months").focus()
        self.counter.ask(self._read, self._show)

    def _read(self) -> dict[int, Dong]:
        desk, code = self.counter.desk, self.customer.customer_code
        return {months: desk.see(payments.advance_due, customer_code=code, months=months) for months in (1, 2, 3)}

    def _show(self, due: dict[int, Dong]) -> None:
        self.due = due
        lines = [_("{months} months: {amount}").format(months=m, amount=amount) for m, amount in due.items()]
        self.query_one("#months-list", SafeStatic).show(*lines)

    @on(Input.Submitted, "#months")
    def next_field(self) -> None:
        self.query_one("#advance-tender").focus()

    @on(Input.Submitted, "#advance-tender")
    def tender(self) -> None:
        months = int(self.query_one("#months", LineInput).value or "1")
        due = self.due.get(months)
        if due is None:
            return
        try:
            tendered = self.query_one("#advance-tender", MoneyInput).amount or due
            change = change_due(due=due, tendered=tendered)
        except Refused as refused:
            self.counter.refuse(refused)
            return
        lines = [
            _("Advance       {amount:>18}").format(amount=str(due)),
            _("Customer gives{amount:>18}").format(amount=str(tendered)),
            _("Give back     {amount:>18}").format(amount=str(change)),
        ]
        confirm = Confirm(_("Take the advance?"), as_set(*lines), yes=N_("Take"))
        self.app.push_screen(confirm, lambda yes: self._take(months, tendered) if yes else None)

    def _take(self, months: int, tendered: Dong) -> None:
        self.counter.money(
            lambda: self.counter.desk.do(
                payments.take_advance,
                payment_id=self.payment_id,
                customer_code=self.customer.customer_code,
                months=months,
                tendered=tendered,
                shift_id=self.shift.shift_id,
                by=self.counter.me.user_id,
            ),
            self.dismiss,
        )

    def action_back(self) -> None:
        self.dismiss(None)
