"""Killed in the middle of bringing in debts, of a backup, of a restore: all of it is there or nothing, and no đồng is lost.

After each kill: every check of the audit holds, what was acknowledged is there, no file and no copy is half.
Folders such as `.copy-…` that a killed program could not take away are not judged here.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from conftest import sqlalchemy_url
from day import Day
from debts import debts, line
from kit import open_shift, open_test_office
from sqlalchemy import func
from sqlmodel import Session, col, select
from test_restore import NGAN, make_home
from test_torture import Cashiers, judge

from counter import journal, keepsafe, payments
from counter.audit import audit
from counter.desk import Desk
from counter.home import Home, heads_to_find, known_heads, pin_keeper, sit_down
from counter.ids import new_id
from counter.payments import Receipt
from counter.people import user_named
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.tables import Bill, BillImport

LONG = pytest.mark.torture
BIG = 4_000_000_000
"""Bill numbers of the files, far from those of the day."""


@dataclass
class Office:
    """A home with a busy office, and what its cashier acknowledged."""

    home: Home
    acked: dict[UUID, str]
    turn: int = 0

    def at_work(self, acts: int) -> None:
        """The cashier does so many acts more, and goes home."""
        desk = self.desk()
        self.turn += 1
        day = Day(desk, seed=self.turn, said=self._heard)
        for _ in range(acts):
            day.act()
        desk.database.close()

    def _heard(self, receipt: Receipt) -> None:
        self.acked[receipt.payment_id] = receipt.number

    def desk(self, url: str = "") -> Desk:
        return sit_down(replace(self.home, url=url) if url else self.home, till_code="Q1")

    def wrong(self, acked: dict[UUID, str] | None = None) -> list[str]:
        """What `counter check` finds, and what was acknowledged and is gone."""
        desk = self.desk()
        try:
            found = desk.see(audit, known=heads_to_find(self.home))
            older = [f"{one.name}: {one.broken}" for one in found if not one.ok and one.name == "newest_books"]
            return older + judge(desk, self.acked if acked is None else acked)
        finally:
            desk.database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    home = make_home(tmp_path / "home")
    if request.param == "postgres":
        home = replace(home, url=request.getfixturevalue("empty_postgres")())
        monkeypatch.setenv("COUNTER_DB", home.url)
    database = open_database(home.url)
    bring_up_to_date(database)
    open_test_office(database)
    database.close()
    found = Office(home, {})
    found.at_work(40)
    yield found


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Makes databases on the server that are gone after the test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"torn_{os.getpid()}_{new_id().hex[-12:]}")
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]}")
        return sqlalchemy_url(postgres_url, made[-1])

    yield make
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def deeds(office: Office) -> Iterator[Cashiers]:
    found = Cashiers(office.home.path, office.home.url, program="deeds.py")
    yield found
    found.close()


only_sqlite = pytest.mark.parametrize("office", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("office", ["postgres"], indirect=True)


# --- debts -------------------------------------------------------------------------------------------------------------


def file_of(folder: Path, turn: int, lines: int) -> Path:
    """A file of so many bills that no other turn has, of fifty customers."""
    first = BIG + turn * lines
    rows = (line(first + n, code=customer(n % 50), THANG=n % 12 + 1) for n in range(lines))
    return debts(folder, *rows, name=f"no-{turn}.csv")


def customer(number: int) -> str:
    return f"PA05IM{number:07d}"


def pay_ahead(office: Office) -> None:
    """Five of the customers have money in advance: the next files settle some of their bills at once."""
    desk = office.desk()
    desk.till_code = "Q2"
    cashier = desk.see(user_named, login="huong")
    shift = open_shift(desk, cashier, till="Q2")
    for number in range(5):
        due = desk.see(payments.advance_due, customer_code=customer(number), months=3)
        facts = {"customer_code": customer(number), "months": 3, "tendered": due, "by": cashier.user_id}
        taken = desk.do(payments.take_advance, payment_id=new_id(), shift_id=shift.shift_id, **facts)
        office.acked[taken.payment_id] = taken.number
    desk.database.close()


def bills_of(session: Session, *, turn: int, lines: int) -> int:
    first = BIG + turn * lines
    return session.exec(
        select(func.count()).select_from(Bill).where(col(Bill.number) >= first, col(Bill.number) < first + lines)
    ).one()


def imports(session: Session) -> int:
    return session.exec(select(func.count()).select_from(BillImport)).one()


def half_in(office: Office, *, turn: int, lines: int, whole: int, done: bool) -> tuple[bool, list[str]]:
    """Whether this turn's file is in the books, and what is wrong with that; `whole` files went in before it."""
    desk = office.desk()
    seen, known = desk.see(bills_of, turn=turn, lines=lines), desk.see(imports)
    desk.database.close()
    is_in = seen == lines
    faults = [] if seen in (0, lines) else [f"half a file is in: {seen} of {lines} bills"]
    faults += [] if known == whole + is_in else [f"{known} files are noted, {whole + is_in} are in"]
    return is_in, faults + (["acknowledged and not in the books"] if done and not is_in else [])


@pytest.mark.parametrize(("kills", "lines"), [(3, 300), pytest.param(100, 4_000, marks=LONG)])
def test_a_file_of_debts_is_in_whole_or_not_at_all(
    office: Office, deeds: Cashiers, tmp_path: Path, kills: int, lines: int, campaign: Callable[[str], None]
) -> None:
    """Killed at any instant; the same file under the same id goes in afterwards, once."""
    chance, wrong, whole, at_once = random.Random(kills), [], 0, 0
    deeds.order(f"import {file_of(tmp_path, 0, lines)} {new_id()}")
    pace, whole = deeds.pace_of("done"), 1
    deeds.finish()
    pay_ahead(office)
    for turn in range(1, kills + 1):
        file, import_id = file_of(tmp_path, turn, lines), new_id()
        deeds.forget()
        deeds.kill(deeds.order(f"import {file} {import_id}"), after=chance.uniform(0.0, 1.2 * pace))
        done = f"done {lines}" in deeds.words
        is_in, faults = half_in(office, turn=turn, lines=lines, whole=whole, done=done)
        at_once += is_in
        deeds.order(f"import {file} {import_id}")
        deeds.finish()
        again = half_in(office, turn=turn, lines=lines, whole=whole, done=True)[1]
        whole += 1
        checked = turn % 5 == 0 or turn == kills
        wrong += [f"turn {turn}: {fault}" for fault in faults + again + (office.wrong() if checked else [])]
        file.unlink()
    assert deeds.crashes == []
    campaign(f"{kills} kills while {lines} debts came in: {at_once} in, {kills - at_once} not at all; faults: {len(wrong)}")
    assert wrong == []


# --- backup ------------------------------------------------------------------------------------------------------------


def copy_faults(office: Office, file: Path, acked: dict[UUID, str], restored_to: Callable[[], str] | None) -> list[str]:
    """What is wrong with a copy that lies there: it opens, every check holds, it has what was acknowledged before it."""
    if restored_to is None:
        desk = office.desk(url=f"sqlite:///{file}")
    else:
        empty = replace(office.home, url=restored_to())
        keepsafe.restore(empty, source=file, pins=pin_keeper(office.home), accept_older_by=NGAN)
        desk = office.desk(url=empty.url)
    live = office.desk()
    try:
        newer = live.see(journal.missing, known=keepsafe.heads_of(desk))
        return judge(desk, acked) + [f"the copy has what the books have not: {one}" for one in newer]
    finally:
        desk.database.close()
        live.database.close()


@pytest.mark.parametrize(("kills", "every"), [(4, 4), pytest.param(150, 10, marks=LONG)])
def test_a_backup_is_whole_or_not_there(
    office: Office,
    deeds: Cashiers,
    tmp_path: Path,
    kills: int,
    every: int,
    empty_postgres: Callable[[], str],
    campaign: Callable[[str], None],
) -> None:
    """The copy under its name is the last one that was finished, and the books do not mind."""
    chance, wrong, file = random.Random(kills), [], tmp_path / "copy.backup"
    to = empty_postgres if "postgres" in office.home.url else None
    deeds.order(f"backup {file}")
    pace, held, finished = deeds.pace_of("done"), dict(office.acked), 0
    deeds.finish()
    for turn in range(1, kills + 1):
        office.at_work(3)
        deeds.forget()
        before = file.read_bytes()
        deeds.kill(deeds.order(f"backup {file}"), after=chance.uniform(0.0, 1.2 * pace))
        if file.read_bytes() != before:
            held, finished = dict(office.acked), finished + 1
        elif "done" in deeds.words:
            wrong.append(f"turn {turn}: acknowledged and not there")
        if turn % every == 0 or turn == kills:
            wrong += [f"turn {turn}: {fault}" for fault in office.wrong() + copy_faults(office, file, held, to)]
    assert deeds.crashes == []
    campaign(f"{kills} kills while a backup was made: {finished} finished, the rest as before; faults: {len(wrong)}")
    assert wrong == []


# --- restore -----------------------------------------------------------------------------------------------------------


@only_sqlite
@pytest.mark.parametrize("kills", [4, pytest.param(150, marks=LONG)])
def test_after_a_killed_restore_the_books_are_the_old_or_the_restored_ones(
    office: Office, deeds: Cashiers, tmp_path: Path, kills: int, campaign: Callable[[str], None]
) -> None:
    """And what was there before stays beside them: no receipt is in neither."""
    chance, wrong, pace, put_back = random.Random(kills), [], 0.0, 0
    for turn in range(kills + 1):
        file, then = tmp_path / f"{turn}.db", dict(office.acked)
        desk = office.desk()
        keepsafe.backup(office.home, desk, target=file)
        desk.database.close()
        while office.acked == then:
            office.at_work(4)
        deeds.forget()
        pid = deeds.order(f"restore {file}")
        if turn == 0:  # nobody kills the first one: how long does it take?
            pace = deeds.pace_of("done")
            deeds.finish()
        else:
            deeds.kill(pid, after=chance.uniform(0.0, 1.2 * pace))
        gone = judge_desk(office, office.acked)
        if gone:  # it was put back: what is gone lies beside it
            put_back += 1
            wrong += [f"turn {turn}: {fault}" for fault in beside(office, office.acked)]
            office.acked = then
        elif "done" in deeds.words:
            wrong.append(f"turn {turn}: acknowledged and not put back")
        wrong += [f"turn {turn}: {fault}" for fault in office.wrong()]
        for old in (*office.home.path.glob("counter.replaced-*"), file):
            old.unlink()
    assert deeds.crashes == []
    campaign(f"{kills} kills while a backup was put back: {put_back - 1} put back, the rest as before; faults: {len(wrong)}")
    assert wrong == []


def test_books_put_back_by_a_restore_that_was_killed_before_it_was_noted_pass_the_check(
    office: Office, tmp_path: Path, empty_postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor took an older copy: nobody is told afterwards that the books are older than those seen."""
    file, then = tmp_path / "old.backup", dict(office.acked)
    desk = office.desk()
    keepsafe.backup(office.home, desk, target=file)
    desk.database.close()
    while office.acked == then:
        office.at_work(4)
    assert office.wrong() == []
    desk = office.desk()
    keepsafe.remember_seen(office.home, desk)
    desk.database.close()
    if "postgres" in office.home.url:  # a dump goes into an empty database
        office = Office(replace(office.home, url=empty_postgres()), then)
        monkeypatch.setenv("COUNTER_DB", office.home.url)
    deeds = Cashiers(office.home.path, office.home.url, program="deeds.py")
    deeds.order(f"restore-unnoted {file}")
    deeds.finish()
    deeds.close()
    assert deeds.crashes == [] and "done" not in deeds.words
    assert office.wrong(then) == []
    desk = office.desk()
    assert keepsafe.heads_of(desk).items() >= heads_to_find(office.home).items()
    desk.database.close()


def test_a_restore_that_is_not_done_forgets_nothing_that_was_seen(office: Office, tmp_path: Path) -> None:
    """Refused in the middle, an older copy is still known for what it is."""
    file = tmp_path / "old.backup"
    desk = office.desk()
    keepsafe.backup(office.home, desk, target=file)
    desk.database.close()
    office.at_work(10)
    desk = office.desk()
    keepsafe.remember_seen(office.home, desk)
    seen = known_heads(office.home)
    with pytest.raises(keepsafe.BackupIsOlder if "sqlite" in office.home.url else keepsafe.DatabaseNotEmpty):
        keepsafe.restore(office.home, source=file, pins=pin_keeper(office.home), accept_older_by=None)
    desk.database.close()
    assert known_heads(office.home) == seen


def judge_desk(office: Office, acked: dict[UUID, str]) -> bool:
    """Whether some of these receipts are not in the books."""
    desk = office.desk()
    try:
        return any(fault.startswith("acknowledged") for fault in judge(desk, acked))
    finally:
        desk.database.close()


def beside(office: Office, acked: dict[UUID, str]) -> list[str]:
    """What is wrong with the books that were laid aside: the newest of them has every receipt."""
    asides = sorted(office.home.path.glob("counter.replaced-*.db"))
    if not asides:
        return ["nothing lies beside the restored books"]
    desk = office.desk(url=f"sqlite:///{asides[-1]}")
    try:
        return judge(desk, acked)
    finally:
        desk.database.close()


@only_postgres
@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=LONG)])
def test_after_a_killed_restore_a_server_holds_the_whole_dump_or_nothing(
    office: Office,
    tmp_path: Path,
    kills: int,
    empty_postgres: Callable[[], str],
    campaign: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed, it can be done again; done, it holds every receipt."""
    chance, wrong, pace, put_back, file = random.Random(kills), [], 0.0, 0, tmp_path / "dump"
    desk = office.desk()
    keepsafe.backup(office.home, desk, target=file)
    desk.database.close()
    for turn in range(kills + 1):
        empty = Office(replace(office.home, url=empty_postgres()), office.acked)
        monkeypatch.setenv("COUNTER_DB", empty.home.url)
        deeds = Cashiers(office.home.path, empty.home.url, program="deeds.py")
        pid = deeds.order(f"restore {file}")
        if turn == 0:
            pace = deeds.pace_of("done")
            deeds.finish()
        else:
            deeds.kill(pid, after=chance.uniform(0.0, 1.2 * pace))
        done = "done" in deeds.words
        deeds.forget()
        deeds.order(f"restore {file}")
        deeds.finish()
        deeds.close()
        was_whole = any("DatabaseNotEmpty" in crash for crash in deeds.crashes)
        put_back += was_whole
        wrong += [f"turn {turn}: acknowledged and not put back"] * (done and not was_whole)
        wrong += [f"turn {turn}: {fault}" for fault in empty.wrong()]
    campaign(f"{kills} kills while a dump was put back: {put_back - 1} put back, the rest empty; faults: {len(wrong)}")
    assert wrong == []
