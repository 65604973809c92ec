"""The home's folder and what its files are called. Nothing heavy: it is read before the first picture."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from counter.locale import _

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


def missing_file(url: str) -> Path | None:
    """The SQLite file that is meant and is not there. Only looking must not make an empty one."""
    kind, _slashes, name = url.partition(":///")
    path = Path(unquote(name))
    return path if kind.partition("+")[0] == "sqlite" and name and not path.exists() else None


def read_own(path: Path, *, cap: int = 1_000_000) -> bytes:
    """A small file of ours, whole. Raises OSError, also for what would be waited for or never ends: a pipe, a device."""
    flags = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
    with open(os.open(path, os.O_RDONLY | flags), "rb") as file:  # noqa: PTH123
        data = file.read(cap + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    if data is None or len(data) > cap:
        raise OSError(errno.EINVAL, _("this is no file, or a far too large one"))
    return data
