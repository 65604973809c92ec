"""From a document to the lines of its paper, in the language in use.

Here, and only here, data becomes lines, and every text of a document passes `safe_text` on its way: no field can be
forgotten, because the whole document is walked. What a customer needs first stands first and loudest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final, TypeVar, cast

from counter.clock import day_text, local_text
from counter.locale import N_, translate
from counter.locale import translate as _
from counter.money import Dong, group_digits
from counter.printing.calibration import questions
from counter.printing.documents import (
    BillLine,
    CalibrationDocument,
    Document,
    OfficeHead,
    PrinterTestDocument,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
)
from counter.printing.layout import NO_BREAK, Align, Banner, Gap, Line, Pair, Qr, Rule, Stroke, Style, Words
from counter.printing.ops import QR_LIMIT
from counter.text import VIETNAMESE, safe_text

METHODS: Final = {"CASH": N_("Cash"), "QR": N_("Bank transfer (QR)"), "ADVANCE": N_("Advance money")}
KINDS: Final = {"TD": N_("Electricity"), "VC": N_("Reactive power"), "TC": N_("Electricity and reactive power")}
OTHER_KINDS: Final = {
    "ADVANCE": N_("Paid in advance"),
    "ADVANCE_BACK": N_("Advance money"),
    "ADVANCE_USE": N_("Advance money used"),
    "SURPLUS": N_("Surplus, kept for you"),
    "ROUNDING": N_("Rounding"),
}
MOVES: Final = {"SAFE_DROP": N_("Cash to the safe"), "CHANGE_FROM_SAFE": N_("Change from the safe")}

T = TypeVar("T")


def compose(document: Document) -> list[Line]:
    """The lines of the paper, not yet broken for a width."""
    safe = _safe(document)
    if isinstance(safe, ReceiptDocument):
        return list(_receipt(safe))
    if isinstance(safe, ShiftReportDocument):
        return list(_shift_report(safe))
    if isinstance(safe, CalibrationDocument):
        return list(_calibration(safe))
    return list(_printer_test(safe))


def _safe(fact: T) -> T:
    """The same facts with every text in them made safe."""
    if isinstance(fact, str):
        return cast(T, safe_text(fact))
    if isinstance(fact, tuple):
        return cast(T, tuple(_safe(part) for part in fact))
    if is_dataclass(fact) and not isinstance(fact, type):
        return replace(fact, **{field.name: _safe(getattr(fact, field.name)) for field in fields(fact)})
    return fact


def _named(names: dict[str, str], key: str) -> str:
    return translate(names[key]) if key in names else key


# --- receipt ---------------------------------------------------------------------------------------------------------


def _head(office: OfficeHead) -> Iterator[Line]:
    yield Words(office.name, Align.CENTRE, Style.STRONG)
    if office.address:
        yield Words(office.address, Align.CENTRE, Style.SMALL)
    if office.phone:
        yield Words(_("Phone {phone}").format(phone=office.phone), Align.CENTRE, Style.SMALL)
    yield Gap(1)
    yield Rule(Stroke.THICK)
    yield Gap(1)


def _titled(title: str, *, copy_no: int) -> Iterator[Line]:
    yield Words(title, Align.CENTRE, Style.TITLE)
    if copy_no:
        yield Gap(1)
        yield Banner(_("COPY NUMBER {copy_no}").format(copy_no=copy_no))
    yield Gap(2)


def _receipt_title(receipt: ReceiptDocument) -> str:
    if receipt.kind == "REFUND":
        return _("MONEY KEPT IN ADVANCE") if _is_kept(receipt) else _("RECEIPT OF REFUND")
    if receipt.reversal or receipt.kind == "REVERSAL":
        return _("RECEIPT OF REVERSAL")
    return _("Receipt for electricity payment")


def _is_kept(receipt: ReceiptDocument) -> bool:
    """The money does not leave: it becomes the customer's advance."""
    return receipt.kind == "REFUND" and receipt.method == "ADVANCE"


def _gives_back(receipt: ReceiptDocument) -> str:
    """Not empty where the money goes to the customer."""
    return "back" if receipt.reversal or receipt.kind in ("REVERSAL", "REFUND") else ""


def _receipt(receipt: ReceiptDocument) -> Iterator[Line]:
    yield from _head(receipt.office)
    yield from _titled(_receipt_title(receipt), copy_no=receipt.copy_no)
    yield Pair(_("Receipt no."), receipt.number, Style.STRONG)
    yield Pair(_("Business day"), day_text(receipt.business_day))
    yield Pair(_("Issued at"), _instant(receipt.issued_at))
    yield Pair(_("Till"), receipt.till_code)
    yield Pair(_("Cashier"), receipt.cashier)
    if receipt.reversal:
        yield from _taken_back(receipt.reversal)
    yield from _bought(receipt)
    yield from _sums(receipt)
    if _gives_back(receipt):
        approver = receipt.reversal.approver if receipt.reversal else ""
        yield from _signatures((_("Customer"), ""), (_("Approved by"), approver))
    yield from _foot(receipt)


def _taken_back(reversal: Reversal) -> Iterator[Line]:
    yield Gap(1)
    yield Rule(Stroke.THIN)
    yield Gap(1)
    if reversal.number:
        yield Pair(_("Takes back receipt no."), reversal.number, Style.STRONG)
    yield Pair(_("Reason"), reversal.reason)
    yield Pair(_("Approved by"), reversal.approver)


def _bought(receipt: ReceiptDocument) -> Iterator[Line]:
    """The bills, customer by customer, then what is no bill; the figures on the right are the ones that add up."""
    for _code, bills in groupby(receipt.lines, key=lambda line: line.customer_code):
        yield Gap(1)
        yield Rule(Stroke.THIN)
        yield Gap(1)
        yield from _customer(list(bills))
    if receipt.other_lines:
        yield Gap(1)
        yield Rule(Stroke.THIN)
        yield Gap(1)
    for other in receipt.other_lines:
        yield Pair(_named(OTHER_KINDS, other.kind), str(other.amount))
        detail = ", ".join(filter(None, (other.customer_code, other.note)))
        if detail:
            yield Words(detail, style=Style.SMALL, indent=1)


def _customer(bills: list[BillLine]) -> Iterator[Line]:
    first = bills[0]
    yield Words(first.customer_code, style=Style.STRONG)
    yield Words(first.customer_name)
    if first.address:
        yield Words(first.address, style=Style.SMALL)
    for bill in bills:
        yield Gap(1)
        kind = _named(KINDS, bill.kind)
        period = _tight(_("period {period}").format(period=bill.period))
        yield Pair(f"{kind}, {period}", str(bill.amount))
        facts = [_tight(_("Bill no. {number}").format(number=bill.bill_number))] if bill.bill_number else []
        if bill.vat:
            facts.append(_("VAT {amount} included").format(amount=bill.vat))
        if facts:
            yield Words(", ".join(facts), style=Style.SMALL, indent=1)


def _sums(receipt: ReceiptDocument) -> Iterator[Line]:
    yield Gap(1)
    yield Rule(Stroke.THICK)
    yield Gap(1)
    if _is_kept(receipt):
        yield Pair(_("KEPT FOR YOU"), str(receipt.due), Style.TOTAL)
    elif _gives_back(receipt):
        yield Pair(_("GIVEN BACK"), str(receipt.due), Style.TOTAL)
    else:
        yield Pair(_("TOTAL"), str(receipt.due), Style.TOTAL)
    if receipt.amount_in_words:
        yield Words(_("In words: {words}").format(words=receipt.amount_in_words))
    yield Gap(1)
    if not _is_kept(receipt):
        yield Pair(_("Paid by"), _named(METHODS, receipt.method))
    if not _gives_back(receipt) and (receipt.method == "CASH" or receipt.tendered != receipt.due):
        yield Pair(_("Tendered"), str(receipt.tendered))
        yield Pair(_("Change"), str(receipt.change), Style.STRONG)


def _foot(receipt: ReceiptDocument) -> Iterator[Line]:
    yield Gap(1)
    yield Rule(Stroke.THIN)
    yield Gap(1)
    yield from _lookup(receipt.lookup)
    if _is_kept(receipt):
        yield Words(_("It pays your coming bills by itself. This paper is not a tax invoice."), Align.CENTRE, Style.SMALL)
    elif _gives_back(receipt):
        yield Words(_("This paper confirms money given back. It is not a tax invoice."), Align.CENTRE, Style.SMALL)
    else:
        yield Words(_("This paper confirms payment. It is not a tax invoice."), Align.CENTRE, Style.SMALL)
    if receipt.invoice_page:
        yield Words(_("Your e-invoice: {page}").format(page=receipt.invoice_page), Align.CENTRE, Style.SMALL)
    for text in receipt.footer:
        yield Words(text, Align.CENTRE, Style.SMALL)
    yield from _journal(receipt.journal_head)


def _lookup(text: str) -> Iterator[Line]:
    """A QR code of printable ASCII; any other text is printed in letters, where everyone sees what it is."""
    if not text:
        return
    if text.isascii() and text.isprintable() and len(text) <= QR_LIMIT:
        yield Qr(text)
        yield Words(_("Scan to look up this receipt"), Align.CENTRE, Style.SMALL)
    else:
        yield Words(text, Align.CENTRE, Style.SMALL)
    yield Gap(1)


def _journal(head: str) -> Iterator[Line]:
    if head:
        yield Gap(1)
        yield Words(_("Journal {head}").format(head=head), Align.CENTRE, Style.SMALL)


def _signatures(*people: tuple[str, str]) -> Iterator[Line]:
    """Room to sign: who signs above, the name below."""
    yield Gap(2)
    (left, left_name), (right, right_name) = people
    yield Pair(left, right, Style.STRONG)
    yield Gap(6)
    if left_name or right_name:
        yield Pair(left_name, right_name)


def _instant(at: datetime) -> str:
    return _tight(local_text(at))


def _tight(text: str) -> str:
    """`text` that does not break over two lines."""
    return text.replace(" ", NO_BREAK)


# --- shift -----------------------------------------------------------------------------------------------------------


def _shift_report(report: ShiftReportDocument) -> Iterator[Line]:
    yield from _head(report.office)
    title = _("Hand-over of a shift") if report.receiver else _("Shift report (X)")
    yield from _titled(title, copy_no=report.copy_no)
    yield Pair(_("Till"), report.till_code, Style.STRONG)
    yield Pair(_("Cashier"), report.cashier)
    yield Pair(_("Business day"), day_text(report.business_day))
    yield Pair(_("Shift opened"), _instant(report.opened_at))
    yield Pair(_("Issued at"), _instant(report.printed_at))
    yield from _section(_("Money taken"))
    for taken in report.taken:
        count = _tight(_("{count} receipts").format(count=taken.count))
        yield Pair(f"{_named(METHODS, taken.method)}, {count}", str(taken.amount))
    yield from _section(_("Cash in the drawer"))
    yield Pair(_("Float"), str(report.float_amount))
    for move in report.moves:
        yield Pair(_named(MOVES, move.kind), str(move.amount))
        if move.reason:
            yield Words(move.reason, style=Style.SMALL, indent=1)
    if report.expected is not None:
        yield Pair(_("Expected"), str(report.expected), Style.STRONG)
    yield from _counted(report)
    if report.receiver:
        yield from _signatures((_("Handed over by"), report.cashier), (_("Received by"), report.receiver))
    yield from _journal(report.journal_head)


def _section(title: str) -> Iterator[Line]:
    yield Gap(1)
    yield Rule(Stroke.THIN)
    yield Gap(1)
    yield Words(title, style=Style.STRONG)


def _counted(report: ShiftReportDocument) -> Iterator[Line]:
    if report.counted:
        yield from _section(_("Counted by notes"))
        for row in report.counted:
            label = f"{group_digits(row.note)} × {group_digits(row.pieces)}"
            yield Pair(label, str(Dong(row.note * row.pieces)))
        yield Pair(_("Counted"), str(Dong(sum(row.note * row.pieces for row in report.counted))), Style.STRONG)
    if report.difference is None:
        return
    yield Gap(1)
    yield Rule(Stroke.THICK)
    yield Gap(1)
    yield Pair(_difference_name(report.difference), str(abs(report.difference)), Style.TOTAL)
    if report.difference_reason:
        yield Pair(_("Reason"), report.difference_reason)
    if report.approver:
        yield Pair(_("Approved by"), report.approver)


def _difference_name(difference: Dong) -> str:
    if difference < 0:
        return _("SHORTAGE")
    return _("OVERAGE") if difference > 0 else _("DIFFERENCE")


# --- printer test ----------------------------------------------------------------------------------------------------


def _printer_test(test: PrinterTestDocument) -> Iterator[Line]:
    """Everything that goes wrong on a printer: letters, widths, the right edge, white on black, QR."""
    yield from _head(test.office)
    yield from _titled(_("Printer test"), copy_no=0)
    yield Pair(_("Till"), test.till_code)
    yield Pair(_("Printer"), test.printer)
    yield Pair(_("Issued at"), _instant(test.printed_at))
    yield from _section(_("Every letter"))
    half = len(VIETNAMESE) // 2
    for letters in (VIETNAMESE[:half], VIETNAMESE[half:]):
        yield Words(" ".join(letters[start : start + 6] for start in range(0, len(letters), 6)))
    yield Words("0123456789 ₫ % + - . , : / ( )")
    yield from _section(_("Figures end at the right edge"))
    for amount in (Dong(1), Dong(12_345), Dong(1_234_567), Dong(1_000_000_000)):
        yield Pair(_("Amount"), str(amount))
    yield Pair(_("TOTAL"), str(Dong(1_001_246_913)), Style.TOTAL)
    yield Gap(1)
    yield Banner(_("White on black"))
    yield Gap(1)
    yield Qr("QUAY 0123456789")
    yield Words(_("If everything above is clear, the printer is ready."), Align.CENTRE, Style.SMALL)


def _calibration(page: CalibrationDocument) -> Iterator[Line]:
    """What the calibration page asks; the page itself is made of operations and not of lines."""
    yield from _titled(_("Calibration page"), copy_no=0)
    for question in questions(page.pages):
        yield Words(question.ask)
        yield Gap(1)
