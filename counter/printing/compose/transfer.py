"""The slip with a transfer's code: what to scan, how much, until when; no receipt, and it says so."""

from __future__ import annotations

from collections.abc import Iterator

from counter.locale import translate as _
from counter.printing.compose.parts import code, head, instant, ruled
from counter.printing.documents import USUAL, TransferSlipDocument
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Style, Words


def transfer_slip(paper: TransferSlipDocument) -> Iterator[Line]:
    """The code as large as a code is printed; the same facts in letters, for who types them."""
    yield from head(paper.office, USUAL)
    yield Words(_("Pay by bank transfer"), Align.CENTRE, Style.TITLE)
    yield Gap(1)
    if not paper.payload:
        yield Banner(_("NOTHING TO TRANSFER ANY MORE"))
    yield Pair(_("To pay by transfer"), str(paper.amount), Style.STRONG)
    if paper.cash_part:
        yield Pair(_("And in cash at the till"), str(paper.cash_part))
    if paper.payload:
        yield Gap(1)
        yield from code(paper.payload, _("Scan with the app of any bank"))
        yield Gap(1)
    yield Pair(_("Bank"), paper.bank)
    yield Pair(_("Account"), paper.account)
    yield Pair(_("Holder"), paper.holder)
    yield Pair(_("Content"), paper.memo)
    yield from ruled()
    yield Pair(_("Customer"), paper.customer_name)
    yield Pair(_("Bills"), str(paper.bills))
    yield Pair(_("Till"), paper.till_code)
    yield Pair(_("Pay until"), instant(paper.expires_at))
    yield Gap(1)
    yield Words(_("This slip is no receipt. Wait at the till for the receipt."), Align.CENTRE, Style.SMALL)
