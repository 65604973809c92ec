"""payOS's webhook: its `data` signed as `k=v&…` in the order of the keys.

Source: payos.vn/docs, “Kiểm tra dữ liệu với signature”; the sample there is a test vector of ours. The signature names no
time: the same call proves itself for ever, so the reference decides whether it is news. The values are not escaped: what
is read is the object, never the signed text.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from counter.cashless.feeds.facts import (
    Heard,
    NoMoney,
    Odd,
    Told,
    Unproven,
    an_id,
    local_instant,
    needed,
    odd,
    same,
    strict_json,
    text_at,
    whole,
)
from counter.clock import local_day
from counter.money import Dong

DOCUMENTED: Final = frozenset(
    {
        "accountNumber",
        "amount",
        "code",
        "counterAccountBankId",
        "counterAccountBankName",
        "counterAccountName",
        "counterAccountNumber",
        "currency",
        "desc",
        "description",
        "orderCode",
        "paymentLinkId",
        "reference",
        "transactionDateTime",
        "virtualAccountName",
        "virtualAccountNumber",
    }
)
"""The fields of `data` that payOS names."""
_ANOTHER: Final = re.compile(r"&\s*[A-Za-z][A-Za-z0-9_]*\s*=")


@dataclass(frozen=True, slots=True, repr=False)
class PayOs:
    """Messages signed with the checksum key."""

    checksum_key: str
    name: str = "payos"

    def hear(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
        """What a message says. Raises Unproven."""
        del headers, now
        try:
            held = strict_json(body)
        except ValueError as error:
            raise Unproven from error
        data, signature = held.get("data"), held.get("signature")
        if not isinstance(data, dict) or not isinstance(signature, str):
            raise Unproven
        digest = hmac.new(
            self.checksum_key.encode(), signed_text(data).encode(errors="surrogatepass"), hashlib.sha256
        ).hexdigest()
        if not same(digest, signature):
            raise Unproven
        try:
            return _heard(held, data, body)
        except (Odd, ValueError) as error:
            return odd(body, str(error))


def signed_text(data: Mapping[str, Any]) -> str:
    """`k=v&k=v` sorted by key; nothing is empty, lists and objects are compact JSON."""
    return "&".join(f"{key}={_plain(data[key])}" for key in sorted(data))


def _plain(value: Any) -> str:
    if value is None or value in ("null", "undefined"):
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_two_meanings(data: Mapping[str, Any]) -> None:
    """The signed text does not tell where a value ends: `&name=` in one, or a name nobody documents, could be a field
    moved under the same signature. Raises Odd."""
    for name, value in data.items():
        if name not in DOCUMENTED or _ANOTHER.search(_plain(value)):
            raise Odd(name)


def _heard(held: Mapping[str, Any], data: Mapping[str, Any], body: bytes) -> Heard:
    _refuse_two_meanings(data)
    reference = needed(data, "reference")
    if held.get("success") is not True or text_at(data, "code") != "00":
        return NoMoney(an_id(reference, text_at(data, "code")), "not paid", body.decode())
    if text_at(data, "currency") != "VND":
        raise Odd("currency")
    amount = whole(data, "amount")
    if amount <= 0:
        raise Odd("amount")
    occurred = local_instant(data, "transactionDateTime")
    return Told(
        external_id=an_id(reference),
        account=needed(data, "accountNumber"),
        amount=Dong(amount),
        booked_day=local_day(occurred),
        memo=text_at(data, "description"),
        reference=reference,
        counterparty=text_at(data, "counterAccountName"),
        occurred_at=occurred,
        is_out=False,
    )
