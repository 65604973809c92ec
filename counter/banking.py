"""Taking in what the bank said, whole: events booked, lines matched, codes that ran out given up. One run, many small acts.

Each event and each line is an act of its own, so that a kill between two of them loses nothing and repeats nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlmodel import Session

from counter import reconcile
from counter.cashless.feeds import Heard, NoMoney, Told
from counter.desk import Desk
from counter.errors import Refused
from counter.payments import AlreadyPaid, Receipt, qr
from counter.reconcile import Match, Movement
from counter.reconcile.arrivals import Waiting, book_arrival, store_arrival, store_odd, take_arrival, waiting_arrivals
from counter.reconcile.matching import unmatched
from counter.text import safe_text
from db.states import ArrivalState

T = TypeVar("T")
AGAIN: Final = 3
LOG: Final = logging.getLogger("counter")


@dataclass(slots=True)
class TakenIn:
    """What a run did: matches that settled bills, how many events it booked, how many codes ran out; and what broke."""

    matched: list[Match] = field(default_factory=list)
    events: int = 0
    expired: int = 0
    faults: list[Exception] = field(default_factory=list)

    @property
    def receipts(self) -> list[Receipt]:
        """The receipts to print."""
        return [match.receipt for match in self.matched if match.receipt is not None]


def keep(desk: Desk, heard: Sequence[tuple[str, Heard]]) -> list[bool]:
    """Store what providers told, all in one transaction; which of it was news. Nothing is booked yet."""
    return desk.do(_keep_all, heard=heard)


def _keep_all(session: Session, now: datetime, *, heard: Sequence[tuple[str, Heard]]) -> list[bool]:
    return [_keep_one(session, now, provider, one) for provider, one in heard]


def _keep_one(session: Session, now: datetime, provider: str, heard: Heard) -> bool:
    if isinstance(heard, Told):
        movement = Movement(
            account=safe_text(heard.account, limit=40),
            identity=f"{provider}/{heard.external_id}",
            amount=heard.amount,
            booked_day=heard.booked_day,
            memo=safe_text(heard.memo, limit=500),
            reference=safe_text(heard.reference, limit=80),
            counterparty=safe_text(heard.counterparty, limit=160),
            occurred_at=heard.occurred_at,
            is_out=heard.is_out,
        )
        facts: dict[str, Any] = {"provider": provider, "external_id": heard.external_id, "movement": movement}
        return store_arrival(session, now, **facts).is_new
    state = ArrivalState.DONE if isinstance(heard, NoMoney) else ArrivalState.CASE
    facts = {"provider": provider, "external_id": heard.external_id, "text": heard.text, "why": heard.why}
    return store_odd(session, now, state=state, **facts).is_new


def take_in(desk: Desk, *, stop: Callable[[], bool] = lambda: False) -> TakenIn:
    """Book and match every event that waits, then look again at every line that may still be matched, in their order.

    An event or a line that breaks the program is logged and left for a person: money behind it does not wait for it.
    """
    expired = desk.do(qr.expire_intents)
    done = take_arrivals(desk, stop=stop)
    done.expired = expired
    seq = 0
    while (lines := desk.see(unmatched, after=seq)) and not stop():
        for line_id, seq in lines:  # noqa: B007
            _keep(done, partial(match_again, desk, line_id=line_id))
    return done


def take_arrivals(desk: Desk, *, stop: Callable[[], bool] = lambda: False) -> TakenIn:
    """Book and match the events that wait, in their order. Money whose matching breaks is booked all the same."""
    done = TakenIn()
    last: Waiting | None = None
    while (waiting := desk.see(waiting_arrivals, after=last)) and not stop():
        for one in waiting:
            told = {"provider": one.provider, "external_id": one.external_id}
            _keep(
                done, partial(again, partial(desk.do, take_arrival, **told)), instead=partial(desk.do, book_arrival, **told)
            )
            done.events += 1
        last = waiting[-1]
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


def _keep(done: TakenIn, act: Callable[[], Match | None], *, instead: Callable[[], object] | None = None) -> None:
    try:
        match = act()
    except AlreadyPaid:  # a till that is faster each time: the next run finds it paid
        return
    except Refused:  # the database is away: nothing behind it would go better
        raise
    except Exception as error:
        LOG.error("an event or a line of the bank cannot be taken in", exc_info=error)
        done.faults.append(error)
        if instead is not None:
            _instead(instead)
        return
    if match is not None and match.receipt is not None:
        done.matched.append(match)


def _instead(act: Callable[[], object]) -> None:
    """The smaller act where the whole one broke: the money is in the books, and a person finds its line on the list."""
    try:
        act()
    except Refused:
        raise
    except Exception as error:
        LOG.error("an event of the bank cannot be booked", exc_info=error)
