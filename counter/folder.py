"""The home's folder and what its files are called. Nothing heavy: it is read before the first picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

DATABASE: Final = "counter.db"
SETTINGS: Final = "settings.toml"
PEPPER: Final = "pepper"
HEADS: Final = "heads.json"
"""The chain heads this home saw last, kept outside the database."""
FIRST_LOOK: Final = "first-look.txt"
"""What the sign-in says before the database is open: the office, then a till a line. May be deleted at any time."""
APP_LOCK: Final = "counter.lock"
LOG: Final = "counter.log"


def default_home() -> Path:
    """`COUNTER_HOME`, or the platform's folder for a user's data."""
    if told := os.environ.get("COUNTER_HOME"):
        return Path(told)
    from platformdirs import user_data_path

    return user_data_path("quaythu", appauthor=False)


def home_named(name: str | None) -> Path:
    """The folder that was named, or the usual one."""
    return Path(name).expanduser() if name else default_home()


def database_url(folder: Path, told: str | None) -> str:
    """The database that was named, or the environment's, or the one in the folder."""
    return told or os.environ.get("COUNTER_DB") or address_of(folder / DATABASE)


def address_of(path: Path) -> str:
    """A SQLite file as a database's address, whatever stands in its name."""
    return "sqlite:///" + str(path).replace("%", "%25").replace("?", "%3F")


def misses_its_database(folder: Path, url: str) -> bool:
    """Whether the database in the folder is meant and is not there."""
    return url == address_of(folder / DATABASE) and not (folder / DATABASE).exists()
