"""News of the queue for the screens: a thread hears that somebody changed it, and everybody who shows it looks again."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message
from textual.signal import Signal

if TYPE_CHECKING:
    from counter.desk import Desk


@dataclass(frozen=True, slots=True)
class News:
    """The queue may have changed; `is_away`: nothing can be heard now."""

    is_away: bool = False


class QueueNews(Signal[News]):
    """Subscribed to by whatever shows the queue; silent until it is begun. One thread for the whole app."""

    class Heard(Message):
        """From the thread to the app."""

        def __init__(self, news: News) -> None:
            super().__init__()
            self.news = news

    def __init__(self, app: App[int]) -> None:
        super().__init__(app, "queue news")
        self._app = app
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, desk: Desk) -> None:
        """Listen to this desk's database from now on; a second call does nothing."""
        from counter.live import follow

        if self._thread is None:
            named = {
                "changed": lambda: self._say(News()),
                "away": lambda: self._say(News(is_away=True)),
                "stop": self._stop,
            }
            self._thread = threading.Thread(
                target=follow, args=(desk.database, desk.office_id), kwargs=named, name="queue news", daemon=True
            )
            self._thread.start()

    def end(self) -> None:
        """Stop listening."""
        self._stop.set()

    def _say(self, news: News) -> None:
        self._app.post_message(self.Heard(news))
