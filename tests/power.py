"""Cutting the power: a VFS that writes down every write, truncate and sync of a SQLite file, and the files a cut may leave.

What was synced is there. Of what was written since, nothing, a prefix, a random part or all of it is there, and a write may
be torn at 512-byte sectors. Directory operations are durable and a sector is whole (knowledge: SQLite's own crash tests).
The trade runs over it through SQLAlchemy by a small DB-API on apsw, whose own SQLite reaches the VFS.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from db import engine as db_engine
from db.engine import Database

SECTOR = 512


@dataclass
class Log:
    """Everything the files saw: ("write", file, offset, bytes), ("cut", file, size), ("sync", file), ("ack", what)."""

    events: list[tuple[Any, ...]] = field(default_factory=list)

    def ack(self, what: object) -> None:
        self.events.append(("ack", what))


class RecordedFile(apsw.VFSFile):  # type: ignore[misc]
    def __init__(self, log: Log, filename: Any, flags: list[int]) -> None:
        self.log = log
        self.name = Path(filename.filename() if isinstance(filename, apsw.URIFilename) else filename or "temporary").name
        super().__init__("", filename, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.log.events.append(("write", self.name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self.log.events.append(("cut", self.name, size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.log.events.append(("sync", self.name))


class RecordedVFS(apsw.VFS):  # type: ignore[misc]
    def __init__(self, log: Log) -> None:
        self.log = log
        self.vfs_name = f"recorded{id(log)}"
        super().__init__(self.vfs_name, "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordedFile:
        return RecordedFile(self.log, name, flags)


_KINDS = {
    apsw.ConstraintError: sqlite3.IntegrityError,
    apsw.SchemaChangeError: sqlite3.OperationalError,
}


class _Cursor:
    """The part of DB-API that SQLAlchemy and our own statements use."""

    arraysize = 1
    lastrowid = None

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._cursor = connection.raw.cursor()
        self._cursor.exec_trace = self._described
        self.description: Any = None
        self.rowcount = -1

    def _described(self, cursor: Any, _sql: str, _values: object) -> bool:
        columns = cursor.get_description()
        self.description = tuple((name, None, None, None, None, None, None) for name, _ in columns) or None
        return True

    def _run(self, sql: str, values: Any, *, many: bool) -> _Cursor:
        self.description = None
        before = self._connection.raw.total_changes()
        try:
            rows = (self._cursor.executemany if many else self._cursor.execute)(sql, values)
            self._rows: list[Any] = list(rows) if self.description else []
            if not self.description:
                for _ in rows:
                    pass
        except apsw.Error as error:
            raise _KINDS.get(type(error), sqlite3.OperationalError)(str(error)) from error
        self.rowcount = -1 if self.description else self._connection.raw.total_changes() - before
        return self

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        return self._run(sql, values, many=False)

    def executemany(self, sql: str, rows: Sequence[Any]) -> _Cursor:
        return self._run(sql, rows, many=True)

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[Any]:
        taken, self._rows = self._rows, []
        return taken

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        self._cursor.close()


class _Connection:
    isolation_level: Any = None

    def __init__(self, path: Path, vfs: RecordedVFS) -> None:
        self.raw = apsw.Connection(str(path), vfs=vfs.vfs_name)
        self.raw.execute("PRAGMA locking_mode=EXCLUSIVE")  # the wal-index lives in memory: a VFS in Python shares none

    def cursor(self) -> _Cursor:
        return _Cursor(self)

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        return self.cursor().execute(sql, values)

    def create_function(self, *_: Any, **__: Any) -> None:
        """SQLAlchemy offers REGEXP; nobody here uses it."""

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close()


def _begin(connection: Connection) -> None:
    if connection.connection.driver_connection.raw.in_transaction:  # type: ignore[union-attr]
        return  # as db.engine: a session joins what its writer has begun
    write = connection.get_execution_options().get("counter_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def recorded_database(path: Path, log: Log, *, synchronous: str = "FULL", checkpoint_pages: int = 1000) -> Database:
    """The SQLite file at `path` opened as the program opens it, every write of it going through `log`."""
    vfs = RecordedVFS(log)
    module = SimpleNamespace(**{name: getattr(sqlite3, name) for name in dir(sqlite3) if not name.startswith("__")})
    module.connect = None  # never called: `creator` connects
    module.sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    engine = create_engine("sqlite://", module=module, poolclass=StaticPool, creator=lambda: _Connection(path, vfs))
    event.listen(engine, "connect", db_engine._sqlite_connected)
    event.listen(engine, "begin", _begin)

    def settings(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint={checkpoint_pages}")
        connection.execute("PRAGMA mmap_size=0")

    event.listen(engine, "connect", settings)
    database = Database(engine, url=f"sqlite:///{path}")
    database.vfs = vfs  # type: ignore[attr-defined]  # alive as long as the connection
    return database


@dataclass
class Disk:
    """The files as the platters hold them, and what was written since the last sync of each."""

    synced: dict[str, bytearray]
    pending: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def see(self, one: tuple[Any, ...]) -> None:
        if one[0] == "sync":
            for held in self.pending.pop(one[1], ()):
                _apply(self.synced.setdefault(one[1], bytearray()), held)
        elif one[0] in ("write", "cut"):
            self.pending.setdefault(one[1], []).append(one)

    def image(self, chance: random.Random) -> dict[str, bytes]:
        """What may be found after a power cut now."""
        found = {name: bytearray(content) for name, content in self.synced.items()}
        how = chance.choice(("nothing", "prefix", "some", "some", "all"))
        for name, held in self.pending.items():
            last = chance.randrange(len(held) + 1)
            for place, one in enumerate(held):
                kept = {"nothing": False, "prefix": place < last, "some": chance.random() < 0.5, "all": True}[how]
                if kept:
                    _apply(found.setdefault(name, bytearray()), one, torn_by=chance if chance.random() < 0.3 else None)
        return {name: bytes(content) for name, content in found.items()}


def _apply(content: bytearray, one: tuple[Any, ...], *, torn_by: random.Random | None = None) -> None:
    if one[0] == "cut":
        del content[one[2] :]
        return
    _, _, offset, data = one
    end = offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    for start in range(offset - offset % SECTOR, end, SECTOR):
        low, high = max(start, offset), min(start + SECTOR, end)
        if torn_by is None or torn_by.random() < 0.5:
            content[low:high] = data[low - offset : high - offset]
