"""Which letters a printer has, and the bytes it knows them by.

A `Letters` settles a text first: what the printer lacks becomes the nearest it has (`Ễ` without its tone, then `E`), one
character for one, so that lines can be laid out. Encoding then finds a byte for everything that is left, and no byte is
ever below 0x20 or 0x7F. Sources: TCVN 5712:1993, RFC 1456 (VISCII); capitals of page 31 as in escpos-printer-db, with Đ
at 0xA7. CP1258 is used for its whole letters only: printers do not join its tone marks to a letter.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal

from counter.legacy import TCVN3_TABLE
from counter.printing.layout import NO_BREAK
from counter.text import VIETNAMESE, VIETNAMESE_LOWER

Table = Literal["", "own", "tcvn3", "tcvn5712", "viscii", "cp1258"]
"""Which letters beyond ASCII a printer was seen to print. own: letters of our own (ESC &). The rest are code pages. tcvn3:
small letters, capitals on a page of their own (Epson 30 and 31) or, but for ĂÂÊÔƠƯĐ, nowhere. tcvn5712: capitals beside
them. viscii: all but Ẳ Ẵ Ẫ Ỷ Ỹ Ỵ, which have control bytes. cp1258: letters without a tone and a few with one."""

ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))
_TONES: Final = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_SPELLED: Final = {
    "đ": "d", "Đ": "D", "₫": "d", "×": "x", "·": "-", "–": "-", "—": "-", "─": "-", "═": "=",
    "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", NO_BREAK: NO_BREAK,
}  # fmt: skip

_TCVN5712: Final = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    " ĂÂÊÔƠƯĐăâêôơưđẰ     àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù" + "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII: Final = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
"""The upper halves, from 0x80; a blank where there is no letter of ours."""


def _upper_half(letters: str) -> dict[str, int]:
    return {letter: 0x80 + place for place, letter in enumerate(letters) if letter != " "}


def _tcvn3() -> tuple[dict[str, int], dict[str, int]]:
    """The page of small letters with ĂÂÊÔƠƯĐ, and the page of capitals."""
    whole = {letter: byte for byte, letter in enumerate(TCVN3_TABLE) if byte > 0xA0 and letter in VIETNAMESE}
    capitals = {letter.upper(): whole[letter] for letter in VIETNAMESE_LOWER}
    return whole, capitals | {letter: whole[letter] for letter in "ĂÂĐ"}


def _cp1258() -> dict[str, int]:
    decoded = {byte: bytes((byte,)).decode("cp1258", "replace") for byte in range(0x80, 0x100)}
    return {letter: byte for byte, letter in decoded.items() if letter in VIETNAMESE + "₫"}


_SMALL, _CAPITALS = _tcvn3()
_SINGLE: Final[dict[Table, dict[str, int]]] = {
    "": {},
    "own": {},
    "tcvn3": _SMALL,
    "tcvn5712": _upper_half(_TCVN5712),
    "viscii": _upper_half(_VISCII),
    "cp1258": _cp1258(),
}


class Letters:
    """The letters of one page, or of two: `pages` are numbers of ESC t, `bytes_of` what each page holds beyond ASCII."""

    def __init__(self, pages: tuple[int, ...], bytes_of: tuple[Mapping[str, int], ...]) -> None:
        self.pages = pages
        first, *rest = bytes_of
        known = ASCII + "".join(letter for page in bytes_of for letter in page)
        self.settle: Callable[[str], str] = Settling(known).settle
        second = "".join(letter for page in rest for letter in page if letter not in first)
        # a run goes on over letters that both pages have: pages are turned twice in CỘNG HÒA, not six times
        self._only_second = re.compile(f"[{second}](?:[ -~\\n]*[{second}])*") if second else None
        self._maps = [codecs.charmap_build(_decoding_table(page)) for page in bytes_of]

    def runs(self, text: str) -> Iterator[tuple[int, bytes]]:
        """A settled text, of many lines too, as (page, bytes). Raises UnicodeEncodeError for a letter that is not here."""
        end = 0
        for run in self._only_second.finditer(text) if self._only_second else ():
            if run.start() > end:
                yield self.pages[0], self._bytes(text[end : run.start()], 0)
            yield self.pages[1], self._bytes(run[0], 1)
            end = run.end()
        if end < len(text):
            yield self.pages[0], self._bytes(text[end:], 0)

    def _bytes(self, row: str, page: int) -> bytes:
        return codecs.charmap_encode(row, "strict", self._maps[page])[0]


def _decoding_table(page: Mapping[str, int]) -> str:
    """A character for each byte; U+FFFE, which no text has, where a byte is not ours to send.

    NUL stays NUL, else Python does not use its fast table; `ops.letters` refuses it like every control byte.
    """
    table = ["\0"] + ["\ufffe"] * 9 + ["\n"] + ["\ufffe"] * 0x15 + list(ASCII) + ["\ufffe"] * 0x81
    for letter, byte in page.items():
        table[byte] = letter
    return "".join(table)


class Settling(dict[str, str]):
    """What becomes of a character that is not known, worked out once for each."""

    def __init__(self, known: str) -> None:
        super().__init__()
        self.known = frozenset(known)
        self._unknown = re.compile(f"[^{re.escape(known + NO_BREAK)}\\n]+")

    def settle(self, text: str) -> str:
        """`text` with nothing but known characters, no-break blanks and ends of lines in it."""
        return self._unknown.sub(lambda found: "".join(map(self.__getitem__, found[0])), text)

    def __missing__(self, character: str) -> str:
        self[character] = nearest = self._nearest(character)
        return nearest

    def _nearest(self, character: str) -> str:
        if character == "₫" and "đ" in self.known:
            return "đ"
        untoned = unicodedata.normalize("NFC", unicodedata.normalize("NFD", character).translate(_TONES))
        if untoned in self.known:
            return untoned
        return _SPELLED.get(character) or _bare(character)


def _bare(character: str) -> str:
    """The letter without its marks, nothing for a mark alone, else a question mark."""
    base = unicodedata.normalize("NFD", character)[0]
    if unicodedata.combining(base):
        return ""
    return base if base in ASCII else "?"


@lru_cache(maxsize=16)
def letters_of(table: Table, page: int, page_capitals: int) -> Letters:
    """The letters of a table on the pages with these numbers; `page_capitals` 0: no page of capitals."""
    if table == "tcvn3" and page_capitals:
        small = {letter: byte for letter, byte in _SMALL.items() if letter in VIETNAMESE_LOWER}
        return Letters((page, page_capitals), (small, _CAPITALS))
    return Letters((page,), (_SINGLE[table],))


PLAIN: Final = letters_of("", 0, 0)
"""Nothing but ASCII."""
