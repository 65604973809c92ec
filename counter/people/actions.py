"""Add people, prove them, unlock them, give and change PINs, close them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, select

from counter import journal
from counter.clock import day_text, local_day
from counter.errors import Refused, SameIdOtherFacts
from counter.people.locks import count_wrong, guard_of, is_locked
from counter.people.refusals import LoginTaken, LoginUnreadable, NotClosed, NotOnYourself, StillHasCash, UserLocked, WrongPin
from counter.people.rules import PinKeeper, fingerprint
from counter.people.views import SignedIn, hold_person, known, require, signed_in, still_here, user_by_login
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import Role, ShiftState
from db.tables import AppUser, PinGuard, Shift

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def add_user(
    session: Session,
    now: datetime,
    *,
    user_id: UUID,
    login: str,
    name: str,
    role: Role,
    pin_hash: str,
    by: UUID | None,
) -> SignedIn:
    """Add a person. `by` is a supervisor, or None for an office's very first one. Raises LoginTaken, NotAllowed.

    The same id and facts again: the same person, whose PIN stays what it was (`is_in_force` tells).
    Who adds a person gave them a PIN: for today the two count as one where two are needed (`share_a_pin`).
    """
    login, name = login.strip().lower(), safe_text(name, limit=120) or login
    if not _LOGIN.fullmatch(login):
        raise LoginUnreadable(login=safe_text(login, limit=40))
    office_id = office_of(session)
    if by is not None:
        require(session, user_id=by, roles=(Role.SUPERVISOR,))
    before = session.get(AppUser, (office_id, user_id))
    if before is not None:
        if (before.login, before.name, before.role) != (login, name, role):
            raise SameIdOtherFacts
        return signed_in(before)
    if user_by_login(session, login) is not None:
        raise LoginTaken(login=login)
    user = AppUser(office_id=office_id, user_id=user_id, login=login, name=name, role=role, pin_hash=pin_hash)
    user.pin_reset_by, user.pin_reset_day = by, local_day(now) if by else None
    session.add(user)
    session.flush()
    facts = {"user": user_id, "login": login, "name": name, "role": role.value, "pin": fingerprint(pin_hash)}
    _note(session, now, kind="user.add", by=by, facts=facts)
    return signed_in(user)


def try_pin(
    session: Session, now: datetime, *, login: str, pin: str, till_code: str, keeper: PinKeeper
) -> SignedIn | Refused:
    """Judge one try. A refusal is returned, not raised, so that the wrong try is counted on disk."""
    login = login.strip().lower()
    user = user_by_login(session, login)
    if user is None or not user.is_active:
        keeper.hash(pin)  # the same work as for a known login: how long it takes tells nothing
        return WrongPin()
    guard = guard_of(session, user_id=user.user_id, till_code=till_code or OFFICE_TILL)
    if is_locked(session, guard, now):
        return UserLocked(login=login)
    if keeper.is_right(pin, user.pin_hash):
        guard.wrong_in_row, guard.locked_until = 0, None
        session.add(guard)
        _note(session, now, kind="user.sign_in", by=user.user_id, facts={"login": login, "till": guard.till_code})
        return signed_in(user)
    count_wrong(guard, now)
    session.add(guard)
    facts = {"login": login, "till": guard.till_code, "in_row": guard.wrong_in_row}
    _note(session, now, kind="user.wrong_pin", by=user.user_id, facts=facts)
    return UserLocked(login=login) if is_locked(session, guard, now) else WrongPin()


def unlock(session: Session, now: datetime, *, login: str, by: UUID) -> None:
    """Let a locked user try again at every till. Raises NotAllowed, NotOnYourself, UnknownUser."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = known(session, login)
    if user.user_id == by:
        raise NotOnYourself
    guards = select(PinGuard).where(PinGuard.office_id == office_of(session), PinGuard.user_id == user.user_id)
    for guard in session.exec(guards).all():
        guard.wrong_in_row, guard.wrong_that_day, guard.locked_until = 0, 0, None
        session.add(guard)
    _note(session, now, kind="user.unlock", by=by, facts={"login": user.login})


def reset_pin(session: Session, now: datetime, *, login: str, pin_hash: str, by: UUID) -> None:
    """Give a user a new PIN; for today the two count as one where two are needed (`share_a_pin`)."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = known(session, login)
    if user.user_id == by:
        raise NotOnYourself
    user.pin_hash, user.pin_reset_by, user.pin_reset_day = pin_hash, by, local_day(now)
    session.add(user)
    _note(session, now, kind="user.reset_pin", by=by, facts={"login": user.login, "pin": fingerprint(pin_hash)})


def change_own_pin(session: Session, now: datetime, *, user_id: UUID, pin_hash: str) -> None:
    """The signed-in person's own new PIN (the old one was proven at the desk). Raises UserLeft."""
    user = still_here(session, user_id=user_id)
    user.pin_hash = pin_hash
    session.add(user)
    _note(session, now, kind="user.change_pin", by=user_id, facts={"login": user.login, "pin": fingerprint(pin_hash)})


def close_user(session: Session, now: datetime, *, login: str, by: UUID) -> None:
    """A person who left: signs in and writes no more; what they did stays.

    Raises NotAllowed, NotOnYourself, UnknownUser, StillHasCash.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = known(session, login)
    if user.user_id == by:
        raise NotOnYourself
    hold_person(session, user_id=user.user_id)
    theirs = select(Shift).where(Shift.office_id == user.office_id, Shift.cashier_id == user.user_id)
    shift = session.exec(theirs.where(Shift.state != ShiftState.ACCEPTED)).first()
    if shift is not None:
        raise StillHasCash(name=user.name, till=shift.till_code, day=day_text(shift.business_day))
    user.is_active = False
    session.add(user)
    _note(session, now, kind="user.close", by=by, facts={"login": user.login})


def reopen_user(session: Session, now: datetime, *, login: str, pin_hash: str, by: UUID) -> None:
    """A closed user comes back, with a new PIN; for today the two count as one (`share_a_pin`).

    Raises NotAllowed, UnknownUser, NotClosed.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = known(session, login)
    if user.is_active:
        raise NotClosed(login=user.login)
    user.is_active = True
    user.pin_hash, user.pin_reset_by, user.pin_reset_day = pin_hash, by, local_day(now)
    session.add(user)
    _note(session, now, kind="user.reopen", by=by, facts={"login": user.login, "pin": fingerprint(pin_hash)})


def _note(session: Session, now: datetime, *, kind: str, by: UUID | None, facts: dict[str, Any]) -> None:
    journal.append(session, now, till_code=OFFICE_TILL, kind=kind, business_day=local_day(now), actor_id=by, facts=facts)
