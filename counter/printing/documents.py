"""What a paper says, as plain facts: no layout, no language, no database.

Texts come as they are stored; `layout` makes them safe once more before they meet paper. Words that are keys (`kind`,
`method`) are the states of the trade, and layout has a name for each; a key without a name is printed as it is.
Amounts are whole đồng and, on a reversal or a refund, the money given back as a positive figure. Instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from counter.money import Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHead:
    """Who the paper is from."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One bill that was paid. `kind`: TD active energy, VC reactive power, TC both. `vat` is inside `amount`.

    `customer_name` and `address` arrive masked: the paper may be left on a table.
    """

    customer_code: str
    customer_name: str
    address: str
    period: str
    bill_number: str
    kind: str
    amount: Dong
    vat: Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLine:
    """Money in the sum that is no bill.

    `kind`: ADVANCE paid now for coming bills, ADVANCE_BACK given back of it, ADVANCE_USE (a negative amount: advance money
    used), SURPLUS kept for a decision, ROUNDING.
    """

    kind: str
    customer_code: str
    amount: Dong
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Which receipt this one takes back (empty where money goes back without one), why, and who agreed."""

    number: str
    reason: str
    approver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument:
    """Biên nhận thanh toán tiền điện, or with `reversal` the paper that takes one back.

    `kind`: BILLS, ADVANCE, ADVANCE_USE, REVERSAL, REFUND. `method`: CASH, QR, ADVANCE. `copy_no` 0 is the original, n is
    BẢN SAO LẦN n. `lookup` is the text of the QR code, printable ASCII. `invoice_page` is where the customer finds the
    e-invoice. `journal_head` is the short hash of the till's chain after this payment.
    """

    office: OfficeHead
    till_code: str
    number: str
    business_day: date
    issued_at: datetime
    cashier: str
    lines: tuple[BillLine, ...]
    due: Dong
    tendered: Dong
    change: Dong
    method: str
    amount_in_words: str
    journal_head: str
    other_lines: tuple[OtherLine, ...] = ()
    kind: str = "BILLS"
    copy_no: int = 0
    reversal: Reversal | None = None
    lookup: str = ""
    invoice_page: str = ""
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBy:
    """What came in by one method, less what was given back, and on how many receipts."""

    method: str
    count: int
    amount: Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMove:
    """Cash between drawer and safe. `kind`: SAFE_DROP (out of the drawer, negative amount), CHANGE_FROM_SAFE (in)."""

    kind: str
    reason: str
    amount: Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesCounted:
    """So many pieces of one note (face in đồng)."""

    note: int
    pieces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReportDocument:
    """The X report of a shift, and with a `receiver` the hand-over slip.

    `expected`, `difference` are None until the blind count is saved: a figure that nobody may see is not on the paper.
    `difference` is counted less expected: negative is a shortage.
    """

    office: OfficeHead
    till_code: str
    cashier: str
    business_day: date
    opened_at: datetime
    printed_at: datetime
    float_amount: Dong
    taken: tuple[TakenBy, ...]
    moves: tuple[CashMove, ...] = ()
    expected: Dong | None = None
    counted: tuple[NotesCounted, ...] = ()
    difference: Dong | None = None
    difference_reason: str = ""
    approver: str = ""
    receiver: str = ""
    journal_head: str = ""
    copy_no: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterTestDocument:
    """A page that shows whether a printer prints everything right."""

    office: OfficeHead
    till_code: str
    printer: str
    printed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationDocument:
    """A page that shows which letters a printer has. `pages`: more code pages to try."""

    pages: tuple[int, ...] = ()


Document = ReceiptDocument | ShiftReportDocument | PrinterTestDocument | CalibrationDocument
