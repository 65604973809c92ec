"""How large a rectangle the cells of a sheet span, told from its XML without building it.

The library that reads workbooks keeps every place of that rectangle, filled or not: one cell in the last corner of an
empty sheet would take more memory than there is. Source: the bad-input corpus, Z.
"""

from __future__ import annotations

import re
from typing import Final

_LAST_ROW: Final = 1_048_576
_LONGEST: Final = 64 * 1024
"""Bytes of one tag that are waited for."""
_FREE: Final = 1_000_000
_DENSE: Final = 8
_MOST: Final = 64_000_000
"""A sheet may span a million places, and eight for each of its cells; never more than this (every row, 60 columns)."""
_EMPTY: Final = rb"""(?:[^<>"'/]{0,200}+(?:"[^"]{0,200}+"|'[^']{0,200}+')?+){0,9}+/>"""
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,4})([0-9]{1,9})["']""")
_FILLED: Final = re.compile(_PLACE.pattern + rb"(?!" + _EMPTY + rb")")
"""Not cells with a colour and nothing in them: the library leaves them out."""
_ROW: Final = re.compile(rb"<(?:[^\s<>/:]{1,40}:)?row[\s/>]")
_CELL: Final = re.compile(rb"<(?:[^\s<>/:]{1,40}:)?c[\s/>]")


class SheetSpan:
    """Fed the XML of a workbook's part in pieces; parts that are no sheet span nothing.

    A cell may leave its place out and then follows the one before. `farthest` is a cell at the edge, for people.
    """

    def __init__(self) -> None:
        self.farthest = ""
        self._rest = b""
        self._filled = self._named = (0, 0)
        self._cells = self._loose = self._rows = self._in_row = self._widest = 0

    def feed(self, piece: bytes) -> None:
        """The next piece; what stands behind its last bracket waits for the one after."""
        text = self._rest + piece
        cut = text.rfind(b"<")
        if cut < 0 or len(text) - cut > _LONGEST:
            cut = len(text)
        text, self._rest = text[:cut], text[cut:]
        places = _PLACE.findall(text)
        filled = _FILLED.findall(text) if b"/>" in text else places
        self._filled = self._reach(self._filled, {place for place in filled if place[0]})
        self._named = self._reach(self._named, set(places))
        self._count(text, loose=len(_CELL.findall(text)) - sum(1 for letters, _ in places if letters))
        self._cells += len(filled)

    def _count(self, text: bytes, *, loose: int) -> None:
        """Rows, and the cells without a place that may follow each other in one of them."""
        self._rows += len(_ROW.findall(text))
        if loose <= 0:
            self._in_row = 0 if _ROW.search(text) else self._in_row
            return
        self._loose += loose
        for at, row in enumerate(_ROW.split(text)):
            self._in_row = len(_CELL.findall(row)) + (0 if at else self._in_row)
            self._widest = max(self._widest, self._in_row)

    def _reach(self, span: tuple[int, int], places: set[tuple[bytes, bytes]]) -> tuple[int, int]:
        width, height = span
        for letters, digits in places:
            column, row = _column(letters), min(int(digits), _LAST_ROW)
            if column and (column > width or row > height):
                self.farthest = f"{letters.decode().upper()}{row}"
            width, height = max(width, column), max(height, row)
        return width, height

    def is_too_large(self) -> bool:
        """Whether the rectangle is large and most of it would be empty. After the last piece."""
        self.feed(b"<")
        width, height = self._filled
        if self._loose:  # cells without a place: after any cell of their row, in any row after one named
            width, height = self._named[0] + self._widest, self._named[1] + self._rows
        return width * height > min(_FREE + _DENSE * (self._cells + self._loose), _MOST)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
