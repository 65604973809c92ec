"""Defences of money going back, of PINs and of what is remembered: each goes red when that one alone is taken out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from debts import AN, BINH
from kit import KEEPER, Staff, approve, open_shift, put_bill, put_claim

from counter import payments, shifts
from counter.audit import audit
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.home import PepperMissing, open_home, pin_keeper, remember_heads
from counter.ids import new_id
from counter.money import Dong
from counter.payments import PartlyGivenBack, Receipt
from counter.people import PinKeeper, WrongPin, close_user, try_pin
from counter.shifts import NotInDrawer, ShiftFacts
from db.states import ApprovalAct, CashMoveKind


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


@pytest.fixture
def paid(desk: Desk, staff: Staff, shift: ShiftFacts) -> Receipt:
    bill = desk.do(put_bill, code=AN, number=1, amount=300_000)
    facts: dict[str, Any] = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": staff.cashier.user_id}
    return desk.do(payments.take_cash, bill_ids=[bill], tendered=Dong(300_000), **facts)


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def reverse(desk: Desk, staff: Staff, shift: ShiftFacts, first: Receipt, *, reason: str = "nhầm") -> Receipt:
    act: dict[str, Any] = {"act": ApprovalAct.REVERSE, "subject": first.number, "amount": first.amount, "reason": reason}
    who = staff.cashier if shift.cashier_id == staff.cashier.user_id else staff.other_cashier
    word = approve(desk, asked_by=who, granted_by=staff.supervisor, **act)
    facts = {"reversal_id": new_id(), "payment_id": first.payment_id, "reason": reason, "shift_id": shift.shift_id}
    return desk.do(payments.reverse, **facts, by=who.user_id, approval_id=word)  # type: ignore[arg-type]


# --- money back -------------------------------------------------------------------------------------------------------


def test_a_receipt_is_not_taken_back_out_of_a_drawer_without_the_cash(
    desk: Desk, staff: Staff, shift: ShiftFacts, paid: Receipt
) -> None:
    mine: dict[str, Any] = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    gone = {"move_id": new_id(), "kind": CashMoveKind.SAFE_DROP, "amount": Dong(1_000_001), "reason": "Nộp két"}
    desk.do(shifts.move_cash, **gone, **mine)
    with pytest.raises(NotInDrawer):
        reverse(desk, staff, shift, paid)
    with pytest.raises(NotInDrawer):  # and nobody is asked for a reason and a second person before
        desk.see(payments.reversible, payment_id=paid.payment_id, **mine)
    all_hold(desk)


def test_what_was_partly_given_back_is_told_before_a_second_person_is_asked(
    desk: Desk, staff: Staff, shift: ShiftFacts, paid: Receipt
) -> None:
    refund(desk, staff, shift)(desk.do(put_claim, bill_id=paid.bill_ids[0], claimed=100_000))
    with pytest.raises(PartlyGivenBack):
        desk.see(payments.reversible, payment_id=paid.payment_id, shift_id=shift.shift_id, by=staff.cashier.user_id)


def refund(desk: Desk, staff: Staff, shift: ShiftFacts) -> Callable[[UUID], Receipt]:
    """Gives back in cash what CMIS no longer claims: 200.000 ₫ of PA0501-1."""
    act: dict[str, Any] = {"act": ApprovalAct.REFUND, "subject": "PA0501-1", "amount": Dong(-200_000), "reason": "x"}
    word = approve(desk, asked_by=staff.cashier, granted_by=staff.supervisor, **act)
    facts: dict[str, Any] = {"payment_id": new_id(), "reason": "x", "shift_id": shift.shift_id, "approval_id": word}
    return lambda case_id: desk.do(payments.refund_case, case_id=case_id, by=staff.cashier.user_id, **facts)


def test_the_reason_of_a_reversal_is_cleaned_like_all_text_from_outside(
    desk: Desk, staff: Staff, shift: ShiftFacts, paid: Receipt
) -> None:
    back = reverse(desk, staff, shift, paid, reason="a\x1b[31mb\u202ec\n d")
    assert back.reason == "a\ufffd[31mbc d"
    all_hold(desk)


def test_the_same_advance_for_other_months_or_another_customer_is_refused(
    desk: Desk, staff: Staff, shift: ShiftFacts, paid: Receipt
) -> None:
    desk.do(put_bill, code=BINH, number=2, amount=300_000)
    facts: dict[str, Any] = {"payment_id": new_id(), "tendered": Dong(900_000), "shift_id": shift.shift_id}
    again = lambda code, months: desk.do(  # noqa: E731
        payments.take_advance, customer_code=code, months=months, by=staff.cashier.user_id, **facts
    )
    assert again(AN, 2) == again(AN, 2)
    for code, months in ((AN, 1), (AN, 3), (BINH, 2)):
        with pytest.raises(SameIdOtherFacts):
            again(code, months)


def test_an_advance_that_is_not_enough_asks_for_fewer_months(
    desk: Desk, staff: Staff, shift: ShiftFacts, paid: Receipt
) -> None:
    facts: dict[str, Any] = {"payment_id": new_id(), "customer_code": AN, "tendered": Dong(299_000), "months": 1}
    with pytest.raises(payments.NotEnoughCash) as refused:
        desk.do(payments.take_advance, shift_id=shift.shift_id, by=staff.cashier.user_id, **facts)
    assert "hóa đơn" not in refused.value.todo_text() and "tháng" in refused.value.todo_text()


# --- PINs -------------------------------------------------------------------------------------------------------------


class Counting(PinKeeper):
    """Counts how often the slow hash is made."""

    made = 0

    def hash(self, pin: str) -> str:
        self.made += 1
        return super().hash(pin)

    def is_right(self, pin: str, pin_hash: str) -> bool:
        self.made += 1
        return super().is_right(pin, pin_hash)


def test_an_unknown_and_a_closed_login_cost_the_work_of_a_known_one(desk: Desk, staff: Staff) -> None:
    desk.do(close_user, login="huong", by=staff.supervisor.user_id)
    for login in ("lan", "nobody", "huong"):
        keeper = Counting(pepper=b"0123456789abcdef", cost="light")
        tried = desk.do(try_pin, login=login, pin="000000", till_code="Q1", keeper=keeper)
        assert (type(tried), keeper.made) == (WrongPin, 1), login


def test_a_short_pepper_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too short"):
        PinKeeper(pepper=b"0123456789abcde")
    (tmp_path / "pepper").write_bytes(b"0123456789abcde\n")
    with pytest.raises(PepperMissing):
        pin_keeper(open_home(home=str(tmp_path)))
    (tmp_path / "pepper").write_bytes(b"0123456789abcdef\n")
    assert pin_keeper(open_home(home=str(tmp_path))).is_right("246813", KEEPER.hash("246813"))


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_the_heads_are_on_disk_before_they_get_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without its bytes, after a power cut, would forget every head."""
    said: list[tuple[str, int]] = []
    sync, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: said.append(("synced", os.fstat(fd).st_ino)) or sync(fd))
    monkeypatch.setattr(Path, "replace", lambda one, to: said.append(("named", one.stat().st_ino)) or rename(one, to))
    remember_heads(open_home(home=str(tmp_path)), {"Q1": (1, "0" * 64)})
    (first, inode), (then, same) = said
    assert (first, then, inode) == ("synced", "named", same)
    assert (tmp_path / "heads.json").stat().st_size > 64
