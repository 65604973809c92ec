"""What a cashier stumbles over in a day: nothing typed is lost, nothing said is cut, every box is in the middle."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, notice, screen_text, settle, signed_in, typed
from textual import events

from counter import payments, queue
from counter.desk import Desk
from counter.home import Home
from counter.locale import use_language
from counter.papers import receipt_paper
from counter.printing import as_text
from counter.screens.money_back import MoneyBackScreen
from counter.screens.own_pin import OwnPin
from counter.screens.shift import ShiftScreen
from counter.screens.till import TillScreen

OTHER = "PA05010000002"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def words(pilot: Any) -> str:
    return " ".join(screen_text(pilot).split())


# --- F9 at the till --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed_on", ["nguyễn", "0912345678", "pa0501"])
async def test_what_is_typed_over_the_queues_menu_goes_where_it_was_meant(home: Home, desk: Desk, typed_on: str) -> None:
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "{f9}" + typed_on)
        assert isinstance(pilot.app.screen, TillScreen)
        assert pilot.app.screen.finder.box.value == typed_on


async def test_a_scan_over_the_queues_menu_is_a_search(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f9}")
        pilot.app.post_message(events.Paste(CODE))
        await typed(pilot, "⏎")
        assert [bill.customer_code for bill in pilot.app.screen.bills.items] == [CODE]


async def test_an_amount_typed_over_the_queues_menu_goes_on_in_its_field(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await burst(pilot, f"{CODE}⏎{{f9}}k")
        assert pilot.app.screen.basket.tender.value == "k"


async def test_the_menu_calls_nobody_over_somebodys_bills(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f9}", "1")
        assert pilot.app.screen.bills.ticked_items
        assert "Bills are still here" in notice(pilot)
        assert desk.see(queue.ticket_at_till, till_code="Q1", now=desk.clock.now()) is None


# --- by name ---------------------------------------------------------------------------------------------------------


async def test_the_palette_at_the_till_knows_what_lies_behind_f6(home: Home, desk: Desk) -> None:
    use_language("vi")
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{ctrl+p}", "ban giao")
        assert "F6 F6" in screen_text(pilot)
        await typed(pilot, "⏎")
        assert isinstance(pilot.app.screen, ShiftScreen)
        await typed(pilot, "{f9}", "{ctrl+p}", "kiem dem⏎", "{f9}")
        assert isinstance(pilot.app.screen, ShiftScreen)


# --- said whole, and in one language ----------------------------------------------------------------------------------


async def test_the_last_result_is_not_left_in_the_old_language(home: Home, desk: Desk) -> None:
    use_language("vi")
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎")
        assert "Khách đưa" in words(pilot)
        await typed(pilot, "{f6}", "{f7}", "⏎", "⏎", "{f9}", "{f9}")
        for old in ("Đã thu", "Khách đưa", "biên nhận", "Xong"):
            assert old not in words(pilot)
        assert "Type a code" in words(pilot)


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_an_empty_list_says_its_sentence_to_the_end(home: Home, desk: Desk, lang: str) -> None:
    use_language(lang)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f3}", "{f4}")
        assert isinstance(pilot.app.screen, MoneyBackScreen)
        assert {"vi": "thu tiền trước", "en": "at the till first"}[lang] in words(pilot)
        assert "…" not in screen_text(pilot)


async def test_a_long_reason_of_the_safe_is_whole_on_the_shift(home: Home, desk: Desk) -> None:
    reason = "nop bot tien vao ket theo yeu cau cua phu trach vi ngan keo da qua day va sap den gio nghi trua"
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f3}", "100k⏎", f"{reason}⏎")
        assert reason in words(pilot)
        assert "-100.000" in words(pilot)


async def test_a_reversed_receipt_confirms_nothing(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎", "{f3}", "{f8}", "nham⏎", f"ngan⏎{PIN}⏎", "⏎")
        assert "REVERSED" in screen_text(pilot)
    first = desk.see(payments.receipts_of_customer, customer_code=CODE)
    for line in first:
        paper = as_text(desk.see(receipt_paper, payment_id=line.payment_id, settings=home.settings))
        assert "confirms payment" not in paper
        assert ("confirms no payment" in " ".join(paper.split())) is bool(line.reversed_by)


async def test_the_box_for_the_own_pin_is_in_the_middle(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f7}", "{f4}")
        assert isinstance(pilot.app.screen, OwnPin)
        box = pilot.app.screen.query_one(".box").region
        assert abs(box.x - (80 - box.right)) <= 1
        assert abs(box.y - (24 - box.bottom)) <= 1
        await settle(pilot)
