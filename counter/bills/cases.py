"""What CMIS changes or withdraws after the money was taken: a person decides, the bill stays as it was paid.

An open case always says the file's latest word: it is renewed when the claim changes again, and closed by itself when
the file says again what was paid. A claim that somebody closed a case for opens no second one. When the payment is
reversed, nothing holds CMIS's last word back any more: the bill becomes what it says. Every end is in the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlmodel import Session, col
from sqlmodel import select as model_select

from counter import journal
from counter.bills.merge import MONEY, B, N, S, is_paid, money_differs, same_bill, table
from counter.bills.places import STAGED_BILL
from counter.bills.refusals import CaseClosed, UnknownCase
from counter.bills.rules import MOVES
from counter.clock import local_day
from counter.ids import new_id
from counter.locale import N_
from counter.money import Dong
from db.scope import OFFICE_TILL, office_of
from db.states import BillKind, BillState, CaseKind, CaseState, PaymentKind
from db.tables import Bill, OfficeCase, Payment, PaymentLine

CASE, PAY, LINE = table(OfficeCase), table(Payment), table(PaymentLine)
_CHUNK: Final = 500
SAID_OTHERWISE: Final = N_("CMIS says something else now.")


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
                _said_otherwise(session, now, other, by=by)
        if last is not None and last.state is CaseState.OPEN and last.kind is not kind:
            _said_otherwise(session, now, last, by=by)
            last = None
        if last is not None and last.state is CaseState.OPEN:
            last.claimed, last.details, last.import_id = _claimed(claim), details, import_id
            session.add(last)
            note_claim(session, now, last, by=by)
        else:
            case = _case(session, now, claim, kind=kind, details=details, import_id=import_id)
            session.add(case)
            note_claim(session, now, case, by=by)
        done += 1
    session.flush()
    return done


def close_settled_cases(session: Session, now: datetime, *, by: UUID) -> None:
    """Close the open cases of bills that the file shows as they were paid."""
    office_id = office_of(session)
    same = and_(N.state == BillState.DUE.value, ~money_differs(), is_paid(office_id), ~_is_given_back(office_id))
    ids = (
        select(CASE.c.case_id)
        .select_from(CASE.join(B, and_(CASE.c.office_id == B.c.office_id, CASE.c.bill_id == B.c.bill_id)))
        .join(STAGED_BILL, same_bill(office_id))
        .where(CASE.c.office_id == office_id, CASE.c.state == CaseState.OPEN, same)
    )
    for case_id in list(session.execute(ids).scalars()):
        case = session.get_one(OfficeCase, (office_id, case_id), with_for_update=True, populate_existing=True)
        if case.state is CaseState.OPEN:
            _said_otherwise(session, now, case, by=by)


def hold_bills(session: Session, bill_ids: Sequence[str]) -> None:
    """Nobody pays, gives back or changes these bills before the commit."""
    rows = select(B.c.bill_id).where(B.c.office_id == office_of(session), B.c.bill_id.in_(set(bill_ids)))
    session.execute(rows.order_by(B.c.bill_id).with_for_update(key_share=True)).all()


def hold_case(session: Session, *, case_id: UUID) -> OfficeCase:
    """The case with its bill, held until the commit. Raises UnknownCase."""
    key = (office_of(session), case_id)
    case = session.get(OfficeCase, key)
    if case is None:
        raise UnknownCase
    hold_bills(session, [case.bill_id])
    return session.get_one(OfficeCase, key, with_for_update=True, populate_existing=True)


def too_much(session: Session, case: OfficeCase) -> Dong:
    """What is kept for the case's bill above what CMIS claims (đồng): below zero where CMIS wants more; 0 where the
    payment was reversed, because then nothing is kept."""
    live = and_(S.c.office_id == office_of(session), S.c.bill_id == case.bill_id, S.c.reversed_by.is_(None))
    settled = session.execute(select(S.c.amount).where(live)).scalar()
    if settled is None:
        return Dong()
    return Dong(int(settled)) - given_back(session, case.bill_id) - case.claimed


def close_case(session: Session, now: datetime, case: OfficeCase, *, resolution: str, by: UUID) -> None:
    """End an open case in words or with the number of a paper, and write it into the journal. Raises CaseClosed."""
    if CaseState.RESOLVED not in MOVES[case.state]:
        raise CaseClosed(resolution=case.resolution)
    case.state, case.resolved_by, case.resolved_at, case.resolution = CaseState.RESOLVED, by, now, resolution
    session.add(case)
    session.flush()
    facts, day = end_facts(case), local_day(now)
    journal.append(session, now, till_code=OFFICE_TILL, kind="case.resolve", business_day=day, actor_id=by, facts=facts)


def note_claim(session: Session, now: datetime, case: OfficeCase, *, by: UUID) -> None:
    """Write into the journal what an open case claims now."""
    facts, day = claim_facts(case), local_day(now)
    journal.append(session, now, till_code=OFFICE_TILL, kind="case.open", business_day=day, actor_id=by, facts=facts)


def claim_facts(case: OfficeCase) -> dict[str, Any]:
    """What the journal says of a claim: money is given back by it, so nobody changes it unseen."""
    return {**end_facts(case), "customer": case.customer_code, "import": case.import_id, "resolution": ""}


def end_facts(case: OfficeCase) -> dict[str, Any]:
    """What the journal says of a case that ended; the audit makes it again from the table."""
    return {
        "case": case.case_id,
        "kind": case.kind.value,
        "bill": case.bill_id,
        "taken": int(case.taken),
        "claimed": int(case.claimed),
        "resolution": case.resolution,
    }


def follow_claims(session: Session, now: datetime, *, bill_ids: Sequence[str], resolution: str, by: UUID) -> None:
    """The payment of these bills (held) was reversed: they become what CMIS said last, and their open cases end."""
    for cases in _cases_of(session, list(bill_ids)).values():
        last = cases[-1]
        if last.details:
            _apply(session, last)
        if last.state is CaseState.OPEN:
            close_case(session, now, last, resolution=resolution, by=by)


def _apply(session: Session, case: OfficeCase) -> None:
    claim = json.loads(case.details)
    bill = session.get_one(Bill, (case.office_id, case.bill_id), populate_existing=True)
    bill.state, bill.import_id = BillState(claim["state"]), case.import_id
    for name in MONEY:
        if name in claim:
            setattr(bill, name, _as_held(name, claim[name]))
    session.add(bill)
    session.flush()


def _as_held(name: str, value: Any) -> Any:
    if name == "kind":
        return BillKind(value)
    return Dong(int(value)) if name in ("net", "vat", "amount") else value


def _claims(session: Session) -> Iterable[tuple[Any, list[OfficeCase]]]:
    """(the line beside its paid bill, the bill's cases, oldest first) for every claim that is news."""
    office_id = office_of(session)
    live = and_(S.c.office_id == office_id, S.c.bill_id == B.c.bill_id, S.c.reversed_by.is_(None))
    late = or_(N.state == BillState.WITHDRAWN.value, money_differs(), _is_given_back(office_id))
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
        taken=Dong(int(claim.settled)) - given_back(session, claim.bill_id),
        claimed=_claimed(claim),
        details=details,
        import_id=import_id,
        opened_at=now,
    )


_REFUNDED: Final = and_(
    PAY.c.office_id == LINE.c.office_id, PAY.c.payment_id == LINE.c.payment_id, PAY.c.kind == PaymentKind.REFUND
)


def given_back(session: Session, bill_id: str) -> Dong:
    """What refunds already gave back for this bill (đồng); reversals end the settlement and do not count."""
    found = session.execute(
        select(func.coalesce(func.sum(LINE.c.amount), 0))
        .select_from(LINE.join(PAY, _REFUNDED))
        .where(LINE.c.office_id == office_of(session), LINE.c.bill_id == bill_id)
    ).scalar_one()
    return Dong(-int(found))


def _is_given_back(office_id: str) -> ColumnElement[bool]:
    """A part of the bill was given back for a case: then the bill as it was paid is a claim like any other."""
    had = select(literal(1)).where(CASE.c.office_id == office_id, CASE.c.bill_id == B.c.bill_id)
    back = select(literal(1)).select_from(LINE.join(PAY, _REFUNDED))
    back = back.where(LINE.c.office_id == office_id, LINE.c.bill_id == B.c.bill_id)
    return and_(exists(had.correlate(B)), exists(back.correlate(B)))


def _said_otherwise(session: Session, now: datetime, case: OfficeCase, *, by: UUID) -> None:
    """The file took its claim back: should it come again, it is news."""
    case.details = ""
    close_case(session, now, case, resolution=SAID_OTHERWISE, by=by)


__all__ = [
    "close_case",
    "close_settled_cases",
    "end_facts",
    "follow_claims",
    "given_back",
    "hold_bills",
    "hold_case",
    "late_claims",
    "open_cases_for",
    "too_much",
]
