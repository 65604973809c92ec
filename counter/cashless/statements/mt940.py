"""MT940 by the mt-940 library, with reversals counted the way they move the account."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from counter.cashless.statements.facts import Line
from counter.cashless.statements.refusals import BadStatement, BalanceBroken, ForeignCurrency
from counter.cashless.statements.tables import Read
from counter.locale import _
from counter.money import Dong
from counter.text import safe_text

TAG = ":20:"
_MESSAGES: Final = re.compile(r"(?m)^(?=:20:)")


def looks_like(text: str) -> bool:
    """Whether a file begins as MT940 does, with or without SWIFT's blocks around it."""
    head = text.lstrip("\ufeff \r\n")[:400]
    return head.startswith((TAG, "{1:")) or (TAG in head and ":25:" in text[:2000])


def read_mt940(file: str, text: str) -> Read:
    """All statements of one account in a file, each beginning where the one before ended. Raises BadStatement,
    ForeignCurrency, BalanceBroken."""
    whole: Read | None = None
    for message in _MESSAGES.split(text):
        if TAG not in message:
            continue
        read = _one(file, message, before=len(whole.lines) if whole else 0)
        if whole is None:
            whole = read
            continue
        if read.account != whole.account:
            raise BadStatement(file=file, place=":25:", reason=_("several accounts in one file"))
        if None not in (whole.closing, read.opening) and whole.closing != read.opening:
            raise BalanceBroken(file=file, place=":60F:", expected=whole.closing, found=read.opening)
        whole.lines += read.lines
        whole.closing = read.closing
    assert whole is not None
    return whole


def _one(file: str, text: str, *, before: int) -> Read:
    import mt940

    try:
        found: Any = mt940.models.Transactions(options=mt940.Options(reversal_sign=True))
        found.parse(text)
    except Exception as failure:  # the library raises whatever its tags run into
        raise BadStatement(file=file, place="MT940", reason=safe_text(str(failure), limit=120)) from failure
    read = Read(account=safe_text(str(found.data.get("account_identification", "")), limit=40))
    for place, one in enumerate(found, before + 1):
        read.lines.append(_line(file, place, one.data))
    read.opening = _balance(file, found.data, ("final_opening_balance", "intermediate_opening_balance"))
    read.closing = _balance(file, found.data, ("final_closing_balance", "intermediate_closing_balance"))
    return read


def _line(file: str, place: int, data: dict[str, Any]) -> Line:
    amount = data.get("amount")
    if amount is None:
        raise BadStatement(file=file, place=place, reason=":61:")
    signed = _whole(file, place, amount)
    details = str(data.get("transaction_details") or data.get("extra_details") or "")
    day = data.get("entry_date") or data.get("date")
    if not isinstance(day, date):
        raise BadStatement(file=file, place=place, reason=":61:")
    return Line(
        place=place,
        booked_day=date(day.year, day.month, day.day),
        amount=abs(signed),
        is_out=signed < 0,
        memo=safe_text(details.replace("\n", " "), limit=500),
        reference=safe_text(str(data.get("bank_reference") or data.get("customer_reference") or ""), limit=80),
    )


def _balance(file: str, data: dict[str, Any], names: tuple[str, ...]) -> Dong | None:
    for name in names:
        with contextlib.suppress(KeyError):
            return _whole(file, name, data[name].amount)
    return None


def _whole(file: str, place: object, amount: Any) -> Dong:
    if amount.currency not in (None, "VND"):
        raise ForeignCurrency(file=file, currency=safe_text(str(amount.currency), limit=8), place=place)
    value = Decimal(amount.amount)
    if value != value.to_integral_value() or abs(value) >= 10**15:
        raise BadStatement(file=file, place=place, reason=safe_text(str(value), limit=40))
    return Dong(int(value))
