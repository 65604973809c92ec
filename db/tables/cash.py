"""Shifts, counts by notes, and cash that moves between drawer and safe."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, long_text, office_key, uuid_, word
from db.columns import date as Date
from db.states import CashMoveKind, CountPurpose, ShiftState


class Shift(Row, table=True):
    """Ca thu: one cashier, one drawer, one business day fixed when it opened. `received`: what the receiver counted."""

    __tablename__ = "shift"
    __table_args__ = (
        belongs_to("till", "till_code"),
        belongs_to("app_user", "cashier_id", key=("user_id",)),
        CheckConstraint("receiver_id IS NULL OR receiver_id <> cashier_id", name="received_by_another"),
        Index(
            "uq_shift_live_till",
            "office_id",
            "till_code",
            unique=True,
            sqlite_where=text("state IN ('OPEN','COUNTED')"),
            postgresql_where=text("state IN ('OPEN','COUNTED')"),
        ),
        Index(
            "uq_shift_live_cashier",
            "office_id",
            "cashier_id",
            unique=True,
            sqlite_where=text("state IN ('OPEN','COUNTED')"),
            postgresql_where=text("state IN ('OPEN','COUNTED')"),
        ),
        Index("ix_shift_day", "office_id", "business_day"),
    )
    office_id: str = office_key()
    shift_id: UUID = uuid_(primary_key=True)
    till_code: str = Field(max_length=16)
    cashier_id: UUID = uuid_()
    business_day: Date = day()
    state: ShiftState = word(ShiftState)
    opened_at: datetime = instant()
    float_amount: Dong = dong()
    counted: Dong | None = dong(default=None, nullable=True)
    expected: Dong | None = dong(default=None, nullable=True)
    difference_reason: str = Field(default="", max_length=300)
    handed_over_at: datetime | None = instant(default=None, nullable=True)
    receiver_id: UUID | None = uuid_(default=None, nullable=True)
    accepted_at: datetime | None = instant(default=None, nullable=True)
    refusals: int = Field(default=0)
    refusal: str = Field(default="", max_length=300)
    refused_by: UUID | None = uuid_(default=None, nullable=True)
    received: Dong | None = dong(default=None, nullable=True)


class CashCount(Row, table=True):
    """Notes counted by a person: kept as counted, never corrected."""

    __tablename__ = "cash_count"
    __table_args__ = (
        belongs_to("shift", "shift_id"),
        CheckConstraint("total >= 0", name="not_negative"),
        Index("ix_cash_count_shift", "office_id", "shift_id"),
    )
    office_id: str = office_key()
    count_id: UUID = uuid_(primary_key=True)
    shift_id: UUID = uuid_()
    purpose: CountPurpose = word(CountPurpose)
    notes: str = long_text()
    total: Dong = dong()
    counted_by: UUID = uuid_()
    counted_at: datetime = instant()


class CashMove(Row, table=True):
    """Cash between drawer and safe, with its reason."""

    __tablename__ = "cash_move"
    __table_args__ = (
        belongs_to("shift", "shift_id"),
        CheckConstraint("amount > 0", name="something"),
        Index("ix_cash_move_shift", "office_id", "shift_id"),
    )
    office_id: str = office_key()
    move_id: UUID = uuid_(primary_key=True)
    shift_id: UUID = uuid_()
    kind: CashMoveKind = word(CashMoveKind)
    amount: Dong = dong()
    reason: str = Field(max_length=300)
    moved_by: UUID = uuid_()
    moved_at: datetime = instant()
    approver_id: UUID | None = uuid_(default=None, nullable=True)
