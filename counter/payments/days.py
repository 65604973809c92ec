"""A business day as facts: what each till took, by method, on which receipts, in which shifts. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter import journal, shifts
from counter.payments.rules import receipt_number
from counter.shifts import ShiftFacts, Taken
from db.scope import office_of
from db.tables import Payment


@dataclass(frozen=True, slots=True)
class TillDay:
    """A till's day: its first and last receipt number (empty: none), what it took, its shifts, its chain's head now."""

    code: str
    first_number: str
    last_number: str
    taken: Taken
    shifts: tuple[ShiftFacts, ...]
    head: str


def day_of_tills(session: Session, *, day: date) -> tuple[TillDay, ...]:
    """Every till that had a receipt or a shift on this business day, by code."""
    with_receipts = session.exec(
        select(Payment.till_code).where(Payment.office_id == office_of(session), Payment.business_day == day).distinct()
    ).all()
    of_day = shifts.shifts_of_day(session, day=day)
    heads = {link.till_code: link.short for link in journal.heads(session)}
    return tuple(
        TillDay(
            code,
            *_numbers(session, code=code, day=day),
            taken=shifts.taken_on_day(session, till_code=code, day=day),
            shifts=tuple(shift for shift in of_day if shift.till_code == code),
            head=heads.get(code, ""),
        )
        for code in sorted({*with_receipts, *(shift.till_code for shift in of_day)})
    )


def _numbers(session: Session, *, code: str, day: date) -> tuple[str, str]:
    office_id = office_of(session)
    rows = session.exec(
        select(Payment.year, func.min(Payment.number), func.max(Payment.number))
        .where(Payment.office_id == office_id, Payment.till_code == code, Payment.business_day == day)
        .group_by(col(Payment.year))
        .order_by(col(Payment.year))
    ).all()
    if not rows:
        return "", ""
    (first_year, first, _), (last_year, _, last) = rows[0], rows[-1]
    return (
        receipt_number(office_id=office_id, till_code=code, year=first_year, number=first),
        receipt_number(office_id=office_id, till_code=code, year=last_year, number=last),
    )
