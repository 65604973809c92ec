"""People: PINs, lock-out, roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from kit import KEEPER, PIN, Staff

from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.people import (
    LoginTaken,
    LoginUnreadable,
    NotAllowed,
    NotOnYourself,
    UserLocked,
    WeakPin,
    WrongPin,
    add_user,
    check_pin,
    close_user,
    reset_pin,
    unlock,
    users,
)
from db.states import Role


def wrong(desk: Desk, times: int) -> None:
    for _ in range(times):
        with pytest.raises((WrongPin, UserLocked)):
            desk.prove(login="lan", pin="000000")


def test_the_right_pin_tells_who_it_is(desk: Desk) -> None:
    assert desk.prove(login=" LAN ", pin=PIN).name == "Trần Thị Lan"


def test_a_wrong_pin_and_an_unknown_login_are_refused_alike(desk: Desk) -> None:
    with pytest.raises(WrongPin):
        desk.prove(login="lan", pin="000000")
    with pytest.raises(WrongPin):
        desk.prove(login="nobody", pin=PIN)


def test_five_wrong_pins_lock_the_user_at_that_till_only(desk: Desk) -> None:
    wrong(desk, 5)
    with pytest.raises(UserLocked):
        desk.prove(login="lan", pin=PIN)
    desk.till_code = "Q2"
    assert desk.prove(login="lan", pin=PIN).login == "lan"


def test_the_lock_ends_after_thirty_minutes(desk: Desk, clock: StillClock) -> None:
    wrong(desk, 5)
    clock.move(timedelta(minutes=29, seconds=59))
    with pytest.raises(UserLocked):
        desk.prove(login="lan", pin=PIN)
    clock.move(timedelta(seconds=1))
    assert desk.prove(login="lan", pin=PIN).login == "lan"


def test_ten_wrong_pins_in_a_day_stay_locked_until_a_supervisor_unlocks(desk: Desk, clock: StillClock, staff: Staff) -> None:
    for _ in range(6):
        wrong(desk, 5)
        clock.move(timedelta(minutes=31))
    clock.move(timedelta(days=400))  # a clock set forward gains nothing
    with pytest.raises(UserLocked):
        desk.prove(login="lan", pin=PIN)
    desk.do(unlock, login="lan", by=staff.supervisor.user_id)
    assert desk.prove(login="lan", pin=PIN).login == "lan"


def test_a_right_pin_between_starts_the_row_anew_but_not_the_day(desk: Desk) -> None:
    wrong(desk, 4)
    desk.prove(login="lan", pin=PIN)
    wrong(desk, 4)
    desk.prove(login="lan", pin=PIN)
    wrong(desk, 2)
    with pytest.raises(UserLocked):
        desk.prove(login="lan", pin=PIN)


def test_a_locked_user_is_shown_with_the_till(desk: Desk, clock: StillClock) -> None:
    wrong(desk, 5)
    (lan,) = [u for u in desk.see(users, now=clock.now()) if u.login == "lan"]
    assert lan.locked == ("Q1",)


def test_only_a_supervisor_adds_people(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        desk.do(
            add_user,
            user_id=new_id(),
            login="moi",
            name="Mới",
            role=Role.CASHIER,
            pin_hash=KEEPER.hash(PIN),
            by=staff.cashier.user_id,
        )


def test_the_same_user_id_again_gives_the_first_user_and_other_facts_are_refused(desk: Desk, staff: Staff) -> None:
    user_id, pin_hash = new_id(), KEEPER.hash(PIN)
    facts = {
        "user_id": user_id,
        "name": "Mới",
        "role": Role.CASHIER,
        "pin_hash": pin_hash,
        "by": staff.supervisor.user_id,
    }
    first = desk.do(add_user, login="moi", **facts)
    assert desk.do(add_user, login="moi", **facts) == first
    with pytest.raises(SameIdOtherFacts):
        desk.do(add_user, login="khac", **facts)


@pytest.mark.parametrize(("login", "refusal"), [("lan", LoginTaken), ("Đặng", LoginUnreadable), ("", LoginUnreadable)])
def test_a_login_is_free_and_readable(desk: Desk, staff: Staff, login: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        desk.do(
            add_user,
            user_id=new_id(),
            login=login,
            name="X",
            role=Role.CASHIER,
            pin_hash="x",
            by=staff.supervisor.user_id,
        )


def test_nobody_unlocks_or_resets_themselves(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotOnYourself):
        desk.do(unlock, login="ngan", by=staff.supervisor.user_id)
    with pytest.raises(NotOnYourself):
        desk.do(reset_pin, login="ngan", pin_hash="x", by=staff.supervisor.user_id)


def test_a_closed_user_signs_in_no_more(desk: Desk, staff: Staff) -> None:
    desk.do(close_user, login="lan", by=staff.supervisor.user_id)
    with pytest.raises(WrongPin):
        desk.prove(login="lan", pin=PIN)


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "111111", "121212", "abcdef", "123123", "١٢٣٤٥٦"])
def test_an_easy_pin_is_refused(pin: str) -> None:
    with pytest.raises(WeakPin):
        check_pin(pin)


def test_a_fair_pin_is_taken() -> None:
    check_pin("246813")


def test_the_pin_is_not_in_its_hash_and_the_pepper_is_needed() -> None:
    from counter.people import PinKeeper

    hashed = KEEPER.hash(PIN)
    assert PIN not in hashed
    assert not PinKeeper(pepper=b"another pepper..", cost="light").is_right(PIN, hashed)
