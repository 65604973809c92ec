"""Reception and the guard, by Pilot: numbers, arrivals, bookings, changes, the room; bursts without a gap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from kit import MONDAY, PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, settle, typed
from test_keys import until

from counter import queue
from counter.clock import local_day
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.locale import use_language
from counter.people import user_named
from counter.queue import TicketFacts
from counter.screens.app import CounterApp
from counter.screens.queue.guard import GuardScreen
from counter.screens.queue.reception import ReceptionScreen
from counter.screens.queue.slots import SlotsScreen, read_day
from counter.screens.till import TillScreen
from db.states import BookingChannel, TicketState

NEIGHBOUR = "PA05010000002"
TODAY = local_day(MONDAY)


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


@asynccontextmanager
async def at_reception(
    home: Home, desk: Desk, login: str = "lan", *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Any]:
    async with CounterApp(home, desk).run_test(size=size) as pilot:
        await settle(pilot)
        await burst(pilot, f"{{f4}}{login}⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, ReceptionScreen)
        yield pilot


def tickets(desk: Desk, customer: str = CODE) -> list[TicketFacts]:
    return list(desk.see(queue.tickets_of, customer_code=customer))


def listed(desk: Desk) -> list[TicketFacts]:
    return [one.ticket for one in desk.see(queue.day_tickets, day=TODAY, now=desk.clock.now())]


def state(desk: Desk, ticket: TicketFacts) -> TicketState:
    return desk.see(queue.ticket, ticket_id=ticket.ticket_id).state


def book(desk: Desk, customer: str = CODE, *, slot: int = 8 * 60 + 15, day: date = TODAY) -> TicketFacts:
    return desk.do(queue.book, ticket_id=new_id(), day=day, slot=slot, customer_code=customer, by=None)


# --- getting there ----------------------------------------------------------------------------------------------------


async def test_the_till_is_asked_for_again_after_reception(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f10}", f"lan⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, TillScreen)
        assert desk.till_code == "Q1"


async def test_reception_is_reached_from_the_till_and_left_again(home: Home, desk: Desk) -> None:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, f"lan⏎{PIN}⏎{{f9}}9{{f2}}⏎⏎{{f9}}")
        assert isinstance(pilot.app.screen, TillScreen)
        assert len(listed(desk)) == 1
        await until(lambda: "1 waiting" in screen_text(pilot))


# --- numbers and arrivals ---------------------------------------------------------------------------------------------


async def test_three_keys_give_a_number_in_large_letters(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f2}", "⏎", "⏎")
        (given,) = listed(desk)
        assert (given.number, given.class_code, given.service) == ("A001", "normal", "pay")
        seen = screen_text(pilot)
        assert "▄▀▀▀▄ ▄▀▀▀▄ ▄▀▀▀▄  ▄█" in seen and "People before: 0" in seen


async def test_a_burst_with_no_gap_gives_as_many_numbers_as_people(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await burst(pilot, f"{{f2}}⏎⏎{{f2}}1{{f9}}{{f2}}⏎1{CODE}⏎{{f2}}1⏎")
        assert [(one.number, one.class_code, one.customer_code) for one in listed(desk)] == [
            ("A002", "elderly", None),
            ("A001", "normal", None),
            ("B001", "normal", CODE),
        ]


async def test_who_is_expected_arrives_by_number_slip_or_name(home: Home, desk: Desk) -> None:
    first, second = book(desk), book(desk, NEIGHBOUR)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "1⏎")
        assert state(desk, first) is TicketState.WAITING
        await typed(pilot, f"{second.qr}⏎")
        assert state(desk, second) is TicketState.WAITING
        assert second.number in notice(pilot)


async def test_a_customer_who_is_found_shows_their_booking_and_enter_means_here(home: Home, desk: Desk) -> None:
    ticket = book(desk, NEIGHBOUR)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "dang thi binh⏎", "⏎")
        assert state(desk, ticket) is TicketState.WAITING


async def test_who_was_absent_or_on_hold_is_back_by_the_same_key(home: Home, desk: Desk) -> None:
    ticket = desk.do(queue.issue, ticket_id=new_id(), by=None)
    desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    desk.do(queue.absent, move_id=new_id(), till_code="Q1", by=None)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "a1⏎")
        assert state(desk, ticket) is TicketState.WAITING
        await typed(pilot, "⏎", "2")  # in line: Enter offers what may be done
        assert state(desk, ticket) is TicketState.HELD
        await typed(pilot, "⏎")
        assert state(desk, ticket) is TicketState.WAITING
        await typed(pilot, "{f6}", "3")
        assert state(desk, ticket) is TicketState.LEFT
    holds(desk)


async def test_a_number_that_there_is_not_is_refused_and_the_next_one_replaces_it(home: Home, desk: Desk) -> None:
    ticket = book(desk)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "9⏎")
        assert notice(pilot).startswith("✗")
        await typed(pilot, "1⏎")
        assert state(desk, ticket) is TicketState.WAITING


async def test_what_happens_elsewhere_is_seen_without_a_key(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        desk.do(queue.issue, ticket_id=new_id(), by=None)
        await until(lambda: "A001" in screen_text(pilot))


# --- bookings ---------------------------------------------------------------------------------------------------------


async def test_a_time_is_booked_for_a_customer_by_day_and_slot(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f3}", "{right}", "{down}{down}⏎", "⏎")
        (ticket,) = tickets(desk)
        tomorrow = TODAY + timedelta(days=1)
        assert (ticket.day, ticket.slot, ticket.state) == (tomorrow, "08:00", TicketState.BOOKED)
        assert ticket.channel is BookingChannel.COUNTER
        assert "24/11/2026" in notice(pilot) and "24/11 08:00" in screen_text(pilot)
    holds(desk)


async def test_a_booking_by_phone_says_so(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await burst(pilot, f"{CODE}⏎{{f3}}{{right}}⏎{{f5}}")
        assert [one.channel for one in tickets(desk)] == [BookingChannel.PHONE]


async def test_the_place_is_kept_while_the_customer_decides_and_free_again_when_they_do_not(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f3}", "⏎")
        assert "kept until 08:10" in screen_text(pilot)
        assert [one.state for one in listed(desk)] == [TicketState.DRAFT]
        await typed(pilot, "{f9}")
        assert listed(desk) == [] and tickets(desk) == []
        assert isinstance(pilot.app.screen, SlotsScreen)
    holds(desk)


async def test_a_second_booking_of_the_month_is_refused_and_its_place_is_free(home: Home, desk: Desk) -> None:
    book(desk)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f3}", "{down}⏎", "⏎")
        assert "already has" in notice(pilot)
        assert [one.state for one in listed(desk)] == [TicketState.BOOKED]
    holds(desk)


async def test_a_booking_gets_another_time_or_is_cancelled(home: Home, desk: Desk) -> None:
    ticket = book(desk)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f4}", "{right}", "⏎", "⏎")
        moved = desk.see(queue.ticket, ticket_id=ticket.ticket_id)
        assert (moved.day, moved.slot) == (TODAY + timedelta(days=1), "07:30")
        await typed(pilot, f"{CODE}⏎", "{f5}", "⏎")
        assert state(desk, ticket) is TicketState.CANCELLED
    holds(desk)


async def test_who_has_priority_gets_the_first_slots_of_a_day(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f3}", "{right}{f4}", "1", "⏎", "⏎")
        (ticket,) = tickets(desk)
        assert (ticket.slot, ticket.class_code) == ("07:30", "elderly")


async def test_a_day_is_typed_and_a_closed_one_says_why(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f3}", "{f2}", "1/1⏎")
        assert "01/01/2027" in screen_text(pilot) and "closed" in screen_text(pilot)
        await typed(pilot, "{f2}", "31/2⏎")
        assert "31/2" in notice(pilot)
        await typed(pilot, "{f2}", "20/11⏎")  # already over this year: next year's
        assert "20/11/2027" in screen_text(pilot)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25", date(2026, 11, 25)),
        ("23", date(2026, 11, 23)),
        ("5", date(2026, 12, 5)),
        ("31", date(2026, 12, 31)),
        ("25/11", date(2026, 11, 25)),
        ("5/1", date(2027, 1, 5)),
        ("29/2", date(2028, 2, 29)),
        ("1/3/2027", date(2027, 3, 1)),
        ("1/3/2020", date(2020, 3, 1)),
        ("30/2", None),
        ("0", None),
        ("32", None),
        ("1//2", None),
        ("1/2/3/4", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_day(text, today=TODAY) == day


# --- the room ---------------------------------------------------------------------------------------------------------


def inside(desk: Desk) -> tuple[int, int]:
    board = desk.see(queue.board, now=desk.clock.now())
    return board.inside, board.room_cap


async def test_each_press_at_the_door_is_one_person(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await burst(pilot, "{f7}{up}{plus}{plus}{up}{down}{minus}{up}")
        assert inside(desk) == (3, 8)
        assert isinstance(pilot.app.screen, GuardScreen)
        assert "room for 5 more" in screen_text(pilot)
    holds(desk)


async def test_a_count_that_is_wrong_is_put_right(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f4}", "8⏎")
        assert inside(desk) == (8, 8)
        assert "FULL" in screen_text(pilot)


async def test_the_next_one_waits_inside(home: Home, desk: Desk) -> None:
    ticket = desk.do(queue.issue, ticket_id=new_id(), by=None)
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f7}")
        assert "next A001" in screen_text(pilot)
        await typed(pilot, "{f2}")
        assert desk.see(queue.ticket, ticket_id=ticket.ticket_id).is_inside
        assert inside(desk) == (1, 8)


async def test_a_supervisor_signs_for_another_cap(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk) as pilot:
        await typed(pilot, "{f7}", "{f5}", "6⏎", f"huong⏎{PIN}⏎")
        assert inside(desk) == (0, 8)
        await typed(pilot, "{f9}", "{f5}", "6⏎", f"ngan⏎{PIN}⏎")
        assert inside(desk) == (0, 6)
        assert "6" in notice(pilot)


async def test_a_supervisor_at_reception_changes_the_cap_alone(home: Home, desk: Desk) -> None:
    async with at_reception(home, desk, "ngan") as pilot:
        await burst(pilot, "{f7}{f5}5⏎")
        assert inside(desk) == (0, 5)
    assert desk.see(user_named, login="ngan").login == "ngan"


# --- what stays visible -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 10)])
async def test_reception_opens_in_both_languages_at_every_size(
    home: Home, desk: Desk, lang: str, size: tuple[int, int]
) -> None:
    use_language(lang)
    book(desk)
    async with at_reception(home, desk, size=size) as pilot:
        await typed(pilot, "{f2}", "⏎", "⏎", "{f7}", "{f9}", f"{CODE}⏎", "{f3}", "{f9}", "{f4}", "{f9}", "{f6}", "{f9}")
        assert isinstance(pilot.app.screen, ReceptionScreen)
