"""PINs: how they are mixed, hashed, judged, and how many wrong ones are too many. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from counter.people.refusals import PinsDiffer, WeakPin

if TYPE_CHECKING:
    from argon2 import PasswordHasher

WRONG_IN_ROW: Final = 5
WRONG_IN_DAY: Final = 10
LOCKED_FOR: Final = timedelta(minutes=30)


class PinKeeper:
    """Hashes and verifies PINs. `pepper` is a secret of 16 bytes or more that never enters the database."""

    def __init__(self, *, pepper: bytes, cost: Literal["normal", "light"] = "normal") -> None:
        if len(pepper) < 16:
            raise ValueError("the pepper is too short")
        self._pepper = pepper
        self._cost = cost

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher, Type

        if self._cost == "light":
            return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, type=Type.ID)

    def _peppered(self, pin: str) -> bytes:
        return hmac.new(self._pepper, unicodedata.normalize("NFKC", pin).encode(), hashlib.sha256).digest()

    def hash(self, pin: str) -> str:
        """Argon2id of the peppered PIN, in the PHC format."""
        return self._hasher.hash(self._peppered(pin))

    def is_right(self, pin: str, pin_hash: str) -> bool:
        """Whether `pin` made `pin_hash`."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(pin_hash, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def __repr__(self) -> str:
        return "PinKeeper()"


def check_pin(pin: str) -> None:
    """Refuse a PIN that is short or easy. Raises WeakPin."""
    digits = [int(c) for c in pin] if re.fullmatch(r"[0-9]{6,12}", pin) else []
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    halves = pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    if not digits or len(set(digits)) < 3 or steps in ({1}, {9}) or halves:
        raise WeakPin


def check_new_pin(pin: str, *, again: str) -> None:
    """Refuse a PIN that is weak, or not the same both times. Raises WeakPin, PinsDiffer."""
    check_pin(pin)
    if pin != again:
        raise PinsDiffer


def fingerprint(pin_hash: str) -> str:
    """What the journal says of a PIN, so that an exchanged one is noticed: a hash of its hash tells nothing of the PIN."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()[:32]
