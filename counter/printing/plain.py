"""A paper as plain text: for the preview on the screen, a mail, a golden file. One string, no control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from counter.printing.compose import compose
from counter.printing.documents import Document
from counter.printing.layout import Align, Banner, Columns, Gap, Line, Logo, Pair, Qr, Rule, Stroke, Words, fit
from counter.text import display_width

_STROKES: Final = {Stroke.DOTTED: "·", Stroke.THIN: "─", Stroke.THICK: "═"}


def as_text(document: Document, *, columns: int = 42) -> str:
    """The paper in lines of at most `columns` cells, each ended by a newline. A QR code is shown as its text."""
    return "".join(f"{row}\n" for row in rows(fit(compose(document), ruler=Columns(columns)), columns=columns))


def rows(lines: Iterable[Line], *, columns: int) -> Iterator[str]:
    """Fitted lines as rows of text without blanks at their ends."""
    for line in lines:
        if isinstance(line, Gap):
            yield from [""] * (line.halves // 2)
        elif isinstance(line, Logo):
            continue
        elif isinstance(line, Rule):
            yield _STROKES[line.stroke] * columns
        elif isinstance(line, Banner):
            yield _centred(f"*** {line.text} ***", columns=columns)
        elif isinstance(line, Qr):
            yield from _centred_qr(line.text, columns=columns)
        else:
            yield _row(line, columns=columns)


def _row(line: Words | Pair, *, columns: int) -> str:
    blanks = "  " * line.indent
    if isinstance(line, Pair):
        room = columns - display_width(blanks + line.left + line.right)
        return f"{blanks}{line.left}{' ' * room}{line.right}".rstrip()
    return _centred(line.text, columns=columns) if line.align is Align.CENTRE else blanks + line.text


def _centred(text: str, *, columns: int) -> str:
    return " " * ((columns - display_width(text)) // 2) + text


def _centred_qr(text: str, *, columns: int) -> Iterator[str]:
    marked = f"[QR: {text}]"
    for start in range(0, len(marked), columns):
        yield _centred(marked[start : start + columns], columns=columns)
