"""What a printer can be told, one operation at a time; every byte of a job comes from a function here.

No operation takes a command from data: texts are counted or checked letter by letter, numbers are bounded. Source:
Epson's ESC/POS reference; FS . against the Chinese mode that clones start in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal


class Act(StrEnum):
    """What an operation does."""

    START = "start"
    LOOK = "look"
    LETTERS = "letters"
    RASTER = "raster"
    FEED = "feed"
    CUT = "cut"
    DRAWER = "drawer"
    STATUS = "status"
    ACK = "ack"


@dataclass(frozen=True, slots=True)
class Op:
    """One operation and its bytes."""

    act: Act
    data: bytes


Cut = Literal["none", "part", "full"]

_ACK_ID: Final = re.compile(r"[0-9A-Za-z]{4}")
_CUTS: Final[dict[Cut, bytes]] = {"none": b"", "part": b"\x1dVB\x00", "full": b"\x1dVA\x00"}
_PINS: Final = {2: b"\x00", 5: b"\x01"}


def start(*, leave_kanji: str = "FS .") -> Op:
    """ESC @: forget what the job before left behind; then FS . unless `leave_kanji` is empty."""
    return Op(Act.START, b"\x1b@\x1c." if leave_kanji else b"\x1b@")


def loud() -> Op:
    """ESC !: bold and twice as high."""
    return Op(Act.LOOK, b"\x1b!\x18")


def calm() -> Op:
    """ESC !: plain letters again."""
    return Op(Act.LOOK, b"\x1b!\x00")


def letters(row: bytes) -> Op:
    """Letters of the page in force and the end of their line. Raises ValueError for any byte a printer obeys."""
    if any(byte < 0x20 or byte == 0x7F for byte in row):
        raise ValueError("a control byte among letters")
    return Op(Act.LETTERS, row + b"\n")


def raster(payload: bytes, *, wide: int) -> Op:
    """GS v 0: rows of dots, `wide` bytes a row, a set bit is black."""
    high, rest = divmod(len(payload), wide)
    if rest or not 0 < high < 0x10000:
        raise ValueError("rows that are not whole")
    return Op(Act.RASTER, b"\x1dv0\x00" + wide.to_bytes(2, "little") + high.to_bytes(2, "little") + payload)


def feed(lines: int = 3) -> Op:
    """ESC d: so many lines on, past the tear bar."""
    return Op(Act.FEED, b"\x1bd" + _byte(lines))


def cut(kind: Cut) -> Op:
    """GS V: feed to the knife and cut, leaving a point (`part`) or nothing (`full`)."""
    return Op(Act.CUT, _CUTS[kind])


def drawer_pulse(pin: int = 2, on_ms: int = 100, off_ms: int = 100) -> Op:
    """ESC p: a pulse that opens the cash drawer on connector pin 2 or 5. Times in milliseconds, 2 to 510, even."""
    return Op(Act.DRAWER, b"\x1bp" + _PINS[pin] + _byte(on_ms // 2, least=1) + _byte(off_ms // 2, least=1))


def status_request(n: int) -> Op:
    """DLE EOT n, answered at once by one byte: 1 printer and drawer, 2 why offline, 3 errors, 4 paper."""
    if n not in (1, 2, 3, 4):
        raise ValueError(f"no such status: {n}")
    return Op(Act.STATUS, b"\x10\x04" + _byte(n))


def ack_request(ack_id: str) -> Op:
    """GS ( H fn 48: the printer answers `ack_reply(ack_id)` when all before it is on paper. Four letters or digits."""
    if not _ACK_ID.fullmatch(ack_id):
        raise ValueError(f"no id for an acknowledgement: {ack_id!r}")
    return Op(Act.ACK, b"\x1d(H\x06\x0000" + ack_id.encode("ascii"))


def ack_reply(ack_id: str) -> bytes:
    """What a printer sends for `ack_request(ack_id)`."""
    return b"7\x22" + ack_id.encode("ascii") + b"\x00"


def mark_request() -> Op:
    """GS r 1: paper status from inside the buffer: answered once all before it was taken from the buffer."""
    return Op(Act.STATUS, b"\x1dr\x01")


def _byte(value: int, *, least: int = 0) -> bytes:
    if not least <= value <= 255:
        raise ValueError(f"{value} is not in {least} to 255")
    return bytes((value,))
