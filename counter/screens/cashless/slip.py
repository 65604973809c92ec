"""A card slip or a wallet's payment: the partner, and the number that the slip or the wallet shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.bills import BillLine
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import total
from counter.payments import Receipt, qr
from counter.screens.widgets import Confirm, KeyBar, LineInput, NoticeLine, SafeStatic, step_field
from counter.shifts import ShiftFacts
from counter.words import said
from db.states import Method

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class SlipScreen(ModalScreen[Receipt | None]):
    """Two fields, one question, the receipt."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, bills: Sequence[BillLine], shift: ShiftFacts, method: Method, approval_id: UUID | None) -> None:
        super().__init__()
        self.bills = bills
        self.shift = shift
        self.method = method
        self.approval_id = approval_id
        self.payment_id: UUID = new_id()

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        due = total(bill.amount for bill in self.bills)
        is_card = self.method is Method.CARD
        with Vertical(classes="box"):
            yield SafeStatic(f"{said(self.method)} · {due}", classes="title")
            partner = _("Bank of the card terminal, for example VCB") if is_card else _("Wallet, for example MoMo")
            yield SafeStatic(partner, classes="label")
            yield LineInput(id="slip-partner", max_length=40)
            number = _("Number on the slip") if is_card else _("Number of the transaction")
            yield SafeStatic(number, classes="label")
            yield LineInput(id="slip-reference", max_length=40)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#slip-partner").focus()

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted, "#slip-partner")
    def next_field(self) -> None:
        self.action_field(1)

    @on(Input.Submitted, "#slip-reference")
    def ask(self) -> None:
        """One question with everything that was typed."""
        partner, reference = (self.query_one(f"#slip-{name}", LineInput).text for name in ("partner", "reference"))
        due = total(bill.amount for bill in self.bills)
        lines = (f"{said(self.method)} · {partner}", _("Number {reference}").format(reference=reference), str(due))
        confirm = Confirm(_("Is the slip right?"), *lines, yes=N_("Take"))
        self.app.push_screen(confirm, lambda yes: self._take(partner, reference) if yes else None)

    def _take(self, partner: str, reference: str) -> None:
        facts: dict[str, Any] = {
            "payment_id": self.payment_id,
            "bill_ids": [bill.bill_id for bill in self.bills],
            "method": self.method,
            "partner": partner,
            "reference": reference,
            "shift_id": self.shift.shift_id,
            "by": self.counter.me.user_id,
            "approval_id": self.approval_id,
        }
        self.counter.money(lambda: self.counter.desk.do(qr.take_slip, **facts), self.dismiss, self._not_taken)

    def _not_taken(self, refused: Refused) -> None:
        self.payment_id = new_id()
        self.counter.refuse(refused)

    def action_back(self) -> None:
        self.dismiss(None)
