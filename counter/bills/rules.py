"""What one line of a file of debts says, checked field by field; how periods, codes and numbers are written. Pure.

Source: HDN_HDON of CMIS; totals are CMIS's own and are never recomputed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Final, NamedTuple

from counter.bills.profiles import OPTIONAL, REQUIRED, Profile
from counter.locale import _
from counter.money import MAX_AMOUNT, UnreadableAmount, read_amount_field
from counter.text import REPLACEMENT, safe_text, search_key
from db.states import BillKind, BillState, CaseState

MOVES: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.OPEN: frozenset({CaseState.RESOLVED}),
    CaseState.RESOLVED: frozenset(),
}
ROUNDING: Final = 1
"""Đồng by which TONG_TIEN may differ from SO_TIEN + TIEN_GTGT: CMIS rounds the sum and its parts apart."""
YEARS: Final = range(2000, 2100)
_CODE = re.compile(r"[0-9A-Z]{1,20}")
_UNIT = re.compile(r"[0-9A-Z]{2,8}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_PLAIN = re.compile(r"[0-9]{1,12}").fullmatch
_PERCENT = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,4})?")
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_NOT_A_SIGN = re.compile(r"[^0-9A-Z]+")
_REMEMBERED = 20_000


class Wrong(Exception):
    """A field that cannot be what it should be."""

    def __init__(self, field: str, value: str, why: str) -> None:
        super().__init__(field)
        self.field, self.value, self.why = field, value, why


class LineFacts(NamedTuple):
    """A bill and its customer as one line claims them; days as ISO text, money in đồng, the last five for finding.

    What the file does not say of the bill is None, of the customer an empty text.
    """

    bill_id: str
    unit: str
    number: int
    customer_code: str
    kind: str
    year: int
    month: int
    ky: int
    net: int
    vat: int
    vat_percent: str | None
    amount: int
    kwh: int | None
    meter_number: str | None
    book_code: str | None
    issued_day: str | None
    due_day: str | None
    state: str
    payer_code: str
    name: str
    address: str
    phone: str
    position: int
    words: str
    code_back: str
    phone_digits: str
    phone_back: str
    meter_key: str
    name_back: str


def bill_id_of(*, unit: str, number: int) -> str:
    """`PA0501-123456789`: the unit and ID_HDON, the one key of a bill."""
    return f"{unit}-{number}"


class _Folded(dict[str, str]):
    """Words as a search sees them, remembered: a province's names and places are a few thousand syllables."""

    def __missing__(self, word: str) -> str:
        folded = search_key(word)
        if len(self) < _REMEMBERED:
            self[word] = folded
        return folded


_FOLDED: Final = _Folded()


def find_words(name: str, address: str) -> str:
    """The words a customer is found by, each once, folded."""
    return " ".join(dict.fromkeys(" ".join(map(_FOLDED.__getitem__, f"{name} {address}".split())).split()))


def folded_words(name: str, address: str) -> str:
    """Every word of a customer, folded, with a blank on both sides of each."""
    return f" {' '.join(map(_FOLDED.__getitem__, f'{name} {address}'.split()))} "


def name_words(name: str) -> list[str]:
    """The words of a name, folded, as often as they stand there."""
    return " ".join(map(_FOLDED.__getitem__, name.split())).split()


NAME_LONGEST: Final = 47


def name_back(words: list[str]) -> str:
    """The words of a name from the last to the first, as far as a key reaches: people say the last one, or the last two."""
    return " ".join(reversed(words))[:NAME_LONGEST]


def phone_digits(phone: str) -> str:
    """`+84 912 345 678` and `0912.345.678` as `0912345678`; the first number where several are written."""
    if not phone or (phone[0] == "0" and phone.isascii() and phone.isdigit()):
        return phone[:20]
    first = re.split(r"[,;/]| - ", phone, maxsplit=1)[0]
    digits = _NOT_A_DIGIT.sub("", first)
    return ("0" + digits[2:] if digits.startswith("84") and len(digits) >= 10 else digits)[:20]


def meter_key(meter_number: str) -> str:
    """A meter's number without blanks and dashes, in capitals."""
    if meter_number.isascii() and meter_number.isdigit():
        return meter_number[:40]
    return _NOT_A_SIGN.sub("", meter_number.upper())[:40]


class _Common(NamedTuple):
    """The fields that thousands of lines share."""

    unit: str
    kind: str
    year: int
    month: int
    ky: int
    vat_percent: str | None
    issued_day: str | None
    due_day: str | None
    state: str
    book_code: str | None


class LineReader:
    """Reads the lines of one file: where each field lies is settled once, what lines share is remembered."""

    def __init__(self, profile: Profile, columns: Mapping[str, int]) -> None:
        self._profile = profile
        nowhere = -1  # every row gets an empty field at its end
        at = {field: columns.get(field, nowhere) for field in (*REQUIRED, *OPTIONAL)}
        self._at = at
        shared = ("unit", "kind", "ky", "month", "year", "vat_percent", "issued_day", "due_day", "adjustment", "book_code")
        own = ("number", "customer_code", "payer_code", "name", "address", "phone", "meter_number")
        self._shared = itemgetter(*(at[field] for field in shared))
        self._own = itemgetter(*(at[field] for field in (*own, "position", "kwh")))
        self._money = itemgetter(at["net"], at["vat"], at["amount"])
        self._known: dict[tuple[str, ...], _Common] = {}
        self._last: tuple[str, ...] = ()
        self._last_found: tuple[str, str, str, str, str, str] = ("", "", "", "", "", "")

    def read(self, row: list[str]) -> LineFacts:
        """The bill and the customer of one line. Raises Wrong."""
        row = [*row, ""]
        key = self._shared(row)
        common = self._known.get(key)
        if common is None:
            common = self._common(row)
            if len(self._known) < _REMEMBERED:
                self._known[key] = common
        number, code, payer, name, address, phone, meter, position, kwh = self._own(row)
        if REPLACEMENT in name + address + phone + meter:
            raise self._unreadable(row)
        id_hdon = self._number(number)
        written, code = code, self._code("customer_code", code)
        payer = code if payer == written or not payer.strip() else self._code("payer_code", payer)
        name = safe_text(name, limit=200)
        if not name:
            raise self._wrong("name", "", _("it is empty"))
        net, vat, amount = self._amounts(row)
        if not amount and common.state == BillState.DUE:
            raise self._wrong("amount", row[self._at["amount"]], _("nothing is owed"))
        meter = safe_text(meter, limit=40)
        unit, kind, year, month, ky, percent, issued, due, state, book = common
        used, place = self._count("kwh", kwh), self._count("position", position) or 0
        facts = (code, name, safe_text(address, limit=300), safe_text(phone, limit=40), meter)
        words, code_back, digits, digits_back, key, back = self._found_by(facts)
        return LineFacts(
            f"{unit}-{id_hdon}", unit, id_hdon, code, kind, year, month, ky, net, vat, percent, amount, used,
            meter or None, book, issued, due, state, payer, name, facts[2], facts[3], place, words,
            code_back, digits, digits_back, key, back,
        )  # fmt: skip

    def _found_by(self, facts: tuple[str, str, str, str, str]) -> tuple[str, str, str, str, str, str]:
        if facts != self._last:  # the bills of one customer often follow each other
            code, name, address, phone, meter = facts
            digits = phone_digits(phone)
            self._last = facts
            words, back = find_words(name, address), name_back(name_words(name))
            self._last_found = (words, code[::-1], digits, digits[::-1], meter_key(meter), back)
        return self._last_found

    def _common(self, row: list[str]) -> _Common:
        year = self._within(row, "year", YEARS.start, YEARS.stop - 1)
        month = self._within(row, "month", 1, 12)
        ky = self._within(row, "ky", 1, 9) if row[self._at["ky"]].strip() else 1
        book = row[self._at["book_code"]]
        if REPLACEMENT in book:
            raise self._unreadable(row)
        is_withdrawn = row[self._at["adjustment"]].strip().upper() in self._profile.withdrawn
        return _Common(
            unit=self._unit(row[self._at["unit"]]),
            kind=self._kind(row[self._at["kind"]]),
            year=year,
            month=month,
            ky=ky,
            vat_percent=self._percent(row[self._at["vat_percent"]]),
            issued_day=self._day("issued_day", row[self._at["issued_day"]]),
            due_day=self._day("due_day", row[self._at["due_day"]]),
            state=(BillState.WITHDRAWN if is_withdrawn else BillState.DUE).value,
            book_code=safe_text(book, limit=50) or None,
        )

    def _unreadable(self, row: list[str]) -> Wrong:
        fields = ("name", "address", "phone", "meter_number")
        field = next(field for field in fields if REPLACEMENT in row[self._at[field]])
        return self._wrong(field, row[self._at[field]], _("letters that cannot be read"))

    def _wrong(self, field: str, value: str, why: str) -> Wrong:
        return Wrong(self._profile.heading_of(field), safe_text(value, limit=60), why)

    def _unit(self, raw: str) -> str:
        unit = raw.strip().upper()
        if not _UNIT.fullmatch(unit):
            raise self._wrong("unit", raw, _("it is not the code of a unit"))
        return unit

    def _number(self, raw: str) -> int:
        text = raw.strip()
        if not _NUMBER.fullmatch(text) or not int(text):
            raise self._wrong("number", raw, _("it is not a whole number"))
        return int(text)

    def _code(self, field: str, raw: str) -> str:
        code = raw.strip().upper()
        if not _CODE.fullmatch(code) or not self._profile.customer_code.search(code):
            raise self._wrong(field, raw, _("it is not the code of a customer"))
        return code

    def _within(self, row: list[str], field: str, low: int, high: int) -> int:
        text = row[self._at[field]].strip()
        value = int(text) if _NUMBER.fullmatch(text) else -1
        if not low <= value <= high:
            raise self._wrong(field, text, _("it must be from {low} to {high}").format(low=low, high=high))
        return value

    def _amounts(self, row: list[str]) -> tuple[int, int, int]:
        texts = self._money(row)
        if all(map(_PLAIN, texts)):  # most of a million lines
            net, vat, amount = map(int, texts)
        else:
            net, vat, amount = map(self._amount, ("net", "vat", "amount"), texts)
        if not -ROUNDING <= amount - net - vat <= ROUNDING:
            parts = " + ".join(self._profile.heading_of(field) for field in ("net", "vat"))
            why = _("it is not {parts} = {total}").format(parts=parts, total=net + vat)
            raise self._wrong("amount", texts[2], why)
        return net, vat, amount

    def _amount(self, field: str, raw: str) -> int:
        try:
            return int(read_amount_field(raw, separator=self._profile.thousands))
        except UnreadableAmount:
            pass
        bare = raw.strip()
        if any(sign in bare for sign in ".,") and re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{3})+", bare):
            sign = self._profile.thousands or "-"
            why = _("the profile groups thousands by “{sign}”; choose another or correct the file").format(sign=sign)
        elif _NUMBER.fullmatch(bare) and int(bare) > MAX_AMOUNT:
            why = _("it is more than can be right")
        else:
            why = _("it is not an amount in whole đồng")
        raise self._wrong(field, raw, why)

    def _count(self, field: str, text: str) -> int | None:
        if text.isdigit() and text.isascii() and len(text) <= 9:
            return int(text)
        text = text.strip()
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 10:
            value = int(text)
        else:
            try:
                value = int(read_amount_field(text, separator=self._profile.thousands))
            except UnreadableAmount:
                value = -1
        if not 0 <= value <= 2_147_483_647:
            raise self._wrong(field, text, _("it is not a whole number"))
        return value

    def _kind(self, raw: str) -> str:
        text = raw.strip().upper()
        if not text:
            return BillKind.ACTIVE.value
        kind = self._profile.kinds.get(text)
        if kind is None:
            known = ", ".join(self._profile.kinds)
            raise self._wrong("kind", text, _("known are: {known}").format(known=known))
        return kind.value

    def _percent(self, raw: str) -> str | None:
        text = raw.strip().removesuffix("%").rstrip()
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            raise self._wrong("vat_percent", text, _("it is not a rate in percent"))
        whole, _point, part = text.replace(",", ".").partition(".")
        return str(int(whole)) + f".{part}".rstrip("0").rstrip(".")

    def _day(self, field: str, raw: str) -> str | None:
        text = raw.strip()
        if not text:
            return None
        day = read_day(text, shapes=self._profile.days)
        if day is None:
            raise self._wrong(field, raw, _("it is not a day"))
        return day.isoformat()


def read_day(text: str, *, shapes: tuple[str, ...]) -> date | None:
    """The day in one of the declared shapes or as ISO, a time of day behind it left out; None where it is none."""
    bare = re.sub(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AP]M)?$", "", text)
    if not bare.isascii() or len(bare) > 10:
        return None
    for shape in (*shapes, "%Y-%m-%d"):
        try:
            day = datetime.strptime(bare, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    return None
