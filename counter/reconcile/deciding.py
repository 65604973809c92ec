"""What a person decides: a line for a transfer or for bills, surplus, not ours; and what becomes of surplus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from counter import approvals
from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Leg, enter
from counter.money import Dong, total
from counter.payments.actions import payable
from counter.payments.inside import Paper, record
from counter.payments.qr.holding import held_lines, hold_intent
from counter.payments.qr.refusals import IntentIsClosed, ReferenceMissing
from counter.payments.qr.rules import move
from counter.payments.qr.settling import Evidence, Place, open_surplus, settle_bills
from counter.payments.qr.views import is_unconfirmed
from counter.payments.views import Receipt, receipt
from counter.people import require
from counter.reconcile.matching import Match, give_line, prove_over, settle_transfer, weigh
from counter.reconcile.refusals import (
    BillsGone,
    LineDecided,
    NoCustomer,
    SurplusResolved,
    SurplusUnseen,
    TooLittle,
    UnknownLine,
    WrongAccount,
)
from counter.reconcile.rules import Why
from counter.shifts import ReasonMissing
from counter.text import safe_text
from db.fast import run
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, BankLineState, IntentState, Method, PaymentKind, Proof, Role, SurplusState
from db.tables import BankLine, Customer, MatchDismissed, Payment, QrIntent, Surplus


def assign_line(session: Session, now: datetime, *, line_id: UUID, intent_id: UUID, by: UUID) -> Match:
    """This line is for that transfer, whatever its memo says. Raises UnknownLine, LineDecided, WrongAccount, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    line = _open_line(session, line_id)
    row = hold_intent(session, intent_id)
    if line.account != row.account:
        raise WrongAccount(account=line.account, wanted=row.account)
    done = give_line(session, now, line, row)
    _note(session, now, kind="bank.assign", by=by, facts={"line": line_id, "intent": intent_id})
    return done


def settle_over(session: Session, now: datetime, *, intent_id: UUID, by: UUID) -> Receipt:
    """More came than was asked for: settle the bills, the rest is surplus. Raises IntentIsClosed, BillsGone, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = hold_intent(session, intent_id)
    lines = held_lines(session, intent_id)
    believed = prove_over(session, now, row, lines)
    if believed is not None:
        _note(session, now, kind="bank.settle_over", by=by, facts={"intent": intent_id, "payment": believed.payment_id})
        return believed
    if row.state not in (IntentState.OVERPAID, IntentState.LATE) or row.payment_id is not None or not lines:
        raise IntentIsClosed(code=row.code, state=row.state)
    done = settle_transfer(session, now, row, lines)
    if done is None:
        raise BillsGone(code=row.code)
    if row.state is IntentState.OVERPAID:
        move(row, to=IntentState.PAID)
    row.closed_at = now
    session.add(row)
    session.flush()
    _note(session, now, kind="bank.settle_over", by=by, facts={"intent": intent_id, "payment": done.payment_id})
    return done


def settle_line(session: Session, now: datetime, *, line_id: UUID, bill_ids: Sequence[str], by: UUID) -> Receipt:
    """A line without a code pays these bills, because a supervisor knows whose it is; the rest is surplus.

    Raises UnknownLine, LineDecided, UnknownBill, AlreadyPaid, BillWithdrawn, TooLittle, NotAllowed.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    line = _open_line(session, line_id)
    bills = [payable(session, bill_id) for bill_id in dict.fromkeys(bill_ids)]
    due = total(bill.amount for bill in bills)
    if not bills or due > line.amount:
        raise TooLittle(amount=line.amount, due=due)
    outcome = settle_bills(
        session,
        now,
        payment_id=new_id(),
        bill_ids=[bill.bill_id for bill in bills],
        money=line.amount,
        place=Place(OFFICE_TILL, None, local_day(now)),
        by=by,
        evidence=Evidence(proof=Proof.BANK_LINE, method=Method.QR, line_id=line_id),
    )
    assert outcome.receipt is not None
    line.state, line.payment_id, line.why = BankLineState.SETTLED, outcome.receipt.payment_id, ""
    session.add(line)
    if outcome.left:
        customer = bills[0].customer_code
        open_surplus(session, now, amount=outcome.left, customer_code=customer, reason="too_much", line_id=line_id, by=by)
    session.flush()
    return outcome.receipt


def line_to_surplus(
    session: Session, now: datetime, *, line_id: UUID, customer_code: str | None, reason: str, by: UUID
) -> UUID:
    """Customers' money that settles nothing now. Raises UnknownLine, LineDecided, ReasonMissing, NoCustomer, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    line, reason = _open_line(session, line_id), _reason(reason)
    if customer_code is not None and session.get(Customer, (office_of(session), customer_code)) is None:
        raise NoCustomer
    line.state = BankLineState.SURPLUS
    session.add(line)
    return open_surplus(session, now, amount=line.amount, customer_code=customer_code, reason=reason, line_id=line_id, by=by)


def line_not_ours(session: Session, now: datetime, *, line_id: UUID, reason: str, by: UUID) -> None:
    """Money that is no customer's, such as interest. Raises UnknownLine, LineDecided, ReasonMissing, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    line, reason = _open_line(session, line_id), _reason(reason)
    line.state = BankLineState.NOT_OURS
    session.add(line)
    legs = [Leg(Book.UNMATCHED, line.amount), Leg(Book.BANK_OTHER, -line.amount)]
    _note(session, now, kind="bank.not_ours", by=by, facts={"line": line_id, "reason": reason}, legs=legs)
    session.flush()


def dismiss(session: Session, now: datetime, *, line_id: UUID, intent_id: UUID, reason: str, by: UUID) -> None:
    """This line is not for that transfer: the pair is never proposed again, and a line it held is free again."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    key = (office_of(session), line_id, intent_id)
    if session.get(MatchDismissed, key) is not None:
        return
    row = hold_intent(session, intent_id)
    line = _line(session, line_id)
    if line.state not in (BankLineState.NEW, BankLineState.HELD, BankLineState.OUT):
        raise LineDecided(state=line.state)
    session.add(
        MatchDismissed(
            office_id=key[0],
            line_id=line_id,
            intent_id=intent_id,
            reason=safe_text(reason, limit=300),
            dismissed_by=by,
            dismissed_at=now,
        )
    )
    if line.intent_id == intent_id:
        line.state, line.intent_id, line.why = BankLineState.NEW, None, Why.DISMISSED.value
        session.add(line)
        session.flush()
        _without_it(session, now, row)
    session.flush()
    _note(session, now, kind="bank.dismiss", by=by, facts={"line": line_id, "intent": intent_id, "reason": reason})


def dismiss_all(
    session: Session, now: datetime, *, line_id: UUID, intent_ids: Sequence[UUID], reason: str, by: UUID
) -> None:
    """This line is for none of these transfers: all of them, or nothing is changed."""
    for intent_id in intent_ids:
        dismiss(session, now, line_id=line_id, intent_id=intent_id, reason=reason, by=by)


def _without_it(session: Session, now: datetime, row: QrIntent) -> None:
    """A transfer is again as much paid as its other lines say; where they are exactly its amount, it is settled."""
    lines = held_lines(session, row.intent_id)
    got = total(line.amount for line in lines)
    if lines and got == row.amount:
        weigh(session, now, row, lines[-1])
    elif row.state in (IntentState.UNDERPAID, IntentState.OVERPAID):
        less = IntentState.UNDERPAID if got else IntentState.SHOWN
        move(row, to=less if got < row.amount else IntentState.OVERPAID)
        session.add(row)
    elif row.state is IntentState.PAID and row.payment_id is None:
        move(row, to=IntentState.LATE)
        session.add(row)


def name_owner(session: Session, now: datetime, *, surplus_id: UUID, customer_code: str, by: UUID) -> None:
    """Whose surplus this is. Raises SurplusResolved, NoCustomer, NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    row = _open_surplus(session, surplus_id)
    if session.get(Customer, (office_of(session), customer_code)) is None:
        raise NoCustomer
    row.customer_code = customer_code
    session.add(row)
    session.flush()
    _note(session, now, kind="surplus.owner", by=by, facts={"surplus": surplus_id, "customer": customer_code})


def credit_surplus(
    session: Session, now: datetime, *, surplus_id: UUID, payment_id: UUID, by: UUID, approval_id: UUID | None
) -> Receipt:
    """Surplus becomes the customer's advance, with a numbered paper; two people. Again with the same id: the same paper.

    Raises SurplusResolved, NoCustomer, SurplusUnseen, NeedsApproval, OwnAct.
    """
    row = session.get(Surplus, (office_of(session), surplus_id), with_for_update=True, populate_existing=True)
    if row is not None and row.state is SurplusState.CREDITED and row.resolution == str(payment_id):
        return receipt(session, payment_id=payment_id)
    row = _open_surplus(session, surplus_id)
    if row.customer_code is None:
        raise NoCustomer
    _refuse_unseen(session, row)
    approver = _second(session, now, row, reason="", by=by, approval_id=approval_id)
    paper = Paper(
        payment_id=payment_id,
        till_code=OFFICE_TILL,
        kind=PaymentKind.ADVANCE,
        method=Method.QR,
        shift_id=None,
        business_day=local_day(now),
        amount=row.amount,
        tendered=Dong(),
        change=Dong(),
        actor_id=by,
        approver_id=approver,
        lines=((row.customer_code, None, row.amount),),
        months=0,
    )
    legs = [
        Leg(Book.SURPLUS, row.amount, subject=row.customer_code),
        Leg(Book.ADVANCE, -row.amount, subject=row.customer_code),
    ]
    record(session, now, paper, legs=legs)
    run(
        session,
        "advance_insert",
        office_id=office_of(session),
        customer_code=row.customer_code,
        payment_id=payment_id,
        amount=row.amount,
        months=0,
    )
    _resolve(session, now, row, to=SurplusState.CREDITED, by=by, resolution=str(payment_id))
    return receipt(session, payment_id=payment_id)


def refund_surplus(
    session: Session, now: datetime, *, surplus_id: UUID, reference: str, by: UUID, approval_id: UUID | None
) -> None:
    """Surplus was given back by the bank, under this reference; two people.

    Raises SurplusResolved, SurplusUnseen, ReferenceMissing, NeedsApproval, OwnAct.
    """
    row = _open_surplus(session, surplus_id)
    _refuse_unseen(session, row)
    plain = safe_text(reference, limit=64)
    if not plain:
        raise ReferenceMissing
    approver = _second(session, now, row, reason=reference, by=by, approval_id=approval_id)
    facts: dict[str, object] = {"surplus": surplus_id, "amount": int(row.amount), "reference": plain, "approver": approver}
    legs = [Leg(Book.SURPLUS, row.amount, subject=row.customer_code or ""), Leg(Book.BANK_OTHER, -row.amount)]
    _note(session, now, kind="surplus.refund", by=by, facts=facts, legs=legs)
    _resolve(session, now, row, to=SurplusState.REFUNDED, by=by, resolution=plain)


def _refuse_unseen(session: Session, row: Surplus) -> None:
    """Nobody gives back money that only two people have seen. Raises SurplusUnseen."""
    reversal = session.get(Payment, (row.office_id, row.payment_id)) if row.payment_id is not None else None
    if reversal is None or reversal.reverses is None:
        return
    if is_unconfirmed(session, payment_id=reversal.reverses):
        raise SurplusUnseen


def _second(session: Session, now: datetime, row: Surplus, *, reason: str, by: UUID, approval_id: UUID | None) -> UUID:
    """`reason`: the bank's reference of a refund; none where it becomes an advance: a word for one is none for the other."""
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.SURPLUS,
        subject=str(row.surplus_id),
        amount=row.amount,
        reason=reason,
        by=by,
        roles=(Role.SUPERVISOR,),
    )


def _resolve(session: Session, now: datetime, row: Surplus, *, to: SurplusState, by: UUID, resolution: str) -> None:
    row.state, row.resolved_at, row.resolved_by, row.resolution = to, now, by, resolution
    session.add(row)
    session.flush()


def _open_surplus(session: Session, surplus_id: UUID) -> Surplus:
    row = session.get(Surplus, (office_of(session), surplus_id), with_for_update=True, populate_existing=True)
    if row is None or row.state is not SurplusState.OPEN:
        raise SurplusResolved(resolution=row.state if row else "?")
    return row


def _line(session: Session, line_id: UUID) -> BankLine:
    row = session.get(BankLine, (office_of(session), line_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownLine
    return row


def _open_line(session: Session, line_id: UUID) -> BankLine:
    row = _line(session, line_id)
    if row.state is not BankLineState.NEW:
        raise LineDecided(state=row.state)
    return row


def _reason(text: str) -> str:
    plain = safe_text(text, limit=300)
    if not plain:
        raise ReasonMissing
    return plain


def _note(
    session: Session, now: datetime, *, kind: str, by: UUID, facts: dict[str, object], legs: Sequence[Leg] = ()
) -> None:
    enter(
        session,
        now,
        till_code=OFFICE_TILL,
        kind=kind,
        business_day=local_day(now),
        actor_id=by,
        facts=facts,
        legs=legs,
    )
