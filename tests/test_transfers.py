"""A transfer is money only when the bank says so: asked for, matched, late, twice, too much, by hand, given up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from bank import (
    ACCOUNT,
    AN,
    BINH,
    DAY,
    another_account,
    ask,
    come,
    line_of,
    movement,
    now_is,
    shift_with_account,
    surplus_of,
)
from kit import Staff, approve, put_bill

from counter import banking, payments, reconcile, shifts
from counter.approvals import NeedsApproval
from counter.audit import audit
from counter.cashless.codes import code_of
from counter.cashless.reading import QrKind, read
from counter.cashless.vietqr import TRANSFER_LIMIT
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong
from counter.payments import AlreadyPaid, Receipt, qr
from counter.payments.qr import BillBeingTransferred, IntentIsClosed, ReferenceUsed
from counter.reconcile import Movement, Source, Why
from counter.reconcile.arrivals import SAME_ID, store_arrival
from counter.reconcile.messages import WHY, waiting_messages
from counter.reconcile.proposals import Reason as ProposedFor
from counter.reconcile.proposals import open_lines
from counter.reconcile.views import unproven
from counter.shifts import ShiftFacts, drawer, taken
from db.states import ApprovalAct, BankLineState, IntentState, Method


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def bill(desk: Desk, shift: ShiftFacts) -> str:
    return desk.do(put_bill, code=AN, number=1, amount=180_000)


def pay_cash(desk: Desk, staff: Staff, shift: ShiftFacts, *bills: str, tendered: int) -> Receipt:
    return desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=bills,
        tendered=Dong(tendered),
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
    )


@pytest.fixture(autouse=True)
def nothing_unexplained(desk: Desk) -> object:
    """After each test every sum re-adds."""
    yield
    assert [check for check in desk.see(audit) if not check.ok] == []


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_transfer_asks_for_the_basket_by_vietqr(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    said = read(shown.payload)
    assert (said.kind, said.bin, said.account, said.amount) == (QrKind.VIETQR, "970436", ACCOUNT, 180_000)
    assert said.purpose == shown.code + AN
    assert (shown.state, shown.missing, shown.name_masked) == (IntentState.SHOWN, 180_000, "Nguyễn V** A**")


def test_asking_takes_nothing(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    ask(desk, staff, shift, bill)
    assert pay_cash(desk, staff, shift, bill, tendered=180_000).due == 180_000


def test_the_same_transfer_twice_is_one(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    first = ask(desk, staff, shift, bill)
    assert ask(desk, staff, shift, bill, intent_id=first.intent_id) == first
    other = desk.do(put_bill, code=BINH, number=2, amount=1_000)
    with pytest.raises(SameIdOtherFacts):
        ask(desk, staff, shift, other, intent_id=first.intent_id)


def test_a_bill_that_is_being_transferred_is_known_at_every_till(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    ask(desk, staff, shift, bill)
    assert desk.see(qr.intents_of_bills, bill_ids=[bill]) == {bill: "Q1"}
    with pytest.raises(BillBeingTransferred):
        ask(desk, staff, shift, bill)


def test_more_than_one_transfer_carries_is_asked_for_in_parts(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    big = desk.do(put_bill, code=AN, number=9, amount=700_000_000)
    shown = ask(desk, staff, shift, big)
    assert read(shown.payload).amount == TRANSFER_LIMIT
    assert come(desk, shown.code, int(TRANSFER_LIMIT)).why is Why.TOO_LITTLE
    rest = desk.see(qr.intent, intent_id=shown.intent_id)
    assert read(rest.payload).amount == 700_000_000 - TRANSFER_LIMIT
    done = come(desk, shown.code, int(rest.missing))
    assert done.receipt is not None and done.receipt.due == 700_000_000


def test_every_intent_has_its_own_code(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    codes = set()
    for number in range(20):
        bill = desk.do(put_bill, code=AN, number=100 + number, amount=1_000, month=1 + number % 12, year=2024 + number // 12)
        shown = ask(desk, staff, shift, bill)
        codes.add(shown.code)
        desk.do(qr.cancel_intent, intent_id=shown.intent_id, by=staff.cashier.user_id)
        pay_cash(desk, staff, shift, bill, tendered=1_000)
    assert len(codes) == 20


# --- the bank says so ------------------------------------------------------------------------------------------------


def test_the_exact_amount_with_the_code_settles_by_itself(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    done = come(desk, f"MBVCB.123.{shown.code.lower()}-{AN}.CT tu 001", 180_000)
    assert done.receipt is not None
    assert (done.receipt.method, done.receipt.due, done.receipt.till_code) == (Method.QR, 180_000, "Q1")
    assert now_is(desk, shown) is IntentState.PAID
    with pytest.raises(AlreadyPaid):
        pay_cash(desk, staff, shift, bill, tendered=180_000)
    assert desk.see(drawer, shift_id=shift.shift_id) == shift.float_amount
    assert desk.see(taken, shift_id=shift.shift_id).qr == 180_000
    assert desk.see(balance, book=Book.BANK) == 180_000


def test_the_same_message_twice_is_the_same_money(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 180_000, identity="sepay/1")
    come(desk, shown.code, 180_000, identity="sepay/1")
    assert desk.see(balance, book=Book.BANK) == 180_000
    assert desk.see(surplus_of) == []


@pytest.mark.parametrize("first", [Source.FEED, Source.STATEMENT])
def test_money_seen_by_webhook_and_by_statement_is_one(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, first: Source
) -> None:
    second = Source.STATEMENT if first is Source.FEED else Source.FEED
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 180_000, source=first)
    come(desk, f"020097.{shown.code} {AN}.CT", 180_000, source=second, day=DAY + timedelta(days=1))
    assert desk.see(balance, book=Book.BANK) == 180_000
    assert desk.see(surplus_of) == []


def test_two_transfers_alike_seen_by_both_are_two(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    for source in (Source.FEED, Source.STATEMENT):
        for _ in range(2):
            come(desk, shown.code, 180_000, source=source)
    assert desk.see(balance, book=Book.BANK) == 360_000
    assert desk.see(surplus_of) == [(180_000, AN, "paid_before")]


@pytest.mark.parametrize(
    ("amount", "state", "why"),
    [(179_999, IntentState.UNDERPAID, Why.TOO_LITTLE), (180_001, IntentState.OVERPAID, Why.TOO_MUCH)],
)
def test_another_amount_waits_for_a_person(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, amount: int, state: IntentState, why: Why
) -> None:
    shown = ask(desk, staff, shift, bill)
    done = come(desk, shown.code, amount)
    assert (done.receipt, done.why, now_is(desk, shown)) == (None, why, state)


def test_two_transfers_that_add_up_settle(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 100_000)
    assert come(desk, shown.code, 80_000).receipt is not None


def test_too_much_is_settled_by_a_supervisor_and_the_rest_is_surplus(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 200_000)
    done = desk.do(reconcile.settle_over, intent_id=shown.intent_id, by=staff.supervisor.user_id)
    assert done.due == 180_000
    assert desk.see(surplus_of) == [(20_000, AN, "too_much")]


@pytest.mark.parametrize(("memo", "why"), [("chuyen tien", Why.NO_CODE), (code_of(1), Why.UNKNOWN_CODE)])
def test_money_without_a_live_code_is_kept_and_settles_nothing(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, memo: str, why: Why
) -> None:
    ask(desk, staff, shift, bill)
    done = come(desk, memo, 180_000)
    assert (done.receipt, done.why, done.state) == (None, why, BankLineState.NEW)
    assert desk.see(balance, book=Book.UNMATCHED) == -180_000


def test_two_codes_in_one_memo_are_a_persons_to_decide(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    other = desk.do(put_bill, code=BINH, number=2, amount=180_000)
    one, two = ask(desk, staff, shift, bill), ask(desk, staff, shift, other)
    assert come(desk, one.code + two.code, 180_000).why is Why.SEVERAL_CODES


def test_money_on_another_account_settles_nothing(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    another_account(desk, staff, "222")
    movement = Movement("222", "x", Dong(180_000), DAY, shown.code)
    booked = desk.do(reconcile.book_movement, movement=movement, source=Source.FEED)
    assert desk.do(reconcile.match_line, line_id=booked.line_id).why is Why.OTHER_ACCOUNT


def test_money_that_leaves_the_account_is_booked_and_settles_nothing(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    movement = Movement(ACCOUNT, "x", Dong(180_000), DAY, shown.code, is_out=True)
    booked = desk.do(reconcile.book_movement, movement=movement, source=Source.STATEMENT)
    assert desk.do(reconcile.match_line, line_id=booked.line_id).state is BankLineState.OUT
    assert desk.see(balance, book=Book.BANK) == -180_000


# --- late, twice, meanwhile ------------------------------------------------------------------------------------------


def test_a_code_that_nobody_pays_expires_and_its_bill_is_free(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, clock: StillClock
) -> None:
    shown = ask(desk, staff, shift, bill)
    assert desk.do(qr.expire_intents) == 0
    clock.move(timedelta(minutes=16))
    assert desk.do(qr.expire_intents) == 1
    assert now_is(desk, shown) is IntentState.EXPIRED
    assert desk.see(qr.intents_of_bills, bill_ids=[bill]) == {}


def test_late_money_settles_what_is_still_owed(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, clock: StillClock
) -> None:
    shown = ask(desk, staff, shift, bill)
    clock.move(timedelta(minutes=16))
    desk.do(qr.expire_intents)
    assert come(desk, shown.code, 180_000).receipt is not None
    assert now_is(desk, shown) is IntentState.LATE


def test_cash_taken_meanwhile_makes_the_transfer_surplus(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    pay_cash(desk, staff, shift, bill, tendered=180_000)
    done = come(desk, shown.code, 180_000)
    assert (done.receipt, done.state, done.why) == (None, BankLineState.SURPLUS, Why.BILLS_GONE)
    assert desk.see(surplus_of) == [(180_000, AN, "bills_gone")]


def test_one_bill_of_the_basket_paid_meanwhile_leaves_its_part_as_surplus(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    other = desk.do(put_bill, code=BINH, number=2, amount=50_000)
    shown = ask(desk, staff, shift, bill, other)
    pay_cash(desk, staff, shift, other, tendered=50_000)
    done = come(desk, shown.code, 230_000)
    assert done.receipt is not None and done.receipt.bill_ids == (bill,)
    assert desk.see(surplus_of) == [(50_000, AN, "bills_gone")]


def test_a_transfer_given_up_keeps_what_came_as_surplus_and_later_money_is_late(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 100_000)
    desk.do(qr.cancel_intent, intent_id=shown.intent_id, by=staff.cashier.user_id)
    assert desk.see(surplus_of) == [(100_000, AN, "cancelled")]
    assert come(desk, shown.code, 180_000).receipt is not None
    with pytest.raises(IntentIsClosed):
        desk.do(qr.cancel_intent, intent_id=shown.intent_id, by=staff.cashier.user_id)


def test_money_after_the_shift_was_counted_goes_through_the_offices_desk(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    notes = {50_000: 10, 10_000: 40, 1_000: 100}
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, notes=notes, by=staff.cashier.user_id)
    done = come(desk, shown.code, 180_000)
    assert done.receipt is not None and (done.receipt.till_code, done.receipt.shift_id) == ("OFFICE", None)


# --- by hand, cash parts, slips --------------------------------------------------------------------------------------


def by_hand(desk: Desk, staff: Staff, shift: ShiftFacts, shown: qr.Intent, *, payment_id: UUID | None = None) -> Receipt:
    approval_id = approve(
        desk,
        act=ApprovalAct.QR_BY_HAND,
        subject=shown.code,
        amount=shown.amount,
        reason="ft 26330-1",
        asked_by=staff.cashier,
        granted_by=staff.supervisor,
    )
    return desk.do(
        qr.confirm_by_hand,
        payment_id=payment_id or new_id(),
        intent_id=shown.intent_id,
        reference="ft 26330-1",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=approval_id,
    )


def test_a_confirmation_by_hand_stays_in_transit_until_the_bank_tells_of_it(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    by_hand(desk, staff, shift, shown)
    assert desk.see(balance, book=Book.IN_TRANSIT) == 180_000
    come(desk, shown.code, 180_000)
    assert desk.see(balance, book=Book.IN_TRANSIT) == 0
    assert desk.see(surplus_of) == []


def test_a_confirmation_by_hand_needs_a_supervisor(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    with pytest.raises(NeedsApproval):
        desk.do(
            qr.confirm_by_hand,
            payment_id=new_id(),
            intent_id=shown.intent_id,
            reference="FT1",
            shift_id=shift.shift_id,
            by=staff.cashier.user_id,
            approval_id=None,
        )
    assert now_is(desk, shown) is IntentState.SHOWN


def test_a_reference_pays_once(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    by_hand(desk, staff, shift, ask(desk, staff, shift, bill))
    other = desk.do(put_bill, code=BINH, number=2, amount=180_000)
    with pytest.raises(ReferenceUsed):
        by_hand(desk, staff, shift, ask(desk, staff, shift, other))


def test_part_in_cash_part_by_transfer_is_one_receipt(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill, cash=80_000)
    assert shown.amount == 100_000
    assert come(desk, shown.code, 100_000).why is Why.WAITS_FOR_CASH
    payment_id = new_id()
    facts = {"payment_id": payment_id, "intent_id": shown.intent_id, "tendered": Dong(100_000)}
    facts |= {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    done = desk.do(qr.finish_in_cash, **facts)
    assert (done.due, done.method, done.cash, done.change) == (180_000, Method.MIXED, 80_000, 20_000)
    assert desk.do(qr.finish_in_cash, **facts) == done
    assert desk.see(drawer, shift_id=shift.shift_id) == shift.float_amount + 80_000
    told = desk.see(taken, shift_id=shift.shift_id)
    assert (told.cash, told.qr) == (80_000, 100_000)


@pytest.mark.parametrize("cash", [0, 80_000])
def test_a_reversed_transfer_stays_in_the_bank_as_surplus(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, cash: int
) -> None:
    shown = ask(desk, staff, shift, bill, cash=cash)
    done = come(desk, shown.code, 180_000 - cash).receipt
    if cash:
        facts = {"tendered": Dong(cash), "shift_id": shift.shift_id, "by": staff.cashier.user_id}
        done = desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=shown.intent_id, **facts)
    assert done is not None
    word = {"act": ApprovalAct.REVERSE, "subject": done.number, "amount": done.amount, "reason": "nhầm khách"}
    approval_id = approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor)
    desk.do(
        payments.reverse,
        reversal_id=new_id(),
        payment_id=done.payment_id,
        reason="nhầm khách",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=approval_id,
    )
    assert desk.see(surplus_of) == [(180_000 - cash, AN, "reversed")]
    assert desk.see(drawer, shift_id=shift.shift_id) == shift.float_amount


def test_a_card_slip_is_in_transit_and_its_reference_pays_once(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    facts = {"method": Method.CARD, "partner": "VCB", "reference": "000123", "shift_id": shift.shift_id}
    facts |= {"by": staff.cashier.user_id}
    payment_id = new_id()
    done = desk.do(qr.take_slip, payment_id=payment_id, bill_ids=[bill], **facts)
    assert desk.do(qr.take_slip, payment_id=payment_id, bill_ids=[bill], **facts) == done
    for more in ({"by": staff.other_cashier.user_id}, {"shift_id": new_id()}, {"partner": "BIDV"}):
        with pytest.raises(SameIdOtherFacts):
            desk.do(qr.take_slip, payment_id=payment_id, bill_ids=[bill], **{**facts, **more})
    assert desk.see(balance, book=Book.IN_TRANSIT) == 180_000
    other = desk.do(put_bill, code=BINH, number=2, amount=1_000)
    with pytest.raises(ReferenceUsed):
        desk.do(qr.take_slip, payment_id=new_id(), bill_ids=[other], **facts)
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    cash = desk.do(payments.take_cash, payment_id=new_id(), bill_ids=[other], tendered=Dong(1_000), **here)  # type: ignore[arg-type]
    with pytest.raises(SameIdOtherFacts):  # an id of another kind of payment is no fault of the program
        desk.do(qr.take_slip, payment_id=cash.payment_id, bill_ids=[other], **facts)


# --- what people decide ----------------------------------------------------------------------------------------------


def test_a_line_without_a_code_pays_the_bills_a_supervisor_names(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    line_id = come(desk, "tien dien nha toi", 200_000).line_id
    done = desk.do(reconcile.settle_line, line_id=line_id, bill_ids=[bill], by=staff.supervisor.user_id)
    assert done.due == 180_000
    assert desk.see(surplus_of) == [(20_000, AN, "too_much")]
    with pytest.raises(reconcile.LineDecided):
        desk.do(reconcile.settle_line, line_id=line_id, bill_ids=[bill], by=staff.supervisor.user_id)


def test_a_dismissed_pair_stays_dismissed(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    line_id = come(desk, shown.code, 100_000).line_id
    pair = {"line_id": line_id, "intent_id": shown.intent_id}
    desk.do(reconcile.dismiss, **pair, reason="của người khác", by=staff.supervisor.user_id)
    assert now_is(desk, shown) is IntentState.SHOWN
    assert desk.do(reconcile.match_line, line_id=line_id).why is Why.DISMISSED
    assert come(desk, shown.code, 180_000).receipt is not None


def test_surplus_becomes_an_advance_with_two_people(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    line_id = come(desk, "khong ro", 70_000).line_id
    boss = staff.supervisor
    surplus_id = desk.do(
        reconcile.line_to_surplus, line_id=line_id, customer_code=None, reason="chưa rõ của ai", by=boss.user_id
    )
    facts = {"surplus_id": surplus_id, "payment_id": new_id(), "by": staff.cashier.user_id}
    approval_id = approve(
        desk,
        act=ApprovalAct.SURPLUS,
        subject=str(surplus_id),
        amount=Dong(70_000),
        asked_by=staff.cashier,
        granted_by=boss,
    )
    with pytest.raises(reconcile.NoCustomer):
        desk.do(reconcile.credit_surplus, **facts, approval_id=approval_id)
    desk.do(reconcile.name_owner, surplus_id=surplus_id, customer_code=AN, by=boss.user_id)
    done = desk.do(reconcile.credit_surplus, **facts, approval_id=approval_id)
    assert desk.do(reconcile.credit_surplus, **facts, approval_id=approval_id) == done
    assert desk.see(payments.advance_balance, customer_code=AN) == 70_000
    assert desk.see(surplus_of) == []


def test_money_that_is_no_customers_leaves_the_list(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    line_id = come(desk, "lai tien gui", 1_234).line_id
    desk.do(reconcile.line_not_ours, line_id=line_id, reason="lãi tiền gửi", by=staff.supervisor.user_id)
    assert desk.see(balance, book=Book.UNMATCHED) == 0
    assert desk.see(line_of, line_id=line_id).state is BankLineState.NOT_OURS


# --- events from providers ---------------------------------------------------------------------------------------------


def store(desk: Desk, told: Movement, *, external_id: str = "1") -> bool:
    return desk.do(store_arrival, provider="sepay", external_id=external_id, movement=told).is_new


def test_a_stored_event_is_booked_once_however_often_it_comes(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    told = movement(shown.code, 180_000, identity="sepay/1")
    assert [store(desk, told), store(desk, told)] == [True, False]
    assert desk.see(balance, book=Book.BANK) == 0  # stored is not booked
    assert [receipt.due for receipt in banking.take_in(desk).receipts] == [180_000]
    assert [store(desk, told), banking.take_in(desk).receipts] == [False, []]
    assert desk.see(balance, book=Book.BANK) == 180_000


def test_an_events_id_with_other_money_waits_for_a_person(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    store(desk, movement(shown.code, 180_000, identity="sepay/1"))
    assert store(desk, movement(shown.code, 1_800_000, identity="sepay/1"))
    banking.take_in(desk)
    assert desk.see(balance, book=Book.BANK) == 180_000
    assert [(one.provider, one.why) for one in desk.see(waiting_messages)] == [("sepay", WHY[SAME_ID])]


def test_an_event_for_another_account_is_kept_as_a_case(desk: Desk, shift: ShiftFacts) -> None:
    store(desk, movement("x", 1_000, account="999"))
    banking.take_in(desk)
    assert [one.why for one in desk.see(waiting_messages)] == [WHY["BankAccountUnknown"]]


def test_a_line_is_proposed_with_its_reason(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, f"dong tien dien {AN.lower()}", 180_000)
    (line,) = desk.see(open_lines)
    assert {(one.reason, one.code, one.bill_ids) for one in line.proposals} == {
        (ProposedFor.SAME_AMOUNT, shown.code, ()),
        (ProposedFor.CUSTOMER_OWES_IT, "", (bill,)),
    }


def test_what_nobody_proved_is_named_until_the_line_comes(desk: Desk, staff: Staff, shift: ShiftFacts, bill: str) -> None:
    shown = ask(desk, staff, shift, bill)
    done = by_hand(desk, staff, shift, shown)
    assert [(one.number, one.amount) for one in desk.see(unproven)] == [(done.number, 180_000)]
    come(desk, shown.code, 180_000)
    assert desk.see(unproven) == []
