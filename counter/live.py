"""Hearing within a second that somebody else changed the queue: LISTEN on PostgreSQL, data_version on SQLite.

`follow` blocks, so it belongs in a thread of its own. It comes back by itself after a broken connection, and looks again
every few seconds in case a word got lost.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from db.engine import Database
from db.tell import channel_of

LOOKED: Final = 0.25
"""Seconds between two looks at SQLite's data_version: a number in shared memory, no reading of the disk."""
AGAIN: Final = 15.0
"""Seconds after which `changed` is called although nothing was heard; a dead connection is noticed by then."""
TOGETHER: Final = 0.05
"""Seconds in which several words are one."""
BACK_OFF: Final = (0.25, 0.5, 1.0, 2.0, 5.0)


def follow(
    database: Database,
    office_id: str,
    *,
    changed: Callable[[], None],
    away: Callable[[], None] = lambda: None,
    stop: threading.Event,
) -> None:
    """Call `changed` when the office's queue may have changed, and once at the beginning; return when `stop` is set.

    `away` is called once when the database cannot be heard; the next `changed` means that it is back. Both run in this
    thread and must not raise.
    """
    listen = _sqlite if database.dialect == "sqlite" else _postgres
    failures = 0
    while not stop.is_set():
        try:
            for _ in listen(database, office_id, stop):
                failures = 0
                changed()
        except Exception:  # whatever the driver says: it is away, and tried again
            if failures == 0:
                away()
            stop.wait(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
            failures += 1


def _sqlite(database: Database, _office_id: str, stop: threading.Event) -> Iterator[None]:
    path = Path(database.engine.url.database or "")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)) as connection:
        seen, said = None, 0.0
        while not stop.is_set():
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != seen or time.monotonic() - said > AGAIN:
                seen, said = version, time.monotonic()
                yield
            stop.wait(LOOKED)


def _postgres(database: Database, office_id: str, stop: threading.Event) -> Iterator[None]:
    import psycopg
    from psycopg import sql

    url = database.engine.url.update_query_dict({"connect_timeout": "5"})
    arguments, named = database.engine.dialect.create_connect_args(url)
    with psycopg.connect(*arguments, **named, autocommit=True) as connection:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel_of(office_id))))
        yield  # whatever happened while nobody listened
        said = time.monotonic()
        while not stop.is_set():
            heard = any(True for _ in connection.notifies(timeout=0.5, stop_after=1))
            if heard:
                for _ in connection.notifies(timeout=TOGETHER):
                    pass
            elif time.monotonic() - said > AGAIN:
                connection.execute("SELECT 1")  # a connection that died silently says so here
            else:
                continue
            said = time.monotonic()
            yield
