"""Ctrl+L locks everywhere and gives everything back as it was; nobody drops somebody's work from the lock."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, notice, screen_text, settle, signed_in, typed

from counter import approvals, people
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.screens.app import CounterApp
from counter.screens.lock import Lock
from counter.screens.notes import Notes
from counter.screens.signin import SignIn
from counter.screens.till import TillScreen
from counter.screens.widgets import LineInput, TickList
from db.states import Role
from tests.test_keys_in_sight import CASHIER, RECEPTION, SUPERVISOR


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def place(pilot: Any) -> Any:
    """Where the person is: the screens, what is in the fields, the cursor, what has the focus."""
    screens = list(pilot.app.screen_stack)
    fields = [(field.value, field.selection) for screen in screens for field in screen.query(LineInput)]
    return screens, pilot.app.focused, fields


async def locked_and_back(pilot: Any) -> None:
    before = place(pilot)
    await typed(pilot, "{ctrl+l}")
    assert isinstance(pilot.app.screen, Lock), before
    await typed(pilot, "{ctrl+l}", "{ctrl+p}", "{ctrl+g}")
    assert isinstance(pilot.app.screen, Lock)
    await typed(pilot, PIN + "⏎")
    assert place(pilot) == before


@pytest.mark.parametrize(
    ("before", "login", "walk"),
    [("", "lan", CASHIER), ("{f4}", "lan", RECEPTION), ("", "ngan", SUPERVISOR)],
    ids=["cashier", "reception", "supervisor"],
)
async def test_ctrl_l_locks_every_screen_and_every_box_and_gives_it_back(
    home: Home, desk: Desk, before: str, login: str, walk: dict[str, list[str]]
) -> None:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"{before}{login}⏎{PIN}⏎")
        for name, bursts in walk.items():
            if name == "lock":
                continue
            await typed(pilot, *bursts)
            if not pilot.app.is_locked:
                await locked_and_back(pilot)


@pytest.mark.parametrize("keys", ["phi", "{ctrl+p}mau", f"{CODE}⏎12", f"{CODE}⏎500⏎", f"{CODE}⏎⏎", "{f3}{f8}nham ten"])
async def test_half_typed_things_are_there_after_the_lock(home: Home, desk: Desk, keys: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎")
        await typed(pilot, keys)
        await locked_and_back(pilot)


@pytest.mark.parametrize("keys", ["7", "7⏎3", "1⏎" * 12])
async def test_the_pin_after_the_lock_is_no_count_of_notes(home: Home, desk: Desk, keys: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f6}", "{f5}")
        await typed(pilot, keys)
        counted = pilot.app.screen.counted()
        await burst(pilot, f"{{ctrl+l}}{PIN}⏎")
        assert isinstance(pilot.app.screen, Notes)
        assert pilot.app.screen.counted() == counted


async def test_the_lock_shows_nothing_of_what_it_covers(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{ctrl+l}")
        assert "Nguyễn Văn An" not in screen_text(pilot)


# --- another person ---------------------------------------------------------------------------------------------------


async def test_f10_on_the_lock_signs_out_at_once_where_nothing_is_undone(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{ctrl+l}", "{f10}")
        assert isinstance(pilot.app.screen, SignIn)


@pytest.mark.parametrize("begun", [[f"{CODE}⏎"], ["{f6}", "{f5}", "12⏎"]], ids=["bills", "count"])
async def test_work_under_the_lock_is_dropped_by_a_supervisor_only(home: Home, desk: Desk, begun: list[str]) -> None:
    boss = desk.see(people.user_named, login="ngan")
    facts = {"user_id": new_id(), "login": "mai", "name": "Mai", "role": Role.CASHIER, "pin_hash": desk.pins.hash(PIN)}
    desk.do(people.add_user, by=boss.user_id, **facts)  # type: ignore[arg-type]
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *begun)
        await typed(pilot, "{ctrl+l}", "{ctrl+q}", "⏎")
        assert isinstance(pilot.app.screen, Lock)
        assert not pilot.app._exit
        await typed(pilot, "{f10}", f"mai⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, Lock)
        assert "Mai" in notice(pilot)
        await typed(pilot, "{f10}", "{f9}", PIN + "⏎")
        assert not pilot.app.is_locked
        await typed(pilot, "{ctrl+l}", "{f10}", f"ngan⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, SignIn)


async def test_a_supervisors_yes_waits_behind_the_lock(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎", "{f3}", "{f8}", "nham⏎", "{f6}", "{ctrl+l}")
        (request,) = desk.see(approvals.waiting, now=desk.clock.now())
        boss = desk.see(people.user_named, login="ngan")
        desk.do(approvals.grant, approval_id=request.approval_id, by=boss.user_id)
        for screen in pilot.app.screen_stack:
            getattr(screen, "_look", str)()
        await settle(pilot)
        assert isinstance(pilot.app.screen, Lock)
        await typed(pilot, PIN + "⏎")
        getattr(pilot.app.screen, "_look", str)()  # where its clock was not quicker
        await settle(pilot)
        assert "Reversed" in notice(pilot)


async def test_the_lock_comes_down_over_a_box_too(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎")
        pilot.app._last_key -= 3600
        pilot.app._lock_when_idle()
        await settle(pilot)
        await typed(pilot, PIN + "⏎", "{f9}")
        assert isinstance(pilot.app.screen, TillScreen)
        assert pilot.app.screen.query_one("#bills", TickList).ticked_items
