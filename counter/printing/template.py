"""Layouts that an office changes: read from TOML, refused when wrong, with the line and the field.

A layout is checked once, when it is saved: spelling, kinds of values, letters that the typeface has, the logo, and at last
whether every renderer can print a sample with it. What is kept then is plain data that printing only reads.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counter.errors import BadInput
from counter.folder import read_own
from counter.locale import LANGUAGES, N_, translate
from counter.locale import translate as _
from counter.printing.documents import Layout
from counter.printing.layout import Logo
from counter.text import VIETNAMESE, safe_text

OPTIONAL: Final[Mapping[str, Mapping[str, str]]] = {
    "receipt": {
        "address": N_("the office's address"),
        "phone": N_("the office's phone"),
        "customer_address": N_("the customer's address"),
        "bill_number": N_("bill numbers"),
        "vat": N_("VAT of each bill"),
        "amount_in_words": N_("the amount in words"),
        "lookup": N_("the QR code"),
        "invoice_page": N_("where the e-invoice is"),
    },
    "forms": {"address": N_("the office's address")},
    "shift": {"address": N_("the office's address"), "phone": N_("the office's phone")},
    "day": {"address": N_("the office's address"), "phone": N_("the office's phone")},
    "ticket": {
        "address": N_("the office's address"),
        "phone": N_("the office's phone"),
        "ahead": N_("people before you"),
        "wait": N_("the waiting time"),
        "rules": N_("rules of distance"),
        "lookup": N_("the QR code"),
    },
    "poster": {
        "address": N_("the office's address"),
        "phone": N_("the office's phone"),
        "rules": N_("rules of distance"),
        "lookup": N_("the QR code"),
    },
}
"""Papers that have a layout, and the lines each can do without. Money, numbers, names and the journal always stay."""

PAPERS: Final[Mapping[str, str]] = {
    "receipt": N_("Receipt"),
    "shift": N_("Shift report and hand-over"),
    "day": N_("Day report"),
    "ticket": N_("Ticket of the queue"),
    "poster": N_("Poster at the door"),
    "forms": N_("Forms of the accounts (01-TT, 06-TT, 08a-TT)"),
}

KEYS: Final = ("title", "header", "footer", "hide", "lang", "logo")
_LONGEST: Final = {"title": 60, "header": 120, "footer": 120}
_MOST_LINES: Final = 8
_PRINTABLE: Final = frozenset("".join(map(chr, range(0x20, 0x7F))) + VIETNAMESE + "₫×·–—“”‘’…•№€°§©®±²³½¼\u00a0")
_LOGO_BYTES: Final = 4_000_000
_LOGO_SIDE: Final = 6_000
_LOGO_PIXELS: Final = 16_000_000
"""A photograph of a telephone has 12 million; more is four times as many bytes in memory."""
LOGO_DOTS: Final = 320
LOGO_ROWS: Final = 160
"""The largest logo on paper: 40 mm by 20 mm."""
_PACKED: Final = re.compile(r"\d{1,3}:[A-Za-z0-9+/]+=*")
_BLANK: Final = Logo(8, b"\0")


class BadLayout(BadInput):
    """A layout that cannot be used. Nothing was saved."""

    why = N_("{file}, line {line}, {field}: “{value}” – {reason}")
    todo = N_("Correct that line and save again; the layout in use stays as it was.")


@dataclass(frozen=True, slots=True)
class _Source:
    """A TOML text, to name the line of what is wrong in it."""

    file: str
    text: str

    def line_of(self, field: str, value: str = "") -> int:
        """The line where `field` is set, or below it the one where `value` stands; 1 where neither is found."""
        lines = self.text.splitlines()
        first = next((n for n, row in enumerate(lines) if re.match(rf"\s*\"?{re.escape(field)}\"?\s*=", row)), 0)
        if value:
            first = next((n for n in range(first, len(lines)) if value in lines[n]), first)
        return first + 1

    def bad(self, field: str, value: object, reason: str, *, line: int = 0) -> BadLayout:
        """The refusal."""
        shown = _words_of(value)
        return BadLayout(
            file=self.file,
            line=line or self.line_of(field, shown),
            field=safe_text(field, limit=40),
            value=safe_text(shown, limit=60),
            reason=reason,
        )


def _words_of(value: object) -> str:
    """A value as words, also a number of thousands of digits or a list in a list in a list…"""
    try:
        return str(value)
    except (ValueError, RecursionError):
        return "…"


def read_layout(text: str, *, paper: str, file: str, folder: Path) -> Layout:
    """The layout of a paper (a key of PAPERS) in a TOML text; `folder` is where its logo lies. Raises BadLayout."""
    source = _Source(file, text)
    plain = _parsed(source)
    for field, value in plain.items():
        if field not in KEYS:
            raise source.bad(field, value, _("there is no such field; known: {known}").format(known=", ".join(KEYS)))
    logo = _word(source, plain, "logo")
    return Layout(
        title=_printable(source, "title", _word(source, plain, "title")),
        header=_texts(source, plain, "header"),
        footer=_texts(source, plain, "footer"),
        hide=_hidden(source, plain, paper=paper),
        lang=_language(source, plain),
        logo=_logo(source, logo, folder=folder) if logo else "",
    )


def _parsed(source: _Source) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:  # also numbers and lists without end, which are no TOMLDecodeError
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else max(1, len(source.text.splitlines()))
        rows = source.text.splitlines() or [""]
        reason = _('this is no TOML: write field = "text", or field = ["text", "text"]')
        raise source.bad("TOML", rows[min(line, len(rows)) - 1], reason, line=line) from error


def _word(source: _Source, plain: Mapping[str, Any], field: str) -> str:
    value = plain.get(field, "")
    if not isinstance(value, str):
        raise source.bad(field, value, _("a text in quotes is wanted"))
    return value


def _texts(source: _Source, plain: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = plain.get(field, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise source.bad(field, value, _('a list of texts in quotes is wanted, for example ["one", "two"]'))
    if len(value) > _MOST_LINES:
        raise source.bad(field, len(value), _("at most {most} lines").format(most=_MOST_LINES))
    return tuple(_printable(source, field, one) for one in value)


def _printable(source: _Source, field: str, text: str) -> str:
    for character in text:
        if character not in _PRINTABLE:
            reason = _("the character U+{code} cannot be printed").format(code=f"{ord(character):04X}")
            raise source.bad(field, text, reason)
    if len(text) > _LONGEST[field]:
        raise source.bad(field, text, _("at most {most} characters").format(most=_LONGEST[field]))
    return safe_text(text)


def _hidden(source: _Source, plain: Mapping[str, Any], *, paper: str) -> tuple[str, ...]:
    value = plain.get("hide", [])
    if not isinstance(value, list):
        raise source.bad("hide", value, _('a list of texts in quotes is wanted, for example ["one", "two"]'))
    for name in value:
        if not isinstance(name, str) or name not in OPTIONAL[paper]:
            known = ", ".join(OPTIONAL[paper])
            raise source.bad("hide", name, _("this paper can do without: {known}").format(known=known))
    return tuple(dict.fromkeys(value))


def _language(source: _Source, plain: Mapping[str, Any]) -> str:
    value = _word(source, plain, "lang")
    if value and value not in LANGUAGES:
        raise source.bad("lang", value, _("allowed: {known}").format(known=", ".join(LANGUAGES)))
    return value


# --- logo ------------------------------------------------------------------------------------------------------------


def _logo(source: _Source, name: str, *, folder: Path) -> str:
    """The picture as packed dots, made smaller where it is larger than a receipt bears; packed dots stay as they are."""
    if _PACKED.fullmatch(name) and (logo := unpack(name)) != _BLANK:
        return pack(logo)
    path = folder / name
    try:
        if path.stat().st_size > _LOGO_BYTES:
            raise source.bad("logo", name, _("the picture is larger than {size} MB").format(size=_LOGO_BYTES // 1_000_000))
        data = read_own(path, cap=_LOGO_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        problem = error.strerror if isinstance(error, OSError) and error.strerror else safe_text(str(error))
        raise source.bad("logo", name, _("the picture cannot be read: {problem}").format(problem=problem)) from error
    try:
        return logo_of(data)
    except (OSError, ValueError, SyntaxError, TypeError, zlib.error, MemoryError) as error:
        raise source.bad("logo", name, _("this is not a picture (PNG, JPEG or BMP)")) from error


def logo_of(picture: bytes) -> str:
    """Packed dots of a picture file: on white, dark becomes black, at most LOGO_DOTS by LOGO_ROWS.

    Raises OSError, ValueError, SyntaxError for what is no picture.
    """
    from PIL import Image

    try:
        opened = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "BMP", "GIF"))
    except Image.DecompressionBombError as bomb:
        raise ValueError("far too many pixels") from bomb
    with opened:
        if max(opened.size) > _LOGO_SIDE or opened.width * opened.height > _LOGO_PIXELS:
            raise ValueError("too many pixels")
        flat = Image.new("RGBA", opened.size, "white")
        flat.alpha_composite(opened.convert("RGBA"))
    grey = flat.convert("L")
    scale = min(1.0, LOGO_DOTS / grey.width, LOGO_ROWS / grey.height)
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    small = grey.resize(size, Image.Resampling.LANCZOS)
    sheet = Image.new("L", (8 * ((size[0] + 7) // 8), size[1]), 255)
    sheet.paste(small, ((sheet.width - size[0]) // 2, 0))
    ink = sheet.point(lambda dot: 255 if dot < 128 else 0).convert("1", dither=Image.Dither.NONE)
    return pack(Logo(sheet.width, ink.tobytes()))


def pack(logo: Logo) -> str:
    """A logo as a short text that JSON and TOML can hold."""
    return f"{logo.dots}:{base64.b64encode(zlib.compress(logo.data, 9)).decode('ascii')}"


def unpack(packed: str) -> Logo:
    """The logo again; a text that is none, which only a changed file holds, is a blank row: paper is never refused."""
    dots, _colon, rest = packed.partition(":")
    try:
        wide = int(dots)
        data = zlib.decompressobj().decompress(base64.b64decode(rest, validate=True), (LOGO_DOTS + 8) * LOGO_ROWS // 8 + 1)
    except (ValueError, binascii.Error, zlib.error):
        return _BLANK
    whole = wide > 0 and wide % 8 == 0 and wide <= LOGO_DOTS + 8 and 0 < len(data) <= (wide // 8) * LOGO_ROWS
    return Logo(wide, data) if whole and len(data) % (wide // 8) == 0 else _BLANK


def size_of(packed: str) -> tuple[int, int]:
    """Dots and rows of a logo."""
    logo = unpack(packed)
    return logo.dots, len(logo.data) // (logo.dots // 8)


# --- words for people ------------------------------------------------------------------------------------------------


def as_toml(layout: Layout, *, logo: str = "") -> str:
    """The layout as a TOML text that `read_layout` takes; `logo` is the name of the picture's file."""
    rows = [f"{field} = {_quoted(value)}" for field, value in (("title", layout.title), ("lang", layout.lang)) if value]
    if logo:
        rows.append(f"logo = {_quoted(logo)}")
    for field, texts in (("header", layout.header), ("footer", layout.footer), ("hide", layout.hide)):
        if texts:
            rows.append(f"{field} = [{', '.join(map(_quoted, texts))}]")
    return "".join(f"{row}\n" for row in rows)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def optional_lines(paper: str) -> tuple[tuple[str, str], ...]:
    """The lines a paper can do without: (name, what it is in the language in use)."""
    return tuple((name, translate(words)) for name, words in OPTIONAL[paper].items())
