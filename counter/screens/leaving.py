"""Leaving: nobody loses chosen bills or walks away from an open drawer by one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from counter.locale import N_, _

if TYPE_CHECKING:
    from counter.screens.app import CounterApp
    from counter.shifts import ShiftFacts


def unfinished(app: CounterApp) -> list[str]:
    """What the open screens hold that is not done, in a sentence each."""
    found = (getattr(screen, "unfinished", str)() for screen in app.screen_stack)
    return [words for words in found if words]


def sign_out(app: CounterApp) -> None:
    """To the sign-in, after a question where something is not done."""
    _ask(app, _("Sign out?"), unfinished(app), yes=N_("Sign out"), then=app.sign_out_now)


def leave(app: CounterApp) -> None:
    """Out of the program, after a question where something is not done or this till's drawer is open."""
    if not app.seat.is_taken:
        app.exit()
        return
    if app.is_locked and unfinished(app):
        app.warn(_("Work is not done here: unlock first, or F10 and a supervisor's PIN."))
        return
    app.look_up(app.shift_now, on_done=lambda shift: _leave(app, shift), on_refused=lambda _no: app.exit(), group="leave")


def _leave(app: CounterApp, shift: ShiftFacts | None) -> None:
    words = unfinished(app)
    if shift is not None:
        still = _("The shift of {name} at till {till} stays open: it is not handed over yet.")
        words.append(still.format(name=shift.cashier, till=shift.till_code))
    _ask(app, _("Leave the program?"), words, yes=N_("Leave"), then=app.exit)


def _ask(app: CounterApp, title: str, words: list[str], *, yes: str, then: Callable[[], object]) -> None:
    from counter.screens.widgets import Confirm

    if not words:
        then()
    elif app.screen.id != "leaving":
        confirm = Confirm(title, *words, yes=yes, id="leaving")
        app.push_screen(confirm, lambda answer: cast(None, then()) if answer else None)
