"""The same actions as the screens, for scripts and supervisors' cron jobs. What outsiders rely on: docs/cli.md."""

from __future__ import annotations

import sys

from counter.cli.usage import FRAME, frame_of, language_of
from counter.errors import Refused
from counter.locale import use_language


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 unreadable, 3 not available, 70 a bug."""
    words = sys.argv[1:] if arguments is None else arguments
    told, rest = frame_of(words)
    use_language(language_of(told))
    if rest:  # the screen does not wait for what only commands need: typer, and the trade it registers commands of
        from counter.cli.app import run_command

        return run_command(words)
    return _open_screen(told)


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
