"""Sixteen processes at one queue: no number twice, nobody called twice, the room never above its cap at any commit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kit import Staff
from line import put_customers
from sqlalchemy import text

from counter import office, queue
from counter.audit import audit
from counter.desk import Desk
from counter.ids import new_id
from db.engine import Database, open_database

ROOT = Path(__file__).parent.parent
PROCESSES = 16


class Crowd:
    """Processes that do the same at once."""

    def __init__(self, desk: Desk, staff: Staff, *, tills: int) -> None:
        names = [f"T{n}" for n in range(1, tills + 1)]
        for name in names:
            desk.do(office.add_till, code=name, by=staff.supervisor.user_id)
        url = desk.database.engine.url.render_as_string(hide_password=False)
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "crowd.py"), url, *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT,
        )
        assert self._line() == "ready\n"

    def all_do(self, order: str) -> list[list[str]]:
        """What each was given."""
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return list(json.loads(self._line()))

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def crowd(desk: Desk, staff: Staff, *, tills: int = PROCESSES) -> Iterator[Crowd]:
    found = Crowd(desk, staff, tills=tills)
    yield found
    found.close()


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


@pytest.mark.parametrize("each", [10, pytest.param(6_250, marks=pytest.mark.torture)])
def test_sixteen_processes_never_give_a_number_twice(
    desk: Desk, staff: Staff, each: int, campaign: Callable[[str], None]
) -> None:
    with crowd(desk, staff) as tills:
        given = [number for numbers in tills.all_do(f"issue {each}") for number in numbers]
    assert len(given) == PROCESSES * each
    assert Counter(given).most_common(1)[0][1] == 1
    assert {int(number[1:]) for number in given} == set(range(1, PROCESSES * each + 1))
    all_hold(desk)
    campaign(f"{PROCESSES} processes on {desk.database.dialect}: {len(given)} numbers given, none twice")


class Watcher:
    """Somebody who looks at the room after every commit that can be seen, from a connection of their own."""

    def __init__(self, url: str) -> None:
        self._database: Database = open_database(url)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.most = self.looks = 0

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def _look(self) -> None:
        query = text("SELECT max(inside - room_cap), max(inside) FROM queue_day")
        while not self._stop.is_set():
            with self._database.read() as session:
                over, inside = session.execute(query).one()
                called = session.execute(text("SELECT count(*) FROM ticket WHERE state = 'CALLED'")).scalar_one()
            assert over <= 0
            self.most = max(self.most, inside, called)
            self.looks += 1

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._database.close()


@pytest.mark.parametrize(("people", "cap"), [(40, 6), pytest.param(8_000, 5, marks=pytest.mark.torture)])
def test_sixteen_tills_call_each_ticket_once_and_never_fill_the_room_beyond_its_cap(
    desk: Desk, staff: Staff, people: int, cap: int, campaign: Callable[[str], None]
) -> None:
    today = desk.see(queue.board, now=desk.clock.now()).day
    for _ in range(people):
        desk.do(queue.issue, ticket_id=new_id(), by=None)
    desk.do(queue.set_room_cap, move_id=new_id(), day=today, cap=cap, by=staff.supervisor.user_id)
    url = desk.database.engine.url.render_as_string(hide_password=False)
    with crowd(desk, staff) as tills, Watcher(url) as watcher:
        # A till stops at its eighth: SQLite's lock is not fair, yet eight tills must call.
        called = tills.all_do(f"calls {people // 8}")
    everybody = Counter(number for numbers in called for number in numbers)
    assert len(everybody) == people and set(everybody.values()) == {1}
    assert watcher.looks > 0 and watcher.most <= cap
    all_hold(desk)
    campaign(f"{people} people called on {desk.database.dialect}: each once, at most {watcher.most} of {cap} inside")


@pytest.mark.parametrize("acts", [6, pytest.param(1_500, marks=pytest.mark.torture)])
def test_sixteen_processes_do_what_a_day_brings_and_every_check_holds(
    desk: Desk, staff: Staff, acts: int, campaign: Callable[[str], None]
) -> None:
    desk.do(put_customers)
    with crowd(desk, staff) as tills:
        tills.all_do(f"day {acts}")
    all_hold(desk)
    campaign(f"{PROCESSES} processes, {acts} acts of a queue's day each, on {desk.database.dialect}: every check holds")
