"""How paper stands, as the feeder tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.spool import Standing
from db.states import JobTrouble

NOTHING: Final = Standing(0, 0, 0)


class Sign(StrEnum):
    """How paper stands, at a glance."""

    NO_PRINTER = "NO_PRINTER"
    ELSEWHERE = "ELSEWHERE"
    READY = "READY"
    PRINTING = "PRINTING"
    HELD_UP = "HELD_UP"


@dataclass(frozen=True, slots=True)
class Now:
    """What the feeder is at. `since` is a monotonic second: a job that is sent for long is a printer that takes nothing."""

    sign: Sign
    standing: Standing = NOTHING
    trouble: JobTrouble | None = None
    low_paper: bool = False
    mute: bool = False
    since: float = 0.0
