"""Money back without a receipt to take back: bills CMIS changed after they were paid, and the rest of an advance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from debts import AN, BINH, bring, debts, line
from kit import Staff, approve, open_shift, put_bill
from test_races import all_at_once

from counter import payments, shifts
from counter.approvals import NeedsApproval, OwnAct
from counter.audit import audit
from counter.bills import (
    CaseLine,
    case_changes,
    case_line,
    decided_cases,
    open_cases,
    open_cases_of,
    resolve_case,
    unpaid_bills,
)
from counter.bills.refusals import CaseClosed, UnknownCase
from counter.config import Settings
from counter.desk import Desk
from counter.errors import Refused, SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.locale import language, use_language
from counter.money import Dong
from counter.papers import receipt_paper
from counter.payments import Receipt
from counter.people import NotAllowed, SignedIn
from counter.printing import as_text
from counter.shifts import ShiftFacts
from db.states import ApprovalAct, CaseState, CashMoveKind, Method, PaymentKind

CHEAPER = {"SO_TIEN": 50_000, "TIEN_GTGT": 4_000, "TONG_TIEN": 54_000}
DEARER = {"SO_TIEN": 200_000, "TIEN_GTGT": 16_000, "TONG_TIEN": 216_000}
WITHDRAWN = {"LOAI_DCHINH": "HB"}
PAID = Dong(108_000)


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def pay(desk: Desk, shift: ShiftFacts, *bills: str) -> Receipt:
    facts = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": shift.cashier_id}
    return desk.do(payments.take_cash, bill_ids=bills, tendered=Dong(PAID * len(bills)), **facts)  # type: ignore[arg-type]


@pytest.fixture
def case_of(desk: Desk, shift: ShiftFacts, tmp_path: Path) -> Callable[..., CaseLine]:
    """A bill that was paid, then claimed otherwise by the next file."""

    def make(number: int = 1, code: str = AN, **claim: object) -> CaseLine:
        bring(desk, debts(tmp_path, line(number, code), name=f"{number}.csv"))
        pay(desk, shift, f"PA0501-{number}")
        bring(desk, debts(tmp_path, line(number, code, **claim), name=f"{number}-again.csv"))
        (case,) = [one for one in desk.see(open_cases) if one.bill_id == f"PA0501-{number}"]
        return case

    return make


REASONS = {ApprovalAct.REFUND: "CMIS hủy hóa đơn", ApprovalAct.KEEP: "Khách đồng ý", ApprovalAct.REVERSE: "Gõ nhầm"}


def word_for(
    desk: Desk,
    act: ApprovalAct,
    subject: str,
    amount: Dong,
    by: SignedIn,
    granted_by: SignedIn,
    *,
    reason: str | None = None,
) -> UUID:
    about: dict[str, Any] = {"act": act, "subject": subject, "amount": amount}
    return approve(desk, **about, reason=reason or REASONS[act], asked_by=by, granted_by=granted_by)


def refund_word(desk: Desk, case: CaseLine, by: SignedIn, granted_by: SignedIn) -> UUID:
    return word_for(desk, ApprovalAct.REFUND, case.bill_id, -case.too_much, by, granted_by)


def keep_word(desk: Desk, case: CaseLine, staff: Staff) -> UUID:
    return word_for(desk, ApprovalAct.KEEP, case.bill_id, case.too_much, staff.cashier, staff.supervisor)


def refund(desk: Desk, staff: Staff, shift: ShiftFacts, case: CaseLine, **more: object) -> Receipt:
    boss = more.pop("granted_by", staff.supervisor)
    by = more.setdefault("by", staff.cashier.user_id)
    asked = replace(staff.cashier, user_id=by)  # type: ignore[arg-type]
    word = more.get("approval_id") or refund_word(desk, case, asked, boss)  # type: ignore[arg-type]
    facts = {"payment_id": new_id(), "case_id": case.case_id, "reason": REASONS[ApprovalAct.REFUND]}
    return desk.do(payments.refund_case, **{**facts, "shift_id": shift.shift_id, "approval_id": word, **more})


def keep(desk: Desk, staff: Staff, case: CaseLine, **more: object) -> Receipt:
    word = more.get("approval_id") or keep_word(desk, case, staff)
    facts = {"payment_id": new_id(), "case_id": case.case_id, "reason": REASONS[ApprovalAct.KEEP]}
    return desk.do(payments.keep_case, **{**facts, "by": staff.cashier.user_id, "approval_id": word, **more})


def reverse(desk: Desk, staff: Staff, shift: ShiftFacts, first: Receipt, reversal_id: UUID | None = None) -> Receipt:
    word = word_for(desk, ApprovalAct.REVERSE, first.number, first.amount, staff.cashier, staff.supervisor)
    return desk.do(
        payments.reverse,
        reversal_id=reversal_id or new_id(),
        payment_id=first.payment_id,
        reason=REASONS[ApprovalAct.REVERSE],
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=word,
    )


Make = Callable[..., CaseLine]


def test_a_withdrawn_bill_is_given_back_whole_and_the_case_ends(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    case = case_of(**WITHDRAWN)
    assert (case.taken, case.claimed, case.too_much) == (PAID, 0, PAID)
    back = refund(desk, staff, shift, case)
    assert (back.kind, back.method, back.amount) == (PaymentKind.REFUND, Method.CASH, -PAID)
    assert (back.cashier, back.approver, back.reason) == ("Trần Thị Lan", "Vũ Thị Ngân", "CMIS hủy hóa đơn")
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000
    assert desk.see(open_cases) == []
    (ended,) = desk.see(decided_cases)
    assert (ended.state, ended.resolution, ended.resolved_by) == (CaseState.RESOLVED, back.number, "Vũ Thị Ngân")
    assert (ended.given_back, ended.too_much) == (PAID, 0)
    all_hold(desk)


def test_a_bill_that_became_cheaper_gives_back_the_difference(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    case = case_of(**CHEAPER)
    assert refund(desk, staff, shift, case).amount == -54_000
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000 + 54_000
    assert desk.see(unpaid_bills, customer_code=AN).owed == 0
    all_hold(desk)


def test_a_bill_that_became_dearer_gives_nothing_back(desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make) -> None:
    case = case_of(**DEARER)
    assert case.too_much == -PAID
    for give in (lambda: refund(desk, staff, shift, case), lambda: keep(desk, staff, case)):
        with pytest.raises(payments.NothingToRefund):
            give()
    assert [one.case_id for one in desk.see(open_cases)] == [case.case_id]


def test_what_changed_is_told_line_by_line(desk: Desk, case_of: Make) -> None:
    case = case_of(**CHEAPER, THANG=11)
    found = {change.label: (change.was, change.now) for change in desk.see(case_changes, case_id=case.case_id)}
    assert found["Amount"] == (str(PAID), str(Dong(54_000)))
    assert found["Period"] == ("10/2026", "11/2026")
    assert set(found) == {"Amount", "Without VAT", "VAT", "Period"}
    assert desk.see(case_changes, case_id=case_of(2, **WITHDRAWN).case_id) == []


def test_the_money_is_kept_as_an_advance_and_settles_the_next_bill(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, tmp_path: Path
) -> None:
    case = case_of(**WITHDRAWN)
    kept = keep(desk, staff, case)
    assert (kept.number, kept.method, kept.amount) == ("PA0501-OFFICE-26-000001", Method.ADVANCE, -PAID)
    assert desk.see(payments.advance_balance, customer_code=AN) == PAID
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000 + PAID
    assert desk.see(balance, book=Book.ADVANCE) == -PAID
    desk.do(put_bill, code=AN, number=9, amount=100_000, month=12)
    (used,) = desk.do(payments.use_advances, customer_codes=[AN], by=staff.supervisor.user_id)
    assert used.bill_ids == ("PA0501-9",)
    assert desk.see(payments.advance_balance, customer_code=AN) == 8_000
    all_hold(desk)


def test_a_kept_amount_can_be_refunded_as_an_advance_later(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    keep(desk, staff, case_of(**CHEAPER))
    word = word_for(desk, ApprovalAct.REFUND, AN, Dong(-54_000), staff.cashier, staff.supervisor, reason="Khách đổi ý")
    mine = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    facts = {"payment_id": new_id(), "customer_code": AN, "reason": "Khách đổi ý", "approval_id": word, **mine}
    back = desk.do(payments.refund_advance, **facts)
    assert back.amount == -54_000
    assert desk.do(payments.refund_advance, **facts) == back
    with pytest.raises(SameIdOtherFacts):
        desk.do(payments.refund_advance, **{**facts, "customer_code": BINH})
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000 + 54_000
    all_hold(desk)


def test_the_same_id_gives_the_first_receipt_and_touches_no_other_case(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    case, other = case_of(1, **WITHDRAWN), case_of(2, **WITHDRAWN)
    payment_id = new_id()
    back = refund(desk, staff, shift, case, payment_id=payment_id)
    assert refund(desk, staff, shift, case, payment_id=payment_id) == back
    somebody_else = {"case": case, "by": staff.other_cashier.user_id}
    for facts in ({"case": other}, {"case": case, "reason": "Khác"}, somebody_else):
        with pytest.raises(SameIdOtherFacts):
            refund(desk, staff, shift, payment_id=payment_id, **facts)  # type: ignore[arg-type]
    with pytest.raises(SameIdOtherFacts):
        keep(desk, staff, other, payment_id=payment_id)
    assert [one.case_id for one in desk.see(open_cases)] == [other.case_id]
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000 + PAID
    all_hold(desk)


def test_a_case_that_ended_gives_nothing_more(desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make) -> None:
    case = case_of(**WITHDRAWN)
    refund(desk, staff, shift, case)
    for give in (lambda: refund(desk, staff, shift, case), lambda: keep(desk, staff, case)):
        with pytest.raises(CaseClosed):
            give()
    with pytest.raises(UnknownCase):
        desk.see(case_line, case_id=new_id())
    with pytest.raises(UnknownCase):
        refund(desk, staff, shift, replace(case, case_id=new_id()))


def test_what_was_given_back_is_not_given_back_again_by_a_reversal(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    for number, give in ((1, lambda case: refund(desk, staff, shift, case)), (2, lambda case: keep(desk, staff, case))):
        give(case_of(number, **CHEAPER))
        first = newest_receipt(desk, shift, f"PA0501-{number}")
        with pytest.raises(payments.PartlyGivenBack) as refused:
            reverse(desk, staff, shift, first)
        assert refused.value.facts["amount"] == 54_000
    all_hold(desk)


def newest_receipt(desk: Desk, shift: ShiftFacts, bill_id: str) -> Receipt:
    found = [desk.see(payments.receipt, payment_id=one.payment_id)
             for one in desk.see(payments.receipts_of_shift, shift_id=shift.shift_id)]  # fmt: skip
    return next(one for one in found if one.kind is PaymentKind.BILLS and bill_id in one.bill_ids)


def test_a_reversal_ends_the_case_and_the_bill_becomes_what_cmis_says(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    withdrawn, cheaper = case_of(1, **WITHDRAWN), case_of(2, **CHEAPER)
    for case in (withdrawn, cheaper):
        back = reverse(desk, staff, shift, newest_receipt(desk, shift, case.bill_id))
        assert desk.see(case_line, case_id=case.case_id).resolution == back.number
        with pytest.raises(CaseClosed):
            refund(desk, staff, shift, case)
    owed = desk.see(unpaid_bills, customer_code=AN)
    assert [(bill.bill_id, bill.amount, bill.vat) for bill in owed.bills] == [("PA0501-2", 54_000, 4_000)]
    assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000
    all_hold(desk)


def test_a_reversal_after_the_case_was_settled_in_words_still_follows_cmis(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    case = case_of(**WITHDRAWN)
    desk.do(resolve_case, case_id=case.case_id, resolution="Khách tặng", by=staff.supervisor.user_id)
    reverse(desk, staff, shift, newest_receipt(desk, shift, case.bill_id))
    assert desk.see(unpaid_bills, customer_code=AN).bills == ()
    assert desk.see(case_line, case_id=case.case_id).resolution == "Khách tặng"
    all_hold(desk)


def test_a_claim_that_was_taken_back_is_news_when_it_comes_again(desk: Desk, case_of: Make, tmp_path: Path) -> None:
    first = case_of(**CHEAPER)
    bring(desk, debts(tmp_path, line(1), name="as-paid.csv"))
    assert desk.see(open_cases) == []
    done = bring(desk, debts(tmp_path, line(1, **CHEAPER), name="cheaper-again.csv"))
    assert done.cases == 1
    assert [case.case_id != first.case_id for case in desk.see(open_cases)] == [True]
    all_hold(desk)


def test_after_a_refund_the_amount_that_was_paid_first_is_a_new_claim(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, tmp_path: Path
) -> None:
    refund(desk, staff, shift, case_of(**CHEAPER))
    cheaper = debts(tmp_path, line(1, **CHEAPER), name="the-same-claim.csv")
    assert bring(desk, cheaper).cases == 0
    assert bring(desk, debts(tmp_path, line(1), name="as-paid.csv")).cases == 1
    (case,) = desk.see(open_cases)
    assert (case.taken, case.claimed, case.too_much) == (54_000, PAID, -54_000)
    all_hold(desk)


def test_the_id_of_one_case_does_not_end_a_later_case_of_the_same_bill(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, tmp_path: Path
) -> None:
    payment_id = new_id()
    refund(desk, staff, shift, case_of(**CHEAPER), payment_id=payment_id)
    bring(desk, debts(tmp_path, line(1, **WITHDRAWN), name="and-then-withdrawn.csv"))
    (later,) = desk.see(open_cases)
    with pytest.raises(SameIdOtherFacts):
        refund(desk, staff, shift, later, payment_id=payment_id)
    assert [one.case_id for one in desk.see(open_cases)] == [later.case_id]
    all_hold(desk)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"reason": " \n"}, shifts.ReasonMissing),
        ({"approval_id": None}, NeedsApproval),
        ({"shift_id": new_id()}, shifts.NoOpenShift),
    ],
)
def test_a_refund_is_refused_without(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, more: dict[str, object], refusal: type[Refused]
) -> None:
    case = case_of(**WITHDRAWN)
    with pytest.raises(refusal):
        refund(desk, staff, shift, case, **more)
    assert desk.see(case_line, case_id=case.case_id).state is CaseState.OPEN
    all_hold(desk)


def test_only_a_supervisors_word_gives_money_back(desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make) -> None:
    case = case_of(**WITHDRAWN)
    with pytest.raises(NotAllowed):
        refund(desk, staff, shift, case, granted_by=staff.other_cashier)
    with pytest.raises(OwnAct):
        refund(desk, staff, shift, case, by=staff.supervisor.user_id)
    with pytest.raises(NotAllowed):
        desk.do(
            payments.keep_case,
            payment_id=new_id(),
            case_id=case.case_id,
            reason="x",
            by=staff.auditor.user_id,
            approval_id=None,
        )


def test_a_word_for_keeping_does_not_open_the_drawer_and_the_other_way_round(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    case = case_of(**WITHDRAWN)
    keeping = word_for(desk, ApprovalAct.KEEP, case.bill_id, -case.too_much, staff.cashier, staff.supervisor)
    giving = word_for(desk, ApprovalAct.REFUND, case.bill_id, case.too_much, staff.cashier, staff.supervisor)
    with pytest.raises(NeedsApproval):
        refund(desk, staff, shift, case, approval_id=keeping)
    with pytest.raises(NeedsApproval):
        keep(desk, staff, case, approval_id=giving)


def test_more_than_lies_in_the_drawer_is_not_given_back(desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make) -> None:
    case = case_of(**WITHDRAWN)
    facts = {"move_id": new_id(), "kind": CashMoveKind.SAFE_DROP, "amount": Dong(1_050_000), "reason": "Nộp két"}
    desk.do(shifts.move_cash, shift_id=shift.shift_id, by=staff.cashier.user_id, **facts)  # type: ignore[arg-type]
    with pytest.raises(shifts.NotInDrawer):
        refund(desk, staff, shift, case)


def test_a_customers_own_cases_are_found_at_the_till(desk: Desk, case_of: Make) -> None:
    mine, _other = case_of(1, **WITHDRAWN), case_of(2, BINH, **WITHDRAWN)
    assert [case.case_id for case in desk.see(open_cases_of, customer_code=AN)] == [mine.case_id]
    assert mine.customer_name == "Nguyễn Văn An"


# --- on paper ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


def paper_of(desk: Desk, receipt: Receipt) -> str:
    return as_text(desk.see(receipt_paper, payment_id=receipt.payment_id, settings=Settings()))


def test_the_paper_of_a_refund_takes_back_no_receipt_and_splits_no_tax(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, english: None
) -> None:
    text = paper_of(desk, refund(desk, staff, shift, case_of(**CHEAPER)))
    assert "RECEIPT OF REFUND" in text
    assert "Takes back" not in text and "VAT" not in text
    for said in ("GIVEN BACK                        54.000 ₫", "CMIS hủy hóa đơn", "Vũ Thị Ngân", "Bill no. 1"):
        assert said in text


def test_the_paper_of_money_that_is_kept_says_so(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, english: None
) -> None:
    text = paper_of(desk, keep(desk, staff, case_of(**WITHDRAWN)))
    assert "MONEY KEPT IN ADVANCE" in text
    assert "KEPT FOR YOU                     108.000 ₫" in text
    assert "GIVEN BACK" not in text and "Cash" not in text.replace("Cashier", "")


def test_the_paper_of_an_advance_given_back_names_it(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make, english: None
) -> None:
    keep(desk, staff, case_of(**WITHDRAWN))
    word = word_for(desk, ApprovalAct.REFUND, AN, -PAID, staff.cashier, staff.supervisor, reason="Chuyển nhà")
    mine = {"shift_id": shift.shift_id, "by": staff.cashier.user_id, "approval_id": word}
    back = desk.do(payments.refund_advance, payment_id=new_id(), customer_code=AN, reason="Chuyển nhà", **mine)  # type: ignore[arg-type]
    text = paper_of(desk, back)
    assert "RECEIPT OF REFUND" in text and "Advance money" in text and "Paid in advance" not in text


# --- at once ----------------------------------------------------------------------------------------------------------


def test_a_case_refunded_and_reversed_at_once_is_given_back_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    for number in range(1, 6):
        case = case_of(number, **WITHDRAWN)
        first = newest_receipt(desk, shift, case.bill_id)
        word = refund_word(desk, case, staff.cashier, staff.supervisor)
        said = all_at_once(
            partial(refund, desk, staff, shift, case, approval_id=word),
            partial(reverse, desk, staff, shift, first),
        )
        kinds = sorted(type(one).__name__ for one in said)
        assert kinds in (["CaseClosed", "Receipt"], ["PartlyGivenBack", "Receipt"])
        assert desk.see(shifts.drawer, shift_id=shift.shift_id) == 1_000_000
        all_hold(desk)


def test_a_case_refunded_at_two_tills_and_kept_at_once_ends_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make
) -> None:
    other = replace(desk, till_code="Q2")
    there = open_shift(other, staff.other_cashier, till="Q2")
    for number in range(1, 4):
        case = case_of(number, **WITHDRAWN)  # every word is given before the race: a decision ends the requests that wait
        here = partial(refund, desk, staff, shift, case)
        away = partial(refund, other, staff, there, case, by=staff.other_cashier.user_id)
        said = all_at_once(
            partial(here, approval_id=refund_word(desk, case, staff.cashier, staff.supervisor)),
            partial(away, approval_id=refund_word(desk, case, staff.other_cashier, staff.supervisor)),
            partial(keep, desk, staff, case, approval_id=keep_word(desk, case, staff)),
        )
        assert sorted(type(one).__name__ for one in said) == ["CaseClosed", "CaseClosed", "Receipt"]
        all_hold(desk)


def test_the_same_press_twice_at_once_gives_back_once(desk: Desk, staff: Staff, shift: ShiftFacts, case_of: Make) -> None:
    for number in range(1, 4):
        case, payment_id = case_of(number, **WITHDRAWN), new_id()
        give = lambda c=case, p=payment_id: refund(desk, staff, shift, c, payment_id=p)  # type: ignore[misc]  # noqa: E731
        one, two = all_at_once(give, give)
        assert one == two and isinstance(one, Receipt)
    first = pay(desk, shift, desk.do(put_bill, code=BINH, number=77, amount=108_000))
    reversal_id = new_id()
    one, two = all_at_once(*[lambda: reverse(desk, staff, shift, first, reversal_id)] * 2)
    assert one == two and isinstance(one, Receipt)
    all_hold(desk)
