"""How many people a quarter of an hour can take, for so many tills, minutes of service and people on site. Pure; data.

Simulated: 300 days a cell, service lognormal with CV 0.7, 10 % of bookings missed, 10 % more people who just come; on 95 %
of days nobody beyond R was on site and the day ended less than 15 minutes late. Between the cells: the rule
`min(0.85·c·15/s, 0.7·R)`, one less with one or two tills (there it was one too high), and never outside its neighbours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from math import floor
from typing import Final

SLOT: Final = 15
"""Minutes of a slot: 10 gain nothing, 30 double the crowd."""
ROOMS: Final = (4, 6, 8, 10, 12, 16, 20)
"""R: the most people on site."""
TABLE: Final[Mapping[int, tuple[tuple[int | None, ...], ...]]] = {
    3: ((2, 2, 3, None), (3, 4, 5, 5), (3, 6, 7, 8), (3, 7, 8, 10), (4, 7, 10, 12), (4, 8, 12, 15), (4, 9, 13, 16)),
    4: ((1, 2, 2, None), (2, 3, 4, 4), (2, 4, 6, 7), (3, 5, 7, 8), (3, 6, 8, 10), (3, 6, 9, 11), (3, 6, 10, 13)),
    5: ((1, 2, 2, None), (2, 3, 3, 4), (2, 4, 5, 6), (2, 4, 6, 7), (2, 4, 6, 8), (2, 5, 7, 10), (2, 5, 8, 10)),
}
"""Minutes of service -> a row for each R of ROOMS -> people a slot with 1, 2, 3 or 4 tills."""
_MOST_TILLS: Final = 4


def people_in_a_slot(*, tills: int, service_minutes: float, room: int) -> int:
    """The people a slot takes: bookings that come and walk-ins together, as the table counts its bookings."""
    if tills <= 0 or room <= 0:
        return 0
    rule = _rule(tills, service_minutes, room)
    if tills > _MOST_TILLS:
        least = people_in_a_slot(tills=_MOST_TILLS, service_minutes=service_minutes, room=room)
        return max(least, rule) if room > ROOMS[-1] else least
    minutes = sorted(TABLE)
    slow = _cell(minutes[min(bisect_left(minutes, service_minutes), len(minutes) - 1)], room, tills, low=True)
    quick = _cell(minutes[max(bisect_right(minutes, service_minutes) - 1, 0)], room, tills, low=False)
    if slow == quick and minutes[0] <= service_minutes <= minutes[-1] and room in ROOMS:
        return slow
    lowest = slow if service_minutes <= minutes[-1] else 1
    highest = quick if room <= ROOMS[-1] and service_minutes >= minutes[0] else max(quick, rule)
    if room < ROOMS[0]:
        lowest = 1
    return max(min(rule, highest), min(lowest, highest), 1)


def _rule(tills: int, service_minutes: float, room: int) -> int:
    found = min(floor(0.85 * tills * SLOT / service_minutes), floor(0.7 * room))
    return found - 1 if tills <= 2 else found


def _cell(minutes: int, room: int, tills: int, *, low: bool) -> int:
    """A cell of the table for the R below (or above) `room`; more tills than the room bears count as fewer."""
    place = bisect_right(ROOMS, room) - 1 if low else bisect_left(ROOMS, room)
    row = TABLE[minutes][min(max(place, 0), len(ROOMS) - 1)]
    return next(found for found in reversed(row[:tills]) if found is not None)


__all__ = ["ROOMS", "SLOT", "TABLE", "people_in_a_slot"]
