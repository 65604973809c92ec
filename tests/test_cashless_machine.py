"""Whatever order things come in: each đồng that truly moved is in the books once, and every sum re-adds.

Messages come twice, late, early, out of order, with another amount, void, for another account, replayed; the statement comes
before, between and after them; meanwhile bills are paid in cash, transfers given up, believed by hand, codes run out.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bank import ACCOUNT, DAY, shift_with_account
from day import sit_down
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit import Staff, approve, open_test_office, put_bill
from sqlmodel import Session, col, select

from counter import banking, payments
from counter.audit import audit
from counter.cashless.feeds import NoMoney, Told
from counter.cashless.statements import Line, Statement
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import Refused
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong
from counter.payments import qr
from counter.people import user_named
from counter.reconcile import Movement, Source, book_movement
from counter.reconcile.arrivals import SAME_ID
from counter.reconcile.bulk import Bulk
from counter.reconcile.messages import WHY, waiting_messages
from counter.reconcile.statements import bring_statement
from counter.shifts import ShiftFacts, live_shift
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.scope import office_of
from db.states import ApprovalAct, BankLineState
from db.tables import BankLine, Settlement

BILLS = 4
AMOUNTS = (180_000, 180_000, 95_000, 240_000)
PEOPLE = ("ask", "cash", "cancel", "by_hand", "late")
BANKS = ("pay", "pay", "pay", "again", "forged_amount", "void", "elsewhere", "statement", "take_in")
ACTS = (*PEOPLE, *BANKS)
Step = tuple[str, int, int]
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 5)), min_size=4, max_size=24)


@pytest.fixture(scope="module")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with an open shift and a few bills, to be copied."""
    path = tmp_path_factory.mktemp("cashless") / "counter.db"
    database = open_database(f"sqlite:///{path}")
    bring_up_to_date(database)
    desk = open_test_office(database)
    shift_with_account(desk, staff_of(desk))
    for number, amount in enumerate(AMOUNTS, 1):
        desk.do(put_bill, code=f"PA0501000000{number % 2 + 1}", number=number, amount=amount, month=number)
    database.close()
    return path


def staff_of(desk: Desk) -> Staff:
    return Staff(*(desk.see(user_named, login=login) for login in ("lan", "huong", "ngan", "tra")))


class Story:
    """One office through one sequence of steps. `moved`: what truly came, by its reference: (amount, memo)."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.staff = staff_of(desk)
        shift = desk.see(live_shift, till_code="Q1")
        assert shift is not None
        self.shift: ShiftFacts = shift
        self.moved: dict[str, tuple[int, str]] = {}
        self.told: list[tuple[str, Told]] = []
        self.delivered: set[str] = set()
        self.asked: list[qr.Intent] = []
        self.random = random.Random(5)

    def act(self, name: str, which: int, how: int) -> None:
        try:
            getattr(self, name)(which, how)
        except Refused:
            return  # a rule said no: nothing may have changed, and the audit will tell

    # --- what people do -------------------------------------------------------------------------------------------------

    def ask(self, which: int, how: int) -> None:
        facts: dict[str, Any] = {"shift_id": self.shift.shift_id, "by": self.staff.cashier.user_id, "minutes": 15}
        bills = [f"PA0501-{which % BILLS + 1}"] + ([f"PA0501-{(which + 1) % BILLS + 1}"] if how == 5 else [])
        approval_id = self._word(ApprovalAct.OUT_OF_ORDER, bills)
        facts["cash_part"] = Dong(50_000 if how == 4 else 0)
        self.asked.append(self.desk.do(qr.open_intent, intent_id=new_id(), bill_ids=bills, approval_id=approval_id, **facts))

    def cash(self, which: int, _how: int) -> None:
        bills = [f"PA0501-{which % BILLS + 1}"]
        facts: dict[str, Any] = {"shift_id": self.shift.shift_id, "by": self.staff.cashier.user_id}
        word = self._word(ApprovalAct.OUT_OF_ORDER, bills)
        due = Dong(AMOUNTS[which % BILLS])
        self.desk.do(payments.take_cash, payment_id=new_id(), bill_ids=bills, tendered=due, approval_id=word, **facts)

    def cancel(self, which: int, _how: int) -> None:
        if one := self._one(which):
            self.desk.do(qr.cancel_intent, intent_id=one.intent_id, by=self.staff.cashier.user_id)

    def by_hand(self, which: int, how: int) -> None:
        one = self._one(which)
        if one is None:
            return
        word = {"act": ApprovalAct.QR_BY_HAND, "subject": one.code, "amount": one.amount, "reason": f"HAND{which}{how}"}
        approval_id = approve(self.desk, **word, asked_by=self.staff.cashier, granted_by=self.staff.supervisor)  # type: ignore[arg-type]
        facts: dict[str, Any] = {"shift_id": self.shift.shift_id, "by": self.staff.cashier.user_id}
        facts |= {"approval_id": approval_id, "tendered": one.cash_part, "reference": f"HAND{which}{how}"}
        self.desk.do(qr.confirm_by_hand, payment_id=new_id(), intent_id=one.intent_id, **facts)

    def late(self, _which: int, _how: int) -> None:
        assert isinstance(self.desk.clock, StillClock)
        self.desk.clock.move(timedelta(minutes=16))

    # --- what banks tell --------------------------------------------------------------------------------------------------

    def pay(self, which: int, how: int) -> None:
        """A customer transfers: exactly, too little, too much, in a memo that banks mangled, or without the code."""
        one = self._one(which)
        memo = one.memo if one is not None and how != 3 else f"tien dien nha {which}"
        wanted = int(one.amount) if one is not None else 77_000
        amount = {1: wanted - 1, 2: wanted + 1_000}.get(how, wanted)
        reference = f"FT{len(self.moved):08d}"
        self.moved[reference] = (max(amount, 1), f"MBVCB.{len(self.moved):010d}.{memo.lower() if how == 4 else memo}.CT tu")
        if how != 5:  # 5: the webhook is lost, only the statement will tell
            self._tell("sepay", reference, self._event(reference))

    def again(self, which: int, how: int) -> None:
        """A webhook once more: the same, or from a list that words it differently."""
        if not self.told:
            return
        provider, told = self.told[which % len(self.told)]
        if how % 2:
            told = replace(told, memo=told.memo + " ND", reference="", counterparty="X")

        banking.keep(self.desk, [(provider, told)])

    def forged_amount(self, which: int, _how: int) -> None:
        """The id of an earlier message with other money: kept as a case, never booked."""
        if self.told:
            provider, told = self.told[which % len(self.told)]
            more = replace(told, amount=told.amount + 1)
            banking.keep(self.desk, [(provider, more)])

    def void(self, which: int, how: int) -> None:
        banking.keep(self.desk, [("payos", NoMoney(f"void{which}{how}", "not paid", "{}"))])

    def elsewhere(self, which: int, how: int) -> None:
        one = self._one(which)
        now = self.desk.clock.now()
        told = Told(f"else{which}{how}", "999", Dong(1_000 + how), DAY, one.memo if one else "x", "", "", now, is_out=False)
        banking.keep(self.desk, [("sepay", told)])

    def statement(self, _which: int, how: int) -> None:
        """The account's statement until now, all of it; in any order, its memos wrapped once more."""
        lines = [
            Line(place, DAY, Dong(amount), is_out=False, memo=f"020097.{memo} tai VCB", reference=reference)
            for place, (reference, (amount, memo)) in enumerate(self.moved.items())
        ]
        if how % 2:
            self.random.shuffle(lines)
        told = Statement("s.csv", "0" * 64, "generic", ACCOUNT, None, None, tuple(lines), ())
        self.desk.do(bring_statement, statement_id=new_id(), statement=told, by=self.staff.supervisor.user_id)
        self.delivered |= set(self.moved)

    def take_in(self, _which: int = 0, _how: int = 0) -> None:
        assert not banking.take_in(self.desk).faults

    def _event(self, reference: str) -> Told:
        amount, memo = self.moved[reference]
        return Told(reference, ACCOUNT, Dong(amount), DAY, memo, reference, "", self.desk.clock.now(), is_out=False)

    def _tell(self, provider: str, reference: str, told: Told) -> None:
        banking.keep(self.desk, [(provider, told)])
        self.told.append((provider, told))
        self.delivered.add(reference)

    def _one(self, which: int) -> qr.Intent | None:
        return self.asked[which % len(self.asked)] if self.asked else None

    def _word(self, act: ApprovalAct, bills: list[str]) -> Any:
        amount = Dong(sum(AMOUNTS[int(bill.rpartition("-")[2]) - 1] for bill in bills))
        facts: dict[str, Any] = {"act": act, "subject": payments.order_subject(bills), "amount": amount}
        return approve(self.desk, **facts, asked_by=self.staff.cashier, granted_by=self.staff.supervisor)

    # --- what must be so --------------------------------------------------------------------------------------------------

    def holds(self) -> None:
        self.take_in()
        broken = [
            (check.name, check.broken) for check in self.desk.see(audit) if not check.ok and check.name != "second_words"
        ]
        assert broken == []
        came = sum(self.moved[reference][0] for reference in self.delivered)
        assert self.desk.see(balance, book=Book.BANK) == came
        assert self.desk.see(_live_settlements) == self.desk.see(_settled_bills)
        assert {one.why for one in self.desk.see(waiting_messages)} <= {WHY[SAME_ID], WHY["BankAccountUnknown"]}
        waits = self.desk.see(_waiting_sum)
        assert self.desk.see(balance, book=Book.UNMATCHED) == -waits


def _live_settlements(session: Session) -> int:
    rows = session.exec(select(Settlement).where(Settlement.office_id == office_of(session))).all()
    return len([row for row in rows if row.reversed_by is None])


def _settled_bills(session: Session) -> int:
    rows = session.exec(select(Settlement).where(Settlement.office_id == office_of(session))).all()
    return len({row.bill_id for row in rows if row.reversed_by is None})


def _waiting_sum(session: Session) -> int:
    rows = session.exec(select(BankLine).where(BankLine.office_id == office_of(session))).all()
    return sum(int(row.amount) for row in rows if row.state in (BankLineState.NEW, BankLineState.HELD))


@contextmanager
def a_copy(office_file: Path, folder: Path) -> Iterator[Desk]:
    path = shutil.copy(office_file, folder / f"{new_id()}.db")
    desk = sit_down(str(path))
    try:
        yield desk
    finally:
        desk.database.close()
        Path(path).unlink()


def go_through(office_file: Path, folder: Path, steps: list[Step]) -> None:
    with a_copy(office_file, folder) as desk:
        story = Story(desk)
        for step in steps:
            story.act(*step)
        story.holds()


SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_each_dong_is_in_the_books_once_whatever_the_order(office_file: Path, tmp_path: Path, steps: list[Step]) -> None:
    go_through(office_file, tmp_path, steps)


@pytest.mark.torture
@given(steps=STEPS)
@settings(max_examples=1_000, deadline=None, suppress_health_check=SLOW)
def test_each_dong_is_in_the_books_once_a_thousand_times(office_file: Path, tmp_path: Path, steps: list[Step]) -> None:
    go_through(office_file, tmp_path, steps)


# --- many lines at once are what they are one by one ----------------------------------------------------------------------

MEMOS = ("tien dien nha ong an thon dong", "tien dien nha ong an thon dong va ba binh", "TD0000000098", "x")
LINES = st.lists(
    st.tuples(
        st.sampled_from(MEMOS),
        st.sampled_from([1_000, 2_000]),
        st.integers(0, 3),
        st.booleans(),
        st.sampled_from(["", "REF00001"]),
    ),
    max_size=12,
)


def booked(desk: Desk, feeds: list[Any], rows: list[Any], *, at_once: int) -> list[tuple[Any, ...]]:
    for place, (memo, amount, day, is_out, reference) in enumerate(feeds):
        told = Movement(ACCOUNT, f"sepay/{place}", Dong(amount), DAY + timedelta(days=day), memo, reference, is_out=is_out)
        desk.do(book_movement, movement=told, source=Source.FEED)
    lines = tuple(
        Line(place, DAY + timedelta(days=day), Dong(amount), is_out=is_out, memo=memo, reference=reference)
        for place, (memo, amount, day, is_out, reference) in enumerate(rows)
    )
    keys = Statement("s", "0" * 64, "g", ACCOUNT, None, None, lines, ()).keys()
    moves = [
        Movement(ACCOUNT, "st/" + key, one.amount, one.booked_day, one.memo, one.reference, is_out=one.is_out)
        for one, key in zip(lines, keys, strict=True)
    ]
    if at_once:
        desk.do(_in_bulk, movements=moves, at_once=at_once)
    else:
        for told in moves:
            desk.do(book_movement, movement=told, source=Source.STATEMENT)
    assert [check.name for check in desk.see(audit) if not check.ok] == []
    return desk.see(_all_lines)


def _in_bulk(session: Session, now: Any, *, movements: list[Movement], at_once: int) -> None:
    bulk = Bulk(session, now, movements=movements, source=Source.STATEMENT, by=None)
    for start in range(0, len(movements), at_once):
        bulk.take(movements[start : start + at_once])


def _all_lines(session: Session) -> list[tuple[Any, ...]]:
    rows = session.exec(select(BankLine).where(BankLine.office_id == office_of(session)).order_by(col(BankLine.journal_seq)))
    return [
        (
            row.identity,
            int(row.amount),
            row.state,
            row.booked_day,
            row.memo,
            row.seen_by_feed,
            row.seen_by_statement,
            row.why,
        )
        for row in rows
    ]


@given(feeds=LINES, rows=LINES, at_once=st.integers(1, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_a_statement_at_once_books_what_its_lines_book_one_by_one(
    office_file: Path, tmp_path: Path, feeds: list[Any], rows: list[Any], at_once: int
) -> None:
    with a_copy(office_file, tmp_path) as one, a_copy(office_file, tmp_path) as other:
        assert booked(one, feeds, rows, at_once=0) == booked(other, feeds, rows, at_once=at_once)
