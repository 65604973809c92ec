"""Sign-in: who works here, at which till."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from counter.locale import N_, _
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic, step_field

if TYPE_CHECKING:
    from counter.errors import Refused
    from counter.people import SignedIn
    from counter.screens.app import CounterApp


class SignIn(Screen[None]):
    """Who sits here: till (when the settings do not say), login, PIN."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f4", "reception", N_("Reception or till"), id="signin.reception", priority=True),
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "start_over", N_("Start again"), id="signin.again", priority=True),
        Binding("f10", "app.quit", N_("Quit"), id="quit", priority=True),
    ]
    at_reception = False
    """Where one is going: to the queue's reception instead of a till."""

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic("QUẦY", classes="brand")
            yield SafeStatic(self.counter.office_line, id="office", classes="centred")
            if not self.counter.till_is_fixed:
                yield SafeStatic(self._which_tills(), id="tills", classes="label")
                yield LineInput(id="till", max_length=16)
            yield SafeStatic(_("Reception: numbers, bookings, the room"), id="reception", classes="title")
            yield SafeStatic(_("Login"), classes="label")
            yield LineInput(id="login", max_length=40)
            yield SafeStatic(_("PIN"), classes="label")
            yield LineInput(id="pin", password=True, max_length=12)
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._show_where()
        self.query(LineInput).first().focus()

    def action_reception(self) -> None:
        """To the reception, or back to a till; what was typed stays."""
        self.at_reception = not self.at_reception
        self._show_where()
        if self.at_reception and self.focused is not None and self.focused.id == "till":
            self.query_one("#login").focus()

    def _show_where(self) -> None:
        for one in self.query("#tills,#till"):
            one.display = not self.at_reception
        self.query_one("#reception").display = self.at_reception

    def _which_tills(self) -> str:
        return _("Till: {tills}").format(tills=" · ".join(self.counter.tills))

    def show_facts(self) -> None:
        """The desk has been opened since: whose office this is and its tills, for certain now."""
        self.query_one("#office", SafeStatic).show(self.counter.office_line)
        for line in self.query("#tills").results(SafeStatic):
            line.show(self._which_tills())

    def _till(self) -> str:
        """The till that was typed; the office's own desk for the reception."""
        if self.at_reception:
            from db.scope import OFFICE_TILL

            return OFFICE_TILL
        return "".join(line.text.upper() for line in self.query("#till").results(LineInput))

    def action_field(self, step: int) -> None:
        step_field(self, step)

    def action_start_over(self) -> None:
        """Empty fields: somebody else, or another till."""
        for field in self.query(LineInput):
            field.value = ""
        self.query(LineInput).first().focus()
        self.counter.clear_notice()

    @on(Input.Submitted, "#till")
    def name_till(self) -> None:
        """A till that is not there is told at once, not after the PIN."""
        self.counter.clear_notice()
        code = self.query_one("#till", LineInput).text.upper()
        wrong = self.counter.wrong_till(code)
        if wrong is None:
            self.action_field(1)
        else:
            self.refused(wrong)

    @on(Input.Submitted, "#login")
    def next_field(self) -> None:
        self.action_field(1)

    def refused(self, refused: Refused) -> None:
        """The field that was wrong is typed anew; a wrong PIN may be a wrong login as well, and ↑ leads there."""
        fields = {"NoSuchTill": "#till", "UserLocked": "#login"}
        field = self.query(fields.get(refused.name, "#pin")).results(LineInput)
        for one in field:
            one.focus()
            one.select_all()
        self.counter.refuse(refused)

    @on(Input.Submitted, "#pin")
    def sign_in(self) -> None:
        field = self.query_one("#pin", LineInput)
        pin, field.value = field.value, ""
        till = self._till()
        login = self.query_one("#login", LineInput).text
        self.counter.money(lambda: self.counter.proven(login=login, pin=pin, till=till), self._proven, self.refused)

    def _proven(self, proven: tuple[SignedIn, str]) -> None:
        """The till comes next: refused where another computer has it, unless a supervisor takes it over."""

        def held(refused: Refused) -> None:
            if refused.name == "TillHeld":
                self.counter.drop_queue()
                taken = lambda yes: self.counter.welcome(proven) if yes else None  # noqa: E731
                self.app.push_screen(TakeOver(proven, refused), taken)
            else:
                self.counter.refuse(refused)

        self.counter.money(lambda: self.counter.hold_till(proven), lambda _none: self.counter.welcome(proven), held)


class TakeOver(ModalScreen[bool]):
    """The till is open elsewhere: a supervisor takes it over here, or the cashier goes back. Answers True or None."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, proven: tuple[SignedIn, str], refused: Refused) -> None:
        super().__init__()
        self.proven = proven
        self.refused = refused

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(_("This till is open elsewhere"), classes="title")
            yield SafeStatic(self.refused.why_text(), id="held-why")
            yield SafeStatic(self.refused.todo_text())
            yield SafeStatic(_("Login of the supervisor who takes it over"), classes="label")
            yield LineInput(id="over-login", max_length=40)
            yield SafeStatic(_("Their PIN"), classes="label")
            yield LineInput(id="over-pin", password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#over-login").focus()

    @on(Input.Submitted, "#over-login")
    def next_field(self) -> None:
        self.action_field(1)

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted, "#over-pin")
    def take_over(self) -> None:
        field = self.query_one("#over-pin", LineInput)
        pin, field.value = field.value, ""
        login = self.query_one("#over-login", LineInput).text
        (person, code), counter = self.proven, self.counter
        about = {"till_code": code, "home": counter.home.path, "person": person, "login": login, "pin": pin}
        counter.money(lambda: counter.hold.take_over(counter.desk, **about), lambda _none: self.dismiss(True))  # type: ignore[arg-type]

    def action_back(self) -> None:
        self.dismiss(None)
