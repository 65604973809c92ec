"""What is typed for a transfer: the reference of one that the bank does not tell of, the cash for its cash part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.errors import Refused
from counter.locale import N_, _
from counter.money import Dong
from counter.payments.qr import Intent, ReferenceMissing
from counter.payments.rules import change_due
from counter.screens.widgets import KeyBar, LineInput, MoneyInput, NoticeLine, SafeStatic, step_field

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

KEYS: list[Any] = [
    Binding("up", "field(-1)", N_("Field above")),
    Binding("down", "field(1)", show=False),
    Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
]


class ByHand(ModalScreen[tuple[str, Dong] | None]):
    """Answers the reference and the cash given."""

    BINDINGS: ClassVar[list[Any]] = KEYS

    def __init__(self, shown: Intent) -> None:
        super().__init__()
        self.shown = shown

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("Believe a transfer that the bank has not told of"), classes="title")
            yield SafeStatic(
                _("Look at the customer's own app: {amount} to {account}, the transaction's number, done.").format(
                    amount=self.shown.amount, account=self.shown.account
                )
            )
            yield SafeStatic(_("It stays on the list of unconfirmed payments until the bank's line meets it."))
            yield SafeStatic(_("Number of the transaction"), classes="label")
            yield LineInput(id="hand-reference", max_length=40)
            if self.shown.cash_part:
                yield SafeStatic(_("Cash for {cash} (Enter = exact)").format(cash=self.shown.cash_part), classes="label")
                yield MoneyInput(id="hand-cash")
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#hand-reference").focus()

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the cash, then answers."""
        if self.shown.cash_part and event.input.id == "hand-reference":
            self.action_field(1)
            return
        reference = self.query_one("#hand-reference", LineInput)
        try:
            if not reference.text:
                reference.focus()
                raise ReferenceMissing
            tendered = Dong()
            if self.shown.cash_part:
                tendered = self.query_one("#hand-cash", MoneyInput).amount_or(self.shown.cash_part)
                change_due(due=self.shown.cash_part, tendered=tendered)
        except Refused as refused:
            self.counter.refuse(refused)
            return
        self.dismiss((reference.text, tendered))

    def action_back(self) -> None:
        self.dismiss(None)


class AskMoney(ModalScreen[Dong | None]):
    """Answers an amount: what was typed, or `due` for an empty field. With `due`, less than it is refused."""

    BINDINGS: ClassVar[list[Any]] = [Binding("f9,escape", "back", N_("Back"), id="back", priority=True)]

    def __init__(self, title: str, words: str, *, due: Dong | None = None) -> None:
        super().__init__()
        self.title_words = title
        self.words = words
        self.due = due

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(self.title_words, classes="title")
            yield SafeStatic(self.words, classes="label")
            yield MoneyInput(id="asked-money")
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#asked-money").focus()

    @on(Input.Submitted)
    def submitted(self) -> None:
        field = self.query_one("#asked-money", MoneyInput)
        try:
            amount = field.amount if self.due is None else field.amount_or(self.due)
            if amount is None:
                self.app.bell()
                return
            if self.due is not None:
                change_due(due=self.due, tendered=amount)
        except Refused as refused:
            self.counter.refuse(refused)
            return
        self.dismiss(amount)

    def action_back(self) -> None:
        self.dismiss(None)
