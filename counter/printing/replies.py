"""What a printer says, told apart byte by byte: words for “done”, answers to status queries, and noise.

Sources: Epson's ESC/POS reference, DLE EOT, GS a, GS r and GS ( H fn 48; each kind of answer has bits of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_ACK: Final = re.compile(rb"7\x22([0-9A-Za-z]{4})\x00", re.DOTALL)
_ACK_BYTES: Final = 7
_HOLD: Final = frozenset(b"\x11\x13")
"""XON and XOFF of a serial line are no answers."""


class Heard(StrEnum):
    """What a piece of an answer is."""

    ACK = "ack"
    STATUS = "status"
    PUSHED = "pushed"
    MARK = "mark"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: the id of an ACK, the one byte of STATUS and MARK, the four of PUSHED (ASB)."""

    kind: Heard
    data: bytes

    @property
    def word(self) -> str:
        """The id that a finished job says back."""
        return self.data.decode("ascii") if self.kind is Heard.ACK else ""


class Replies:
    """Takes bytes as they come and gives whole answers; what may be the beginning of one waits for its rest."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The answers that are whole now."""
        self._rest += data
        while self._rest:
            reply, used = _first(self._rest)
            if used == 0:
                return
            self._rest = self._rest[used:]
            if reply is not None:
                yield reply


def _first(data: bytes) -> tuple[Reply | None, int]:
    """The first answer and its length; (None, 0) while it may still become one."""
    byte = data[0]
    if byte in _HOLD:
        return None, 1
    if byte == 0x37:
        if match := _ACK.match(data):
            return Reply(Heard.ACK, match[1]), _ACK_BYTES
        if len(data) < _ACK_BYTES and (len(data) < 2 or data[1] == 0x22):
            return None, 0
        return Reply(Heard.NOISE, data[:1]), 1
    if byte & 0x93 == 0x12:
        return Reply(Heard.STATUS, data[:1]), 1
    if byte & 0x93 == 0x10:
        if len(data) < 4 and all(one & 0x90 == 0 for one in data[1:]):
            return None, 0
        if len(data) >= 4 and all(one & 0x90 == 0 for one in data[1:4]):
            return Reply(Heard.PUSHED, data[:4]), 4
        return Reply(Heard.NOISE, data[:1]), 1
    if byte & 0x90 == 0:
        return Reply(Heard.MARK, data[:1]), 1
    return Reply(Heard.NOISE, data[:1]), 1
