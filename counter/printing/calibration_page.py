"""The calibration page as operations: every way of printing letters, each line with its name in letters that all have."""

from __future__ import annotations

from collections.abc import Iterator

from counter.printing import ops
from counter.printing.calibration import QR_SAMPLE, SAMPLE, WIDTHS, Candidate, candidates
from counter.printing.dots import Bitmap
from counter.printing.letters import letters_of
from counter.printing.ops import Op
from counter.printing.profile import COLUMNS
from counter.printing.textjob import Hand, OwnHand, PageHand


def calibration_ops(pages: tuple[int, ...] = ()) -> Iterator[Op]:
    """The page between start and cut."""
    yield from _part("1", "bars")
    for key, dots in WIDTHS.items():
        yield from _letters(key)
        bar = _bar(dots)
        yield ops.raster(bar.data, wide=bar.wide)
        yield ops.end_line()  # some printers swallow one after a picture
    yield from _part("2", "figures")
    for columns in COLUMNS:
        yield from _letters("".join(str(place % 10) for place in range(1, columns)) + "|")
    yield from _part("3", "letters")
    for candidate in candidates(pages):
        hand = _hand(candidate)
        yield from hand.begin()
        yield from hand.write([f"{candidate.key}  {SAMPLE}"])
        yield ops.resident_letters()
    yield ops.page(0)
    yield from _part("4", "code")
    yield ops.qr(QR_SAMPLE, module=6)
    yield ops.end_line()
    yield from _letters("-- end --")


def _hand(candidate: Candidate) -> Hand:
    if candidate.table == "own":
        return OwnHand()
    return PageHand(letters_of(candidate.table, candidate.page, candidate.page_capitals))


def _part(number: str, what: str) -> Iterator[Op]:
    """Headings in letters that every printer has; the questions are asked on the screen."""
    yield ops.end_line()
    yield from _letters(f"== {number}: {what}")


def _letters(text: str) -> Iterator[Op]:
    yield ops.letters(text.encode("ascii"))
    yield ops.end_line()


def _bar(dots: int) -> Bitmap:
    """A line of `dots` that ends in a square of 24."""
    thin = bytes((dots - 24) // 8 - 1) + b"\x00" + b"\xff" * 3
    line = b"\xff" * (dots // 8)
    return Bitmap(dots, thin * 10 + line * 4 + thin * 10)
