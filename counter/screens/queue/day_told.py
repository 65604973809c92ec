"""A day of the queue in words: what its plot shows, and what no plot can."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from counter.locale import _
from counter.money import group_digits
from counter.queue import DayLoad, Quarter
from counter.screens.queue.quarters import BOTH, CAME, GIVEN, MINUTES, NOW, PLACES, SERVED
from counter.screens.queue.slots import day_words


def words_of(load: DayLoad) -> list[str]:
    """State, promises, crowding, waits, and the signs of the plot: a line each."""
    given = sum(one.given for one in load.quarters)
    places = sum(one.places for one in load.quarters)
    report = load.report
    promised = _("given {given} of {places} places · came {came} · served {served} · missed {missed}").format(
        given=given, places=places, came=report.arrived, served=report.served, missed=report.missed
    )
    return [_first_line(load), promised, _crowding(load), _waits(load), legend()]


def _first_line(load: DayLoad) -> str:
    told = [day_words(load.day)]
    if load.closed:
        told.append(_("closed: {reason}").format(reason=load.closed))
    if load.report.is_over:
        told.append(_("over"))
    elif load.now_minute is not None:
        told.append(_("inside {inside}/{cap}").format(inside=load.inside, cap=load.room_cap))
        told.append(_("{people} waiting").format(people=load.waiting))
    else:
        told.append(_("at most {people} inside").format(people=load.room_cap))
    kept = sum(one.promised_too_many for one in load.quarters if not one.is_over)
    if kept:
        told.append(_("{n} above the places stay promised").format(n=kept))
    return " · ".join(told)


def _crowding(load: DayLoad) -> str:
    """Who stands with how many others: the pairs, minute by minute; for a hundred people, so that days can be compared."""
    report = load.report
    hundred = 100 * report.pair_minutes_on_site / report.arrived if report.arrived else 0
    words = _("crowding: {pairs} pair-minutes, {hundred} for 100 people · most on site {site}, inside {inside}")
    return words.format(
        pairs=group_digits(round(report.pair_minutes_on_site)),
        hundred=group_digits(round(hundred)),
        site=report.most_on_site,
        inside=report.most_inside,
    )


def _waits(load: DayLoad) -> str:
    report, told = load.report, load.report.told
    if not told.seen:
        return _("waits: nobody was called yet")
    words = _("waits: {mean}′, 95% within {late}′ · {seen} told waits off by {rmse}′, {near}% within 5′")
    return words.format(
        mean=round(report.mean_wait),
        late=round(report.wait_95),
        rmse=round(told.rmse, 1),
        near=round(100 * told.near),
        seen=told.seen,
    )


def legend() -> str:
    """The signs of the plot."""
    words = _("plot: {given} given · {places} places · {came} came · {served} served · {both} both the same · {now} now")
    return words.format(given=GIVEN, places=PLACES, came=CAME, served=SERVED, both=BOTH, now=NOW)


def break_after(quarters: Sequence[Quarter], minute: int) -> int | None:
    """When the break begins that is next after a minute; None: there is none before the end."""
    later = [one.minute for one in quarters if one.minute >= minute and one.places + one.given + one.tills]
    return next((a + MINUTES for a, b in pairwise(later) if b > a + MINUTES), None)


__all__ = ["break_after", "legend", "words_of"]
