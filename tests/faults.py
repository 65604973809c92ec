"""An office after a long day, and faults planted in it by somebody who owns the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from day import Day
from debts import bring, debts, line
from sqlalchemy import Connection, text

from counter.audit import audit
from counter.desk import Desk
from db.migrate import as_owner

Fault = Callable[[Connection], object]


def long_day(desk: Desk) -> Desk:
    """A file of debts, then ninety acts of a cashier."""
    with TemporaryDirectory() as folder:
        bring(desk, debts(Path(folder), line(1001), line(1002)))
    day = Day(desk, seed=11, said=lambda _: None)
    for _ in range(90):
        day.act()
    return desk


def failed(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {check.name: check.broken for check in desk.see(audit) if not check.ok}


def plant(desk: Desk, *faults: Fault | str) -> None:
    """Do what the guards forbid, as somebody who owns the database can."""
    with desk.database.engine.connect().execution_options(counter_write=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF").close()  # type: ignore[union-attr]
        with connection.begin():
            as_owner(connection)
            _plant(connection, *faults)
        connection.invalidate()


def _plant(connection: Connection, *faults: Fault | str) -> None:
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
    for fault in faults:
        if callable(fault):
            fault(connection)
        else:
            connection.exec_driver_sql(fault)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = origin")


def one(connection: Connection, sql: str, **values: object) -> Any:
    return connection.execute(text(sql), values).mappings().first()
