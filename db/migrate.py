"""Bringing a database to this program's schema: backed up first, then migrated by Alembic, or refused when newer."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import DBAPIError

from db.engine import Database, DatabaseProblem
from db.places import workroom

HEAD: Final = "0013"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def schema_version(database: Database) -> str | None:
    """The revision the database is at, or None when it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        value = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(value) if value is not None else None


def bring_up_to_date(database: Database, *, backup_as: Callable[[str], Path] | None = None) -> str | None:
    """Migrate to HEAD. Returns the revision it came from when it moved, else None.

    An older SQLite database is copied to `backup_as(old_revision)` before anything is touched; PostgreSQL migrates in one
    transaction. Raises DatabaseProblem for a database newer than this program.
    """
    version = schema_version(database)
    if version == HEAD:
        return None
    if version is not None and version > HEAD:
        raise DatabaseProblem("newer", f"database at {version}, program at {HEAD}")
    if version is not None and database.dialect == "sqlite" and backup_as is not None:
        place = backup_as(version)
        place.parent.mkdir(parents=True, exist_ok=True)
        copy_sqlite(database.url, place)
    upgrade(database)
    return version or "empty"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run Alembic in one transaction, so that a crash leaves the old schema or the new one."""
    connection = database.engine.connect().execution_options(counter_write=True)
    try:
        with connection, connection.begin():
            as_owner(connection)
            upgrade_on(connection, revision)
    except DBAPIError as error:
        raise DatabaseProblem("migration", str(error.orig)) from error
    finally:
        database.close()  # connections opened before the role existed must not stay


def upgrade_on(connection: Connection, revision: str) -> None:
    """Run Alembic inside the transaction of this connection, which acts as the owner."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def as_owner(connection: Connection) -> None:
    """Schema changes run as the login itself, not as the app's role."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("RESET ROLE")


def copy_sqlite(url: str, target: Path) -> None:
    """A consistent copy of a live SQLite database by its own backup call, synced to disk under its final name last."""
    with workroom(target.parent, prefix=".copy-") as folder:
        half = folder / "half.db"
        with closing(sqlite3.connect(make_url(url).database or "")) as source, closing(sqlite3.connect(half)) as copy:
            source.backup(copy, pages=1000)
            copy.execute("PRAGMA journal_mode=DELETE").close()
        half.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """The new name is on disk, too. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
