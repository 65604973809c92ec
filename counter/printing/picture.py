"""A paper as a picture: black on white, one bit a dot, exactly as wide as the printer's head.

The same picture goes to the printer (as raster bands) and to a file (as PNG), so what is looked at is what is printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from counter.printing.atlas import Atlas, atlas_of
from counter.printing.compose import compose
from counter.printing.documents import Document
from counter.printing.dots import Bitmap, harmless
from counter.printing.layout import Align, Banner, Gap, Line, Logo, Pair, Qr, Rule, Stroke, Style, fit
from counter.printing.qr import code_bitmap, module_for
from counter.printing.typeface import BOLD, SCALE, file_of

if TYPE_CHECKING:
    from PIL.Image import Image

_UNCLEAR, _CLEAR = 22, 21
"""Bold letters of 22 dots are hinted so that a 3 reads as a 5 (tesseract: 32 letters of 749 wrong); of 21 none is."""
_MARGIN: Final = 24
"""White around the PNG, dots."""


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
        em = round((24 if self.dots >= 512 else 22) * SCALE[style])
        return _CLEAR if em == _UNCLEAR and file_of(style) == BOLD else em

    def atlas(self, style: Style) -> Atlas:
        """The letters of a style."""
        return _atlas(self.dots, style)

    def line_height(self, style: Style) -> int:
        """From one line to the next."""
        return self.atlas(style).rows

    def measure(self, text: str, style: Style) -> float:
        return self.atlas(style).width(text)


@lru_cache(maxsize=64)
def _atlas(dots: int, style: Style) -> Atlas:
    return atlas_of(style, Dots(dots).size(style), dots)


def bitmap(document: Document, *, dots: int = 576) -> Bitmap:
    """The paper, `dots` wide, as high as it needs."""
    ruler = Dots(dots)
    return draw(fit(compose(document), ruler=ruler), ruler=ruler)


def picture(document: Document, *, dots: int = 576) -> Image:
    """The paper as an image of mode `1`."""
    return image_of(bitmap(document, dots=dots))


def image_of(paper: Bitmap) -> Image:
    """The same dots as Pillow holds them: black is 0."""
    from PIL import Image

    return Image.frombytes("1", (paper.dots, paper.rows), bytes(255 - byte for byte in paper.data))


def as_png(document: Document, *, dots: int = 576) -> bytes:
    """The paper as a PNG file: the very dots of the printer with a white margin."""
    from PIL import Image

    paper = picture(document, dots=dots)
    sheet = Image.new("1", (paper.width + 2 * _MARGIN, paper.height + 2 * _MARGIN), 1)
    sheet.paste(paper, (_MARGIN, _MARGIN))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True, dpi=(203, 203))
    return file.getvalue()


def draw(lines: Iterable[Line], *, ruler: Dots) -> Bitmap:
    """Fitted lines drawn one under the other."""
    rows = b"".join(_rows(line, ruler=ruler) for line in lines)
    return Bitmap(ruler.dots, harmless(rows or bytes(ruler.dots // 8)))


def _rows(line: Line, *, ruler: Dots) -> bytes:
    """One line as packed rows."""
    wide = ruler.dots // 8
    if isinstance(line, Gap):
        return bytes(wide * (line.halves * ruler.line_height(Style.NORMAL) // 3))
    if isinstance(line, Rule):
        return _rule(line.stroke, wide=wide)
    if isinstance(line, Qr):
        return _code(line.text, dots=ruler.dots)
    if isinstance(line, Logo):
        return _centred(Bitmap(line.dots, line.data), dots=ruler.dots)
    if isinstance(line, Banner):
        return _banner(line.text, ruler=ruler)
    atlas = ruler.atlas(line.style)
    left = round(line.indent * ruler.step)
    if isinstance(line, Pair):
        ink = atlas.line(line.left, left=left)
        ink |= atlas.line(line.right, left=ruler.dots - atlas.width(line.right))
    else:
        if line.align is Align.CENTRE:
            left = (ruler.dots - atlas.width(line.text)) // 2
        ink = atlas.line(line.text, left=left)
    return ink.to_bytes(atlas.rows * wide, "big")


def _banner(text: str, *, ruler: Dots) -> bytes:
    """White letters on a black bar, a little higher than the letters."""
    atlas = ruler.atlas(Style.STRONG)
    wide, half = atlas.width(text), round(ruler.step)
    left = max(0, (ruler.dots - wide) // 2 - half)
    right = min(ruler.dots, (ruler.dots + wide) // 2 + half)
    bar = ((1 << (right - left)) - 1) << (ruler.dots - right)
    row = bar.to_bytes(ruler.dots // 8, "big")
    black = int.from_bytes(row * atlas.rows, "big")
    ink = atlas.line(text, left=(ruler.dots - wide) // 2)
    return row * 5 + (black & ~ink).to_bytes(len(row) * atlas.rows, "big") + row * 5


def _rule(stroke: Stroke, *, wide: int) -> bytes:
    """Four rows: three black, one, or one of dots."""
    white, black = bytes(wide), b"\xff" * wide
    if stroke is Stroke.THICK:
        return black * 3 + white
    return white + (black if stroke is Stroke.THIN else b"\xf0" * wide) + white * 2


@lru_cache(maxsize=8)
def _code(text: str, *, dots: int) -> bytes:
    return _centred(code_bitmap(text, module=module_for(text, dots=dots)), dots=dots)


def _centred(small: Bitmap, *, dots: int) -> bytes:
    """A small picture in the middle of the paper."""
    left = (dots - small.dots) // 2
    rows = (int.from_bytes(row, "big") << (dots - left - small.dots) for row in small.bands(rows=1))
    return b"".join(row.to_bytes(dots // 8, "big") for row in rows)
