"""Which state may follow which, and what the states mean for the paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from db.states import JobState, JobTrouble

MOVES: Final[Mapping[JobState, frozenset[JobState]]] = {
    JobState.QUEUED: frozenset({JobState.CHECKING}),
    JobState.BLOCKED: frozenset({JobState.CHECKING}),
    JobState.CHECKING: frozenset({JobState.BLOCKED, JobState.SENDING}),
    JobState.SENDING: frozenset({JobState.AWAIT_ACK, JobState.UNCONFIRMED}),
    JobState.AWAIT_ACK: frozenset({JobState.PRINTED, JobState.UNCONFIRMED}),
    JobState.UNCONFIRMED: frozenset({JobState.PRINTED}),
    JobState.PRINTED: frozenset(),
}
"""No way leads back to a state before the first byte: what was sent is never sent again. The database guards the same."""

UNSENT: Final = frozenset({JobState.QUEUED, JobState.CHECKING, JobState.BLOCKED})
"""Not a byte left: trying again is safe."""
WAITING: Final = frozenset({JobState.QUEUED, JobState.BLOCKED})
"""Can be claimed."""
UNDER_WAY: Final = frozenset({JobState.CHECKING, JobState.SENDING, JobState.AWAIT_ACK})
"""In the hands of a program; after its end nobody's."""
OWN_FAULT: Final = frozenset({JobTrouble.CANNOT_BE_MADE})
"""Troubles of one job, not of the printer: the jobs behind it go on."""

TORN: Final = frozenset({JobTrouble.BROKE_OFF, JobTrouble.STOPPED})
"""The printer may have got a part of the job only."""

_DIGITS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def sources(state: JobState) -> frozenset[JobState]:
    """The states that `state` may follow."""
    return frozenset(before for before, after in MOVES.items() if state in after)


def ack_id(job_id: UUID, *, taken: Collection[str] = ()) -> str:
    """Four letters or digits the printer says back when the job is done; not one that another open job waits for."""
    number = job_id.int
    while True:
        text = "".join(_DIGITS[number >> shift & 31] for shift in (15, 10, 5, 0))
        if text not in taken:
            return text
        number += 1
