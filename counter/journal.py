"""Who did what, when: one chain a till, appended inside the action's own transaction, never edited.

The hashed bytes are canonical JSON (sorted keys, no blanks, UTF-8, money as integers), stored beside the hash, so that a
verifier of any make can recompute them. Row hash = SHA-256(previous hash, newline, content).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from db.columns import instant_text
from db.fast import run, run_many, run_one
from db.scope import office_of
from db.tables import ChainHead, JournalRow

GENESIS: Final = "0" * 64
VERSION: Final = 2
"""2: the row also carries the legs of its ledger entry, so that its hash covers the books as well."""


@dataclass(frozen=True, slots=True)
class Link:
    """One appended row: its place in the till's chain and its hash."""

    till_code: str
    seq: int
    hash: str

    @property
    def short(self) -> str:
        """The head as printed on a receipt: the first eight hexadecimal digits."""
        return self.hash[:8]


def canonical(content: Mapping[str, Any]) -> str:
    """The one text a content is hashed as."""
    return _encoder.encode(content)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not for the journal: {value!r}")


# Looking for circles would double its time; nothing of ours holds itself.
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain, check_circular=False)


def row_hash(prev_hash: str, content: str) -> str:
    """SHA-256 over the row before and this row's content, in hexadecimal."""
    return hashlib.sha256(f"{prev_hash}\n{content}".encode()).hexdigest()


def open_chain(session: Session, *, till_code: str) -> None:
    """Give a new till its chain; its first row will follow `GENESIS`."""
    session.add(ChainHead(office_id=office_of(session), till_code=till_code, seq=0, hash=GENESIS))
    session.flush()


def append(
    session: Session,
    now: datetime,
    *,
    till_code: str,
    kind: str,
    business_day: date,
    actor_id: UUID | None,
    facts: Mapping[str, Any],
    entry: Sequence[Sequence[Any]] = (),
) -> Link:
    """Append one row to the till's chain and return its place. The chain's head row is locked until the commit.

    `entry`: the legs of its ledger entry as [account, amount, subject]; `ledger.enter` gives them.
    """
    office_id = office_of(session)
    head = run_one(session, "chain_lock", office_id=office_id, till_code=till_code)
    if head is None:
        raise LookupError(f"till {till_code!r} has no chain")
    link, row = _row(
        office_id,
        now,
        till_code=till_code,
        before=(int(head.seq) - 1, head.hash),
        one=Entry(kind, business_day, actor_id, facts, entry),
    )
    run(session, "journal_insert", **row)
    run(session, "chain_advance", office_id=office_id, till_code=till_code, hash=link.hash)
    return link


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says: its kind, its business day, who acted, the facts, the legs of its ledger entry."""

    kind: str
    business_day: date
    actor_id: UUID | None
    facts: Mapping[str, Any]
    entry: Sequence[Sequence[Any]] = ()


def append_many(session: Session, now: datetime, *, till_code: str, entries: Sequence[Entry]) -> list[Link]:
    """Append the rows to the till's chain, one after the other, with one lock of its head; their places."""
    if not entries:
        return []
    office_id = office_of(session)
    head = run_one(session, "chain_lock", office_id=office_id, till_code=till_code)
    if head is None:
        raise LookupError(f"till {till_code!r} has no chain")
    before = (int(head.seq) - 1, str(head.hash))
    links, rows = [], []
    for one in entries:
        link, row = _row(office_id, now, till_code=till_code, before=before, one=one)
        before = (link.seq, link.hash)
        links.append(link)
        rows.append(row)
    run_many(session, "journal_insert", rows)
    run(session, "chain_jump", office_id=office_id, till_code=till_code, seq=before[0], hash=before[1])
    return links


def _row(
    office_id: str, now: datetime, *, till_code: str, before: tuple[int, str], one: Entry
) -> tuple[Link, dict[str, Any]]:
    """The row that follows `before` (seq, hash), and its place."""
    seq = before[0] + 1
    told = {
        "v": VERSION,
        "office": office_id,
        "till": till_code,
        "seq": seq,
        "kind": one.kind,
        "at": now,
        "day": one.business_day,
        "actor": one.actor_id,
        "facts": one.facts,
    }
    content = canonical({**told, "entry": one.entry} if one.entry else told)
    link = Link(till_code, seq, row_hash(before[1], content))
    return link, {
        "office_id": office_id,
        "till_code": till_code,
        "seq": seq,
        "kind": one.kind,
        "at": now,
        "business_day": one.business_day,
        "actor_id": one.actor_id,
        "content": content,
        "prev_hash": before[1],
        "hash": link.hash,
    }


def newest_first(
    session: Session, *, till_code: str, kind: str, about: UUID | None, limit: int = 200
) -> list[dict[str, Any]]:
    """The facts of a till's newest rows of one kind that name `about` (None: any), by sequence and not by any clock."""
    of_till = (JournalRow.office_id == office_of(session), JournalRow.till_code == till_code, JournalRow.kind == kind)
    named = () if about is None else (col(JournalRow.content).contains(f'"{about}"', autoescape=True),)
    rows = session.exec(
        select(JournalRow.content).where(*of_till, *named).order_by(col(JournalRow.seq).desc()).limit(limit)
    ).all()
    return [json.loads(content)["facts"] for content in rows]


@dataclass(frozen=True, slots=True)
class Missing:
    """A row that was seen before and is not in these books: they are older, or they went on another way."""

    till_code: str
    seq: int
    found: int

    @property
    def is_older(self) -> bool:
        """The chain ends before that row, or is gone; else another row stands in its place."""
        return self.found < max(self.seq, 1)


def missing(session: Session, *, known: Mapping[str, tuple[int, str]]) -> list[Missing]:
    """Which of the rows seen before, {till: (seq, hash)}, are not in these books with that very hash."""
    ends = {head.till_code: head.seq for head in heads(session)}
    return [
        Missing(till_code, seq, ends.get(till_code, 0))
        for till_code, (seq, digest) in known.items()
        if till_code not in ends or _hash_at(session, till_code, seq) != digest
    ]


def _hash_at(session: Session, till_code: str, seq: int) -> str | None:
    if seq == 0:
        return GENESIS
    row = session.get(JournalRow, (office_of(session), till_code, seq))
    return row.hash if row else None


def heads(session: Session) -> list[Link]:
    """The end of every chain of the office, by till."""
    from sqlmodel import select

    rows = session.exec(
        select(ChainHead).where(ChainHead.office_id == office_of(session)).order_by(ChainHead.till_code)
    ).all()
    return [Link(row.till_code, row.seq, row.hash) for row in rows]


__all__ = ["GENESIS", "JournalRow", "Link", "Missing", "append", "canonical", "heads", "missing", "open_chain", "row_hash"]
