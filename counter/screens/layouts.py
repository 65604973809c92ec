"""What the office's papers look like: each change is checked and shown at once, saved by a supervisor."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from counter import layouts
from counter.locale import N_, _, translate
from counter.papers.parts import as_file, write_whole
from counter.papers.samples import logo_size, sample_paper, sample_text
from counter.printing.documents import USUAL, Layout
from counter.printing.template import PAPERS, as_toml, optional_lines
from counter.screens.widgets import (
    Choice,
    Column,
    Confirm,
    Dialog,
    KeyBar,
    LineInput,
    NoticeLine,
    RowList,
    SafeStatic,
    as_set,
)

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

_LANGUAGES: Final = {"": N_("as the screen"), "vi": "Tiếng Việt", "en": "English"}
_WIDTHS: Final = (32, 42, 48)
_NARROWEST: Final = 34
_AROUND: Final = 4
"""Cells beside the paper: a margin on both sides, and the bar that scrolls it."""
NO_LOGO: Final = "-"
BETWEEN: Final = " | "
"""Between lines that are typed in one field."""
Field = Literal["title", "lang", "logo", "header", "footer", "hide"]


@dataclass(frozen=True, slots=True)
class Part:
    """A row: a field of the layout, or an optional line by its name."""

    field: Field
    label: str
    name: str = ""


class AskLine(Dialog[str]):
    """A line of text that may be empty: then the usual one stands."""

    def __init__(self, title: str, hint: str, *, field: LineInput) -> None:
        super().__init__(title, hint, choices=[Choice("enter", N_("Done"), "")])
        self.field = field
        self.field.select_on_focus = False  # lines are added more often than written anew

    def fields(self) -> Sequence[Widget]:
        return (self.field,)

    @on(Input.Submitted)
    def given(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(self.field.text)


class LayoutScreen(Screen[None]):
    """Rows at the left, the paper at the right. Enter changes a row, F2 saves."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "save", N_("Save"), id="layouts.save", priority=True),
        Binding("f3", "next_paper", N_("Other paper"), id="layouts.paper", priority=True),
        Binding("f4", "next_width", N_("Width"), id="layouts.width", priority=True),
        Binding("f6", "as_file", N_("As a file"), id="layouts.file", priority=True),
        Binding("f8", "usual", N_("The usual one"), id="layouts.usual", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("enter", "change", N_("Edit"), id="layouts.change"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "scroll_paper(-1)", show=False),
        Binding("pagedown", "scroll_paper(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.paper = "receipt"
        self.columns = 42
        self.draft = self.kept = USUAL

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        with Horizontal(id="layout"):
            yield RowList(
                Column(N_("Part"), width=20), Column(N_("On paper"), flex=1), cells=self._cells, empty="", id="parts"
            )
            with VerticalScroll(id="paper-box", can_focus=False):
                yield SafeStatic(id="paper")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.columns = self.counter.home.settings.paper_columns
        self._open(self.paper)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _open(self, paper: str) -> None:
        """The layout in use of a paper, to go on from."""
        desk = self.counter.desk

        def opened(layout: Layout) -> None:
            self.paper = paper
            self.draft = self.kept = layout
            self.counter.clear_notice()
            self.query_one("#paper-box", VerticalScroll).scroll_home(animate=False)
            self._show(cursor=0)

        self.counter.ask(lambda: desk.see(layouts.chosen, paper=paper), opened)

    def _show(self, *, cursor: int | None = None) -> None:
        rows = self.query_one("#parts", RowList)
        parts = [
            Part("title", _("Title")),
            Part("lang", _("Language")),
            Part("logo", _("Logo")),
            Part("header", _("Lines below the address")),
            Part("footer", _("Lines at the end")),
            *(Part("hide", words, name) for name, words in optional_lines(self.paper)),
        ]
        rows.show(parts, cursor=rows.cursor if cursor is None else cursor)
        changed = " *" if self.draft != self.kept else ""
        self.query_one("#top", SafeStatic).show(
            _("Layout of: {paper}").format(paper=translate(PAPERS[self.paper])) + changed
        )
        desk, paper, layout, columns = self.counter.desk, self.paper, self.draft, self.columns
        self.query_one("#paper-box", VerticalScroll).styles.width = max(_NARROWEST, columns + _AROUND)
        self.counter.look(
            lambda: desk.see(sample_text, paper=paper, layout=layout, columns=columns), self._show_paper, group="paper"
        )

    def _show_paper(self, text: str) -> None:
        self.query_one("#paper", SafeStatic).update(as_set(text.rstrip()))

    def _cells(self, part: Part) -> Sequence[Any]:
        layout = self.draft
        if part.field == "hide":
            left_out = part.name in layout.hide
            return (part.label, _("✗ left out") if left_out else _("✓ is printed"))  # the sign stands where the word is cut
        if part.field == "lang":
            return (part.label, translate(_LANGUAGES[layout.lang]))
        if part.field == "logo":
            return (part.label, logo_size(layout) if layout.logo else _("none"))
        if part.field == "title":
            return (part.label, layout.title or _("the usual one"))
        return (part.label, BETWEEN.join(getattr(layout, part.field)) or _("none"))

    # --- changing -----------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self.query_one("#parts", RowList).move(step)

    def action_scroll_paper(self, step: int) -> None:
        self.query_one("#paper-box", VerticalScroll).scroll_relative(y=step * 8, animate=False)

    def action_next_width(self) -> None:
        self.columns = _WIDTHS[(_WIDTHS.index(self.columns) + 1) % len(_WIDTHS)]
        self._show()
        self.counter.inform(_("{columns} characters a line").format(columns=self.columns))

    def action_change(self) -> None:
        part: Part | None = self.query_one("#parts", RowList).current
        if part is None:
            return
        layout = self.draft
        if part.field == "hide":
            names = set(layout.hide) ^ {part.name}
            self._try(replace(layout, hide=tuple(n for n in self._optional() if n in names)))
        elif part.field == "lang":
            words = list(_LANGUAGES)
            self._try(replace(layout, lang=words[(words.index(layout.lang) + 1) % len(words)]))
        else:
            self._ask(part)

    def _optional(self) -> list[str]:
        return [name for name, _words in optional_lines(self.paper)]

    def _ask(self, part: Part) -> None:
        """A line of text; several lines of paper stand in one field, with | between them."""
        now = "" if part.field == "logo" else getattr(self.draft, part.field)
        shown = now if isinstance(now, str) else BETWEEN.join(now)
        hint = {
            "logo": _("The path of a picture (PNG, JPEG or BMP). Empty: as it is; - : no logo."),
            "title": _("Empty: the usual title."),
        }.get(part.field, _("Write | between lines. Empty: none."))

        def given(text: str | None) -> None:
            if text is not None:
                self._try(self._with(part, text))

        self.app.push_screen(AskLine(part.label, hint, field=LineInput(shown, max_length=1000)), given)

    def _with(self, part: Part, text: str) -> Layout:
        layout, lines = self.draft, tuple(filter(None, (line.strip() for line in text.split("|"))))
        if part.field == "logo":
            path = os.path.expanduser(text)  # noqa: PTH111 - Path raises where nobody has that name
            named = str(self.counter.home.path / path) if text else layout.logo
            return replace(layout, logo="" if text == NO_LOGO else named)
        if part.field == "title":
            return replace(layout, title=text)
        return replace(layout, header=lines) if part.field == "header" else replace(layout, footer=lines)

    def _try(self, draft: Layout) -> None:
        """Checked in a thread, for a logo is read and a sample printed; a wrong change is refused and undone."""
        home, paper = self.counter.home.path, self.paper
        text = as_toml(draft, logo=draft.logo)
        self.counter.ask(lambda: layouts.check(paper=paper, text=text, folder=home), self._accepted)

    def _accepted(self, draft: Layout) -> None:
        self.draft = draft
        self.counter.clear_notice()
        self._show()

    # --- keeping ------------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        self._keep(self.draft)

    def _keep(self, layout: Layout) -> None:
        desk, paper, me = self.counter.desk, self.paper, self.counter.me
        self.counter.money(
            lambda: desk.do(layouts.keep, paper=paper, layout=layout, by=me.user_id), lambda _none: self._saved(layout)
        )

    def action_usual(self) -> None:
        def sure(yes: object) -> None:
            if yes:
                self._keep(USUAL)

        self.app.push_screen(Confirm(_("Back to the usual layout?"), _("The office's own one is forgotten.")), sure)

    def _saved(self, draft: Layout) -> None:
        self.draft = self.kept = draft
        self._show()
        self.counter.done(_("Saved. From now on papers look like this."))

    def action_as_file(self) -> None:
        """The sample as a PDF in the exports folder, to look at it as it is."""
        desk, paper, layout, home = self.counter.desk, self.paper, self.draft, self.counter.home

        def write() -> Path:
            shown = desk.see(sample_paper, paper=paper, layout=layout)
            data = shown if isinstance(shown, bytes) else as_file(shown, form="pdf", settings=home.settings)
            path = home.exports / f"preview-{paper}.pdf"
            write_whole(path, data, makes_folder=True)
            return path

        self.counter.ask(write, lambda path: self.counter.done(_("Written to {path}").format(path=path)))

    def action_next_paper(self) -> None:
        papers = list(PAPERS)
        following = papers[(papers.index(self.paper) + 1) % len(papers)]
        self._leave(lambda: self._open(following))

    def action_back(self) -> None:
        self._leave(self.app.pop_screen)

    def _leave(self, go: Any) -> None:
        """Away from this paper; changes that are not saved are asked about."""
        if self.draft == self.kept:
            go()
            return
        question = Confirm(_("Leave without saving?"), _("The changes to this paper are lost."))
        self.app.push_screen(question, lambda yes: go() if yes else None)
