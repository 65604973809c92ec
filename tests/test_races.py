"""Several tills at once, and a server whose processes die in the middle of a payment: every bill is paid exactly once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from kit import PIN, Staff, approve, open_shift, put_bill
from sqlmodel import Session

from counter import approvals, office, payments, shifts
from counter.audit import audit
from counter.desk import DatabaseBusy, DatabaseNotAvailable, Desk
from counter.ids import new_id
from counter.money import Dong, total
from counter.payments import Receipt
from counter.people import SignedIn, add_user, user_named
from counter.shifts import AlreadyCounted, ShiftAlreadyOpen, ShiftFacts
from db.scope import office_of
from db.states import ApprovalAct, Role
from db.tables import Bill

AN = "PA05LG0000001"
TILLS = 8


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


only_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)


@pytest.fixture
def tills(desk: Desk, staff: Staff) -> list[tuple[Desk, ShiftFacts]]:
    """Eight tills, each with a cashier and an open shift, on one database."""
    found = []
    for place in range(1, TILLS + 1):
        code, user_id = f"T{place}", new_id()
        desk.do(office.add_till, code=code, by=staff.supervisor.user_id)
        desk.do(
            add_user,
            user_id=user_id,
            login=f"thu{place}",
            name=f"Thu Ngân {place}",
            role=Role.CASHIER,
            pin_hash=desk.pins.hash(PIN),
            by=staff.supervisor.user_id,
        )
        there = replace(desk, till_code=code)
        found.append((there, open_shift(there, there.see(user_named, login=f"thu{place}"), till=code)))
    return found


def due_of(session: Session, *, bill_ids: Sequence[str]) -> Dong:
    return total(session.get_one(Bill, (office_of(session), bill_id)).amount for bill_id in bill_ids)


def take(desk: Desk, shift: ShiftFacts, *bill_ids: str, payment_id: UUID | None = None) -> Receipt:
    return desk.do(
        payments.take_cash,
        payment_id=payment_id or new_id(),
        bill_ids=bill_ids,
        tendered=desk.see(due_of, bill_ids=bill_ids),
        shift_id=shift.shift_id,
        by=shift.cashier_id,
    )


def all_at_once(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start together; what each returned or raised."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.mark.parametrize("bills", [12, pytest.param(200, marks=pytest.mark.torture)])
def test_eight_cashiers_on_the_same_bills_settle_each_once(
    desk: Desk, tills: list[tuple[Desk, ShiftFacts]], bills: int, campaign: Callable[[str], None]
) -> None:
    numbers = [desk.do(put_bill, code=f"PA05LG{n:07d}", number=n, amount=100_000 + n) for n in range(1, bills + 1)]

    def cashier(place: int) -> tuple[list[Receipt], int]:
        there, shift = tills[place]
        chance, won, lost = random.Random(place), [], 0
        order = chance.sample(numbers, len(numbers))
        while order:
            basket = [order.pop() for _ in range(min(len(order), chance.randrange(1, 4)))]
            tries = [basket]
            while tries:
                bill = tries.pop()
                try:
                    won.append(take(there, shift, *bill))
                except payments.AlreadyPaid:
                    lost += 1
                    tries += [[one] for one in bill] if len(bill) > 1 else []
        return won, lost

    def watched() -> list[str]:
        """An auditor who looks in the middle sees whole payments only."""
        return [name for _ in range(10) for name in (c.name for c in desk.see(audit) if not c.ok)]

    *done, seen = all_at_once(*[lambda place=place: cashier(place) for place in range(TILLS)], watched)  # type: ignore[misc]
    assert seen == []
    assert [error for error in done if isinstance(error, Exception)] == []
    won = [receipt for receipts, _ in done for receipt in receipts]  # type: ignore[attr-defined]
    assert sorted(bill for receipt in won for bill in receipt.bill_ids) == sorted(numbers)
    beaten = sum(lost for _, lost in done)  # type: ignore[attr-defined]
    assert beaten > 0
    all_hold(desk)
    campaign(
        f"{TILLS} cashiers on the same {bills} bills, {desk.database.dialect}: each settled once, {beaten} refused as paid"
    )


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


def test_one_payment_pressed_twice_at_once_is_taken_once(desk: Desk, shift: ShiftFacts) -> None:
    for number in range(1, 11):
        bill, payment_id = desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=1_000), new_id()
        first, second = all_at_once(*[lambda b=bill, p=payment_id: take(desk, shift, b, payment_id=p)] * 2)  # type: ignore[misc]
        assert first == second
    assert desk.see(shifts.taken, shift_id=shift.shift_id).receipts == 10
    all_hold(desk)


def test_a_payment_and_the_count_at_once_are_never_mixed_up(desk: Desk, staff: Staff) -> None:
    for number in range(1, 11):
        shift = open_shift(desk, staff.cashier)
        bill = desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=1_000)
        mine = {"shift_id": shift.shift_id, "by": staff.cashier.user_id}
        count = lambda m=mine: desk.do(shifts.count_drawer, count_id=new_id(), notes={500_000: 2}, **m)  # type: ignore[misc]  # noqa: E731
        paid, counted = all_at_once(lambda s=shift, b=bill: take(desk, s, b), count)  # type: ignore[misc]
        assert isinstance(counted, ShiftFacts)
        assert counted.expected == (1_000_000 if isinstance(paid, AlreadyCounted) else 1_001_000)
        all_hold(desk)
        desk.do(shifts.hand_over, reason="tiền lẻ", **mine)


def test_a_till_opened_by_two_at_once_has_one_shift(desk: Desk, staff: Staff) -> None:
    opened, refused = sorted(
        all_at_once(lambda: open_shift(desk, staff.cashier), lambda: open_shift(desk, staff.other_cashier)),
        key=lambda one: isinstance(one, Exception),
    )
    assert isinstance(opened, ShiftFacts) and isinstance(refused, ShiftAlreadyOpen)
    all_hold(desk)


def test_a_receipt_reversed_at_two_tills_at_once_is_given_back_once(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    other = replace(desk, till_code="Q2")
    there = open_shift(other, staff.other_cashier, till="Q2")
    for number in range(1, 6):
        first = take(desk, shift, desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=1_000))

        def word(at: Desk, who: SignedIn, first: Receipt = first) -> UUID:
            about = {"act": ApprovalAct.REVERSE, "subject": first.number, "amount": first.amount, "reason": "Gõ nhầm"}
            return approve(at, asked_by=who, granted_by=staff.supervisor, **about)  # type: ignore[arg-type]

        def back(at: Desk, of: ShiftFacts, approval_id: UUID, first: Receipt = first) -> Receipt:
            return at.do(
                payments.reverse,
                reversal_id=new_id(),
                payment_id=first.payment_id,
                reason="Gõ nhầm",
                shift_id=of.shift_id,
                by=of.cashier_id,
                approval_id=approval_id,
            )

        one, two = word(desk, staff.cashier), word(other, staff.other_cashier)
        said = all_at_once(lambda: back(desk, shift, one), lambda: back(other, there, two))  # noqa: B023 # called at once
        assert sorted(type(one).__name__ for one in said) == ["AlreadyReversed", "Receipt"]
    all_hold(desk)


def advance_of(desk: Desk, shift: ShiftFacts, *, months: int = 1) -> Receipt:
    return desk.do(
        payments.take_advance,
        payment_id=new_id(),
        customer_code=AN,
        months=months,
        tendered=Dong(100_000 * months),
        shift_id=shift.shift_id,
        by=shift.cashier_id,
    )


def test_an_advance_refunded_and_used_at_once_is_spent_once(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    desk.do(put_bill, code=AN, number=1, amount=100_000, month=1)
    take(desk, shift, f"{desk.office_id}-1")
    for turn in range(2, 8):
        advance_of(desk, shift)
        desk.do(put_bill, code=AN, number=turn, amount=100_000, month=turn)
        word = approve(
            desk,
            act=ApprovalAct.REFUND,
            subject=AN,
            amount=Dong(-100_000),
            reason="Khách chuyển đi",
            asked_by=staff.cashier,
            granted_by=staff.supervisor,
        )
        refund = lambda word=word: desk.do(  # type: ignore[misc]  # noqa: E731
            payments.refund_advance,
            payment_id=new_id(),
            customer_code=AN,
            reason="Khách chuyển đi",
            shift_id=shift.shift_id,
            by=staff.cashier.user_id,
            approval_id=word,
        )
        use = lambda: desk.do(payments.use_advances, customer_codes=[AN], by=staff.supervisor.user_id)  # noqa: E731
        refunded, used = all_at_once(refund, use)
        assert isinstance(used, list)
        assert bool(used) == isinstance(refunded, payments.NothingToRefund)
        assert desk.see(payments.advance_balance, customer_code=AN) == 0
        all_hold(desk)
        if not used:
            take(desk, shift, f"{desk.office_id}-{turn}")


def test_an_advance_used_for_a_bill_that_is_paid_in_cash_meanwhile_stays_whole(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    desk.do(put_bill, code=AN, number=1, amount=100_000, month=1)
    take(desk, shift, f"{desk.office_id}-1")
    for turn in range(2, 8):
        if desk.see(payments.advance_balance, customer_code=AN) == 0:
            advance_of(desk, shift)
        bill = desk.do(put_bill, code=AN, number=turn, amount=100_000, month=turn)
        use = lambda: desk.do(payments.use_advances, customer_codes=[AN], by=staff.supervisor.user_id)  # noqa: E731
        paid, used = all_at_once(lambda b=bill: take(desk, shift, b), use)  # type: ignore[misc]
        assert isinstance(used, list)
        assert isinstance(paid, payments.AlreadyPaid) == bool(used)
        assert desk.see(payments.advance_balance, customer_code=AN) == (0 if used else 100_000)
        all_hold(desk)


def test_a_word_is_spent_once_by_two_at_once(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    for number in range(1, 6):
        first = take(desk, shift, desk.do(put_bill, code=f"PA05LG{number:07d}", number=number, amount=1_000))
        facts = {"act": ApprovalAct.REVERSE, "subject": first.number, "amount": first.amount, "reason": "x"}
        word = approve(desk, asked_by=staff.cashier, granted_by=staff.supervisor, **facts)  # type: ignore[arg-type]
        spend = lambda w=word, f=facts: desk.do(  # type: ignore[misc]  # noqa: E731
            approvals.use, approval_id=w, by=staff.cashier.user_id, roles=(Role.SUPERVISOR,), **f
        )
        said = all_at_once(spend, spend)
        assert sorted(type(one).__name__ for one in said) == ["NeedsApproval", "UUID"]


class Shooter:
    """Another connection that ends whatever server process works for the tests' database."""

    def __init__(self, uri: str, name: str) -> None:
        self._uri, self._name = uri, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._shoot, daemon=True)
        self.shot = 0

    def __enter__(self) -> Shooter:
        self._thread.start()
        return self

    def _shoot(self) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            while not self._stop.wait(0.03):
                rows = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'",
                    (self._name,),
                ).fetchall()
                self.shot += len(rows)

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@only_postgres
@pytest.mark.parametrize("payments_wanted", [120, pytest.param(3_000, marks=pytest.mark.torture)])
def test_a_payment_whose_server_process_is_shot_is_taken_exactly_once(
    desk: Desk, shift: ShiftFacts, payments_wanted: int, postgres_url: str, campaign: Callable[[str], None]
) -> None:
    bills = [desk.do(put_bill, code=f"PA05LG{n:07d}", number=n, amount=1_000) for n in range(1, payments_wanted + 1)]
    acked: dict[UUID, Receipt] = {}
    with Shooter(postgres_url, str(desk.database.engine.url.database)) as shooter:
        for bill in bills:
            payment_id = new_id()
            while payment_id not in acked:
                try:
                    acked[payment_id] = take(desk, shift, bill, payment_id=payment_id)
                except (DatabaseNotAvailable, DatabaseBusy):
                    continue  # the cashier presses again: the same id
    campaign(f"{shooter.shot} server processes shot during {payments_wanted} payments: {len(acked)} taken, each once")
    assert shooter.shot > 0
    assert [receipt.number[-6:] for receipt in acked.values()] == [f"{n:06d}" for n in range(1, payments_wanted + 1)]
    assert all(desk.see(payments.receipt, payment_id=key) == receipt for key, receipt in acked.items())
    assert desk.see(shifts.taken, shift_id=shift.shift_id).receipts == payments_wanted
    all_hold(desk)
