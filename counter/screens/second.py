"""The second person: signs on the spot, or answers from their own screen; or is at their screen and the first one signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter import approvals
from counter.approvals import Request
from counter.ids import new_id
from counter.locale import N_, _, translate
from counter.money import Dong
from counter.people import SignedIn
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic
from db.states import ApprovalAct, ApprovalState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

POLL_SECONDS = 1.0


class SecondPerson(ModalScreen[UUID | None]):
    """Asks for another person's login and PIN; answers the granted approval's id, or None."""

    TITLE_WORDS: ClassVar[str] = N_("A second person is needed")
    LOGIN_WORDS: ClassVar[str] = N_("Login of the second person")
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f6", "send", N_("Send to the supervisor's screen"), id="second.send", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="second.back", priority=True),
    ]

    def __init__(self, *, act: ApprovalAct, subject: str, amount: Dong, reason: str, what: str) -> None:
        super().__init__()
        self.facts = {"act": act, "subject": subject, "amount": amount, "reason": reason}
        self.what = what
        self.approval_id = new_id()
        self._timer: Any = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(translate(self.TITLE_WORDS), classes="title")
            yield SafeStatic(self.what, id="second-what")
            yield SafeStatic(translate(self.LOGIN_WORDS), classes="label")
            yield LineInput(id="second-login", max_length=40)
            yield SafeStatic(_("Their PIN"), classes="label")
            yield LineInput(id="second-pin", password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#second-login").focus()

    @on(Input.Submitted, "#second-login")
    def next_field(self) -> None:
        self.query_one("#second-pin").focus()

    @on(Input.Submitted, "#second-pin")
    def sign(self) -> None:
        """Both proven and granted in one go."""
        login = self.query_one("#second-login", LineInput).text
        field = self.query_one("#second-pin", LineInput)
        pin, field.value = field.value, ""
        self.counter.money(lambda: self._granted(login, pin), lambda _done: self.dismiss(self.approval_id))

    def _granted(self, login: str, pin: str) -> Request:
        desk = self.counter.desk
        self._ask()
        person = desk.prove(login=login, pin=pin)
        return desk.do(approvals.grant, approval_id=self.approval_id, by=person.user_id)

    def _ask(self) -> Request:
        desk, me = self.counter.desk, self.counter.me
        return desk.do(approvals.ask, approval_id=self.approval_id, till_code=desk.till_code, by=me.user_id, **self.facts)  # type: ignore[arg-type]

    def action_send(self) -> None:
        """The request waits on the supervisor's screen; this one looks every second."""
        self.counter.money(self._ask, lambda _asked: self._wait())

    def _wait(self) -> None:
        self.counter.inform(_("The request waits on the supervisor's screen. F9 goes back."))
        if self._timer is None:
            self._timer = self.set_interval(POLL_SECONDS, self._look)

    def _look(self) -> None:
        self.counter.look(
            lambda: self.counter.desk.see(approvals.request, approval_id=self.approval_id), self._answered, group="approval"
        )

    def _answered(self, request: Request) -> None:
        if request.state is ApprovalState.GRANTED:
            self.dismiss(self.approval_id)
        elif request.state is ApprovalState.DENIED:
            self._timer.stop()
            self._timer, self.approval_id = None, new_id()
            self.counter.warn(_("{name} said no.").format(name=request.decided_by))

    def action_back(self) -> None:
        self.dismiss(None)


class Signer(SecondPerson, inherit_bindings=False):
    """At a supervisor's screen: who acts signs here, and the supervisor's word is given with it."""

    TITLE_WORDS: ClassVar[str] = N_("Who acts signs here; your word is given with it")
    LOGIN_WORDS: ClassVar[str] = N_("Login of the person who acts")
    BINDINGS: ClassVar[list[Any]] = [Binding("f9,escape", "back", N_("Back"), id="second.back", priority=True)]
    signed: SignedIn
    """Who signed; there once an approval's id was answered."""

    def _granted(self, login: str, pin: str) -> Request:
        desk, me = self.counter.desk, self.counter.me
        self.signed = desk.prove(login=login, pin=pin)
        desk.do(
            approvals.ask,
            approval_id=self.approval_id,
            till_code=desk.till_code,
            by=self.signed.user_id,
            **self.facts,  # type: ignore[arg-type]
        )
        return desk.do(approvals.grant, approval_id=self.approval_id, by=me.user_id)
