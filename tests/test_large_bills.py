"""A large works' bill: its amount and its period stand whole on the till, wherever they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit import PIN, put_bill
from screens_kit import a_home, an_office, screen_text, settle, typed

from counter.screens.app import CounterApp

WORKS = "PA05010000009"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_bill_above_a_hundred_billion_and_a_second_ky_stand_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    home = a_home(tmp_path)
    desk = an_office(home)
    facts = {"code": WORKS, "number": 9, "name": "Công ty cổ phần Xi măng Hướng Dương Ninh Bình"}
    desk.do(put_bill, amount=123_456_789_012, month=9, ky=2, **facts)  # type: ignore[arg-type]
    async with CounterApp(home, desk).run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press(*"lan", "enter", *PIN, "enter")
        await settle(pilot)
        await typed(pilot, f"{WORKS}⏎")
        assert "09/2026 (2)" in screen_text(pilot)
        for _step in ("the basket", "the question", "what was taken"):
            assert "123.456.789.012" in screen_text(pilot)
            assert "###" not in screen_text(pilot)
            await typed(pilot, "⏎")
    desk.database.close()
