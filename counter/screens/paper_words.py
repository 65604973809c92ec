"""Paper in words: the sign on the till, and what each open paper asks for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from counter.feeder import Now, Sign
from counter.locale import _
from counter.print_jobs import PaperLine
from counter.screens.widgets import Notice, Tone
from counter.spool import JobFacts
from counter.words import said
from db.states import JobState, JobTrouble

SHOWN: Final = 4
STALL_SECONDS: Final = 6.0
"""A job that is being sent for longer: the printer takes nothing more."""


def sign_of(now: Now | None) -> Notice | None:
    """What the till shows; nothing where this computer drives no printer."""
    if now is None or now.sign is Sign.NO_PRINTER:
        return None
    if now.sign is Sign.HELD_UP:
        why = said(now.trouble) if now.trouble else ""
        return Notice(Tone.WARNING, _("{why} ({count}) ^G").format(why=why, count=now.standing.waiting))
    if now.standing.faulty and now.sign is not Sign.PRINTING:
        why = said(JobTrouble.CANNOT_BE_MADE)
        return Notice(Tone.WARNING, _("{why} ({count}) ^G").format(why=why, count=now.standing.faulty))
    if now.sign is Sign.PRINTING and time.monotonic() - now.since > STALL_SECONDS:
        return Notice(Tone.WARNING, _("printer takes nothing ^G"))
    if now.standing.asks:
        return Notice(Tone.WARNING, _("paper out? ({count}) ^G").format(count=now.standing.asks))
    if now.sign is Sign.PRINTING:
        return Notice(Tone.BUSY, _("printing"))
    if now.sign is Sign.ELSEWHERE:
        return Notice(Tone.INFO, _("another program prints"))
    if now.low_paper:
        return Notice(Tone.INFO, _("paper runs low"))
    return Notice(Tone.INFO, _("printer: sent")) if now.mute else Notice(Tone.DONE, _("printer"))


def advice_of(job: JobFacts) -> str:
    """What happened to a paper and which key ends it."""
    if job.asks:
        why = str(said(job.error)) if job.error else ""
        return _(
            "Sent, but nobody knows whether it came out whole ({why}). Look at the paper: F5 it is there; F8 it is not, "
            "print a copy."
        ).format(why=why)
    if job.is_quiet:
        return _("Sent. This printer cannot say whether paper came out: F5 it is there, F6 all are, F8 print a copy.")
    if job.error is JobTrouble.CANNOT_BE_MADE:
        return _("This paper cannot be made; the log says why. F4 takes it out of the queue.")
    if job.state is JobState.BLOCKED and job.error is not None:
        return _(
            "Nothing was sent: {why}. It comes out by itself once that is mended; F2 tries now, F4 leaves it out."
        ).format(why=said(job.error))
    return _("Waits for its turn. Nothing was sent yet; F4 leaves it out.")


def paper_lines(papers: Sequence[PaperLine]) -> list[str]:
    """The papers of a till that are not printed, for its shift: nothing where all came out. They stop no hand-over."""
    if not papers:
        return []
    lines = ["", "  " + _("! {count} papers are not printed; Ctrl+G:").format(count=len(papers))]
    for paper in papers[:SHOWN]:
        why = f" · {said(paper.job.error)}" if paper.job.error else ""
        lines.append(f"    {paper.name}: {said(paper.job.state)}{why}")
    return lines if len(papers) <= SHOWN else [*lines, "    …"]
