"""What was given back of paid bills, and how cases ended."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter import journal
from counter.bills.cases import end_facts
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
    """A case that ended did so once in the journal, by the same person, at the same instant, with the same words."""
    office_id = office_of(session)
    ended = {
        str(case.case_id): case
        for case in session.exec(
            select(OfficeCase).where(OfficeCase.office_id == office_id, OfficeCase.state == CaseState.RESOLVED)
        )
    }
    rows = session.exec(select(JournalRow).where(JournalRow.office_id == office_id, JournalRow.kind == "case.resolve"))
    for row in rows:
        content = json.loads(row.content)
        case = ended.pop(content["facts"]["case"], None)
        if case is None or case.resolved_at is None:
            yield f"{row.till_code}#{row.seq}: the case it ended is open, or ended before"
            continue
        again = json.loads(journal.canonical(end_facts(case)))
        same = (again, str(case.resolved_by), instant_text(case.resolved_at))
        fits = same == (content["facts"], content["actor"], content["at"])
        yield "" if fits else f"case {case.case_id}: differs from the journal"
    for case in ended.values():
        yield f"case {case.case_id}: ended, and the journal does not know it"
