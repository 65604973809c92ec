"""What providers send about money: stored before it is answered, taken into the bank's lines afterwards.

Storing is one insert; a provider that sends the same event again is told the same again. An event whose id comes back with
other money is kept beside the first and waits for a person.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter import journal
from counter.money import Dong
from counter.payments.qr.refusals import BankAccountUnknown
from counter.reconcile.lines import Movement, Source, book_movement
from counter.reconcile.matching import Match, match_line
from counter.reconcile.refusals import AmountOfNothing
from counter.text import safe_text
from db.fast import run, run_one
from db.scope import office_of
from db.states import ArrivalState
from db.tables import BankArrival

LONGEST_TEXT: Final = 8000
SAME_ID: Final = "same id"
"""What is noted of an event whose id came before with other money."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of an event: stored now, or known already."""

    external_id: str
    is_new: bool


def store_arrival(session: Session, now: datetime, *, provider: str, external_id: str, movement: Movement) -> Arrived:
    """Keep an event that is proven to come from `provider`; nothing is booked yet. The same again: nothing changes.

    The same is what names the same money: a webhook and a list of one provider write the memo of one id differently.
    """
    facts = journal.canonical(asdict(movement))
    money = [movement.account, int(movement.amount), movement.is_out]
    sha256 = hashlib.sha256(journal.canonical({"money": money}).encode()).hexdigest()
    if _insert(session, now, provider=provider, external_id=external_id, facts=facts, sha256=sha256):
        return Arrived(external_id, True)
    key = {"office_id": office_of(session), "provider": provider, "external_id": external_id}
    known = run_one(session, "arrival_get", **key)
    if known is None or known.sha256 == sha256:
        return Arrived(external_id, False)
    other = f"{external_id[:60]}#{sha256[:16]}"
    told: dict[str, Any] = {"state": ArrivalState.CASE, "note": SAME_ID}
    return Arrived(other, _insert(session, now, provider=provider, external_id=other, facts=facts, sha256=sha256, **told))


def store_odd(
    session: Session, now: datetime, *, provider: str, external_id: str, text: str, state: ArrivalState, why: str
) -> Arrived:
    """Keep a proven message that tells of no money (DONE) or that nobody can read (CASE), as it came."""
    sha256 = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    facts = journal.canonical({"text": safe_text(text, limit=LONGEST_TEXT)})
    told: dict[str, Any] = {"state": state, "note": safe_text(why, limit=300)}
    return Arrived(
        external_id, _insert(session, now, provider=provider, external_id=external_id, facts=facts, sha256=sha256, **told)
    )


def _insert(
    session: Session,
    now: datetime,
    *,
    provider: str,
    external_id: str,
    facts: str,
    sha256: str,
    state: ArrivalState = ArrivalState.RECEIVED,
    note: str = "",
) -> bool:
    written = run(
        session,
        "arrival_insert",
        office_id=office_of(session),
        provider=provider,
        external_id=external_id,
        received_at=now,
        facts=facts,
        sha256=sha256,
        state=state,
        line_id=None,
        note=note,
    )
    return written == 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is not booked yet: where it stands in the order they came."""

    received_at: datetime
    provider: str
    external_id: str


def waiting_arrivals(session: Session, *, after: Waiting | None = None, limit: int = 500) -> list[Waiting]:
    """Events that are not booked yet, oldest first: the first ones, or those `after` the one named."""
    came, provider, external_id = col(BankArrival.received_at), col(BankArrival.provider), col(BankArrival.external_id)
    found = select(BankArrival.received_at, BankArrival.provider, BankArrival.external_id).where(
        BankArrival.office_id == office_of(session), BankArrival.state == ArrivalState.RECEIVED
    )
    if after is not None:
        same_place = (provider == after.provider) & (external_id > after.external_id)
        same_instant = (came == after.received_at) & ((provider > after.provider) | same_place)
        found = found.where((came > after.received_at) | same_instant)
    rows = session.exec(found.order_by(came, provider, external_id).limit(limit)).all()
    return [Waiting(*row) for row in rows]


def arrivals_waiting(session: Session) -> int:
    """How many events are not booked yet."""
    found = select(func.count()).where(
        col(BankArrival.office_id) == office_of(session), col(BankArrival.state) == ArrivalState.RECEIVED
    )
    return int(session.exec(found).one())


def take_arrival(session: Session, now: datetime, *, provider: str, external_id: str) -> Match | None:
    """Book one stored event and match it. None when somebody did it meanwhile, or when it is now a case.

    Raises AlreadyPaid where a till takes one of the bills in this very moment: run it again.
    """
    line_id = book_arrival(session, now, provider=provider, external_id=external_id)
    return match_line(session, now, line_id=line_id) if line_id is not None else None


def book_arrival(session: Session, now: datetime, *, provider: str, external_id: str) -> UUID | None:
    """Book one stored event; it is matched later. None when somebody did it meanwhile, or when it is now a case."""
    row = session.get(BankArrival, (office_of(session), provider, external_id), with_for_update=True, populate_existing=True)
    if row is None or row.state is not ArrivalState.RECEIVED:
        return None
    try:
        told = replace(movement_of(row.facts), teller=provider)
        booked = book_movement(session, now, movement=told, source=Source.FEED)
    except (BankAccountUnknown, AmountOfNothing) as refused:
        row.state, row.note = ArrivalState.CASE, refused.name
        session.add(row)
        session.flush()
        return None
    row.state, row.line_id = ArrivalState.DONE, booked.line_id
    session.add(row)
    session.flush()
    return booked.line_id


def movement_of(facts: str) -> Movement:
    """The movement that `store_arrival` wrote down."""
    held: dict[str, Any] = json.loads(facts)
    occurred = held["occurred_at"]
    return Movement(
        account=held["account"],
        identity=held["identity"],
        amount=Dong(held["amount"]),
        booked_day=date.fromisoformat(held["booked_day"]),
        memo=held["memo"],
        reference=held["reference"],
        counterparty=held["counterparty"],
        occurred_at=datetime.fromisoformat(occurred) if occurred else None,
        is_out=held["is_out"],
    )
