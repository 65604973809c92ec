"""What a person may change on screen: language, colours, the idle lock, the bell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from counter.config import load_settings, save_setting
from counter.locale import N_, _, translate
from counter.screens.list_screen import ListScreen
from counter.screens.widgets import Column, KeyBar, NoticeLine, RowList, SafeStatic, as_set


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting, its words and the values Enter goes through."""

    key: str
    label: str
    values: tuple[tuple[str | int, str], ...]


CHOICES = (
    Choice("lang", N_("Language"), (("vi", "Tiếng Việt"), ("en", "English"))),
    Choice(
        "theme",
        N_("Colours"),
        (
            ("quay-dark", N_("dark")),
            ("quay-light", N_("light")),
            ("quay-contrast", N_("high contrast")),
            ("quay-console", N_("16 colours, for the Linux console")),
        ),
    ),
    Choice("idle_minutes", N_("Lock after minutes without a key"), ((2, "2"), (5, "5"), (10, "10"), (15, "15"), (30, "30"))),
    Choice("sound", N_("Bell with a refusal"), (("on", N_("on")), ("off", N_("off")))),
    Choice("paper_columns", N_("Characters a line on paper"), ((32, "32 (58 mm)"), (42, "42 (80 mm)"), (48, "48 (80 mm)"))),
)


class SettingsScreen(ListScreen):
    """Enter goes to the next value and saves it."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "next", N_("Next value"), id="settings.next"),
        Binding("f4", "own_pin", N_("My PIN"), id="settings.pin", priority=True),
        Binding("f5", "app.printer", N_("Printer"), id="settings.printer", priority=True),
        Binding("f6", "app.layouts", N_("Layouts of papers"), id="settings.layouts", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield RowList(
            Column(N_("Setting"), flex=1),
            Column(N_("Value"), flex=1),
            cells=self._cells,
            empty="",
            id="choices",
        )
        yield SafeStatic(id="settings-more")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.retranslate()
        self.query_one("#choices", RowList).show(CHOICES)

    def retranslate(self) -> None:
        """The words that stand by themselves, in the language in use."""
        self.query_one("#top", SafeStatic).show(_("Settings of this computer"))
        more = _("  Everything else is in {path}").format(path=self.counter.home.path / "settings.toml")
        self.query_one("#settings-more", SafeStatic).show(as_set(more))

    def _cells(self, choice: Choice) -> Sequence[Any]:
        now = getattr(self.counter.home.settings, choice.key)
        shown = next((translate(words) for value, words in choice.values if value == now), str(now))
        return (translate(choice.label), shown)

    def action_next(self) -> None:
        choice: Choice | None = self.query_one("#choices", RowList).current
        if choice is None:
            return
        values = [value for value, _words in choice.values]
        now = getattr(self.counter.home.settings, choice.key)
        value = values[(values.index(now) + 1) % len(values)] if now in values else values[0]
        save_setting(self.counter.home.path, choice.key, value)
        self.counter.home = replace(self.counter.home, settings=load_settings(self.counter.home.path))
        if choice.key == "theme":
            self.app.theme = str(value)
        if choice.key == "lang":
            self.counter.set_language(str(value))
        rows = self.query_one("#choices", RowList)
        rows.show(CHOICES, cursor=rows.cursor)
        self.counter.done(_("Saved."))

    def action_own_pin(self) -> None:
        from counter.screens.own_pin import OwnPin

        self.app.push_screen(OwnPin(), lambda done: self.counter.done(_("The PIN is changed.")) if done else None)
