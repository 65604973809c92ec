"""How our values lie in a column, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Enum, ForeignKeyConstraint, MetaData, String, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from counter.money import Dong

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING


class Row(SQLModel):
    """What every table row shares."""

    model_config = {"arbitrary_types_allowed": True, "defer_build": True}


class DongColumn(TypeDecorator[Dong]):
    """Whole đồng in a 64-bit integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Dong | None:
        return None if value is None else Dong(int(value))


class Instant(TypeDecorator[datetime]):
    """A UTC instant: `timestamptz` on PostgreSQL, ISO 8601 text ending in Z on SQLite (sorts as it reads)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = instant_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


@lru_cache(64)  # a transaction has one instant, written into four rows
def instant_text(value: datetime) -> str:
    """`2026-11-23T07:05:00.000000Z`: fixed width, so text order is time order. Raises ValueError without a time zone."""
    if value.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


W = TypeVar("W", bound=StrEnum)


def word(enum: type[StrEnum], **more: Any) -> Any:
    """A column that holds the word of an enum and refuses any other."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in enum.__name__).lstrip("_")
    kind = Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda e: [m.value for m in e],
    )
    return Field(sa_type=kind, **more)


def office_key() -> Any:
    """`office_id`, the first column of every primary key."""
    return Field(primary_key=True, max_length=16)


def dong(**more: Any) -> Any:
    return Field(sa_type=DongColumn, **more)


def instant(**more: Any) -> Any:
    return Field(sa_type=Instant, **more)


def day(**more: Any) -> Any:
    return Field(sa_type=Date, **more)


def uuid_(**more: Any) -> Any:
    return Field(sa_type=Uuid(as_uuid=True), **more)


def long_text(**more: Any) -> Any:
    return Field(sa_type=Text, **more)


def belongs_to(table: str, *columns: str, key: tuple[str, ...] | None = None) -> ForeignKeyConstraint:
    """A foreign key inside one office: `(office_id, columns…)` to `table(office_id, key…)`."""
    target = key or columns
    return ForeignKeyConstraint(["office_id", *columns], [f"{table}.office_id", *[f"{table}.{c}" for c in target]])


__all__ = [
    "UUID",
    "Dong",
    "DongColumn",
    "Instant",
    "Row",
    "belongs_to",
    "date",
    "datetime",
    "day",
    "dong",
    "instant",
    "instant_text",
    "long_text",
    "metadata",
    "office_key",
    "uuid_",
    "word",
]
