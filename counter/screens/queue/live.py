"""News of the queue for the screens: everybody who shows it looks again when somebody may have changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.app import App
from textual.signal import Signal
from textual.timer import Timer

EVERY: Final = 1.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class News:
    """The queue may have changed."""


class QueueNews(Signal[News]):
    """Subscribed to by whatever shows the queue; silent until it is begun."""

    def __init__(self, app: App[int]) -> None:
        super().__init__(app, "queue news")
        self._app = app
        self._timer: Timer | None = None

    def begin(self) -> None:
        """From now on; a second call does nothing."""
        if self._timer is None:
            self._timer = self._app.set_interval(EVERY, lambda: self.publish(News()))
