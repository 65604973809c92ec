"""A copy of a receipt: BẢN SAO LẦN n, counted in the books before it is on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from counter import journal, spool
from counter.clock import local_day
from counter.ids import new_id
from counter.payments.views import Receipt, receipt
from counter.people import name_of, require, still_here
from db.scope import office_of, printing_till
from db.states import JobKind, Role
from db.tables import Reprint

MAY_COPY = (Role.CASHIER, Role.SUPERVISOR)


def reprint(session: Session, now: datetime, *, payment_id: UUID, by: UUID) -> Receipt:
    """Note one more copy and queue its paper: here, or at the receipt's own till where this desk has no printer.

    Raises UnknownReceipt, UserLeft, NotAllowed.
    """
    still_here(session, user_id=by)
    require(session, user_id=by, roles=MAY_COPY)
    first = receipt(session, payment_id=payment_id)
    copy_no = first.copies + 1
    session.add(Reprint(office_id=office_of(session), payment_id=payment_id, copy_no=copy_no, printed_by=by, printed_at=now))
    session.flush()
    journal.append(
        session,
        now,
        till_code=first.till_code,
        kind="receipt.copy",
        business_day=local_day(now),
        actor_id=by,
        facts={"payment": payment_id, "number": first.number, "copy": copy_no},
    )
    spool.queue(
        session,
        now,
        kind=JobKind.RECEIPT,
        subject=payment_id,
        till_code=printing_till(session) or first.till_code,
        job_id=new_id(),
        copy_no=copy_no,
    )
    return receipt(session, payment_id=payment_id)


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """A copy, from 1: who asked for it, and when (UTC)."""

    number: int
    at: datetime
    by: str


def copy_facts(session: Session, *, payment_id: UUID, copy_no: int) -> CopyFacts:
    """What the books say of a copy that was counted."""
    row = session.exec(
        select(Reprint).where(
            Reprint.office_id == office_of(session), Reprint.payment_id == payment_id, Reprint.copy_no == copy_no
        )
    ).one()
    return CopyFacts(copy_no, row.printed_at, name_of(session, user_id=row.printed_by))
