"""Transfers asked for, what the bank says about money, and money that settles nothing."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, long_text, office_key, uuid_, word
from db.columns import date as Date
from db.states import ArrivalState, BankLineState, IntentState, Proof, SurplusState


class BankAccount(Row, table=True):
    """An account of the office that customers transfer to. `memo_limit`: characters the bank's channel keeps."""

    __tablename__ = "bank_account"
    __table_args__ = (belongs_to("office"), CheckConstraint("memo_limit BETWEEN 12 AND 25", name="memo_holds_a_code"))
    office_id: str = office_key()
    account: str = Field(primary_key=True, max_length=19)
    bin: str = Field(max_length=6)
    holder: str = Field(max_length=120)
    memo_limit: int = Field(default=25)
    code_block: str = Field(default="", max_length=4)
    is_default: bool = Field(default=False)


class QrIntent(Row, table=True):
    """One transfer asked for: a basket, its amount, its payment code. `cash_part` is taken in cash after it came."""

    __tablename__ = "qr_intent"
    __table_args__ = (
        belongs_to("till", "till_code"),
        belongs_to("shift", "shift_id"),
        belongs_to("app_user", "opened_by", key=("user_id",)),
        belongs_to("bank_account", "account"),
        belongs_to("payment", "payment_id"),
        UniqueConstraint("office_id", "code"),
        CheckConstraint("amount > 0 AND cash_part >= 0", name="something"),
        Index("ix_qr_intent_state", "office_id", "state", "opened_at"),
    )
    office_id: str = office_key()
    intent_id: UUID = uuid_(primary_key=True)
    till_code: str = Field(max_length=16)
    shift_id: UUID = uuid_()
    account: str = Field(max_length=19)
    code: str = Field(max_length=12)
    amount: Dong = dong()
    cash_part: Dong = dong()
    state: IntentState = word(IntentState)
    opened_by: UUID = uuid_()
    opened_at: datetime = instant()
    expires_at: datetime = instant()
    closed_at: datetime | None = instant(default=None, nullable=True)
    approver_id: UUID | None = uuid_(default=None, nullable=True)
    payment_id: UUID | None = uuid_(default=None, nullable=True)


class QrIntentBill(Row, table=True):
    """A bill of an intent's basket, with the amount it had when the code was shown."""

    __tablename__ = "qr_intent_bill"
    __table_args__ = (
        belongs_to("qr_intent", "intent_id"),
        belongs_to("bill", "bill_id"),
        Index("ix_qr_intent_bill_bill", "office_id", "bill_id"),
    )
    office_id: str = office_key()
    intent_id: UUID = uuid_(primary_key=True)
    bill_id: str = Field(primary_key=True, max_length=32)
    place: int
    amount: Dong = dong()


class CashlessPayment(Row, table=True):
    """Why a payment without cash is believed. `partner` and `reference` name a slip once; `line_id` is the bank's word."""

    __tablename__ = "cashless_payment"
    __table_args__ = (
        belongs_to("payment", "payment_id"),
        belongs_to("qr_intent", "intent_id"),
        belongs_to("bank_line", "line_id"),
        UniqueConstraint("office_id", "partner", "reference"),
        CheckConstraint("proof <> 'BANK_LINE' OR line_id IS NOT NULL", name="line_proves"),
        CheckConstraint("proof = 'BANK_LINE' OR (partner <> '' AND reference IS NOT NULL)", name="reference_names"),
        Index("ix_cashless_payment_line", "office_id", "line_id"),
    )
    office_id: str = office_key()
    payment_id: UUID = uuid_(primary_key=True)
    proof: Proof = word(Proof)
    intent_id: UUID | None = uuid_(default=None, nullable=True)
    partner: str = Field(default="", max_length=40)
    reference: str | None = Field(default=None, max_length=64, nullable=True)
    line_id: UUID | None = uuid_(default=None, nullable=True)


class BankArrival(Row, table=True):
    """A message about money as it came: stored before it is answered, once for each provider and its id."""

    __tablename__ = "bank_arrival"
    __table_args__ = (belongs_to("office"), Index("ix_bank_arrival_state", "office_id", "state", "received_at"))
    office_id: str = office_key()
    provider: str = Field(primary_key=True, max_length=24)
    external_id: str = Field(primary_key=True, max_length=80)
    received_at: datetime = instant()
    facts: str = long_text()
    sha256: str = Field(max_length=64)
    state: ArrivalState = word(ArrivalState)
    line_id: UUID | None = uuid_(default=None, nullable=True)
    note: str = Field(default="", max_length=300)


class BankStatement(Row, table=True):
    """A statement file that was brought in, and whether it adds up."""

    __tablename__ = "bank_statement"
    __table_args__ = (belongs_to("bank_account", "account"),)
    office_id: str = office_key()
    statement_id: UUID = uuid_(primary_key=True)
    account: str = Field(max_length=19)
    file_name: str = Field(max_length=300)
    sha256: str = Field(max_length=64)
    profile: str = Field(max_length=40)
    opening: Dong | None = dong(default=None, nullable=True)
    closing: Dong | None = dong(default=None, nullable=True)
    in_total: Dong = dong()
    out_total: Dong = dong()
    read: int
    added: int
    already: int
    rejected: str = long_text(default="[]")
    done_at: datetime = instant()
    done_by: UUID = uuid_()


class BankLine(Row, table=True):
    """Money that moved on an account, once, however many messages tell of it. `identity` tells it from every other line;
    `told_by` names who told of it, each between bars."""

    __tablename__ = "bank_line"
    __table_args__ = (
        belongs_to("bank_account", "account"),
        belongs_to("qr_intent", "intent_id"),
        belongs_to("payment", "payment_id"),
        UniqueConstraint("office_id", "account", "identity"),
        CheckConstraint("amount > 0", name="something"),
        Index("ix_bank_line_state", "office_id", "state", "booked_day"),
        Index("ix_bank_line_intent", "office_id", "intent_id"),
        Index("ix_bank_line_amount", "office_id", "account", "amount", "booked_day"),
    )
    office_id: str = office_key()
    line_id: UUID = uuid_(primary_key=True)
    account: str = Field(max_length=19)
    identity: str = Field(max_length=200)
    amount: Dong = dong()
    state: BankLineState = word(BankLineState)
    booked_day: Date = day()
    occurred_at: datetime | None = instant(default=None, nullable=True)
    memo: str = Field(max_length=500)
    reference: str = Field(default="", max_length=80)
    counterparty: str = Field(default="", max_length=160)
    seen_by_feed: bool = Field(default=False)
    seen_by_statement: bool = Field(default=False)
    told_by: str = long_text(default="|")
    why: str = Field(default="", max_length=40)
    intent_id: UUID | None = uuid_(default=None, nullable=True)
    payment_id: UUID | None = uuid_(default=None, nullable=True)
    journal_seq: int


class MatchDismissed(Row, table=True):
    """A person said that this line is not for this intent: the pair is not proposed again."""

    __tablename__ = "match_dismissed"
    __table_args__ = (belongs_to("bank_line", "line_id"), belongs_to("qr_intent", "intent_id"))
    office_id: str = office_key()
    line_id: UUID = uuid_(primary_key=True)
    intent_id: UUID = uuid_(primary_key=True)
    reason: str = Field(default="", max_length=300)
    dismissed_by: UUID = uuid_()
    dismissed_at: datetime = instant()


class Surplus(Row, table=True):
    """Money of a customer that settles nothing: to be credited or given back, with two people."""

    __tablename__ = "surplus"
    __table_args__ = (
        belongs_to("bank_line", "line_id"),
        belongs_to("payment", "payment_id"),
        CheckConstraint("amount > 0", name="something"),
        Index("ix_surplus_state", "office_id", "state", "opened_at"),
    )
    office_id: str = office_key()
    surplus_id: UUID = uuid_(primary_key=True)
    amount: Dong = dong()
    state: SurplusState = word(SurplusState)
    line_id: UUID | None = uuid_(default=None, nullable=True)
    payment_id: UUID | None = uuid_(default=None, nullable=True)
    customer_code: str | None = Field(default=None, max_length=20, nullable=True)
    reason: str = Field(default="", max_length=300)
    opened_at: datetime = instant()
    resolved_at: datetime | None = instant(default=None, nullable=True)
    resolved_by: UUID | None = uuid_(default=None, nullable=True)
    resolution: str = Field(default="", max_length=120)
