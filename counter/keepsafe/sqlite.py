"""SQLite: a copy of the live file by SQLite's own backup call, and back.

A restore is one transaction of SQLite on the live file itself: whoever writes at that moment is either in the copy that
stays beside it, or waits and then writes into the restored books. Nothing that was acknowledged falls in between.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from counter import journal
from counter.clock import SystemClock
from counter.desk import DatabaseBusy, Desk, NoPaper, open_desk
from counter.errors import NotAvailable
from counter.folder import APP_LOCK, address_of
from counter.home import Home, known_heads
from counter.keepsafe.proving import (
    Backup,
    Heads,
    described,
    heads_of,
    prove,
    refuse_file,
    refuse_other_books,
    remember,
    remember_seen,
)
from counter.keepsafe.refusals import NotABackup, ProgramRuns
from counter.locale import _
from counter.office import office_codes
from counter.outside import FileNotWritten
from counter.people import PinKeeper
from db.engine import BUSY_SECONDS, DatabaseProblem, open_database
from db.migrate import bring_up_to_date, copy_sqlite
from db.places import OneOwner, workroom

_PAGES: Final = 16
"""So few pages at a time that the first step of a restore is never the last one: see `_into`."""


class _WentOn(Exception):
    """Somebody wrote into the live books since we looked."""


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Copy the file; the heads are those in the copy."""
    live = _file_of(home)
    is_ours = lambda: None if target.samefile(live) else _heads_in_file(target, desk.office_id)  # noqa: E731
    refuse_file(target, home=home, is_ours=is_ours, desk=desk)
    try:
        copy_sqlite(home.url, target)
        heads = _heads_in_file(target, desk.office_id) or {}
        remember_seen(home, desk)
        return described(target, heads)
    except (OSError, sqlite3.Error) as error:
        raise FileNotWritten(path=target, detail=str(error)) from error


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Prove the backup in a copy of it, keep what was there beside it, and write the copy over the live file."""
    lock = OneOwner(home.path / APP_LOCK)
    if not lock.take():
        raise ProgramRuns
    try:
        with _trial(home, source, pins) as (copy, trial):
            _take_the_place(home, copy, trial, pins=pins, by=accept_older_by)
            heads = heads_of(copy)
        remember(home, heads)
        return described(source, heads)
    finally:
        lock.let_go()


def _file_of(home: Home) -> Path:
    return Path(make_url(home.url).database or "")


def _heads_in_file(path: Path, office_id: str) -> Heads | None:
    """The ends of the chains in a file that nobody writes to; None where it is no database of ours."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            rows = file.execute("SELECT till_code, seq, hash FROM chain_head WHERE office_id = ?", (office_id,)).fetchall()
    except sqlite3.Error:
        return None
    return {str(till): (int(seq), str(digest)) for till, seq, digest in rows}


@contextmanager
def _trial(home: Home, source: Path, pins: PinKeeper) -> Iterator[tuple[Desk, Path]]:
    """A desk on a copy of the backup, brought up to date, that passed every check; and where it is. Raises NotABackup."""
    if not source.is_file():
        raise NotABackup(path=source, detail=_("there is no such file"))
    with workroom(home.path, prefix=".restore-") as folder:
        trial = folder / "trial.db"
        desk = _proven(source, trial, pins)
        try:
            yield desk, trial
        finally:
            desk.database.close()


def _proven(source: Path, trial: Path, pins: PinKeeper) -> Desk:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(trial)) as copy,
        ):
            original.execute("SELECT 1 FROM office").close()
            original.backup(copy)
        database = open_database(address_of(trial))
    except (DatabaseProblem, sqlite3.Error, OSError) as error:
        raise NotABackup(path=source, detail=str(error)[:200]) from error
    try:
        bring_up_to_date(database)
        desk = Desk(database=database, office_id="", clock=SystemClock(), pins=pins, paper=NoPaper())
        desk.see(prove, source=source)
        return _in_its_office(desk)
    except (DatabaseProblem, NotAvailable) as error:
        database.close()
        raise NotABackup(path=source, detail=str(error)[:200]) from error
    except NotABackup:
        database.close()
        raise


def _in_its_office(desk: Desk) -> Desk:
    desk.office_id = next(iter(desk.see(office_codes)), "")
    return desk


def _take_the_place(home: Home, copy: Desk, trial: Path, *, pins: PinKeeper, by: tuple[str, str] | None) -> None:
    """Compare with the live books, keep them aside and write the copy over them; again if somebody wrote meanwhile."""
    target = _file_of(home)
    aside = target.with_name(f"{target.stem}.replaced-{copy.clock.now():%Y%m%d-%H%M%S}.db")
    live = _live(home, target, pins)
    if live is None:
        _compare(copy, known_heads(home), asked=copy, by=by)
        remember(home, heads_of(copy))  # before they are the books: see `_true_of_both`
        for tail in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{target}{tail}").replace(f"{aside}{tail}")
        copy_sqlite(copy.database.url, target)
        return
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            _compare(copy, known_heads(home) | heads_of(live), asked=live, by=by)
            seen = heads_of(live)  # the supervisor's own sign-in is a row
            copy_sqlite(home.url, aside)
            with suppress(_WentOn), _true_of_both(home, copy, live):
                _into(target, trial, live=live, seen=seen, deadline=deadline)
                return
    finally:
        live.database.close()


@contextmanager
def _true_of_both(home: Home, copy: Desk, live: Desk) -> Iterator[None]:
    """Whoever is killed in here leaves the old books or the restored ones: remembered is only what both have.

    Who ends in here by an error leaves the old books, and remembers what was remembered before.
    """
    before = known_heads(home)
    remember(home, _found_in(live, heads_of(copy)) | _found_in(copy, heads_of(live)))
    try:
        yield
    except BaseException:
        remember(home, before)
        raise


def _found_in(desk: Desk, heads: Heads) -> Heads:
    gone = {one.till_code for one in desk.see(journal.missing, known=heads)}
    return {till: head for till, head in heads.items() if till not in gone}


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


def _compare(copy: Desk, known: Heads, *, asked: Desk, by: tuple[str, str] | None) -> None:
    """Who says yes to a backup that misses something proves it in the books that are there: wrong PINs are counted."""
    supervisor = (lambda: asked.prove(login=by[0], pin=by[1])) if by else None
    refuse_other_books(copy.see(journal.missing, known=known), supervisor=supervisor)


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
