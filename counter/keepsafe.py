"""Backup while running, and restore, which refuses a copy that misses what this home has seen.

A restore is one transaction of SQLite on the live file itself: whoever writes at that moment is either in the copy that
stays beside it, or waits and then writes into the restored books. Nothing that was acknowledged falls in between.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import make_url

from counter import journal
from counter.audit import audit
from counter.clock import SystemClock
from counter.desk import DatabaseBusy, Desk, NoPaper, open_desk
from counter.errors import BadInput, NotAvailable, Refused
from counter.folder import APP_LOCK
from counter.home import Home, known_heads, remember_heads
from counter.locale import N_
from counter.office import office_codes
from counter.outside import FileInTheWay, FileNotWritten, refuse_place
from counter.people import NotAllowed, PinKeeper
from db.engine import BUSY_SECONDS, DatabaseProblem, open_database
from db.migrate import bring_up_to_date, copy_sqlite
from db.places import OneOwner
from db.states import Role

Heads = dict[str, tuple[int, str]]
"""{till: (seq, hash)}: the end of every chain."""
_PAGES: Final = 16
"""So few pages at a time that the first step of a restore never is the last one: see `_into`."""


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


class BackupIsAnother(Refused):
    """The backup has other rows where this home has seen its own: it went on another way."""

    why = N_("The backup is of other books: entry {known} of till {till} is not the one that was seen here.")
    todo = N_("Take a backup of these books. If there is none, a supervisor restores with --as LOGIN --accept-older.")


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
    heads: Heads


class _WentOn(Exception):
    """Somebody wrote into the live books since we looked."""


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Copy the live database to `target`; it appears whole or not at all, and only over an older backup of these books.

    Raises UseServerBackup, NoSuchFolder, FileInTheWay, FileNotWritten.
    """
    if desk.database.dialect != "sqlite":
        raise UseServerBackup
    refuse_place(target, home=home.path)
    if target.exists() and not _may_be_renewed(target, desk, live=_file_of(home)):
        raise FileInTheWay(path=target)
    try:
        copy_sqlite(home.url, target)
        heads = heads_of(desk)
        _remember(home, heads)
        return _told(target, target, heads)
    except (OSError, sqlite3.Error) as error:
        raise FileNotWritten(path=target, detail=str(error)) from error


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Put a backup in the database's place. `accept_older_by` is a supervisor's (login, PIN) in the books that are there.

    Raises UseServerBackup, NotABackup, BackupIsOlder, BackupIsAnother, ProgramRuns. What was there before stays beside it.
    """
    if not home.url.startswith("sqlite"):
        raise UseServerBackup
    lock = OneOwner(home.path / APP_LOCK)
    if not lock.take():
        raise ProgramRuns
    try:
        with TemporaryDirectory(dir=home.path, prefix=".restore-", ignore_cleanup_errors=True) as folder:
            trial = Path(folder) / "trial.db"
            copy = _proven(source, trial, pins)
            try:
                _take_the_place(home, copy, trial, pins=pins, by=accept_older_by)
                heads = heads_of(copy)
            finally:
                copy.database.close()
        _remember(home, heads)
        return _told(_file_of(home), source, heads)
    finally:
        lock.let_go()


def heads_of(desk: Desk) -> Heads:
    """{till: (seq, hash)} of every chain."""
    return {link.till_code: (link.seq, link.hash) for link in desk.see(journal.heads)}


# --- inside -----------------------------------------------------------------------------------------------------------


def _file_of(home: Home) -> Path:
    return Path(make_url(home.url).database or "")


def _told(path: Path, measured: Path, heads: Heads) -> Backup:
    with measured.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Backup(path, measured.stat().st_size, digest, heads)


def _remember(home: Home, heads: Heads) -> None:
    with suppress(OSError):  # a home that cannot be written keeps what it knew: that is never too much
        remember_heads(home, heads)


def _may_be_renewed(target: Path, desk: Desk, *, live: Path) -> bool:
    """Whether the file is a backup of this office that holds nothing the books do not hold."""
    if not target.is_file() or target.samefile(live):
        return False
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            rows = file.execute(
                "SELECT till_code, seq, hash FROM chain_head WHERE office_id = ?", (desk.office_id,)
            ).fetchall()
    except sqlite3.Error:
        return False
    held = {str(till): (int(seq), str(digest)) for till, seq, digest in rows}
    return bool(held) and not desk.see(journal.missing, known=held)


def _desk_on(path: Path, pins: PinKeeper) -> Desk:
    database = open_database(f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}")
    bring_up_to_date(database)
    return _in_its_office(Desk(database=database, office_id="", clock=SystemClock(), pins=pins, paper=NoPaper()))


def _in_its_office(desk: Desk) -> Desk:
    desk.office_id = next(iter(desk.see(office_codes)), "")
    return desk


def _proven(source: Path, trial: Path, pins: PinKeeper) -> Desk:
    """A desk on a copy of the backup, brought up to date, that passes every check. Raises NotABackup."""
    if not source.is_file():
        raise NotABackup(path=source, detail="no such file")
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(trial)) as copy,
        ):
            original.execute("SELECT 1 FROM office").close()
            original.backup(copy)
        desk = _desk_on(trial, pins)
        broken = [check for check in desk.see(audit) if not check.ok]
    except (DatabaseProblem, NotAvailable, sqlite3.Error, OSError) as error:
        raise NotABackup(path=source, detail=str(error)[:200]) from error
    if broken:
        desk.database.close()
        raise NotABackup(path=source, detail=f"{broken[0].name}: {', '.join(broken[0].broken)}")
    return desk


def _take_the_place(home: Home, copy: Desk, trial: Path, *, pins: PinKeeper, by: tuple[str, str] | None) -> None:
    """Compare with the live books, keep them aside and write the copy over them; again if somebody wrote meanwhile."""
    target = _file_of(home)
    aside = target.with_name(f"{target.stem}.replaced-{copy.clock.now():%Y%m%d-%H%M%S}.db")
    live = _live(home, target, pins)
    if live is None:
        _refuse_other_books(copy, known_heads(home), asked=copy, by=by)
        for tail in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{target}{tail}").replace(f"{aside}{tail}")
        copy_sqlite(copy.database.url, target)
        return
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            seen = heads_of(live)
            _refuse_other_books(copy, known_heads(home) | seen, asked=live, by=by)
            seen = heads_of(live)  # the supervisor's own sign-in is a row
            copy_sqlite(home.url, aside)
            with suppress(_WentOn):
                _into(target, trial, live=live, seen=seen, deadline=deadline)
                return
    finally:
        live.database.close()


def _live(home: Home, target: Path, pins: PinKeeper) -> Desk | None:
    """A desk on the books that are there; None where there are none, or none that can be read."""
    if not target.exists():
        return None
    try:
        desk = _in_its_office(open_desk(url=home.url, home=home.path, office_id="", pins=pins))
        heads_of(desk)
    except NotAvailable:
        return None
    return desk if desk.office_id else None


def _into(target: Path, trial: Path, *, live: Desk, seen: Heads, deadline: float) -> None:
    """Write the copy over the live file in one transaction of SQLite. Raises _WentOn, DatabaseBusy.

    The first step takes the lock that every writer needs and keeps it. Only then do we look once more whether the books
    are still those that were compared and put aside; if not, the transaction is given up.
    """
    looked = False

    def step(status: int, _left: int, _total: int) -> None:
        nonlocal looked
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > deadline:
                raise DatabaseBusy
        elif not looked:
            looked = True
            if heads_of(live) != seen:
                raise _WentOn

    with closing(sqlite3.connect(trial)) as copy, closing(sqlite3.connect(target, timeout=1)) as old:
        copy.backup(old, pages=_PAGES, progress=step, sleep=0.05)


def _refuse_other_books(copy: Desk, known: Heads, *, asked: Desk, by: tuple[str, str] | None) -> None:
    """The backup must hold every row that was seen, unless a supervisor says otherwise; wrong PINs are counted there."""
    missing = copy.see(journal.missing, known=known)
    if not missing:
        return
    if by is None:
        one = missing[0]
        kind = BackupIsOlder if one.is_older else BackupIsAnother
        raise kind(till=one.till_code, known=one.seq, found=one.found)
    person = asked.prove(login=by[0], pin=by[1])
    if person.role is not Role.SUPERVISOR:
        raise NotAllowed(name=person.name, needed=Role.SUPERVISOR)
