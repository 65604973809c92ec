"""The queue by chance against a small model of it, on both databases: orders of acts that no person thinks of."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from conftest import sqlalchemy_url
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from kit import KEEPER, MONDAY, OFFICE, Tray, open_test_office
from line import put_customers

from counter import queue
from counter.audit import audit
from counter.clock import LOCAL, StillClock, local_day
from counter.desk import Desk
from counter.errors import Refused
from counter.ids import new_id
from counter.people import user_named
from counter.queue import TicketFacts
from db.engine import Database, open_database
from db.migrate import bring_up_to_date
from db.states import TicketKind, TicketState

S = TicketState
CODES = tuple(f"PA05LG{n:07d}" for n in range(1, 6))
TILLS = ("Q1", "Q2")
LATE, ABSENT_AFTER, BEHIND = timedelta(minutes=15), 3, 3
AHEAD = {"": 0, "normal": 0, "elderly": 10, "child": 10}
STEPS = (timedelta(seconds=20), timedelta(minutes=3), timedelta(minutes=14), timedelta(minutes=40))
LIVE = (S.BOOKED, S.WAITING, S.CALLED, S.HELD, S.SERVED)
a_pick = st.integers(0, 30)


@dataclass
class Model:
    """A ticket as the model has it."""

    ticket_id: UUID
    number: str
    state: TicketState
    day: date
    slot: int | None
    ahead: int
    code: str | None = None
    rank: datetime | None = None
    till: str = ""
    wanted: str = ""
    calls: int = 0
    inside: bool = False

    @property
    def order(self) -> Any:
        return (self.rank, int(self.number[1:]), self.number[0])


def minute_of(text: str) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if text else None


LEFT_OPEN = {S.BOOKED: S.MISSED, S.WAITING: S.LEFT, S.HELD: S.LEFT}
"""What is written of a booking that a day before left open, when its customer books again."""


class Queue(RuleBasedStateMachine):
    """The model: every ticket with its rank, who is inside, how many may be."""

    make: Callable[[], tuple[Database, Callable[[], None]]]

    @initialize()
    def sit_down(self) -> None:
        database, self.clean = type(self).make()
        self.clock = StillClock(MONDAY)
        self.desk = Desk(database, OFFICE, self.clock, KEEPER, Tray(), "Q1")
        self.boss = self.desk.see(user_named, login="ngan").user_id
        self.tickets: list[Model] = []
        self.inside, self.cap = 0, 8
        self.last: tuple[Callable[..., Any], dict[str, Any], Any] | None = None
        self.desk.do(queue.lay_out, day=self.today)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.database.close()
            self.clean()

    # --- helpers ---

    @property
    def today(self) -> date:
        return local_day(self.clock.now())

    def at(self, ticket: Model) -> datetime:
        assert ticket.slot is not None
        midnight = datetime(ticket.day.year, ticket.day.month, ticket.day.day, tzinfo=LOCAL)
        return midnight + timedelta(minutes=ticket.slot)

    def does(self, refusal: type[Refused] | None, action: Callable[..., Any], **named: Any) -> Any:
        """Do it; it must be refused exactly where the model says so."""
        try:
            done = self.desk.do(action, **named)
        except Refused as refused:
            assert refusal is not None and isinstance(refused, refusal), (refused, refused.name, refusal)
            return None
        assert refusal is None, f"{action.__name__} should have raised {refusal}"
        self.last = (action, named, done)
        return done

    def here(self, *states: TicketState) -> list[Model]:
        return [one for one in self.tickets if one.day == self.today and one.state in states]

    def line(self, till: str | None = None) -> list[Model]:
        found = [one for one in self.here(S.WAITING) if till is None or one.wanted in ("", till)]
        return sorted(found, key=lambda one: one.order)

    def pick(self, place: int) -> Model | None:
        return self.tickets[-1 - place % len(self.tickets)] if self.tickets else None

    def at_till(self, till: str) -> Model | None:
        return next((one for one in self.here(S.CALLED) if one.till == till), None)

    def goes_out(self, ticket: Model) -> None:
        if ticket.inside:
            ticket.inside, self.inside = False, max(0, self.inside - 1)

    # --- time ---

    @rule(step=st.sampled_from(STEPS))
    def time_goes_on(self, step: timedelta) -> None:
        if local_day(self.clock.now() + step) == self.today:
            self.clock.move(step)

    @precondition(lambda self: len(self.tickets) > 4)
    @rule(pick=st.integers(0, 3))
    def the_next_day_comes(self, pick: int) -> None:
        if pick:  # not too often
            return
        now = self.clock.now().astimezone(LOCAL)
        morning = now.replace(hour=7, minute=20, second=0, microsecond=0) + timedelta(days=1)
        self.clock.move(morning - now)
        self.inside = 0  # what yesterday left open stays written as it was
        self.desk.do(queue.lay_out, day=self.today)
        self.cap = self.desk.see(queue.board, now=self.clock.now()).room_cap
        self.last = None

    # --- appointments ---

    @rule(
        code=st.sampled_from(CODES), class_code=st.sampled_from(("", "elderly")), slot=st.sampled_from(range(435, 1020, 15)),
        ahead=st.sampled_from((0, 0, 1)),
    )  # fmt: skip
    def books(self, code: str, class_code: str, slot: int, ahead: int) -> None:
        day, ticket_id = self.today + timedelta(days=ahead), new_id()
        mine = [one for one in self.of_month(code, day) if one.day >= self.today or one.state in (S.CALLED, S.SERVED)]
        refusal: type[Refused] | None = queue.AlreadyBooked if mine else self.no_place(day, slot, class_code)
        named = {"day": day, "slot": slot, "customer_code": code, "class_code": class_code, "by": None}
        done = self.does(refusal, queue.book, ticket_id=ticket_id, **named)
        if done is not None:
            for one in self.of_month(code, day):
                one.state = LEFT_OPEN[one.state]
            self.tickets.append(Model(ticket_id, done.number, S.BOOKED, day, slot, AHEAD[class_code], code=code))

    def of_month(self, code: str, day: date) -> list[Model]:
        return [one for one in self.tickets if one.code == code and one.state in LIVE and one.day.month == day.month]

    def over(self, ticket: Model, *states: TicketState) -> type[Refused] | None:
        """What is refused with a ticket: in another state, or of a day that is over."""
        if ticket.state not in states:
            return queue.TicketElsewhere
        return queue.DayOver if ticket.day < self.today else None

    def no_place(self, day: date, slot: int, class_code: str) -> type[Refused] | None:
        self.desk.do(queue.lay_out, day=day)
        self.desk.do(queue.release_drafts, day=day)
        lines = {one.minute: one for one in self.desk.see(queue.slots, day=day, now=self.clock.now()).slots}
        line = lines.get(slot)
        if line is None:
            return queue.NoSuchSlot
        if line.is_over:
            return queue.SlotPast
        if line.booked >= line.bookable:
            return queue.SlotFull
        return queue.SlotKept if line.free <= 0 and not AHEAD[class_code] else None

    @rule(place=a_pick, slot=st.sampled_from(range(435, 1020, 15)), ahead=st.sampled_from((0, 1)))
    def changes(self, place: int, slot: int, ahead: int) -> None:
        ticket, day = self.pick(place), self.today + timedelta(days=ahead)
        if ticket is None or (ticket.day, ticket.slot) == (day, slot):
            return
        refusal = self.over(ticket, S.BOOKED)
        if refusal is None:
            others = [o for o in self.tickets if o.code == ticket.code and o is not ticket and o.state in LIVE]
            if any(other.day.month == day.month for other in others) and ticket.day.month != day.month:
                refusal = queue.AlreadyBooked
            else:
                refusal = self.no_place(day, slot, "elderly" if ticket.ahead else "")
        named = {"ticket_id": ticket.ticket_id, "day": day, "slot": slot, "by": None}
        done = self.does(refusal, queue.change_booking, move_id=new_id(), **named)
        if done is not None:
            ticket.day, ticket.slot, ticket.number = day, slot, done.number

    @rule(place=a_pick)
    def cancels(self, place: int) -> None:
        ticket = self.pick(place)
        if ticket is not None:
            named = {"ticket_id": ticket.ticket_id, "by": None}
            refusal = self.over(ticket, S.BOOKED, S.DRAFT)
            if self.does(refusal, queue.cancel, move_id=new_id(), **named) is not None:
                ticket.state = S.CANCELLED

    # --- reception ---

    @rule(class_code=st.sampled_from(("", "", "child")), service=st.sampled_from(("", "", "service")))
    def somebody_comes(self, class_code: str, service: str) -> None:
        ticket_id, now = new_id(), self.clock.now()
        named = {"class_code": class_code, "service_code": service, "by": None}
        done = self.does(None, queue.issue, ticket_id=ticket_id, **named)
        assert done.kind is TicketKind.WALK_IN
        ticket = Model(ticket_id, done.number, S.WAITING, self.today, minute_of(done.slot), AHEAD[class_code])
        slots = self.desk.see(queue.slots, day=self.today, now=now).slots
        stands_at = replace(ticket, slot=slots[-1].minute + 15) if ticket.slot is None else ticket
        ticket.rank = self.ranked(max(now, self.at(stands_at)), ticket)
        self.tickets.append(ticket)

    def ranked(self, base: datetime, ticket: Model) -> datetime:
        return base - timedelta(minutes=ticket.ahead) + timedelta(microseconds=10 * int(ticket.number[1:]))

    @rule(place=a_pick)
    def arrives(self, place: int) -> None:
        ticket, now = self.pick(place), self.clock.now()
        if ticket is None:
            return
        refusal: type[Refused] | None = None
        if ticket.state not in (S.BOOKED, S.ABSENT, S.HELD):
            refusal = queue.TicketElsewhere
        elif ticket.day != self.today:
            refusal = queue.DayOver if ticket.state is S.HELD else queue.NotToday
        done = self.does(refusal, queue.arrive, move_id=new_id(), ticket_id=ticket.ticket_id, by=None)
        if done is None:
            return
        if ticket.state is S.BOOKED:
            promised = self.at(ticket)
            ticket.rank = self.ranked(promised if now <= promised + LATE else now, ticket)
        elif ticket.state is S.ABSENT:
            ranks = [one.rank for one in self.line() if one.rank is not None]
            step = timedelta(microseconds=1)
            ticket.rank = (
                now if not ranks else ranks[BEHIND - 1] + step if len(ranks) >= BEHIND else max(now, ranks[-1] + step)
            )
            ticket.calls, ticket.till = 0, ""
        ticket.state = S.WAITING

    @rule(place=a_pick, act=st.sampled_from(("hold", "leave")))
    def steps_aside(self, place: int, act: str) -> None:
        ticket = self.pick(place)
        if ticket is None:
            return
        may = {"hold": (S.WAITING, S.CALLED), "leave": (S.WAITING, S.CALLED, S.HELD, S.ABSENT)}[act]
        action = {"hold": queue.hold, "leave": queue.leave}[act]
        refusal = self.over(ticket, *may)
        if self.does(refusal, action, move_id=new_id(), ticket_id=ticket.ticket_id, by=None) is not None:
            self.goes_out(ticket)
            ticket.state = S.HELD if act == "hold" else S.LEFT

    @rule(place=a_pick, till=st.sampled_from(("", *TILLS)), service=st.sampled_from(("", "service")))
    def is_transferred(self, place: int, till: str, service: str) -> None:
        ticket = self.pick(place)
        if ticket is None:
            return
        refusal = self.over(ticket, S.WAITING, S.CALLED)
        named = {"ticket_id": ticket.ticket_id, "to_till": till or None, "to_service": service, "by": None}
        if self.does(refusal, queue.transfer, move_id=new_id(), **named) is not None:
            ticket.state, ticket.wanted, ticket.till, ticket.calls = S.WAITING, till, "", 0

    # --- tills ---

    def next_for(self, till: str) -> Model | type[Refused]:
        line = self.line(till)
        if not line:
            return queue.NobodyWaiting
        if line[0].inside or self.inside < self.cap:
            return line[0]
        return next((one for one in line if one.inside), queue.RoomFull)

    @rule(till=st.sampled_from(TILLS))
    def calls(self, till: str) -> None:
        found: Any = queue.StillCalled if self.at_till(till) else self.next_for(till)
        self.is_called(found, till, queue.call_next)

    @rule(till=st.sampled_from(TILLS))
    def serves_and_calls(self, till: str) -> None:
        standing, before = self.at_till(till), self.inside
        if standing is not None and standing.inside:
            self.inside = max(0, self.inside - 1)
        found = self.next_for(till)
        if isinstance(found, type):
            self.inside = before
        elif standing is not None:
            standing.state, standing.inside = S.SERVED, False
        self.is_called(found, till, queue.serve_and_call_next)

    def is_called(self, found: Any, till: str, action: Callable[..., Any]) -> None:
        refusal = found if isinstance(found, type) else None
        done = self.does(refusal, action, call_id=new_id(), till_code=till, by=None)
        if done is not None:
            assert done.ticket_id == found.ticket_id
            for one in self.tickets:
                if one.till == till and one.state is S.CALLED and one.day != self.today:
                    one.state = S.SERVED
            self.inside += not found.inside
            found.inside, found.state, found.till, found.wanted, found.calls = True, S.CALLED, till, "", 1

    @rule(till=st.sampled_from(TILLS), act=st.sampled_from(("recall", "serve", "absent")))
    def at_the_till(self, till: str, act: str) -> None:
        ticket = self.at_till(till)
        refusal: type[Refused] | None = queue.NobodyCalled if ticket is None else None
        if act == "recall" and ticket is not None and ticket.calls >= ABSENT_AFTER:
            refusal = queue.CalledEnough
        action = {"recall": queue.recall, "serve": queue.serve, "absent": queue.absent}[act]
        if self.does(refusal, action, move_id=new_id(), till_code=till, by=None) is None or ticket is None:
            return
        if act == "recall":
            ticket.calls += 1
        else:
            self.goes_out(ticket)
            ticket.state = S.SERVED if act == "serve" else S.ABSENT

    # --- the room ---

    @rule(change=st.sampled_from((1, -1)))
    def the_guard_sees(self, change: int) -> None:
        action = queue.somebody_in if change > 0 else queue.somebody_out
        self.does(None, action, move_id=new_id(), by=None)
        self.inside = max(0, self.inside + change)

    @rule(people=st.integers(0, 9))
    def the_guard_counts(self, people: int) -> None:
        self.does(None, queue.count_room, move_id=new_id(), people=people, by=None)
        self.inside = people

    @rule()
    def somebody_is_let_in(self) -> None:
        outside = [one for one in self.line() if not one.inside]
        refusal = queue.NobodyWaiting if not outside else queue.RoomFull if self.inside >= self.cap else None
        done = self.does(refusal, queue.let_in_next, move_id=new_id(), by=None)
        if done is not None:
            assert done.ticket_id == outside[0].ticket_id
            outside[0].inside, self.inside = True, self.inside + 1

    @rule(cap=st.integers(1, 9))
    def the_cap_changes(self, cap: int) -> None:
        self.does(None, queue.set_room_cap, move_id=new_id(), day=self.today, cap=cap, by=self.boss)
        self.cap = cap

    @rule(tills=st.integers(0, 3), begin=st.integers(400, 1000))
    def tills_change(self, tills: int, begin: int) -> None:
        named = {"tills": tills, "from_minute": begin, "to_minute": 1440, "by": self.boss}
        self.does(None, queue.plan_tills, day=self.today, **named)
        self.last = None  # asked for again it is planned again

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_last_key_is_pressed_again(self) -> None:
        assert self.last is not None
        action, named, done = self.last
        again = self.desk.do(action, **named)
        if isinstance(done, TicketFacts):
            assert again.ticket_id == done.ticket_id
        else:
            assert again == done or action is queue.set_room_cap

    # --- what always holds ---

    @invariant()
    def the_board_says_what_the_model_says(self) -> None:
        if not hasattr(self, "tickets"):
            return
        board = self.desk.see(queue.board, now=self.clock.now())
        assert (board.inside, board.room_cap) == (self.inside, self.cap)
        assert [one.number for one in board.waiting] == [one.number for one in self.line()]
        assert {(one.number, one.till, one.calls) for one in board.called} == {
            (one.number, one.till, one.calls) for one in self.here(S.CALLED)
        }
        assert sorted(board.absent) == sorted(one.number for one in self.here(S.ABSENT))
        assert sorted(board.on_hold) == sorted(one.number for one in self.here(S.HELD))
        for ticket in self.tickets[-3:]:
            assert self.desk.see(queue.ticket, ticket_id=ticket.ticket_id).state is ticket.state

    @invariant()
    def the_books_hold(self) -> None:
        if hasattr(self, "tickets"):
            assert [(check.name, check.broken) for check in self.desk.see(audit) if not check.ok] == []


def run(machine: type[Queue], *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def prepared(database: Database) -> None:
    desk = open_test_office(database)
    desk.do(put_customers, codes=CODES)
    database.close()


SIZES = [(4, 40), pytest.param(1_000, 80, marks=pytest.mark.torture)]


@pytest.mark.parametrize(("examples", "steps"), SIZES)
def test_the_queue_does_what_a_small_model_of_it_does(
    tmp_path: Path, examples: int, steps: int, campaign: Callable[[str], None]
) -> None:
    template = tmp_path / "office.db"
    first = open_database(f"sqlite:///{template}")
    bring_up_to_date(first)
    prepared(first)

    class OnSqlite(Queue):
        @staticmethod
        def make() -> tuple[Database, Callable[[], None]]:
            folder = Path(tempfile.mkdtemp())
            shutil.copy(template, folder / "counter.db")
            return open_database(f"sqlite:///{folder / 'counter.db'}"), lambda: shutil.rmtree(folder)

    run(OnSqlite, examples=examples, steps=steps)
    campaign(f"{examples} queues by chance, up to {steps} steps each, on SQLite: as the model says")


@pytest.mark.parametrize(("examples", "steps"), [(2, 40), pytest.param(200, 80, marks=pytest.mark.torture)])
def test_the_queue_on_a_server_does_what_the_same_model_does(
    postgres_url: str, postgres_template: str, examples: int, steps: int, campaign: Callable[[str], None]
) -> None:
    office = f"queue_office_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {office} TEMPLATE {postgres_template}")
    prepared(open_database(sqlalchemy_url(postgres_url, office)))
    names = iter(range(1_000_000))

    class OnPostgres(Queue):
        @staticmethod
        def make() -> tuple[Database, Callable[[], None]]:
            name = f"{office}_{next(names)}"
            with psycopg.connect(postgres_url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {office}")
            return open_database(sqlalchemy_url(postgres_url, name)), lambda: _drop(postgres_url, name)

    run(OnPostgres, examples=examples, steps=steps)
    campaign(f"{examples} queues by chance, up to {steps} steps each, on PostgreSQL: as the model says")
    _drop(postgres_url, office)


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_model_would_notice_a_call_out_of_turn() -> None:
    """The model itself: who came first stands first."""
    first = Model(new_id(), "A001", S.WAITING, date(2026, 11, 23), None, 0, rank=MONDAY)
    assert first.order < replace(first, number="A002", rank=MONDAY + timedelta(microseconds=1)).order
