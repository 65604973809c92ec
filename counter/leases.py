"""One program at a till, on whatever computer: a row that its program signs again and again while it lives.

The signs are dated by the database's own clock, because computers disagree about the time. A row that nobody signed for a
minute is free; a supervisor may take it at once. It guards the seat, not the money: every payment is safe without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from counter import journal
from counter.clock import local_day, local_text
from counter.errors import Refused
from counter.locale import N_
from counter.people import name_of, require
from counter.text import safe_text
from db.clock import database_now
from db.scope import OFFICE_TILL, office_of
from db.states import Role
from db.tables import Till, TillLease

SIGNS_EVERY: Final = timedelta(seconds=10)
FREE_AFTER: Final = timedelta(seconds=60)


class TillHeld(Refused):
    """Another computer has this till open."""

    why = N_("Till {till} is open at {place}: {name}, since {since}.")
    todo = N_("Go on there, or sign out there. If that computer is dead: wait a minute, or let a supervisor take it over.")


@dataclass(frozen=True, slots=True)
class Program:
    """A running program: an id of its own, the name of its computer, and what tells its home from every other one."""

    holder_id: UUID
    place: str
    machine: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a till open: the computer (empty: nobody), the person's name, since when (UTC), and whether it still signs."""

    till_code: str
    place: str
    name: str
    since: datetime | None
    is_alive: bool


def take_till(session: Session, now: datetime, *, till_code: str, program: Program, user_id: UUID) -> None:
    """This program has the till from now on, for this person. Raises TillHeld.

    A program before it in the same home is dead: whoever asks holds that home's lock.
    """
    row, at = _row(session, till_code), database_now(session)
    if row.machine != program.machine and _is_alive(row, at):
        raise _held(session, row)
    _give(session, row, at, program=program, user_id=user_id)


def take_over(session: Session, now: datetime, *, till_code: str, program: Program, user_id: UUID, by: UUID) -> None:
    """As `take_till`, whoever has it: a supervisor says so, and the other program ends. Raises NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _row(session, till_code)
    facts = {"till": till_code, "from": row.place, "to": program.place, "for": user_id}
    _note(session, now, kind="till.take_over", by=by, facts=facts)
    _give(session, row, database_now(session), program=program, user_id=user_id)


def release(session: Session, now: datetime, *, till_code: str, by: UUID) -> None:
    """Nobody has the till any more: a supervisor says so, and the program that had it ends. Raises NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _row(session, till_code)
    if row.holder_id is not None:
        _note(session, now, kind="till.release", by=by, facts={"till": till_code, "from": row.place})
        row.holder_id = None
        session.add(row)


def sign(session: Session, now: datetime, *, till_code: str, holder_id: UUID) -> bool:
    """A sign of life; False where the till is no longer this program's."""
    return _mine(session, till_code, holder_id, seen_at=database_now(session))


def let_go(session: Session, now: datetime, *, till_code: str, holder_id: UUID) -> None:
    """The program ends: nobody has the till. Nothing happens where it was somebody else's already."""
    _mine(session, till_code, holder_id, holder_id=None)


def holders(session: Session) -> list[Holder]:
    """Every till of the office with who has it open, by code."""
    rows = session.exec(
        select(Till.till_code, TillLease)
        .outerjoin(TillLease, (col(TillLease.office_id) == Till.office_id) & (col(TillLease.till_code) == Till.till_code))
        .where(Till.office_id == office_of(session), Till.till_code != OFFICE_TILL)
        .order_by(col(Till.till_code))
    ).all()
    at = database_now(session)
    return [_holder(session, till_code, row, at) for till_code, row in rows]


# --- inside -----------------------------------------------------------------------------------------------------------


def _row(session: Session, till_code: str) -> TillLease:
    """The till's row, locked; a new one where it never had a program."""
    key = (office_of(session), till_code)
    row = session.get(TillLease, key, with_for_update=True, populate_existing=True)
    return row or TillLease(office_id=key[0], till_code=till_code)


def _is_alive(row: TillLease, at: datetime) -> bool:
    return row.holder_id is not None and row.seen_at is not None and at - row.seen_at < FREE_AFTER


def _give(session: Session, row: TillLease, at: datetime, *, program: Program, user_id: UUID) -> None:
    row.holder_id, row.place, row.machine = program.holder_id, safe_text(program.place, limit=120), program.machine
    row.user_id, row.taken_at, row.seen_at = user_id, at, at
    session.add(row)
    session.flush()


def _mine(session: Session, till_code: str, owner: UUID, **values: object) -> bool:
    mine = (
        col(TillLease.office_id) == office_of(session),
        col(TillLease.till_code) == till_code,
        col(TillLease.holder_id) == owner,
    )
    return bool(session.execute(update(TillLease).where(*mine).values(**values)).rowcount)  # type: ignore[attr-defined]


def _held(session: Session, row: TillLease) -> TillHeld:
    assert row.user_id is not None and row.taken_at is not None
    name, since = name_of(session, user_id=row.user_id), local_text(row.taken_at)
    return TillHeld(till=row.till_code, place=row.place, name=name, since=since)


def _holder(session: Session, till_code: str, row: TillLease | None, at: datetime) -> Holder:
    if row is None or row.holder_id is None or row.user_id is None:
        return Holder(till_code, "", "", None, is_alive=False)
    return Holder(till_code, row.place, name_of(session, user_id=row.user_id), row.taken_at, is_alive=_is_alive(row, at))


def _note(session: Session, now: datetime, *, kind: str, by: UUID, facts: dict[str, object]) -> None:
    journal.append(session, now, till_code=OFFICE_TILL, kind=kind, business_day=local_day(now), actor_id=by, facts=facts)
