"""Money is whole đồng: how it is held, shown and read.

A `Dong` is an int that stays a `Dong` under addition and refuses fractions, so a bare number cannot slip into a sum.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Self

from counter.errors import BadInput
from counter.locale import N_
from counter.text import safe_text

MAX_AMOUNT: Final = 1_000_000_000_000
"""The largest single amount anyone may type or import (đồng): sums of millions of these stay inside 64 bits."""

NOTES: Final = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
"""Notes in use, largest first (đồng)."""


class Dong(int):
    """Whole đồng. `Dong + Dong` is a `Dong`; adding a fraction, multiplying by one and `/` are a TypeError.

    With a float on the left the float answers, and no int can stop it: signatures say `Dong`, and mypy holds them.
    """

    __slots__ = ()

    def __new__(cls, value: int = 0) -> Self:
        return int.__new__(cls, value if type(value) in _WHOLE else _whole(value))

    def __add__(self, other: int) -> Dong:
        return int.__new__(Dong, int(self) + (other if type(other) in _WHOLE else _whole(other)))

    __radd__ = __add__

    def __sub__(self, other: int) -> Dong:
        return int.__new__(Dong, int(self) - (other if type(other) in _WHOLE else _whole(other)))

    def __rsub__(self, other: int) -> Dong:
        return Dong(_whole(other) - int(self))

    def __mul__(self, times: int) -> Dong:
        return Dong(int(self) * _whole(times))

    __rmul__ = __mul__

    def __truediv__(self, _other: object) -> Dong:
        raise TypeError("đồng are not divided into fractions: // and % say what becomes of the rest")

    def __neg__(self) -> Dong:
        return Dong(-int(self))

    def __abs__(self) -> Dong:
        return Dong(abs(int(self)))

    def __str__(self) -> str:
        return format_dong(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec) if spec == "" or spec[-1] in "<>^s" or spec.isdigit() else format(int(self), spec)

    def __repr__(self) -> str:
        return f"Dong({int(self)})"


_WHOLE: Final = frozenset({int, Dong})
"""What needs no further look: nearly every value."""


def _whole(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"đồng are whole: {value!r}")
    return int(value)


NOTHING: Final = Dong(0)
"""Zero đồng, for a default."""


def total(amounts: Iterable[Dong]) -> Dong:
    """The sum as a `Dong`, zero for none."""
    return Dong(sum(int(amount) for amount in amounts))


def group_digits(value: int) -> str:
    """`1234567` as `1.234.567`, a minus sign in front where negative."""
    return f"{value:,}".replace(",", ".")


def format_dong(amount: int) -> str:
    """`1.234.567 ₫` with a no-break space, so that a line never ends between figure and sign."""
    return f"{group_digits(int(amount))}\u00a0₫"


class UnreadableAmount(BadInput):
    """The text is no amount in whole đồng."""

    why = N_("“{text}” is not an amount of money.")
    todo = N_("Type digits only, for example 150000, 150.000 or 150k.")


_LONGEST: Final = 100
"""Characters; a longer text is no amount and is not even looked at."""
_PLAIN = re.compile(r"[0-9]{1,15}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}")
_SHORT = re.compile(r"([0-9]{1,9})(k|tr)")
_FACTOR = {"k": 1_000, "tr": 1_000_000}


def _without_signs(text: str, *, signs: Iterable[str]) -> str:
    """`text` in NFC without the blanks around it and the currency behind it. Raises UnreadableAmount where too long."""
    if len(text) > _LONGEST:
        raise UnreadableAmount(text=safe_text(text, limit=40))
    bare = unicodedata.normalize("NFC", text).strip()
    for sign in signs:
        bare = bare.removesuffix(sign)
    return bare.rstrip()


def _within_cap(value: int, *, text: str) -> Dong:
    if value > MAX_AMOUNT:
        raise UnreadableAmount(text=safe_text(text, limit=40))
    return Dong(value)


def read_dong(text: str) -> Dong:
    """What a person typed as money: `150000`, `150.000`, `150k`, `2tr`, `1.234.567 ₫`; never a sign, comma or fraction.

    Raises UnreadableAmount. Zero is read; whether zero may be paid is the trade's question.
    """
    bare = _without_signs(text.lower() if len(text) <= _LONGEST else text, signs=("₫", "đồng", "vnđ", "đ", "vnd"))
    if _PLAIN.fullmatch(bare):
        value = int(bare)
    elif _GROUPED.fullmatch(bare):
        value = int(bare.replace(".", ""))
    elif short := _SHORT.fullmatch(bare):
        value = int(short[1]) * _FACTOR[short[2]]
    else:
        raise UnreadableAmount(text=safe_text(text, limit=40))
    return _within_cap(value, text=text)


def read_amount_field(text: str, *, separator: str) -> Dong:
    """An amount in a file whose thousands separator is declared: `.`, `,` or `` for none.

    Any other shape is refused: which separator means what is never guessed. Raises UnreadableAmount.
    """
    if _PLAIN.fullmatch(text):  # most fields of a million lines
        return _within_cap(int(text), text=text)
    bare = _without_signs(text, signs=("₫", "VNĐ", "đ", "VND"))
    if not _PLAIN.fullmatch(bare):
        group = re.escape(separator)
        if not separator or not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}}){{1,4}}", bare):
            raise UnreadableAmount(text=safe_text(text, limit=40))
        bare = bare.replace(separator, "")
    return _within_cap(int(bare), text=text)


NoteCount = Mapping[int, int]
"""How many of each note: `{500_000: 2, 100_000: 5}`."""


class UnreadableCount(BadInput):
    """A count by notes that cannot be read."""

    why = N_("“{text}” is not a count of notes.")
    todo = N_("Write note x pieces, for example 500000x2,100000x5.")


def read_count(text: str) -> dict[int, int]:
    """`500000x2,100k x5` as `{500000: 2, 100000: 5}`. An empty text is an empty drawer. Raises UnreadableCount."""
    count: dict[int, int] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        face, _, pieces = part.lower().replace("×", "x").partition("x")
        try:
            note = int(read_dong(face))
        except UnreadableAmount:
            raise UnreadableCount(text=safe_text(part, limit=40)) from None
        if note not in NOTES or not re.fullmatch(r"[0-9]{1,6}", pieces.strip()):
            raise UnreadableCount(text=safe_text(part, limit=40))
        count[note] = count.get(note, 0) + int(pieces)
    return count


def sum_of(count: NoteCount) -> Dong:
    """The money in a count by notes."""
    return Dong(sum(note * pieces for note, pieces in count.items()))


def notes_for(amount: Dong, *, without: Collection[int] = ()) -> dict[int, int]:
    """The fewest notes that make `amount`, largest first; what the smallest note (100 đ) does not make is left out.

    `without`: notes that are not to be had.
    """
    count: dict[int, int] = {}
    rest = int(amount)
    for note in (one for one in NOTES if one not in without):
        pieces, rest = divmod(rest, note)
        if pieces:
            count[note] = pieces
    return count
