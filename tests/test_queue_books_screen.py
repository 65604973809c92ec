"""Collection days of meter books and the call centre's file on the screen, by Pilot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from kit import MONDAY, PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, settle, typed
from test_keys import until
from test_queue_books import put_books

from counter import queue
from counter.clock import local_day
from counter.desk import Desk
from counter.home import Home
from counter.screens.app import CounterApp
from counter.screens.queue.bookings import BookingsScreen
from counter.screens.queue.books import BooksScreen, read_window
from counter.screens.queue.day import QueueDayScreen

TODAY = local_day(MONDAY)
SOONEST = TODAY + timedelta(days=3)
HEAD = "Mã khách hàng,Ngày hẹn,Giờ hẹn"


@pytest.fixture
def desk(home: Home) -> Desk:
    found = an_office(home)
    found.do(put_books, books={"PA0501002": 20, "PA0501003": 10})
    return found


@asynccontextmanager
async def at(home: Home, desk: Desk, key: str, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Any]:
    async with CounterApp(home, desk).run_test(size=size) as pilot:
        await settle(pilot)
        await burst(pilot, f"ngan⏎{PIN}⏎{{f6}}{key}")
        yield pilot


def words(pilot: Any) -> str:
    return " ".join(screen_text(pilot).split())


def booked(desk: Desk) -> int:
    days = [SOONEST + timedelta(days=n) for n in range(40)]
    return sum(one.booked for day in days for one in desk.see(queue.slots, day=day, now=desk.clock.now()).slots)


# --- meter books ------------------------------------------------------------------------------------------------------


async def test_books_are_proposed_days_and_given_places(home: Home, desk: Desk) -> None:
    async with at(home, desk, "{f5}") as pilot:
        assert isinstance(pilot.app.screen, BooksScreen)
        assert "window: 26/11/2026 – 09/12/2026 · heard of 3 days before: from 26/11/2026 on" in words(pilot)
        assert "3 of 3 books, 33 customers without a place" in words(pilot)
        await typed(pilot, "{f2}")
        assert booked(desk) == 0  # nothing is proposed yet: the key does nothing
        await typed(pilot, "⏎")
        assert "proposed" in words(pilot) and "0 of 33 on another day than by habit" in words(pilot)
        await typed(pilot, "{f2}", "⏎")
        assert "33 places given." in notice(pilot)
        assert "0 of 0 books" in words(pilot)
        assert booked(desk) == 33
    holds(desk)


async def test_only_the_ticked_books_get_days_and_another_choice_forgets_the_proposal(home: Home, desk: Desk) -> None:
    async with at(home, desk, "{f5}") as pilot:
        await typed(pilot, "{f4}", "⏎")
        assert "Tick the books first" in notice(pilot)
        await typed(pilot, "{down} ", "⏎")
        plan = pilot.app.screen.plan
        assert [book.book_code for book in plan.books] == ["PA0501002"]
        await typed(pilot, " ")
        assert pilot.app.screen.plan is None
        await typed(pilot, "⏎", "{left}")
        assert pilot.app.screen.plan is None and "at most 50%" in words(pilot)
        await typed(pilot, "⏎{f2}", "{f9}")
        assert booked(desk) == 0


async def test_a_window_is_typed_and_one_too_near_says_the_first_day(home: Home, desk: Desk) -> None:
    async with at(home, desk, "{f5}") as pilot:
        await typed(pilot, "{f3}", "1/12-5/12⏎")
        assert "window: 01/12/2026 – 05/12/2026" in words(pilot)
        await typed(pilot, "{f3}", "24/11-25/11⏎", "⏎")
        assert "the first possible day is 26/11/2026" in notice(pilot)
        await typed(pilot, "{f3}", "abc-1/2⏎")  # letters do not enter the field
        assert "no window" in notice(pilot) or "1/2" in words(pilot)


async def test_what_is_stopped_while_it_runs_gives_nothing(home: Home, desk: Desk) -> None:
    async with at(home, desk, "{f5}") as pilot:
        await typed(pilot, "⏎", "{f2}")
        with desk.database.write():  # somebody else writes: the giving waits for its turn
            await pilot.press("enter")
            await until(lambda: pilot.app.screen.is_running_long)
            await pilot.press("f9")  # not away from it
            await until(lambda: "It still runs" in notice(pilot))
            await pilot.press("f2", "enter", "f8")  # nothing is begun twice
            await until(pilot.app.screen.stop.is_set)
        await settle(pilot)
        await until(lambda: "no place was given" in notice(pilot))
        assert isinstance(pilot.app.screen, BooksScreen)
        assert booked(desk) == 0
        await typed(pilot, "{f9}")
        assert isinstance(pilot.app.screen, QueueDayScreen)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("25/11-10/12", (date(2026, 11, 25), date(2026, 12, 10))),
        ("25/12 – 5/1", (date(2026, 12, 25), date(2027, 1, 5))),
        ("25/11/2026-26/11/2026", (date(2026, 11, 25), date(2026, 11, 26))),
        ("25/11", None),
        ("32/11-1/12", None),
        ("1-2-3", None),
    ],
)
def test_a_window_is_read_as_people_write_it(text: str, window: tuple[date, date] | None) -> None:
    assert read_window(text, today=TODAY) == window


# --- the call centre's file -------------------------------------------------------------------------------------------


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "hen.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


async def test_a_file_is_tried_and_brought_in(home: Home, desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, f"{CODE},25/11/2026,9h30")
    async with at(home, desk, "{f6}") as pilot:
        assert isinstance(pilot.app.screen, BookingsScreen)
        await typed(pilot, "⏎")
        assert "Type the path" in notice(pilot)
        pilot.app.screen.query_one("#bookings-file").value = str(path)
        await typed(pilot, "⏎")
        assert "1 would be booked" in words(pilot) and "F2 brings it in" in notice(pilot)
        assert desk.see(queue.tickets_of, customer_code=CODE) == ()
        await typed(pilot, "{f2}")
        assert "1 booked" in words(pilot)
        (ticket,) = desk.see(queue.tickets_of, customer_code=CODE)
        assert (ticket.slot, ticket.day) == ("09:30", date(2026, 11, 25))
    holds(desk)


async def test_wrong_lines_are_listed_and_the_rest_goes_in_after_a_question(home: Home, desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, f"{CODE},25/11/2026,9h30", f"{CODE[:-1]}2,25/11/2026,12:30")
    async with at(home, desk, "{f6}") as pilot:
        pilot.app.screen.query_one("#bookings-file").value = str(path)
        await typed(pilot, "{f6}")
        assert desk.see(queue.tickets_of, customer_code=CODE) == ()  # nobody saw the wrong lines yet
        await typed(pilot, "{f2}")
        assert desk.see(queue.tickets_of, customer_code=CODE) == ()  # one wrong line: none goes in
        assert "12:30" in words(pilot)
        await typed(pilot, "{f6}", "⏎")
        assert "1 booked" in words(pilot)
        assert len(desk.see(queue.tickets_of, customer_code=CODE)) == 1


async def test_a_file_that_cannot_be_read_says_why(home: Home, desk: Desk, tmp_path: Path) -> None:
    async with at(home, desk, "{f6}") as pilot:
        pilot.app.screen.query_one("#bookings-file").value = str(tmp_path / "nothing.csv")
        await typed(pilot, "⏎")
        assert "nothing.csv" in notice(pilot)
        await typed(pilot, "{f9}")
        assert isinstance(pilot.app.screen, QueueDayScreen)
