"""Print jobs in ESC/POS, built by ourselves byte by byte.

Commands come from the constants below and from nowhere else; data is either dots of a picture, framed by its length, or
in the text job letters between 0x20 and 0x7E. Sources: Epson's ESC/POS reference (GS v 0, GS V, ESC @), FS . against
Chinese mode on clones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from counter.printing import ops
from counter.printing.compose import compose
from counter.printing.documents import Document
from counter.printing.layout import NO_BREAK, Banner, Columns, Line, Pair, Qr, Style, Words, fit
from counter.printing.ops import Op
from counter.printing.plain import rows
from counter.printing.profile import BAD_ROWS

if TYPE_CHECKING:
    from PIL.Image import Image

_LOUD_STYLES: Final = frozenset({Style.TITLE, Style.TOTAL})
_SPELLED: Final = {
    "đ": "d", "Đ": "D", "₫": "d", "×": "x", "·": "-", "–": "-", "—": "-", "─": "-", "═": "=",
    "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", NO_BREAK: NO_BREAK,
}  # fmt: skip


def band_ops(paper: Image, *, rows: int) -> Iterator[Op]:
    """The paper in bands of at most `rows`. A set bit is black, so the picture's bits are turned over."""
    wide = (paper.width + 7) // 8
    top = 0
    for high in band_heights(paper.height, rows=rows):
        band = paper.crop((0, top, wide * 8, top + high)).point(lambda dot: 0 if dot else 255)
        yield ops.raster(band.tobytes(), wide=wide)
        top += high


def band_heights(height: int, *, rows: int) -> Iterator[int]:
    """`height` in bands of at most `rows`, none a multiple of 48: some printers print garbage then."""
    while height > 0:
        high = min(rows, height)
        if high % BAD_ROWS == 0:
            high -= 1
        yield high
        height -= high


def text_ops(document: Document, *, columns: int) -> Iterator[Op]:
    """The paper in plain ASCII letters without marks, QR codes as their text."""
    for line in fit((_spelled_line(line) for line in compose(document)), ruler=Columns(columns)):
        loud = isinstance(line, Words | Pair) and line.style in _LOUD_STYLES
        if loud:
            yield ops.loud()
        for row in rows([line], columns=columns):
            yield ops.letters(_letters(row))
        if loud:
            yield ops.calm()


def _letters(row: str) -> bytes:
    """The last gate: no byte but 0x20 to 0x7E passes, whatever came before."""
    return bytes(byte if 0x20 <= byte <= 0x7E else 0x3F for byte in ascii_spelling(row).encode("ascii", "replace"))


def _spelled_line(line: Line) -> Line:
    if isinstance(line, Pair):
        return replace(line, left=ascii_spelling(line.left), right=ascii_spelling(line.right))
    if isinstance(line, Words | Banner | Qr):
        return replace(line, text=ascii_spelling(line.text))
    return line


def ascii_spelling(text: str) -> str:
    """`Nguyễn Thị Đào, 5.000 ₫` as `Nguyen Thi Dao, 5.000 d`; what has no spelling is `?`."""
    return "".join(_SPELLED.get(character) or _bare(character) for character in text)


def _bare(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return "" if unicodedata.combining(base) else base if base.isascii() else "?"
