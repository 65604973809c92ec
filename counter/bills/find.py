"""Finding a customer while typing, at a million of them; and reading what a scanner typed.

All words must be there, the last one by its beginning. A code, phone or meter number is found from its beginning or its
end. Nothing is ranked: twenty rows of the first hits come in a few milliseconds, more words make them fewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from counter.bills.finding_index import is_sqlite, word_prefix
from counter.bills.rules import bill_id_of
from counter.bills.views import CustomerLine, customer_lines
from counter.text import safe_text, search_key
from db.scope import office_of
from db.tables import Bill, Customer

LONGEST: Final = 400
FEWEST_DIGITS: Final = 3
_NUMBER_LIKE: Final = re.compile(r"[0-9A-Z]{3,40}")
_PART: Final = re.compile(r"[0-9A-Z]{8,20}")
_WORDS_SQLITE: Final = "SELECT rowid FROM customer_find WHERE customer_find MATCH :words LIMIT :most"
# MATERIALIZED: with LIMIT inside, the planner reads the whole table for a common word.
_WORDS_POSTGRES: Final = """
WITH m AS MATERIALIZED (SELECT customer_code FROM customer_find
  WHERE array_to_tsvector(tok) @@ CAST(:words AS tsquery)) SELECT customer_code FROM m LIMIT :most"""
_NUMBERS: Final = (
    "SELECT customer_code FROM customer_number WHERE office_id = :office_id AND k >= :low AND k < :high LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The customers found, and whether there are more."""

    customers: tuple[CustomerLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned text names: a customer, and perhaps one bill. Empty where nothing was recognised."""

    customer_code: str
    bill_id: str


def find_customers(session: Session, *, text: str, limit: int = 20) -> Found:
    """Customers by code, name with or without marks, phone, meter number or address; at most `limit` of them."""
    text = safe_text(text, limit=LONGEST)
    bare = re.sub(r"[\s.\-+]", "", text).upper()
    exact = session.get(Customer, (office_of(session), bare)) if _NUMBER_LIKE.fullmatch(bare) else None
    if exact is not None:
        return Found(tuple(customer_lines(session, codes=[exact.customer_code])), more=False)
    codes: dict[str, None] = {}
    if _NUMBER_LIKE.fullmatch(bare) and any(c.isdigit() for c in bare):
        codes.update(dict.fromkeys(_by_number(session, bare, most=limit + 1)))
    if len(codes) <= limit:
        codes.update(dict.fromkeys(_by_words(session, text, most=limit + 1)))
    wanted = list(codes)
    return Found(tuple(customer_lines(session, codes=wanted[:limit])), more=len(wanted) > limit)


def _by_words(session: Session, text: str, *, most: int) -> list[str]:
    words = search_key(text).split()[:12]
    if not words:
        return []
    if is_sqlite(session):
        match = " ".join(f'"{word}"' for word in words) + "*"
        rows = session.execute(sql(_WORDS_SQLITE), {"words": match.replace("\0", ""), "most": most}).scalars().all()
        return _codes_of(session, [int(row) for row in rows])
    prefix = word_prefix(office_of(session))
    quoted = [(prefix + word).replace("\\", "\\\\").replace("'", "''") for word in words]
    query = " & ".join(f"'{word}'" for word in quoted) + ":*"
    return list(session.execute(sql(_WORDS_POSTGRES), {"words": query, "most": most}).scalars())


def _codes_of(session: Session, numbers: list[int]) -> list[str]:
    rows = session.exec(
        select(Customer.search_no, Customer.customer_code).where(
            Customer.office_id == office_of(session), col(Customer.search_no).in_(numbers)
        )
    ).all()
    by_number = dict(rows)
    return [by_number[number] for number in numbers if number in by_number]


def _by_number(session: Session, bare: str, *, most: int) -> list[str]:
    """By the beginning of code, phone or meter, and by the end of code or phone."""
    office_id = office_of(session)
    begins = select(Customer.customer_code).where(
        Customer.office_id == office_id,
        col(Customer.customer_code) >= bare,
        col(Customer.customer_code) < bare + "\x7f",
    )
    found = list(session.exec(begins.limit(most)).all())
    digits = "0" + bare[2:] if bare.startswith("84") and len(bare) >= 10 else bare
    keys = ["M" + bare]
    if digits.isdigit():
        keys += ["P" + digits, *(["B" + bare[::-1], "Q" + digits[::-1]] if len(digits) >= FEWEST_DIGITS else [])]
    for key in keys:
        if len(found) >= most:
            break
        bounds = {"office_id": office_id, "low": key, "high": key + "\x7f", "most": most}
        found += session.execute(sql(_NUMBERS), bounds).scalars()
    return found


def read_scan(session: Session, *, text: str) -> Scan:
    """What the QR or barcode of a paper bill names here: a code alone, codes between separators, a page's address, or an
    EMV payload whose purpose, bill or customer field holds them. A text that names nobody here gives an empty Scan."""
    for part in _parts(safe_text(text, limit=LONGEST)):
        if session.get(Customer, (office_of(session), part)) is not None:
            return Scan(part, "")
        bill = _bill(session, part)
        if bill is not None:
            return Scan(bill.customer_code, bill.bill_id)
    return Scan("", "")


def _bill(session: Session, part: str) -> Bill | None:
    unit, _dash, number = part.rpartition("-")
    if not number.isdigit() or not unit:
        return None
    return session.get(Bill, (office_of(session), bill_id_of(unit=unit, number=int(number))))


def _parts(text: str) -> list[str]:
    """Whatever in a scanned text may be a code, the likeliest first."""
    text = text.strip()
    if "://" in text:
        address = urlsplit(text)
        pieces = [value for _key, value in parse_qsl(address.query)] + address.path.split("/")
    elif text.startswith("000201"):
        pieces = _emv_texts(text)
    else:
        pieces = [text, *re.split(r"[|;,#&=\s]+", text)]
    upper = [piece.strip().upper() for piece in pieces]
    inside = [match for piece in upper for match in _PART.findall(piece)]
    return list(dict.fromkeys(piece for piece in [*upper, *inside] if piece))


def _emv_texts(payload: str) -> list[str]:
    """The additional data of an EMV QR (62): customer label 06, bill number 01, purpose 08. Liberal: stops at nonsense."""
    fields = dict(_tlv(payload))
    more = dict(_tlv(fields.get("62", "")))
    return [more[key] for key in ("06", "01", "08") if key in more]


def _tlv(data: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at + 4 <= len(data) and data[at + 2 : at + 4].isdigit():
        size = int(data[at + 2 : at + 4])
        found.append((data[at : at + 2], data[at + 4 : at + 4 + size]))
        at += 4 + size
    return found
