"""Opening the database: one way for SQLite, one for PostgreSQL, the same sessions for the trade.

SQLite: WAL, synchronous=FULL, foreign keys, BEGIN IMMEDIATE for actions; all read back at start, and a network share is
refused. PostgreSQL: the session drops to the role `counter_app`, which cannot edit what may only be appended.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from db.places import is_network_share
from db.tell import Teller

BUSY_SECONDS: Final = 10
SQLITE: Final = ("sqlite", "sqlite+pysqlite")
POSTGRESQL: Final = "postgresql+psycopg"
BEGIN_WRITING: Final = "BEGIN IMMEDIATE"
RESTING: Final = 4
"""Writing connections kept between transactions."""
TRUSTED_SECONDS: Final = 1.0
"""So long a connection that was just used is taken to stand. One that fell all the same is noticed by the first statement,
and the desk repeats the transaction."""
APP_ROLE: Final = "counter_app"
RETRIED: Final = frozenset({"40001", "40P01", "23505"})
"""SQLSTATEs after which the same transaction with the same ids is tried again. A unique rule that another transaction was
first at (23505) is one of them: the second time the action sees that row and says so in its own words."""


class DatabaseProblem(Exception):
    """The database cannot be used; `code` names why, `detail` is for the log."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class _Writer:
    """A connection that may write and the session on it, kept from one transaction to the next.

    Taking both anew, and SQLAlchemy's transaction around a few prepared statements (db/fast.py), cost as much as SQLite's
    work on them. So the driver is told to begin and to commit directly, unless the session was used for more: then it
    has joined the driver's transaction as its own, and ends it.
    """

    __slots__ = ("connection", "driver", "session", "used_at")

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect().execution_options(counter_write=True)
        self.driver: Any = self.connection.connection.driver_connection
        self.session = Session(bind=self.connection, expire_on_commit=False, autoflush=False)
        self.used_at = 0.0

    def begin(self) -> None:
        """SQLite: the write lock is ours from here on. psycopg begins by itself with the first statement."""
        if self.connection.dialect.name == "sqlite":
            try:
                self.driver.execute(BEGIN_WRITING).close()
            except sqlite3.Error as error:
                raise told_as_sqlalchemy(self.connection, error, BEGIN_WRITING) from error

    def commit(self) -> None:
        """On disk when this returns; then nothing of the transaction is left for the next one."""
        if self.session.in_transaction():
            self.session.commit()
            self.session.close()
        else:
            try:
                self.driver.commit()
            except self.connection.dialect.loaded_dbapi.Error as error:
                raise told_as_sqlalchemy(self.connection, error, "COMMIT") from error
        self.session.info.clear()
        self.used_at = time.monotonic()

    @property
    def is_whole(self) -> bool:
        """Whether it can serve another transaction: an action may have taken its connection out of the pool for good."""
        return not self.connection.connection.is_detached

    def close(self) -> None:
        """Give the connection back to the pool, which rolls back whatever was left half done."""
        self.session.close()
        self.connection.close()


def told_as_sqlalchemy(connection: Connection, error: Exception, words: str) -> DBAPIError:
    """The driver's error as SQLAlchemy tells it; a connection that is gone is not used again."""
    dialect, raw = connection.dialect, connection.connection.dbapi_connection
    gone = bool(dialect.is_disconnect(error, raw, None))  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    kind = dialect.loaded_dbapi.Error
    told = DBAPIError.instance(words, None, error, kind, connection_invalidated=gone, dialect=dialect)
    assert isinstance(told, DBAPIError)
    return told


class Database:
    """An open database. `write()` and `read()` give sessions; nothing else touches the engine."""

    def __init__(self, engine: Engine, *, url: str) -> None:
        self.engine = engine
        self.url = url
        self.dialect = engine.dialect.name
        self._teller = Teller(engine) if self.dialect == "postgresql" else None
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # SQLite has it by nature
        self._resting: list[_Writer] = []
        self._reader = engine.execution_options(**snapshot) if self.dialect == "postgresql" else engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write from its first statement; commits at the end, or nothing happened."""
        writer = self._writer()
        try:
            writer.begin()
            yield writer.session
            writer.commit()
        except BaseException:
            writer.close()
            raise
        if writer.is_whole and len(self._resting) < RESTING:
            self._resting.append(writer)
        else:
            writer.close()

    def _writer(self) -> _Writer:
        try:
            writer = self._resting.pop()
        except IndexError:
            return _Writer(self.engine)
        if time.monotonic() - writer.used_at < TRUSTED_SECONDS:
            return writer
        writer.close()  # to the pool, which asks the server whether the line still stands
        return _Writer(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot; whatever is pending at the end is rolled back."""
        with self._reader.connect() as connection, Session(bind=connection, autoflush=False) as session:
            connection.begin()
            yield session

    def tell(self, office_id: str) -> None:
        """Let other tills know that the office's queue changed; SQLite lets them see it by itself."""
        if self._teller is not None:
            self._teller.tell(office_id)

    def close(self) -> None:
        """Close every connection that nobody uses now."""
        while self._resting:
            self._resting.pop().close()
        if self._teller is not None:
            self._teller.close()
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite:///…` or `postgresql+psycopg://…` and prove its settings. Raises DatabaseProblem."""
    parsed = _address(url)
    if parsed.drivername == POSTGRESQL:
        return _open_postgres(url)
    return _open_sqlite(url, Path(parsed.database or ""))


def _address(url: str) -> URL:
    """The address in its parts: a SQLite file and nothing else, or PostgreSQL by psycopg. The error tells no password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseProblem("address", type(error).__name__) from error
    name = parsed.database or ""
    is_file = bool(name) and not name.startswith((":", "file:")) and not parsed.query and "\0" not in name
    if parsed.drivername == POSTGRESQL or (parsed.drivername in SQLITE and is_file):
        return parsed
    raise DatabaseProblem("address", parsed.drivername)


def _open_sqlite(url: str, path: Path) -> Database:
    if is_network_share(path.parent):
        raise DatabaseProblem("network_share", str(path))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=8)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begin)
    with opening(url), engine.connect() as connection:
        prove_durable(connection)
    return Database(engine, url=url)


def _sqlite_connected(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "fullfsync=ON",
        "checkpoint_fullfsync=ON",
        "cache_size=-65536",
        "mmap_size=0",  # a read error must be an error, not the end of the process
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("counter_write", False)
    words = BEGIN_WRITING if write else "BEGIN"
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    if raw.in_transaction:  # a session joins what its writer has begun
        return
    try:
        raw.execute(words).close()
    except sqlite3.Error as error:
        raise told_as_sqlalchemy(connection, error, words) from error


def prove_durable(connection: Connection) -> None:
    """Read the settings back: a commit that is not synced is no commit. Raises DatabaseProblem."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for pragma, value in wanted.items():
        seen = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        if seen != value:
            raise DatabaseProblem("not_durable", f"{pragma} is {seen!r}, must be {value!r}")


def _open_postgres(url: str) -> Database:
    engine = create_engine(url, pool_size=8, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    event.listen(engine, "connect", _postgres_connected)
    with opening(url), engine.connect() as connection:
        version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        synchronous = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    if int(version) < 150000:
        raise DatabaseProblem("too_old", f"PostgreSQL {version}")
    if synchronous == "off":
        raise DatabaseProblem("not_durable", "synchronous_commit is off")
    return Database(engine, url=url)


def _postgres_connected(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,))
        if cursor.fetchone():
            cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (APP_ROLE,))
            row = cursor.fetchone()
            if row and row[0]:
                cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()


@contextmanager
def opening(url: str) -> Iterator[None]:
    """Turn the driver's words at connecting into a DatabaseProblem."""
    try:
        yield
    except DBAPIError as error:
        shown = make_url(url).render_as_string(hide_password=True)
        raise DatabaseProblem("away", f"{shown}: {error.orig}") from error


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's five characters, or `""`."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def problem_of(error: DBAPIError) -> DatabaseProblem | None:
    """What an error of the driver means for the person: full disk, busy, connection lost; None where it is our bug."""
    text = str(error.orig).lower()
    if "disk is full" in text or "no space left" in text or sqlstate(error) == "53100":
        return DatabaseProblem("disk_full", text)
    if "locked" in text or sqlstate(error) == "55P03":
        return DatabaseProblem("busy", text)
    if any(word in text for word in ("disk i/o", "malformed", "not a database", "unable to open", "readonly")):
        return DatabaseProblem("disk_broken", text)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return DatabaseProblem("away", text)
    return None
