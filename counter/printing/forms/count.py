"""Bảng kiểm kê quỹ 08a-TT, for đồng: what the books say, what lies there note by note, the difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counter.clock import LOCAL, local_day
from counter.locale import speaking
from counter.locale import translate as _
from counter.money import NOTES, Dong, group_digits
from counter.printing.forms.facts import CashCountForm
from counter.printing.forms.sheet import A4, MARGIN, Sheet, form_head, long_day, signatures, usual_regulation
from counter.printing.layout import Style

_ROOM: Final = A4[0] - 2 * MARGIN
_COLUMNS: Final = (16.0, 84.0, 34.0, 46.0)
_ROW: Final = 7.2


def count_pdf(form: CashCountForm) -> bytes:
    """The form on a sheet of A4. Row III is I less II: a shortage is positive, as the form has it."""
    with speaking(form.layout.lang):
        title = form.layout.title or _("CASH COUNT")
        sheet = Sheet(A4, title=title, office=form.office, day=local_day(form.counted_at))
        form_head(sheet, form.office, form.layout, form="08a-TT", usual=usual_regulation())
        sheet.put(title, x=MARGIN, y=43, room=_ROOM, size=18, style=Style.STRONG, align="centre")
        sheet.put(_("(for VND)"), x=MARGIN, y=49, room=_ROOM, size=10, align="centre")
        sheet.put(_("No. {number}").format(number=form.number), x=MARGIN, y=55, room=_ROOM, size=10, align="centre")
        y = _table(sheet, form, y=_people(sheet, form, y=65))
        y = sheet.blank(_("Reason of a surplus:"), form.reason if form.difference < 0 else "", x=MARGIN, y=y + 9, room=_ROOM)
        y = sheet.blank(_("Reason of a shortage:"), form.reason if form.difference > 0 else "", x=MARGIN, y=y, room=_ROOM)
        y = sheet.blank(_("Conclusion after the count:"), _conclusion(form), x=MARGIN, y=y, room=_ROOM, rows=2)
        signed = _("(signature, full name)")
        people = (
            (_("Chief accountant"), signed, ""),
            (_("Treasurer"), signed, form.treasurer),
            (_("In charge of the count"), signed, form.in_charge),
        )
        signatures(sheet, people, y=y + 4, gap=28)
        return sheet.finished()


def _people(sheet: Sheet, form: CashCountForm, *, y: float) -> float:
    at = form.counted_at.astimezone(LOCAL)
    when = _("Today, at {hour} h {minute}, {day}").format(
        hour=f"{at:%H}", minute=f"{at:%M}", day=long_day(at.date()).lower()
    )
    sheet.put(when, x=MARGIN, y=y, room=_ROOM)
    sheet.put(_("We are:"), x=MARGIN, y=y + 6.5, room=_ROOM)
    y += 13
    for name, role in form.people:
        sheet.put(f"– {name}", x=MARGIN + 6, y=y, room=80, style=Style.STRONG)
        sheet.put(role, x=MARGIN + 92, y=y, room=_ROOM - 92)
        y += 6
    sheet.put(_("counted the cash together; the result:"), x=MARGIN, y=y + 1, room=_ROOM)
    return y + 5


def _rows(form: CashCountForm) -> Iterator[tuple[str, str, str, str]]:
    """Number, what it is, pieces, money. Notes in use stand here even where there are none."""
    yield "I", _("Balance by the cash book"), "×", str(form.in_the_books)
    pieces = {row.note: row.pieces for row in form.counted}
    yield "II", _("Counted in fact"), group_digits(sum(pieces.values())), str(form.found)
    shown = [note for note in NOTES if note >= 1_000 or pieces.get(note)]
    for number, note in enumerate([*shown, *sorted(set(pieces) - set(shown), reverse=True)], start=1):
        label = _("– notes of {note}").format(note=group_digits(note))
        yield str(number), label, group_digits(pieces.get(note, 0)), str(Dong(note * pieces.get(note, 0)))
    yield "III", _("Difference (III = I – II)"), "×", str(form.difference)


def _table(sheet: Sheet, form: CashCountForm, *, y: float) -> float:
    heads = (_("Item no."), _("Description"), _("Pieces (notes)"), _("Money"))
    _line(sheet, heads, y=y, style=Style.STRONG, grey=0.92, centred="all")
    y += _ROW
    for row in _rows(form):
        loud = row[0] in ("I", "II", "III")
        _line(sheet, row, y=y, style=Style.STRONG if loud else Style.NORMAL)
        y += _ROW
    return y


def _line(
    sheet: Sheet, cells: tuple[str, ...], *, y: float, style: Style, grey: float | None = None, centred: str = ""
) -> None:
    x = MARGIN
    for place, (cell, wide) in enumerate(zip(cells, _COLUMNS, strict=True)):
        sheet.box(x=x, y=y, wide=wide, high=_ROW, grey=grey)
        middle = centred or place == 0
        align = "centre" if middle else "left" if place == 1 else "right"
        sheet.put(cell, x=x + 2, y=y + 5, room=wide - 4, size=10, style=style, align=align)  # type: ignore[arg-type]
        x += wide


def _conclusion(form: CashCountForm) -> str:
    if form.difference > 0:
        return _("The cash is {amount} short.").format(amount=form.difference)
    if form.difference < 0:
        return _("There is {amount} too much cash.").format(amount=abs(form.difference))
    return _("The cash is as the book says.")
