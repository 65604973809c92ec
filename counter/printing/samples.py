"""Made-up papers to look at while a layout is changed: every optional line is on them, and no customer's name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from counter.money import Dong
from counter.printing.documents import (
    BillLine,
    DayReportDocument,
    DayShift,
    DayTill,
    Document,
    Layout,
    NotesCounted,
    OfficeHead,
    PosterDocument,
    PosterSlot,
    ReceiptDocument,
    ShiftReportDocument,
    TakenBy,
    TicketDocument,
)

_DAY: Final = date(2026, 11, 24)
_AT: Final = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
_OFFICE: Final = OfficeHead(name="Điện lực Mẫu", address="Số 1, đường Mẫu, phường Mẫu", phone="1900 6769")
_TAKEN: Final = (TakenBy(method="CASH", amount=Dong(18_730_000)), TakenBy(method="QR", amount=Dong(3_020_111)))


def sample(paper: str, *, layout: Layout, office: OfficeHead = _OFFICE) -> Document | bytes:
    """A sample of a paper (a key of `template.PAPERS`); of the forms a PDF of Phiếu thu."""
    if paper == "shift":
        return _shift(layout, office)
    if paper == "day":
        return _day(layout, office)
    if paper == "ticket":
        return TicketDocument(
            office=office, number="A012", day=_DAY, issued_at=_AT, slot="08:30", service="Thu tiền điện",
            priority="Người cao tuổi", people_ahead=3, wait_low=10, wait_high=15, lookup="Q1:MAU:A012", layout=layout,
        )  # fmt: skip
    if paper == "poster":
        slots = tuple(PosterSlot(slot=f"{hour:02}:30", free=hour % 5) for hour in (7, 8, 9, 10, 13, 14, 15))
        return PosterDocument(
            office=office, day=_DAY, slots=slots, room_cap=8, lookup="https://cskh.npc.com.vn", layout=layout
        )
    if paper == "forms":
        return _voucher(layout, office)
    return _receipt(layout, office)


def _receipt(layout: Layout, office: OfficeHead) -> ReceiptDocument:
    line = BillLine(
        customer_code="PA05000000000",
        customer_name="Nguyễn V** A**",
        address="tổ 1, phường Mẫu",
        period="10/2026",
        bill_number="0000001",
        kind="TD",
        amount=Dong(1_234_567),
        vat=Dong(91_449),
    )
    return ReceiptDocument(
        office=office,
        till_code="Q1",
        number="Q1-26-000001",
        business_day=_DAY,
        issued_at=_AT,
        cashier="Trần Thị Mẫu",
        lines=(line,),
        due=line.amount,
        tendered=Dong(1_300_000),
        change=Dong(65_433),
        method="CASH",
        amount_in_words="Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng chẵn",
        journal_head="00000000",
        lookup="https://cskh.npc.com.vn/Q1-26-000001/00000000",
        invoice_page="https://cskh.npc.com.vn",
        layout=layout,
    )


def _shift(layout: Layout, office: OfficeHead) -> ShiftReportDocument:
    return ShiftReportDocument(
        office=office,
        till_code="Q1",
        cashier="Trần Thị Mẫu",
        business_day=_DAY,
        opened_at=_AT,
        printed_at=_AT,
        float_amount=Dong(2_000_000),
        taken=_TAKEN,
        expected=Dong(20_730_000),
        counted=(NotesCounted(note=500_000, pieces=41), NotesCounted(note=10_000, pieces=23)),
        difference=Dong(0),
        receiver="Lê Văn Mẫu",
        receipts=48,
        layout=layout,
    )


def _day(layout: Layout, office: OfficeHead) -> DayReportDocument:
    shift = DayShift(cashier="Trần Thị Mẫu", opened_at=_AT, state="ACCEPTED", counted=Dong(20_730_000))
    till = DayTill(
        code="Q1",
        first_number="Q1-26-000001",
        last_number="Q1-26-000048",
        receipts=48,
        reversals=0,
        refunds=0,
        taken=_TAKEN,
        shifts=(shift,),
        journal_head="00000000",
    )
    return DayReportDocument(office=office, day=_DAY, printed_at=_AT, tills=(till,), taken=_TAKEN, layout=layout)


def _voucher(layout: Layout, office: OfficeHead) -> bytes:
    from counter.printing.forms import CashVoucherForm, voucher_pdf

    return voucher_pdf(
        CashVoucherForm(
            office=office,
            day=_DAY,
            number="Q1-26-000001",
            payer="Nguyễn Văn Mẫu",
            payer_address="Tổ 1, phường Mẫu",
            reason="Tiền điện kỳ 10/2026",
            amount=Dong(1_234_567),
            amount_in_words="Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng chẵn",
            debit="1111.1",
            credit="131",
            maker="Trần Thị Mẫu",
            layout=layout,
        )
    )
