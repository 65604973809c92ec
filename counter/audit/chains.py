"""The database file, every chain of the journal from its first row to its head, and whether these are the newest books."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from counter import journal
from db.columns import instant_text
from db.scope import office_of
from db.tables import ChainHead, JournalRow


def newest(session: Session, *, known: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """Every row this home saw last is here with the hash it had: an older copy, or one that went on another way, is not."""
    gone = {one.till_code: one for one in journal.missing(session, known=known)}
    for till_code, (seq, _) in known.items():
        one = gone.get(till_code)
        if one is None:
            yield ""
        elif one.is_older:
            yield f"{till_code}: {seq} entries were seen, {one.found} are here"
        else:
            yield f"{till_code}#{seq}: is not the entry that was seen"


def file(session: Session) -> Iterator[str]:
    """SQLite's own pages and foreign keys; on PostgreSQL the server keeps them."""
    if session.connection().dialect.name != "sqlite":
        yield ""
        return
    said = session.connection().exec_driver_sql("PRAGMA integrity_check").scalars().all()
    yield "" if said == ["ok"] else str(said[0])
    for row in session.connection().exec_driver_sql("PRAGMA foreign_key_check").all():
        yield f"foreign key of {row[0]} row {row[1]}"


def chains(session: Session) -> Iterator[str]:
    """Every row's hash from its content and the row before; its columns as its content says; the head at the end."""
    heads = {h.till_code: h for h in session.exec(select(ChainHead).where(ChainHead.office_id == office_of(session))).all()}
    ends: dict[str, tuple[int, str]] = dict.fromkeys(heads, (0, journal.GENESIS))
    rows = session.exec(
        select(JournalRow)
        .where(JournalRow.office_id == office_of(session))
        .order_by(col(JournalRow.till_code), col(JournalRow.seq))
        .execution_options(yield_per=1000)
    )
    for row in rows:
        seq, before = ends.get(row.till_code, (0, journal.GENESIS))
        yield _link_fault(row, seq=seq, before=before)
        ends[row.till_code] = (row.seq, row.hash)
        session.expunge(row)
    for till_code in _added(session):
        yield "" if till_code in heads else f"{till_code}: its chain is gone"
    for till_code, head in heads.items():
        same = ends[till_code] == (head.seq, head.hash)
        yield "" if same else f"{till_code}: head says {head.seq}, chain ends at {ends[till_code][0]}"


def _added(session: Session) -> list[str]:
    """The tills that the journal says were added."""
    rows = session.exec(
        select(JournalRow.content).where(JournalRow.office_id == office_of(session), JournalRow.kind == "till.add")
    )
    return [json.loads(content)["facts"]["till"] for content in rows]


def _link_fault(row: JournalRow, *, seq: int, before: str) -> str:
    place = f"{row.till_code}#{row.seq}"
    if row.seq != seq + 1:
        return f"{place}: follows {seq}"
    if row.prev_hash != before or row.hash != journal.row_hash(before, row.content):
        return f"{place}: hash does not fit"
    content = json.loads(row.content)
    columns: tuple[Any, ...] = (row.office_id, row.till_code, row.seq, row.kind, row.business_day.isoformat())
    columns = (*columns, instant_text(row.at), None if row.actor_id is None else str(row.actor_id))
    said = tuple(content[key] for key in ("office", "till", "seq", "kind", "day", "at", "actor"))
    return "" if said == columns else f"{place}: columns differ from the hashed content"
