"""The queue through the desk: slots, numbers, the line, the room, the checklist. Each test on both kinds of database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kit import MONDAY, Staff, put_bill

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import Refused, SameIdOtherFacts
from counter.ids import new_id
from counter.queue import TicketFacts
from db.states import TicketKind, TicketState

TODAY = date(2026, 11, 23)
AN, BINH, CHI = "PA05LG0000001", "PA05LG0000002", "PA05LG0000003"


@pytest.fixture(autouse=True)
def customers(desk: Desk) -> None:
    for number, code in enumerate((AN, BINH, CHI), 1):
        desk.do(put_bill, code=code, number=number, amount=100_000)


def at(clock: StillClock, hour: int, minute: int = 0) -> None:
    """Move the clock to this time of today in Vietnam."""
    clock.move(MONDAY + timedelta(hours=hour - 8, minutes=minute) - clock.now())


def issue(desk: Desk, class_code: str = "", **more: str) -> TicketFacts:
    return desk.do(queue.issue, ticket_id=new_id(), class_code=class_code, by=None, **more)


def book(desk: Desk, slot: str, customer: str = AN, day: date = TODAY, **more: object) -> TicketFacts:
    minute = int(slot[:2]) * 60 + int(slot[3:])
    return desk.do(
        queue.book, ticket_id=new_id(), day=day, slot=minute, customer_code=customer, by=None, **more  # type: ignore[arg-type]
    )  # fmt: skip


def arrive(desk: Desk, ticket: TicketFacts) -> TicketFacts:
    return desk.do(queue.arrive, move_id=new_id(), ticket_id=ticket.ticket_id, by=None)


def call(desk: Desk, till: str = "Q1") -> TicketFacts:
    return desk.do(queue.call_next, call_id=new_id(), till_code=till, by=None)


def serve(desk: Desk, till: str = "Q1") -> TicketFacts:
    return desk.do(queue.serve, move_id=new_id(), till_code=till, by=None)


def test_numbers_are_short_and_follow_each_other(desk: Desk) -> None:
    assert [issue(desk).number for _ in range(3)] == ["A001", "A002", "A003"]
    assert issue(desk, service_code="service").number == "B001"


def test_the_same_id_twice_gives_one_number(desk: Desk) -> None:
    one = new_id()
    first = desk.do(queue.issue, ticket_id=one, by=None)
    assert desk.do(queue.issue, ticket_id=one, by=None) == first
    with pytest.raises(SameIdOtherFacts):
        desk.do(queue.issue, ticket_id=one, customer_code=AN, by=None)


def test_a_booking_takes_one_place_and_is_called_in_its_turn(desk: Desk, clock: StillClock) -> None:
    ticket = book(desk, "08:15")
    assert (ticket.number, ticket.state, ticket.kind) == ("A001", TicketState.BOOKED, TicketKind.APPOINTMENT)
    line = {s.slot: s for s in desk.see(queue.slots, day=TODAY, now=clock.now()).slots}
    assert (line["08:15"].booked, line["08:00"].booked) == (1, 0)
    at(clock, 8, 14)
    assert arrive(desk, ticket).state is TicketState.WAITING
    assert call(desk).number == "A001"
    assert desk.see(queue.board, now=clock.now()).inside == 1
    assert serve(desk).state is TicketState.SERVED
    assert desk.see(queue.board, now=clock.now()).inside == 0


def test_who_is_in_a_priority_class_overtakes_only_who_came_ten_minutes_before(desk: Desk, clock: StillClock) -> None:
    early = issue(desk)
    at(clock, 8, 5)
    later = issue(desk)
    at(clock, 8, 12)
    elderly = issue(desk, "elderly")
    order = []
    for _ in range(3):
        order.append(call(desk).number)
        serve(desk)
    assert order == [early.number, elderly.number, later.number]


def test_a_full_room_calls_nobody_and_says_who_leaves_next(desk: Desk, staff: Staff, clock: StillClock) -> None:
    desk.do(queue.set_room_cap, move_id=new_id(), day=TODAY, cap=1, by=staff.supervisor.user_id)
    first, second = issue(desk), issue(desk)
    call(desk)
    with pytest.raises(queue.RoomFull) as refused:
        call(desk, "Q2")
    facts = {"inside": 1, "cap": 1, "number": first.number, "till": "Q1"}
    assert refused.value.facts.items() >= facts.items()
    assert f"{first.number} " in refused.value.todo_text() and "Q1" in refused.value.todo_text()
    serve(desk)
    assert call(desk, "Q2").number == second.number


def test_a_call_pressed_twice_calls_one(desk: Desk) -> None:
    issue(desk), issue(desk)
    one = new_id()
    first = desk.do(queue.call_next, call_id=one, till_code="Q1", by=None)
    assert desk.do(queue.call_next, call_id=one, till_code="Q1", by=None) == first
    with pytest.raises(queue.StillCalled):
        call(desk)


def test_who_does_not_answer_comes_back_behind_three_others(desk: Desk) -> None:
    tickets = [issue(desk) for _ in range(6)]
    call(desk)
    for _ in range(2):
        desk.do(queue.recall, move_id=new_id(), till_code="Q1", by=None)
    with pytest.raises(queue.CalledEnough):
        desk.do(queue.recall, move_id=new_id(), till_code="Q1", by=None)
    gone = desk.do(queue.absent, move_id=new_id(), till_code="Q1", by=None)
    assert gone.state is TicketState.ABSENT and not gone.is_inside
    arrive(desk, gone)
    order = []
    for _ in range(6):
        order.append(call(desk).number)
        serve(desk)
    assert order == [tickets[n].number for n in (1, 2, 3, 0, 4, 5)]


def test_transfer_hold_and_leave(desk: Desk) -> None:
    first, second, third = issue(desk), issue(desk), issue(desk)
    call(desk)
    moved = desk.do(queue.transfer, move_id=new_id(), ticket_id=first.ticket_id, to_till="Q2", by=None)
    assert (moved.state, moved.wanted_till, moved.is_inside) == (TicketState.WAITING, "Q2", True)
    assert call(desk).number == second.number
    assert call(desk, "Q2").number == first.number
    desk.do(queue.hold, move_id=new_id(), ticket_id=second.ticket_id, by=None)
    assert call(desk).number == third.number
    desk.do(queue.leave, move_id=new_id(), ticket_id=third.ticket_id, by=None)
    assert desk.do(queue.resume, move_id=new_id(), ticket_id=second.ticket_id, by=None).state is TicketState.WAITING
    assert desk.see(queue.board, now=desk.clock.now()).inside == 1


def test_one_booking_a_customer_and_month(desk: Desk) -> None:
    first = book(desk, "09:00")
    with pytest.raises(queue.AlreadyBooked) as refused:
        book(desk, "10:00", day=TODAY + timedelta(days=1))
    assert refused.value.facts["number"] == first.number
    desk.do(queue.cancel, move_id=new_id(), ticket_id=first.ticket_id, by=None)
    assert book(desk, "10:00").number == "A002"


def test_a_full_slot_offers_the_nearest_free_ones(desk: Desk, clock: StillClock) -> None:
    desk.do(queue.lay_out, day=TODAY)
    full = next(s for s in desk.see(queue.slots, day=TODAY, now=clock.now()).slots if s.slot == "09:00")
    for _ in range(full.bookable):
        desk.do(queue.hold_slot, ticket_id=new_id(), day=TODAY, slot=540, by=None)
    with pytest.raises(queue.SlotFull) as refused:
        book(desk, "09:00")
    assert refused.value.facts["free"] == "08:30, 08:45, 09:15"
    clock.move(timedelta(minutes=10))
    assert book(desk, "09:00").state is TicketState.BOOKED


def test_a_place_on_offer_becomes_a_booking_or_is_free_again(desk: Desk, clock: StillClock) -> None:
    one, two = new_id(), new_id()
    for ticket_id in (one, two):
        desk.do(queue.hold_slot, ticket_id=ticket_id, day=TODAY, slot=540, by=None)
    booked = desk.do(queue.book, ticket_id=one, day=TODAY, slot=540, customer_code=AN, by=None)
    assert (booked.number, booked.state) == ("A001", TicketState.BOOKED)
    clock.move(timedelta(minutes=10))
    with pytest.raises(queue.DraftGone):
        desk.do(queue.book, ticket_id=two, day=TODAY, slot=540, customer_code=BINH, by=None)


def test_a_changed_booking_leaves_its_old_place(desk: Desk, clock: StillClock) -> None:
    first = book(desk, "09:00")
    moved = desk.do(
        queue.change_booking, move_id=new_id(), ticket_id=first.ticket_id, day=TODAY + timedelta(days=1), slot=600, by=None
    )
    assert (moved.slot, moved.number, moved.day) == ("10:00", "A001", TODAY + timedelta(days=1))
    assert sum(s.booked for s in desk.see(queue.slots, day=TODAY, now=clock.now()).slots) == 0


def test_fewer_tills_keep_every_promise_and_give_away_less(desk: Desk, staff: Staff, clock: StillClock) -> None:
    ticket = book(desk, "15:00")
    had, has = desk.do(
        queue.plan_tills,
        day=TODAY,
        tills=1,
        from_minute=600,
        to_minute=1440,
        by=staff.supervisor.user_id,
    )
    assert has < had
    assert desk.see(queue.ticket, ticket_id=ticket.ticket_id).slot == "15:00"


def test_a_till_that_must_sign_first_calls_nobody(desk: Desk, staff: Staff) -> None:
    desk.do(queue.set_rules, content="checklist_demanded = true", file="x", by=staff.supervisor.user_id)
    issue(desk)
    with pytest.raises(queue.ChecklistMissing):
        call(desk)
    items = desk.see(queue.checklist, till_code="Q1", day=TODAY).items
    with pytest.raises(queue.ChecklistUnanswered):
        desk.do(queue.sign_checklist, till_code="Q1", answers={}, by=staff.cashier.user_id)
    answers = {item.code: True for item in items}
    assert desk.do(queue.sign_checklist, till_code="Q1", answers=answers, by=staff.cashier.user_id).is_signed
    assert call(desk).number == "A001"


def test_the_guard_counts_and_nobody_is_called_above_the_cap(desk: Desk) -> None:
    issue(desk)
    for _ in range(8):
        desk.do(queue.somebody_in, move_id=new_id(), by=None)
    with pytest.raises(queue.RoomFull):
        call(desk)
    assert desk.do(queue.count_room, move_id=new_id(), people=7, by=None).inside == 7
    assert call(desk).number == "A001"


def test_the_guard_lets_in_who_is_next(desk: Desk) -> None:
    first, second = issue(desk), issue(desk)
    let = desk.do(queue.let_in_next, move_id=new_id(), by=None)
    assert (let.number, let.is_inside, let.state) == (first.number, True, TicketState.WAITING)
    assert desk.do(queue.let_in_next, move_id=new_id(), by=None).number == second.number
    assert call(desk).number == first.number
    assert desk.see(queue.board, now=desk.clock.now()).inside == 2


def test_a_ticket_is_found_by_what_people_say(desk: Desk) -> None:
    ticket = issue(desk)
    for text in ("A001", "a1", " A01 ", str(ticket.ticket_id)):
        assert desk.see(queue.ticket_called, text=text, day=TODAY) == ticket.ticket_id
    for text in ("A2", "x", "", "A" * 40):
        with pytest.raises(queue.UnknownTicket):
            desk.see(queue.ticket_called, text=text, day=TODAY)


def refused_by(call: object) -> type[Refused] | None:
    try:
        call()  # type: ignore[operator]
    except Refused as refusal:
        return type(refusal)
    return None


def test_what_cannot_be_booked_says_why(desk: Desk) -> None:
    assert refused_by(lambda: book(desk, "07:30")) is queue.SlotPast
    assert refused_by(lambda: book(desk, "12:00")) is queue.NoSuchSlot
    assert refused_by(lambda: book(desk, "09:00", "PA05LG9999999")) is queue.UnknownBooker
    assert refused_by(lambda: book(desk, "09:00", class_code="vip")) is queue.UnknownClass
    assert refused_by(lambda: book(desk, "09:00", day=date(2027, 1, 1))) is queue.DayClosed
    assert refused_by(lambda: book(desk, "09:00", day=TODAY + timedelta(days=500))) is queue.TooFarAhead
    assert refused_by(lambda: book(desk, "09:00", day=TODAY - timedelta(days=1))) is queue.DayOver


def test_half_of_the_first_places_are_kept_until_the_day_for_those_who_should_not_wait(
    desk: Desk, clock: StillClock
) -> None:
    tomorrow, ticket_id = TODAY + timedelta(days=1), new_id()
    desk.do(queue.hold_slot, ticket_id=ticket_id, day=tomorrow, slot=450, by=None)
    first = desk.see(queue.slots, day=tomorrow, now=clock.now()).slots[0]
    assert first.kept == first.bookable // 2 and first.free == first.bookable - first.kept - 1
    for _ in range(first.free):
        desk.do(queue.hold_slot, ticket_id=new_id(), day=tomorrow, slot=450, by=None)
    assert refused_by(lambda: book(desk, "07:30", day=tomorrow)) is queue.SlotKept
    assert book(desk, "07:30", day=tomorrow, class_code="elderly").state is TicketState.BOOKED
    clock.move(timedelta(hours=23))
    assert book(desk, "07:30", BINH, day=tomorrow).state is TicketState.BOOKED


def test_who_comes_too_late_waits_from_now(desk: Desk, clock: StillClock) -> None:
    late = book(desk, "08:15")
    at(clock, 8, 31)
    first = issue(desk)
    at(clock, 8, 32)
    arrive(desk, late)
    assert call(desk).number == first.number


def test_who_booked_and_is_in_time_goes_before_who_came_after_that_time(desk: Desk, clock: StillClock) -> None:
    booked = book(desk, "08:15")
    at(clock, 8, 20)
    issue(desk)
    at(clock, 8, 25)
    arrive(desk, booked)
    assert call(desk).number == booked.number
