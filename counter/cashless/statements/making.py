"""Making a profile from a sample: what its columns may be is guessed, a person sets it right and sees what would be read."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from counter.cashless.statements.profiles import (
    FIELDS,
    StatementProfile,
    is_profile_name,
    load_statement_profile,
    profile_from,
    statement_profiles,
)
from counter.cashless.statements.refusals import StatementProfileWrong
from counter.cashless.statements.tables import Read, read_table
from counter.files import opened
from counter.legacy import encoding_called
from counter.locale import _
from counter.sheets import DAY_SHAPES, DELIMITERS, first_rows, fold
from counter.text import safe_text

MOST_COLUMNS: Final = 40
_GROUPED: Final = {
    ".": re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+"),
    ",": re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+"),
    " ": re.compile(r"-?[0-9]{1,3}( [0-9]{3})+"),
}
_SHAPES: Final = {
    "dd/mm/yyyy": re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}.*"),
    "dd-mm-yyyy": re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}.*"),
    "dd.mm.yyyy": re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}.*"),
    "yyyy-mm-dd": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"),
    "yyyy/mm/dd": re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}.*"),
    "yyyymmdd": re.compile(r"(19|20)[0-9]{6}"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file, as texts."""

    file: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile being made. `heading` is the row (from 0) that names the columns; `columns` field -> place in it."""

    heading: int
    columns: Mapping[str, int]
    thousands: str
    day_shape: str
    delimiter: str

    def with_column(self, field: str, place: int | None) -> Draft:
        """The same with another column, or none, for a field; a column serves one field."""
        kept = {key: value for key, value in self.columns.items() if key != field and value != place}
        return replace(self, columns=kept if place is None else {**kept, field: place})


def sample_of(path: str | os.PathLike[str], *, encoding: str = "") -> Sample:
    """The beginning of a statement as a table. Raises what counter.sheets and counter.files refuse."""
    with opened(path) as file:
        known = encoding_called(encoding) if encoding else None
        delimiter, rows = first_rows(file, delimiters=DELIMITERS, encoding=known)
        plain = tuple(tuple(safe_text(cell, limit=200) for cell in row[:MOST_COLUMNS]) for row in rows)
        return Sample(file.name, delimiter, plain)


def guess(sample: Sample) -> Draft:
    """The heading that looks most like one of a bank that is known, and what its columns then are."""
    words = _known_headings()
    found = [_fields_in(row, words) for row in sample.rows]
    heading = max(range(len(found)), key=lambda place: len(found[place]), default=0)
    return guess_below(sample, heading)


def guess_below(sample: Sample, heading: int) -> Draft:
    """What the columns are when this row names them."""
    columns = _fields_in(sample.rows[heading], _known_headings()) if heading < len(sample.rows) else {}
    below = sample.rows[heading + 1 :]
    money = [_cell(row, columns.get(name)) for row in below for name in ("debit", "credit", "amount", "balance")]
    days = [_cell(row, columns.get("day")) for row in below]
    return Draft(
        heading=heading,
        columns=columns,
        thousands=_most(money, _GROUPED) or "",
        day_shape=_most(days, _SHAPES) or "dd/mm/yyyy",
        delimiter=sample.delimiter,
    )


def as_profile_text(draft: Draft, sample: Sample, *, title: str) -> str:
    """The profile as TOML. Raises StatementProfileWrong where a column is missing."""
    named = {field: _cell(sample.rows[draft.heading], place) for field, place in draft.columns.items()}
    usual = load_statement_profile()
    data: dict[str, Any] = {
        "title": title,
        "encoding": "sniff",
        "thousands": draft.thousands,
        "days": [draft.day_shape],
        "delimiters": [draft.delimiter] if draft.delimiter else list(DELIMITERS),
        "header_within": min(max(draft.heading + 20, 40), 200),
        "account": list(usual.account),
        "opening": list(usual.opening),
        "closing": list(usual.closing),
        "footer": list(usual.footer),
    }
    lines = [f"{key} = {_toml(value)}" for key, value in data.items()]
    lines += ["", "[columns]", *(f"{field} = {_toml([named[field]])}" for field in FIELDS if named.get(field))]
    return "\n".join(lines) + "\n"


def try_profile(path: str | os.PathLike[str], *, text: str, encoding: str = "") -> Read:
    """What a statement says, read by a profile that is not saved. Raises StatementProfileWrong and what reading refuses."""
    profile = profile_from(text, name="preview", file=_("the preview"))
    with opened(path) as file:
        return read_table(file, profile, encoding=encoding_called(encoding) if encoding else None)


def save_profile(home: Path, *, name: str, text: str) -> StatementProfile:
    """Keep a profile in the office's home, found by its name; whole or not at all. Raises StatementProfileWrong."""
    path = home / "statements" / f"{name}.toml"
    if not is_profile_name(name) or path.is_symlink():
        reason = _("small letters, digits and dashes only")
        raise StatementProfileWrong(profile=safe_text(name, limit=40), key="name", reason=reason, file=f"{name[:40]}.toml")
    profile = profile_from(text, name=name, file=path.name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
    return profile


def _known_headings() -> dict[str, str]:
    """Folded heading -> field, of every profile that is shipped."""
    found: dict[str, str] = {}
    for name in statement_profiles():
        found |= {**load_statement_profile(name).headings, **found}
    return found


def _fields_in(row: Sequence[str], words: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        field = words.get(fold(cell[:100]))
        if field is not None and field not in found:
            found[field] = place
    return found


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _most(cells: Sequence[str], kinds: Mapping[str, re.Pattern[str]]) -> str | None:
    """The kind that most cells are of."""
    seen = Counter(name for cell in cells for name, shape in kinds.items() if shape.fullmatch(cell))
    return seen.most_common(1)[0][0] if seen else None


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{text}"'


SHAPES: Final = tuple(DAY_SHAPES)
