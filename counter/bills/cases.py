"""What CMIS changes or withdraws after the money was taken: a person decides, the bill stays as it was paid.

An open case always says the file's latest word: it is renewed when the claim changes again, and closed by itself when
the file says again what was paid. A claim that somebody closed a case for opens no second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as model_select

from counter import journal
from counter.bills.merge import MONEY, B, N, S, is_paid, money_differs, same_bill, table
from counter.bills.places import STAGED_BILL
from counter.ids import new_id
from counter.locale import _
from counter.money import Dong
from db.scope import office_of
from db.states import BillState, CaseKind, CaseState, PaymentKind
from db.tables import OfficeCase, Payment, PaymentLine

CASE, PAY, LINE = table(OfficeCase), table(Payment), table(PaymentLine)
_CHUNK: Final = 500


def late_claims(session: Session) -> int:
    """How many paid bills the file changes or withdraws and nobody decided on yet; nothing is written."""
    return sum(1 for _row, _before in _claims(session))


def open_cases_for(session: Session, now: datetime, *, import_id: UUID, by: UUID) -> int:
    """Open or renew the cases of the paid bills that the file changes or withdraws; how many."""
    done = 0
    for claim, before in _claims(session):
        kind, details = _kind(claim), _details(claim)
        last = before[-1] if before else None
        for other in before:
            if other.state is CaseState.OPEN and other is not last:
                _close(session, now, other, by=by)
        if last is not None and last.state is CaseState.OPEN and last.kind is not kind:
            _close(session, now, last, by=by)
            last = None
        if last is not None and last.state is CaseState.OPEN:
            last.claimed, last.details, last.import_id = _claimed(claim), details, import_id
            session.add(last)
        else:
            session.add(_case(session, now, claim, kind=kind, details=details, import_id=import_id))
        done += 1
    session.flush()
    return done


def close_settled_cases(session: Session, now: datetime, *, by: UUID) -> None:
    """Close the open cases of bills that the file shows as they were paid."""
    office_id = office_of(session)
    same = and_(N.state == BillState.DUE.value, ~money_differs(), is_paid(office_id))
    ids = (
        select(CASE.c.case_id)
        .select_from(CASE.join(B, and_(CASE.c.office_id == B.c.office_id, CASE.c.bill_id == B.c.bill_id)))
        .join(STAGED_BILL, same_bill(office_id))
        .where(CASE.c.office_id == office_id, CASE.c.state == CaseState.OPEN, same)
    )
    for case_id in list(session.execute(ids).scalars()):
        _close(session, now, session.get_one(OfficeCase, (office_id, case_id)), by=by)
    session.flush()


def _claims(session: Session) -> Iterable[tuple[Any, list[OfficeCase]]]:
    """(the line beside its paid bill, the bill's cases, oldest first) for every claim that is news."""
    office_id = office_of(session)
    live = and_(S.c.office_id == office_id, S.c.bill_id == B.c.bill_id, S.c.reversed_by.is_(None))
    late = or_(N.state == BillState.WITHDRAWN.value, money_differs())
    columns = [N[name] for name in ("bill_id", "state", "line", *MONEY)]
    rows = session.execute(
        select(*columns, B.c.customer_code.label("payer_of_record"), B.c.state.label("was"), S.c.amount.label("settled"))
        .select_from(STAGED_BILL.join(B, same_bill(office_id)).join(S, live))
        .where(late)
        .order_by(N.line)
    ).all()
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cases = _cases_of(session, [row.bill_id for row in chunk])
        for row in chunk:
            before = cases.get(row.bill_id, [])
            is_known = bool(before) and before[-1].kind is _kind(row) and before[-1].details == _details(row)
            if not is_known:
                yield row, before


def _cases_of(session: Session, bill_ids: list[str]) -> dict[str, list[OfficeCase]]:
    found: dict[str, list[OfficeCase]] = {}
    rows = session.exec(
        model_select(OfficeCase)
        .where(OfficeCase.office_id == office_of(session), col(OfficeCase.bill_id).in_(bill_ids))
        .order_by(col(OfficeCase.opened_at), col(OfficeCase.case_id))
    )
    for case in rows:
        found.setdefault(case.bill_id, []).append(case)
    return found


def _kind(claim: Any) -> CaseKind:
    is_withdrawn = claim.state == BillState.WITHDRAWN.value
    return CaseKind.WITHDRAWN_AFTER_PAID if is_withdrawn else CaseKind.CHANGED_AFTER_PAID


def _claimed(claim: Any) -> Dong:
    return Dong() if claim.state == BillState.WITHDRAWN.value else Dong(int(claim.amount))


def _details(claim: Any) -> str:
    """What CMIS says now, as canonical JSON: equal texts are equal claims."""
    if claim.state == BillState.WITHDRAWN.value:
        return journal.canonical({"state": claim.state})
    facts = {name: getattr(claim, name) for name in MONEY}
    return journal.canonical({**facts, "state": claim.state})


def _case(session: Session, now: datetime, claim: Any, *, kind: CaseKind, details: str, import_id: UUID) -> OfficeCase:
    return OfficeCase(
        office_id=office_of(session),
        case_id=new_id(),
        kind=kind,
        state=CaseState.OPEN,
        bill_id=claim.bill_id,
        customer_code=claim.payer_of_record,
        taken=Dong(int(claim.settled)) - _given_back(session, claim.bill_id),
        claimed=_claimed(claim),
        details=details,
        import_id=import_id,
        opened_at=now,
    )


def _given_back(session: Session, bill_id: str) -> Dong:
    """What refunds already gave back for this bill; reversals end the settlement and do not count."""
    office_id = office_of(session)
    refunds = and_(
        PAY.c.office_id == LINE.c.office_id, PAY.c.payment_id == LINE.c.payment_id, PAY.c.kind == PaymentKind.REFUND
    )
    found = session.execute(
        select(func.coalesce(func.sum(LINE.c.amount), 0))
        .select_from(LINE.join(PAY, refunds))
        .where(LINE.c.office_id == office_id, LINE.c.bill_id == bill_id)
    ).scalar_one()
    return Dong(-int(found))


def _close(session: Session, now: datetime, case: OfficeCase, *, by: UUID) -> None:
    case.state, case.resolved_by, case.resolved_at = CaseState.RESOLVED, by, now
    case.resolution = _("CMIS says something else now.")
    session.add(case)
    session.flush()


__all__ = ["close_settled_cases", "late_claims", "open_cases_for"]
