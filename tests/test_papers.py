"""Papers from the books: shifts, days, tickets, posters and forms say what the books say, and no more than they may."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
import zxingcpp
from kit import Staff, approve, put_bill
from PIL import Image

from counter import layouts, payments, queue, shifts
from counter.clock import StillClock
from counter.config import Settings
from counter.desk import Desk
from counter.ids import new_id
from counter.locale import use_language
from counter.money import Dong, total
from counter.papers import (
    as_file,
    day_paper,
    poster_paper,
    receipt_paper,
    shift_paper,
    ticket_paper,
)
from counter.papers.forms import (
    CashNotAccepted,
    NotMoneyTaken,
    NoVoucherForThis,
    ShiftNotCounted,
    cash_count,
    money_receipt,
    voucher_of_receipt,
    voucher_of_shift,
)
from counter.payments import Receipt
from counter.printing import Layout, as_text
from counter.printing.forms import count_pdf, receipt_pdf, voucher_pdf
from counter.shifts import ShiftFacts
from db.states import ApprovalAct

DAY = date(2026, 11, 23)
SETTINGS = Settings(receipt_site="https://cskh.npc.com.vn")
FLOAT = {100_000: 5, 50_000: 10}


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    use_language("vi")


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=staff.cashier.user_id, notes=FLOAT)


def pay(desk: Desk, staff: Staff, shift: ShiftFacts, *, code: str, number: int, amount: int, name: str = "Đỗ An") -> Receipt:
    bill = desk.do(put_bill, code=code, number=number, amount=amount, name=name)
    return desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=[bill],
        tendered=Dong(1_000_000),
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
    )


def finish(desk: Desk, staff: Staff, shift: ShiftFacts, *, short: int = 0) -> None:
    """Count the drawer, `short` đồng less than there must be, and hand it over to the supervisor."""
    due = desk.see(shifts.drawer, shift_id=shift.shift_id) - short
    notes, rest = {}, int(due)
    for note in (500_000, 100_000, 10_000, 1_000, 100):
        notes[note], rest = divmod(rest, note)
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, by=staff.cashier.user_id, notes=notes)
    done = desk.do(
        shifts.hand_over,
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        reason="lẻ" if desk.see(shifts.shift_facts, shift_id=shift.shift_id).difference else "",
    )
    assert done.counted is not None
    desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=done.counted, by=staff.supervisor.user_id)


def z(desk: Desk) -> Any:
    return desk.see(day_paper, day=DAY, settings=SETTINGS, printed_at=desk.clock.now())


# --- shift and day ---------------------------------------------------------------------------------------------------


def test_before_the_count_neither_the_x_nor_the_z_tells_any_money_that_was_taken(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    pay(desk, staff, shift, code="C1", number=1, amount=123_400)
    x = desk.see(shift_paper, shift_id=shift.shift_id, settings=SETTINGS, printed_at=desk.clock.now())
    assert "123.400" not in as_text(x)
    day = z(desk)
    assert "123.400" not in as_text(day)
    assert "CHƯA CHỐT" in as_text(day)
    assert "chưa kiểm đếm" in as_text(day)
    assert (day.unfinished, day.taken) == (1, ())


def test_the_z_is_final_when_all_cash_is_accepted_and_adds_up_over_tills(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    first = pay(desk, staff, shift, code="C1", number=1, amount=123_400)
    last = pay(desk, staff, shift, code="C2", number=2, amount=76_600)
    other = desk.do(
        shifts.open_shift, shift_id=new_id(), till_code="Q2", cashier_id=staff.other_cashier.user_id, notes=FLOAT
    )
    bill = desk.do(put_bill, code="C3", number=3, amount=50_000)
    desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=[bill],
        tendered=Dong(50_000),
        shift_id=other.shift_id,
        by=staff.other_cashier.user_id,
    )
    finish(desk, staff, shift)
    partly = z(desk)
    assert (partly.unfinished, total(part.amount for part in partly.taken)) == (1, Dong(200_000))
    assert "ĐÃ KIỂM ĐẾM" in as_text(partly)
    other_staff = Staff(staff.other_cashier, staff.cashier, staff.supervisor, staff.auditor)
    finish(desk, other_staff, other)
    whole = z(desk)
    assert (whole.unfinished, [till.code for till in whole.tills]) == (0, ["Q1", "Q2"])
    assert total(part.amount for part in whole.taken) == Dong(250_000)
    assert (whole.tills[0].first_number, whole.tills[0].last_number) == (first.number, last.number)
    assert whole.tills[0].journal_head
    text = as_text(whole)
    assert "CHƯA CHỐT" not in text
    assert "TỔNG CỘNG                        250.000 ₫" in text


def test_what_was_given_back_is_not_in_the_sum_of_the_day(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    paid = pay(desk, staff, shift, code="C1", number=1, amount=100_000)
    pay(desk, staff, shift, code="C2", number=2, amount=40_000)
    word = approve(
        desk,
        act=ApprovalAct.REVERSE,
        subject=paid.number,
        amount=paid.due,
        reason="nhầm",
        asked_by=staff.cashier,
        granted_by=staff.supervisor,
    )
    back = desk.do(
        payments.reverse,
        reversal_id=new_id(),
        payment_id=paid.payment_id,
        reason="nhầm",
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
        approval_id=word,
    )
    finish(desk, staff, shift)
    day = z(desk)
    assert total(part.amount for part in day.taken) == Dong(40_000)
    assert (day.tills[0].receipts, day.tills[0].reversals, day.tills[0].last_number) == (2, 1, back.number)
    with pytest.raises(NotMoneyTaken):
        desk.see(money_receipt, payment_id=back.payment_id, settings=SETTINGS)
    with pytest.raises(NoVoucherForThis):
        desk.see(voucher_of_receipt, payment_id=back.payment_id, settings=SETTINGS)


def test_a_day_on_which_nothing_happened_is_an_empty_report(desk: Desk) -> None:
    day = desk.see(day_paper, day=DAY - timedelta(days=7), settings=SETTINGS, printed_at=desk.clock.now())
    assert (day.tills, day.taken, day.unfinished) == ((), (), 0)
    assert "TỔNG CỘNG                              0 ₫" in as_text(day)


# --- forms -----------------------------------------------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_the_forms_of_a_receipt_name_the_payer_whole_and_the_accounts_of_the_books(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    paid = pay(desk, staff, shift, code="C1", number=1, amount=123_400, name="Nguyễn Thị Ánh Tuyết")
    voucher = desk.see(voucher_of_receipt, payment_id=paid.payment_id, settings=SETTINGS)
    assert (voucher.debit, voucher.credit, voucher.amount) == ("1111.1", "131", Dong(123_400))
    assert voucher.amount_in_words == "Một trăm hai mươi ba nghìn bốn trăm đồng chẵn"
    text = text_of(voucher_pdf(voucher))
    assert "Nguyễn Thị Ánh Tuyết" in text
    assert paid.number in text
    biên_lai = desk.see(money_receipt, payment_id=paid.payment_id, settings=SETTINGS)
    assert "Tiền điện kỳ 10/2026 (C1)" in text_of(receipt_pdf(biên_lai))


def test_a_receipt_names_its_customer_whole_unless_the_office_masks_names(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    """The paper is the payer's own proof (name and address as on form 06-TT); an office may choose otherwise."""
    paid = pay(desk, staff, shift, code="C1", number=1, amount=123_400, name="Nguyễn Thị Ánh Tuyết")
    whole = as_text(desk.see(receipt_paper, payment_id=paid.payment_id, settings=SETTINGS))
    assert "Nguyễn Thị Ánh Tuyết" in whole
    assert "Thôn Đông, xã Tân Dĩnh" in whole
    masking = SETTINGS.model_copy(update={"receipt_names": "masked"})
    masked = as_text(desk.see(receipt_paper, payment_id=paid.payment_id, settings=masking))
    assert "Ánh" not in masked
    assert "Nguyễn T** Á** T**" in masked


def test_a_receipt_for_several_customers_names_the_first_and_counts_the_rest(
    desk: Desk, staff: Staff, shift: ShiftFacts
) -> None:
    bills = [
        desk.do(put_bill, code=code, number=number, amount=10_000, name=name)
        for number, (code, name) in enumerate((("C1", "Đỗ An"), ("C2", "Vũ Bình"), ("C3", "Lê Chi")))
    ]
    paid = desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=bills,
        tendered=Dong(30_000),
        shift_id=shift.shift_id,
        by=staff.cashier.user_id,
    )
    voucher = desk.see(voucher_of_receipt, payment_id=paid.payment_id, settings=SETTINGS)
    assert voucher.payer == "Đỗ An và 2 khách hàng khác"


def test_a_form_names_a_customer_once_with_all_periods(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    bills = [
        desk.do(put_bill, code=code, number=number, amount=10_000, month=month)
        for number, (code, month) in enumerate((("C1", 8), ("C2", 9), ("C1", 9), ("C1", 10)))
    ]
    facts = {"payment_id": new_id(), "bill_ids": bills, "tendered": Dong(40_000), "shift_id": shift.shift_id}
    paid = desk.do(payments.take_cash, by=staff.cashier.user_id, **facts)  # type: ignore[arg-type]
    voucher = desk.see(voucher_of_receipt, payment_id=paid.payment_id, settings=SETTINGS)
    assert set(voucher.reason.split("), ")) == {"Tiền điện kỳ 08/2026, 09/2026, 10/2026 (C1", "Tiền điện kỳ 09/2026 (C2)"}


def test_the_cash_count_is_that_of_the_drawer_and_the_voucher_waits_for_the_safe(
    desk: Desk, staff: Staff, shift: ShiftFacts, clock: StillClock
) -> None:
    pay(desk, staff, shift, code="C1", number=1, amount=123_400)
    with pytest.raises(ShiftNotCounted):
        desk.see(cash_count, shift_id=shift.shift_id, settings=SETTINGS)
    with pytest.raises(CashNotAccepted):
        desk.see(voucher_of_shift, shift_id=shift.shift_id, settings=SETTINGS)
    finish(desk, staff, shift, short=400)
    form = desk.see(cash_count, shift_id=shift.shift_id, settings=SETTINGS)
    assert (form.in_the_books, form.found, form.difference) == (Dong(1_123_400), Dong(1_123_000), Dong(400))
    assert form.counted_at == clock.now()
    assert {name for name, _role in form.people} == {"Trần Thị Lan", "Vũ Thị Ngân"}
    assert "Tiền mặt thiếu 400" in text_of(count_pdf(form))
    voucher = desk.see(voucher_of_shift, shift_id=shift.shift_id, settings=SETTINGS)
    assert (voucher.amount, voucher.debit, voucher.credit) == (form.found, "1111.3", "1111.2")


# --- the door --------------------------------------------------------------------------------------------------------


def test_a_ticket_says_its_number_who_stands_before_and_how_long_it_takes(desk: Desk) -> None:
    first = desk.do(queue.issue, ticket_id=new_id(), by=None)
    second = desk.do(queue.issue, ticket_id=new_id(), by=None, class_code="elderly")
    now = desk.clock.now()
    one = desk.see(ticket_paper, ticket_id=first.ticket_id, settings=SETTINGS, now=now)
    other = desk.see(ticket_paper, ticket_id=second.ticket_id, settings=SETTINGS, now=now)
    standing = desk.see(queue.standing, ticket_id=second.ticket_id, now=now)
    assert (one.number, one.day, one.lookup) == (first.number, DAY, first.qr)
    assert (other.people_ahead, other.priority) == (standing.people_ahead, "Người cao tuổi")
    assert standing.wait is not None
    assert (other.wait_low, other.wait_high) == (standing.wait.low, standing.wait.high)
    text = as_text(one)
    assert first.number in text
    assert "Giữ khoảng cách 2 mét" in text
    picture = Image.open(io.BytesIO(as_file(one, form="png", settings=SETTINGS)))
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [first.qr]


def test_a_ticket_that_is_over_tells_no_wait(desk: Desk, staff: Staff) -> None:
    ticket = desk.do(queue.issue, ticket_id=new_id(), by=None)
    desk.do(queue.leave, ticket_id=ticket.ticket_id, move_id=new_id(), by=staff.cashier.user_id)
    paper = desk.see(ticket_paper, ticket_id=ticket.ticket_id, settings=SETTINGS, now=desk.clock.now())
    assert (paper.people_ahead, paper.wait_high) == (None, 0)
    assert "phút" not in as_text(paper)


def test_the_poster_of_an_untouched_day_prints_in_every_form(desk: Desk) -> None:
    paper = desk.see(poster_paper, day=DAY, now=desk.clock.now(), settings=SETTINGS, suspended=("Dịch vụ khách hàng",))
    assert paper.room_cap > 0
    assert "Tạm ngừng: Dịch vụ khách hàng" in text_of(as_file(paper, form="pdf", settings=SETTINGS))
    assert "Dịch vụ khách hàng" in as_file(paper, form="text", settings=SETTINGS).decode()
    assert as_file(paper, form="png", settings=SETTINGS).startswith(b"\x89PNG")
    assert as_file(paper, form="escpos", settings=SETTINGS).startswith(b"\x1b@")


# --- the office's layout ---------------------------------------------------------------------------------------------


def test_papers_from_the_books_carry_the_layout_of_the_office(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    paid = pay(desk, staff, shift, code="C1", number=1, amount=1_005)
    for paper in ("receipt", "shift", "day", "poster", "forms"):
        layout = Layout(title=f"MẪU {paper}", lang="en")
        desk.do(layouts.keep, paper=paper, layout=layout, by=staff.supervisor.user_id)
    settings = SETTINGS
    now = desk.clock.now()
    receipt = desk.see(receipt_paper, payment_id=paid.payment_id, settings=settings)
    assert receipt.amount_in_words == "One thousand and five dong"
    texts = {
        "receipt": as_text(receipt),
        "shift": as_text(desk.see(shift_paper, shift_id=shift.shift_id, settings=settings, printed_at=now)),
        "day": as_text(desk.see(day_paper, day=DAY, settings=settings, printed_at=now)),
        "poster": as_text(desk.see(poster_paper, day=DAY, now=now, settings=settings)),
        "forms": text_of(voucher_pdf(desk.see(voucher_of_receipt, payment_id=paid.payment_id, settings=settings))),
    }
    assert [paper for paper, text in texts.items() if f"MẪU {paper}" not in text] == []
    assert "Electricity, period 10/2026" in texts["receipt"]
