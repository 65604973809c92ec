"""What a paper says, as plain facts: no layout, no language, no database.

Texts come as they are stored; `layout` makes them safe once more before they meet paper. Words that are keys (`kind`,
`method`) are the states of the trade, and layout has a name for each; a key without a name is printed as it is.
Amounts are whole đồng and, on a reversal or a refund, the money given back as a positive figure. Instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from counter.money import Dong

Size = Literal["a5", "a4"]
"""a5: a sheet of 210 × 148 mm. a4: two of them, Liên 1 and Liên 2, on one sheet of 210 × 297 mm."""

NOTHING: Final = Dong(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What an office chose for a kind of paper. `title` empty: the usual one; `lang` empty: the language in use.

    `header` stands below the office's address, `footer` at the end; `hide` names optional lines that are left out; `logo` is
    `counter.printing.template.pack`ed dots, or empty.
    """

    title: str = ""
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    lang: str = ""
    logo: str = ""


USUAL: Final = Layout()
"""The layout of an office that chose none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHead:
    """Who the paper is from."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One bill that was paid. `kind`: TD active energy, VC reactive power, TC both. `vat` is inside `amount`.

    `customer_name` and `address` arrive as the office wants them: whole, or masked.
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
class Copied:
    """Which copy of a paper this is, from 1, and who asked for it when."""

    number: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument:
    """Biên nhận thanh toán tiền điện, or with `reversal` the paper that takes one back.

    `kind`: BILLS, ADVANCE, ADVANCE_USE, REVERSAL, REFUND. `method`: CASH, QR, MIXED, CARD, WALLET, ADVANCE; of MIXED
    `cash` is the part in cash. `copied` None is the original, else BẢN SAO LẦN n. `reversed_by` is the number of the
    paper that took this one back. `lookup` is the text of the QR code, printable ASCII. `invoice_page` is where the
    customer finds the e-invoice. `unconfirmed`: two people believed a transfer that no bank line has met.
    `journal_head` is the short hash of the till's chain after this payment.
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
    copied: Copied | None = None
    reversed_by: str = ""
    reversal: Reversal | None = None
    lookup: str = ""
    invoice_page: str = ""
    footer: tuple[str, ...] = ()
    cash: Dong = NOTHING
    unconfirmed: bool = False
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBy:
    """What came in by one method, less what was given back; `count` of receipts, 0: not told."""

    method: str
    amount: Dong
    count: int = 0


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
    receipts: int = 0
    reversals: int = 0
    refunds: int = 0
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShift:
    """A shift of the day. `state` is the word of its state; `counted`, `difference` are None before the blind count."""

    cashier: str
    opened_at: datetime
    state: str
    counted: Dong | None = None
    difference: Dong | None = None
    receiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTill:
    """A till's day: its receipts from the first number to the last, what they brought in, its shifts, its chain's head."""

    code: str
    first_number: str
    last_number: str
    receipts: int
    reversals: int
    refunds: int
    taken: tuple[TakenBy, ...]
    shifts: tuple[DayShift, ...]
    journal_head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReportDocument:
    """The Z report of a business day. While a shift is not accepted it says that it is not final.

    `from_advances` was taken on other days and settled bills on this one; `kept` was paid for bills on other days and is an
    advance now: told, but no part of the sum. `unconfirmed`: how many of its payments two people believed that the bank has
    not told of, and `unconfirmed_sum` what they come to.
    """

    office: OfficeHead
    day: date
    printed_at: datetime
    tills: tuple[DayTill, ...]
    taken: tuple[TakenBy, ...]
    from_advances: Dong = NOTHING
    kept: Dong = NOTHING
    unfinished: int = 0
    unconfirmed: int = 0
    unconfirmed_sum: Dong = NOTHING
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDocument:
    """A number for the queue. `slot` empty: no time was promised; `people_ahead` None: not known, and neither is the wait,
    which is told as a range of minutes.

    `service`, `priority` are names as the office has them; `rules` empty: the usual rules of distance; `lookup` is the text
    of the QR code, printable ASCII.
    """

    office: OfficeHead
    number: str
    day: date
    issued_at: datetime
    slot: str = ""
    service: str = ""
    priority: str = ""
    people_ahead: int | None = None
    wait_low: int = 0
    wait_high: int = 0
    rules: tuple[str, ...] = ()
    lookup: str = ""
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterSlot:
    """A slot on the poster. `free`: places left; `note` says why nobody can come then, or is empty."""

    slot: str
    free: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterDocument:
    """What hangs at the door: the slots of a day, what is suspended and why, the rules of distance, how to book."""

    office: OfficeHead
    day: date
    slots: tuple[PosterSlot, ...]
    closed: str = ""
    suspended: tuple[str, ...] = ()
    room_cap: int = 0
    rules: tuple[str, ...] = ()
    lookup: str = ""
    layout: Layout = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSlipDocument:
    """The VietQR code of a transfer, for whoever cannot scan the till's screen.

    `payload` is empty where nothing is waited for any more: then the slip says so instead. `customer_name` arrives masked.
    """

    office: OfficeHead
    till_code: str
    code: str
    amount: Dong
    cash_part: Dong
    bank: str
    account: str
    holder: str
    memo: str
    customer_name: str
    bills: int
    expires_at: datetime
    payload: str


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


Document = (
    ReceiptDocument
    | ShiftReportDocument
    | DayReportDocument
    | TicketDocument
    | PosterDocument
    | TransferSlipDocument
    | PrinterTestDocument
    | CalibrationDocument
)
