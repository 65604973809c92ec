"""The screens, by Pilot: a cashier's loop, the hand-over, the supervisor, the languages, hostile names."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from kit import KEEPER, MONDAY, PIN, Tray
from textual import events

from counter import bills, office, payments, people, shifts
from counter.audit import audit
from counter.clock import StillClock
from counter.debts import bring_debts
from counter.demo import COLUMNS
from counter.desk import Desk, open_desk
from counter.home import Home, open_home
from counter.ids import new_id
from counter.locale import language, use_language
from counter.money import Dong
from counter.screens.app import CounterApp
from counter.screens.widgets import NoticeLine, RowList
from db.states import Role

CODE = "PA05010000001"


def line(number: int, code: str, name: str, amount: int, month: int = 10) -> list[str]:
    net = round(amount / 1.08)
    return [
        "PA0501", str(number), "TD", "1", str(month), "2026", code, code, name, "Số 5, Thôn Đông, xã Tân Dĩnh", "0912345678",
        "PA0501001", "1", "12345", "100", str(net), "8", str(amount - net), str(amount), "05/10/2026", "",
    ]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "pepper").write_bytes(b"0123456789abcdef")
    was = language()
    yield open_home(home=str(tmp_path), lang="en")  # type: ignore[misc]
    use_language(was)


@pytest.fixture
def desk(home: Home) -> Desk:
    desk = open_desk(
        url=home.url, home=home.path, office_id="PA0501", pins=KEEPER, paper=Tray(), till_code="Q1", clock=StillClock(MONDAY)
    )
    boss, pin_hash = new_id(), KEEPER.hash(PIN)
    desk.do(
        office.open_office,
        name="Điện lực Lạng Giang",
        address="",
        phone="",
        supervisor_id=boss,
        supervisor_login="ngan",
        supervisor_name="Vũ Thị Ngân",
        pin_hash=pin_hash,
    )
    desk.do(office.add_till, code="Q1", by=boss)
    lan = desk.do(
        people.add_user, user_id=new_id(), login="lan", name="Trần Thị Lan", role=Role.CASHIER, pin_hash=pin_hash, by=boss
    )
    rows = [
        line(1, CODE, "Nguyễn Văn An", 345_678),
        line(2, "PA05010000002", "Đặng Thị Bình", 200_000),
        line(3, "PA05010000002", "Đặng Thị Bình", 100_000, month=9),
        line(4, "PA05010000003", "Công ty [/] ABC [@click=app.quit]x[/]", 500_000),
    ]
    file = home.path / "debts.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    bring_debts(desk, home=home.path, file=str(file), profile="cmis", encoding="", mode="all", import_id=new_id(), by=boss)
    notes = {50_000: 10, 1_000: 500}
    desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=lan.user_id, notes=notes)
    return desk


async def settle(pilot: Any) -> None:
    for _turn in range(5):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@asynccontextmanager
async def signed_in(home: Home, desk: Desk, login: str = "lan") -> AsyncIterator[Any]:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*login, "enter", *PIN, "enter")
        await settle(pilot)
        yield pilot


def taken(desk: Desk) -> shifts.Taken:
    shift = desk.see(shifts.live_shift, till_code="Q1")
    assert shift is not None
    return desk.see(shifts.taken, shift_id=shift.shift_id)


def notice(pilot: Any) -> str:
    return str(pilot.app.screen.query_one(NoticeLine).words)


def holds(desk: Desk) -> None:
    assert [c.name for c in desk.see(audit) if not c.ok] == []


async def test_one_bill_and_exact_cash_take_three_keys_after_the_code(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE.lower())
        for key in ("enter", "enter", "enter"):  # the budget is six
            await pilot.press(key)
            await settle(pilot)
        assert taken(desk).cash == 345_678
        assert pilot.app.focused.id == "find"
        assert pilot.app.focused.value == ""
    assert len(desk.paper.papers) == 1  # type: ignore[attr-defined]
    holds(desk)


async def test_a_burst_with_no_gap_takes_two_payments_in_order(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        typed = f"{CODE}⏎400k⏎⏎PA05010000002⏎⏎⏎"
        for c in typed:
            pilot.app.post_message(events.Key("enter" if c == "⏎" else c, None if c == "⏎" else c))
        for _turn in range(20):
            await settle(pilot)
        shift = desk.see(shifts.live_shift, till_code="Q1")
        assert shift is not None
        found = desk.see(payments.receipts_of_shift, shift_id=shift.shift_id)
        assert [r.amount for r in found] == [300_000, 345_678]
    holds(desk)


async def test_enter_pressed_too_often_takes_the_money_once(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE)
        for _press in range(8):
            pilot.app.post_message(events.Key("enter", None))
        for _turn in range(10):
            await settle(pilot)
        assert taken(desk).receipts == 1
    holds(desk)


async def test_too_little_cash_is_refused_in_words_and_nothing_is_taken(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE, "enter")
        await settle(pilot)
        await pilot.press(*"300k", "enter")
        await settle(pilot)
        assert "45.678" in notice(pilot)
        assert taken(desk).receipts == 0


async def test_a_name_without_marks_finds_and_several_are_listed(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*"dang", "space", *"thi", "enter")
        await settle(pilot)
        assert pilot.app.screen.query_one("#due").render().plain.strip().startswith("300.000")


async def test_neighbours_bills_join_one_basket(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE, "enter")
        await settle(pilot)
        await pilot.press("f2", *"PA05010000002", "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert taken(desk).cash == 645_678
        assert taken(desk).receipts == 1
    holds(desk)


async def test_a_hostile_name_is_shown_as_it_is(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*"PA05010000003", "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert taken(desk).cash == 500_000


async def test_skipping_the_older_bill_needs_a_supervisor_at_the_till(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*"PA05010000002", "enter")
        await settle(pilot)
        await pilot.press("f4")  # the oldest out of the basket
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert taken(desk).receipts == 0
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        await settle(pilot)
        assert taken(desk).cash == 200_000
    holds(desk)


async def test_a_receipt_is_reversed_with_a_second_person(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        for keys in ([*CODE, "enter"], ["enter"], ["enter"], ["f3"], ["f8"]):
            await pilot.press(*keys)
            await settle(pilot)
        await pilot.press(*"nham", "enter")
        await settle(pilot)
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        await settle(pilot)
        assert taken(desk).cash == 0
        assert taken(desk).reversals == 1
    holds(desk)


async def test_the_drawer_is_counted_blind_and_handed_over(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press("f6")
        await settle(pilot)
        assert "1.000.000" not in _text(pilot, "#shift-facts").split("Float")[1].split("\n", 1)[1]
        await pilot.press("f5", "down", "down", "down", *"10", "f2")
        await settle(pilot)
        assert "Shortage" in _text(pilot, "#shift-facts")
        await pilot.press("f6", *"mat tien", "enter")
        await settle(pilot)
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        await settle(pilot)
        assert desk.see(shifts.live_shift, till_code="Q1") is None
    async with signed_in(home, desk, "ngan") as pilot:
        assert len(pilot.app.screen.query_one("#waiting", RowList).items) == 1
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert desk.see(shifts.handed_over) == []
    holds(desk)


def _text(pilot: Any, selector: str) -> str:
    return str(pilot.app.screen.query_one(selector).render().plain)


async def test_the_lock_covers_and_gives_the_work_back(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE, "enter")
        await settle(pilot)
        await pilot.press("ctrl+l")
        await settle(pilot)
        await pilot.press(*PIN, "enter")
        await settle(pilot)
        assert "345.678" in _text(pilot, "#due")


async def test_wrong_pins_are_refused_and_the_fifth_locks(home: Home, desk: Desk) -> None:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"lan", "enter")
        for _try in range(5):
            await pilot.press(*"000000", "enter")
            await settle(pilot)
        assert "locked" in notice(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 10)])
@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_every_screen_opens_in_both_languages_at_every_size(
    home: Home, desk: Desk, size: tuple[int, int], lang: str
) -> None:
    use_language(lang)
    async with CounterApp(home, desk).run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press(*"lan", "enter", *PIN, "enter")
        for keys in (["f1"], ["f9"], ["f3"], ["f9"], ["f6"], ["f5"], ["f9"], ["f9"], ["f7"], ["f9"], ["ctrl+l"]):
            await settle(pilot)
            await pilot.press(*keys)
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        await settle(pilot)
        assert pilot.app.screen.query("#waiting")


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


async def typed(pilot: Any, *groups: list[str]) -> None:
    """Each group of keys, then whatever they set going."""
    for keys in groups:
        await pilot.press(*keys)
        await settle(pilot)


SECOND = [*"ngan", "enter", *PIN, "enter"]


async def test_what_cmis_withdrew_is_given_back_at_the_till(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        await typed(pilot, [*CODE, "enter"])
        assert "F3" in notice(pilot)
        await typed(pilot, ["f3"], ["f4"], ["f4"], [*"cmis huy", "enter"], SECOND)
        assert "345.678" in notice(pilot)
        assert taken(withdrawn).cash == 0
        assert pilot.app.screen.query_one("#money-back", RowList).items == []
    assert len(withdrawn.paper.papers) == 1  # type: ignore[attr-defined]
    holds(withdrawn)


async def test_it_is_kept_as_an_advance_and_the_advance_is_given_back_later(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        await typed(pilot, [*CODE, "enter"], ["f3"], ["f4"], ["f5"], [*"khach dong y", "enter"], SECOND)
        assert withdrawn.see(payments.advance_balance, customer_code=CODE) == 345_678
        assert taken(withdrawn).cash == 345_678
        (rest,) = pilot.app.screen.query_one("#money-back", RowList).items
        await typed(pilot, ["f5"])
        assert "advance already" in notice(pilot)
        await typed(pilot, ["f4"], [*"khach doi y", "enter"], SECOND)
        assert rest.too_much == 345_678
        assert (withdrawn.see(payments.advance_balance, customer_code=CODE), taken(withdrawn).cash) == (0, 0)
    holds(withdrawn)


async def test_a_supervisor_has_it_given_from_a_drawer_whose_cashier_signs(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn, "ngan") as pilot:
        await typed(pilot, ["f3"], ["enter"])
        assert "345.678" in _text(pilot, "#dialog-body")
        await typed(pilot, ["f9"], ["f4"], [*"cmis huy", "enter"], [*"ngan", "enter", *PIN, "enter"])
        assert "own act" in notice(pilot)
        assert taken(withdrawn).cash == 345_678
        await typed(pilot, ["f9"], ["f4"], [*"cmis huy", "enter"], [*"lan", "enter", *PIN, "enter"])
        assert taken(withdrawn).cash == 0
    (ended,) = withdrawn.see(bills.decided_cases)
    assert ended.resolved_by == "Vũ Thị Ngân"
    holds(withdrawn)


async def test_a_case_is_ended_in_words_by_a_supervisor_only(home: Home, withdrawn: Desk) -> None:
    async with signed_in(home, withdrawn) as pilot:
        await typed(pilot, ["f3"], ["f4"], ["f6"], [*"xong", "enter"])
        assert "supervisor" in notice(pilot)
    async with signed_in(home, withdrawn, "ngan") as pilot:
        await typed(pilot, ["enter"], ["f6"], [*"xong", "enter"])
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
