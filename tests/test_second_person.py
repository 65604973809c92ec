"""Signing in, and the second person: fields that can be corrected, words that are found again, nothing left over."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, holds, notice, screen_text, settle, signed_in, taken, typed

from counter import approvals, office, people
from counter.desk import Desk
from counter.home import Home
from counter.screens.app import CounterApp
from counter.screens.second import SecondPerson
from counter.screens.signin import SignIn
from counter.screens.till import TillScreen

REVERSING = (f"{CODE}⏎", "⏎", "⏎", "{f3}", "{f8}", "nham⏎")


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def waiting(desk: Desk) -> list[Any]:
    return desk.see(approvals.waiting, now=desk.clock.now())


# --- signing in ------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_tills(desk: Desk) -> Desk:
    """A computer that serves no till by its settings."""
    boss = desk.see(people.user_named, login="ngan").user_id
    desk.do(office.add_till, code="Q2", by=boss)
    desk.till_code = ""
    return desk


async def test_a_till_that_is_not_there_is_told_before_login_and_pin(home: Home, two_tills: Desk) -> None:
    async with CounterApp(home, two_tills).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, "q9⏎")
        assert "Q9" in notice(pilot)
        assert "Q1, Q2" in notice(pilot)
        assert "counter till" not in notice(pilot)
        assert pilot.app.focused.id == "till"
        await typed(pilot, f"q2⏎lan⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, TillScreen)
        assert two_tills.till_code == "Q2"


async def test_the_arrow_up_leads_to_the_field_that_was_mistyped(home: Home, two_tills: Desk) -> None:
    async with CounterApp(home, two_tills).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "↑ Field above" in " ".join(screen_text(pilot).split())
        await typed(pilot, f"q1⏎lam⏎{PIN}⏎")
        assert "wrong" in notice(pilot)
        await typed(pilot, "{up}" + f"lan⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, TillScreen)


@pytest.mark.parametrize("key", ["{f9}", "{escape}"])
async def test_f9_begins_the_sign_in_again(home: Home, two_tills: Desk, key: str) -> None:
    async with CounterApp(home, two_tills).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, "q1⏎lam⏎12", key)
        assert pilot.app.focused.id == "till"
        await typed(pilot, f"q2⏎lan⏎{PIN}⏎")
        assert two_tills.till_code == "Q2"


async def test_a_sign_in_may_be_typed_ahead(home: Home, two_tills: Desk) -> None:
    async with CounterApp(home, two_tills).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"q1⏎lan⏎{PIN}⏎{CODE}⏎⏎⏎")
        assert taken(two_tills).receipts == 1


# --- the second person on the spot -----------------------------------------------------------------------------------


async def test_a_wrong_login_of_the_second_person_is_corrected_with_the_arrow_up(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *REVERSING, f"nga⏎{PIN}⏎")
        assert "wrong" in notice(pilot)
        assert pilot.app.focused.id == "second-pin"
        await typed(pilot, "{up}" + f"ngan⏎{PIN}⏎")
        assert taken(desk).reversals == 1
    holds(desk)


async def test_who_may_not_be_the_second_person_is_typed_over_and_leaves_nothing_waiting(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *REVERSING, f"lan⏎{PIN}⏎")
        assert "own act" in notice(pilot)
        assert pilot.app.focused.id == "second-login"
        await typed(pilot, "ngan⏎000000⏎", "{f9}")
        assert waiting(desk) == []


# --- one till for two people -----------------------------------------------------------------------------------------


async def test_at_the_only_till_a_word_is_found_again_after_both_changed_places(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *REVERSING, "{f6}")
        assert "waits" in notice(pilot)
        await typed(pilot, "{f9}", "{f9}", "{f10}")
        assert isinstance(pilot.app.screen, SignIn)
        await typed(pilot, f"ngan⏎{PIN}⏎", "⏎", "{f5}", "{f10}", f"lan⏎{PIN}⏎", "{f3}")
        assert taken(desk).reversals == 0
        await typed(pilot, "{f8}")  # no reason, no PIN: it was said and granted
        assert taken(desk).reversals == 1
    assert waiting(desk) == []
    holds(desk)


async def test_a_request_is_sent_once_and_found_waiting_when_one_comes_back(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *REVERSING, "{f6}", "{f9}", "{f8}")
        assert isinstance(pilot.app.screen, SecondPerson)
        assert "waits" in notice(pilot)
        await typed(pilot, "{f6}")
        assert len(waiting(desk)) == 1
        await typed(pilot, f"ngan⏎{PIN}⏎")  # the supervisor comes over after all
        assert taken(desk).reversals == 1
    assert waiting(desk) == []


async def test_a_request_is_taken_back_with_f8(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, *REVERSING, "{f6}", "{f8}")
        assert "taken back" in notice(pilot)
        assert waiting(desk) == []
        await typed(pilot, f"ngan⏎{PIN}⏎")
        assert taken(desk).reversals == 1
