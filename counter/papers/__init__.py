"""From the books to paper: receipts, shifts, days, tickets and forms as plain facts, masked where it need not be seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import shifts
from counter.config import Settings
from counter.money import Dong
from counter.papers.days import day_paper
from counter.papers.door import poster_paper, ticket_paper
from counter.papers.parts import as_file, in_words, layout_of, office_head, profile_of
from counter.papers.transfers import transfer_slip
from counter.payments import Receipt, copy_facts, qr, receipt
from counter.printing import (
    BillLine,
    CashMove,
    Copied,
    NotesCounted,
    OtherLine,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
    TakenBy,
)
from counter.text import mask_address, mask_name
from db.states import CashMoveKind, PaymentKind


def receipt_paper(session: Session, *, payment_id: UUID, settings: Settings, copy_no: int = 0) -> ReceiptDocument:
    """The paper of a payment. `copy_no` 0 is the original, n is BẢN SAO LẦN n."""
    paid = receipt(session, payment_id=payment_id)
    layout = layout_of(session, "receipt")
    site = settings.receipt_site.rstrip("/")
    return ReceiptDocument(
        office=office_head(session),
        till_code=paid.till_code,
        number=paid.number,
        business_day=paid.business_day,
        issued_at=paid.taken_at,
        cashier=paid.cashier,
        lines=_bills(paid, settings),
        other_lines=_others(paid, settings),
        kind=paid.kind.value,
        due=paid.due,
        tendered=paid.tendered,
        change=paid.change,
        method=paid.method.value,
        cash=abs(paid.cash),
        unconfirmed=qr.is_unconfirmed(session, payment_id=payment_id),
        amount_in_words=in_words(paid.due, settings, layout),
        journal_head=paid.head,
        copied=_copied(session, payment_id, copy_no) if copy_no else None,
        reversed_by=paid.reversed_by,
        reversal=_reversal(paid),
        lookup=f"{site}/{paid.number}/{paid.head}" if site else f"{paid.number} {paid.head}",
        invoice_page=site,
        footer=tuple(line for line in settings.receipt_footer.splitlines() if line),
        layout=layout,
    )


def shift_paper(session: Session, *, shift_id: UUID, settings: Settings, printed_at: datetime) -> ShiftReportDocument:
    """The X report of a shift; after the hand-over, its slip."""
    facts = shifts.shift_facts(session, shift_id=shift_id)
    taken = shifts.taken(session, shift_id=shift_id)
    # before the count the paper is as blind as the screen
    by_method = [("CASH", taken.cash), ("QR", taken.qr), ("SLIPS", taken.slips)] if facts.counted is not None else []
    signed = {CashMoveKind.SAFE_DROP: -1, CashMoveKind.CHANGE_FROM_SAFE: 1}
    return ShiftReportDocument(
        office=office_head(session),
        till_code=facts.till_code,
        cashier=facts.cashier,
        business_day=facts.business_day,
        opened_at=facts.opened_at,
        printed_at=printed_at,
        float_amount=facts.float_amount,
        taken=tuple(TakenBy(method=method, amount=amount) for method, amount in by_method if amount),
        receipts=taken.receipts,
        reversals=taken.reversals,
        refunds=taken.refunds,
        moves=tuple(
            CashMove(kind=line.kind.value, reason=line.reason, amount=line.amount * signed[line.kind])
            for line in shifts.moves(session, shift_id=shift_id)
        ),
        expected=facts.expected,
        counted=tuple(NotesCounted(note=n, pieces=p) for n, p in shifts.last_count(session, shift_id=shift_id).items()),
        difference=facts.difference,
        difference_reason=facts.difference_reason,
        receiver=facts.receiver,
        layout=layout_of(session, "shift"),
    )


def _bills(paid: Receipt, settings: Settings) -> tuple[BillLine, ...]:
    return tuple(
        BillLine(
            customer_code=line.customer_code,
            customer_name=_shown(line.name, mask_name, settings),
            address=_shown(line.address, mask_address, settings),
            period=line.period,
            bill_number=line.bill_number,
            kind=line.kind.value if line.kind else "",
            amount=abs(line.amount),
            vat=Dong() if paid.kind is PaymentKind.REFUND else line.vat,  # a part of the bill: its VAT is not ours to split
        )
        for line in paid.lines
        if line.bill_id
    )


def _shown(text: str, mask: Callable[[str], str], settings: Settings) -> str:
    """A name or address as the office wants it on a receipt: whole by its setting, else masked."""
    return text if settings.receipt_names == "whole" else mask(text)


def _others(paid: Receipt, settings: Settings) -> tuple[OtherLine, ...]:
    kind = "ADVANCE_BACK" if paid.amount < 0 else "ADVANCE"
    return tuple(
        OtherLine(
            kind=kind,
            customer_code=line.customer_code,
            amount=abs(line.amount),
            note=_shown(line.name, mask_name, settings),
        )
        for line in paid.lines
        if not line.bill_id
    )


def _copied(session: Session, payment_id: UUID, copy_no: int) -> Copied:
    copy = copy_facts(session, payment_id=payment_id, copy_no=copy_no)
    return Copied(number=copy.number, at=copy.at, by=copy.by)


def _reversal(paid: Receipt) -> Reversal | None:
    if paid.kind not in (PaymentKind.REVERSAL, PaymentKind.REFUND):
        return None
    return Reversal(number=paid.reverses, reason=paid.reason, approver=paid.approver)


__all__ = [
    "as_file",
    "day_paper",
    "office_head",
    "poster_paper",
    "profile_of",
    "receipt_paper",
    "shift_paper",
    "ticket_paper",
    "transfer_slip",
]
