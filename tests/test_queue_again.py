"""The same key pressed again: the same id and facts give the first answer, other facts are refused loudly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from kit import Staff
from test_queue import AN, BINH, TODAY, at, call, customers, issue

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from db.states import BookingChannel

__all__ = ["customers"]
TOMORROW = TODAY + timedelta(days=1)


def test_a_number_asked_for_again_is_the_same_only_for_the_same_wish(desk: Desk) -> None:
    wish: dict[str, Any] = {"ticket_id": new_id(), "class_code": "elderly", "service_code": "service", "by": None}
    first = desk.do(queue.issue, **wish)
    desk.do(queue.transfer, move_id=new_id(), ticket_id=first.ticket_id, to_service="pay", by=None)
    assert desk.do(queue.issue, **wish).ticket_id == first.ticket_id
    for other in ({"class_code": ""}, {"service_code": ""}, {"customer_code": AN}):
        with pytest.raises(SameIdOtherFacts):
            desk.do(queue.issue, **(wish | other))


@pytest.mark.parametrize("is_offered", [False, True])
def test_a_booking_asked_for_again_is_the_same_only_for_the_same_wish(desk: Desk, is_offered: bool) -> None:
    wish: dict[str, Any] = {"ticket_id": new_id(), "day": TOMORROW, "slot": 600, "class_code": "elderly", "by": None}
    if is_offered:
        desk.do(queue.hold_slot, **wish)
        assert desk.do(queue.hold_slot, **wish).slot == "10:00"
        for other in ({"slot": 615}, {"class_code": ""}, {"service_code": "service"}):
            with pytest.raises(SameIdOtherFacts):
                desk.do(queue.hold_slot, **(wish | other))
        with pytest.raises(SameIdOtherFacts):  # another class than was offered
            desk.do(queue.book, customer_code=AN, **(wish | {"class_code": "child"}))
    booked = desk.do(queue.book, customer_code=AN, **wish)
    moved = {"move_id": new_id(), "ticket_id": booked.ticket_id, "day": TOMORROW, "slot": 660, "by": None}
    for _ in range(2):
        assert desk.do(queue.book, customer_code=AN, **wish).ticket_id == booked.ticket_id
        for other in (
            {"slot": 615},
            {"class_code": "child"},
            {"service_code": "service"},
            {"channel": BookingChannel.PHONE},
        ):
            with pytest.raises(SameIdOtherFacts):
                desk.do(queue.book, customer_code=AN, **(wish | other))
        with pytest.raises(SameIdOtherFacts):
            desk.do(queue.book, customer_code=BINH, **wish)
        desk.do(queue.change_booking, **moved)


def test_a_transfer_pressed_again_goes_to_the_same_till(desk: Desk) -> None:
    ticket, move = issue(desk), new_id()
    wish: dict[str, Any] = {"move_id": move, "ticket_id": ticket.ticket_id, "by": None}
    for _ in range(2):
        assert desk.do(queue.transfer, to_till="Q2", **wish).wanted_till == "Q2"
    for other in ({"to_till": "Q3"}, {}, {"to_till": "Q2", "to_service": "service"}):
        with pytest.raises(SameIdOtherFacts):
            desk.do(queue.transfer, **wish, **other)


def test_one_more_in_is_not_one_more_out(desk: Desk, staff: Staff) -> None:
    move = new_id()
    for _ in range(2):
        assert desk.do(queue.somebody_in, move_id=move, by=None).inside == 1
    with pytest.raises(SameIdOtherFacts):
        desk.do(queue.somebody_out, move_id=move, by=None)
    with pytest.raises(SameIdOtherFacts):
        desk.do(queue.set_room_cap, move_id=move, day=TODAY, cap=8, by=staff.supervisor.user_id)
    cap = new_id()
    desk.do(queue.set_room_cap, move_id=cap, day=TODAY, cap=5, by=staff.supervisor.user_id)
    for act in (queue.somebody_in, queue.somebody_out):
        with pytest.raises(SameIdOtherFacts):
            desk.do(act, move_id=cap, by=None)
    with pytest.raises(SameIdOtherFacts):
        desk.do(queue.count_room, move_id=cap, people=1, by=None)


def test_a_cap_set_before_is_not_set_again(desk: Desk, staff: Staff) -> None:
    first, second = new_id(), new_id()

    def cap(move_id: Any, people: int) -> int:
        return desk.do(queue.set_room_cap, move_id=move_id, day=TODAY, cap=people, by=staff.supervisor.user_id)

    assert (cap(first, 8), cap(second, 5), cap(first, 8)) == (8, 5, 8)  # also of the cap that held already
    assert desk.see(queue.board, now=desk.clock.now()).room_cap == 5
    with pytest.raises(SameIdOtherFacts):
        cap(first, 5)


def test_before_it_opens_the_tills_of_the_first_time_count(desk: Desk, clock: StillClock) -> None:
    assert desk.see(queue.board, now=clock.now(), day=TOMORROW).tills == 2  # nobody touched that day yet
    at(clock, 7)
    assert issue(desk).told_minutes == 2  # 4 minutes each, two tills
    assert desk.see(queue.board, now=clock.now()).tills == 2


def test_a_full_room_where_nobody_is_called_says_so(desk: Desk) -> None:
    issue(desk)
    desk.do(queue.count_room, move_id=new_id(), people=8, by=None)
    with pytest.raises(queue.RoomFull) as refused:
        call(desk)
    assert "–" not in refused.value.todo_text()


def test_a_changed_room_cap_holds_for_the_days_that_are_laid_out(desk: Desk, staff: Staff, clock: StillClock) -> None:
    by = staff.supervisor.user_id
    desk.do(queue.lay_out, day=TODAY)
    desk.do(queue.lay_out, day=TOMORROW)
    desk.do(queue.set_room_cap, move_id=new_id(), day=TOMORROW, cap=4, by=by)
    desk.do(queue.set_rules, content="room_cap = 6", file="x", by=by)
    caps = [desk.see(queue.board, now=clock.now(), day=day).room_cap for day in (TODAY, TOMORROW)]
    assert caps == [6, 4]  # one that was set for a day alone stays


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# nothing",
        '[till_services]\nQ1 = [["pay"]]',
        '[till_services]\nQ9 = ["pay"]',
        "room_cap = " + "9" * 5_000,
        '[hours]\nMon = ["08:00-09:00"]',
        '[hours]\nmon = ["08:00-08:10"]',
        '[checklist]\n"a \\u001b" = "x"',
    ],
)
def test_rules_that_mean_nothing_are_refused(desk: Desk, staff: Staff, content: str) -> None:
    with pytest.raises(queue.BadQueueRules):
        desk.do(queue.set_rules, content=content, file="x", by=staff.supervisor.user_id)
