"""Who types ahead of a screen that reads from the books means what comes: keys wait for it, in order."""

from __future__ import annotations

import threading
from dataclasses import fields
from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, settle, signed_in, taken, typed

from counter import shifts, spool
from counter.desk import Desk
from counter.home import Home
from counter.screens.app import CounterApp
from counter.screens.money_back import MoneyBackScreen
from counter.screens.notes import Notes
from counter.screens.widgets import Ask, Confirm
from tests.test_keys import strokes


@pytest.fixture
def desk(home: Home) -> Desk:
    LateDesk.gate.set()
    desk = an_office(home)
    return LateDesk(**{field.name: getattr(desk, field.name) for field in fields(Desk)})


class LateDesk(Desk):
    """Books that answer only when the gate is open."""

    gate = threading.Event()

    def see(self, *args: Any, **named: Any) -> Any:
        self.gate.wait(20)
        return super().see(*args, **named)


async def ahead(pilot: Any, keys: str) -> None:
    """The keys come while the books are still being read."""
    LateDesk.gate.clear()
    for event in strokes(keys):
        pilot.app.post_message(event)
    for _turn in range(5):
        await pilot.pause()
    LateDesk.gate.set()
    await burst(pilot, "")


@pytest.mark.parametrize(("keys", "kind"), [("{f6}{f5}", Notes), ("{f6}{f3}", Ask), ("{f6}{f4}", Ask)])
async def test_the_shift_screen_knows_its_shift_before_its_keys(
    home: Home, desk: Desk, keys: str, kind: type[object]
) -> None:
    async with signed_in(home, desk) as pilot:
        await ahead(pilot, keys)
        assert isinstance(pilot.app.screen, kind)


async def test_a_count_and_its_hand_over_in_one_burst(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        count = "{down}{down}{down}10⏎" + "⏎" * 4 + "498⏎"
        await burst(pilot, "{f6}{f5}" + count + "{f2}⏎{f6}thieu hai to⏎")
        shift = desk.see(shifts.last_shift, till_code="Q1")
        assert shift is not None
        assert shift.difference_reason == "thieu hai to"


async def test_from_the_pin_to_the_receipt_in_one_burst(home: Home, desk: Desk) -> None:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await ahead(pilot, f"lan⏎{PIN}⏎{CODE}⏎⏎⏎")
        assert taken(desk).receipts == 1
    holds(desk)


async def test_a_shift_opened_and_money_taken_in_one_burst(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}", "{down}{down}{down}10⏎⏎⏎⏎⏎500⏎{f2}", "⏎", "{f6}")
        await ahead(pilot, f"{{f2}}{{f8}}1⏎{{f2}}⏎{CODE}⏎⏎")
        assert isinstance(pilot.app.screen, Confirm)


async def test_the_supervisors_enter_means_what_waits(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎", "{f3}", "{f8}", "nham⏎", "{f6}")
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await ahead(pilot, f"ngan⏎{PIN}⏎⏎")
        assert "Reverse a receipt" in screen_text(pilot)
        await burst(pilot, "{f5}⏎")
        assert isinstance(pilot.app.screen, type(pilot.app.screen_stack[1]))


async def test_papers_that_wait_are_known_before_the_key_that_ends_them(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎")
        await ahead(pilot, "{ctrl+g}{f4}")
        assert "not printed" in notice(pilot)
        assert desk.see(spool.open_jobs, till_codes=["Q1"]) == []


async def test_money_back_begins_with_its_rows(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f5}", "1⏎⏎", "⏎", "{f2}{backspace}⏎⏎⏎", f"{CODE}⏎")
        await ahead(pilot, "{f3}{f4}{f4}")
        assert isinstance(pilot.app.screen_stack[-2], MoneyBackScreen)
        assert isinstance(pilot.app.screen, Ask)
