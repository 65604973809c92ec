"""Papers as tests need them: a receipt with everything on it, a reversal, a hand-over."""

from __future__ import annotations

from datetime import UTC, date, datetime

from counter.money import Dong
from counter.printing import (
    BillLine,
    CashMove,
    NotesCounted,
    OfficeHead,
    OtherLine,
    PrinterTestDocument,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
    TakenBy,
)
from counter.text import amount_in_words

OFFICE = OfficeHead(
    name="Công ty Điện lực Quảng Ninh",
    address="Điểm giao dịch Hạ Long, 12 Lê Thánh Tông, phường Hồng Gai",
    phone="1900 6769",
)
AT = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
LOOKUP = "https://cskh.npc.com.vn/b/Q01-2026-000123"

NEIGHBOUR = BillLine(
    customer_code="PA03HL0077001",
    customer_name="Đặng T** N** Á**",
    address="tổ 5, phường Hồng Gai",
    period="10/2026",
    bill_number="0045120",
    kind="TD",
    amount=Dong(89_001),
    vat=Dong(6_593),
)
LINES = (
    BillLine(
        customer_code="PA03HL0012345",
        customer_name="Nguyễn Hoàng P** B** T**",
        address="tổ 12 khu 3, phường Hồng Gai",
        period="9/2026",
        bill_number="0031877",
        kind="TD",
        amount=Dong(1_234_567),
        vat=Dong(91_449),
    ),
    BillLine(
        customer_code="PA03HL0012345",
        customer_name="Nguyễn Hoàng P** B** T**",
        address="tổ 12 khu 3, phường Hồng Gai",
        period="10/2026",
        bill_number="0045119",
        kind="VC",
        amount=Dong(45_000),
        vat=Dong(0),
    ),
    NEIGHBOUR,
)
OTHERS = (
    OtherLine(kind="ADVANCE", customer_code="PA03HL0077001", amount=Dong(200_000), note="3 kỳ"),
    OtherLine(kind="ADVANCE_USE", customer_code="PA03HL0012345", amount=Dong(-100_000)),
)


def receipt(**other: object) -> ReceiptDocument:
    """A receipt for three bills of two customers, an advance and an advance used, paid in cash."""
    due = Dong(1_468_568)
    facts: dict[str, object] = {
        "office": OFFICE,
        "till_code": "Q01",
        "number": "Q01-2026-000123",
        "business_day": date(2026, 11, 24),
        "issued_at": AT,
        "cashier": "Trần Thị Bích",
        "lines": LINES,
        "other_lines": OTHERS,
        "due": due,
        "tendered": Dong(1_500_000),
        "change": Dong(31_432),
        "method": "CASH",
        "amount_in_words": amount_in_words(due),
        "journal_head": "3fa9-12bc",
        "lookup": LOOKUP,
        "invoice_page": "cskh.npc.com.vn",
        "footer": ("Tổng đài 1900 6769, phục vụ 24/7",),
    }
    return ReceiptDocument(**(facts | other))  # type: ignore[arg-type]


def reversal() -> ReceiptDocument:
    """The paper that takes a neighbour's bill back."""
    return receipt(
        number="Q01-2026-000124",
        lines=(NEIGHBOUR,),
        other_lines=(),
        due=NEIGHBOUR.amount,
        tendered=Dong(0),
        change=Dong(0),
        amount_in_words=amount_in_words(NEIGHBOUR.amount),
        kind="REVERSAL",
        reversal=Reversal(number="Q01-2026-000123", reason="Thu nhầm mã khách hàng của nhà bên", approver="Lê Văn Chín"),
    )


def hand_over() -> ShiftReportDocument:
    """A shift counted 2.000 đ short and handed over."""
    return ShiftReportDocument(
        office=OFFICE,
        till_code="Q01",
        cashier="Trần Thị Bích",
        business_day=date(2026, 11, 24),
        opened_at=AT,
        printed_at=AT,
        float_amount=Dong(2_000_000),
        taken=(
            TakenBy(method="CASH", count=41, amount=Dong(18_732_000)),
            TakenBy(method="QR", count=7, amount=Dong(3_020_111)),
        ),
        moves=(CashMove(kind="SAFE_DROP", reason="Ngăn kéo quá nhiều tiền", amount=Dong(-10_000_000)),),
        expected=Dong(10_732_000),
        counted=(NotesCounted(note=500_000, pieces=20), NotesCounted(note=10_000, pieces=73)),
        difference=Dong(-2_000),
        difference_reason="Trả nhầm tiền lẻ cho khách",
        approver="Lê Văn Chín",
        receiver="Phạm Thị Dung",
        journal_head="3fa9-12bc",
    )


def printer_test() -> PrinterTestDocument:
    return PrinterTestDocument(office=OFFICE, till_code="Q01", printer="10.0.0.5:9100", printed_at=AT)
