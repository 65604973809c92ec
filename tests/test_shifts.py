"""Shifts: whose drawer it is, what lies in it, and that nobody is told before they counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from kit import Staff, approve, open_shift, put_bill
from sqlmodel import col, select

from counter import office, payments, shifts
from counter.approvals import NeedsApproval, OwnAct
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, ClockWrong, balance
from counter.money import Dong
from counter.office import NoSuchTill
from counter.people import NotAllowed, SignedIn
from counter.shifts import MoveLine, ShiftFacts
from db.states import ApprovalAct, CashMoveKind, ShiftState
from db.tables import JournalRow

FLOAT = {50_000: 10, 10_000: 40, 1_000: 100}


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


def count(desk: Desk, shift: ShiftFacts, notes: dict[int, int], **more: object) -> ShiftFacts:
    facts = {"count_id": new_id(), "shift_id": shift.shift_id, "by": shift.cashier_id, "notes": notes, **more}
    return desk.do(shifts.count_drawer, **facts)  # type: ignore[arg-type]


def hand_over(desk: Desk, shift: ShiftFacts, **more: object) -> ShiftFacts:
    facts = {"shift_id": shift.shift_id, "reason": "", "by": shift.cashier_id, **more}
    return desk.do(shifts.hand_over, **facts)  # type: ignore[arg-type]


def move(desk: Desk, shift: ShiftFacts, kind: CashMoveKind, amount: int, **more: object) -> MoveLine:
    facts = {"move_id": new_id(), "shift_id": shift.shift_id, "by": shift.cashier_id, "reason": "Nộp bớt", **more}
    return desk.do(shifts.move_cash, kind=kind, amount=Dong(amount), **facts)  # type: ignore[arg-type]


def accept(desk: Desk, shift: ShiftFacts, by: SignedIn, counted: int) -> ShiftFacts:
    return desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=Dong(counted), by=by.user_id)


def pay(desk: Desk, shift: ShiftFacts, *, amount: int = 345_000, number: int = 1) -> payments.Receipt:
    bill = desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=amount)
    return desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=[bill],
        tendered=Dong(amount),
        shift_id=shift.shift_id,
        by=shift.cashier_id,
    )


def books(desk: Desk, *wanted: Book) -> list[int]:
    return [desk.see(balance, book=book) for book in wanted]


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def test_a_shift_opens_with_the_float_from_the_safe(desk: Desk, shift: ShiftFacts) -> None:
    assert (shift.state, shift.float_amount, shift.business_day) == (ShiftState.OPEN, 1_000_000, date(2026, 11, 23))
    assert books(desk, Book.DRAWER, Book.SAFE) == [1_000_000, -1_000_000]
    assert desk.see(shifts.live_shift, till_code="Q1") == shift
    all_hold(desk)


def test_the_same_shift_opened_again_is_the_same_shift(desk: Desk, staff: Staff) -> None:
    facts = {"shift_id": new_id(), "till_code": "Q1", "cashier_id": staff.cashier.user_id}
    first = desk.do(shifts.open_shift, notes=FLOAT, **facts)  # type: ignore[arg-type]
    assert desk.do(shifts.open_shift, notes=FLOAT, **facts) == first  # type: ignore[arg-type]
    with pytest.raises(SameIdOtherFacts):
        desk.do(shifts.open_shift, notes={1_000: 1}, **facts)  # type: ignore[arg-type]
    assert books(desk, Book.DRAWER) == [1_000_000]


def test_a_float_of_nothing_is_a_float(desk: Desk, staff: Staff) -> None:
    assert open_shift(desk, staff.cashier, notes={}).float_amount == 0
    all_hold(desk)


def test_a_till_has_one_drawer(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    with pytest.raises(shifts.ShiftAlreadyOpen) as refused:
        open_shift(desk, staff.other_cashier)
    assert "Trần Thị Lan" in str(refused.value) and "Q1" in str(refused.value)


def test_a_cashier_has_one_drawer(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    with pytest.raises(shifts.ShiftAlreadyOpen):
        open_shift(desk, staff.cashier, till="Q2")


def test_a_counted_drawer_still_belongs_to_its_cashier(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    count(desk, shift, FLOAT)
    with pytest.raises(shifts.ShiftAlreadyOpen):
        open_shift(desk, staff.other_cashier)
    hand_over(desk, shift)
    assert open_shift(desk, staff.other_cashier).state is ShiftState.OPEN


def test_only_a_cashier_opens_a_shift_and_only_at_a_till_that_is_there(desk: Desk, staff: Staff) -> None:
    for person in (staff.supervisor, staff.auditor):
        with pytest.raises(NotAllowed):
            open_shift(desk, person)
    with pytest.raises(NoSuchTill):
        open_shift(desk, staff.cashier, till="Q9")


def test_nothing_is_told_before_the_drawer_is_counted(desk: Desk, shift: ShiftFacts) -> None:
    pay(desk, shift)
    open_facts = [
        desk.see(shifts.shift_facts, shift_id=shift.shift_id),
        desk.see(shifts.live_shift, till_code="Q1"),
        desk.see(shifts.last_shift, till_code="Q1"),
        *desk.see(shifts.open_shifts),
    ]
    for facts in open_facts:
        assert facts is not None
        assert (facts.expected, facts.counted, facts.difference) == (None, None, None)
    counted = count(desk, shift, {500_000: 2})
    assert (counted.state, counted.counted, counted.expected, counted.difference) == (
        ShiftState.COUNTED,
        1_000_000,
        1_345_000,
        -345_000,
    )


def test_after_the_count_nothing_goes_in_or_out(desk: Desk, shift: ShiftFacts) -> None:
    count(desk, shift, FLOAT)
    with pytest.raises(shifts.AlreadyCounted):
        pay(desk, shift)
    with pytest.raises(shifts.AlreadyCounted):
        move(desk, shift, CashMoveKind.SAFE_DROP, 100_000)
    all_hold(desk)


def test_a_drawer_is_recounted_once_and_both_counts_are_kept(desk: Desk, shift: ShiftFacts) -> None:
    count(desk, shift, {500_000: 1})
    again = count(desk, shift, FLOAT)
    assert (again.counted, again.difference) == (1_000_000, 0)
    assert desk.see(shifts.last_count, shift_id=shift.shift_id) == FLOAT
    with pytest.raises(shifts.NoMoreCounts):
        count(desk, shift, FLOAT)
    all_hold(desk)


def test_the_newest_count_is_the_later_one_also_when_the_clock_went_back(
    desk: Desk, shift: ShiftFacts, clock: StillClock
) -> None:
    count(desk, shift, {100_000: 4})
    clock.move(timedelta(hours=-1))
    count(desk, shift, {100_000: 5})
    assert desk.see(shifts.last_count, shift_id=shift.shift_id) == {100_000: 5}


def test_moves_and_shifts_stand_in_the_order_they_happened_whatever_their_ids(
    desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock
) -> None:
    low, high = UUID("00000000-0000-4000-8000-000000000000"), UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")
    move(desk, shift, CashMoveKind.SAFE_DROP, 100_000, move_id=high)
    clock.move(timedelta(minutes=-5))
    move(desk, shift, CashMoveKind.SAFE_DROP, 200_000, move_id=low)
    assert [line.amount for line in desk.see(shifts.moves, shift_id=shift.shift_id)] == [100_000, 200_000]
    count(desk, shift, {100_000: 7})
    hand_over(desk, shift, reason="đủ")
    again = desk.do(shifts.open_shift, shift_id=low, till_code="Q1", cashier_id=staff.cashier.user_id, notes=FLOAT)
    assert desk.see(shifts.last_shift, till_code="Q1") == again


def test_the_same_count_again_is_not_a_recount(desk: Desk, shift: ShiftFacts) -> None:
    count_id = new_id()
    first = count(desk, shift, FLOAT, count_id=count_id)
    assert count(desk, shift, FLOAT, count_id=count_id) == first
    with pytest.raises(SameIdOtherFacts):
        count(desk, shift, {1_000: 1}, count_id=count_id)
    with pytest.raises(SameIdOtherFacts):
        count(desk, shift, FLOAT, count_id=shift.shift_id)  # the id of the float's count
    assert count(desk, shift, FLOAT).state is ShiftState.COUNTED  # the one recount is still there
    assert desk.see(shifts.shift_of, id_=count_id) == shift.shift_id
    assert desk.see(shifts.shift_of, id_=new_id()) is None


def test_the_same_shift_with_other_notes_of_the_same_sum_is_refused(desk: Desk, shift: ShiftFacts) -> None:
    facts = {"shift_id": shift.shift_id, "till_code": shift.till_code, "cashier_id": shift.cashier_id}
    assert desk.do(shifts.open_shift, notes=FLOAT, **facts) == shift  # type: ignore[arg-type]
    with pytest.raises(SameIdOtherFacts):
        desk.do(shifts.open_shift, notes={50_000: 9, 10_000: 45, 1_000: 100}, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("year", [1999, 2025, 2099])
def test_no_money_is_written_under_a_date_that_cannot_be(
    desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock, year: int
) -> None:
    clock.move(datetime(year, 6, 1, tzinfo=UTC) - clock.now())
    with pytest.raises(ClockWrong):
        pay(desk, shift)
    with pytest.raises(ClockWrong):
        open_shift(desk, staff.other_cashier, till="Q2")
    with pytest.raises(ClockWrong):
        move(desk, shift, CashMoveKind.SAFE_DROP, 100_000)


def test_a_drawer_is_counted_before_it_is_handed_over(desk: Desk, shift: ShiftFacts) -> None:
    with pytest.raises(shifts.NotCounted):
        hand_over(desk, shift)


@pytest.mark.parametrize(("found", "book", "booked"), [(990_000, Book.SHORTAGE, 10_000), (1_010_000, Book.OVERAGE, -10_000)])
def test_a_difference_needs_a_reason_and_is_booked_apart(
    desk: Desk, shift: ShiftFacts, found: int, book: Book, booked: int
) -> None:
    count(desk, shift, {10_000: found // 10_000})
    for reason in ("", "  \t "):
        with pytest.raises(shifts.ReasonMissing):
            hand_over(desk, shift, reason=reason)
    done = hand_over(desk, shift, reason="Trả nhầm tiền lẻ")
    assert (done.state, done.difference_reason) == (ShiftState.HANDED_OVER, "Trả nhầm tiền lẻ")
    assert books(desk, Book.DRAWER, Book.HANDOVER, book) == [0, found, booked]
    all_hold(desk)


def limit_set(desk: Desk, staff: Staff, limit: int) -> None:
    desk.do(office.set_difference_limit, limit=Dong(limit), by=staff.supervisor.user_id)


def test_the_limit_of_a_difference_is_the_offices_and_stands_in_the_journal_of_each_count(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    for person in (staff.cashier, staff.auditor):
        with pytest.raises(NotAllowed):
            desk.do(office.set_difference_limit, limit=Dong(900_000), by=person.user_id)
    for wrong in (-1, 1_000_001):
        with pytest.raises(office.LimitUnreadable):
            limit_set(desk, staff, wrong)
    limit_set(desk, staff, 5_000)
    count(desk, shift, {10_000: 99})
    with pytest.raises(NeedsApproval):
        hand_over(desk, shift, reason="x")
    limit_set(desk, staff, 10_000)
    hand_over(desk, shift, reason="x")
    said = desk.see(lambda session: session.exec(select(JournalRow).order_by(col(JournalRow.seq))).all())
    facts = [(row.kind, json.loads(row.content)["facts"]) for row in said]
    assert [told for kind, told in facts if kind == office.LIMIT_SET] == [
        {"limit": 5_000, "was": 20_000},
        {"limit": 10_000, "was": 5_000},
    ]
    held = [(kind, told["limit"]) for kind, told in facts if kind in ("shift.count", "shift.hand_over")]
    assert held == [("shift.count", 5_000), ("shift.hand_over", 10_000)]
    all_hold(desk)


def test_above_the_limit_an_overage_needs_a_supervisor_as_well(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    count(desk, shift, {10_000: 103})
    with pytest.raises(NeedsApproval):
        hand_over(desk, shift, reason="x")
    word = difference_word(desk, shift, 30_000, asked_by=staff.cashier, granted_by=staff.supervisor)
    assert hand_over(desk, shift, reason="x", approval_id=word).difference == 30_000
    all_hold(desk)


def difference_word(desk: Desk, shift: ShiftFacts, amount: int, *, asked_by: SignedIn, granted_by: SignedIn) -> object:
    return approve(
        desk,
        act=ApprovalAct.DIFFERENCE,
        subject=str(shift.shift_id),
        amount=Dong(amount),
        reason="x",
        asked_by=asked_by,
        granted_by=granted_by,
    )


def test_at_the_limit_a_difference_needs_a_reason_only(desk: Desk, shift: ShiftFacts) -> None:
    count(desk, shift, {10_000: 98})
    assert hand_over(desk, shift, reason="x").difference == -20_000


def test_above_the_limit_a_supervisor_says_yes_to_exactly_this_difference(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    count(desk, shift, {10_000: 97})
    with pytest.raises(NeedsApproval):
        hand_over(desk, shift, reason="x")
    other = difference_word(desk, shift, -20_000, asked_by=staff.cashier, granted_by=staff.supervisor)
    with pytest.raises(NeedsApproval):
        hand_over(desk, shift, reason="x", approval_id=other)
    with pytest.raises(NotAllowed):
        difference_word(desk, shift, -30_000, asked_by=staff.cashier, granted_by=staff.other_cashier)
    with pytest.raises(OwnAct):
        difference_word(desk, shift, -30_000, asked_by=staff.cashier, granted_by=staff.cashier)
    word = difference_word(desk, shift, -30_000, asked_by=staff.cashier, granted_by=staff.supervisor)
    assert hand_over(desk, shift, reason="x", approval_id=word).state is ShiftState.HANDED_OVER
    assert books(desk, Book.SHORTAGE) == [30_000]
    all_hold(desk)


def test_the_same_hand_over_again_moves_nothing(desk: Desk, shift: ShiftFacts) -> None:
    count(desk, shift, FLOAT)
    assert hand_over(desk, shift) == hand_over(desk, shift)
    with pytest.raises(SameIdOtherFacts):
        hand_over(desk, shift, reason="Khác")
    assert books(desk, Book.HANDOVER) == [1_000_000]


def test_a_drawer_that_is_handed_over_takes_nothing_more(desk: Desk, shift: ShiftFacts) -> None:
    count(desk, shift, FLOAT)
    hand_over(desk, shift)
    with pytest.raises(shifts.NoOpenShift):
        pay(desk, shift)
    with pytest.raises(shifts.NoOpenShift):
        count(desk, shift, FLOAT)
    with pytest.raises(shifts.NoOpenShift):
        move(desk, shift, CashMoveKind.CHANGE_FROM_SAFE, 100_000)


def test_another_person_accepts_and_the_cash_lies_in_the_safe(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    pay(desk, shift)
    count(desk, shift, FLOAT | {5_000: 1, 20_000: 2, 100_000: 3})
    hand_over(desk, shift)
    assert [one.shift_id for one in desk.see(shifts.handed_over)] == [shift.shift_id]
    for person in (staff.cashier, staff.other_cashier, staff.auditor):
        with pytest.raises(NotAllowed):
            accept(desk, shift, person, 1_345_000)
    accepted = [accept(desk, shift, staff.supervisor, 1_345_000) for _ in range(2)]
    assert accepted[0] == accepted[1]
    assert (accepted[0].state, accepted[0].receiver) == (ShiftState.ACCEPTED, "Vũ Thị Ngân")
    assert books(desk, Book.DRAWER, Book.HANDOVER, Book.SAFE) == [0, 0, 345_000]
    assert desk.see(shifts.handed_over) == []
    all_hold(desk)


def test_a_drawer_of_nothing_can_be_handed_over_and_accepted(desk: Desk, staff: Staff) -> None:
    empty = open_shift(desk, staff.cashier, notes={})
    count(desk, empty, {})
    hand_over(desk, empty)
    accepted = accept(desk, empty, staff.supervisor, 0)
    assert accepted.state is ShiftState.ACCEPTED
    all_hold(desk)


def test_only_what_is_handed_over_is_accepted(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    for shift_id in (shift.shift_id, new_id()):
        with pytest.raises(shifts.NotHandedOver):
            accept(desk, replace(shift, shift_id=shift_id), staff.supervisor, 1_000_000)


def test_nobody_counts_moves_or_hands_over_in_anothers_drawer(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    other = {"by": staff.other_cashier.user_id}
    with pytest.raises(shifts.NotYourShift):
        count(desk, shift, FLOAT, **other)
    with pytest.raises(shifts.NotYourShift):
        move(desk, shift, CashMoveKind.SAFE_DROP, 1_000, **other)
    count(desk, shift, FLOAT)
    with pytest.raises(shifts.NotYourShift):
        hand_over(desk, shift, **other)


def test_a_shift_that_crosses_midnight_keeps_its_business_day(desk: Desk, shift: ShiftFacts, clock: StillClock) -> None:
    clock.move(timedelta(hours=17))  # 01:00 on Tuesday in Vietnam
    receipt = pay(desk, shift)
    assert receipt.business_day == shift.business_day == date(2026, 11, 23)
    count(desk, shift, FLOAT | {5_000: 1, 20_000: 2, 100_000: 3})
    assert hand_over(desk, shift).business_day == date(2026, 11, 23)
    all_hold(desk)


def test_the_business_day_is_the_day_in_vietnam(desk: Desk, staff: Staff, clock: StillClock) -> None:
    clock.move(timedelta(hours=16, minutes=30))  # 17:30 UTC on Monday is 00:30 on Tuesday there
    assert open_shift(desk, staff.cashier).business_day == date(2026, 11, 24)


def test_moved_cash_is_posted_on_both_sides(desk: Desk, shift: ShiftFacts) -> None:
    line = move(desk, shift, CashMoveKind.SAFE_DROP, 100_000)
    assert desk.see(shifts.moves, shift_id=shift.shift_id) == [line]
    assert books(desk, Book.DRAWER, Book.SAFE) == [900_000, -900_000]
    all_hold(desk)


def test_the_same_movement_again_moves_nothing(desk: Desk, shift: ShiftFacts) -> None:
    move_id = new_id()
    first = move(desk, shift, CashMoveKind.SAFE_DROP, 100_000, move_id=move_id)
    assert move(desk, shift, CashMoveKind.SAFE_DROP, 100_000, move_id=move_id) == first
    for kind, amount in ((CashMoveKind.SAFE_DROP, 100_001), (CashMoveKind.CHANGE_FROM_SAFE, 100_000)):
        with pytest.raises(SameIdOtherFacts):
            move(desk, shift, kind, amount, move_id=move_id)
    with pytest.raises(SameIdOtherFacts):
        move(desk, shift, CashMoveKind.SAFE_DROP, 100_000, move_id=move_id, reason="Khác")
    assert books(desk, Book.DRAWER) == [900_000]


def test_a_movement_has_an_amount_a_reason_and_the_cash(desk: Desk, shift: ShiftFacts) -> None:
    for amount, reason, refusal in (
        (0, "x", shifts.NothingMoved),
        (-1, "x", shifts.NothingMoved),
        (1_000, " ", shifts.ReasonMissing),
        (1_000_001, "x", shifts.NotInDrawer),
    ):
        with pytest.raises(refusal):
            move(desk, shift, CashMoveKind.SAFE_DROP, amount, reason=reason)
    assert move(desk, shift, CashMoveKind.SAFE_DROP, 1_000_000).amount == 1_000_000
    all_hold(desk)


def test_what_was_taken_is_told_by_method(desk: Desk, shift: ShiftFacts) -> None:
    pay(desk, shift)
    pay(desk, shift, amount=5_000, number=2)
    taken = desk.see(shifts.taken, shift_id=shift.shift_id)
    assert (taken.cash, taken.qr, taken.receipts, taken.reversals) == (350_000, 0, 2, 0)


def test_unknown_shifts_are_refused(desk: Desk, shift: ShiftFacts) -> None:
    with pytest.raises(shifts.NoOpenShift):
        desk.see(shifts.shift_facts, shift_id=new_id())
    with pytest.raises(shifts.NoOpenShift):
        count(desk, shift, FLOAT, shift_id=new_id())
    assert desk.see(shifts.live_shift, till_code="Q2") is None
    assert desk.see(shifts.last_shift, till_code="Q2") is None
    assert desk.see(shifts.last_count, shift_id=shift.shift_id) == {}
