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
from counter.bills import CustomerLine, unpaid_bills
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong
from counter.payments import Receipt
from counter.payments.rules import advance_change
from counter.screens.widgets import (
    Confirm,
    KeyBar,
    LineInput,
    MoneyInput,
    NoticeLine,
    SafeStatic,
    as_set,
    figures,
    step_field,
)
from counter.shifts import ShiftFacts

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class AdvanceScreen(ModalScreen[Receipt | None]):
    """Months, what the customer gives, one confirm."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, customer: CustomerLine, shift: ShiftFacts) -> None:
        super().__init__()
        self.customer = customer
        self.shift = shift
        self.payment_id = new_id()
        self.due: dict[int, Dong] = {}
        self.owed = Dong()

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("Advance for {name}").format(name=self.customer.name), classes="title")
            yield SafeStatic(id="owed-first", classes="alert")
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

    def _read(self) -> tuple[dict[int, Dong], Dong]:
        desk, code = self.counter.desk, self.customer.customer_code
        due = {months: desk.see(payments.advance_due, customer_code=code, months=months) for months in (1, 2, 3)}
        return due, desk.see(unpaid_bills, customer_code=code).owed

    def _show(self, found: tuple[dict[int, Dong], Dong]) -> None:
        """What it costs; and aloud where an old debt would eat it."""
        self.due, self.owed = found
        lines = figures(*((_("{months} months").format(months=months), amount) for months, amount in self.due.items()))
        self.query_one("#months-list", SafeStatic).show(as_set(*lines))
        owed = self.query_one("#owed-first", SafeStatic)
        owed.display = bool(self.owed)
        if self.owed:
            self.app.bell()
            owed.show(owed_first(self.owed))

    @on(Input.Submitted, "#months")
    def next_field(self) -> None:
        self.action_field(1)

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted, "#advance-tender")
    def tender(self) -> None:
        months = int(self.query_one("#months", LineInput).value or "1")
        due = self.due.get(months)
        if due is None:
            return
        try:
            tendered = self.query_one("#advance-tender", MoneyInput).amount_or(due)
            change = advance_change(due=due, tendered=tendered)
        except Refused as refused:
            self._not_taken(refused)
            return
        sums = figures((_("Advance"), due), (_("Customer gives"), tendered), (_("Give back"), change))
        who = [self.customer.name, f"{self.customer.customer_code} · " + _("{months} months").format(months=months)]
        debt = [owed_first(self.owed), ""] if self.owed else []
        confirm = Confirm(_("Take the advance?"), *who, "", *debt, as_set(*sums), yes=N_("Take"))
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
            self._not_taken,
        )

    def _not_taken(self, refused: Refused) -> None:
        """The amount is typed over; until somebody does, Enter does not mean the exact amount."""
        self.query_one("#advance-tender", MoneyInput).select_all()
        self.counter.refuse(refused)

    def action_back(self) -> None:
        self.dismiss(None)


def owed_first(owed: Dong) -> str:
    """An advance pays the oldest debt as soon as debts are brought in: the customer means the coming bills."""
    return _("{owed} is still owed: an advance pays that first. Take the bills before it.").format(owed=owed)
