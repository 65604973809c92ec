"""What may follow what, where a ticket stands in the line, how many places a slot has, how long the wait will be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor, sqrt
from typing import Final

from counter.clock import LOCAL
from db.states import TicketMoveKind, TicketState

S = TicketState
K = TicketMoveKind

MOVES: Final[Mapping[TicketState, frozenset[TicketState]]] = {
    S.DRAFT: frozenset({S.BOOKED, S.CANCELLED, S.EXPIRED}),
    S.BOOKED: frozenset({S.BOOKED, S.WAITING, S.CANCELLED, S.MISSED}),
    S.WAITING: frozenset({S.WAITING, S.CALLED, S.HELD, S.LEFT}),
    S.CALLED: frozenset({S.CALLED, S.SERVED, S.ABSENT, S.WAITING, S.HELD, S.LEFT}),
    S.HELD: frozenset({S.WAITING, S.LEFT}),
    S.ABSENT: frozenset({S.WAITING, S.LEFT}),
    S.SERVED: frozenset(),
    S.LEFT: frozenset(),
    S.CANCELLED: frozenset(),
    S.MISSED: frozenset(),
    S.EXPIRED: frozenset(),
}
ACTS: Final[Mapping[TicketMoveKind, tuple[frozenset[TicketState], TicketState | None]]] = {
    K.DRAFTED: (frozenset(), S.DRAFT),
    K.BOOKED: (frozenset({S.DRAFT}), S.BOOKED),
    K.CHANGED: (frozenset({S.BOOKED}), S.BOOKED),
    K.CANCELLED: (frozenset({S.DRAFT, S.BOOKED}), S.CANCELLED),
    K.EXPIRED: (frozenset({S.DRAFT}), S.EXPIRED),
    K.MISSED: (frozenset({S.BOOKED}), S.MISSED),
    K.ISSUED: (frozenset(), S.WAITING),
    K.ARRIVED: (frozenset({S.BOOKED}), S.WAITING),
    K.LET_IN: (frozenset({S.WAITING}), S.WAITING),
    K.CALLED: (frozenset({S.WAITING}), S.CALLED),
    K.RECALLED: (frozenset({S.CALLED}), S.CALLED),
    K.SERVED: (frozenset({S.CALLED}), S.SERVED),
    K.ABSENT: (frozenset({S.CALLED}), S.ABSENT),
    K.RETURNED: (frozenset({S.ABSENT}), S.WAITING),
    K.TRANSFERRED: (frozenset({S.WAITING, S.CALLED}), S.WAITING),
    K.HELD: (frozenset({S.WAITING, S.CALLED}), S.HELD),
    K.RESUMED: (frozenset({S.HELD}), S.WAITING),
    K.LEFT: (frozenset({S.WAITING, S.CALLED, S.HELD, S.ABSENT}), S.LEFT),
}
"""Each act: the states it may find (none: it makes the ticket) and the state it leaves."""

OVER: Final[Mapping[TicketState, TicketMoveKind]] = {
    S.DRAFT: K.EXPIRED,
    S.BOOKED: K.MISSED,
    S.WAITING: K.LEFT,
    S.HELD: K.LEFT,
    S.ABSENT: K.LEFT,
    S.CALLED: K.SERVED,
}
"""What has become of a ticket that its day left open, once that day is over: who stood at a till was served."""
APART: Final = timedelta(microseconds=10)
"""Between the ranks of two numbers that were promised the same time (also in db/fast_queue.py)."""
OVERBOOKED_AT_MOST: Final = 1.15
"""Beyond it the wait grows faster than the customers served."""
SPREAD: Final = 1.3
"""Standard deviations of the range that is shown."""
ROUNDED_TO: Final = 5


def state_after(state: str) -> TicketState:
    """The state of a ticket whose day is over: what it says, or what OVER makes of it. It is read so, never written."""
    found = TicketState(state)
    left = ACTS[OVER[found]][1] if found in OVER else found
    return left or found


def number_text(letter: str, number: int | None) -> str:
    """`A012`: as it is printed and spoken; empty before a number is given."""
    return "" if number is None else f"{letter}{number:03d}"


def slot_text(minute: int | None) -> str:
    """`09:45`, or empty."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def slot_instant(day: date, minute: int) -> datetime:
    """The instant (UTC) of a minute of a day in Vietnam."""
    return datetime.combine(day, time(minute // 60, minute % 60), LOCAL).astimezone(UTC)


def minute_of(instant: datetime) -> int:
    """The minute of the day in Vietnam at an instant."""
    local = instant.astimezone(LOCAL)
    return local.hour * 60 + local.minute


def period_of(day: date) -> str:
    """The month a visit counts for: one booking a customer and month."""
    return day.isoformat()[:7]


# --- the line ---------------------------------------------------------------------------------------------------------


def rank(*, day: date, slot: int | None, now: datetime, ahead: int, number: int = 0, late: int | None = None) -> datetime:
    """Where who comes `now` stands: at the promised slot, or at now where that is later, less the class's minutes.

    With `late`, the minutes by which one may come late and keep the promise, an appointment stands at its slot although now
    is later. Who was promised the same time stands by number, with room between them for who comes back. The rank never
    moves while somebody waits, so nobody is overtaken by more than the largest `ahead`.
    """
    base = now
    if slot is not None:
        promised = slot_instant(day, slot)
        in_time = late is not None and now <= promised + timedelta(minutes=late)
        base = promised if in_time else max(promised, now)
    return base - timedelta(minutes=ahead) + number * APART


def behind(others: Sequence[datetime], *, places: int, now: datetime) -> datetime:
    """The rank of who comes back: behind the first `places` of the line (`others`: their ranks, in order), or at its end."""
    step = timedelta(microseconds=1)
    if not others:
        return now
    if places == 0:
        return min(now, others[0] - step)
    return others[places - 1] + step if len(others) >= places else max(now, others[-1] + step)


# --- places -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Places:
    """What a slot gives away: places for bookings and for who just comes."""

    bookable: int
    walk_ins: int


@dataclass(frozen=True, slots=True)
class Given:
    """One slot as it is: people it takes (by the table), bookings and walk-in places given already."""

    people: int
    booked: int
    walked: int


def overbooking(no_show: float) -> float:
    """How many bookings for one who comes, from the share that does not come; never above OVERBOOKED_AT_MOST."""
    return min(OVERBOOKED_AT_MOST, 1 / (1 - min(no_show, 0.99)))


def share_out(slots: Sequence[Given], *, no_show: float, walk_in: float, now_at: int = 0, late: int = 0) -> list[Places]:
    """The places of each slot in turn; what is promised stays, and who does not fit takes room from the slots after.

    `people` counts bookings with 10 % missing and 10 % walk-ins besides, so they are people who come; fractions of a place
    are carried to the next slot, so that the day as a whole has its share. At the slot `now_at` nobody guesses any more who
    of the slots before is still here: it is `late` people.
    """
    found: list[Places] = []
    carried_bookings = carried_walk_ins = over = 0.0
    for place, slot in enumerate(slots):
        if place <= now_at:
            over = float(late) if place == now_at else 0.0
        free = max(0.0, slot.people - over)
        bookings = free * (1 - walk_in) * overbooking(no_show) + carried_bookings
        walk_ins = free * walk_in + carried_walk_ins
        given_away = Places(floor(bookings + 1e-9), floor(walk_ins + 1e-9))
        carried_bookings, carried_walk_ins = bookings - given_away.bookable, walk_ins - given_away.walk_ins
        found.append(given_away)
        coming = slot.booked * (1 - no_show) + slot.walked
        over = max(0.0, over + coming - slot.people)
    return found


def kept_places(*, bookable: int, for_priority: int) -> int:
    """Places of a kept slot that are still kept: half of all, less what the priority classes have booked."""
    return max(0, bookable // 2 - for_priority)


# --- waiting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the line moves: mean minutes of a service, its CV, planned open tills."""

    minutes: float
    cv: float
    tills: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes until the call: the estimate, and the range that is shown (rounded up to 5)."""

    minutes: int
    low: int
    high: int


def wait_for(*, ahead: int, pace: Pace, coming: Iterable[tuple[float, int]] = ()) -> Wait:
    """(people ahead + 1) × long-run mean / open tills, ± 1.3·s·CV·√q/c.

    `coming`: those still to come who will stand before, as (minutes from now, how many); only who comes before one's own
    turn counts. Source: the queue-length estimator with a slowly moving mean, the best of seven that were compared.
    """
    each = pace.minutes / max(1, pace.tills)
    before = float(ahead)
    for minutes, people in sorted(coming):
        if minutes > (before + 1) * each:
            break
        before += people
    estimate = (before + 1) * each
    spread = SPREAD * each * pace.cv * sqrt(before + 1)
    return Wait(ceil(estimate), _up(max(0.0, estimate - spread)), max(ROUNDED_TO, _up(estimate + spread)))


def _up(minutes: float) -> int:
    return ceil(minutes / ROUNDED_TO) * ROUNDED_TO


def pair_minutes(changes: Iterable[tuple[datetime, int]]) -> float:
    """The sum over minutes of n(n−1)/2 for a count that changes by so many at each instant, in order."""
    total, people, last = 0.0, 0, None
    for instant, change in changes:
        if last is not None:
            total += people * (people - 1) / 2 * (instant - last).total_seconds() / 60
        people, last = people + change, instant
    return total
