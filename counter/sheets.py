"""A file as rows of text: CSV in any encoding that is read here, or XLSX; its heading found, its columns known.

Nothing is believed: rows come one at a time, a file that is no table is refused, memory does not grow with it.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol

from counter.errors import BadInput
from counter.files import NotASpreadsheet, OpenFile, check_xlsx
from counter.legacy import Encoding, Sniffer, decode_lines, settled
from counter.locale import N_
from counter.text import safe_text, search_key

Rows = Iterator[tuple[int, list[str]]]
"""Line of the file (from 1) and its fields."""
_PACKED: Final = (b"PK", b"\xd0\xcf\x11\xe0")


# --- refusals --------------------------------------------------------------------------------------------------------


class ColumnsMissing(BadInput):
    """No row among the first ones names every column that is needed."""

    why = N_("{file} lacks the columns: {columns}.")
    todo = N_("Export it again with these columns, or choose the profile that names them (--profile).")


class ColumnTwice(BadInput):
    """Two columns of the file claim to be the same field."""

    why = N_("{file} has two columns for {column}.")
    todo = N_("Delete or rename one of them, then import again.")


class NotATable(BadInput):
    """Quotation marks or lines that do not end: no rows can be told apart."""

    why = N_("{file} cannot be read as a table at line {line}.")
    todo = N_("Look for an open quotation mark in that line, or export the file again.")


class NoSuchSheet(BadInput):
    """The workbook has no sheet of the profile's name."""

    why = N_("{file} has no sheet “{sheet}”.")
    todo = N_("Its sheets are: {known}. Rename the sheet or change the profile.")


class EmptyFile(BadInput):
    """A heading and nothing under it, or nothing at all."""

    why = N_("{file} holds nothing to bring in.")
    todo = N_("Check that the export is complete.")


# --- what a file looks like ------------------------------------------------------------------------------------------


class Layout(Protocol):
    """How a kind of file is laid out: `headings` folded heading -> field, `required` the fields a heading must name."""

    @property
    def encoding(self) -> Encoding | None: ...

    @property
    def delimiters(self) -> tuple[str, ...]: ...

    @property
    def sheet(self) -> str: ...

    @property
    def header_within(self) -> int: ...

    @property
    def headings(self) -> Mapping[str, str]: ...

    @property
    def required(self) -> tuple[str, ...]: ...

    def heading_of(self, field: str) -> str:
        """A field's heading, as a person knows it."""
        ...


SEPARATORS: Final = (".", ",", " ", "")
"""What may stand between the thousands of a number."""
DELIMITERS: Final = (",", ";", "\t", "|")
DAY_SHAPES: Final = {
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "yyyy-mm-dd": "%Y-%m-%d",
    "yyyy/mm/dd": "%Y/%m/%d",
    "yyyymmdd": "%Y%m%d",
}
"""A day as a profile writes it -> strptime's shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProfile:
    """What every layout that an office may write itself says, whatever the file is about.

    `encoding` is None where it is found out; `days` are strptime shapes; `columns` field -> headings, `headings` folded
    heading -> field.
    """

    name: str
    title: str
    encoding: Encoding | None
    delimiters: tuple[str, ...]
    thousands: str
    days: tuple[str, ...]
    sheet: str
    header_within: int
    columns: Mapping[str, tuple[str, ...]]
    headings: Mapping[str, str]

    def heading_of(self, field: str) -> str:
        """A field's first heading, as a person knows it."""
        return self.columns[field][0] if field in self.columns else field


def fold(heading: str) -> str:
    """A heading as it is compared: `Mã khách hàng` and `MA_KHACH_HANG` are the same."""
    return search_key(heading).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: `columns` field -> place in a row; `width` = fields of the heading; `rows` after it, `before` it."""

    columns: dict[str, int]
    width: int
    rows: Rows
    before: tuple[tuple[str, ...], ...] = ()


def table_of(
    file: OpenFile, layout: Layout, *, encoding: Encoding | None = None, seen: Callable[[int], None] = lambda _bytes: None
) -> Table:
    """The rows of `file` as `layout` lays it out; `encoding` overrules the layout, `seen` hears each piece's bytes.

    Raises EncodingUnclear, NotText, LineTooLong, NotATable, ColumnsMissing, ColumnTwice, EmptyFile, NoSuchSheet and
    what counter.files refuses.
    """
    if any(file.starts_with(magic) for magic in _PACKED):
        return _find_heading(file, layout, _sheet_rows(file, layout, seen))
    encoding = encoding or layout.encoding or _sniffed(file)
    return _text_table(file, layout, encoding, seen)


def _sniffed(file: OpenFile) -> Encoding:
    sniffer = Sniffer(file=file.name)
    for piece in file.pieces():
        sniffer.feed(piece)
    return settled(sniffer.guess(), file=file.name)


def _watched(file: OpenFile, seen: Callable[[int], None]) -> Iterator[bytes]:
    for piece in file.pieces():
        seen(len(piece))
        yield piece


@dataclass(frozen=True, slots=True)
class _Anything:
    """A layout of which nothing is known: the first sheet, no heading."""

    delimiters: tuple[str, ...]
    encoding: Encoding | None = None
    sheet: str = ""
    header_within: int = 200
    headings: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    def heading_of(self, field: str) -> str:
        return field


def first_rows(
    file: OpenFile, *, delimiters: tuple[str, ...], encoding: Encoding | None = None, limit: int = 200
) -> tuple[str, list[list[str]]]:
    """The delimiter that parts the file best (empty for a workbook) and its first rows, for a person to look at.

    Raises what `table_of` raises, but for a heading.
    """
    if any(file.starts_with(magic) for magic in _PACKED):
        rows = _sheet_rows(file, _Anything(delimiters), lambda _bytes: None)
        return "", [row for _line, row in itertools.islice(rows, limit)]
    lines = list(itertools.islice(decode_lines(file.pieces(), encoding or _sniffed(file)), limit))
    best: tuple[int, str, list[list[str]]] = (0, delimiters[0], [])
    for delimiter in delimiters:
        try:
            rows_of = [row for _line, row in _csv_rows(file, iter(lines), delimiter)]
        except NotATable:
            continue
        parted = sum(len(row) - 1 for row in rows_of if len(row) > 2)
        if parted > best[0]:
            best = (parted, delimiter, rows_of)
    if not best[2]:
        raise NotATable(file=file.name, line=1)
    return best[1], best[2]


# --- text ------------------------------------------------------------------------------------------------------------


def _text_table(file: OpenFile, layout: Layout, encoding: Encoding, seen: Callable[[int], None]) -> Table:
    lines = decode_lines(_watched(file, seen), encoding)
    first = list(itertools.islice(lines, layout.header_within))
    if not first:
        raise EmptyFile(file=file.name)
    complaint: ColumnsMissing | None = None
    for delimiter in layout.delimiters:
        try:
            _find_heading(file, layout, _csv_rows(file, iter(first), delimiter))
        except ColumnsMissing as refusal:
            if complaint is None or len(str(refusal.facts["columns"])) < len(str(complaint.facts["columns"])):
                complaint = refusal
            continue
        except NotATable:
            continue  # not this delimiter
        return _find_heading(file, layout, _csv_rows(file, itertools.chain(first, lines), delimiter))
    if complaint is None:
        raise NotATable(file=file.name, line=1)
    raise complaint


def _csv_rows(file: OpenFile, lines: Iterator[str], delimiter: str) -> Rows:
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as failure:
        raise NotATable(file=file.name, line=line) from failure


# --- spreadsheets ----------------------------------------------------------------------------------------------------


def _sheet_rows(file: OpenFile, layout: Layout, seen: Callable[[int], None]) -> Rows:
    from python_calamine import CalamineWorkbook

    data = file.whole()
    check_xlsx(data, file=file.name)
    with _calm(file):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
    seen(len(data))
    if not names or (layout.sheet and layout.sheet not in names):
        known = ", ".join(safe_text(name, limit=40) for name in names[:10])
        raise NoSuchSheet(file=file.name, sheet=safe_text(layout.sheet, limit=40), known=known)
    with _calm(file):
        sheet = book.get_sheet_by_name(layout.sheet or names[0])
        start = (sheet.start or (0, 0))[0]
        rows = iter(sheet.iter_rows())
    return _cells(file, rows, first=start + 1)


def _cells(file: OpenFile, rows: Iterator[list[Any]], *, first: int) -> Rows:
    for line in itertools.count(first):
        with _calm(file):
            row = next(rows, None)
        if row is None:
            return
        yield line, [_cell_text(cell) for cell in row]


@contextmanager
def _calm(file: OpenFile) -> Iterator[None]:
    """The library's errors, and the panics of the language it is written in, as one refusal."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as failure:  # a panic is no Exception
        raise NotASpreadsheet(file=file.name) from failure


def _cell_text(cell: Any) -> str:
    """A cell as the text a person would see: whole numbers without a fraction, days as 2026-10-31."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta | bool):
        return str(cell).upper()
    return "" if cell is None else str(cell)


# --- the heading -----------------------------------------------------------------------------------------------------


def _find_heading(file: OpenFile, layout: Layout, rows: Rows) -> Table:
    """The first row, within those the layout allows, that names every required column. Raises ColumnsMissing."""
    missing: list[str] = list(layout.required)
    before: list[tuple[str, ...]] = []
    is_empty = True
    for _line, row in itertools.islice(rows, layout.header_within):
        is_empty = is_empty and not any(row)
        columns = _columns_in(file, layout, row)
        lacking = [field for field in layout.required if field not in columns]
        if not lacking:
            return Table(columns, len(row), rows, tuple(before))
        before.append(tuple(row))
        if len(lacking) < len(missing):
            missing = lacking
    if is_empty:
        raise EmptyFile(file=file.name)
    raise ColumnsMissing(file=file.name, columns=", ".join(layout.heading_of(field) for field in missing))


def _columns_in(file: OpenFile, layout: Layout, row: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    twice = ""
    for place, heading in enumerate(row):
        field = layout.headings.get(fold(heading[:100]))
        if field is None:
            continue
        if field in columns:
            twice = heading
        columns[field] = place
    if twice and all(field in columns for field in layout.required):
        raise ColumnTwice(file=file.name, column=safe_text(twice, limit=40))
    return columns


__all__ = [
    "ColumnTwice",
    "ColumnsMissing",
    "EmptyFile",
    "Layout",
    "NoSuchSheet",
    "NotATable",
    "Rows",
    "Table",
    "first_rows",
    "fold",
    "table_of",
]
