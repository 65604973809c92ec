"""Layouts that an office changes: refused when saved, by line and field; what is saved prints on everything."""

from __future__ import annotations

import base64
import io
import os
import struct
import zlib
from datetime import datetime
from pathlib import Path

import papers
import printer_reader as reader
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import Staff
from PIL import Image, ImageDraw
from sqlmodel import Session, select

from counter import layouts
from counter.audit import audit
from counter.desk import Desk
from counter.locale import language, use_language
from counter.people import NotAllowed
from counter.printing import Document, Layout, PrinterProfile, as_pdf, as_png, as_text, build
from counter.printing.documents import USUAL
from counter.printing.samples import sample
from counter.printing.template import OPTIONAL, PAPERS, BadLayout, as_toml, logo_of, pack, read_layout, unpack
from db.scope import OFFICE_TILL
from db.tables import JournalRow, PaperLayout

GOOD = """\
title = "BIÊN NHẬN"
lang = "vi"
header = ["Mã số thuế 0100100417", "Đơn vị hạch toán phụ thuộc"]
footer = ["Cảm ơn quý khách!"]
hide = ["vat", "phone"]
"""


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    use_language("vi")


def a_logo(*, wide: int = 400, high: int = 200) -> bytes:
    """A black ring on a transparent ground."""
    picture = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, wide - 10, high - 10), outline=(0, 0, 0, 255), width=20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def a_bomb(*, wide: int, high: int) -> bytes:
    """A small file that says it is a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + wide // 8) * high), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_good_layout_is_read_as_it_is_written(tmp_path: Path) -> None:
    layout = read_layout(GOOD, paper="receipt", file="receipt.toml", folder=tmp_path)
    assert layout == Layout(
        title="BIÊN NHẬN",
        lang="vi",
        header=("Mã số thuế 0100100417", "Đơn vị hạch toán phụ thuộc"),
        footer=("Cảm ơn quý khách!",),
        hide=("vat", "phone"),
    )
    assert read_layout(as_toml(layout), paper="receipt", file="x", folder=tmp_path) == layout
    assert read_layout("", paper="receipt", file="x", folder=tmp_path) == USUAL


@pytest.mark.parametrize(
    ("text", "line", "field", "value"),
    [
        ('title = "A"\nfooter = ["a"\n', 2, "TOML", 'footer = ["a"'),
        ('title = "A"\n\ncolour = "red"\n', 3, "colour", "red"),
        ("title = 5\n", 1, "title", "5"),
        ('lang = "fr"\n', 1, "lang", "fr"),
        ('title = "A"\nheader = "one line"\n', 2, "header", "one line"),
        ('header = [\n "a",\n 7,\n]\n', 1, "header", "['a', 7]"),
        ('hide = [\n "vat",\n "total",\n]\n', 3, "hide", "total"),
        ('hide = ["number"]\n', 1, "hide", "number"),
        ('title = "A"\nfooter = ["Cảm ơn 😀"]\n', 2, "footer", "Cảm ơn 😀"),
        ('footer = ["a\\u001bp0"]\n', 1, "footer", "a\ufffdp0"),
        ('header = ["a\\nb"]\n', 1, "header", "a b"),
        (f'title = "{"x" * 61}"\n', 1, "title", "x" * 59 + "…"),
        (f"footer = {['x'] * 9}\n", 1, "footer", "9"),
        ('logo = "none.png"\n', 1, "logo", "none.png"),
        ('logo = "text.png"\n', 1, "logo", "text.png"),
        ('logo = "large.png"\n', 1, "logo", "large.png"),
        ("logo = [1]\n", 1, "logo", "[1]"),
        ('hide = [["vat"]]\n', 1, "hide", "['vat']"),
        ("hide = [{a = 1}]\n", 1, "hide", "{'a': 1}"),
        ("title = 0x" + "F" * 9_000 + "\n", 1, "title", "…"),
        ('logo = "a\\u0000.png"\n', 1, "logo", "a\ufffd.png"),
        ('"\\u001b[31m" = 1\n', 1, "\ufffd[31m", "1"),
        ('title = "A"\nlogo = "bomb.png"\n', 2, "logo", "bomb.png"),
        ('logo = "wide.png"\n', 1, "logo", "wide.png"),
        ('logo = "long.png"\n', 1, "logo", "long.png"),
        ('logo = "."\n', 1, "logo", "."),
        ('logo = "/dev/zero"\n', 1, "logo", "/dev/zero"),
        ('logo = "pipe.png"\n', 1, "logo", "pipe.png"),
    ],
)
def test_a_bad_layout_is_refused_by_its_line_its_field_and_why(
    text: str, line: int, field: str, value: str, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "large.png").write_bytes(b"\0" * 4_000_001)
    (tmp_path / "bomb.png").write_bytes(a_bomb(wide=20_000, high=20_000))
    (tmp_path / "wide.png").write_bytes(a_bomb(wide=5_000, high=5_000))
    (tmp_path / "long.png").write_bytes(a_bomb(wide=6_008, high=8))
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(BadLayout) as refused:
        read_layout(text, paper="receipt", file="receipt.toml", folder=tmp_path)
    facts = refused.value.facts
    assert (facts["line"], facts["field"], facts["value"]) == (line, field, value)
    assert str(facts["reason"])
    assert f"dòng {line}" in refused.value.why_text()


@pytest.mark.parametrize(
    "text",
    [
        "title = " + "9" * 5_000,
        "title = " + "[" * 3_000 + "]" * 3_000,
        "a." * 3_000 + "b = 1",
        "title = [" + "9" * 5_000 + "]",
    ],
)
def test_numbers_and_lists_without_end_are_refused_like_any_other_mistake(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadLayout) as refused:
        read_layout(text, paper="receipt", file="receipt.toml", folder=tmp_path)
    assert len(refused.value.why_text()) < 400


def test_a_layout_whose_sample_does_not_print_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_anything: object, **_more: object) -> bytes:
        raise ZeroDivisionError("a fault of ours")

    assert layouts.check(paper="receipt", text=GOOD, folder=tmp_path)
    for broken in ("build", "as_text", "as_pdf"):
        with monkeypatch.context() as patched, pytest.raises(BadLayout) as refused:
            patched.setattr(layouts, broken, fails)
            layouts.check(paper="receipt", text=GOOD, folder=tmp_path)
        assert refused.value.facts["field"] == "receipt"


def test_what_a_paper_must_say_cannot_be_hidden() -> None:
    must = {"total", "number", "business_day", "journal", "journal_head", "title", "difference", "counted", "copy"}
    assert all(not must & set(names) for names in OPTIONAL.values())
    assert set(OPTIONAL) == set(PAPERS)


# --- on paper --------------------------------------------------------------------------------------------------------


def test_the_layout_is_on_the_paper_and_what_is_hidden_is_not() -> None:
    layout = read_layout(GOOD, paper="receipt", file="x", folder=Path())
    shown, usual = as_text(papers.receipt(layout=layout)), as_text(papers.receipt())
    for words in ("BIÊN NHẬN\n", "Mã số thuế 0100100417", "Cảm ơn quý khách!"):
        assert words in shown
        assert words not in usual
    for words in ("thuế GTGT", "1900 6769"):
        assert words in usual
        assert words not in shown
    assert "Nhật ký 3fa9-12bc" in shown
    assert "1.468.568 ₫" in shown


def test_a_paper_in_another_language_leaves_the_language_of_the_screen_alone() -> None:
    shown = as_text(papers.receipt(layout=Layout(lang="en")))
    assert "Receipt for electricity payment" in shown
    assert language() == "vi"
    assert "Biên nhận" in as_text(papers.receipt())
    assert pypdf.PdfReader(io.BytesIO(as_pdf(papers.receipt(layout=Layout(lang="en"))))).trailer["/Root"]["/Lang"] == "en"


def test_a_logo_is_the_same_dots_on_paper_in_the_png_and_in_the_pdf() -> None:
    packed = logo_of(a_logo())
    logo = unpack(packed)
    assert pack(logo) == packed
    assert (logo.dots, len(logo.data) // (logo.dots // 8)) == (320, 160)
    document = papers.receipt(layout=Layout(logo=packed))
    for profile in (PrinterProfile(), PrinterProfile(dots=384, columns=32)):
        printed = reader.picture_of(build(document, profile).data)
        left = (profile.dots - logo.dots) // 2
        top = printed.crop((left, 0, left + logo.dots, 160))
        assert bytes(255 - byte for byte in top.tobytes()) == logo.data
    page = pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages[0]
    assert [image.image.size for image in page.images] == [(320, 160)]  # type: ignore[union-attr]
    letters = PrinterProfile(mode="user_defined", calibration="2026-11-24 J", columns=48)
    assert any(event.kind == "raster" and event.args[0] == 40 for event in reader.events_of(build(document, letters).data))
    assert "raster" not in reader.kinds(build(document, PrinterProfile(mode="ascii")).data)


def test_packed_dots_stay_as_they_are_and_a_small_text_is_no_large_picture(tmp_path: Path) -> None:
    packed = logo_of(a_logo())
    text = as_toml(Layout(title="A"), logo=packed)
    assert read_layout(text, paper="receipt", file="x", folder=tmp_path) == Layout(title="A", logo=packed)
    bomb = "320:" + base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()
    assert unpack(bomb).data == b"\0"
    with pytest.raises(BadLayout):
        read_layout(f'logo = "{bomb}"', paper="receipt", file="x", folder=tmp_path)


@pytest.mark.parametrize(
    "damaged", ["", "x", "320:", "320:AAAA", "7:eJwDAAAAAAE=", "-8:eJxjYAAAAAIAAQ==", "99999:eJxjYAAAAAIAAQ=="]
)
def test_a_logo_that_was_damaged_is_a_blank_row_and_never_a_refusal(damaged: str) -> None:
    assert unpack(damaged).data == b"\0"
    assert as_png(papers.receipt(layout=Layout(logo=damaged)))


words = st.text(st.sampled_from("Nguyễn Ưu 1234₫“”W"), max_size=60)
a_layout = st.builds(
    Layout,
    title=words,
    header=st.lists(words, max_size=8).map(tuple),
    footer=st.lists(words, max_size=8).map(tuple),
    lang=st.sampled_from(["", "vi", "en"]),
)


@pytest.mark.parametrize("paper", PAPERS)
@settings(max_examples=25, deadline=None)
@given(layout=a_layout, data=st.data())
def test_whatever_is_accepted_prints_on_everything(paper: str, layout: Layout, data: st.DataObject) -> None:
    hidden = data.draw(st.lists(st.sampled_from(sorted(OPTIONAL[paper])), unique=True))
    text = as_toml(layout) + (f"hide = {hidden}\n" if hidden else "")
    accepted = read_layout(text, paper=paper, file="x", folder=Path())
    shown = sample(paper, layout=accepted)
    if isinstance(shown, bytes):
        assert len(pypdf.PdfReader(io.BytesIO(shown)).pages) == 1
        return
    document: Document = shown
    for columns in (32, 42, 48):
        assert max(map(len, as_text(document, columns=columns).splitlines())) <= columns
    for dots in (384, 576):
        assert reader.picture_of(build(document, PrinterProfile(dots=dots)).data).width == dots
    assert reader.lines_of(build(document, PrinterProfile(mode="ascii", columns=32)).data)
    assert len(pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages) == 1


# --- in the office ---------------------------------------------------------------------------------------------------


def saved(desk: Desk, staff: Staff, folder: Path, *, paper: str = "receipt", text: str = GOOD) -> Layout:
    layout = layouts.check(paper=paper, text=text, folder=folder)
    desk.do(layouts.keep, paper=paper, layout=layout, by=staff.supervisor.user_id)
    return layout


def test_a_layout_is_used_from_the_moment_it_is_saved_at_every_till(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    """It is in the office's books: another computer, which has neither the file nor the logo, can go on from it."""
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "logo.png").write_bytes(a_logo())
    saved(desk, staff, tmp_path / "from", text=GOOD + 'logo = "logo.png"\n')
    found = desk.see(layouts.chosen, paper="receipt")
    assert found.title == "BIÊN NHẬN"
    assert unpack(found.logo).dots == 320
    assert desk.see(layouts.chosen, paper="shift") == USUAL
    again = desk.see(layouts.source, paper="receipt")
    assert layouts.check(paper="receipt", text=again, folder=tmp_path) == found
    desk.do(layouts.keep, paper="receipt", layout=USUAL, by=staff.supervisor.user_id)
    assert desk.see(layouts.chosen, paper="receipt") == USUAL
    assert desk.see(layouts.source, paper="receipt") == ""


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"title": 1}', "5", '{"title": "x", "header": 5}'])
def test_a_layout_that_was_damaged_later_prints_the_usual_paper(
    desk: Desk, staff: Staff, tmp_path: Path, damage: str
) -> None:
    saved(desk, staff, tmp_path)

    def spoil(session: Session, _now: datetime) -> None:
        session.exec(select(PaperLayout)).one().content = damage

    desk.do(spoil)
    assert desk.see(layouts.chosen, paper="receipt") == USUAL


def test_unknown_papers_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(layouts.NoSuchPaper):
        layouts.check(paper="../receipt", text="", folder=tmp_path)
    with pytest.raises(layouts.LayoutFileUnreadable):
        layouts.text_of(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (tmp_path / "bytes.toml", tmp_path / "pipe.toml", Path("/dev/zero"), tmp_path):
        with pytest.raises(layouts.LayoutFileUnreadable):
            layouts.text_of(path)


def test_only_a_supervisor_changes_papers_and_the_journal_knows(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        desk.do(layouts.keep, paper="receipt", layout=USUAL, by=staff.cashier.user_id)
    desk.do(layouts.keep, paper="receipt", layout=Layout(title="A"), by=staff.supervisor.user_id)
    kinds = desk.see(
        lambda session: session.exec(select(JournalRow.content).where(JournalRow.till_code == OFFICE_TILL)).all()
    )
    assert sum('"kind":"paper.layout"' in content for content in kinds) == 1
    assert desk.see(layouts.chosen, paper="receipt") == Layout(title="A")
    assert [one.name for one in desk.see(audit) if not one.ok] == []
