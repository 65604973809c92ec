"""The Z report: a business day, till by till, and its sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counter.clock import day_text
from counter.locale import N_
from counter.locale import translate as _
from counter.money import Dong, group_digits, total
from counter.printing.compose.parts import (
    NO_TILL,
    by_method,
    foot,
    head,
    instant,
    journal_mark,
    named,
    papers_back,
    ruled,
    section,
    titled,
)
from counter.printing.documents import DayReportDocument, DayShift, DayTill
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Stroke, Style, Words

STATES: Final = {
    "OPEN": N_("taking money"),
    "COUNTED": N_("counted"),
    "HANDED_OVER": N_("handed over"),
    "REFUSED": N_("not taken"),
    "ACCEPTED": N_("accepted"),
}


def day_report(report: DayReportDocument) -> Iterator[Line]:
    """All tills of the day. Before every shift is accepted a banner says that figures may still change."""
    yield from head(report.office, report.layout)
    yield from titled(_("Day report (Z)"), layout=report.layout)
    yield Pair(_("Business day"), day_text(report.day), Style.STRONG)
    yield Pair(_("Issued at"), instant(report.printed_at))
    if report.unfinished:
        yield Gap(1)
        yield Banner(_("NOT FINAL"))
        yield Gap(1)
        shifts = _("Shifts not accepted yet: {count}").format(count=group_digits(report.unfinished))
        yield Words(shifts, Align.CENTRE, Style.SMALL)
    for till in report.tills:
        yield from _till(till)
    yield from section(_("All tills"))
    yield Pair(_("Receipts"), group_digits(sum(till.receipts for till in report.tills)))
    yield from papers_back(
        reversals=sum(till.reversals for till in report.tills), refunds=sum(till.refunds for till in report.tills)
    )
    yield from by_method(report.taken)
    yield from ruled(Stroke.THICK)
    all_told = all(_is_counted(till) for till in report.tills)
    yield Pair(
        _("TOTAL") if all_told else _("COUNTED SO FAR"), str(total(part.amount for part in report.taken)), Style.TOTAL
    )
    if report.from_advances:
        yield Pair(_("Bills settled from advances"), str(report.from_advances))
    if report.kept:
        yield Pair(_("Kept as advances"), str(report.kept))
    if report.unconfirmed:
        words = _("Not confirmed by the bank, {count} receipts").format(count=group_digits(report.unconfirmed))
        yield Pair(words, str(report.unconfirmed_sum), Style.STRONG)
    yield from foot(report.layout)


def _till(till: DayTill) -> Iterator[Line]:
    yield from section(_("Booked in the office") if till.code == NO_TILL else _("Till {code}").format(code=till.code))
    if till.first_number:
        yield Pair(_("From no."), till.first_number)
        yield Pair(_("to no."), till.last_number)
    yield Pair(_("Receipts"), group_digits(till.receipts))
    yield from papers_back(reversals=till.reversals, refunds=till.refunds)
    yield from by_method(till.taken)
    if not _is_counted(till):
        yield Pair(_("Money"), _("not counted yet"))
    elif till.taken:
        yield Pair(_("Sum of the till"), str(total(part.amount for part in till.taken)), Style.STRONG)
    for shift in till.shifts:
        yield from _shift(shift)
    yield from journal_mark(till.journal_head)


def _is_counted(till: DayTill) -> bool:
    """Before a drawer is counted its money is told nowhere, and then it is not in the sum either."""
    return all(shift.counted is not None for shift in till.shifts)


def _shift(shift: DayShift) -> Iterator[Line]:
    yield Gap(1)
    yield Pair(shift.cashier, named(STATES, shift.state))
    opened = _("Shift opened {at}").format(at=instant(shift.opened_at))
    receiver = _("received by {name}").format(name=shift.receiver) if shift.receiver else ""
    yield Words(", ".join(filter(None, (opened, receiver))), style=Style.SMALL, indent=1)
    if shift.counted is not None:
        yield Pair(_("Counted"), str(shift.counted), indent=1)
    if shift.difference:
        name = _("Shortage") if shift.difference < 0 else _("Overage")
        yield Pair(name, str(abs(Dong(shift.difference))), Style.STRONG, indent=1)
