"""Letters that the printer draws: every byte, every page, every letter, read back by a reader that shares no code."""

from __future__ import annotations

import io
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import papers
import printer_reader as reader
import pypdf
import pytest
from test_printing import HOSTILE, hostile_receipt

from counter.locale import use_language
from counter.money import Dong
from counter.printing import Document, PrinterProfile, as_pdf, build, ops
from counter.printing.letters import ASCII, PLAIN, letters_of
from counter.printing.ownletters import OWN, columns_of
from counter.printing.textjob import OwnHand, PageHand
from counter.text import VIETNAMESE, VIETNAMESE_LOWER, display_width

GOLDEN = Path(__file__).parent / "golden"
SEEN = "2026-11-24 A"
PROFILES = {
    "ascii-32": PrinterProfile(mode="ascii", columns=32),
    "ascii-42": PrinterProfile(mode="ascii", columns=42),
    "tcvn3-30-31": PrinterProfile(mode="textpage", table="tcvn3", page=30, page_capitals=31, columns=48, calibration=SEEN),
    "tcvn3-27": PrinterProfile(mode="textpage", table="tcvn3", page=27, columns=42, calibration=SEEN, native_qr=True),
    "tcvn5712-27": PrinterProfile(mode="textpage", table="tcvn5712", page=27, columns=42, calibration=SEEN),
    "viscii-51": PrinterProfile(mode="textpage", table="viscii", page=51, columns=32, dots=384, calibration=SEEN),
    "cp1258-52": PrinterProfile(mode="textpage", table="cp1258", page=52, columns=42, calibration=SEEN),
    "own-48": PrinterProfile(mode="user_defined", columns=48, calibration=SEEN),
    "raster-576": PrinterProfile(),
    "raster-384-qr": PrinterProfile(dots=384, columns=32, native_qr=True, cut="full", band_rows=100),
}
OF_LETTERS = {name: profile for name, profile in PROFILES.items() if profile.way != "raster"}
ENCODINGS = {"tcvn3": "TCVN5712-1", "tcvn5712": "TCVN5712-1", "viscii": "VISCII", "cp1258": "CP1258"}


def decoder(profile: PrinterProfile):  # type: ignore[no-untyped-def]
    """What this printer shows for a byte of a page, by the reader's tables."""
    table = reader.table_of(ENCODINGS[profile.table]) if profile.table else {}

    def decode(page: int, letters: bytes) -> str:
        shown = "".join(chr(byte) if byte < 0x80 else table[byte] for byte in letters)
        if profile.page_capitals and page == profile.page_capitals:
            assert all(letter in VIETNAMESE_LOWER + "ĂÂĐ" + ASCII for letter in shown)
            return shown.upper()
        return shown

    return decode


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    use_language("vi")


# --- golden files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_a_receipt_is_the_same_bytes_as_ever(name: str, request: pytest.FixtureRequest) -> None:
    """To make the golden files anew after a wanted change: `pytest tests/test_printer_letters.py --golden`."""
    job = build(papers.receipt(copied=papers.copied(1)), PROFILES[name])
    said, path = reader.dump(job.data), GOLDEN / f"receipt-{name}.txt"
    if request.config.getoption("--golden"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_a_receipt_as_pdf_says_the_same_as_ever(request: pytest.FixtureRequest) -> None:
    """What a reader finds in it; the bytes carry the versions of the library that wrote them."""
    page = pypdf.PdfReader(io.BytesIO(as_pdf(papers.receipt(copied=papers.copied(1))))).pages[0]
    said, path = page.extract_text() + "\n", GOLDEN / "receipt-pdf.txt"
    if request.config.getoption("--golden"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


# --- every letter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", reader.UPPER_HALVES)
def test_the_readers_tables_are_those_of_the_c_library(encoding: str) -> None:
    """Where there is an iconv: a Windows computer has none, and then the tables stand for themselves."""
    if shutil.which("iconv"):
        assert {b: x for b, x in reader.table_of(encoding).items() if x in VIETNAMESE} == {
            b: x for b, x in reader.iconv_table(encoding).items() if x in VIETNAMESE
        }


def test_page_30_and_31_hold_every_letter_as_the_readers_tables_do() -> None:
    profile = PROFILES["tcvn3-30-31"]
    letters, decode = letters_of("tcvn3", 30, 31), decoder(profile)
    for letter in VIETNAMESE:
        assert letters.settle(letter) == letter
        ((page, byte),) = letters.runs(letter)
        assert decode(page, byte) == letter
    ((page, byte),) = letters.runs("Đ")
    assert (page, byte) == (31, b"\xa7")


@pytest.mark.parametrize(("table", "lacking"), [("tcvn3", 60), ("tcvn5712", 12), ("viscii", 6), ("cp1258", 104), ("", 134)])
def test_a_table_that_lacks_letters_writes_the_nearest_and_never_a_wrong_one(table: str, lacking: int) -> None:
    letters = letters_of(table, 27, 0)  # type: ignore[arg-type]
    changed = {letter: letters.settle(letter) for letter in VIETNAMESE if letters.settle(letter) != letter}
    assert len(changed) == lacking
    assert all(PLAIN.settle(near) == PLAIN.settle(letter) for letter, near in changed.items())


@pytest.mark.parametrize("name", [name for name, profile in OF_LETTERS.items() if profile.table])
def test_a_page_shows_the_receipt_as_it_was_settled(name: str) -> None:
    profile = OF_LETTERS[name]
    letters = letters_of(profile.table, profile.page, profile.page_capitals)
    shown = "\n".join(reader.lines_of(build(papers.receipt(), profile).data, decoder(profile)))
    words = re.findall(r"\w+", papers.OFFICE.name + " " + papers.receipt().cashier)
    assert [letters.settle(word) for word in words if letters.settle(word) not in shown] == []
    assert letters.settle("1.468.568 ₫").replace("\u00a0", " ") in shown


def test_capitals_turn_the_page_once_a_word_and_not_once_a_letter() -> None:
    letters = letters_of("tcvn3", 30, 31)
    assert [page for page, _bytes in letters.runs("CỘNG HÒA XÃ HỘI tươi đẹp")] == [30, 31, 30]


def test_letters_of_our_own_are_defined_before_they_are_written_and_look_like_themselves() -> None:
    shown = "\n".join(reader.lines_of(build(papers.receipt(), PROFILES["own-48"]).data))
    assert "Công ty Điện lực Quảng Ninh" in shown
    assert "1.468.568 ₫" in shown
    assert len({columns_of(letter) for letter in OWN}) == len(OWN) == 135


def test_more_letters_than_codes_are_defined_anew_line_by_line() -> None:
    hand = OwnHand()
    rows = [VIETNAMESE[start : start + 32] for start in (0, 32, 64, 96, 0, 102)]
    job = b"".join(op.data for op in hand.write(rows))
    assert reader.lines_of(job) == rows


def test_ascii_spelling_keeps_every_letter_and_drops_every_mark() -> None:
    assert PLAIN.settle("Đặng Thị Ngọc Ánh … 5.000 ₫ “ngõ”") == 'Dang Thi Ngoc Anh ... 5.000 d "ngo"'
    assert PLAIN.settle("中 e\u0301") == "? e"


# --- widths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document", [papers.receipt(), papers.reversal(), papers.hand_over()], ids=["paid", "back", "shift"]
)
@pytest.mark.parametrize("name", OF_LETTERS)
def test_no_line_is_wider_than_the_paper_and_money_ends_at_its_edge(name: str, document: Document) -> None:
    profile = OF_LETTERS[name]
    lines = reader.lines_of(build(document, profile).data, decoder(profile))
    assert max(map(display_width, lines)) <= profile.columns
    sums = [line for line in lines if re.search(r"\d [₫đd]$", line) and not line.startswith(" ")]
    assert len(sums) >= 2
    assert {display_width(line) for line in sums} == {profile.columns}


# --- no command from data --------------------------------------------------------------------------------------------


def assert_only_the_template(job: bytes, *, name: str) -> None:
    kinds = reader.kinds(job)
    assert kinds.count("init") == kinds.count("cut") == kinds.count("feed") == 1, name
    assert set(kinds) <= {
        "init", "kanji off", "look", "align", "page", "own", "define", "text", "lf", "raster", "qr", "feed", "cut",
    }, name  # fmt: skip
    assert kinds[-2:] == ["feed", "cut"], name
    assert not re.search(rb"\x10[\x04\x05\x14]", job), name


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_the_data_becomes_a_command(text: str, name: str) -> None:
    assert_only_the_template(build(hostile_receipt(text), PROFILES[name]).data, name=name)


def random_names(count: int, *, seed: int) -> list[str]:
    """Names of letters from everywhere, control characters and whole commands often among them."""
    chance = random.Random(seed)
    bits = [
        "\x1bp\x00\x19\xfa",
        "\x1dV\x00",
        "\x10\x14\x01\x00\x01",
        "\x10\x04\x01",
        "\x1b@",
        "\n",
        "Nguyễn ",
        "Đặng ",
        "Ỹ",
        "₫",
    ]
    sources = [
        lambda: chr(chance.randrange(0x20)),
        lambda: chr(chance.randrange(0x300)),
        lambda: chr(chance.randrange(0x11_0000)),
        lambda: chance.choice(VIETNAMESE),
        lambda: chance.choice(bits),
    ]
    return ["".join(chance.choice(sources)() for _letter in range(chance.randrange(1, 40))) for _name in range(count)]


def fuzz(names: list[str], profiles: dict[str, PrinterProfile]) -> None:
    """Forty names on a paper, as every kind of text that a receipt has."""
    for start in range(0, len(names), 40):
        some = (names[start : start + 40] * 40)[:40]
        lines = tuple(
            replace(papers.NEIGHBOUR, customer_code=a, customer_name=b, address=c, period=d, bill_number=e)
            for a, b, c, d, e in zip(*[iter(some[:35])] * 5, strict=True)
        )
        a, b, c, d, e = some[35:]
        document = papers.receipt(
            lines=lines, cashier=a, till_code=b, lookup=c, invoice_page=d, footer=(e,), amount_in_words=e
        )
        for name, profile in profiles.items():
            assert_only_the_template(build(document, profile).data, name=f"{name}, names {start} and on")


def test_two_thousand_random_names_put_no_command_on_the_wire() -> None:
    fuzz(random_names(2_000, seed=20261124), PROFILES)


@pytest.mark.torture
def test_a_hundred_thousand_random_names_put_no_command_on_the_wire(campaign: Callable[[str], None]) -> None:
    for seed in range(10):
        fuzz(random_names(10_000, seed=seed), PROFILES)
    campaign("100000 random names printed: no command of the printer among their bytes")


def test_a_job_that_carried_a_name_unchecked_would_be_noticed() -> None:
    """The check itself: with the last gate taken out, the drawer pulse of a name is seen by the reader."""
    job = build(papers.receipt(), PROFILES["ascii-42"]).data.replace(b"Tran Thi Bich", b"Tran\x1bp\x00\x19\xfaBich")
    assert "pulse" in reader.kinds(job)
    with pytest.raises(AssertionError):
        assert_only_the_template(job, name="broken")


@pytest.mark.parametrize("byte", [*range(0x20), 0x7F])
def test_a_hand_never_writes_a_byte_that_a_printer_obeys(byte: int) -> None:
    for hand in (PageHand(PLAIN), PageHand(letters_of("tcvn3", 30, 31)), OwnHand()):
        row = f"a{chr(byte)}b"
        if byte == 0x0A:
            with pytest.raises(ValueError):
                list(hand.write([row]))
        else:
            assert reader.lines_of(b"".join(op.data for op in hand.write([row])))[0] == "a?b"


@pytest.mark.parametrize("byte", [*range(0x20), 0x7F])
def test_the_last_gate_refuses_whatever_was_not_settled(byte: int) -> None:
    def let_through() -> None:
        for _page, letters in PLAIN.runs(f"a{chr(byte)}b"):
            ops.letters(letters)

    with pytest.raises(ValueError):
        let_through()


def test_money_is_written_with_the_nearest_sign_for_dong() -> None:
    assert letters_of("tcvn3", 30, 31).settle(str(Dong(5_000))) == "5.000\u00a0đ"
    assert letters_of("cp1258", 52, 0).settle(str(Dong(5_000))) == "5.000\u00a0₫"
    assert PLAIN.settle(str(Dong(5_000))) == "5.000\u00a0d"
