"""The counter on screen: who sits here, one money write at a time, and where each key leads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding
from textual.screen import ModalScreen, Screen

from counter.clock import day_text
from counter.errors import NotAvailable, Refused
from counter.folder import APP_LOCK, LOG, database_url, home_named
from counter.glance import UNKNOWN, glance
from counter.locale import N_, _, use_language
from counter.screens import leaving, terminal
from counter.screens.hold import TillHold
from counter.screens.lock import Lock
from counter.screens.paper_side import PaperSide
from counter.screens.queue.live import QueueNews
from counter.screens.seat import Seat
from counter.screens.signin import SignIn
from counter.screens.widgets import NoticeLine
from db.places import OneOwner

if TYPE_CHECKING:
    from counter.desk import Desk
    from counter.home import Home
    from counter.people import SignedIn
    from counter.screens.palette import Entry
    from counter.shifts import ShiftFacts

T = TypeVar("T")


class CounterApp(PaperSide):
    """One till's screen."""

    TITLE = "Quầy"
    CSS_PATH = [Path(__file__).with_name("counter.tcss"), Path(__file__).with_name("screens.tcss")]
    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+q", "quit", N_("Quit"), id="app.quit", show=False, priority=True),
        Binding("ctrl+g", "papers", N_("Papers"), id="app.papers", show=False, priority=True),
        Binding("ctrl+l", "lock", N_("Lock"), id="lock", show=False, priority=True),
    ]

    def __init__(self, home: Home | None = None, desk: Desk | None = None, *, seat: Seat | None = None) -> None:
        """At a desk that stands already, or at a seat that is taken once the sign-in is on the screen."""
        if seat is None:
            assert home is not None and desk is not None
            seat = Seat.at(home, desk)
        super().__init__(settings=seat.glance)
        self.seat = seat
        self.queue_news = QueueNews(self)
        self.hold = TillHold(self)
        self._signed_in: SignedIn | None = None
        self._last_key = time.monotonic()

    # --- the seat -----------------------------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        """The desk; before the sign-in is through, ask for it in a thread only: it may have to be waited for."""
        return self.seat.desk

    @property
    def home(self) -> Home:
        """The home, waited for like the desk."""
        return self.seat.home

    @home.setter
    def home(self, home: Home) -> None:
        self.seat.home = home

    @property
    def office_line(self) -> str:
        """`PA0501 · Điện lực Lạng Giang`."""
        return self.seat.glance.office_line

    @property
    def tills(self) -> tuple[str, ...]:
        """The office's tills."""
        return self.seat.glance.tills

    @property
    def till_is_fixed(self) -> bool:
        """The settings say which till this is: the sign-in does not ask."""
        return bool(self.seat.glance.till)

    def _take_seat(self) -> None:
        self.read(self.seat.take, on_done=self._seated, group="seat")

    def _seated(self, _taken: None) -> None:
        """The desk stands, or the program ends with the reason why not; the fields typed into meanwhile stay."""
        if self.seat.failure is not None:
            self.exit()
            return
        self.wear(self.seat.glance)
        for screen in self.screen_stack:
            if isinstance(screen, SignIn):
                screen.show_facts()

    # --- who sits here ------------------------------------------------------------------------------------------------

    @property
    def me(self) -> SignedIn:
        """The person signed in."""
        assert self._signed_in is not None
        return self._signed_in

    def on_mount(self) -> None:
        self.push_screen(SignIn())
        self.set_interval(5, self._lock_when_idle)
        if not self.seat.is_taken:
            self.call_after_refresh(self._take_seat)  # the picture first: what is imported now would delay it

    def wrong_till(self, code: str) -> Refused | None:
        """Why a till that was named cannot be sat at; None where it is there, or where that is not known yet."""
        known = self.tills
        if code in known or UNKNOWN in known or (not code and len(known) == 1):
            return None
        from counter.office import no_such_till

        return no_such_till(code, known=known)

    def proven(self, *, login: str, pin: str, till: str) -> tuple[SignedIn, str]:
        """Who this is and at which till. Raises WrongPin, UserLocked, NoSuchTill."""
        desk = self.desk  # may have to be waited for; then the modules are there, too
        from counter.office import require_till

        code = till or self.seat.glance.till or (self.tills[0] if len(self.tills) == 1 else "")
        desk.see(require_till, code=code)
        before, desk.till_code = desk.till_code, code
        try:
            return desk.prove(login=login, pin=pin), code
        finally:
            desk.till_code = before

    def hold_till(self, proven: tuple[SignedIn, str]) -> None:
        """A cashier's till is this program's from now on; nobody else's screen needs one, nor reception. Raises TillHeld."""
        from db.scope import OFFICE_TILL
        from db.states import Role

        person, code = proven
        if person.role is Role.CASHIER and code != OFFICE_TILL:
            self.hold.take(self.desk, till_code=code, home=self.home.path, person=person)

    def welcome(self, proven: tuple[SignedIn, str]) -> None:
        """To the screen of this person's work; whoever sits at the office's own desk is at reception."""
        from counter.screens.queue.reception import ReceptionScreen
        from counter.screens.supervisor import SupervisorScreen
        from counter.screens.till import TillScreen
        from db.scope import OFFICE_TILL
        from db.states import Role

        self._signed_in, self.desk.till_code = proven
        self.queue_news.begin(self.desk)
        first: type[Screen[Any]] = TillScreen if self.me.role is Role.CASHIER else SupervisorScreen
        if self.desk.till_code == OFFICE_TILL and self.me.role in (Role.CASHIER, Role.SUPERVISOR):
            first = ReceptionScreen
        self.switch_screen(first())
        self.feed_printer()

    def action_sign_out(self) -> None:
        leaving.sign_out(self)

    async def action_quit(self) -> None:
        leaving.leave(self)

    def sign_out_now(self) -> None:
        """Back to the sign-in; whatever was not confirmed is gone, and nothing of it was taken."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(SignIn())
        self._signed_in = None
        self.read(self.hold.let_go, on_done=lambda _none: None, group="hold")

    def on_till_hold_lost(self, _message: TillHold.Lost) -> None:
        """Somebody has the till elsewhere now: nobody works here any more."""
        if self._signed_in is not None:
            self.sign_out_now()
            text = _("This till is open on another computer now. What was confirmed here is saved.")
            self.call_after_refresh(self.error, text)  # on the sign-in, once it is there

    def header(self, shift: ShiftFacts | None = None) -> str:
        """`Q1 · Trần Thị Lan · 23/11/2026`, the line at the top."""
        from db.states import Role

        day = f" · {_('shift of')} {day_text(shift.business_day)}" if shift else f" · {_('no shift open')}"
        if self.me.role is not Role.CASHIER:
            day = ""  # a drawer is a cashier's matter
        return f"{self.desk.till_code or '-'} · {self.me.name}{day} · {self.office_line}"

    def shift_now(self) -> ShiftFacts | None:
        """This till's live shift (a view: call it in a worker)."""
        from counter.shifts import live_shift

        return self.desk.see(live_shift, till_code=self.desk.till_code)

    def on_queue_news_heard(self, message: QueueNews.Heard) -> None:
        self.queue_news.publish(message.news)

    async def on_unmount(self) -> None:
        self.queue_news.end()

    # --- the lock -----------------------------------------------------------------------------------------------------

    async def on_event(self, event: Any) -> None:
        if isinstance(event, events.Key | events.Paste):
            self._last_key = time.monotonic()
        await super().on_event(event)

    @property
    def is_locked(self) -> bool:
        """The lock is down, whatever stands before it."""
        return any(isinstance(screen, Lock) for screen in self.screen_stack)

    def _lock_when_idle(self) -> None:
        idle = time.monotonic() - self._last_key
        if self._signed_in and not self.writing and idle > self.home.settings.idle_minutes * 60 and not self.is_locked:
            self.action_lock()

    def action_lock(self) -> None:
        """Over whatever screen or box this is; the work stays as it is."""
        if self._signed_in and not self.is_locked:
            self.push_screen(Lock())
        else:
            self.bell()

    def action_command_palette(self) -> None:
        """Not before the lock: its commands open screens."""
        if self.is_locked:
            self.bell()
        else:
            super().action_command_palette()

    # --- work away from the screen ------------------------------------------------------------------------------------

    def money(
        self, call: Callable[[], T], then: Callable[[T], object], otherwise: Callable[[Refused], object] | None = None
    ) -> None:
        """Run one write in a thread, keys held back, then show its result: never two at once, never lost with a screen."""
        self.write(call, on_done=then, on_refused=otherwise)

    def ask(
        self, call: Callable[[], T], then: Callable[[T], object], otherwise: Callable[[Refused], object] | None = None
    ) -> None:
        """Run a view whose result the next key means: later keys wait for it."""
        refused = self._for_screen(otherwise) if otherwise else None
        self.look_up(call, on_done=self._for_screen(then), on_refused=refused, group="ask")

    def load(self, call: Callable[[], T], then: Callable[[T], object], *, group: str) -> None:
        """Run a view of what a screen is about: keys typed ahead of it mean what comes, so they wait for it."""
        self.look_up(call, on_done=self._for_screen(then), group=group)

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

    def action_papers(self) -> None:
        """The till's papers that are not printed: from each of its screens, not from a box in the middle."""
        from counter.screens.papers import PapersScreen

        if self._signed_in and not isinstance(self.screen, PapersScreen | ModalScreen):
            self.push_screen(PapersScreen())

    def action_printer(self) -> None:
        from counter.screens.printer import PrinterScreen

        if not isinstance(self.screen, PrinterScreen):
            self.push_screen(PrinterScreen())

    def action_layouts(self) -> None:
        from counter.screens.layouts import LayoutScreen

        if not isinstance(self.screen, LayoutScreen):
            self.push_screen(LayoutScreen())

    def palette_entries(self) -> Iterator[Entry]:
        from counter.screens.palette import Entry

        yield from super().palette_entries()
        if self._signed_in:
            yield Entry(_("Layouts of papers"), "", self.action_layouts)
            yield Entry(_("Papers that are not printed"), "^G", self.action_papers)
            yield Entry(_("Printer of this computer"), "", self.action_printer)

    def set_language(self, lang: str) -> None:
        """On every open screen from now on, paper included."""
        use_language(lang)
        for screen in self.screen_stack:
            getattr(screen, "retranslate", str)()
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh(layout=True)


class AlreadyRuns(NotAvailable):
    """A second program on one till."""

    why = N_("The program already runs on this till.")
    todo = N_("Go on there, or close it first.")


def open_screen(*, home: str | None, db: str | None, lang: str | None) -> int:
    """Open this till's screen; one program a till. Returns the exit code. Raises AlreadyRuns, and what opening raises.

    The sign-in comes first, from a glance at the home; the desk is opened while the person types.
    """

    def come() -> tuple[Home, Desk]:
        from counter.home import open_home, sit_down

        found = open_home(home=home, db=db, lang=lang)
        return found, sit_down(found)

    seen = glance(home=home, db=db, lang=lang)
    seat = Seat(seen, come) if seen else Seat.at(*come())
    use_language(seat.glance.lang)
    folder = home_named(home).resolve()
    lock = _lock(folder, url=database_url(folder, db), till=seat.glance.till)
    app = CounterApp(seat=seat)
    try:
        code = terminal.start(app, log=folder / LOG)
        if seat.failure is not None:
            raise seat.failure
        return code
    finally:
        app.hold.let_go()
        if seat.is_taken:
            _remember(seat.home, seat.desk)
        lock.let_go()


def _lock(folder: Path, *, url: str, till: str) -> OneOwner:
    """One program a till. Raises AlreadyRuns."""
    lock = OneOwner(folder / (APP_LOCK if url.startswith("sqlite") else f"till-{till}.lock"))
    if not lock.take():
        raise AlreadyRuns
    return lock


def _remember(home: Home, desk: Desk) -> None:
    from counter.keepsafe import remember_seen

    try:
        remember_seen(home, desk)
    except Refused:
        return
