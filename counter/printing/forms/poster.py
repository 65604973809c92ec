"""The poster at the door: an A4 sheet that is read from two metres away."""

from __future__ import annotations

from typing import Final

from counter.clock import day_text
from counter.locale import speaking
from counter.locale import translate as _
from counter.printing.compose.door import no_slots_words, room_words, rules_of_distance, slot_words
from counter.printing.documents import PosterDocument, PosterSlot
from counter.printing.forms.sheet import A4, MARGIN, MM, Sheet
from counter.printing.layout import Style
from counter.printing.ops import QR_LIMIT
from counter.printing.qr import QUIET, qr_matrix

_ROOM: Final = A4[0] - 2 * MARGIN
_QR_SIDE: Final = 54.0


def poster_pdf(paper: PosterDocument) -> bytes:
    """The slots of a day in two columns, what is suspended, how to keep distance, where to book."""
    with speaking(paper.layout.lang):
        title = paper.layout.title or _("Opening times")
        sheet = Sheet(A4, title=f"{title} {day_text(paper.day)}")
        y = _head(sheet, paper, title)
        if paper.closed:
            y = _bar(sheet, _("CLOSED: {reason}").format(reason=paper.closed), y=y, grey=0.0)
        elif not paper.slots:
            y = sheet.paragraph(no_slots_words(), x=MARGIN, y=y + 18, room=_ROOM, size=16, align="centre")
        y = _slots(sheet, paper.slots, y=y)
        for text in paper.suspended:
            y = _bar(sheet, _("Suspended: {what}").format(what=text), y=y, grey=0.88)
        _distance(sheet, paper, y=max(y + 6, 200))
        return sheet.finished()


def _head(sheet: Sheet, paper: PosterDocument, title: str) -> float:
    sheet.put(paper.office.name, x=MARGIN, y=17, room=_ROOM, size=14, style=Style.STRONG, align="centre")
    if paper.office.address and "address" not in paper.layout.hide:
        sheet.put(paper.office.address, x=MARGIN, y=23, room=_ROOM, size=11, align="centre")
    sheet.rule(x=MARGIN, y=28, room=_ROOM, weight=1.4)
    sheet.put(title.upper(), x=MARGIN, y=42, room=_ROOM, size=30, style=Style.STRONG, align="centre")
    sheet.put(day_text(paper.day), x=MARGIN, y=54, room=_ROOM, size=22, align="centre")
    y = 60.0
    for line in paper.layout.header:
        sheet.put(line, x=MARGIN, y=y, room=_ROOM, size=11, align="centre")
        y += 5
    return y


def _slots(sheet: Sheet, slots: tuple[PosterSlot, ...], *, y: float) -> float:
    """Two columns, read downwards; a slot that takes nobody is grey and says why."""
    if not slots:
        return y
    half = (len(slots) + 1) // 2
    high = min(13.0, 125 / half)
    wide = (_ROOM - 8) / 2
    for place, slot in enumerate(slots):
        x = MARGIN + (place // half) * (wide + 8)
        top = y + (place % half) * (high + 1.2)
        usable = slot.free and not slot.note
        sheet.box(x=x, y=top, wide=wide, high=high, grey=1.0 if usable else 0.9)
        base = top + high / 2 + 1.9
        sheet.put(slot.slot, x=x + 4, y=base, room=wide * 0.45, size=15, style=Style.STRONG if usable else Style.NORMAL)
        sheet.put(slot_words(slot), x=x + wide * 0.48, y=base, room=wide * 0.52 - 4, size=12, align="right")
    return y + half * (high + 1.2)


def _bar(sheet: Sheet, text: str, *, y: float, grey: float) -> float:
    """A text over the whole width that nobody overlooks."""
    sheet.box(x=MARGIN, y=y + 2, wide=_ROOM, high=12, grey=grey)
    if grey < 0.5:
        sheet.canvas.setFillGray(1)
    sheet.put(text, x=MARGIN + 4, y=y + 10, room=_ROOM - 8, size=14, style=Style.STRONG, align="centre")
    sheet.canvas.setFillGray(0)
    return y + 15


def _distance(sheet: Sheet, paper: PosterDocument, *, y: float) -> None:
    """How many may be inside and how to wait; the code to book on the right, the office's own words at the end."""
    sheet.rule(x=MARGIN, y=y, room=_ROOM, weight=1.4)
    has_code = bool(paper.lookup) and "lookup" not in paper.layout.hide and paper.lookup.isascii()
    room = _ROOM - (_QR_SIDE + 8 if has_code else 0)
    if has_code:
        _code(sheet, paper.lookup, x=A4[0] - MARGIN - _QR_SIDE, y=y + 4)
    line = y + 11
    if paper.room_cap:
        line = sheet.paragraph(room_words(paper.room_cap), x=MARGIN, y=line, room=room, size=18, style=Style.STRONG, most=2)
    if "rules" not in paper.layout.hide:
        for number, text in enumerate(paper.rules or rules_of_distance(), start=1):
            line = sheet.paragraph(f"{number}. {text}", x=MARGIN, y=line + 2, room=room, size=15, most=2)
    end = A4[1] - 10 - 5 * len(paper.layout.footer)
    for text in paper.layout.footer:
        sheet.put(text, x=MARGIN, y=end, room=_ROOM, size=11, align="centre")
        end += 5


def _code(sheet: Sheet, text: str, *, x: float, y: float) -> None:
    """The modules as one path, so that no viewer shows hair lines between them."""
    if not (text.isprintable() and len(text) <= QR_LIMIT):
        return
    matrix = qr_matrix(text)
    module = _QR_SIDE / (len(matrix) + 2 * QUIET)
    path = sheet.canvas.beginPath()
    for down, row in enumerate(matrix):
        for right, dark in enumerate(row):
            if dark:
                top = sheet.high - y - (down + QUIET + 1) * module
                path.rect((x + (right + QUIET) * module) * MM, top * MM, module * MM, module * MM)
    sheet.canvas.drawPath(path, stroke=0, fill=1)
    sheet.put(_("Scan to book a time"), x=x, y=y + _QR_SIDE + 2, room=_QR_SIDE, size=10, align="centre")
