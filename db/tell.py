"""Telling other tills that something changed: after the commit, never inside it, and never more than ten times a second.

PostgreSQL lets one transaction of the whole server at a time commit with a NOTIFY, until its commit is on disk. So the word
goes out in a transaction of its own that writes nothing and waits for no disk. A word that gets lost costs time, never
truth: whoever listens looks again by itself every few seconds (counter/live.py).
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

APART: Final = 0.1
"""Seconds between two words of one process about one office."""


def channel_of(office_id: str) -> str:
    """The channel on which an office's tills hear of each other."""
    return f"counter_{office_id}"


class Teller:
    """The first word at once, those that follow too closely as one, the last one always."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._said: dict[str, float] = {}
        self._timers: dict[str, threading.Timer] = {}

    def tell(self, office_id: str) -> None:
        """Say that the office's queue changed. Never raises: what was committed stays committed."""
        with self._lock:
            if office_id in self._timers:
                return
            wait = self._said.get(office_id, -APART) + APART - time.monotonic()
            if wait > 0:
                timer = self._timers[office_id] = threading.Timer(wait, self._later, [office_id])
                timer.daemon = True
                timer.start()
                return
            self._said[office_id] = time.monotonic()
        self._say(office_id)

    def close(self) -> None:
        """Say now what was to be said later."""
        with self._lock:
            waiting = list(self._timers.items())
            self._timers.clear()
        for office_id, timer in waiting:
            timer.cancel()
            self._say(office_id)

    def _later(self, office_id: str) -> None:
        with self._lock:
            if self._timers.pop(office_id, None) is None:
                return
            self._said[office_id] = time.monotonic()
        self._say(office_id)

    def _say(self, office_id: str) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel_of(office_id)})
        except SQLAlchemyError as error:
            logging.getLogger("counter").info("the others could not be told: %s", type(error).__name__)
