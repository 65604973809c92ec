"""Somebody else signs for one act: login and PIN of a person with the right to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.locale import N_, _
from counter.people import SignedIn
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class Proof(ModalScreen[SignedIn]):
    """Answers who signed, or None. `what` says what they sign for."""

    DEFAULT_CSS = "Proof { align: center middle; }"
    BINDINGS: ClassVar[list[Any]] = [
        Binding("up,down", "other_field", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("A supervisor signs here"), classes="title")
            yield SafeStatic(self.what)
            yield SafeStatic(_("Login"), classes="label")
            yield LineInput(id="proof-login", max_length=40)
            yield SafeStatic(_("PIN"), classes="label")
            yield LineInput(id="proof-pin", password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#proof-login").focus()

    def action_other_field(self) -> None:
        self.focus_next()

    @on(Input.Submitted, "#proof-login")
    def to_the_pin(self) -> None:
        self.query_one("#proof-pin").focus()

    @on(Input.Submitted, "#proof-pin")
    def sign(self) -> None:
        login = self.query_one("#proof-login", LineInput).text
        field = self.query_one("#proof-pin", LineInput)
        pin, field.value = field.value, ""
        self.counter.money(lambda: self.counter.desk.prove(login=login, pin=pin), self.dismiss)

    def action_back(self) -> None:
        self.dismiss(None)
