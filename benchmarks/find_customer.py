"""Finding a customer while typing, key by key with warm caches, against LIKE '%…%' over the same rows of the same file.

Each text is typed from its first letter to its last and every key asks for a page of 20 with what is owed; the peer asks
for the customers' columns alone, on the text as the row spells it. Times are of the clock; `cpu` is this thread's own.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from benchmarks.debts import write_debts
from benchmarks.figures import MS, Table, median, met, percentile
from benchmarks.import_bills import seconds_of
from benchmarks.stage import desk_on, open_office
from counter.bills import find_customers
from db.engine import open_database
from db.migrate import bring_up_to_date

GOAL: Final = 10.0
GOAL_AT: Final = 1_000_000
ONE_FILE: Final = 1_000_000
"""Lines of one file of debts."""
PEER_NAMES: Final = 4
Times = list[tuple[float, float]]
"""(clock, processor) seconds."""


def typed(file: Path, *, people: int, seed: int = 5) -> dict[str, list[str]]:
    """What somebody types to find each of `people` customers, by kind."""
    chance = random.Random(seed)
    texts: dict[str, list[str]] = {}
    with closing(sqlite3.connect(file)) as connection:
        (last,) = connection.execute("SELECT max(search_no) FROM customer").fetchone()
        for _ in range(people):
            row = "SELECT customer_code, name, address, phone, meter_number FROM customer WHERE search_no = ?"
            found = connection.execute(row, (chance.randint(1, last),)).fetchone()
            if found is None:
                continue
            code, name, address, phone, meter = found
            words, parts = name.split(), address.split(", ")
            texts.setdefault("code", []).append(code)
            texts.setdefault("end of the code", []).append(code[-6:])
            texts.setdefault("phone and its end", []).extend((phone, phone[-6:]))
            texts.setdefault("meter", []).append(meter)
            texts.setdefault("name", []).append(name)
            texts.setdefault("name and place", []).extend((f"{name} {parts[0]}", f"{words[-1]} {parts[0]} {parts[1]}"))
            texts.setdefault("address", []).append(" ".join(parts[:3]))
            texts.setdefault("odd order", []).append(f"{words[0]} {parts[1]} {parts[0]}")
    return texts


def keys(texts: list[str]) -> Iterator[str]:
    """Every text from its first letter to its last."""
    for text in texts:
        for end in range(1, len(text) + 1):
            yield text[:end]


def timed(ask: Callable[[str], object], asked: Iterator[str]) -> Times:
    times = []
    for text in asked:
        clock, processor = time.perf_counter(), time.thread_time()
        ask(text)
        times.append((time.perf_counter() - clock, time.thread_time() - processor))
    return times


def main(*, rows: int = 50_000, people: int = 60) -> dict[str, Any]:
    """Times by kind of text, ours and the peer's."""
    with tempfile.TemporaryDirectory(prefix="bench-find-") as name:
        folder = Path(name)
        file = folder / "counter.db"
        database = open_database(f"sqlite:///{file}")
        bring_up_to_date(database)
        open_office(database, tills=1, customers=1)
        desk = desk_on(database)
        for begin in range(0, rows, ONE_FILE):
            seconds_of(desk, write_debts(folder / "debts.csv", min(ONE_FILE, rows - begin), begin=begin))
        texts = typed(file, people=people)
        ask = lambda text: desk.see(find_customers, text=text)  # noqa: E731
        timed(ask, keys([some[0] for some in texts.values()]))  # warm
        ours = {kind: timed(ask, keys(some)) for kind, some in texts.items()}
        with closing(sqlite3.connect(file)) as connection:
            like = "SELECT customer_code, name, address FROM customer WHERE name LIKE ? OR customer_code LIKE ? LIMIT 21"
            peer = timed(
                lambda text: connection.execute(like, (f"%{text}%", f"%{text}%")).fetchall(),
                keys(texts["name"][:PEER_NAMES]),
            )
        database.close()
    return {"rows": rows, "ours": ours, "peer": peer}


def table(found: list[dict[str, Any]]) -> Table:
    lines = []
    for one in found:
        size = f"{one['rows']:,}"
        every = [times for kind in one["ours"].values() for times in kind]
        goal = f"p99 ≤ {GOAL:.0f} ms: {met(percentile([t for t, _ in every], 0.99) * MS, at_most=GOAL)}"
        lines.append(_line(f"all of these, {size} customers", every, goal if one["rows"] == GOAL_AT else ""))
        lines += [_line(f"· {kind}", times, "") for kind, times in one["ours"].items()]
        lines.append(_line(f"peer: LIKE '%…%', a name, {size} customers", one["peer"], ""))
    return Table(("typed key by key", "keys", "median, ms", "p99, ms", "p99 cpu, ms", "goal"), tuple(lines))


def _line(name: str, times: Times, goal: str) -> tuple[str, ...]:
    clock, processor = [c for c, _ in times], [p for _, p in times]
    middle, late = f"{median(clock) * MS:.2f}", f"{percentile(clock, 0.99) * MS:.2f}"
    return (name, f"{len(times):,}", middle, late, f"{percentile(processor, 0.99) * MS:.2f}", goal)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million and five million customers; takes many minutes")
    parser.add_argument("--rows", type=int, default=0, help="customers")
    told = parser.parse_args()
    sizes = [told.rows] if told.rows else [1_000_000, 5_000_000] if told.full else [50_000]
    sys.stdout.write(table([main(rows=size) for size in sizes]).markdown() + "\n")
