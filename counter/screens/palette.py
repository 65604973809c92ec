"""The command palette finds `Thu tiền` by `thu tien`: Textual's own matcher scores that 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich.text import Text
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from counter.locale import _, translate
from counter.screens.widgets.keybar import key_name
from counter.text import safe_text, search_key


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be chosen: the words shown, the key that does the same (may be empty), what runs."""

    label: str
    key: str
    run: Callable[[], Any]

    @property
    def shown(self) -> Text:
        """Rich text, since the palette would parse a plain string as markup."""
        return Text(f"{safe_text(self.label)}  {self.key}".rstrip())


def entries_of(screen: Screen[Any]) -> Iterator[Entry]:
    """Everything the keys of a screen do now, then what the screen adds by a method `palette_entries`."""
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        label = translate(binding.description)
        if label and active.enabled and binding.show and not binding.system and binding.action not in seen:
            seen.add(binding.action)
            run = partial(screen.app.run_action, binding.action, active.node)
            yield Entry(label, key_name(binding.key), run)
    for owner in (screen, screen.app):
        more = getattr(owner, "palette_entries", None)
        if more is not None:
            yield from more()


def entries_behind(screen: Screen[Any], key: str, other: type[Screen[Any]]) -> Iterator[Entry]:
    """What the keys of another screen do, which one key opens from here: chosen by name, both keys are pressed."""

    def press(second: str) -> None:
        for one in (key, second):
            screen.app.simulate_key(one)

    for binding in other.BINDINGS:
        if isinstance(binding, Binding) and binding.show and binding.id not in ("help", "back"):
            keys = f"{key_name(key)} {key_name(binding.key)}"
            yield Entry(translate(binding.description), keys, partial(press, binding.key))


def match(query: str, label: str) -> float:
    """How well the words typed are found in the label, marks and case aside: 0 not at all, 1 from the start on."""
    wanted, there = search_key(query).split(), search_key(label)
    if not wanted:
        return 0.0
    score = 0.0
    for word in wanted:
        at = f" {there}".find(f" {word}")
        if at < 0:
            at = there.find(word)
            if at < 0:
                return 0.0
            score += 0.3 / (1 + at)
        else:
            score += 1 / (1 + at / 10)
    return score / len(wanted)


class FoldedCommands(Provider):
    """The palette's entries, searched without Vietnamese marks."""

    async def discover(self) -> Hits:
        for entry in entries_of(self.screen):
            yield DiscoveryHit(entry.shown, entry.run, text=entry.label)

    async def search(self, query: str) -> Hits:
        is_anything = False
        for entry in entries_of(self.screen):
            score = match(query, entry.label)
            if score > 0:
                is_anything = True
                yield Hit(score, entry.shown, entry.run, text=entry.label)
        if not is_anything and query.strip():
            nothing = _("No command is called so; Esc goes back.")
            yield Hit(0.1, Text(nothing), self.app.bell, text=nothing)
