"""A simulated day of 300 customers through the real acts, on a virtual clock: no plan, slots, walk-ins, a till that closes.

One office, three tills, service lognormal (mean 4 minutes, CV 0.7), eight hours, 10 % of bookings missed, one customer in
seven of a priority class, punctuality N(−4, 6) minutes, the guard lets people in while the room has space. Waits run from
arrival to the call; pair-minutes are n(n−1)/2 over the minutes, of everybody on site.
"""

from __future__ import annotations

import heapq
import math
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from benchmarks.figures import Table, wants_full
from counter import office, queue
from counter.clock import StillClock
from counter.desk import Desk, NoPaper
from counter.ids import new_id
from counter.people import PinKeeper
from db.engine import Database, open_database
from db.migrate import bring_up_to_date
from db.tables import Customer

OFFICE: Final = "PA0501"
DAY: Final = date(2026, 11, 23)
OPEN: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""08:00 in Vietnam."""
MINUTES: Final = 480
TILLS: Final = ("Q1", "Q2", "Q3")
CUSTOMERS: Final = 300
RULES: Final = """
room_cap = {cap}
tills = 3
absent_after = 3
[hours]
mon = ["08:00-16:00"]
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's design. `booked` and `walk_ins` are people who are meant to come; of `booked` one in ten does not."""

    name: str
    booked: int
    walk_ins: int
    room_cap: int = 20
    closes_at: int | None = None
    """Minute of the day at which one till closes; the supervisor plans it then."""
    peer: str = ""
    """The published simulation, where it has this line: mean wait, p95, most on site, pair-minutes per 100."""


PLANS: Final = (
    Plan("no plan: everybody walks in, two humps", 0, CUSTOMERS, peer="37.2 / 90.2 / 74 / 97,173 (290 customers)"),
    Plan("slots, overbooked ×1.11", 333, 0, peer="0.7 / 4.1 / 10 / 1,179 (289 customers)"),
    Plan("slots and 10 % walk-ins in humps", 300, 30, peer="1.1 / 6 / 12 / 1,536 (290 customers)"),
    Plan("slots and 30 % walk-ins in humps", 233, 90, peer="4.7 / 19 / 21 / 5,631 (290 customers)"),
    Plan("slots and 10 % walk-ins, one till closes at 10:00", 300, 30, closes_at=600),
    Plan("slots for a room of 8 (all it takes)", 233, 0, room_cap=8),
)


def put_people(session: Session, _now: datetime, *, count: int) -> None:
    """Customers for the bookings."""
    for number in range(1, count + 1):
        code = f"{OFFICE}{number:07d}"
        session.add(Customer(office_id=OFFICE, customer_code=code, payer_code=code, name="An", search_no=number))
    session.flush()


def humps(chance: random.Random) -> float:
    """When somebody without an appointment comes: minutes after opening, most at 09:30 and at 13:30."""
    while True:
        minute = chance.gauss(90, 45) if chance.random() < 0.6 else chance.gauss(330, 60)
        if 0 <= minute <= MINUTES - 20:
            return minute


class Day:
    """One day of one plan, by a seed."""

    def __init__(self, desk: Desk, plan: Plan, *, seed: int) -> None:
        assert isinstance(desk.clock, StillClock)
        self.desk, self.clock, self.plan = desk, desk.clock, plan
        self.chance = random.Random(seed)
        self._order = iter(range(1_000_000))
        self.events: list[tuple[datetime, int, str, Any]] = []
        self.idle = list(TILLS)
        self.open_tills = set(TILLS)

    def run(self) -> queue.DayReport:
        """Book, open, serve everybody; the day's report."""
        self._book()
        self._walk_in()
        if self.plan.closes_at is not None:
            self._at(OPEN + timedelta(minutes=self.plan.closes_at - 480), "close", None)
        while self.events:
            instant, _, what, about = heapq.heappop(self.events)
            self.clock.move(instant - self.clock.now())
            getattr(self, "_" + what)(about)
            self._everybody_moves()
        self.desk.do(queue.end_day_early, day=DAY, by=self.desk.see(_boss))
        return self.desk.see(queue.day_report, day=DAY, now=self.clock.now())

    def _at(self, instant: datetime, what: str, about: Any) -> None:
        heapq.heappush(self.events, (instant, next(self._order), what, about))

    def _class(self) -> str:
        return self.chance.choice(("elderly", "pregnant", "child")) if self.chance.random() < 0.15 else ""

    def _book(self) -> None:
        """Bookings spread over the day as far as its places go; nine in ten come, a little early or late."""
        self.desk.do(queue.lay_out, day=DAY)
        slots = self.desk.see(queue.slots, day=DAY, now=self.clock.now()).slots
        places = [slot.minute for slot in slots for _ in range(slot.free)]
        wanted = min(self.plan.booked, len(places))
        for number in range(wanted):
            minute = places[number * len(places) // wanted]
            ticket_id = new_id()
            self.desk.do(
                queue.book,
                ticket_id=ticket_id,
                day=DAY,
                slot=minute,
                customer_code=f"{OFFICE}{number + 1:07d}",
                class_code=self._class(),
                by=None,
            )
            if self.chance.random() >= 0.1:
                late = timedelta(minutes=self.chance.gauss(-4, 6))
                self._at(max(OPEN, OPEN + timedelta(minutes=minute - 480) + late), "arrive", ticket_id)

    def _walk_in(self) -> None:
        for _ in range(self.plan.walk_ins):
            self._at(OPEN + timedelta(minutes=humps(self.chance)), "issue", self._class())

    def _arrive(self, ticket_id: UUID) -> None:
        self.desk.do(queue.arrive, move_id=new_id(), ticket_id=ticket_id, by=None)

    def _issue(self, class_code: str) -> None:
        self.desk.do(queue.issue, ticket_id=new_id(), class_code=class_code, by=None)

    def _served(self, till: str) -> None:
        self.desk.do(queue.serve, move_id=new_id(), till_code=till, by=None)
        self.idle.append(till)

    def _close(self, _about: None) -> None:
        self.open_tills.discard(TILLS[-1])
        boss = self.desk.see(_boss)
        assert self.plan.closes_at is not None
        self.desk.do(queue.plan_tills, day=DAY, tills=2, from_minute=self.plan.closes_at, to_minute=24 * 60, by=boss)

    def _everybody_moves(self) -> None:
        """Idle tills call; then the guard lets in as many as the room takes."""
        for till in [till for till in self.idle if till in self.open_tills]:
            try:
                self.desk.do(queue.call_next, call_id=new_id(), till_code=till, by=None)
            except (queue.NobodyWaiting, queue.RoomFull):
                break
            self.idle.remove(till)
            self._at(self.clock.now() + timedelta(minutes=self._service()), "served", till)
        try:
            while True:
                self.desk.do(queue.let_in_next, move_id=new_id(), by=None)
        except (queue.NobodyWaiting, queue.RoomFull):
            return

    def _service(self) -> float:
        sigma = math.sqrt(math.log(1 + 0.7**2))
        return self.chance.lognormvariate(math.log(4) - sigma**2 / 2, sigma)


def _boss(session: Session) -> UUID:
    from counter.people import user_named

    return user_named(session, login="ngan").user_id


def desk_for(database: Database, plan: Plan) -> Desk:
    """An office of three tills with the plan's room, an hour before it opens."""
    pins = PinKeeper(pepper=b"0" * 16, cost="light")
    desk = Desk(database, OFFICE, StillClock(OPEN - timedelta(hours=1)), pins, NoPaper(), TILLS[0])
    boss = new_id()
    desk.do(
        office.open_office,
        name="Điện lực",
        address="",
        phone="",
        supervisor_id=boss,
        supervisor_login="ngan",
        supervisor_name="Ngân",
        pin_hash="-",
    )
    for till in TILLS:
        desk.do(office.add_till, code=till, by=boss)
    desk.do(put_people, count=plan.booked)
    desk.do(queue.set_rules, content=RULES.format(cap=plan.room_cap), file="rules.toml", by=boss)
    return desk


def simulate(plan: Plan, *, seed: int) -> queue.DayReport:
    """One day of a plan in a database of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        database = open_database(f"sqlite:///{Path(name) / 'counter.db'}")
        bring_up_to_date(database)
        try:
            return Day(desk_for(database, plan), plan, seed=seed).run()
        finally:
            database.close()


def rows(*, days: int) -> Iterator[tuple[str, ...]]:
    """A line for each plan: means over so many days."""
    for plan in PLANS:
        seen = [simulate(plan, seed=seed) for seed in range(days)]

        def mean(of: str, seen: list[queue.DayReport] = seen) -> float:
            return statistics.mean(float(getattr(one, of)) for one in seen)

        per_100 = statistics.mean(one.pair_minutes_on_site * 100 / one.served for one in seen)
        told = statistics.mean(one.told.rmse for one in seen)
        near = statistics.mean(one.told.near for one in seen)
        yield (
            plan.name,
            f"{mean('served'):.0f}",
            f"{mean('mean_wait'):.1f}",
            f"{mean('wait_95'):.1f}",
            f"{mean('most_inside'):.0f}",
            f"{mean('most_on_site'):.0f}",
            f"{per_100:,.0f}",
            f"{told:.1f}; {near:.0%}",
            plan.peer or "–",
        )


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    columns = (
        "a day", "served", "mean wait, min", "p95, min", "most inside", "most on site", "pair-minutes per 100",
        "told wait: RMSE, min; within 5 min", "published: mean / p95 / most on site / pair-minutes",
    )  # fmt: skip
    return Table(columns, tuple(rows(days=20 if full else 3)))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
