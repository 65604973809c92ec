"""How a bank lays out its statement: data in TOML, shipped beside this file or put into <home>/statements by the office."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counter.cashless.statements.refusals import StatementProfileWrong, UnknownStatementProfile
from counter.legacy import UnknownEncoding, encoding_called
from counter.locale import _
from counter.sheets import DAY_SHAPES, DELIMITERS, SEPARATORS, FileProfile, fold
from counter.text import safe_text

DEFAULT: Final = "generic"
FIELDS: Final = ("day", "reference", "debit", "credit", "amount", "balance", "memo", "counterparty")
_SHIPPED: Final = Path(__file__).parent / "layouts"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_LARGEST: Final = 64 * 1024
_KEYS: Final[dict[str, type]] = {
    "title": str,
    "encoding": str,
    "delimiters": list,
    "thousands": str,
    "days": list,
    "sheet": str,
    "header_within": int,
    "fill_down_day": bool,
    "opening": list,
    "closing": list,
    "account": list,
    "footer": list,
    "columns": dict,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProfile(FileProfile):
    """The layout of a statement. `opening`, `closing`, `account`, `footer`: folded words of such rows."""

    fills_down: bool
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    account: tuple[str, ...]
    footer: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that the heading must name."""
        money = ("amount",) if "amount" in self.columns else ("debit", "credit")
        return ("day", *money, "memo")


def statement_profiles(*, home: Path | None = None) -> list[str]:
    """The profiles there are, the office's own included."""
    folders = [_SHIPPED, *([home / "statements"] if home else [])]
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml") if _NAME.fullmatch(path.stem)})


def load_statement_profile(name: str = DEFAULT, *, home: Path | None = None) -> StatementProfile:
    """The profile of that name; one in `home` hides a shipped one. Raises UnknownStatementProfile, StatementProfileWrong."""
    if _NAME.fullmatch(name):
        for folder in [*([home / "statements"] if home else []), _SHIPPED]:
            path = folder / f"{name}.toml"
            if path.is_file():
                return _read(name, path)
    known = ", ".join(statement_profiles(home=home))
    raise UnknownStatementProfile(profile=safe_text(name, limit=40), known=known)


def is_profile_name(name: str) -> bool:
    """Small letters, digits and dashes, as in the name of its file."""
    return _NAME.fullmatch(name) is not None


def _read(name: str, path: Path) -> StatementProfile:
    def wrong(key: str, reason: str) -> StatementProfileWrong:
        return StatementProfileWrong(profile=name, key=safe_text(key, limit=40), reason=reason, file=path.name)

    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode()
    except (OSError, UnicodeDecodeError) as failure:
        raise wrong("-", safe_text(str(failure), limit=120)) from failure
    return profile_from(text, name=name, file=path.name)


def profile_from(text: str, *, name: str, file: str) -> StatementProfile:
    """The profile that a TOML text describes. Raises StatementProfileWrong."""

    def wrong(key: str, reason: str) -> StatementProfileWrong:
        return StatementProfileWrong(profile=name, key=safe_text(key, limit=40), reason=reason, file=file)

    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as failure:
        raise wrong("-", safe_text(str(failure), limit=120)) from failure
    for key, value in data.items():
        if key not in _KEYS:
            raise wrong(key, _("no such key"))
        if type(value) is not _KEYS[key]:
            raise wrong(key, _("another kind of value is needed"))
    for key, known in (("delimiters", DELIMITERS), ("days", tuple(DAY_SHAPES))):
        if not data.get(key) or not set(map(str, data[key])) <= set(known):
            raise wrong(key, _("allowed are: {known}").format(known=" ".join(map(repr, known))))
    if data.get("thousands", "") not in SEPARATORS:
        raise wrong("thousands", _("allowed are: {known}").format(known=" ".join(map(repr, SEPARATORS))))
    return _profile(name, data, wrong)


def _profile(name: str, data: dict[str, Any], wrong: Any) -> StatementProfile:
    columns = {field: tuple(map(str, headings)) for field, headings in data.get("columns", {}).items()}
    for field in columns:
        if field not in FIELDS:
            raise wrong(f"columns.{field}", _("no such key"))
    for field in ("day", "memo"):
        if field not in columns:
            raise wrong(f"columns.{field}", _("it is missing"))
    if "amount" not in columns and not {"debit", "credit"} <= set(columns):
        raise wrong("columns", _("debit and credit are needed, or one amount with a sign"))
    try:
        encoding = None if data.get("encoding", "sniff") == "sniff" else encoding_called(data["encoding"])
    except UnknownEncoding as refusal:
        raise wrong("encoding", refusal.todo_text()) from refusal
    rows = ("opening", "closing", "account", "footer")
    words = {key: tuple(fold(str(word)) for word in data.get(key, [])) for key in rows}
    return StatementProfile(
        name=name,
        title=safe_text(data.get("title", name), limit=80),
        encoding=encoding,
        delimiters=tuple(data["delimiters"]),
        thousands=data.get("thousands", ""),
        days=tuple(DAY_SHAPES[shape] for shape in data["days"]),
        sheet=data.get("sheet", ""),
        header_within=min(max(data.get("header_within", 40), 1), 200),
        fills_down=data.get("fill_down_day", False),
        columns=columns,
        headings={fold(heading): field for field, headings in columns.items() for heading in headings},
        **words,
    )
