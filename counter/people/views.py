"""Who is here, who they are on paper, and whether two of them count as two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.people.locks import is_locked
from counter.people.refusals import NotAllowed, UnknownUser, UserLeft
from counter.text import safe_text
from db.fast import run_one
from db.scope import office_of
from db.states import Role
from db.tables import AppUser, PinGuard


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person whose PIN was right."""

    user_id: UUID
    login: str
    name: str
    role: Role


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
        if is_locked(session, guard, now):
            guards.setdefault(guard.user_id, []).append(guard.till_code)
    rows = session.exec(select(AppUser).where(AppUser.office_id == office_id).order_by(col(AppUser.login))).all()
    return [UserLine(u.login, u.name, u.role, u.is_active, tuple(guards.get(u.user_id, ()))) for u in rows]


def user_named(session: Session, *, login: str) -> SignedIn:
    """The user with this login. Raises UnknownUser."""
    return signed_in(known(session, login))


def name_of(session: Session, *, user_id: UUID) -> str:
    """A person's name, as it is on paper."""
    row = run_one(session, "user_name", office_id=office_of(session), user_id=user_id)
    if row is None:
        raise LookupError(f"no user {user_id}")
    return str(row.name)


def require(session: Session, *, user_id: UUID, roles: tuple[Role, ...]) -> SignedIn:
    """The person, whose role must be one of `roles`. Raises UserLeft, NotAllowed."""
    user = still_here(session, user_id=user_id)
    if user.role not in roles:
        raise NotAllowed(name=user.name, needed=roles)
    return signed_in(user)


def still_here(session: Session, *, user_id: UUID) -> AppUser:
    """The person who acts, whose user was not closed meanwhile. Raises UnknownUser, UserLeft."""
    user = session.get(AppUser, (office_of(session), user_id))
    if user is None:
        raise UnknownUser(login=str(user_id))
    if not user.is_active:
        raise UserLeft(name=user.name)
    return user


def hold_person(session: Session, *, user_id: UUID) -> None:
    """Lock the person's row: nobody is closed while they open a shift, and opens none while they are closed."""
    session.get(AppUser, (office_of(session), user_id), with_for_update=True, populate_existing=True)


def is_in_force(session: Session, *, user_id: UUID, pin_hash: str) -> bool:
    """Whether this very hash is the person's PIN: of an id that was used before, the first PIN stays."""
    return session.get_one(AppUser, (office_of(session), user_id)).pin_hash == pin_hash


def share_a_pin(session: Session, *, one: UUID, other: UUID, today: date) -> bool:
    """Whether one person may know both PINs today: they gave one of the two a PIN, or both, or through somebody between."""
    return bool(_knowers(session, one, today) & _knowers(session, other, today))


def known(session: Session, login: str) -> AppUser:
    user = user_by_login(session, login.strip().lower())
    if user is None:
        raise UnknownUser(login=safe_text(login, limit=40))
    return user


def user_by_login(session: Session, login: str) -> AppUser | None:
    return session.exec(select(AppUser).where(AppUser.office_id == office_of(session), AppUser.login == login)).first()


def signed_in(user: AppUser) -> SignedIn:
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
