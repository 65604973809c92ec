"""What makes a copy good: every check holds, and it is not older than what this home saw, unless a supervisor says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from counter import journal
from counter.audit import audit
from counter.desk import Desk
from counter.errors import Refused
from counter.keepsafe.refusals import BackupIsOlder, NotABackup
from counter.office import office_codes
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


def refuse_older(known: Heads, inside: Heads, *, supervisor: Callable[[], SignedIn | Refused] | None) -> None:
    """A copy that misses rows seen before is put back only if a supervisor, who is proven now, says so.

    Raises BackupIsOlder, NotAllowed, and what the PIN was refused for.
    """
    for till, (seq, digest) in known.items():
        found, its = inside.get(till, (0, ""))
        if found > seq or (found == seq and its == digest):
            continue
        if supervisor is None:
            raise BackupIsOlder(till=till, known=seq, found=found)
        person = supervisor()
        if isinstance(person, Refused):
            raise person
        if person.role is not Role.SUPERVISOR:
            raise NotAllowed(name=person.name, needed=Role.SUPERVISOR)
        return
