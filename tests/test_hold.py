"""A till on two computers: two apps on one office, each as if on a computer of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kit import PIN
from screens_kit import a_home, an_office, notice, screen_text, settle

from counter import leases
from counter.desk import Desk
from counter.home import Home
from counter.locale import language, use_language
from counter.screens import hold
from counter.screens.app import CounterApp
from counter.screens.hold import TillHold

LAN = [*"lan", "enter", *PIN, "enter"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    before = language()
    yield a_home(tmp_path)
    use_language(before)


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


@pytest.fixture
def elsewhere(home: Home, tmp_path: Path) -> Home:
    """The home of the other computer."""
    return replace(home, path=tmp_path / "other")


def an_app(home: Home, desk: Desk, *, every: float = 1000.0) -> CounterApp:
    app = CounterApp(home, replace(desk))
    app.hold = TillHold(app, every=every)
    return app


async def until(pilot: Any, what: Any) -> None:
    for _turn in range(400):
        await settle(pilot)
        if what():
            return
    raise AssertionError(screen_text(pilot))


def holder(desk: Desk) -> leases.Holder:
    (found,) = desk.see(leases.holders)
    return found


async def test_a_cashier_has_the_till_until_the_sign_out(home: Home, desk: Desk) -> None:
    async with an_app(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert not holder(desk).is_alive
        await pilot.press(*LAN)
        await settle(pilot)
        assert (holder(desk).name, holder(desk).is_alive) == ("Trần Thị Lan", True)
        await pilot.press("f10")
        await until(pilot, lambda: not holder(desk).is_alive)


async def test_a_supervisor_needs_no_till(home: Home, desk: Desk, elsewhere: Home) -> None:
    async with an_app(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*LAN)
        await settle(pilot)
        async with an_app(elsewhere, desk).run_test(size=(80, 24)) as other:
            await settle(other)
            await other.press(*"ngan", "enter", *PIN, "enter")
            await settle(other)
            assert other.app.screen.query("#waiting")
            assert holder(desk).name == "Trần Thị Lan"


async def test_a_second_computer_is_told_and_a_supervisor_takes_the_till_over(
    home: Home, desk: Desk, elsewhere: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold.platform, "node", lambda: "quay-1")
    async with an_app(home, desk, every=0.02).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*LAN)
        await settle(pilot)
        async with an_app(elsewhere, desk).run_test(size=(80, 24)) as other:
            await settle(other)
            await other.press(*LAN)
            await settle(other)
            shown = screen_text(other)
            assert "quay-1" in shown and "Trần Thị Lan" in shown
            await other.press(*LAN)  # a cashier is not enough
            await settle(other)
            assert "supervisor" in notice(other)
            await other.press("up", *["backspace"] * 5, *"ngan", "enter", *PIN, "enter")
            await settle(other)
            assert other.app.screen.query("#tender")
            await until(pilot, lambda: bool(pilot.app.screen.query("#login")))
            assert "another computer" in notice(pilot)
            assert holder(desk).is_alive


async def test_who_goes_back_is_at_the_sign_in_and_the_other_works_on(home: Home, desk: Desk, elsewhere: Home) -> None:
    async with an_app(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*LAN)
        await settle(pilot)
        async with an_app(elsewhere, desk).run_test(size=(80, 24)) as other:
            await settle(other)
            await other.press(*LAN)
            await settle(other)
            await other.press("f9")
            await settle(other)
            assert other.app.screen.query("#login")
        assert holder(desk).is_alive
        assert pilot.app.screen.query("#tender")
