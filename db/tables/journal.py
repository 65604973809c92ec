"""The journal chain and the ledger: appended, never edited."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, long_text, office_key, uuid_
from db.columns import date as Date


class JournalRow(Row, table=True):
    """Who did what, when: one link of a till's chain. `content` is the canonical JSON the hash was made of."""

    __tablename__ = "journal"
    __table_args__ = (belongs_to("till", "till_code"), CheckConstraint("seq >= 1", name="from_one"))
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=40)
    at: datetime = instant()
    business_day: Date = day()
    actor_id: UUID | None = uuid_(default=None, nullable=True)
    content: str = long_text()
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Account(Row, table=True):
    """An account of the chart: data, so that an office's accountant numbers it as their books do."""

    __tablename__ = "account"
    __table_args__ = (belongs_to("office"),)
    office_id: str = office_key()
    account: str = Field(primary_key=True, max_length=24)
    book_number: str = Field(max_length=16)
    name: str = Field(max_length=120)


class Posting(Row, table=True):
    """One leg of a balanced entry. The entry is the journal row with the same till and seq; plus is debit, minus credit."""

    __tablename__ = "posting"
    __table_args__ = (
        belongs_to("journal", "till_code", "seq"),
        belongs_to("account", "account"),
        CheckConstraint("amount <> 0", name="something"),
        Index("ix_posting_shift", "office_id", "shift_id", "account", "amount"),
        Index("ix_posting_account", "office_id", "account", "till_code"),
    )
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    seq: int = Field(primary_key=True)
    leg: int = Field(primary_key=True)
    account: str = Field(max_length=24)
    amount: Dong = dong()
    shift_id: UUID | None = uuid_(default=None, nullable=True)
    subject: str = Field(default="", max_length=60)
    business_day: Date = day()
