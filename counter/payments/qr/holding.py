"""The bank's lines that wait for a transfer: held, spent on its payment, or spilled into surplus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.payments.qr.refusals import UnknownIntent
from counter.payments.qr.settling import open_surplus
from counter.payments.qr.views import intent_of
from db.scope import office_of
from db.states import BankLineState
from db.tables import BankLine, QrIntent


def hold_intent(session: Session, intent_id: UUID) -> QrIntent:
    """The row, locked until the commit. Raises UnknownIntent."""
    row = session.get(QrIntent, (office_of(session), intent_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownIntent(intent=str(intent_id))
    return row


def held_lines(session: Session, intent_id: UUID) -> list[BankLine]:
    """The bank's lines that wait for this transfer to be settled, oldest first."""
    return list(
        session.exec(
            select(BankLine)
            .where(BankLine.office_id == office_of(session), BankLine.intent_id == intent_id)
            .where(BankLine.state == BankLineState.HELD)
            .order_by(col(BankLine.journal_seq))
        ).all()
    )


def spend(session: Session, row: QrIntent, lines: Sequence[BankLine], *, payment_id: UUID) -> None:
    """The lines have settled this payment."""
    for line in lines:
        line.state, line.payment_id = BankLineState.SETTLED, payment_id
        session.add(line)
    row.payment_id = payment_id
    session.add(row)
    session.flush()


def spill(session: Session, now: datetime, row: QrIntent, *, reason: str, by: UUID | None) -> None:
    """Every line held for this transfer becomes surplus of its customer."""
    customers = intent_of(session, row).customer_codes
    for line in held_lines(session, row.intent_id):
        line.state = BankLineState.SURPLUS
        session.add(line)
        open_surplus(
            session,
            now,
            amount=line.amount,
            customer_code=customers[0] if customers else None,
            reason=reason,
            line_id=line.line_id,
            by=by,
        )
