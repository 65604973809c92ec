"""How a day of the queue went: who came, how long they waited, how right the told waits were, how close they stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.queue.inside import is_over
from counter.queue.rules import pair_minutes, state_after
from db.scope import office_of
from db.states import RoomMoveKind, TicketKind, TicketMoveKind, TicketState
from db.tables import RoomMove, Ticket, TicketMove

NEAR = 5
"""Minutes by which a told wait may be wrong and still count as right."""


@dataclass(frozen=True, slots=True)
class ToldWaits:
    """The waits that were told against those that happened: minutes; `near` is the share (0 to 1) within five minutes."""

    seen: int
    bias: float
    rmse: float
    near: float


@dataclass(frozen=True, slots=True)
class DayReport:
    """A day in figures. Waits in minutes from arrival to the first call; pair-minutes: n(n−1)/2 summed over minutes."""

    day: date
    is_over: bool
    booked: int
    walk_ins: int
    arrived: int
    served: int
    missed: int
    gone: int
    cancelled: int
    absent: int
    mean_wait: float
    wait_95: float
    told: ToldWaits
    most_inside: int
    most_on_site: int
    pair_minutes_inside: float
    pair_minutes_on_site: float


def day_report(session: Session, *, day: date, now: datetime) -> DayReport:
    """A day as it went, or as it goes: whoever is still here counts up to `now`."""
    tickets = session.exec(select(Ticket).where(Ticket.office_id == office_of(session), Ticket.day == day)).all()
    return report_of(session, tickets, day=day, now=now)


def report_of(session: Session, tickets: Sequence[Ticket], *, day: date, now: datetime) -> DayReport:
    """The report of a day whose tickets are read already."""
    over = is_over(session, day=day, now=now)
    until = here_until(session, tickets, day=day, now=now)
    states = Counter(state_after(t.state) if over else t.state for t in tickets)
    waits = sorted(_minutes(t.arrived_at, t.first_called_at) for t in tickets if t.arrived_at and t.first_called_at)
    inside = _inside(session, day, until)
    here = on_site(tickets, until)
    return DayReport(
        day=day,
        is_over=over,
        booked=sum(t.kind is TicketKind.APPOINTMENT and t.number is not None for t in tickets),
        walk_ins=sum(t.kind is TicketKind.WALK_IN for t in tickets),
        arrived=sum(t.arrived_at is not None for t in tickets),
        served=states[TicketState.SERVED],
        missed=states[TicketState.MISSED],
        gone=states[TicketState.LEFT],
        cancelled=states[TicketState.CANCELLED],
        absent=_absences(session, day),
        mean_wait=sum(waits) / len(waits) if waits else 0.0,
        wait_95=waits[min(len(waits) - 1, int(0.95 * len(waits)))] if waits else 0.0,
        told=told_waits(tickets),
        most_inside=_most(inside),
        most_on_site=_most(here),
        pair_minutes_inside=pair_minutes(inside),
        pair_minutes_on_site=pair_minutes(here),
    )


def told_waits(tickets: Sequence[Ticket]) -> ToldWaits:
    """How right the waits were that people were told when they came; who was called again after an absence counts once."""
    errors = [
        t.told_minutes - _minutes(t.arrived_at, t.first_called_at)
        for t in tickets
        if t.told_minutes is not None and t.arrived_at and t.first_called_at
    ]
    if not errors:
        return ToldWaits(0, 0.0, 0.0, 0.0)
    return ToldWaits(
        seen=len(errors),
        bias=sum(errors) / len(errors),
        rmse=sqrt(sum(error * error for error in errors) / len(errors)),
        near=sum(abs(error) <= NEAR for error in errors) / len(errors),
    )


def here_until(session: Session, tickets: Sequence[Ticket], *, day: date, now: datetime) -> datetime:
    """Until when who is still here is here: now; once the day is over, when the last thing happened."""
    if not is_over(session, day=day, now=now):
        return now
    moved = session.exec(
        select(func.max(RoomMove.at)).where(RoomMove.office_id == office_of(session), RoomMove.day == day)
    ).one()
    instants = [one for t in tickets for one in (t.arrived_at, t.called_at, t.ended_at) if one is not None]
    return max([*instants, *([moved] if moved else [])], default=now)


def on_site(tickets: Sequence[Ticket], now: datetime) -> list[tuple[datetime, int]]:
    """Everybody between arrival and end, in the room or before it; who is still here is here until now."""
    changes: list[tuple[datetime, int]] = []
    for ticket in tickets:
        if ticket.arrived_at is not None:
            changes += [(ticket.arrived_at, 1), (ticket.ended_at or max(now, ticket.arrived_at), -1)]
    return sorted(changes, key=lambda change: (change[0], change[1]))


# --- inside -----------------------------------------------------------------------------------------------------------


def _minutes(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds() / 60


def _absences(session: Session, day: date) -> int:
    rows = session.exec(
        select(TicketMove.move_id).where(
            TicketMove.office_id == office_of(session), TicketMove.day == day, TicketMove.kind == TicketMoveKind.ABSENT
        )
    )
    return len(rows.all())


def _inside(session: Session, day: date, now: datetime) -> list[tuple[datetime, int]]:
    """The room's changes in their order, up to now."""
    rows = session.exec(
        select(RoomMove)
        .where(RoomMove.office_id == office_of(session), RoomMove.day == day, RoomMove.kind != RoomMoveKind.CAP)
        .order_by(col(RoomMove.seq))
    ).all()
    return [*((row.at, row.change) for row in rows), *([(max(now, rows[-1].at), 0)] if rows else [])]


def _most(changes: Sequence[tuple[datetime, int]]) -> int:
    most = people = 0
    for _at, change in changes:
        people += change
        most = max(most, people)
    return most


__all__ = ["DayReport", "ToldWaits", "day_report", "here_until", "on_site", "report_of", "told_waits"]
