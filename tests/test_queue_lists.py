"""What reception reads: the day's tickets in order, and the ticket that a typed or scanned text means."""

from __future__ import annotations

from datetime import timedelta

import pytest
from kit import MONDAY, OFFICE, put_bill

from counter import queue
from counter.clock import local_day
from counter.desk import Desk
from counter.ids import new_id
from counter.queue import TicketFacts

TODAY = local_day(MONDAY)
CODE = "PA05010000001"


def issue(desk: Desk, service: str = "", customer: str | None = None) -> TicketFacts:
    return desk.do(queue.issue, ticket_id=new_id(), service_code=service, customer_code=customer, by=None)


def numbers(desk: Desk) -> list[str]:
    return [one.ticket.number for one in desk.see(queue.day_tickets, day=TODAY, now=desk.clock.now())]


def test_the_called_come_first_then_the_line_then_who_is_away_and_who_is_expected(desk: Desk) -> None:
    desk.do(put_bill, code=CODE, number=1, amount=100_000, name="Nguyễn Văn An")
    booked = desk.do(queue.book, ticket_id=new_id(), day=TODAY, slot=10 * 60, customer_code=CODE, by=None)
    held, first, second, called = (issue(desk) for _ in range(4))
    desk.do(queue.hold, move_id=new_id(), ticket_id=held.ticket_id, by=None)
    desk.do(queue.transfer, move_id=new_id(), ticket_id=called.ticket_id, to_till="Q2", by=None)
    desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    assert numbers(desk) == [first.number, second.number, called.number, held.number, booked.number]
    found = desk.see(queue.day_tickets, day=TODAY, now=desk.clock.now())
    assert found[-1].customer_name == "Nguyễn Văn An" and found[0].customer_name == ""
    assert [one.wait is not None for one in found] == [False, True, True, False, False]


def test_what_is_over_is_not_listed(desk: Desk) -> None:
    for act in (queue.leave, queue.hold):
        desk.do(act, move_id=new_id(), ticket_id=issue(desk).ticket_id, by=None)
    assert len(numbers(desk)) == 1


@pytest.mark.parametrize("text", ["1", "001", "a1", "A001", " A1 ", f"Q1.{OFFICE}.{TODAY:%Y%m%d}.A001"])
def test_a_number_and_the_code_of_a_slip_mean_the_ticket(desk: Desk, text: str) -> None:
    ticket = issue(desk)
    assert queue.names_a_ticket(text)
    assert desk.see(queue.ticket_named, text=text, today=TODAY) == ticket


def test_a_bare_number_that_only_another_service_gave_is_found(desk: Desk) -> None:
    ticket = issue(desk, "service")
    assert desk.see(queue.ticket_named, text="1", today=TODAY) == ticket


def test_a_slip_of_another_day_is_found_by_its_code_and_not_by_its_number(desk: Desk) -> None:
    desk.do(put_bill, code=CODE, number=1, amount=100_000)
    tomorrow = TODAY + timedelta(days=1)
    ticket = desk.do(queue.book, ticket_id=new_id(), day=tomorrow, slot=10 * 60, customer_code=CODE, by=None)
    assert desk.see(queue.ticket_named, text=ticket.qr, today=TODAY) == ticket
    with pytest.raises(queue.UnknownTicket):
        desk.see(queue.ticket_named, text="A001", today=TODAY)


@pytest.mark.parametrize(
    "text", ["A9", "7", "Q1.PA0999.20261123.A001", "Q1.PA0501.20269999.A001", "Q1.PA0501.20261123.A044"]
)
def test_a_ticket_that_there_is_not_is_refused(desk: Desk, text: str) -> None:
    issue(desk)
    with pytest.raises(queue.UnknownTicket):
        desk.see(queue.ticket_named, text=text, today=TODAY)


@pytest.mark.parametrize("text", ["PA05010000001", "0912345678", "nguyen van", "1234", "Q", "A", "12a", ""])
def test_what_means_a_customer_is_no_ticket(text: str) -> None:
    assert not queue.names_a_ticket(text)
