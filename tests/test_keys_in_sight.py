"""Every key that works is on the screen, on every screen, in both languages, at 80 columns and 24 rows."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, screen_text, settle, typed

from counter.desk import Desk
from counter.home import Home
from counter.locale import translate, use_language
from counter.screens.app import CounterApp
from counter.screens.widgets import key_name

CASHIER = {
    "help": ["{f1}"],
    "till": ["{f1}"],
    "found": ["pa0501"],
    "bills": ["{f2}" + CODE + "⏎"],
    "advance": ["{f5}"],
    "confirm": ["{f9}", "⏎"],
    "taken": ["⏎"],
    "receipts": ["{f3}"],
    "paper": ["⏎"],
    "why": ["{f9}", "{f8}"],
    "second": ["nham⏎"],
    "shift": ["{f9}", "{f9}", "{f6}"],
    "drop": ["{f3}"],
    "count": ["{f9}", "{f5}"],
    "settings": ["{f9}", "{f7}"],
    "queue": ["{f9}", "{f9}", "{f9}"],
    "checklist": ["8"],
    "lock": ["{f9}", "{ctrl+l}"],
}
RECEPTION = {
    "reception": [],
    "what for": ["{f2}"],
    "who": ["⏎"],
    "given": ["⏎"],
    "guard": ["{f7}"],
    "cap": ["{f5}"],
    "proof": ["5⏎"],
    "slots": ["{f9}", "{f9}", CODE + "⏎", "{f3}"],
    "kept": ["{down}{down}{down}⏎"],
}
SUPERVISOR = {
    "waiting": [],
    "receipts": ["{f2}"],
    "import": ["{f9}", "{f4}"],
    "day": ["{f9}", "{f6}"],
    "tills": ["{f2}"],
    "until": ["2⏎"],
    "books": ["{f9}", "{f5}"],
    "window": ["{f3}"],
    "bookings": ["{f9}", "{f9}", "{f6}"],
}
"""A walk: at each place, the keys that lead there from the place before."""


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def hidden(pilot: Any) -> list[str]:
    """Keys that work, say so in the code, and are not on the screen with their words."""
    shown = " ".join(screen_text(pilot).split())
    screen = pilot.app.screen
    active = [one.binding for one in screen.active_bindings.values() if one.enabled and not one.binding.system]
    own = [one for same in screen._bindings.key_to_bindings.values() for one in same]
    own = [one for one in own if pilot.app._check_action_state(one.action, screen)]
    found = {}
    for binding in (*active, *own):
        if binding.show and binding.description:
            name = binding.key_display or key_name(binding.key)
            found.setdefault(binding.action, f"{name} {translate(binding.description)}")
    return [words for words in found.values() if words not in shown]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("before", "login", "walk", "screens"),
    [("", "lan", CASHIER, 14), ("{f4}", "lan", RECEPTION, 7), ("", "ngan", SUPERVISOR, 8)],
    ids=["cashier", "reception", "supervisor"],
)
async def test_every_key_that_works_is_on_the_screen(
    home: Home, desk: Desk, lang: str, before: str, login: str, walk: dict[str, list[str]], screens: int
) -> None:
    use_language(lang)
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert hidden(pilot) == []
        await typed(pilot, f"{before}{login}⏎{PIN}⏎")
        seen = []
        for place, bursts in walk.items():
            await typed(pilot, *bursts)
            seen.append(type(pilot.app.screen).__name__)
            assert (place, hidden(pilot)) == (place, [])
        assert len(set(seen)) == screens, seen
