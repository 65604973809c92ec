"""Papers read back by programs that people use: tesseract reads the picture, pdftotext the PDF."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import papers
import pytest

from counter.locale import language, use_language
from counter.money import Dong
from counter.printing import Document, as_pdf, as_png, as_text
from counter.printing.compose import compose
from counter.printing.forms import count_pdf, poster_pdf, receipt_pdf, voucher_pdf
from counter.printing.layout import Banner, Pair, Words, fit
from counter.printing.picture import Dots
from counter.text import amount_in_words

SURNAMES = re.findall(r"\w+", "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Mạc Trịnh Đoàn Quách")
MIDDLE = re.findall(r"\w+", "Văn Thị Hữu Đức Ngọc Minh Thanh Xuân Kim Thúy Bích Mỹ Quốc Đình Gia Phước")
GIVEN = re.findall(
    r"\w+", "An Ánh Bảo Chín Dũng Đạt Giang Hưởng Khuê Lệ Mẫn Nghĩa Oanh Phượng Quỳnh Sửu Thủy Uyên Vượng Ý Yến"
)
PLACES = ("tổ 5, phường Hồng Gai", "thôn Đông, xã Tân Dĩnh", "xóm Mới, xã Nghĩa Hòa", "ấp Bưng Cần, xã Ea Kly")


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    before = language()
    use_language("vi")
    yield
    use_language(before)


def a_receipt(chance: random.Random) -> Document:
    """Other names, amounts and places each time, no QR code: its modules are no letters."""
    lines = tuple(
        replace(
            papers.NEIGHBOUR,
            customer_code=f"PA05{chance.randrange(10**9):09}",
            customer_name=f"{chance.choice(SURNAMES)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}",
            address=chance.choice(PLACES),
            bill_number=f"{chance.randrange(10**7):07}",
            amount=Dong(chance.randrange(10_000, 9_999_999)),
            vat=Dong(chance.randrange(1_000, 99_999)),
        )
        for _line in range(5)
    )
    due = Dong(sum(line.amount for line in lines))
    return papers.receipt(
        lines=lines, other_lines=(), due=due, tendered=due, change=Dong(0), lookup="", amount_in_words=amount_in_words(due)
    )


# --- the picture -----------------------------------------------------------------------------------------------------


def words_of(document: Document, *, dots: int) -> str:
    """What stands on the picture, line by line, blanks squeezed."""
    rows = []
    for line in fit(compose(document), ruler=Dots(dots)):
        if isinstance(line, Pair):
            rows.append(f"{line.left} {line.right}")
        elif isinstance(line, Words | Banner):
            rows.append(line.text)
    return " ".join(" ".join(rows).split())


def edits(a: str, b: str) -> int:
    """The fewest letters to put in, take out or change."""
    before = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        now = [i]
        for j, other in enumerate(b, start=1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (letter != other)))
        before = now
    return before[-1]


def read_by_tesseract(png: bytes, folder: Path) -> str:
    path = folder / "paper.png"
    path.write_bytes(png)
    command = ["tesseract", str(path), "-", "-l", "vie", "--psm", "6", "--dpi", "203"]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split())


@pytest.mark.torture
@pytest.mark.parametrize("dots", [384, 576])
def test_tesseract_reads_the_papers_with_at_most_two_letters_wrong_in_a_hundred(
    dots: int, tmp_path: Path, not_measured: list[str], campaign: Callable[[str], None]
) -> None:
    if not shutil.which("tesseract"):
        not_measured.append("reading errors of papers: install tesseract-ocr and tesseract-ocr-vie")
        return
    chance = random.Random(dots)
    wrong = letters = 0
    amounts_lost = []
    others = (papers.hand_over(), papers.day_report(), replace(papers.reversal(), lookup=""), papers.ticket(lookup=""))
    for document in (*(a_receipt(chance) for _paper in range(8)), *others):
        told, read = words_of(document, dots=dots), read_by_tesseract(as_png(document, dots=dots), tmp_path)
        wrong, letters = wrong + edits(told, read), letters + len(told)
        amounts_lost += [amount for amount in re.findall(r"\d{1,3}(?:\.\d{3})+", told) if amount not in read]
    share = f"{100 * wrong / letters:.2f} %"
    campaign(f"{dots} dots read back: {wrong} of {letters} letters wrong, {share}; amounts lost: {amounts_lost}")
    assert wrong / letters <= 0.02
    assert amounts_lost == []


# --- the PDF ---------------------------------------------------------------------------------------------------------


def read_by_pdftotext(pdf: bytes, folder: Path) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout


PDFS: dict[str, Callable[[], tuple[bytes, str]]] = {
    "receipt": lambda: (as_pdf(papers.receipt(lookup="")), as_text(papers.receipt(lookup=""))),
    "hand-over": lambda: (as_pdf(papers.hand_over()), as_text(papers.hand_over())),
    "day": lambda: (as_pdf(papers.day_report()), as_text(papers.day_report())),
    "01-TT": lambda: (voucher_pdf(papers.voucher()), "Trần Thị Bích 18.730.000 Mười tám triệu bảy trăm ba mươi nghìn"),
    "06-TT": lambda: (receipt_pdf(papers.money_receipt()), "Nguyễn Hoàng Phúc Bảo Trân 1.279.567 PA03HL0012345"),
    "08a-TT": lambda: (count_pdf(papers.cash_count()), "10.732.000 10.730.000 2.000 Trả nhầm tiền lẻ cho khách"),
    "poster": lambda: (poster_pdf(papers.poster()), "07:30–08:00 hết chỗ ưu tiên người cao tuổi"),
}


@pytest.mark.parametrize("name", PDFS)
def test_pdftotext_finds_every_word_of_a_pdf(name: str, tmp_path: Path, not_measured: list[str]) -> None:
    if not shutil.which("pdftotext"):
        not_measured.append("PDFs by pdftotext: install poppler-utils; pypdf has read them")
        return
    pdf, told = PDFS[name]()
    inside = re.sub(r"\s+", "", read_by_pdftotext(pdf, tmp_path))
    assert [word for word in re.findall(r"[\w.,:/–]+", told) if word not in inside] == []
