"""A whole PostgreSQL database in one file, and back, through the driver alone.

The file is a ZIP: `tables/NAME.copy` as COPY writes it, `manifest.json` last, with the schema's revision and each table's
columns, rows and SHA-256. Everything is read in one snapshot while others work. It is loaded into an empty database in one
transaction that also makes the schema: afterwards all of it is there, or nothing.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect
from sqlmodel import Session, SQLModel

import db.tables  # noqa: F401 - they register themselves
from db.engine import Database, DatabaseProblem, opening
from db.migrate import HEAD, as_owner, sync_folder, upgrade_on
from db.places import workroom

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1 << 20
LARGEST_MANIFEST: Final = 10 << 20
_READABLE: Final = ("SET LOCAL DateStyle = 'ISO, YMD'", "SET LOCAL TimeZone = 'UTC'", "SET LOCAL client_encoding = 'UTF8'")
_TABLES: Final = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname"""


@dataclass(frozen=True, slots=True)
class DumpedTable:
    """One table in the file: its columns in order, how many rows, and the digest of what COPY wrote."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file holds. `about` is the trade's own: what it wants to know of a dump without loading it."""

    schema: str
    tables: tuple[DumpedTable, ...]
    about: Mapping[str, Any]


def write_dump(database: Database, target: Path, *, about: Callable[[Session], Mapping[str, Any]]) -> Manifest:
    """Write the database to `target`, whole or not at all; `about` is asked in the same snapshot.

    Raises DatabaseProblem, OSError.
    """
    with workroom(target.parent, prefix=".copy-") as folder:
        half = folder / "half.dump"
        with opening(database.url), database.read() as session:
            manifest = _write(session, half, about=about)
        half.replace(target)
    sync_folder(target.parent)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """What the file says of itself; every table in it was read and compared with its digest. Raises DatabaseProblem."""
    with _opened(source) as archive:
        manifest = _manifest(archive)
        for table in manifest.tables:
            seen = sha256()
            for piece in _pieces(archive, table):
                seen.update(piece)
            if seen.hexdigest() != table.sha256:
                raise DatabaseProblem("not_a_dump", f"{table.name}: other bytes than were written")
        return manifest


def load_dump(database: Database, source: Path, manifest: Manifest, *, prove: Callable[[Session], None]) -> None:
    """Load a dump whose manifest was read into an empty database; `prove` sees the loaded rows before they are kept.

    What `prove` raises undoes everything. Raises DatabaseProblem: `not_empty`, `newer`, `not_a_dump`.
    """
    if manifest.schema > HEAD:
        raise DatabaseProblem("newer", f"dump at {manifest.schema}, program at {HEAD}")
    connection = database.engine.connect().execution_options(counter_write=True)
    try:
        with opening(database.url), connection, connection.begin():
            as_owner(connection)
            _make_schema(connection, manifest)
            _load(connection, source, manifest)
            upgrade_on(connection, "head")
            with Session(bind=connection, expire_on_commit=False, autoflush=False) as session:
                prove(session)
    finally:
        database.close()  # connections opened before the role existed must not stay
    with database.engine.connect() as fresh, fresh.begin():
        as_owner(fresh)
        fresh.exec_driver_sql("ANALYZE")


# --- inside -----------------------------------------------------------------------------------------------------------


def _write(session: Session, half: Path, *, about: Callable[[Session], Mapping[str, Any]]) -> Manifest:
    connection = session.connection()
    for setting in _READABLE:
        connection.exec_driver_sql(setting)
    schema = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    told = about(session)
    ours = _ours()
    found = [(name, columns) for name, columns in connection.exec_driver_sql(_TABLES).all() if name in ours]
    with half.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            tables = tuple(_write_table(connection, archive, name, tuple(columns)) for name, columns in found)
            manifest = Manifest(str(schema), tables, told)
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _write_table(connection: Connection, archive: zipfile.ZipFile, name: str, columns: tuple[str, ...]) -> DumpedTable:
    seen, words = sha256(), f"COPY {_quoted(name)} ({_list(columns)}) TO STDOUT"
    with _told_by(connection), _driver(connection).cursor() as cursor:
        with archive.open(_member(name), "w", force_zip64=True) as out, cursor.copy(words) as copy:
            for piece in copy:
                seen.update(piece)
                out.write(piece)
        return DumpedTable(name, columns, cursor.rowcount, seen.hexdigest())


def _make_schema(connection: Connection, manifest: Manifest) -> None:
    """The tables as they were when the dump was made; tables that are there already must be those, and empty."""
    there = inspect(connection)
    if not there.has_table("alembic_version"):
        if there.get_table_names():
            raise DatabaseProblem("not_empty", ", ".join(there.get_table_names()[:3]))
        upgrade_on(connection, manifest.schema)
        return
    offices = connection.exec_driver_sql("SELECT office_id FROM office").scalars().all()
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if offices or version != manifest.schema:
        raise DatabaseProblem("not_empty", ", ".join(offices) or f"schema {version}")


def _load(connection: Connection, source: Path, manifest: Manifest) -> None:
    for setting in _READABLE:
        connection.exec_driver_sql(setting)
    ours, tables = _ours(), {table.name: table for table in manifest.tables}
    order = [name for name, _keys in inspect(connection).get_sorted_table_and_fkc_names() if name in ours]
    if set(tables) != set(order):
        raise DatabaseProblem("not_a_dump", f"other tables: {', '.join(sorted(set(tables) ^ set(order)))}")
    with _opened(source) as archive:
        for name in order:
            _load_table(connection, archive, tables[name])


def _ours() -> set[str]:
    """The program's tables, and the two of the search; whatever else an administrator keeps there is not ours to copy."""
    return {*SQLModel.metadata.tables, "customer_find", "customer_number"}


def _load_table(connection: Connection, archive: zipfile.ZipFile, table: DumpedTable) -> None:
    seen, words = sha256(), f"COPY {_quoted(table.name)} ({_list(table.columns)}) FROM STDIN"
    with _told_by(connection), _driver(connection).cursor() as cursor:
        with cursor.copy(words) as copy:
            for piece in _pieces(archive, table):
                seen.update(piece)
                copy.write(piece)
        if (cursor.rowcount, seen.hexdigest()) != (table.rows, table.sha256):  # the file changed since it was looked at
            raise DatabaseProblem("not_a_dump", f"{table.name}: other rows than were written")


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever is wrong with its bytes comes out as a DatabaseProblem."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise DatabaseProblem("not_a_dump", str(error)) from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError("too large")
        said = json.loads(archive.read(MANIFEST))
        tables = tuple(DumpedTable(t["name"], tuple(t["columns"]), int(t["rows"]), t["sha256"]) for t in said["tables"])
        manifest = Manifest(str(said["schema"]), tables, dict(said["about"]))
    except (KeyError, ValueError, TypeError) as error:
        raise DatabaseProblem("not_a_dump", f"{MANIFEST}: {error}") from error
    if said.get("format") != FORMAT:
        raise DatabaseProblem("newer", f"format {said.get('format')}")
    missing = [table.name for table in tables if _member(table.name) not in archive.namelist()]
    if missing:
        raise DatabaseProblem("not_a_dump", f"missing: {', '.join(missing)}")
    return manifest


def _pieces(archive: zipfile.ZipFile, table: DumpedTable) -> Iterator[bytes]:
    with archive.open(_member(table.name)) as member:
        while piece := member.read(CHUNK):
            yield piece


def _member(name: str) -> str:
    return f"tables/{name}.copy"


def _list(columns: tuple[str, ...]) -> str:
    return ", ".join(_quoted(column) for column in columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _told_by(connection: Connection) -> Iterator[None]:
    """What the driver raises while it copies, as a DatabaseProblem: SQLAlchemy does not see it."""
    driver: Any = connection.dialect.dbapi
    try:
        yield
    except driver.Error as error:
        away = isinstance(error, driver.OperationalError)
        raise DatabaseProblem("away" if away else "not_a_dump", str(error).splitlines()[0]) from error


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


__all__ = ["DumpedTable", "Manifest", "load_dump", "read_manifest", "write_dump"]
