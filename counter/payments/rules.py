"""What is due, in which order, and what a receipt is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from counter.money import Dong
from counter.payments.refusals import (
    AlreadyReversed,
    CannotReverse,
    MonthsUnreadable,
    NotEnoughCash,
    NotEnoughForAdvance,
    TooMuchCash,
)
from db.states import PaymentKind

REVERSIBLE: Final = (PaymentKind.BILLS, PaymentKind.ADVANCE)
ADVANCE_STEP: Final = 1_000
"""An advance is rounded up to whole thousands: it is counted in notes."""
WILDLY_MORE: Final = 50
LARGEST_HANDFUL: Final = 10_000_000
_NUMBER = re.compile(r"(?P<till>[A-Z0-9][A-Z0-9-]*)-(?P<yy>[0-9]{2})-(?P<number>[0-9]{1,9})")


def receipt_number(*, office_id: str, till_code: str, year: int, number: int) -> str:
    """`PA0501-Q1-26-000123`: office, till, year, place in the till's series."""
    return f"{office_id}-{till_code}-{year % 100:02d}-{number:06d}"


def read_receipt_number(text: str, *, office_id: str) -> tuple[str, int, int] | None:
    """(till, year, number) of a receipt number of this office, with or without the office in front; None if it is none."""
    bare = text.strip().upper().removeprefix(office_id + "-")
    found = _NUMBER.fullmatch(bare)
    return (found["till"], 2000 + int(found["yy"]), int(found["number"])) if found else None


def change_due(*, due: Dong, tendered: Dong) -> Dong:
    """What the customer gets back. Raises NotEnoughCash, TooMuchCash."""
    if tendered < due:
        raise NotEnoughCash(short=due - tendered)
    if tendered > max(due * WILDLY_MORE, due + LARGEST_HANDFUL):
        raise TooMuchCash(tendered=tendered, due=due)
    return tendered - due


def advance_change(*, due: Dong, tendered: Dong) -> Dong:
    """As `change_due`, for money in advance. Raises NotEnoughForAdvance, TooMuchCash."""
    try:
        return change_due(due=due, tendered=tendered)
    except NotEnoughCash as refused:
        raise NotEnoughForAdvance(**refused.facts) from None


def check_reversible(*, kind: PaymentKind, number: str, reversed_by: str) -> None:
    """Only what was taken is taken back, and once. Raises CannotReverse, AlreadyReversed."""
    if kind not in REVERSIBLE:
        raise CannotReverse(number=number)
    if reversed_by:
        raise AlreadyReversed(number=number, by=reversed_by)


def advance_for(*, newest: Sequence[Dong], months: int) -> Dong:
    """The advance for `months`: so many times the newest month's bills, up to whole thousands. Raises MonthsUnreadable."""
    if months not in (1, 2, 3):
        raise MonthsUnreadable
    amount = sum(newest) * months
    return Dong(-(-amount // ADVANCE_STEP) * ADVANCE_STEP)
