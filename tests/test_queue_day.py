"""Whole days through the real acts on a virtual clock: what slots are for, and no promise lost when a till closes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.queue_day import PLANS, Day, Plan, desk_for, simulate
from counter.audit import audit
from counter.queue import DayReport
from db.engine import Database

NO_PLAN, SLOTS, FEW_WALK_INS, MANY_WALK_INS, TILL_CLOSES, SMALL_ROOM = PLANS
LONG = [pytest.param(plan, marks=pytest.mark.torture, id=plan.name) for plan in (FEW_WALK_INS, MANY_WALK_INS, SMALL_ROOM)]
EVERY = [*(pytest.param(plan, id=plan.name) for plan in (NO_PLAN, SLOTS, TILL_CLOSES)), *LONG]


@cache
def day_of(plan: Plan) -> DayReport:
    """The report of one simulated day; a few seconds each, so each is lived once."""
    return simulate(plan, seed=7)


def close_together(report: DayReport) -> float:
    return report.pair_minutes_on_site / report.served


def test_slots_keep_people_apart_and_waits_short() -> None:
    without, slots = day_of(NO_PLAN), day_of(SLOTS)
    assert close_together(slots) < close_together(without) / 20
    assert slots.mean_wait < 3 < 15 < without.mean_wait
    assert slots.most_on_site < without.most_on_site / 3


@pytest.mark.torture
def test_every_tenth_who_just_walks_in_costs_and_slots_still_pay(campaign: Callable[[str], None]) -> None:
    slots, many, without = (close_together(day_of(plan)) for plan in (SLOTS, MANY_WALK_INS, NO_PLAN))
    campaign(
        f"close together, pair-minutes: {slots:.0f} with slots, {many:.0f} with many walk-ins, {without:.0f} without a plan"
    )
    assert slots < many < without / 5


@pytest.mark.parametrize("plan", EVERY)
def test_the_room_never_holds_more_than_its_cap_and_everybody_is_served(plan: Plan) -> None:
    report = day_of(plan)
    assert 0 < report.most_inside <= plan.room_cap
    assert report.served == report.arrived and report.booked == report.served - report.walk_ins + report.missed


def test_a_till_that_closes_breaks_no_promise() -> None:
    report = day_of(TILL_CLOSES)
    assert report.booked == TILL_CLOSES.booked and report.cancelled == 0


def test_told_waits_are_mostly_right() -> None:
    assert day_of(SLOTS).told.near > 0.8
    assert day_of(NO_PLAN).told.rmse < day_of(NO_PLAN).mean_wait / 2


def test_a_whole_day_leaves_books_that_hold(database: Database) -> None:
    plan = replace(MANY_WALK_INS, booked=20, walk_ins=8, room_cap=4)
    desk = desk_for(database, plan)
    Day(desk, plan, seed=3).run()
    assert [(check.name, check.broken) for check in desk.see(audit) if not check.ok] == []
