"""Which meter book comes on which day: the flattest peak, or the fewest people moved for a peak that is low enough. Pure.

Books are few (tens an office) and the bound is tight, so the largest-first rule and then moves and swaps come within some
percent of the best; no solver is needed. Loads are compared as shares of what a day can take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PROFILE: Final = (1.0,)
"""The share of a book that comes on its day, the day after, and so on: those with a place of their own come on that day."""
_EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Book:
    """A meter book: visitors to expect, the day (place in the window) it has now or None, and the days it may have."""

    code: str
    visitors: float
    current: int | None
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A day for each book (in their order), what that loads each day with, and the peak as a share of a day's places."""

    days: tuple[int, ...]
    loads: tuple[float, ...]
    peak: float
    moved: float
    """Visitors whose book has another day than now."""


class _Calendar:
    """Books on days, with the load of each day kept as they move."""

    def __init__(self, books: Sequence[Book], places: Sequence[float], profile: Sequence[float]) -> None:
        self.books, self.places, self.profile = books, places, profile
        self.days: list[int | None] = [None] * len(books)
        self.loads = [0.0] * len(places)

    def put(self, book: int, day: int | None) -> None:
        """Move a book to a day, or nowhere."""
        for at, sign in ((self.days[book], -1), (day, 1)):
            if at is not None:
                for after, share in enumerate(self.profile):
                    if at + after < len(self.loads):
                        self.loads[at + after] += sign * self.books[book].visitors * share
        self.days[book] = day

    def share(self, day: int) -> float:
        """The load of a day as a share of its places; a day without places bears nothing."""
        load = self.loads[day]
        return load / self.places[day] if self.places[day] > 0 else load * 1e6

    def peak(self) -> float:
        """The largest share of all days."""
        return max(self.share(day) for day in range(len(self.loads)))

    def cost(self) -> tuple[float, float]:
        """What levelling makes small: the peak, then the unevenness."""
        shares = [self.share(day) for day in range(len(self.loads))]
        return round(max(shares), 9), sum(share * share for share in shares)

    def is_on_busy_day(self, book: int, wanted: float) -> bool:
        """Whether a book loads a day that bears more than `wanted`."""
        at = self.days[book]
        after = range(len(self.profile))
        return at is not None and any(at + n < len(self.loads) and self.share(at + n) > wanted + _EPSILON for n in after)

    def takes_off(self, book: int, day: int, wanted: float) -> float:
        """How many visitors fewer would be too many (above `wanted`) with the book on another day; below zero: more."""
        changes: dict[int, float] = {}
        for at, sign in ((self.days[book], -1), (day, 1)):
            for after, share in enumerate(self.profile):
                if at is not None and at + after < len(self.loads):
                    changes[at + after] = changes.get(at + after, 0.0) + sign * self.books[book].visitors * share
        return sum(self._over(at, 0.0, wanted) - self._over(at, change, wanted) for at, change in changes.items())

    def _over(self, day: int, change: float, wanted: float) -> float:
        return max(0.0, self.loads[day] + change - wanted * self.places[day])

    def cost_of_moving(self, book: int, day: int) -> float:
        """Visitors newly away from their day; going home costs nothing."""
        current = self.books[book].current
        return 0.0 if day == current or (self.days[book] != current and current is not None) else self.books[book].visitors

    def found(self) -> Spread:
        """The calendar as an answer."""
        days = tuple(day if day is not None else book.days[0] for day, book in zip(self.days, self.books, strict=True))
        moved = sum(
            book.visitors
            for day, book in zip(days, self.books, strict=True)
            if book.current is not None and day != book.current
        )
        return Spread(days, tuple(self.loads), self.peak(), moved)


def as_it_is(books: Sequence[Book], places: Sequence[float], *, profile: Sequence[float] = PROFILE) -> Spread:
    """The calendar of now: each book on its current day; one without a day, or whose day is not possible, on its first."""
    calendar = _Calendar(books, places, profile)
    for place, book in enumerate(books):
        calendar.put(place, book.current if book.current in book.days else book.days[0])
    return calendar.found()


def level(books: Sequence[Book], places: Sequence[float], *, profile: Sequence[float] = PROFILE) -> Spread:
    """The flattest peak: the largest book first onto the day where it shows least, then moves and swaps while they help."""
    calendar = _Calendar(books, places, profile)
    for place in sorted(range(len(books)), key=lambda n: -books[n].visitors):
        calendar.put(place, min(books[place].days, key=lambda day: (_cost_at(calendar, place, day), day)))
    _improve(calendar)
    return calendar.found()


def fewest_moved(
    books: Sequence[Book], places: Sequence[float], *, peak: float, profile: Sequence[float] = PROFILE
) -> Spread:
    """As few visitors moved as can be for a peak of at most `peak`; where that peak cannot be had, the flattest one.

    From the calendar of now: the move that takes off most for whom it moves, until no day is too busy. Then each who was
    moved is sent home and the days are relieved without them; what moves fewer stays.
    """
    flattest = level(books, places, profile=profile)
    wanted = max(peak, flattest.peak)
    calendar = _Calendar(books, places, profile)
    for start in (_habits(books, places, profile), flattest.days):
        _set(calendar, start)
        if _relieve(calendar, wanted, locked=frozenset()):
            break
    _send_home(calendar, wanted)
    return calendar.found()


# --- inside -----------------------------------------------------------------------------------------------------------


def _habits(books: Sequence[Book], places: Sequence[float], profile: Sequence[float]) -> list[int | None]:
    """Each book on its day; then those without one, the largest first, where they show least: that moves nobody."""
    calendar = _Calendar(books, places, profile)
    for place, book in enumerate(books):
        if book.current in book.days:
            calendar.put(place, book.current)
    for place in sorted(range(len(books)), key=lambda n: -books[n].visitors):
        if calendar.days[place] is None:
            calendar.put(place, min(books[place].days, key=lambda day: (_cost_at(calendar, place, day), day)))
    return list(calendar.days)


def _cost_at(calendar: _Calendar, place: int, day: int) -> tuple[float, float]:
    before = calendar.days[place]
    calendar.put(place, day)
    cost = calendar.cost()
    calendar.put(place, before)
    return cost


def _improve(calendar: _Calendar) -> None:
    """Moves, then swaps, as long as one of them makes the calendar better; the busiest days first."""
    best = calendar.cost()
    for _ in range(20 * len(calendar.books) + 20):
        busiest = max(range(len(calendar.loads)), key=calendar.share)
        order = sorted(
            range(len(calendar.books)), key=lambda n: (not _loads(calendar, n, busiest), -calendar.books[n].visitors)
        )
        cost = next((cost for place in order if (cost := _better_move(calendar, place, best)) is not None), None)
        if cost is None:
            cost = next((cost for place in order if (cost := _better_swap(calendar, place, best)) is not None), None)
        if cost is None:
            return
        best = cost


def _loads(calendar: _Calendar, place: int, day: int) -> bool:
    at = calendar.days[place]
    return at is not None and at <= day < at + len(calendar.profile)


def _better_move(calendar: _Calendar, place: int, best: tuple[float, float]) -> tuple[float, float] | None:
    before = calendar.days[place]
    for day in calendar.books[place].days:
        if day != before:
            calendar.put(place, day)
            cost = calendar.cost()
            if cost < (best[0], best[1] - _EPSILON):
                return cost
    calendar.put(place, before)
    return None


def _better_swap(calendar: _Calendar, place: int, best: tuple[float, float]) -> tuple[float, float] | None:
    mine = calendar.days[place]
    for other in range(len(calendar.books)):
        theirs = calendar.days[other]
        if theirs == mine or theirs not in calendar.books[place].days or mine not in calendar.books[other].days:
            continue
        calendar.put(place, theirs)
        calendar.put(other, mine)
        cost = calendar.cost()
        if cost < (best[0], best[1] - _EPSILON):
            return cost
        calendar.put(other, theirs)
        calendar.put(place, mine)
    return None


def _set(calendar: _Calendar, days: Sequence[int | None]) -> None:
    for place, day in enumerate(days):
        calendar.put(place, day)


def _relieve(calendar: _Calendar, wanted: float, *, locked: frozenset[int]) -> bool:
    """Move books, those of `locked` excepted, until no day bears more than `wanted`; False where no move helps any more."""
    for _ in range(4 * len(calendar.books)):
        moves = [
            (-taken / (calendar.cost_of_moving(place, day) + 1), abs(day - _home(calendar, place)), place, day)
            for place, book in enumerate(calendar.books)
            if place not in locked and calendar.is_on_busy_day(place, wanted)
            for day in book.days
            if day != calendar.days[place] and (taken := calendar.takes_off(place, day, wanted)) > _EPSILON
        ]
        if not moves:
            return calendar.peak() <= wanted + _EPSILON
        calendar.put(*min(moves)[2:])
    return calendar.peak() <= wanted + _EPSILON


def _home(calendar: _Calendar, place: int) -> int:
    current = calendar.books[place].current
    return calendar.books[place].days[0] if current is None else current


def _send_home(calendar: _Calendar, wanted: float) -> None:
    """Each who was moved, the largest first: at home again, others moved instead, where that is fewer people in all."""
    best, is_better = calendar.found(), True
    while is_better:
        is_better = False
        away = [n for n, book in enumerate(calendar.books) if book.current in book.days and best.days[n] != book.current]
        for place in sorted(away, key=lambda n: -calendar.books[n].visitors):
            _set(calendar, best.days)
            calendar.put(place, calendar.books[place].current)
            if _relieve(calendar, wanted, locked=frozenset({place})):
                found = calendar.found()
                if found.moved < best.moved - _EPSILON:
                    best, is_better = found, True
    _set(calendar, best.days)


__all__ = ["PROFILE", "Book", "Spread", "as_it_is", "fewest_moved", "level"]
