"""What the forms say, as plain facts. Amounts are whole đồng, instants UTC; texts come as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from counter.money import Dong
from counter.printing.documents import USUAL, Layout, NotesCounted, OfficeHead


@dataclass(frozen=True, slots=True, kw_only=True)
class CashVoucherForm:
    """Phiếu thu, form 01-TT. `debit`, `credit` are account numbers; `attached` says which original papers go with it."""

    office: OfficeHead
    day: date
    number: str
    payer: str
    payer_address: str
    reason: str
    amount: Dong
    amount_in_words: str
    debit: str
    credit: str
    book: str = ""
    attached: str = ""
    maker: str = ""
    treasurer: str = ""
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CashReceiptForm:
    """Biên lai thu tiền, form 06-TT."""

    office: OfficeHead
    day: date
    number: str
    payer: str
    payer_address: str
    content: str
    amount: Dong
    amount_in_words: str
    collector: str
    book: str = ""
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCountForm:
    """Bảng kiểm kê quỹ, form 08a-TT. `people`: who counted, (name, as whom).

    `in_the_books` is row I, `counted` row II; row III is I − II, so that a shortage is positive. `reason` explains it.
    """

    office: OfficeHead
    number: str
    counted_at: datetime
    people: tuple[tuple[str, str], ...]
    in_the_books: Dong
    counted: tuple[NotesCounted, ...]
    reason: str = ""
    treasurer: str = ""
    in_charge: str = ""
    layout: Layout = USUAL

    @property
    def found(self) -> Dong:
        """Row II."""
        return Dong(sum(row.note * row.pieces for row in self.counted))

    @property
    def difference(self) -> Dong:
        """Row III: I − II."""
        return self.in_the_books - self.found
