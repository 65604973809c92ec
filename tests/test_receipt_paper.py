"""What stands on a receipt, word for word, in both languages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import papers
import pypdf
import pytest

from counter.locale import language, use_language
from counter.money import Dong
from counter.printing import OtherLine, ReceiptDocument, Reversal, as_pdf, as_text
from counter.text import display_width

VIETNAMESE_RECEIPT = """\
       Công ty Điện lực Quảng Ninh
         Điểm giao dịch Hạ Long,
    12 Lê Thánh Tông, phường Hồng Gai
          Điện thoại: 1900 6769
══════════════════════════════════════════
      Biên nhận thanh toán tiền điện

Số biên nhận               Q01-2026-000123
Ngày làm việc                   24/11/2026
Lập lúc                   24/11/2026 08:15
Quầy thu                               Q01
Thu ngân                     Trần Thị Bích
──────────────────────────────────────────
PA03HL0012345
Nguyễn Hoàng P** B** T**
tổ 12 khu 3, phường Hồng Gai
Tiền điện, kỳ 9/2026           1.234.567 ₫
  Số HĐ 0031877, đã gồm thuế GTGT 91.449 ₫
Công suất phản kháng, kỳ 10/2026  45.000 ₫
  Số HĐ 0045119
──────────────────────────────────────────
PA03HL0077001
Đặng T** N** Á**
tổ 5, phường Hồng Gai
Tiền điện, kỳ 10/2026             89.001 ₫
  Số HĐ 0045120, đã gồm thuế GTGT 6.593 ₫
──────────────────────────────────────────
Nộp trước cho kỳ tới             200.000 ₫
  PA03HL0077001, 3 kỳ
Trừ tiền nộp trước              -100.000 ₫
  PA03HL0012345
══════════════════════════════════════════
TỔNG CỘNG                      1.468.568 ₫
Bằng chữ: Một triệu bốn trăm sáu mươi tám
nghìn năm trăm sáu mươi tám đồng chẵn
Hình thức                         Tiền mặt
Khách đưa                      1.500.000 ₫
Trả lại                           31.432 ₫
──────────────────────────────────────────
[QR: https://cskh.npc.com.vn/b/Q01-2026-00
                  0123]
       Quét mã để tra cứu biên nhận
     Giấy này xác nhận đã thanh toán,
         không thay thế hóa đơn.
 Nhận hóa đơn điện tử tại cskh.npc.com.vn
     Tổng đài 1900 6769, phục vụ 24/7
            Nhật ký 3fa9-12bc
"""

ENGLISH_RECEIPT = """\
       Công ty Điện lực Quảng Ninh
         Điểm giao dịch Hạ Long,
    12 Lê Thánh Tông, phường Hồng Gai
             Phone 1900 6769
══════════════════════════════════════════
     Receipt for electricity payment

Receipt no.                Q01-2026-000123
Business day                    24/11/2026
Issued at                 24/11/2026 08:15
Till                                   Q01
Cashier                      Trần Thị Bích
──────────────────────────────────────────
PA03HL0012345
Nguyễn Hoàng P** B** T**
tổ 12 khu 3, phường Hồng Gai
Electricity, period 9/2026     1.234.567 ₫
  Bill no. 0031877, VAT 91.449 ₫ included
Reactive power, period 10/2026    45.000 ₫
  Bill no. 0045119
──────────────────────────────────────────
PA03HL0077001
Đặng T** N** Á**
tổ 5, phường Hồng Gai
Electricity, period 10/2026       89.001 ₫
  Bill no. 0045120, VAT 6.593 ₫ included
──────────────────────────────────────────
Paid in advance                  200.000 ₫
  PA03HL0077001, 3 kỳ
Advance money used              -100.000 ₫
  PA03HL0012345
══════════════════════════════════════════
TOTAL                          1.468.568 ₫
In words: Một triệu bốn trăm sáu mươi tám
nghìn năm trăm sáu mươi tám đồng chẵn
Paid by                               Cash
Tendered                       1.500.000 ₫
Change                            31.432 ₫
──────────────────────────────────────────
[QR: https://cskh.npc.com.vn/b/Q01-2026-00
                  0123]
       Scan to look up this receipt
       This paper confirms payment.
         It is not a tax invoice.
     Your e-invoice: cskh.npc.com.vn
     Tổng đài 1900 6769, phục vụ 24/7
            Journal 3fa9-12bc
"""

ENGLISH_REVERSAL = """\
       Công ty Điện lực Quảng Ninh
         Điểm giao dịch Hạ Long,
    12 Lê Thánh Tông, phường Hồng Gai
             Phone 1900 6769
══════════════════════════════════════════
           RECEIPT OF REVERSAL

Receipt no.                Q01-2026-000124
Business day                    24/11/2026
Issued at                 24/11/2026 08:15
Till                                   Q01
Cashier                      Trần Thị Bích
──────────────────────────────────────────
Takes back receipt no.     Q01-2026-000123
Reason  Thu nhầm mã khách hàng của nhà bên
Approved by                    Lê Văn Chín
──────────────────────────────────────────
PA03HL0077001
Đặng T** N** Á**
tổ 5, phường Hồng Gai
Electricity, period 10/2026       89.001 ₫
  Bill no. 0045120, VAT 6.593 ₫ included
══════════════════════════════════════════
GIVEN BACK                        89.001 ₫
In words: Tám mươi chín nghìn không trăm
linh một đồng chẵn
Paid by                               Cash

Customer                       Approved by



                               Lê Văn Chín
──────────────────────────────────────────
[QR: https://cskh.npc.com.vn/b/Q01-2026-00
                  0123]
       Scan to look up this receipt
     This paper confirms money given
      back. It is not a tax invoice.
     Your e-invoice: cskh.npc.com.vn
     Tổng đài 1900 6769, phục vụ 24/7
            Journal 3fa9-12bc
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


def test_a_mixed_receipt_in_vietnamese() -> None:
    use_language("vi")
    assert as_text(papers.receipt()) == VIETNAMESE_RECEIPT


def test_a_mixed_receipt_in_english() -> None:
    assert as_text(papers.receipt()) == ENGLISH_RECEIPT


def test_a_reversal_names_the_receipt_it_takes_back_the_reason_and_who_agreed() -> None:
    assert as_text(papers.reversal()) == ENGLISH_REVERSAL
    use_language("vi")
    text = as_text(papers.reversal())
    assert "BIÊN NHẬN HỦY THU" in text
    assert "Hủy biên nhận số           Q01-2026-000123" in text
    assert "Biên nhận thanh toán tiền điện" not in text


def test_a_receipt_taken_back_says_so_on_its_original_and_on_every_copy() -> None:
    use_language("vi")
    assert "ĐÃ HỦY" not in as_text(papers.receipt())
    for copy_no in (0, 2):
        document = papers.receipt(copied=papers.copied(copy_no), reversed_by="Q01-2026-000130")
        text = as_text(document, columns=32)
        assert text.index("ĐÃ HỦY") < text.index("Số biên nhận")
        assert "Q01-2026-000130" in text
        page = pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages[0].extract_text()
        assert "ĐÃ HỦY" in page
        assert "Q01-2026-000130" in page


def test_a_code_without_a_page_of_the_office_is_no_invitation_to_look_it_up() -> None:
    assert "Scan to look up" in as_text(papers.receipt())
    bare = as_text(papers.receipt(lookup="Q01-2026-000123 3fa9", invoice_page=""))
    assert "Scan to look up" not in bare
    assert "for the office" in bare


def test_no_paper_of_ours_calls_itself_an_invoice() -> None:
    use_language("vi")
    for document in (
        papers.receipt(),
        papers.reversal(),
        papers.receipt(kind="REFUND"),
        papers.receipt(copied=papers.copied(1)),
    ):
        text = as_text(document)
        assert "Hóa đơn" not in text
        assert "HÓA ĐƠN" not in text
        assert "không thay thế hóa đơn" in " ".join(text.split())


def test_the_original_is_no_copy_and_every_copy_says_its_number() -> None:
    use_language("vi")
    assert "BẢN SAO" not in as_text(papers.receipt(copied=papers.copied(0)))
    assert "BẢN SAO LẦN 1" in as_text(papers.receipt(copied=papers.copied(1)))
    assert "BẢN SAO LẦN 12" in as_text(papers.receipt(copied=papers.copied(12)))


def test_a_copy_says_when_it_was_asked_for_and_by_whom() -> None:
    """Whoever holds two papers of one payment sees which came later, and whom to ask; printing.md 6.2."""
    use_language("vi")
    document = papers.receipt(copied=papers.copied(2))
    page = pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages[0].extract_text()
    texts = [as_text(document, columns=columns) for columns in (32, 42, 48)]
    for said in (" ".join(text.split()) for text in (*texts, page)):
        assert "BẢN SAO LẦN 2 *** In sao lúc 25/11/2026 09:15, người in: Hồ Ngọc Ánh" in said.replace(
            "LẦN 2 In", "LẦN 2 *** In"
        )
    assert "In sao" not in as_text(papers.receipt())


def test_the_business_day_is_the_shifts_and_not_the_clocks() -> None:
    text = as_text(papers.receipt(business_day=date(2026, 11, 23)))
    assert "23/11/2026" in text
    assert "24/11/2026 08:15" in text


def test_money_given_back_shows_no_tendered_and_no_change() -> None:
    for document in (papers.reversal(), papers.receipt(kind="REFUND")):
        text = as_text(document)
        assert "GIVEN BACK" in text
        assert "Tendered" not in text
        assert "Change" not in text


def test_a_transfer_of_the_exact_sum_shows_no_tendered_and_no_change() -> None:
    text = as_text(papers.receipt(method="QR", tendered=Dong(1_468_568), change=Dong(0)))
    assert "Bank transfer (QR)" in text
    assert "Tendered" not in text


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_line_fits_the_paper_and_every_figure_ends_at_its_edge(columns: int, lang: str) -> None:
    use_language(lang)
    for document in (papers.receipt(copied=papers.copied(3)), papers.reversal(), papers.hand_over(), papers.printer_test()):
        lines = as_text(document, columns=columns).splitlines()
        assert max(map(display_width, lines)) <= columns
        figures = [line for line in lines if line.endswith("₫") and "VAT" not in line and "GTGT" not in line]
        assert len(figures) >= 2
        inside = [line for line in figures if not line.lstrip()[0].isdigit() and display_width(line) != columns]
        assert inside == []


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_an_amount_is_never_cut_however_large_and_however_long_its_label(columns: int) -> None:
    largest = Dong(1_000_000_000_000)
    long_note = OtherLine(kind="A kind that nobody foresaw and that has a very long name", customer_code="", amount=largest)
    text = as_text(papers.receipt(due=largest, tendered=largest, other_lines=(long_note,)), columns=columns)
    whole = [line for line in text.splitlines() if line.endswith("1.000.000.000.000 ₫")]
    assert len(whole) == 3
    assert all(display_width(line) == columns for line in whole)


def test_a_long_name_wraps_and_loses_no_letter() -> None:
    name = "Tôn Nữ Công Tằng Hoàng Thị Như Ý Ngọc Bích Phương Thảo Nguyên"
    text = as_text(papers.receipt(cashier=name), columns=32)
    assert name.replace(" ", "") in "".join(text.split())


def test_a_word_without_blanks_is_broken_where_the_paper_ends() -> None:
    word = "A" * 100
    text = as_text(papers.receipt(cashier=word), columns=32)
    assert text.count("A" * 32) >= 3
    assert max(map(display_width, text.splitlines())) <= 32


def test_evening_out_centred_lines_never_breaks_a_word_that_fits() -> None:
    address = "aaaa bb https://cskh.npc.com.vn/tra-cuu dd"
    text = as_text(papers.receipt(footer=(address,)), columns=32)
    assert "https://cskh.npc.com.vn/tra-cuu" in text


def test_bills_of_one_customer_stand_under_one_name() -> None:
    text = as_text(papers.receipt())
    assert text.count("PA03HL0012345\n") == 2  # once as head, once under the advance that was used
    assert text.count("Nguyễn Hoàng P** B** T**") == 1


def test_a_forged_line_in_a_name_stays_inside_its_line() -> None:
    forged = papers.receipt(cashier="Trần A\nTOTAL: 0 đ\n")
    assert "Trần A TOTAL: 0 đ" in as_text(forged)
    assert not any(line.startswith("TOTAL: 0") for line in as_text(forged).splitlines())


@pytest.mark.parametrize("lookup", ["", "https://x.vn/\x1b[2J", "tra cứu", "A" * 301])
def test_a_lookup_text_that_is_not_plain_ascii_becomes_no_qr_code(lookup: str) -> None:
    assert "[QR:" not in as_text(papers.receipt(lookup=lookup))


def test_a_shift_report_before_the_count_does_not_tell_what_is_expected() -> None:
    text = as_text(replace(papers.hand_over(), expected=None, difference=None, counted=(), receiver=""))
    assert "Shift report (X)" in text
    assert "Expected" not in text
    assert "Counted" not in text


def test_a_hand_over_shows_the_shortage_by_name_and_room_for_two_signatures() -> None:
    use_language("vi")
    text = as_text(papers.hand_over())
    assert "Phiếu bàn giao ca" in text
    assert "THIẾU QUỸ                          2.000 ₫" in text
    assert "Người giao                      Người nhận" in text
    assert "Trần Thị Bích                Phạm Thị Dung" in text


def test_a_reversal_without_a_name_for_its_kind_is_still_a_reversal() -> None:
    document: ReceiptDocument = papers.receipt(reversal=Reversal(number="1", reason="x", approver="y"))
    assert "RECEIPT OF REVERSAL" in as_text(document)
