"""Payments, what they settled, advances, reprints."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, office_key, uuid_, word
from db.columns import date as Date
from db.states import Method, PaymentKind


class Payment(Row, table=True):
    """One numbered paper: money in, money back, or an advance used. `amount` is signed: minus for money given back."""

    __tablename__ = "payment"
    __table_args__ = (
        belongs_to("till", "till_code"),
        belongs_to("shift", "shift_id"),
        belongs_to("payment", "reverses", key=("payment_id",)),
        UniqueConstraint("office_id", "till_code", "year", "number"),
        UniqueConstraint("office_id", "reverses"),
        UniqueConstraint("office_id", "till_code", "journal_seq"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "method <> 'CASH' OR kind IN ('REVERSAL','REFUND') OR tendered = amount + change", name="change_given"
        ),
        CheckConstraint("change >= 0", name="change_not_negative"),
        CheckConstraint("(kind = 'REVERSAL') = (reverses IS NOT NULL)", name="reversal_points"),
        CheckConstraint(
            "kind NOT IN ('REVERSAL','REFUND') OR (amount < 0 AND approver_id IS NOT NULL)", name="back_approved"
        ),
        CheckConstraint("kind IN ('REVERSAL','REFUND') OR amount > 0", name="in_positive"),
        CheckConstraint("approver_id IS NULL OR approver_id <> actor_id", name="two_people"),
        Index("ix_payment_shift", "office_id", "shift_id"),
        Index("ix_payment_day", "office_id", "business_day"),
    )
    office_id: str = office_key()
    payment_id: UUID = uuid_(primary_key=True)
    till_code: str = Field(max_length=16)
    year: int
    number: int
    kind: PaymentKind = word(PaymentKind)
    method: Method = word(Method)
    shift_id: UUID | None = uuid_(default=None, nullable=True)
    business_day: Date = day()
    amount: Dong = dong()
    tendered: Dong = dong()
    change: Dong = dong()
    reverses: UUID | None = uuid_(default=None, nullable=True)
    reason: str = Field(default="", max_length=300)
    actor_id: UUID = uuid_()
    approver_id: UUID | None = uuid_(default=None, nullable=True)
    taken_at: datetime = instant()
    journal_seq: int


class PaymentLine(Row, table=True):
    """What the money was for: a bill, or a customer's advance. Signed like the payment."""

    __tablename__ = "payment_line"
    __table_args__ = (
        belongs_to("payment", "payment_id"),
        belongs_to("customer", "customer_code"),
        CheckConstraint("amount <> 0", name="something"),
        Index("ix_payment_line_bill", "office_id", "bill_id"),
    )
    office_id: str = office_key()
    payment_id: UUID = uuid_(primary_key=True)
    line: int = Field(primary_key=True)
    customer_code: str = Field(max_length=20)
    bill_id: str | None = Field(default=None, max_length=32, nullable=True)
    amount: Dong = dong()


class Settlement(Row, table=True):
    """A bill settled by a payment. At most one is live: its `reversed_by` is empty; it is filled once, never emptied."""

    __tablename__ = "settlement"
    __table_args__ = (
        belongs_to("bill", "bill_id"),
        belongs_to("payment", "payment_id"),
        belongs_to("payment", "reversed_by", key=("payment_id",)),
        Index(
            "uq_settlement_live",
            "office_id",
            "bill_id",
            unique=True,
            sqlite_where=text("reversed_by IS NULL"),
            postgresql_where=text("reversed_by IS NULL"),
        ),
    )
    office_id: str = office_key()
    bill_id: str = Field(primary_key=True, max_length=32)
    payment_id: UUID = uuid_(primary_key=True)
    amount: Dong = dong()
    reversed_by: UUID | None = uuid_(default=None, nullable=True)


class AdvanceMove(Row, table=True):
    """A customer's advance money: in (+) by an advance payment, out (−) by use, reversal or refund. Balance = sum."""

    __tablename__ = "advance_move"
    __table_args__ = (
        belongs_to("customer", "customer_code"),
        CheckConstraint("amount <> 0", name="something"),
    )
    office_id: str = office_key()
    customer_code: str = Field(primary_key=True, max_length=20)
    payment_id: UUID = uuid_(primary_key=True)
    amount: Dong = dong()
    months: int = Field(default=0)


class Reprint(Row, table=True):
    """A copy of a receipt: BẢN SAO LẦN n."""

    __tablename__ = "reprint"
    __table_args__ = (belongs_to("payment", "payment_id"), CheckConstraint("copy_no >= 1", name="from_one"))
    office_id: str = office_key()
    payment_id: UUID = uuid_(primary_key=True)
    copy_no: int = Field(primary_key=True)
    printed_by: UUID = uuid_()
    printed_at: datetime = instant()
