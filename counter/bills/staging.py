"""Reading a whole file of debts into a place of its own, outside the office's database: nothing is locked meanwhile.

The place is a private SQLite file in the temporary folder. `bring_in` applies it in one transaction; closing deletes it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path, PurePath
from types import TracebackType
from typing import Final, Self

from counter.bills.profiles import Profile
from counter.bills.refusals import EmptyFile, ImportCancelled, NoRoomToRead, RejectedLines
from counter.bills.rules import LineFacts, LineReader, Wrong
from counter.files import OpenFile, opened
from counter.legacy import Encoding
from counter.locale import _
from counter.sheets import Rows, Table, table_of
from counter.text import safe_text

BATCH: Final = 1_000
"""Lines between two looks at progress and cancelling."""
REPORTED: Final = 10_000
"""Rejected lines that are kept word for word; the rest is only counted."""

_SCHEMA: Final = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768; PRAGMA locking_mode=EXCLUSIVE;
CREATE TABLE staged_line (
  line INTEGER PRIMARY KEY, bill_id TEXT, unit TEXT, number INTEGER, customer_code TEXT, kind TEXT, year INTEGER,
  month INTEGER, ky INTEGER, net INTEGER, vat INTEGER, vat_percent TEXT, amount INTEGER, kwh INTEGER, meter_number TEXT,
  book_code TEXT, issued_day TEXT, due_day TEXT, state TEXT, payer_code TEXT, name TEXT, address TEXT, phone TEXT,
  position INTEGER, words TEXT, code_back TEXT, phone_digits TEXT, phone_back TEXT, meter_key TEXT,
  name_back TEXT);
CREATE VIEW staged_bill AS SELECT line, bill_id, unit, number, customer_code, kind, year, month, ky, net, vat,
  vat_percent, amount, kwh, meter_number, book_code, issued_day, due_day, state FROM staged_line;
CREATE TABLE staged_order (place INTEGER PRIMARY KEY, customer_code TEXT, line INTEGER);
CREATE VIEW staged_customer AS SELECT o.place, o.customer_code, l.payer_code, l.name, l.address, l.phone,
  ifnull(l.meter_number, '') AS meter_number, ifnull(l.book_code, '') AS book_code, l.position, l.words, l.code_back,
  l.phone_digits, l.phone_back, l.meter_key, l.name_back
  FROM staged_order AS o CROSS JOIN staged_line AS l ON l.line = o.line;
"""
_LINE: Final = "INSERT INTO staged_line VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
# The customer as the newest period shows them, in the order of the meter books: neighbours lie together in the index.
_ORDER: Final = """
INSERT INTO staged_order (customer_code, line) SELECT customer_code, line FROM (
  SELECT customer_code, line, ifnull(book_code, '') AS book_code, position,
    max(((year * 12 + month) * 10 + ky) * 4294967296 - line) FROM staged_line GROUP BY customer_code)
ORDER BY book_code, position, customer_code"""
_TWICE: Final = """
SELECT later.line, first.line, later.bill_id,
  (later.customer_code, later.kind, later.year, later.month, later.ky, later.net, later.vat, later.vat_percent,
   later.amount, later.kwh, later.meter_number, later.book_code, later.issued_day, later.due_day, later.state)
  IS (first.customer_code, first.kind, first.year, first.month, first.ky, first.net, first.vat, first.vat_percent,
   first.amount, first.kwh, first.meter_number, first.book_code, first.issued_day, first.due_day, first.state)
FROM (SELECT bill_id, min(line) AS line FROM staged_line GROUP BY bill_id HAVING count(*) > 1) AS t
JOIN staged_line AS first ON first.line = t.line
JOIN staged_line AS later ON later.bill_id = t.bill_id AND later.line > t.line ORDER BY later.line"""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that cannot go in: its number in the file, the column, what stands there (safe, cut) and why."""

    line: int
    field: str
    value: str
    why: str


class Staged:
    """A file that was read and checked. Use it in a `with`: leaving deletes it.

    `read` = lines with something on them; `accepted` = bills to apply; `repeated` = lines that say the same bill again;
    `rejected` = lines that are wrong.
    """

    def __init__(self, *, folder: tempfile.TemporaryDirectory[str], file_name: str, profile: str) -> None:
        self._folder = folder
        self.path = Path(folder.name) / "staged.db"
        self.file_name = file_name
        self.profile = profile
        self.sha256 = ""
        self.read = self.accepted = self.repeated = self.rejected = 0
        self.rejected_lines: tuple[RejectedLine, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Delete the place. Twice is once."""
        self._folder.cleanup()

    def refuse_rejected(self) -> None:
        """Nothing, where every line is right; else raises RejectedLines with the first."""
        if self.rejected:
            first = self.rejected_lines[0]
            raise RejectedLines(
                count=self.rejected,
                file=self.file_name,
                line=first.line,
                field=first.field,
                value=first.value,
                reason=first.why,
                lines=self.rejected_lines,
            )

    def open(self) -> sqlite3.Connection:
        """A connection to the place, for reading."""
        return sqlite3.connect(self.path, isolation_level=None)


def stage(
    path: str | PathLike[str],
    *,
    profile: Profile,
    encoding: Encoding | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Staged:
    """Read and check the file at `path`; `progress(done, total)` in bytes, `cancelled()` asked every thousand lines.

    Raises ImportCancelled, EmptyFile, NoRoomToRead and what counter.files, counter.legacy and counter.sheets refuse.
    """
    try:
        with opened(path) as file:
            return _staged(file, profile, _Watch(file.size, progress, cancelled), encoding)
    except (OSError, sqlite3.Error) as failure:
        name = safe_text(PurePath(path).name, limit=80)
        raise NoRoomToRead(file=name, reason=safe_text(str(failure), limit=120)) from failure


def _staged(file: OpenFile, profile: Profile, watch: _Watch, encoding: Encoding | None) -> Staged:
    folder = tempfile.TemporaryDirectory(prefix="quay-import-", ignore_cleanup_errors=True)
    try:
        staged = Staged(folder=folder, file_name=file.name, profile=profile.name)
        _fill(staged, file, profile, watch, encoding)
        return staged
    except BaseException:
        folder.cleanup()
        raise


class _Watch:
    """Tells how far the reading is, and whether to stop."""

    def __init__(self, total: int, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
        self._total, self._done, self._progress, self._cancelled = total, 0, progress, cancelled

    def seen(self, size: int) -> None:
        self._done += size

    def look(self) -> None:
        if self._cancelled():
            raise ImportCancelled
        self._progress(min(self._done, self._total), self._total)


def _fill(staged: Staged, file: OpenFile, profile: Profile, watch: _Watch, encoding: Encoding | None) -> None:
    watch.look()
    table = table_of(file, profile, encoding=encoding, seen=watch.seen)
    place = staged.open()
    try:
        place.executescript(_SCHEMA)
        place.execute("BEGIN")
        rejected = _fill_lines(staged, place, LineReader(profile, table.columns), table, watch)
        rejected += _take_out_repeated(staged, place, profile)
        place.execute(_ORDER)
        place.execute("CREATE UNIQUE INDEX staged_order_code ON staged_order (customer_code)")
        place.execute("COMMIT")
    finally:
        place.close()
    staged.rejected_lines = tuple(sorted(rejected, key=lambda one: one.line)[:REPORTED])
    staged.sha256 = file.sha256
    if not staged.read:
        raise EmptyFile(file=file.name)
    watch.look()


def _fill_lines(
    staged: Staged, place: sqlite3.Connection, reader: LineReader, table: Table, watch: _Watch
) -> list[RejectedLine]:
    rejected: list[RejectedLine] = []
    for lines in _batches(table.rows):
        good: list[tuple[object, ...]] = []
        for line, row in lines:
            if not any(row):
                continue
            staged.read += 1
            try:
                good.append((line, *_checked(reader, row, table.width)))
            except Wrong as wrong:
                staged.rejected += 1
                if len(rejected) < REPORTED:
                    rejected.append(RejectedLine(line, wrong.field, wrong.value, wrong.why))
        place.executemany(_LINE, good)
        staged.accepted += len(good)
        watch.look()
    return rejected


def _checked(reader: LineReader, row: list[str], width: int) -> LineFacts:
    if len(row) != width:
        first = safe_text(row[0], limit=60)
        raise Wrong("-", first, _("it has {found} fields, the heading has {width}").format(found=len(row), width=width))
    return reader.read(row)


def _batches(rows: Rows) -> Iterator[list[tuple[int, list[str]]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _take_out_repeated(staged: Staged, place: sqlite3.Connection, profile: Profile) -> list[RejectedLine]:
    """A bill that is there twice: the same again counts once; with other facts the later line is rejected."""
    place.execute("CREATE INDEX staged_bill_id ON staged_line (bill_id)")
    rejected: list[RejectedLine] = []
    gone: list[tuple[int]] = []
    for line, first, bill_id, is_same in place.execute(_TWICE):
        gone.append((line,))
        if is_same:
            staged.repeated += 1
            continue
        staged.rejected += 1
        if len(rejected) < REPORTED:
            why = _("line {line} says something else of the same bill").format(line=first)
            rejected.append(RejectedLine(line, profile.heading_of("number"), bill_id, why))
    place.executemany("DELETE FROM staged_line WHERE line = ?", gone)
    staged.accepted -= len(gone)
    return rejected


__all__ = ["REPORTED", "RejectedLine", "Staged", "stage"]
