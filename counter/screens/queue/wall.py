"""The board on the wall: large numbers for a whole room, no names, no keys; it goes on while the database is away.

The desk is opened and followed in one thread, which begins again whatever happens; the screen keeps what it saw last and
says from when that is.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from counter.clock import SystemClock
from counter.locale import N_
from counter.screens.app_base import BaseApp
from counter.screens.queue.wall_lines import Seen, rung, wall_lines

if TYPE_CHECKING:
    from counter.desk import Desk
    from counter.home import Home

LOG: Final = logging.getLogger("counter")
AGAIN: Final = (0.5, 1.0, 2.0, 5.0)
"""Seconds between two tries of a database that is away."""
STALE: Final = timedelta(seconds=45)
"""Three times as long as the follower may stay silent: from then on the board says that nothing is heard."""
LOUD: Final = timedelta(seconds=8)
"""So long a new call stands out."""


class WallBoard(Widget):
    """The whole screen."""

    DEFAULT_CSS = """
    WallBoard {
        width: 100%; height: 100%;
        .wall--bar { text-style: bold reverse; }
        .wall--strong { text-style: bold; color: $text-accent; }
        .wall--loud { text-style: bold; color: $text-success; }
        .wall--alert { text-style: bold reverse; color: $text-warning; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"wall--bar", "wall--strong", "wall--loud", "wall--alert"}
    seen = Seen()

    def show(self, seen: Seen) -> None:
        """Draw this."""
        self.seen = seen
        self.refresh()

    def render(self) -> Content:
        lines = wall_lines(self.seen, width=self.size.width, height=self.size.height)
        return Content("\n").join(
            Content.styled(line.text, self.get_visual_style(f"wall--{line.style}")) if line.style else Content(line.text)
            for line in lines
        )


class WallApp(BaseApp):
    """Only looks: nobody signs in, nothing is written. `sit` opens the desk and may raise."""

    TITLE = "Quầy"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = [
        Binding("q,escape,f9,f10,ctrl+q", "quit", N_("Quit"), id="wall.quit", show=False, priority=True)
    ]

    class Heard(Message):
        """From the thread: the queue as it is, or None while it cannot be seen."""

        def __init__(self, seen: Seen | None) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self, sit: Callable[[], Desk], *, settings: Any = None) -> None:
        super().__init__(settings=settings)
        self._sit = sit
        self._stop = threading.Event()
        self._clock = SystemClock()
        self.seen = Seen(now=self._clock.now())

    def compose(self) -> ComposeResult:
        yield WallBoard()

    def on_mount(self) -> None:
        self.set_interval(1.0, self.tick)
        threading.Thread(target=_watch, args=(self._sit, self._hear, self._stop), name="wall", daemon=True).start()

    def on_unmount(self) -> None:
        self._stop.set()

    def _hear(self, seen: Seen | None) -> None:
        self.post_message(self.Heard(seen))

    def on_wall_app_heard(self, message: Heard) -> None:
        """A new call rings once, however many there are; the board as it is now, or what it was."""
        now = self._clock.now()
        if message.seen is None:
            self.seen = replace(self.seen, now=now, is_away=True)
        else:
            before, after = self.seen.board, message.seen.board
            calls = rung(before, after) if before is not None and after is not None else ()
            self.seen = replace(message.seen, now=now, heard_at=now, loud=self.seen.loud, loud_until=self.seen.loud_until)
            if calls:
                self.bell()
                self.seen = replace(self.seen, loud=calls[0], loud_until=now + LOUD)
        self._draw()

    def tick(self) -> None:
        """The clock goes on; who was not heard for too long is away."""
        now, heard = self._clock.now(), self.seen.heard_at
        silent = heard is not None and now - heard > STALE
        self.seen = replace(self.seen, now=now, is_away=self.seen.is_away or silent)
        self._draw()

    def _draw(self) -> None:
        for board in self.query(WallBoard):
            board.show(self.seen)


def _watch(sit: Callable[[], Desk], hear: Callable[[Seen | None], None], stop: threading.Event) -> None:
    """Open the desk, however long it takes, and hand over the queue whenever it changes."""
    from counter import office, queue
    from counter.live import follow

    desk = _until_it_works(sit, hear, stop)
    if desk is None:
        return

    def look() -> Seen:
        rules, board = desk.see(queue.rules), desk.see(queue.board, now=desk.clock.now())
        return Seen(desk.see(office.the_office).name, board, rules.distance, rules.suspended)

    def changed() -> None:
        seen = _until_it_works(look, hear, stop)
        if seen is not None:
            hear(seen)

    follow(desk.database, desk.office_id, changed=changed, away=lambda: hear(None), stop=stop)
    desk.database.close()


def _until_it_works(act: Callable[[], Any], hear: Callable[[Seen | None], None], stop: threading.Event) -> Any:
    """What `act` gives; None once it shall stop."""
    tries = 0
    while not stop.is_set():
        try:
            return act()
        except Exception as error:  # whatever it is, a board on a wall tries again
            if not tries:
                LOG.warning("the board sees nothing: %s", type(error).__name__)
            hear(None)
            stop.wait(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1
    return None


def open_wall(home: Home) -> int:
    """The board in this terminal until somebody ends it; the exit code."""
    from counter.home import sit_down
    from counter.people import PinKeeper
    from counter.screens import terminal

    nobodys = PinKeeper(pepper=secrets.token_bytes(32))  # who only looks needs no secret of the office
    app = WallApp(lambda: sit_down(home, pins=nobodys), settings=home.settings)
    return terminal.start(app, log=home.path / "wall.log")
