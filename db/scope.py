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


def printing_till(session: Session) -> str:
    """The till whose paper comes out where this session works; empty where there is no printer."""
    return str(session.info.get("till", "")) if session.info.get("prints") else ""


def paper_is_wanted(session: Session, *, till_code: str) -> bool:
    """Whether a paper of this till has somebody who waits for it.

    At one's own till: when it has a printer. Another till looks after its own. The office's own desk prints nothing.
    """
    if till_code == session.info.get("till"):
        return bool(session.info.get("prints"))
    return till_code != OFFICE_TILL
