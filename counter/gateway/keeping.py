"""Storing what was told before it is answered: events that wait together go to the disk in one transaction."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from counter import banking
from counter.cashless.feeds import Heard
from counter.desk import Desk
from counter.errors import Refused

LOG: Final = logging.getLogger("counter")
TOGETHER: Final = 200
"""Events in one transaction at most."""
MOST_WAITING: Final = 2000
"""More than this is answered “later” at once: the provider sends it again."""
LOOK_AGAIN: Final = 30.0
"""Seconds after which unmatched lines and expired codes are looked at, whether something came or not."""
REST: Final = 2.0

Waiting = tuple[str, Heard, "Future[bool]"]


class TooMany(Exception):
    """More events wait than can be stored soon."""


class Keeper:
    """One thread that stores. `stored` is called after each commit with something new in it."""

    def __init__(self, desk: Desk, *, stored: Callable[[], object], most: int = MOST_WAITING) -> None:
        self._desk = desk
        self._stored = stored
        self._waiting: queue.Queue[Waiting | None] = queue.Queue(most)
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def put(self, provider: str, heard: Heard) -> Future[bool]:
        """Whether it was news, once it is on disk. Raises TooMany."""
        done: Future[bool] = Future()
        try:
            self._waiting.put_nowait((provider, heard, done))
        except queue.Full as error:
            raise TooMany from error
        return done

    def stop(self) -> None:
        """Store what waits, then end."""
        self._waiting.put(None)
        self._thread.join(timeout=15)

    def _run(self) -> None:
        is_over = False
        while not is_over:
            batch: list[Waiting] = []
            first = self._waiting.get()
            while first is not None:
                batch.append(first)
                if len(batch) == TOGETHER or self._waiting.empty():
                    break
                first = self._waiting.get_nowait()
            is_over = first is None
            if batch:
                self._keep(batch)

    def _keep(self, batch: Sequence[Waiting]) -> None:
        try:
            news = banking.keep(self._desk, [(provider, heard) for provider, heard, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, Refused):
                for one in batch:  # one that cannot be stored takes no other with it
                    self._keep([one])
                return
            if not isinstance(error, Refused):
                LOG.error("an event cannot be stored", exc_info=error)
            for _, _, done in batch:
                done.set_exception(error)
            return
        for (_, _, done), is_new in zip(batch, news, strict=True):
            done.set_result(is_new)
        if any(news):
            self._stored()


class Taker:
    """One thread that books and matches what was stored: at once when woken, and every half minute anyway."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="taker", daemon=True)
        self.taken = 0
        """Events booked since the start."""

    def start(self) -> None:
        """Begin, with what an earlier run left."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Something was stored."""
        self._wake.set()

    def stop(self) -> None:
        """End after the event in hand."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        looked = -LOOK_AGAIN
        while not self._stop.is_set():
            self._wake.wait(LOOK_AGAIN)
            self._wake.clear()
            is_due = time.monotonic() - looked >= LOOK_AGAIN
            try:
                act = banking.take_in if is_due else banking.take_arrivals
                self.taken += act(self._desk, stop=self._stop.is_set).events
                looked = time.monotonic() if is_due else looked
            except Exception as error:
                LOG.error("what was stored cannot be taken in now: %s", type(error).__name__)
                self._stop.wait(REST)
                self._wake.set()
