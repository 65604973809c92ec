"""Wrong PINs, counted for user and till on disk, and whom they lock out."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.people.rules import LOCKED_FOR, WRONG_IN_DAY, WRONG_IN_ROW
from db.scope import office_of
from db.states import Role
from db.tables import AppUser, PinGuard


def guard_of(session: Session, *, user_id: UUID, till_code: str) -> PinGuard:
    """The count of this user at this till, locked; a new one where none was wrong yet."""
    key = (office_of(session), user_id, till_code)
    found = session.get(PinGuard, key, with_for_update=True)
    return found or PinGuard(office_id=key[0], user_id=user_id, till_code=till_code)


def is_locked(session: Session, guard: PinGuard, now: datetime) -> bool:
    """Whether no PIN is looked at now, right or wrong."""
    # Ten in a row are ten whatever the clock says: setting it forward gains nothing.
    if max(guard.wrong_that_day, guard.wrong_in_row) >= WRONG_IN_DAY and not _is_let_in_again(session, guard, now):
        return True
    return guard.wrong_in_row >= WRONG_IN_ROW and guard.locked_until is not None and now < guard.locked_until


def count_wrong(guard: PinGuard, now: datetime) -> None:
    """One more wrong PIN."""
    today: date = local_day(now)
    guard.wrong_that_day = guard.wrong_that_day + 1 if guard.wrong_day == today else 1
    guard.wrong_day = today
    guard.wrong_in_row += 1
    if guard.wrong_in_row >= WRONG_IN_ROW:
        guard.locked_until = now + LOCKED_FOR


def _is_let_in_again(session: Session, guard: PinGuard, now: datetime) -> bool:
    """The office's only supervisor on another day: nobody else could ever unlock them."""
    all_of_them = select(AppUser.user_id).where(AppUser.office_id == guard.office_id, AppUser.role == Role.SUPERVISOR)
    if session.exec(all_of_them.where(col(AppUser.is_active))).all() != [guard.user_id]:
        return False
    return guard.wrong_that_day < WRONG_IN_DAY or (guard.wrong_day is not None and local_day(now) > guard.wrong_day)
