"""The X report of a shift; with a receiver, the slip of its hand-over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counter.clock import day_text
from counter.locale import N_
from counter.locale import translate as _
from counter.money import Dong, group_digits
from counter.printing.compose.parts import (
    by_method,
    foot,
    head,
    instant,
    journal_mark,
    named,
    papers_back,
    ruled,
    section,
    signatures,
    titled,
)
from counter.printing.documents import ShiftReportDocument
from counter.printing.layout import Line, Pair, Stroke, Style, Words

MOVES: Final = {"SAFE_DROP": N_("Cash to the safe"), "CHANGE_FROM_SAFE": N_("Change from the safe")}


def shift_report(report: ShiftReportDocument) -> Iterator[Line]:
    """The shift as far as it may be told: nothing expected stands here before the count."""
    yield from head(report.office, report.layout)
    title = _("Hand-over of a shift") if report.receiver else _("Shift report (X)")
    yield from titled(title, layout=report.layout)
    yield Pair(_("Till"), report.till_code, Style.STRONG)
    yield Pair(_("Cashier"), report.cashier)
    yield Pair(_("Business day"), day_text(report.business_day))
    yield Pair(_("Shift opened"), instant(report.opened_at))
    yield Pair(_("Issued at"), instant(report.printed_at))
    yield from section(_("Money taken"))
    if report.receipts or report.reversals or report.refunds:
        yield Pair(_("Receipts"), group_digits(report.receipts))
    yield from papers_back(reversals=report.reversals, refunds=report.refunds)
    yield from by_method(report.taken)
    yield from section(_("Cash in the drawer"))
    yield Pair(_("Float"), str(report.float_amount))
    for move in report.moves:
        yield Pair(named(MOVES, move.kind), str(move.amount))
        if move.reason:
            yield Words(move.reason, style=Style.SMALL, indent=1)
    if report.expected is not None:
        yield Pair(_("Expected"), str(report.expected), Style.STRONG)
    yield from _counted(report)
    if report.receiver:
        yield from signatures((_("Handed over by"), report.cashier), (_("Received by"), report.receiver))
    yield from foot(report.layout)
    yield from journal_mark(report.journal_head)


def _counted(report: ShiftReportDocument) -> Iterator[Line]:
    if report.counted:
        yield from section(_("Counted by notes"))
        for row in report.counted:
            label = f"{group_digits(row.note)} × {group_digits(row.pieces)}"
            yield Pair(label, str(Dong(row.note * row.pieces)))
        yield Pair(_("Counted"), str(Dong(sum(row.note * row.pieces for row in report.counted))), Style.STRONG)
    if report.difference is None:
        return
    yield from ruled(Stroke.THICK)
    yield Pair(_difference_name(report.difference), str(abs(report.difference)), Style.TOTAL)
    if report.difference_reason:
        yield Pair(_("Reason"), report.difference_reason)
    if report.approver:
        yield Pair(_("Approved by"), report.approver)


def _difference_name(difference: Dong) -> str:
    if difference < 0:
        return _("SHORTAGE")
    return _("OVERAGE") if difference > 0 else _("DIFFERENCE")
