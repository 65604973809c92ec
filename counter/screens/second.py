"""The second person: signs on the spot, or answers from their own screen; or is at their screen and the first one signs.

A request that was sent stays when its dialog is left: at an office's only till the two people must change places. The same
act finds its answer again, even after a new sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from counter import approvals
from counter.approvals import Request
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _, translate
from counter.money import Dong
from counter.people import SignedIn, WrongPin
from counter.screens.asked import from_the_books
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic, Words, step_field
from db.states import ApprovalAct, ApprovalState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

POLL_SECONDS = 1.0


class SecondPerson(ModalScreen[UUID | None]):
    """Asks for another person's login and PIN; answers the granted approval's id, or None."""

    DEFAULT_CSS = """
    SecondPerson {
        #second-about { width: 100%; height: auto; max-height: 9; padding: 1 0; }
        .pair { height: auto; width: 100%; }
        .pair Vertical { height: auto; width: 1fr; }
    }
    """
    TITLE_WORDS: ClassVar[str] = N_("A second person approves")
    LOGIN_WORDS: ClassVar[str] = N_("Approver's login")
    PIN_WORDS: ClassVar[str] = N_("Approver's PIN")
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f6", "send", N_("Send to the supervisor's screen"), id="second.send", priority=True),
        Binding("f8", "withdraw", N_("Take the request back"), id="second.withdraw", priority=True),
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
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

    @property
    def is_sent(self) -> bool:
        """The request waits on the supervisor's screen."""
        return self._timer is not None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(translate(self.TITLE_WORDS), classes="title")
            yield SafeStatic(self.what, id="second-what")
            yield SafeStatic(id="second-about")
            with Horizontal(classes="pair"):
                with Vertical():
                    yield SafeStatic(translate(self.LOGIN_WORDS), classes="label")
                    yield LineInput(id="second-login", max_length=40)
                with Vertical():
                    yield SafeStatic(translate(self.PIN_WORDS), classes="label")
                    yield LineInput(id="second-pin", password=True, max_length=12)
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#second-login").focus()
        self.counter.load(self._read_about, self._show_about, group="second-about")
        self.look_back()

    def _read_about(self) -> list[Words]:
        facts = {key: value for key, value in self.facts.items() if key != "reason"}
        return from_the_books(self.counter.desk, **facts)  # type: ignore[arg-type]

    def _show_about(self, about: list[Words]) -> None:
        """What is signed: whose money, how many bills, and why."""
        shown = [words for words in about if words]
        reason = _("Reason: {reason}").format(reason=self.facts["reason"])
        self.query_one("#second-about", SafeStatic).show(*shown, reason)

    def look_back(self) -> None:
        """Was this very act asked for before? Then its answer counts, or it still waits."""
        desk, me = self.counter.desk, self.counter.me
        asked = {key: value for key, value in self.facts.items() if key != "reason"}
        self.counter.ask(
            lambda: desk.see(approvals.standing, by=me.user_id, now=desk.clock.now(), **asked),  # type: ignore[arg-type]
            lambda found: self._go_on(found) if found else None,
        )

    def _go_on(self, request: Request) -> None:
        self.approval_id = request.approval_id
        self._answered(request)
        if request.state is ApprovalState.WAITING:
            self._wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A request is sent once, and taken back only where one was sent."""
        if action in ("send", "withdraw"):
            return self.is_sent is (action == "withdraw")
        return True

    # --- on the spot --------------------------------------------------------------------------------------------------

    @on(Input.Submitted, "#second-login")
    def next_field(self) -> None:
        self.action_field(1)

    def action_field(self, step: int) -> None:
        step_field(self, step)

    @on(Input.Submitted, "#second-pin")
    def sign(self) -> None:
        """Both proven and granted in one go."""
        login = self.query_one("#second-login", LineInput).text
        field = self.query_one("#second-pin", LineInput)
        pin, field.value = field.value, ""
        self.counter.money(
            lambda: self._granted(login, pin), lambda _done: self.dismiss(self.approval_id), self._not_granted
        )

    def _granted(self, login: str, pin: str) -> Request:
        desk, me = self.counter.desk, self.counter.me
        person = desk.prove(login=login, pin=pin)
        return self._in_one(by=me.user_id, granted_by=person.user_id)

    def _in_one(self, *, by: UUID, granted_by: UUID) -> Request:
        """Request and word together: a word that is refused leaves no request behind."""
        desk = self.counter.desk
        return desk.do(
            approvals.ask_and_grant,
            approval_id=self.approval_id,
            till_code=desk.till_code,
            by=by,
            granted_by=granted_by,
            **self.facts,  # type: ignore[arg-type]
        )

    def _not_granted(self, refused: Refused) -> None:
        """The field that was wrong is typed anew: a wrong PIN the PIN, a person who may not the login."""
        field = "#second-pin" if isinstance(refused, WrongPin) else "#second-login"
        self.query_one(field, LineInput).focus()
        self.counter.refuse(refused)

    # --- from another screen ------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """The request waits on the supervisor's screen; this one looks every second."""
        desk, me = self.counter.desk, self.counter.me
        facts = {"approval_id": self.approval_id, "till_code": desk.till_code, "by": me.user_id, **self.facts}
        self.counter.money(lambda: desk.do(approvals.ask, **facts), lambda _asked: self._wait())  # type: ignore[arg-type]

    def _wait(self) -> None:
        self.counter.inform(
            _("The request waits on the supervisor's screen. F9 leaves it there: do the same again to find the answer.")
        )
        if self._timer is None:
            self._timer = self.set_interval(POLL_SECONDS, self._look)
            self.refresh_bindings()

    def _look(self) -> None:
        self.counter.look(
            lambda: self.counter.desk.see(approvals.request, approval_id=self.approval_id), self._answered, group="approval"
        )

    def _answered(self, request: Request) -> None:
        """Not behind the lock: there the next look finds the answer. Textual would take the lock away, not this box."""
        if self.app.screen is not self:
            return
        if request.state is ApprovalState.GRANTED:
            self.dismiss(self.approval_id)
        elif request.state is ApprovalState.DENIED:
            self._stop_waiting()
            self.counter.warn(_("{name} said no.").format(name=request.decided_by))

    def _stop_waiting(self) -> None:
        self._timer.stop()
        self._timer, self.approval_id = None, new_id()
        self.refresh_bindings()

    def action_withdraw(self) -> None:
        """Nobody needs to answer any more."""
        desk, me = self.counter.desk, self.counter.me
        self.counter.money(
            lambda: desk.do(approvals.withdraw, approval_id=self.approval_id, by=me.user_id),
            lambda _gone: self._withdrawn(),
        )

    def _withdrawn(self) -> None:
        self._stop_waiting()
        self.counter.inform(_("The request is taken back."))

    def action_back(self) -> None:
        self.dismiss(None)


class Signer(SecondPerson, inherit_bindings=False):
    """At a supervisor's screen: who acts signs here, and the supervisor's word is given with it."""

    TITLE_WORDS: ClassVar[str] = N_("You approve; whoever acts signs here")
    LOGIN_WORDS: ClassVar[str] = N_("Login of who acts")
    PIN_WORDS: ClassVar[str] = N_("PIN of who acts")
    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="second.back", priority=True),
    ]
    signed: SignedIn
    """Who signed; there once an approval's id was answered."""

    def look_back(self) -> None:
        """Who will sign is not known yet."""

    def _granted(self, login: str, pin: str) -> Request:
        self.signed = self.counter.desk.prove(login=login, pin=pin)
        return self._in_one(by=self.signed.user_id, granted_by=self.counter.me.user_id)
