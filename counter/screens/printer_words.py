"""A printer in words: what is known about it, its connections, the answers to the questions about its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counter.config import Settings
from counter.locale import _
from counter.printer import place_text
from counter.printing.calibration import Question

FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about the printer: a name and what it is."""

    name: str
    value: str


def facts_of(s: Settings) -> list[Fact]:
    """What is known about this computer's printer."""
    speech = {"auto": _("not tried yet"), "yes": _("answers"), "no": _("cannot answer: papers are asked about later")}
    drawer = _("none") if s.paper_drawer == "none" else _("pin {pin}").format(pin=s.paper_drawer)
    letters = str(s.printer.get("calibration", "")) or _("as pictures: right on every printer")
    return [
        Fact(_("Printer"), place_text(s) if s.paper != "none" else _("none")),
        Fact(_("When it is asked"), speech[s.paper_answers]),
        Fact(_("Width"), _("{dots} dots, {columns} letters").format(dots=s.paper_dots, columns=s.paper_columns)),
        Fact(_("Letters"), letters),
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
