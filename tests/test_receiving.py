"""Cash from hand to hand: the receiver counts it themselves, takes it or sends it back; the safe gives what it holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from faults import failed, plant
from kit import Staff, approve, fill_safe, open_shift
from test_races import all_at_once, only_postgres
from test_shifts import FLOAT, accept, all_hold, books, count, hand_over, move, pay

from counter import shifts
from counter.approvals import NeedsApproval, OtherReason
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book
from counter.money import Dong
from counter.people import NotAllowed, SignedIn
from counter.shifts import CashDiffers, MoveLine, NotHandedOver, NotInSafe, ReasonMissing, ShiftFacts
from db.states import ApprovalAct, CashMoveKind, ShiftState

CHANGE = CashMoveKind.CHANGE_FROM_SAFE


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


@pytest.fixture
def handed(desk: Desk, shift: ShiftFacts) -> ShiftFacts:
    """Counted 10.000 ₫ short, handed over."""
    count(desk, shift, {10_000: 99})
    return hand_over(desk, shift, reason="Trả nhầm")


def refuse(desk: Desk, shift: ShiftFacts, by: SignedIn, **more: Any) -> ShiftFacts:
    facts = {"shift_id": shift.shift_id, "counted": Dong(980_000), "reason": "Thiếu một tờ 10.000", **more}
    return desk.do(shifts.refuse_shift, by=by.user_id, **facts)


# --- the receiver -----------------------------------------------------------------------------------------------------


def test_the_receiver_takes_only_the_sum_they_counted(desk: Desk, staff: Staff, handed: ShiftFacts) -> None:
    for wrong in (0, 980_000, 1_000_000):
        with pytest.raises(CashDiffers) as refused:
            accept(desk, handed, staff.supervisor, wrong)
        assert "990.000" in str(refused.value)
    done = accept(desk, handed, staff.supervisor, 990_000)
    assert (done.state, done.received) == (ShiftState.ACCEPTED, 990_000)
    with pytest.raises(NotHandedOver):
        accept(desk, handed, staff.supervisor, 980_000)
    all_hold(desk)


def test_cash_that_is_refused_goes_back_to_its_cashier(desk: Desk, staff: Staff, handed: ShiftFacts) -> None:
    back = refuse(desk, handed, staff.supervisor)
    assert refuse(desk, handed, staff.supervisor) == back
    assert (back.state, back.refusal, back.received) == (ShiftState.REFUSED, "Thiếu một tờ 10.000", 980_000)
    assert books(desk, Book.DRAWER, Book.HANDOVER, Book.SHORTAGE) == [1_000_000, 0, 0]
    assert desk.see(shifts.handed_over) == []
    assert desk.see(shifts.refused_shift, cashier_id=staff.cashier.user_id) == back
    assert desk.see(shifts.refused_shifts) == [back]
    with pytest.raises(NotHandedOver):
        accept(desk, handed, staff.supervisor, 990_000)
    all_hold(desk)


def test_a_refused_drawer_is_counted_once_more_and_handed_over_again(desk: Desk, staff: Staff, handed: ShiftFacts) -> None:
    refuse(desk, handed, staff.supervisor)
    again = count(desk, handed, {10_000: 98})
    assert (again.state, again.difference) == (ShiftState.REFUSED, -20_000)
    all_hold(desk)
    with pytest.raises(NotHandedOver):
        refuse(desk, handed, staff.supervisor, reason="Khác")
    given = hand_over(desk, handed, reason="Rơi một tờ")
    assert (given.refusal, given.received) == ("", None)
    refuse(desk, handed, staff.supervisor, counted=None, reason="Bao bị rách")
    all_hold(desk)
    with pytest.raises(shifts.NotCounted):  # the count of before the refusal is not good any more
        hand_over(desk, handed, reason="Rơi một tờ")
    count(desk, handed, {10_000: 98})
    count(desk, handed, {10_000: 98})
    with pytest.raises(shifts.NoMoreCounts):  # two, and one more each time it was refused
        count(desk, handed, {10_000: 98})
    hand_over(desk, handed, reason="Rơi một tờ")
    accept(desk, handed, staff.supervisor, 980_000)
    assert books(desk, Book.DRAWER, Book.HANDOVER, Book.SHORTAGE) == [0, 0, 20_000]
    all_hold(desk)


def test_a_hand_over_that_its_receiver_does_not_take_leaves_the_shift_as_it_was(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    counted = count(desk, shift, {10_000: 99})
    mine: dict[str, Any] = {"shift_id": shift.shift_id, "reason": "Trả nhầm", "by": staff.cashier.user_id}
    boss = staff.supervisor.user_id
    for receiver, sum_, refusal in ((staff.other_cashier.user_id, None, NotAllowed), (boss, Dong(980_000), CashDiffers)):
        with pytest.raises(refusal):
            desk.do(shifts.hand_to, **mine, receiver_id=receiver, counted=sum_)
        assert desk.see(shifts.shift_facts, shift_id=shift.shift_id) == counted
    done = desk.do(shifts.hand_to, **mine, receiver_id=boss, counted=Dong(990_000))
    assert desk.do(shifts.hand_to, **mine, receiver_id=boss, counted=Dong(990_000)) == done
    assert (done.state, done.received) == (ShiftState.ACCEPTED, 990_000)
    all_hold(desk)


def test_cash_moved_with_the_same_id_by_another_is_refused(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    move_id = new_id()
    move(desk, shift, CashMoveKind.SAFE_DROP, 10_000, move_id=move_id)
    with pytest.raises(SameIdOtherFacts):
        move(desk, shift, CashMoveKind.SAFE_DROP, 10_000, move_id=move_id, by=staff.other_cashier.user_id)


def test_a_refusal_has_a_reason_and_a_supervisor(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    with pytest.raises(NotHandedOver):
        refuse(desk, shift, staff.supervisor)
    count(desk, shift, FLOAT)
    hand_over(desk, shift)
    with pytest.raises(ReasonMissing):
        refuse(desk, shift, staff.supervisor, reason=" ")
    for person in (staff.cashier, staff.other_cashier, staff.auditor):
        with pytest.raises(NotAllowed):
            refuse(desk, shift, person)


def test_the_till_is_free_while_the_cashier_sorts_out_refused_cash(desk: Desk, staff: Staff, handed: ShiftFacts) -> None:
    refuse(desk, handed, staff.supervisor)
    with pytest.raises(shifts.ShiftAlreadyOpen):
        open_shift(desk, staff.cashier, till="Q2")
    assert open_shift(desk, staff.other_cashier).state is ShiftState.OPEN
    count(desk, handed, {10_000: 99})
    hand_over(desk, handed, reason="Đã đếm lại")
    accept(desk, handed, staff.supervisor, 990_000)
    all_hold(desk)


REFUSED = {
    "the reason": "UPDATE shift SET refusal = 'khác'",
    "by whom": "UPDATE shift SET refused_by = cashier_id",
    "the sum": "UPDATE shift SET received = 990000",
    "that it was refused": "UPDATE shift SET refusals = 0",
    "the state": "UPDATE shift SET state = 'HANDED_OVER'",
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_changed_by_hand_is_found(desk: Desk, staff: Staff, handed: ShiftFacts, fault: str) -> None:
    refuse(desk, handed, staff.supervisor)
    assert failed(desk) == {}
    plant(desk, REFUSED[fault])
    assert "journal_matches_shifts" in failed(desk)


# --- the safe ---------------------------------------------------------------------------------------------------------


def word(desk: Desk, staff: Staff, shift: ShiftFacts, amount: int, *, by: SignedIn | None = None) -> UUID:
    about: dict[str, Any] = {"act": ApprovalAct.FROM_SAFE, "subject": str(shift.shift_id), "amount": Dong(amount)}
    return approve(desk, **about, reason="Đổi tiền lẻ", asked_by=staff.cashier, granted_by=by or staff.supervisor)


def change(desk: Desk, shift: ShiftFacts, amount: int, **more: Any) -> MoveLine:
    return move(desk, shift, CHANGE, amount, **{"reason": "Đổi tiền lẻ", **more})


def test_change_comes_from_the_safe_with_a_supervisor_and_is_posted_on_both_sides(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    fill_safe(desk, staff.supervisor, 1_500_000)
    assert desk.see(shifts.safe_balance) == 500_000
    with pytest.raises(NeedsApproval):
        change(desk, shift, 100_000)
    with pytest.raises(NotAllowed):
        word(desk, staff, shift, 100_000, by=staff.other_cashier)
    yes = word(desk, staff, shift, 100_000)
    with pytest.raises(NeedsApproval):
        change(desk, shift, 200_000, approval_id=yes)
    with pytest.raises(OtherReason):
        change(desk, shift, 100_000, approval_id=yes, reason="Khác")
    move_id = new_id()
    line = change(desk, shift, 100_000, approval_id=yes, move_id=move_id)
    assert change(desk, shift, 100_000, approval_id=yes, move_id=move_id) == line
    assert books(desk, Book.DRAWER, Book.SAFE) == [1_100_000, 400_000]
    all_hold(desk)


def test_the_safe_gives_no_more_than_it_holds(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    fill_safe(desk, staff.supervisor, 1_100_000)
    with pytest.raises(NotInSafe):
        desk.see(shifts.may_take_from_safe, amount=Dong(100_001))
    with pytest.raises(NotInSafe):
        change(desk, shift, 100_001, approval_id=word(desk, staff, shift, 100_001))
    change(desk, shift, 100_000, approval_id=word(desk, staff, shift, 100_000))
    assert desk.see(shifts.safe_balance) == 0
    all_hold(desk)


@only_postgres
def test_two_drawers_do_not_take_the_same_cash_from_the_safe(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    there = open_shift(desk, staff.other_cashier, till="Q2")
    fill_safe(desk, staff.supervisor, 2_000_000)
    for _ in range(4):
        fill_safe(desk, staff.supervisor, 100_000)
        facts = {"act": ApprovalAct.FROM_SAFE, "subject": str(there.shift_id), "amount": Dong(100_000)}
        other = approve(desk, **facts, reason="Đổi tiền lẻ", asked_by=staff.other_cashier, granted_by=staff.supervisor)  # type: ignore[arg-type]
        mine = word(desk, staff, shift, 100_000)
        said = all_at_once(
            lambda mine=mine: change(desk, shift, 100_000, approval_id=mine),  # type: ignore[misc]
            lambda other=other: change(desk, there, 100_000, approval_id=other),  # type: ignore[misc]
        )
        assert sorted(type(one).__name__ for one in said) == ["MoveLine", "NotInSafe"]
    all_hold(desk)


def test_a_supervisor_notes_once_what_came_into_the_safe(desk: Desk, staff: Staff) -> None:
    facts: dict[str, Any] = {"move_id": new_id(), "amount": Dong(500_000), "reason": "Rút ngân hàng"}
    boss = {"by": staff.supervisor.user_id}
    assert [desk.do(shifts.fill_safe, **facts, **boss) for _ in range(2)] == [500_000, 500_000]
    for other in ({"amount": Dong(1)}, {"reason": "Khác"}):
        with pytest.raises(SameIdOtherFacts):
            desk.do(shifts.fill_safe, **{**facts, **other}, **boss)
    with pytest.raises(NotAllowed):
        desk.do(shifts.fill_safe, **facts, by=staff.cashier.user_id)
    with pytest.raises(shifts.NothingMoved):
        desk.do(shifts.fill_safe, **{**facts, "move_id": new_id(), "amount": Dong()}, **boss)
    with pytest.raises(ReasonMissing):
        desk.do(shifts.fill_safe, **{**facts, "move_id": new_id(), "reason": ""}, **boss)
    assert books(desk, Book.SAFE, Book.BANK_OTHER) == [500_000, -500_000]
    all_hold(desk)


@pytest.mark.parametrize("change_of", ["approver_id = NULL", "approver_id = moved_by"])
def test_a_second_person_taken_from_a_movement_is_found(desk: Desk, staff: Staff, shift: ShiftFacts, change_of: str) -> None:
    fill_safe(desk, staff.supervisor)
    change(desk, shift, 100_000, approval_id=word(desk, staff, shift, 100_000))
    plant(desk, f"UPDATE cash_move SET {change_of}")
    assert "cash.move differs" in failed(desk)["journal_matches_shifts"][0]


# --- at once ----------------------------------------------------------------------------------------------------------


@only_postgres
def test_the_same_shift_opened_twice_at_once_is_the_same_shift(desk: Desk, staff: Staff) -> None:
    for _ in range(6):
        facts: dict[str, Any] = {"shift_id": new_id(), "till_code": "Q1", "cashier_id": staff.cashier.user_id}
        opens = lambda f=facts: desk.do(shifts.open_shift, notes=FLOAT, **f)  # type: ignore[misc]  # noqa: E731
        one, two = all_at_once(opens, opens)
        assert isinstance(one, ShiftFacts) and one == two
        count(desk, one, FLOAT)
        hand_over(desk, one)
    all_hold(desk)


@only_postgres
def test_the_same_count_and_the_same_movement_twice_at_once_are_one(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    pay(desk, shift)
    for _ in range(4):
        move_id = new_id()
        moves = lambda m=move_id: move(desk, shift, CashMoveKind.SAFE_DROP, 1_000, move_id=m)  # type: ignore[misc]  # noqa: E731
        one, two = all_at_once(moves, moves)
        assert isinstance(one, MoveLine) and one == two
    count_id = new_id()
    counts = lambda: count(desk, shift, FLOAT, count_id=count_id)  # noqa: E731
    one, two = all_at_once(counts, counts)
    assert isinstance(one, ShiftFacts) and one == two
    all_hold(desk)
