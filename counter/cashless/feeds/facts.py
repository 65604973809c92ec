"""What a message of a provider may be, and reading its JSON so strictly that one text has one meaning."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NoReturn, Protocol

from counter.clock import LOCAL
from counter.money import Dong

LONGEST_ID: Final = 80
MOST_DONG: Final = 10**13
"""More than this in one transfer is a mistake."""


class Unproven(Exception):
    """Nothing proves that the provider sent this: no signature, a wrong one, or one that is too old."""


class Odd(Exception):
    """Proven, but it cannot be read as money; the text says which field."""


@dataclass(frozen=True, slots=True)
class Told:
    """Money that moved, as a provider tells it. `amount` in đồng, above zero."""

    external_id: str
    account: str
    amount: Dong
    booked_day: date
    memo: str
    reference: str
    counterparty: str
    occurred_at: datetime
    is_out: bool


@dataclass(frozen=True, slots=True)
class NoMoney:
    """A proven message that no money moved: a failed payment, a test."""

    external_id: str
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A proven message that cannot be read: kept whole, a person looks at it."""

    external_id: str
    why: str
    text: str


Heard = Told | NoMoney | Unreadable


class Provider(Protocol):
    """Who sends messages."""

    @property
    def name(self) -> str:
        """The last part of its webhook's address."""
        ...

    def hear(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
        """What a message says. `headers` by lower-case name. Raises Unproven."""
        ...


def same(mine: str, theirs: str) -> bool:
    """Whether two secrets are equal, in the same time whatever differs."""
    return hmac.compare_digest(mine.encode(), theirs.encode(errors="replace"))


def strict_json(body: bytes) -> dict[str, Any]:
    """The object in `body`: UTF-8, no name twice, no NaN. Raises ValueError, also for what is nested too deeply."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a name stands twice")
    return held


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def odd(body: bytes, why: str) -> Unreadable:
    """A proven message kept as it came, named by its own hash."""
    return Unreadable(f"sha256/{hashlib.sha256(body).hexdigest()}", why, body.decode(errors="replace"))


def an_id(*parts: object) -> str:
    """An id that fits its column: the parts, or their hash where they are too long."""
    text = "/".join(str(part) for part in parts)
    return text if len(text) <= LONGEST_ID and text.isprintable() else "sha256/" + hashlib.sha256(text.encode()).hexdigest()


def whole(held: Mapping[str, Any], name: str) -> int:
    """A whole number that is written as one: no text, no fraction, no truth value. Raises Odd."""
    value = held.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_DONG:
        raise Odd(name)
    return value


def text_at(held: Mapping[str, Any], name: str) -> str:
    """A text; nothing counts as empty. Raises Odd."""
    value = held.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Odd(name)
    return value


def needed(held: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises Odd."""
    value = text_at(held, name)
    if not value.strip():
        raise Odd(name)
    return value.strip()


def local_instant(held: Mapping[str, Any], name: str) -> datetime:
    """`2026-11-23 08:15:00` or with a T, in Vietnam. Raises Odd."""
    try:
        found = datetime.fromisoformat(needed(held, name))
    except ValueError as error:
        raise Odd(name) from error
    found = found if found.tzinfo else found.replace(tzinfo=LOCAL)
    if not 2000 <= found.year <= 2100:
        raise Odd(name)
    return found
