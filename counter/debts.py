"""Bringing in a file of debts, whole: read and checked outside the books, applied in one transaction, advances used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from counter import payments
from counter.bills import BroughtIn, Forecast, Staged, bring_in, bring_in_the_rest, load_profile, stage, what_it_would_do
from counter.desk import Desk
from counter.legacy import encoding_called

Mode = Literal["dry-run", "all", "skip-wrong"]


def bring_debts(
    desk: Desk,
    *,
    home: Path,
    file: str,
    profile: str,
    encoding: str,
    mode: Mode,
    import_id: UUID,
    by: UUID,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Bring in `file` and say what happened: file, sha256, read, added, updated, unchanged, cases, rejected, settled.

    `dry-run` changes nothing; `all` refuses a file with a wrong line; `skip-wrong` leaves wrong lines out.
    """
    chosen = load_profile(profile, home=home)
    told = encoding_called(encoding) if encoding else None
    with stage(file, profile=chosen, encoding=told, progress=progress, cancelled=cancelled) as staged:
        if mode == "dry-run":
            return {**_facts(desk.see(what_it_would_do, staged=staged), staged), "settled": 0}
        bring = everything if mode == "all" else what_is_right
        done, settled = desk.do(bring, import_id=import_id, staged=staged, by=by)
        return {**_facts(done, staged), "settled": settled}


def everything(session: Session, now: datetime, *, import_id: UUID, staged: Staged, by: UUID) -> tuple[BroughtIn, int]:
    """Apply a file whose every line is right, and settle coming bills from advances. Raises RejectedLines."""
    return _settled(session, now, bring_in(session, now, import_id=import_id, staged=staged, by=by), by)


def what_is_right(session: Session, now: datetime, *, import_id: UUID, staged: Staged, by: UUID) -> tuple[BroughtIn, int]:
    """Apply the right lines of a file whose wrong ones somebody saw, and settle coming bills from advances."""
    return _settled(session, now, bring_in_the_rest(session, now, import_id=import_id, staged=staged, by=by), by)


def _settled(session: Session, now: datetime, done: BroughtIn, by: UUID) -> tuple[BroughtIn, int]:
    used = payments.use_advances(session, now, customer_codes=list(done.with_advance), by=by)
    return done, len(used)


def _facts(done: BroughtIn | Forecast, staged: Staged) -> dict[str, Any]:
    return {
        "file": done.file_name,
        "sha256": done.sha256,
        "read": done.read,
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "cases": done.cases,
        "rejected": list(staged.rejected_lines),
    }
