"""A day quarter by quarter, and the rest of it shared out anew from how it stands. Each test on both kinds of database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kit import MONDAY, Staff, put_bill

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.people import NotAllowed
from counter.queue import Quarter
from counter.queue.rules import Given, share_out

TODAY = date(2026, 11, 23)
CODES = tuple(f"PA05LG{n:07d}" for n in range(1, 30))


@pytest.fixture(autouse=True)
def customers(desk: Desk) -> None:
    for number, code in enumerate(CODES, 1):
        desk.do(put_bill, code=code, number=number, amount=100_000)


def at(clock: StillClock, hour: int, minute: int = 0) -> None:
    clock.move(MONDAY + timedelta(hours=hour - 8, minutes=minute) - clock.now())


def issue(desk: Desk) -> queue.TicketFacts:
    return desk.do(queue.issue, ticket_id=new_id(), by=None)


def book(desk: Desk, slot: int, customer: str) -> queue.TicketFacts:
    return desk.do(queue.book, ticket_id=new_id(), day=TODAY, slot=slot, customer_code=customer, by=None)


def serve(desk: Desk, till: str = "Q1") -> None:
    desk.do(queue.call_next, call_id=new_id(), till_code=till, by=None)
    desk.do(queue.serve, move_id=new_id(), till_code=till, by=None)


def quarter(desk: Desk, slot: str) -> Quarter:
    load = desk.see(queue.day_load, day=TODAY, now=desk.clock.now())
    return next(one for one in load.quarters if one.slot == slot)


def places(desk: Desk) -> dict[str, int]:
    return {one.slot: one.places for one in desk.see(queue.day_load, day=TODAY, now=desk.clock.now()).quarters}


# --- what is seen -----------------------------------------------------------------------------------------------------


def test_who_came_and_who_was_served_is_told_by_the_clock(desk: Desk, clock: StillClock) -> None:
    booked = book(desk, 8 * 60 + 30, CODES[0])
    issue(desk)
    desk.do(queue.arrive, move_id=new_id(), ticket_id=booked.ticket_id, by=None)  # half an hour early
    at(clock, 8, 20)
    serve(desk)
    eight, later, promised = quarter(desk, "08:00"), quarter(desk, "08:15"), quarter(desk, "08:30")
    assert (eight.came, eight.served, eight.most, eight.is_over) == (2, 0, 2, True)
    assert (later.came, later.served, later.most, later.is_over) == (0, 1, 2, False)
    assert (promised.given, promised.came) == (1, 0)


def test_the_words_of_now_are_those_of_the_board(desk: Desk) -> None:
    for _ in range(3):
        issue(desk)
    desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    load = desk.see(queue.day_load, day=TODAY, now=desk.clock.now())
    assert (load.inside, load.room_cap, load.waiting, load.now_minute) == (1, 8, 2, 480)
    assert load.report == desk.see(queue.day_report, day=TODAY, now=desk.clock.now())
    tomorrow = desk.see(queue.day_load, day=TODAY + timedelta(days=1), now=desk.clock.now())
    assert (tomorrow.now_minute, tomorrow.quarters, tomorrow.closed) == (None, (), "")


def test_what_happens_in_the_break_is_in_the_plot_and_a_closed_day_says_why(desk: Desk, clock: StillClock) -> None:
    at(clock, 12, 10)
    issue(desk)
    noon = quarter(desk, "12:00")
    assert (noon.came, noon.places, noon.tills) == (1, 0, 0)
    new_year = desk.see(queue.day_load, day=date(2027, 1, 1), now=clock.now())
    assert new_year.closed == "Tết Dương lịch"


# --- what is shared out -----------------------------------------------------------------------------------------------


def test_who_is_late_takes_room_from_the_times_to_come() -> None:
    day = [Given(6, 0, 0)] * 4
    on_time = [one.bookable for one in share_out(day, no_show=0, walk_in=0)]
    late = [one.bookable for one in share_out(day, no_show=0, walk_in=0, now_at=1, late=8)]
    assert on_time == [6, 6, 6, 6]
    assert late == [6, 0, 4, 6]  # 8 are late: the next slot is theirs, of the one after two places


def test_the_rest_of_the_day_is_shared_out_from_how_it_stands(desk: Desk, staff: Staff, clock: StillClock) -> None:
    promise = book(desk, 9 * 60, CODES[0])
    for _ in range(6):
        issue(desk)
    before = places(desk)
    at(clock, 8, 46)  # nobody was called: six people are late
    desk.do(queue.lay_out, day=TODAY)
    had, has = desk.do(queue.share_anew, day=TODAY, by=staff.supervisor.user_id)
    after = places(desk)
    assert has < had
    assert after["08:45"] < before["08:45"]
    assert all(after[slot] == before[slot] for slot in ("08:00", "08:15", "08:30"))  # what is over stays as it was
    assert desk.see(queue.ticket, ticket_id=promise.ticket_id).slot == "09:00"
    for _ in range(6):
        serve(desk)
    desk.do(queue.share_anew, day=TODAY, by=staff.supervisor.user_id)
    assert places(desk) == before  # nobody is late any more


def test_only_a_supervisor_shares_out_anew_and_only_an_open_day(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        desk.do(queue.share_anew, day=TODAY, by=staff.cashier.user_id)
    with pytest.raises(queue.DayClosed):
        desk.do(queue.share_anew, day=date(2027, 1, 1), by=staff.supervisor.user_id)
    with pytest.raises(queue.DayOver):
        desk.do(queue.share_anew, day=TODAY - timedelta(days=1), by=staff.supervisor.user_id)


def test_tills_cut_now_leave_the_morning_as_it_was(desk: Desk, staff: Staff, clock: StillClock) -> None:
    desk.do(queue.lay_out, day=TODAY)
    at(clock, 10, 5)
    named = {"day": TODAY, "from_minute": 0, "to_minute": 24 * 60, "by": staff.supervisor.user_id}
    desk.do(queue.plan_tills, tills=1, **named)
    assert (quarter(desk, "09:45").tills, quarter(desk, "10:00").tills, quarter(desk, "16:15").tills) == (2, 1, 1)


def test_promises_above_the_places_are_counted(desk: Desk, staff: Staff, clock: StillClock) -> None:
    for code in CODES[:3]:
        book(desk, 15 * 60, code)
    desk.do(queue.plan_tills, day=TODAY, tills=0, from_minute=15 * 60, to_minute=15 * 60 + 15, by=staff.supervisor.user_id)
    three = quarter(desk, "15:00")
    assert (three.given, three.places, three.promised_too_many) == (3, 0, 3)
