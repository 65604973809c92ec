"""What all papers share: the head, titles, sections, signatures, the mark of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from counter.clock import local_text
from counter.locale import N_, translate
from counter.locale import translate as _
from counter.money import group_digits
from counter.printing.documents import Copied, Layout, OfficeHead, TakenBy
from counter.printing.layout import NO_BREAK, Align, Banner, Gap, Line, Pair, Qr, Rule, Stroke, Style, Words
from counter.printing.ops import QR_LIMIT
from counter.printing.template import unpack

NO_TILL: Final = "OFFICE"
"""The series of papers that no till made."""

METHODS: Final = {
    "CASH": N_("Cash"),
    "QR": N_("Bank transfer (QR)"),
    "MIXED": N_("Cash and bank transfer"),
    "CARD": N_("Card"),
    "WALLET": N_("E-wallet"),
    "SLIPS": N_("Cards and e-wallets"),
    "ADVANCE": N_("Advance money"),
}


def named(names: dict[str, str], key: str) -> str:
    """The name of a key; a key without a name is printed as it is."""
    return translate(names[key]) if key in names else key


def head(office: OfficeHead, layout: Layout) -> Iterator[Line]:
    """The logo, who the paper is from, the office's own lines."""
    if layout.logo:
        yield unpack(layout.logo)
        yield Gap(1)
    yield Words(office.name, Align.CENTRE, Style.STRONG)
    if office.address and "address" not in layout.hide:
        yield Words(office.address, Align.CENTRE, Style.SMALL)
    if office.phone and "phone" not in layout.hide:
        yield Words(_("Phone {phone}").format(phone=office.phone), Align.CENTRE, Style.SMALL)
    for text in layout.header:
        yield Words(text, Align.CENTRE, Style.SMALL)
    yield from ruled(Stroke.THICK)


def titled(title: str, *, layout: Layout, copied: Copied | None = None) -> Iterator[Line]:
    """The title, the office's own where it has one, and on a copy a banner that nobody overlooks."""
    yield Words(layout.title or title, Align.CENTRE, Style.TITLE)
    if copied is not None:
        yield Gap(1)
        yield Banner(_("COPY NUMBER {copy_no}").format(copy_no=copied.number))
        yield Gap(1)
        yield Words(_("Copied {at}, by {who}").format(at=instant(copied.at), who=copied.by), Align.CENTRE, Style.SMALL)
    yield Gap(2)


def ruled(stroke: Stroke = Stroke.THIN) -> Iterator[Line]:
    """A rule with air above and below."""
    yield Gap(1)
    yield Rule(stroke)
    yield Gap(1)


def section(title: str) -> Iterator[Line]:
    """A new part of the paper."""
    yield from ruled()
    yield Words(title, style=Style.STRONG)


def papers_back(*, reversals: int, refunds: int) -> Iterator[Line]:
    """How many receipts were taken back, and how many papers gave money back for another reason."""
    if reversals:
        yield Pair(_("Receipts of reversal"), group_digits(reversals))
    if refunds:
        yield Pair(_("Papers of refund"), group_digits(refunds))


def till_said(code: str) -> str:
    """A till by its code; what no till made was booked in the office."""
    return _("the office") if code == NO_TILL else code


def by_method(taken: tuple[TakenBy, ...]) -> Iterator[Line]:
    """What came in, a line a method."""
    for part in taken:
        label = named(METHODS, part.method)
        if part.count:
            label = f"{label}, " + tight(_("{count} receipts").format(count=part.count))
        yield Pair(label, str(part.amount))


def code(text: str, caption: str) -> Iterator[Line]:
    """A QR code of printable ASCII; any other text is printed in letters, where everyone sees what it is."""
    if text.isascii() and text.isprintable() and len(text) <= QR_LIMIT:
        yield Qr(text)
        yield Words(caption, Align.CENTRE, Style.SMALL)
    else:
        yield Words(text, Align.CENTRE, Style.SMALL)


def foot(layout: Layout, *usual: str) -> Iterator[Line]:
    """The closing words: the office's own, else the usual ones."""
    for text in layout.footer or usual:
        yield Words(text, Align.CENTRE, Style.SMALL)


def journal_mark(hash_head: str) -> Iterator[Line]:
    """The anchor in customers' hands; no layout leaves it out."""
    if hash_head:
        yield Gap(1)
        yield Words(_("Journal {head}").format(head=hash_head), Align.CENTRE, Style.SMALL)


def signatures(*people: tuple[str, str]) -> Iterator[Line]:
    """Room to sign: who signs above, the name below."""
    yield Gap(2)
    (left, left_name), (right, right_name) = people
    yield Pair(left, right, Style.STRONG)
    yield Gap(6)
    if left_name or right_name:
        yield Pair(left_name, right_name)


def instant(at: datetime) -> str:
    """A moment here, on one line."""
    return tight(local_text(at))


def tight(text: str) -> str:
    """`text` that does not break over two lines."""
    return text.replace(" ", NO_BREAK)
