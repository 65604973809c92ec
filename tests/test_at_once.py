"""Two processes at once on PostgreSQL: the second waits for the first and hears the rule, never a database error.

Each goes red when the lock it is about is taken out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from debts import AN
from kit import Staff, approve, open_shift, put_bill, put_claim
from sqlmodel import Session
from test_races import all_hold, only_postgres

from counter import payments, people, shifts
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import AlreadyPaid, PartlyGivenBack
from counter.people import SignedIn, StillHasCash, UserLeft
from counter.shifts import NotInDrawer, ShiftAlreadyOpen, ShiftFacts
from db.states import ApprovalAct, CashMoveKind

pytestmark = only_postgres
FLOAT = {500_000: 2}
LONGEST = 30
"""Seconds until a test gives up."""
HEAD_START = 1
"""Seconds in which an action that does not wait has long ended."""

Work = Callable[..., Any]


def one_after_the_other(first: tuple[Desk, Work], second: tuple[Desk, Work]) -> tuple[object, object]:
    """The first act is written and not yet committed while the second runs; what each returned or raised."""
    written, go_on = threading.Event(), threading.Event()
    said: dict[str, object] = {}

    def run(name: str, desk: Desk, work: Work) -> None:
        try:
            said[name] = desk.do(work)
        except Exception as error:
            said[name] = error
        written.set()

    def slowly(session: Session, now: datetime) -> object:
        result = first[1](session, now)
        written.set()
        go_on.wait(LONGEST)
        return result

    ahead = threading.Thread(target=run, args=("first", first[0], slowly))
    behind = threading.Thread(target=run, args=("second", *second))
    ahead.start()
    assert written.wait(LONGEST)
    behind.start()
    behind.join(HEAD_START)
    go_on.set()
    ahead.join()
    behind.join()
    return said["first"], said["second"]


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


def opening(cashier: SignedIn, shift_id: UUID, *, till: str = "Q1") -> Work:
    facts: dict[str, Any] = {"shift_id": shift_id, "till_code": till, "cashier_id": cashier.user_id, "notes": FLOAT}
    return lambda session, now: shifts.open_shift(session, now, **facts)


def closing(login: str, *, by: SignedIn) -> Work:
    return lambda session, now: people.close_user(session, now, login=login, by=by.user_id)


def test_who_opens_a_shift_is_not_closed_meanwhile(desk: Desk, staff: Staff) -> None:
    first, second = one_after_the_other(
        (desk, opening(staff.cashier, new_id())), (replace(desk), closing("lan", by=staff.supervisor))
    )
    assert isinstance(first, ShiftFacts) and isinstance(second, StillHasCash)
    all_hold(desk)


def test_who_is_being_closed_opens_no_shift_meanwhile(desk: Desk, staff: Staff) -> None:
    first, second = one_after_the_other(
        (desk, closing("lan", by=staff.supervisor)), (replace(desk), opening(staff.cashier, new_id()))
    )
    assert first is None and isinstance(second, UserLeft)
    all_hold(desk)


def test_who_opens_two_tills_at_once_gets_one_drawer(desk: Desk, staff: Staff) -> None:
    there = replace(desk, till_code="Q2")
    first, second = one_after_the_other(
        (desk, opening(staff.cashier, new_id())), (there, opening(staff.cashier, new_id(), till="Q2"))
    )
    assert isinstance(first, ShiftFacts) and isinstance(second, ShiftAlreadyOpen)
    all_hold(desk)


def moving(shift: ShiftFacts, move_id: UUID, amount: int) -> Work:
    facts: dict[str, Any] = {"shift_id": shift.shift_id, "by": shift.cashier_id, "kind": CashMoveKind.SAFE_DROP}
    return lambda session, now: shifts.move_cash(
        session, now, move_id=move_id, amount=Dong(amount), reason="Nộp két", **facts
    )


def test_two_moves_at_once_take_no_more_than_the_drawer_holds(desk: Desk, shift: ShiftFacts) -> None:
    first, second = one_after_the_other(
        (desk, moving(shift, new_id(), 600_000)), (replace(desk), moving(shift, new_id(), 600_000))
    )
    assert isinstance(first, shifts.MoveLine) and isinstance(second, NotInDrawer)
    all_hold(desk)


def test_one_move_pressed_twice_at_once_moves_the_cash_once(desk: Desk, shift: ShiftFacts) -> None:
    move_id = new_id()
    first, second = one_after_the_other(
        (desk, moving(shift, move_id, 600_000)), (replace(desk), moving(shift, move_id, 600_000))
    )
    assert isinstance(first, shifts.MoveLine) and first == second
    all_hold(desk)


def paying(shift: ShiftFacts, bill: str) -> Work:
    facts: dict[str, Any] = {"shift_id": shift.shift_id, "by": shift.cashier_id, "tendered": Dong(100_000)}
    return lambda session, now: payments.take_cash(session, now, payment_id=new_id(), bill_ids=[bill], **facts)


def test_a_bill_paid_at_two_tills_at_once_is_refused_as_paid_at_the_second(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    bill, there = desk.do(put_bill, code=AN, number=1, amount=100_000), replace(desk, till_code="Q2")
    other = open_shift(there, staff.other_cashier, till="Q2")
    first, second = one_after_the_other((desk, paying(shift, bill)), (there, paying(other, bill)))
    assert isinstance(first, payments.Receipt) and isinstance(second, AlreadyPaid)
    assert first.number in second.why_text()
    all_hold(desk)


def refunding(desk: Desk, staff: Staff, shift: ShiftFacts, case_id: UUID) -> Work:
    """Gives back in cash what CMIS no longer claims: 60.000 ₫ of the bill."""
    act: dict[str, Any] = {"act": ApprovalAct.REFUND, "subject": f"{desk.office_id}-1", "amount": Dong(-60_000)}
    word = approve(desk, asked_by=staff.cashier, granted_by=staff.supervisor, reason="x", **act)
    facts: dict[str, Any] = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": shift.cashier_id}
    return lambda session, now: payments.refund_case(session, now, case_id=case_id, reason="x", approval_id=word, **facts)


def reversing(desk: Desk, staff: Staff, shift: ShiftFacts, paid: payments.Receipt) -> Work:
    act: dict[str, Any] = {"act": ApprovalAct.REVERSE, "subject": paid.number, "amount": paid.amount}
    word = approve(desk, asked_by=staff.other_cashier, granted_by=staff.supervisor, reason="x", **act)
    facts: dict[str, Any] = {"reversal_id": new_id(), "shift_id": shift.shift_id, "by": shift.cashier_id}
    return lambda session, now: payments.reverse(
        session, now, payment_id=paid.payment_id, reason="x", approval_id=word, **facts
    )


def test_money_of_a_bill_is_not_given_back_twice_by_two_tills_at_once(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    bill, there = desk.do(put_bill, code=AN, number=1, amount=100_000), replace(desk, till_code="Q2")
    other = open_shift(there, staff.other_cashier, till="Q2")
    paid = desk.do(paying(shift, bill))
    refund = refunding(desk, staff, shift, desk.do(put_claim, bill_id=bill, claimed=40_000))
    first, second = one_after_the_other((desk, refund), (there, reversing(there, staff, other, paid)))
    assert isinstance(first, payments.Receipt) and isinstance(second, PartlyGivenBack)
    all_hold(desk)
