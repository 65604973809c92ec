"""SQLite databases that are ready: migrated once in each test process, then copied, which is thirty times faster."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kit import at_test_office, open_test_office

from counter.clock import StillClock
from counter.desk import Desk
from db.engine import Database, open_database
from db.migrate import bring_up_to_date


def migrated(path: Path) -> Database:
    """An empty database with every table, new at `path`."""
    return _copied(_empty(), path)


def with_office(path: Path) -> Database:
    """A database new at `path` in which the test office was opened."""
    return _copied(_opened(), path)


def desk_in_office(path: Path, clock: StillClock | None = None) -> Desk:
    """A desk at till Q1 of the test office, on a database new at `path`."""
    return at_test_office(with_office(path), clock)


def _copied(template: Path, path: Path) -> Database:
    shutil.copyfile(template, path)
    return open_database(f"sqlite:///{path}")


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="quaythu-ready-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def _empty() -> Path:
    return _made("empty.db", bring_up_to_date)


@cache
def _opened() -> Path:
    return _made("office.db", lambda database: (bring_up_to_date(database), open_test_office(database)))


def _made(name: str, fill: Callable[[Database], object]) -> Path:
    path = _folder() / name
    database = open_database(f"sqlite:///{path}")
    fill(database)
    database.close()
    assert not path.with_name(f"{name}-wal").exists(), "the template is not one whole file"
    return path
