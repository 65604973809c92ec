"""A paper as a picture: black on white, one bit a dot, exactly as wide as the printer's head.

The same picture goes to the printer (as raster bands) and to a file (as PNG), so what is looked at is what is printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counter.printing.compose import compose
from counter.printing.documents import Document
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Qr, Rule, Stroke, Style, Words, fit
from counter.printing.qr import QUIET, qr_matrix
from counter.printing.typeface import ASCENT, DESCENT, SCALE, file_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_BLACK, _WHITE = 0, 1
_MARGIN: Final = 24
"""White around the PNG, dots."""
_QR_SHARE: Final = 0.62
_LARGEST_MODULE: Final = 6


@dataclass(frozen=True, slots=True)
class Dots:
    """The paper of a thermal printer: 384 dots on 58 mm, 576 on 80 mm, about 8 dots a millimetre."""

    dots: int

    @property
    def width(self) -> float:
        return self.dots

    @property
    def step(self) -> float:
        return self.size(Style.NORMAL)

    def size(self, style: Style) -> int:
        """Dots to the em."""
        return round((24 if self.dots >= 512 else 22) * SCALE[style])

    def line_height(self, style: Style) -> int:
        """From one line to the next."""
        size = self.size(style)
        return round(size * ASCENT) + round(size * DESCENT)

    def measure(self, text: str, style: Style) -> float:
        return _font(style, self.size(style)).getlength(text)


@lru_cache(maxsize=16)
def _font(style: Style, size: int) -> FreeTypeFont:
    """The typeface at a size. Basic layout: composed letters need no shaping, and it is the same on every system."""
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(file_of(style).read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


def picture(document: Document, *, dots: int = 576) -> Image:
    """The paper as an image of mode `1`, `dots` wide, as high as it needs."""
    ruler = Dots(dots)
    return draw(fit(compose(document), ruler=ruler), ruler=ruler)


def as_png(document: Document, *, dots: int = 576) -> bytes:
    """The paper as a PNG file: the very dots of the printer with a white margin."""
    from PIL import Image

    paper = picture(document, dots=dots)
    sheet = Image.new("1", (paper.width + 2 * _MARGIN, paper.height + 2 * _MARGIN), _WHITE)
    sheet.paste(paper, (_MARGIN, _MARGIN))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True, dpi=(203, 203))
    return file.getvalue()


def draw(lines: Iterable[Line], *, ruler: Dots) -> Image:
    """Fitted lines drawn one under the other."""
    from PIL import Image, ImageDraw

    lines = list(lines)
    codes = {line.text: _qr_image(line.text, ruler=ruler) for line in lines if isinstance(line, Qr)}
    heights = [codes[line.text].height if isinstance(line, Qr) else _height(line, ruler=ruler) for line in lines]
    paper = Image.new("1", (ruler.dots, max(1, sum(heights))), _WHITE)
    pen = ImageDraw.Draw(paper)
    pen.fontmode = "1"
    top = 0
    for line, height in zip(lines, heights, strict=True):
        if isinstance(line, Qr):
            paper.paste(codes[line.text], ((ruler.dots - codes[line.text].width) // 2, top))
        else:
            _draw_line(pen, line, top=top, height=height, ruler=ruler)
        top += height
    return paper


def _height(line: Words | Pair | Banner | Rule | Gap, *, ruler: Dots) -> int:
    if isinstance(line, Gap):
        return line.halves * ruler.line_height(Style.NORMAL) // 3
    if isinstance(line, Rule):
        return 4
    if isinstance(line, Banner):
        return ruler.line_height(Style.STRONG) + 10
    return ruler.line_height(line.style)


def _draw_line(pen: ImageDraw, line: Words | Pair | Banner | Rule | Gap, *, top: int, height: int, ruler: Dots) -> None:
    if isinstance(line, Words):
        left = line.indent * ruler.step
        if line.align is Align.CENTRE:
            left = (ruler.width - ruler.measure(line.text, line.style)) / 2
        _write(pen, line.text, left=left, top=top, style=line.style, ruler=ruler)
    elif isinstance(line, Pair):
        _write(pen, line.left, left=line.indent * ruler.step, top=top, style=line.style, ruler=ruler)
        left = ruler.width - ruler.measure(line.right, line.style)
        _write(pen, line.right, left=left, top=top, style=line.style, ruler=ruler)
    elif isinstance(line, Banner):
        wide = ruler.measure(line.text, Style.STRONG)
        left = (ruler.width - wide) / 2
        box = (round(left - ruler.step), top, round(left + wide + ruler.step), top + height - 1)
        pen.rectangle(box, fill=_BLACK)
        _write(pen, line.text, left=left, top=top + 5, style=Style.STRONG, ruler=ruler, ink=_WHITE)
    elif isinstance(line, Rule):
        _rule(pen, line.stroke, top=top, ruler=ruler)


def _write(pen: ImageDraw, text: str, *, left: float, top: int, style: Style, ruler: Dots, ink: int = _BLACK) -> None:
    size = ruler.size(style)
    place = (max(0, round(left)), top + round(size * ASCENT))
    pen.text(place, text, fill=ink, font=_font(style, size), anchor="ls")


def _rule(pen: ImageDraw, stroke: Stroke, *, top: int, ruler: Dots) -> None:
    if stroke is Stroke.THICK:
        pen.rectangle((0, top, ruler.dots - 1, top + 2), fill=_BLACK)
    elif stroke is Stroke.THIN:
        pen.rectangle((0, top + 1, ruler.dots - 1, top + 1), fill=_BLACK)
    else:
        for left in range(0, ruler.dots, 8):
            pen.rectangle((left, top + 1, left + 3, top + 1), fill=_BLACK)


def _qr_image(text: str, *, ruler: Dots) -> Image:
    """A code with its quiet zone, each module a square of whole dots."""
    from PIL import Image

    matrix = qr_matrix(text)
    modules = len(matrix) + 2 * QUIET
    scale = max(2, min(_LARGEST_MODULE, int(ruler.dots * _QR_SHARE) // modules))
    small = Image.new("1", (modules, modules), _WHITE)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                small.putpixel((x + QUIET, y + QUIET), _BLACK)
    return small.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)
