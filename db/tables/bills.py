"""Customers, meter books, bills, and the files they came from."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from db.columns import UUID, Dong, Row, belongs_to, datetime, day, dong, instant, long_text, office_key, uuid_, word
from db.columns import date as Date
from db.states import BillKind, BillState, CaseKind, CaseState, ImportState


class BillImport(Row, table=True):
    """A file of debts that was brought in."""

    __tablename__ = "bill_import"
    __table_args__ = (belongs_to("office"), Index("ix_bill_import_sha256", "office_id", "sha256"))
    office_id: str = office_key()
    import_id: UUID = uuid_(primary_key=True)
    file_name: str = Field(max_length=300)
    sha256: str = Field(max_length=64)
    profile: str = Field(max_length=40)
    state: ImportState = word(ImportState)
    read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    done_at: datetime = instant()
    done_by: UUID = uuid_()


class MeterBook(Row, table=True):
    """Sổ ghi chỉ số (MA_SOGCS)."""

    __tablename__ = "meter_book"
    __table_args__ = (belongs_to("office"),)
    office_id: str = office_key()
    book_code: str = Field(primary_key=True, max_length=50)
    name: str = Field(default="", max_length=100)


class Customer(Row, table=True):
    """A customer of CMIS (MA_KHANG). `search_no` is this database's own row number for the search index."""

    __tablename__ = "customer"
    __table_args__ = (
        belongs_to("office"),
        UniqueConstraint("office_id", "search_no"),
        Index("ix_customer_payer", "office_id", "payer_code"),
    )
    office_id: str = office_key()
    customer_code: str = Field(primary_key=True, max_length=20)
    payer_code: str = Field(max_length=20)
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=40)
    meter_number: str = Field(default="", max_length=40)
    book_code: str = Field(default="", max_length=50)
    position: int = Field(default=0)
    search_no: int = Field(sa_column=Column(Integer, nullable=False))


class Bill(Row, table=True):
    """A bill of CMIS (HDN_HDON), keyed by unit and ID_HDON. Totals are CMIS's own: never recomputed here."""

    __tablename__ = "bill"
    __table_args__ = (
        belongs_to("customer", "customer_code"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("month BETWEEN 1 AND 12 AND year BETWEEN 2000 AND 2999 AND ky BETWEEN 1 AND 9", name="period"),
        Index("ix_bill_customer", "office_id", "customer_code", "year", "month", "ky"),
    )
    office_id: str = office_key()
    bill_id: str = Field(primary_key=True, max_length=32)
    unit: str = Field(max_length=8)
    number: int = Field(sa_column=Column(BigInteger, nullable=False))
    customer_code: str = Field(max_length=20)
    kind: BillKind = word(BillKind)
    year: int
    month: int
    ky: int
    net: Dong = dong()
    vat: Dong = dong()
    vat_percent: str = Field(default="", max_length=8)
    amount: Dong = dong()
    kwh: int = Field(default=0)
    meter_number: str = Field(default="", max_length=40)
    book_code: str = Field(default="", max_length=50)
    issued_day: Date | None = day(default=None, nullable=True)
    due_day: Date | None = day(default=None, nullable=True)
    state: BillState = word(BillState)
    import_id: UUID = uuid_()


class OfficeCase(Row, table=True):
    """Something CMIS changed after the money was taken: a person decides, nothing is edited silently."""

    __tablename__ = "office_case"
    __table_args__ = (
        belongs_to("bill", "bill_id"),
        CheckConstraint("(state = 'RESOLVED') = (resolved_by IS NOT NULL)", name="resolved_by_somebody"),
        Index(
            "uq_office_case_open",
            "office_id",
            "bill_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'OPEN'"),
            postgresql_where=text("state = 'OPEN'"),
        ),
    )
    office_id: str = office_key()
    case_id: UUID = uuid_(primary_key=True)
    kind: CaseKind = word(CaseKind)
    state: CaseState = word(CaseState)
    bill_id: str = Field(max_length=32)
    customer_code: str = Field(max_length=20)
    taken: Dong = dong()
    claimed: Dong = dong()
    details: str = long_text(default="")
    import_id: UUID = uuid_()
    opened_at: datetime = instant()
    resolved_by: UUID | None = uuid_(default=None, nullable=True)
    resolved_at: datetime | None = instant(default=None, nullable=True)
    resolution: str = Field(default="", max_length=300)
