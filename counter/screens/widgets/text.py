"""Text on the screen: always plain, never markup, whatever a customer's name holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from counter.money import Dong, group_digits
from counter.text import REPLACEMENT, safe_text

NO_BREAK: Final = "\u00a0"
"""Stands before the ₫ of every amount."""
Words = str | Content
"""What may be shown: a text (made safe) or Content that was built from such."""


def plain(text: str) -> Content:
    """The text as it is, one line, safe; brackets are brackets."""
    return Content(safe_text(text))


def paragraph(*lines: Words) -> Content:
    """Several lines, each safe."""
    return Content("\n").join(as_content(line) for line in lines)


def as_set(*lines: str) -> Content:
    """Lines whose blanks are kept, for figures under each other; whatever cannot be printed is shown as U+FFFD."""
    rows = [row for line in lines for row in line.split("\n")]
    return Content("\n".join("".join(c if c.isprintable() or c == NO_BREAK else REPLACEMENT for c in row) for row in rows))


def as_content(words: Words) -> Content:
    return words if isinstance(words, Content) else plain(words)


def money(amount: Dong, *, width: int = 0) -> Content:
    """`1.234.567 ₫` right-aligned in `width` cells, so that figures stand under each other."""
    return Content(money_cell(amount, width=width) if width else str(amount))


def money_cell(amount: Dong, *, width: int) -> str:
    """The amount in exactly `width` cells. Too narrow a cell shows `#`: a cut amount would be a wrong amount."""
    text = str(amount)
    room = width - cell_len(text)
    return " " * room + text if room >= 0 else "#" * width


def figures(*rows: tuple[str, Dong | int | str], width: int = 0) -> list[str]:
    """Words at the left, figures under each other at the right; at least `width` cells a line. The ₫ of amounts and the
    last digit of bare numbers stand under each other."""
    shown = [
        (words, str(figure) if isinstance(figure, Dong | str) else group_digits(figure) + "  ") for words, figure in rows
    ]
    left = max(cell_len(words) for words, _figure in shown)
    right = max(cell_len(figure) for _words, figure in shown)
    right = max(right, width - left - 2)
    return [set_cell_size(words, left + 2) + " " * (right - cell_len(figure)) + figure for words, figure in shown]


class Cut(StrEnum):
    """Where a text that is too long loses letters: what tells it from others stands at the other end, or at both."""

    RIGHT = "right"
    MIDDLE = "middle"
    LEFT = "left"


def fitted(text: str, *, width: int, cut: Cut = Cut.RIGHT) -> str:
    """The text in exactly `width` cells, cut with `…`."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    room = max(width - 1, 0)
    left = {Cut.RIGHT: room, Cut.MIDDLE: room // 2, Cut.LEFT: 0}[cut]
    tail = _tail(text, room - left)
    return set_cell_size(text, room - cell_len(tail)) + "…"[:width] + tail


def _tail(text: str, width: int) -> str:
    """The end of a text, at most so many cells."""
    at = len(text)
    while at and cell_len(text[at - 1 :]) <= width:
        at -= 1
    return text[at:]


class SafeStatic(Static):
    """A Static that never parses markup."""

    def __init__(self, words: Words = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(as_content(words), markup=False, id=id, classes=classes)

    def show(self, *lines: Words) -> None:
        """Show these lines instead."""
        self.update(paragraph(*lines))


class Money(SafeStatic):
    """One amount, right-aligned."""

    DEFAULT_CSS = "Money { text-align: right; width: auto; min-width: 16; text-style: bold; }"

    def __init__(self, amount: Dong = Dong(0), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(money(amount), id=id, classes=classes)
        self.amount = amount

    def show_amount(self, amount: Dong) -> None:
        """Show this amount instead."""
        self.amount = amount
        self.update(money(amount))
