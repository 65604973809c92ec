"""Lines of a paper and how they are fitted to its width.

A paper is a list of lines. `fit` breaks them for a `Ruler`, which knows the width of the paper and of a text: columns for
plain text, dots for a thermal printer, points for a PDF. Names and reasons wrap; a figure on the right is never cut and
always ends at the right edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from counter.text import display_width


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"


class Style(StrEnum):
    """How loud a text is."""

    SMALL = "small"
    NORMAL = "normal"
    STRONG = "strong"
    TOTAL = "total"
    TITLE = "title"
    HUGE = "huge"


class Stroke(StrEnum):
    """How a rule is drawn."""

    DOTTED = "dotted"
    THIN = "thin"
    THICK = "thick"


@dataclass(frozen=True, slots=True)
class Words:
    """Running text; wraps between words, the lines after the first `hang` steps further in."""

    text: str
    align: Align = Align.LEFT
    style: Style = Style.NORMAL
    indent: int = 0
    hang: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A label on the left and a figure or short fact ending at the right edge."""

    left: str
    right: str
    style: Style = Style.NORMAL
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Banner:
    """A text nobody may overlook: white on black, or between stars."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""

    stroke: Stroke = Stroke.THIN


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty paper, in half lines; plain text rounds down."""

    halves: int = 2


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, centred."""

    text: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A small picture, centred: `dots` a row, a multiple of 8, packed as `dots.Bitmap` is."""

    dots: int
    data: bytes


Line = Words | Pair | Banner | Rule | Gap | Qr | Logo


class Ruler(Protocol):
    """Measures in one unit: columns, dots or points."""

    @property
    def width(self) -> float:
        """The whole line."""

    @property
    def step(self) -> float:
        """One indent, and the least room between a label and its figure."""

    def measure(self, text: str, style: Style) -> float:
        """How wide `text` is."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Paper of fixed-width letters: 32 on 58 mm, 42 or 48 on 80 mm."""

    columns: int

    @property
    def width(self) -> float:
        return self.columns

    @property
    def step(self) -> float:
        return 2

    def measure(self, text: str, style: Style) -> float:
        return display_width(text)


NO_BREAK: Final = "\u00a0"
_LOUD: Final = frozenset({Style.TITLE, Style.TOTAL})
_LABEL_SHARE: Final = 0.35
"""The least part of the line that a label keeps beside what stands on its right."""


def fit(lines: Iterable[Line], *, ruler: Ruler) -> list[Line]:
    """The lines broken so that each fits the ruler; no-break blanks, once they have done their work, become blanks."""
    return [fitted for line in lines for fitted in _fitted(line, ruler=ruler)]


def _fitted(line: Line, *, ruler: Ruler) -> Iterator[Line]:
    if isinstance(line, Words):
        if line.style is Style.HUGE and ruler.measure(line.text, Style.HUGE) > ruler.width:
            line = replace(line, style=Style.TITLE)
        yield from _fitted_words(line, ruler=ruler)
    elif isinstance(line, Pair):
        yield from _fitted_pair(line, ruler=ruler)
    elif isinstance(line, Banner):
        room = ruler.width - 4 * ruler.step
        for text in wrap(line.text, room=room, style=Style.STRONG, ruler=ruler):
            yield Banner(_open(text))
    else:
        yield line


def _fitted_words(line: Words, *, ruler: Ruler) -> Iterator[Line]:
    """Centred text in lines of about one length, other text as full as they get."""
    room = ruler.width - line.indent * ruler.step
    if ruler.measure(line.text, line.style) > room:
        room -= line.hang * ruler.step
    broken = centred if line.align is Align.CENTRE and line.style is not Style.TITLE else wrap
    for row, text in enumerate(broken(line.text, room=room, style=line.style, ruler=ruler)):
        yield replace(line, text=_open(text), indent=line.indent + (line.hang if row else 0), hang=0)


def _fitted_pair(line: Pair, *, ruler: Ruler) -> Iterator[Line]:
    """One line where both fit, less loud if need be; else the label wraps above the figure; else a line each."""
    room = ruler.width - line.indent * ruler.step
    style = line.style
    if style in _LOUD and ruler.measure(line.left, style) + ruler.step + ruler.measure(line.right, style) > room:
        style = Style.STRONG
    if ruler.measure(line.right, style) > room:
        style = Style.SMALL
    right = ruler.measure(line.right, style)
    beside = room - right - ruler.step
    if beside >= room * _LABEL_SHARE or ruler.measure(line.left, style) <= beside:
        *above, last = wrap(line.left, room=beside, style=style, ruler=ruler) or [""]
        for text in above:
            yield Words(_open(text), style=style, indent=line.indent)
        yield Pair(_open(last), _open(line.right), style=style, indent=line.indent)
        return
    for text in wrap(line.left, room=room, style=style, ruler=ruler):
        yield Words(_open(text), style=style, indent=line.indent)
    for text in wrap(line.right, room=room, style=style, ruler=ruler):
        yield Pair("", _open(text), style=style, indent=line.indent)


def wrap(text: str, *, room: float, style: Style, ruler: Ruler) -> list[str]:
    """`text` in lines of at most `room`, broken at blanks; a word wider than the room is broken where it must."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if ruler.measure(longer, style) <= room:
            current = longer
            continue
        if current:
            lines.append(current)
        *full, current = _pieces(word, room=room, style=style, ruler=ruler)
        lines.extend(full)
    return [*lines, current] if current else lines


def balanced(text: str, *, room: float, style: Style, ruler: Ruler) -> list[str]:
    """As `wrap`, in as many lines but of about one length: centred text with one word alone below looks broken."""
    lines = wrap(text, room=room, style=style, ruler=ruler)
    widest = max(ruler.measure(word, style) for word in text.split(" "))
    low, high = min(room, max(widest, room / max(1, len(lines)))), room
    while len(lines) > 1 and high - low > ruler.step / 2:
        middle = (low + high) / 2
        narrower = wrap(text, room=middle, style=style, ruler=ruler)
        if len(narrower) > len(lines):
            low = middle
        else:
            lines, high = narrower, middle
    return lines


def centred(text: str, *, room: float, style: Style, ruler: Ruler) -> list[str]:
    """As `balanced`, but broken only after commas where that takes no more lines: no name of a street is torn."""
    lines = balanced(text, room=room, style=style, ruler=ruler)
    clauses = [clause.replace(" ", NO_BREAK) for clause in text.split(", ")]
    if any(ruler.measure(f"{clause},", style) > room for clause in clauses):
        return lines
    whole = balanced(", ".join(clauses), room=room, style=style, ruler=ruler)
    return whole if len(whole) == len(lines) else lines


def _pieces(word: str, *, room: float, style: Style, ruler: Ruler) -> list[str]:
    """A word in pieces that fit; a letter wider than the room is a piece of its own."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and ruler.measure(pieces[-1] + letter, style) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _open(text: str) -> str:
    return text.replace(NO_BREAK, " ")
