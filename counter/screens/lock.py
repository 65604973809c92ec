"""The lock: over every screen and every box, by Ctrl+L or when nobody pressed a key for a while; the PIN brings all back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.locale import N_, _
from counter.screens import leaving
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic

if TYPE_CHECKING:
    from counter.people import SignedIn
    from counter.screens.app import CounterApp


class Lock(ModalScreen[None]):
    """Hides everything until the same person gives the PIN; then the work is where it was.

    F10 is for another person: where something is not done, a supervisor lets them in.
    """

    BINDINGS: ClassVar[list[Any]] = [Binding("f10", "sign_out", N_("Another person"), id="lock.out", priority=True)]

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("Locked"), classes="title")
            yield SafeStatic(_("{name} is still signed in. Everything is where it was.").format(name=self.counter.me.name))
            yield SafeStatic(_("PIN"), classes="label")
            yield LineInput(id="lock-pin", password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(LineInput).focus()

    @on(Input.Submitted)
    def unlock(self) -> None:
        field = self.query_one("#lock-pin", LineInput)
        pin, field.value = field.value, ""
        login = self.counter.me.login
        self.counter.money(lambda: self.counter.desk.prove(login=login, pin=pin), self._opened)

    def _opened(self, _person: SignedIn) -> None:
        self.dismiss(None)

    def action_sign_out(self) -> None:
        """Only what is on disk stays. Work that is not done is nobody's to drop by one key."""
        from counter.screens.queue.proof import Proof

        undone = leaving.unfinished(self.counter)
        if not undone:
            self.counter.sign_out_now()
            return
        about = _("{name} is signed out; what was begun here is dropped.").format(name=self.counter.me.name)
        self.app.push_screen(Proof(" ".join([*undone, about])), lambda person: self._let_out(person) if person else None)

    def _let_out(self, person: SignedIn) -> None:
        from counter import people
        from db.states import Role

        desk = self.counter.desk
        self.counter.money(
            lambda: desk.see(people.require, user_id=person.user_id, roles=(Role.SUPERVISOR,)),
            lambda _boss: self.counter.sign_out_now(),
        )
