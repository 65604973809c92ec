"""The bytes on the wire, the picture, the PDF: read back by something other than what wrote them."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import papers
import pillow_paper
import printer_reader as reader
import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageChops

from counter.locale import language, use_language
from counter.money import Dong
from counter.printing import (
    Copied,
    Document,
    OfficeHead,
    PrinterProfile,
    ReceiptDocument,
    Reversal,
    as_pdf,
    as_png,
    as_text,
    build,
    picture,
)
from counter.printing.compose import compose
from counter.printing.dots import band_heights, harmless
from counter.printing.layout import Align, Columns, Pair, Style, Words, balanced, fit
from counter.printing.picture import Dots, draw, image_of
from counter.printing.qr import qr_matrix
from counter.text import VIETNAMESE

HOSTILE = [
    "\x1bp\x00\x19\xfa",
    "\x1dV\x00",
    "\x1b@",
    "\x10\x14\x01\x00\x01",
    "\x1bt\x10",
    "\x0c",
    "Trần A\nTỔNG: 0 đ\n",
    "900.000\r1",
    "{B\x1bp\x00",
    "Nguyễn 😀 Văn",
    "\x00",
    "\x9b31m\x85\u2028\u202e\u200b\ud800",
    "\x1cq\x01\x18\x7f\x1dv0\x00\xff\xff\xff\xff",
]
DOCUMENTS: dict[str, Document] = {
    "receipt": papers.receipt(),
    "copy": papers.receipt(copied=papers.copied(2)),
    "reversal": papers.reversal(),
    "hand-over": papers.hand_over(),
    "day": papers.day_report(),
    "ticket": papers.ticket(),
    "poster": papers.poster(),
    "printer test": papers.printer_test(),
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


def hostile_receipt(text: str) -> ReceiptDocument:
    """A receipt with the text in every field that data can reach."""
    return papers.receipt(
        office=OfficeHead(name=text, address=text, phone=text),
        till_code=text,
        number=text,
        cashier=text,
        method=text,
        amount_in_words=text,
        journal_head=text,
        lookup=text,
        invoice_page=text,
        footer=(text, text),
        copied=Copied(number=1, at=papers.AT, by=text),
        reversal=Reversal(number=text, reason=text, approver=text),
        lines=tuple(
            replace(line, customer_code=text, customer_name=text, address=text, period=text, bill_number=text, kind=text)
            for line in papers.LINES
        ),
        other_lines=tuple(replace(line, kind=text, customer_code=text, note=text) for line in papers.OTHERS),
    )


# --- raster ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_printer_gets_the_intended_picture_dot_by_dot(document: Document, dots: int) -> None:
    """Decoded back from the job, against the same lines drawn by Pillow without an atlas."""
    printed = reader.picture_of(build(document, PrinterProfile(dots=dots)).data)
    ruler = Dots(dots)
    intended = pillow_paper.intended(fit(compose(document), ruler=ruler), ruler)
    assert printed.size == intended.size
    assert printed.width == dots
    # harmless() may blacken a dot that would spell a real-time command, in each row of a QR code's module
    stray = ImageChops.difference(printed.convert("L"), intended.convert("L")).histogram()[255]
    assert stray <= 24
    assert harmless(_inverted(intended)) == _inverted(printed)


def _inverted(paper: Image.Image) -> bytes:
    return bytes(255 - byte for byte in paper.tobytes())


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("style", [*Style])
def test_every_vietnamese_letter_of_the_atlas_is_the_letter_that_pillow_draws(dots: int, style: Style) -> None:
    ruler = Dots(dots)
    at_once = 1 if style is Style.HUGE else 7
    for start in range(0, len(VIETNAMESE), at_once):
        line = Words("".join(f"n{letter}" for letter in VIETNAMESE[start : start + at_once]), Align.CENTRE, style)
        drawn, intended = image_of(draw([line], ruler=ruler)), pillow_paper.intended([line], ruler)
        assert ImageChops.difference(drawn.convert("L"), intended.convert("L")).histogram()[255] <= 1, line.text


def test_no_ink_leaves_the_paper_on_either_side() -> None:
    ruler = Dots(384)
    for letter in "jÌĨJ_WƠ":
        for line in (Words(letter), Pair("", letter)):
            ink = image_of(draw([line], ruler=ruler)).convert("L").point(lambda dot: 255 - dot).getbbox()
            assert ink is not None
            assert ink[2] - ink[0] < 40, f"{letter} goes on at the other side"


def test_no_picture_spells_a_real_time_command() -> None:
    spelled = b"\x10\x04\x01" + b"\x10\x05\x02" + b"\x10\x14\x01\x00\x01" + b"\x10\x10\x14"
    assert not re.search(rb"\x10[\x04\x05\x14]", harmless(spelled))
    assert harmless(b"\x10\x00\x14\xff") == b"\x10\x00\x14\xff"


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_band_has_at_most_128_rows_and_never_a_multiple_of_48(document: Document) -> None:
    rows = [event.args[1] for event in reader.events_of(build(document, PrinterProfile()).data) if event.kind == "raster"]
    assert max(rows) <= 128
    assert [high for high in rows if high % 48 == 0] == []


@pytest.mark.parametrize("rows", [8, 47, 100, 128])
def test_every_height_of_paper_is_cut_in_bands_that_printers_take(rows: int) -> None:
    for wanted in range(1, 600):
        bands = list(band_heights(wanted, rows=rows))
        assert sum(bands) == wanted
        assert all(0 < high <= rows and high % 48 for high in bands)


@pytest.mark.parametrize("dots", [384, 576])
def test_nothing_is_wider_than_the_paper_and_no_label_runs_into_its_figure(dots: int) -> None:
    ruler = Dots(dots)
    for document in DOCUMENTS.values():
        for line in fit(compose(document), ruler=ruler):
            if isinstance(line, Words):
                assert line.indent * ruler.step + ruler.measure(line.text, line.style) <= dots
            elif isinstance(line, Pair):
                room = dots - line.indent * ruler.step - ruler.measure(line.right, line.style)
                assert ruler.measure(line.left, line.style) <= room


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("style", [Style.NORMAL, Style.STRONG, Style.TOTAL])
def test_money_columns_are_right_aligned_to_the_dot(dots: int, style: Style) -> None:
    amounts = [Dong(1), Dong(44_444), Dong(1_234_567), Dong(-900_000)]
    edges = set()
    for amount in amounts:
        drawn = image_of(draw([Pair("", str(amount), style)], ruler=Dots(dots))).convert("L").point(lambda dot: 255 - dot)
        box = drawn.getbbox()
        assert box is not None
        edges.add(box[2])
    assert len(edges) == 1
    assert dots - 4 <= edges.pop() <= dots


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_the_data_becomes_a_command_in_a_raster_job(text: str) -> None:
    job = build(hostile_receipt(text), PrinterProfile()).data
    assert re.fullmatch(r"init kanji off( raster)+ feed cut", " ".join(reader.kinds(job)))
    assert reader.picture_of(job).size == picture(hostile_receipt(text)).size


# --- plain text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_one_harmless_line_in_the_preview(text: str) -> None:
    shown = as_text(hostile_receipt(text))
    assert all(letter == "\n" or letter.isprintable() for letter in shown)


# --- QR, PNG, PDF ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("lookup", [papers.LOOKUP, "A", "https://example.vn/tra-cuu?so=" + "9a" * 120])
def test_the_qr_code_on_the_paper_is_read_back_by_another_library(dots: int, lookup: str) -> None:
    sheet = Image.open(io.BytesIO(as_png(papers.receipt(lookup=lookup), dots=dots)))
    assert [code.text for code in zxingcpp.read_barcodes(sheet.convert("L"))] == [lookup]


def test_a_qr_code_is_no_wider_than_the_narrow_paper() -> None:
    assert (len(qr_matrix("a" * 300)) + 8) * 2 <= 384


def test_the_png_is_the_picture_of_the_printer_with_a_margin() -> None:
    sheet = Image.open(io.BytesIO(as_png(papers.receipt())))
    intended = picture(papers.receipt())
    inside = sheet.crop((24, 24, 24 + intended.width, 24 + intended.height))
    assert ImageChops.difference(inside.convert("L"), intended.convert("L")).getbbox() is None


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_word_of_the_paper_is_text_in_the_pdf(document: Document) -> None:
    pages = pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages
    assert len(pages) == 1
    inside = re.sub(r"\s+", "", pages[0].extract_text())
    words = [word for word in as_text(document).split() if not re.fullmatch(r"[─═]+|\*+", word)]
    outside_qr = re.sub(r"\[QR:.*?\]", "", " ".join(words), flags=re.DOTALL).split()
    assert [word for word in outside_qr if word not in inside] == []


def test_a_pdf_tells_its_title_the_office_and_the_time_of_the_paper() -> None:
    told = pypdf.PdfReader(io.BytesIO(as_pdf(papers.receipt()))).metadata
    assert told is not None and told.title
    assert told.author == papers.OFFICE.name
    assert told.creation_date == papers.receipt().issued_at.replace(microsecond=0)


def test_the_pdf_embeds_its_fonts_and_is_the_same_every_time() -> None:
    first, second = as_pdf(papers.receipt()), as_pdf(papers.receipt())
    assert first == second
    fonts = pypdf.PdfReader(io.BytesIO(first)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    used = [font.get_object() for font in fonts.values()]
    embedded = [font for font in used if "/FontDescriptor" in font]
    assert {re.sub(r"^/[A-Z]{6}\+", "", str(font["/BaseFont"])) for font in embedded} == {
        "NotoSans-Regular",
        "NotoSans-Bold",
    }
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in embedded)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_makes_a_pdf_and_a_png_all_the_same(text: str) -> None:
    assert pypdf.PdfReader(io.BytesIO(as_pdf(hostile_receipt(text)))).pages[0].extract_text()
    assert Image.open(io.BytesIO(as_png(hostile_receipt(text)))).width > 576


# --- what is loaded ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots", [384, 576])
def test_centred_text_is_torn_at_its_commas_where_that_costs_no_line(dots: int) -> None:
    ruler = Dots(dots)
    address = "Điểm giao dịch Hạ Long, 12 Lê Thánh Tông, phường Hồng Gai"
    lines = [line.text for line in fit([Words(address, Align.CENTRE, Style.SMALL)], ruler=ruler) if isinstance(line, Words)]
    assert lines == ["Điểm giao dịch Hạ Long,", "12 Lê Thánh Tông, phường Hồng Gai"]
    long = "phường " + "Hồng " * 20
    clause = "ba"
    while ruler.measure(clause, Style.NORMAL) < 0.6 * ruler.width:
        clause += " ba"
    for text in (
        f"{clause}, {clause}, {clause}",
        long + ", x",
        f"{long}, {long}",
        "a, " + "b" * 200,
    ):  # a clause wider than the paper
        assert fit([Words(text, Align.CENTRE)], ruler=ruler) == [
            Words(line, Align.CENTRE) for line in balanced(text, room=ruler.width, style=Style.NORMAL, ruler=ruler)
        ]


def test_a_rule_that_takes_two_lines_goes_on_beside_its_number() -> None:
    rules = "4. Lỡ lượt gọi, xin báo bảo vệ: quý khách vẫn còn chỗ."
    first, second = fit([Words(rules, style=Style.SMALL, hang=1)], ruler=Dots(384))
    assert isinstance(first, Words) and isinstance(second, Words)
    assert (first.indent, second.indent) == (0, 1)
    assert Dots(384).measure(second.text, Style.SMALL) + Dots(384).step <= 384
    (whole,) = fit([Words("x" * 32, hang=1)], ruler=Columns(32))
    assert whole == Words("x" * 32)
    assert "\n  " in as_text(papers.ticket(), columns=32).split("4. ")[1][:60]


def test_importing_printing_loads_nothing_that_draws_and_no_database() -> None:
    heavy = ("PIL", "reportlab", "qrcode", "escpos", "sqlalchemy", "sqlmodel", "db")
    script = f"import sys, counter.printing; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
