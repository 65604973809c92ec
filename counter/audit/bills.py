"""Files that were brought in, bills that were paid and copies that were printed, against the journal and the payments.

A bill nobody paid is CMIS's claim, not ours: the same file again, as a dry run, shows whether one was changed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from counter import journal
from counter.bills.actions import import_facts
from counter.payments.inside import CLAIMS, claim
from db.columns import instant_text
from db.scope import office_of
from db.states import BillState
from db.tables import Bill, BillImport, JournalRow, PaymentLine, Reprint, Settlement


def imports(session: Session) -> Iterator[str]:
    """Each file that was brought in is as the journal counted it."""
    told = {content["facts"]["import"]: content for _, content in _journal(session, "bills.import")}
    for row in _all(session, BillImport):
        content = told.pop(str(row.import_id), None)
        again = json.loads(journal.canonical(import_facts(row)))
        fits = content is not None and (content["facts"], content["actor"], content["at"]) == (
            again,
            str(row.done_by),
            instant_text(row.done_at),
        )
        yield "" if fits else f"{row.file_name} ({row.import_id}): differs from the journal"
    for import_id in told:
        yield f"import {import_id}: is in the journal and not in the list"


def paid_bills(session: Session) -> Iterator[str]:
    """A paid bill still is what was paid: amount, customer, number, kind, period and VAT; an import makes a case of a
    change, never an edit."""
    told = _claims(session)
    rows = session.exec(
        select(Settlement, PaymentLine.customer_code, Bill)
        .outerjoin(Bill, (col(Bill.office_id) == Settlement.office_id) & (col(Bill.bill_id) == Settlement.bill_id))
        .outerjoin(
            PaymentLine,
            (col(PaymentLine.office_id) == Settlement.office_id)
            & (col(PaymentLine.payment_id) == Settlement.payment_id)
            & (col(PaymentLine.bill_id) == Settlement.bill_id),
        )
        .where(Settlement.office_id == office_of(session), col(Settlement.reversed_by).is_(None))
        .execution_options(yield_per=1000)
    )
    for settled, customer_code, bill in rows:
        money = (settled.amount, customer_code, BillState.DUE)
        fits = bill is not None and (bill.amount, bill.customer_code, bill.state) == money
        was = told.get((str(settled.payment_id), settled.bill_id))
        fits = fits and was in (None, claim(bill))  # journal rows of before tell no more than the lines
        yield "" if fits else f"{settled.bill_id}: is not what was paid"


def _claims(session: Session) -> dict[tuple[str, str], list[Any]]:
    """What each payment's journal row says of its bills: {(payment, bill): [number, kind, …]}."""
    rows = session.exec(
        select(JournalRow.content).where(
            JournalRow.office_id == office_of(session),
            col(JournalRow.kind).in_(("payment.bills", "payment.advance_use")),
        )
    )
    found: dict[tuple[str, str], list[Any]] = {}
    for content in rows:
        facts = json.loads(content)["facts"]
        for (_customer, bill_id, _amount), was in zip(facts["lines"], facts.get(CLAIMS, ()), strict=False):
            found[facts["payment"], bill_id] = was
    return found


def copies(session: Session) -> Iterator[str]:
    """Each copy of a receipt is one row of the journal, and the other way round."""
    told = [
        (facts["payment"], facts["copy"], content["actor"], content["at"])
        for _, content in _journal(session, "receipt.copy")
        for facts in (content["facts"],)
    ]
    found = [
        (str(row.payment_id), row.copy_no, str(row.printed_by), instant_text(row.printed_at))
        for row in _all(session, Reprint)
    ]
    for one in sorted({*told, *found}):
        yield "" if told.count(one) == found.count(one) else f"copy {one[1]} of payment {one[0]}: differs from the journal"


def _journal(session: Session, kind: str) -> Iterator[tuple[JournalRow, dict[str, Any]]]:
    rows = session.exec(
        select(JournalRow)
        .where(JournalRow.office_id == office_of(session), JournalRow.kind == kind)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield row, json.loads(row.content)


def _all(session: Session, table: Any) -> Iterator[Any]:
    yield from session.exec(select(table).where(table.office_id == office_of(session)).execution_options(yield_per=1000))
