"""Which office a session works for: set once by whoever opens it, read by every statement."""

from __future__ import annotations

from typing import Any, Final

from sqlmodel import Session

OFFICE_TILL: Final = "OFFICE"
"""The office's own desk: a till without a drawer, whose chain holds what belongs to no counter."""

_CHANGED: Final = "others_hear"


def office_of(session: Session) -> str:
    """The office of this session."""
    return str(session.info["office_id"])


def mark_changed(session: Session) -> None:
    """Other tills shall hear of this transaction once it is committed."""
    session.info[_CHANGED] = True


def is_changed(info: dict[Any, Any]) -> bool:
    """Whether a session with this `info` changed what other tills show."""
    return bool(info.get(_CHANGED))
