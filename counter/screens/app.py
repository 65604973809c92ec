"""The counter on screen: who sits here, one money write at a time, and where each key leads."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from counter import office
from counter.clock import day_text
from counter.errors import NotAvailable, Refused
from counter.home import Home, sit_down
from counter.locale import N_, _, use_language
from counter.people import SignedIn
from counter.screens import terminal
from counter.screens.app_base import BaseApp
from counter.screens.signin import Lock, SignIn
from counter.screens.widgets import NoticeLine
from counter.shifts import ShiftFacts, live_shift

if TYPE_CHECKING:
    from counter.desk import Desk

T = TypeVar("T")


class CounterApp(BaseApp):
    """One till's screen."""

    TITLE = "Quầy"
    CSS_PATH = [Path(__file__).with_name("counter.tcss"), Path(__file__).with_name("screens.tcss")]
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+q", "quit", N_("Quit"), id="app.quit", show=False, priority=True)]

    def __init__(self, home: Home, desk: Desk) -> None:
        super().__init__(settings=home.settings)
        self.home = home
        self.desk = desk
        facts = desk.see(office.the_office)
        self.office_line = f"{facts.code} · {facts.name}"
        self.tills = desk.see(office.tills)
        self.till_is_fixed = bool(desk.till_code)
        self._signed_in: SignedIn | None = None
        self._last_key = time.monotonic()

    # --- who sits here ------------------------------------------------------------------------------------------------

    @property
    def me(self) -> SignedIn:
        """The person signed in."""
        assert self._signed_in is not None
        return self._signed_in

    def on_mount(self) -> None:
        self.push_screen(SignIn())
        self.set_interval(5, self._lock_when_idle)

    def proven(self, *, login: str, pin: str, till: str) -> tuple[SignedIn, str]:
        """Who this is and at which till. Raises WrongPin, UserLocked, NoSuchTill."""
        code = till or self.desk.till_code or (self.tills[0] if len(self.tills) == 1 else "")
        self.desk.see(office.require_till, code=code)
        before, self.desk.till_code = self.desk.till_code, code
        try:
            return self.desk.prove(login=login, pin=pin), code
        except Refused:
            self.desk.till_code = before
            raise

    def welcome(self, proven: tuple[SignedIn, str]) -> None:
        """To the screen of this person's work."""
        from counter.screens.supervisor import SupervisorScreen
        from counter.screens.till import TillScreen
        from db.states import Role

        self._signed_in, self.desk.till_code = proven
        first: Screen[Any] = TillScreen() if self.me.role is Role.CASHIER else SupervisorScreen()
        self.switch_screen(first)

    def action_sign_out(self) -> None:
        """Back to the sign-in; whatever was not confirmed is gone, and nothing of it was taken."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(SignIn())
        self._signed_in = None

    def header(self, shift: ShiftFacts | None = None) -> str:
        """`Q1 · Trần Thị Lan · 23/11/2026`, the line at the top."""
        day = f" · {_('shift of')} {day_text(shift.business_day)}" if shift else f" · {_('no shift open')}"
        return f"{self.desk.till_code or '-'} · {self.me.name}{day} · {self.office_line}"

    def shift_now(self) -> ShiftFacts | None:
        """This till's live shift (a view: call it in a worker)."""
        return self.desk.see(live_shift, till_code=self.desk.till_code)

    # --- the lock -----------------------------------------------------------------------------------------------------

    async def on_event(self, event: Any) -> None:
        if isinstance(event, events.Key | events.Paste):
            self._last_key = time.monotonic()
        await super().on_event(event)

    def _lock_when_idle(self) -> None:
        idle = time.monotonic() - self._last_key
        if self._signed_in and idle > self.home.settings.idle_minutes * 60 and not isinstance(self.screen, Lock):
            self.action_lock()

    def action_lock(self) -> None:
        """Cover the screen; the work stays as it is."""
        if self._signed_in and not isinstance(self.screen, Lock):
            self.push_screen(Lock())

    # --- work away from the screen ------------------------------------------------------------------------------------

    def money(
        self, call: Callable[[], T], then: Callable[[T], object], otherwise: Callable[[Refused], object] | None = None
    ) -> None:
        """Run one write in a thread, keys held back, then show its result: never two at once, never lost with a screen."""
        self.write(call, on_done=then, on_refused=otherwise)

    def ask(self, call: Callable[[], T], then: Callable[[T], object]) -> None:
        """Run a view whose result the next key means: later keys wait for it."""
        self.look_up(call, on_done=self._for_screen(then), group="ask")

    def look(self, call: Callable[[], T], then: Callable[[T], object], *, group: str) -> None:
        """Run a view while typing goes on; only the newest of a group is shown, and only to the screen that asked."""
        self.read(call, on_done=self._for_screen(then), group=group)

    def _for_screen(self, then: Callable[[T], object]) -> Callable[[T], object]:
        asked_by, person = self.screen, self._signed_in

        def give(value: T) -> object:
            is_there = asked_by in self.screen_stack and person is not None and person is self._signed_in
            return then(value) if is_there else None

        return give

    # --- what is said -------------------------------------------------------------------------------------------------

    def inform(self, text: str) -> None:
        """A fact, in the line for it."""
        self.info(text)

    def clear_notice(self) -> None:
        """An empty line."""
        for line in self.screen.query(NoticeLine):
            line.clear()

    # --- where keys lead ----------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        from counter.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):  # the app's own F1 comes before the screen's
            self.screen.action_back()
        else:
            self.push_screen(HelpScreen(self.screen))

    def action_settings(self) -> None:
        from counter.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen())

    def set_language(self, lang: str) -> None:
        """From the next screen on."""
        use_language(lang)


class AlreadyRuns(NotAvailable):
    """A second program on one till."""

    why = N_("The program already runs on this till.")
    todo = N_("Go on there, or close it first.")


def open_screen(home: Home) -> int:
    """Open this till's screen; one program a till. Returns the exit code. Raises AlreadyRuns."""
    from counter.keepsafe import APP_LOCK
    from db.places import OneOwner

    desk = sit_down(home)
    lock = OneOwner(home.path / (APP_LOCK if home.url.startswith("sqlite") else f"till-{desk.till_code}.lock"))
    if not lock.take():
        raise AlreadyRuns
    try:
        return terminal.start(CounterApp(home, desk), log=home.path / "counter.log")
    finally:
        _remember(home, desk)
        lock.let_go()


def _remember(home: Home, desk: Desk) -> None:
    from counter.home import remember_heads
    from counter.keepsafe import heads_of

    try:
        remember_heads(home, heads_of(desk))
    except (Refused, OSError):
        return
