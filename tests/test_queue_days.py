"""When a day of the queue is over: by a supervisor's word or by the calendar, never by an act of another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kit import Staff
from test_queue import BINH, TODAY, arrive, at, book, call, customers, issue, serve

from counter import queue
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.people import NotAllowed
from db.states import TicketState

__all__ = ["customers"]
A_DAY = timedelta(days=1)


def state_of(desk: Desk, ticket: queue.TicketFacts) -> TicketState:
    return desk.see(queue.ticket, ticket_id=ticket.ticket_id).state


def end(desk: Desk, staff: Staff, day: date = TODAY) -> None:
    desk.do(queue.end_day, day=day, by=staff.supervisor.user_id)


def end_early(desk: Desk, staff: Staff) -> None:
    desk.do(queue.end_day_early, day=TODAY, by=staff.supervisor.user_id)


def report(desk: Desk, day: date = TODAY) -> queue.DayReport:
    return desk.see(queue.day_report, day=day, now=desk.clock.now())


def test_yesterday_is_read_as_over_and_left_as_it_was(desk: Desk, clock: StillClock) -> None:
    booked, called, waiting = book(desk, "15:00"), issue(desk), issue(desk)
    assert call(desk).number == called.number
    clock.move(A_DAY)
    assert issue(desk).number == "A001"
    seen = report(desk)
    assert (seen.is_over, seen.missed, seen.served, seen.gone) == (True, 1, 1, 1)
    assert seen.pair_minutes_on_site == 0  # all came and went at one instant; nobody stood there all night
    board = desk.see(queue.board, now=clock.now(), day=TODAY)
    assert (board.inside, board.called, board.waiting) == (0, (), ())
    assert desk.see(queue.day_tickets, day=TODAY, now=clock.now()) == ()
    line = next(one for one in desk.see(queue.slots, day=TODAY, now=clock.now()).slots if one.slot == "15:00")
    assert line.missed == 1
    load = desk.see(queue.day_load, day=TODAY, now=clock.now())
    assert (load.inside, load.waiting) == (0, 0)
    states = [state_of(desk, one) for one in (booked, called, waiting)]
    assert states == [TicketState.BOOKED, TicketState.CALLED, TicketState.WAITING]


def test_a_clock_a_day_ahead_ends_nothing(desk: Desk, clock: StillClock) -> None:
    booked, first, second = book(desk, "15:00"), issue(desk), issue(desk)
    call(desk)
    clock.move(A_DAY)
    strayed = issue(desk)
    desk.do(queue.hold_slot, ticket_id=new_id(), day=TODAY + A_DAY, slot=600, by=None)
    clock.move(-A_DAY)
    assert [one.number for one in desk.see(queue.board, now=clock.now()).called] == [first.number]
    assert serve(desk).number == first.number
    assert call(desk).number == second.number
    at(clock, 14, 55)
    assert arrive(desk, booked).state is TicketState.WAITING
    assert strayed.day == TODAY + A_DAY
    assert [check.name for check in desk.see(audit) if not check.ok] == []


def test_a_clock_back_over_midnight_and_right_again_loses_nobody(desk: Desk, clock: StillClock) -> None:
    issue(desk)
    clock.move(A_DAY)
    first, second = issue(desk), issue(desk)
    call(desk)
    clock.move(-A_DAY)
    issue(desk)
    clock.move(A_DAY)
    assert serve(desk).number == first.number
    assert call(desk).number == second.number


def test_a_till_that_another_day_left_with_a_number_calls_the_next_one(desk: Desk, clock: StillClock) -> None:
    left = issue(desk)
    call(desk)
    clock.move(A_DAY)
    mine = issue(desk)
    assert desk.see(queue.ticket_at_till, till_code="Q1", now=clock.now()) is None
    with pytest.raises(queue.NobodyCalled):
        serve(desk)
    assert desk.do(queue.serve_and_call_next, call_id=new_id(), till_code="Q1", by=None).ticket_id == mine.ticket_id
    assert state_of(desk, left) is TicketState.SERVED
    assert desk.see(queue.board, now=clock.now()).inside == 1


def test_who_missed_a_booking_may_book_again_in_the_same_month(desk: Desk, clock: StillClock) -> None:
    missed = book(desk, "15:00")
    clock.move(A_DAY)
    again = book(desk, "15:00", day=TODAY + A_DAY)
    assert (again.state, state_of(desk, missed)) == (TicketState.BOOKED, TicketState.MISSED)
    assert report(desk).missed == 1


def test_nothing_is_done_with_a_ticket_of_a_day_that_is_over(desk: Desk, clock: StillClock) -> None:
    booked, held, waiting = book(desk, "15:00"), issue(desk), issue(desk)
    desk.do(queue.hold, move_id=new_id(), ticket_id=held.ticket_id, by=None)
    clock.move(A_DAY)
    of = {"move_id": new_id(), "by": None}
    for act, ticket, more in (
        (queue.cancel, booked, {}),
        (queue.change_booking, booked, {"day": TODAY + A_DAY, "slot": 600}),
        (queue.resume, held, {}),
        (queue.leave, waiting, {}),
        (queue.transfer, waiting, {"to_till": "Q2"}),
    ):
        with pytest.raises(queue.DayOver):
            desk.do(act, ticket_id=ticket.ticket_id, **of, **more)
    with pytest.raises(queue.DayOver):
        book(desk, "09:00", BINH)


def test_a_supervisor_ends_a_day_and_nobody_else(desk: Desk, staff: Staff, clock: StillClock) -> None:
    issue(desk)
    at(clock, 17)
    for act in (queue.end_day, queue.end_day_early, queue.reopen_day):
        with pytest.raises(NotAllowed):
            desk.do(act, day=TODAY, by=staff.cashier.user_id)


def test_a_day_that_runs_ends_only_when_asked_in_so_many_words(desk: Desk, staff: Staff, clock: StillClock) -> None:
    at(clock, 16)
    ticket = issue(desk)
    with pytest.raises(queue.DayRuns):
        end(desk, staff)
    at(clock, 17)
    with pytest.raises(queue.DayRuns):  # the times are over, but somebody waits
        end(desk, staff)
    call(desk)
    serve(desk)
    assert state_of(desk, ticket) is TicketState.SERVED
    end(desk, staff)
    assert report(desk).is_over
    with pytest.raises(queue.DayOver):
        issue(desk)


def test_a_day_ended_by_mistake_runs_again_as_it_was(desk: Desk, staff: Staff, clock: StillClock) -> None:
    booked, first, second = book(desk, "15:00"), issue(desk), issue(desk)
    call(desk)
    end_early(desk, staff)
    assert report(desk).missed == 1
    assert desk.see(queue.board, now=clock.now()).inside == 0
    assert desk.see(queue.ticket_at_till, till_code="Q1", now=clock.now()) is None
    for _ in range(2):
        desk.do(queue.reopen_day, day=TODAY, by=staff.supervisor.user_id)
    board = desk.see(queue.board, now=clock.now())
    assert (board.inside, [one.number for one in board.called]) == (1, [first.number])
    assert serve(desk).number == first.number
    assert call(desk).number == second.number
    assert state_of(desk, booked) is TicketState.BOOKED
    assert [check.name for check in desk.see(audit) if not check.ok] == []
    clock.move(A_DAY)
    with pytest.raises(queue.DayOver):
        desk.do(queue.reopen_day, day=TODAY, by=staff.supervisor.user_id)
