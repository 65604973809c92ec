"""One's own PIN: whoever gave it out knows it until it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter import people
from counter.errors import Refused
from counter.locale import N_, _
from counter.people import PinsDiffer, WeakPin
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic, step_field

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

FIELDS = (("pin-now", N_("PIN now")), ("pin-new", N_("New PIN: 6 to 12 digits")), ("pin-again", N_("New PIN once more")))


class OwnPin(ModalScreen[bool]):
    """The PIN in use, the new one twice; answers True once it is changed."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("Change the PIN of {name}").format(name=self.counter.me.name), classes="title")
            for name, words in FIELDS:
                yield SafeStatic(_(words), classes="label")
                yield LineInput(id=name, password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#pin-now").focus()

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "pin-again":
            self._change()
        else:
            self.action_field(1)

    def _change(self) -> None:
        desk, me = self.counter.desk, self.counter.me
        now, new, again = (self.query_one(f"#{name}", LineInput).value for name, _words in FIELDS)

        def change() -> None:
            people.check_new_pin(new, again=again)
            desk.prove(login=me.login, pin=now)
            desk.do(people.change_own_pin, user_id=me.user_id, pin_hash=desk.pins.hash(new))

        self.counter.money(change, lambda _none: self.dismiss(True), self._refused)

    def _refused(self, refused: Refused) -> None:
        """What was wrong is typed anew; a new PIN is never left half."""
        wrong = ["pin-new", "pin-again"] if isinstance(refused, WeakPin | PinsDiffer) else ["pin-now"]
        for name in wrong:
            self.query_one(f"#{name}", LineInput).value = ""
        self.query_one(f"#{wrong[0]}", LineInput).focus()
        self.counter.refuse(refused)

    def action_back(self) -> None:
        self.dismiss(None)
