"""Taking cash for a bill through the desk, against the same SQL statements with the same values through the bare driver.

Three copies of one office. On the first, each payment is taken once over a driver's cursor that writes down every
statement and its bound values. On the second it is taken through `Desk.do`; on the third the written statements are replayed
by sqlite3 or psycopg and nothing else. Both are timed in turns, payment by payment, so that the machine's moods hit both.
A till of PostgreSQL is a process of its own; throughput is counted in rounds that alternate between desk and driver.
SQLite has one till only: from two tills up the office runs on PostgreSQL.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final, Self

import psycopg
from sqlalchemy import event

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.stage import (
    Payment,
    TillAtWork,
    copy_file,
    create_database,
    desk_on,
    for_sqlalchemy,
    open_new,
    open_office,
    payments_for,
    postgres,
)
from counter import loading, payments
from counter.desk import Desk
from db.engine import _postgres_connected, _sqlite_connected, open_database

WARM_UP: Final = 12
"""psycopg prepares a statement on the server after five uses; the page cache warms as well."""
GOAL_TIME: Final = 1.5
GOAL_RATE: Final = 0.70
Statements = list[tuple[str, Any, bool]]
"""What one payment sent: text, values, and whether the values are several rows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds a payment took, through the desk and through the bare driver, in the order taken."""

    ours: list[float]
    bare: list[float]


def take(desk: Desk, till: TillAtWork, one: Payment) -> None:
    desk.do(
        payments.take_cash,
        payment_id=one.payment_id,
        bill_ids=[one.bill_id],
        tendered=one.tendered,
        shift_id=till.shift_id,
        by=till.cashier_id,
    )


_seen: Statements = []


class _SqliteCursor(sqlite3.Cursor):
    """Writes down what it is given."""

    def execute(self, text: str, values: Any = ()) -> Self:
        _seen.append((text, values, False))
        return super().execute(text, values)

    def executemany(self, text: str, values: Any) -> Self:
        _seen.append((text, values, True))
        return super().executemany(text, values)


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)


class _PostgresCursor(psycopg.Cursor[Any]):
    """Writes down what it is given."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        _seen.append((str(query), params, False))
        return super().execute(query, params, **more)

    def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
        _seen.append((str(query), params_seq, True))
        super().executemany(query, params_seq, **more)


def _connect_writing_down(_dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> Any:
    if "check_same_thread" in named:
        return sqlite3.connect(*arguments, factory=_SqliteConnection, **named)
    return psycopg.connect(*arguments, cursor_factory=_PostgresCursor, **named)


def record(url: str, till: TillAtWork, jobs: Sequence[Payment]) -> list[Statements]:
    """Take each payment once; what each sent to the driver, without the transaction's own words and the pool's ping."""
    database = open_database(url)
    database.close()
    event.listen(database.engine, "do_connect", _connect_writing_down)
    desk, taken = desk_on(database, till.code), []
    for one in jobs:
        _seen.clear()
        take(desk, till, one)
        taken.append([line for line in _seen if line[0].split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK", ";") and line[1]])
    database.close()
    return taken


def replay_sqlite(connection: sqlite3.Connection, statements: Statements) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for text, values, many in statements:
        if many:
            connection.executemany(text, values)
        else:
            connection.execute(text, values).fetchall()
    connection.execute("COMMIT")


def replay_postgres(connection: psycopg.Connection[Any], statements: Statements) -> None:
    with connection.cursor() as cursor:
        for text, values, many in statements:
            if many:
                cursor.executemany(text, values)
            else:
                cursor.execute(text, values)
                if cursor.description:
                    cursor.fetchall()
    connection.commit()


def in_turns(
    desk: Desk, till: TillAtWork, jobs: Sequence[Payment], replay: Callable[[Statements], None], sent: list[Statements]
) -> Sample:
    """One payment through the desk, the same through the driver, and so on."""
    ours, bare = [], []
    for one, statements in zip(jobs, sent, strict=True):
        start = time.perf_counter()
        take(desk, till, one)
        between = time.perf_counter()
        replay(statements)
        ours.append(between - start)
        bare.append(time.perf_counter() - between)
    return Sample(ours[WARM_UP:], bare[WARM_UP:])


def on_sqlite(*, count: int) -> tuple[Sample, int]:
    """One till on SQLite; and how many statements a payment sends."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        jobs = payments_for(first=1, count=count + WARM_UP)
        database = open_new(f"sqlite:///{folder / 'a.db'}")
        (till,) = open_office(database, tills=1, customers=len(jobs))
        database.close()
        copies = [copy_file(folder / "a.db", folder / f"{letter}.db") for letter in "bc"]
        sent = record(f"sqlite:///{copies[0]}", till, jobs)
        loading.done()  # as the program does
        bare = sqlite3.connect(copies[1])
        _sqlite_connected(bare, None)
        database = open_database(f"sqlite:///{folder / 'a.db'}")
        sample = in_turns(desk_on(database, till.code), till, jobs, lambda lines: replay_sqlite(bare, lines), sent)
        database.close()
        bare.close()
        return sample, len(sent[-1])


def bare_connection(uri: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(uri)
    _postgres_connected(connection, None)
    return connection


@dataclass(frozen=True, slots=True)
class Rounds:
    """What one till's process measured: single payments' seconds and each round's begin and end (monotonic seconds)."""

    sample: Sample
    ours: list[tuple[float, float]]
    bare: list[tuple[float, float]]
    statements: int


@dataclass(frozen=True, slots=True)
class Work:
    """What one till's process has to do: three databases, its till, its payments cut into rounds."""

    uris: tuple[str, str, str]
    till: TillAtWork
    rounds: list[list[Payment]]


def _till_process(work: Work, gate: Barrier, results: Any) -> None:
    """The life of one till's process: write down, warm up, then round by round with all the others."""
    first, second, third = work.uris
    sent = [record(for_sqlalchemy(first), work.till, jobs) for jobs in work.rounds]
    database, bare = open_database(for_sqlalchemy(second)), bare_connection(third)
    desk = desk_on(database, work.till.code)
    loading.done()  # as the program does
    ours: list[tuple[float, float]] = []
    driver: list[tuple[float, float]] = []
    singles = Sample([], [])
    for place, (jobs, statements) in enumerate(zip(work.rounds, sent, strict=True)):
        gate.wait()
        begin = time.perf_counter()
        mine = [_timed(lambda one=one: take(desk, work.till, one)) for one in jobs]  # type: ignore[misc]
        end = time.perf_counter()
        gate.wait()
        begin_bare = time.perf_counter()
        theirs = [_timed(lambda lines=lines: replay_postgres(bare, lines)) for lines in statements]  # type: ignore[misc]
        if place:  # the first round warms up
            ours.append((begin, end))
            driver.append((begin_bare, time.perf_counter()))
            singles.ours.extend(mine)
            singles.bare.extend(theirs)
    results.put(Rounds(singles, ours, driver, len(sent[-1][-1])))
    database.close()
    bare.close()


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def on_postgres(uri: str, *, tills: int, each: int, rounds: int) -> list[Rounds]:
    """So many tills at once; `rounds` rounds of `each` payments a till after one that warms up."""
    base = f"base_{tills}"
    sizes = [WARM_UP] + [each] * rounds
    database = open_new(for_sqlalchemy(create_database(uri, base)))
    places = open_office(database, tills=tills, customers=tills * sum(sizes))
    database.close()
    first, second, third = (create_database(uri, f"{base}_{letter}", like=base) for letter in "abc")
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(tills), context.Queue()
    processes = []
    for place, till in enumerate(places):
        jobs = payments_for(first=1 + place * sum(sizes), count=sum(sizes))
        cut = [jobs[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))]
        work = Work((first, second, third), till, cut)
        processes.append(context.Process(target=_till_process, args=(work, gate, results)))
    for process in processes:
        process.start()
    found = [results.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return found


def rate(rounds: Sequence[Sequence[tuple[float, float]]], *, each: int) -> float:
    """Payments a second over all tills: the median of the rounds, each from the first start to the last end."""
    spans = [max(end for _, end in one) - min(begin for begin, _ in one) for one in zip(*rounds, strict=True)]
    return median([len(rounds) * each / span for span in spans])


def row(name: str, sample: Sample, *, statements: int, ours: float, bare: float, goal: str) -> tuple[str, ...]:
    return (
        name,
        str(statements),
        f"{median(sample.ours) * MS:.2f} / {percentile(sample.ours, 0.99) * MS:.2f}",
        f"{median(sample.bare) * MS:.2f} / {percentile(sample.bare, 0.99) * MS:.2f}",
        f"{median(sample.ours) / median(sample.bare):.2f}",
        f"{ours:.0f} / {bare:.0f} = {ours / bare:.0%}",
        goal,
    )


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    sample, statements = on_sqlite(count=1_000 if full else 300)
    ratio = median(sample.ours) / median(sample.bare)
    ours, bare = len(sample.ours) / sum(sample.ours), len(sample.bare) / sum(sample.bare)
    goal = f"≤ {GOAL_TIME}×: {met(ratio, at_most=GOAL_TIME)}"
    rows = [row("SQLite, 1 till", sample, statements=statements, ours=ours, bare=bare, goal=goal)]
    with postgres() as uri:
        for tills in (1, 8, 16):
            each = (160 if full else 60) // (1 if tills == 1 else 4)
            rounds = on_postgres(uri, tills=tills, each=each, rounds=5 if full else 3)
            sample = Sample([s for r in rounds for s in r.sample.ours], [s for r in rounds for s in r.sample.bare])
            ours, bare = rate([r.ours for r in rounds], each=each), rate([r.bare for r in rounds], each=each)
            ratio = median(sample.ours) / median(sample.bare)
            goal = f"≤ {GOAL_TIME}×: {met(ratio, at_most=GOAL_TIME)}"
            if tills == 16:
                goal = f"≥ {GOAL_RATE:.0%} of the rate: {met(ours / bare, at_least=GOAL_RATE)}"
            name = f"PostgreSQL, {tills} till{'s' if tills > 1 else ''}"
            rows.append(row(name, sample, statements=rounds[0].statements, ours=ours, bare=bare, goal=goal))
    columns = (
        "take a payment", "statements", "desk, ms (median / p99)", "bare driver, ms (median / p99)", "ratio of medians",
        "payments a second", "goal",
    )  # fmt: skip
    return Table(columns, tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
