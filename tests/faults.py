"""An office after a long day, and faults planted in it by somebody who owns the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from day import Day
from debts import bring, debts
from debts import line as debt
from line import Line, put_customers
from sqlalchemy import Connection, text

from counter import queue
from counter.audit import audit
from counter.clock import local_day
from counter.desk import Desk
from counter.ids import new_id
from db.migrate import as_owner

Fault = Callable[[Connection], object]


def long_day(desk: Desk) -> Desk:
    """A file of debts, a cashier's day, the queue's day, a limit for the room and a checklist."""
    with TemporaryDirectory() as folder:
        bring(desk, debts(Path(folder), debt(1001), debt(1002)))
    day = Day(desk, seed=19, said=lambda _: None)
    for _ in range(110):
        day.act()
    desk.do(put_customers)
    line = Line(desk, seed=11)
    for _ in range(90):
        line.act()
    today = local_day(desk.clock.now())
    for cap in (20, 21):
        desk.do(queue.set_room_cap, move_id=new_id(), day=today, cap=cap, by=line.boss)
    items = desk.see(queue.checklist, till_code="Q1", day=today).items
    desk.do(queue.sign_checklist, till_code="Q1", answers={item.code: True for item in items}, by=line.boss)
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
