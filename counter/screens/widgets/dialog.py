"""One question at a time, in the middle of the screen, with its keys in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from counter.locale import N_, _, translate
from counter.screens.widgets.inputs import LineInput
from counter.screens.widgets.keybar import key_name
from counter.screens.widgets.text import SafeStatic, Words, paragraph

if TYPE_CHECKING:
    from counter.keys import SerialKeys

Answer = TypeVar("Answer")
BACK_KEY = "f9"
"""Goes back everywhere, as Esc does: Esc alone takes a tenth of a second on every terminal."""
CLEAR_KEY = "f8"
"""Clears the till; who presses it in a question wants out of it."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[Answer]):
    """A key, the words beside it (a source text) and the answer it gives."""

    key: str
    label: str
    answer: Answer


class Dialog(ModalScreen[Answer | None]):
    """Title, lines, choices. The first choice is taken by Enter; F9, Esc and a free F8 go back with no answer (None).

    A key that means nothing here was meant for another screen: it rings, what was typed ahead is forgotten, and no choice
    is taken any more, because what follows belongs to the same typing.
    """

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        &:ansi { background: ansi_default; }
        & > #dialog {
            width: 64; max-width: 96%; height: auto; max-height: 96%;
            padding: 1 2; background: $surface; border: heavy $accent;
        }
        #dialog-title { text-style: bold; width: 100%; }
        #dialog-body { width: 100%; height: auto; padding: 1 0; }
        #dialog-keys { width: 100%; height: auto; }
        .dialog--key { text-style: bold reverse; }
        #dialog-lost { display: none; width: 100%; padding: 0 0 1 0; color: $text-error; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"dialog--key"}
    BETWEEN_KEYS: ClassVar[str] = "   "
    BINDINGS: ClassVar[list[Any]] = [
        Binding(f"{BACK_KEY},escape", "back", N_("Back"), id="back", priority=True),
        Binding("enter", "default", N_("Yes"), show=False),
    ]

    def __init__(self, title: Words, *body: Words, choices: Sequence[Choice[Answer]], id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._body = body
        self.choices = choices
        self._is_lost = False
        if all(choice.key != CLEAR_KEY for choice in choices):
            self._bindings.bind(CLEAR_KEY, "back", N_("Back"), show=False, priority=True)
        for choice in choices:
            if choice.key != "enter":
                self._bindings.bind(choice.key, f"choose('{choice.key}')", choice.label, priority=len(choice.key) > 1)

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield SafeStatic(self._title, id="dialog-title")
            yield SafeStatic(paragraph(*self._body), id="dialog-body")
            yield from self.fields()
            yield SafeStatic(_("✗ That key means nothing here; nothing was decided. F9 goes back."), id="dialog-lost")
            yield SafeStatic(id="dialog-keys")

    def fields(self) -> Sequence[Widget]:
        """Fields between the lines and the keys."""
        return ()

    def on_mount(self) -> None:
        style = self.get_visual_style("dialog--key")
        keys = [(choice.key, translate(choice.label)) for choice in self.choices] + [(BACK_KEY, _("Back"))]
        shown = [Content.styled(f" {key_name(key)} ", style) + Content(f" {label}") for key, label in keys]
        self.query_one("#dialog-keys", SafeStatic).update(Content(self.BETWEEN_KEYS).join(shown))

    def action_back(self) -> None:
        self.dismiss(None)

    def action_default(self) -> None:
        """Enter: the choice on Enter; without one the bell, so that a reflex decides nothing. Nothing to choose: back."""
        if self.choices:
            self.action_choose("enter")
        else:
            self.action_back()

    def on_paste(self, _event: events.Paste) -> None:
        self.meaningless()

    def meaningless(self) -> None:
        """A key that no field took and no choice has."""
        self.app.bell()
        cast("SerialKeys", self.app).drop_queue()
        if not self.fields():
            self._is_lost = True
            self.query_one("#dialog-lost").display = True

    def action_choose(self, key: str) -> None:
        if self._is_lost:
            self.app.bell()
            return
        for choice in self.choices:
            if choice.key == key:
                self.dismiss(choice.answer)
                return
        self.app.bell()


class Menu(Dialog[Answer]):
    """Many choices, each on a line of its own."""

    BETWEEN_KEYS: ClassVar[str] = "\n"


class Aside(Menu[Answer]):
    """A menu over a screen that is typed into: what is no choice closes it and goes where it was meant."""

    def pass_on(self, event: events.Key | events.Paste) -> bool:
        """Whether it was typed: then it is not lost."""
        if isinstance(event, events.Key) and not event.is_printable:
            return False
        self.dismiss(None)
        cast("SerialKeys", self.app).put_back(event)
        return True

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # Textual calls the base's handler as well
        self.pass_on(event)


class Confirm(Dialog[bool]):
    """Yes on Enter, back on Esc or F9: answers True or None."""

    def __init__(self, title: Words, *body: Words, yes: str = N_("Yes"), id: str | None = None) -> None:
        super().__init__(title, *body, choices=[Choice("enter", yes, True)], id=id)


class Ask(Dialog[str]):
    """A line of text on Enter, back on Esc or F9: answers the safe text or None. An empty line rings the bell."""

    def __init__(self, title: Words, *body: Words, field: LineInput, done: str = N_("Done"), id: str | None = None) -> None:
        super().__init__(title, *body, choices=[Choice("enter", done, "")], id=id)
        self.field = field

    def fields(self) -> Sequence[Widget]:
        return (self.field,)

    @on(Input.Submitted)
    def answered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.field.text:
            self.dismiss(self.field.text)
        else:
            self.app.bell()
