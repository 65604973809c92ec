"""A printer in words: what is known about it, its connections, the answers to the questions about its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from counter.config import Settings
from counter.locale import _
from counter.printer import place_text
from counter.printing import PrinterProfile
from counter.printing.calibration import Question
from counter.printing.models import models, profile_of_model
from counter.printing.transports import FoundPrinter

FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about the printer: a name and what it is."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that python-escpos knows, and what is known of it."""

    name: str
    value: str


def known_models() -> list[Model]:
    """By their names."""
    profiles = [profile_of_model(name) for name in models()]
    said_ = _("{dots} dots, {columns} letters")
    return [Model(one.model, said_.format(dots=one.dots, columns=one.columns)) for one in profiles]


def known_of(profile: PrinterProfile) -> dict[str, Any]:
    """A profile as settings."""
    plain = profile.as_plain()
    plain.pop("baud")
    return {"paper_dots": plain.pop("dots"), "paper_columns": plain.pop("columns"), "printer": plain}


def letters_of(s: Settings) -> str:
    """How letters get on paper, and since when that is known."""
    mode, seen = str(s.printer.get("mode", "raster")), str(s.printer.get("calibration", ""))
    if mode == "ascii":
        return _("plain letters without marks")
    if mode == "raster":
        return _("as pictures: right on every printer")
    day, _gap, answer = seen.partition(" ")
    return _("as letters, seen on {day} in line {answer}").format(day=day, answer=answer)


def facts_of(s: Settings) -> list[Fact]:
    """What is known about this computer's printer."""
    speech = {"auto": _("not tried yet"), "yes": _("answers"), "no": _("cannot answer: papers are asked about later")}
    drawer = _("none") if s.paper_drawer == "none" else _("pin {pin}").format(pin=s.paper_drawer)
    return [
        Fact(_("Printer"), place_text(s) if s.paper != "none" else _("none")),
        Fact(_("When it is asked"), speech[s.paper_answers]),
        Fact(_("Width"), _("{dots} dots, {columns} letters").format(dots=s.paper_dots, columns=s.paper_columns)),
        Fact(_("Model"), str(s.printer.get("model", "")) or _("not chosen (F7)")),
        Fact(_("Letters"), letters_of(s)),
        Fact(_("Cash drawer"), drawer),
    ]


def choice_lines(question: Question) -> list[str]:
    """The answers to a question, those that mean the same in one line: a page of letters fits a small screen."""
    keys: dict[str, list[str]] = {}
    for choice in question.choices:
        keys.setdefault(choice.means, []).append(choice.key)
    return [
        f"{' '.join(same)}  {means}" if len(same) < FEW else f"{same[0]}…{same[-1]}  {means}" for means, same in keys.items()
    ]


def answer_hint(wrong: str) -> str:
    """What is to be typed; after a `wrong` answer also that it was none."""
    hint = _("Type what stands first in your line above.")
    return _("“{text}” is none of these.").format(text=wrong) + " " + hint if wrong else hint


def said_list(rows: Sequence[object]) -> str:
    """What the list is about: models, printers that were found, or the one in use."""
    if any(isinstance(row, Model) for row in rows):
        return _("Which model is it? Its name stands on the machine")
    if any(isinstance(row, FoundPrinter) for row in rows):
        return _("Printers that were found")
    return _("Printer of this computer")


def said_kind(kind: str) -> str:
    """A kind of connection as people call it."""
    names = {
        "tcp": _("network"),
        "usb": "USB",
        "serial": _("serial line"),
        "cups": _("printer of the system"),
        "windows": _("printer of Windows"),
        "file": _("file"),
    }
    return names[kind]
