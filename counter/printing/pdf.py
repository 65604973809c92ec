"""A paper as a PDF of real text in the bundled typeface: an 80 mm strip as long as it needs, for mail and archive.

The same document gives the same bytes: no clock, no random id.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counter.clock import LOCAL
from counter.locale import language
from counter.printing.compose import compose, lang_of
from counter.printing.documents import Document
from counter.printing.dots import Bitmap
from counter.printing.layout import Align, Banner, Gap, Line, Logo, Pair, Qr, Rule, Stroke, Style, Words, fit
from counter.printing.picture import image_of
from counter.printing.qr import QUIET, qr_matrix
from counter.printing.typeface import ASCENT, BOLD, DESCENT, REGULAR, SCALE, file_of
from counter.text import safe_text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MILLIMETRE: Final = 72 / 25.4
_PAPER: Final = 80 * _MILLIMETRE
_MARGIN: Final = 5 * _MILLIMETRE
_BODY: Final = 8.5
_MODULE: Final = 2.4
_DOT: Final = 72 / 203
"""A dot of a thermal printer, in points."""
_STROKES: Final = {Stroke.DOTTED: 0.4, Stroke.THIN: 0.5, Stroke.THICK: 1.2}
_FACES: Final = {REGULAR: "NotoSans", BOLD: "NotoSans-Bold"}


PROGRAM: Final = "Quầy"
"""Who made the file, for viewers that show it."""


@dataclass(frozen=True, slots=True)
class Points:
    """The strip inside its margins, in points."""

    width: float = _PAPER - 2 * _MARGIN
    step: float = _BODY

    def size(self, style: Style) -> float:
        """Points to the em."""
        return _BODY * SCALE[style]

    def measure(self, text: str, style: Style) -> float:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        register_faces()
        return float(stringWidth(text, face_of(style), self.size(style)))


def face_of(style: Style) -> str:
    """The name of a style's face inside a PDF."""
    return _FACES[file_of(style)]


@lru_cache(maxsize=1)
def register_faces() -> None:
    """Bring in the bundled typeface, once."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for file, name in _FACES.items():
        registerFont(TTFont(name, str(file)))


def as_pdf(document: Document) -> bytes:
    """The paper as one PDF page; text can be searched and copied, the fonts are embedded."""
    from reportlab.pdfgen.canvas import Canvas

    register_faces()
    ruler = Points()
    lines = fit(compose(document), ruler=ruler)
    height = sum(_height(line, ruler=ruler) for line in lines) + 2 * _MARGIN
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(_PAPER, height), invariant=1, lang=lang_of(document) or language())
    office = getattr(document, "office", None)
    sign(canvas, title=_title(lines), author=office.name if office else "", at=_made_at(document))
    top = height - _MARGIN
    for line in lines:
        tall = _height(line, ruler=ruler)
        _draw_line(canvas, line, top=top, height=tall, ruler=ruler)
        top -= tall
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def sign(canvas: Canvas, *, title: str, author: str, at: datetime | None) -> None:
    """What viewers tell of a file: its title, the office it is from, and the time of the paper, never that of the printing:
    the same paper is the same bytes."""
    canvas.setTitle(safe_text(title))
    canvas.setAuthor(safe_text(author) or PROGRAM)
    canvas.setCreator(PROGRAM)
    if at is not None:
        stamp = canvas._doc._timeStamp
        stamp.YMDhms, stamp.dhh = at.astimezone(LOCAL).timetuple()[:6], 7


def _made_at(document: Document) -> datetime | None:
    return getattr(document, "issued_at", None) or getattr(document, "printed_at", None)


def _title(lines: list[Line]) -> str:
    """What viewers show above the paper: its title, else its first words."""
    words = [line for line in lines if isinstance(line, Words)]
    return next((line.text for line in words if line.style in (Style.TITLE, Style.HUGE)), words[0].text)


def _height(line: Line, *, ruler: Points) -> float:
    if isinstance(line, Gap):
        return line.halves * _BODY * 0.45
    if isinstance(line, Rule):
        return 2
    if isinstance(line, Banner):
        return _BODY * (ASCENT + DESCENT) + 5
    if isinstance(line, Logo):
        return len(line.data) / (line.dots // 8) * _DOT
    if isinstance(line, Qr):
        return (len(qr_matrix(line.text)) + 2 * QUIET) * _MODULE
    return ruler.size(line.style) * (ASCENT + DESCENT)


def _draw_line(canvas: Canvas, line: Line, *, top: float, height: float, ruler: Points) -> None:
    if isinstance(line, Words | Pair):
        _write(canvas, line, top=top, ruler=ruler)
    elif isinstance(line, Banner):
        _banner(canvas, line, top=top, height=height, ruler=ruler)
    elif isinstance(line, Rule):
        canvas.setLineWidth(_STROKES[line.stroke])
        canvas.setDash([1, 2] if line.stroke is Stroke.DOTTED else [])
        canvas.line(_MARGIN, top - 1, _PAPER - _MARGIN, top - 1)
    elif isinstance(line, Logo):
        _logo(canvas, line, top=top, height=height)
    elif isinstance(line, Qr):
        _code(canvas, line.text, top=top, side=height)


def _write(canvas: Canvas, line: Words | Pair, *, top: float, ruler: Points) -> None:
    size = ruler.size(line.style)
    base = top - size * ASCENT
    canvas.setFont(face_of(line.style), size)
    left = _MARGIN + line.indent * ruler.step
    if isinstance(line, Pair):
        canvas.drawString(left, base, line.left)
        canvas.drawRightString(_PAPER - _MARGIN, base, line.right)
    elif line.align is Align.CENTRE:
        canvas.drawCentredString(_PAPER / 2, base, line.text)
    else:
        canvas.drawString(left, base, line.text)


def _banner(canvas: Canvas, line: Banner, *, top: float, height: float, ruler: Points) -> None:
    wide = ruler.measure(line.text, Style.STRONG) + 2 * ruler.step
    canvas.setFillGray(0)
    canvas.rect((_PAPER - wide) / 2, top - height, wide, height, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.setFont(face_of(Style.STRONG), _BODY)
    canvas.drawCentredString(_PAPER / 2, top - 2.5 - _BODY * ASCENT, line.text)
    canvas.setFillGray(0)


def _logo(canvas: Canvas, logo: Logo, *, top: float, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    wide = logo.dots * _DOT
    picture = ImageReader(image_of(Bitmap(logo.dots, logo.data)).convert("L"))
    canvas.drawImage(picture, (_PAPER - wide) / 2, top - height, wide, height)


def _code(canvas: Canvas, text: str, *, top: float, side: float) -> None:
    """The dark modules as one path, so that no viewer shows hair lines between them."""
    left = (_PAPER - side) / 2
    path = canvas.beginPath()
    for y, row in enumerate(qr_matrix(text)):
        for x, dark in enumerate(row):
            if dark:
                path.rect(left + (x + QUIET) * _MODULE, top - (y + QUIET + 1) * _MODULE, _MODULE, _MODULE)
    canvas.drawPath(path, stroke=0, fill=1)
