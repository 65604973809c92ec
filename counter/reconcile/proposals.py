"""Lines that wait for a person, each with what it may be for and why; read page by page, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.bills import BillLine, unpaid_bills
from counter.cashless.codes import codes_in, squeezed
from counter.money import Dong, total
from counter.payments.qr.rules import OPEN_INTENTS
from counter.reconcile.rules import Why
from db.scope import office_of
from db.states import BankLineState, IntentState
from db.tables import BankLine, Customer, MatchDismissed, Payment, QrIntent

_CUSTOMER: Final = re.compile(r"(?=(P[A-Z][0-9A-Z]{11}))")
PAGE: Final = 500
MOST_ALIKE: Final = 5
"""Transfers of one amount that are proposed: the newest."""
MOST_CODES: Final = 20


class Reason(StrEnum):
    """Why a pair is proposed."""

    HELD_FOR_IT = "HELD_FOR_IT"
    SAME_AMOUNT = "SAME_AMOUNT"
    CUSTOMER_OWES_IT = "CUSTOMER_OWES_IT"
    CUSTOMER_NAMED = "CUSTOMER_NAMED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line may be for: a transfer, or bills of a customer; and why."""

    reason: Reason
    intent_id: UUID | None
    code: str
    customer_code: str
    bill_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A bank line that a person decides. `amount` in đồng; `why` it did not settle by itself."""

    line_id: UUID
    account: str
    amount: Dong
    booked_day: date
    memo: str
    reference: str
    counterparty: str
    state: BankLineState
    why: str
    proposals: tuple[Proposal, ...]


def open_lines(session: Session, *, page: int = PAGE) -> list[OpenLine]:
    """Every line that waits for a person, in the order of its day, each with what it may be for.

    Also money that left again under the code and with the sum of a settled transfer: until its payment is reversed, or
    somebody says that it is another's.
    """
    found = _returned(session)
    for rows in _pages(session, page):
        dismissed, alike, known = _dismissed(session, rows), _alike(session, rows), _known_customers(session, rows)
        found += [_open_line(session, row, dismissed=dismissed, alike=alike, known=known) for row in rows]
    return sorted(found, key=lambda line: line.booked_day)


def bills_within(session: Session, *, customer_code: str, amount: Dong) -> list[BillLine]:
    """The customer's oldest bills as far as this money (đồng) reaches. Raises UnknownCustomer."""
    owed = unpaid_bills(session, customer_code=customer_code).bills
    return [bill for place, bill in enumerate(owed, 1) if total(one.amount for one in owed[:place]) <= amount]


def _returned(session: Session) -> list[OpenLine]:
    """Money that went out and whose code is that of a transfer, which settled bills with just this sum."""
    office_id = office_of(session)
    out = select(BankLine).where(BankLine.office_id == office_id, BankLine.state == BankLineState.OUT, BankLine.why == "")
    rows = session.exec(out.order_by(col(BankLine.journal_seq))).all()
    codes = {code for row in rows for code in codes_in(row.memo)}
    reversed_ = select(Payment.reverses).where(Payment.office_id == office_id, col(Payment.reverses).is_not(None))
    settled = session.exec(
        select(QrIntent)
        .where(QrIntent.office_id == office_id, col(QrIntent.code).in_(codes), col(QrIntent.payment_id).is_not(None))
        .where(col(QrIntent.payment_id).not_in(reversed_))
    ).all()
    dismissed = _dismissed(session, rows)
    found = []
    for row in rows:
        known = codes_in(row.memo)
        for one in settled:
            is_it = one.code in known and (one.account, one.amount) == (row.account, row.amount)
            if is_it and (row.line_id, one.intent_id) not in dismissed:
                found.append(_told(row, Why.RETURNED.value, (Proposal(Reason.RETURNED, one.intent_id, one.code, "", ()),)))
    return found


def _pages(session: Session, page: int) -> Iterator[Sequence[BankLine]]:
    """In the order they came: a place that no later line takes."""
    seq = 0
    waiting = select(BankLine).where(
        BankLine.office_id == office_of(session), col(BankLine.state).in_((BankLineState.NEW, BankLineState.HELD))
    )
    by_place = col(BankLine.journal_seq)
    while rows := session.exec(waiting.where(by_place > seq).order_by(by_place).limit(page)).all():
        seq = rows[-1].journal_seq
        yield rows


def _open_line(
    session: Session,
    row: BankLine,
    *,
    dismissed: set[tuple[UUID, UUID]],
    alike: dict[tuple[str, Dong], list[QrIntent]],
    known: set[str],
) -> OpenLine:
    found: list[Proposal] = []
    if row.intent_id is not None:
        intent = session.get_one(QrIntent, (row.office_id, row.intent_id))
        found.append(Proposal(Reason.HELD_FOR_IT, intent.intent_id, intent.code, "", ()))
    else:
        fits = [one for one in alike.get((row.account, row.amount), ()) if (row.line_id, one.intent_id) not in dismissed]
        found += [Proposal(Reason.SAME_AMOUNT, one.intent_id, one.code, "", ()) for one in fits[:MOST_ALIKE]]
        found += [_for_customer(session, row, code) for code in _customer_codes(row.memo) if code in known]
    return _told(row, row.why, tuple(found))


def _told(row: BankLine, why: str, proposals: tuple[Proposal, ...]) -> OpenLine:
    return OpenLine(
        line_id=row.line_id,
        account=row.account,
        amount=row.amount,
        booked_day=row.booked_day,
        memo=row.memo,
        reference=row.reference,
        counterparty=row.counterparty,
        state=row.state,
        why=why,
        proposals=proposals,
    )


def _for_customer(session: Session, row: BankLine, code: str) -> Proposal:
    """The customer, with bills where what they owe is exactly this amount."""
    bills = unpaid_bills(session, customer_code=code).bills
    exact = bills if bills and total(bill.amount for bill in bills) == row.amount else ()
    exact = exact or tuple(bill for bill in bills[:1] if bill.amount == row.amount)
    reason = Reason.CUSTOMER_OWES_IT if exact else Reason.CUSTOMER_NAMED
    return Proposal(reason, None, "", code, tuple(bill.bill_id for bill in exact))


def _customer_codes(memo: str) -> list[str]:
    """What looks like a customer's code in a memo, each once."""
    return list(dict.fromkeys(place[1] for place in _CUSTOMER.finditer(squeezed(memo).decode())))[:MOST_CODES]


def _known_customers(session: Session, rows: Sequence[BankLine]) -> set[str]:
    wanted = {code for row in rows for code in _customer_codes(row.memo)}
    return set(
        session.exec(
            select(Customer.customer_code).where(
                Customer.office_id == office_of(session), col(Customer.customer_code).in_(wanted)
            )
        ).all()
    )


def _alike(session: Session, rows: Sequence[BankLine]) -> dict[tuple[str, Dong], list[QrIntent]]:
    """Transfers that wait, or waited, for one of the rows' amounts: the newest first."""
    found: dict[tuple[str, Dong], list[QrIntent]] = {}
    for one in session.exec(
        select(QrIntent)
        .where(QrIntent.office_id == office_of(session), col(QrIntent.amount).in_({row.amount for row in rows}))
        .where(col(QrIntent.state).in_((*OPEN_INTENTS, IntentState.EXPIRED)))
        .order_by(col(QrIntent.opened_at).desc())
    ):
        found.setdefault((one.account, one.amount), []).append(one)
    return found


def _dismissed(session: Session, rows: Sequence[BankLine]) -> set[tuple[UUID, UUID]]:
    return set(
        session.exec(
            select(MatchDismissed.line_id, MatchDismissed.intent_id).where(
                MatchDismissed.office_id == office_of(session), col(MatchDismissed.line_id).in_([r.line_id for r in rows])
            )
        ).all()
    )
