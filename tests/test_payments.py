"""Payments: the rules of taking and giving back money."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from kit import Staff, approve, open_shift, put_bill

from counter import payments, shifts, spool
from counter.approvals import NeedsApproval, OwnAct
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import Dong
from counter.payments import AlreadyPaid, Receipt
from counter.people import NotAllowed, SignedIn
from counter.shifts import NoOpenShift, NotYourShift, ShiftFacts
from db.states import ApprovalAct, JobKind, PaymentKind

AN, BINH = "PA05LG0000001", "PA05LG0000002"


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


@pytest.fixture
def bill(desk: Desk) -> str:
    return desk.do(put_bill, code=AN, number=1, amount=345_678)


def pay(desk: Desk, staff: Staff, shift: ShiftFacts, *bills: str, tendered: int = 10**6, **more: object) -> Receipt:
    facts = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": staff.cashier.user_id, **more}
    return desk.do(payments.take_cash, bill_ids=bills, tendered=Dong(tendered), **facts)  # type: ignore[arg-type]


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def test_a_bill_is_paid_with_change_and_a_number(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    receipt = pay(desk, staff, shift, bill, tendered=400_000)
    assert (receipt.number, receipt.due, receipt.change) == ("PA0501-Q1-26-000001", 345_678, 54_322)
    assert receipt.notes_back == {50_000: 1, 2_000: 2, 200: 1, 100: 1}
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000 + 345_678
    all_hold(desk)


def test_the_same_payment_twice_takes_the_money_once(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    payment_id = new_id()
    first = pay(desk, staff, shift, bill, payment_id=payment_id)
    assert pay(desk, staff, shift, bill, payment_id=payment_id) == first
    assert desk.see(shifts.taken, shift_id=shift.shift_id).receipts == 1


def test_the_same_id_with_other_facts_is_refused(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    payment_id = new_id()
    pay(desk, staff, shift, bill, payment_id=payment_id)
    with pytest.raises(SameIdOtherFacts):
        pay(desk, staff, shift, bill, payment_id=payment_id, tendered=400_000)
    somebody_else = {"shift_id": shift.shift_id, "by": staff.other_cashier.user_id, "tendered": Dong(10**6)}
    with pytest.raises(SameIdOtherFacts):
        desk.do(payments.take_cash, payment_id=payment_id, bill_ids=[bill], **somebody_else)  # type: ignore[arg-type]


def test_a_bill_is_not_paid_twice(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = pay(desk, staff, shift, bill)
    with pytest.raises(payments.AlreadyPaid) as refused:
        pay(desk, staff, shift, bill)
    assert first.number in str(refused.value)
    all_hold(desk)


def test_one_basket_pays_for_neighbours(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    other = desk.do(put_bill, code=BINH, number=2, amount=200_000, name="Đặng Thị Bình")
    receipt = pay(desk, staff, shift, bill, other)
    assert [line.name for line in receipt.lines] == ["Nguyễn Văn An", "Đặng Thị Bình"]
    assert receipt.due == 545_678
    all_hold(desk)


def test_the_oldest_bill_comes_first_unless_a_supervisor_allows(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    desk.do(put_bill, code=AN, number=9, amount=100_000, month=9)
    with pytest.raises(payments.OlderBillFirst):
        pay(desk, staff, shift, bill)
    word = approve(
        desk,
        act=ApprovalAct.OUT_OF_ORDER,
        subject=payments.order_subject([bill]),
        amount=Dong(345_678),
        asked_by=staff.cashier,
        granted_by=staff.supervisor,
    )
    assert pay(desk, staff, shift, bill, approval_id=word).approver == "Vũ Thị Ngân"
    all_hold(desk)


@pytest.mark.parametrize(
    ("tendered", "refusal"), [(345_677, payments.NotEnoughCash), (34_567_800_000, payments.TooMuchCash)]
)
def test_the_tendered_amount_must_make_sense(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, tendered: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        pay(desk, staff, shift, bill, tendered=tendered)


def test_change_the_drawer_does_not_hold_is_refused(desk: Desk, staff: Staff, bill: str) -> None:
    empty = open_shift(desk, staff.cashier, notes={})
    with pytest.raises(payments.NoChangeInDrawer):  # the note that was handed over cannot be its own change
        pay(desk, staff, empty, bill, tendered=400_000)
    assert pay(desk, staff, empty, bill, tendered=345_678).change == 0
    other = desk.do(put_bill, code=BINH, number=2, amount=1_000)
    receipt = pay(desk, staff, empty, other, tendered=5_000)  # what was taken may be given back as change
    assert receipt.change == 4_000


def test_nobody_takes_money_in_anothers_drawer(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    with pytest.raises(NotYourShift):
        pay(desk, staff, shift, bill, by=staff.other_cashier.user_id)
    with pytest.raises(NoOpenShift):
        pay(desk, staff, shift, bill, shift_id=new_id())


def test_unknown_and_empty_baskets_are_refused(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    with pytest.raises(payments.NothingToPay):
        pay(desk, staff, shift)
    with pytest.raises(payments.UnknownBill):
        pay(desk, staff, shift, "'; DROP TABLE bill;--")


def test_a_reversal_is_a_paper_of_its_own_and_the_bill_is_owed_again(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    first = pay(desk, staff, shift, bill)
    back = reverse(desk, staff, shift, first, granted_by=staff.other_cashier)
    assert (back.kind, back.amount, back.reverses) == (PaymentKind.REVERSAL, -345_678, first.number)
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000
    assert pay(desk, staff, shift, bill).number == "PA0501-Q1-26-000003"
    all_hold(desk)


def reverse(desk: Desk, staff: Staff, shift: ShiftFacts, first: Receipt, *, granted_by: object, **more: object) -> Receipt:
    word = approve(
        desk,
        act=ApprovalAct.REVERSE,
        subject=first.number,
        amount=first.amount,
        reason="Gõ nhầm khách hàng",
        asked_by=staff.cashier,
        granted_by=granted_by,  # type: ignore[arg-type]
    )
    facts = {"reversal_id": new_id(), "by": staff.cashier.user_id, "shift_id": shift.shift_id, **more}
    return desk.do(payments.reverse, payment_id=first.payment_id, reason="Gõ nhầm khách hàng", approval_id=word, **facts)  # type: ignore[arg-type]


def test_a_receipt_is_reversed_once(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = pay(desk, staff, shift, bill)
    reverse(desk, staff, shift, first, granted_by=staff.supervisor)
    with pytest.raises(payments.AlreadyReversed):
        reverse(desk, staff, shift, first, granted_by=staff.supervisor)
    all_hold(desk)


def test_a_reversal_is_not_reversed(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    back = reverse(desk, staff, shift, pay(desk, staff, shift, bill), granted_by=staff.supervisor)
    with pytest.raises(payments.CannotReverse):
        reverse(desk, staff, shift, back, granted_by=staff.supervisor)


def test_the_same_reversal_twice_gives_back_once(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first, reversal_id = pay(desk, staff, shift, bill), new_id()
    back = reverse(desk, staff, shift, first, granted_by=staff.supervisor, reversal_id=reversal_id)
    again = desk.do(
        payments.reverse,
        reversal_id=reversal_id,
        payment_id=first.payment_id,
        reason="Gõ nhầm khách hàng",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=None,
    )
    assert again == back


def test_nobody_approves_their_own_reversal(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = pay(desk, staff, shift, bill)
    with pytest.raises(OwnAct):
        reverse(desk, staff, shift, first, granted_by=staff.cashier)


def test_a_reversal_without_a_second_person_is_refused(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = pay(desk, staff, shift, bill)
    with pytest.raises(NeedsApproval):
        desk.do(
            payments.reverse,
            reversal_id=new_id(),
            payment_id=first.payment_id,
            reason="x",
            shift_id=shift.shift_id,
            by=staff.cashier.user_id,
            approval_id=None,
        )


def test_a_receipt_of_another_shift_needs_a_supervisor(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, clock: StillClock
) -> None:
    first = pay(desk, staff, shift, bill)
    hand_over(desk, staff, shift)
    clock.move(timedelta(hours=1))
    later = open_shift(desk, staff.cashier)
    with pytest.raises(NotAllowed):
        reverse(desk, staff, later, first, granted_by=staff.other_cashier)
    assert reverse(desk, staff, later, first, granted_by=staff.supervisor).amount == -345_678
    all_hold(desk)


def hand_over(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    expected = desk.see(shifts.drawer, shift_id=shift.shift_id)
    notes = {500: int(expected) // 500, 100: int(expected) % 500 // 100}
    mine = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    desk.do(shifts.count_drawer, count_id=new_id(), notes=notes, **mine)
    counted = desk.do(shifts.hand_over, reason="tiền lẻ", **mine).counted
    assert counted is not None
    desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=counted, by=staff.supervisor.user_id)


def test_an_old_word_and_a_word_for_another_amount_are_worth_nothing(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, clock: StillClock
) -> None:
    first = pay(desk, staff, shift, bill)
    for amount, wait in ((Dong(1), timedelta()), (first.amount, timedelta(minutes=5, seconds=1))):
        word = approve(
            desk,
            act=ApprovalAct.REVERSE,
            subject=first.number,
            amount=amount,
            reason="x",
            asked_by=staff.cashier,
            granted_by=staff.supervisor,
        )
        clock.move(wait)
        with pytest.raises(NeedsApproval):
            desk.do(
                payments.reverse,
                reversal_id=new_id(),
                payment_id=first.payment_id,
                reason="x",
                shift_id=shift.shift_id,
                by=staff.cashier.user_id,
                approval_id=word,
            )


def advance(desk: Desk, staff: Staff, shift: ShiftFacts, months: int = 2) -> Receipt:
    return desk.do(
        payments.take_advance,
        payment_id=new_id(),
        customer_code=AN,
        months=months,
        tendered=Dong(1_000_000),
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
    )


def test_an_advance_is_counted_from_the_newest_bill_and_settles_the_next_ones(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    pay(desk, staff, shift, bill)
    taken = advance(desk, staff, shift)
    assert taken.due == 692_000  # 2 × 345.678, up to whole thousands
    desk.do(put_bill, code=AN, number=11, amount=300_000, month=11)
    desk.do(put_bill, code=AN, number=12, amount=500_000, month=12)
    used = desk.do(payments.use_advances, customer_codes=[AN], by=staff.supervisor.user_id)
    assert [(r.number, r.due) for r in used] == [("PA0501-OFFICE-26-000001", 300_000)]
    assert desk.see(payments.advance_balance, customer_code=AN) == 392_000
    all_hold(desk)


def use(desk: Desk, staff: Staff, *numbers: int) -> list[Receipt]:
    ids = [f"PA0501-{number}" for number in numbers]
    return desk.do(payments.use_advance_on, bill_ids=ids, by=staff.cashier.user_id)


def test_an_advance_pays_chosen_bills_whole_and_oldest_first_and_prints_where_the_customer_stands(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    pay(desk, staff, shift, bill)
    advance(desk, staff, shift)
    for number, (month, amount) in enumerate([(11, 300_000), (12, 500_000)], start=11):
        desk.do(put_bill, code=AN, number=number, amount=amount, month=month)
    desk.till_code = "Q1"
    (plan,) = desk.see(payments.from_advances, bill_ids=["PA0501-12", "PA0501-11"])
    assert (plan.bill_ids, plan.amount, plan.left) == (("PA0501-11",), 300_000, 392_000)
    (used,) = use(desk, staff, 12, 11)
    assert (used.number, used.bill_ids, used.due) == ("PA0501-OFFICE-26-000001", ("PA0501-11",), 300_000)
    assert desk.see(payments.advance_balance, customer_code=AN) == 392_000
    job = desk.see(spool.job_of, kind=JobKind.RECEIPT, subject=used.payment_id)
    assert job is not None
    assert (job.till_code, job.answer) == ("Q1", None)
    with pytest.raises(payments.AdvanceTooSmall):
        use(desk, staff, 12)
    with pytest.raises(AlreadyPaid):
        use(desk, staff, 11)
    all_hold(desk)


def test_a_bill_reopened_by_a_reversal_is_paid_from_the_advance(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    paid = pay(desk, staff, shift, bill)
    advance(desk, staff, shift)
    reverse(desk, staff, shift, paid, granted_by=staff.supervisor)
    (used,) = desk.do(payments.use_advance_on, bill_ids=[bill], by=staff.cashier.user_id)
    assert used.bill_ids == (bill,)
    all_hold(desk)


def test_an_advance_leaves_no_older_bill_behind_and_is_used_by_who_may(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    pay(desk, staff, shift, bill)
    advance(desk, staff, shift)
    for number, month in ((11, 11), (12, 12)):
        desk.do(put_bill, code=AN, number=number, amount=100_000, month=month)
    with pytest.raises(payments.OlderBillFirst):
        use(desk, staff, 12)
    with pytest.raises(payments.NothingToPay):
        use(desk, staff)
    with pytest.raises(NotAllowed):
        desk.do(payments.use_advance_on, bill_ids=["PA0501-11"], by=staff.auditor.user_id)
    assert desk.see(payments.advance_balance, customer_code=AN) == 692_000
    all_hold(desk)


def test_bills_of_a_customer_without_an_advance_stay_due(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    pay(desk, staff, shift, bill)
    advance(desk, staff, shift)
    desk.do(put_bill, code=AN, number=11, amount=300_000, month=11)
    desk.do(put_bill, code=BINH, number=21, amount=100_000, month=11)
    (used,) = use(desk, staff, 21, 11)
    assert used.bill_ids == ("PA0501-11",)
    with pytest.raises(payments.AdvanceTooSmall):
        use(desk, staff, 21)
    all_hold(desk)


def test_an_advance_goes_by_every_ky_of_the_newest_month_that_is_whole(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    for number, (month, ky, amount) in enumerate([(11, 1, 100_000), (11, 2, 200_000), (12, 1, 100_000)], start=20):
        desk.do(put_bill, code=AN, number=number, amount=amount, month=month, ky=ky)
    assert desk.see(payments.advance_due, customer_code=AN, months=1) == 300_000  # 12/2026 still waits for its second kỳ
    desk.do(put_bill, code=AN, number=30, amount=250_000, month=12, ky=2)
    assert desk.see(payments.advance_due, customer_code=AN, months=1) == 350_000


def test_an_advance_too_gives_only_change_that_lies_in_the_drawer(desk: Desk, staff: Staff, bill: str) -> None:
    empty = open_shift(desk, staff.cashier, notes={})
    with pytest.raises(payments.NoChangeInDrawer):
        advance(desk, staff, empty, months=1)
    all_hold(desk)


def test_a_used_advance_is_refunded_only_for_what_is_left(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    pay(desk, staff, shift, bill)
    taken = advance(desk, staff, shift)
    desk.do(put_bill, code=AN, number=11, amount=300_000, month=11)
    desk.do(payments.use_advances, customer_codes=[AN], by=staff.supervisor.user_id)
    with pytest.raises(payments.AdvanceUsed):
        reverse(desk, staff, shift, taken, granted_by=staff.supervisor)
    word = approve(
        desk,
        act=ApprovalAct.REFUND,
        subject=AN,
        amount=Dong(-392_000),
        reason="Khách chuyển đi",
        asked_by=staff.cashier,
        granted_by=staff.supervisor,
    )
    back = desk.do(
        payments.refund_advance,
        payment_id=new_id(),
        customer_code=AN,
        reason="Khách chuyển đi",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=word,
    )
    assert back.amount == -392_000
    assert desk.see(payments.advance_balance, customer_code=AN) == 0
    all_hold(desk)


def test_an_unused_advance_can_be_reversed(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    taken = advance(desk, staff, shift, months=1)
    reverse(desk, staff, shift, taken, granted_by=staff.supervisor)
    assert desk.see(payments.advance_balance, customer_code=AN) == 0
    all_hold(desk)


def test_copies_are_counted(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = pay(desk, staff, shift, bill)
    for copy in (1, 2):
        again = desk.do(payments.reprint, payment_id=first.payment_id, by=staff.cashier.user_id)
        assert again.copies == copy
    all_hold(desk)


def test_a_receipt_is_found_by_its_number_with_or_without_the_office(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    first = pay(desk, staff, shift, bill)
    for number in (first.number, "Q1-26-000001", " q1-26-1 "):
        assert desk.see(payments.receipt_by_number, number=number) == first
    with pytest.raises(payments.UnknownReceipt):
        desk.see(payments.receipt_by_number, number="Q9-26-1")


def test_the_same_reversal_for_another_reason_or_by_another_word_is_refused(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    first, reversal_id = pay(desk, staff, shift, bill), new_id()
    named = {"reversal_id": reversal_id, "payment_id": first.payment_id, "shift_id": shift.shift_id}
    named["by"] = staff.cashier.user_id

    def word(person: SignedIn) -> UUID:
        act = {"act": ApprovalAct.REVERSE, "subject": first.number, "amount": first.amount, "reason": "Gõ nhầm"}
        return approve(desk, asked_by=staff.cashier, granted_by=person, **act)  # type: ignore[arg-type]

    other, boss = word(staff.other_cashier), word(staff.supervisor)
    back = desk.do(payments.reverse, reason="Gõ nhầm", approval_id=boss, **named)  # type: ignore[arg-type]
    assert desk.do(payments.reverse, reason="Gõ nhầm", approval_id=boss, **named) == back  # type: ignore[arg-type]
    for reason, approval_id in (("Khác", boss), ("Gõ nhầm", other)):
        with pytest.raises(SameIdOtherFacts):
            desk.do(payments.reverse, reason=reason, approval_id=approval_id, **named)  # type: ignore[arg-type]
