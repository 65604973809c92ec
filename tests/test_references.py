"""A reference and its partner are one however they are typed; letters that only look like ours are refused."""

from __future__ import annotations

import pytest
from bank import AN, BINH, ask, shift_with_account
from kit import Staff, approve, put_bill

from counter.desk import Desk
from counter.ids import new_id
from counter.payments import Receipt, qr
from counter.payments.qr import ReferenceUnreadable, ReferenceUsed, SlipUnreadable
from counter.payments.qr.again import plain_partner, plain_reference
from counter.shifts import ShiftFacts
from db.states import ApprovalAct, Method


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


def slip(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, *, partner: str, reference: str) -> Receipt:
    paid = {"payment_id": new_id(), "bill_ids": [bill], "method": Method.WALLET}
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    return desk.do(qr.take_slip, **paid, **here, partner=partner, reference=reference)


@pytest.mark.parametrize(
    ("partner", "reference"),
    [("momo", "12345"), ("MOMO", "12-345"), ("Mo Mo", "12345."), ("MoMo", "１２３４５"), (" mo-mo ", "1 2 3 4 5")],
)
def test_a_slip_pays_once_however_it_is_typed(
    desk: Desk, staff: Staff, shift: ShiftFacts, partner: str, reference: str
) -> None:
    one = desk.do(put_bill, code=AN, number=1, amount=180_000)
    other = desk.do(put_bill, code=BINH, number=2, amount=180_000)
    slip(desk, staff, shift, one, partner="MoMo", reference="12345")
    with pytest.raises(ReferenceUsed):
        slip(desk, staff, shift, other, partner=partner, reference=reference)


@pytest.mark.parametrize(("partner", "reference"), [("MоMо", "12345"), ("MoMo", "FТ1")], ids=["partner", "reference"])
def test_letters_that_look_like_ours_are_refused(
    desk: Desk, staff: Staff, shift: ShiftFacts, partner: str, reference: str
) -> None:
    bill = desk.do(put_bill, code=AN, number=1, amount=180_000)
    with pytest.raises(ReferenceUnreadable):
        slip(desk, staff, shift, bill, partner=partner, reference=reference)


@pytest.mark.parametrize("partner", ["Bank", " b-ank ", "…"])
def test_the_bank_is_no_partner_of_a_slip(desk: Desk, staff: Staff, shift: ShiftFacts, partner: str) -> None:
    bill = desk.do(put_bill, code=AN, number=1, amount=180_000)
    with pytest.raises(SlipUnreadable):
        slip(desk, staff, shift, bill, partner=partner, reference="1")


def test_a_number_that_two_people_believed_is_believed_once(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    def believed(bill: str, reference: str) -> Receipt:
        shown = ask(desk, staff, shift, bill)
        word = {"act": ApprovalAct.QR_BY_HAND, "subject": shown.code, "amount": shown.amount, "reason": reference}
        approval_id = approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor)  # type: ignore[arg-type]
        here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id, "approval_id": approval_id}
        return desk.do(qr.confirm_by_hand, payment_id=new_id(), intent_id=shown.intent_id, reference=reference, **here)

    believed(desk.do(put_bill, code=AN, number=1, amount=180_000), "FT1")
    with pytest.raises(ReferenceUsed):
        believed(desk.do(put_bill, code=BINH, number=2, amount=180_000), "ft-1.")


def test_a_partner_is_written_in_one_way() -> None:
    assert [plain_partner(typed) for typed in ("zalo pay", "ZALOPAY", "vcb", "Ví Điện tử")] == [
        "ZaloPay",
        "ZaloPay",
        "VCB",
        "VIDIENTU",
    ]
    assert plain_reference("ft 26330-1") == "FT263301"
