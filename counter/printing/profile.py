"""What is known about one printer: how wide it prints, which letters it was seen to print, what it can do.

A profile is plain data: `as_plain` gives what JSON or TOML can hold, `from_plain` reads it back and names what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, get_args

from counter.errors import BadInput
from counter.locale import N_
from counter.printing.dots import BAD_ROWS
from counter.printing.letters import Table
from counter.printing.ops import Cut
from counter.text import safe_text

Way = Literal["raster", "textpage", "ascii", "user_defined"]
"""How letters get on paper. raster: dots, right on every printer. textpage: letters of a code page. user_defined: letters
drawn by us, kept by the printer (ESC &). ascii: letters without marks, for a printer that can do nothing else."""

COLUMNS: Final = (32, 42, 48)
"""Letters a line: 58 mm paper, 80 mm paper with 512 and with 576 dots."""
SLOW_BAUD: Final = 38_400
"""A serial line up to this speed takes half a minute and more for a picture of a receipt, so letters go over it."""


class BadPrinterProfile(BadInput):
    """A printer's profile says something that cannot be."""

    why = N_("Printer profile, field {field}: “{value}” is not allowed.")
    todo = N_("Allowed: {allowed}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterProfile:
    """One printer. `dots` 384 to 576 in steps of 8; `page`, `page_capitals` are numbers of ESC t; `baud` 0: no serial line.

    `calibration` is what somebody read from the calibration page, for example `2026-11-24 B`; without it no letter beyond
    ASCII is sent as a letter. `model` is a name of python-escpos' profiles, or empty.
    """

    name: str = ""
    model: str = ""
    mode: Way = "raster"
    dots: int = 576
    columns: int = 42
    table: Table = ""
    page: int = 0
    page_capitals: int = 0
    calibration: str = ""
    native_qr: bool = False
    cut: Cut = "part"
    baud: int = 0
    leave_kanji: bool = True
    band_rows: int = 128

    def __post_init__(self) -> None:
        """Raises BadPrinterProfile."""
        _one_of("mode", self.mode, get_args(Way))
        _between("dots", self.dots, 384, 576)
        if self.dots % 8:
            raise BadPrinterProfile(field="dots", value=self.dots, allowed="384, 392, …, 576")
        _one_of("columns", self.columns, COLUMNS)
        _one_of("table", self.table, get_args(Table))
        _one_of("cut", self.cut, get_args(Cut))
        _between("page", self.page, 0, 255)
        _between("page_capitals", self.page_capitals, 0, 255)
        _between("baud", self.baud, 0, 4_000_000)
        _between("band_rows", self.band_rows, 8, 128)
        if self.band_rows % BAD_ROWS == 0:
            raise BadPrinterProfile(field="band_rows", value=self.band_rows, allowed="8-47, 49-95, 97-128")
        if self.mode in ("textpage", "user_defined") and not self.calibration:
            raise BadPrinterProfile(field="mode", value=self.mode, allowed="raster, ascii")
        if self.mode == "textpage" and self.table in ("", "own"):
            raise BadPrinterProfile(field="table", value=self.table, allowed=", ".join(get_args(Table)[2:]))

    @property
    def way(self) -> Way:
        """How letters go to this printer now: on a slow line never as a picture, but by what it was seen to print."""
        if self.mode != "raster" or not 0 < self.baud <= SLOW_BAUD:
            return self.mode
        if not self.table or not self.calibration:
            return "ascii"
        return "user_defined" if self.table == "own" else "textpage"

    def as_plain(self) -> dict[str, str | int | bool]:
        """Names and plain values, for JSON or TOML."""
        return asdict(self)

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> PrinterProfile:
        """The profile that `as_plain` wrote. Raises BadPrinterProfile for an unknown field or a wrong value."""
        known = {field.name: field.default for field in fields(PrinterProfile)}
        for field, value in plain.items():
            if field not in known:
                raise BadPrinterProfile(field=safe_text(field, limit=40), value=_shown(value), allowed=", ".join(known))
            if type(value) is not type(known[field]):
                raise BadPrinterProfile(field=field, value=_shown(value), allowed=type(known[field]).__name__)
        return PrinterProfile(**plain)


def _one_of(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        shown = ", ".join(str(one) or "“”" for one in allowed)
        raise BadPrinterProfile(field=field, value=_shown(value), allowed=shown)


def _between(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadPrinterProfile(field=field, value=_shown(value), allowed=f"{least}-{most}")


def _shown(value: object) -> str:
    return safe_text(str(value), limit=40)
