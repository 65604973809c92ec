"""EMV QR texts as they lie: tag, length, value, and the CRC over all of it. Pure; knows no scheme.

Source: NAPAS “QR Format T&C v1.0 VN” (09/2021): a tag of two digits, a length of two digits 01–99, the value; 00 first,
63 last. CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, nothing reflected, over everything up to and with “6304”.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import Final

CRC_HEAD: Final = "6304"
LONGEST: Final = 512
"""Bytes; the standard's own limit for a consumer's payload. A longer text is not looked at."""


@dataclass(frozen=True, slots=True)
class Broken(Exception):
    """The text is no chain of tag, length, value. `at` counts characters from 0; `why` is a key of `reading.WHY`."""

    at: int
    why: str


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE of `data`."""
    return binascii.crc_hqx(data, 0xFFFF)


def crc_text(text: str) -> str:
    """The four upper-case digits for `text`, which must end in `6304`."""
    return f"{crc16(text.encode('utf-8')):04X}"


def field(tag: str, value: str) -> str:
    """One field. The length counts bytes; for the ASCII that we write, bytes are characters. Raises ValueError."""
    size = len(value.encode("utf-8"))
    if not 1 <= size <= 99:
        raise ValueError(f"field {tag}: {size} bytes")
    return f"{tag}{size:02d}{value}"


def fields_of(text: str, *, in_bytes: str = "") -> list[tuple[str, str]]:
    """The fields in order as (tag, value). Raises Broken.

    Lengths count characters; with any `in_bytes` they count UTF-8 bytes: makers differ where the text is not ASCII.
    """
    raw = text.encode("utf-8", "surrogatepass") if in_bytes else text
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(raw):
        tag, size = _plain(raw[at : at + 2]), _plain(raw[at + 2 : at + 4])
        if len(tag) != 2 or len(size) != 2 or not _digits(tag) or not _digits(size):
            raise Broken(at, "no_tag")
        value = raw[at + 4 : at + 4 + int(size)]
        if len(value) < int(size):
            raise Broken(at, "too_short")
        if not value:
            raise Broken(at, "empty")
        try:
            found.append((tag, value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")))
        except UnicodeDecodeError:
            raise Broken(at, "torn") from None
        at += 4 + int(size)
    return found


def _plain(part: str | bytes) -> str:
    return part if isinstance(part, str) else part.decode("latin-1")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
