"""The calibration page: what a printer can do, found out by looking at paper, and the questions about it.

The page is printed with every way of printing letters that is known, each line named by a letter. Whoever looks at it
answers four questions; `answered` makes a profile of the answers. No manual and no photo is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from counter.errors import BadInput
from counter.locale import N_, translate
from counter.printing.letters import Table
from counter.printing.profile import COLUMNS, PrinterProfile, Way
from counter.text import safe_text

SAMPLE: Final = "Nguyễn Đặng Thị Hữu Mỹ NGUYỄN ÁNH"
QR_SAMPLE: Final = "QUAY 0123456789"
NONE: Final = "0"
YES, NO = "1", "0"
WIDTHS: Final = {"1": 384, "2": 432, "3": 512, "4": 576}
"""Number of the line: dots of a head on 58 mm paper, on 60 mm, on 80 mm with 512 and with 576 dots."""


class NoSuchAnswer(BadInput):
    """An answer that the calibration page does not have."""

    why = N_("“{answer}” is not an answer to question {question}.")
    todo = N_("Answer with one of: {allowed}.")


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: what is typed, and what it means."""

    key: str
    means: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a numbered part of the page, in the language in use."""

    key: str
    ask: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way of printing letters: the name of its line, and what a profile says of it."""

    key: str
    table: Table
    page: int
    page_capitals: int = 0


_KNOWN: Final[tuple[tuple[Table, int, int], ...]] = (
    ("tcvn3", 30, 31), ("tcvn3", 49, 50), ("tcvn5712", 27, 0), ("tcvn3", 27, 0), ("tcvn3", 39, 0), ("tcvn5712", 30, 0),
    ("viscii", 51, 0), ("viscii", 27, 0), ("own", 0, 0), ("cp1258", 52, 0), ("cp1258", 32, 0), ("cp1258", 27, 0),
    ("cp1258", 94, 0), ("cp1258", 35, 0),
)  # fmt: skip
"""Epson and Citizen, Bixolon, Xprinter and other clones; last the pages that lack most tones."""
_NAMES: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def candidates(pages: tuple[int, ...] = ()) -> tuple[Candidate, ...]:
    """The lines of part 3. `pages`: more numbers to try, as a printer's own self-test names them; three at most."""
    more: list[tuple[Table, int, int]] = [
        (table, page, 0) for page in pages[:3] for table in ("tcvn5712", "tcvn3", "viscii")
    ]
    return tuple(Candidate(name, *one) for name, one in zip(_NAMES, [*_KNOWN, *more], strict=False))


def questions(pages: tuple[int, ...] = ()) -> tuple[Question, ...]:
    """What to ask whoever looks at the page, in order."""
    none = translate(N_("none of them"))
    yes_no = (Choice(YES, translate(N_("yes"))), Choice(NO, translate(N_("no"))))
    whole = translate(N_("the line is there, but some letters have lost their marks"))
    lines = [Choice(one.key, whole if one.table == "cp1258" else SAMPLE) for one in candidates(pages)]
    widths = [Choice(key, translate(N_("{dots} dots")).format(dots=dots)) for key, dots in WIDTHS.items()]
    columns = [Choice(str(one), translate(N_("{columns} characters")).format(columns=one)) for one in COLUMNS]
    return (
        Question(
            "width",
            translate(N_("Part 1: which is the highest number whose bar still ends in a black square?")),
            (*widths, Choice(NONE, none)),
        ),
        Question(
            "columns",
            translate(N_("Part 2: which is the longest row of figures that stays on one line?")),
            tuple(columns),
        ),
        Question(
            "letters",
            translate(N_("Part 3: which line shows {letter}, and reads exactly “{sample}”?")).format(
                letter="ễ", sample=SAMPLE
            ),
            (*lines, Choice(NONE, none)),
        ),
        Question("qr", translate(N_("Part 4: is there a square code?")), yes_no),
        Question("cut", translate(N_("Was the paper cut at the end?")), yes_no),
    )


def answered(
    printer: PrinterProfile, *, answers: Mapping[str, str], day: date, pages: tuple[int, ...] = ()
) -> PrinterProfile:
    """The profile with what was seen on `day`. A question without an answer leaves its part as it was.

    Raises NoSuchAnswer.
    """
    known = {question.key: [choice.key for choice in question.choices] for question in questions(pages)}
    for question, answer in answers.items():
        allowed = known.get(question, [])
        if answer not in allowed:
            raise NoSuchAnswer(question=question, answer=safe_text(answer, limit=20), allowed=", ".join(allowed))
    if "columns" in answers:
        printer = replace(printer, columns=int(answers["columns"]))
    if "qr" in answers:
        printer = replace(printer, native_qr=answers["qr"] == YES)
    if "cut" in answers:
        printer = replace(printer, cut="part" if answers["cut"] == YES else "none")
    if "letters" in answers:
        seen = next((one for one in candidates(pages) if one.key == answers["letters"]), Candidate(NONE, "", 0))
        printer = replace(
            printer,
            mode="raster",
            table=seen.table,
            page=seen.page,
            page_capitals=seen.page_capitals,
            calibration=f"{day.isoformat()} {seen.key}",
        )
    if answers.get("width") == NONE:
        return replace(printer, mode=_without_dots(printer))
    return replace(printer, dots=WIDTHS[answers["width"]], mode="raster") if "width" in answers else printer


def _without_dots(printer: PrinterProfile) -> Way:
    """How a printer that cannot draw prints letters."""
    if not printer.table:
        return "ascii"
    return "user_defined" if printer.table == "own" else "textpage"
