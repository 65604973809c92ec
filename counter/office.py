"""The office itself: made once, with its tills, its chart of accounts and its first supervisor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal, ledger
from counter.clock import LOCAL, local_day
from counter.errors import BadInput, Refused, SameIdOtherFacts
from counter.locale import N_
from counter.money import Dong
from counter.people import add_user, require
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import Role
from db.tables import AppUser, Office, ReceiptSeries, Till

LIMIT_SET: Final = "office.difference_limit"
USUAL_LIMIT: Final = 20_000
"""Of an office in which nobody set another one (đồng)."""
HIGHEST_LIMIT: Final = Dong(1_000_000)
"""A supervisor may be asked for more often, never hardly at all."""
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")


class CodeUnreadable(Refused):
    """A code of other characters than receipts can carry."""

    why = N_("“{code}” cannot be a code.")
    todo = N_("Use 1 to 16 capital letters, digits or dashes, for example PA0501 or Q1.")


class OfficeExists(Refused):
    """The database already holds an office."""

    why = N_("This database already belongs to the office {code}.")
    todo = N_("Use another home, or go on with the office that is there.")


class NoSuchTill(Refused):
    """No till of that code."""

    why = N_("There is no till “{code}” in this office.")
    todo = N_("The tills are: {known}. A supervisor can add another one.")


class LimitUnreadable(BadInput):
    """A limit that limits nothing."""

    why = N_("The limit is from 0 to {highest}.")
    todo = N_("Choose what a cashier may be short or over without a supervisor's word, for example 20.000 ₫.")


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """The office as printed on paper."""

    code: str
    name: str
    address: str
    phone: str


def open_office(
    session: Session,
    now: datetime,
    *,
    name: str,
    address: str,
    phone: str,
    supervisor_id: UUID,
    supervisor_login: str,
    supervisor_name: str,
    pin_hash: str,
) -> OfficeFacts:
    """Make the office of this session with its first supervisor. Raises OfficeExists, CodeUnreadable.

    The same `supervisor_id` and facts again: the same office. Raises SameIdOtherFacts.
    """
    code = office_of(session)
    if not _CODE.fullmatch(code):
        raise CodeUnreadable(code=safe_text(code, limit=40))
    office = Office(
        office_id=code,
        name=safe_text(name, limit=200),
        address=safe_text(address, limit=300),
        phone=safe_text(phone, limit=40),
    )
    there = session.exec(select(Office)).first()
    if there is not None:
        first = session.get(AppUser, (code, supervisor_id)) if there.office_id == code else None
        if first is None:
            raise OfficeExists(code=there.office_id)
        if (_facts(there), first.login) != (_facts(office), supervisor_login.strip().lower()):
            raise SameIdOtherFacts
        return _facts(there)
    session.add(office)
    session.flush()
    ledger.open_books(session)
    _open_till(session, now, code=OFFICE_TILL)
    add_user(
        session,
        now,
        user_id=supervisor_id,
        login=supervisor_login,
        name=supervisor_name,
        role=Role.SUPERVISOR,
        pin_hash=pin_hash,
        by=None,
    )
    return _facts(office)


def add_till(session: Session, now: datetime, *, code: str, by: UUID) -> str:
    """Add a till with its own series and chain; a till that is there already stays as it is. Raises CodeUnreadable."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise CodeUnreadable(code=safe_text(code, limit=40))
    if session.get(Till, (office_of(session), code)) is None:
        _open_till(session, now, code=code)
        facts = {"till": code}
        journal.append(
            session,
            now,
            till_code=OFFICE_TILL,
            kind="till.add",
            business_day=local_day(now),
            actor_id=by,
            facts=facts,
        )
    return code


def set_difference_limit(session: Session, now: datetime, *, limit: Dong, by: UUID) -> Dong:
    """Above so much (đồng) a shortage or overage needs a supervisor's word, at every till.

    It holds from now on; the journal row of each count and each hand-over says which one was in force.
    Raises NotAllowed, LimitUnreadable.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    if not 0 <= limit <= HIGHEST_LIMIT:
        raise LimitUnreadable(highest=HIGHEST_LIMIT)
    office = session.get_one(Office, office_of(session), with_for_update=True, populate_existing=True)
    if office.difference_limit != limit:
        facts = {"limit": int(limit), "was": int(office.difference_limit)}
        office.difference_limit = limit
        session.add(office)
        session.flush()
        journal.append(
            session,
            now,
            till_code=OFFICE_TILL,
            kind=LIMIT_SET,
            business_day=local_day(now),
            actor_id=by,
            facts=facts,
        )
    return limit


def difference_limit(session: Session) -> Dong:
    """Above so much (đồng) a shortage or overage needs a supervisor's word."""
    return session.get_one(Office, office_of(session), populate_existing=True).difference_limit


def ensure_series(session: Session, *, till_code: str, year: int) -> None:
    """The till's receipt series of a calendar year, from 1."""
    key = (office_of(session), till_code, year)
    if session.get(ReceiptSeries, key) is None:
        session.add(ReceiptSeries(office_id=key[0], till_code=till_code, year=year, next_number=1))
        session.flush()


def the_office(session: Session) -> OfficeFacts:
    """The office of this session. Raises LookupError where the database holds another."""
    return _facts(session.get_one(Office, office_of(session)))


def office_codes(session: Session) -> list[str]:
    """The offices this database holds: none before `init`."""
    return list(session.exec(select(Office.office_id).order_by(col(Office.office_id))).all())


def tills(session: Session) -> list[str]:
    """The counters, by code, without the office's own desk."""
    rows = session.exec(
        select(Till.till_code)
        .where(Till.office_id == office_of(session), Till.till_code != OFFICE_TILL)
        .order_by(col(Till.till_code))
    )
    return list(rows.all())


def require_till(session: Session, *, code: str) -> str:
    """The till's code. Raises NoSuchTill."""
    if session.get(Till, (office_of(session), code)) is None:
        raise no_such_till(code, known=tills(session))
    return code


def no_such_till(code: str, *, known: Sequence[str]) -> NoSuchTill:
    """The refusal, with the tills there are."""
    return NoSuchTill(code=safe_text(code, limit=16), known=", ".join(known) or "–")


def _open_till(session: Session, now: datetime, *, code: str) -> None:
    session.add(Till(office_id=office_of(session), till_code=code))
    session.flush()
    journal.open_chain(session, till_code=code)
    ensure_series(session, till_code=code, year=now.astimezone(LOCAL).year)


def _facts(office: Office) -> OfficeFacts:
    return OfficeFacts(office.office_id, office.name, office.address, office.phone)
