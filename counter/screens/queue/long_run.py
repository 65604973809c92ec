"""Work that may take longer than a moment: how far it is is told, F8 stops it, and nobody leaves while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.binding import Binding
from textual.screen import Screen

from counter.errors import Refused
from counter.locale import N_, _
from counter.money import group_digits

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

T = TypeVar("T")
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class LongRunScreen(Screen[None]):
    """One run at a time, in a thread of its own; keys stay alive. `PAUSED`: actions that wait for its end."""

    PAUSED: ClassVar[frozenset[str]] = frozenset()
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f8", "stop", N_("Stop"), id="stop", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.is_running_long = False
        self.stop = threading.Event()

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return self.is_running_long
        return not (self.is_running_long and action in self.PAUSED)

    def run_long(
        self,
        call: Callable[[Progress, Cancelled], T],
        then: Callable[[T], object],
        otherwise: Callable[[Refused], object],
        *,
        text: str,
    ) -> None:
        """`text` with {done} and {total} is what is told meanwhile; who left is told on the screen that is there then."""
        counter, stop = self.counter, self.stop
        stop.clear()
        self.is_running_long = True
        self.refresh_bindings()
        counter.busy(_("One moment…"))

        def progress(done: int, total: int) -> None:
            told = text.format(done=group_digits(done), total=group_digits(total))
            counter.call_from_thread(counter.busy, told)

        def run() -> T:
            try:
                return call(progress, stop.is_set)
            finally:
                self.is_running_long = False

        counter.read(
            run,
            on_done=lambda value: self._over(then, counter.unclaimed, value),
            on_refused=lambda refused: self._over(otherwise, counter.refuse, refused),
            group="long run",
        )

    def _over(self, here: Callable[[T], object], away: Callable[[T], object], result: T) -> None:
        if self.is_running:
            self.refresh_bindings()
            here(result)
        else:
            away(result)

    def action_stop(self) -> None:
        self.stop.set()
        self.counter.busy(_("Stopping…"))

    def action_back(self) -> None:
        """Not away from what still runs: the result would be told to nobody."""
        if self.is_running_long:
            self.counter.warn(_("It still runs: F8 stops it."))
        else:
            self.app.pop_screen()
