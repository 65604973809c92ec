"""Papers as tests need them: a receipt with everything on it, a reversal, a hand-over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from counter.money import Dong
from counter.printing import (
    BillLine,
    CashMove,
    Copied,
    DayReportDocument,
    DayShift,
    DayTill,
    NotesCounted,
    OfficeHead,
    OtherLine,
    PosterDocument,
    PosterSlot,
    PrinterTestDocument,
    ReceiptDocument,
    Reversal,
    ShiftReportDocument,
    TakenBy,
    TicketDocument,
)
from counter.printing.forms import CashCountForm, CashReceiptForm, CashVoucherForm
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


def copied(number: int) -> Copied | None:
    """BẢN SAO LẦN n, asked for the day after by another teller; 0: the original."""
    return Copied(number=number, at=AT + timedelta(hours=25), by="Hồ Ngọc Ánh") if number else None


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


def day_report() -> DayReportDocument:
    """Two tills; the second one's shift is still open."""
    cash, transfer = Dong(18_732_000), Dong(3_020_111)
    return DayReportDocument(
        office=OFFICE,
        day=date(2026, 11, 24),
        printed_at=AT,
        tills=(
            DayTill(
                code="Q1",
                first_number="Q1-26-000101",
                last_number="Q1-26-000148",
                receipts=48,
                reversals=1,
                refunds=2,
                taken=(TakenBy(method="CASH", amount=cash), TakenBy(method="QR", amount=transfer)),
                shifts=(
                    DayShift(
                        cashier="Trần Thị Bích",
                        opened_at=AT,
                        state="ACCEPTED",
                        counted=Dong(20_730_000),
                        difference=Dong(-2_000),
                        receiver="Phạm Thị Dung",
                    ),
                ),
                journal_head="3fa9-12bc",
            ),
            DayTill(
                code="Q2",
                first_number="Q2-26-000077",
                last_number="Q2-26-000080",
                receipts=4,
                reversals=0,
                refunds=0,
                taken=(),
                shifts=(DayShift(cashier="Lê Văn Chín", opened_at=AT, state="OPEN"),),
                journal_head="88e0-4d11",
            ),
        ),
        taken=(TakenBy(method="CASH", amount=cash), TakenBy(method="QR", amount=transfer)),
        unfinished=1,
    )


def ticket(**other: object) -> TicketDocument:
    """An appointment of an elderly customer."""
    facts: dict[str, object] = {
        "office": OFFICE,
        "number": "A012",
        "day": date(2026, 11, 24),
        "issued_at": AT,
        "slot": "08:30–09:00",
        "service": "Thu tiền điện",
        "priority": "Người cao tuổi",
        "people_ahead": 3,
        "wait_low": 10,
        "wait_high": 15,
        "lookup": "https://cskh.npc.com.vn/q/A012-20261124",
    }
    return TicketDocument(**(facts | other))  # type: ignore[arg-type]


def poster(**other: object) -> PosterDocument:
    """A day with a full slot, a kept one, one that is over, and the service desk suspended."""
    slots = [
        PosterSlot(slot=f"{hour:02}:{minute:02}–{hour + (minute == 30):02}:{30 - minute:02}", free=(hour * 7 + minute) % 12)
        for hour in (7, 8, 9, 10, 13, 14, 15, 16)
        for minute in (0, 30)
    ]
    slots[0] = PosterSlot(slot=slots[0].slot, free=4, note="ưu tiên người cao tuổi")
    slots[5] = PosterSlot(slot=slots[5].slot, free=0)
    facts: dict[str, object] = {
        "office": OFFICE,
        "day": date(2026, 11, 24),
        "slots": tuple(slots),
        "suspended": ("Dịch vụ khách hàng: chiều nay nghỉ, xin gọi 1900 6769.",),
        "room_cap": 8,
        "lookup": "https://cskh.npc.com.vn/dat-gio",
    }
    return PosterDocument(**(facts | other))  # type: ignore[arg-type]


def printer_test() -> PrinterTestDocument:
    return PrinterTestDocument(office=OFFICE, till_code="Q01", printer="10.0.0.5:9100", printed_at=AT)


def voucher(**other: object) -> CashVoucherForm:
    """A cashier's takings of a shift, paid in to the treasurer."""
    amount = Dong(18_730_000)
    facts: dict[str, object] = {
        "office": OFFICE,
        "day": date(2026, 11, 24),
        "number": "Q1-26-000148",
        "payer": "Trần Thị Bích",
        "payer_address": "Thu ngân quầy Q1",
        "reason": "Nộp tiền thu tiền điện ca ngày 24/11/2026",
        "amount": amount,
        "amount_in_words": amount_in_words(amount),
        "debit": "1111",
        "credit": "131",
        "attached": "41 biên nhận",
        "maker": "Trần Thị Bích",
        "treasurer": "Phạm Thị Dung",
    }
    return CashVoucherForm(**(facts | other))  # type: ignore[arg-type]


def money_receipt(**other: object) -> CashReceiptForm:
    """Two bills of one household."""
    amount = Dong(1_279_567)
    facts: dict[str, object] = {
        "office": OFFICE,
        "day": date(2026, 11, 24),
        "number": "Q1-26-000123",
        "payer": "Nguyễn Hoàng Phúc Bảo Trân",
        "payer_address": "Tổ 12 khu 3, phường Hồng Gai, tỉnh Quảng Ninh",
        "content": "Tiền điện kỳ 9/2026, công suất phản kháng kỳ 10/2026, mã khách hàng PA03HL0012345",
        "amount": amount,
        "amount_in_words": amount_in_words(amount),
        "collector": "Trần Thị Bích",
    }
    return CashReceiptForm(**(facts | other))  # type: ignore[arg-type]


def cash_count(**other: object) -> CashCountForm:
    """A drawer counted 2.000 đ short."""
    facts: dict[str, object] = {
        "office": OFFICE,
        "number": "Q1-20261124",
        "counted_at": AT,
        "people": (("Trần Thị Bích", "Thu ngân"), ("Phạm Thị Dung", "Phụ trách ca")),
        "in_the_books": Dong(10_732_000),
        "counted": (NotesCounted(note=500_000, pieces=20), NotesCounted(note=10_000, pieces=73)),
        "reason": "Trả nhầm tiền lẻ cho khách",
        "treasurer": "Trần Thị Bích",
        "in_charge": "Phạm Thị Dung",
    }
    return CashCountForm(**(facts | other))  # type: ignore[arg-type]
