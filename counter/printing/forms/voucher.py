"""Phiếu thu 01-TT and Biên lai thu tiền 06-TT: half a sheet each, or both copies on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from counter.locale import speaking
from counter.locale import translate as _
from counter.printing.documents import Size
from counter.printing.forms.facts import CashReceiptForm, CashVoucherForm
from counter.printing.forms.sheet import A4, A5, MARGIN, SMALL, Sheet, form_head, long_day, signatures, usual_regulation
from counter.printing.layout import Style

_ROOM = A5[0] - 2 * MARGIN

F = TypeVar("F", CashVoucherForm, CashReceiptForm)


def voucher_pdf(form: CashVoucherForm, *, size: Size = "a5") -> bytes:
    """Phiếu thu. On A4 twice: for the books and for the payer."""
    with speaking(form.layout.lang):
        return _twice(form, _voucher, size=size, title=form.layout.title or _("CASH VOUCHER"))


def receipt_pdf(form: CashReceiptForm, *, size: Size = "a5") -> bytes:
    """Biên lai thu tiền. On A4 twice: for the books and for the payer."""
    with speaking(form.layout.lang):
        return _twice(form, _receipt, size=size, title=form.layout.title or _("RECEIPT OF MONEY"))


def _twice(form: F, draw: Callable[[Sheet, F], None], *, size: Size, title: str) -> bytes:
    sheet = Sheet(A5 if size == "a5" else A4, title=title, office=form.office, day=form.day)
    if size == "a5":
        draw(sheet, form)
        return sheet.finished()
    for copy in (1, 2):
        sheet.down = (copy - 1) * A5[1]
        if copy == 2:
            sheet.dots(x=6, y=0, room=A4[0] - 12)
        draw(sheet, form)
        sheet.put(_("Copy {copy}").format(copy=copy), x=MARGIN, y=7.5, room=_ROOM, size=SMALL, align="right")
    return sheet.finished()


def _title(sheet: Sheet, title: str, day: str, numbers: tuple[tuple[str, str], ...]) -> None:
    """The title in the middle, the day below it, the numbers on the right."""
    sheet.put(title, x=MARGIN + 40, y=39, room=_ROOM - 80, size=18, style=Style.STRONG, align="centre")
    sheet.put(day, x=MARGIN + 40, y=45.5, room=_ROOM - 80, size=10, align="centre")
    y = 34.5
    for label, value in numbers:
        sheet.put(label, x=150, y=y, room=20, size=9.5)
        sheet.dots(x=166, y=y + 0.9, room=29)
        sheet.put(value, x=166, y=y, room=29, size=9.5, style=Style.STRONG)
        y += 5


def _voucher(sheet: Sheet, form: CashVoucherForm) -> None:
    form_head(sheet, form.office, form.layout, form="01-TT", usual=usual_regulation())
    numbers = ((_("Book no."), form.book), (_("No."), form.number), (_("Debit"), form.debit), (_("Credit"), form.credit))
    _title(sheet, form.layout.title or _("CASH VOUCHER"), long_day(form.day), numbers)
    y = 59.0
    y = sheet.blank(_("Full name of the payer:"), form.payer, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("Address:"), form.payer_address, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("Reason of payment:"), form.reason, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("Amount:"), str(form.amount), x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("(In words):"), form.amount_in_words, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("With it:"), form.attached, x=MARGIN, y=y, room=_ROOM)
    sheet.put(long_day(form.day), x=MARGIN, y=y, room=_ROOM, size=10, align="right")
    signed = _("(signature, full name)")
    people = (
        (_("Director"), _("(signature, full name, seal)"), ""),
        (_("Chief accountant"), signed, ""),
        (_("Payer"), signed, ""),
        (_("Made by"), signed, form.maker),
        (_("Treasurer"), signed, form.treasurer),
    )
    signatures(sheet, people, y=y + 5.5, gap=22)
    sheet.blank(_("All the money was received (in words):"), "", x=MARGIN, y=y + 35, room=_ROOM)


def _receipt(sheet: Sheet, form: CashReceiptForm) -> None:
    form_head(sheet, form.office, form.layout, form="06-TT", usual=usual_regulation())
    numbers = ((_("Book no."), form.book), (_("No."), form.number))
    _title(sheet, form.layout.title or _("RECEIPT OF MONEY"), long_day(form.day), numbers)
    y = 60.0
    y = sheet.blank(_("Full name of the payer:"), form.payer, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("Address:"), form.payer_address, x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("Taken for:"), form.content, x=MARGIN, y=y, room=_ROOM, rows=2)
    y = sheet.blank(_("Amount taken:"), str(form.amount), x=MARGIN, y=y, room=_ROOM)
    y = sheet.blank(_("(In words):"), form.amount_in_words, x=MARGIN, y=y, room=_ROOM)
    signed = _("(signature, full name)")
    signatures(sheet, ((_("Payer"), signed, ""), (_("Money taken by"), signed, form.collector)), y=y + 4, gap=26)
