"""How a file of debts is laid out: data in TOML, shipped in counter/profiles or put into <home>/profiles by the office."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counter.bills.refusals import BadProfile, UnknownProfile
from counter.legacy import Encoding, UnknownEncoding, encoding_called
from counter.locale import _
from counter.sheets import DAY_SHAPES, DELIMITERS, SEPARATORS, FileProfile, fold
from counter.text import safe_text
from db.states import BillKind

DEFAULT: Final = "cmis"
REQUIRED: Final = ("unit", "number", "month", "year", "customer_code", "name", "net", "vat", "amount")
"""Fields without which a line is no bill."""
OPTIONAL: Final = (
    "kind",
    "ky",
    "payer_code",
    "address",
    "phone",
    "book_code",
    "position",
    "meter_number",
    "kwh",
    "vat_percent",
    "issued_day",
    "due_day",
    "adjustment",
)
_SHIPPED: Final = Path(__file__).parent.parent / "profiles"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_KEYS: Final = {
    "title": str,
    "encoding": str,
    "delimiters": list,
    "thousands": str,
    "days": list,
    "sheet": str,
    "header_within": int,
    "customer_code_pattern": str,
    "withdrawn": list,
    "kinds": dict,
    "columns": dict,
}
_LARGEST: Final = 64 * 1024
"""Bytes of a profile that are read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(FileProfile):
    """The layout of a file of debts. `withdrawn`: the words of a bill that is no longer asked for."""

    customer_code: re.Pattern[str]
    withdrawn: frozenset[str]
    kinds: Mapping[str, BillKind]

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which a line is no bill."""
        return REQUIRED


def profile_names(*, home: Path | None = None) -> list[str]:
    """The profiles there are, the office's own included."""
    folders = [_SHIPPED, *([home / "profiles"] if home else [])]
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml") if _NAME.fullmatch(path.stem)})


def load_profile(name: str = DEFAULT, *, home: Path | None = None) -> Profile:
    """The profile of that name; one in `home` hides a shipped one. Raises UnknownProfile, BadProfile."""
    if _NAME.fullmatch(name):
        for folder in [*([home / "profiles"] if home else []), _SHIPPED]:
            path = folder / f"{name}.toml"
            if path.is_file():
                return read_profile(name, path)
    raise UnknownProfile(profile=safe_text(name, limit=40), known=", ".join(profile_names(home=home)))


def read_profile(name: str, path: Path) -> Profile:
    """The profile in one file. Raises BadProfile, naming the key."""
    bad = _Complaint(name, path)
    try:
        with path.open("rb") as file:
            data = tomllib.loads(file.read(_LARGEST).decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as failure:
        raise bad("-", safe_text(str(failure), limit=120)) from failure
    for key, value in data.items():
        if key not in _KEYS:
            raise bad(key, _("no such key"))
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):
            raise bad(key, _("another kind of value is needed"))
    columns = _columns(data.get("columns", {}), bad)
    return Profile(
        name=name,
        title=safe_text(data.get("title", name), limit=80),
        encoding=_encoding(data.get("encoding", "sniff"), bad),
        delimiters=_among("delimiters", data.get("delimiters", [","]), DELIMITERS, bad),
        thousands=_among("thousands", [data.get("thousands", "")], SEPARATORS, bad)[0],
        days=tuple(DAY_SHAPES[d] for d in _among("days", data.get("days", ["yyyy-mm-dd"]), tuple(DAY_SHAPES), bad)),
        sheet=data.get("sheet", ""),
        header_within=_rows(data.get("header_within", 1), bad),
        customer_code=_pattern(data.get("customer_code_pattern", "^[0-9A-Z]{8,16}$"), bad),
        withdrawn=frozenset(w.upper() for w in _words("withdrawn", data.get("withdrawn", []), bad)),
        kinds=_kinds(data.get("kinds", {}), bad),
        columns=columns,
        headings={fold(heading): field for field, headings in columns.items() for heading in headings},
    )


class _Complaint:
    """Makes the refusal for one key of one file."""

    def __init__(self, name: str, path: Path) -> None:
        self._name, self._path = name, path

    def __call__(self, key: str, reason: str) -> BadProfile:
        shown = safe_text(key, limit=40)
        return BadProfile(profile=self._name, key=shown, reason=reason, file=safe_text(self._path.name, limit=60))


def _words(key: str, value: list[Any], bad: _Complaint) -> tuple[str, ...]:
    if not all(isinstance(word, str) for word in value):
        raise bad(key, _("a list of texts is needed"))
    return tuple(value)


def _among(key: str, value: list[Any], known: tuple[str, ...], bad: _Complaint) -> tuple[str, ...]:
    words = _words(key, value, bad)
    if not words or not set(words) <= set(known):
        raise bad(key, _("allowed are: {known}").format(known=" ".join(repr(one) for one in known)))
    return words


def _encoding(name: str, bad: _Complaint) -> Encoding | None:
    if name == "sniff":
        return None
    try:
        return encoding_called(name)
    except UnknownEncoding as refusal:
        raise bad("encoding", refusal.todo_text()) from refusal


def _rows(value: int, bad: _Complaint) -> int:
    if not 1 <= value <= 200:
        raise bad("header_within", _("allowed are: {known}").format(known="1-200"))
    return value


def _pattern(text: str, bad: _Complaint) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError) as failure:
        raise bad("customer_code_pattern", safe_text(str(failure), limit=80)) from failure


def _kinds(data: dict[str, Any], bad: _Complaint) -> dict[str, BillKind]:
    try:
        return {word.upper(): BillKind(kind) for word, kind in data.items()}
    except ValueError as failure:
        raise bad("kinds", _("allowed are: {known}").format(known=" ".join(BillKind))) from failure


def _columns(data: dict[str, Any], bad: _Complaint) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for field, headings in data.items():
        key = f"columns.{field}"
        if field not in (*REQUIRED, *OPTIONAL):
            raise bad(key, _("no such key"))
        if not isinstance(headings, list) or not headings:
            raise bad(key, _("a list of texts is needed"))
        columns[field] = _words(key, headings, bad)
        for heading in columns[field]:
            if not fold(heading) or taken.setdefault(fold(heading), field) != field:
                raise bad(key, _("“{heading}” already means something else").format(heading=safe_text(heading, limit=40)))
    for field in REQUIRED:
        if field not in columns:
            raise bad(f"columns.{field}", _("it is missing"))
    return columns


__all__ = ["DEFAULT", "OPTIONAL", "REQUIRED", "Profile", "fold", "load_profile", "profile_names", "read_profile"]
