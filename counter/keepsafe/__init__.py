"""Backup while running, and restore, which refuses a copy older than what this home has seen.

SQLite: a copy of the database file by its own backup call. PostgreSQL: a dump of every table in one snapshot (db/dump.py).
"""

from __future__ import annotations

from pathlib import Path

from counter.desk import Desk
from counter.home import Home
from counter.keepsafe import postgres, sqlite
from counter.keepsafe.proving import Backup, heads_of
from counter.keepsafe.refusals import BackupIsAnother, BackupIsOlder, DatabaseNotEmpty, NotABackup, ProgramRuns
from counter.people import PinKeeper


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Copy the live database to `target`; it appears whole or not at all, and only over an older backup of these books.

    Raises NoSuchFolder, FileInTheWay, FileNotWritten, DatabaseNotAvailable.
    """
    if desk.database.dialect == "sqlite":
        return sqlite.backup(home, desk, target=target)
    return postgres.backup(home, desk, target=target)


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Put a backup in the database's place. `accept_older_by`: a supervisor's (login, PIN) in the books that are there.

    SQLite: what was there before stays beside it. PostgreSQL: the database must be empty, and the dump's people count.
    Raises NotABackup, BackupIsOlder, BackupIsAnother, ProgramRuns, DatabaseNotEmpty, NotAllowed, WrongPin, UserLocked,
    DatabaseNotAvailable.
    """
    if home.url.startswith("sqlite"):
        return sqlite.restore(home, source=source, pins=pins, accept_older_by=accept_older_by)
    return postgres.restore(home, source=source, pins=pins, accept_older_by=accept_older_by)


__all__ = [
    "Backup",
    "BackupIsAnother",
    "BackupIsOlder",
    "DatabaseNotEmpty",
    "NotABackup",
    "ProgramRuns",
    "backup",
    "heads_of",
    "restore",
]
