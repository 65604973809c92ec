"""The same actions as the screens, for scripts and supervisors' cron jobs. What outsiders rely on: docs/cli.md."""

from __future__ import annotations

import sys
from typing import Final

from counter.errors import Refused

FRAME: Final = ("--home", "--db", "--lang")
"""The options that stand before a command."""


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 unreadable, 3 not available, 70 a bug."""
    words = sys.argv[1:] if arguments is None else arguments
    told = asks_for_the_screen(words)
    if told is None:
        from counter.cli.app import run_command

        return run_command(words)
    return _open_screen(told)


def asks_for_the_screen(words: list[str]) -> dict[str, str] | None:
    """The options before the command where there is no command; None where typer has to read the words.

    The screen does not wait for what only commands need: typer, and the trade it registers commands of.
    """
    told: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, given, value = rest.pop(0).partition("=")
        if name not in FRAME or not (given or rest):
            return None
        told[name] = value if given else rest.pop(0)
    return told


def _open_screen(told: dict[str, str]) -> int:
    from counter.screens.app import open_screen

    home, db, lang = (told.get(name) or None for name in FRAME)
    try:
        return open_screen(home=home, db=db, lang=lang)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from counter.cli.answers import end_with
        from counter.folder import home_named

        return end_with(error, as_json=False, home=None if isinstance(error, Refused) else home_named(home))


__all__ = ["run"]
