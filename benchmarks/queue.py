"""Numbers given and people called by 1, 4, 8 and 16 tills at once, against the same SQL through the bare driver.

Three copies of one office, as in take_payment: on the first every act is done once over a cursor that writes down each
statement with its values; on the second it is done through `Desk.do`; on the third the written statements are replayed by
sqlite3 or psycopg and nothing else. Each till is a process of its own with its own connection; the rate is the median of
rounds that alternate between desk and driver, each from the first till's start to the last till's end. One call is a call
and the end of its service. On the second copy the numbers are counted: none may be there twice.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier, Lock
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event, text

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.stage import OFFICE, copy_file, create_database, desk_on, for_sqlalchemy, open_new, postgres
from benchmarks.take_payment import (
    Statements,
    _connect_writing_down,
    _seen,
    bare_connection,
    replay_postgres,
    replay_sqlite,
)
from counter import office, queue
from counter.clock import local_day
from counter.desk import Desk
from counter.ids import new_id
from db.engine import Database, _sqlite_connected, open_database

CLIENTS: Final = (1, 4, 8, 16)
WARM_UP: Final = 12
GOAL: Final = 500
"""Numbers a second on PostgreSQL with 8 clients."""


@dataclass(frozen=True, slots=True)
class Job:
    """One act: a number to give, or a call and the end of its service."""

    first: UUID
    second: UUID | None = None


def do(desk: Desk, job: Job) -> None:
    """Through the desk."""
    if job.second is None:
        desk.do(queue.issue, ticket_id=job.first, by=None)
        return
    desk.do(queue.call_next, call_id=job.first, till_code=desk.till_code, by=None)
    desk.do(queue.serve, move_id=job.second, till_code=desk.till_code, by=None)


def transactions(desk: Desk, job: Job) -> list[Statements]:
    """What each transaction of the job sends to the driver."""
    _seen.clear()
    do(desk, job)
    found: list[Statements] = [[]]
    for line in list(_seen):
        if line[0].split()[0] in ("BEGIN", "COMMIT", "ROLLBACK", ";") or not line[1] or "pg_notify" in line[0]:
            continue
        if len(found) == 1 and job.second is not None and _is_move_lookup(line, job.second):
            found.append([])
        found[-1].append(line)
    return found


def _is_move_lookup(line: tuple[str, Any, bool], move_id: UUID) -> bool:
    """The first statement of the second act asks whether that act was done before."""
    values = line[1].values() if isinstance(line[1], dict) else line[1]
    return not line[2] and line[0].startswith("SELECT ticket_move") and any(v in (move_id, move_id.hex) for v in values)


def open_office(database: Database, *, tills: int, waiting: int) -> None:
    """An office with its tills, today laid out, so many people waiting, room for everybody."""
    desk, boss = desk_on(database), new_id()
    desk.do(
        office.open_office, name="Điện lực", address="", phone="", supervisor_id=boss, supervisor_login="ngan",
        supervisor_name="Ngân", pin_hash="-",
    )  # fmt: skip
    for place in range(1, tills + 1):
        desk.do(office.add_till, code=f"Q{place}", by=boss)
    desk.do(queue.set_room_cap, move_id=new_id(), day=local_day(desk.clock.now()), cap=500, by=boss)
    for _ in range(waiting):
        desk.do(queue.issue, ticket_id=new_id(), by=None)


def jobs(count: int, *, calls: object) -> list[Job]:
    return [Job(new_id(), new_id() if calls else None) for _ in range(count)]


@dataclass(slots=True)
class Rounds:
    """What one process measured: seconds of single acts, and each round's begin and end (monotonic seconds)."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    our_rounds: list[tuple[float, float]] = field(default_factory=list)
    bare_rounds: list[tuple[float, float]] = field(default_factory=list)
    statements: int = 0


def record(url: str, till: str, rounds: list[list[Job]]) -> list[list[list[Statements]]]:
    """Do every job once on the first copy; what each sent."""
    database = open_database(url)
    database.engine.dispose()
    event.listen(database.engine, "do_connect", _connect_writing_down)
    desk = desk_on(database, till)
    sent = [[transactions(desk, job) for job in one] for one in rounds]
    database.close()
    return sent


def _till_process(
    urls: tuple[str, str, str], till: str, rounds: list[list[Job]], alone: Lock, gate: Barrier, results: Any
) -> None:
    """The life of one till's process: write down, warm up, then round by round with all the others."""
    with alone:  # two at once make the desk try again, and both tries would be written down
        sent = record(for_sqlalchemy(urls[0]), till, rounds)
    database, bare = open_database(for_sqlalchemy(urls[1])), bare_connection(urls[2])
    desk, found = desk_on(database, till), Rounds(statements=sum(len(one) for one in sent[-1][-1]))
    for place, (mine, theirs) in enumerate(zip(rounds, sent, strict=True)):
        gate.wait()
        begin = time.perf_counter()
        ours = [_timed(lambda job=job: do(desk, job)) for job in mine]  # type: ignore[misc]
        end = time.perf_counter()
        gate.wait()
        begin_bare = time.perf_counter()
        driver = [_timed(lambda each=each: [replay_postgres(bare, one) for one in each]) for each in theirs]  # type: ignore[misc]
        if place:  # the first round warms up
            found.ours += ours
            found.bare += driver
            found.our_rounds.append((begin, end))
            found.bare_rounds.append((begin_bare, time.perf_counter()))
    results.put(found)
    database.close()
    bare.close()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def on_postgres(uri: str, *, clients: int, each: int, rounds: int, calls: object) -> tuple[list[Rounds], int]:
    """So many tills at once, `rounds` rounds of `each` acts after one that warms up; and how many numbers came twice."""
    base = f"queue_{clients}_{'calls' if calls else 'numbers'}"
    sizes = [WARM_UP] + [each] * rounds
    database = open_new(for_sqlalchemy(create_database(uri, base)))
    open_office(database, tills=clients, waiting=clients * sum(sizes) if calls else 0)
    database.close()
    first, second, third = (create_database(uri, f"{base}_{letter}", like=base) for letter in "abc")
    context = multiprocessing.get_context("spawn")
    alone, gate, results = context.Lock(), context.Barrier(clients), context.Queue()
    processes = [
        context.Process(
            target=_till_process,
            args=((first, second, third), f"Q{place}", [jobs(size, calls=calls) for size in sizes], alone, gate, results),
        )
        for place in range(1, clients + 1)
    ]
    for process in processes:
        process.start()
    found = [results.get(timeout=900) for _ in processes]
    for process in processes:
        process.join()
    return found, _twice(for_sqlalchemy(second))


def _twice(url: str) -> int:
    """Numbers given to two tickets, and tickets called twice."""
    database = open_database(url)
    with database.read() as session:
        numbers = (
            "SELECT count(*) FROM (SELECT 1 FROM ticket GROUP BY office_id, day, letter, number HAVING count(*) > 1) AS t"
        )
        called = (
            "SELECT count(*) FROM (SELECT 1 FROM ticket_move WHERE kind = 'CALLED' GROUP BY office_id, ticket_id "
            "HAVING count(*) > 1) AS t"
        )
        found = sum(int(session.execute(text(sql)).scalar_one()) for sql in (numbers, called))
    database.close()
    return found


def on_sqlite(*, count: int, calls: object) -> Rounds:
    """One till on SQLite, in turns with the bare driver."""
    found = Rounds()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        mine = jobs(count + WARM_UP, calls=calls)
        database = open_new(f"sqlite:///{folder / 'a.db'}")
        open_office(database, tills=1, waiting=len(mine) if calls else 0)
        database.close()
        copies = [copy_file(folder / "a.db", folder / f"{letter}.db") for letter in "bc"]
        (sent,) = record(f"sqlite:///{copies[0]}", "Q1", [mine])
        with closing(sqlite3.connect(copies[1])) as bare:
            _sqlite_connected(bare, None)
            database = open_database(f"sqlite:///{folder / 'a.db'}")
            desk = desk_on(database, "Q1")
            for job, theirs in zip(mine, sent, strict=True):
                found.ours.append(_timed(lambda job=job: do(desk, job)))  # type: ignore[misc]
                found.bare.append(_timed(lambda theirs=theirs: [replay_sqlite(bare, one) for one in theirs]))  # type: ignore[misc]
            database.close()
    found.ours, found.bare = found.ours[WARM_UP:], found.bare[WARM_UP:]
    found.statements = sum(len(one) for one in sent[-1])
    return found


def rate(rounds: list[list[tuple[float, float]]], *, each: int) -> float:
    """Acts a second over all tills: the median of the rounds."""
    spans = [max(end for _, end in one) - min(begin for begin, _ in one) for one in zip(*rounds, strict=True)]
    return median([len(rounds) * each / span for span in spans])


def row(name: str, found: list[Rounds], *, ours: float, bare: float, twice: str, goal: str) -> tuple[str, ...]:
    mine, theirs = [s for one in found for s in one.ours], [s for one in found for s in one.bare]
    return (
        name,
        str(found[0].statements),
        f"{median(mine) * MS:.2f} / {percentile(mine, 0.99) * MS:.2f}",
        f"{median(theirs) * MS:.2f} / {percentile(theirs, 0.99) * MS:.2f}",
        f"{ours:.0f} / {bare:.0f} = {ours / bare:.0%}",
        twice,
        goal,
    )


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    rows = []
    for calls, act in ((False, "a number"), (True, "a call")):
        alone = on_sqlite(count=600 if full else 150, calls=calls)
        ours, bare = len(alone.ours) / sum(alone.ours), len(alone.bare) / sum(alone.bare)
        rows.append(row(f"SQLite, 1 till: {act}", [alone], ours=ours, bare=bare, twice="0", goal=""))
    with postgres() as uri:
        for calls, act in ((False, "a number"), (True, "a call")):
            for clients in CLIENTS:
                each = max(12, (240 if full else 60) // clients)
                found, twice = on_postgres(uri, clients=clients, each=each, rounds=5 if full else 3, calls=calls)
                ours, bare = rate([r.our_rounds for r in found], each=each), rate([r.bare_rounds for r in found], each=each)
                goal = f"≥ {GOAL} a second: {met(ours, at_least=GOAL)}" if clients == 8 and not calls else ""
                name = f"PostgreSQL, {clients} tills: {act}"
                rows.append(row(name, found, ours=ours, bare=bare, twice=str(twice), goal=goal))
    columns = (
        f"the queue of {OFFICE}", "statements", "desk, ms (median / p99)", "bare driver, ms (median / p99)", "a second",
        "twice", "goal",
    )  # fmt: skip
    return Table(columns, tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
