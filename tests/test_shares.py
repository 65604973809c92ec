"""How much came without cash, by till, day and area; and surplus that nobody has seen is not given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bank import AN, BINH, DAY, ask, come, shift_with_account, surplus_of
from kit import Staff, approve, put_bill
from sqlmodel import Session

from counter import payments, reconcile
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.reconcile.shares import Share, share_by_area, share_by_day, share_by_till, whole
from counter.reconcile.views import open_surplus_lines, unproven
from counter.shifts import ShiftFacts
from db.scope import office_of
from db.states import ApprovalAct, Method
from db.tables import Customer, MeterBook


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


def put_book(session: Session, _now: object, *, customer_code: str, book_code: str) -> None:
    row = session.get_one(Customer, (office_of(session), customer_code))
    row.book_code = book_code
    session.add(row)
    if session.get(MeterBook, (office_of(session), book_code)) is None:
        session.add(MeterBook(office_id=office_of(session), book_code=book_code, name="Tân Dĩnh"))


def plain(shares: list[Share]) -> list[tuple[str, int, int, int, int]]:
    return [(one.name, int(one.cash), int(one.cashless), one.cashless_papers, one.papers) for one in shares]


def test_shares_by_till_day_and_area_add_up_to_the_same(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    bills = [
        desk.do(put_bill, code=code, number=n, amount=amount)
        for n, (code, amount) in enumerate([(AN, 100_000), (BINH, 200_000), (AN, 50_000), (BINH, 70_000)], 1)
    ]
    desk.do(put_book, customer_code=AN, book_code="PA0501001")
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    cash = {"payment_id": new_id(), "bill_ids": [bills[0]], "tendered": Dong(100_000)}
    desk.do(payments.take_cash, **cash, **here)  # type: ignore[arg-type]
    come(desk, ask(desk, staff, shift, bills[1]).code, 200_000)
    mixed = ask(desk, staff, shift, bills[2], bills[3], cash=60_000)
    come(desk, mixed.code, 60_000)
    desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=mixed.intent_id, tendered=Dong(60_000), **here)
    days = {"first": DAY, "last": DAY}
    assert plain(desk.see(share_by_till, **days)) == [("Q1", 160_000, 260_000, 1, 3)]
    assert plain(desk.see(share_by_day, **days)) == [("2026-11-23", 160_000, 260_000, 1, 3)]
    areas = desk.see(share_by_area, **days)
    assert plain(areas) == [("", 10_000, 260_000, 1, 1), ("PA0501001 Tân Dĩnh", 150_000, 0, 0, 2)]
    assert plain([whole(areas, name="")]) == [("", 160_000, 260_000, 1, 3)]
    assert desk.see(share_by_till, first=DAY + timedelta(days=1), last=DAY + timedelta(days=9)) == []


def test_a_reversed_payment_is_taken_off_the_shares(desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock) -> None:
    bill = desk.do(put_bill, code=AN, number=1, amount=180_000)
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    slip = {"payment_id": new_id(), "bill_ids": [bill], "method": Method.CARD, "partner": "VCB", "reference": "1"}
    done = desk.do(qr.take_slip, **slip, **here)  # type: ignore[arg-type]
    reverse(desk, staff, shift, done)
    for view in (share_by_till, share_by_area):
        assert [(int(one.cash), int(one.cashless)) for one in desk.see(view, first=DAY, last=DAY)] == [(0, 0)]


def reverse(desk: Desk, staff: Staff, shift: ShiftFacts, done: payments.Receipt) -> None:
    word = {"act": ApprovalAct.REVERSE, "subject": done.number, "amount": done.amount, "reason": "nhầm khách"}
    desk.do(
        payments.reverse,
        reversal_id=new_id(),
        payment_id=done.payment_id,
        reason="nhầm khách",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor),  # type: ignore[arg-type]
    )


def test_surplus_that_only_two_people_have_seen_is_not_given_back_before_the_bank_tells_of_it(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    shown = ask(desk, staff, shift, desk.do(put_bill, code=AN, number=1, amount=180_000))
    word = {"act": ApprovalAct.QR_BY_HAND, "subject": shown.code, "amount": shown.amount, "reason": "FT1"}
    believed = desk.do(
        qr.confirm_by_hand,
        payment_id=new_id(),
        intent_id=shown.intent_id,
        reference="FT1",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor),  # type: ignore[arg-type]
    )
    reverse(desk, staff, shift, believed)
    assert [one.number for one in desk.see(unproven)] == [believed.number]
    (row,) = desk.see(open_surplus_lines)
    given = {"act": ApprovalAct.SURPLUS, "subject": str(row.surplus_id), "amount": row.amount, "reason": "FT9"}
    approval_id = approve(desk, **given, asked_by=staff.cashier, granted_by=staff.supervisor)  # type: ignore[arg-type]
    facts = {"surplus_id": row.surplus_id, "by": staff.cashier.user_id, "approval_id": approval_id}
    with pytest.raises(reconcile.SurplusUnseen):
        desk.do(reconcile.refund_surplus, reference="FT9", **facts)
    with pytest.raises(reconcile.SurplusUnseen):
        desk.do(reconcile.credit_surplus, payment_id=new_id(), **facts)
    come(desk, shown.code, 180_000)
    assert desk.see(unproven) == []
    desk.do(reconcile.refund_surplus, reference="FT9", **facts)
    assert desk.see(surplus_of) == []
    assert [check for check in desk.see(audit) if not check.ok] == []
