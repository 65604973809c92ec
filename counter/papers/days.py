"""A business day on paper: the Z report."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from counter.config import Settings
from counter.money import Dong, total
from counter.papers.parts import layout_of, office_head
from counter.payments.days import TillDay, day_of_tills
from counter.printing import DayReportDocument, DayShift, DayTill, TakenBy
from counter.reconcile.views import unproven
from counter.shifts import ShiftFacts
from db.states import Proof, ShiftState


def day_paper(session: Session, *, day: date, settings: Settings, printed_at: datetime) -> DayReportDocument:
    """The Z report of a business day as the books are now; with shifts not accepted yet it says that it is not final."""
    tills = day_of_tills(session, day=day)
    told = [till for till in tills if _is_told(till)]
    believed = [one.amount for one in unproven(session) if one.business_day == day and one.proof is Proof.BY_HAND]
    return DayReportDocument(
        office=office_head(session),
        day=day,
        printed_at=printed_at,
        tills=tuple(_till(till) for till in tills),
        taken=_taken(
            cash=total(till.taken.cash for till in told),
            qr=total(till.taken.qr for till in told),
            slips=total(till.taken.slips for till in told),
        ),
        from_advances=total(till.taken.from_advances for till in tills),
        unconfirmed=len(believed),
        unconfirmed_sum=total(believed),
        kept=total(till.taken.kept for till in tills),
        unfinished=sum(shift.state is not ShiftState.ACCEPTED for till in tills for shift in till.shifts),
        layout=layout_of(session, "day"),
    )


def _till(till: TillDay) -> DayTill:
    return DayTill(
        code=till.code,
        first_number=till.first_number,
        last_number=till.last_number,
        receipts=till.taken.receipts,
        reversals=till.taken.reversals,
        refunds=till.taken.refunds,
        taken=_taken(cash=till.taken.cash, qr=till.taken.qr, slips=till.taken.slips) if _is_told(till) else (),
        shifts=tuple(_shift(shift) for shift in till.shifts),
        journal_head=till.head,
    )


def _is_told(till: TillDay) -> bool:
    """Before a drawer is counted nobody hears what must lie in it, on the Z report neither."""
    return all(shift.counted is not None for shift in till.shifts)


def _shift(shift: ShiftFacts) -> DayShift:
    return DayShift(
        cashier=shift.cashier,
        opened_at=shift.opened_at,
        state=shift.state.value,
        counted=shift.counted,
        difference=shift.difference,
        receiver=shift.receiver,
    )


def _taken(*, cash: Dong, qr: Dong, slips: Dong) -> tuple[TakenBy, ...]:
    parts = (("CASH", cash), ("QR", qr), ("SLIPS", slips))
    return tuple(TakenBy(method=method, amount=amount) for method, amount in parts if amount)
