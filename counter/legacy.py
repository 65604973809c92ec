"""Old Vietnamese encodings in files that come from elsewhere: found out, named, read; never silently chosen.

Read: UTF-8 (with or without a mark), UTF-16, CP1258, TCVN3 (ABC fonts) and VNI for Windows. Bytes without
a meaning come out as U+FFFD, so that one broken row is refused by whoever imports it and not the whole file.

TCVN3 has bytes for Ă Â Ê Ô Ơ Ư Đ and for every small letter, but none for a capital with a tone: on paper those were
small letters in a capitals font (.VnTimeH). Recoverable: fields typed in capitals (`NGUYễN VĂN Hà` is read as
`NGUYỄN VĂN HÀ`, see `_raised`). Not recoverable: a lone capital at the start (`Ánh` comes out as `ánh`), and text that
is small letters throughout because only its font made it capital. A search does not notice either.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.errors import BadInput
from counter.locale import N_
from counter.text import REPLACEMENT, VIETNAMESE, safe_text

MAX_LINE: Final = 1_000_000
"""Characters in one line of a text file; more is no table."""
_SAMPLE_BYTES: Final = 64 * 1024

# --- refusals --------------------------------------------------------------------------------------------------------


class EncodingUnclear(BadInput):
    """The bytes fit more than one encoding, or none well; a person has to say which."""

    why = N_("The letters in {file} are not in Unicode. Read as {likeliest} it says “{sample}”; other tries: {others}.")
    todo = N_(
        "Check that sentence. If it is right, choose the encoding {likeliest} (in a command: --encoding {likeliest}); "
        "or save the file as UTF-8."
    )


class NotText(BadInput):
    """The file holds bytes that no text has: a picture, a program, a spreadsheet."""

    why = N_("{file} is not a text file.")
    todo = N_("Choose a CSV or XLSX file, or save it again as CSV UTF-8.")


class UnknownEncoding(BadInput):
    """A name of an encoding that is not read here."""

    why = N_("“{name}” is not an encoding that can be read.")
    todo = N_("Use one of: {known}.")


class LineTooLong(BadInput):
    """A line longer than any table's."""

    why = N_("Line {line} is longer than {limit} characters.")
    todo = N_("Check that this is a table with one row on each line, and export it again.")


# --- rules: the tables -----------------------------------------------------------------------------------------------


class Encoding(StrEnum):
    """What can be read; the word is also what a person types."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    CP1258 = "cp1258"
    TCVN3 = "tcvn3"
    VNI = "vni"


_ALSO_CALLED = {
    "utf8": Encoding.UTF8,
    "unicode": Encoding.UTF8,
    "utf16": Encoding.UTF16,
    "windows1258": Encoding.CP1258,
    "abc": Encoding.TCVN3,
    "tcvn": Encoding.TCVN3,
    "vniwin": Encoding.VNI,
    "vniwindows": Encoding.VNI,
}


def encoding_called(name: str) -> Encoding:
    """The encoding a person means: `TCVN3`, `abc`, `utf8`, `VNI-Win`. Raises UnknownEncoding."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    for encoding in Encoding:
        if bare == encoding.value.replace("-", ""):
            return encoding
    if bare not in _ALSO_CALLED:
        raise UnknownEncoding(name=safe_text(name, limit=40), known=", ".join(Encoding))
    return _ALSO_CALLED[bare]


_TCVN3_RUNS = {0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ"}
_TCVN3_RUNS |= {0xDC: "ĩíịò", 0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ", 0xA0: "\u00a0"}


def _tcvn3_table() -> str:
    table = [chr(b) for b in range(0x80)]
    table += [bytes((b,)).decode("cp1252", "replace") for b in range(0x80, 0xA0)]  # quotation marks and dashes
    table += ["\ufffe"] * 0x60  # no meaning
    for start, letters in _TCVN3_RUNS.items():
        table[start : start + len(letters)] = letters
    return "".join(table).replace(REPLACEMENT, "\ufffe")


TCVN3_TABLE: Final = _tcvn3_table()
"""256 characters, one for each byte; U+FFFE where TCVN3 has none."""

_VNI_TONES = "ùøûõï"  # sắc, huyền, hỏi, ngã, nặng
_MARKS = "\u0301\u0300\u0309\u0303\u0323"


def _vni_table() -> dict[str, str]:
    small = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for written, base in {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}.items():
        small |= {written + tone: base + mark for tone, mark in zip(_VNI_TONES, _MARKS, strict=True)}
    for circumflexed in "aeo":
        small |= {circumflexed + m: circumflexed + "\u0302" + t for m, t in zip("âáàåãä", ("", *_MARKS), strict=True)}
    small |= {"a" + m: "ă" + t for m, t in zip("êéèúüë", ("", *_MARKS), strict=True)}
    del small["yï"]  # ỵ has a byte of its own
    table = {}
    for written, letter in small.items():
        composed = unicodedata.normalize("NFC", letter)
        table[written] = composed
        table[written.upper()] = composed.upper()
        table[written[0] + written[1:].upper()] = composed  # the letter decides the case, not its mark
        table[written[0].upper() + written[1:]] = composed.upper()
    return table


VNI_TABLE: Final = _vni_table()
"""One or two characters of CP1252 to one letter."""
_VNI_MARKS = "".join(sorted({w[1] for w in VNI_TABLE if len(w) == 2}))
_VNI_SINGLES = "".join(sorted({w for w in VNI_TABLE if len(w) == 1}))
_VNI_PIECE = re.compile(f"[AEOUYaeouyÔôÖö][{_VNI_MARKS}]|[{_VNI_SINGLES}{_VNI_MARKS}]")


def _vni_letter(match: re.Match[str]) -> str:
    written = match[0]
    letter = VNI_TABLE.get(written)
    if letter is None:  # a mark on a letter that cannot carry it, or alone
        return "".join(VNI_TABLE.get(c, REPLACEMENT if c in _VNI_MARKS else c) for c in written)
    return letter


_TONED_SMALL = "".join(c for c in VIETNAMESE if c.islower() and c not in "ăâêôơưđ")
_FIELD = re.compile(r'[^,;|\t"\r\n]+')
_SURE_CAPITALS = re.compile("[A-ZĂÂÊÔƠƯĐ]{2}").search
_SURE_SMALL = re.compile("[a-zăâêôơưđ]").search
_TONED = re.compile(f"[{_TONED_SMALL}]").search


def _raised(line: str) -> str:
    """TCVN3's capitals with tones: a field with two capitals in a row and no letter that is surely small is raised."""
    if not (_TONED(line) and _SURE_CAPITALS(line)):
        return line
    return _FIELD.sub(lambda m: m[0].upper() if _SURE_CAPITALS(m[0]) and not _SURE_SMALL(m[0]) else m[0], line)


# --- reading ---------------------------------------------------------------------------------------------------------


def decode(data: bytes, encoding: Encoding) -> str:
    """All of `data` as NFC text without a byte order mark; line ends stay. Bytes without a meaning are U+FFFD."""
    return "".join(decode_lines((data,), encoding))


def decode_lines(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[str]:
    """The lines of a file that comes in pieces, each with its `\\n`, NFC; never more than a piece and a line in memory.

    Fit for `csv.reader`. Bytes without a meaning are U+FFFD: refuse such rows. Raises LineTooLong.
    """
    pending, number = "", 0
    for text in _decoded(chunks, encoding):
        *whole, pending = (pending + text).split("\n")
        for line in whole:
            number += 1
            yield _mended(line, encoding) + "\n"
        if len(pending) > MAX_LINE:
            raise LineTooLong(line=number + 1, limit=MAX_LINE)
    if pending:
        yield _mended(pending, encoding)


def _decoded(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[str]:
    """Characters as the bytes say, before pairs and marks are put together."""
    match encoding:
        case Encoding.TCVN3:
            for chunk in chunks:
                yield codecs.charmap_decode(chunk, "replace", TCVN3_TABLE)[0]
        case Encoding.VNI:
            for chunk in chunks:
                yield chunk.decode("cp1252", "replace")
        case _:
            head, chunks = _head(chunks)
            name = "utf-8-sig" if encoding is Encoding.UTF8 else encoding.value
            if encoding is Encoding.UTF16 and head not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                name = "utf-16-le"  # a person said UTF-16 of a file without its mark: Windows writes it so
            decoder = codecs.getincrementaldecoder(name)("replace")
            for chunk in chunks:
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)


def _head(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first two bytes, and all the pieces again."""
    rest = iter(chunks)
    first = b""
    for chunk in rest:
        first += chunk
        if len(first) >= 2:
            break
    return first[:2], itertools.chain((first,), rest)


def _mended(line: str, encoding: Encoding) -> str:
    if line.isascii():
        return line
    if encoding is Encoding.TCVN3:
        line = _raised(line)
    elif encoding is Encoding.VNI:
        line = _VNI_PIECE.sub(_vni_letter, line)
    return unicodedata.normalize("NFC", line)


# --- finding out -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says in one encoding: `score` is the share of Vietnamese syllables, 0 to 1."""

    encoding: Encoding
    score: float
    sample: str


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest encoding; `sure` only where the bytes prove it. `alternatives` are the rest, likeliest first."""

    encoding: Encoding
    sure: bool
    why: str
    alternatives: tuple[Reading, ...] = ()
    sample: str = ""


def settled(guess: Guess, *, file: str) -> Encoding:
    """The encoding where it is proven; else raises EncodingUnclear, which names the likeliest and what it reads."""
    if guess.sure:
        return guess.encoding
    others = "; ".join(f"{r.encoding} “{r.sample}”" for r in guess.alternatives) or "-"
    raise EncodingUnclear(file=file, likeliest=str(guess.encoding), sample=guess.sample, others=others)


class Sniffer:
    """Finds out the encoding of a file that passes by in pieces; keeps at most 64 KiB of telling lines."""

    def __init__(self, *, file: str = "") -> None:
        self._file = file
        self._head = b""
        self._ascii = True
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
        self._telling: list[bytes] = []
        self._room = _SAMPLE_BYTES
        self._has_nul = False

    def feed(self, chunk: bytes) -> None:
        """The next piece of the file, in order."""
        if len(self._head) < 4:
            self._head = (self._head + chunk)[:4]
        self._has_nul = self._has_nul or b"\0" in chunk
        if self._utf8 is not None:
            try:
                self._utf8.decode(chunk)
            except UnicodeDecodeError:
                self._utf8 = None
        if chunk.isascii():
            return
        self._ascii = False
        for line in chunk.split(b"\n"):
            if self._room <= 0:
                break
            if not line.isascii():
                self._telling.append(line[: self._room])
                self._room -= len(self._telling[-1])

    def guess(self) -> Guess:
        """What the file is in, judged by all that was fed. Raises NotText."""
        if self._head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
            raise NotText(file=self._file)
        if self._head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return Guess(Encoding.UTF16, sure=True, why=N_("the file says so itself"))
        if self._has_nul:
            raise NotText(file=self._file)
        if self._head.startswith(codecs.BOM_UTF8):
            return Guess(Encoding.UTF8, sure=True, why=N_("the file says so itself"))
        if self._ascii:
            return Guess(Encoding.UTF8, sure=True, why=N_("plain letters only"))
        if self._utf8_holds():
            return Guess(Encoding.UTF8, sure=True, why=N_("every letter is well-formed UTF-8"))
        return self._likeliest()

    def _utf8_holds(self) -> bool:
        return self._utf8 is not None and not self._utf8.getstate()[0]

    def _likeliest(self) -> Guess:
        telling = b"\n".join(self._telling)
        tried = (Encoding.TCVN3, Encoding.VNI, Encoding.CP1258, Encoding.UTF8)
        first, *rest = sorted((_reading(telling, e) for e in tried), key=lambda r: -r.score)
        return Guess(
            first.encoding,
            sure=False,
            why=N_("most words are Vietnamese syllables"),
            alternatives=tuple(r for r in rest if r.score > 0),
            sample=first.sample,
        )


_WORD = re.compile("[^\x00-@[-`{-\x7f\u00a0\u2013-\u2026]+")
"""Letters and whatever odd sign stands among them; blanks, digits, ASCII signs, dashes and quotation marks part words."""
_SYLLABLE = re.compile(
    "(?:b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?"
    "(?:a|ai|ao|au|ay|âu|ây|ă|â|e|eo|ê|êu|i|ia|iu|iê|iêu|o|oa|oai|oao|oay|oă|oe|oeo|oi|oo|ô|ôi|ơ|ơi|"
    "u|ua|uâ|uây|uê|ui|uô|uôi|uơ|uy|uya|uyê|uyu|ư|ưa|ưi|ưu|ươ|ươi|ươu|y|ya|yê|yêu)"
    "(?:c|ch|m|n|ng|nh|p|t)?"
)
_TONE_MARKS = re.compile(f"[{_MARKS}]")


def _is_syllable(word: str) -> bool:
    """Whether `word` can be Vietnamese: one case (or a capital first), at most one tone, a known onset, vowel, end."""
    if not (word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower())):
        return False
    bare, tones = _TONE_MARKS.subn("", unicodedata.normalize("NFD", word.lower()))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def _reading(telling: bytes, encoding: Encoding) -> Reading:
    """How Vietnamese the telling lines are in `encoding`: only words with a letter beyond ASCII say anything."""
    text = decode(telling, encoding)
    words = [w for w in _WORD.findall(text) if not w.isascii()]
    score = sum(map(_is_syllable, words)) / len(words) if words else 0.0
    return Reading(encoding, round(score, 3), safe_text(text.partition("\n")[0], limit=60))
