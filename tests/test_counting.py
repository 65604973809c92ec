"""Counting by notes: a count is saved on purpose, once, and its figures stand under each other."""

from __future__ import annotations

import pytest
from screens_kit import an_office, holds, notice, screen_text, signed_in, typed

from counter import shifts
from counter.desk import Desk
from counter.home import Home
from counter.locale import use_language
from counter.money import NOTES
from counter.screens.notes import Notes

ALL_LINES = "⏎" * len(NOTES)


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def shift(desk: Desk) -> shifts.ShiftFacts:
    found = desk.see(shifts.last_shift, till_code="Q1")
    assert found is not None
    return found


@pytest.mark.parametrize("gap", [True, False])
async def test_enter_below_the_last_note_saves_nothing(home: Home, desk: Desk, gap: bool) -> None:
    async with signed_in(home, desk) as pilot:
        keys = ["11⏎", "5⏎", ALL_LINES] if gap else [f"11⏎5⏎{ALL_LINES}"]
        await typed(pilot, "{f6}", "{f5}", *keys)
        assert isinstance(pilot.app.screen, Notes)
        assert "F2 saves" in notice(pilot)
        assert shift(desk).counted is None


async def test_f2_asks_once_with_the_sum_and_enter_saves(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}", "{down}{down}{down}10{f2}")
        assert "500.000" in screen_text(pilot)
        assert "Save this count?" in screen_text(pilot)
        await typed(pilot, "{f9}")
        assert shift(desk).counted is None
        await typed(pilot, "{f2}", "⏎")
        assert shift(desk).counted == 500_000
    holds(desk)


async def test_one_goes_back_up_from_below_the_last_note(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}", ALL_LINES, "{up}7")
        assert pilot.app.screen.counted() == {NOTES[-1]: 7}


@pytest.mark.parametrize(("line", "pieces"), [(ALL_LINES, 0), ("25⏎4", 45)], ids=["below the last line", "in a line"])
async def test_who_comes_back_from_the_question_overwrites_nothing(home: Home, desk: Desk, line: str, pieces: int) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}", "12⏎{up}", "⏎" + line, "{f2}", "{f9}", "5")
        assert pilot.app.screen.counted() == {NOTES[0]: 12} | ({NOTES[1]: 25, NOTES[2]: pieces} if pieces else {})


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_the_figures_of_a_count_stand_under_each_other(home: Home, desk: Desk, lang: str) -> None:
    use_language(lang)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}", "3⏎25⏎")
        rows = screen_text(pilot).splitlines()
        assert len({row.rindex("₫") for row in rows if "₫" in row}) == 1
        assert len({row.index("×") for row in rows if "×" in row}) == 1
        assert sum("₫" in row for row in rows) == len(NOTES) + 1


async def test_a_count_may_be_typed_ahead_to_the_end(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}1⏎2⏎{f2}⏎")
        assert shift(desk).counted == 900_000
