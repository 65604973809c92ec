"""Every key of the screen one came from, and of the whole program."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen

from counter.locale import N_, _, translate
from counter.screens.widgets import KeyBar, SafeStatic, as_set, key_name

EVERYWHERE = (
    ("enter", N_("next field, or the choice in the dialog")),
    ("↑ ↓", N_("another row")),
    ("f9", N_("back, as Esc, but faster")),
    ("ctrl+l", N_("lock the screen; the work stays")),
    ("ctrl+p", N_("all commands by name, marks not needed")),
    ("ctrl+q", N_("quit")),
)


class HelpScreen(ModalScreen[None]):
    """Keys, and how a payment goes."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1,f9,escape,enter", "back", N_("Back"), id="back", priority=True),
        Binding("down", "scroll(1)", N_("Scroll"), key_display="↑↓"),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, of: Screen[Any]) -> None:
        super().__init__()
        self._of = of

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield SafeStatic(_("Keys here"), classes="title")
            yield SafeStatic(as_set(self._keys()), id="help-keys")
            yield SafeStatic(_("Everywhere"), classes="title")
            yield SafeStatic(as_set(*(f"  {key_name(key):<8} {translate(words)}" for key, words in EVERYWHERE)))
            yield SafeStatic(_("Taking money"), classes="title")
            how = _(
                "  Code, name or phone, Enter: the bills come ticked. Another customer: F2.\n"
                "  Type what the customer gives, Enter (Enter alone = exact), Enter: taken.\n"
                "  Type ahead as fast as you like: keys are taken in the order you press them."
            )
            yield SafeStatic(as_set(how))
        yield KeyBar()

    def _keys(self) -> str:
        keys = [one for one in type(self._of).BINDINGS if isinstance(one, Binding) and one.description]
        return "\n".join(f"  {key_name(one.key.split(',')[0]):<8} {translate(one.description)}" for one in keys)

    def action_scroll(self, step: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=step * 3, animate=False)

    def action_back(self) -> None:
        self.dismiss(None)
