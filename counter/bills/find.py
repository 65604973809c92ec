"""Finding a customer while somebody types, at a million of them; and what a scanner typed.

Codes, phones and meters are found from either end; of words every one must match, the last by its beginning; marks and
case do not matter. Names come before addresses, whole names first. Words go through the word index, figures and names from
their last word through an ordered table; what either proposes is checked
against the customer's own row, so the answer is exact. Only folded letters and digits reach the index's query language.
Source: docs/benchmarks.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import text as sql
from sqlmodel import Session

from counter.bills.finding_index import is_sqlite, word_prefix
from counter.bills.rules import bill_id_of, folded_words, meter_key, name_back, name_words, phone_digits
from counter.bills.scan import looks_scanned, parts_of
from counter.bills.views import CustomerLine, lines_of
from counter.text import safe_text, search_key
from db.scope import office_of
from db.tables import Bill

LONGEST: Final = 400
"""Characters of a typed text that are looked at."""
MOST_WORDS: Final = 12
CHECKED: Final = 300
"""Candidates of the rarer words that are read one by one before the index is asked for all words."""
NUMBERS_CHECKED: Final = 300
RANKED: Final = 60
"""Matches that are put in order, those of the name first; a page is shorter."""
AT_ONCE: Final = 50
"""Rows asked of the driver at once."""
SHORTEST_NUMBER: Final = 3
LEAST_BESIDE_WORDS: Final = 4
_IN_NUMBERS: Final = re.compile(r"[ .+\-]+")
_COMMON: Final = frozenset(
    ("so", "duong", "thon", "xa", "phuong", "pho", "to", "khu", "ngo", "tinh", "huyen", "thi", "van", "nguyen")
)
# CROSS: the index first; else the planner, where the words are rare, asks it anew for every customer
_BY_WORDS_SQLITE: Final = sql("""
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code
FROM customer_find AS f CROSS JOIN customer AS c ON c.office_id = :office_id AND c.search_no = f.rowid
WHERE customer_find MATCH :wanted LIMIT :most""")
# MATERIALIZED: with a LIMIT in sight the planner would read the whole table instead of the index
_BY_WORDS_POSTGRES: Final = sql("""
WITH m AS MATERIALIZED (SELECT customer_code FROM customer_find
  WHERE array_to_tsvector(tok) @@ CAST(:wanted AS tsquery) AND office_id = :office_id)
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code
FROM (SELECT customer_code FROM m LIMIT :most) AS f
JOIN customer AS c ON c.office_id = :office_id AND c.customer_code = f.customer_code""")
_BY_CODE: Final = sql("""
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code FROM customer AS c
WHERE c.office_id = :office_id AND c.customer_code >= :low AND c.customer_code < :high
ORDER BY c.customer_code LIMIT :most""")
_OF_CODE: Final = sql("""
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code FROM customer AS c
WHERE c.office_id = :office_id AND c.customer_code = :code""")
# || '': with the primary key's own order and a LIMIT in sight the planner would read every customer of the office
_OF_PAYER: Final = sql("""
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code FROM customer AS c
WHERE c.office_id = :office_id AND c.payer_code = :code ORDER BY c.customer_code || '' LIMIT :most""")
_BY_NUMBER: Final = sql("""
SELECT c.customer_code, c.payer_code, c.name, c.address, c.phone, c.meter_number, c.book_code
FROM (SELECT customer_code FROM customer_number
  WHERE office_id = :office_id AND k >= :low AND k < :high ORDER BY k LIMIT :most) AS f
JOIN customer AS c ON c.office_id = :office_id AND c.customer_code = f.customer_code""")
_WHOLE: Final = "\x01"
"""Before every sign of a key: `M12345` up to there is that meter and no longer one."""


@dataclass(frozen=True, slots=True)
class Found:
    """The customers that match, those by number first; `more`: there are others, so ask for street, house or phone."""

    customers: tuple[CustomerLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned text names: a customer, and perhaps one bill. Empty texts where nothing was recognised."""

    customer_code: str
    bill_id: str


def find_customers(session: Session, *, text: str, limit: int = 20) -> Found:
    """The customers that `text` means: a code, phone or meter (from either end), words of name and address, or a scan.

    A whole code finds its customer, and behind it whoever else this code pays for. Text that means nothing (blank, `%`,
    `_`) finds nobody. At most `limit` customers, 1 to 200; `more` says that others match as well.
    """
    most = max(1, min(limit, 200)) + 1
    rows: list[Any] = []
    if not looks_scanned(text):
        typed = safe_text(text, limit=LONGEST)
        code = typed.replace(" ", "")
        rows = list(islice(_once((*_of_code(session, code), *_of_payer(session, code, most))), most))
        rows = rows or list(islice(_once(_candidates(session, typed, most)), most))
    if not rows and (code := read_scan(session, text=text).customer_code):
        rows = _of_code(session, code)
    return Found(lines_of(session, rows[: most - 1]), more=len(rows) >= most)


def read_scan(session: Session, *, text: str) -> Scan:
    """What the QR or barcode of a paper bill names here; a text that names nobody here gives an empty Scan."""
    for part in parts_of(text):
        unit, dash, number = part.partition("-")
        if dash:
            bill = session.get(Bill, (office_of(session), bill_id_of(unit=unit, number=int(number))))
            if bill is not None:
                return Scan(bill.customer_code, bill.bill_id)
        elif _of_code(session, part):
            return Scan(part, "")
    return Scan("", "")


def _of_code(session: Session, code: str) -> list[Any]:
    """The row of exactly this code, or none."""
    if not (code.isascii() and code.isalnum() and 3 <= len(code) <= 20):
        return []
    return list(session.execute(_OF_CODE, {"office_id": office_of(session), "code": code.upper()}))


def _of_payer(session: Session, code: str, most: int) -> list[Any]:
    """The contracts this code pays for, by their codes."""
    if not (code.isascii() and code.isalnum() and 3 <= len(code) <= 20):
        return []
    return list(session.execute(_OF_PAYER, {"office_id": office_of(session), "code": code.upper(), "most": most}))


def _once(rows: Iterable[Any]) -> Iterator[Any]:
    seen: set[str] = set()
    for row in rows:
        if row[0] not in seen:
            seen.add(row[0])
            yield row


def _candidates(session: Session, typed: str, most: int) -> Iterator[Any]:
    """Rows that match, those by number first; later sources are asked only where earlier ones do not fill the answer."""
    spoken = search_key(typed).split()[:MOST_WORDS]
    words = list(dict.fromkeys(spoken))
    if not words:
        return
    key = _IN_NUMBERS.sub("", typed)
    is_one_number = " " not in typed or key.isdigit()
    if is_one_number:  # `0912 345 678` and `HT-55` are one
        yield from _by_number(session, key, most)
    is_anybody = False
    for row in _by_name(session, spoken, most):
        is_anybody = True
        yield row
    for row in _names_first(_by_words(session, words, max(most, RANKED)), spoken):
        is_anybody = True
        yield row
    if is_one_number or is_anybody:
        return
    for word in words:  # `lan 4567`: the end of a code or phone beside a name
        if word.isdigit() and len(word) >= LEAST_BESIDE_WORDS:
            others = [other for other in words if other != word]
            ends = ("B" + word[::-1], "Q" + word[::-1])
            yield from (row for key in ends for row in _with_key(session, key, NUMBERS_CHECKED) if _says(row, others))


def _by_name(session: Session, spoken: list[str], most: int) -> Iterator[Any]:
    """Whose name ends with these words, or with a word that begins so; a name of nothing else comes first."""
    for row in _with_key(session, "N" + name_back(spoken), most):
        if len(spoken) == 1 or name_words(row[2])[-len(spoken) :] == spoken:
            yield row


def _names_first(rows: Iterator[Any], spoken: list[str]) -> Iterator[Any]:
    """The first matches in order: whom the text names whole, whose name holds it, whose name and address hold it."""
    first, told = list(islice(rows, RANKED)), " ".join(spoken)

    def place(row: Any) -> int:
        own = name_words(row[2])
        return 0 if " ".join(own) == told else 2 - _is_named(own, spoken)

    yield from sorted(first, key=place)
    yield from rows


def _is_named(own: list[str], spoken: list[str]) -> bool:
    """Whether a name has every word as often as it was typed, the last one at least as a beginning."""
    rest = list(own)
    for word in spoken[:-1]:
        if word not in rest:
            return False
        rest.remove(word)
    return any(word.startswith(spoken[-1]) for word in rest)


def _says(row: Any, words: list[str]) -> bool:
    """Whether the customer's name and address hold every word, the last one at least as a beginning."""
    own = folded_words(row[2], row[3])
    return f" {words[-1]}" in own and all(f" {word} " in own for word in words[:-1])


# --- figures ---------------------------------------------------------------------------------------------------------


def _by_number(session: Session, figures: str, most: int) -> Iterator[Any]:
    """The meter or phone that is this whole; else by the beginning of code, phone or meter, the end of code or phone."""
    key = figures.upper()
    if not (SHORTEST_NUMBER <= len(key) <= 40 and key.isascii() and key.isalnum() and any(c.isdigit() for c in key)):
        return
    office_id = office_of(session)
    yield from _with_key(session, "M" + meter_key(key), most, _WHOLE)
    if key.isdigit():
        yield from _with_key(session, "P" + phone_digits(key), most, _WHOLE)
    yield from session.execute(_BY_CODE, {"office_id": office_id, "low": key, "high": _after(key), "most": most})
    ranges = ["B" + key[::-1], "M" + meter_key(key)]
    if key.isdigit():
        ranges[1:1] = dict.fromkeys(("P" + phone_digits(key), "P" + key, "Q" + key[::-1]))
    for low in ranges:
        yield from _with_key(session, low, most)


def _with_key(session: Session, low: str, most: int, until: str = "~") -> Iterator[Any]:
    about = {"office_id": office_of(session), "low": low, "high": low + until, "most": most}
    yield from session.execute(_BY_NUMBER, about)


def _after(code: str) -> str:
    """The first text after all that begin with `code`, of digits and capitals only, so that every collation agrees."""
    bare = code.rstrip("Z")
    if not bare:
        return "Z" * 21
    last = bare[-1]
    return bare[:-1] + ("A" if last == "9" else chr(ord(last) + 1))


# --- words -----------------------------------------------------------------------------------------------------------


def _by_words(session: Session, words: list[str], most: int) -> Iterator[Any]:
    """Customers whose words these are. The long lists of words that everybody has are read only where nothing else helps."""
    *whole, last = words
    rare = [word for word in whole if word not in _COMMON]
    begun = "" if last in _COMMON or (len(last) <= 2 and len(rare) >= 2) else last
    is_telling = bool(rare) or len(begun) >= 2
    if is_telling and (len(rare) < len(whole) or not begun):
        good, read = [], 0
        for row in _matching(session, rare, begun, CHECKED):
            read += 1
            if _says(row, words):
                good.append(row)
                if len(good) == most:
                    break
        if len(good) == most or read < CHECKED:
            yield from good
            return
    yield from (row for row in _matching(session, whole, last, most) if _says(row, words))


def _matching(session: Session, whole: list[str], begun: str, most: int) -> Iterator[Any]:
    """Up to `most` rows, as they are asked for, with all of `whole` and a word that begins with `begun` (if any)."""
    office_id = office_of(session)
    if is_sqlite(session):
        terms = [f'"{word}"' for word in whole] + ([f'"{begun}" *'] if begun else [])
        statement, wanted = _BY_WORDS_SQLITE, " ".join(terms)
    else:
        prefix = word_prefix(office_id)
        terms = [f"'{prefix}{word}'" for word in whole] + ([f"'{prefix}{begun}':*"] if begun else [])
        statement, wanted = _BY_WORDS_POSTGRES, " & ".join(terms)
    rows = session.execute(statement, {"office_id": office_id, "most": most, "wanted": wanted})
    try:
        for some in rows.partitions(AT_ONCE):
            yield from some
    finally:
        rows.close()


__all__ = ["Found", "Scan", "find_customers", "read_scan"]
