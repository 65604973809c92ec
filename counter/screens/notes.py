"""Counting by notes: one small field for each note, the sum below."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.locale import N_, _
from counter.money import NOTES, group_digits, sum_of
from counter.screens.widgets import KeyBar, LineInput, Money, SafeStatic

PIECES = 5


class Notes(ModalScreen[dict[int, int] | None]):
    """Answers {note: pieces}, or None. Enter goes down a line, F2 saves from anywhere."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f2", "save", N_("Save the count"), id="notes.save", priority=True),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="notes.back", priority=True),
    ]

    def __init__(self, title: str, *lines: str) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(self._title, classes="title")
            for line in self._lines:
                yield SafeStatic(line, classes="label")
            with VerticalScroll(id="notes", can_focus=False):
                for note in NOTES:
                    with Horizontal(classes="note"):
                        yield SafeStatic(f"{group_digits(note):>9} ×", classes="face")
                        yield LineInput(id=f"n{note}", restrict=r"[0-9]*", max_length=PIECES)
                        yield Money(id=f"s{note}", classes="sum")
            with Horizontal(classes="note total"):
                yield SafeStatic(_("Total"), classes="face")
                yield Money(id="notes-total", classes="sum")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(f"#n{NOTES[0]}").focus()

    def counted(self) -> dict[int, int]:
        """What stands in the fields now."""
        fields = {note: self.query_one(f"#n{note}", LineInput).value for note in NOTES}
        return {note: int(pieces) for note, pieces in fields.items() if pieces}

    @on(Input.Changed)
    def add_up(self) -> None:
        count = self.counted()
        for note in NOTES:
            self.query_one(f"#s{note}", Money).show_amount(sum_of({note: count.get(note, 0)}))
        self.query_one("#notes-total", Money).show_amount(sum_of(count))

    @on(Input.Submitted)
    def next_line(self, event: Input.Submitted) -> None:
        """Enter on the last line saves."""
        event.stop()
        if event.input.id == f"n{NOTES[-1]}":
            self.action_save()
        else:
            self.action_step(1)

    def action_step(self, step: int) -> None:
        focused = self.focused
        place = NOTES.index(int((focused.id or "n0")[1:])) if isinstance(focused, LineInput) else 0
        self.query_one(f"#n{NOTES[(place + step) % len(NOTES)]}").focus()

    def action_save(self) -> None:
        self.dismiss(self.counted())

    def action_back(self) -> None:
        self.dismiss(None)
