"""What 30 days say: minutes of a service, who does not come, who just comes; and how right the waits were that we told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.queue.office_rules import OfficeRules
from counter.queue.rules import state_after
from db.scope import office_of
from db.states import TicketKind, TicketState
from db.tables import Ticket

DAYS: Final = 30
ENOUGH: Final = 200
"""Tickets before a share or a mean of one's own is believed."""
CAME_TO: Final = [
    state for state in TicketState if state_after(state) in (TicketState.SERVED, TicketState.MISSED, TicketState.LEFT)
]
"""The tickets that count: of days before, so that what was left open is read as what became of it."""
LONGEST: Final = timedelta(hours=2)
"""A service that seems longer was forgotten, not served."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A service as it was: mean minutes, CV, how many were seen."""

    minutes: float
    cv: float
    seen: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What places and waits are counted with: `minutes` of a mean visit; shares (0 to 1) that miss it and that just come."""

    minutes: float
    no_show: float
    walk_in: float
    services: Mapping[str, Measured] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As it is kept with the day."""
        services = {
            code: {"minutes": round(one.minutes, 3), "cv": round(one.cv, 3), "seen": one.seen}
            for code, one in self.services.items()
        }
        return {
            "minutes": round(self.minutes, 3),
            "no_show": round(self.no_show, 4),
            "walk_in": round(self.walk_in, 4),
            "services": services,
        }

    @classmethod
    def read(cls, text: str) -> Figures:
        """What `plain` wrote."""
        data = json.loads(text)
        services = {code: Measured(one["minutes"], one["cv"], one["seen"]) for code, one in data["services"].items()}
        return cls(data["minutes"], data["no_show"], data["walk_in"], services)


def figures_before(session: Session, *, day: date, rules: OfficeRules) -> Figures:
    """The figures of the 30 days before `day`; where too little was seen, the office's own."""
    lately = (
        Ticket.office_id == office_of(session),
        Ticket.day < day,
        Ticket.day >= day - timedelta(days=DAYS),
    )
    ends = session.exec(
        select(Ticket.kind, Ticket.state, func.count())
        .where(*lately, col(Ticket.state).in_(CAME_TO))
        .group_by(col(Ticket.kind), col(Ticket.state))
    ).all()
    booked = sum(count for kind, _, count in ends if kind is TicketKind.APPOINTMENT)
    missed = sum(count for _, state, count in ends if state_after(state) is TicketState.MISSED)
    walked = sum(count for kind, _, count in ends if kind is TicketKind.WALK_IN)
    came = booked + walked - missed
    minutes = _minutes(session, lately)
    services = {code: _measured(found) for code, found in minutes.items() if len(found) >= ENOUGH}
    return Figures(
        minutes=_mean_visit(minutes, services, rules),
        no_show=missed / booked if booked >= ENOUGH else rules.no_show_percent / 100,
        walk_in=walked / came if came >= ENOUGH else rules.walk_in_percent / 100,
        services=services,
    )


def _minutes(session: Session, lately: tuple[Any, ...]) -> dict[str, list[float]]:
    """How long each service took, call to end; what was forgotten at a till is left out."""
    rows = session.exec(
        select(Ticket.service_code, Ticket.called_at, Ticket.ended_at).where(*lately, Ticket.state == TicketState.SERVED)
    ).all()
    minutes: dict[str, list[float]] = {}
    for service, called_at, ended_at in rows:
        if called_at and ended_at and timedelta() < ended_at - called_at <= LONGEST:
            minutes.setdefault(service, []).append((ended_at - called_at).total_seconds() / 60)
    return minutes


def _measured(minutes: list[float]) -> Measured:
    mean = sum(minutes) / len(minutes)
    variance = sum((one - mean) ** 2 for one in minutes) / len(minutes)
    return Measured(mean, sqrt(variance) / mean, len(minutes))


def _mean_visit(minutes: Mapping[str, list[float]], services: Mapping[str, Measured], rules: OfficeRules) -> float:
    """Minutes of a visit, over the services as often as each was seen; the first service's own before that."""
    if not services:
        return next(iter(rules.services.values())).minutes
    seen = {code: len(found) for code, found in minutes.items() if code in services}
    return sum(services[code].minutes * count for code, count in seen.items()) / sum(seen.values())
