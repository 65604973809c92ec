"""The hot path's statements: SQLAlchemy Core built from the tables, compiled once for each dialect, run through the driver.

Compiling and the result layers of SQLAlchemy cost more than SQLite's own work on a one-row statement (docs/benchmarks.md),
so these few go to the driver as text and bound values, on the session's own connection and in its transaction. Values are
bound and read exactly as the columns' types do it; the driver's errors come out as SQLAlchemy's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Date, Uuid, bindparam, func, insert, literal_column, select, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from counter.money import Dong
from db.columns import DongColumn, Instant, instant_text
from db.engine import told_as_sqlalchemy
from db.tables import (
    AdvanceMove,
    AppUser,
    BankArrival,
    BankLine,
    Bill,
    ChainHead,
    Customer,
    JournalRow,
    Payment,
    PaymentLine,
    Posting,
    PrintJob,
    ReceiptSeries,
    Settlement,
    Shift,
)


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def _insert(model: type[SQLModel]) -> ClauseElement:
    table = _table(model)
    return insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in table.columns})


class Suffixed:
    """A statement with words at its end that both dialects know and SQLAlchemy has no common form for."""

    def __init__(self, statement: ClauseElement, suffix: str) -> None:
        self.statement = statement
        self.suffix = suffix


def _key(model: type[SQLModel], *names: str) -> list[Any]:
    table = _table(model)
    return [table.c[name] == bindparam("k_" + name, type_=table.c[name].type) for name in names]


def _writes() -> dict[str, ClauseElement | Suffixed]:
    chain, series = _table(ChainHead), _table(ReceiptSeries)
    return {
        "chain_lock": update(chain)
        .values(seq=chain.c.seq + literal_column("1"))
        .where(*_key(ChainHead, "office_id", "till_code"))
        .returning(chain.c.seq, chain.c.hash),
        "chain_advance": update(chain)
        .values(hash=bindparam("hash", type_=chain.c.hash.type))
        .where(*_key(ChainHead, "office_id", "till_code")),
        "chain_jump": update(chain)
        .values(seq=bindparam("seq", type_=chain.c.seq.type), hash=bindparam("hash", type_=chain.c.hash.type))
        .where(*_key(ChainHead, "office_id", "till_code")),
        "series_take": update(series)
        .values(next_number=series.c.next_number + literal_column("1"))
        .where(*_key(ReceiptSeries, "office_id", "till_code", "year"))
        .returning(series.c.next_number),
        "journal_insert": _insert(JournalRow),
        "posting_insert": _insert(Posting),
        "payment_insert": _insert(Payment),
        "payment_line_insert": _insert(PaymentLine),
        "advance_insert": _insert(AdvanceMove),
        "arrival_insert": Suffixed(_insert(BankArrival), " ON CONFLICT DO NOTHING"),
        "bank_line_insert": _insert(BankLine),
        "print_job_insert": _insert(PrintJob),
        # The unique index on the live settlement decides a race: 0 rows means another payment was first.
        "settlement_insert": Suffixed(_insert(Settlement), " ON CONFLICT DO NOTHING"),
    }


def _reads() -> dict[str, ClauseElement | Suffixed]:
    shift, payment, user, posting = _table(Shift), _table(Payment), _table(AppUser), _table(Posting)
    arrival = _table(BankArrival)
    return {
        # Locked: a count that begins meanwhile, and the same payment pressed twice, stand in line (PostgreSQL); SQLite's
        # writers stand in line anyhow.
        "shift_get": select(
            *(shift.c[name] for name in ("shift_id", "till_code", "cashier_id", "business_day", "state")),
            user.c.name.label("cashier"),
            user.c.is_active,
        )
        .select_from(shift.join(user, (user.c.office_id == shift.c.office_id) & (user.c.user_id == shift.c.cashier_id)))
        .where(*_key(Shift, "office_id", "shift_id"))
        .with_for_update(key_share=True, of=shift),
        "arrival_get": select(arrival.c.sha256).where(*_key(BankArrival, "office_id", "provider", "external_id")),
        "user_name": select(user.c.name).where(*_key(AppUser, "office_id", "user_id")),
        "shift_balance": select(func.coalesce(func.sum(posting.c.amount), literal_column("0")).label("balance")).where(
            *_key(Posting, "office_id", "shift_id", "account")
        ),
        "payment_get": select(payment.c.kind, payment.c.shift_id, payment.c.tendered, payment.c.actor_id).where(
            *_key(Payment, "office_id", "payment_id")
        ),
    }


def _bill_reads() -> dict[str, ClauseElement | Suffixed]:
    bill, settled, customer = _table(Bill), _table(Settlement), _table(Customer)
    return {
        "bill_get": select(
            *(bill.c[name] for name in ("bill_id", "number", "customer_code", "kind", "year", "month", "ky")),
            *(bill.c[name] for name in ("vat", "amount", "state")),
            customer.c.name,
            customer.c.address,
            settled.c.payment_id.label("settled_by"),
        )
        .select_from(
            bill.join(
                customer,
                (customer.c.office_id == bill.c.office_id) & (customer.c.customer_code == bill.c.customer_code),
            ).outerjoin(
                settled,
                (settled.c.office_id == bill.c.office_id)
                & (settled.c.bill_id == bill.c.bill_id)
                & settled.c.reversed_by.is_(None),
            )
        )
        .where(*_key(Bill, "office_id", "bill_id"))
        # PostgreSQL: an import that is changing this very bill ends first. SQLite has one writer and says nothing here.
        .with_for_update(read=True, of=bill),
        "older_unpaid": select(bill.c.bill_id, bill.c.customer_code, bill.c.year, bill.c.month, bill.c.ky)
        .select_from(
            bill.outerjoin(
                settled,
                (settled.c.office_id == bill.c.office_id)
                & (settled.c.bill_id == bill.c.bill_id)
                & settled.c.reversed_by.is_(None),
            )
        )
        .where(
            *_key(Bill, "office_id", "customer_code"), bill.c.state == literal_column("'DUE'"), settled.c.bill_id.is_(None)
        )
        .order_by(bill.c.year, bill.c.month, bill.c.ky, bill.c.bill_id),
    }


Way = Callable[[Any], Any]
LIGHT: Final[Mapping[str, Mapping[type, tuple[Way, Way]]]] = {
    "sqlite": {
        DongColumn: (int, Dong),
        Instant: (instant_text, datetime.fromisoformat),
        Date: (date.isoformat, date.fromisoformat),
        Uuid: (attrgetter("hex"), UUID),
    },
    "postgresql": {DongColumn: (int, lambda value: Dong(int(value)))},  # a sum of it comes as a Decimal
}
"""How a value of these columns is bound and read: the same as the column's type does, without the layers around it."""


def binder(kind: TypeEngine[Any], dialect: Dialect) -> Way | None:
    """What makes the driver's value of one that is not None; None where it is the same."""
    theirs = kind._cached_bind_processor(dialect)
    return theirs and LIGHT[dialect.name].get(type(kind), (theirs, None))[0]


def reader(kind: TypeEngine[Any], dialect: Dialect) -> Way | None:
    """What makes our value of a driver's that is not None; None where it is the same."""
    theirs = kind._cached_result_processor(dialect, None)
    return theirs and LIGHT[dialect.name].get(type(kind), (None, theirs))[1]


class _Prepared:
    """One statement for one dialect: its text, the order of its values and how each is bound and read."""

    def __init__(self, source: ClauseElement | Suffixed, dialect: Dialect) -> None:
        statement, suffix = (source.statement, source.suffix) if isinstance(source, Suffixed) else (source, "")
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        keys = list(compiled.positiontup or _NAMED.findall(str(compiled)))
        self.text = _NAMED.sub("%s", str(compiled)) + suffix
        self._pick: Final[Callable[[Mapping[str, Any]], Sequence[Any]]] = _picker([key.removeprefix("k_") for key in keys])
        binders = [binder(compiled.binds[key].type, dialect) for key in keys]
        self._binders: Final = tuple((place, bind) for place, bind in enumerate(binders) if bind is not None)
        readers = [(column.keyname, reader(column.type, dialect)) for column in compiled._result_columns]
        self._columns: Final = tuple(name for name, _ in readers)
        self._readers: Final = tuple((name, read) for name, read in readers if read is not None)

    def read(self, row: Sequence[Any]) -> SimpleNamespace:
        """A driver's row with each value as its column's type reads it."""
        found = dict(zip(self._columns, row))  # noqa: B905 - the driver gives as many as the statement names
        for name, read in self._readers:
            if (value := found[name]) is not None:
                found[name] = read(value)
        return SimpleNamespace(**found)

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """What the driver takes: the values in the statement's order, each as its column's type binds it."""
        bound = list(self._pick(given))
        for place, bind in self._binders:
            if (value := bound[place]) is not None:
                bound[place] = bind(value)
        return bound


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """What takes the values of these names out of a mapping, in order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


_NAMED: Final = re.compile(r"%\((\w+)\)s")
"""A value in the text that psycopg is given; by place it is bound with less work than by name."""
_cache: dict[str, dict[str, _Prepared]] = {}
_source: dict[str, ClauseElement | Suffixed] = {}
_DOOR: Final = "fast_door"


class _Door:
    """The driver's own cursor on a session's connection, and what is prepared for its dialect."""

    __slots__ = ("connection", "cursor", "errors", "prepared")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.cursor: Any = connection.connection.cursor()
        self.errors: type[Exception] = connection.dialect.loaded_dbapi.Error
        self.prepared = _cache.setdefault(connection.dialect.name, {})

    def prepare(self, name: str) -> _Prepared:
        if not _source:
            from db.fast_queue import queue_statements

            _source.update({**_writes(), **_reads(), **_bill_reads(), **queue_statements()})
        one = self.prepared[name] = _Prepared(_source[name], self.connection.dialect)
        return one


def _door(session: Session) -> _Door:
    """The door of this session, kept with it: a writer's session serves many transactions on one connection."""
    door: _Door | None = vars(session).get(_DOOR)
    if door is None:
        bound = session.bind  # a Database's session: its connection has begun already
        door = vars(session)[_DOOR] = _Door(bound if isinstance(bound, Connection) else session.connection())
    return door


def _execute(session: Session, name: str, values: Mapping[str, Any]) -> tuple[_Prepared, Any]:
    door = _door(session)
    one = door.prepared.get(name) or door.prepare(name)
    bound = one.values(values)
    try:
        door.cursor.execute(one.text, bound)
    except door.errors as error:
        raise told_as_sqlalchemy(door.connection, error, one.text) from error
    return one, door.cursor


def is_postgres(session: Session) -> bool:
    """Whether statements that only PostgreSQL has may run here."""
    return _door(session).connection.dialect.name == "postgresql"


def run(session: Session, name: str, **values: Any) -> int:
    """Run one prepared statement in the session's transaction; the number of rows it touched."""
    return int(_execute(session, name, values)[1].rowcount)


def run_all(session: Session, name: str, **values: Any) -> list[SimpleNamespace]:
    """The rows of one prepared statement, by column name."""
    one, cursor = _execute(session, name, values)
    return [one.read(row) for row in cursor.fetchall()]


def run_one(session: Session, name: str, **values: Any) -> SimpleNamespace | None:
    """The one row of a prepared statement, or None."""
    one, cursor = _execute(session, name, values)
    rows = cursor.fetchall()
    return one.read(rows[0]) if rows else None


def run_many(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one prepared statement for each row."""
    if len(rows) == 1:
        _execute(session, name, rows[0])
    elif rows:
        door = _door(session)
        one = door.prepared.get(name) or door.prepare(name)
        bound = [one.values(row) for row in rows]
        try:
            door.cursor.executemany(one.text, bound)
        except door.errors as error:
            raise told_as_sqlalchemy(door.connection, error, one.text) from error


__all__ = ["is_postgres", "run", "run_all", "run_many", "run_one"]
