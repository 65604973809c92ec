"""The keys that work now, at the bottom, in one line or in as many as they need.

One widget without children instead of Textual's Footer, which leaks one FooterKey per key and focus change
(Textual #6666) and loses bindings (#5153).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from counter.locale import translate
from counter.screens.widgets.text import plain

KEY_NAMES: Final = {
    "escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "⇧Tab", "backspace": "⌫",
    "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←", "right": "→", "delete": "Del",
}  # fmt: skip
HELP_KEY: Final = "f1"
LINES_MOST: Final = 3
ROWS_FOR_A_LINE: Final = 8
"""A screen of so many rows gives one line to the keys: two lines from 16 rows on, three from 24."""
_F_KEY = re.compile(r"f([0-9]{1,2})")


def key_name(key: str) -> str:
    """How a key is written for people: `F2`, `Enter`, `^P`."""
    if key.startswith("ctrl+"):
        return "^" + key_name(key.removeprefix("ctrl+"))
    return KEY_NAMES.get(key, key.upper() if len(key) == 1 or _F_KEY.fullmatch(key) else key)


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key that works now: the key, its name for people, what it does, where it stands in the order of importance."""

    key: str
    name: str
    does: str
    rank: int

    @property
    def width(self) -> int:
        return cell_len(self.name) + cell_len(self.does) + 4  # a blank on both sides of both

    @property
    def place(self) -> tuple[int, int]:
        """F-keys first, by number, so that a key is always found in the same place; then the others as declared."""
        number = _F_KEY.fullmatch(self.key)
        return (0, int(number[1])) if number else (1, self.rank)


class KeyBar(Widget):
    """Every shown and enabled key, on as many lines as they need. Only where the screen has no room for that the least
    important ones (declared last) are left out, never F1."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: auto; width: 100%;
        background: $footer-background; color: $footer-foreground;
        .key-bar--key { text-style: bold reverse; }
        .key-bar--more { text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--more"}
    can_focus = False

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._refreshed)

    def _refreshed(self, _screen: Screen[Any]) -> None:
        self._make_room()
        self.refresh(layout=True)

    def on_resize(self) -> None:
        self._make_room()

    def _make_room(self) -> None:
        """The notice stands above the keys, however many lines they take (counter.tcss)."""
        if self.styles.dock == "bottom" and self.size.width:
            lines = len(self.lines(self.size.width)[0])
            for count in range(2, LINES_MOST + 1):
                self.screen.set_class(lines == count, f"-key-lines-{count}")

    def hints(self) -> list[KeyHint]:
        """What works now, the most important first; one key for each action."""
        found: list[KeyHint] = []
        actions: set[str] = set()
        for binding in (*self._active(), *self._behind_the_field()):
            if binding.action not in actions:
                actions.add(binding.action)
                does = plain(translate(binding.description)).plain
                name = binding.key_display or key_name(binding.key)
                found.append(KeyHint(key=binding.key, name=name, does=does, rank=len(found)))
        return found

    def _active(self) -> Iterator[Binding]:
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled and not active.binding.system:
                yield active.binding

    def _behind_the_field(self) -> Iterator[Binding]:
        """Keys of the screen that the focused field knows as well, without words: Enter and the arrows come through it."""
        active = self.screen.active_bindings
        for bindings in self.screen._bindings.key_to_bindings.values():
            for binding in bindings:
                shadow = active.get(binding.key)
                is_shadowed = shadow is not None and shadow.node is not self.screen and not shadow.binding.show
                if is_shadowed and binding.show and self.app._check_action_state(binding.action, self.screen):
                    yield binding

    def lines(self, width: int) -> tuple[list[list[KeyHint]], int]:
        """The hints of each line of `width` cells, and how many hints were left out."""
        chosen = sorted(self.hints(), key=lambda hint: hint.place)
        most = max(1, min(LINES_MOST, self.app.size.height // ROWS_FOR_A_LINE))
        left_out = 0
        while True:
            lines = _broken(chosen, width, more=bool(left_out))
            if len(lines) <= most or len(chosen) == 1:
                return lines, left_out
            chosen.remove(max(chosen, key=lambda hint: (hint.key != HELP_KEY, hint.rank)))
            left_out += 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.lines(width)[0]))

    def render(self) -> Content:
        key_style = self.get_visual_style("key-bar--key")
        lines, left_out = self.lines(self.size.width)
        shown = [
            Content("").join(Content.styled(f" {hint.name} ", key_style) + Content(f" {hint.does} ") for hint in line)
            for line in lines
        ]
        bar = Content("\n").join(shown)
        return bar + Content.styled("…", self.get_visual_style("key-bar--more")) if left_out else bar

    def on_click(self, event: events.Click) -> None:
        """A click on a key presses it."""
        lines = self.lines(self.size.width)[0]
        left = 0
        for hint in lines[event.y] if event.y < len(lines) else ():
            if left <= event.x < left + hint.width - 1:
                self.app.simulate_key(hint.key)
                return
            left += hint.width


def _broken(hints: list[KeyHint], width: int, *, more: bool) -> list[list[KeyHint]]:
    """The hints on lines of `width` cells; the last line keeps a cell for `…` where there are more."""
    lines: list[list[KeyHint]] = [[]]
    room = width + 1  # the blank after the last word of a line may be cut
    for hint in hints:
        if hint.width > room - more and lines[-1]:
            lines.append([])
            room = width + 1
        lines[-1].append(hint)
        room -= hint.width
    return lines
