"""The supervisor's day of the queue, by Pilot: what is seen in words and as a plot, and what its keys change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from kit import MONDAY, PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, settle, typed
from test_keys import until

from counter import queue
from counter.clock import StillClock, local_day
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.locale import use_language
from counter.queue import Quarter
from counter.screens.app import CounterApp
from counter.screens.queue.day import QueueDayScreen
from counter.screens.queue.day_told import break_after
from counter.screens.queue.quarters import columns_of, window
from counter.screens.supervisor import SupervisorScreen
from counter.screens.themes import THEMES

TODAY = local_day(MONDAY)
NEIGHBOUR = "PA05010000002"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


@asynccontextmanager
async def at_the_day(home: Home, desk: Desk, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Any]:
    async with CounterApp(home, desk).run_test(size=size) as pilot:
        await settle(pilot)
        await burst(pilot, f"ngan⏎{PIN}⏎{{f6}}")
        assert isinstance(pilot.app.screen, QueueDayScreen)
        await until(lambda: "└" in screen_text(pilot))
        yield pilot


def issue(desk: Desk) -> None:
    desk.do(queue.issue, ticket_id=new_id(), by=None)


def serve(desk: Desk) -> None:
    desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    desk.do(queue.serve, move_id=new_id(), till_code="Q1", by=None)


def move(desk: Desk, minutes: int) -> None:
    assert isinstance(desk.clock, StillClock)
    desk.clock.move(timedelta(minutes=minutes))


def quarters(desk: Desk) -> dict[str, Quarter]:
    return {one.slot: one for one in desk.see(queue.day_load, day=TODAY, now=desk.clock.now()).quarters}


def words(pilot: Any) -> str:
    return " ".join(screen_text(pilot).split())


# --- seeing -----------------------------------------------------------------------------------------------------------


async def test_the_day_is_told_in_words_in_figures_and_as_signs_of_their_own(home: Home, desk: Desk) -> None:
    desk.do(queue.book, ticket_id=new_id(), day=TODAY, slot=9 * 60, customer_code=CODE, by=None)
    for _ in range(2):
        issue(desk)
    move(desk, 20)
    serve(desk)
    issue(desk)
    async with at_the_day(home, desk, size=(120, 36)) as pilot:
        seen = words(pilot)
        assert "Monday 23/11/2026 · inside 0/8 · 2 waiting" in seen
        assert "given 4 of" in seen and "came 3 · served 1 · missed 0" in seen
        assert "crowding: 20 pair-minutes, 667 for 100 people · most on site 2, inside 1" in seen
        assert "1 told waits off by" in seen
        assert "08:15▼ 1 " in seen  # the quarter it is now, in the list
        plot = [line[:60] for line in screen_text(pilot).splitlines()]
        for sign in "▒─ox▼▲":
            assert any(sign in line for line in plot[7:-3]), sign


async def test_what_happens_elsewhere_is_seen_without_a_key_and_the_cursor_stays(home: Home, desk: Desk) -> None:
    async with at_the_day(home, desk) as pilot:
        await typed(pilot, "{down}{down}")
        issue(desk)
        await until(lambda: "1 waiting" in screen_text(pilot))
        assert pilot.app.screen.rows.cursor == 4  # 08:00, and two further


async def test_other_days_are_a_key_away_and_a_closed_one_says_why(home: Home, desk: Desk) -> None:
    content = '[closed]\n"2026-11-24" = "Hội nghị khách hàng"'
    boss = desk.see(_boss)
    desk.do(queue.set_rules, content=content, file="x", by=boss)
    async with at_the_day(home, desk) as pilot:
        await typed(pilot, "{right}")
        assert "Tuesday 24/11/2026 · closed: Hội nghị khách hàng" in words(pilot)
        await typed(pilot, "{f2}")
        assert "no times on this day" in notice(pilot)
        await typed(pilot, "{left}{left}")
        assert "Sunday 22/11/2026" in words(pilot)
        await typed(pilot, "{f4}")
        assert "22/11/2026" in notice(pilot)  # over: refused
        await burst(pilot, "{right}{right}{right}{left}{left}")
        assert "Monday 23/11/2026" in words(pilot)
        await typed(pilot, "{f9}")
        assert isinstance(pilot.app.screen, SupervisorScreen)


# --- changing ---------------------------------------------------------------------------------------------------------


async def test_tills_are_cut_from_the_quarter_under_the_cursor_to_the_end(home: Home, desk: Desk) -> None:
    desk.do(queue.book, ticket_id=new_id(), day=TODAY, slot=15 * 60, customer_code=CODE, by=None)
    async with at_the_day(home, desk) as pilot:
        await burst(pilot, "{down}{down}{f2}0⏎⏎")
        after = quarters(desk)
        assert (after["08:15"].tills, after["08:30"].tills, after["16:15"].tills) == (1, 0, 0)
        assert "Shared out anew" in notice(pilot)
        assert "1 above the places stay promised" in words(pilot)
        await typed(pilot, "{pagedown}{pagedown}")
        assert "15:00 1! 0" in words(pilot)
    holds(desk)


@pytest.mark.parametrize(("keys", "open_again"), [("1", "13:30"), ("2", "08:15")])
async def test_tills_are_added_until_the_break_or_for_one_quarter(
    home: Home, desk: Desk, keys: str, open_again: str
) -> None:
    async with at_the_day(home, desk) as pilot:
        await typed(pilot, "{f2}", "3⏎", keys)
        after = quarters(desk)
        assert (after["08:00"].tills, after[open_again].tills) == (3, 1)


async def test_the_cap_of_the_room_and_the_rest_of_the_day(home: Home, desk: Desk) -> None:
    before = quarters(desk) or None
    async with at_the_day(home, desk) as pilot:
        await typed(pilot, "{f3}", "4⏎")
        assert "At most 4 people inside on 23/11/2026" in notice(pilot)
        assert "inside 0/4" in words(pilot)
        for _ in range(6):
            issue(desk)
        move(desk, 46)
        await typed(pilot, "{f4}")
        assert "Shared out anew" in notice(pilot)
        assert sum(one.places for one in quarters(desk).values() if not one.is_over) > 0
    assert before is None  # nothing was laid out before the day was looked at
    holds(desk)


async def test_a_question_that_is_not_answered_changes_nothing(home: Home, desk: Desk) -> None:
    async with at_the_day(home, desk) as pilot:
        was = quarters(desk)
        await typed(pilot, "{f2}", "{f9}", "{f2}", "2⏎", "{f9}", "{f3}", "{f9}")
        assert isinstance(pilot.app.screen, QueueDayScreen)
        assert quarters(desk) == was


# --- the plot ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16), (200, 60)])
async def test_the_day_is_drawn_at_every_size_in_every_look(
    home: Home, desk: Desk, size: tuple[int, int], lang: str
) -> None:
    use_language(lang)
    issue(desk)
    async with at_the_day(home, desk, size=size) as pilot:
        colours = {}
        for theme in THEMES:
            pilot.app.theme = theme.name
            await settle(pilot)
            assert "▼" in screen_text(pilot)
            colours[theme.name] = {str(span.style) for span in pilot.app.screen.plot.render().spans}
        assert not pilot.app.faults
        assert len(colours["quay-dark"]) > 1
        assert colours["quay-console"] == set()  # sixteen colours: its own foreground, the signs say all


def quarter(minute: int, **more: int) -> Quarter:
    facts = {"tills": 1, "places": 3, "given": 0, "came": 0, "served": 0, "most": 0, **more}
    return Quarter(minute=minute, slot="", is_over=False, **facts)


def test_a_break_leaves_columns_free_and_a_long_day_shows_what_is_near_the_cursor() -> None:
    day = [quarter(minute) for minute in (*range(450, 690, 15), *range(810, 990, 15))]
    columns = columns_of(day)
    assert columns[:3] == [0, 1, 2] and columns[16] == columns[15] + 2
    assert window(columns, 0, room=100) == (0, 27)
    first, last = window(columns, 20, room=10)
    assert first <= 20 <= last and columns[last] - columns[first] < 10
    assert break_after(day, 450) == 690 and break_after(day, 810) is None


def _boss(session: Any) -> Any:
    from counter.people import user_named

    return user_named(session, login="ngan").user_id
