"""A paper as letters that the printer draws: ASCII, a code page, or letters of our own (ESC &)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, Literal, Protocol

from counter.printing import ops
from counter.printing.dots import Bitmap, harmless
from counter.printing.layout import Banner, Columns, Line, Logo, Pair, Qr, Style, Words, fit
from counter.printing.letters import ASCII, PLAIN, Letters, Settling, letters_of
from counter.printing.ops import Op
from counter.printing.ownletters import OWN, columns_of
from counter.printing.plain import rows
from counter.printing.profile import PrinterProfile
from counter.printing.qr import code_bitmap

_LOOKS: Final[dict[Style, ops.Look]] = {Style.STRONG: "strong", Style.TITLE: "loud", Style.TOTAL: "loud", Style.HUGE: "loud"}
_SLOW_MODULE: Final = 4


class Hand(Protocol):
    """Writes rows of letters as operations."""

    settle: Callable[[str], str]
    """A text in letters that this hand can write."""

    def begin(self) -> Iterator[Op]:
        """What is said before the first row."""

    def write(self, rows: Sequence[str]) -> Iterable[Op]:
        """Rows with the ends of their lines. Raises ValueError for a row that holds what a printer obeys."""


class PageHand:
    """Letters of code pages; the page is turned only where a row needs it."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self.settle: Callable[[str], str] = letters.settle
        self._page = letters.pages[0]

    def begin(self) -> Iterator[Op]:
        if self.letters is not PLAIN:
            yield ops.page(self._page)

    def write(self, rows: Sequence[str]) -> Iterator[Op]:
        """All rows in one piece, which is quicker by far; that a row cannot hold an end of line is made sure of first."""
        # rules, banners and the text of a code come with strokes that no page has
        text = self.settle("\n".join([*rows, ""]))
        if text.count("\n") != len(rows):
            raise ValueError("an end of line inside a row")
        for page, block in self.letters.runs(text):
            if page != self._page and not block.isascii():
                self._page = page
                yield ops.page(page)
            yield ops.lines(block)


class OwnHand:
    """ASCII from the printer, every other letter drawn by us and kept by the printer under a code, 94 at a time."""

    def __init__(self) -> None:
        self.settle: Callable[[str], str] = _SETTLE_OWN
        self._codes: dict[str, int] = {}

    def begin(self) -> Iterator[Op]:
        yield ops.resident_letters()

    def write(self, rows: Sequence[str]) -> Iterator[Op]:
        return (op for row in rows for op in self._row(self.settle(row)))

    def _row(self, row: str) -> Iterator[Op]:
        """New letters are defined before the row: a printer takes definitions only at the start of a line."""
        needed = dict.fromkeys(letter for letter in row if letter in OWN)
        for letter in needed:
            if letter not in self._codes:
                code = self._free_code(needed)
                self._codes[letter] = code
                yield ops.define(code, columns_of(letter))
        for run in _RUNS.findall(row):
            if run.isascii():
                yield ops.letters(run.encode("ascii"))
            else:
                yield ops.own_letters()
                yield ops.letters(bytes(self._codes[letter] for letter in run))
                yield ops.resident_letters()
        yield ops.end_line()

    def _free_code(self, needed: Iterable[str]) -> int:
        """A code that is free, or that of the letter defined longest ago which the row does without."""
        if len(self._codes) < len(_OWN_CODES):
            return _OWN_CODES[len(self._codes)]
        oldest = next(letter for letter in self._codes if letter not in needed)
        return self._codes.pop(oldest)


_RUNS: Final = re.compile(r"[ -~]+|[^ -~]+")
_OWN_CODES: Final = range(0x21, 0x7F)
_SETTLE_OWN: Final = Settling(ASCII + OWN).settle


def hand_of(printer: PrinterProfile) -> Hand:
    """Who writes for this printer."""
    if printer.way == "user_defined":
        return OwnHand()
    if printer.way == "textpage":
        return PageHand(letters_of(printer.table, printer.page, printer.page_capitals))
    return PageHand(PLAIN)


def text_ops(lines: Iterable[Line], printer: PrinterProfile) -> Iterator[Op]:
    """The lines of a paper in letters; a QR code drawn where the printer can draw, else its text."""
    hand = hand_of(printer)
    yield from hand.begin()
    fitted = fit((_settled(line, hand) for line in lines), ruler=Columns(printer.columns))
    for how, stretch in groupby(fitted, key=lambda line: _look(line, printer)):
        if how == "picture":
            for line in stretch:
                if isinstance(line, Qr):
                    yield from _code(line.text, printer)
                elif isinstance(line, Logo) and printer.way != "ascii":
                    yield from _drawn(Bitmap(line.dots, line.data), printer)
            continue
        if how != "calm":
            yield ops.look(how)
        yield from hand.write(list(rows(stretch, columns=printer.columns)))
        if how != "calm":
            yield ops.look("calm")


def _look(line: Line, printer: PrinterProfile) -> ops.Look | Literal["picture"]:
    if isinstance(line, Logo):
        return "picture"
    if isinstance(line, Qr) and (printer.native_qr or printer.way != "ascii"):
        return "picture"
    return _LOOKS.get(line.style, "calm") if isinstance(line, Words | Pair) else "calm"


def _code(text: str, printer: PrinterProfile) -> Iterator[Op]:
    """A QR code in the middle of the paper."""
    if not printer.native_qr:
        yield from _drawn(code_bitmap(text, module=_SLOW_MODULE), printer)
        return
    yield ops.centred()
    yield ops.qr(text, module=_SLOW_MODULE)
    yield ops.end_line()
    yield ops.at_the_left()


def _drawn(picture: Bitmap, printer: PrinterProfile) -> Iterator[Op]:
    """A picture in the middle. Some printers swallow the end of line after it, so there is one to spare."""
    yield ops.centred()
    for band in picture.bands(rows=printer.band_rows):
        yield ops.raster(harmless(band), wide=picture.wide)
    yield ops.end_line()
    yield ops.at_the_left()


def _settled(line: Line, hand: Hand) -> Line:
    if isinstance(line, Pair):
        return replace(line, left=hand.settle(line.left), right=hand.settle(line.right))
    if isinstance(line, Words | Banner):
        return replace(line, text=hand.settle(line.text))
    return line
