"""Values as people read them: money, days, words of a state; whose data is masked where a code says enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from counter.cli.human.labels import LABELS, WORDS
from counter.clock import day_text, local_text
from counter.locale import _, translate
from counter.money import Dong, group_digits
from counter.text import mask_address, mask_name
from counter.words import said

_EMPTY: Final[tuple[object, ...]] = (None, "", (), [], {})


def value_at(facts: Any, key: str) -> Any:
    """The value that `office.name` names, in mappings and dataclasses; None where there is none."""
    for name in key.split("."):
        facts = facts.get(name) if isinstance(facts, Mapping) else getattr(facts, name, None)
    return facts


def shown(key: str, value: Any) -> str:
    """A value as people read it: money, dates, words of a state, yes and no; empty where there is nothing."""
    if value in _EMPTY and value is not False:
        return ""
    formatter = FORMATS.get(key) or FORMATS.get(key.rpartition(".")[2])
    return formatter(value) if formatter else _plainly(key, value)


def _plainly(key: str, value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Dong():
            return str(value)
        case StrEnum():
            word = WORDS.get(type(value).__name__, {}).get(value.value)
            return translate(word) if word else str(said(value))
        case int():
            return group_digits(value)
        case datetime():
            return local_text(value)
        case date():
            return day_text(value)
        case str() | UUID():
            return str(value)
    if is_dataclass(value) or isinstance(value, Mapping):
        names = value if isinstance(value, Mapping) else [one.name for one in fields(value)]
        return _listed(shown(str(name), value_at(value, str(name))) for name in names)
    return _listed(shown(key, one) for one in value) if isinstance(value, Iterable) else str(value)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(text for text in texts if text)


def label(key: str) -> str:
    """What a field is called, in the user's language."""
    found = LABELS.get(key) or LABELS.get(key.rpartition(".")[2])
    return translate(found) if found else key


def _notes(count: Mapping[int, int]) -> str:
    return _listed(f"{group_digits(note)} × {pieces}" for note, pieces in count.items())


def _bytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 1_000_000 else f"{group_digits(size)} B"


def _percent(per_mille: int) -> str:
    return f"{per_mille // 10},{per_mille % 10}%"


def _proposals(found: Iterable[Any]) -> str:
    return _listed(f"{_plainly('reason', one.reason)} {one.code or one.customer_code}".rstrip() for one in found)


def _why(value: Any) -> str:
    word = WORDS["Why"].get(str(value))
    return translate(word) if word else str(value)


FORMATS: Final[Mapping[str, Callable[[Any], str]]] = {
    "address": mask_address,
    "customer_name": mask_name,
    "notes_back": _notes,
    "number": str,
    "account": str,
    "size": _bytes,
    "per_mille": _percent,
    "proposals": _proposals,
    "why": _why,
}
"""How a field is shown where its kind does not say it. Names and addresses are masked where a code says enough."""
