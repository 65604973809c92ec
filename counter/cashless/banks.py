"""Banks by BIN: dated data. A BIN that nobody knows is shown as its digits, never refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class BankList:
    """Names by BIN (six digits), and the day the list was made."""

    as_of: date
    names: dict[str, str]

    def name(self, bin: str) -> str:
        """The bank's name, or the BIN itself."""
        return self.names.get(bin, bin)


@cache
def shipped() -> BankList:
    """The list that comes with the program."""
    return _list(files(__package__).joinpath("banks.toml").read_text(encoding="utf-8"))


def _list(text: str) -> BankList:
    held = tomllib.loads(text)
    return BankList(held["as_of"], {str(bin): str(name) for bin, name in held["banks"].items()})
