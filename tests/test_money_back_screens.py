"""Money back on the screens: at the till with a supervisor, on a supervisor's screen with the cashier, in a burst."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, a_home, an_office, holds, line, notice, settle, signed_in, taken
from textual import events

from counter import bills, payments, people, shifts
from counter.debts import bring_debts
from counter.demo import COLUMNS
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.locale import language, use_language
from counter.money import Dong
from counter.print_jobs import open_papers
from counter.screens.widgets import RowList
from db.states import JobKind


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    before = language()
    yield a_home(tmp_path)
    use_language(before)


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def _text(pilot: Any, selector: str) -> str:
    return str(pilot.app.screen.query_one(selector).render().plain)


@pytest.fixture
def withdrawn(home: Home, desk: Desk) -> Desk:
    """CODE's bill was paid, then CMIS withdrew it; a new one is due."""
    lan = desk.see(people.user_named, login="lan")
    boss = desk.see(people.user_named, login="ngan")
    shift = desk.see(shifts.live_shift, till_code="Q1")
    assert shift is not None
    mine = {"shift_id": shift.shift_id, "by": lan.user_id}
    desk.do(payments.take_cash, payment_id=new_id(), bill_ids=["PA0501-1"], tendered=Dong(345_678), **mine)
    row = line(1, CODE, "Nguyễn Văn An", 345_678)
    row[COLUMNS.index("LOAI_DCHINH")] = "HB"
    file = home.path / "withdrawn.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, row, line(9, CODE, "Nguyễn Văn An", 100_000, month=11)])
    bring_debts(
        desk, home=home.path, file=str(file), profile="cmis", encoding="", mode="all", import_id=new_id(), by=boss.user_id
    )
    return desk


async def pressed(pilot: Any, *groups: list[str]) -> None:
    """Each group of keys, then whatever they set going."""
    for keys in groups:
        await pilot.press(*keys)
        await settle(pilot)


SECOND = [*"ngan", "enter", *PIN, "enter"]


async def test_what_cmis_withdrew_is_given_back_at_the_till(home: Home, withdrawn: Desk) -> None:
    waiting = len(withdrawn.see(open_papers, till_code="Q1"))
    async with signed_in(home, withdrawn) as pilot:
        await pressed(pilot, [*CODE, "enter"])
        assert "F3" in notice(pilot)
        await pressed(pilot, ["f3"], ["f4"], ["f4"], [*"cmis huy", "enter"], SECOND)
        assert "345.678" in notice(pilot)
        assert taken(withdrawn).cash == 0
        assert pilot.app.screen.query_one("#money-back", RowList).items == []
    (paper,) = withdrawn.see(open_papers, till_code="Q1")[waiting:]
    assert (paper.job.kind, paper.name) == (JobKind.RECEIPT, "receipt Q1-26-000002")
    holds(withdrawn)


async def test_it_is_kept_as_an_advance_and_the_advance_is_given_back_later(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        await pressed(pilot, [*CODE, "enter"], ["f3"], ["f4"], ["f5"], [*"khach dong y", "enter"], SECOND)
        assert withdrawn.see(payments.advance_balance, customer_code=CODE) == 345_678
        assert taken(withdrawn).cash == 345_678
        (rest,) = pilot.app.screen.query_one("#money-back", RowList).items
        await pressed(pilot, ["f5"])
        assert "advance already" in notice(pilot)
        await pressed(pilot, ["f4"], [*"khach doi y", "enter"], SECOND)
        assert rest.too_much == 345_678
        assert (withdrawn.see(payments.advance_balance, customer_code=CODE), taken(withdrawn).cash) == (0, 0)
    holds(withdrawn)


async def test_a_supervisor_has_it_given_from_a_drawer_whose_cashier_signs(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn, "ngan") as pilot:
        await pressed(pilot, ["f3"], ["enter"])
        assert "345.678" in _text(pilot, "#dialog-body")
        await pressed(pilot, ["f9"], ["f4"], [*"cmis huy", "enter"], [*"ngan", "enter", *PIN, "enter"])
        assert "own act" in notice(pilot)
        assert taken(withdrawn).cash == 345_678
        await pressed(pilot, ["f9"], ["f4"], [*"cmis huy", "enter"], [*"lan", "enter", *PIN, "enter"])
        assert taken(withdrawn).cash == 0
    (ended,) = withdrawn.see(bills.decided_cases)
    assert ended.resolved_by == "Vũ Thị Ngân"
    holds(withdrawn)


async def test_a_case_is_ended_in_words_by_a_supervisor_only(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        await pressed(pilot, ["f3"], ["f4"], ["f6"], [*"xong", "enter"])
        assert "supervisor" in notice(pilot)
    async with signed_in(home, withdrawn, "ngan") as pilot:
        await pressed(pilot, ["enter"], ["f6"], [*"xong", "enter"])
        assert "Nothing" in str(pilot.app.screen.query_one("#money-back", RowList)._empty)
    assert [case.resolution for case in withdrawn.see(bills.decided_cases)] == ["xong"]
    holds(withdrawn)


async def test_money_back_typed_without_a_gap_goes_back_once(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        keys = [*CODE, "enter", "f3", "f4", "f4", *"cmis", "enter", *SECOND, "f4", "enter", "f4", "enter"]
        for key in keys:
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _turn in range(20):
            await settle(pilot)
        assert taken(withdrawn).cash == 0
    holds(withdrawn)
