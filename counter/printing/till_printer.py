"""A till's printer: the way to it, what is known about it, and how it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from counter.printing.documents import Document
from counter.printing.jobs import Job, build
from counter.printing.ops import cut, drawer_pulse, drawer_pulse_now, feed, start
from counter.printing.profile import PrinterProfile
from counter.printing.talk import Condition, Done, Talk, Trouble, ack_seconds
from counter.printing.transports import Line, Patience, Transport

Answers = Literal["auto", "yes", "no"]
"""Whether the printer answers when it is asked. auto: ask, and take silence for a printer that cannot."""
Drawer = Literal["none", "2", "5"]
"""The connector pin of the cash drawer."""
FIRST_WORD: Final = "QUAY"


@dataclass(frozen=True, slots=True)
class TillPrinter:
    """Everything that is needed to print at a till."""

    transport: Transport
    profile: PrinterProfile = field(default_factory=PrinterProfile)
    answers: Answers = "auto"
    done: Done = "auto"
    drawer: Drawer = "none"
    patience: Patience = field(default_factory=Patience)

    @property
    def prints(self) -> bool:
        """Paper comes out of it."""
        return True

    @property
    def name(self) -> str:
        """What people call it."""
        return self.transport.name

    def job(self, document: Document) -> Job:
        """The document as this printer prints it."""
        return build(document, self.profile)

    def pulse(self, seen: Condition) -> Job:
        """What opens the drawer, and nothing else: also while a printer that answers is out of paper or open."""
        pin = 5 if self.drawer == "5" else 2
        if seen.answered and seen.trouble is not None:
            return Job((drawer_pulse_now(pin),))
        return Job((start(leave_kanji=""), drawer_pulse(pin)))

    def clear_away(self, talk: Talk) -> None:
        """After a job that broke off: fill up the picture it may have broken off in, and cut its rest from what comes next.

        A printer that waits for the rest of a picture takes the next job's beginning for it. Raises PrinterBrokeOff.
        """
        if talk.line.answers:
            fill = bytes(8 + self.profile.band_rows * self.profile.dots // 8)  # it may lack a part of its head, too
            rest = Job((start(leave_kanji=""), feed(), cut(self.profile.cut)))
            talk.line.write(fill + rest.data)

    def look(self, talk: Talk) -> Condition:
        """How the printer is; a mute one is always ready. Raises PrinterBrokeOff."""
        if self.answers == "no" or not talk.line.answers:
            return Condition(answered=False)
        seen = talk.condition()
        if seen.trouble is Trouble.SILENT and self.answers == "auto":
            return Condition(answered=False)
        return seen

    def asks_for_word(self, seen: Condition) -> Done:
        """How to ask for the last word of a job: a printer that answered nothing is asked for nothing."""
        return self.done if seen.answered else "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What a first talk with a printer showed: how it speaks, and how it is now."""

    answers: Answers
    done: Done
    condition: Condition


def get_acquainted(printer: TillPrinter, line: Line, page: Job | None) -> Found:
    """Ask, print the page if one is given, and see which last word comes. Raises PrinterBrokeOff.

    Nothing is printed while the printer says that it cannot.
    """
    talk = Talk(line, patience=printer.patience)
    seen = talk.condition() if line.answers else Condition(answered=False)
    if not seen.answered:
        if page is not None:
            line.write(page.data)
        return Found("no", "none", Condition(answered=False))
    if page is None or seen.trouble is not None:
        return Found("yes", "auto", seen)
    for done in ("process-id", "mark"):
        talk.send(page, word=FIRST_WORD, done=done)
        if talk.wait(word=FIRST_WORD, done=done, seconds=ack_seconds(page, printer.patience)):
            return Found("yes", done, seen)
        page = Job(())
    return Found("yes", "none", seen)


def speaks(printer: TillPrinter, found: Found) -> TillPrinter:
    """The printer with what was found out."""
    return replace(printer, answers=found.answers, done=found.done)
