"""The auditor's screen: the supervisor's, to be read. Nothing is decided, given or brought in from here."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding

from counter.approvals import Request
from counter.locale import N_, _
from counter.money import NOTHING
from counter.people import UserLine
from counter.screens.supervisor import SupervisorScreen, Waiting
from counter.screens.widgets import Dialog, Words, as_set, figures
from counter.shifts import ShiftFacts


class AuditorScreen(SupervisorScreen, inherit_bindings=False):
    """What waits for a supervisor, the drawers, receipts, cases, and the check of the books."""

    HEADING: ClassVar[str] = N_("Waiting for a supervisor")
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "act", N_("Show"), id="auditor.show"),
        Binding("f2", "receipts", N_("Receipts"), id="supervisor.receipts", priority=True),
        Binding("f3", "cases", N_("Cases"), id="supervisor.cases", priority=True),
        Binding("f5", "check", N_("Check the books"), id="supervisor.check", priority=True),
        Binding("f7", "app.settings", N_("Settings"), id="settings", priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def _ask_decision(self, line: Waiting, request: Request, about: list[Words]) -> None:
        """To be read."""
        self._tell(line, *about)

    def _accept(self, line: Waiting, shift: ShiftFacts) -> None:
        sums = figures((_("Counted"), shift.counted or NOTHING), (_("Difference"), shift.difference or NOTHING))
        why = _("Reason: {reason}").format(reason=shift.difference_reason) if shift.difference_reason else ""
        self._tell(line, line.who, "", as_set(*sums), why)

    def _unlock(self, line: Waiting, user: UserLine) -> None:
        self._tell(line, line.who)

    def _tell(self, line: Waiting, *words: Words) -> None:
        self.app.push_screen(Dialog[None](line.what, *words, choices=[]))
