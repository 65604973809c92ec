"""What was given back of paid bills, and how cases ended."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from counter import journal
from counter.bills.cases import claim_facts, end_facts
from db.columns import instant_text
from db.scope import office_of
from db.states import CaseState
from db.tables import JournalRow, OfficeCase, PaymentLine


def given_back(session: Session) -> Iterator[str]:
    """No bill gives back more than was taken for it: payments, less reversals and refunds, are never below zero."""
    rows = session.exec(
        select(PaymentLine.bill_id, func.sum(PaymentLine.amount))
        .where(PaymentLine.office_id == office_of(session), col(PaymentLine.bill_id).is_not(None))
        .group_by(col(PaymentLine.bill_id))
    )
    for bill_id, amount in rows:
        yield "" if int(amount) >= 0 else f"{bill_id}: {-int(amount)} given back too much"


def cases(session: Session) -> Iterator[str]:
    """A case claims what the journal says; one that ended did so once, by that person, at that instant, in those words."""
    office_id = office_of(session)
    claims = {
        content["facts"]["case"]: content["facts"]
        for row in session.exec(_rows(office_id, "case.open"))
        for content in (json.loads(row.content),)
    }
    ended: dict[str, OfficeCase] = {}
    for case in session.exec(select(OfficeCase).where(OfficeCase.office_id == office_id)):
        said = claims.pop(str(case.case_id), None)
        again = json.loads(journal.canonical(claim_facts(case)))
        yield "" if said == again else f"case {case.case_id}: its claim differs from the journal"
        if case.state is CaseState.RESOLVED:
            ended[str(case.case_id)] = case
    for case_id in claims:
        yield f"case {case_id}: is in the journal and not in the list"
    for row in session.exec(_rows(office_id, "case.resolve")):
        content = json.loads(row.content)
        end = ended.pop(content["facts"]["case"], None)
        if end is None or end.resolved_at is None:
            yield f"{row.till_code}#{row.seq}: the case it ended is open, or ended before"
            continue
        again = json.loads(journal.canonical(end_facts(end)))
        same = (again, str(end.resolved_by), instant_text(end.resolved_at))
        fits = same == (content["facts"], content["actor"], content["at"])
        yield "" if fits else f"case {end.case_id}: differs from the journal"
    for case in ended.values():
        yield f"case {case.case_id}: ended, and the journal does not know it"


def _rows(office_id: str, kind: str) -> SelectOfScalar[JournalRow]:
    return (
        select(JournalRow)
        .where(JournalRow.office_id == office_id, JournalRow.kind == kind)
        .order_by(col(JournalRow.seq))
        .execution_options(yield_per=1000)
    )
