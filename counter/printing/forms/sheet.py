"""A sheet to write on: millimetres from the left upper corner, text that never leaves its room, lines to fill in.

The same facts give the same bytes: no clock, no random id.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from counter.clock import LOCAL
from counter.locale import language
from counter.locale import translate as _
from counter.printing.documents import Layout, OfficeHead
from counter.printing.layout import Style, wrap
from counter.printing.pdf import face_of, register_faces, sign
from counter.printing.template import unpack
from counter.text import safe_text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MM: Final = 72 / 25.4
A5: Final = (210.0, 148.0)
A4: Final = (210.0, 297.0)
MARGIN: Final = 15.0
BODY: Final = 11.0
SMALL: Final = 8.5
_SMALLEST: Final = 6.0
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Face:
    """Letters of a size (points); measures in millimetres, as `layout.wrap` wants it."""

    size: float
    style: Style = Style.NORMAL
    width: float = 0.0
    step: float = 0.0

    def measure(self, text: str, style: Style) -> float:
        return _wide(text, face_of(style), self.size)


@lru_cache(maxsize=4096)
def _wide(text: str, face: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    register_faces()
    return float(stringWidth(text, face, size)) / MM


def rows_of(text: str, *, room: float, size: float, style: Style = Style.NORMAL, most: int = 4) -> int:
    """How many lines `Sheet.paragraph` makes of a text."""
    return len(_broken(safe_text(text), room=room, size=size, style=style, most=most))


class Sheet:
    """One page or more of a size in millimetres. `down` moves the origin: the second form on a sheet stands lower."""

    def __init__(self, size: tuple[float, float], *, title: str, office: OfficeHead, day: date) -> None:
        from reportlab.pdfgen.canvas import Canvas

        register_faces()
        self.wide, self.high = size
        self.down = 0.0
        self._file = io.BytesIO()
        self.canvas: Canvas = Canvas(self._file, pagesize=(self.wide * MM, self.high * MM), invariant=1, lang=language())
        sign(self.canvas, title=title, author=office.name, at=datetime.combine(day, time(), LOCAL))

    def finished(self) -> bytes:
        """The PDF."""
        self.canvas.showPage()
        self.canvas.save()
        return self._file.getvalue()

    def put(
        self,
        text: str,
        *,
        x: float,
        y: float,
        room: float,
        size: float = BODY,
        style: Style = Style.NORMAL,
        align: Align = "left",
    ) -> None:
        """One line whose base stands at `y`; smaller letters where it would leave its `room`, and at last an ellipsis."""
        text = safe_text(text)
        wide = Face(size).measure(text, style)
        if wide > room:
            size = max(_SMALLEST, size * room / wide)
            while text and Face(size).measure(text, style) > room + 0.01:
                text = text.rstrip("…")[:-1].rstrip() + "…" if len(text) > 1 else ""
        self.canvas.setFont(face_of(style), size)
        base = (self.high - self.down - y) * MM
        if align == "centre":
            self.canvas.drawCentredString((x + room / 2) * MM, base, text)
        elif align == "right":
            self.canvas.drawRightString((x + room) * MM, base, text)
        else:
            self.canvas.drawString(x * MM, base, text)

    def paragraph(
        self,
        text: str,
        *,
        x: float,
        y: float,
        room: float,
        size: float = BODY,
        style: Style = Style.NORMAL,
        align: Align = "left",
        leading: float = 1.4,
        most: int = 4,
    ) -> float:
        """Lines broken between words from base `y` down, at most so many; returns the base below the last."""
        for line in _broken(safe_text(text), room=room, size=size, style=style, most=most):
            self.put(line, x=x, y=y, room=room, size=size, style=style, align=align)
            y += size * leading / MM
        return y

    def blank(self, label: str, value: str, *, x: float, y: float, room: float, rows: int = 1) -> float:
        """A label and what is filled in, on dotted lines; the first line begins after the label. Returns the next base."""
        self.put(label, x=x, y=y, room=room)
        start = Face(BODY).measure(label, Style.NORMAL) + 1.5
        texts = _filled(safe_text(value), first=room - start, room=room, rows=rows)
        for row in range(rows):
            left = x + (start if row == 0 else 0)
            wide = room - (start if row == 0 else 0)
            self.dots(x=left, y=y + 1, room=wide)
            self.put(texts[row] if row < len(texts) else "", x=left + 0.5, y=y, room=wide - 0.5, style=Style.STRONG)
            y += 7.4
        return y

    def rule(self, *, x: float, y: float, room: float, weight: float = 0.5) -> None:
        """A line across."""
        self.canvas.setDash([])
        self.canvas.setLineWidth(weight)
        base = (self.high - self.down - y) * MM
        self.canvas.line(x * MM, base, (x + room) * MM, base)

    def dots(self, *, x: float, y: float, room: float) -> None:
        """A dotted line to write on."""
        self.canvas.setLineWidth(0.5)
        self.canvas.setDash([0.5, 1.8])
        base = (self.high - self.down - y) * MM
        self.canvas.line(x * MM, base, (x + room) * MM, base)
        self.canvas.setDash([])

    def box(self, *, x: float, y: float, wide: float, high: float, grey: float | None = None) -> None:
        """A frame with its left upper corner at (x, y), filled where `grey` (0 black, 1 white) is given."""
        self.canvas.setLineWidth(0.6)
        if grey is not None:
            self.canvas.setFillGray(grey)
        self.canvas.rect(
            x * MM, (self.high - self.down - y - high) * MM, wide * MM, high * MM, stroke=1, fill=int(grey is not None)
        )
        self.canvas.setFillGray(0)


def _broken(text: str, *, room: float, size: float, style: Style, most: int) -> list[str]:
    """The words in at most `most` lines; the last takes what is left, and `put` makes it fit."""
    lines = wrap(text, room=room, style=style, ruler=Face(size)) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], " ".join(lines[most - 1 :])]


def _filled(text: str, *, first: float, room: float, rows: int) -> list[str]:
    """A value over `rows` lines of which the first is shorter."""
    lines = wrap(text, room=first, style=Style.STRONG, ruler=Face(BODY))
    if len(lines) <= 1 or rows == 1:
        return [text]
    rest = " ".join(lines[1:])
    return [lines[0], *_broken(rest, room=room, size=BODY, style=Style.STRONG, most=rows - 1)]


# --- what the forms share --------------------------------------------------------------------------------------------


def form_head(sheet: Sheet, office: OfficeHead, layout: Layout, *, form: str, usual: Sequence[str]) -> None:
    """Who the form is from on the left, which form it is on the right."""
    left = MARGIN
    if layout.logo:
        left += _logo(sheet, layout.logo)
    room = 105 - left
    y = 15.5
    sheet.put(_("Unit: {name}").format(name=office.name), x=left, y=y, room=room, style=Style.STRONG)
    if office.address and "address" not in layout.hide:
        y = sheet.paragraph(
            _("Address: {address}").format(address=office.address), x=left, y=y + 5, room=room, size=SMALL + 0.5, most=2
        )
    right, wide = 112.0, 210 - MARGIN - 112
    sheet.put(_("Form no. {form}").format(form=form), x=right, y=15.5, room=wide, style=Style.STRONG, align="centre")
    y = 20.0
    for line in layout.header or usual:
        sheet.put(line, x=right, y=y, room=wide, size=SMALL, align="centre")
        y += 4


def _logo(sheet: Sheet, packed: str) -> float:
    """The logo at the left upper corner; returns the room it takes."""
    from reportlab.lib.utils import ImageReader

    from counter.printing.dots import Bitmap
    from counter.printing.picture import image_of

    logo = unpack(packed)
    rows = len(logo.data) // (logo.dots // 8)
    wide = min(24.0, 14.0 * logo.dots / rows)
    high = wide * rows / logo.dots
    picture = ImageReader(image_of(Bitmap(logo.dots, logo.data)).convert("L"))
    top = (sheet.high - sheet.down - 11) * MM
    sheet.canvas.drawImage(picture, MARGIN * MM, top - high * MM, wide * MM, high * MM)
    return wide + 3


def usual_regulation() -> tuple[str, ...]:
    """Under the number of the form, where the office says nothing else."""
    return (_("(Circular 99/2025/TT-BTC"), _("of 27 October 2025, Ministry of Finance)"))


def long_day(day: date) -> str:
    """`Ngày 24 tháng 11 năm 2026`."""
    return _("Day {day} month {month} year {year}").format(day=f"{day:%d}", month=f"{day:%m}", year=f"{day:%Y}")


def signatures(sheet: Sheet, people: Sequence[tuple[str, str, str]], *, y: float, gap: float) -> None:
    """Who signs, side by side: (as whom, how, name); the name `gap` millimetres below."""
    room = (sheet.wide - 2 * MARGIN) / len(people)
    for place, (role, how, name) in enumerate(people):
        x = MARGIN + place * room
        sheet.put(role, x=x, y=y, room=room - 2, size=10, style=Style.STRONG, align="centre")
        sheet.put(how, x=x, y=y + 4.5, room=room - 2, size=SMALL, align="centre")
        sheet.put(name, x=x, y=y + gap, room=room - 2, size=10, style=Style.STRONG, align="centre")
