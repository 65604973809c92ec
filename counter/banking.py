"""Taking in what the bank said, whole: events booked, lines matched, codes that ran out given up. One run, many small acts.

Each event and each line is an act of its own, so that a kill between two of them loses nothing and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from counter import reconcile
from counter.desk import Desk
from counter.payments import AlreadyPaid, Receipt, qr
from counter.reconcile import Match
from counter.reconcile.arrivals import take_arrival, waiting_arrivals
from counter.reconcile.views import open_lines
from db.states import BankLineState

T = TypeVar("T")
AGAIN: Final = 3


@dataclass(slots=True)
class TakenIn:
    """What a run did: matches that settled bills, how many events it booked, how many codes ran out."""

    matched: list[Match] = field(default_factory=list)
    events: int = 0
    expired: int = 0

    @property
    def receipts(self) -> list[Receipt]:
        """The receipts to print."""
        return [match.receipt for match in self.matched if match.receipt is not None]


def take_in(desk: Desk, *, stop: Callable[[], bool] = lambda: False) -> TakenIn:
    """Book and match every event that waits, then look again at every line that is not matched."""
    done = TakenIn(expired=desk.do(qr.expire_intents))
    while (waiting := desk.see(waiting_arrivals)) and not stop():
        for provider, external_id in waiting:
            match = again(partial(desk.do, take_arrival, provider=provider, external_id=external_id))
            done.events += 1
            _keep(done, match)
    for line in desk.see(open_lines):
        if stop():
            break
        if line.state is BankLineState.NEW:
            _keep(done, match_again(desk, line_id=line.line_id))
    return done


def match_again(desk: Desk, *, line_id: UUID) -> Match:
    """Match one line; a bill that a till takes in this very moment makes it run again."""
    return again(partial(desk.do, reconcile.match_line, line_id=line_id))


def again(act: Callable[[], T]) -> T:
    """`act`, again where another till was first with one of the bills: then the bill counts as paid."""
    for _turn in range(AGAIN):
        try:
            return act()
        except AlreadyPaid:
            continue
    return act()


def _keep(done: TakenIn, match: Match | None) -> None:
    if match is not None and match.receipt is not None:
        done.matched.append(match)
