"""Forms of the accounts from the books: Phiếu thu, Biên lai thu tiền, Bảng kiểm kê quỹ. Vouchers have whole names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import shifts
from counter.clock import day_text
from counter.config import Settings
from counter.errors import Refused
from counter.ledger import Book, account_numbers, book_number
from counter.locale import N_, speaking
from counter.locale import translate as _
from counter.papers.parts import in_words, layout_of, office_head
from counter.payments import Receipt, receipt
from counter.payments.views import entry_of
from counter.printing import NotesCounted
from counter.printing.compose.parts import named
from counter.printing.compose.receipt import KINDS
from counter.printing.forms import CashCountForm, CashReceiptForm, CashVoucherForm, count_pdf, receipt_pdf, voucher_pdf
from counter.shifts import ShiftFacts
from db.states import PaymentKind, ShiftState


class NoVoucherForThis(Refused):
    """A receipt that brought no cash in."""

    why = N_("No cash came in on receipt {number}: there is no cash voucher for it.")
    todo = N_("Make a voucher only for a payment in cash; show the receipt itself with --as pdf.")


class NotMoneyTaken(Refused):
    """A paper about money given back."""

    why = N_("Receipt {number} gives money back: it is no receipt of money taken.")
    todo = N_("Choose the receipt of the payment, or show this one with --as pdf.")


class ShiftNotCounted(Refused):
    """A form about a drawer that nobody has counted."""

    why = N_("The drawer of till {till} has not been counted yet.")
    todo = N_("Count it first; then the form can be made.")


class CashNotAccepted(Refused):
    """A voucher for cash that is not in the safe yet."""

    why = N_("The cash of till {till} has not been accepted into the safe yet.")
    todo = N_("Accept the hand-over first; then the voucher can be made.")


def voucher_of_receipt(session: Session, *, payment_id: UUID, settings: Settings) -> CashVoucherForm:
    """Phiếu thu for the cash of a payment. Raises UnknownReceipt, NoVoucherForThis."""
    paid = receipt(session, payment_id=payment_id)
    if paid.kind not in (PaymentKind.BILLS, PaymentKind.ADVANCE) or paid.cash <= 0:
        raise NoVoucherForThis(number=paid.number)
    layout = layout_of(session, "forms")
    till_code, seq = entry_of(session, payment_id=payment_id)
    debit, credit = account_numbers(session, till_code=till_code, seq=seq)
    with speaking(layout.lang):
        return CashVoucherForm(
            office=office_head(session),
            day=paid.business_day,
            number=paid.number,
            payer=_payer(paid),
            payer_address=_address(paid),
            reason=_content(paid),
            amount=paid.cash,
            amount_in_words=in_words(paid.cash, settings, layout),
            debit=debit,
            credit=credit,
            attached=_("1 receipt"),
            maker=paid.cashier,
            layout=layout,
        )


def money_receipt(session: Session, *, payment_id: UUID, settings: Settings) -> CashReceiptForm:
    """Biên lai thu tiền for a payment. Raises UnknownReceipt, NotMoneyTaken."""
    paid = receipt(session, payment_id=payment_id)
    if paid.kind not in (PaymentKind.BILLS, PaymentKind.ADVANCE):
        raise NotMoneyTaken(number=paid.number)
    layout = layout_of(session, "forms")
    with speaking(layout.lang):
        return CashReceiptForm(
            office=office_head(session),
            day=paid.business_day,
            number=paid.number,
            payer=_payer(paid),
            payer_address=_address(paid),
            content=_content(paid),
            amount=paid.due,
            amount_in_words=in_words(paid.due, settings, layout),
            collector=paid.cashier,
            layout=layout,
        )


def voucher_of_shift(session: Session, *, shift_id: UUID, settings: Settings) -> CashVoucherForm:
    """Phiếu thu for a shift's cash that went into the safe. Raises NoOpenShift, CashNotAccepted."""
    shift = shifts.shift_facts(session, shift_id=shift_id)
    if shift.state is not ShiftState.ACCEPTED or shift.counted is None:
        raise CashNotAccepted(till=shift.till_code)
    layout = layout_of(session, "forms")
    taken = shifts.taken(session, shift_id=shift_id)
    with speaking(layout.lang):
        return CashVoucherForm(
            office=office_head(session),
            day=shift.business_day,
            number=_number(shift),
            payer=shift.cashier,
            payer_address=_("Cashier of till {till}").format(till=shift.till_code),
            reason=_("Cash of the shift of {day}, float included").format(day=day_text(shift.business_day)),
            amount=shift.counted,
            amount_in_words=in_words(shift.counted, settings, layout),
            debit=book_number(session, book=Book.SAFE),
            credit=book_number(session, book=Book.HANDOVER),
            attached=_("{count} receipts").format(count=taken.receipts + taken.reversals + taken.refunds),
            maker=shift.cashier,
            treasurer=shift.receiver,
            layout=layout,
        )


def cash_count(session: Session, *, shift_id: UUID, settings: Settings) -> CashCountForm:
    """Bảng kiểm kê quỹ of a shift's drawer. Raises NoOpenShift, ShiftNotCounted."""
    shift = shifts.shift_facts(session, shift_id=shift_id)
    if shift.expected is None or shift.counted is None:
        raise ShiftNotCounted(till=shift.till_code)
    layout = layout_of(session, "forms")
    with speaking(layout.lang):
        people = [(shift.cashier, _("Cashier"))]
        if shift.receiver:
            people.append((shift.receiver, _("Received by")))
        return CashCountForm(
            office=office_head(session),
            number=_number(shift),
            counted_at=_counted_at(session, shift),
            people=tuple(people),
            in_the_books=shift.expected,
            counted=tuple(
                NotesCounted(note=note, pieces=pieces)
                for note, pieces in shifts.last_count(session, shift_id=shift_id).items()
            ),
            reason=shift.difference_reason,
            treasurer=shift.cashier,
            in_charge=shift.receiver,
            layout=layout,
        )


def receipt_form(session: Session, *, payment_id: UUID, form: str, settings: Settings) -> bytes:
    """A receipt as `01-TT` or `06-TT`, a PDF of A5."""
    if form == "01-TT":
        return voucher_pdf(voucher_of_receipt(session, payment_id=payment_id, settings=settings))
    return receipt_pdf(money_receipt(session, payment_id=payment_id, settings=settings))


def shift_form(session: Session, *, shift_id: UUID, form: str, settings: Settings) -> bytes:
    """A shift's cash as `01-TT` or `08a-TT`, a PDF. Raises NoOpenShift, CashNotAccepted, ShiftNotCounted."""
    if form == "01-TT":
        return voucher_pdf(voucher_of_shift(session, shift_id=shift_id, settings=settings))
    return count_pdf(cash_count(session, shift_id=shift_id, settings=settings))


def _number(shift: ShiftFacts) -> str:
    """A shift has no number of its own: the till, the day, and the end of its id."""
    return f"{shift.till_code}-{shift.business_day:%Y%m%d}-{shift.shift_id.hex[-4:].upper()}"


def _counted_at(session: Session, shift: ShiftFacts) -> datetime:
    return shifts.last_counted_at(session, shift_id=shift.shift_id) or shift.opened_at


def _payer(paid: Receipt) -> str:
    names = list(dict.fromkeys(line.name for line in paid.lines))
    if len(names) == 1:
        return names[0]
    return _("{name} and {count} more customers").format(name=names[0], count=len(names) - 1)


def _address(paid: Receipt) -> str:
    return next((line.address for line in paid.lines), "")


def _content(paid: Receipt) -> str:
    """What it was for, each customer and kind of bill once: `Tiền điện kỳ 10/2026, 11/2026 (PA05…)`."""
    periods: dict[tuple[str, str], list[str]] = {}
    for line in paid.lines:
        kind = named(KINDS, line.kind.value if line.kind else "") if line.bill_id else _("Paid in advance")
        periods.setdefault((kind, line.customer_code), []).extend([line.period] if line.bill_id else [])
    return ", ".join(
        f"{kind} {_('period {period}').format(period=', '.join(several))} ({code})" if several else f"{kind} ({code})"
        for (kind, code), several in periods.items()
    )
