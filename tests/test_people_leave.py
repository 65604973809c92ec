"""Who left: closed only without cash in hand, back only with a new PIN, and writing nothing in between."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from uuid import UUID

import pytest
from kit import KEEPER, PIN, Staff, approve, open_shift, put_bill, put_claim
from sqlalchemy import update
from sqlmodel import Session, select
from test_races import all_at_once

from counter import approvals, payments, people, reconcile, shifts
from counter.approvals import ResetByYou
from counter.audit import audit
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.people import NotAllowed, NotClosed, NotOnYourself, StillHasCash, UserLeft, WrongPin, close_user, reopen_user
from counter.shifts import ShiftFacts
from db.states import ApprovalAct, CashMoveKind, Method, SurplusState
from db.tables import AppUser, Shift, Surplus

NEW_PIN = "975312"
BINH = "PA05010000002"


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


def all_hold(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def hand_over(desk: Desk, shift: ShiftFacts) -> None:
    by, id_ = shift.cashier_id, shift.shift_id
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=id_, notes={50_000: 10, 10_000: 40, 1_000: 100}, by=by)
    desk.do(shifts.hand_over, shift_id=id_, reason="", by=by)


def test_nobody_is_closed_while_they_answer_for_a_shift(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    boss = staff.supervisor.user_id
    with pytest.raises(StillHasCash) as refused:
        desk.do(close_user, login="lan", by=boss)
    assert "Trần Thị Lan" in str(refused.value) and "Q1" in str(refused.value)
    hand_over(desk, shift)
    with pytest.raises(StillHasCash):
        desk.do(close_user, login="lan", by=boss)
    desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=Dong(1_000_000), by=boss)
    desk.do(close_user, login="lan", by=boss)
    all_hold(desk)


def test_nobody_opens_a_shift_while_they_are_closed(desk: Desk, staff: Staff) -> None:
    boss = staff.supervisor.user_id
    for _ in range(8):
        all_at_once(lambda: open_shift(desk, staff.cashier), lambda: desk.do(close_user, login="lan", by=boss))
        live = desk.see(lambda session: session.exec(select(Shift.shift_id)).first())
        closed = not desk.see(people.users, now=desk.clock.now())[1].is_active
        assert (live is None) is closed
        if live is not None:
            return
        desk.do(reopen_user, login="lan", pin_hash="x", by=boss)


def test_a_closed_user_is_opened_again_with_a_new_pin(desk: Desk, staff: Staff) -> None:
    boss = staff.supervisor.user_id
    with pytest.raises(NotClosed):
        desk.do(reopen_user, login="lan", pin_hash=KEEPER.hash(NEW_PIN), by=boss)
    desk.do(close_user, login="lan", by=boss)
    with pytest.raises(NotAllowed):
        desk.do(reopen_user, login="lan", pin_hash=KEEPER.hash(NEW_PIN), by=staff.other_cashier.user_id)
    desk.do(reopen_user, login="lan", pin_hash=KEEPER.hash(NEW_PIN), by=boss)
    with pytest.raises(WrongPin):
        desk.prove(login="lan", pin=PIN)
    assert desk.prove(login="lan", pin=NEW_PIN) == staff.cashier
    all_hold(desk)


def test_who_opened_a_user_again_is_no_second_person_for_them_today(desk: Desk, staff: Staff) -> None:
    boss = staff.supervisor.user_id
    desk.do(close_user, login="lan", by=boss)
    desk.do(reopen_user, login="lan", pin_hash=KEEPER.hash(NEW_PIN), by=boss)
    with pytest.raises(ResetByYou):
        approve(
            desk,
            act=ApprovalAct.REVERSE,
            subject="x",
            amount=Dong(1),
            asked_by=staff.cashier,
            granted_by=staff.supervisor,
        )


def test_nobody_closes_themselves(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotOnYourself):
        desk.do(close_user, login="ngan", by=staff.supervisor.user_id)


# --- who is still signed in -------------------------------------------------------------------------------------------


class Office:
    """An office in which each act of a cashier's is one step away."""

    def __init__(self, desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
        self.desk, self.staff, self.shift = desk, staff, shift
        self.me = staff.cashier.user_id
        self.here = {"shift_id": shift.shift_id, "by": self.me}
        desk.do(qr.add_account, account="1017595600", bin="970436", holder="DIEN LUC", by=staff.supervisor.user_id)
        self.bills = [desk.do(put_bill, code=f"PA0501000001{n}", number=n, amount=108_000) for n in range(3)]
        desk.do(put_bill, code=BINH, number=90, amount=50_000)
        self.paid = self.pay(self.bills[0])
        desk.do(
            payments.take_advance,
            payment_id=new_id(),
            customer_code=BINH,
            months=1,
            tendered=Dong(50_000),
            **self.here,  # type: ignore[arg-type]
        )
        self.case = desk.do(put_claim, bill_id=self.bills[0], claimed=54_000)
        self.intent = desk.do(qr.open_intent, intent_id=new_id(), bill_ids=[self.bills[1]], minutes=15, **self.here)  # type: ignore[arg-type]
        self.surplus = desk.do(_put_surplus)

    def pay(self, bill: str) -> payments.Receipt:
        facts = {"payment_id": new_id(), "bill_ids": [bill], "tendered": Dong(108_000)}
        return self.desk.do(payments.take_cash, **facts, **self.here)  # type: ignore[arg-type]

    def word(self, act: ApprovalAct, subject: str, amount: int, reason: str = "khách nhầm") -> UUID:
        people_ = {"asked_by": self.staff.cashier, "granted_by": self.staff.supervisor}
        return approve(self.desk, act=act, subject=subject, amount=Dong(amount), reason=reason, **people_)


def _put_surplus(session: Session, now: object) -> UUID:
    surplus_id = new_id()
    row = Surplus(office_id="PA0501", surplus_id=surplus_id, amount=Dong(1_000), state=SurplusState.OPEN)
    row.customer_code, row.reason, row.opened_at = BINH, "too_much", now  # type: ignore[assignment]
    session.add(row)
    session.flush()
    return surplus_id


def _act(name: str, office: Office) -> Callable[[], object]:
    """One act of the cashier's, with its second person's word given before."""
    desk, here, me = office.desk, office.here, office.me
    word, paid, case = office.word, office.paid, office.case
    reason = {"reason": "khách nhầm"}
    acts: dict[str, Callable[[], tuple[Callable[..., object], dict[str, object]]]] = {
        "take cash": lambda: (
            payments.take_cash,
            {"payment_id": new_id(), "bill_ids": [office.bills[2]], "tendered": Dong(108_000), **here},
        ),
        "take an advance": lambda: (
            payments.take_advance,
            {"payment_id": new_id(), "customer_code": BINH, "months": 1, "tendered": Dong(50_000), **here},
        ),
        "reverse": lambda: (
            payments.reverse,
            {"reversal_id": new_id(), "payment_id": paid.payment_id, **reason, **here}
            | {"approval_id": word(ApprovalAct.REVERSE, paid.number, paid.amount)},
        ),
        "refund an advance": lambda: (
            payments.refund_advance,
            {"payment_id": new_id(), "customer_code": BINH, **reason, **here}
            | {"approval_id": word(ApprovalAct.REFUND, BINH, -50_000)},
        ),
        "refund a case": lambda: (
            payments.refund_case,
            {"payment_id": new_id(), "case_id": case, **reason, **here}
            | {"approval_id": word(ApprovalAct.REFUND, office.bills[0], -54_000)},
        ),
        "keep a case": lambda: (
            payments.keep_case,
            {"payment_id": new_id(), "case_id": case, **reason, "by": me}
            | {"approval_id": word(ApprovalAct.KEEP, office.bills[0], 54_000)},
        ),
        "copy": lambda: (payments.reprint, {"payment_id": paid.payment_id, "by": me}),
        "ask for a transfer": lambda: (
            qr.open_intent,
            {"intent_id": new_id(), "bill_ids": [office.bills[2]], "minutes": 15, **here},
        ),
        "give up a transfer": lambda: (qr.cancel_intent, {"intent_id": office.intent.intent_id, "by": me}),
        "confirm a transfer": lambda: (
            qr.confirm_by_hand,
            {"payment_id": new_id(), "intent_id": office.intent.intent_id, "reference": "FT1", **here}
            | {"approval_id": word(ApprovalAct.QR_BY_HAND, office.intent.code, 108_000, "FT1")},
        ),
        "take a slip": lambda: (
            qr.take_slip,
            {"payment_id": new_id(), "bill_ids": [office.bills[2]], "method": Method.CARD, "partner": "vcb"}
            | {"reference": "1", **here},
        ),
        "credit surplus": lambda: (
            reconcile.credit_surplus,
            {"surplus_id": office.surplus, "payment_id": new_id(), "by": me}
            | {"approval_id": word(ApprovalAct.SURPLUS, str(office.surplus), 1_000, "")},
        ),
        "refund surplus": lambda: (
            reconcile.refund_surplus,
            {"surplus_id": office.surplus, "reference": "FT2", "by": me}
            | {"approval_id": word(ApprovalAct.SURPLUS, str(office.surplus), 1_000, "FT2")},
        ),
        "move cash": lambda: (
            shifts.move_cash,
            {"move_id": new_id(), "kind": CashMoveKind.SAFE_DROP, "amount": Dong(1_000), "reason": "x", **here},
        ),
        "count": lambda: (shifts.count_drawer, {"count_id": new_id(), "notes": {}, **here}),
        "hand over": lambda: (shifts.hand_over, {**reason, **here}),
        "ask for a word": lambda: (
            approvals.ask,
            {"approval_id": new_id(), "act": ApprovalAct.REVERSE, "subject": paid.number, "amount": paid.amount}
            | {**reason, "till_code": "Q1", "by": me},
        ),
        "change the PIN": lambda: (people.change_own_pin, {"user_id": me, "pin_hash": "x"}),
    }
    action, facts = acts[name]()
    return lambda: desk.do(action, **facts)  # type: ignore[arg-type]


ACTS = (
    "take cash",
    "take an advance",
    "reverse",
    "refund an advance",
    "refund a case",
    "keep a case",
    "copy",
    "ask for a transfer",
    "give up a transfer",
    "confirm a transfer",
    "take a slip",
    "credit surplus",
    "refund surplus",
    "move cash",
    "count",
    "hand over",
    "ask for a word",
    "change the PIN",
)


@pytest.mark.parametrize("name", ACTS)
def test_who_was_closed_and_is_still_signed_in_writes_nothing(
    desk: Desk, staff: Staff, shift: ShiftFacts, name: str
) -> None:
    """Closed behind the program's back, so that the shift is still theirs: each act looks for itself."""
    act = _act(name, Office(desk, staff, shift))

    def here(session: Session, _now: object, *, is_here: bool) -> None:
        session.execute(update(AppUser).where(AppUser.login == "lan").values(is_active=is_here))

    desk.do(here, is_here=False)
    with pytest.raises(UserLeft) as refused:
        act()
    assert "Trần Thị Lan" in str(refused.value)
    desk.do(here, is_here=True)
    with contextlib.suppress(shifts.NotCounted):
        act()
