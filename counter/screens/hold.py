"""The till this program holds: taken when a cashier signs in, signed while they work, let go when they leave.

Everything here blocks on the database: threads only.
"""

from __future__ import annotations

import platform
import threading
import uuid
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.message import Message

from counter.errors import NotAvailable
from counter.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    from counter.desk import Desk
    from counter.leases import Program
    from counter.people import SignedIn

SIGNS_EVERY: Final = 10.0
"""Seconds between two signs of life; a till is free after sixty without one (counter.leases)."""


class TillHold:
    """At most one till at a time, for the person who works there."""

    class Lost(Message):
        """Another computer has the till now: from the thread to the app."""

    def __init__(self, app: App[int], *, every: float = SIGNS_EVERY) -> None:
        self._app = app
        self._every = every
        self._desk: Desk | None = None
        self._till = ""
        self._holder: UUID | None = None
        self._stop = threading.Event()

    def take(self, desk: Desk, *, till_code: str, home: Path, person: SignedIn) -> None:
        """Raises TillHeld."""
        from counter.leases import take_till

        program = program_of(home)
        desk.do(take_till, till_code=till_code, program=program, user_id=person.user_id)
        self._begin(desk, till_code, program.holder_id)

    def take_over(self, desk: Desk, *, till_code: str, home: Path, person: SignedIn, login: str, pin: str) -> None:
        """A supervisor, proven by PIN, takes the till for `person`. Raises WrongPin, UserLocked, NotAllowed."""
        from counter.leases import take_over

        before, desk.till_code = desk.till_code, till_code
        try:
            boss = desk.prove(login=login, pin=pin)
        finally:
            desk.till_code = before
        program = program_of(home)
        desk.do(take_over, till_code=till_code, program=program, user_id=person.user_id, by=boss.user_id)
        self._begin(desk, till_code, program.holder_id)

    def let_go(self) -> None:
        """The till is free for others. Where the database is away, it will be free in a minute."""
        from counter.leases import let_go

        self._stop.set()
        desk, holder, self._holder = self._desk, self._holder, None
        if desk is not None and holder is not None:
            try:
                desk.do(let_go, till_code=self._till, holder_id=holder)
            except NotAvailable:
                return

    def _begin(self, desk: Desk, till_code: str, holder: UUID) -> None:
        self._stop.set()
        self._stop = threading.Event()
        self._desk, self._till, self._holder = desk, till_code, holder
        threading.Thread(
            target=self._sign, args=(desk, till_code, holder, self._stop), name="till hold", daemon=True
        ).start()

    def _sign(self, desk: Desk, till_code: str, holder: UUID, stop: threading.Event) -> None:
        from counter.leases import sign

        while not stop.wait(self._every):
            try:
                if not desk.do(sign, till_code=till_code, holder_id=holder):
                    stop.set()
                    self._app.post_message(self.Lost())
            except NotAvailable:
                continue  # payments say it; the next sign may go through


def program_of(home: Path) -> Program:
    """This program: a fresh id, the computer's name, and its network card and home as what tells it from others."""
    from counter.leases import Program

    machine = sha256(f"{uuid.getnode():012x} {home}".encode()).hexdigest()
    return Program(new_id(), platform.node() or "?", machine)


__all__ = ["TillHold", "program_of"]
