"""What a command says: one JSON document, or a few plain lines; and how it ends when it cannot do what it was told."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from counter.clock import LOCAL
from counter.errors import BadInput, NotAvailable, Refused
from counter.locale import _
from counter.money import Dong
from counter.words import said

DONE: Final = 0
REFUSED: Final = 1
UNREADABLE: Final = 2
NOT_AVAILABLE: Final = 3
BUG: Final = 70


def plain(value: Any) -> Any:
    """A value as JSON holds it: money as integers, instants with offset, days as YYYY-MM-DD."""
    if isinstance(value, Dong):
        return int(value)
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    return [plain(one) for one in value]


def say(facts: Mapping[str, Any], *, as_json: object, lines: list[str] | None = None) -> None:
    """Answer: the facts as JSON, or the lines for a person (the facts, a line each, when there are none)."""
    if as_json:
        sys.stdout.write(json.dumps(plain(facts), ensure_ascii=False) + "\n")
        return
    shown = lines if lines is not None else [f"{key}: {_shown(value)}" for key, value in facts.items()]
    sys.stdout.write("\n".join(shown) + "\n")


def _shown(value: Any) -> str:
    if isinstance(value, Dong | StrEnum):
        return str(said(value))
    one = plain(value)
    return one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)


def talk(text: str) -> None:
    """Something for the person that is not the answer: to stderr."""
    sys.stderr.write(text + "\n")


def end_with(error: Exception, *, as_json: object, home: Path | None) -> int:
    """Say why it did not go, and give the exit code."""
    if isinstance(error, Refused):
        code = UNREADABLE if isinstance(error, BadInput) else NOT_AVAILABLE if isinstance(error, NotAvailable) else REFUSED
        if as_json:
            refused = {"refused": error.name, "why": error.why_text(), "todo": error.todo_text()}
            say({**refused, **getattr(error, "details", {})}, as_json=True)
        talk(f"✗ {error.why_text()}\n  → {error.todo_text()}")
        return code
    log = note_bug(error, home=home)
    why = _("Something went wrong in the program. Whatever was confirmed is on disk; nothing else happened.")
    if as_json:
        say({"refused": "Bug", "why": why, "todo": _("The log says more: {log}").format(log=log)}, as_json=True)
    talk(f"✗ {why}\n  → " + _("The log says more: {log}").format(log=log))
    return BUG


def note_bug(error: BaseException, *, home: Path | None) -> Path:
    """Write the traceback without any local values into the log of the home, or of the usual home before one was opened."""
    from counter.folder import default_home

    path = (home or default_home()) / "counter.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        logging.getLogger("counter").error("the log cannot be written", exc_info=error)
    return path
