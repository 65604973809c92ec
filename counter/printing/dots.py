"""A picture of black dots on white, packed as printers and PBM files want it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BAD_ROWS: Final = 48
"""Some printers print garbage when a band is a multiple of this high (python-escpos #424)."""

_REAL_TIME: Final = re.compile(rb"\x10(?=[\x04\x05\x14])")
"""DLE EOT, DLE ENQ, DLE DC4: some printers obey them even in the middle of a picture."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """`dots` a row, a multiple of 8; `data` holds the rows packed from the left, a set bit is black."""

    dots: int
    data: bytes

    @property
    def wide(self) -> int:
        """Bytes a row."""
        return self.dots // 8

    @property
    def rows(self) -> int:
        """How high it is."""
        return len(self.data) // self.wide

    def bands(self, *, rows: int) -> Iterator[bytes]:
        """The picture in pieces of at most `rows` rows."""
        top = 0
        for high in band_heights(self.rows, rows=rows):
            yield self.data[top * self.wide : (top + high) * self.wide]
            top += high


def harmless(data: bytes) -> bytes:
    """The dots with one more black dot wherever they would spell a real-time command."""
    return _REAL_TIME.sub(b"\x18", data)


def band_heights(height: int, *, rows: int) -> Iterator[int]:
    """`height` in bands of at most `rows`, none a multiple of 48."""
    while height > 0:
        high = min(rows, height)
        if high % BAD_ROWS == 0:
            high -= 1
        yield high
        height -= high
