"""How paper stands, in a few cells at the right of the top line: a glyph and a word, never a colour alone."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from counter.screens.widgets.notice import GLYPHS, PLAIN_GLYPHS, Notice
from counter.screens.widgets.text import plain


class PaperSign(Widget):
    """Shows a notice without its word for the tone; nothing where there is no printer."""

    DEFAULT_CSS = """
    PaperSign {
        width: auto; height: 1; padding: 0 1; text-style: bold;
        &.-warning { text-style: bold reverse; }
        &.-error { text-style: bold reverse; }
    }
    """
    can_focus = False
    notice: Notice | None = None

    def show(self, notice: Notice | None) -> None:
        """From now on."""
        if notice != self.notice:
            self.notice = notice
            for tone in GLYPHS:
                self.set_class(notice is not None and tone is notice.tone, f"-{tone}")
            self.refresh(layout=True)

    @property
    def words(self) -> str:
        """What stands there now."""
        if self.notice is None:
            return ""
        glyphs = PLAIN_GLYPHS if self.app.current_theme.ansi else GLYPHS
        return f"{glyphs[self.notice.tone]} {self.notice.text}"

    def render(self) -> Content:
        return plain(self.words)
