"""The spool: every paper is in the books, in the payment's own transaction, before it is on paper.

A job moves QUEUED → CHECKING → BLOCKED | SENDING → AWAIT_ACK → PRINTED | UNCONFIRMED. Nothing is sent twice: once the first
byte may have left, only the printer's word or a person's answer moves a job on, and a new paper is a copy with a number.
"""

from counter.spool.actions import (
    all_came_out,
    awaiting,
    block,
    came_out,
    claim,
    did_not_come_out,
    drawer_of,
    heard,
    lapse,
    not_wanted,
    open_drawer,
    printed,
    queue,
    queue_again,
    queue_receipt,
    recover,
    sending,
    unconfirmed,
)
from counter.spool.refusals import AlreadySent, NoPrinterHere, NothingToAnswer, UnknownJob, WhyOpenDrawer
from counter.spool.rules import MOVES, UNDER_WAY, UNSENT, WAITING, ack_id
from counter.spool.views import (
    JobFacts,
    Standing,
    copies_of,
    job_facts,
    job_of,
    next_job,
    open_jobs,
    recent_jobs,
    standing,
)

__all__ = [
    "MOVES",
    "UNDER_WAY",
    "UNSENT",
    "WAITING",
    "AlreadySent",
    "JobFacts",
    "NoPrinterHere",
    "NothingToAnswer",
    "Standing",
    "UnknownJob",
    "WhyOpenDrawer",
    "ack_id",
    "all_came_out",
    "awaiting",
    "block",
    "came_out",
    "claim",
    "copies_of",
    "did_not_come_out",
    "drawer_of",
    "heard",
    "job_facts",
    "job_of",
    "lapse",
    "next_job",
    "not_wanted",
    "open_drawer",
    "open_jobs",
    "printed",
    "queue",
    "queue_again",
    "queue_receipt",
    "recent_jobs",
    "recover",
    "sending",
    "standing",
    "unconfirmed",
]
