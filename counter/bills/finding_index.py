"""The index customers are found by: folded words, and numbers from either end. Kept in step inside the import.

SQLite: the words in FTS5 (contentless: what is taken out must be named exactly, so `find_words` of the old row). PostgreSQL:
the words as an array under GIN. Both: `customer_number`, an ordered table of codes, phones, meters and names; the letter
in front says which: B = code from its end, P = phone, Q = phone from its end, M = meter, N = name from its last word.
Source: docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select, text
from sqlmodel import Session

from counter.bills.merge import C, P, changed_customer
from counter.bills.rules import find_words, meter_key, name_back, name_words, phone_digits
from db.scope import office_of

_NUMBERS: Final = """
INSERT INTO customer_number (office_id, k, customer_code)
WITH fresh AS (SELECT * FROM staged_customer AS p WHERE NOT EXISTS (
  SELECT 1 FROM customer AS c WHERE c.office_id = :office_id AND c.customer_code = p.customer_code))
SELECT :office_id, k, customer_code FROM (
  SELECT 'B' || code_back AS k, customer_code FROM fresh
  UNION ALL SELECT 'P' || phone_digits, customer_code FROM fresh WHERE phone_digits <> ''
  UNION ALL SELECT 'Q' || phone_back, customer_code FROM fresh WHERE phone_back <> ''
  UNION ALL SELECT 'M' || meter_key, customer_code FROM fresh WHERE meter_key <> ''
  UNION ALL SELECT 'N' || name_back, customer_code FROM fresh WHERE name_back <> '') AS numbers ORDER BY k"""
_WORDS_SQLITE: Final = """
INSERT INTO customer_find (rowid, k) SELECT p.place + :base, p.words FROM staged_customer AS p WHERE NOT EXISTS (
  SELECT 1 FROM customer AS c WHERE c.office_id = :office_id AND c.customer_code = p.customer_code) ORDER BY p.place"""
_WORDS_POSTGRES: Final = (
    "INSERT INTO customer_find (office_id, customer_code, tok) SELECT CAST(:office_id AS varchar), p.customer_code,"
    " string_to_array(CAST(:prefix AS text) || replace(p.words, ' ', ' ' || CAST(:prefix AS text)), ' ')"
    " FROM staged_customer AS p WHERE NOT EXISTS (SELECT 1 FROM customer_find AS f"
    " WHERE f.office_id = :office_id AND f.customer_code = p.customer_code)"
)
_OUT_SQLITE: Final = "INSERT INTO customer_find (customer_find, rowid, k) VALUES ('delete', :search_no, :words)"
_IN_SQLITE: Final = "INSERT INTO customer_find (rowid, k) VALUES (:search_no, :words)"
_IN_POSTGRES: Final = "UPDATE customer_find SET tok = :tok WHERE office_id = :office_id AND customer_code = :customer_code"
_OUT_NUMBER: Final = "DELETE FROM customer_number WHERE office_id = :office_id AND k = :k AND customer_code = :customer_code"
_IN_NUMBER: Final = """
INSERT INTO customer_number (office_id, k, customer_code) VALUES (:office_id, :k, :customer_code) ON CONFLICT DO NOTHING"""
_HASH_BYTES: Final = 32 * 1024 * 1024
_USUAL_HASH_BYTES: Final = 1024 * 1024


def numbers_of(*, customer_code: str, name: str, phone: str, meter_number: str) -> set[str]:
    """The keys of one customer in `customer_number`."""
    digits, meter, back = phone_digits(phone), meter_key(meter_number), name_back(name_words(name))
    keys = {"B" + customer_code[::-1]}
    if digits:
        keys |= {"P" + digits, "Q" + digits[::-1]}
    return keys | ({"M" + meter} if meter else set()) | ({"N" + back} if back else set())


def word_prefix(office_id: str) -> str:
    """What qualifies a word of this office on PostgreSQL."""
    return f"{office_id}:"


def is_sqlite(session: Session) -> bool:
    """Whether this session's database is SQLite."""
    return bool(session.get_bind().dialect.name == "sqlite")


def index_new_words(session: Session, *, base: int) -> None:
    """The words of the new customers: on SQLite before they are added, on PostgreSQL after."""
    office_id = office_of(session)
    if not is_sqlite(session):
        session.execute(text(_WORDS_POSTGRES), {"office_id": office_id, "prefix": word_prefix(office_id)})
        return
    _hash_size(session, _HASH_BYTES)  # fewer, larger pieces: twice as fast for a million
    session.execute(text(_WORDS_SQLITE), {"office_id": office_id, "base": base})
    _hash_size(session, _USUAL_HASH_BYTES)


def _hash_size(session: Session, size: int) -> None:
    session.execute(text("INSERT INTO customer_find (customer_find, rank) VALUES ('hashsize', :size)"), {"size": size})


def index_new_numbers(session: Session) -> None:
    """The numbers of the new customers, before they are added."""
    session.execute(text(_NUMBERS), {"office_id": office_of(session)})


def reindex_changed(session: Session) -> None:
    """The words and numbers of customers the file shows differently, before they are updated."""
    office_id = office_of(session)
    for rows in _changed(session):
        out_words, in_words, out_numbers, in_numbers = [], [], [], []
        for was, now in rows:
            code = {"office_id": office_id, "customer_code": was.customer_code}
            before, after = find_words(was.name, was.address), find_words(now["name"], now["address"])
            if before != after:
                out_words.append({"search_no": was.search_no, "words": before})
                tok = [word_prefix(office_id) + word for word in after.split()]
                in_words.append({"search_no": was.search_no, "words": after, "tok": tok, **code})
            old = numbers_of(**_named(was._asdict()))
            new = numbers_of(**_named({**now, "customer_code": was.customer_code}))
            out_numbers += [{"k": key, **code} for key in sorted(old - new)]
            in_numbers += [{"k": key, **code} for key in sorted(new - old)]
        if is_sqlite(session):
            _many(session, _OUT_SQLITE, out_words)
            _many(session, _IN_SQLITE, [{k: row[k] for k in ("search_no", "words")} for row in in_words])
        else:
            _many(session, _IN_POSTGRES, [{k: row[k] for k in ("tok", "office_id", "customer_code")} for row in in_words])
        _many(session, _OUT_NUMBER, out_numbers)
        _many(session, _IN_NUMBER, in_numbers)


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    """What of a customer is a key."""
    return {key: row[key] for key in ("customer_code", "name", "phone", "meter_number")}


def _changed(session: Session) -> Iterator[list[tuple[Any, dict[str, str]]]]:
    """Batches of (the row as it is, what it will say)."""
    known = (C.c.customer_code, C.c.search_no, C.c.name, C.c.address, C.c.phone, C.c.meter_number)
    claimed = (P[name].label("new_" + name) for name in ("name", "address", "phone", "meter_number"))
    rows = session.execute(
        select(*known, *claimed).where(changed_customer(office_of(session))).order_by(C.c.search_no),
        execution_options={"yield_per": 2_000},
    )
    for batch in rows.partitions(2_000):
        yield [
            (
                row,
                {
                    "name": row.new_name,
                    "address": row.new_address or row.address,
                    "phone": row.new_phone or row.phone,
                    "meter_number": row.new_meter_number or row.meter_number,
                },
            )
            for row in batch
        ]


def _many(session: Session, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(text(statement), rows)


__all__ = ["index_new_numbers", "index_new_words", "is_sqlite", "numbers_of", "reindex_changed", "word_prefix"]
