"""The hot path's statements: SQLAlchemy Core built from the tables, compiled once for each dialect, run through the driver.

Compiling and the result layers of SQLAlchemy cost more than SQLite's own work on a one-row statement (docs/benchmarks.md),
so these few go to the driver as text and bound values. Values are bound exactly as the columns' types bind them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import bindparam, insert, literal_column, select, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session, SQLModel

from db.tables import (
    AdvanceMove,
    Bill,
    ChainHead,
    JournalRow,
    Payment,
    PaymentLine,
    Posting,
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


def _statements() -> dict[str, ClauseElement | Suffixed]:
    chain, series, bill = _table(ChainHead), _table(ReceiptSeries), _table(Bill)
    settled, shift, payment = _table(Settlement), _table(Shift), _table(Payment)
    return {
        "chain_lock": update(chain)
        .values(seq=chain.c.seq + literal_column("1"))
        .where(*_key(ChainHead, "office_id", "till_code"))
        .returning(chain.c.seq, chain.c.hash),
        "chain_advance": update(chain)
        .values(hash=bindparam("hash", type_=chain.c.hash.type))
        .where(*_key(ChainHead, "office_id", "till_code")),
        "series_take": update(series)
        .values(next_number=series.c.next_number + literal_column("1"))
        .where(*_key(ReceiptSeries, "office_id", "till_code", "year"))
        .returning(series.c.next_number),
        "shift_get": select(shift).where(*_key(Shift, "office_id", "shift_id")),
        "payment_get": select(payment).where(*_key(Payment, "office_id", "payment_id")),
        "bill_get": select(bill, settled.c.payment_id.label("settled_by"))
        .select_from(
            bill.outerjoin(
                settled,
                (settled.c.office_id == bill.c.office_id)
                & (settled.c.bill_id == bill.c.bill_id)
                & settled.c.reversed_by.is_(None),
            )
        )
        .where(*_key(Bill, "office_id", "bill_id")),
        "journal_insert": _insert(JournalRow),
        "posting_insert": _insert(Posting),
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
        "payment_insert": _insert(Payment),
        "payment_line_insert": _insert(PaymentLine),
        # The unique index on the live settlement decides a race: 0 rows means another payment was first.
        "settlement_insert": Suffixed(_insert(Settlement), " ON CONFLICT DO NOTHING"),
        "advance_insert": _insert(AdvanceMove),
    }


class _Prepared:
    """One statement for one dialect: its text, the order of its values and how each is bound and read."""

    def __init__(self, source: ClauseElement | Suffixed, dialect: Dialect) -> None:
        statement, suffix = (source.statement, source.suffix) if isinstance(source, Suffixed) else (source, "")
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled) + suffix
        self.names: Final = tuple(compiled.positiontup or ())
        self.named: Final = not self.names
        binds: Mapping[str, Any] = compiled._bind_processors
        keys = self.names or tuple(compiled.binds)
        self._binders: tuple[tuple[str, str, Callable[[Any], Any] | None], ...] = tuple(
            (key, key.removeprefix("k_"), binds.get(key)) for key in keys
        )
        self._readers: tuple[tuple[str, Callable[[Any], Any] | None], ...] = tuple(
            (column.keyname, column.type._cached_result_processor(dialect, None)) for column in compiled._result_columns
        )

    def read(self, row: Sequence[Any]) -> SimpleNamespace:
        """A driver's row with each value as its column's type reads it."""
        pairs = zip(self._readers, row, strict=True)
        return SimpleNamespace(**{name: value if read is None else read(value) for (name, read), value in pairs})

    def values(self, given: Mapping[str, Any]) -> Any:
        if self.named:
            return {key: given[name] if bind is None else bind(given[name]) for key, name, bind in self._binders}
        return tuple(given[name] if bind is None else bind(given[name]) for _, name, bind in self._binders)


_cache: dict[tuple[str, str], _Prepared] = {}
_source: dict[str, ClauseElement | Suffixed] = {}


def _prepared(session: Session, name: str) -> _Prepared:
    dialect = session.connection().dialect
    found = _cache.get((dialect.name, name))
    if found is None:
        if not _source:
            _source.update(_statements())
        found = _cache[dialect.name, name] = _Prepared(_source[name], dialect)
    return found


def run(session: Session, name: str, **values: Any) -> int:
    """Run one prepared statement in the session's transaction; the number of rows it touched."""
    one = _prepared(session, name)
    return session.connection().exec_driver_sql(one.text, one.values(values)).rowcount


def run_all(session: Session, name: str, **values: Any) -> list[SimpleNamespace]:
    """The rows of one prepared statement, by column name."""
    one = _prepared(session, name)
    rows = session.connection().exec_driver_sql(one.text, one.values(values)).fetchall()
    return [one.read(row) for row in rows]


def run_one(session: Session, name: str, **values: Any) -> SimpleNamespace | None:
    """The one row of a prepared statement, or None."""
    rows = run_all(session, name, **values)
    return rows[0] if rows else None


def run_many(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one prepared statement for each row."""
    one = _prepared(session, name)
    connection = session.connection()
    if len(rows) == 1:
        connection.exec_driver_sql(one.text, one.values(rows[0]))
    elif rows:
        connection.exec_driver_sql(one.text, [one.values(row) for row in rows])


__all__ = ["run", "run_all", "run_many", "run_one"]
