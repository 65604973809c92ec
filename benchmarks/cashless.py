"""Money told by banks: memos read, a statement brought in, webhooks stored and answered, and how long a receipt takes.

Each figure stands beside its floor in the same run: a bare regular expression, `csv.reader` and `executemany`, the bare
insert of the same rows by psycopg with a commit each.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import psycopg
import uvicorn
from sqlalchemy import text

from benchmarks.figures import MS, Table, met, percentile, wants_full
from benchmarks.stage import create_database, desk_on, for_sqlalchemy, open_new, open_office, postgres
from counter.cashless.codes import SPACE, code_of, codes_in
from counter.cashless.feeds import SePayKey
from counter.cashless.statements import read_statement
from counter.clock import SystemClock
from counter.desk import Desk
from counter.gateway.app import Gateway, make_app
from counter.gateway.providers import Providers
from counter.ids import new_id
from counter.payments import qr
from counter.people import user_named
from counter.reconcile.statements import bring_statement

ACCOUNT: Final = "1017595600"
KEY: Final = "a-key-of-the-benchmark"
GOAL_MEMOS: Final = 200_000
GOAL_STATEMENT: Final = 10.0
GOAL_WEBHOOKS: Final = 500
GOAL_RECEIPT: Final = 1.0
SENDERS: Final = 24


# --- memos -----------------------------------------------------------------------------------------------------------


def memos_without_code(count: int, chance: random.Random) -> list[str]:
    """Memos of the shapes that were measured on public statements, without a payment code."""

    def digits(places: int) -> str:
        return f"{chance.randrange(10**places):0{places}d}"

    shapes = (
        lambda: f"{digits(6)}.231126.{digits(6)}.chuyen tien dien thang {chance.randrange(12) + 1}",
        lambda: f"MBVCB.{digits(10)}.{digits(6)}.NGUYEN VAN A chuyen khoan.CT tu {digits(13)} NGUYEN VAN A toi {ACCOUNT}",
        lambda: f"{digits(26)}TD{chance.randrange(10**8)}.{digits(6)}.ung ho",
        lambda: f"CT nhanh 247 den: tien dien PA0501{digits(7)} FT{digits(14)}",
        lambda: f"TKThe :{digits(13)}, tai VCB. thanh toan hoa don TD {chance.randrange(10**6)} -CTLNHIDI",
    )
    return [chance.choice(shapes)() for _ in range(count)]


def memo_rows(*, full: bool) -> list[tuple[str, ...]]:
    chance = random.Random(7)
    codes = 1_000_000 if full else 100_000
    memos = 1_000_000 if full else 100_000
    live = {code_of(number) for number in chance.sample(range(SPACE), codes)}
    without = memos_without_code(memos, chance)
    listed = sorted(live)
    with_code = [f"MBVCB.{n:010d}.{chance.choice(listed).lower()} tien dien.CT tu 001" for n in range(memos // 5)]
    mixed = without[: memos // 5] + with_code
    began = time.perf_counter()
    found = sum(1 for memo in mixed for code in codes_in(memo) if code in live)
    rate = len(mixed) / (time.perf_counter() - began)
    bare = re.compile(r"TD[0-9]{10}")
    began = time.perf_counter()
    sum(1 for memo in mixed if bare.search(memo.upper()))
    floor = len(mixed) / (time.perf_counter() - began)
    false = sum(1 for memo in without for code in codes_in(memo) if code in live)
    assert found == len(with_code), (found, len(with_code))
    return [
        (
            f"memos read against {codes:,} codes",
            f"{rate:,.0f} a second",
            f"≥ {GOAL_MEMOS:,}: {met(rate, at_least=GOAL_MEMOS)}",
        ),
        ("floor: one bare regular expression", f"{floor:,.0f} a second", ""),
        (f"false matches in {memos:,} memos without a code", f"{false}", f"0: {met(false, at_most=0)}"),
    ]


# --- a statement -----------------------------------------------------------------------------------------------------


def write_statement(path: Path, rows: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"])
        for n in range(rows):
            memo = f"MBVCB.{n:010d}.chuyen tien dien nha so {n}.CT tu 0011{n:09d} NGUYEN VAN A"
            out.writerow(
                [f"{n % 28 + 1:02d}/11/2026", f"{n % 9000 + 1000}.{n % 99999}", "", f"{50_000 + n % 900_000}", memo]
            )
    return path


def statement_rows(*, full: bool) -> list[tuple[str, ...]]:
    rows = 200_000 if full else 20_000
    with tempfile.TemporaryDirectory(prefix="bench-bank-") as name:
        folder = Path(name)
        file = write_statement(folder / "statement.csv", rows)
        desk = desk_on(open_new(f"sqlite:///{folder / 'counter.db'}"))
        open_office(desk.database, tills=1, customers=1)
        boss = desk.see(user_named, login="ngan").user_id
        desk.do(qr.add_account, account=ACCOUNT, bin="970436", holder="X", by=boss)
        began = time.perf_counter()
        statement = read_statement(file, account=ACCOUNT, profile="generic")
        read = time.perf_counter() - began
        desk.do(bring_statement, statement_id=new_id(), statement=statement, by=boss)
        whole = time.perf_counter() - began
        began = time.perf_counter()
        added = desk.do(bring_statement, statement_id=new_id(), statement=statement, by=boss).added
        again = time.perf_counter() - began
        assert added == 0
        floor = _bare_statement(file, folder)
        desk.database.close()
    return [
        (
            f"a statement of {rows:,} rows, SQLite",
            f"{read:.1f} read + {whole - read:.1f} booked, s",
            f"≤ {GOAL_STATEMENT:.0f} s at 200,000: {met(whole * 200_000 / rows, at_most=GOAL_STATEMENT)}",
        ),
        ("the same statement again", f"{again:.1f} s", ""),
        ("floor: csv.reader + executemany into one table", f"{floor:.1f} s", ""),
    ]


def _bare_statement(file: Path, folder: Path) -> float:
    began = time.perf_counter()
    with file.open(newline="", encoding="utf-8") as lines, closing(sqlite3.connect(folder / "bare.db")) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE line (day TEXT, reference TEXT, debit TEXT, credit TEXT, memo TEXT)")
        connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?)", csv.reader(lines))
        connection.commit()
    return time.perf_counter() - began


# --- webhooks --------------------------------------------------------------------------------------------------------


def body_of(number: int, memo: str, amount: int) -> bytes:
    facts = {
        "id": number,
        "gateway": "Vietcombank",
        "transactionDate": "2026-11-23 08:00:05",
        "accountNumber": ACCOUNT,
        "subAccount": None,
        "code": None,
        "content": memo,
        "transferType": "in",
        "description": memo,
        "transferAmount": amount,
        "referenceCode": f"MBVCB.{number}",
        "accumulated": 0,
    }
    return json.dumps(facts).encode()


@contextmanager
def serving(url: str) -> Iterator[tuple[int, Gateway]]:
    """The gateway on a port of its own, in a thread of this process."""
    desk = desk_on(open_new(url))
    desk.clock = SystemClock()
    gateway = Gateway(desk, Providers({"sepay": SePayKey(KEY)}, ()))
    told: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "log_config": None, "access_log": False, "lifespan": "on"}
    server = uvicorn.Server(uvicorn.Config(make_app(gateway), **told))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], gateway
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        desk.database.close()


def _send(port: int, bodies: Sequence[bytes], seconds: Any) -> None:
    """One connection, message after message; the seconds each took."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    took = []
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", "/webhooks/sepay", body, {"Authorization": f"Apikey {KEY}"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        assert answer.status == 200
    seconds.put(took)


def webhook_rows(uri: str, *, full: bool) -> list[tuple[str, ...]]:
    count = 12_000 if full else 2_400
    place = create_database(uri, "bench_webhooks")
    database = open_new(for_sqlalchemy(place))
    open_office(database, tills=1, customers=1)
    database.close()
    bodies = [body_of(n, f"khong ma {n}", 1_000) for n in range(count)]
    with serving(for_sqlalchemy(place)) as (port, gateway):
        gateway.taker._desk = desk_on(
            open_new(for_sqlalchemy(create_database(uri, "bench_idle")))
        )  # storing is measured here
        found: Any = multiprocessing.Queue()
        senders = [multiprocessing.Process(target=_send, args=(port, bodies[s::SENDERS], found)) for s in range(SENDERS)]
        began = time.perf_counter()
        for sender in senders:
            sender.start()
        took = sorted(one for _ in senders for one in found.get())
        rate = count / (time.perf_counter() - began)
        for sender in senders:
            sender.join()
    floor = _bare_inserts(place, count // 4)
    return [
        (
            f"webhooks stored and answered, PostgreSQL, {SENDERS} connections",
            f"{rate:,.0f} a second; p99 {percentile(took, 0.99) * MS:.0f} ms",
            f"≥ {GOAL_WEBHOOKS}: {met(rate, at_least=GOAL_WEBHOOKS)}",
        ),
        ("floor: the same insert by psycopg, a commit each, one connection", f"{floor:,.0f} a second", ""),
    ]


def _bare_inserts(uri: str, count: int) -> float:
    words = (
        "INSERT INTO bank_arrival (office_id, provider, external_id, received_at, facts, sha256, state, line_id, note) "
        "VALUES ('PA0501', 'bare', %s, now(), '{}', '', 'DONE', NULL, '')"
    )
    with psycopg.connect(uri) as connection:
        began = time.perf_counter()
        for n in range(count):
            connection.execute(words, (str(n),))
            connection.commit()
        return count / (time.perf_counter() - began)


# --- to the receipt --------------------------------------------------------------------------------------------------


def receipt_rows(uri: str, *, full: bool) -> list[tuple[str, ...]]:
    """A webhook at a time, 50 a second; from the first byte sent to the receipt's print job on disk."""
    count = 1_000 if full else 200
    place = create_database(uri, "bench_receipts")
    database = open_new(for_sqlalchemy(place))
    (till,) = open_office(database, tills=1, customers=count)
    desk = desk_on(database)
    boss = desk.see(user_named, login="ngan").user_id
    desk.do(qr.add_account, account=ACCOUNT, bin="970436", holder="X", by=boss)
    desk.clock = SystemClock()
    bodies = [_asked(desk, till, n) for n in range(1, count + 1)]
    sent: dict[int, float] = {}
    with serving(for_sqlalchemy(place)) as (port, _gateway):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        began = time.time()
        for place_, body in enumerate(bodies):
            threading.Event().wait(max(0.0, began + place_ / 50 - time.time()))
            sent[place_ + 1] = time.time()
            connection.request("POST", "/webhooks/sepay", body, {"Authorization": f"Apikey {KEY}"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        queued = _queued(desk, count)
    took = sorted(at - sent[number] for number, at in queued.items())
    database.close()
    p99 = percentile(took, 0.99)
    return [
        (
            f"webhook to receipt queued, 50 a second, {count:,} of them, PostgreSQL",
            f"median {percentile(took, 0.5) * MS:.0f}, p99 {p99 * MS:.0f} ms",
            f"≤ {GOAL_RECEIPT:.0f} s: {met(p99, at_most=GOAL_RECEIPT)}",
        ),
    ]


def _asked(desk: Desk, till: Any, number: int) -> bytes:
    facts = {"shift_id": till.shift_id, "by": till.cashier_id, "minutes": 60}
    shown = desk.do(qr.open_intent, intent_id=new_id(), bill_ids=[f"PA0501-{number}"], **facts)
    return body_of(number, shown.memo, int(shown.amount))


def _queued(desk: Desk, count: int) -> dict[int, float]:
    """{number of the bill: when its receipt stood in the spool}, once all do."""
    words = text(
        "SELECT l.bill_id, j.queued_at FROM print_job j JOIN payment_line l ON l.payment_id = j.subject "
        "WHERE j.kind = 'RECEIPT'"
    )
    end = time.time() + 120
    while time.time() < end:
        with desk.database.read() as session:
            rows = session.connection().execute(words).all()
        if len(rows) == count:
            return {int(bill.rpartition("-")[2]): at.timestamp() for bill, at in rows}
        threading.Event().wait(0.2)
    raise TimeoutError(f"{len(rows)} of {count} receipts")


def main(*, full: bool) -> Table:
    rows = memo_rows(full=full) + statement_rows(full=full)
    with postgres() as uri:
        rows += webhook_rows(uri, full=full) + receipt_rows(uri, full=full)
    return Table(("money told by banks", "figure", "goal"), tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(main(full=wants_full(__doc__ or "")).markdown() + "\n")
