"""Forms of the accounts as PDF: every fact is text in them, nothing leaves its room, the same facts give the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import papers
import pypdf
import pytest
from test_printing import HOSTILE

from counter.locale import language, use_language
from counter.money import Dong
from counter.printing import Layout, NotesCounted, PosterSlot
from counter.printing.forms import count_pdf, poster_pdf, receipt_pdf, voucher_pdf
from counter.printing.forms.sheet import Face
from counter.printing.layout import Style

A5, A4 = (595, 420), (595, 842)
FORMS: dict[str, tuple[Callable[..., bytes], Any, tuple[int, int]]] = {
    "01-TT": (voucher_pdf, papers.voucher(), A5),
    "06-TT": (receipt_pdf, papers.money_receipt(), A5),
    "08a-TT": (count_pdf, papers.cash_count(), A4),
    "poster": (poster_pdf, papers.poster(), A4),
}


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    before = language()
    use_language("vi")
    yield
    use_language(before)


def page_of(pdf: bytes) -> pypdf.PageObject:
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page


def text_of(pdf: bytes) -> str:
    return page_of(pdf).extract_text()


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_one_page_of_its_size_with_embedded_fonts_and_always_the_same(name: str) -> None:
    draw, form, size = FORMS[name]
    pdf = draw(form)
    assert draw(form) == pdf
    page = page_of(pdf)
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == size
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert all("/ToUnicode" in font for font in fonts if "/FontDescriptor" in font)
    assert {str(font["/BaseFont"])[8:] for font in fonts if "/FontDescriptor" in font} == {
        "NotoSans-Regular",
        "NotoSans-Bold",
    }


WANTED = {
    "01-TT": "Đơn vị|Địa chỉ|Mẫu số 01-TT|PHIẾU THU|Quyển số|Số:|Nợ:|Có:|Họ và tên người nộp tiền|Lý do nộp|Số tiền|"
    "Viết bằng chữ|Kèm theo|Giám đốc|Kế toán trưởng|Người nộp tiền|Người lập phiếu|Thủ quỹ|Đã nhận đủ số tiền",
    "06-TT": "Đơn vị|Địa chỉ|Mẫu số 06-TT|BIÊN LAI THU TIỀN|Quyển số|Họ và tên người nộp tiền|Nội dung thu|Số tiền|"
    "Viết bằng chữ|Người nộp tiền|Người thu tiền",
    "08a-TT": "Mẫu số 08a-TT|BẢNG KIỂM KÊ QUỸ|Hôm nay, vào 08 giờ 15|STT|Diễn giải|Số lượng (tờ)|Số tiền|Số dư theo sổ quỹ|"
    "Số kiểm kê thực tế|Loại 500.000|Chênh lệch (III = I – II)|Lý do thừa|Lý do thiếu|Kết luận|Kế toán trưởng|Thủ quỹ|"
    "Người chịu trách nhiệm kiểm kê quỹ",
    "poster": "GIỜ GIAO DỊCH|24/11/2026|07:30–08:00|còn 7 chỗ|Tạm ngừng|không quá 8 người|Giữ khoảng cách",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_every_field_that_it_must_have(name: str) -> None:
    draw, form, _size = FORMS[name]
    inside = bare(text_of(draw(form)))
    assert [words for words in WANTED[name].split("|") if bare(words) not in inside] == []


@pytest.mark.parametrize("name", FORMS)
def test_every_fact_of_a_form_is_on_it(name: str) -> None:
    draw, form, _size = FORMS[name]
    inside = bare(text_of(draw(form)))
    facts = [getattr(form, field.name) for field in fields(form)]
    texts = [fact for fact in facts if isinstance(fact, str) and not fact.startswith("https")]
    texts += [str(fact) for fact in facts if isinstance(fact, Dong)]
    assert [text for text in texts if bare(text) not in inside] == []


def test_a_shortage_is_positive_on_the_form_and_its_reason_stands_in_its_row() -> None:
    short = papers.cash_count()
    assert short.difference == Dong(2_000)
    text = text_of(count_pdf(short))
    assert "Tiền mặt thiếu 2.000" in text
    over = papers.cash_count(in_the_books=Dong(10_700_000))
    assert over.difference == Dong(-30_000)
    assert "Tiền mặt thừa 30.000" in text_of(count_pdf(over))
    even = papers.cash_count(in_the_books=Dong(10_730_000), reason="")
    assert "Tiền mặt khớp với sổ quỹ" in text_of(count_pdf(even))


def test_the_notes_of_a_count_add_up_to_row_two() -> None:
    form = papers.cash_count(counted=tuple(NotesCounted(note=note, pieces=3) for note in (500_000, 1_000, 500, 200)))
    text = text_of(count_pdf(form))
    assert form.found == Dong(1_505_100)
    assert "1.505.100" in text
    assert "Loại 200" in text


@pytest.mark.parametrize("draw", [voucher_pdf, receipt_pdf])
def test_on_a4_both_copies_stand_on_one_sheet(draw: Callable[..., bytes]) -> None:
    form = papers.voucher() if draw is voucher_pdf else papers.money_receipt()
    page = page_of(draw(form, size="a4"))
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == A4
    text = page.extract_text()
    assert "Liên 1" in text
    assert "Liên 2" in text
    assert bare(text).count(bare(form.payer)) >= 2


def test_a_form_tells_its_title_the_office_and_its_day() -> None:
    form = papers.voucher()
    told = pypdf.PdfReader(io.BytesIO(voucher_pdf(form))).metadata
    assert told is not None and told.title and told.creation_date is not None
    assert (told.author, told.creation_date.date()) == (form.office.name, form.day)


def boxes(pdf: bytes) -> list[tuple[float, float, float, str]]:
    """(left, base, size, text) of every text on the page."""
    found: list[tuple[float, float, float, str]] = []

    def visit(text: str, _matrix: Any, place: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append((place[4], place[5], size, text.strip()))

    page_of(pdf).extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("text", ["Ư" * 300, "Nguyễn Thị Ánh Tuyết " * 30, *HOSTILE])
def test_no_text_leaves_the_sheet_however_long_or_hostile(name: str, text: str) -> None:
    draw, form, (wide, high) = FORMS[name]
    changes = {
        field.name: text for field in fields(form) if isinstance(getattr(form, field.name), str) and field.name != "lookup"
    }
    full = replace(form, **changes, office=replace(form.office, name=text, address=text))
    for left, base, size, shown in boxes(draw(full)):
        assert left >= 0, shown
        assert left / 72 * 25.4 + Face(size).measure(shown, Style.NORMAL) <= wide / 72 * 25.4 + 1, shown
        assert 0 < base < high, shown


def test_the_layout_of_the_office_is_on_its_forms() -> None:
    layout = Layout(title="PHIẾU THU TIỀN MẶT", header=("Theo quy chế nội bộ số 12",), lang="vi")
    text = text_of(voucher_pdf(papers.voucher(layout=layout)))
    assert "PHIẾU THU TIỀN MẶT" in text
    assert "quy chế nội bộ" in text
    assert "Thông tư" not in text


def test_a_form_in_english_says_everything_in_english() -> None:
    text = text_of(voucher_pdf(papers.voucher(layout=Layout(lang="en"))))
    assert "CASH VOUCHER" in text
    assert "PHIẾU THU" not in text
    assert language() == "vi"


def test_a_slot_that_takes_nobody_says_why() -> None:
    text = text_of(poster_pdf(papers.poster(closed="Quốc khánh")))
    assert "NGHỈ: Quốc khánh" in text
    assert "ưu tiên người cao tuổi" in text
    assert "hết chỗ" in text


@pytest.mark.parametrize("suspended", [0, 1, 3, 6, 9])
@pytest.mark.parametrize("slots", [0, 16, 28, 44])
@pytest.mark.parametrize("lookup", ["", "https://cskh.npc.com.vn/dat-gio"])
def test_a_poster_is_one_sheet_whatever_is_suspended(suspended: int, slots: int, lookup: str) -> None:
    poster = papers.poster(
        slots=tuple(PosterSlot(slot=f"{7 + n // 4:02}:{n % 4 * 15:02}", free=n % 3) for n in range(slots)),
        suspended=tuple(f"Việc thứ {n}: đến hết 30/11" for n in range(suspended)),
        lookup=lookup,
        layout=Layout(footer=("Xin cảm ơn quý khách",)),
    )
    pdf = poster_pdf(poster)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    shown = [(base, text) for _left, base, _size, text in boxes(pdf)]
    assert all(base > 20 for base, _text in shown)
    foot = next(base for base, text in shown if "cảm ơn" in text)
    rules = [base for base, text in shown if text.startswith(("1.", "2.", "3.", "4."))]
    assert len(rules) == 4 and min(rules) > foot
