"""What a printer can be told, one operation at a time; every byte of a job comes from a function here.

No operation takes a command from data: texts are counted or checked letter by letter, numbers are bounded. Source:
Epson's ESC/POS reference; FS . against the Chinese mode that clones start in.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, Literal, NamedTuple


class Act(StrEnum):
    """What an operation does."""

    START = "start"
    LOOK = "look"
    PAGE = "page"
    LETTERS = "letters"
    LINE = "line"
    DEFINE = "define"
    RASTER = "raster"
    QR = "qr"
    FEED = "feed"
    CUT = "cut"
    DRAWER = "drawer"
    STATUS = "status"
    ACK = "ack"


class Op(NamedTuple):
    """One operation and its bytes."""

    act: Act
    data: bytes


QR_LIMIT: Final = 300
"""Characters in a QR code on paper."""

Cut = Literal["none", "part", "full"]

_OBEYED: Final = bytes([*range(0x20), 0x7F])
_OBEYED_BUT_LF: Final = _OBEYED.replace(b"\n", b"")
_END_LINE: Final = Op(Act.LINE, b"\n")
_ACK_ID: Final = re.compile(r"[0-9A-Za-z]{4}")
_CUTS: Final[dict[Cut, bytes]] = {"none": b"", "part": b"\x1dVB\x00", "full": b"\x1dVA\x00"}
_PINS: Final = {2: b"\x00", 5: b"\x01"}


def start(*, leave_kanji: str = "FS .") -> Op:
    """ESC @: forget what the job before left behind; then FS . unless `leave_kanji` is empty."""
    return Op(Act.START, b"\x1b@\x1c." if leave_kanji else b"\x1b@")


Look = Literal["calm", "strong", "loud"]
_LOOKS: Final[dict[Look, bytes]] = {"calm": b"\x1b!\x00", "strong": b"\x1b!\x08", "loud": b"\x1b!\x18"}


def look(how: Look) -> Op:
    """ESC !: plain letters, bold ones (`strong`), or bold and twice as high (`loud`)."""
    return Op(Act.LOOK, _LOOKS[how])


def centred() -> Op:
    """ESC a 1: what follows stands in the middle of the paper."""
    return Op(Act.LOOK, b"\x1ba\x01")


def at_the_left() -> Op:
    """ESC a 0: what follows stands at the left."""
    return Op(Act.LOOK, b"\x1ba\x00")


def page(number: int) -> Op:
    """ESC t: letters above ASCII come from this code page."""
    return Op(Act.PAGE, b"\x1bt" + _byte(number))


def letters(row: bytes) -> Op:
    """Letters of the page in force. Raises ValueError for any byte that a printer obeys."""
    return Op(Act.LETTERS, _obeyed_by_none(row, _OBEYED))


def lines(block: bytes) -> Op:
    """Letters of the page in force with the ends of their lines. Raises ValueError for any other byte that is obeyed."""
    return Op(Act.LETTERS, _obeyed_by_none(block, _OBEYED_BUT_LF))


def _obeyed_by_none(block: bytes, obeyed: bytes) -> bytes:
    if len(block.translate(None, obeyed)) != len(block):
        raise ValueError("a control byte among letters")
    return block


def end_line() -> Op:
    """LF: print the line."""
    return _END_LINE


def define(code: int, columns: bytes) -> Op:
    """ESC &: what our own letter with this code looks like: 12 columns of 24 dots, from the left, from the top."""
    if not 0x21 <= code <= 0x7E or len(columns) != 36:
        raise ValueError(f"not a letter of our own: {code}")
    return Op(Act.DEFINE, b"\x1b&\x03" + bytes((code, code, 12)) + columns)


def own_letters() -> Op:
    """ESC % 1: codes that were defined show our letters."""
    return Op(Act.PAGE, b"\x1b%\x01")


def resident_letters() -> Op:
    """ESC % 0: all codes show the printer's letters."""
    return Op(Act.PAGE, b"\x1b%\x00")


def raster(payload: bytes, *, wide: int) -> Op:
    """GS v 0: rows of dots, `wide` bytes a row, a set bit is black."""
    high, rest = divmod(len(payload), wide)
    if rest or not 0 < high < 0x10000:
        raise ValueError("rows that are not whole")
    return Op(Act.RASTER, b"\x1dv0\x00" + wide.to_bytes(2, "little") + high.to_bytes(2, "little") + payload)


def qr(text: str, *, module: int) -> Op:
    """GS ( k: a QR code drawn by the printer, level M, modules of `module` dots. Raises ValueError but for plain ASCII."""
    if not (text.isascii() and text.isprintable() and 0 < len(text) <= QR_LIMIT):
        raise ValueError("no text for a QR code")
    stored = b"1P0" + text.encode("ascii")
    parts = (b"1A2\x00", b"1C" + _byte(module, least=1), b"1E1", stored, b"1Q0")
    return Op(Act.QR, b"".join(b"\x1d(k" + len(part).to_bytes(2, "little") + part for part in parts))


def feed(lines: int = 3) -> Op:
    """ESC d: so many lines on, past the tear bar."""
    return Op(Act.FEED, b"\x1bd" + _byte(lines))


def cut(kind: Cut) -> Op:
    """GS V: feed to the knife and cut, leaving a point (`part`) or nothing (`full`)."""
    return Op(Act.CUT, _CUTS[kind])


def drawer_pulse(pin: int = 2, on_ms: int = 100, off_ms: int = 100) -> Op:
    """ESC p: a pulse that opens the cash drawer on connector pin 2 or 5. Times in milliseconds, 2 to 510, even."""
    return Op(Act.DRAWER, b"\x1bp" + _PINS[pin] + _byte(on_ms // 2, least=1) + _byte(off_ms // 2, least=1))


def drawer_pulse_now(pin: int = 2, tenths: int = 1) -> Op:
    """DLE DC4 1: the pulse at once, past the buffer, also while the printer cannot print. `tenths` of a second, 1 to 8."""
    if not 1 <= tenths <= 8:
        raise ValueError(f"{tenths} is not in 1 to 8")
    return Op(Act.DRAWER, b"\x10\x14\x01" + _PINS[pin] + _byte(tenths))


def status_request(n: int) -> Op:
    """DLE EOT n, answered at once by one byte: 1 printer and drawer, 2 why offline, 3 errors, 4 paper."""
    if n not in (1, 2, 3, 4):
        raise ValueError(f"no such status: {n}")
    return Op(Act.STATUS, b"\x10\x04" + _byte(n))


def ack_request(ack_id: str) -> Op:
    """GS ( H fn 48: the printer answers `37h 22h` + the id + NUL when all before it is on paper. Four letters or digits."""
    if not _ACK_ID.fullmatch(ack_id):
        raise ValueError(f"no id for an acknowledgement: {ack_id!r}")
    return Op(Act.ACK, b"\x1d(H\x06\x0000" + ack_id.encode("ascii"))


def mark_request() -> Op:
    """GS r 1: paper status from inside the buffer: answered once all before it was taken from the buffer."""
    return Op(Act.STATUS, b"\x1dr\x01")


def _byte(value: int, *, least: int = 0) -> bytes:
    if not least <= value <= 255:
        raise ValueError(f"{value} is not in {least} to 255")
    return bytes((value,))
