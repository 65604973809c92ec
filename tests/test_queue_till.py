"""The queue beside the till's loop, by Pilot: one key serves and calls; other acts, the checklist, news from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, settle, signed_in, taken, typed
from test_keys import until

from counter import office, queue, shifts
from counter.clock import local_day
from counter.desk import Desk
from counter.home import Home, sit_down
from counter.ids import new_id
from counter.locale import use_language
from counter.people import user_named
from counter.queue import TicketFacts
from counter.screens.app import CounterApp
from counter.screens.queue.checklist import ChecklistScreen
from counter.screens.till import TillScreen
from counter.screens.widgets import KeyBar
from db.states import TicketState

NEIGHBOUR = "PA05010000002"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def issue(desk: Desk, customer: str | None = None, class_code: str = "") -> TicketFacts:
    return desk.do(queue.issue, ticket_id=new_id(), customer_code=customer, class_code=class_code, by=None)


def state(desk: Desk, ticket: TicketFacts) -> TicketState:
    return desk.see(queue.ticket, ticket_id=ticket.ticket_id).state


def demand_checklist(desk: Desk) -> None:
    text = queue.shipped_rules().replace("checklist_demanded = false", "checklist_demanded = true")
    desk.do(queue.set_rules, content=text, file="office.toml", by=desk.see(user_named, login="ngan").user_id)


async def test_one_key_calls_the_first_of_the_line_and_the_bills_are_there(home: Home, desk: Desk) -> None:
    first = issue(desk, CODE)
    issue(desk)
    async with signed_in(home, desk) as pilot:
        assert "2 waiting" in screen_text(pilot)
        await typed(pilot, "{f7}")
        assert state(desk, first) is TicketState.CALLED
        seen = screen_text(pilot)
        assert f" {first.number} " in seen and "Nguyễn Văn An" in seen and "1 waiting" in seen and "inside 1/8" in seen
        await typed(pilot, "⏎", "⏎", "⏎")
        assert taken(desk).cash == 345_678


async def test_after_the_receipt_one_key_serves_and_calls_the_next(home: Home, desk: Desk) -> None:
    first, second = issue(desk, CODE), issue(desk, NEIGHBOUR)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}", "⏎", "⏎", "⏎", "{f7}")
        assert (state(desk, first), state(desk, second)) == (TicketState.SERVED, TicketState.CALLED)
        assert "Đặng Thị Bình" in screen_text(pilot)
    holds(desk)


async def test_a_burst_with_no_gap_calls_takes_serves_and_calls(home: Home, desk: Desk) -> None:
    tickets = [issue(desk, CODE), issue(desk, NEIGHBOUR), issue(desk)]
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "{f7}⏎400k⏎⏎{f7}⏎⏎⏎{f7}")
        assert [state(desk, one) for one in tickets] == [TicketState.SERVED, TicketState.SERVED, TicketState.CALLED]
        assert (taken(desk).receipts, taken(desk).cash) == (2, 645_678)
    holds(desk)


async def test_enter_pressed_too_often_before_the_call_takes_nothing_from_who_is_called(home: Home, desk: Desk) -> None:
    issue(desk, NEIGHBOUR)
    async with signed_in(home, desk) as pilot:
        await burst(pilot, f"{CODE}⏎⏎⏎⏎⏎{{f7}}⏎⏎")
        assert taken(desk).receipts == 1


async def test_nobody_is_called_over_bills_that_are_not_paid(home: Home, desk: Desk) -> None:
    first = issue(desk, CODE)
    second = issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f7}")
        assert (state(desk, first), state(desk, second)) == (TicketState.CALLED, TicketState.WAITING)
        assert "F8" in notice(pilot)
        await typed(pilot, "{f8}", "{f7}")
        assert (state(desk, first), state(desk, second)) == (TicketState.SERVED, TicketState.CALLED)


async def test_the_menu_calls_nobody_whom_the_key_would_not_call(home: Home, desk: Desk) -> None:
    first, second = issue(desk, CODE), issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f9}1")
        assert (state(desk, first), state(desk, second)) == (TicketState.CALLED, TicketState.WAITING)
        assert "F8" in notice(pilot) and "Nguyễn Văn An" in screen_text(pilot)


async def test_a_digit_after_a_key_that_means_nothing_in_the_menu_decides_nothing(home: Home, desk: Desk) -> None:
    first = issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f9}", "x", "1")
        assert state(desk, first) is TicketState.WAITING
        await typed(pilot, "{f8}", "{f9}1")
        assert state(desk, first) is TicketState.CALLED


async def test_who_stands_here_is_served_although_nobody_waits(home: Home, desk: Desk) -> None:
    only = issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f7}")
        assert state(desk, only) is TicketState.SERVED
        assert only.number in notice(pilot) and "Nobody is waiting" in notice(pilot)
        await typed(pilot, "{f7}")
        assert notice(pilot).startswith("✗")


async def test_a_full_room_says_who_leaves_next(home: Home, desk: Desk) -> None:
    desk.do(office.add_till, code="Q2", by=desk.see(user_named, login="ngan").user_id)
    issue(desk), issue(desk)
    desk.do(queue.call_next, call_id=new_id(), till_code="Q2", by=None)
    desk.do(queue.count_room, move_id=new_id(), people=8, by=None)
    async with signed_in(home, desk) as pilot:
        assert "8/8 · FULL" in screen_text(pilot)
        await typed(pilot, "{f7}")
        assert "A001" in notice(pilot) and "Q2" in notice(pilot)


@pytest.mark.parametrize(
    ("digit", "left"),
    [("3", TicketState.SERVED), ("4", TicketState.ABSENT), ("6", TicketState.HELD), ("7", TicketState.LEFT)],
)
async def test_each_act_has_its_digit_and_the_bills_of_who_is_gone_go(
    home: Home, desk: Desk, digit: str, left: TicketState
) -> None:
    ticket = issue(desk, CODE)
    async with signed_in(home, desk) as pilot:
        await burst(pilot, f"{{f7}}{{f9}}{digit}")
        assert state(desk, ticket) is left
        assert ("345.678" in screen_text(pilot)) is (left is TicketState.SERVED)
        assert ticket.number in notice(pilot)
    holds(desk)


async def test_calling_again_is_counted_and_refused_after_the_last_time(home: Home, desk: Desk) -> None:
    issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f9}2", "{f9}2")
        assert "called 3 times" in screen_text(pilot)
        await typed(pilot, "{f9}2")
        assert "absent" in notice(pilot)


async def test_a_ticket_goes_to_another_till_or_service(home: Home, desk: Desk) -> None:
    desk.do(office.add_till, code="Q2", by=desk.see(user_named, login="ngan").user_id)
    ticket = issue(desk)
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "{f7}{f9}51")
        assert desk.see(queue.ticket, ticket_id=ticket.ticket_id).wanted_till == "Q2"
        again = issue(desk)
        await burst(pilot, "{f7}{f9}53")
        assert desk.see(queue.ticket, ticket_id=again.ticket_id).service == "service"


async def test_acts_that_need_a_ticket_are_not_offered_without_one(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f9}")
        assert "Call again" not in screen_text(pilot) and "Safety checklist" in screen_text(pilot)
        await typed(pilot, "{f9}")
        assert isinstance(pilot.app.screen, TillScreen)


async def test_what_another_till_does_is_seen_without_a_key(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        assert "0 waiting" in screen_text(pilot)
        issue(desk)
        await until(lambda: "1 waiting" in screen_text(pilot))


async def test_without_an_open_shift_nobody_is_called(home: Home, desk: Desk) -> None:
    ticket = issue(desk)
    desk.do(office.add_till, code="Q2", by=desk.see(user_named, login="ngan").user_id)
    other = sit_down(home, till_code="Q2")
    desk.till_code = "Q2"
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}")
        assert state(desk, ticket) is TicketState.WAITING
        assert notice(pilot).startswith("✗")
    other.database.close()


# --- the checklist ----------------------------------------------------------------------------------------------------


@pytest.fixture
def morning(desk: Desk) -> Desk:
    """No shift is open at the till."""
    lan = desk.see(user_named, login="lan").user_id
    shift = desk.see(shifts.last_shift, till_code="Q1")
    assert shift is not None
    notes = {50_000: 10, 1_000: 500}
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, notes=notes, by=lan)
    desk.do(shifts.hand_over, shift_id=shift.shift_id, reason="", by=lan)
    return desk


def signed(desk: Desk) -> queue.Checklist:
    return desk.see(queue.checklist, till_code=desk.till_code, day=local_day(desk.clock.now()))


async def test_a_till_that_opens_its_day_signs_its_checklist_before_the_float(home: Home, morning: Desk) -> None:
    async with signed_in(home, morning) as pilot:
        await burst(pilot, "{f6}{f2}⏎⏎⏎⏎⏎{f2}")
        assert signed(morning).is_signed and {item.answer for item in signed(morning).items} == {True}
        assert pilot.app.screen.query("#notes")
        await typed(pilot, "{f9}", "{f2}")  # the second time that day
        assert pilot.app.screen.query("#notes")


async def test_what_is_missing_is_said_in_a_remark(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f9}8", "⏎{f4}⏎⏎⏎{f2}", "het khau trang⏎")
        assert [item.answer for item in signed(desk).items] == [True, False, True, True, True]
        assert signed(desk).remark == "het khau trang"
        assert isinstance(pilot.app.screen, TillScreen)


async def test_an_item_without_an_answer_is_named(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f9}8", "⏎⏎{f2}")
        assert "Vạch giãn cách" in notice(pilot)
        assert isinstance(pilot.app.screen, ChecklistScreen) and not signed(desk).is_signed


async def test_a_till_that_must_sign_first_gets_what_it_must_sign(home: Home, desk: Desk) -> None:
    demand_checklist(desk)
    ticket = issue(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f7}")
        assert isinstance(pilot.app.screen, ChecklistScreen)
        await burst(pilot, "⏎⏎⏎⏎⏎{f2}{f7}")
        assert state(desk, ticket) is TicketState.CALLED


async def test_the_checklist_can_be_signed_later_and_money_is_taken_without_it(home: Home, morning: Desk) -> None:
    async with signed_in(home, morning) as pilot:
        await typed(pilot, "{f6}", "{f2}", "{f8}")
        assert pilot.app.screen.query("#notes") and not signed(morning).is_signed


# --- what stays visible -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_every_key_of_the_till_is_on_the_screen_at_80_by_24(home: Home, desk: Desk, lang: str) -> None:
    use_language(lang)
    issue(desk, CODE)
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"lan", "enter", *PIN, "enter")
        await settle(pilot)
        await typed(pilot, "{f7}")
        bar: Any = pilot.app.screen.query_one(KeyBar)
        assert bar.lines(80)[1] == 0, "a key was left out"
        assert "345.678" in screen_text(pilot) and "A001" in screen_text(pilot)
        for key in ("F7", "F9"):
            assert key in screen_text(pilot)
