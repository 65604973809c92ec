"""Whole days through the real acts on a virtual clock: what slots are for, and no promise lost when a till closes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.queue_day import PLANS, Day, Plan, desk_for, simulate
from counter.audit import audit
from counter.queue import DayReport
from db.engine import Database

NO_PLAN, SLOTS, _, MANY_WALK_INS, TILL_CLOSES, SMALL_ROOM = PLANS


@pytest.fixture(scope="module")
def days() -> dict[str, DayReport]:
    return {plan.name: simulate(plan, seed=7) for plan in PLANS}


def close_together(report: DayReport) -> float:
    return report.pair_minutes_on_site / report.served


def test_slots_keep_people_apart_and_waits_short(days: dict[str, DayReport]) -> None:
    without, slots = days[NO_PLAN.name], days[SLOTS.name]
    assert close_together(slots) < close_together(without) / 20
    assert slots.mean_wait < 3 < 15 < without.mean_wait
    assert slots.most_on_site < without.most_on_site / 3


def test_every_tenth_who_just_walks_in_costs_and_slots_still_pay(days: dict[str, DayReport]) -> None:
    assert (
        close_together(days[SLOTS.name]) < close_together(days[MANY_WALK_INS.name]) < close_together(days[NO_PLAN.name]) / 5
    )


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_the_room_never_holds_more_than_its_cap_and_everybody_is_served(days: dict[str, DayReport], plan: Plan) -> None:
    report = days[plan.name]
    assert 0 < report.most_inside <= plan.room_cap
    assert report.served == report.arrived and report.booked == report.served - report.walk_ins + report.missed


def test_a_till_that_closes_breaks_no_promise(days: dict[str, DayReport]) -> None:
    report = days[TILL_CLOSES.name]
    assert report.booked == TILL_CLOSES.booked and report.cancelled == 0


def test_told_waits_are_mostly_right(days: dict[str, DayReport]) -> None:
    assert days[SLOTS.name].told.near > 0.8
    assert days[NO_PLAN.name].told.rmse < days[NO_PLAN.name].mean_wait / 2


def test_a_whole_day_leaves_books_that_hold(database: Database) -> None:
    plan = replace(MANY_WALK_INS, booked=40, walk_ins=15, room_cap=4)
    desk = desk_for(database, plan)
    Day(desk, plan, seed=3).run()
    assert [(check.name, check.broken) for check in desk.see(audit) if not check.ok] == []
