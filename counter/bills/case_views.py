"""What a person sees of a case: who paid, what CMIS says now, and what would be given back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.bills.cases import given_back, too_much
from counter.bills.refusals import UnknownCase
from counter.locale import N_, translate
from counter.money import Dong
from counter.people import name_of
from counter.text import period_text
from counter.words import said
from db.scope import office_of
from db.states import BillKind, CaseKind, CaseState
from db.tables import Bill, Customer, OfficeCase

_LABELS: Final = {
    "customer_code": N_("Customer"),
    "kind": N_("Kind"),
    "net": N_("Without VAT"),
    "vat": N_("VAT"),
    "amount": N_("Amount"),
}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Something the billing system changed after the money was taken. Money in đồng, instants UTC.

    `taken` and `claimed` are the figures when CMIS said so; `too_much` is what is kept above the claim now, below zero
    where CMIS wants more than was paid. `resolution` and `resolved_by` (a name) are empty while the case is open.
    """

    case_id: UUID
    kind: CaseKind
    state: CaseState
    bill_id: str
    customer_code: str
    customer_name: str
    period: str
    taken: Dong
    claimed: Dong
    given_back: Dong
    too_much: Dong
    details: str
    opened_at: datetime
    resolution: str
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing CMIS says otherwise: `label` is a source text; values as people read them."""

    label: str
    was: str
    now: str


def open_cases(session: Session) -> list[CaseLine]:
    """Cases nobody decided yet, oldest first."""
    return _lines(session, OfficeCase.state == CaseState.OPEN, col(OfficeCase.opened_at).asc(), limit=10_000)


def decided_cases(session: Session, *, limit: int = 200) -> list[CaseLine]:
    """Cases that ended, the newest first."""
    return _lines(session, OfficeCase.state == CaseState.RESOLVED, col(OfficeCase.resolved_at).desc(), limit=limit)


def open_cases_of(session: Session, *, customer_code: str) -> list[CaseLine]:
    """One customer's cases that nobody decided yet, oldest first."""
    mine = (col(OfficeCase.state) == CaseState.OPEN) & (col(OfficeCase.customer_code) == customer_code)
    return _lines(session, mine, col(OfficeCase.opened_at).asc(), limit=100)


def case_line(session: Session, *, case_id: UUID) -> CaseLine:
    """One case, whatever its state. Raises UnknownCase."""
    found = _lines(session, OfficeCase.case_id == case_id, col(OfficeCase.opened_at).asc(), limit=1)
    if not found:
        raise UnknownCase
    return found[0]


def case_changes(session: Session, *, case_id: UUID) -> list[Change]:
    """What CMIS says now beside what was paid, a line for each difference; empty where it withdrew the bill."""
    case = session.get(OfficeCase, (office_of(session), case_id))
    if case is None:
        raise UnknownCase
    claim = json.loads(case.details or "{}")
    bill = session.get_one(Bill, (case.office_id, case.bill_id))
    found = [
        Change(label, _shown(name, getattr(bill, name)), _shown(name, claim[name]))
        for name, label in _LABELS.items()
        if name in claim and getattr(bill, name) != claim[name]
    ]
    if "month" in claim:
        was, now = (period_text(year=y, month=m, ky=k) for y, m, k in (_period(bill.model_dump()), _period(claim)))
        found += [Change(N_("Period"), was, now)] if was != now else []
    return found


def _period(facts: dict[str, Any]) -> tuple[int, int, int]:
    return facts["year"], facts["month"], facts["ky"]


def _shown(name: str, value: Any) -> str:
    if name == "kind":
        return str(said(BillKind(value)))
    return str(Dong(int(value))) if name in ("net", "vat", "amount") else str(value)


def _lines(session: Session, which: Any, order: Any, *, limit: int) -> list[CaseLine]:
    rows = session.exec(
        select(OfficeCase, Bill, Customer.name)
        .join(Bill, (col(Bill.office_id) == OfficeCase.office_id) & (col(Bill.bill_id) == OfficeCase.bill_id))
        .join(
            Customer,
            (col(Customer.office_id) == OfficeCase.office_id) & (col(Customer.customer_code) == OfficeCase.customer_code),
        )
        .where(OfficeCase.office_id == office_of(session), which)
        .order_by(order, col(OfficeCase.case_id))
        .limit(limit)
    ).all()
    return [_line(session, case, bill, name) for case, bill, name in rows]


def _line(session: Session, case: OfficeCase, bill: Bill, name: str) -> CaseLine:
    is_open = case.state is CaseState.OPEN
    return CaseLine(
        case_id=case.case_id,
        kind=case.kind,
        state=case.state,
        bill_id=case.bill_id,
        customer_code=case.customer_code,
        customer_name=name,
        period=period_text(year=bill.year, month=bill.month, ky=bill.ky),
        taken=case.taken,
        claimed=case.claimed,
        given_back=given_back(session, case.bill_id),
        too_much=too_much(session, case) if is_open else Dong(),
        details=case.details,
        opened_at=case.opened_at,
        resolution=translate(case.resolution) if case.resolution else "",
        resolved_by=name_of(session, user_id=case.resolved_by) if case.resolved_by else "",
    )
