"""Talking with a printer over an open line: is it ready, here is the job, is it done?

Nothing here decides what is printed again: that is the spool's business. A silent printer is told apart from one that says
no, and “done” only counts with the very word that this job asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from counter.printing import ops
from counter.printing.jobs import Job
from counter.printing.ops import Act
from counter.printing.replies import Heard, Replies, Reply
from counter.printing.transports import Line, Patience

DOTS_PER_MM: Final = 8
_LINE_MM: Final = 4.0
_QR_MM: Final = 40.0
_SLICE: Final = 0.25
"""Seconds that a wait lasts at a time, so that it can be ended."""

Done = Literal["auto", "process-id", "mark", "none"]
"""How a printer says that a job is on paper: GS ( H with an id, GS r from inside the buffer, not at all; auto tries both."""


class Trouble(StrEnum):
    """Why a printer cannot print now; the words of the spool."""

    SILENT = "SILENT"
    NO_PAPER = "NO_PAPER"
    COVER_OPEN = "COVER_OPEN"
    OFFLINE = "OFFLINE"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the printer says of itself. `answered` False: it said nothing, and `trouble` is SILENT."""

    answered: bool
    trouble: Trouble | None = None
    low_paper: bool = False
    drawer_open: bool | None = None


class Talk:
    """One line, from opening to the last word. `heard` collects the ids of finished jobs, also of earlier ones."""

    def __init__(self, line: Line, *, patience: Patience | None = None, stop: Callable[[], bool] = lambda: False) -> None:
        self.line = line
        self.patience = patience or Patience()
        self.heard: list[str] = []
        self._stop = stop
        self._replies = Replies()

    # --- before ---------------------------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        """Ask DLE EOT 1, 2, 4 (and 3 after an error), each for at most `patience.ask`. Raises PrinterBrokeOff."""
        first = self._ask(1)
        if first is None:
            return Condition(answered=False, trouble=Trouble.SILENT)
        why, paper = self._ask(2), self._ask(4)
        error = self._ask(3) if why is not None and why & 0x40 else None
        return Condition(
            answered=True,
            trouble=_trouble(first, why or 0, error or 0, paper or 0),
            low_paper=bool((paper or 0) & 0x0C),
            drawer_open=bool(first & 0x04),
        )

    def _ask(self, number: int) -> int | None:
        """One status byte, or None for silence."""
        self._collect(0.0)
        self.line.write(ops.status_request(number).data, seconds=self.patience.ask)
        end = time.monotonic() + self.patience.ask
        while (left := end - time.monotonic()) > 0 and not self._stop():
            for reply in self._collect(min(left, _SLICE)):
                if reply.kind is Heard.STATUS:
                    return reply.data[0]
        return None

    # --- the job and after ----------------------------------------------------------------------------------------------

    def send(self, job: Job, *, word: str, done: Done) -> None:
        """Every byte of the job, with the request for its last word at the end. Raises PrinterBrokeOff."""
        if done in ("auto", "process-id"):
            job = job.then(ops.ack_request(word))
        if done in ("auto", "mark"):
            job = job.then(ops.mark_request())
        self._collect(0.0)
        self.line.write(job.data)

    def wait(self, *, word: str, done: Done, seconds: float) -> bool:
        """Whether the printer said in time that the job is on paper. Raises PrinterBrokeOff when it hung up before."""
        end = time.monotonic() + seconds
        clean = True
        while (left := end - time.monotonic()) > 0 and not self._stop():
            for reply in self._collect(min(left, _SLICE)):
                if reply.word == word:
                    return True
                clean = clean and reply.kind in (Heard.ACK, Heard.PUSHED, Heard.MARK)
                if done in ("auto", "mark") and clean and _is_through(reply):
                    return True
        return word in self.heard

    def listen(self, seconds: float) -> None:
        """Hear late words. Raises PrinterBrokeOff when the other end is gone."""
        self._collect(seconds)

    def _collect(self, seconds: float) -> list[Reply]:
        replies = list(self._replies.feed(self.line.read(seconds)))
        self.heard += [reply.word for reply in replies if reply.word]
        return replies


def _trouble(first: int, why: int, error: int, paper: int) -> Trouble | None:
    """The bits of DLE EOT 1, 2, 3 and 4, the most telling first."""
    if why & 0x04:
        return Trouble.COVER_OPEN
    if paper & 0x60 or why & 0x20:
        return Trouble.NO_PAPER
    if why & 0x40 or error & 0x28:
        return Trouble.BROKEN
    return Trouble.OFFLINE if first & 0x08 else None


def _is_through(reply: Reply) -> bool:
    """GS r 1 was reached, and there was paper."""
    return reply.kind is Heard.MARK and reply.data[0] & 0x6C == 0


def length_mm(job: Job) -> float:
    """How much paper the job takes, about."""
    return sum(_op_mm(op.act, op.data) for op in job.ops)


def _op_mm(act: Act, data: bytes) -> float:
    """A picture by its rows, fed lines by their number, letters by their line ends."""
    if act is Act.RASTER:
        return int.from_bytes(data[6:8], "little") / DOTS_PER_MM
    if act is Act.FEED:
        return data[2] * _LINE_MM
    if act is Act.QR:
        return _QR_MM
    return data.count(b"\n") * _LINE_MM


def ack_seconds(job: Job, patience: Patience, *, bytes_per_second: float = 0.0) -> float:
    """How long to wait for a job's last word: for the paper, and for the time on a slow wire."""
    wire = len(job.data) / bytes_per_second if bytes_per_second else 0.0
    return patience.word + length_mm(job) / patience.mm_per_second + wire
