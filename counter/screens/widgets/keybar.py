"""The keys that work now, in one line at the bottom.

One widget without children instead of Textual's Footer, which leaks one FooterKey per key and focus change
(Textual #6666) and loses bindings (#5153).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from counter.locale import translate
from counter.screens.widgets.text import plain

KEY_NAMES: Final = {
    "escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "⇧Tab", "backspace": "⌫",
    "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←", "right": "→", "delete": "Del",
}  # fmt: skip
HELP_KEY: Final = "f1"
_F_KEY = re.compile(r"f([0-9]{1,2})")


def key_name(key: str) -> str:
    """How a key is written for people: `F2`, `Enter`, `^P`."""
    if key.startswith("ctrl+"):
        return "^" + key_name(key.removeprefix("ctrl+"))
    return KEY_NAMES.get(key, key.upper() if len(key) == 1 or _F_KEY.fullmatch(key) else key)


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key that works now: the name of the key, what it does, where it stands in the order of importance."""

    key: str
    does: str
    rank: int

    @property
    def width(self) -> int:
        return cell_len(key_name(self.key)) + cell_len(self.does) + 4  # a blank on both sides of both

    @property
    def place(self) -> tuple[int, int]:
        """F-keys first, by number, so that a key is always found in the same place; then the others as declared."""
        number = _F_KEY.fullmatch(self.key)
        return (0, int(number[1])) if number else (1, self.rank)


class KeyBar(Widget):
    """Every shown and enabled key. Too narrow a screen drops the least important ones (declared last), never F1."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; width: 100%;
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
        self.refresh()

    def hints(self) -> list[KeyHint]:
        """What works now, the most important first; one key for each action."""
        found: list[KeyHint] = []
        actions: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in actions and not binding.system:
                actions.add(binding.action)
                does = plain(translate(binding.description)).plain
                found.append(KeyHint(key=binding.key, does=does, rank=len(found)))
        return found

    def fitting(self, width: int) -> tuple[list[KeyHint], int]:
        """The hints that fit in `width` cells, in the order shown, and how many were left out."""
        hints = self.hints()
        by_weight = sorted(hints, key=lambda hint: (hint.key != HELP_KEY, hint.rank))
        whole = sum(hint.width for hint in hints) - 1 <= width
        room = width + 1 if whole else width - 1
        chosen: list[KeyHint] = []
        for hint in by_weight:
            if hint.width > room and hint.key != HELP_KEY:
                break
            chosen.append(hint)
            room -= hint.width
        return sorted(chosen, key=lambda hint: hint.place), len(hints) - len(chosen)

    def render(self) -> Content:
        key_style = self.get_visual_style("key-bar--key")
        chosen, left_out = self.fitting(self.size.width)
        pieces: list[Content] = []
        for hint in chosen:
            pieces.append(Content.styled(f" {key_name(hint.key)} ", key_style) + Content(f" {hint.does} "))
        bar = Content("").join(pieces)
        return bar + Content.styled("…", self.get_visual_style("key-bar--more")) if left_out else bar

    def on_click(self, event: events.Click) -> None:
        """A click on a key presses it."""
        left = 0
        for hint in self.fitting(self.size.width)[0]:
            if left <= event.x < left + hint.width - 1:
                self.app.simulate_key(hint.key)
                return
            left += hint.width
