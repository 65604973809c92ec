"""Glyphs drawn once and then only moved: lines of text as dots in microseconds.

A line of text is one whole number whose bits are its dots, row after row, `stride` bits a row. A glyph is such a number
with its ink in the left upper corner, so putting it at column x is a shift to the right by x, and a line is the glyphs
joined by `|`. Pillow draws each glyph the first time it is needed; after that neither it nor a copy of dots is.
"""

from __future__ import annotations

import io
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from counter.printing.layout import Style
from counter.printing.typeface import ASCENT, DESCENT, file_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_STEADY: Final = "H    "
_SLACK: Final = 3
"""Rows that a text may be off."""


class Glyph(NamedTuple):
    """A letter's dots and how it stands: `bearing` from the pen to its ink, `last` the rightmost column it can start in."""

    bits: int
    bearing: int
    last: int
    advance: int


class Atlas(dict[str, Glyph]):
    """The letters of one style at one size for paper of `stride` dots, drawn as they are asked for."""

    def __init__(self, *, style: Style, size: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.base = round(size * ASCENT)
        self.rows = self.base + round(size * DESCENT)
        self._font = _font(style, size)
        self._pen = Lock()

    def __missing__(self, letter: str) -> Glyph:
        with self._pen:
            glyph = self[letter] = self._drawn(letter)
        return glyph

    def _drawn(self, letter: str) -> Glyph:
        """The letter's dots. Basic layout: composed letters need no shaping, a letter is the same beside every other.

        Pillow sets a text by the box of its outlines, which is a dot off for some hinted letters. So a steady letter is
        drawn before it in the same text, and both are moved until that one stands on the base line.
        """
        from PIL import Image, ImageDraw

        pad = round(self._font.getlength(_STEADY))
        cell = Image.new("1", (pad + 4 * self.rows, self.rows + 2 * _SLACK), 0)
        pen = ImageDraw.Draw(cell)
        pen.fontmode = "1"
        pen.text((0, self.base + _SLACK), _STEADY + letter, fill=1, font=self._font, anchor="ls")
        off = (cell.crop((0, 0, pad - self.rows // 4, cell.height)).getbbox() or (0, 0, 0, 0))[3] - self.base
        ink = cell.crop((pad - self.rows // 4, off, cell.width, off + self.rows))
        advance = round(self._font.getlength(letter))
        box = ink.getbbox()
        if box is None:
            return Glyph(0, 0, self.stride, advance)
        left, _top, right, _bottom = box
        bits = _packed(ink.crop((left, 0, right, self.rows)), stride=self.stride)
        return Glyph(bits, left - self.rows // 4, self.stride - (right - left), advance)

    def width(self, text: str) -> int:
        """How far the pen moves over `text`, dots."""
        return sum([self[letter].advance for letter in text])

    def line(self, text: str, *, left: int) -> int:
        """`text` with the pen starting at column `left`; no ink leaves the paper on either side."""
        dots = 0
        for letter in text:
            bits, bearing, last, advance = self[letter]
            if bits:
                place = left + bearing
                dots |= bits >> (0 if place < 0 else min(place, last))
            left += advance
        return dots


def _packed(ink: Image, *, stride: int) -> int:
    """The dots of a small picture as the bits of a number, its left upper dot first, rows `stride` bits apart."""
    wide = 8 * ((ink.width + 7) // 8)
    rows = ink.tobytes()
    bits = 0
    for start in range(0, len(rows), wide // 8):
        row = int.from_bytes(rows[start : start + wide // 8], "big")
        bits = bits << stride | row << (stride - wide)
    return bits


@lru_cache(maxsize=32)
def _font(style: Style, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(file_of(style).read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=32)
def atlas_of(style: Style, size: int, stride: int) -> Atlas:
    """The one atlas of a style, size and width; it is kept, and letters drawn once stay drawn."""
    return Atlas(style=style, size=size, stride=stride)
