"""A provider's list of transactions, for offices whose network lets nobody in: asked for, instead of told.

SePay: `GET /userapi/transactions/list` (docs.sepay.vn), whose ids are those of its webhooks. Casso: `GET /v2/transactions`
(developer.casso.vn); that its ids are those of its webhooks is nowhere promised, so an office uses one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from counter.cashless.feeds.facts import (
    Heard,
    NoMoney,
    Odd,
    Told,
    an_id,
    local_instant,
    needed,
    odd,
    strict_json,
    text_at,
    whole,
)
from counter.clock import local_day
from counter.money import Dong

_MONEY: Final = re.compile(r"([0-9]{1,13})(?:\.0{1,2})?")
PAGE: Final = 100
MOST_ROWS: Final = 5000
"""The most that SePay's list gives at once."""


class ListUnreadable(Exception):
    """An answer that is no list of transactions."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and whether another one follows."""

    heard: tuple[Heard, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, repr=False)
class SePayList:
    """SePay's list, asked with an API token."""

    token: str
    url: str = "https://my.sepay.vn"
    name: str = "sepay"

    @property
    def headers(self) -> dict[str, str]:
        """What proves who asks."""
        return {"Authorization": f"Bearer {self.token}"}

    def address(self, *, since: date, page: int) -> str:
        """The whole list since a day: it has one part."""
        del page
        facts = {"transaction_date_min": f"{since.isoformat()} 00:00:00", "limit": MOST_ROWS}
        return f"{self.url}/userapi/transactions/list?" + urlencode(facts)

    def read(self, body: bytes, *, page: int) -> Page:
        """An answer. Raises ListUnreadable."""
        del page
        return Page(tuple(_each(row, _sepay) for row in _rows(body, lambda held: held.get("transactions"))), has_more=False)


@dataclass(frozen=True, slots=True, repr=False)
class CassoList:
    """Casso's list, asked with an API key."""

    api_key: str
    url: str = "https://oauth.casso.vn"
    name: str = "casso"

    @property
    def headers(self) -> dict[str, str]:
        """What proves who asks."""
        return {"Authorization": f"Apikey {self.api_key}"}

    def address(self, *, since: date, page: int) -> str:
        """Part `page`, from 0."""
        facts = {"fromDate": since.isoformat(), "page": page + 1, "pageSize": PAGE, "sort": "ASC"}
        return f"{self.url}/v2/transactions?" + urlencode(facts)

    def read(self, body: bytes, *, page: int) -> Page:
        """An answer. Raises ListUnreadable."""
        del page
        rows = _rows(body, lambda held: (held.get("data") or {}).get("records"))
        return Page(tuple(_each(row, _casso) for row in rows), has_more=len(rows) >= PAGE)


ProviderList = SePayList | CassoList


def _rows(body: bytes, of: Callable[[dict[str, Any]], Any]) -> list[Any]:
    try:
        rows = of(strict_json(body))
    except (ValueError, AttributeError) as error:
        raise ListUnreadable from error
    if not isinstance(rows, list):
        raise ListUnreadable
    return rows


def _each(row: Any, read: Callable[[Mapping[str, Any]], Heard]) -> Heard:
    """One row; one that cannot be read is kept and hides no other."""
    text = repr(row)[:4000]
    if not isinstance(row, dict):
        return odd(text.encode(), "row")
    try:
        return read(row)
    except (Odd, ValueError) as error:
        return odd(text.encode(errors="replace"), str(error))


def _sepay(row: Mapping[str, Any]) -> Heard:
    came, went = _money(row, "amount_in"), _money(row, "amount_out")
    number = row.get("id")
    if isinstance(number, str) and number.isascii() and number.isdigit():
        number = int(number)
    external_id = an_id(whole({"id": number}, "id"))
    if bool(came) == bool(went):
        return NoMoney(external_id, "no amount", repr(dict(row))[:4000])
    occurred = local_instant(row, "transaction_date")
    return Told(
        external_id=external_id,
        account=needed(row, "account_number"),
        amount=Dong(came or went),
        booked_day=local_day(occurred),
        memo=text_at(row, "transaction_content"),
        reference=text_at(row, "reference_number"),
        counterparty="",
        occurred_at=occurred,
        is_out=bool(went),
    )


def _casso(row: Mapping[str, Any]) -> Heard:
    number, amount = whole(row, "id"), whole(row, "amount")
    if amount == 0:
        return NoMoney(an_id(number, 0), "no amount", repr(dict(row))[:4000])
    occurred = local_instant(row, "when")
    return Told(
        external_id=an_id(number),
        account=needed(row, "bankSubAccId"),
        amount=Dong(abs(amount)),
        booked_day=local_day(occurred),
        memo=text_at(row, "description"),
        reference=text_at(row, "tid"),
        counterparty=text_at(row, "corresponsiveName"),
        occurred_at=occurred,
        is_out=amount < 0,
    )


def _money(row: Mapping[str, Any], name: str) -> int:
    """`"18067000.00"` as SePay's list writes it. Raises Odd."""
    value = row.get(name)
    found = _MONEY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Odd(name)
    return int(found[1])
