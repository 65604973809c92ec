"""What tests of transfers share: a basket asked for, money that comes, and where it ends."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from kit import KEEPER, MONDAY, PIN, Staff, approve, open_shift
from sqlmodel import Session, col, select

from counter import reconcile
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.people import SignedIn, add_user
from counter.reconcile import Match, Movement, Source
from counter.shifts import ShiftFacts
from db.scope import office_of
from db.states import ApprovalAct, IntentState, Role, SurplusState
from db.tables import BankLine, Surplus

ACCOUNT = "1017595600"
AN = "PA05010000001"
BINH = "PA05010000002"
DAY = date(2026, 11, 23)


def shift_with_account(desk: Desk, staff: Staff) -> ShiftFacts:
    """An open shift at Q1, and the office's account."""
    desk.do(qr.add_account, account=ACCOUNT, bin="970436", holder="DIEN LUC LANG GIANG", by=staff.supervisor.user_id)
    return open_shift(desk, staff.cashier)


def another_account(desk: Desk, staff: Staff, account: str) -> None:
    """An account beside the first: two supervisors set it."""
    minh = new_id()
    add = {"user_id": minh, "login": "minh", "name": "Đỗ Minh", "role": Role.SUPERVISOR, "pin_hash": KEEPER.hash(PIN)}
    now, desk.clock = desk.clock, StillClock(MONDAY - timedelta(days=400))
    desk.do(add_user, **add, by=staff.supervisor.user_id)  # type: ignore[arg-type]
    desk.clock = now
    word = approve(
        desk,
        act=ApprovalAct.ACCOUNT,
        subject=account,
        amount=Dong(),
        asked_by=staff.supervisor,
        granted_by=SignedIn(minh, "minh", "Đỗ Minh", Role.SUPERVISOR),
        reason=qr.account_reason(bin="970418", holder="X"),
    )
    facts = {"account": account, "bin": "970418", "holder": "X", "by": staff.supervisor.user_id}
    desk.do(qr.add_account, **facts, approval_id=word)  # type: ignore[arg-type]


def ask(desk: Desk, staff: Staff, shift: ShiftFacts, *bills: str, intent_id: UUID | None = None, cash: int = 0) -> qr.Intent:
    return desk.do(
        qr.open_intent,
        intent_id=intent_id or new_id(),
        bill_ids=bills,
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        minutes=15,
        cash_part=Dong(cash),
    )


def movement(memo: str, amount: int, *, identity: str = "", account: str = ACCOUNT, day: date = DAY) -> Movement:
    return Movement(account=account, identity=identity or str(new_id()), amount=Dong(amount), booked_day=day, memo=memo)


def book(desk: Desk, told: Movement, *, source: Source = Source.FEED) -> UUID:
    """Money comes; nobody matched it yet."""
    return desk.do(reconcile.book_movement, movement=told, source=source).line_id


def come(desk: Desk, memo: str, amount: int, *, identity: str = "", source: Source = Source.FEED, day: date = DAY) -> Match:
    """Money comes, and is matched."""
    line_id = book(desk, movement(memo, amount, identity=identity, day=day), source=source)
    return desk.do(reconcile.match_line, line_id=line_id)


def now_is(desk: Desk, shown: qr.Intent) -> IntentState:
    return desk.see(qr.intent, intent_id=shown.intent_id).state


def surplus_of(session: Session) -> list[tuple[int, str | None, str]]:
    rows = session.exec(select(Surplus).where(Surplus.office_id == office_of(session), Surplus.state == SurplusState.OPEN))
    return sorted((int(row.amount), row.customer_code, row.reason) for row in rows)


def line_of(session: Session, *, line_id: UUID) -> BankLine:
    row = session.get_one(BankLine, (office_of(session), line_id))
    session.expunge(row)
    return row


def outcome_of(session: Session) -> list[tuple[str, int, str, str]]:
    """Every line as it stands, in the order it came: memo, amount, state, why."""
    rows = session.exec(select(BankLine).where(BankLine.office_id == office_of(session)).order_by(col(BankLine.journal_seq)))
    return [(row.memo, int(row.amount), row.state.value, row.why) for row in rows]
