"""What a person's role opens: where they begin, and whether they change anything here or only look. The trade decides in
the end; a screen offers no key that would be refused."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from counter.people import SignedIn
from db.scope import OFFICE_TILL
from db.states import Role

ACT = (Role.CASHIER, Role.SUPERVISOR)
ONLY_FOR_WHO_ACTS = frozenset({"papers", "printer", "layouts", "reprint", "reverse", "give", "keep", "resolve"})
"""Actions that an auditor and a collector have no key for."""


def may(person: SignedIn | None, action: str) -> bool:
    """Whether this person has a key for it."""
    return action not in ONLY_FOR_WHO_ACTS or (person is not None and person.role in ACT)


def first_screen(person: SignedIn, *, till_code: str) -> Screen[Any]:
    """Where this person's work begins; whoever sits at the office's own desk is at reception."""
    if person.role is Role.AUDITOR:
        from counter.screens.auditor import AuditorScreen

        return AuditorScreen()
    if person.role is Role.COLLECTOR:
        from counter.screens.collector import CollectorScreen

        return CollectorScreen()
    if till_code == OFFICE_TILL:
        from counter.screens.queue.reception import ReceptionScreen

        return ReceptionScreen()
    if person.role is Role.CASHIER:
        from counter.screens.till import TillScreen

        return TillScreen()
    from counter.screens.supervisor import SupervisorScreen

    return SupervisorScreen()
