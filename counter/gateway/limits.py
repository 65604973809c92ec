"""How much the gateway takes from strangers: bytes, seconds, and tries without proof from one address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MOST_BYTES: Final = 64 * 1024
"""A provider's message has one or two thousand bytes."""
MOST_SECONDS: Final = 10.0
"""So long a body may take to arrive."""
TRIES: Final = 20
"""Messages without proof from one address in a minute; more are answered 429 and not even logged."""
MINUTE: Final = 60.0
ADDRESSES: Final = 10_000
"""Addresses remembered: the oldest are forgotten first, so that strangers cannot fill the memory."""


class Strikes:
    """Counts what came without proof, by address. What is proven is never counted, nor held up by what was not."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def strike(self, address: str) -> bool:
        """Note one; whether the address may still be answered in full."""
        now = self._monotonic()
        began, count = self._seen.pop(address, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        self._seen[address] = (began, count + 1)
        if len(self._seen) > ADDRESSES:
            self._seen.popitem(last=False)
        return count < TRIES
