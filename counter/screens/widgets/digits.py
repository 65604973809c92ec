"""Figures that are read across a room: letters of five by seven dots, drawn with half blocks, as large as there is room."""

from __future__ import annotations

from typing import Final

from counter.text import search_key

HIGH: Final = 7
"""Dots of a letter from top to bottom; a cell shows two."""
GAP: Final = 1
"""Dots between two letters."""
# A row of dots is five bits, written as two hexadecimal digits.
_DOTS: Final = {
    "0": "0e11111111110e", "1": "040c040404040e", "2": "0e11010204081f", "3": "1f02040201110e", "4": "02060a121f0202",
    "5": "1f101e0101110e", "6": "0608101e11110e", "7": "1f010204080808", "8": "0e11110e11110e", "9": "0e11110f01020c",
    "A": "0e11111f111111", "B": "1e11111e11111e", "C": "0e11101010110e", "D": "1c12111111121c", "E": "1f10101e10101f",
    "F": "1f10101e101010", "G": "0e11101711110f", "H": "1111111f111111", "I": "0e04040404040e", "J": "0702020202120c",
    "K": "11121418141211", "L": "1010101010101f", "M": "111b1515111111", "N": "11111915131111", "O": "0e11111111110e",
    "P": "1e11111e101010", "Q": "0e11111115120d", "R": "1e11111e141211", "S": "0f10100e01011e", "T": "1f040404040404",
    "U": "1111111111110e", "V": "11111111110a04", "W": "1111111515150a", "X": "11110a040a1111", "Y": "1111110a040404",
    "Z": "1f01020408101f", "-": "0000001f000000", "/": "00010204081000", "+": "0004041f040400", " ": "00000000000000",
    "▶": "0010181c181000", "?": "0e110102040004",
}  # fmt: skip
_WIDE: Final = 5
_NARROW: Final = {" ": 2, "▶": 3}
"""Letters that take fewer columns of dots."""


def dots(text: str) -> list[str]:
    """Seven rows of `#` and blanks; accents fall, and a letter that has no dots is a question mark."""
    rows = [""] * HIGH
    for place, letter in enumerate(_plain(text)):
        figure = bytes.fromhex(_DOTS.get(letter, _DOTS["?"]))
        wide = _NARROW.get(letter, _WIDE)
        for row, bits in enumerate(figure):
            drawn = "".join("#" if bits >> (_WIDE - 1 - column) & 1 else " " for column in range(wide))
            rows[row] += " " * (GAP if place else 0) + drawn
    return rows


def width_of(text: str) -> int:
    """Columns of dots that the text takes."""
    return len(dots(text)[0])


def scale_for(text: str, *, width: int, height: int, most: int = 12) -> int:
    """How many times larger than its dots the text may be drawn in so many cells; 0 where it does not fit at all."""
    across = width // max(width_of(text), 1)
    down = height * 2 // HIGH
    return max(0, min(across, down, most))


def drawn(text: str, *, scale: int) -> list[str]:
    """The text in block letters, `scale` cells to a dot across and half a cell down."""
    tall = ["".join(dot * scale for dot in row) for row in dots(text) for _ in range(scale)]
    if len(tall) % 2:
        tall.append(" " * len(tall[0]))
    return [
        "".join(_BLOCKS[pair] for pair in zip(above, below, strict=True))
        for above, below in zip(*[iter(tall)] * 2, strict=True)
    ]


_BLOCKS: Final = {(" ", " "): " ", ("#", " "): "▀", (" ", "#"): "▄", ("#", "#"): "█"}


def _plain(text: str) -> str:
    """Capitals without accents; what has dots of its own stays."""
    return "".join(letter if letter in _DOTS else (search_key(letter).upper() or "?")[:1] for letter in text.upper())
