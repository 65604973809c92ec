"""People: PINs, lock-out, roles."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from kit import KEEPER, PIN, Staff
from sqlmodel import select

from counter import approvals
from counter.approvals import ResetByYou
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import Dong
from counter.people import (
    LoginTaken,
    LoginUnreadable,
    NotAllowed,
    NotOnYourself,
    SignedIn,
    UserLocked,
    WeakPin,
    WrongPin,
    add_user,
    change_own_pin,
    check_pin,
    close_user,
    reset_pin,
    unlock,
    users,
)
from db.states import ApprovalAct, Role
from db.tables import JournalRow


def wrong(desk: Desk, times: int, *, login: str = "lan") -> None:
    for _ in range(times):
        with pytest.raises((WrongPin, UserLocked)):
            desk.prove(login=login, pin="000000")


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


def ten_wrong(desk: Desk, clock: StillClock, login: str) -> None:
    for _ in range(6):
        wrong(desk, 5, login=login)
        clock.move(timedelta(minutes=31))


def test_the_only_supervisor_is_locked_for_the_day_and_not_for_ever(desk: Desk, clock: StillClock, staff: Staff) -> None:
    ten_wrong(desk, clock, "ngan")
    for back in (timedelta(), timedelta(days=-3)):  # nor does a clock set back help
        clock.move(back)
        with pytest.raises(UserLocked):
            desk.prove(login="ngan", pin=PIN)
    clock.move(timedelta(days=4))
    assert desk.prove(login="ngan", pin=PIN).login == "ngan"
    boss, pin_hash = staff.supervisor.user_id, desk.pins.hash(PIN)
    desk.do(add_user, user_id=new_id(), login="bao", name="Bảo", role=Role.SUPERVISOR, pin_hash=pin_hash, by=boss)
    ten_wrong(desk, clock, "ngan")
    clock.move(timedelta(days=4))
    with pytest.raises(UserLocked):  # now there is somebody who unlocks
        desk.prove(login="ngan", pin=PIN)


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
    with pytest.raises(SameIdOtherFacts):
        desk.do(add_user, login="moi", **{**facts, "name": "Khác"})
    with pytest.raises(NotAllowed):  # whoever knows the id learns nothing
        desk.do(add_user, login="moi", **{**facts, "by": staff.cashier.user_id})


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


# --- two people are two ------------------------------------------------------------------------------------------------


def asked(desk: Desk, by: UUID) -> UUID:
    """A request of `by` that waits for a second person."""
    approval_id = new_id()
    desk.do(
        approvals.ask,
        approval_id=approval_id,
        act=ApprovalAct.REVERSE,
        subject="x",
        amount=Dong(1000),
        reason="",
        till_code="Q1",
        by=by,
    )
    return approval_id


def added(desk: Desk, login: str, role: Role, by: UUID) -> UUID:
    return desk.do(add_user, user_id=new_id(), login=login, name=login, role=role, pin_hash=KEEPER.hash(PIN), by=by).user_id


def test_who_gave_a_pin_today_is_no_second_person(desk: Desk, staff: Staff, clock: StillClock) -> None:
    boss, lan = staff.supervisor.user_id, staff.cashier.user_id
    desk.do(reset_pin, login="lan", pin_hash=KEEPER.hash("975312"), by=boss)
    with pytest.raises(ResetByYou):
        desk.do(approvals.grant, approval_id=asked(desk, lan), by=boss)
    with pytest.raises(ResetByYou):
        desk.do(approvals.deny, approval_id=asked(desk, lan), by=boss)
    with pytest.raises(ResetByYou):
        desk.do(approvals.grant, approval_id=asked(desk, boss), by=lan)
    clock.move(timedelta(days=1))
    desk.do(approvals.grant, approval_id=asked(desk, lan), by=boss)


def test_a_person_added_today_is_no_second_person_for_who_added_them(desk: Desk, staff: Staff) -> None:
    boss = staff.supervisor.user_id
    ghost = added(desk, "ma", Role.CASHIER, boss)
    for one, other in ((ghost, boss), (boss, ghost)):
        with pytest.raises(ResetByYou):
            desk.do(approvals.grant, approval_id=asked(desk, one), by=other)
    desk.do(approvals.grant, approval_id=asked(desk, ghost), by=staff.cashier.user_id)


def test_two_people_whose_pins_one_person_gave_today_count_as_one(desk: Desk, staff: Staff) -> None:
    """A supervisor resets one PIN and adds a ghost: with both PINs in one head there are not two people."""
    boss = staff.supervisor.user_id
    ghost = added(desk, "ma", Role.CASHIER, boss)
    desk.do(reset_pin, login="huong", pin_hash=KEEPER.hash("975312"), by=boss)
    with pytest.raises(ResetByYou):
        desk.do(approvals.grant, approval_id=asked(desk, ghost), by=staff.other_cashier.user_id)


def test_a_pin_given_through_somebody_between_counts_as_well(desk: Desk, staff: Staff) -> None:
    boss = staff.supervisor.user_id
    helper = added(desk, "chi", Role.SUPERVISOR, boss)
    ghost = added(desk, "ma", Role.CASHIER, helper)
    with pytest.raises(ResetByYou):
        desk.do(approvals.grant, approval_id=asked(desk, ghost), by=boss)


def test_a_word_that_was_given_or_refused_is_not_given_again(desk: Desk, staff: Staff) -> None:
    boss, lan = staff.supervisor.user_id, staff.cashier.user_id
    for first, then in ((approvals.deny, approvals.grant), (approvals.grant, approvals.deny)):
        word = asked(desk, lan)
        desk.do(first, approval_id=word, by=boss)
        desk.do(first, approval_id=word, by=boss)
        with pytest.raises(approvals.AlreadyDecided):
            desk.do(then, approval_id=word, by=boss)
        with pytest.raises(approvals.AlreadyDecided):
            desk.do(first, approval_id=word, by=staff.other_cashier.user_id)


def test_the_journal_does_not_tell_a_pin(desk: Desk, staff: Staff) -> None:
    hashed = KEEPER.hash("975312")
    desk.do(reset_pin, login="lan", pin_hash=hashed, by=staff.supervisor.user_id)
    desk.do(change_own_pin, user_id=staff.cashier.user_id, pin_hash=KEEPER.hash("864203"))
    said = desk.see(lambda session: session.exec(select(JournalRow.content)).all())
    assert not any(word in row for row in said for word in (hashed, "975312", "864203"))
    assert isinstance(desk.prove(login="lan", pin="864203"), SignedIn)
