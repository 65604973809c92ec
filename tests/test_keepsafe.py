"""Backup while the tills work, and restore: whole or not at all, proven, never older than what was seen."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import sqlalchemy_url
from day import Day
from kit import KEEPER, OFFICE, PIN, Staff, open_shift, open_test_office, put_bill
from sqlalchemy import inspect

from counter import keepsafe, payments
from counter.audit import audit
from counter.config import Settings
from counter.desk import DatabaseNewer, DatabaseNotAvailable, Desk
from counter.home import Home, known_heads, remember_heads
from counter.ids import new_id
from counter.keepsafe import BackupIsOlder, DatabaseNotEmpty, NotABackup, ProgramRuns
from counter.money import Dong
from counter.outside import FileInTheWay
from counter.people import NotAllowed, WrongPin
from db.dump import read_manifest
from db.engine import Database, DatabaseProblem, open_database
from db.migrate import HEAD, as_owner, schema_version, upgrade
from db.places import OneOwner

only_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def home(tmp_path: Path, database: Database) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder, Settings(), database.url)


@pytest.fixture
def empty(home: Home, postgres_url: str) -> Iterator[Home]:
    """The same home with an empty database on the server."""
    name = f"empty_{os.getpid()}_{new_id().hex[-12:]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield replace(home, url=sqlalchemy_url(postgres_url, name))
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def busy(desk: Desk) -> Desk:
    day = Day(desk, seed=19, said=lambda _: None)
    for _ in range(40):
        day.act()
    return desk


def again(desk: Desk, home: Home) -> Desk:
    """The office as it is in this home's database."""
    return replace(desk, database=open_database(home.url))


def restored(home: Home, file: Path, by: tuple[str, str] | None = None) -> keepsafe.Backup:
    return keepsafe.restore(home, source=file, pins=KEEPER, accept_older_by=by)


def rows(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, as the database tells them."""
    with database.engine.connect() as connection:
        as_owner(connection)
        names = inspect(connection).get_table_names()
        return {name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"').all())) for name in names}


def tables(home: Home) -> list[str]:
    database = open_database(home.url)
    with database.engine.connect() as connection:
        found = inspect(connection).get_table_names()
    database.close()
    return found


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


# --- both kinds -------------------------------------------------------------------------------------------------------


def test_a_backup_names_its_digest_and_the_heads_in_it(busy: Desk, home: Home, tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "copies" / "quay"
    file.parent.mkdir()
    made = keepsafe.backup(home, busy, target=file)
    assert made.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert made.size == file.stat().st_size
    assert made.heads == keepsafe.heads_of(busy) == known_heads(home)
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(busy: Desk, home: Home, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileInTheWay):
        keepsafe.backup(home, busy, target=tmp_path / "folder")
    assert sorted(one.name for one in tmp_path.iterdir() if "part" in one.name) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"SQLite format 3\x00 nothing", os.urandom(5_000)])
def test_a_file_that_is_no_backup_is_refused(busy: Desk, home: Home, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    for there in (False, True):
        if there:
            file.write_bytes(content)
        with pytest.raises(NotABackup):
            restored(home, file)
    all_hold(busy)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@only_postgres
def test_everything_that_was_in_the_database_is_in_the_restored_one(
    busy: Desk, home: Home, empty: Home, tmp_path: Path
) -> None:
    with psycopg.connect(home.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE of_others (a int)")  # not ours to copy
        connection.execute("GRANT SELECT ON of_others TO counter_app")
    made = keepsafe.backup(home, busy, target=tmp_path / "dump")
    assert restored(empty, tmp_path / "dump").heads == made.heads
    with psycopg.connect(home.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP TABLE of_others")
    there = again(busy, empty)
    assert rows(there.database) == rows(busy.database)
    all_hold(there)
    with there.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() == "counter_app"
    day = Day(there, seed=20, said=lambda _: None)  # and the day goes on
    for _ in range(15):
        day.act()
    all_hold(there)
    there.database.close()


@only_postgres
def test_a_dump_made_while_tills_work_is_one_instant(
    desk: Desk, staff: Staff, home: Home, empty: Home, tmp_path: Path
) -> None:
    shift, stop, before = open_shift(desk, staff.cashier), threading.Event(), []

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            bill = desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=1_000)
            facts = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": staff.cashier.user_id}
            before.append(desk.do(payments.take_cash, bill_ids=[bill], tendered=Dong(1_000), **facts))

    till = threading.Thread(target=work)
    till.start()
    while len(before) < 10:
        assert till.is_alive()
    acknowledged = list(before)
    made = keepsafe.backup(home, desk, target=tmp_path / "dump")
    stop.set()
    till.join()
    assert restored(replace(empty, path=tmp_path), tmp_path / "dump").heads == made.heads
    there = again(desk, empty)
    assert [there.see(payments.receipt, payment_id=one.payment_id) for one in acknowledged] == acknowledged
    all_hold(there)
    there.database.close()


@only_postgres
def test_a_dump_with_a_changed_byte_is_refused_and_nothing_is_made(
    busy: Desk, home: Home, empty: Home, tmp_path: Path
) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    whole, right, refused = (tmp_path / "dump").read_bytes(), read_manifest(tmp_path / "dump"), []
    for place in range(0, len(whole), max(len(whole) // 150, 1)):
        (tmp_path / "bad").write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        try:
            assert read_manifest(tmp_path / "bad") == right  # a bit of the ZIP that says nothing, such as a file's date
        except DatabaseProblem:
            refused.append(place)
    assert len(refused) > 100
    for place in refused[:: len(refused) // 5]:
        (tmp_path / "bad").write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        with pytest.raises((NotABackup, DatabaseNewer)):
            restored(empty, tmp_path / "bad")
    (tmp_path / "bad").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotABackup):
        restored(empty, tmp_path / "bad")
    assert tables(empty) == []


def rewritten(source: Path, target: Path, **changes: Any) -> Path:
    """The dump with another manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            new.writestr(name, content)
    return target


@only_postgres
def test_a_dump_of_a_newer_program_is_refused(busy: Desk, home: Home, empty: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    for changes in ({"schema": "9999"}, {"format": 2}):
        with pytest.raises(DatabaseNewer):
            restored(empty, rewritten(tmp_path / "dump", tmp_path / "newer", **changes))
    assert tables(empty) == []


@only_postgres
def test_a_manifest_that_lies_about_rows_or_tables_is_refused(busy: Desk, home: Home, empty: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    with zipfile.ZipFile(tmp_path / "dump") as archive:
        said = json.loads(archive.read("manifest.json"))["tables"]
    lies = (
        [{**said[0], "rows": said[0]["rows"] + 1}, *said[1:]],
        [{**said[0], "name": "elsewhere"}, *said[1:]],
        [{**said[0], "columns": ['a"; DROP TABLE office; --']}, *said[1:]],
        [one for one in said if one["name"] != "journal"],
        [one for one in said if one["name"] != "customer_number"],
    )
    for lie in lies:
        with pytest.raises(NotABackup):
            restored(empty, rewritten(tmp_path / "dump", tmp_path / "lie", tables=lie))
        assert tables(empty) == []


@only_postgres
def test_a_database_that_holds_something_is_never_loaded_over(
    busy: Desk, home: Home, empty: Home, postgres_url: str, tmp_path: Path
) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    with pytest.raises(DatabaseNotEmpty):
        restored(home, tmp_path / "dump")
    with psycopg.connect(empty.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE of_others (a int)")
    with pytest.raises(DatabaseNotEmpty):
        restored(empty, tmp_path / "dump")
    assert tables(empty) == ["of_others"]


@only_postgres
def test_an_empty_office_of_this_version_may_be_filled(busy: Desk, home: Home, empty: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    waiting = open_database(empty.url)
    upgrade(waiting)
    waiting.close()
    restored(empty, tmp_path / "dump")
    there = again(busy, empty)
    assert rows(there.database) == rows(busy.database)
    there.database.close()


@only_postgres
def test_a_dump_of_an_older_program_is_brought_up_to_date(
    home: Home, empty: Home, tmp_path: Path, postgres_url: str
) -> None:
    name = f"older_{os.getpid()}_{new_id().hex[-12:]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    old = open_database(sqlalchemy_url(postgres_url, name))
    upgrade(old, "0010")
    desk = open_test_office(old)
    keepsafe.backup(home, desk, target=tmp_path / "dump")
    restored(empty, tmp_path / "dump")
    there = again(desk, empty)
    assert schema_version(there.database) == HEAD
    all_hold(there)
    there.database.close()
    old.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@only_postgres
def test_books_that_do_not_add_up_are_not_restored(busy: Desk, home: Home, empty: Home, tmp_path: Path) -> None:
    with busy.database.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
        as_owner(connection)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE posting SET amount = amount + 1")
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    with pytest.raises(NotABackup, match="ledger_balances"):
        restored(empty, tmp_path / "dump")
    assert tables(empty) == []


@only_postgres
def test_a_server_that_is_away_is_said_in_words(busy: Desk, home: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "dump")
    with pytest.raises(DatabaseNotAvailable):
        restored(replace(home, url="postgresql+psycopg://nobody@127.0.0.1:1/none"), tmp_path / "dump")


@only_postgres
def test_an_older_dump_needs_a_supervisor_of_its_own_books(
    busy: Desk, staff: Staff, home: Home, empty: Home, tmp_path: Path
) -> None:
    made = keepsafe.backup(home, busy, target=tmp_path / "dump")
    busy.do(put_bill, code="PA05LG0000099", number=99, amount=1_000)
    till, (seq, _digest) = next(iter(made.heads.items()))
    remember_heads(home, {**made.heads, till: (seq + 1, "0" * 64)})
    with pytest.raises(BackupIsOlder):
        restored(empty, tmp_path / "dump")
    for by, refusal in ((("lan", PIN), NotAllowed), (("ngan", "000000"), WrongPin), (("nobody", PIN), WrongPin)):
        with pytest.raises(refusal):
            restored(empty, tmp_path / "dump", by)
    assert tables(empty) == []
    assert restored(empty, tmp_path / "dump", ("ngan", PIN)).heads == made.heads
    assert known_heads(home) == made.heads
    there = again(busy, empty)
    assert keepsafe.heads_of(there) == made.heads  # the PIN that was tried left nothing in them
    there.database.close()


# --- SQLite -----------------------------------------------------------------------------------------------------------


@only_sqlite
def test_what_was_there_stays_beside_the_restored_file(busy: Desk, home: Home, tmp_path: Path) -> None:
    made = keepsafe.backup(home, busy, target=tmp_path / "copy")
    shift = Day(busy, seed=21, said=lambda _: None)
    for _ in range(10):
        shift.act()
    later = keepsafe.heads_of(busy)
    busy.database.close()
    with pytest.raises(BackupIsOlder):
        restored(home, tmp_path / "copy")
    restored(home, tmp_path / "copy", ("ngan", PIN))
    there = again(busy, home)
    assert keepsafe.heads_of(there) == made.heads
    all_hold(there)
    there.database.close()
    (aside,) = tmp_path.glob("counter.replaced-*.db")
    signed_in = {"OFFICE": 1}  # the supervisor's PIN was proven in the books that were there
    with closing(sqlite3.connect(aside)) as old:
        found = dict(old.execute("SELECT till_code, seq FROM chain_head"))
    assert found == {till: seq + signed_in.get(till, 0) for till, (seq, _) in later.items()}
    assert [one.name for one in home.path.iterdir() if "trial" in one.name] == []


@only_sqlite
def test_a_running_program_keeps_its_database(busy: Desk, home: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "copy")
    lock = OneOwner(home.path / "counter.lock")
    assert lock.take()
    with pytest.raises(ProgramRuns):
        restored(home, tmp_path / "copy")
    lock.let_go()


@only_sqlite
def test_a_copy_of_an_older_program_can_be_restored(home: Home, tmp_path: Path) -> None:
    old = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(old, "0010")
    desk = open_test_office(old)
    heads = keepsafe.heads_of(desk)
    old.close()
    fresh = replace(home, url=f"sqlite:///{tmp_path / 'fresh.db'}")
    assert restored(fresh, tmp_path / "old.db").heads == heads


@only_sqlite
def test_a_copy_whose_books_do_not_add_up_is_not_restored(busy: Desk, home: Home, tmp_path: Path) -> None:
    keepsafe.backup(home, busy, target=tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as raw, raw:
        raw.execute("DROP TRIGGER guard_posting_update")
        raw.execute("UPDATE posting SET amount = amount + 1 WHERE leg = 1")
    with pytest.raises(NotABackup, match="ledger_balances"):
        restored(home, tmp_path / "copy")
    all_hold(busy)
    assert busy.office_id == OFFICE


@only_postgres
def test_backup_and_restore_by_command(home: Home, empty: Home, postgres_url: str, tmp_path: Path) -> None:
    from test_cli import Program

    name = f"cli_{os.getpid()}_{new_id().hex[-12:]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    program, at = Program(home.path), ("--db", sqlalchemy_url(postgres_url, name))
    boss, file = {"COUNTER_PIN": "864209"}, str(tmp_path / "dump")
    program.run(*at, "init", "--office", "PA0601", "--name", "Điện lực Thử", "--supervisor", "sep", env=boss)
    made = program.run(*at, "backup", file)
    program.run(*at, "till", "add", "Q1", "--as", "sep", env=boss)
    program.run(*at, "check")  # this home has seen more than the backup holds
    into = ("--db", empty.url)
    assert program.run(*into, "restore", file, code=1)["refused"] == "BackupIsOlder"
    there = program.run(*into, "restore", file, "--accept-older", "--as", "sep", env=boss)
    assert (there["sha256"], there["heads"]) == (made["sha256"], made["heads"])
    assert program.run(*into, "check")["ok"]
    assert program.run(*into, "restore", file, code=1)["refused"] == "DatabaseNotEmpty"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
