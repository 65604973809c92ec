"""The staged file beside the office's tables: attached on SQLite, copied into temporary tables on PostgreSQL.

Either way it is gone when the transaction ends, and nothing of it is written to the office's own database.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, String, Table, Text, text
from sqlmodel import Session

from counter.bills.staging import Staged

_METADATA: Final = MetaData()
STAGED_BILL: Final = Table(
    "staged_bill",
    _METADATA,
    Column("line", Integer, primary_key=True),
    Column("bill_id", String(32)),
    Column("unit", String(8)),
    Column("number", BigInteger),
    Column("customer_code", String(20)),
    Column("kind", String(24)),
    Column("year", Integer),
    Column("month", Integer),
    Column("ky", Integer),
    Column("net", BigInteger),
    Column("vat", BigInteger),
    Column("vat_percent", String(8)),
    Column("amount", BigInteger),
    Column("kwh", Integer),
    Column("meter_number", String(40)),
    Column("book_code", String(50)),
    Column("issued_day", Date),
    Column("due_day", Date),
    Column("state", String(24)),
)
STAGED_CUSTOMER: Final = Table(
    "staged_customer",
    _METADATA,
    Column("place", Integer),
    Column("customer_code", String(20), primary_key=True),
    Column("payer_code", String(20)),
    Column("name", String(200)),
    Column("address", String(300)),
    Column("phone", String(40)),
    Column("meter_number", String(40)),
    Column("book_code", String(50)),
    Column("position", Integer),
    Column("words", Text),
    Column("code_back", String(20)),
    Column("phone_digits", String(20)),
    Column("phone_back", String(20)),
    Column("meter_key", String(40)),
    Column("name_back", String(47)),
)


def lay_beside(session: Session, staged: Staged) -> None:
    """Make STAGED_BILL and STAGED_CUSTOMER readable in this session until its transaction ends."""
    if session.get_bind().dialect.name == "sqlite":
        _attach(session, staged)
    else:
        _copy(session, staged)


def _raw(session: Session) -> Any:
    return session.connection().connection.dbapi_connection


def _attach(session: Session, staged: Staged) -> None:
    raw: sqlite3.Connection = _raw(session)
    session.connection().detach()  # from the pool: closed after this transaction, and the attachment with it
    raw.execute("ATTACH DATABASE ? AS staged", (str(staged.path),)).close()
    # sorting beside the writing; and no file mapped: it would count as ours while a million rows pass by
    for pragma in ("staged.cache_size=-32768", "main.mmap_size=0", "staged.mmap_size=0", "threads=2"):
        raw.execute(f"PRAGMA {pragma}").close()


def _copy(session: Session, staged: Staged) -> None:
    place = staged.open()
    if session.connection().get_execution_options().get("postgresql_readonly"):
        session.execute(text("SET TRANSACTION READ WRITE"))  # a view's own temporary tables; it rolls back
    try:
        for table in (STAGED_CUSTOMER, STAGED_BILL):
            names = ", ".join(column.name for column in table.columns)
            kinds = ", ".join(f"{column.name} {column.type.compile(_dialect(session))}" for column in table.columns)
            session.execute(text(f"CREATE TEMP TABLE {table.name} ({kinds}) ON COMMIT DROP"))
            with _raw(session).cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in place.execute(f"SELECT {names} FROM {table.name}"):  # noqa: S608 - our own names
                    copy.write_row(row)
        session.execute(text("CREATE UNIQUE INDEX ON staged_customer (customer_code)"))
        session.execute(text("CREATE UNIQUE INDEX ON staged_bill (bill_id)"))
        session.execute(text("ANALYZE staged_bill"))
        session.execute(text("ANALYZE staged_customer"))
    finally:
        place.close()


def _dialect(session: Session) -> Any:
    return session.get_bind().dialect


__all__ = ["STAGED_BILL", "STAGED_CUSTOMER", "lay_beside"]
