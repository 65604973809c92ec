"""Lines that come many at once, in parts, twice: each is matched as if it had come alone, and none is left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from bank import (
    ACCOUNT,
    AN,
    BINH,
    DAY,
    ask,
    book,
    come,
    line_of,
    movement,
    now_is,
    outcome_of,
    shift_with_account,
    surplus_of,
)
from kit import Staff, approve, put_bill
from sqlmodel import Session

from counter import banking, reconcile
from counter.audit import audit
from counter.cashless.codes import code_of
from counter.cashless.statements import Line, Statement
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong
from counter.payments import Receipt, qr
from counter.reconcile import Source, Why
from counter.reconcile.arrivals import store_arrival, waiting_arrivals
from counter.reconcile.matching import unmatched
from counter.reconcile.proposals import open_lines
from counter.reconcile.statements import bring_statement
from counter.reconcile.views import unproven
from counter.shifts import ShiftFacts
from db.scope import office_of
from db.states import ApprovalAct, ArrivalState, BankLineState, IntentState
from db.tables import BankArrival


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def bill(desk: Desk, shift: ShiftFacts) -> str:
    return desk.do(put_bill, code=AN, number=1, amount=180_000)


@pytest.fixture(autouse=True)
def nothing_unexplained(desk: Desk) -> object:
    """After each test every sum re-adds."""
    yield
    assert [check for check in desk.see(audit) if not check.ok] == []


def statement(*lines: Line) -> Statement:
    return Statement("s.csv", "0" * 64, "generic", ACCOUNT, None, None, lines, ())


def bring(desk: Desk, staff: Staff, *lines: Line) -> int:
    told = statement(*lines)
    return desk.do(bring_statement, statement_id=new_id(), statement=told, by=staff.supervisor.user_id).added


# --- many at once ----------------------------------------------------------------------------------------------------


def test_a_transfer_behind_hundreds_of_unmatched_lines_is_settled(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    many = [Line(n, DAY, Dong(1_000 + n), is_out=False, memo=f"ung ho dot {n}") for n in range(600)]
    bring(desk, staff, *many, Line(600, DAY, Dong(180_000), is_out=False, memo=shown.code))
    assert [receipt.due for receipt in banking.take_in(desk).receipts] == [180_000]
    assert now_is(desk, shown) is IntentState.PAID


def test_lines_that_may_still_be_matched_are_looked_at_page_by_page(desk: Desk, shift: ShiftFacts) -> None:
    """And a memo without a code is not looked at again: it never gets one."""
    wanted = [book(desk, movement(code_of(number), 1_000)) for number in range(5)]
    book(desk, movement("khong ma", 1_000))
    banking.take_in(desk)
    seen: list[UUID] = []
    seq = 0
    while page := desk.see(unmatched, after=seq, limit=2):
        seen += [line_id for line_id, _ in page]
        seq = page[-1][1]
    assert seen == wanted


def put_broken(session: Session, now: datetime) -> None:
    """An event that another version of the program stored, and this one cannot read."""
    row = BankArrival(
        office_id=office_of(session),
        provider="sepay",
        external_id="0",
        received_at=now,
        facts="{",
        sha256="0" * 64,
        state=ArrivalState.RECEIVED,
    )
    session.add(row)


def test_an_event_that_breaks_the_program_hides_none_behind_it(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    desk.do(put_broken)
    desk.do(store_arrival, provider="sepay", external_id="1", movement=movement(shown.code, 180_000))
    done = banking.take_in(desk)
    assert [receipt.due for receipt in done.receipts] == [180_000]
    assert len(done.faults) == 1
    assert [one.external_id for one in desk.see(waiting_arrivals)] == ["0"]


def test_events_are_taken_in_page_by_page(desk: Desk, shift: ShiftFacts) -> None:
    for number in range(7):
        told = movement(f"khong ma {number}", 1_000)
        desk.do(store_arrival, provider="sepay", external_id=str(number), movement=told)
    seen: list[str] = []
    last = None
    while page := desk.see(waiting_arrivals, after=last, limit=3):
        seen += [one.external_id for one in page]
        last = page[-1]
    assert seen == list("0123456")


def test_lines_settle_in_the_order_they_came_whatever_day_they_name(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    """The first that comes settles; the second is the one that came twice, though its bank's day is an earlier one."""
    shown = ask(desk, staff, shift, bill)
    first = book(desk, movement(shown.code, 180_000))
    second = book(desk, movement(shown.code, 180_000, day=DAY.replace(day=20)))
    banking.take_in(desk)
    states = [desk.see(line_of, line_id=line_id).state for line_id in (first, second)]
    assert states == [BankLineState.SETTLED, BankLineState.SURPLUS]


@pytest.mark.parametrize("cash", [0, 80_000])
def test_lines_met_in_a_batch_end_as_they_would_one_by_one(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str, cash: int
) -> None:
    """Two parts, then the whole once more, then a stranger's: booked all before the first is matched."""
    due = 180_000 - cash
    other = desk.do(put_bill, code=BINH, number=2, amount=180_000)
    ends = []
    for basket, is_batch in ((bill, False), (other, True)):
        shown = ask(desk, staff, shift, basket, cash=cash)
        parts = [(shown.code, 30_000), (shown.code, due - 30_000), (shown.code, due), (code_of(7), due)]
        before = len(desk.see(outcome_of))
        for memo, amount in parts:
            book(desk, movement(memo, amount))
            if not is_batch:
                banking.take_in(desk)
        assert not banking.take_in(desk).faults
        ends.append([(amount, state, why) for _, amount, state, why in desk.see(outcome_of)[before:]])
        ends[-1].append((0, now_is(desk, shown).value, ""))
    assert ends[0] == ends[1]


# --- twice, and in parts ---------------------------------------------------------------------------------------------


def test_money_that_comes_twice_while_the_cash_part_is_waited_for_is_surplus(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill, cash=80_000)
    come(desk, shown.code, 100_000)
    again = come(desk, shown.code, 100_000)
    assert (again.state, again.why) == (BankLineState.SURPLUS, Why.PAID_BEFORE)
    assert desk.see(surplus_of) == [(100_000, AN, "paid_before")]
    here = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
    done = desk.do(qr.finish_in_cash, payment_id=new_id(), intent_id=shown.intent_id, tendered=Dong(80_000), **here)
    assert done.due == 180_000


def by_hand(desk: Desk, staff: Staff, shift: ShiftFacts, shown: qr.Intent) -> Receipt:
    word = {"act": ApprovalAct.QR_BY_HAND, "subject": shown.code, "amount": shown.amount, "reason": "FT26330"}
    return desk.do(
        qr.confirm_by_hand,
        payment_id=new_id(),
        intent_id=shown.intent_id,
        reference="FT26330",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=approve(desk, **word, asked_by=staff.cashier, granted_by=staff.supervisor),  # type: ignore[arg-type]
    )


def test_what_two_people_believed_is_proven_by_the_parts_it_came_in(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    by_hand(desk, staff, shift, shown)
    assert come(desk, shown.code, 100_000).why is Why.TOO_LITTLE
    assert len(desk.see(unproven)) == 1
    assert come(desk, shown.code, 80_000).state is BankLineState.SETTLED
    assert (desk.see(unproven), desk.see(surplus_of)) == ([], [])
    assert desk.see(balance, book=Book.IN_TRANSIT) == 0


def test_too_little_for_what_two_people_believed_is_nobodys_surplus(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    """The receipt is in the customer's hands: what came must not be given back as surplus."""
    shown = ask(desk, staff, shift, bill)
    by_hand(desk, staff, shift, shown)
    done = come(desk, shown.code, 170_000)
    assert (done.state, done.why) == (BankLineState.HELD, Why.TOO_LITTLE)
    assert desk.see(surplus_of) == []


def test_too_much_for_what_two_people_believed_is_decided_by_a_supervisor(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    believed = by_hand(desk, staff, shift, shown)
    assert come(desk, shown.code, 200_000).why is Why.TOO_MUCH
    done = desk.do(reconcile.settle_over, intent_id=shown.intent_id, by=staff.supervisor.user_id)
    assert done.payment_id == believed.payment_id
    assert (desk.see(unproven), desk.see(surplus_of)) == ([], [(20_000, AN, "too_much")])


def test_the_bill_is_settled_once_the_line_that_was_too_much_is_dismissed(
    desk: Desk, staff: Staff, shift: ShiftFacts, bill: str
) -> None:
    shown = ask(desk, staff, shift, bill)
    come(desk, shown.code, 100_000)
    wrong = come(desk, shown.code, 90_000)
    come(desk, shown.code, 80_000)
    assert now_is(desk, shown) is IntentState.OVERPAID
    pair = {"line_id": wrong.line_id, "intent_id": shown.intent_id}
    desk.do(reconcile.dismiss, **pair, reason="của người khác", by=staff.supervisor.user_id)
    paid = desk.see(qr.intent, intent_id=shown.intent_id)
    assert (paid.state, paid.number != "") == (IntentState.PAID, True)
    assert desk.see(line_of, line_id=wrong.line_id).state is BankLineState.NEW


# --- told apart ------------------------------------------------------------------------------------------------------

LONG = "MBVCB.1234567890.123456." + "thanh toan tien dien thang muoi mot " * 6


@pytest.mark.parametrize(
    "memos",
    [(LONG, LONG), (LONG + "nha so 1", LONG + "nha so 2"), ("nha so  1", "nha so 1")],
    ids=["alike", "different at the end", "different in blanks"],
)
def test_two_movements_are_two_however_long_and_alike_their_memos(
    desk: Desk, staff: Staff, shift: ShiftFacts, memos: tuple[str, str]
) -> None:
    lines = [Line(n, DAY, Dong(50_000), is_out=False, memo=memo) for n, memo in enumerate(memos)]
    assert bring(desk, staff, *lines) == 2
    assert bring(desk, staff, *lines) == 0
    assert desk.see(balance, book=Book.BANK) == 100_000


def test_a_statement_prefers_the_line_whose_memo_is_its_own(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    """A memo that only contains another's is met last: the feed's own line is proven, the stranger's is news."""
    short, longer = "tien dien nha an thon dong", "tien dien nha an thon dong va binh"
    feeds = [book(desk, movement(memo, 50_000), source=Source.FEED) for memo in (short, longer)]
    bring(desk, staff, Line(1, DAY, Dong(50_000), is_out=False, memo=longer))
    seen = [desk.see(line_of, line_id=line_id).seen_by_statement for line_id in feeds]
    assert seen == [False, True]


def test_every_open_line_is_listed_and_the_newest_transfers_of_its_amount_are_proposed(
    desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock
) -> None:
    codes = []
    for number in range(7):
        basket = desk.do(put_bill, code=f"PA0501000001{number}", number=50 + number, amount=50_000)
        codes.append(ask(desk, staff, shift, basket).code)
        clock.move(timedelta(seconds=1))
    for number in range(3):
        book(desk, movement(f"tien dien {number}", 50_000))
    lines = desk.see(open_lines, page=2)
    assert [line.memo for line in lines] == ["tien dien 0", "tien dien 1", "tien dien 2"]
    assert [one.code for one in lines[0].proposals] == codes[:1:-1]
