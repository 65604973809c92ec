"""Ids made by whoever opens a form: UUIDv7 (RFC 9562 §5.7), so that a retry carries the same id and rows sort by birth."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then a counter that never goes back within this process, then chance."""
    global _last
    with _lock:
        # 60 bits of sub-millisecond time: monotonic here even when the clock is set back.
        _last = max(_last + 1, (time.time_ns() << 12) // 1_000_000)
        stamp = _last
    millis, fraction = stamp >> 12, stamp & 0xFFF
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return uuid.UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail)
