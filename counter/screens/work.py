"""Blocking work in threads: writes one at a time, reads as many as there are questions, results always on the app.

A worker belongs to the app, never to a screen: a screen that went away would take the result of a payment with it. It
is never exclusive: Textual cancels only the waiting, the thread commits all the same. Threads touch no widget; they post
one message.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final, TypeVar

from textual.dom import NoScreen
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from counter.errors import Refused
from counter.keys import Hold, SerialKeys

T = TypeVar("T")
LOG: Final = logging.getLogger("counter")


@dataclass(frozen=True, slots=True)
class Job:
    """Work for a thread and who gets its result."""

    work: Callable[[], Any]
    on_done: Callable[[Any], object]
    on_refused: Callable[[Refused], object] | None
    group: str
    number: int
    hold: Hold | None


WRITE: Final = "write"


class WorkingApp(SerialKeys):
    """An app that runs blocking work without blocking."""

    class Finished(Message):
        """A thread is done: with a value, or with an error."""

        def __init__(self, job: Job, value: object, error: Exception | None) -> None:
            super().__init__()
            self.job = job
            self.value = value
            self.error = error

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.writing = False
        """A write is in flight: set before its thread starts, cleared when its result is handled."""
        self.nothing_in_flight = threading.Event()
        self.nothing_in_flight.set()
        self._newest: dict[str, int] = {}
        self._shown: dict[str, int] = {}
        self._passed_on: dict[str, list[Hold]] = {}
        self.faults: list[Exception] = []
        """Errors that were no refusals: shown calmly, logged, and kept for whoever asks."""

    # --- what screens use --------------------------------------------------------------------------------------------

    def write(
        self,
        work: Callable[[], T],
        *,
        on_done: Callable[[T], object],
        on_refused: Callable[[Refused], object] | None = None,
    ) -> bool:
        """Run `work` (one call of the desk that writes) in a thread; keys wait until its result was handled.

        One at a time: False, and a bell, while another is in flight. `on_done` gets what `work` returned even when
        other screens came; if its own screen is gone, `unclaimed` does. A Refused goes to `on_refused`, or is shown.
        """
        if self.writing:
            self.bell()
            return False
        self.writing = True
        self.nothing_in_flight.clear()
        self._start(work, on_done, on_refused, WRITE, self.hold_keys())
        return True

    def read(
        self,
        work: Callable[[], T],
        *,
        on_done: Callable[[T], object],
        on_refused: Callable[[Refused], object] | None = None,
        group: str = "read",
    ) -> None:
        """Run `work` (a view) in a thread while typing goes on. Only the newest of a group is shown."""
        self._start(work, on_done, on_refused, group, None)

    def look_up(
        self,
        work: Callable[[], T],
        *,
        on_done: Callable[[T], object],
        on_refused: Callable[[Refused], object] | None = None,
        group: str = "read",
    ) -> None:
        """Like `read`, but later keys wait for the result: for Enter after a code, where the next key means what came."""
        self._start(work, on_done, on_refused, group, self.hold_keys())

    def unclaimed(self, value: object) -> None:
        """The result of a write whose screen is gone. Say that it is done; nothing is lost."""

    def fault(self, error: Exception) -> None:
        """Something that is no refusal went wrong in a thread: log it; screens are told calmly."""
        self.faults.append(error)
        LOG.error("a worker failed", exc_info=error)

    def refuse(self, refused: Refused) -> None:
        """Show why not, and what to do."""

    # --- inside ------------------------------------------------------------------------------------------------------

    def _start(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], object],
        on_refused: Callable[[Refused], object] | None,
        group: str,
        hold: Hold | None,
    ) -> None:
        number = self._newest[group] = self._newest.get(group, 0) + 1
        job = Job(work, on_done, on_refused, group, number, hold)
        self.run_worker(
            lambda: self._in_thread(job), name=group, group=group, thread=True, exclusive=False, exit_on_error=False
        )

    def _in_thread(self, job: Job) -> None:
        value, error = None, None
        try:
            if job.group == WRITE or job.number == self._newest[job.group]:
                with self._context():  # `self.app` of a screen that has gone meanwhile is this app all the same
                    value = job.work()
        except Exception as raised:
            error = raised
        finally:
            if job.group == WRITE:
                self.nothing_in_flight.set()
        self.post_message(self.Finished(job, value, error))

    async def on_working_app_finished(self, message: Finished) -> None:
        """Hand the result to whoever asked, then let the keys go."""
        job, error = message.job, message.error
        if job.group == WRITE:
            self.writing = False
        try:
            if self._is_old(job):
                return
            if error is None:
                await self._hand_over(job, job.on_done, message.value)
            elif isinstance(error, Refused):
                await self._hand_over(job, job.on_refused or self.refuse, error)
            else:
                self.fault(error)
        finally:
            self._let_keys_go(job)

    def _is_old(self, job: Job) -> bool:
        return job.group != WRITE and job.number != self._newest[job.group]

    def _let_keys_go(self, job: Job) -> None:
        """Keys that waited for a job which a newer one of its group overtook wait for that one: what it shows they mean."""
        newest = self._newest[job.group]
        if job.group != WRITE and newest not in (job.number, self._shown.get(job.group)):
            if job.hold is not None:
                self._passed_on.setdefault(job.group, []).append(job.hold)
            return
        self._shown[job.group] = newest
        for hold in (job.hold, *self._passed_on.pop(job.group, [])):
            if hold is not None:
                hold.release()

    async def _hand_over(self, job: Job, receiver: Callable[[Any], object], value: object) -> None:
        if self._is_there(getattr(receiver, "__self__", None)):
            result = receiver(value)
            if isawaitable(result):
                await result
        elif isinstance(value, Refused):
            self.refuse(value)
        elif job.group == WRITE:
            self.unclaimed(value)

    def _is_there(self, owner: object) -> bool:
        """Whoever gets the result is no widget, or one that can still be seen."""
        if not isinstance(owner, Widget):
            return True
        try:
            screen: Screen[Any] = owner.screen
        except NoScreen:
            return False
        return owner.is_running and any(screen in stack for stack in self._screen_stacks.values())
