"""Bringing in a file of debts, whole: read and checked outside the books, applied in one transaction, advances used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from counter import bills, payments
from counter.bills import Imported, Staged
from counter.desk import Desk

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
    """Bring in `file` and say what happened: file, sha256, read, added, updated, unchanged, rejected, settled.

    `dry-run` changes nothing; `all` refuses a file with a wrong line; `skip-wrong` leaves wrong lines out.
    """
    chosen = bills.load_profile(profile, home=home)
    with bills.stage(file, profile=chosen, encoding=encoding, progress=progress, cancelled=cancelled) as staged:
        if mode == "dry-run":
            return {**_facts(desk.see(bills.would_bring, staged=staged), staged), "settled": 0}
        action = bring_in_and_settle
        wrong = bills.WrongLines.LEAVE_OUT if mode == "skip-wrong" else bills.WrongLines.REFUSE
        imported, settled = desk.do(action, import_id=import_id, staged=staged, wrong=wrong, by=by)
        return {**_facts(imported, staged), "settled": settled}


def bring_in_and_settle(
    session: Session, now: datetime, *, import_id: UUID, staged: Staged, wrong: bills.WrongLines, by: UUID
) -> tuple[Imported, int]:
    """Apply a staged file and settle coming bills from advances, in one transaction."""
    imported = bills.bring_in(session, now, import_id=import_id, staged=staged, wrong=wrong, by=by)
    used = payments.use_advances(session, now, customer_codes=list(imported.with_advance), by=by)
    return imported, len(used)


def _facts(imported: Imported, staged: Staged) -> dict[str, Any]:
    return {
        "file": imported.file,
        "sha256": imported.sha256,
        "read": imported.read,
        "added": imported.added,
        "updated": imported.updated,
        "unchanged": imported.unchanged,
        "rejected": list(staged.rejected),
    }
