"""The memory: proven settings, one owner, guards below the program, and a schema that moves whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from day import Day
from kit import KEEPER, open_test_office
from sqlalchemy import CheckConstraint, event, inspect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel

import db.migrate
from counter.audit import audit
from counter.desk import DatabaseNewer, Desk, OnNetworkShare, open_desk, refusal_of
from db.engine import APP_ROLE, Database, DatabaseProblem, open_database, problem_of, prove_durable
from db.migrate import HEAD, bring_up_to_date, copy_sqlite, schema_version, upgrade
from db.places import NETWORK_KINDS, OneOwner, has_no_room, mount_kind

APPEND_ONLY = (
    "journal",
    "posting",
    "payment",
    "payment_line",
    "advance_move",
    "cash_count",
    "cash_move",
)
NEVER_DELETED = ("settlement", "bill", "customer", "shift", "approval", "chain_head", "receipt_series", "print_job")
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
postgres_only = pytest.mark.parametrize("database", ["postgres"], indirect=True)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def worked(desk: Desk) -> Desk:
    day = Day(desk, seed=19, said=lambda _: None)
    for _ in range(110):
        day.act()
    return desk


@sqlite_only
@pytest.mark.parametrize(
    ("pragma", "value"), [("synchronous", "NORMAL"), ("foreign_keys", "OFF"), ("journal_mode", "DELETE")]
)
def test_a_database_whose_commits_are_not_kept_is_refused(database: Database, pragma: str, value: str) -> None:
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA {pragma}={value}").close()
        with pytest.raises(DatabaseProblem) as refused:
            prove_durable(connection)
        connection.invalidate()
    assert refused.value.code == "not_durable" and pragma in refused.value.detail


@sqlite_only
def test_each_connection_is_durable(database: Database) -> None:
    with database.engine.connect() as first, database.engine.connect() as second:
        for connection in (first, second):
            prove_durable(connection)


@postgres_only
def test_a_server_that_does_not_wait_for_its_disk_is_refused(database: Database) -> None:
    url = database.engine.url.update_query_dict({"options": "-c synchronous_commit=off"})
    with pytest.raises(DatabaseProblem) as refused:
        open_database(url.render_as_string(hide_password=False))
    assert refused.value.code == "not_durable"


def test_a_server_that_is_away_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseProblem) as refused:
        open_database("postgresql+psycopg://counter:geheim@127.0.0.1:1/counter?connect_timeout=1")
    assert refused.value.code == "away" and "geheim" not in refused.value.detail


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:a.db",
        "sqlite:///a.db?mode=memory&uri=true",
        "sqlite:///a%00b.db",
        "sqlite+aiosqlite:///a.db",
        "mysql://x/y",
        "postgresql://u@h/x",
        "postgresql+psycopg2://u@h/x",
        "postgresql+psycopg://u:geheim@h:port/x",
    ],
)
def test_only_files_and_postgresql_are_databases(url: str) -> None:
    with pytest.raises(DatabaseProblem) as refused:
        open_database(url)
    assert refused.value.code == "address" and "geheim" not in str(refused.value)


MOUNTS = [("/", "ext4"), ("/srv", "ext4"), ("/srv/office", "cifs"), ("/srv/office/local", "xfs"), ("/home", "nfs4")]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/office", "cifs"),
        ("/srv/office/till/1", "cifs"),
        ("/srv/office/local/1", "xfs"),
        ("/srv/officer", "ext4"),
        ("/home/lan", "nfs4"),
        ("/var", "ext4"),
    ],
)
def test_the_kind_of_a_folder_is_that_of_its_longest_mount_point(folder: str, kind: str) -> None:
    assert mount_kind(Path(folder), MOUNTS) == kind


def test_network_file_systems_are_known() -> None:
    assert {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "fuse.sshfs",
        "9p",
        "ceph",
        "fuse.glusterfs",
        "vboxsf",
        "fuse.rclone",
    } <= NETWORK_KINDS
    assert not {"ext4", "xfs", "btrfs", "apfs", "ntfs", "tmpfs", "overlay"} & NETWORK_KINDS


def test_a_network_share_is_refused_in_words() -> None:
    assert isinstance(refusal_of(DatabaseProblem("network_share", "/srv/office/counter.db")), OnNetworkShare)


def test_an_error_of_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    error = OperationalError("INSERT", None, sqlite3.OperationalError("disk I/O error"))
    said = {place: problem_of(error, url=url_of(Path(place) / "counter.db")) for place in ("/proc", str(tmp_path))}
    codes = {place: found.code for place, found in said.items() if found}
    full = "disk_full" if has_no_room(Path("/proc/version")) else "disk_broken"  # no byte is free in /proc
    assert codes == {"/proc": full, str(tmp_path): "disk_broken"}
    assert has_no_room(Path("/proc/version")) is Path("/proc/version").exists()


def test_an_older_database_is_backed_up_then_migrated(tmp_path: Path) -> None:
    path = tmp_path / "counter.db"
    old = open_database(url_of(path))
    upgrade(old, "0001")
    with old.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO office VALUES ('PA0501', 'Điện lực', '', '')")
    old.close()
    desk = open_desk(url=url_of(path), home=tmp_path, office_id="PA0501", pins=KEEPER)
    assert schema_version(desk.database) == HEAD
    desk.database.close()
    (backup,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert kept.execute("SELECT name FROM office").fetchone() == ("Điện lực",)
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_of_this_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    def backup(_old: str) -> Path:
        raise AssertionError("nothing to back up")

    assert bring_up_to_date(database, backup_as=backup) is None


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "counter.db"
    newer = open_database(url_of(path))
    bring_up_to_date(newer)
    with newer.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(DatabaseNewer):
        open_desk(url=url_of(path), home=tmp_path, office_id="PA0501", pins=KEEPER)
    assert not (tmp_path / "backups").exists()


@sqlite_only
def test_a_copy_of_a_database_at_work_is_whole(worked: Desk, tmp_path: Path) -> None:
    copy_sqlite(worked.database.url, tmp_path / "copy.db")
    copied = open_database(url_of(tmp_path / "copy.db"))
    there = Desk(copied, worked.office_id, worked.clock, worked.pins, worked.paper)
    assert [check.name for check in there.see(audit) if not check.ok] == []
    copied.close()


NOT_MODELLED = frozenset({"alembic_version", "customer_find", "customer_number"})


def test_the_migrations_make_exactly_the_tables_of_the_program(database: Database) -> None:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
        return kind != "table" or not str(name).startswith(tuple(NOT_MODELLED))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_rule_of_the_tables_is_in_the_database(database: Database) -> None:
    """Alembic compares no CHECK constraints."""
    found = inspect(database.engine)
    for name, table in SQLModel.metadata.tables.items():
        there = {check["name"] for check in found.get_check_constraints(name)}
        wanted = {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        assert there == wanted, name


def refused(desk: Desk, sql: str, *, owner: bool = False) -> str:
    """Why the database says no."""
    with pytest.raises(DBAPIError) as error, desk.database.engine.connect() as connection, connection.begin():
        if owner:
            db.migrate.as_owner(connection)
        connection.exec_driver_sql(sql)
    return str(error.value.orig)


@sqlite_only
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_sqlite_lets_nobody_edit_what_was_appended(worked: Desk, table: str) -> None:
    for sql in (f"UPDATE {table} SET office_id = office_id", f"DELETE FROM {table}"):
        assert "append-only" in refused(worked, sql)


@sqlite_only
@pytest.mark.parametrize("table", NEVER_DELETED)
def test_sqlite_lets_nobody_delete_what_happened(worked: Desk, table: str) -> None:
    with worked.database.engine.connect() as connection:
        if not connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar():
            raise AssertionError(f"the day left nothing in {table}")
    assert "never deleted" in refused(worked, f"DELETE FROM {table}")


@pytest.mark.parametrize("edit", ["amount = amount + 1", "reversed_by = NULL", "bill_id = 'x'"])
def test_a_settlement_ends_once_and_is_nothing_but_that(worked: Desk, edit: str) -> None:
    said = refused(worked, f"UPDATE settlement SET {edit} WHERE reversed_by IS NOT NULL")
    assert "a settlement ends once" in said or "permission denied" in said


@postgres_only
def test_the_program_works_as_a_role_that_owns_nothing(worked: Desk) -> None:
    with worked.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() == APP_ROLE
        owned = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        assert connection.exec_driver_sql(owned).scalar() == 0


@postgres_only
def test_the_programs_role_may_not_edit_delete_or_empty_what_was_appended(worked: Desk) -> None:
    for table in APPEND_ONLY:
        for sql in (f"UPDATE {table} SET office_id = office_id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            assert "permission denied" in refused(worked, sql), sql
            assert "append-only" in refused(worked, sql, owner=True), sql
    for table in NEVER_DELETED:
        assert "permission denied" in refused(worked, f"DELETE FROM {table}")
    for sql in (
        "UPDATE bill SET bill_id = 'x'",
        "UPDATE settlement SET amount = 0",
        "UPDATE app_user SET login = 'x'",
        "UPDATE approval SET requested_by = decided_by",
        "UPDATE shift SET business_day = '2026-01-01'",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TABLE journal",
        "SET session_replication_role = replica",
    ):
        said = refused(worked, sql)
        assert "permission denied" in said or "must be owner" in said, sql


def run_python(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


TAKE = "import sys; from pathlib import Path; from db.places import OneOwner; print(OneOwner(Path(sys.argv[1])).take())"


def test_a_till_has_one_running_program(tmp_path: Path) -> None:
    owner = OneOwner(tmp_path / "till.lock")
    assert owner.take()
    assert run_python(TAKE, tmp_path / "till.lock").stdout.strip() == "False"
    owner.let_go()
    assert run_python(TAKE, tmp_path / "till.lock").stdout.strip() == "True"
    assert owner.take()  # the other process is gone: the lock went with it
    owner.let_go()


DIE_AT = """
import os, sys
from sqlalchemy import event
from db.engine import open_database
from db.migrate import bring_up_to_date
database, left = open_database(sys.argv[1]), int(sys.argv[2])
def before(*_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
event.listen(database.engine, "before_cursor_execute", before)
bring_up_to_date(database)
"""


def statements_of_a_migration(tmp_path: Path) -> int:
    database = open_database(url_of(tmp_path / "count.db"))
    seen: list[int] = []
    counted: Callable[..., None] = lambda *_: seen.append(1)  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", counted)
    bring_up_to_date(database)
    database.close()
    return len(seen)


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.torture)])
def test_a_migration_that_dies_leaves_the_old_schema_or_the_new(
    tmp_path: Path, step: int, campaign: Callable[[str], None]
) -> None:
    last = statements_of_a_migration(tmp_path)
    for deaths in range(3, last, step):
        path = tmp_path / f"{deaths}.db"
        assert run_python(DIE_AT, url_of(path), deaths).returncode == 9
        after = open_database(url_of(path))
        assert schema_version(after) in (None, HEAD)
        bring_up_to_date(after)
        assert schema_version(after) == HEAD
        after.close()
    campaign(
        f"a migration killed at {len(range(3, last, step))} of its {last} statements: each time the old schema or the new"
    )


def test_an_office_can_be_opened_after_a_migration_that_died(tmp_path: Path) -> None:
    path = tmp_path / "counter.db"
    run_python(DIE_AT, url_of(path), 40)
    database = open_database(url_of(path))
    bring_up_to_date(database)
    desk = open_test_office(database)
    assert [check.name for check in desk.see(audit) if not check.ok] == []
    database.close()
