"""The screens, by Pilot: a cashier's loop, the hand-over, the supervisor, the languages, hostile names."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, holds, notice, settle, signed_in, taken, typed
from sqlmodel import Session, update
from textual import events

from counter import payments, shifts, spool
from counter.desk import Desk
from counter.home import Home
from counter.locale import use_language
from counter.screens.app import CounterApp
from counter.screens.widgets import RowList
from db.tables import Customer


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


async def test_one_bill_and_exact_cash_take_three_keys_after_the_code(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await pilot.press(*CODE.lower())
        for key in ("enter", "enter", "enter"):  # the budget is six
            await pilot.press(key)
            await settle(pilot)
        assert taken(desk).cash == 345_678
        assert pilot.app.focused.id == "find"
        assert pilot.app.focused.value == ""
    assert [(job.kind, job.copy_no) for job in desk.see(spool.open_jobs, till_codes=["Q1"])] == [("RECEIPT", 0)]
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


async def test_all_contracts_of_a_payer_are_taken_with_one_key(home: Home, desk: Desk) -> None:
    def pays_for_all(session: Session, _now: datetime) -> None:
        session.exec(update(Customer).values(payer_code=CODE))

    desk.do(pays_for_all)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎")
        assert "3 contracts of one payer" in notice(pilot)
        await typed(pilot, "{f4}", "⏎", "⏎")
        assert taken(desk).cash == 345_678 + 200_000 + 100_000 + 500_000


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
        await pilot.press("f5", "down", "down", "down", *"10", "f2", "enter")
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
        await pilot.press(*"500000", "enter")
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
        for keys in (["f1"], ["f9"], ["f3"], ["f9"], ["f6"], ["f5"], ["f9"], ["f7"], ["f9"], ["f9"], ["ctrl+l"]):
            await settle(pilot)
            await pilot.press(*keys)
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        await settle(pilot)
        assert pilot.app.screen.query("#waiting")


async def test_a_read_whose_screen_goes_away_meanwhile_is_no_fault(home: Home, desk: Desk) -> None:
    gone = threading.Event()
    async with signed_in(home, desk, "ngan") as pilot:
        screen = pilot.app.screen
        pilot.app.look(lambda: (gone.wait(20), screen.counter.desk), lambda _found: None, group="slow")
        await pilot.press("f10")
        while screen.is_attached:
            await pilot.pause()
        gone.set()
        await settle(pilot)
        assert pilot.app.faults == []
