"""What a statement says, whatever its format. Money in đồng; from the bank's view: credit is money that came in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from counter.money import Dong, total


@dataclass(frozen=True, slots=True)
class Line:
    """One movement. `place` is its row or entry in the file, from 1; `balance` the one printed beside it, if any; `is_last`
    the row with which a text file ends without ending the line: it may be cut off."""

    place: int
    booked_day: date
    amount: Dong
    is_out: bool
    memo: str
    reference: str = ""
    counterparty: str = ""
    balance: Dong | None = None
    occurred_at: datetime | None = None
    is_last: bool = False

    @property
    def signed(self) -> Dong:
        """What it does to the account."""
        return -self.amount if self.is_out else self.amount


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be read: kept, named, never booked."""

    line: int
    field: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole statement. `opening` and `closing` are None where the file does not tell them; `layout` is its format and its
    columns: two files of one layout write a movement in the same way."""

    file_name: str
    sha256: str
    profile: str
    account: str
    opening: Dong | None
    closing: Dong | None
    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...]
    layout: str = "st"

    @property
    def in_total(self) -> Dong:
        """All that came in."""
        return total(line.amount for line in self.lines if not line.is_out)

    @property
    def out_total(self) -> Dong:
        """All that went out."""
        return total(line.amount for line in self.lines if line.is_out)

    def keys(self) -> list[str]:
        """For each line what tells it from every other: all that the bank prints of it, and which of its likes it is.

        Not the row and not the running balance: an overlapping statement gives the same keys again. Two movements that
        are alike in everything are told apart by their count on that day.
        """
        seen: Counter[str] = Counter()
        found = []
        for line in self.lines:
            sign = "-" if line.is_out else "+"
            parts = (line.booked_day.isoformat(), line.reference, f"{sign}{int(line.amount)}", line.memo)
            key = "|".join(part.replace("|", "/") for part in parts)
            seen[key] += 1
            found.append(f"{key}|{seen[key]}")
        return found
