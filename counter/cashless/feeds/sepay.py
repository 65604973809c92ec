"""SePay's webhook: signed over its raw bytes with the time of sending, or with a key in the header.

Source: developer.sepay.vn, “SePay Webhooks”: `X-SePay-Signature: sha256=<hex>`, HMAC-SHA256 over `{timestamp}.{raw body}`,
refused when older than five minutes; `id` is unique; answered by 2xx `{"success": true}`, else sent up to seven times more.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from counter.cashless.feeds.facts import (
    Heard,
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

FRESH: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class SePay:
    """Messages signed with a secret."""

    secret: str
    name: str = "sepay"

    def hear(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
        """What a message says. Raises Unproven."""
        stamp = headers.get("x-sepay-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Unproven
        digest = hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not same("sha256=" + digest, headers.get("x-sepay-signature", "")):
            raise Unproven
        if abs(now.timestamp() - int(stamp)) > FRESH.total_seconds():
            raise Unproven
        return read(body)


@dataclass(frozen=True, slots=True, repr=False)
class SePayKey:
    """Messages with `Authorization: Apikey …`: whoever has the key is believed, so it goes over HTTPS only."""

    key: str
    name: str = "sepay"

    def hear(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Heard:
        """What a message says. Raises Unproven."""
        del now
        if not same("Apikey " + self.key, headers.get("authorization", "")):
            raise Unproven
        return read(body)


def read(body: bytes) -> Heard:
    """A proven message."""
    try:
        return _told(strict_json(body))
    except (Odd, ValueError) as error:
        return odd(body, str(error))


def _told(held: Mapping[str, Any]) -> Told:
    amount, way = whole(held, "transferAmount"), needed(held, "transferType")
    if amount <= 0:
        raise Odd("transferAmount")
    if way not in ("in", "out"):
        raise Odd("transferType")
    occurred = local_instant(held, "transactionDate")
    return Told(
        external_id=an_id(whole(held, "id")),
        account=needed(held, "accountNumber"),
        amount=Dong(amount),
        booked_day=local_day(occurred),
        memo=text_at(held, "content") or text_at(held, "description"),
        reference=text_at(held, "referenceCode"),
        counterparty="",
        occurred_at=occurred,
        is_out=way == "out",
    )
