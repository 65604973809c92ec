"""The poster at the door: an A4 sheet that is read from two metres away."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from counter.clock import day_text
from counter.locale import speaking
from counter.locale import translate as _
from counter.printing.compose.door import no_slots_words, room_words, rules_of_distance, slot_words
from counter.printing.documents import PosterDocument, PosterSlot
from counter.printing.forms.sheet import A4, MARGIN, MM, Sheet, rows_of
from counter.printing.layout import Style
from counter.printing.ops import QR_LIMIT
from counter.printing.qr import QUIET, qr_matrix

_ROOM: Final = A4[0] - 2 * MARGIN
_QR_SIDE: Final = 54.0
_BAR: Final = 15.0
_BETWEEN: Final = 1.2
_SCALES: Final = (1.0, 0.85, 0.7, 0.6)
"""Sizes that are tried until everything stands on the sheet."""
_ROW_LEAST: Final = 5.5
"""Millimetres of a slot that is still read from two metres away."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How large everything is: words by `scale`, slots in so many columns of so high rows."""

    scale: float
    columns: int = 2
    high: float = 0.0


def poster_pdf(paper: PosterDocument) -> bytes:
    """The slots of a day in columns, what is suspended, how to keep distance, where to book: always on one sheet."""
    with speaking(paper.layout.lang):
        title = paper.layout.title or _("Opening times")
        sheet = Sheet(A4, title=f"{title} {day_text(paper.day)}", office=paper.office, day=paper.day)
        y = _head(sheet, paper, title)
        plan = _planned(paper, y=y)
        if paper.closed:
            y = _bar(sheet, _("CLOSED: {reason}").format(reason=paper.closed), y=y, grey=0.0, scale=plan.scale)
        elif not paper.slots:
            y = sheet.paragraph(no_slots_words(), x=MARGIN, y=y + 18, room=_ROOM, size=16, align="centre")
        y = _slots(sheet, paper.slots, y=y, plan=plan)
        for text in paper.suspended:
            y = _bar(sheet, _("Suspended: {what}").format(what=text), y=y, grey=0.88, scale=plan.scale)
        _distance(sheet, paper, y=max(y + 6 * plan.scale, 200 if plan.scale == 1 else 0), scale=plan.scale)
        return sheet.finished()


def _planned(paper: PosterDocument, *, y: float) -> _Plan:
    """The largest letters with which the sheet is long enough; rather three columns of slots than smaller words."""
    end = A4[1] - 10 - 5 * len(paper.layout.footer)
    bars = len(paper.suspended) + bool(paper.closed)
    for scale in _SCALES:
        room = end - y - (18 if not paper.slots else 0) - bars * _BAR * scale - 6 * scale - _below(paper, scale)
        for columns in (2, 3):
            rows = ceil(len(paper.slots) / columns)
            high = min(13.0, 125 / rows, room / rows - _BETWEEN) if rows else room
            if high >= (_ROW_LEAST if rows else 0):
                return _Plan(scale, columns, high)
    return _Plan(_SCALES[-1], 3, max(room / max(rows, 1) - _BETWEEN, 3.0))


def _below(paper: PosterDocument, scale: float) -> float:
    """The height of what stands below the slots: how many may be inside, the rules, the code."""
    room = _ROOM - (_QR_SIDE + 8 if _has_code(paper) else 0)
    high = 11.0 * scale
    if paper.room_cap:
        rows = rows_of(room_words(paper.room_cap), room=room, size=18 * scale, style=Style.STRONG, most=2)
        high += rows * 18 * scale * 1.4 / MM
    for text in _rules(paper):
        high += 2 * scale + rows_of(text, room=room, size=15 * scale, most=2) * 15 * scale * 1.4 / MM
    return max(high, _QR_SIDE + 8 if _has_code(paper) else 0)


def _has_code(paper: PosterDocument) -> bool:
    return bool(paper.lookup) and "lookup" not in paper.layout.hide and paper.lookup.isascii()


def _rules(paper: PosterDocument) -> list[str]:
    if "rules" in paper.layout.hide:
        return []
    return [f"{number}. {text}" for number, text in enumerate(paper.rules or rules_of_distance(), start=1)]


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


def _slots(sheet: Sheet, slots: tuple[PosterSlot, ...], *, y: float, plan: _Plan) -> float:
    """Columns, read downwards; a slot that takes nobody is grey and says why."""
    if not slots:
        return y
    rows = ceil(len(slots) / plan.columns)
    wide = (_ROOM - 8 * (plan.columns - 1)) / plan.columns
    large, small = min(15.0, 2.1 * plan.high), min(12.0, 1.7 * plan.high)
    for place, slot in enumerate(slots):
        x = MARGIN + (place // rows) * (wide + 8)
        top = y + (place % rows) * (plan.high + _BETWEEN)
        usable = slot.free and not slot.note
        sheet.box(x=x, y=top, wide=wide, high=plan.high, grey=1.0 if usable else 0.9)
        base = top + plan.high / 2 + large * 0.127
        sheet.put(slot.slot, x=x + 4, y=base, room=wide * 0.45, size=large, style=Style.STRONG if usable else Style.NORMAL)
        sheet.put(slot_words(slot), x=x + wide * 0.48, y=base, room=wide * 0.52 - 4, size=small, align="right")
    return y + rows * (plan.high + _BETWEEN)


def _bar(sheet: Sheet, text: str, *, y: float, grey: float, scale: float) -> float:
    """A text over the whole width that nobody overlooks."""
    sheet.box(x=MARGIN, y=y + 2 * scale, wide=_ROOM, high=12 * scale, grey=grey)
    if grey < 0.5:
        sheet.canvas.setFillGray(1)
    size = 14 * scale
    sheet.put(text, x=MARGIN + 4, y=y + 10 * scale, room=_ROOM - 8, size=size, style=Style.STRONG, align="centre")
    sheet.canvas.setFillGray(0)
    return y + _BAR * scale


def _distance(sheet: Sheet, paper: PosterDocument, *, y: float, scale: float) -> None:
    """How many may be inside and how to wait; the code to book on the right, the office's own words at the end."""
    sheet.rule(x=MARGIN, y=y, room=_ROOM, weight=1.4)
    room = _ROOM - (_QR_SIDE + 8 if _has_code(paper) else 0)
    if _has_code(paper):
        _code(sheet, paper.lookup, x=A4[0] - MARGIN - _QR_SIDE, y=y + 4)
    line = y + 11 * scale
    if paper.room_cap:
        words, size = room_words(paper.room_cap), 18 * scale
        line = sheet.paragraph(words, x=MARGIN, y=line, room=room, size=size, style=Style.STRONG, most=2)
    for text in _rules(paper):
        line = sheet.paragraph(text, x=MARGIN, y=line + 2 * scale, room=room, size=15 * scale, most=2)
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
