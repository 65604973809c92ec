"""What a scanner types: the parts of a QR or barcode that may be a customer's code or a bill's id, likeliest first. Pure.

A code alone; a code among parts (`PA05010012345|10/2026|159800`); a web address with it in the query; an EMV payload
(VietQR) whose additional data hold it: 62.06 customer label, 62.01 bill number, 62.08 purpose. Whether such a part names
anybody is for the office's own books to say: see `counter.bills.find.read_scan`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST: Final = 1_024
"""Characters of a scan that are looked at."""
MOST_PARTS: Final = 40
_BETWEEN: Final = re.compile(r"[|;,#&=\s\x1d~^]+")
_CODE: Final = re.compile(r"(?=[A-Z]*[0-9])[0-9A-Z]{8,16}")
_BILL: Final = re.compile(r"[0-9A-Z]{2,8}-[0-9]{1,18}")
_POINT: Final = re.compile(r"(P[A-Z][0-9A-Z]{11})[0-9]{3}")
_INSIDE: Final = re.compile(r"(?<![0-9A-Z])(?=[A-Z]*[0-9])[0-9A-Z]{8,16}(?![0-9A-Z])")
_EMV: Final = "000201"


def looks_scanned(text: str) -> bool:
    """Whether nobody types this: a payment QR, a web address, parts with bars between."""
    return text.lstrip().startswith(_EMV) or "://" in text or any(sign in text for sign in "|^~\x1d")


def parts_of(text: str) -> list[str]:
    """The parts of a scanned text that have the shape of a customer's code or a bill's id; never raises."""
    bare = text[:LONGEST].strip()
    if bare.startswith(_EMV):
        more = _fields(_fields(bare).get("62", ""))
        pieces = [more[tag] for tag in ("06", "01", "08") if tag in more]
    elif "://" in bare:
        pieces = _of_address(bare)
    else:
        pieces = [bare]
    upper = [piece.strip().upper() for piece in pieces]
    split = [part for piece in upper for part in _BETWEEN.split(piece)]
    inside = [found for piece in upper for found in _INSIDE.findall(piece)]
    shaped = [part for part in [*upper, *split, *inside] if _CODE.fullmatch(part) or _BILL.fullmatch(part)]
    points = [found[1] for found in map(_POINT.fullmatch, shaped) if found]  # 16 characters: a metering point or a card
    return list(dict.fromkeys([*shaped, *points]))[:MOST_PARTS]


def _of_address(text: str) -> list[str]:
    try:
        address = urlsplit(text)
        return [value for _key, value in parse_qsl(address.query, max_num_fields=50)] + unquote(address.path).split("/")
    except ValueError:
        return []


def _fields(text: str) -> dict[str, str]:
    """The tag-length-value fields as far as they are well formed; the first of a tag counts."""
    found: dict[str, str] = {}
    at = 0
    while re.fullmatch(r"[0-9]{4}", head := text[at : at + 4]):
        size = int(head[2:])
        value = text[at + 4 : at + 4 + size]
        if len(value) < size:
            break
        found.setdefault(head[:2], value)
        at += 4 + size
    return found


__all__ = ["looks_scanned", "parts_of"]
