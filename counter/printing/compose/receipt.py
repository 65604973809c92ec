"""Biên nhận: what a customer takes home."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from counter.clock import day_text
from counter.locale import N_
from counter.locale import translate as _
from counter.printing.compose.parts import (
    METHODS,
    code,
    foot,
    head,
    instant,
    journal_mark,
    named,
    ruled,
    signatures,
    tight,
    till_said,
    titled,
)
from counter.printing.documents import BillLine, Layout, ReceiptDocument, Reversal
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Stroke, Style, Words

KINDS: Final = {"TD": N_("Electricity"), "VC": N_("Reactive power"), "TC": N_("Electricity and reactive power")}
OTHER_KINDS: Final = {
    "ADVANCE": N_("Paid in advance"),
    "ADVANCE_BACK": N_("Advance money"),
    "ADVANCE_USE": N_("Advance money used"),
    "SURPLUS": N_("Surplus, kept for you"),
    "ROUNDING": N_("Rounding"),
}


def receipt(paper: ReceiptDocument) -> Iterator[Line]:
    """The paper of a payment, a reversal or a refund."""
    yield from head(paper.office, paper.layout)
    yield from titled(_title(paper), layout=paper.layout, copied=paper.copied)
    yield from _taken_back_since(paper.reversed_by)
    yield Pair(_("Receipt no."), paper.number, Style.STRONG)
    yield Pair(_("Business day"), day_text(paper.business_day))
    yield Pair(_("Issued at"), instant(paper.issued_at))
    yield Pair(_("Till"), till_said(paper.till_code))
    yield Pair(_("Cashier"), paper.cashier)
    if paper.reversal:
        yield from _taken_back(paper.reversal)
    yield from _bought(paper)
    yield from _sums(paper)
    if _gives_back(paper):
        approver = paper.reversal.approver if paper.reversal else ""
        yield from signatures((_("Customer"), ""), (_("Approved by"), approver))
    yield from _end(paper)


def _title(paper: ReceiptDocument) -> str:
    if paper.kind == "REFUND":
        return _("MONEY KEPT IN ADVANCE") if _is_kept(paper) else _("RECEIPT OF REFUND")
    if paper.reversal or paper.kind == "REVERSAL":
        return _("RECEIPT OF REVERSAL")
    return _("Receipt for electricity payment")


def _is_kept(paper: ReceiptDocument) -> bool:
    """The money does not leave: it becomes the customer's advance."""
    return paper.kind == "REFUND" and paper.method == "ADVANCE"


def _gives_back(paper: ReceiptDocument) -> str:
    """Not empty where the money goes to the customer."""
    return "back" if paper.reversal or paper.kind in ("REVERSAL", "REFUND") else ""


def _taken_back_since(number: str) -> Iterator[Line]:
    """A receipt that is no longer good says so before anything else, and by which paper."""
    if number:
        yield Banner(_("REVERSED"))
        yield Gap(1)
        yield Pair(_("Reversed by receipt no."), number, Style.STRONG)
        yield Gap(1)


def _taken_back(reversal: Reversal) -> Iterator[Line]:
    yield from ruled()
    if reversal.number:
        yield Pair(_("Takes back receipt no."), reversal.number, Style.STRONG)
    yield Pair(_("Reason"), reversal.reason)
    yield Pair(_("Approved by"), reversal.approver)


def _bought(paper: ReceiptDocument) -> Iterator[Line]:
    """The bills, customer by customer, then what is no bill; the figures on the right are the ones that add up."""
    for _code, bills in groupby(paper.lines, key=lambda line: line.customer_code):
        yield from ruled()
        yield from _customer(list(bills), paper.layout)
    if paper.other_lines:
        yield from ruled()
    for other in paper.other_lines:
        yield Pair(named(OTHER_KINDS, other.kind), str(other.amount))
        detail = ", ".join(filter(None, (other.customer_code, other.note)))
        if detail:
            yield Words(detail, style=Style.SMALL, indent=1)


def _customer(bills: list[BillLine], layout: Layout) -> Iterator[Line]:
    first = bills[0]
    yield Words(first.customer_code, style=Style.STRONG)
    yield Words(first.customer_name)
    if first.address and "customer_address" not in layout.hide:
        yield Words(first.address, style=Style.SMALL)
    for bill in bills:
        yield Gap(1)
        kind = named(KINDS, bill.kind)
        period = tight(_("period {period}").format(period=bill.period))
        yield Pair(f"{kind}, {period}", str(bill.amount))
        facts = []
        if bill.bill_number and "bill_number" not in layout.hide:
            facts.append(tight(_("Bill no. {number}").format(number=bill.bill_number)))
        if bill.vat and "vat" not in layout.hide:
            facts.append(tight(_("VAT {amount} included").format(amount=bill.vat)))
        if facts:
            yield Words(", ".join(facts), style=Style.SMALL, indent=1)


def _sums(paper: ReceiptDocument) -> Iterator[Line]:
    yield from ruled(Stroke.THICK)
    back = _("KEPT FOR YOU") if _is_kept(paper) else _("GIVEN BACK")
    yield Pair(back if _gives_back(paper) else _("TOTAL"), str(paper.due), Style.TOTAL)
    if paper.amount_in_words and "amount_in_words" not in paper.layout.hide:
        yield Words(_("In words: {words}").format(words=paper.amount_in_words))
    yield Gap(1)
    if not _is_kept(paper):
        yield Pair(_("Paid by"), named(METHODS, paper.method))
        if paper.unconfirmed:
            yield Words(_("The bank has not confirmed this transfer yet"), style=Style.STRONG)
    if paper.method == "MIXED":
        yield Pair(_("In cash"), str(paper.cash))
        yield Pair(_("By bank transfer"), str(paper.due - paper.cash))
    if not _gives_back(paper) and (paper.method == "CASH" or paper.tendered != paper.due):
        yield Pair(_("Tendered"), str(paper.tendered))
        yield Pair(_("Change"), str(paper.change), Style.STRONG)


def _end(paper: ReceiptDocument) -> Iterator[Line]:
    yield from ruled()
    if paper.lookup and "lookup" not in paper.layout.hide:
        # only where the office has a page does the code lead anywhere
        to_a_page, bare = _("Scan to look up this receipt"), _("Code of this receipt, for the office")
        yield from code(paper.lookup, to_a_page if paper.invoice_page else bare)
        yield Gap(1)
    if paper.reversed_by:
        words = _("Reversed by {number}. This paper confirms no payment any more.")
        yield Words(words.format(number=paper.reversed_by), Align.CENTRE, Style.SMALL)
    elif _is_kept(paper):
        yield Words(_("It pays your coming bills by itself. This paper is not a tax invoice."), Align.CENTRE, Style.SMALL)
    elif _gives_back(paper):
        yield Words(_("This paper confirms money given back. It is not a tax invoice."), Align.CENTRE, Style.SMALL)
    else:
        yield Words(_("This paper confirms payment. It is not a tax invoice."), Align.CENTRE, Style.SMALL)
    if paper.invoice_page and "invoice_page" not in paper.layout.hide:
        yield Words(_("Your e-invoice: {page}").format(page=paper.invoice_page), Align.CENTRE, Style.SMALL)
    yield from foot(paper.layout, *paper.footer)
    yield from journal_mark(paper.journal_head)
