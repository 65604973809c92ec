"""PostgreSQL: a dump of every table in one snapshot while the tills work; it goes into an empty database, whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from counter import journal
from counter.clock import SystemClock
from counter.desk import Desk, refusal_of
from counter.errors import NotAvailable, Refused
from counter.home import Home, known_heads
from counter.keepsafe.proving import (
    Backup,
    Heads,
    at_home,
    described,
    heads_in,
    prove,
    refuse_file,
    refuse_other_books,
    remember,
    remember_seen,
)
from counter.keepsafe.refusals import DatabaseNotEmpty, NotABackup
from counter.locale import _
from counter.outside import FileNotWritten
from counter.people import PinKeeper, SignedIn, try_pin
from db.dump import Manifest, load_dump, read_manifest, write_dump
from db.engine import DatabaseProblem, open_database


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Write the dump; the heads in it are those of its own snapshot."""
    refuse_file(target, home=home, is_ours=lambda: _heads_in_file(target, desk.office_id), desk=desk)
    try:
        manifest = write_dump(desk.database, target, about=_about)
    except DatabaseProblem as problem:
        raise refusal_of(problem) from problem
    except OSError as error:
        raise FileNotWritten(path=target, detail=str(error)) from error
    heads = _heads(manifest)
    remember_seen(home, desk)
    return described(target, heads)


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Load the dump, prove it and compare its heads, all before it is kept."""
    known: Heads = known_heads(home)
    inside: Heads = {}

    def judge(session: Session) -> None:
        prove(session, source=source)
        inside.update(heads_in(session))
        by = accept_older_by
        missing = journal.missing(session, known=known)
        refuse_other_books(missing, supervisor=(lambda: _signed(session, by, pins)) if by else None)
        remember(home, inside)  # who is killed now leaves an empty database or these books: true of both

    try:
        manifest = read_manifest(source)
        database = open_database(home.url)
        try:
            load_dump(database, source, manifest, prove=judge)
        finally:
            database.close()
    except BaseException as error:
        remember(home, known)
        if isinstance(error, DatabaseProblem):
            raise _refusal(error, source) from error
        raise
    return described(source, inside)


def _about(session: Session) -> Mapping[str, Any]:
    heads = heads_in(session)
    return {"office": session.info["office_id"], "heads": {till: list(head) for till, head in heads.items()}}


def _heads(manifest: Manifest) -> Heads:
    return {till: (int(seq), str(digest)) for till, (seq, digest) in manifest.about["heads"].items()}


def _heads_in_file(path: Path, office_id: str) -> Heads | None:
    """The ends of the chains in a dump of this office; None where it is none."""
    try:
        manifest = read_manifest(path)
        return _heads(manifest) if manifest.about["office"] == office_id else None
    except (DatabaseProblem, LookupError, TypeError, ValueError, AttributeError):
        return None


def _signed(session: Session, by: tuple[str, str], keeper: PinKeeper) -> SignedIn:
    """Who this is in the dump's own books; nothing of the try stays in them.

    There are no other books to count wrong PINs in. Who holds a dump and the pepper could try them without us.
    """
    at_home(session)
    with session.begin_nested() as point:
        outcome = try_pin(session, SystemClock().now(), login=by[0], pin=by[1], till_code="", keeper=keeper)
        point.rollback()
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _refusal(problem: DatabaseProblem, source: Path) -> Refused | NotAvailable:
    if problem.code == "not_a_dump":
        detail = problem.detail if source.is_file() else _("there is no such file")
        return NotABackup(path=source, detail=detail[:200])
    if problem.code == "not_empty":
        return DatabaseNotEmpty(detail=problem.detail[:200])
    return refusal_of(problem)


__all__ = ["backup", "restore"]
