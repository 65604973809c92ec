"""An ESC/POS printer that only reads: a job taken apart by a grammar of its own, sharing no code with what builds jobs.

A byte that fits no rule is a failure. Letters are decoded with the tables of the C library where it has them.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from unicodedata import combining

from PIL import Image


@dataclass(frozen=True)
class Event:
    """What the printer was told: a word and what belongs to it."""

    kind: str
    args: tuple[Any, ...] = ()


@dataclass
class Reader:
    """Takes a job apart from the left."""

    job: bytes
    at: int = 0
    qr: dict[str, Any] = field(default_factory=dict)

    def take(self, count: int) -> bytes:
        piece = self.job[self.at : self.at + count]
        assert len(piece) == count, f"the job ends inside a command at {self.at}"
        self.at += count
        return piece

    def number(self) -> int:
        return self.take(1)[0]

    def pair(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def events(self) -> Iterator[Event]:
        while self.at < len(self.job):
            yield from self.one()

    def one(self) -> Iterator[Event]:
        byte = self.job[self.at]
        if byte >= 0x20 and byte != 0x7F:
            end = self.at
            while end < len(self.job) and self.job[end] >= 0x20 and self.job[end] != 0x7F:
                end += 1
            yield Event("text", (self.take(end - self.at),))
        elif byte == 0x0A:
            self.at += 1
            yield Event("lf")
        else:
            head = self.take(2)
            assert head in COMMANDS, f"unknown command {head.hex()} at {self.at - 2}"
            event = COMMANDS[head](self)
            if event:
                yield event

    def raster(self) -> Event:
        assert self.take(2) == b"0\x00"
        wide, high = self.pair(), self.pair()
        return Event("raster", (wide, high, self.take(wide * high)))

    def define(self) -> Event:
        assert self.number() == 3
        first, last, columns = self.number(), self.number(), self.number()
        assert first == last and columns == 12
        return Event("define", (first, self.take(36)))

    def cut(self) -> Event:
        kind = self.number()
        return Event("cut", (kind, self.number()) if kind in (65, 66) else (kind,))

    def group(self) -> Event | None:
        """GS ( : H is an acknowledgement, k a QR code in five parts."""
        letter = self.take(1)
        body = self.take(self.pair())
        if letter == b"H":
            assert body[:2] == b"00"
            return Event("ack", (body[2:].decode("ascii"),))
        assert letter == b"k" and body[:1] == b"1"
        self.qr[body[1:2].decode()] = body[2:]
        if body[1:2] != b"Q":
            return None
        assert self.qr["A"] == b"2\x00" and self.qr["E"] == b"1" and self.qr["Q"] == b"0" and self.qr["P"][:1] == b"0"
        return Event("qr", (self.qr["C"][0], self.qr["P"][1:].decode("ascii")))


COMMANDS: dict[bytes, Callable[[Reader], Event | None]] = {
    b"\x1b@": lambda it: Event("init"),
    b"\x1c.": lambda it: Event("kanji off"),
    b"\x1b!": lambda it: Event("look", (it.number(),)),
    b"\x1ba": lambda it: Event("align", (it.number(),)),
    b"\x1bt": lambda it: Event("page", (it.number(),)),
    b"\x1b%": lambda it: Event("own", (it.number(),)),
    b"\x1b&": Reader.define,
    b"\x1bd": lambda it: Event("feed", (it.number(),)),
    b"\x1bp": lambda it: Event("pulse", (it.number(), it.number(), it.number())),
    b"\x1dv": Reader.raster,
    b"\x1dV": Reader.cut,
    b"\x1d(": Reader.group,
    b"\x1dr": lambda it: Event("mark", (it.number(),)),
    b"\x10\x04": lambda it: Event("status", (it.number(),)),
}


def events_of(job: bytes) -> list[Event]:
    """The whole job."""
    return list(Reader(job).events())


def kinds(job: bytes) -> list[str]:
    return [event.kind for event in events_of(job)]


# --- paper -----------------------------------------------------------------------------------------------------------


def pbm(wide: int, high: int, payload: bytes) -> Image.Image:
    """The payload of GS v 0 is a PBM without its head."""
    return Image.open(io.BytesIO(b"P4\n%d %d\n" % (8 * wide, high) + payload))


def picture_of(job: bytes) -> Image.Image:
    """All pictures of a job, one under the other."""
    bands = [pbm(*event.args) for event in events_of(job) if event.kind == "raster"]
    paper = Image.new("1", (max(band.width for band in bands), sum(band.height for band in bands)), 1)
    top = 0
    for band in bands:
        paper.paste(band, (0, top))
        top += band.height
    return paper


def lines_of(job: bytes, decode: Callable[[int, bytes], str] = lambda _page, letters: letters.decode("ascii")) -> list[str]:
    """What a job of letters puts on paper, `decode` being what a page shows. Own letters are shown by their dots."""
    lines, page, own, dots = [""], 0, 0, {}
    for event in events_of(job):
        match event.kind, event.args:
            case "page", (page,):
                pass
            case "own", (own,):
                pass
            case "define", (code, columns):
                dots[code] = columns
            case "text", (letters,):
                lines[-1] += "".join(letter_of(dots[code]) for code in letters) if own else decode(page, letters)
            case "lf", ():
                lines.append("")
    assert lines[-1] == "", "a line that never ends"
    return lines[:-1]


def letter_of(columns: bytes) -> str:
    """Which letter looks like this: told by a table of the dots that the letters must have."""
    from counter.printing.ownletters import OWN, columns_of

    return {columns_of(letter): letter for letter in OWN}[columns]


UPPER_HALVES = {
    "TCVN5712-1": "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ ĂÂÊÔƠƯĐăâêôơưđẰ     àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ",
    "VISCII": "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
    "CP1258": bytes(range(0x80, 0x100)).decode("cp1258", "replace"),
}
"""What pages hold from 0x80 on; a blank where there is no letter. The C library says the same, see the test."""


def table_of(encoding: str) -> dict[int, str]:
    """The upper half of an encoding."""
    return {0x80 + place: letter for place, letter in enumerate(UPPER_HALVES[encoding]) if letter not in " \ufffd"}


def iconv_table(encoding: str) -> dict[int, str]:
    """The same from the C library."""
    table = {}
    for byte in range(0x80, 0x100):
        command = ["iconv", "-f", encoding, "-t", "UTF-8"]
        said = subprocess.run(command, input=bytes((byte,)), capture_output=True, timeout=10, check=False)
        letter = said.stdout.decode()
        if said.returncode == 0 and letter.isprintable() and not combining(letter):
            table[byte] = letter
    return table


def dump(job: bytes) -> str:
    """A job for people and for golden files: a line an event; a picture by its size and digest."""
    rows = []
    for event in events_of(job):
        args = event.args
        if event.kind == "text":
            rows.append("text " + "".join(chr(b) if b < 0x7F else f"<{b:02x}>" for b in args[0]))
        elif event.kind == "raster":
            rows.append(f"raster {args[0]}x{args[1]} {sha256(args[2]).hexdigest()[:16]}")
        elif event.kind == "define":
            rows.append(f"define {args[0]:02x} {args[1].hex()}")
        else:
            rows.append(" ".join([event.kind, *map(str, args)]))
    return "\n".join(rows) + "\n"
