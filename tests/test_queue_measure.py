"""What 30 days say about a queue, and what a day's slots are from the office's rules. On both kinds of database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from kit import Staff
from sqlmodel import Session

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.queue.inside import the_rules
from counter.queue.measure import ENOUGH, LONGEST, Figures, figures_before
from counter.queue.rules import Given, overbooking, share_out
from db.scope import office_of
from db.states import TicketKind, TicketState
from db.tables import QueueDay, Ticket

TODAY = date(2026, 11, 23)


def put_tickets(session: Session, now: datetime, *, day: date, first: int, states: list[tuple[Any, Any, float]]) -> None:
    """Tickets of a day that is over, as (kind, state, minutes at the till)."""
    if session.get(QueueDay, (office_of(session), day)) is None:
        session.add(QueueDay(office_id=office_of(session), day=day, room_cap=8, ended_at=now))
        session.flush()
    for number, (kind, state, minutes) in enumerate(states, first):
        session.add(
            Ticket(
                office_id=office_of(session),
                ticket_id=new_id(),
                day=day,
                letter="A",
                number=number,
                kind=kind,
                state=state,
                service_code="pay",
                class_code="normal",
                made_at=now,
                rank_at=now,
                called_at=now if state is TicketState.SERVED else None,
                ended_at=now + timedelta(minutes=minutes) if state is TicketState.SERVED else now,
                moves=1,
            )
        )


def seen(session: Session, *, day: date) -> Figures:
    return figures_before(session, day=day, rules=the_rules(session))


BOOKED, WALKED, SERVED, MISSED = TicketKind.APPOINTMENT, TicketKind.WALK_IN, TicketState.SERVED, TicketState.MISSED


def a_month(desk: Desk, *, served: int, missed: int, walked: int, minutes: float, day: date) -> None:
    desk.do(queue.lay_out, day=TODAY)
    states = [(BOOKED, SERVED, minutes)] * served + [(BOOKED, MISSED, 0.0)] * missed + [(WALKED, SERVED, minutes)] * walked
    desk.do(put_tickets, day=day, first=1, states=states)


def test_before_enough_was_seen_the_offices_own_figures_count(desk: Desk) -> None:
    a_month(desk, served=50, missed=50, walked=50, minutes=9, day=TODAY - timedelta(days=3))
    figures = desk.see(seen, day=TODAY)
    assert (figures.minutes, figures.no_show, figures.walk_in, figures.services) == (4.0, 0.1, 0.1, {})


def test_thirty_days_tell_minutes_no_shows_and_walk_ins(desk: Desk) -> None:
    a_month(desk, served=240, missed=60, walked=60, minutes=6, day=TODAY - timedelta(days=3))
    figures = desk.see(seen, day=TODAY)
    assert figures.no_show == 60 / 300
    assert figures.walk_in == 60 / 300  # of 300 who came
    assert (figures.minutes, figures.services["pay"].seen) == (6.0, 300)
    assert figures.services["pay"].cv == pytest.approx(0)


def test_what_days_before_left_open_counts_as_what_became_of_it(desk: Desk) -> None:
    a_month(desk, served=240, missed=0, walked=0, minutes=6, day=TODAY - timedelta(days=3))
    left = [(BOOKED, TicketState.BOOKED, 0.0)] * 50 + [(WALKED, TicketState.WAITING, 0.0)] * 60
    left += [(BOOKED, TicketState.WAITING, 0.0)] * 10 + [(BOOKED, TicketState.DRAFT, 0.0)] * 10
    desk.do(put_tickets, day=TODAY - timedelta(days=3), first=1_000, states=left)
    figures = desk.see(seen, day=TODAY)
    assert figures.no_show == 50 / 300
    assert figures.walk_in == 60 / 310


@pytest.mark.parametrize("days", [0, 31])
def test_today_and_what_is_older_than_thirty_days_tell_nothing(desk: Desk, days: int) -> None:
    a_month(desk, served=240, missed=60, walked=60, minutes=6, day=TODAY - timedelta(days=days))
    assert desk.see(seen, day=TODAY).minutes == 4.0


def test_a_service_that_was_forgotten_at_a_till_is_no_service(desk: Desk) -> None:
    forgotten = LONGEST / timedelta(minutes=1) + 1
    day = TODAY - timedelta(days=3)
    a_month(desk, served=ENOUGH, missed=0, walked=0, minutes=5, day=day)
    desk.do(put_tickets, day=day, first=1_000, states=[(BOOKED, SERVED, forgotten)] * 50)
    assert desk.see(seen, day=TODAY).minutes == 5.0


def test_a_day_is_laid_out_by_what_was_measured_the_morning_it_comes(desk: Desk, clock: StillClock) -> None:
    day = TODAY + timedelta(days=1)
    desk.do(queue.lay_out, day=day)
    before = sum(one.bookable for one in desk.see(queue.slots, day=day, now=clock.now()).slots)
    a_month(desk, served=400, missed=0, walked=0, minutes=3, day=TODAY - timedelta(days=2))
    clock.move(timedelta(days=1))
    desk.do(queue.lay_out, day=day)
    after = sum(one.bookable for one in desk.see(queue.slots, day=day, now=clock.now()).slots)
    assert after > before  # quicker than was thought
    first = desk.see(queue.slots, day=day, now=clock.now()).slots[0]
    assert first.walk_ins == 0  # nobody ever just came: nothing is kept for them


# --- pure -------------------------------------------------------------------------------------------------------------


def test_no_shows_are_overbooked_but_never_by_more_than_fifteen_percent() -> None:
    assert overbooking(0.1) == pytest.approx(1 / 0.9)
    assert overbooking(0.5) == overbooking(1.0) == 1.15
    day = [Given(9, 0, 0)] * 20
    places = share_out(day, no_show=0.1, walk_in=0.1)
    assert sum(one.bookable for one in places) == 180  # 162 who come of 180 who booked
    assert sum(one.walk_ins for one in places) == 18  # and a tenth for who just comes


# --- the day's slots --------------------------------------------------------------------------------------------------


def test_hours_breaks_and_holidays_make_the_slots_of_a_day(desk: Desk, staff: Staff) -> None:
    content = """
    [hours]
    mon = ["08:00-09:00", "14:00-14:40"]
    [closed]
    "2026-11-30" = "Hội nghị"
    """
    desk.do(queue.set_rules, content=content, file="x", by=staff.supervisor.user_id)
    now = desk.clock.now()
    desk.do(queue.lay_out, day=TODAY)
    monday = desk.see(queue.slots, day=TODAY, now=now)
    assert [one.slot for one in monday.slots] == ["08:00", "08:15", "08:30", "08:45", "14:00", "14:15"]
    tuesday = desk.see(queue.slots, day=TODAY + timedelta(days=1), now=now)
    assert tuesday.slots == () and tuesday.closed  # no hours on this weekday
    assert desk.see(queue.slots, day=date(2026, 11, 30), now=now).closed == "Hội nghị"
    with pytest.raises(queue.DayClosed):
        desk.do(queue.hold_slot, ticket_id=new_id(), day=date(2026, 11, 30), slot=480, by=None)
