"""What an office decides about its queue: data in TOML, shipped as office.toml, the office's own in the database. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from counter.legacy import Encoding
from counter.locale import _
from counter.queue.capacity import SLOT
from counter.queue.refusals import BadQueueRules, UnknownClass, UnknownService
from counter.sheets import DAY_SHAPES, DELIMITERS, fold
from counter.text import safe_text

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LETTERS: Final = "ABCDEHKLMNPSTVX"
"""Letters that are told apart when they are spoken."""
NORMAL: Final = "normal"
_SHIPPED: Final = Path(__file__).parent / "office.toml"
_NUMBERS: Final = {
    "room_cap": (1, 500),
    "tills": (0, 50),
    "notice_days": (0, 60),
    "draft_minutes": (1, 120),
    "late_minutes": (0, 240),
    "absent_after": (1, 20),
    "absent_place": (0, 50),
    "no_show_percent": (0, 90),
    "walk_in_percent": (0, 90),
    "priority_slots": (0, 40),
}
CALL_CENTRE_REQUIRED: Final = ("customer_code", "day", "slot")
MOST_TEXTS: Final = 8
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")
_DAY = re.compile(r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Service:
    """What people come for. `minutes` and `cv` (share) of one service until the last 30 days tell them."""

    code: str
    letter: str
    name: str
    minutes: float
    cv: float


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """Who stands `ahead` minutes earlier in the line than others who came at the same time."""

    code: str
    name: str
    ahead: int


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """The rules in force. Hours are minutes of the day; percents are whole."""

    room_cap: int
    tills: int
    notice_days: int
    draft_minutes: int
    late_minutes: int
    absent_after: int
    absent_place: int
    no_show_percent: int
    walk_in_percent: int
    priority_slots: int
    checklist_demanded: bool
    distance: tuple[str, ...]
    suspended: tuple[str, ...]
    hours: Mapping[int, tuple[tuple[int, int], ...]]
    closed: Mapping[str, str]
    services: Mapping[str, Service]
    classes: Mapping[str, PriorityClass]
    till_services: Mapping[str, tuple[str, ...]]
    checklist: Mapping[str, str]
    call_centre: CallCentreFile

    def service(self, code: str) -> Service:
        """The service, the first one for an empty code. Raises UnknownService."""
        found = self.services.get(code or next(iter(self.services)))
        if found is None:
            raise UnknownService(service=safe_text(code, limit=16), known=", ".join(self.services))
        return found

    def priority(self, code: str) -> PriorityClass:
        """The class, `normal` for an empty code. Raises UnknownClass."""
        found = self.classes.get(code or NORMAL)
        if found is None:
            raise UnknownClass(class_code=safe_text(code, limit=16), known=", ".join(self.classes))
        return found

    def why_closed(self, day: date) -> str:
        """Why the office is closed on `day`; empty where it is open."""
        holiday = self.closed.get(day.isoformat()) or self.closed.get(day.isoformat()[5:])
        if holiday:
            return holiday
        return "" if self.hours[day.weekday()] else _("no opening hours on this weekday")

    def slot_minutes(self, day: date) -> tuple[int, ...]:
        """The beginnings of the slots of a day, as minutes of the day; none where it is closed."""
        if self.why_closed(day):
            return ()
        return tuple(m for begin, end in self.hours[day.weekday()] for m in range(begin, end - SLOT + 1, SLOT))


@dataclass(frozen=True, slots=True)
class CallCentreFile:
    """How the call centre's file is laid out (a counter.sheets.Layout). `days` are strptime shapes."""

    delimiters: tuple[str, ...]
    days: tuple[str, ...]
    sheet: str
    header_within: int
    columns: Mapping[str, tuple[str, ...]]
    encoding: Encoding | None = None

    @property
    def headings(self) -> Mapping[str, str]:
        """Folded heading -> field."""
        return {fold(heading): field for field, headings in self.columns.items() for heading in headings}

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which a line is no appointment."""
        return CALL_CENTRE_REQUIRED

    def heading_of(self, field: str) -> str:
        """The first heading of a field, as a person knows it."""
        return self.columns[field][0]


@cache
def shipped_rules() -> str:
    """The rules of an office that has none of its own, as TOML."""
    return _SHIPPED.read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def rules_of(content: str | None) -> OfficeRules:
    """The rules an office keeps, or the shipped ones. Raises BadQueueRules."""
    return read_rules(content or shipped_rules(), file="office.toml")


def read_rules(content: str, *, file: str) -> OfficeRules:
    """The rules in a TOML text; a key that is not there is as shipped. Raises BadQueueRules, naming the key."""
    bad = _Complaint(file)
    shipped = tomllib.loads(shipped_rules())
    try:
        told = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as failure:
        raise bad("-", safe_text(str(failure), limit=120)) from failure
    for key, value in told.items():
        if key not in shipped:
            raise bad(key, _("no such key"))
        if type(value) is not type(shipped[key]):
            raise bad(key, _("another kind of value is needed"))
    data = {**shipped, **told}
    numbers = {key: _number(key, data[key], bad) for key in _NUMBERS}
    services = {code: _service(code, value, bad) for code, value in data["services"].items()}
    classes = {code: _class(code, value, bad) for code, value in data["classes"].items()}
    letters = [one.letter for one in services.values()]
    if not services or len(set(letters)) != len(letters):
        raise bad("services", _("each service needs a letter of its own"))
    if NORMAL not in classes:
        raise bad("classes", _("the class “normal” is missing"))
    return OfficeRules(
        **numbers,
        checklist_demanded=data["checklist_demanded"],
        distance=_texts("distance", data["distance"], bad),
        suspended=_texts("suspended", data["suspended"], bad),
        hours={place: _hours(name, data["hours"].get(name, []), bad) for place, name in enumerate(WEEKDAYS)},
        closed=_closed(data["closed"], bad),
        services=services,
        classes=classes,
        till_services=_till_services(data["till_services"], services, bad),
        call_centre=_call_centre(data["call_centre"], shipped["call_centre"], bad),
        checklist={code: _text(f"checklist.{code}", value, bad) for code, value in data["checklist"].items()},
    )


class _Complaint:
    """Makes the refusal for one key of one text."""

    def __init__(self, file: str) -> None:
        self._file = safe_text(file, limit=60)

    def __call__(self, key: str, reason: str) -> BadQueueRules:
        return BadQueueRules(file=self._file, key=safe_text(key, limit=40), reason=reason)


def _number(key: str, value: Any, bad: _Complaint) -> int:
    least, most = _NUMBERS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise bad(key, _("a whole number from {least} to {most} is needed").format(least=least, most=most))
    return value


def _text(key: str, value: Any, bad: _Complaint) -> str:
    text = safe_text(value, limit=200) if isinstance(value, str) else ""
    if not text:
        raise bad(key, _("a text is needed"))
    return text


def _texts(key: str, values: Any, bad: _Complaint) -> tuple[str, ...]:
    if len(values) > MOST_TEXTS:
        raise bad(key, _("at most {most} texts").format(most=MOST_TEXTS))
    return tuple(_text(f"{key}[{place}]", value, bad) for place, value in enumerate(values))


def _table(key: str, code: str, value: Any, fields: frozenset[str], bad: _Complaint) -> dict[str, Any]:
    if not _CODE.fullmatch(code):
        raise bad(key, _("a code is small letters, digits and dashes, up to 16"))
    if not isinstance(value, dict) or set(value) != fields:
        raise bad(key, _("needed are exactly: {fields}").format(fields=", ".join(sorted(fields))))
    return value


def _service(code: str, value: Any, bad: _Complaint) -> Service:
    key = f"services.{code}"
    facts = _table(key, code, value, frozenset({"letter", "name", "minutes", "cv"}), bad)
    if facts["letter"] not in tuple(LETTERS):
        raise bad(f"{key}.letter", _("allowed are: {known}").format(known=" ".join(LETTERS)))
    minutes, cv = facts["minutes"], facts["cv"]
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0.5 <= minutes <= 240:
        raise bad(f"{key}.minutes", _("a number from {least} to {most} is needed").format(least=0.5, most=240))
    if isinstance(cv, bool) or not isinstance(cv, int) or not 0 <= cv <= 300:
        raise bad(f"{key}.cv", _("a whole number from {least} to {most} is needed").format(least=0, most=300))
    return Service(code, facts["letter"], _text(f"{key}.name", facts["name"], bad), float(minutes), cv / 100)


def _class(code: str, value: Any, bad: _Complaint) -> PriorityClass:
    key = f"classes.{code}"
    facts = _table(key, code, value, frozenset({"name", "ahead"}), bad)
    ahead = facts["ahead"]
    if isinstance(ahead, bool) or not isinstance(ahead, int) or not 0 <= ahead <= 60:
        raise bad(f"{key}.ahead", _("a whole number from {least} to {most} is needed").format(least=0, most=60))
    return PriorityClass(code, _text(f"{key}.name", facts["name"], bad), ahead)


def _hours(name: str, value: Any, bad: _Complaint) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    for text in value if isinstance(value, list) else [value]:
        found = _SPAN.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise bad(f"hours.{name}", _("hours are written as 07:30-11:30"))
        begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
        span = (begin_hour * 60 + begin_minute, end_hour * 60 + end_minute)
        if span[0] >= span[1] or (spans and span[0] < spans[-1][1]):
            raise bad(f"hours.{name}", _("the hours are not in order"))
        spans.append(span)
    return tuple(spans)


def _closed(value: Mapping[str, Any], bad: _Complaint) -> dict[str, str]:
    for key in value:
        try:
            if not _DAY.fullmatch(key):
                raise ValueError
            date.fromisoformat(key if len(key) == 10 else f"2024-{key}")
        except ValueError:
            raise bad(f"closed.{key}", _("a day is written as 2027-02-06, or 01-01 for each year")) from None
    return {key: _text(f"closed.{key}", reason, bad) for key, reason in value.items()}


def _till_services(value: Mapping[str, Any], services: Mapping[str, Service], bad: _Complaint) -> dict[str, tuple[str, ...]]:
    for till, codes in value.items():
        if not isinstance(codes, list) or not codes or not all(code in services for code in codes):
            raise bad(f"till_services.{till}", _("allowed are: {known}").format(known=" ".join(services)))
    return {till: tuple(codes) for till, codes in value.items()}


def _call_centre(told: Mapping[str, Any], shipped: Mapping[str, Any], bad: _Complaint) -> CallCentreFile:
    data = {**shipped, **told}
    for key, value in data.items():
        if key not in shipped:
            raise bad(f"call_centre.{key}", _("no such key"))
        if type(value) is not type(shipped[key]):
            raise bad(f"call_centre.{key}", _("another kind of value is needed"))
    lists = {"delimiters": DELIMITERS, "days": tuple(DAY_SHAPES)}
    for key, known in lists.items():
        if not data[key] or not all(one in known for one in data[key]):
            raise bad(f"call_centre.{key}", _("allowed are: {known}").format(known=" ".join(map(repr, known))))
    if not 1 <= data["header_within"] <= 200:
        raise bad(
            "call_centre.header_within", _("a whole number from {least} to {most} is needed").format(least=1, most=200)
        )
    columns = {**shipped["columns"], **data["columns"]}
    taken: dict[str, str] = {}
    for field, headings in columns.items():
        key = f"call_centre.columns.{field}"
        if field not in shipped["columns"]:
            raise bad(key, _("no such key"))
        if not isinstance(headings, list) or not headings or not all(isinstance(one, str) and fold(one) for one in headings):
            raise bad(key, _("a list of texts is needed"))
        for heading in headings:
            if taken.setdefault(fold(heading), field) != field:
                raise bad(key, _("“{heading}” already means something else").format(heading=safe_text(heading, limit=40)))
    return CallCentreFile(
        delimiters=tuple(data["delimiters"]),
        days=tuple(DAY_SHAPES[one] for one in data["days"]),
        sheet=data["sheet"],
        header_within=data["header_within"],
        columns={field: tuple(headings) for field, headings in columns.items()},
    )


__all__ = [
    "LETTERS",
    "NORMAL",
    "WEEKDAYS",
    "CallCentreFile",
    "OfficeRules",
    "PriorityClass",
    "Service",
    "read_rules",
    "rules_of",
    "shipped_rules",
]
