"""Many tills on one database, each a process of its own: `python tests/crowd.py URL TILL…` reads orders, a line each.

`issue N`: give N numbers · `day N`: N acts by chance · `calls N`: call and serve until N were served or nobody waits.
Every till does it at once; one line of JSON answers what each was given. They are forked from one process that has loaded
everything, so that sixteen of them cost one start of the program.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from kit import KEEPER, MONDAY, OFFICE, Tray
from line import Line

from counter import queue
from counter.clock import StillClock
from counter.desk import DatabaseBusy, Desk
from counter.ids import new_id
from counter.queue import NobodyWaiting, RoomFull, StillCalled
from db.engine import open_database


def patient(act: Callable[[], Any]) -> Any:
    """A key pressed again while the database is busy: SQLite has one writer, and sixteen of them wait for it."""
    for _ in range(60):
        with contextlib.suppress(DatabaseBusy):
            return act()
    raise TimeoutError


class Till:
    """One process's desk."""

    def __init__(self, url: str, till: str, seed: int) -> None:
        self.desk = Desk(open_database(url), OFFICE, StillClock(MONDAY), KEEPER, Tray(), till)
        self.till, self.seed = till, seed

    def issue(self, count: int) -> list[str]:
        """The numbers given here."""
        return [patient(self._issue) for _ in range(count)]

    def _issue(self) -> str:
        ticket_id = new_id()
        return str(self.desk.do(queue.issue, ticket_id=ticket_id, by=None).number)

    def calls(self, count: int) -> list[str]:
        """The numbers called here, each served before the next; until nobody waits."""
        found: list[str] = []
        full = 0
        while len(found) < count and full < 100_000:
            try:
                ticket = patient(lambda: self.desk.do(queue.call_next, call_id=new_id(), till_code=self.till, by=None))
            except NobodyWaiting:
                break
            except RoomFull:
                full += 1
                continue
            found.append(ticket.number)
            patient(lambda: self.desk.do(queue.serve, move_id=new_id(), till_code=self.till, by=None))
        return found

    def day(self, count: int) -> list[str]:
        """The numbers called here during so many acts by chance."""
        found: list[str] = []
        line = Line(
            self.desk, seed=self.seed, till=self.till, said=lambda act, t: found.append(t.number) if act == "call" else None
        )
        for _ in range(count):
            with contextlib.suppress(StillCalled):
                patient(line.act)
        return found


def work(url: str, till: str, seed: int, orders: Connection) -> None:
    """The life of one till's process."""
    here = Till(url, till, seed)
    orders.send("ready")
    while order := orders.recv():
        name, count = order.split()
        orders.send(getattr(here, name)(int(count)))


def main() -> None:
    url, *names = sys.argv[1:]
    context = multiprocessing.get_context("fork")  # nothing is open yet that two could share
    pipes = []
    for seed, name in enumerate(names):
        ours, theirs = context.Pipe()
        context.Process(target=work, args=(url, name, seed, theirs), daemon=True).start()
        theirs.close()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    print("ready", flush=True)
    for order in sys.stdin:
        for pipe in pipes:
            pipe.send(order)
        print(json.dumps([pipe.recv() for pipe in pipes]), flush=True)
    for pipe in pipes:
        pipe.send("")


if __name__ == "__main__":
    main()
