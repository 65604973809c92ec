"""Paper after a command's commit: print it if no other program does, and say what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from counter import spool
from counter.cli.answers import talk
from counter.cli.app import call
from counter.desk import Desk
from counter.errors import NotAvailable
from counter.feeder import feeder_of
from counter.locale import N_
from counter.spool import JobFacts
from counter.words import said
from db.states import JobState


class PaperHeldUp(NotAvailable):
    """The paper waits in the spool; nothing was sent."""

    why = N_("The paper did not come out yet: {trouble}. What was recorded stays recorded.")
    todo = N_("It comes out by itself when the printer can print again. See: counter printer jobs.")


class PaperUnsure(NotAvailable):
    """Part of the paper may have come out."""

    why = N_("Nobody knows whether the paper came out: {trouble}. What was recorded stays recorded.")
    todo = N_("Look at the paper, then answer: counter printer resolve {job} came-out, or print-again.")


def print_now(desk: Desk, job_id: UUID) -> JobFacts:
    """Print what waits, unless another program owns the printer, and give the job as it stands then."""
    feeder = feeder_of(call.home, desk)
    waits = feeder is not None and desk.see(spool.job_facts, job_id=job_id).is_open
    worked = waits and feeder is not None and feeder.work_off()
    job = desk.see(spool.job_facts, job_id=job_id)
    if worked and job.is_open and job.state is JobState.QUEUED:  # it waits behind one that is held up
        first = desk.see(spool.next_job, till_codes=[job.till_code])
        return replace(job, error=first.error if first else None)
    return job


def trouble_of(job: JobFacts) -> NotAvailable | None:
    """Why a paper is not in somebody's hand, or None where nothing is wrong."""
    if not job.is_open or job.error is None or job.is_quiet:
        return None
    if job.asks:
        return PaperUnsure(trouble=said(job.error), job=job.job_id)
    return PaperHeldUp(trouble=said(job.error))


def mention(job: JobFacts) -> dict[str, Any]:
    """The job as commands answer it; trouble is said on standard error, because the money is taken all the same."""
    trouble = trouble_of(job)
    if trouble is not None:
        talk(f"! {trouble.why_text()}\n  → {trouble.todo_text()}")
    return answer(job)


def answer(job: JobFacts) -> dict[str, Any]:
    """A print job as JSON."""
    return {
        "job": job.job_id,
        "kind": job.kind,
        "copy": job.copy_no,
        "state": job.state,
        "error": job.error,
        "answer": job.answer,
        "printer": job.printer,
        "queued_at": job.queued_at,
        "sent_at": job.sent_at,
    }
