"""What stands on the wall, as lines for a screen of any size. Numbers and tills only: no name, no code of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rich.cells import cell_len, set_cell_size

from counter.clock import LOCAL
from counter.locale import _
from counter.printing.compose.door import rules_of_distance
from counter.queue import Board, CalledLine
from counter.screens.widgets.digits import drawn, scale_for
from counter.text import safe_text

NEXT_SHOWN: Final = 5
FOOT: Final = 4
"""Lines below the numbers."""
RULE_SECONDS: Final = 20
"""So long each rule of distance stands."""
BIG_SHARE: Final = 0.55
"""The part of the numbers' height that the newest call may take beside others."""
RECENT_ROWS: Final = 8
"""Rows that those served last may take at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the wall knows. `heard_at`: when `board` was true; `loud` stands out until `loud_until`. Instants are UTC.

    `distance`, `suspended`: the office's own words; without rules of distance the usual ones stand.
    """

    office: str = ""
    board: Board | None = None
    distance: tuple[str, ...] = ()
    suspended: tuple[str, ...] = ()
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    heard_at: datetime | None = None
    is_away: bool = False
    loud: CalledLine | None = None
    loud_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WallLine:
    """A line; `style`: bar, strong, loud, alert, or empty."""

    text: str
    style: str = ""


def rung(before: Board, after: Board) -> tuple[CalledLine, ...]:
    """The calls that were not there before, newest first: a number called again counts anew."""
    known = {(line.number, line.till, line.calls) for line in before.called}
    return tuple(line for line in after.called if (line.number, line.till, line.calls) not in known)


def wall_lines(seen: Seen, *, width: int, height: int) -> list[WallLine]:
    """The screen from top to bottom, `height` lines at most."""
    top = [WallLine(_ends(seen.office, _clock(seen.now), width), "bar")]
    if seen.is_away:
        top.append(WallLine(_centred(_away(seen), width), "alert"))
    if seen.board is None:
        middle = ["", _centred(_("The numbers come as soon as the database answers."), width)]
        return [*top, *(WallLine(line) for line in middle)][:height]
    foot = _foot(seen, seen.board, width)
    room = max(height - len(top) - len(foot), 0)
    numbers = _numbers(seen, seen.board, width, room)[:room]
    above = (room - len(numbers)) // 2
    below = room - len(numbers) - above
    return [*top, *[WallLine("")] * above, *numbers, *[WallLine("")] * below, *foot][:height]


# --- the numbers ------------------------------------------------------------------------------------------------------


def _numbers(seen: Seen, board: Board, width: int, height: int) -> list[WallLine]:
    """The newest call as large as there is room, the others below it, two beside each other; then those served last."""
    called = _loudest_first(seen, board.called)
    if not called:
        return [WallLine(_centred(_("Nobody is called at the moment"), width), "strong"), *_recent(board, width, height - 1)]
    is_loud = seen.loud_until is not None and seen.now < seen.loud_until and called[0] == seen.loud
    left = height - 2
    big = _block([_told(called[0])], width, left if len(called) == 1 else int(left * BIG_SHARE))
    lines = [WallLine(_centred(_("Please come to the till"), width), "strong"), WallLine("")]
    lines += [WallLine(line, "loud" if is_loud else "strong") for line in big]
    left -= len(big)
    rows = [called[at : at + 2] for at in range(1, len(called), 2)]
    for row in rows:
        block = _block([_told(line) for line in row], width, max((height - 2 - len(big)) // len(rows) - 1, 1))
        if left < len(block) + 1:
            return lines
        lines += [WallLine(""), *(WallLine(line) for line in block)]
        left -= len(block) + 1
    return [*lines, *_recent(board, width, left)]


def _recent(board: Board, width: int, height: int) -> list[WallLine]:
    """Those served last, for who was late, where there is room for more than words."""
    for shown in range(len(board.recent), 0, -1):
        text = "  ".join(line.number for line in board.recent[:shown])
        if scale_for(text, width=width, height=height - 3) >= 1:
            rows = _block([text], width, min(height - 3, RECENT_ROWS))
            heading = WallLine(_centred(_("Served last"), width), "strong")
            return [WallLine(""), heading, WallLine(""), *(WallLine(row) for row in rows)]
    return []


def _loudest_first(seen: Seen, called: Sequence[CalledLine]) -> list[CalledLine]:
    """The newest first; who was just called again comes before."""
    return sorted(called, key=lambda line: (line != seen.loud, -line.called_at.timestamp()))


def _told(line: CalledLine) -> str:
    return f"{line.number}▶{line.till}"


def _block(texts: list[str], width: int, height: int) -> list[str]:
    """One or two texts in block letters, a line between two; as words where the screen is too small."""
    between = "│ "
    each = (width - len(between) * (len(texts) - 1)) // len(texts)
    scale = min(scale_for(text, width=each, height=height) for text in texts)
    if not scale:
        return [_centred("   ".join(text.replace("▶", " → ") for text in texts), width)]
    parts = [[set_cell_size(_centred(row, each), each) for row in drawn(text, scale=scale)] for text in texts]
    return [between.join(rows) for rows in zip(*parts, strict=True)]


# --- the words --------------------------------------------------------------------------------------------------------


def _foot(seen: Seen, board: Board, width: int) -> list[WallLine]:
    recent = " · ".join(f"{line.number} → {line.till}" for line in board.recent)
    absent = " ".join(board.absent)
    lines = [
        WallLine(_cut(_("Served last: {numbers}").format(numbers=recent or "–"), width)),
        WallLine(_cut(_("Did not answer, please see reception: {numbers}").format(numbers=absent or "–"), width)),
        WallLine(_ends(_waiting(board), _room(board), width), "bar"),
        WallLine(_cut(f" {_rule(seen)}", width), "strong"),
    ]
    assert len(lines) == FOOT
    return lines


def _waiting(board: Board) -> str:
    if not board.waiting:
        return _("Nobody is waiting")
    numbers = " ".join(line.number for line in board.waiting[:NEXT_SHOWN])
    return _("{people} waiting, next {numbers}").format(people=len(board.waiting), numbers=numbers)


def _room(board: Board) -> str:
    words = _("FULL: wait outside, {inside}/{cap}") if board.inside >= board.room_cap else _("inside {inside}/{cap}")
    return words.format(inside=board.inside, cap=board.room_cap)


def _rule(seen: Seen) -> str:
    """The rules of distance and what is suspended, one after the other."""
    told = [*(seen.distance or rules_of_distance()), *(_("Suspended: {what}").format(what=one) for one in seen.suspended)]
    return told[int(seen.now.timestamp()) // RULE_SECONDS % len(told)]


def _away(seen: Seen) -> str:
    if seen.heard_at is None:
        return _("! No word from the database yet; trying again.")
    at = seen.heard_at.astimezone(LOCAL).strftime("%H:%M")
    return _("! No word from the database: the numbers are those of {time}.").format(time=at)


def _clock(now: datetime) -> str:
    return now.astimezone(LOCAL).strftime("%d/%m/%Y  %H:%M")


def _ends(left: str, right: str, width: int) -> str:
    """Words at both ends of a line; the left ones are cut."""
    right = f" {safe_text(right)} "
    return set_cell_size(f" {safe_text(left)}", max(width - cell_len(right), 0)) + right


def _centred(text: str, width: int) -> str:
    text = text if cell_len(text) <= width else set_cell_size(text, width)
    return " " * ((width - cell_len(text)) // 2) + text


def _cut(text: str, width: int) -> str:
    return set_cell_size(f" {text.strip()}", width)
