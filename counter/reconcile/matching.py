"""Matching: exactly one live code and exactly its amount settles by itself; everything else is a person's to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter.cashless.codes import codes_in
from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Leg, enter
from counter.money import NOTHING, Dong, total
from counter.payments.qr.holding import held_lines, hold_intent, spend, spill
from counter.payments.qr.rules import OPEN_INTENTS, move
from counter.payments.qr.settling import Evidence, open_surplus, place_for, settle_bills
from counter.payments.qr.views import intent_of
from counter.payments.views import Receipt, receipt
from counter.reconcile.rules import Why
from db.scope import OFFICE_TILL, office_of
from db.states import BankLineState, IntentState, Method, Proof
from db.tables import BankLine, CashlessPayment, MatchDismissed, QrIntent


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a line: the receipt if bills were settled, else why not. Money in đồng."""

    line_id: UUID
    state: BankLineState
    amount: Dong
    code: str
    receipt: Receipt | None
    why: Why | None


def match_line(session: Session, now: datetime, *, line_id: UUID) -> Match:
    """Match one line that nobody decided yet. Decided before: what it is now.

    Raises AlreadyPaid where a till takes one of the bills in this very moment: run it again.
    """
    line = session.get_one(BankLine, (office_of(session), line_id), with_for_update=True, populate_existing=True)
    if line.state is not BankLineState.NEW:
        return Match(line.line_id, line.state, line.amount, "", None, None)
    found = _live(session, codes_in(line.memo))
    if isinstance(found, Why):
        return _stays(session, line, found)
    return give_line(session, now, line, hold_intent(session, found))


def unmatched(session: Session, *, after: int = 0, limit: int = 500) -> list[tuple[UUID, int]]:
    """(line, place) of lines that may still be matched, in the order they came, behind the place `after`. A memo without
    a code is looked at once: it never gets one."""
    rows = session.exec(
        select(BankLine.line_id, BankLine.journal_seq)
        .where(BankLine.office_id == office_of(session), BankLine.state == BankLineState.NEW)
        .where(BankLine.journal_seq > after, BankLine.why != Why.NO_CODE.value)
        .order_by(col(BankLine.journal_seq))
        .limit(limit)
    ).all()
    return [(line_id, seq) for line_id, seq in rows]


def give_line(session: Session, now: datetime, line: BankLine, row: QrIntent) -> Match:
    """A line for this transfer: settle when the sum is exact, hold it otherwise, spill it where all is paid."""
    if line.account != row.account:
        return _stays(session, line, Why.OTHER_ACCOUNT)
    if session.get(MatchDismissed, (row.office_id, line.line_id, row.intent_id)) is not None:
        return _stays(session, line, Why.DISMISSED)
    line.intent_id, line.state, line.why = row.intent_id, BankLineState.HELD, ""
    session.add(line)
    session.flush()
    return weigh(session, now, row, line)


def weigh(session: Session, now: datetime, row: QrIntent, line: BankLine) -> Match:
    """What the lines held for a transfer come to, `line` the newest of them."""
    lines = held_lines(session, row.intent_id)
    got, earlier = total(one.amount for one in lines), total(one.amount for one in lines if one is not line)
    if row.payment_id is not None:
        proof = session.get(CashlessPayment, (row.office_id, row.payment_id), with_for_update=True, populate_existing=True)
        if proof is None or proof.line_id is not None:
            return _twice(session, now, line, row)
        if got == row.amount:
            prove_payment(session, now, lines, proof, amount=got)
            return Match(line.line_id, BankLineState.SETTLED, line.amount, row.code, None, None)
        return _held(session, line, row, got=got)
    if row.state is IntentState.PAID and not row.cash_part:  # its money came when no bill was owed any more
        return _twice(session, now, line, row)
    if got == row.amount:
        return _exact(session, now, line, row, lines)
    if earlier == row.amount and row.cash_part:
        return _twice(session, now, line, row)
    return _waits(session, line, row, got=got)


def _live(session: Session, codes: list[str]) -> UUID | Why:
    """The one transfer that the codes name, whatever its state: late money has a code too."""
    if not codes:
        return Why.NO_CODE
    rows = session.exec(
        select(QrIntent.intent_id).where(QrIntent.office_id == office_of(session), col(QrIntent.code).in_(codes))
    ).all()
    if not rows:
        return Why.UNKNOWN_CODE
    return rows[0] if len(rows) == 1 else Why.SEVERAL_CODES


def _stays(session: Session, line: BankLine, why: Why) -> Match:
    line.why = why.value
    session.add(line)
    session.flush()
    return Match(line.line_id, line.state, line.amount, "", None, why)


def _waits(session: Session, line: BankLine, row: QrIntent, *, got: Dong) -> Match:
    """Too little or too much: held, and a person decides; a transfer that was given up is now late."""
    if row.state in OPEN_INTENTS:
        move(row, to=IntentState.OVERPAID if got > row.amount else IntentState.UNDERPAID)
    elif row.state is not IntentState.LATE:
        move(row, to=IntentState.LATE)
    session.add(row)
    return _held(session, line, row, got=got)


def _held(session: Session, line: BankLine, row: QrIntent, *, got: Dong) -> Match:
    why = Why.TOO_MUCH if got > row.amount else Why.TOO_LITTLE
    line.why = why.value
    session.add(line)
    session.flush()
    return Match(line.line_id, line.state, line.amount, row.code, None, why)


def _exact(session: Session, now: datetime, line: BankLine, row: QrIntent, lines: list[BankLine]) -> Match:
    """Settle what is still owed; what was paid meanwhile is surplus. A cash part waits for the till."""
    move(row, to=IntentState.PAID if row.state in OPEN_INTENTS else IntentState.LATE)
    row.closed_at = now
    session.add(row)
    if row.cash_part:
        line.why = Why.WAITS_FOR_CASH.value
        session.add(line)
        session.flush()
        return Match(line.line_id, line.state, line.amount, row.code, None, Why.WAITS_FOR_CASH)
    paper = settle_transfer(session, now, row, lines)
    if paper is None:
        spill(session, now, row, reason="bills_gone", by=None)
        return Match(line.line_id, BankLineState.SURPLUS, line.amount, row.code, None, Why.BILLS_GONE)
    return Match(line.line_id, BankLineState.SETTLED, line.amount, row.code, paper, None)


def settle_transfer(session: Session, now: datetime, row: QrIntent, lines: list[BankLine]) -> Receipt | None:
    """Settle the transfer's bills with the held lines; the rest of the money is surplus. None where no bill is left."""
    shown = intent_of(session, row)
    outcome = settle_bills(
        session,
        now,
        payment_id=new_id(),
        bill_ids=shown.bill_ids,
        money=total(one.amount for one in lines),
        place=place_for(session, now, shift_id=row.shift_id),
        by=row.opened_by,
        evidence=Evidence(proof=Proof.BANK_LINE, method=Method.QR, line_id=lines[0].line_id, intent_id=row.intent_id),
        approver_id=row.approver_id,
    )
    if outcome.receipt is None:
        return None
    spend(session, row, lines, payment_id=outcome.receipt.payment_id)
    if outcome.left > NOTHING:
        customer = shown.customer_codes[0] if shown.customer_codes else None
        reason = "bills_gone" if outcome.gone else "too_much"
        open_surplus(
            session, now, amount=outcome.left, customer_code=customer, reason=reason, line_id=lines[-1].line_id, by=None
        )
    return outcome.receipt


def prove_over(session: Session, now: datetime, row: QrIntent, lines: Sequence[BankLine]) -> Receipt | None:
    """More came than two people believed: their payment is proven, the rest is surplus. None where that is not so."""
    proof = session.get(CashlessPayment, (row.office_id, row.payment_id)) if row.payment_id is not None else None
    left = total(line.amount for line in lines) - row.amount
    if proof is None or proof.line_id is not None or left <= NOTHING:
        return None
    customers = intent_of(session, row).customer_codes
    prove_payment(session, now, lines, proof, amount=row.amount)
    open_surplus(
        session,
        now,
        amount=left,
        customer_code=customers[0] if customers else None,
        reason="too_much",
        line_id=lines[-1].line_id,
    )
    return receipt(session, payment_id=proof.payment_id)


def _twice(session: Session, now: datetime, line: BankLine, row: QrIntent) -> Match:
    """The transfer's money is there already: this came twice."""
    customers = intent_of(session, row).customer_codes
    line.state, line.why = BankLineState.SURPLUS, Why.PAID_BEFORE.value
    session.add(line)
    open_surplus(
        session,
        now,
        amount=line.amount,
        customer_code=customers[0] if customers else None,
        reason="paid_before",
        line_id=line.line_id,
    )
    return Match(line.line_id, line.state, line.amount, row.code, None, Why.PAID_BEFORE)


def prove_payment(
    session: Session, now: datetime, lines: Sequence[BankLine], proof: CashlessPayment, *, amount: Dong
) -> None:
    """The bank's own word for a payment (`amount` đồng) that was believed by hand or by slip: no longer in transit."""
    proof.line_id = lines[0].line_id
    for line in lines:
        line.state, line.payment_id, line.why = BankLineState.SETTLED, proof.payment_id, ""
    session.add_all([proof, *lines])
    facts = {"line": lines[0].line_id, "payment": proof.payment_id, "amount": int(amount)}
    enter(
        session,
        now,
        till_code=OFFICE_TILL,
        kind="bank.proof",
        business_day=local_day(now),
        actor_id=None,
        facts=facts,
        legs=[Leg(Book.UNMATCHED, amount), Leg(Book.IN_TRANSIT, -amount, subject=proof.partner)],
    )
    session.flush()
