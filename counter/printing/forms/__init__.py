"""Forms of the accounts as PDF sheets: Phiếu thu 01-TT, Biên lai thu tiền 06-TT, Bảng kiểm kê quỹ 08a-TT; and the poster.

Their fields are those of the forms of Circular 99/2025/TT-BTC; the lines around them are the office's to change.
"""

from counter.printing.forms.count import count_pdf
from counter.printing.forms.facts import CashCountForm, CashReceiptForm, CashVoucherForm
from counter.printing.forms.poster import poster_pdf
from counter.printing.forms.voucher import receipt_pdf, voucher_pdf

__all__ = [
    "CashCountForm",
    "CashReceiptForm",
    "CashVoucherForm",
    "count_pdf",
    "poster_pdf",
    "receipt_pdf",
    "voucher_pdf",
]
