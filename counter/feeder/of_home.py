"""The feeder of a home: its printer, its lock, and what it finds out goes into its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from counter.config import Settings, load_settings, save_settings
from counter.desk import Desk
from counter.feeder.feeding import Feeder
from counter.feeder.now import Now
from counter.home import Home
from counter.printer import till_printer
from db.places import OneOwner

LOCK: Final = "printer.lock"
"""In the home: one program works off its papers, the others leave theirs to it."""


def feeder_of(
    home: Home,
    desk: Desk,
    *,
    settings: Callable[[], Settings] | None = None,
    tills: Sequence[str] = (),
    on_change: Callable[[Now], object] = lambda _now: None,
) -> Feeder | None:
    """The feeder of this computer's printer, not started; None where there is none. That it answers the settings keep."""
    printer = till_printer(home.settings)
    if printer is None:
        return None

    def it_answers() -> None:
        if load_settings(home.path).paper_answers == "auto":
            save_settings(home.path, {"paper_answers": "yes"})

    return Feeder(
        desk,
        printer=printer,
        lock=OneOwner(home.path / LOCK),
        settings=settings or (lambda: home.settings),
        tills=(lambda: tills) if tills else None,
        on_change=on_change,
        it_answers=it_answers,
    )
