"""A change at one till reaches the others by itself, also after the connection broke."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from kit import OFFICE, open_test_office

from counter import queue
from counter.desk import Desk
from counter.ids import new_id
from counter.live import follow
from db.engine import Database, open_database
from db.tell import APART, Teller

ROOT = Path(__file__).parent.parent
LONG = 20
"""Seconds after which a test gives up; what is waited for comes within one."""


class Ear:
    """Somebody who follows: counts what was heard, and lets a test wait for the next word."""

    def __init__(self) -> None:
        self.heard = threading.Semaphore(0)
        self.gone = threading.Event()
        self.count = 0

    def changed(self) -> None:
        self.count += 1
        self.heard.release()

    def wait(self) -> bool:
        return self.heard.acquire(timeout=LONG)


@contextmanager
def following(database: Database) -> Iterator[Ear]:
    ear, stop = Ear(), threading.Event()
    thread = threading.Thread(
        target=follow, args=(database, OFFICE), kwargs={"changed": ear.changed, "away": ear.gone.set, "stop": stop}
    )
    thread.start()
    try:
        assert ear.wait()  # the first look
        yield ear
    finally:
        stop.set()
        thread.join(LONG)
        assert not thread.is_alive()


@pytest.fixture
def other(desk: Desk) -> Iterator[Database]:
    """The same database as another till opens it."""
    found = open_database(desk.database.engine.url.render_as_string(hide_password=False))
    yield found
    found.close()


def test_a_number_given_at_one_till_is_heard_at_another(desk: Desk, other: Database) -> None:
    with following(other) as ear:
        desk.do(queue.issue, ticket_id=new_id(), by=None)
        assert ear.wait()


def test_what_another_process_does_is_heard(desk: Desk, other: Database) -> None:
    code = (
        "import sys; from kit import *; from counter import queue; from db.engine import open_database; "
        "desk = Desk(database=open_database(sys.argv[1]), office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, "
        "paper=Tray()); desk.do(queue.issue, ticket_id=new_id(), by=None)"
    )
    url = desk.database.engine.url.render_as_string(hide_password=False)
    with following(other) as ear:
        subprocess.run([sys.executable, "-c", code, url], cwd=ROOT / "tests", check=True, timeout=120, env=_env())
        assert ear.wait()


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_broken_connection_is_told_and_comes_back_by_itself(desk: Desk, other: Database, postgres_url: str) -> None:
    with following(other) as ear:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%'",
                (desk.database.engine.url.database,),
            )
        assert ear.gone.wait(LONG)
        assert ear.wait()  # back: it looks by itself
        desk.do(queue.issue, ticket_id=new_id(), by=None)
        assert ear.wait()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_that_is_not_there_is_told_and_found_when_it_comes(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    open_test_office(database)
    path = tmp_path_factory.mktemp("away") / "counter.db"
    there = open_database(f"sqlite:///{path}")
    there.close()
    for file in path.parent.glob("counter.db*"):
        file.unlink()
    ear, stop = Ear(), threading.Event()
    thread = threading.Thread(
        target=follow, args=(there, OFFICE), kwargs={"changed": ear.changed, "away": ear.gone.set, "stop": stop}
    )
    thread.start()
    assert ear.gone.wait(LONG) and ear.count == 0
    again = open_database(f"sqlite:///{path}")
    assert ear.wait()
    stop.set()
    thread.join(LONG)
    again.close()
    there.close()


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_many_changes_are_told_as_few_and_the_last_one_always(desk: Desk, postgres_url: str) -> None:
    url = desk.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    teller = Teller(desk.database.engine)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'LISTEN "counter_{OFFICE}"')
        for _ in range(500):
            teller.tell(OFFICE)
        teller.close()
        heard = sum(1 for _ in connection.notifies(timeout=5 * APART))
    assert 2 <= heard <= 100


def test_an_act_that_is_refused_tells_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Database, "tell", lambda _self, office_id: told.append(office_id))
    with pytest.raises(queue.NobodyWaiting):
        desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    assert told == []
    desk.do(queue.issue, ticket_id=new_id(), by=None)
    assert told == [OFFICE]
