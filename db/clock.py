"""The database's own clock: the one clock that all computers of an office share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session


def database_now(session: Session) -> datetime:
    """The instant now (UTC) by the database. For what computers must agree on; all else gets its instant passed in."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return datetime.fromisoformat(connection.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now')").scalar_one())
    found: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return found.astimezone(UTC)


__all__ = ["database_now"]
