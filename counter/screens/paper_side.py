"""The app's side of paper: the feeder in its own thread, and what it says on its way to the screens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.timer import Timer

from counter.screens.app_base import BaseApp
from counter.screens.widgets import PaperSign

if TYPE_CHECKING:
    from counter.desk import Desk
    from counter.feeder import Feeder, Now
    from counter.home import Home


LOOK_SECONDS: Final = 2.0


class PaperSide(BaseApp):
    """An app that prints what its till is owed, and never waits for it."""

    class PaperMoved(Message):
        """Something about paper changed; told by the feeder's thread."""

        def __init__(self, now: Now) -> None:
            super().__init__()
            self.now = now

    paper_now: Now | None = None
    """How paper stands; None where this computer drives no printer."""
    _feeder: Feeder | None = None
    _paper_timer: Timer | None = None

    @property
    def desk(self) -> Desk:
        """The desk whose papers are printed."""
        raise LookupError("an app with a desk says which")

    @property
    def home(self) -> Home:
        """The home whose printer is driven."""
        raise LookupError("an app with a home says which")

    def feed_printer(self) -> None:
        """Begin to print, or begin anew after the printer's settings changed."""
        self.read(self._begin_to_feed, on_done=self._feeds, group="feeder")

    def _begin_to_feed(self) -> Feeder | None:
        from counter import spool
        from counter.feeder import feeder_of

        if self._feeder is not None:
            self._feeder.stop()
        feeder = feeder_of(
            self.home,
            self.desk,
            settings=lambda: self.home.settings,
            on_change=lambda now: self.post_message(self.PaperMoved(now)),
        )
        if feeder is not None:
            feeder.start()
        elif not self.desk.paper.prints and self.desk.till_code:
            self.desk.do(spool.give_up, till_code=self.desk.till_code)
        return feeder

    def _feeds(self, feeder: Feeder | None) -> None:
        self._feeder = feeder
        self.paper_now = feeder.now if feeder is not None else None
        if self._paper_timer is None:
            self._paper_timer = self.set_interval(LOOK_SECONDS, self.show_paper_sign, name="paper")
        self.show_paper()

    @contextmanager
    def printer_in_hand(self) -> Iterator[None]:
        """The feeder keeps its hands off while somebody tries the printer. Blocks: call it in a thread."""
        if self._feeder is None:
            yield
        else:
            with self._feeder.hands_off():
                yield

    def wake_printer(self) -> None:
        """A paper was just queued, or somebody looked after the printer."""
        if self._feeder is not None:
            self._feeder.wake()

    def on_paper_side_paper_moved(self, message: PaperMoved) -> None:
        """Show it on the sign and to a screen that lists papers."""
        if self._feeder is not None:
            self.paper_now = message.now
            self.show_paper()

    def show_paper(self) -> None:
        """The sign of the screen in front, and its list of papers."""
        self.show_paper_sign()
        moved = getattr(self.screen, "paper_moved", None)
        if moved is not None:
            moved()

    def show_paper_sign(self) -> None:
        """Also by a clock: a job that is sent for long becomes a printer that takes nothing, and nobody says so."""
        from counter.screens.paper_words import sign_of

        for sign in self.screen.query(PaperSign):
            sign.show(sign_of(self.paper_now))

    async def on_unmount(self) -> None:
        """The job in hand ends, or is found unsure by the next start."""
        if self._feeder is not None:
            await asyncio.to_thread(self._feeder.stop, seconds=3.0)
