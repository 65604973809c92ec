"""A shift by chance, against a small model of it: Hypothesis tries orders of acts that no person thinks of."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from kit import KEEPER, MONDAY, OFFICE, Tray, approve, fill_safe, open_test_office, put_bill, put_claim

from counter import payments, shifts
from counter.approvals import NeedsApproval
from counter.audit import audit
from counter.bills import resolve_case
from counter.clock import StillClock, local_day
from counter.desk import Desk
from counter.errors import Refused, SameIdOtherFacts
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong, notes_for
from counter.payments import Receipt
from counter.people import user_named
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.states import ApprovalAct, CashMoveKind, ShiftState

CODES = tuple(f"PA05LG{n:07d}" for n in range(1, 4))
LIMIT = Dong(20_000)
STEPS = (timedelta(seconds=1), timedelta(hours=5), timedelta(days=-1), timedelta(days=40), timedelta(days=365))


class Shifts(RuleBasedStateMachine):
    """The model: what is owed, what each customer paid in advance, what lies in the drawer, in which state the shift is."""

    template: Path

    @initialize()
    def sit_down(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "counter.db")
        database = open_database(f"sqlite:///{self.folder / 'counter.db'}")
        self.clock = StillClock(MONDAY)
        self.desk = Desk(database, OFFICE, self.clock, KEEPER, Tray(), "Q1")
        self.lan = self.desk.see(user_named, login="lan")
        self.boss = self.desk.see(user_named, login="ngan")
        self.owed: dict[str, list[tuple[str, int]]] = {code: [] for code in CODES}
        self.claimed: dict[str, dict[str, int]] = {code: {} for code in CODES}  # every bill CMIS claims, oldest first
        self.claims: dict[str, int | None] = {}  # what CMIS said last of a bill after it was paid; None: withdrawn
        self.cases: dict[UUID, tuple[str, str]] = {}
        self.given: dict[str, int] = {}
        self.advances: dict[str, int] = dict.fromkeys(CODES, 0)
        self.live: dict[UUID, tuple[Receipt, Callable[[], Receipt]]] = {}
        self.shift_id: UUID | None = None
        self.state: ShiftState | None = None
        self.day: date | None = None
        self.drawer = self.safe = self.handed = self.apart = 0
        self.counts = self.papers = self.bills = self.refusals = 0
        self.anew = False
        self.reason, self.counted = "", 0
        fill_safe(self.desk, self.boss, 2_000_000)
        self.safe = 2_000_000
        for code in CODES:
            self.bill_comes(code, 345_678)
        self.opens(1_000_000)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.database.close()
            shutil.rmtree(self.folder)

    def does(self, refusal: type[Refused] | None, action: Callable[..., Any], **named: Any) -> Any:
        """Do it; it must be refused exactly where the model says so."""
        try:
            done = self.desk.do(action, **named)
        except Refused as refused:
            assert refusal is not None and isinstance(refused, refusal), refused
            return None
        assert refusal is None, f"{action.__name__} should have raised {refusal}"
        return done

    def not_working(self) -> type[Refused] | None:
        if self.state is ShiftState.OPEN:
            return None
        return shifts.AlreadyCounted if self.state is ShiftState.COUNTED else shifts.NoOpenShift

    def mine(self) -> dict[str, UUID]:
        return {"shift_id": self.shift_id or new_id(), "by": self.lan.user_id}

    @rule(step=st.sampled_from(STEPS))
    def clock_jumps(self, step: timedelta) -> None:
        self.clock.move(step)

    @rule(code=st.sampled_from(CODES), amount=st.integers(1, 900_000))
    def bill_comes(self, code: str, amount: int) -> None:
        self.bills += 1
        year, month = 2020 + self.bills // 12, self.bills % 12 + 1
        bill = self.desk.do(put_bill, code=code, number=self.bills, amount=amount, year=year, month=month)
        self.owed[code].append((bill, amount))
        self.claimed[code][bill] = amount

    def newest(self, code: str) -> int:
        return list(self.claimed[code].values() or [0])[-1]

    @precondition(lambda self: self.state is not ShiftState.OPEN or self.papers % 5 == 4)
    @rule(float_amount=st.sampled_from((0, 100_000, 1_000_000)))
    def opens(self, float_amount: int) -> None:
        out = self.state in (ShiftState.OPEN, ShiftState.COUNTED, ShiftState.REFUSED)
        shift_id = new_id()
        facts = {"shift_id": shift_id, "till_code": "Q1", "cashier_id": self.lan.user_id}
        done = self.does(
            shifts.ShiftAlreadyOpen if out else None, shifts.open_shift, notes=notes_for(Dong(float_amount)), **facts
        )
        if done is not None:
            self.shift_id, self.state, self.day, self.counts = shift_id, ShiftState.OPEN, local_day(self.clock.now()), 0
            self.drawer, self.safe, self.refusals = float_amount, self.safe - float_amount, 0

    @rule(code=st.sampled_from(CODES), over=st.sampled_from((0, 500, 50_000, -1)), more=st.integers(0, 900_000))
    def pays(self, code: str, over: int, more: int) -> None:
        if more:
            self.bill_comes(code, more)
        due = sum(amount for _, amount in self.owed[code])
        refusal = payments.NothingToPay if not due else self.not_working()
        refusal = refusal or (payments.NotEnoughCash if over < 0 else None)
        refusal = refusal or (payments.NoChangeInDrawer if over > self.drawer else None)
        facts = {
            "payment_id": new_id(),
            "bill_ids": [bill for bill, _ in self.owed[code]],
            "tendered": Dong(max(due + over, 0)),
            **self.mine(),
        }
        done = self.does(refusal, payments.take_cash, **facts)
        if done is not None:
            assert (done.amount, done.change) == (due, over)
            self.paper(done, lambda: self.desk.do(payments.take_cash, **facts))
            self.owed[code] = []

    @rule(code=st.sampled_from(CODES), months=st.integers(1, 3))
    def pays_ahead(self, code: str, months: int) -> None:
        due = -(-self.newest(code) * months // 1_000) * 1_000
        refusal = self.not_working() or (None if due else payments.NoBillToGoBy)
        facts = {"payment_id": new_id(), "customer_code": code, "months": months, "tendered": Dong(due), **self.mine()}
        done = self.does(refusal, payments.take_advance, **facts)
        if done is not None:
            assert done.amount == due
            self.paper(done, lambda: self.desk.do(payments.take_advance, **facts))
            self.advances[code] += due

    def paper(self, done: Receipt, again: Callable[[], Receipt]) -> None:
        self.papers += 1
        assert done.number.endswith(f"{done.number[-9:-7]}-{int(done.number[-6:]):06d}")
        assert done.business_day == self.day
        self.drawer += done.amount
        self.live[done.payment_id] = (done, again)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def pressed_again(self, data: st.DataObject) -> None:
        done, again = self.live[data.draw(st.sampled_from(sorted(self.live)))]
        assert again() == done

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def reverses(self, data: st.DataObject) -> None:
        payment_id = data.draw(st.sampled_from(sorted(self.live)))
        done, _ = self.live[payment_id]
        code = done.lines[0].customer_code
        refusal = self.not_working()
        if refusal is None and any(self.given.get(bill) for bill in done.bill_ids):
            refusal = payments.PartlyGivenBack
        if refusal is None and not done.bill_ids and self.advances[code] < done.amount:
            refusal = payments.AdvanceUsed
        if refusal is None and self.drawer < done.amount:
            refusal = shifts.NotInDrawer
        word = approve(
            self.desk,
            act=ApprovalAct.REVERSE,
            subject=done.number,
            amount=done.amount,
            reason="Gõ nhầm",
            asked_by=self.lan,
            granted_by=self.boss,
        )
        named = {"reversal_id": new_id(), "payment_id": payment_id, "reason": "Gõ nhầm", "approval_id": word}
        back = self.does(refusal, payments.reverse, **named, **self.mine())
        if back is not None:
            self.papers += 1
            self.drawer -= done.amount
            del self.live[payment_id]
            if done.bill_ids:
                paid = {line.bill_id: int(line.amount) for line in done.lines}
                again = {bill: self.claims.pop(bill, amount) for bill, amount in paid.items()}
                self.claimed[code] = {
                    bill: amount for bill, was in self.claimed[code].items() if (amount := again.get(bill, was)) is not None
                }
                self.cases = {case: about for case, about in self.cases.items() if about[1] not in again}
                self.owed[code] = [(bill, amount) for bill, amount in again.items() if amount is not None] + self.owed[code]
            else:
                self.advances[code] -= done.amount

    def paid_bills(self) -> list[tuple[str, str, int]]:
        """(customer, bill, amount) of every receipt that stands."""
        lines = (line for done, _ in self.live.values() for line in done.lines if line.bill_id)
        return sorted((line.customer_code, line.bill_id, int(line.amount)) for line in lines)

    @precondition(lambda self: self.paid_bills())
    @rule(data=st.data(), claimed=st.sampled_from((None, 1, 1_000, 900_000)))
    def cmis_claims_otherwise(self, data: st.DataObject, claimed: int | None) -> None:
        code, bill, amount = data.draw(st.sampled_from(self.paid_bills()))
        if claimed == amount or any(about[1] == bill for about in self.cases.values()):
            return
        self.cases[self.desk.do(put_claim, bill_id=bill, claimed=claimed)] = (code, bill)
        self.claims[bill] = claimed

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), how=st.sampled_from(("cash", "keep", "words")))
    def a_case_is_decided(self, data: st.DataObject, how: str) -> None:
        case_id = data.draw(st.sampled_from(sorted(self.cases)))
        code, bill = self.cases[case_id]
        if how == "words":
            self.does(None, resolve_case, case_id=case_id, resolution="Đã báo khách", by=self.boss.user_id)
            del self.cases[case_id]
            return
        settled = next(amount for _, other, amount in self.paid_bills() if other == bill)
        over = settled - self.given.get(bill, 0) - (self.claims[bill] or 0)
        refusal = self.not_working() if how == "cash" else None
        refusal = refusal or (payments.NothingToRefund if over <= 0 else None)
        refusal = refusal or (shifts.NotInDrawer if how == "cash" and over > self.drawer else None)
        act, asked = (ApprovalAct.REFUND, -over) if how == "cash" else (ApprovalAct.KEEP, over)
        about: dict[str, Any] = {"act": act, "subject": bill, "amount": Dong(asked), "reason": "CMIS đổi"}
        word = approve(self.desk, asked_by=self.lan, granted_by=self.boss, **about)
        facts = {"payment_id": new_id(), "case_id": case_id, "reason": "CMIS đổi", "approval_id": word}
        action = payments.refund_case if how == "cash" else payments.keep_case
        back = self.does(refusal, action, **facts, **(self.mine() if how == "cash" else {"by": self.lan.user_id}))
        if back is None:
            return
        assert self.desk.do(action, **facts, **(self.mine() if how == "cash" else {"by": self.lan.user_id})) == back
        assert back.amount == -over
        self.papers += how == "cash"
        self.given[bill] = self.given.get(bill, 0) + over
        self.drawer -= over if how == "cash" else 0
        self.advances[code] += over if how == "keep" else 0
        del self.cases[case_id]

    @rule(code=st.sampled_from(CODES))
    def refunds_an_advance(self, code: str) -> None:
        left = self.advances[code]
        refusal = self.not_working() or (None if left else payments.NothingToRefund)
        refusal = refusal or (shifts.NotInDrawer if left > self.drawer else None)
        about = {"act": ApprovalAct.REFUND, "subject": code, "amount": Dong(-left), "reason": "Chuyển đi"}
        word = approve(self.desk, asked_by=self.lan, granted_by=self.boss, **about)  # type: ignore[arg-type]
        facts = {"payment_id": new_id(), "customer_code": code, "reason": "Chuyển đi", "approval_id": word}
        if self.does(refusal, payments.refund_advance, **facts, **self.mine()) is not None:
            self.papers += 1
            self.drawer, self.advances[code] = self.drawer - left, 0

    @rule()
    def advances_are_used(self) -> None:
        done = self.does(None, payments.use_advances, customer_codes=list(CODES), by=self.boss.user_id)
        used: list[tuple[str, str]] = []
        for code in CODES:
            for bill, amount in sorted(self.owed[code], key=lambda one: int(one[0].rpartition("-")[2])):
                if amount > self.advances[code]:
                    break
                self.advances[code] -= amount
                self.owed[code].remove((bill, amount))
                used.append((code, bill))
        assert [(one.lines[0].customer_code, one.lines[0].bill_id) for one in done] == used

    @rule(kind=st.sampled_from(CashMoveKind), amount=st.sampled_from((0, 1_000, 700_000)), with_word=st.booleans())
    def moves_cash(self, kind: CashMoveKind, amount: int, with_word: bool) -> None:
        is_change = kind is CashMoveKind.CHANGE_FROM_SAFE
        signed = amount if is_change else -amount
        refusal = self.not_working() or (None if amount else shifts.NothingMoved)
        refusal = refusal or (shifts.NotInDrawer if self.drawer + signed < 0 else None)
        refusal = refusal or (shifts.NotInSafe if self.safe - signed < 0 and is_change else None)
        refusal = refusal or (NeedsApproval if is_change and not with_word else None)
        facts = {"move_id": new_id(), "kind": kind, "amount": Dong(amount), "reason": "x", **self.mine()}
        if is_change and with_word:
            act = {"act": ApprovalAct.FROM_SAFE, "subject": str(facts["shift_id"]), "amount": Dong(amount), "reason": "x"}
            facts["approval_id"] = approve(self.desk, asked_by=self.lan, granted_by=self.boss, **act)  # type: ignore[arg-type]
        if self.does(refusal, shifts.move_cash, **facts) is not None:
            self.does(None, shifts.move_cash, **facts)  # the same once more
            self.drawer, self.safe = self.drawer + signed, self.safe - signed

    @precondition(lambda self: self.state is not ShiftState.OPEN or self.papers % 5 == 4)
    @rule(off=st.sampled_from((0, 0, 20_000, -20_000, 30_000)))
    def counts_notes(self, off: int) -> None:
        out = self.state in (ShiftState.OPEN, ShiftState.COUNTED, ShiftState.REFUSED)
        refusal = None if out else shifts.NoOpenShift
        refusal = refusal or (shifts.NoMoreCounts if self.counts == 2 + self.refusals else None)
        found = notes_for(Dong(max(self.drawer + off, 0)))
        done = self.does(refusal, shifts.count_drawer, count_id=new_id(), notes=found, **self.mine())
        if done is not None:
            self.counted = sum(note * pieces for note, pieces in found.items())
            self.state = self.state if self.state is ShiftState.REFUSED else ShiftState.COUNTED
            self.counts, self.anew = self.counts + 1, True
            assert (done.expected, done.counted) == (self.drawer, self.counted)

    @precondition(lambda self: self.state is not ShiftState.OPEN or self.papers % 5 == 4)
    @rule(reason=st.sampled_from(("", "tiền lẻ")), with_word=st.booleans())
    def hands_over(self, reason: str, with_word: bool) -> None:
        if self.state in (ShiftState.HANDED_OVER, ShiftState.ACCEPTED):
            said = None if reason == self.reason else SameIdOtherFacts  # said already: nothing more
            self.does(said, shifts.hand_over, reason=reason, **self.mine())
            return
        ready = self.state is ShiftState.COUNTED or (self.state is ShiftState.REFUSED and self.anew)
        refusal: type[Refused] | None = None if ready else shifts.NotCounted
        refusal = shifts.NoOpenShift if self.shift_id is None else refusal
        off = self.counted - self.drawer if refusal is None else 0
        word = None
        if refusal is None and off and not reason:
            refusal = shifts.ReasonMissing
        elif refusal is None and abs(off) > LIMIT:
            act = {"act": ApprovalAct.DIFFERENCE, "subject": str(self.shift_id), "amount": Dong(off), "reason": reason}
            word = approve(self.desk, asked_by=self.lan, granted_by=self.boss, **act) if with_word else None  # type: ignore[arg-type]
            refusal = None if word else Refused
        done = self.does(refusal, shifts.hand_over, reason=reason, approval_id=word, **self.mine())
        if done is not None:
            self.state, self.reason = ShiftState.HANDED_OVER, reason
            self.handed, self.apart, self.drawer = self.handed + self.counted, self.apart - off, 0

    @precondition(lambda self: self.state is not ShiftState.OPEN or self.papers % 5 == 4)
    @rule(off=st.sampled_from((0, 0, 1_000)))
    def accepts(self, off: int) -> None:
        there = self.state in (ShiftState.HANDED_OVER, ShiftState.ACCEPTED)
        differs = shifts.CashDiffers if self.state is ShiftState.HANDED_OVER else shifts.NotHandedOver
        done = self.does(
            (differs if off else None) if there else shifts.NotHandedOver,
            shifts.accept_shift,
            shift_id=self.shift_id or new_id(),
            counted=Dong(self.counted + off),
            by=self.boss.user_id,
        )
        if done is not None and self.state is ShiftState.HANDED_OVER:
            self.state, self.safe, self.handed = ShiftState.ACCEPTED, self.safe + self.counted, self.handed - self.counted

    @precondition(lambda self: self.state is not ShiftState.OPEN)
    @rule(reason=st.sampled_from(("", "thiếu một tờ")), counted=st.sampled_from((None, Dong(0))))
    def refuses(self, reason: str, counted: Dong | None) -> None:
        refusal: type[Refused] | None = None if self.state is ShiftState.HANDED_OVER else shifts.NotHandedOver
        refusal = refusal or (None if reason else shifts.ReasonMissing)
        facts = {"shift_id": self.shift_id or new_id(), "reason": reason, "counted": counted, "by": self.boss.user_id}
        if self.state is ShiftState.REFUSED:
            return  # the same once more gives the first answer: below
        if self.does(refusal, shifts.refuse_shift, **facts) is not None:
            self.does(None, shifts.refuse_shift, **facts)
            self.state, self.refusals, self.anew = ShiftState.REFUSED, self.refusals + 1, False
            self.drawer = self.desk.see(shifts.drawer, shift_id=self.shift_id)
            self.handed, self.apart = self.handed - self.counted, self.apart - (self.drawer - self.counted)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "desk"):
            return
        books = {book: self.desk.see(balance, book=book) for book in Book}
        assert books[Book.DRAWER] == self.drawer
        assert (books[Book.SAFE], books[Book.HANDOVER]) == (self.safe, self.handed)
        assert books[Book.SHORTAGE] + books[Book.OVERAGE] == self.apart
        assert -books[Book.ADVANCE] == sum(self.advances.values())
        if self.shift_id is not None:
            facts = self.desk.see(shifts.shift_facts, shift_id=self.shift_id)
            assert (facts.state, facts.business_day) == (self.state, self.day)
            assert (facts.expected is None) == (self.state is ShiftState.OPEN)

    @invariant()
    def every_sum_holds(self) -> None:
        if hasattr(self, "desk"):
            assert [(check.name, check.broken) for check in self.desk.see(audit) if not check.ok] == []


@pytest.mark.parametrize(("examples", "steps"), [(10, 40), pytest.param(1_000, 60, marks=pytest.mark.torture)])
def test_a_shift_does_what_a_small_model_of_it_does(
    tmp_path: Path, examples: int, steps: int, campaign: Callable[[str], None]
) -> None:
    template = tmp_path / "office.db"
    database = open_database(f"sqlite:///{template}")
    bring_up_to_date(database)
    desk = open_test_office(database)
    for code in CODES:
        desk.do(put_customer, code=code)
    database.close()
    Shifts.template = template
    run_state_machine_as_test(
        Shifts,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    campaign(f"{examples} shifts by chance, up to {steps} steps each: as the model says, every check holds")


def put_customer(session: Any, _now: Any, *, code: str) -> None:
    """A customer without bills."""
    from db.tables import Customer

    number = CODES.index(code) + 1
    session.add(Customer(office_id=OFFICE, customer_code=code, payer_code=code, name="An", address="Vôi", search_no=number))
