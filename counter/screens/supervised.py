"""What only a supervisor decides: at once where one is signed in, else one signs on the spot with login and PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from counter.locale import _
from counter.screens.widgets import Ask, LineInput
from db.states import Role

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


def by_supervisor(counter: CounterApp, title: str, act: Callable[[UUID], object], then: Callable[[], object]) -> None:
    """Run `act` in a thread with the id of who decides, then `then`. Whether the person may is the action's to say."""
    me = counter.me
    if me.role is Role.SUPERVISOR:
        counter.money(lambda: act(me.user_id), lambda _done: then())
        return

    def named(login: str | None) -> None:
        if login is not None:
            field = LineInput(password=True, max_length=12)
            words = _("PIN of {login}").format(login=login)
            counter.push_screen(Ask(words, field=field), lambda pin: proven(login, pin))

    def proven(login: str, pin: str | None) -> None:
        if pin is not None:
            counter.money(lambda: act(counter.desk.prove(login=login, pin=pin).user_id), lambda _done: then())

    field = LineInput(placeholder=_("Login"), max_length=40)
    hint = _("Who decides this signs here: login, then PIN.")
    counter.push_screen(Ask(title, hint, field=field), named)
