"""Counting by notes: one small field for each note, the sum below."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from counter.locale import N_, _
from counter.money import NOTES, Dong, group_digits, sum_of
from counter.screens.widgets import Confirm, KeyBar, LineInput, Money, Notice, NoticeLine, SafeStatic, Tone, as_set, figures

PIECES: Final = 5
"""Digits: nobody counts more than 99.999 pieces of a note by hand."""


class Notes(ModalScreen[dict[int, int] | None]):
    """Answers {note: pieces}, or None. Enter goes down a line and ends below the last one; F2 asks once, with the sum."""

    AUTO_FOCUS = ""
    """Who comes back from the question stands where they stood, below the last line too: a digit more overwrites nothing."""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f2", "save", N_("Save the count"), id="notes.save", priority=True),
        Binding("down", "step(1)", N_("Another line"), key_display="↑↓"),
        Binding("up", "step(-1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="notes.back", priority=True),
    ]

    def __init__(self, title: str, line: str, *, question: str) -> None:
        """`title` and `line` stand above the fields; `question` is what F2 asks with the sum."""
        super().__init__()
        self._title = title
        self._line = line
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield SafeStatic(self._title, classes="title")
            yield SafeStatic(self._line, classes="label")
            with VerticalScroll(id="notes", can_focus=False):
                for note in NOTES:
                    with Horizontal(classes="note"):
                        yield SafeStatic(as_set(f"{group_digits(note):>9} ×"), classes="face")
                        yield LineInput(id=f"n{note}", restrict=r"[0-9]*", max_length=PIECES)
                        yield Money(id=f"s{note}", classes="sum")
            yield SafeStatic(classes="rule")
            with Horizontal(classes="note whole"):
                yield SafeStatic(_("Total"), classes="face")
                yield Money(id="notes-total", classes="sum")
            yield NoticeLine()
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(f"#n{NOTES[0]}").focus()

    def counted(self) -> dict[int, int]:
        """What stands in the fields now."""
        fields = {note: self.query_one(f"#n{note}", LineInput).value for note in NOTES}
        return {note: int(pieces) for note, pieces in fields.items() if pieces}

    @property
    def total(self) -> Dong:
        """The sum of what stands in the fields."""
        return sum_of(self.counted())

    @on(Input.Changed)
    def add_up(self) -> None:
        count = self.counted()
        for note in NOTES:
            self.query_one(f"#s{note}", Money).show_amount(sum_of({note: count.get(note, 0)}))
        self.query_one("#notes-total", Money).show_amount(self.total)

    @on(Input.Submitted)
    def next_line(self, event: Input.Submitted) -> None:
        """Down a line. Below the last one no field takes keys any more: an Enter too many saves nothing."""
        event.stop()
        if event.input.id != f"n{NOTES[-1]}":
            self.action_step(1)
            return
        self.set_focus(None)
        self.query_one(NoticeLine).show(Notice(Tone.INFO, _("That was the last note: F2 saves, ↑ corrects.")))

    def meaningless(self) -> None:
        """Typed below the last line: it rings."""
        self.app.bell()

    def action_step(self, step: int) -> None:
        """Another line; from below the last one upwards to the last one."""
        focused = self.focused
        place = NOTES.index(int((focused.id or "n0")[1:])) if isinstance(focused, LineInput) else len(NOTES)
        if not isinstance(focused, LineInput) and step > 0:
            self.app.bell()
            return
        self.query_one(NoticeLine).clear()
        self.query_one(f"#n{NOTES[(place + step) % len(NOTES)]}").focus()

    def action_save(self) -> None:
        """One question with the sum: a count is saved on purpose."""
        count = self.counted()
        pieces = sum(count.values())
        lines = figures((_("Total"), self.total), (_("Pieces"), pieces))
        confirm = Confirm(self._question, as_set(*lines), yes=N_("Save"))

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a Confirm answers
            if yes:
                self.dismiss(count)

        self.app.push_screen(confirm, answered)

    def unfinished(self) -> str:
        """For whoever wants to leave."""
        return _("A count of {amount} is not saved.").format(amount=self.total) if self.counted() else ""

    def action_back(self) -> None:
        self.dismiss(None)
