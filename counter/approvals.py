"""The two-person rule: a second person's word, bound to one act, its subject and its amount, and used once.

The second person either signs on the spot (PIN at the same till) or answers a waiting request from their own screen. Nobody
approves their own act; the database refuses it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal
from counter.clock import local_day
from counter.errors import Refused, SameIdOtherFacts
from counter.ids import new_id
from counter.locale import N_
from counter.money import Dong
from counter.people import NotAllowed, SignedIn, require, share_a_pin, still_here
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, ApprovalState, Role
from db.tables import Approval, AppUser

T = TypeVar("T")
MOVES: Final[Mapping[ApprovalState, frozenset[ApprovalState]]] = {
    ApprovalState.WAITING: frozenset({ApprovalState.GRANTED, ApprovalState.DENIED, ApprovalState.WITHDRAWN}),
    ApprovalState.GRANTED: frozenset({ApprovalState.USED}),
    ApprovalState.DENIED: frozenset(),
    ApprovalState.USED: frozenset(),
    ApprovalState.WITHDRAWN: frozenset(),
}
HOLDS: Final = timedelta(minutes=5)
"""How long a word given on the spot is good."""
HOLDS_SENT: Final = timedelta(minutes=30)
"""A word given on another screen: where there is one till, the two people change places in between."""
WAITS: Final = timedelta(hours=2)
"""How long a request stays on the supervisor's screen: nobody stands at the counter any longer."""
MAY_ASK: Final = (Role.SUPERVISOR, Role.CASHIER)
"""Who acts with money. An auditor looks, and leaves no request behind for the supervisor to answer."""
MAY_DECIDE: Final = (Role.SUPERVISOR, Role.CASHIER)


class OwnAct(Refused):
    """The second person is the first one."""

    why = N_("Nobody approves their own act.")
    todo = N_("Ask another person to enter their login and PIN.")


class ResetByYou(Refused):
    """Who gave a user a PIN today is not a second person beside that user today, nor the other way round."""

    why = N_("One of these two was given their PIN today by the other, or both by the same person: today they count as one.")
    todo = N_("Ask somebody else; from tomorrow on they count as two.")


class NeedsApproval(Refused):
    """The act needs a second person's word that is not there, does not fit, or is too old."""

    why = N_("This needs a second person.")
    todo = N_("Let them enter their login and PIN, or send the request to the supervisor's screen.")


class NotYourRequest(Refused):
    """Only who asked takes a request back."""

    why = N_("This request is somebody else's.")
    todo = N_("Who asked takes it back; a supervisor may refuse it.")


class AlreadyDecided(Refused):
    """The request was answered before."""

    why = N_("This request was already answered.")
    todo = N_("Ask again if it is still needed.")


class RequestOver(Refused):
    """Nobody waits for the answer any more."""

    why = N_("This request is too old: nobody waits for it any more.")
    todo = N_("If it is still needed, it is asked again.")


@dataclass(frozen=True, slots=True)
class Request:
    """An approval as screens show it. `amount` in đồng; `decided_by` is a name, or empty."""

    approval_id: UUID
    act: ApprovalAct
    subject: str
    amount: Dong
    reason: str
    till_code: str
    requested_by: str
    requested_at: datetime
    state: ApprovalState
    decided_by: str


def ask(
    session: Session,
    now: datetime,
    *,
    approval_id: UUID,
    act: ApprovalAct,
    subject: str,
    amount: Dong,
    reason: str,
    till_code: str,
    by: UUID,
) -> Request:
    """Put a request on the supervisor's screen. The same id and facts again: the same request.

    Raises NotAllowed, UserLeft, SameIdOtherFacts.
    """
    require(session, user_id=by, roles=MAY_ASK)
    reason, till_code = safe_text(reason, limit=300), till_code or OFFICE_TILL
    found = session.get(Approval, (office_of(session), approval_id))
    if found is not None:
        before = (found.act, found.subject, int(found.amount), found.reason, found.till_code, found.requested_by)
        if before != (act, subject, int(amount), reason, till_code, by):
            raise SameIdOtherFacts
        return _request(session, found)
    row = Approval(
        office_id=office_of(session),
        approval_id=approval_id,
        act=act,
        subject=subject,
        amount=amount,
        reason=reason,
        till_code=till_code,
        requested_by=by,
        requested_at=now,
        state=ApprovalState.WAITING,
    )
    session.add(row)
    session.flush()
    return _request(session, row)


def ask_and_grant(
    session: Session,
    now: datetime,
    *,
    approval_id: UUID,
    act: ApprovalAct,
    subject: str,
    amount: Dong,
    reason: str,
    till_code: str,
    by: UUID,
    granted_by: UUID,
) -> Request:
    """A second person says yes on the spot: request and word at one instant, or neither. Raises as `ask` and `grant`."""
    ask(
        session,
        now,
        approval_id=approval_id,
        act=act,
        subject=subject,
        amount=amount,
        reason=reason,
        till_code=till_code,
        by=by,
    )
    return grant(session, now, approval_id=approval_id, by=granted_by)


@dataclass(frozen=True, slots=True)
class Word:
    """A second person's word as it is given beside the act it is for. `amount` in đồng, signed as the act's."""

    act: ApprovalAct
    subject: str
    amount: Dong
    reason: str
    by: UUID
    granted_by: UUID
    approval_id: UUID = field(default_factory=new_id)


class WordNotNeeded(Exception):
    """The act was done before, or nothing in it needs a second person: it is done again without the word."""


def act_with_word(
    session: Session, now: datetime, *, word: Word, doing: Callable[..., T], facts: Mapping[str, Any], till_code: str
) -> T:
    """The word and the act at one instant: of an act that is refused no word stays either. Raises WordNotNeeded."""
    given = {field_.name: getattr(word, field_.name) for field_ in fields(word)}
    ask_and_grant(session, now, **given, till_code=till_code)
    done = doing(session, now, **facts, approval_id=word.approval_id)
    if session.get_one(Approval, (office_of(session), word.approval_id)).state is not ApprovalState.USED:
        raise WordNotNeeded
    return done


def withdraw(session: Session, now: datetime, *, approval_id: UUID, by: UUID) -> Request:
    """Who asked takes the request back. Raises AlreadyDecided, NotYourRequest."""
    row = session.get_one(Approval, (office_of(session), approval_id), with_for_update=True)
    if row.requested_by != by:
        raise NotYourRequest
    still_here(session, user_id=by)
    if row.state is not ApprovalState.WITHDRAWN:
        _withdraw(session, now, row, by=by)
    return _request(session, row)


def end_requests(session: Session, now: datetime, *, act: ApprovalAct, subject: str, by: UUID) -> None:
    """The act is done: whoever else asked for it needs no answer any more."""
    rows = session.exec(
        select(Approval)
        .where(Approval.office_id == office_of(session), Approval.state == ApprovalState.WAITING)
        .where(Approval.act == act, Approval.subject == subject)
    ).all()
    for row in rows:
        _withdraw(session, now, row, by=by)


def grant(session: Session, now: datetime, *, approval_id: UUID, by: UUID) -> Request:
    """A second person says yes. Raises OwnAct, ResetByYou, AlreadyDecided, NotAllowed."""
    return _decide(session, now, approval_id=approval_id, by=by, state=ApprovalState.GRANTED)


def deny(session: Session, now: datetime, *, approval_id: UUID, by: UUID) -> Request:
    """A second person says no. Raises as `grant`."""
    return _decide(session, now, approval_id=approval_id, by=by, state=ApprovalState.DENIED)


def use(
    session: Session,
    now: datetime,
    *,
    approval_id: UUID | None,
    act: ApprovalAct,
    subject: str,
    amount: Dong,
    by: UUID,
    roles: tuple[Role, ...],
) -> UUID:
    """Spend a granted approval on exactly this act and return who gave it. Raises NeedsApproval, NotAllowed."""
    row = None
    if approval_id is not None:
        row = session.get(Approval, (office_of(session), approval_id), with_for_update=True)
    if row is None or row.state is not ApprovalState.GRANTED or row.decided_by is None or row.decided_at is None:
        raise NeedsApproval
    if (row.act, row.subject, row.amount, row.requested_by) != (act, subject, int(amount), by):
        raise NeedsApproval
    if now > _good_until(row):
        raise NeedsApproval
    still_here(session, user_id=by)
    require(session, user_id=row.decided_by, roles=roles)
    row.state = ApprovalState.USED
    _note(session, now, row, by=by, approver=row.decided_by)
    end_requests(session, now, act=act, subject=subject, by=by)
    return row.decided_by


def waiting(session: Session, *, now: datetime) -> list[Request]:
    """Requests somebody still waits for, oldest first."""
    rows = session.exec(
        select(Approval)
        .where(Approval.office_id == office_of(session), Approval.state == ApprovalState.WAITING)
        .where(col(Approval.requested_at) >= now - WAITS)
        .order_by(col(Approval.requested_at))
    ).all()
    return [_request(session, row) for row in rows]


def standing(session: Session, *, act: ApprovalAct, subject: str, amount: Dong, by: UUID, now: datetime) -> Request | None:
    """What `by` has asked for exactly this act and may still use: granted and good, or waiting for its answer."""
    rows = session.exec(
        select(Approval)
        .where(Approval.office_id == office_of(session), Approval.requested_by == by)
        .where(Approval.act == act, Approval.subject == subject, Approval.amount == amount)
        .where(col(Approval.state).in_((ApprovalState.WAITING, ApprovalState.GRANTED)))
        .where(col(Approval.requested_at) >= now - WAITS - HOLDS_SENT)
        .order_by(col(Approval.requested_at).desc())
    ).all()
    good = [row for row in rows if now <= _good_until(row)]
    good.sort(key=lambda row: row.state is not ApprovalState.GRANTED)
    return _request(session, good[0]) if good else None


def request(session: Session, *, approval_id: UUID) -> Request:
    """One request, whatever its state."""
    return _request(session, session.get_one(Approval, (office_of(session), approval_id)))


def _decide(session: Session, now: datetime, *, approval_id: UUID, by: UUID, state: ApprovalState) -> Request:
    person: SignedIn = require(session, user_id=by, roles=MAY_DECIDE)
    row = session.get_one(Approval, (office_of(session), approval_id), with_for_update=True)
    if row.state is state and row.decided_by == by:
        return _request(session, row)
    if state not in MOVES[row.state]:
        raise AlreadyDecided
    if now > _good_until(row):
        raise RequestOver
    if row.requested_by == by:
        raise OwnAct
    if share_a_pin(session, one=row.requested_by, other=by, today=local_day(now)):
        raise ResetByYou
    if person.role is not Role.SUPERVISOR and row.act is not ApprovalAct.REVERSE:
        raise NotAllowed(name=person.name, needed=Role.SUPERVISOR)
    row.state, row.decided_by, row.decided_at = state, by, now
    _note(session, now, row, by=by)
    return _request(session, row)


def _good_until(row: Approval) -> datetime:
    """A request is good to be answered, and a word to be used, until then."""
    if row.decided_at is None:
        return row.requested_at + WAITS
    return row.decided_at + (HOLDS if row.decided_at == row.requested_at else HOLDS_SENT)


def _withdraw(session: Session, now: datetime, row: Approval, *, by: UUID) -> None:
    if ApprovalState.WITHDRAWN not in MOVES[row.state]:
        raise AlreadyDecided
    row.state = ApprovalState.WITHDRAWN
    _note(session, now, row, by=by)


def _note(session: Session, now: datetime, row: Approval, *, by: UUID, approver: UUID | None = None) -> None:
    """The row as it is now, and what became of the word on the office's chain."""
    session.add(row)
    session.flush()
    journal.append(
        session,
        now,
        till_code=OFFICE_TILL,
        kind=f"approval.{row.state.value.lower()}",
        business_day=local_day(now),
        actor_id=by,
        facts=word_facts(row) | ({"approver": approver} if approver else {}),
    )


def word_facts(row: Approval) -> dict[str, Any]:
    """What the journal says of a word; the audit makes it again from the table."""
    return {
        "approval": row.approval_id,
        "act": row.act.value,
        "subject": row.subject,
        "amount": int(row.amount),
        "reason": row.reason,
        "till": row.till_code,
        "for": row.requested_by,
    }


def _request(session: Session, row: Approval) -> Request:
    def name(user_id: UUID | None) -> str:
        return session.get_one(AppUser, (row.office_id, user_id)).name if user_id else ""

    return Request(
        row.approval_id,
        row.act,
        row.subject,
        Dong(row.amount),
        row.reason,
        row.till_code,
        name(row.requested_by),
        row.requested_at,
        row.state,
        name(row.decided_by),
    )
