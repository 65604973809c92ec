"""What every connection to a printer can do, and how long each step may take.

A line is opened for one job and closed after it. That the bytes were written never means that paper came out: it only
means that nobody refused them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `stall`: the printer takes nothing more (no paper, cover open); `whole`: the whole job, however it drips;

    `word` and `mm_per_second`: how long to wait for a job's last word, by the length of its paper.
    """

    connect: float = 3.0
    ask: float = 1.0
    stall: float = 60.0
    whole: float = 240.0
    hang_up: float = 0.5
    word: float = 5.0
    mm_per_second: float = 50.0


class Line(Protocol):
    """An open connection."""

    @property
    def answers(self) -> bool:
        """Whether anything can be read from it at all."""

    @property
    def keeps(self) -> bool:
        """Whether what `finish` handed over is safe there, as in a file."""

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Hand over everything. Raises PrinterBrokeOff."""

    def read(self, seconds: float) -> bytes:
        """What came within the time, or nothing. Raises PrinterBrokeOff when the other end is gone."""

    def finish(self) -> None:
        """The job is over. Raises PrinterBrokeOff where it was thrown away."""

    def close(self) -> None:
        """Let go; never raises."""


class Transport(Protocol):
    """The way to one printer."""

    @property
    def name(self) -> str:
        """What people call it: `10.0.0.5:9100`."""

    @property
    def bytes_per_second(self) -> float:
        """How fast the wire is; 0: fast enough not to matter."""

    def open(self) -> Line:
        """Raises PrinterAway and its kinds; not a byte was sent then."""


class WholeLine:
    """For printers that take a job only whole: what is written is kept and handed over at the end."""

    answers = False

    def __init__(self, hand_over: Callable[[bytes], None], *, keeps: bool = False) -> None:
        self._hand_over = hand_over
        self._job = bytearray()
        self.keeps = keeps

    def write(self, data: bytes, *, seconds: float | None = None) -> None:
        """Keep it."""
        self._job += data

    def read(self, seconds: float) -> bytes:
        """Nothing ever comes."""
        return b""

    def finish(self) -> None:
        """Raises PrinterBrokeOff."""
        job, self._job = bytes(self._job), bytearray()
        if job:
            self._hand_over(job)

    def close(self) -> None:
        """What was not finished is forgotten."""
        self._job.clear()
