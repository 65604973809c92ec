"""A glance at the home: what the sign-in shows before the database is open and the settings are judged.

Reading it costs some milliseconds where the settings' judge and the tables cost half a second (docs/benchmarks.md). It
decides nothing: the desk that is opened meanwhile says what is true, and the picture follows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counter.folder import FIRST_LOOK, SETTINGS, database_url, home_named, missing_file, read_own
from counter.locale import LANGUAGES

UNKNOWN: Final = "…"
"""Stands for a name that is not known yet."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The looks the settings ask for, and whom the sign-in names: `PA0501 · Điện lực Lạng Giang` and its tills."""

    lang: str = "vi"
    theme: str = ""
    sound: str = "on"
    till: str = ""
    office_line: str = UNKNOWN
    tills: tuple[str, ...] = (UNKNOWN,)


def glance(*, home: str | None, db: str | None, lang: str | None) -> Glance | None:
    """What can be told at once; None where there is no home yet or its settings cannot be read: opening it says why."""
    folder = home_named(home)
    if not folder.is_dir() or missing_file(database_url(folder, db)):
        return None
    try:
        told = _settings(folder, lang=lang)
    except (OSError, ValueError):
        return None
    if told.get("lang", "vi") not in LANGUAGES:
        return None
    looks: dict[str, Any] = {key: told[key] for key in ("lang", "theme", "sound", "till") if isinstance(told.get(key), str)}
    return Glance(**looks, **_first_look(folder))


def _settings(folder: Path, *, lang: str | None) -> dict[str, Any]:
    """The settings as they are written, in the order counter.config takes them: told, environment, file."""
    held: dict[str, Any] = {}
    if (folder / SETTINGS).exists():
        import tomllib

        held = tomllib.loads(read_own(folder / SETTINGS).decode())
    prefix = "counter_"
    named = {name.lower(): value for name, value in os.environ.items()}
    around = {name.removeprefix(prefix): value for name, value in named.items() if name.startswith(prefix)}
    return {**held, **around, **({"lang": lang} if lang else {})}


def _first_look(folder: Path) -> dict[str, Any]:
    try:
        office_line, *tills = read_own(folder / FIRST_LOOK).decode().splitlines()
    except (OSError, ValueError):
        return {}
    return {"office_line": office_line, "tills": tuple(tills)}


def remember(folder: Path, seen: Glance) -> None:
    """Keep what the next start shows first. A folder that cannot be written only makes that start say less."""
    if _first_look(folder) == {"office_line": seen.office_line, "tills": seen.tills}:
        return
    half = folder / (FIRST_LOOK + ".part")
    try:
        half.write_text("\n".join((seen.office_line, *seen.tills)), encoding="utf-8")
        half.replace(folder / FIRST_LOOK)
    except OSError:
        return
