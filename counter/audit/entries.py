"""The ledger against the journal: each posting belongs to the entry that its journal row hashed, and none is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from sqlmodel import Session, col, select

from db.scope import office_of
from db.tables import JournalRow, Posting

WITHOUT_ENTRY: Final = 1
"""Rows of this version were written before the journal carried entries: only payments can be checked for them."""


def entries(session: Session) -> Iterator[str]:
    """Row by row through every chain: its postings are the legs it carries, in its shift, on its day, and no others."""
    for till_code in _tills(session):
        posted = groupby(_in_order(session, Posting, till_code, col(Posting.leg)), key=lambda leg: int(leg.seq))
        at, legs = _next(posted)
        for row in _in_order(session, JournalRow, till_code):
            while at is not None and at < row.seq:
                yield f"{till_code}#{at}: postings without a journal row"
                at, legs = _next(posted)
            yield _fault(row, legs if at == row.seq else [])
            if at == row.seq:
                at, legs = _next(posted)
        while at is not None:
            yield f"{till_code}#{at}: postings without a journal row"
            at, legs = _next(posted)


def _fault(row: JournalRow, legs: list[Posting]) -> str:
    content = json.loads(row.content)
    if content["v"] == WITHOUT_ENTRY:
        return ""
    facts = content["facts"]
    wanted = [[at, *leg] for at, leg in enumerate(content.get("entry", ()), 1)]
    found = [[leg.leg, leg.account, int(leg.amount), leg.subject] for leg in legs]
    places = {(None if leg.shift_id is None else str(leg.shift_id), leg.business_day.isoformat()) for leg in legs}
    fits = wanted == found and places <= {(facts.get("shift"), content["day"])}
    return "" if fits else f"{facts.get('number') or f'{row.till_code}#{row.seq}'}: booked otherwise than it says"


def _next(posted: Iterator[tuple[int, Iterator[Posting]]]) -> tuple[int | None, list[Posting]]:
    found = next(posted, None)
    return (None, []) if found is None else (found[0], list(found[1]))


def _tills(session: Session) -> list[str]:
    found = {
        till_code
        for table in (JournalRow, Posting)
        for till_code in session.exec(select(table.till_code).where(table.office_id == office_of(session)).distinct())
    }
    return sorted(found)


def _in_order(session: Session, table: Any, till_code: str, *then: Any) -> Iterator[Any]:
    rows = session.exec(
        select(table)
        .where(table.office_id == office_of(session), table.till_code == till_code)
        .order_by(col(table.seq), *then)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield row
        session.expunge(row)
