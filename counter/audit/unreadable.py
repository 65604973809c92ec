"""Rows that hold what nobody can read: named by their table, their key and the value, when a check stumbled over one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, column, select
from sqlmodel import Session, SQLModel

from counter.text import safe_text

JSON_TEXTS: Final = frozenset({("journal", "content"), ("cash_count", "notes")})
"""Columns of text that the checks read as an object in JSON."""


def unreadable(session: Session, *, limit: int) -> list[str]:
    """The first rows, in any table, that cannot be read; looked for once a session."""
    found: list[str] | None = session.info.get("unreadable")
    if found is None:
        tables = SQLModel.metadata.sorted_tables
        found = list(islice((fault for table in tables for fault in _faults(session, table)), limit))
        session.info["unreadable"] = found
    return found


def _faults(session: Session, table: Table) -> Iterator[str]:
    """Each row as the database holds it, through the readers of its columns. A table that is gone has no row to name."""
    connection = session.connection()
    if not connection.dialect.has_table(connection, table.name):
        return
    readers = {one.name: _reader(table.name, one, connection.dialect) for one in table.columns}
    bare: Any = select(*(column(name) for name in readers)).select_from(table)  # of no type: the value as it lies there
    for row in connection.execute(bare).mappings():
        for name, value in row.items():
            if not _is_read(readers[name], value):
                yield f"{table.name} {_key(table, row)}: {name} = {safe_text(repr(value), limit=60)}"


def _reader(table: str, of: Any, dialect: Any) -> Callable[[Any], Any] | None:
    if (table, of.name) in JSON_TEXTS:
        return _as_object
    reader: Callable[[Any], Any] | None = of.type.dialect_impl(dialect).result_processor(dialect, None)
    kind = of.type.python_type if reader is None else None
    return reader or (int if kind is int else None)


def _as_object(value: Any) -> None:
    if not isinstance(json.loads(value), dict):
        raise TypeError(value)


def _is_read(reader: Callable[[Any], Any] | None, value: Any) -> bool:
    if reader is None or value is None:
        return True
    try:
        reader(value)
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
    return True


def _key(table: Table, row: Mapping[Any, Any]) -> str:
    keys = (str(row.get(one.name)) for one in table.primary_key if one.name != "office_id")
    return safe_text("/".join(keys), limit=80)
