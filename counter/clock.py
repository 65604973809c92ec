"""The only place that reads the clock. Instants are UTC; days are days in Vietnam (UTC+7, no daylight saving)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Protocol

LOCAL: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock. It may be wrong: order is by sequence, never by this."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place


class StillClock:
    """A clock that stands until it is moved: for tests, demos and replays."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("an instant has a time zone")
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant

    def move(self, step: timedelta) -> None:
        """Forward, or back for a clock that jumps."""
        self._instant += step


def local_day(instant: datetime) -> date:
    """The calendar day in Vietnam at this instant."""
    return instant.astimezone(LOCAL).date()


def local_text(instant: datetime) -> str:
    """`23/11/2026 14:05` in Vietnam."""
    return instant.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M")


def day_text(day: date) -> str:
    """`23/11/2026`."""
    return day.strftime("%d/%m/%Y")
