"""The office, its tills, its people, and the two counters each till owns."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, office_key, uuid_, word
from db.columns import date as Date
from db.states import ApprovalAct, ApprovalState, Role


class Office(Row, table=True):
    """A transaction office. Above `difference_limit` đồng a shortage or overage needs a supervisor's word."""

    __tablename__ = "office"
    office_id: str = office_key()
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=40)
    difference_limit: Dong = dong(default=Dong(20_000))


class Till(Row, table=True):
    """A place with a drawer, a printer and a receipt series. The till named OFFICE is the office's own desk."""

    __tablename__ = "till"
    __table_args__ = (belongs_to("office"),)
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)


class TillLease(Row, table=True):
    """Which program has a till open: signed again and again while it lives, by the database's clock. Empty: nobody has."""

    __tablename__ = "till_lease"
    __table_args__ = (belongs_to("till", "till_code"), belongs_to("app_user", "user_id"))
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    holder_id: UUID | None = uuid_(default=None, nullable=True)
    place: str = Field(default="", max_length=120)
    machine: str = Field(default="", max_length=64)
    user_id: UUID | None = uuid_(default=None, nullable=True)
    taken_at: datetime | None = instant(default=None, nullable=True)
    seen_at: datetime | None = instant(default=None, nullable=True)


class ReceiptSeries(Row, table=True):
    """The next receipt number of a till in a calendar year: one row, advanced inside the payment's transaction."""

    __tablename__ = "receipt_series"
    __table_args__ = (belongs_to("till", "till_code"), CheckConstraint("next_number >= 1", name="from_one"))
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    year: int = Field(primary_key=True)
    next_number: int


class ChainHead(Row, table=True):
    """The end of a till's journal chain: last sequence and its hash."""

    __tablename__ = "chain_head"
    __table_args__ = (belongs_to("till", "till_code"),)
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    seq: int
    hash: str = Field(max_length=64)


class AppUser(Row, table=True):
    """A person who signs in."""

    __tablename__ = "app_user"
    __table_args__ = (
        belongs_to("office"),
        UniqueConstraint("office_id", "login"),
        CheckConstraint("pin_reset_by IS NULL OR pin_reset_by <> user_id", name="not_reset_by_self"),
    )
    office_id: str = office_key()
    user_id: UUID = uuid_(primary_key=True)
    login: str = Field(max_length=40)
    name: str = Field(max_length=120)
    role: Role = word(Role)
    pin_hash: str = Field(max_length=200)
    is_active: bool = Field(default=True)
    pin_reset_by: UUID | None = uuid_(default=None, nullable=True)
    pin_reset_day: Date | None = day(default=None, nullable=True)


class PinGuard(Row, table=True):
    """Wrong PINs of one user at one till: five in a row lock for 30 minutes, ten in a day until a supervisor unlocks."""

    __tablename__ = "pin_guard"
    __table_args__ = (belongs_to("app_user", "user_id"), belongs_to("till", "till_code"))
    office_id: str = office_key()
    user_id: UUID = uuid_(primary_key=True)
    till_code: str = Field(primary_key=True, max_length=16)
    wrong_in_row: int = Field(default=0)
    wrong_day: Date | None = day(default=None, nullable=True)
    wrong_that_day: int = Field(default=0)
    locked_until: datetime | None = instant(default=None, nullable=True)


class Approval(Row, table=True):
    """A second person's word on one act by somebody else: bound to the act, its subject and its amount."""

    __tablename__ = "approval"
    __table_args__ = (
        belongs_to("app_user", "requested_by", key=("user_id",)),
        belongs_to("till", "till_code"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
        CheckConstraint("(state IN ('WAITING', 'WITHDRAWN')) = (decided_by IS NULL)", name="decided_by_somebody"),
        Index("ix_approval_waiting", "office_id", "state", "requested_at"),
    )
    office_id: str = office_key()
    approval_id: UUID = uuid_(primary_key=True)
    act: ApprovalAct = word(ApprovalAct)
    subject: str = Field(max_length=120)
    amount: Dong = dong()
    reason: str = Field(default="", max_length=300)
    till_code: str = Field(max_length=16)
    requested_by: UUID = uuid_()
    requested_at: datetime = instant()
    state: ApprovalState = word(ApprovalState)
    decided_by: UUID | None = uuid_(default=None, nullable=True)
    decided_at: datetime | None = instant(default=None, nullable=True)
