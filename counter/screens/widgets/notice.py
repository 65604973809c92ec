"""One line, always in the same place, that says how it went: a glyph, a word, the text; a bell where it went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from textual.content import Content
from textual.widget import Widget

from counter.locale import N_, translate
from counter.screens.widgets.text import plain


class Tone(StrEnum):
    """How a notice is meant."""

    INFO = "info"
    DONE = "done"
    BUSY = "busy"
    WARNING = "warning"
    ERROR = "error"


GLYPHS: Final = {Tone.INFO: "•", Tone.DONE: "✓", Tone.BUSY: "…", Tone.WARNING: "!", Tone.ERROR: "✗"}
PLAIN_GLYPHS: Final = {Tone.INFO: "*", Tone.DONE: "+", Tone.BUSY: "~", Tone.WARNING: "!", Tone.ERROR: "x"}
"""For the Linux console, whose font may lack the others."""
WORDS: Final = {
    Tone.INFO: N_("Note"),
    Tone.DONE: N_("Done"),
    Tone.BUSY: N_("Wait"),
    Tone.WARNING: N_("Attention"),
    Tone.ERROR: N_("Error"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A tone and what to say."""

    tone: Tone
    text: str

    def words(self, *, glyphs: dict[Tone, str]) -> str:
        """`✗ Error: …`: understood without any colour."""
        return f"{glyphs[self.tone]} {translate(WORDS[self.tone])}: {self.text}"


class NoticeLine(Widget):
    """Shows the last notice, above the KeyBar. One line; up to five while the text needs them."""

    DEFAULT_CSS = """
    NoticeLine {
        dock: bottom; width: 100%; height: auto; min-height: 1; max-height: 5; padding: 0 1; margin: 0 0 1 0;
        &.-done { color: $text-success; text-style: bold; }
        &.-busy { color: $foreground; }
        &.-warning { color: $text-warning; text-style: bold; }
        &.-error { color: $text-error; text-style: bold; }
    }
    """
    can_focus = False
    notice: Notice | None = None

    def show(self, notice: Notice) -> None:
        """Show it; the bell and the keys typed ahead are the app's business (BaseApp.tell)."""
        self.notice = notice
        for tone in Tone:
            self.set_class(tone is notice.tone, f"-{tone}")
        self.refresh(layout=True)

    def clear(self) -> None:
        """An empty line."""
        self.notice = None
        self.remove_class(*(f"-{tone}" for tone in Tone))
        self.refresh(layout=True)

    @property
    def words(self) -> str:
        """What stands there now."""
        if self.notice is None:
            return ""
        return self.notice.words(glyphs=PLAIN_GLYPHS if self.app.current_theme.ansi else GLYPHS)

    def render(self) -> Content:
        return plain(self.words)
