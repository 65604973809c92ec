"""Payments: take cash for bills or in advance, take it back, give it back, print again."""

from counter.payments.actions import advance_due, order_subject, take_advance, take_cash
from counter.payments.advances import use_advances
from counter.payments.back import reverse
from counter.payments.copies import reprint
from counter.payments.refunds import keep_case, refund_advance, refund_case
from counter.payments.refusals import (
    AdvanceUsed,
    AlreadyPaid,
    AlreadyReversed,
    BillWithdrawn,
    CannotReverse,
    MonthsUnreadable,
    NoBillToGoBy,
    NoChangeInDrawer,
    NotEnoughCash,
    NothingToPay,
    NothingToRefund,
    OlderBillFirst,
    PartlyGivenBack,
    TooMuchCash,
    UnknownBill,
    UnknownReceipt,
)
from counter.payments.views import (
    Receipt,
    ReceiptLine,
    ReceiptLineShort,
    advance_balance,
    receipt,
    receipt_by_number,
    receipts_of_customer,
    receipts_of_shift,
)

__all__ = [
    "AdvanceUsed",
    "AlreadyPaid",
    "AlreadyReversed",
    "BillWithdrawn",
    "CannotReverse",
    "MonthsUnreadable",
    "NoBillToGoBy",
    "NoChangeInDrawer",
    "NotEnoughCash",
    "NothingToPay",
    "NothingToRefund",
    "OlderBillFirst",
    "PartlyGivenBack",
    "Receipt",
    "ReceiptLine",
    "ReceiptLineShort",
    "TooMuchCash",
    "UnknownBill",
    "UnknownReceipt",
    "advance_balance",
    "advance_due",
    "keep_case",
    "order_subject",
    "receipt",
    "receipt_by_number",
    "receipts_of_customer",
    "receipts_of_shift",
    "refund_advance",
    "refund_case",
    "reprint",
    "reverse",
    "take_advance",
    "take_cash",
    "use_advances",
]
