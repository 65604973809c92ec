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

from counter.printing.compose import compose
from counter.printing.documents import Document
from counter.printing.layout import NO_BREAK, Banner, Columns, Line, Pair, Qr, Style, Words, fit
from counter.printing.picture import BAND_ROWS, picture
from counter.printing.plain import rows

if TYPE_CHECKING:
    from PIL.Image import Image

START: Final = b"\x1b@\x1c."
"""ESC @: forget what the job before left behind. FS .: out of Chinese mode, where clones start."""
FEED: Final = b"\x1bd\x03"
"""ESC d 3: three lines on, past the tear bar."""
CUT: Final = b"\x1dVB\x00"
"""GS V 66 0: feed to the knife, cut, leave a point."""
_RASTER: Final = b"\x1dv0\x00"
_LOUD: Final = b"\x1b!\x18"
_CALM: Final = b"\x1b!\x00"
"""ESC !: bold and twice as high; and back."""

_LOUD_STYLES: Final = frozenset({Style.TITLE, Style.TOTAL})
_SPELLED: Final = {
    "đ": "d", "Đ": "D", "₫": "d", "×": "x", "·": "-", "–": "-", "—": "-", "─": "-", "═": "=",
    "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", NO_BREAK: NO_BREAK,
}  # fmt: skip


def as_raster_job(document: Document, *, dots: int = 576) -> bytes:
    """The paper as bands of dots: right on every printer, whatever letters it knows."""
    return START + b"".join(_bands(picture(document, dots=dots))) + FEED + CUT


def _bands(paper: Image) -> Iterator[bytes]:
    """GS v 0 blocks of at most BAND_ROWS rows. A set bit is black, so the picture's bits are turned over."""
    wide = (paper.width + 7) // 8
    for top in range(0, paper.height, BAND_ROWS):
        bottom = min(top + BAND_ROWS, paper.height)
        band = paper.crop((0, top, wide * 8, bottom)).point(lambda dot: 0 if dot else 255)
        size = wide.to_bytes(2, "little") + (bottom - top).to_bytes(2, "little")
        yield _RASTER + size + band.tobytes()


def as_text_job(document: Document, *, columns: int = 42) -> bytes:
    """The paper in plain ASCII letters without marks, QR codes as their text: for a printer that cannot draw."""
    lines = fit((_spelled_line(line) for line in compose(document)), ruler=Columns(columns))
    return START + b"".join(_text_line(line, columns=columns) for line in lines) + FEED + CUT


def _text_line(line: Line, *, columns: int) -> bytes:
    body = b"".join(_letters(row) + b"\n" for row in rows([line], columns=columns))
    return _LOUD + body + _CALM if isinstance(line, Words | Pair) and line.style in _LOUD_STYLES else body


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
