"""The quarters of an hour of a day as signs and columns: what the plot draws, without the package that draws it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counter.queue import Quarter

GIVEN: Final = "▒"
PLACES: Final = "─"
CAME: Final = "o"
SERVED: Final = "x"
BOTH: Final = "*"
NOW: Final = "▼"
HERE: Final = "▲"
MINUTES: Final = 15
BREAK: Final = 2
"""Columns from the last quarter before a break to the first after it."""


def is_now(one: Quarter, now_minute: int | None) -> bool:
    """Whether it is this quarter now; `now_minute` None: on another day."""
    return now_minute is not None and one.minute <= now_minute < one.minute + MINUTES


def has_begun(one: Quarter, now_minute: int | None) -> bool:
    """Whether anybody could have come in it yet."""
    return one.is_over or is_now(one, now_minute)


def columns_of(quarters: Sequence[Quarter]) -> list[int]:
    """A column for each quarter; a break leaves some free."""
    found: list[int] = []
    for place, one in enumerate(quarters):
        follows = place and one.minute == quarters[place - 1].minute + MINUTES
        found.append(0 if not place else found[-1] + (1 if follows else BREAK))
    return found


def window(columns: Sequence[int], cursor: int, *, room: int) -> tuple[int, int]:
    """The first and the last quarter that fit into `room` columns, the one under the cursor among them."""
    first, last = 0, len(columns) - 1
    while columns[last] - columns[first] >= room and first < last:
        if cursor - first > last - cursor:
            first += 1
        else:
            last -= 1
    return first, last


__all__ = [
    "BOTH",
    "CAME",
    "GIVEN",
    "HERE",
    "MINUTES",
    "NOW",
    "PLACES",
    "SERVED",
    "columns_of",
    "has_begun",
    "is_now",
    "window",
]
