"""From a document to the lines of its paper, in the language of the paper.

Here, and only here, data becomes lines, and every text of a document passes `safe_text` on its way: no field can be
forgotten, because the whole document is walked. What a customer needs first stands first and loudest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from counter.locale import speaking
from counter.printing.compose.day import day_report
from counter.printing.compose.door import poster, ticket
from counter.printing.compose.pages import calibration_questions, printer_test
from counter.printing.compose.receipt import receipt
from counter.printing.compose.shift import shift_report
from counter.printing.compose.transfer import transfer_slip
from counter.printing.documents import (
    CalibrationDocument,
    DayReportDocument,
    Document,
    Layout,
    PosterDocument,
    ReceiptDocument,
    ShiftReportDocument,
    TicketDocument,
    TransferSlipDocument,
)
from counter.printing.layout import Line
from counter.text import safe_text

T = TypeVar("T")


def compose(document: Document) -> list[Line]:
    """The lines of the paper, not yet broken for a width."""
    with speaking(lang_of(document)):
        return list(_lines(_safe(document)))


def lang_of(document: Document) -> str:
    """The language that the office chose for this paper; empty: the one in use."""
    layout = getattr(document, "layout", None)
    return layout.lang if isinstance(layout, Layout) else ""


def _lines(safe: Document) -> Iterator[Line]:
    if isinstance(safe, ReceiptDocument):
        return receipt(safe)
    if isinstance(safe, ShiftReportDocument):
        return shift_report(safe)
    if isinstance(safe, DayReportDocument):
        return day_report(safe)
    if isinstance(safe, TicketDocument):
        return ticket(safe)
    if isinstance(safe, PosterDocument):
        return poster(safe)
    if isinstance(safe, TransferSlipDocument):
        return transfer_slip(safe)
    if isinstance(safe, CalibrationDocument):
        return calibration_questions(safe)
    return printer_test(safe)


def _safe(fact: T) -> T:
    """The same facts with every text in them made safe. The dots of a logo are no text."""
    if isinstance(fact, str):
        return cast(T, safe_text(fact))
    if isinstance(fact, tuple):
        return cast(T, tuple(_safe(part) for part in fact))
    if isinstance(fact, Layout):
        return replace(fact, title=_safe(fact.title), header=_safe(fact.header), footer=_safe(fact.footer))
    if is_dataclass(fact) and not isinstance(fact, type):
        return replace(fact, **{field.name: _safe(getattr(fact, field.name)) for field in fields(fact)})
    return fact
