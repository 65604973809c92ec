"""Cash from hand to hand on the screens: nothing is taken unread, and the safe is opened by two."""

from __future__ import annotations

import pytest
from kit import PIN, fill_safe
from screens_kit import an_office, holds, notice, screen_text, signed_in, typed

from counter import people, shifts
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.money import Dong
from db.states import ShiftState


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def the_shift(desk: Desk) -> shifts.ShiftFacts:
    found = desk.see(shifts.last_shift, till_code="Q1")
    assert found is not None
    return found


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


async def test_refused_cash_is_shown_to_its_cashier_who_hands_it_over_again(home: Home, desk: Desk) -> None:
    shift = the_shift(desk)
    mine = {"shift_id": shift.shift_id, "by": shift.cashier_id}
    desk.do(shifts.count_drawer, count_id=new_id(), notes={50_000: 20}, **mine)  # type: ignore[arg-type]
    desk.do(shifts.hand_over, reason="", **mine)  # type: ignore[arg-type]
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "⏎", "⏎")  # no sum: nothing is taken, and the dialog stays
        assert the_shift(desk).state is ShiftState.HANDED_OVER
        await typed(pilot, "900000⏎")
        assert "1.000.000" in notice(pilot) and "900.000" in notice(pilot)
        assert the_shift(desk).state is ShiftState.HANDED_OVER
        await typed(pilot, "⏎", "900000{f8}", "thieu hai to⏎")
        assert "goes back" in notice(pilot)
        assert the_shift(desk).state is ShiftState.REFUSED
        assert "Cash not taken: with the cashier" in flat(screen_text(pilot))
        await typed(pilot, "⏎")
        assert "counts once more" in notice(pilot)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}")
        assert "Not taken: thieu hai to · they counted 900.000 ₫" in flat(screen_text(pilot))
        await typed(pilot, "{f6}")
        assert "not been counted" in notice(pilot)
        desk.do(shifts.count_drawer, count_id=new_id(), notes={50_000: 20}, **mine)  # type: ignore[arg-type]
        await typed(pilot, "{f6}")
        assert "Handed over" in notice(pilot)
    assert the_shift(desk).state is ShiftState.HANDED_OVER
    holds(desk)


async def test_change_from_the_safe_is_asked_for_where_the_safe_holds_it(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f4}", "100000⏎")
        assert "not that much cash in the safe" in notice(pilot)
        fill_safe(desk, desk.see(people.user_named, login="ngan"), 1_500_000)
        await typed(pilot, "{f4}", "100000⏎", "doi tien le⏎", f"lan⏎{PIN}⏎")
        assert "own act" in notice(pilot)
        await typed(pilot, f"ngan⏎{PIN}⏎")
    assert [move.amount for move in desk.see(shifts.moves, shift_id=the_shift(desk).shift_id)] == [Dong(100_000)]
    assert desk.see(shifts.safe_balance) == 400_000
    holds(desk)
