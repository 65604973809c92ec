"""Transfers as screens, slips and commands see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.cashless.codes import memo_for
from counter.cashless.vietqr import TRANSFER_LIMIT, Transfer, make
from counter.money import Dong
from counter.payments.qr.refusals import UnknownIntent
from counter.payments.qr.rules import OPEN_INTENTS
from counter.payments.rules import receipt_number
from counter.text import mask_name, safe_text
from db.scope import office_of
from db.states import BankLineState, IntentState, Proof
from db.tables import BankAccount, BankLine, Bill, CashlessPayment, Customer, Payment, QrIntent, QrIntentBill


@dataclass(frozen=True, slots=True)
class Account:
    """An account that customers transfer to. `memo_limit`: characters that its channel keeps."""

    account: str
    bin: str
    holder: str
    memo_limit: int
    code_block: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """A transfer asked for. Money in đồng: `amount` by transfer, `received` so far, `missing` still, `cash_part` in cash
    afterwards. `payload` is the VietQR text for what is missing, at most one transfer's limit; empty when nothing is.
    `small_payload` asks for the same with nothing but what the bank writes down: its code fits a screen of 24 lines."""

    intent_id: UUID
    code: str
    state: IntentState
    till_code: str
    shift_id: UUID
    amount: Dong
    cash_part: Dong
    received: Dong
    missing: Dong
    asked_now: Dong
    payload: str
    small_payload: str
    account: str
    bin: str
    holder: str
    memo: str
    opened_at: datetime
    expires_at: datetime
    bill_ids: tuple[str, ...]
    customer_codes: tuple[str, ...]
    name_masked: str
    payment_id: UUID | None
    number: str

    @property
    def is_open(self) -> bool:
        """Whether money is still waited for at the till."""
        return self.state in OPEN_INTENTS


def accounts(session: Session) -> list[Account]:
    """The office's accounts, the default first."""
    rows = session.exec(
        select(BankAccount)
        .where(BankAccount.office_id == office_of(session))
        .order_by(col(BankAccount.is_default).desc(), col(BankAccount.account))
    ).all()
    return [Account(r.account, r.bin, r.holder, r.memo_limit, r.code_block, r.is_default) for r in rows]


def intent(session: Session, *, intent_id: UUID) -> Intent:
    """One transfer. Raises UnknownIntent."""
    row = session.get(QrIntent, (office_of(session), intent_id))
    if row is None:
        raise UnknownIntent(intent=str(intent_id))
    return intent_of(session, row)


def intent_by_code(session: Session, *, code: str) -> Intent:
    """The transfer with this payment code. Raises UnknownIntent."""
    row = session.exec(select(QrIntent).where(QrIntent.office_id == office_of(session), QrIntent.code == code)).first()
    if row is None:
        raise UnknownIntent(intent=safe_text(code, limit=20))
    return intent_of(session, row)


def intents_at_till(session: Session, *, till_code: str) -> list[Intent]:
    """What this till still waits for, oldest first: transfers on their way, and those whose cash part is not taken."""
    waits_for_cash = (
        col(QrIntent.state).in_((IntentState.PAID, IntentState.LATE))
        & (QrIntent.cash_part > 0)
        & col(QrIntent.payment_id).is_(None)
    )
    rows = session.exec(
        select(QrIntent)
        .where(QrIntent.office_id == office_of(session), QrIntent.till_code == till_code)
        .where(col(QrIntent.state).in_(OPEN_INTENTS) | waits_for_cash)
        .order_by(col(QrIntent.opened_at), col(QrIntent.intent_id))
    ).all()
    return [intent_of(session, row) for row in rows]


def intents_of_bills(session: Session, *, bill_ids: Sequence[str]) -> dict[str, str]:
    """{bill: till} for bills that somebody is paying by transfer just now."""
    rows = session.exec(
        select(QrIntentBill.bill_id, QrIntent.till_code)
        .join(
            QrIntent,
            (col(QrIntent.office_id) == QrIntentBill.office_id) & (col(QrIntent.intent_id) == QrIntentBill.intent_id),
        )
        .where(QrIntentBill.office_id == office_of(session), col(QrIntentBill.bill_id).in_(list(bill_ids)))
        .where(col(QrIntent.state).in_(OPEN_INTENTS))
    ).all()
    return dict(rows)


def is_unconfirmed(session: Session, *, payment_id: UUID) -> bool:
    """Whether two people believed it and no bank line has met it yet."""
    proof = session.get(CashlessPayment, (office_of(session), payment_id))
    return proof is not None and proof.proof is Proof.BY_HAND and proof.line_id is None


def received(session: Session, *, intent_id: UUID) -> Dong:
    """What the bank's lines brought for this transfer and is not spent yet (đồng)."""
    found = session.exec(
        select(func.coalesce(func.sum(BankLine.amount), 0)).where(
            BankLine.office_id == office_of(session), BankLine.intent_id == intent_id, BankLine.state == BankLineState.HELD
        )
    ).one()
    return Dong(int(found))


def intent_of(session: Session, row: QrIntent) -> Intent:
    """The row with what belongs to it."""
    account = session.get_one(BankAccount, (row.office_id, row.account))
    lines = _bills(session, row.intent_id)
    codes = tuple(dict.fromkeys(customer_code for _, customer_code, _ in lines))
    got = received(session, intent_id=row.intent_id) if row.payment_id is None else row.amount
    missing = max(row.amount - got, Dong()) if row.payment_id is None else Dong()
    asked = min(missing, TRANSFER_LIMIT)
    memo = memo_for(row.code, customer_code=codes[0] if len(codes) == 1 else "", longest=account.memo_limit)
    customer = codes[0] if len(codes) == 1 else ""
    return Intent(
        intent_id=row.intent_id,
        code=row.code,
        state=row.state,
        till_code=row.till_code,
        shift_id=row.shift_id,
        amount=row.amount,
        cash_part=row.cash_part,
        received=got,
        missing=Dong(missing),
        asked_now=Dong(asked),
        payload=make(Transfer(account.bin, row.account, Dong(asked), memo, row.code, customer)) if asked else "",
        small_payload=make(Transfer(account.bin, row.account, Dong(asked), memo)) if asked else "",
        account=row.account,
        bin=account.bin,
        holder=account.holder,
        memo=memo,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        bill_ids=tuple(bill_id for bill_id, _, _ in lines),
        customer_codes=codes,
        name_masked=mask_name(lines[0][2]) if lines else "",
        payment_id=row.payment_id,
        number=_number(session, row.payment_id),
    )


def _bills(session: Session, intent_id: UUID) -> list[tuple[str, str, str]]:
    rows = session.exec(
        select(QrIntentBill.bill_id, Bill.customer_code, Customer.name)
        .join(Bill, (col(Bill.office_id) == QrIntentBill.office_id) & (col(Bill.bill_id) == QrIntentBill.bill_id))
        .join(Customer, (col(Customer.office_id) == Bill.office_id) & (col(Customer.customer_code) == Bill.customer_code))
        .where(QrIntentBill.office_id == office_of(session), QrIntentBill.intent_id == intent_id)
        .order_by(col(QrIntentBill.place))
    ).all()
    return [(bill_id, code, name) for bill_id, code, name in rows]


def _number(session: Session, payment_id: UUID | None) -> str:
    if payment_id is None:
        return ""
    row = session.get_one(Payment, (office_of(session), payment_id))
    return receipt_number(office_id=row.office_id, till_code=row.till_code, year=row.year, number=row.number)
