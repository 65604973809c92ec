"""The slip with a transfer's code, from the books."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from counter.cashless.banks import shipped
from counter.papers.parts import office_head
from counter.payments import qr
from counter.printing import TransferSlipDocument


def transfer_slip(session: Session, *, intent_id: UUID) -> TransferSlipDocument:
    """The transfer as it stands now: without a code once nothing is waited for. Raises UnknownIntent."""
    shown = qr.intent(session, intent_id=intent_id)
    return TransferSlipDocument(
        office=office_head(session),
        till_code=shown.till_code,
        code=shown.code,
        amount=shown.asked_now or shown.amount,
        cash_part=shown.cash_part,
        bank=shipped().name(shown.bin),
        account=shown.account,
        holder=shown.holder,
        memo=shown.memo,
        customer_name=shown.name_masked,
        bills=len(shown.bill_ids),
        expires_at=shown.expires_at,
        payload=shown.payload if shown.is_open else "",
    )
