"""A statement as a table: preamble, heading, movements, footer. A row that cannot be read is kept as rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from counter.cashless.statements.facts import Line, Rejected
from counter.cashless.statements.profiles import StatementProfile
from counter.cashless.statements.refusals import BadStatement, ForeignCurrency
from counter.files import OpenFile
from counter.legacy import Encoding
from counter.locale import _
from counter.money import Dong, UnreadableAmount, read_amount_field
from counter.sheets import Table, fold, table_of
from counter.text import safe_text

_TIME: Final = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AP]M)?$")
_ACCOUNT: Final = re.compile(r"(?<![0-9])[0-9]{6,19}(?![0-9])")
_MONEY: Final = re.compile(r"-?[0-9][0-9.,]*(?:\s*(?:VND|đ|₫))?")
_FOREIGN: Final = re.compile(r"\b(USD|EUR|JPY|CNY|GBP|AUD|SGD|KRW)\b")
ZIP: Final = b"PK"
_YEARS: Final = range(2000, 2100)
MOST_REJECTED: Final = 1_000


@dataclass(slots=True)
class Read:
    """What a table said."""

    account: str = ""
    layout: str = ""
    opening: Dong | None = None
    closing: Dong | None = None
    lines: list[Line] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class _Wrong(Exception):
    def __init__(self, field: str, value: str, why: str) -> None:
        super().__init__(field)
        self.field, self.value, self.why = field, value, why


def read_table(file: OpenFile, profile: StatementProfile, *, encoding: Encoding | None = None) -> Read:
    """Read a CSV or XLSX statement. Raises ForeignCurrency, BadStatement and what counter.sheets refuses."""
    table = table_of(file, profile, encoding=encoding)
    reader = _Reader(file.name, profile, table)
    for above in table.before:
        reader.preamble(above)
    for line, row in table.rows:
        reader.row(line, row)
        if len(reader.read.rejected) > MOST_REJECTED:
            raise BadStatement(file=file.name, place=line, reason=_("too many rows cannot be read"))
    lines = reader.read.lines
    if lines and lines[-1].place == line and not file.starts_with(ZIP) and not file.ends_line():
        reader.cut_off(row)
    return reader.read


class _Reader:
    """One statement's rows, one after the other."""

    def __init__(self, file: str, profile: StatementProfile, table: Table) -> None:
        self._file, self._profile, self._columns = file, profile, table.columns
        self._day: date | None = None
        self._days: dict[str, date | None] = {}
        self.read = Read(layout=" ".join(f"{name}{place}" for name, place in sorted(table.columns.items())))

    def preamble(self, row: Sequence[str]) -> None:
        """Account, currency and opening balance stand above the heading."""
        text = " ".join(row)
        foreign = _FOREIGN.search(text.upper())
        if foreign and "VND" not in text.upper():
            raise ForeignCurrency(file=self._file, currency=foreign[1], place=_("the preamble"))
        key = fold(text[:200])
        if not self.read.account and any(word in key for word in self._profile.account):
            found = _ACCOUNT.search(text.replace(" ", ""))
            self.read.account = found[0] if found else ""
        self._balances(row)

    def row(self, line: int, row: list[str]) -> None:
        """A movement, or one of the rows around them: balances, sums, page numbers, blanks."""
        first = next((cell for cell in row if cell.strip()), "")
        if not first or (not first[:1].isdigit() and self._is_around(row, first)):
            return
        try:
            self.read.lines.append(self._movement(line, row))
        except _Wrong as wrong:
            shown = safe_text(wrong.value, limit=60)
            self.read.rejected.append(Rejected(line, self._profile.heading_of(wrong.field), shown, wrong.why))

    def cut_off(self, row: Sequence[str]) -> None:
        """The last row of a text that breaks off: not taken where a column is missing, else marked: its words may go on."""
        line = self.read.lines.pop()
        if len(row) > max(self._columns.values()):
            self.read.lines.append(replace(line, is_last=True))
            return
        why = _("the file breaks off in this row")
        self.read.rejected.append(
            Rejected(line.place, self._profile.heading_of("memo"), safe_text(line.memo, limit=60), why)
        )

    def _is_around(self, row: list[str], first: str) -> bool:
        """A row of balances or sums: it begins with words, as no movement does whose number or day stands first."""
        if self._balances(row):
            return True
        word_of_it = fold(first[:60])
        is_footer = any(word_of_it.startswith(word) for word in self._profile.footer)
        return is_footer and not self._is_day(self._cell(row, "day"))

    def _balances(self, row: Sequence[str]) -> bool:
        """Opening and closing balances are rows that say so and hold one amount."""
        text = fold(" ".join(row)[:200])
        for name in ("opening", "closing"):
            if any(word and text.startswith(word) for word in getattr(self._profile, name)):
                amounts = list(self._amounts_in(row))
                if amounts:
                    setattr(self.read, name, amounts[-1])
                return True
        return False

    def _amounts_in(self, row: Sequence[str]) -> Iterator[Dong]:
        for cell in row:
            for found in _MONEY.finditer(cell.partition(":")[2] or cell):
                try:
                    yield self._money("balance", found[0])
                except _Wrong:
                    continue

    def _movement(self, line: int, row: list[str]) -> Line:
        day = self._booked_day(row)
        amount, is_out = self._amount(row)
        balance = self._cell(row, "balance")
        return Line(
            place=line,
            booked_day=day,
            amount=amount,
            is_out=is_out,
            memo=safe_text(self._cell(row, "memo"), limit=500),
            reference=safe_text(self._cell(row, "reference"), limit=80),
            counterparty=safe_text(self._cell(row, "counterparty"), limit=160),
            balance=self._money("balance", balance) if balance else None,
        )

    def _booked_day(self, row: list[str]) -> date:
        text = self._cell(row, "day")
        day = self._read_day(text)
        if day is None and not text and self._profile.fills_down and self._day is not None:
            day = self._day
        if day is None:
            raise _Wrong("day", text, _("it is not a day"))
        self._day = day
        return day

    def _amount(self, row: list[str]) -> tuple[Dong, bool]:
        if "amount" in self._columns:
            text = self._cell(row, "amount")
            signed = self._money("amount", text)
            if signed == 0:
                raise _Wrong("amount", text, _("nothing moved"))
            return abs(signed), signed < 0
        debit, credit = self._cell(row, "debit"), self._cell(row, "credit")
        out = self._money("debit", debit) if debit else Dong()
        came = self._money("credit", credit) if credit else Dong()
        if (out != 0) == (came != 0):
            raise _Wrong("credit", f"{debit} / {credit}", _("either debit or credit must hold an amount"))
        # a bank writes a taken-back movement as a negative one on the same side
        moved, is_out = (out, True) if out else (came, False)
        return abs(moved), is_out == (moved > 0)

    def _money(self, field: str, text: str) -> Dong:
        """Without a declared separator only plain digits are read: which sign means what is never guessed."""
        bare = text.strip().removesuffix("VND").strip()
        sign = -1 if bare.startswith("-") or (bare.startswith("(") and bare.endswith(")")) else 1
        bare = bare.strip("+-() ")
        fraction = re.fullmatch(r"(.*[0-9])[.,]00?", bare)
        if fraction and self._profile.thousands != bare[len(fraction[1])]:
            bare = fraction[1]
        try:
            return read_amount_field(bare, separator=self._profile.thousands) * sign
        except UnreadableAmount:
            raise _Wrong(field, text, _("it is not an amount in đồng")) from None

    def _cell(self, row: list[str], field: str) -> str:
        place = self._columns.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _is_day(self, text: str) -> bool:
        return self._read_day(text) is not None

    def _read_day(self, text: str) -> date | None:
        """A statement names few days in many rows: each text is read once."""
        if text not in self._days:
            self._days[text] = self._day_of(text)
        return self._days[text]

    def _day_of(self, text: str) -> date | None:
        bare = _TIME.sub("", " ".join(text.split()))
        if not bare.isascii() or len(bare) > 10:
            return None
        for shape in (*self._profile.days, "%Y-%m-%d"):
            try:
                day = datetime.strptime(bare, shape).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            if day.year in _YEARS:
                return day
        return None
