"""PostgreSQL: a dump of every table in one snapshot while the tills work; it goes into an empty database, whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from counter.clock import SystemClock
from counter.desk import Desk, refusal_of
from counter.errors import NotAvailable, Refused
from counter.home import Home, known_heads, remember_heads
from counter.keepsafe.proving import Backup, Heads, at_home, described, heads_in, prove, refuse_older
from counter.keepsafe.refusals import DatabaseNotEmpty, NotABackup
from counter.locale import _
from counter.people import PinKeeper, SignedIn, try_pin
from db.dump import Manifest, load_dump, read_manifest, write_dump
from db.engine import DatabaseProblem, open_database


def backup(home: Home, desk: Desk, *, target: Path) -> Backup:
    """Write the dump; the heads in it are those of its own snapshot."""
    try:
        manifest = write_dump(desk.database, target, about=_about)
    except DatabaseProblem as problem:
        raise refusal_of(problem) from problem
    except OSError as error:
        raise NotABackup(path=target, detail=str(error)) from error
    heads = _heads(manifest)
    remember_heads(home, heads)
    return described(target, heads)


def restore(home: Home, *, source: Path, pins: PinKeeper, accept_older_by: tuple[str, str] | None) -> Backup:
    """Load the dump, prove it and compare its heads, all before it is kept."""
    known, inside = known_heads(home), {}

    def judge(session: Session) -> None:
        prove(session, source=source)
        inside.update(heads_in(session))
        by = accept_older_by
        refuse_older(known, inside, supervisor=(lambda: _signed(session, by, pins)) if by else None)

    try:
        manifest = read_manifest(source)
        database = open_database(home.url)
        try:
            load_dump(database, source, manifest, prove=judge)
        finally:
            database.close()
    except DatabaseProblem as problem:
        raise _refusal(problem, source) from problem
    remember_heads(home, inside)
    return described(source, inside)


def _about(session: Session) -> Mapping[str, Any]:
    heads = heads_in(session)
    return {"office": session.info["office_id"], "heads": {till: list(head) for till, head in heads.items()}}


def _heads(manifest: Manifest) -> Heads:
    return {till: (int(seq), str(digest)) for till, (seq, digest) in manifest.about["heads"].items()}


def _signed(session: Session, by: tuple[str, str], keeper: PinKeeper) -> SignedIn | Refused:
    """Who this is in the dump's own books; nothing of the try stays in them."""
    at_home(session)
    with session.begin_nested() as point:
        outcome = try_pin(session, SystemClock().now(), login=by[0], pin=by[1], till_code="", keeper=keeper)
        point.rollback()
    return outcome


def _refusal(problem: DatabaseProblem, source: Path) -> Refused | NotAvailable:
    if problem.code == "not_a_dump":
        detail = problem.detail if source.is_file() else _("there is no such file")
        return NotABackup(path=source, detail=detail[:200])
    if problem.code == "not_empty":
        return DatabaseNotEmpty(detail=problem.detail[:200])
    return refusal_of(problem)


__all__ = ["backup", "restore"]
