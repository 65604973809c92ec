"""What providers told is booked, whatever becomes of its transfer, and what cannot be booked is seen by a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bank import AN, ask, come, line_of, movement, now_is, outcome_of, shift_with_account, surplus_of
from kit import Staff, put_bill
from sqlalchemy import text
from sqlmodel import Session

from counter import banking, office, payments, reconcile
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.reconcile import Why
from counter.reconcile.arrivals import arrivals_waiting, store_arrival
from counter.shifts import ShiftFacts
from db.migrate import as_owner
from db.states import BankLineState, IntentState


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
    assert tell(desk, 2, shown.code, 100_000).faults == []
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
