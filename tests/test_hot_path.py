"""The hot path's shortcuts do what the long way does: values, transactions kept from one action to the next, errors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from kit import MONDAY, OFFICE, open_test_office
from sqlalchemy import Date, Uuid
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg
from sqlalchemy.dialects.sqlite import dialect as sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel, select

from counter import journal
from counter.errors import Refused
from counter.ids import new_id
from counter.money import Dong
from db.columns import DongColumn, Instant, instant_text
from db.engine import Database
from db.fast import LIGHT, binder, reader, run, run_one
from db.scope import OFFICE_TILL, office_of
from db.tables import ChainHead

SAMPLES: dict[type, list[Any]] = {
    DongColumn: [Dong(0), Dong(-1), Dong(10**15)],
    Instant: [MONDAY, datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)],
    Date: [date(2026, 2, 28), date(999, 1, 1)],
    Uuid: [new_id(), new_id()],
}
KINDS = {type(column.type): column.type for table in SQLModel.metadata.sorted_tables for column in table.columns}


@pytest.mark.parametrize("dialect", [sqlite(), psycopg()], ids=["sqlite", "postgresql"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_a_value_is_bound_and_read_as_its_columns_type_does(dialect: Dialect, kind: TypeEngine[Any]) -> None:
    their_bind, their_read = kind._cached_bind_processor(dialect), kind._cached_result_processor(dialect, None)
    our_bind, our_read = binder(kind, dialect), reader(kind, dialect)
    assert (our_bind is None, our_read is None) == (their_bind is None, their_read is None)
    if type(kind) not in LIGHT[dialect.name]:
        assert (our_bind, our_read) == (their_bind, their_read)
        return
    for value in SAMPLES[type(kind)]:
        bound = our_bind(value) if our_bind else value
        theirs = their_bind(value) if their_bind else value
        assert (bound, type(bound)) == (theirs, type(theirs))
        back = our_read(bound) if our_read else bound
        assert (back, type(back)) == (value, type(value))


def test_a_sum_of_dong_is_dong_on_both(database: Database) -> None:
    desk = open_test_office(database)
    shift, account = new_id(), "cash.drawer"
    row = desk.see(lambda session: run_one(session, "shift_balance", office_id=OFFICE, shift_id=shift, account=account))
    assert row is not None
    assert (row.balance, type(row.balance)) == (Dong(0), Dong)


def test_every_light_way_is_for_a_column_that_there_is() -> None:
    assert {kind for ways in LIGHT.values() for kind in ways} <= set(KINDS)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 1, 1))


# --- a writer is kept -------------------------------------------------------------------------------------------------


def head_of(session: Session) -> ChainHead:
    return session.exec(
        select(ChainHead).where(ChainHead.office_id == office_of(session), ChainHead.till_code == OFFICE_TILL)
    ).one()


def note(session: Session, now: datetime, *, kind: str = "user.note") -> journal.Link:
    return journal.append(
        session, now, till_code=OFFICE_TILL, kind=kind, business_day=date(2026, 11, 23), actor_id=None, facts={}
    )


class Never(Refused):
    """Always."""


def test_what_a_refused_action_did_is_gone_for_the_next(database: Database) -> None:
    desk = open_test_office(database)

    def refused(session: Session, now: datetime) -> None:
        note(session, now)
        raise Never

    before = desk.do(note).seq
    with pytest.raises(Never):
        desk.do(refused)
    assert desk.do(note).seq == before + 1


def test_objects_of_one_transaction_are_not_taken_for_the_next_ones(database: Database) -> None:
    desk = open_test_office(database)
    first = desk.do(lambda session, _now: head_of(session).seq)
    desk.do(note)
    assert desk.do(lambda session, _now: head_of(session).seq) == first + 1


def test_objects_and_prepared_statements_end_in_one_transaction(database: Database) -> None:
    desk = open_test_office(database)

    def both(session: Session, now: datetime) -> None:
        head_of(session).hash = "f" * 64
        session.flush()
        note(session, now)

    def neither(session: Session, now: datetime) -> None:
        both(session, now)
        raise Never

    with pytest.raises(Never):
        desk.do(neither)
    seq, digest = desk.see(lambda session: (head_of(session).seq, head_of(session).hash))
    assert digest != "f" * 64
    desk.do(both)
    assert desk.see(lambda session: head_of(session).seq) == seq + 1


def test_what_an_action_said_about_itself_is_not_said_of_the_next(database: Database) -> None:
    with database.write() as session:
        session.info["spoken"] = True
    with database.write() as session:
        assert session.info == {}


def test_a_connection_that_an_action_took_out_of_the_pool_serves_no_other(database: Database) -> None:
    with database.write() as session:
        session.connection().detach()
    for _turn in range(2):
        with database.write() as session:
            assert not session.connection().connection.is_detached
            session.exec(select(ChainHead)).all()


@pytest.mark.parametrize("database", ["postgres"], indirect=True)  # SQLite has one writer at a time
def test_two_writers_at_once_are_two_connections(database: Database) -> None:
    with database.write() as first, database.write() as second:
        assert first is not second
        assert first.bind is not second.bind


def test_an_error_of_the_driver_is_told_as_sqlalchemys_and_the_next_action_goes_on(database: Database) -> None:
    desk = open_test_office(database)

    def a_settlement_of_nothing(session: Session, _now: datetime) -> int:
        nothing = {"bill_id": None, "payment_id": new_id(), "amount": Dong(1), "reversed_by": None}
        return run(session, "settlement_insert", office_id=office_of(session), **nothing)

    with pytest.raises(DBAPIError, match=r"(?i)not.null"):
        desk.do(a_settlement_of_nothing)
    assert desk.do(note).seq > 0
