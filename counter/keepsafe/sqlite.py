"""SQLite: a copy of the live file by SQLite's own backup call; a proven copy takes the file's place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from counter.clock import SystemClock
from counter.desk import Desk, NoPaper
from counter.errors import NotAvailable, Refused
from counter.folder import APP_LOCK
from counter.home import Home, known_heads, remember_heads
from counter.keepsafe.proving import Backup, Heads, described, heads_in, prove, refuse_older
from counter.keepsafe.refusals import NotABackup, ProgramRuns
from counter.locale import _
from counter.office import office_codes
from counter.people import PinKeeper, SignedIn
from db.engine import DatabaseProblem, open_database
from db.migrate import bring_up_to_date, copy_sqlite
from db.places import OneOwner


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Copy the file; the heads are those in the copy."""
    try:
        copy_sqlite(home.url, target)
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            rows = copy.execute("SELECT till_code, seq, hash FROM chain_head WHERE office_id = ?", (desk.office_id,))
            heads = {str(till): (int(seq), str(digest)) for till, seq, digest in rows}
    except (OSError, sqlite3.Error) as error:
        raise NotABackup(path=target, detail=str(error)) from error
    remember_heads(home, heads)
    return described(target, heads)


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Prove the copy in a copy of it, keep what was there as `.replaced`, and put it in its place."""
    lock = OneOwner(home.path / APP_LOCK)
    if not lock.take():
        raise ProgramRuns
    try:
        target = Path(make_url(home.url).database or "")
        with _trial(home, source, pins) as trial:
            inside = trial.see(heads_in)
            by = accept_older_by
            supervisor = (lambda: _signed(trial, by)) if by else None
            refuse_older(_all_known(home, target, pins), inside, supervisor=supervisor)
        _put(source, target, url=home.url)
        remember_heads(home, inside)
        return described(source, inside)
    finally:
        lock.let_go()


def _put(source: Path, target: Path, *, url: str) -> None:
    """The old file whole beside the new one; its log is written into it first, because the log goes."""
    if target.exists():
        copy_sqlite(url, target.with_suffix(".replaced"))
        _write_back_log(target)
    half = target.with_suffix(".restoring")
    copy_sqlite(f"sqlite:///{source}", half)
    for tail in ("-wal", "-shm"):
        Path(f"{target}{tail}").unlink(missing_ok=True)
    half.replace(target)


def _write_back_log(target: Path) -> None:
    """So that a power cut between the two steps of the exchange leaves the old books whole."""
    try:
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    except sqlite3.Error:
        return  # a file that cannot be read is what is being replaced


@contextmanager
def _trial(home: Home, source: Path, pins: PinKeeper) -> Iterator[Desk]:
    """A desk on a copy of the backup that passed every check. Raises NotABackup."""
    if not source.is_file():
        raise NotABackup(path=source, detail=_("there is no such file"))
    trial = home.path / "restore.trial"
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as original:
            original.execute("SELECT 1 FROM office").close()
        copy_sqlite(f"sqlite:///{source}", trial)
        desk = _desk_on(trial, pins)
        try:
            bring_up_to_date(desk.database)
            desk.see(prove, source=source)
            desk.office_id = desk.see(office_codes)[0]
            yield desk
        finally:
            desk.database.close()
    except (DatabaseProblem, NotAvailable, sqlite3.Error, OSError) as error:
        raise NotABackup(path=source, detail=str(error)[:200]) from error
    finally:
        for tail in ("", "-wal", "-shm", ".part"):
            Path(f"{trial}{tail}").unlink(missing_ok=True)


def _desk_on(path: Path, pins: PinKeeper) -> Desk:
    database = open_database(f"sqlite:///{path}")
    return Desk(database=database, office_id="", clock=SystemClock(), pins=pins, paper=NoPaper())


def _signed(trial: Desk, by: tuple[str, str]) -> SignedIn | Refused:
    try:
        return trial.prove(login=by[0], pin=by[1])
    except Refused as refused:
        return refused


def _all_known(home: Home, target: Path, pins: PinKeeper) -> Heads:
    """What this home remembers and what the database that is there says, whichever knows more."""
    known = known_heads(home)
    if target.exists():
        try:
            desk = _desk_on(target, pins)
            for till, head in desk.see(heads_in).items():
                if head[0] >= known.get(till, (0, ""))[0]:
                    known[till] = head
            desk.database.close()
        except (DatabaseProblem, NotAvailable):
            pass  # the database is what is being replaced: what the file beside it remembers must do
    return known
