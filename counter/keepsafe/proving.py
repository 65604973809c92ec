"""What makes a copy good: every check holds, and it is not older than what this home saw, unless a supervisor says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from counter import journal
from counter.audit import audit
from counter.desk import Desk
from counter.home import Home, remember_heads
from counter.keepsafe.refusals import BackupIsAnother, BackupIsOlder, NotABackup
from counter.office import office_codes
from counter.outside import FileInTheWay, refuse_place
from counter.people import NotAllowed, SignedIn
from counter.words import check_said
from db.states import Role

Heads = dict[str, tuple[int, str]]
"""{till: (seq, hash)} of every chain."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: where, how large, its digest, and the chain heads inside."""

    path: Path
    size: int
    sha256: str
    heads: Heads


def described(path: Path, heads: Heads) -> Backup:
    """A backup that lies there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Backup(path, path.stat().st_size, digest, heads)


def heads_of(desk: Desk) -> Heads:
    """The ends of a live office's chains."""
    return desk.see(heads_in)


def heads_in(session: Session) -> Heads:
    """The ends of the chains as this session sees them; the office is the one the database holds."""
    at_home(session)
    return {link.till_code: (link.seq, link.hash) for link in journal.heads(session)}


def at_home(session: Session) -> None:
    """The session works for the one office of its database, when nobody said for which."""
    if not session.info.get("office_id"):
        codes = office_codes(session)
        session.info["office_id"] = codes[0] if codes else ""


def prove(session: Session, *, source: Path) -> None:
    """Every check of the books holds in what was read from `source`. Raises NotABackup."""
    at_home(session)
    for check in audit(session):
        if not check.ok:
            raise NotABackup(path=source, detail=f"{check_said(check.name)}: {', '.join(check.broken)}")


def refuse_other_books(missing: Sequence[journal.Missing], *, supervisor: Callable[[], SignedIn] | None) -> None:
    """A copy that misses rows seen before is put back only if a supervisor, who is proven now, says so.

    Raises BackupIsOlder, BackupIsAnother, NotAllowed, and what the PIN was refused for.
    """
    if not missing:
        return
    if supervisor is None:
        one = missing[0]
        kind = BackupIsOlder if one.is_older else BackupIsAnother
        raise kind(till=one.till_code, known=one.seq, found=one.found)
    person = supervisor()
    if person.role is not Role.SUPERVISOR:
        raise NotAllowed(name=person.name, needed=Role.SUPERVISOR)


def remember(home: Home, heads: Heads) -> None:
    """Keep the heads. A home that cannot be written keeps what it knew: that is never too much."""
    with suppress(OSError):
        remember_heads(home, heads)


def refuse_file(target: Path, *, home: Home, is_ours: Callable[[], Heads | None], desk: Desk) -> None:
    """A backup is written where nothing is, or over an older backup of these very books.

    `is_ours` reads the heads of the backup that lies there; None where it is none. Raises NoSuchFolder, FileInTheWay.
    """
    refuse_place(target, home=home.path)
    if not target.exists():
        return
    held = is_ours() if target.is_file() else None
    if not held or desk.see(journal.missing, known=held):
        raise FileInTheWay(path=target)
