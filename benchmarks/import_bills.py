"""A file of debts through the real import, on an empty office and again; the floor: csv.reader and one bare table.

The floor decodes, parses and stores the same columns with one index on the bill's key; it checks nothing, knows no
customers, no search and no second time.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.debts import HEADING, write_debts
from benchmarks.figures import Table, met
from benchmarks.stage import create_database, desk_on, for_sqlalchemy, open_office, postgres
from counter.bills import bring_in, load_profile, stage
from counter.desk import Desk
from counter.ids import new_id
from counter.people import user_named
from db.engine import open_database
from db.migrate import bring_up_to_date

GOAL_RATE: Final = 25_000
GOAL_MEMORY: Final = 500


def seconds_of(desk: Desk, file: Path) -> tuple[float, float]:
    """(reading and checking, applying) in seconds."""
    by = desk.see(user_named, login="ngan").user_id
    begin = time.perf_counter()
    with stage(file, profile=load_profile()) as staged:
        read = time.perf_counter()
        desk.do(bring_in, import_id=new_id(), staged=staged, by=by)
        return read - begin, time.perf_counter() - read


def floor(file: Path, folder: Path) -> float:
    """Seconds of csv.reader and executemany into one table, with SQLite as safe as ours."""
    begin = time.perf_counter()
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        columns = ", ".join(HEADING)
        connection.execute(f"CREATE TABLE line ({columns}, PRIMARY KEY (MA_DVIQLY, ID_HDON))")
        connection.execute("BEGIN")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            next(rows)
            for batch in _batches(rows):
                connection.executemany(f"INSERT INTO line VALUES ({','.join('?' * len(HEADING))})", batch)
        connection.execute("COMMIT")
    return time.perf_counter() - begin


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(rows, 10_000)):
        yield batch


def measure(url: str, file: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """The first time and the second, when nothing changes."""
    database = open_database(url)
    bring_up_to_date(database)
    open_office(database, tills=1, customers=1)
    desk = desk_on(database)
    first, again = seconds_of(desk, file), seconds_of(desk, file)
    database.close()
    return first, again


def main(*, rows: int = 50_000) -> dict[str, Any]:
    """Every figure: seconds by database and time, the floor's, megabytes."""
    found: dict[str, Any] = {"rows": rows}
    with tempfile.TemporaryDirectory(prefix="bench-import-") as name:
        folder = Path(name)
        file = write_debts(folder / "debts.csv", rows)
        found["sqlite"] = measure(f"sqlite:///{folder / 'counter.db'}", file)
        found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        found["floor"] = floor(file, folder)
        few = max(1_000, rows // 5)
        with postgres() as uri:
            small = write_debts(folder / "few.csv", few)
            found["postgres_rows"] = few
            found["postgres"] = measure(for_sqlalchemy(create_database(uri, "bench_import")), small)
    return found


def table(found: dict[str, Any]) -> Table:
    rows = found["rows"]
    lines = []
    for name, count, figures in (
        ("SQLite", rows, found["sqlite"]),
        ("PostgreSQL", found["postgres_rows"], found["postgres"]),
    ):
        for what, (read, apply) in zip(("empty office", "the same file again"), figures, strict=True):
            rate = count / (read + apply)
            goal = f"≥ {GOAL_RATE:,}: {met(rate, at_least=GOAL_RATE)}" if (name, what) == ("SQLite", "empty office") else ""
            lines.append((f"{name}, {what}", f"{count:,}", f"{read:.1f} + {apply:.1f}", f"{rate:,.0f}", goal))
    bare = found["floor"]
    lines.append(("floor: csv.reader + executemany", f"{rows:,}", f"{bare:.1f}", f"{rows / bare:,.0f}", ""))
    memory = found["megabytes"]
    lines.append(("memory of SQLite's two", "", "", f"{memory} MB", f"≤ {GOAL_MEMORY}: {met(memory, at_most=GOAL_MEMORY)}"))
    return Table(("import", "lines", "read + apply, s", "lines a second", "goal"), tuple(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes the goals speak of; takes minutes")
    parser.add_argument("--rows", type=int, default=0, help="lines of the file")
    told = parser.parse_args()
    sys.stdout.write(table(main(rows=told.rows or (1_000_000 if told.full else 50_000))).markdown() + "\n")
