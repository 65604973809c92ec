"""Text: made safe at the boundary, folded for search, masked for the board, amounts in words.

`safe_text` runs once on everything that comes from outside (import, keyboard, bank, field file). `search_key` folds
what `safe_text` gave; the two are kept apart because what is shown stays as typed. Pure functions; no refusals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from counter.money import Dong  # money itself cleans what it quotes in refusals

REPLACEMENT: Final = "\ufffd"
MARKER: Final = "…"
"""Ends a text that was cut."""

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE_LOWER: Final = "đ" + "".join(
    letter
    for base in "aăâeêioôơuưy"
    for tone in _TONES
    if not (letter := unicodedata.normalize("NFC", base + tone)).isascii()
)
VIETNAMESE: Final = VIETNAMESE_LOWER + VIETNAMESE_LOWER.upper()
"""The 134 letters of Vietnamese outside ASCII, composed (NFC), small ones first."""

# --- safe text -------------------------------------------------------------------------------------------------------

_DROPPED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b-\u200d\u2060\ufeff\u00ad]")
_KNOWN = f"[!-~{VIETNAMESE}]++"
_CLEAN = re.compile(f"{_KNOWN}(?: {_KNOWN})*+").fullmatch
_MAX_MARKS = 2
_SPACES = re.compile(" {2,}")


def safe_text(s: str, *, limit: int = 500) -> str:
    """`s` as one line that no terminal, printer, log or table can be steered with; at most `limit` characters.

    NFC; bidi and zero-width controls dropped; newlines, tabs and every blank become one space, none at the ends; other
    control, format, surrogate, private and unassigned characters become U+FFFD; at most two combining marks on a base;
    what is too long ends in `…`. Idempotent. Markup, formulas and look-alikes are the sinks' own business.
    Source: the bad-input corpus, rows T, P9–P16.
    """
    if len(s) <= limit and ((s.isascii() and s.isalnum()) or not s or _CLEAN(s)):
        return s
    taken = s[: 4 * limit + 4_000]  # ten megabytes of rubbish cost no more than a long line
    tame = "".join(_tamed(unicodedata.normalize("NFC", _DROPPED.sub("", taken))))
    tame = _SPACES.sub(" ", tame).strip(" ")
    if len(tame) > limit or len(taken) < len(s):
        tame = tame[: limit - 1].rstrip(" ") + MARKER
    return tame


def printable(s: str) -> str:
    """One line as it is, with its blanks, and without anything that steers a terminal."""
    return "".join(_tamed(s))


def _tamed(s: str) -> Iterator[str]:
    """The characters of `s`: blanks as spaces, unprintable ones as U+FFFD, the third and later marks left out."""
    marks = 0
    for character in s:
        kind = unicodedata.category(character)
        if kind[0] == "M":
            marks += 1
            if marks <= _MAX_MARKS:
                yield character
            continue
        marks = 0
        if kind[0] == "Z" or character in "\r\n\t":
            yield " "
        else:
            yield REPLACEMENT if kind[0] == "C" else character


# --- search ----------------------------------------------------------------------------------------------------------

_STROKES = str.maketrans("đĐðÐ", "dddd")


def _fold(character: str) -> str:
    """One character as a search sees it: letters without marks, a blank for all but letters and digits."""
    bare = unicodedata.normalize("NFD", character).translate(_STROKES).lower()
    kinds = ((c, unicodedata.category(c)) for c in bare)
    return "".join(c if kind[0] in "LN" or kind == "Mc" else " " for c, kind in kinds if kind not in ("Mn", "Me", "Cf"))


class _Folds(dict[int, str]):
    """The table for `str.translate`: ready for ASCII and Vietnamese, worked out for other characters as they come."""

    def __missing__(self, codepoint: int) -> str:
        return _fold(chr(codepoint))


_FOLDS: Final = _Folds({ord(c): _fold(c) for c in [*map(chr, range(0x80)), *VIETNAMESE, *"\u0300\u0301\u0303\u0309\u0323"]})


def search_key(s: str) -> str:
    """`s` for searching: no marks, đ and ð as d, small letters, punctuation as blanks, blanks squeezed.

    Composed and decomposed spellings give the same key; `search_key` of a key is the key. Look-alikes of other scripts
    stay apart.
    """
    return " ".join(s.translate(_FOLDS).split())


# --- amounts in words ------------------------------------------------------------------------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNITS_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}


def amount_in_words(amount: Dong, *, zero_tens: Literal["linh", "lẻ"] = "linh") -> str:
    """`Một triệu không trăm linh năm đồng chẵn` for 1.000.005 đồng: capital first, `linh` (North) or `lẻ` (South).

    Zero is `Không đồng`; a negative amount (a reversal) starts with `Âm`. Right for any whole number; the trade's
    amounts end at 10^12. Source: the form 01-TT; rules of mốt, tư, lăm, linh and "không trăm" in the house's notes.
    """
    value = int(amount)
    if value == 0:
        return "Không đồng"
    words = " ".join(_vietnamese(abs(value), zero_tens=zero_tens)) + " đồng chẵn"
    return _capital(f"âm {words}" if value < 0 else words)


def _vietnamese(value: int, *, zero_tens: str) -> Iterator[str]:
    """The words of a positive number; above a tỷ the count of tỷ is read as a number of its own."""
    begun = False
    billions, rest = divmod(value, 10**9)
    if billions:
        yield from _vietnamese(billions, zero_tens=zero_tens)
        yield "tỷ"
        begun = True
    for unit, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, unit)
        if group:
            yield from _group_of_three(group, zero_tens=zero_tens, padded="padded" if begun else "")
            if name:
                yield name
            begun = True


def _group_of_three(group: int, *, zero_tens: str, padded: str) -> Iterator[str]:
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    if hundreds or padded:
        yield _DIGITS[hundreds]
        yield "trăm"
    if tens == 1:
        yield "mười"
    elif tens:
        yield _DIGITS[tens]
        yield "mươi"
    elif units and (hundreds or padded):
        yield zero_tens
    if not units:
        return
    if tens >= 2 or (tens == 1 and units == 5):
        yield _UNITS_AFTER_TENS.get(units, _DIGITS[units])
    else:
        yield _DIGITS[units]


_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_ENGLISH_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def amount_in_words_en(amount: Dong) -> str:
    """`One million and five dong` for 1.000.005 đồng; a negative amount starts with `Minus`."""
    value = int(amount)
    words = " ".join(_english(abs(value))) or "zero"
    return _capital(f"minus {words} dong" if value < 0 else f"{words} dong")


def _english(value: int) -> Iterator[str]:
    begun = False
    for unit, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        group, value = divmod(value, unit)
        if group:
            yield from _english(group)
            yield name
            begun = True
    hundreds, rest = divmod(value, 100)
    if hundreds:
        yield _ENGLISH[hundreds]
        yield "hundred"
        begun = True
    if rest and begun:
        yield "and"
    if 0 < rest < 20:
        yield _ENGLISH[rest]
    elif rest:
        tens, units = divmod(rest, 10)
        yield f"{_ENGLISH_TENS[tens]}-{_ENGLISH[units]}" if units else _ENGLISH_TENS[tens]


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


# --- masks: what a public board may show -----------------------------------------------------------------------------


def mask_name(name: str) -> str:
    """`Nguyễn Văn An` as `Nguyễn V** A**`; a single word keeps its first letter only."""
    words = name.split()
    first = [words[0]] if len(words) > 1 else []
    return " ".join(first + [f"{word[0]}**" for word in words[len(first) :]])


_PLACE = re.compile(
    r"(?:^|\s)("
    r"(?:(?:thôn|ấp|bản|buôn|làng|xóm|khóm|khối|tổ|khu phố|phường|xã|thị trấn|đặc khu|kp)\s+|(?:kp|p|x|tt)\.\s*)\S.*"
    r")$",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\s+(?:số|nhà|sn)\b.*$", re.IGNORECASE)


def mask_address(address: str) -> str:
    """Only the hamlet and ward: `Số 12, ngõ 5, thôn Đông, xã Hòa Bình, tỉnh X` as `thôn Đông, xã Hòa Bình`.

    The rule: the parts between commas that hold a word for a hamlet or ward (thôn, ấp, xóm, tổ, phường, xã, …), each
    from that word to its end or to a house number (`số`, `nhà`); no such part: `…`.
    """
    parts = (_PLACE.search(part.strip()) for part in unicodedata.normalize("NFC", address).split(","))
    return ", ".join(_HOUSE.sub("", part[1]) for part in parts if part) or MARKER


# --- width -----------------------------------------------------------------------------------------------------------


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def display_width(text: str) -> int:
    """How many cells `text` takes on a terminal or a fixed-width paper: wide letters two, marks none."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_cells, text))


def cut(text: str, cells: int) -> str:
    """`text` in at most `cells` cells; a `…` ends what was cut, marks stay with their letter."""
    if display_width(text) <= cells:
        return text
    if cells < 1:
        return ""
    width = kept = 0
    for character in text:
        width += _cells(character)
        if width > cells - 1:
            break
        kept += 1
    return text[:kept].rstrip() + MARKER


def period_text(*, year: int, month: int, ky: int) -> str:
    """A bill's period as people read it: `10/2026`, or `10/2026 (2)` for the second kỳ of the month."""
    return f"{month:02d}/{year}" + (f" ({ky})" if ky > 1 else "")
