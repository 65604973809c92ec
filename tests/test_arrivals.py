"""What providers told is booked, whatever becomes of its transfer, and what cannot be booked is seen by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from bank import AN, another_account, ask, book, come, line_of, movement, now_is, outcome_of, shift_with_account, surplus_of
from kit import Staff, approve, put_bill
from sqlalchemy import text
from sqlmodel import Session

from counter import banking, office, payments, reconcile
from counter.audit import audit
from counter.cashless.feeds import Unreadable
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.people import NotAllowed
from counter.reconcile import Why
from counter.reconcile.arrivals import arrivals_waiting, store_arrival
from counter.reconcile.messages import (
    MessageDecided,
    MessageUnreadable,
    book_message,
    end_message,
    waiting_messages,
)
from counter.reconcile.proposals import Reason, open_lines
from counter.shifts import ReasonMissing, ShiftFacts
from db.migrate import as_owner
from db.states import ApprovalAct, BankLineState, IntentState


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def bill(desk: Desk, shift: ShiftFacts) -> str:
    return desk.do(put_bill, code=AN, number=1, amount=180_000)


def tell(desk: Desk, number: int, memo: str, amount: int) -> banking.TakenIn:
    """A provider tells of money, and it is taken in."""
    facts = {"provider": "sepay", "external_id": str(number)}
    desk.do(store_arrival, **facts, movement=movement(memo, amount, identity=f"sepay/{number}"))
    return banking.take_in(desk)


def in_cash(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    desk.do(payments.take_cash, payment_id=new_id(), bill_ids=[bill], tendered=Dong(180_000), **here)


def broken(desk: Desk) -> list[str]:
    return [check.name for check in desk.see(audit) if not check.ok]


# --- a transfer whose bills were paid in cash ------------------------------------------------------------------------


@pytest.mark.parametrize("again", [180_000, 5_000, 200_000])
def test_money_for_a_transfer_that_settled_nothing_is_surplus_each_time(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, again: int
) -> None:
    shown = ask(desk, staff, shift, bill)
    in_cash(desk, staff, shift, bill)
    tell(desk, 1, shown.code, 180_000)
    assert now_is(desk, shown) is IntentState.PAID
    assert tell(desk, 2, shown.code, again).faults == []
    assert desk.see(outcome_of)[1] == (shown.code, again, "SURPLUS", Why.PAID_BEFORE.value)
    assert desk.see(surplus_of) == sorted([(180_000, AN, "bills_gone"), (again, AN, "paid_before")])
    assert (desk.see(arrivals_waiting), broken(desk)) == (0, [])


def test_a_transfer_whose_only_line_was_dismissed_takes_the_right_one(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    """It was paid and waited for its part in cash; the line was another's."""
    shown = ask(desk, staff, shift, bill, cash=80_000)
    wrong = come(desk, shown.code, 100_000)
    pair = {"line_id": wrong.line_id, "intent_id": shown.intent_id}
    desk.do(reconcile.dismiss, **pair, reason="của người khác", by=staff.supervisor.user_id)
    assert now_is(desk, shown) is IntentState.LATE
    assert come(desk, shown.code, 100_000).why is Why.WAITS_FOR_CASH
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    done = desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=shown.intent_id, tendered=Dong(80_000), **here)
    assert (done.due, desk.see(line_of, line_id=wrong.line_id).state) == (180_000, BankLineState.NEW)
    assert broken(desk) == []


def test_the_part_in_cash_is_not_taken_before_the_whole_transfer_came(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, clock: StillClock
) -> None:
    """A late transfer of which only a part came: the receipt for all of it would give the rest away."""
    shown = ask(desk, staff, shift, bill, cash=80_000)
    clock.move(timedelta(hours=1))
    desk.do(qr.expire_intents)
    tell(desk, 1, shown.code, 60_000)
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id, "tendered": Dong(80_000)}
    with pytest.raises(qr.NotWaitingForCash):
        desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=shown.intent_id, **here)
    tell(desk, 2, shown.code, 40_000)
    assert desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=shown.intent_id, **here).due == 180_000
    assert broken(desk) == []


# --- what breaks, and what is never booked ---------------------------------------------------------------------------


def break_settling(session: Session, _now: datetime) -> None:
    """The database refuses each payment without cash, as it would after a fault of the program."""
    as_owner(session.connection())
    on_sqlite = "CREATE TRIGGER fault BEFORE INSERT ON cashless_payment BEGIN SELECT RAISE(ABORT, 'a fault'); END"
    elsewhere = "ALTER TABLE cashless_payment ADD CONSTRAINT fault CHECK (partner = 'a fault')"
    session.execute(text(on_sqlite if session.get_bind().dialect.name == "sqlite" else elsewhere))


def test_money_whose_matching_breaks_is_booked_all_the_same(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    """A fault of the program keeps the bill open, never the money out of the books: a supervisor finds its line."""
    shown = ask(desk, staff, shift, bill)
    desk.do(break_settling)
    assert tell(desk, 1, shown.code, 180_000).faults
    assert desk.see(outcome_of) == [(shown.code, 180_000, "NEW", "")]
    assert (desk.see(arrivals_waiting), broken(desk)) == (0, [])


def test_a_message_that_was_never_booked_is_found(desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock) -> None:
    desk.do(store_arrival, provider="sepay", external_id="7", movement=movement("x", 1_000))
    clock.move(timedelta(minutes=59))
    desk.do(office.add_till, code="Q8", by=staff.supervisor.user_id)
    assert broken(desk) == []
    clock.move(timedelta(minutes=2))
    desk.do(office.add_till, code="Q9", by=staff.supervisor.user_id)
    assert broken(desk) == ["arrivals"]


# --- messages that wait for a person ---------------------------------------------------------------------------------


def lost(desk: Desk, code: str) -> dict[str, str]:
    """Money for a transfer that came on an account nobody told the office of."""
    desk.do(
        store_arrival, provider="sepay", external_id="9", movement=movement(code, 180_000, account="222", identity="sepay/9")
    )
    assert banking.take_in(desk).faults == []
    return {"provider": "sepay", "external_id": "9"}


def test_money_on_an_account_of_nobody_is_booked_once_the_account_is_known(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    key, by = lost(desk, "x"), staff.supervisor.user_id
    (one,) = desk.see(waiting_messages)
    assert (one.why, one.amount, one.account) == ("to none of the office's accounts", 180_000, "222")
    with pytest.raises(qr.BankAccountUnknown):
        desk.do(book_message, **key, by=by)
    assert len(desk.see(waiting_messages)) == 1
    another_account(desk, staff, "222")
    line_id = desk.do(book_message, **key, by=by)
    assert desk.see(line_of, line_id=line_id).amount == 180_000
    assert (desk.see(waiting_messages), broken(desk)) == ([], [])
    with pytest.raises(MessageDecided):
        desk.do(book_message, **key, by=by)


def test_the_same_id_with_other_money_can_be_booked_as_money_of_its_own(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    tell(desk, 1, "nop tien", 50_000)
    tell(desk, 1, shown.code, 180_000)
    (one,) = desk.see(waiting_messages)
    assert (one.why, one.amount) == ("told of before with other money", 180_000)
    key = {"provider": one.provider, "external_id": one.external_id}
    line_id = desk.do(book_message, **key, by=staff.supervisor.user_id)
    assert banking.match_again(desk, line_id=line_id).receipt is not None
    assert (len(desk.see(outcome_of)), broken(desk)) == (2, [])


def test_what_nobody_can_read_is_ended_with_a_reason(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    banking.keep(desk, [("payos", Unreadable("sha256/1", "amount", '{"amount": "1000"}'))])
    (one,) = desk.see(waiting_messages)
    assert (one.detail, one.amount, one.text) == ("amount", None, '{"amount": "1000"}')
    key, by = {"provider": "payos", "external_id": "sha256/1"}, staff.supervisor.user_id
    with pytest.raises(MessageUnreadable):
        desk.do(book_message, **key, by=by)
    with pytest.raises(ReasonMissing):
        desk.do(end_message, **key, reason=" ", by=by)
    desk.do(end_message, **key, reason="đã có trong sao kê", by=by)
    assert (desk.see(waiting_messages), broken(desk)) == ([], [])


@pytest.mark.parametrize("act", [book_message, end_message])
def test_a_message_is_decided_by_a_supervisor(desk: Desk, staff: Staff, shift: ShiftFacts, act: Any) -> None:
    key = lost(desk, "x")
    more = {"reason": "x"} if act is end_message else {}
    with pytest.raises(NotAllowed):
        desk.do(act, **key, **more, by=staff.cashier.user_id)


def test_money_of_a_message_put_aside_without_a_word_is_found(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    lost(desk, "x")

    def put_aside(session: Session, _now: datetime) -> None:
        session.execute(text("UPDATE bank_arrival SET state = 'DONE'"))

    desk.do(put_aside)
    assert broken(desk) == ["arrivals"]


# --- money that left again -------------------------------------------------------------------------------------------


def returned(desk: Desk, code: str, amount: int) -> None:
    book(desk, replace(movement(f"hoan tra {code}", amount), is_out=True))


def test_money_of_a_settled_transfer_that_went_out_again_waits_for_a_person(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    receipt = come(desk, shown.code, 180_000).receipt
    assert receipt is not None
    returned(desk, shown.code, 179_999)
    assert desk.see(open_lines) == []
    returned(desk, shown.code, 180_000)
    (line,) = desk.see(open_lines)
    assert (line.why, line.state, line.proposals[0].reason) == ("RETURNED", BankLineState.OUT, Reason.RETURNED)
    word = {"act": ApprovalAct.REVERSE, "subject": receipt.number, "amount": receipt.due, "reason": "ngân hàng hoàn trả"}
    payments_word = approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor)  # type: ignore[arg-type]
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id, "approval_id": payments_word}
    here |= {"reversal_id": new_id(), "payment_id": receipt.payment_id, "reason": "ngân hàng hoàn trả"}
    desk.do(payments.reverse, **here)
    assert desk.see(open_lines) == []


def test_money_that_went_out_is_said_to_be_anothers_once(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 180_000)
    returned(desk, shown.code, 180_000)
    (line,) = desk.see(open_lines)
    pair = {"line_id": line.line_id, "intent_id": shown.intent_id}
    desk.do(reconcile.dismiss, **pair, reason="trả tiền thừa", by=staff.supervisor.user_id)
    assert (desk.see(open_lines), desk.see(line_of, line_id=line.line_id).state) == ([], BankLineState.OUT)
    assert broken(desk) == []


def test_settling_too_much_when_no_bill_is_left_says_so(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 300_000)
    in_cash(desk, staff, shift, bill)
    with pytest.raises(reconcile.BillsGone):
        desk.do(reconcile.settle_over, intent_id=shown.intent_id, by=staff.supervisor.user_id)
