"""Ask for a transfer, give it up, confirm it by hand, take its cash part, take a slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from counter import approvals, journal
from counter.errors import SameIdOtherFacts
from counter.money import NOTHING, Dong, total
from counter.payments.actions import order_approver, payable, refuse_change
from counter.payments.qr.again import first_answer, plain_partner, plain_reference, same_payment
from counter.payments.qr.holding import held_lines, hold_intent, spend, spill
from counter.payments.qr.refusals import (
    BankAccountUnknown,
    BillBeingTransferred,
    IntentIsClosed,
    NoBankAccount,
    NothingLeftForTransfer,
    NotWaitingForCash,
    ReferenceMissing,
    ReferenceUsed,
    SlipUnreadable,
)
from counter.payments.qr.rules import OPEN_INTENTS, code_for, move
from counter.payments.qr.settling import Evidence, Place, settle_bills
from counter.payments.qr.views import Intent, accounts, intent_of
from counter.payments.refusals import NothingToPay
from counter.payments.rules import change_due
from counter.payments.views import Receipt, number_of
from counter.people import still_here
from counter.shifts import working_shift
from counter.text import safe_text
from db.scope import office_of
from db.states import ApprovalAct, IntentState, Method, Proof, Role
from db.tables import BankAccount, CashlessPayment, QrIntent, QrIntentBill, Shift


def open_intent(
    session: Session,
    now: datetime,
    *,
    intent_id: UUID,
    bill_ids: Sequence[str],
    shift_id: UUID,
    by: UUID,
    minutes: int,
    cash_part: Dong = NOTHING,
    account: str = "",
    approval_id: UUID | None = None,
) -> Intent:
    """Ask for a transfer of the bills' sum less `cash_part` (đồng), shown for `minutes`. Nothing is taken yet.

    Again with the same `intent_id` and facts: the same transfer. Raises NothingToPay, UnknownBill, BillWithdrawn,
    AlreadyPaid, BillBeingTransferred, OlderBillFirst, NothingLeftForTransfer, NoBankAccount, BankAccountUnknown,
    NoOpenShift, NotYourShift.
    """
    wanted = list(dict.fromkeys(bill_ids))
    before = session.get(QrIntent, (office_of(session), intent_id))
    if before is not None:
        return _same_intent(session, before, wanted=wanted, shift_id=shift_id, cash_part=cash_part)
    if not wanted:
        raise NothingToPay
    shift = working_shift(session, shift_id=shift_id, by=by)
    bills = [payable(session, bill_id) for bill_id in wanted]
    _refuse_open_elsewhere(session, wanted)
    due = total(bill.amount for bill in bills)
    if cash_part >= due:
        raise NothingLeftForTransfer
    approver = order_approver(session, now, bills=bills, due=due, by=by, approval_id=approval_id)
    row = _new_intent(session, now, intent_id=intent_id, shift=shift, to=_account(session, account), minutes=minutes)
    row.amount, row.cash_part, row.approver_id = due - cash_part, cash_part, approver
    _write(session, row, bills)
    _note(session, now, row, shift, kind="qr.open", by=by, more={"bills": wanted, "approver": approver})
    return intent_of(session, row)


def _new_intent(
    session: Session, now: datetime, *, intent_id: UUID, shift: Shift, to: BankAccount, minutes: int
) -> QrIntent:
    return QrIntent(
        office_id=office_of(session),
        intent_id=intent_id,
        till_code=shift.till_code,
        shift_id=shift.shift_id,
        account=to.account,
        code=_free_code(session, intent_id, block=to.code_block),
        amount=NOTHING,
        cash_part=NOTHING,
        state=IntentState.SHOWN,
        opened_by=shift.cashier_id,
        opened_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )


def _write(session: Session, row: QrIntent, bills: Sequence[SimpleNamespace]) -> None:
    session.add(row)
    session.flush()
    for place, bill in enumerate(bills, 1):
        session.add(
            QrIntentBill(
                office_id=row.office_id, intent_id=row.intent_id, bill_id=bill.bill_id, place=place, amount=bill.amount
            )
        )
    session.flush()


def cancel_intent(session: Session, now: datetime, *, intent_id: UUID, by: UUID) -> Intent:
    """Give a transfer up. What came already becomes surplus; what comes later is late money.

    Raises IntentIsClosed, UserLeft.
    """
    still_here(session, user_id=by)
    row = hold_intent(session, intent_id)
    if row.state is IntentState.CANCELLED:
        return intent_of(session, row)
    if row.state not in OPEN_INTENTS:
        raise IntentIsClosed(code=row.code, state=row.state)
    move(row, to=IntentState.CANCELLED)
    row.closed_at = now
    session.add(row)
    session.flush()
    spill(session, now, row, reason="cancelled", by=by)
    _note(session, now, row, session.get_one(Shift, (row.office_id, row.shift_id)), kind="qr.cancel", by=by, more={})
    return intent_of(session, row)


def expire_intents(session: Session, now: datetime) -> int:
    """Give up every transfer that nobody made in its time; how many. Money that comes later is still taken in."""
    done = session.execute(
        update(QrIntent)
        .where(col(QrIntent.office_id) == office_of(session), col(QrIntent.state) == IntentState.SHOWN)
        .where(col(QrIntent.expires_at) < now)
        .values(state=IntentState.EXPIRED, closed_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def confirm_by_hand(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    intent_id: UUID,
    reference: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None,
    tendered: Dong = NOTHING,
) -> Receipt:
    """Believe a transfer the bank has not told of: a reference and a supervisor. It stays marked until a line meets it.

    `tendered` is the cash for the intent's cash part. Raises UnknownIntent, IntentIsClosed, ReferenceMissing, ReferenceUsed,
    NeedsApproval, AlreadyPaid, NotEnoughCash, NoOpenShift, NotYourShift.
    """
    before = same_payment(session, payment_id, (shift_id, by), tendered, intent_id=intent_id, reference=reference)
    if before is not None:
        return before
    row = hold_intent(session, intent_id)
    if row.state not in (IntentState.SHOWN, IntentState.EXPIRED):
        raise IntentIsClosed(code=row.code, state=row.state)
    shift = working_shift(session, shift_id=shift_id, by=by)
    evidence = _hand_evidence(session, row, reference=reference, tendered=tendered)
    refuse_change(session, shift_id=shift_id, change=evidence.change)
    approver = approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.QR_BY_HAND,
        subject=row.code,
        amount=row.amount,
        reason=reference,
        by=by,
        roles=(Role.SUPERVISOR,),
    )
    done = _settle_all(
        session, now, row, payment_id=payment_id, place=_here(shift), by=by, evidence=evidence, approver_id=approver
    )
    move(row, to=IntentState.PAID)
    row.payment_id, row.closed_at = payment_id, now
    session.add(row)
    session.flush()
    return done


def _hand_evidence(session: Session, row: QrIntent, *, reference: str, tendered: Dong) -> Evidence:
    return Evidence(
        proof=Proof.BY_HAND,
        method=Method.MIXED if row.cash_part else Method.QR,
        partner="bank",
        reference=_unused_reference(session, partner="bank", reference=reference),
        intent_id=row.intent_id,
        tendered=tendered if row.cash_part else NOTHING,
        change=change_due(due=row.cash_part, tendered=tendered) if row.cash_part else NOTHING,
    )


def finish_in_cash(
    session: Session, now: datetime, *, payment_id: UUID, intent_id: UUID, tendered: Dong, shift_id: UUID, by: UUID
) -> Receipt:
    """The transfer came; take the rest in cash and give the receipt for both. Raises NotWaitingForCash, NotEnoughCash,
    NoChangeInDrawer, AlreadyPaid, NoOpenShift, NotYourShift."""
    before = same_payment(session, payment_id, (shift_id, by), tendered, intent_id=intent_id, reference=None)
    if before is not None:
        return before
    row = hold_intent(session, intent_id)
    if row.state not in (IntentState.PAID, IntentState.LATE) or row.payment_id is not None or not row.cash_part:
        raise NotWaitingForCash(code=row.code)
    lines = held_lines(session, intent_id)
    if total(line.amount for line in lines) != row.amount:
        raise NotWaitingForCash(code=row.code)
    shift = working_shift(session, shift_id=shift_id, by=by)
    change = change_due(due=row.cash_part, tendered=tendered)
    refuse_change(session, shift_id=shift_id, change=change)
    evidence = Evidence(
        proof=Proof.BANK_LINE,
        method=Method.MIXED,
        line_id=lines[0].line_id,
        intent_id=intent_id,
        tendered=tendered,
        change=change,
    )
    done = _settle_all(session, now, row, payment_id=payment_id, place=_here(shift), by=by, evidence=evidence)
    spend(session, row, lines, payment_id=payment_id)
    return done


def take_slip(
    session: Session,
    now: datetime,
    *,
    payment_id: UUID,
    bill_ids: Sequence[str],
    method: Method,
    partner: str,
    reference: str,
    shift_id: UUID,
    by: UUID,
    approval_id: UUID | None = None,
) -> Receipt:
    """Take a card slip or a wallet's payment for exactly the bills' sum; it is money in transit until its partner settles.

    Raises SlipUnreadable, ReferenceMissing, ReferenceUsed, NothingToPay, AlreadyPaid, OlderBillFirst, NoOpenShift,
    NotYourShift.
    """
    wanted = list(dict.fromkeys(bill_ids))
    partner = plain_partner(partner)
    if method not in (Method.CARD, Method.WALLET) or partner in ("", "BANK"):
        raise SlipUnreadable
    before = first_answer(session, payment_id, (shift_id, by))
    if before is not None:
        proof, first = before
        same = (proof.partner, proof.reference, first.method, sorted(first.bill_ids))
        if same != (partner, plain_reference(reference), method, sorted(wanted)):
            raise SameIdOtherFacts
        return first
    if not wanted:
        raise NothingToPay
    shift = working_shift(session, shift_id=shift_id, by=by)
    bills = [payable(session, bill_id) for bill_id in wanted]
    due = total(bill.amount for bill in bills)
    approver = order_approver(session, now, bills=bills, due=due, by=by, approval_id=approval_id)
    reference = _unused_reference(session, partner=partner, reference=reference)
    evidence = Evidence(proof=Proof.SLIP, method=method, partner=partner, reference=reference)
    outcome = settle_bills(
        session,
        now,
        payment_id=payment_id,
        bill_ids=wanted,
        money=due,
        place=_here(shift),
        by=by,
        evidence=evidence,
        approver_id=approver,
    )
    assert outcome.receipt is not None
    return outcome.receipt


def _settle_all(
    session: Session,
    now: datetime,
    row: QrIntent,
    *,
    payment_id: UUID,
    place: Place,
    by: UUID,
    evidence: Evidence,
    approver_id: UUID | None = None,
) -> Receipt:
    """All bills of the transfer, or none. Raises AlreadyPaid for the first that is gone."""
    shown = intent_of(session, row)
    for bill_id in shown.bill_ids:
        payable(session, bill_id)
    outcome = settle_bills(
        session,
        now,
        payment_id=payment_id,
        bill_ids=shown.bill_ids,
        money=row.amount + row.cash_part,
        place=place,
        by=by,
        evidence=evidence,
        approver_id=approver_id,
    )
    if outcome.receipt is None or outcome.left:
        raise IntentIsClosed(code=row.code, state=row.state)
    return outcome.receipt


def _same_intent(session: Session, row: QrIntent, *, wanted: list[str], shift_id: UUID, cash_part: Dong) -> Intent:
    shown = intent_of(session, row)
    if (sorted(shown.bill_ids), row.shift_id, row.cash_part) != (sorted(wanted), shift_id, cash_part):
        raise SameIdOtherFacts
    return shown


def _refuse_open_elsewhere(session: Session, bill_ids: list[str]) -> None:
    row = session.exec(
        select(QrIntentBill.bill_id, QrIntent.code, QrIntent.till_code)
        .join(
            QrIntent,
            (col(QrIntent.office_id) == QrIntentBill.office_id) & (col(QrIntent.intent_id) == QrIntentBill.intent_id),
        )
        .where(QrIntentBill.office_id == office_of(session), col(QrIntentBill.bill_id).in_(bill_ids))
        .where(col(QrIntent.state).in_(OPEN_INTENTS))
    ).first()
    if row is not None:
        raise BillBeingTransferred(bill=row[0], code=row[1], till=row[2])


def _account(session: Session, account: str) -> BankAccount:
    known = accounts(session)
    if not known:
        raise NoBankAccount
    chosen = next((one for one in known if one.account == account), None) if account else known[0]
    if chosen is None:
        raise BankAccountUnknown(account=safe_text(account, limit=20))
    return session.get_one(BankAccount, (office_of(session), chosen.account))


def _free_code(session: Session, intent_id: UUID, *, block: str) -> str:
    for code in code_for(intent_id, block=block):
        taken = select(QrIntent.code).where(QrIntent.office_id == office_of(session), QrIntent.code == code)
        if session.exec(taken).first() is None:
            return code
    raise AssertionError("a hundred codes in a row are taken")


def _unused_reference(session: Session, *, partner: str, reference: str) -> str:
    plain = plain_reference(reference)
    if not plain:
        raise ReferenceMissing
    used = session.exec(
        select(CashlessPayment.payment_id).where(
            CashlessPayment.office_id == office_of(session),
            CashlessPayment.partner == partner,
            CashlessPayment.reference == plain,
        )
    ).first()
    if used is not None:
        raise ReferenceUsed(reference=plain, partner=partner, number=number_of(session, payment_id=used))
    return plain


def _here(shift: Shift) -> Place:
    return Place(shift.till_code, shift.shift_id, shift.business_day)


def _note(
    session: Session, now: datetime, row: QrIntent, shift: Shift, *, kind: str, by: UUID, more: dict[str, object]
) -> None:
    facts = {"intent": row.intent_id, "code": row.code, "amount": int(row.amount), "cash": int(row.cash_part), **more}
    journal.append(
        session, now, till_code=row.till_code, kind=kind, business_day=shift.business_day, actor_id=by, facts=facts
    )
