"""Which office a session works for: set once by whoever opens it, read by every statement."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

OFFICE_TILL: Final = "OFFICE"
"""The office's own desk: a till without a drawer, whose chain holds what belongs to no counter."""


def prints_for(session: Session) -> str:
    """The till whose paper comes out where this session works; empty where there is no printer."""
    return str(session.info.get("prints_for", ""))


def office_of(session: Session) -> str:
    """The office of this session."""
    return str(session.info["office_id"])
