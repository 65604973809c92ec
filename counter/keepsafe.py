"""Backup while running, and restore, which refuses a copy older than what this home has seen."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from counter import journal
from counter.audit import audit
from counter.desk import Desk
from counter.errors import BadInput, NotAvailable, Refused
from counter.folder import APP_LOCK
from counter.home import Home, known_heads, remember_heads
from counter.locale import N_
from counter.people import PinKeeper
from db.engine import DatabaseProblem, open_database
from db.migrate import copy_sqlite
from db.places import OneOwner


class UseServerBackup(NotAvailable):
    """PostgreSQL keeps its own backups."""

    why = N_("This office's database is on a PostgreSQL server, which keeps its own backups.")
    todo = N_("Ask the administrator of the server (pg_dump, pg_basebackup); see docs/administrator.md.")


class NotABackup(BadInput):
    """The file is not a whole backup of this program."""

    why = N_("{path} is not a backup that can be used: {detail}")
    todo = N_("Choose another backup; nothing was changed.")


class BackupIsOlder(Refused):
    """The backup misses rows that this home has already seen."""

    why = N_("The backup is older than the books: till {till} had {known} entries, the backup has {found}.")
    todo = N_("Take a newer backup. If there is none, a supervisor restores with --as LOGIN --accept-older.")


class ProgramRuns(Refused):
    """A restore under a running program."""

    why = N_("The program is running on this home.")
    todo = N_("Close it everywhere, then restore.")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: where, how large, its digest, and the chain heads inside."""

    path: Path
    size: int
    sha256: str
    heads: dict[str, tuple[int, str]]


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Copy the live database to `target`; it appears whole or not at all. Raises UseServerBackup, NotABackup."""
    if desk.database.dialect != "sqlite":
        raise UseServerBackup
    try:
        copy_sqlite(home.url, target)
    except (OSError, sqlite3.Error) as error:
        raise NotABackup(path=target, detail=str(error)) from error
    heads = heads_of(desk)
    remember_heads(home, heads)
    data = target.read_bytes()
    return Backup(target, len(data), hashlib.sha256(data).hexdigest(), heads)


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Put a backup in the database's place. `accept_older_by` is a supervisor's (login, PIN) in the backup's own books.

    Raises UseServerBackup, NotABackup, BackupIsOlder, ProgramRuns. What was there before stays beside it as `.replaced`.
    """
    if not home.url.startswith("sqlite"):
        raise UseServerBackup
    lock = OneOwner(home.path / APP_LOCK)
    if not lock.take():
        raise ProgramRuns
    try:
        target = Path(make_url(home.url).database or "")
        inside = _prove(source, pins)
        known = _all_known(home, target, pins)
        _refuse_older(known, inside, source=source, pins=pins, by=accept_older_by)
        if target.exists():
            copy_sqlite(home.url, target.with_suffix(".replaced"))
        half = target.with_suffix(".restoring")
        copy_sqlite(f"sqlite:///{source}", half)
        for tail in ("-wal", "-shm"):
            Path(f"{target}{tail}").unlink(missing_ok=True)
        half.replace(target)
        remember_heads(home, inside)
        data = source.read_bytes()
        return Backup(target, len(data), hashlib.sha256(data).hexdigest(), inside)
    finally:
        lock.let_go()


def heads_of(desk: Desk) -> dict[str, tuple[int, str]]:
    """{till: (seq, hash)} of every chain."""
    return {link.till_code: (link.seq, link.hash) for link in desk.see(journal.heads)}


def _desk_on(path: Path, pins: PinKeeper) -> Desk:
    from counter.clock import SystemClock
    from counter.desk import NoPaper
    from counter.office import office_codes

    database = open_database(f"sqlite:///{path}")
    desk = Desk(database=database, office_id="", clock=SystemClock(), pins=pins, paper=NoPaper())
    codes = desk.see(office_codes)
    desk.office_id = codes[0] if codes else ""
    return desk


def _prove(source: Path, pins: PinKeeper) -> dict[str, tuple[int, str]]:
    """The heads of a backup that passes every check, looked at in a copy. Raises NotABackup."""
    if not source.is_file():
        raise NotABackup(path=source, detail="no such file")
    trial = source.with_name(source.name + ".trial")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original:
            original.execute("SELECT 1 FROM office").close()
        copy_sqlite(f"sqlite:///{source}", trial)
        desk = _desk_on(trial, pins)
        broken = [check for check in desk.see(audit) if not check.ok]
        heads = heads_of(desk)
        desk.database.close()
    except (DatabaseProblem, NotAvailable, sqlite3.Error, OSError) as error:
        raise NotABackup(path=source, detail=str(error)[:200]) from error
    finally:
        for tail in ("", "-wal", "-shm", ".part"):
            Path(f"{trial}{tail}").unlink(missing_ok=True)
    if broken:
        raise NotABackup(path=source, detail=f"{broken[0].name}: {', '.join(broken[0].broken)}")
    return heads


def _all_known(home: Home, target: Path, pins: PinKeeper) -> dict[str, tuple[int, str]]:
    known = known_heads(home)
    if target.exists():
        try:
            desk = _desk_on(target, pins)
            for till, head in heads_of(desk).items():
                if head[0] >= known.get(till, (0, ""))[0]:
                    known[till] = head
            desk.database.close()
        except (DatabaseProblem, NotAvailable):
            pass  # the database is what is being replaced: what the file beside it remembers must do
    return known


def _refuse_older(
    known: dict[str, tuple[int, str]],
    inside: dict[str, tuple[int, str]],
    *,
    source: Path,
    pins: PinKeeper,
    by: tuple[str, str] | None,
) -> None:
    for till, (seq, digest) in known.items():
        found, its = inside.get(till, (0, ""))
        if found > seq or (found == seq and its == digest):
            continue
        if by is None:
            raise BackupIsOlder(till=till, known=seq, found=found)
        from counter.people import NotAllowed
        from db.states import Role

        trial = source.with_name(source.name + ".trial")
        copy_sqlite(f"sqlite:///{source}", trial)
        try:
            desk = _desk_on(trial, pins)
            person = desk.prove(login=by[0], pin=by[1])
            desk.database.close()
        finally:
            for tail in ("", "-wal", "-shm"):
                Path(f"{trial}{tail}").unlink(missing_ok=True)
        if person.role is not Role.SUPERVISOR:
            raise NotAllowed(name=person.name, needed=Role.SUPERVISOR)
        return
