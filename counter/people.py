"""People: who signs in, what they may do, and the second person for acts that need two.

PINs are Argon2id over an HMAC with a pepper that lies outside the database. Wrong tries are counted for user and till,
on disk: five in a row lock for 30 minutes or until a supervisor unlocks, ten in a day until a supervisor unlocks;
the office's only supervisor, whom nobody can unlock, until the next day.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal
from counter.clock import local_day
from counter.errors import Refused, SameIdOtherFacts
from counter.locale import N_
from counter.text import safe_text
from db.fast import run_one
from db.scope import OFFICE_TILL, office_of
from db.states import Role
from db.tables import AppUser, PinGuard

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PIN_LENGTH: Final = 6
WRONG_IN_ROW: Final = 5
WRONG_IN_DAY: Final = 10
LOCKED_FOR: Final = timedelta(minutes=30)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


# --- refusals ---------------------------------------------------------------------------------------------------------


class WrongPin(Refused):
    """The login or the PIN is wrong; which of them is not said."""

    why = N_("The name or the PIN is wrong.")
    todo = N_("Try again; after 5 wrong tries this user is locked at this till for 30 minutes.")


class UserLocked(Refused):
    """Too many wrong PINs at this till."""

    why = N_("{login} is locked at this till after too many wrong PINs.")
    todo = N_("Ask a supervisor to unlock, or wait 30 minutes.")


class UnknownUser(Refused):
    """No such user here."""

    why = N_("There is no user “{login}” in this office.")
    todo = N_("Check the spelling, or ask a supervisor to add the user.")


class NotAllowed(Refused):
    """The person's role does not include this."""

    why = N_("{name} may not do this: it needs the role {needed}.")
    todo = N_("Ask somebody with that role.")


class WeakPin(Refused):
    """A PIN that is easy to guess."""

    why = N_("This PIN is too easy to guess or not 6 digits or more.")
    todo = N_("Choose at least 6 digits, no row like 123456 and no repeated digit.")


class PinsDiffer(Refused):
    """The new PIN was typed in two ways."""

    why = N_("The new PIN was not the same both times.")
    todo = N_("Type the new PIN twice; the old one is still in force.")


class LoginTaken(Refused):
    """The login is somebody else's."""

    why = N_("The login “{login}” is taken.")
    todo = N_("Choose another one.")


class LoginUnreadable(Refused):
    """A login of other characters than we allow."""

    why = N_("“{login}” cannot be a login.")
    todo = N_("Use 2 to 40 small letters without marks, digits, dot, dash.")


class NotOnYourself(Refused):
    """A person may not reset or unlock themselves."""

    why = N_("Nobody unlocks or resets their own PIN.")
    todo = N_("Ask another supervisor.")


# --- rules ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person whose PIN was right."""

    user_id: UUID
    login: str
    name: str
    role: Role


class PinKeeper:
    """Hashes and verifies PINs. `pepper` is a secret of 16 bytes or more that never enters the database."""

    def __init__(self, *, pepper: bytes, cost: Literal["normal", "light"] = "normal") -> None:
        if len(pepper) < 16:
            raise ValueError("the pepper is too short")
        self._pepper = pepper
        self._cost = cost

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher, Type

        if self._cost == "light":
            return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, type=Type.ID)

    def _peppered(self, pin: str) -> bytes:
        return hmac.new(self._pepper, unicodedata.normalize("NFKC", pin).encode(), hashlib.sha256).digest()

    def hash(self, pin: str) -> str:
        """Argon2id of the peppered PIN, in the PHC format."""
        return self._hasher.hash(self._peppered(pin))

    def is_right(self, pin: str, pin_hash: str) -> bool:
        """Whether `pin` made `pin_hash`."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(pin_hash, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def __repr__(self) -> str:
        return "PinKeeper()"


def check_pin(pin: str) -> None:
    """Refuse a PIN that is short or easy. Raises WeakPin."""
    digits = [int(c) for c in pin] if re.fullmatch(r"[0-9]{6,12}", pin) else []
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    halves = pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    if not digits or len(set(digits)) < 3 or steps in ({1}, {9}) or halves:
        raise WeakPin


def check_new_pin(pin: str, *, again: str) -> None:
    """Refuse a PIN that is weak, or not the same both times. Raises WeakPin, PinsDiffer."""
    check_pin(pin)
    if pin != again:
        raise PinsDiffer


def fingerprint(pin_hash: str) -> str:
    """What the journal says of a PIN, so that an exchanged one is noticed: a hash of its hash tells nothing of the PIN."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()[:32]


# --- actions ----------------------------------------------------------------------------------------------------------


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

    Who adds a person gave them a PIN: for today the two count as one where two are needed (`share_a_pin`).
    """
    login, name = login.strip().lower(), safe_text(name, limit=120) or login
    if not _LOGIN.fullmatch(login):
        raise LoginUnreadable(login=safe_text(login, limit=40))
    office_id = office_of(session)
    before = session.get(AppUser, (office_id, user_id))
    if before is not None:
        if (before.login, before.role) != (login, role):
            raise SameIdOtherFacts
        return _signed_in(before)
    if by is not None:
        require(session, user_id=by, roles=(Role.SUPERVISOR,))
    if _user_by_login(session, login) is not None:
        raise LoginTaken(login=login)
    user = AppUser(office_id=office_id, user_id=user_id, login=login, name=name, role=role, pin_hash=pin_hash)
    user.pin_reset_by, user.pin_reset_day = by, local_day(now) if by else None
    session.add(user)
    session.flush()
    facts = {"user": user_id, "login": login, "name": name, "role": role.value, "pin": fingerprint(pin_hash)}
    _note(session, now, kind="user.add", by=by, facts=facts)
    return _signed_in(user)


def try_pin(
    session: Session, now: datetime, *, login: str, pin: str, till_code: str, keeper: PinKeeper
) -> SignedIn | Refused:
    """Judge one try. A refusal is returned, not raised, so that the wrong try is counted on disk."""
    login = login.strip().lower()
    user = _user_by_login(session, login)
    if user is None or not user.is_active:
        keeper.hash(pin)  # the same work as for a known login: how long it takes tells nothing
        return WrongPin()
    guard = _guard(session, user_id=user.user_id, till_code=till_code or OFFICE_TILL)
    if _is_locked(session, guard, now):
        return UserLocked(login=login)
    if keeper.is_right(pin, user.pin_hash):
        guard.wrong_in_row, guard.locked_until = 0, None
        session.add(guard)
        _note(session, now, kind="user.sign_in", by=user.user_id, facts={"login": login, "till": guard.till_code})
        return _signed_in(user)
    _count_wrong(guard, now)
    session.add(guard)
    facts = {"login": login, "till": guard.till_code, "in_row": guard.wrong_in_row}
    _note(session, now, kind="user.wrong_pin", by=user.user_id, facts=facts)
    return UserLocked(login=login) if _is_locked(session, guard, now) else WrongPin()


def unlock(session: Session, now: datetime, *, login: str, by: UUID) -> None:
    """Let a locked user try again at every till. Raises NotAllowed, NotOnYourself, UnknownUser."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = _known(session, login)
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
    user = _known(session, login)
    if user.user_id == by:
        raise NotOnYourself
    user.pin_hash, user.pin_reset_by, user.pin_reset_day = pin_hash, by, local_day(now)
    session.add(user)
    _note(session, now, kind="user.reset_pin", by=by, facts={"login": user.login, "pin": fingerprint(pin_hash)})


def change_own_pin(session: Session, now: datetime, *, user_id: UUID, pin_hash: str) -> None:
    """The signed-in person's own new PIN (the old one was proven at the desk)."""
    user = session.get_one(AppUser, (office_of(session), user_id))
    user.pin_hash = pin_hash
    session.add(user)
    _note(session, now, kind="user.change_pin", by=user_id, facts={"login": user.login, "pin": fingerprint(pin_hash)})


def close_user(session: Session, now: datetime, *, login: str, by: UUID) -> None:
    """A person who left: signs in no more; what they did stays. Raises NotAllowed, NotOnYourself, UnknownUser."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    user = _known(session, login)
    if user.user_id == by:
        raise NotOnYourself
    user.is_active = False
    session.add(user)
    _note(session, now, kind="user.close", by=by, facts={"login": user.login})


# --- views ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UserLine:
    """One user of the office. `locked` names the tills where the PIN is locked."""

    login: str
    name: str
    role: Role
    is_active: bool
    locked: tuple[str, ...]


def users(session: Session, *, now: datetime) -> list[UserLine]:
    """Everybody, by login."""
    office_id = office_of(session)
    guards: dict[UUID, list[str]] = {}
    for guard in session.exec(select(PinGuard).where(PinGuard.office_id == office_id)).all():
        if _is_locked(session, guard, now):
            guards.setdefault(guard.user_id, []).append(guard.till_code)
    rows = session.exec(select(AppUser).where(AppUser.office_id == office_id).order_by(col(AppUser.login))).all()
    return [UserLine(u.login, u.name, u.role, u.is_active, tuple(guards.get(u.user_id, ()))) for u in rows]


def user_named(session: Session, *, login: str) -> SignedIn:
    """The user with this login. Raises UnknownUser."""
    return _signed_in(_known(session, login))


def name_of(session: Session, *, user_id: UUID) -> str:
    """A person's name, as it is on paper."""
    row = run_one(session, "user_name", office_id=office_of(session), user_id=user_id)
    if row is None:
        raise LookupError(f"no user {user_id}")
    return str(row.name)


def require(session: Session, *, user_id: UUID, roles: tuple[Role, ...]) -> SignedIn:
    """The person, whose role must be one of `roles`. Raises NotAllowed."""
    user = session.get(AppUser, (office_of(session), user_id))
    if user is None or not user.is_active:
        raise UnknownUser(login=str(user_id))
    if user.role not in roles:
        raise NotAllowed(name=user.name, needed=roles)
    return _signed_in(user)


def share_a_pin(session: Session, *, one: UUID, other: UUID, today: date) -> bool:
    """Whether one person may know both PINs today: they gave one of the two a PIN, or both, or through somebody between."""
    return bool(_knowers(session, one, today) & _knowers(session, other, today))


# --- inside -----------------------------------------------------------------------------------------------------------


def _signed_in(user: AppUser) -> SignedIn:
    return SignedIn(user.user_id, user.login, user.name, user.role)


def _knowers(session: Session, user_id: UUID, today: date) -> set[UUID]:
    """The person, whoever gave them their PIN today, whoever gave that person theirs today, and so on."""
    found: set[UUID] = set()
    at: UUID | None = user_id
    while at is not None and at not in found:
        found.add(at)
        user = session.get_one(AppUser, (office_of(session), at))
        at = user.pin_reset_by if user.pin_reset_day == today else None
    return found


def _user_by_login(session: Session, login: str) -> AppUser | None:
    return session.exec(select(AppUser).where(AppUser.office_id == office_of(session), AppUser.login == login)).first()


def _known(session: Session, login: str) -> AppUser:
    user = _user_by_login(session, login.strip().lower())
    if user is None:
        raise UnknownUser(login=safe_text(login, limit=40))
    return user


def _guard(session: Session, *, user_id: UUID, till_code: str) -> PinGuard:
    key = (office_of(session), user_id, till_code)
    found = session.get(PinGuard, key, with_for_update=True)
    return found or PinGuard(office_id=key[0], user_id=user_id, till_code=till_code)


def _is_locked(session: Session, guard: PinGuard, now: datetime) -> bool:
    # Ten in a row are ten whatever the clock says: setting it forward gains nothing.
    if max(guard.wrong_that_day, guard.wrong_in_row) >= WRONG_IN_DAY and not _is_let_in_again(session, guard, now):
        return True
    return guard.wrong_in_row >= WRONG_IN_ROW and guard.locked_until is not None and now < guard.locked_until


def _is_let_in_again(session: Session, guard: PinGuard, now: datetime) -> bool:
    """The office's only supervisor on another day: nobody else could ever unlock them."""
    all_of_them = select(AppUser.user_id).where(AppUser.office_id == guard.office_id, AppUser.role == Role.SUPERVISOR)
    if session.exec(all_of_them.where(col(AppUser.is_active))).all() != [guard.user_id]:
        return False
    return guard.wrong_that_day < WRONG_IN_DAY or (guard.wrong_day is not None and local_day(now) > guard.wrong_day)


def _count_wrong(guard: PinGuard, now: datetime) -> None:
    today: date = local_day(now)
    guard.wrong_that_day = guard.wrong_that_day + 1 if guard.wrong_day == today else 1
    guard.wrong_day = today
    guard.wrong_in_row += 1
    if guard.wrong_in_row >= WRONG_IN_ROW:
        guard.locked_until = now + LOCKED_FOR


def _note(session: Session, now: datetime, *, kind: str, by: UUID | None, facts: dict[str, Any]) -> None:
    journal.append(session, now, till_code=OFFICE_TILL, kind=kind, business_day=local_day(now), actor_id=by, facts=facts)
