"""Messages of providers that wait for a person: money nobody can place, and what nobody can read."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal
from counter.clock import local_day
from counter.errors import Refused
from counter.locale import N_
from counter.money import Dong
from counter.people import require
from counter.reconcile.arrivals import SAME_ID, movement_of
from counter.reconcile.lines import Source, book_movement
from counter.shifts import ReasonMissing
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import ArrivalState, Role
from db.tables import BankArrival

WHY: Final = {
    "BankAccountUnknown": N_("to none of the office's accounts"),
    "AmountOfNothing": N_("without an amount"),
    SAME_ID: N_("told of before with other money"),
}
UNREADABLE: Final = N_("nobody can read it")


class MessageDecided(Refused):
    """Nobody waits for a decision about this message."""

    why = N_("The message {message} does not wait for anybody.")
    todo = N_("Look at the list again. Nothing was changed.")


class MessageUnreadable(Refused):
    """A message that does not say what money moved."""

    why = N_("Nobody can read which money this message tells of.")
    todo = N_("Look at the bank's statement and bring it in; then end this message with a reason.")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that waits. `amount` (đồng) and `account` where it tells of money; `text` its memo, or all of it; `why` an
    English source of words."""

    provider: str
    external_id: str
    received_at: datetime
    why: str
    detail: str
    account: str
    amount: Dong | None
    text: str


def waiting_messages(session: Session) -> list[Message]:
    """Every message that waits for a person, oldest first."""
    rows = session.exec(
        select(BankArrival)
        .where(BankArrival.office_id == office_of(session), BankArrival.state == ArrivalState.CASE)
        .order_by(col(BankArrival.received_at), col(BankArrival.provider), col(BankArrival.external_id))
    ).all()
    return [_message(row) for row in rows]


def _message(row: BankArrival) -> Message:
    held: dict[str, Any] = json.loads(row.facts)
    tells_money = "account" in held
    why = WHY.get(row.note, UNREADABLE)
    return Message(
        provider=row.provider,
        external_id=row.external_id,
        received_at=row.received_at,
        why=why,
        detail="" if row.note in WHY else row.note,
        account=held["account"] if tells_money else "",
        amount=Dong(held["amount"]) if tells_money else None,
        text=held["memo"] if tells_money else held["text"],
    )


def book_message(session: Session, now: datetime, *, provider: str, external_id: str, by: UUID) -> UUID:
    """Money of a message goes into the bank's lines after all: its account is the office's now, or it is other money than
    the first of its id. The line, to be matched.

    Raises MessageDecided, MessageUnreadable, BankAccountUnknown, AmountOfNothing, NotAllowed.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _waiting(session, provider, external_id)
    if "account" not in json.loads(row.facts):
        raise MessageUnreadable
    told = replace(movement_of(row.facts), identity=f"{row.provider}/{row.external_id}", teller=row.provider)
    booked = book_movement(session, now, movement=told, source=Source.FEED, by=by)
    row.state, row.line_id = ArrivalState.DONE, booked.line_id
    _note(session, now, row, by=by, reason="")
    return booked.line_id


def end_message(session: Session, now: datetime, *, provider: str, external_id: str, reason: str, by: UUID) -> None:
    """A message tells of no money of ours, and why. Raises MessageDecided, ReasonMissing, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    plain = safe_text(reason, limit=200)
    if not plain:
        raise ReasonMissing
    row = _waiting(session, provider, external_id)
    row.state, row.note = ArrivalState.DONE, safe_text(f"{row.note}: {plain}", limit=300)
    _note(session, now, row, by=by, reason=plain)


def _waiting(session: Session, provider: str, external_id: str) -> BankArrival:
    row = session.get(BankArrival, (office_of(session), provider, external_id), with_for_update=True, populate_existing=True)
    if row is None or row.state is not ArrivalState.CASE:
        raise MessageDecided(message=safe_text(f"{provider} {external_id}", limit=100))
    return row


def _note(session: Session, now: datetime, row: BankArrival, *, by: UUID, reason: str) -> None:
    session.add(row)
    session.flush()
    facts = {"provider": row.provider, "message": row.external_id, "line": row.line_id, "reason": reason}
    journal.append(
        session, now, till_code=OFFICE_TILL, kind="bank.message", business_day=local_day(now), actor_id=by, facts=facts
    )
