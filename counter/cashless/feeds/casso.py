"""Casso's webhook v2: `X-Casso-Signature: t=<ms>,v1=<hex>`, HMAC-SHA512 over `t.` and the JSON with its keys in order.

Source: CassoHQ/casso-webhook-v2-verify-signature; the sample there is a test vector of ours. Its own samples write letters
with marks in two ways (as they are, and as \\u escapes), so both texts prove a message. How old a message may be is not
documented: `id` decides whether it is news.
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

_HEADER: Final = re.compile(r"t=([0-9]{1,16}),\s*v1=([0-9a-f]{128})")


@dataclass(frozen=True, slots=True, repr=False)
class Casso:
    """Messages signed with the secret of the integration."""

    secret: str
    name: str = "casso"

    def hear(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
        """What a message says. Raises Unproven."""
        del now
        found = _HEADER.fullmatch(headers.get("x-casso-signature", ""))
        if found is None:
            raise Unproven
        try:
            held = strict_json(body)
        except ValueError as error:
            raise Unproven from error
        proven = [same(self._digest(found[1], text), found[2]) for text in signed_texts(held)]
        if not any(proven):
            raise Unproven
        try:
            return _heard(held, body)
        except (Odd, ValueError) as error:
            return odd(body, str(error))

    def _digest(self, stamp: str, text: str) -> str:
        return hmac.new(self.secret.encode(), f"{stamp}.{text}".encode(errors="surrogatepass"), hashlib.sha512).hexdigest()


def signed_texts(held: Mapping[str, Any]) -> tuple[str, str]:
    """The message as compact JSON with its keys in order: letters as they are, and as escapes."""
    how: dict[str, Any] = {"sort_keys": True, "separators": (",", ":")}
    return json.dumps(held, ensure_ascii=False, **how), json.dumps(held, **how)


def _heard(held: Mapping[str, Any], body: bytes) -> Heard:
    data = held.get("data")
    if not isinstance(data, dict):
        raise Odd("data")
    number = whole(data, "id")
    if whole(held, "error") != 0:
        return NoMoney(an_id(number, "error"), "error", body.decode())
    amount, occurred = whole(data, "amount"), local_instant(data, "transactionDateTime")
    if amount == 0:
        return NoMoney(an_id(number, 0), "no amount", body.decode())
    return Told(
        external_id=an_id(number),
        account=needed(data, "accountNumber"),
        amount=Dong(abs(amount)),
        booked_day=local_day(occurred),
        memo=text_at(data, "description"),
        reference=text_at(data, "reference"),
        counterparty=text_at(data, "counterAccountName"),
        occurred_at=occurred,
        is_out=amount < 0,
    )
