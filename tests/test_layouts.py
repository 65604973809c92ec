"""Layouts that an office changes: refused when saved, by line and field; what is saved prints on everything."""

from __future__ import annotations

import io
from pathlib import Path

import papers
import printer_reader as reader
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import Staff
from PIL import Image, ImageDraw
from sqlmodel import select

from counter import layouts
from counter.audit import audit
from counter.config import Settings, load_settings
from counter.desk import Desk
from counter.locale import language, use_language
from counter.people import NotAllowed
from counter.printing import Document, Layout, PrinterProfile, as_pdf, as_png, as_text, build
from counter.printing.documents import USUAL
from counter.printing.samples import sample
from counter.printing.template import OPTIONAL, PAPERS, BadLayout, as_toml, logo_of, pack, read_layout, unpack
from db.scope import OFFICE_TILL
from db.tables import JournalRow

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
    ],
)
def test_a_bad_layout_is_refused_by_its_line_its_field_and_why(
    text: str, line: int, field: str, value: str, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "large.png").write_bytes(b"\0" * 4_000_001)
    with pytest.raises(BadLayout) as refused:
        read_layout(text, paper="receipt", file="receipt.toml", folder=tmp_path)
    facts = refused.value.facts
    assert (facts["line"], facts["field"], facts["value"]) == (line, field, value)
    assert str(facts["reason"])
    assert f"dòng {line}" in refused.value.why_text()


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


# --- in the home -----------------------------------------------------------------------------------------------------


def test_a_layout_is_used_from_the_moment_it_is_saved(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "logo.png").write_bytes(a_logo())
    layouts.save(tmp_path, paper="receipt", text=GOOD + 'logo = "logo.png"\n', folder=tmp_path / "from")
    home = load_settings(tmp_path)
    assert layouts.chosen(home.home, "receipt").title == "BIÊN NHẬN"
    assert layouts.chosen(home.home, "receipt").logo
    assert layouts.chosen(home.home, "shift") == USUAL
    again = layouts.source(tmp_path, paper="receipt")
    assert layouts.save(tmp_path, paper="receipt", text=again) == layouts.chosen(tmp_path, "receipt")
    layouts.forget(tmp_path, paper="receipt")
    assert layouts.chosen(tmp_path, "receipt") == USUAL
    assert layouts.source(tmp_path, paper="receipt") == ""


def test_a_layout_that_is_refused_leaves_the_one_in_use(tmp_path: Path) -> None:
    layouts.save(tmp_path, paper="ticket", text='title = "SỐ"\n')
    before = {path.name: path.read_bytes() for path in (tmp_path / "paper").iterdir()}
    with pytest.raises(BadLayout):
        layouts.save(tmp_path, paper="ticket", text='title = "SỐ"\nhide = ["vat"]\n')
    assert {path.name: path.read_bytes() for path in (tmp_path / "paper").iterdir()} == before
    assert layouts.chosen(tmp_path, "ticket").title == "SỐ"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"title": 1}', b"\xff\xfe", b'{"title": "x", "header": 5}'])
def test_a_file_that_was_damaged_later_prints_the_usual_paper(damage: bytes, tmp_path: Path) -> None:
    layouts.save(tmp_path, paper="receipt", text=GOOD)
    (tmp_path / "paper" / "receipt.json").write_bytes(damage)
    assert layouts.chosen(tmp_path, "receipt") == USUAL


def test_a_toml_changed_by_hand_changes_no_paper_until_it_is_saved(tmp_path: Path) -> None:
    layouts.save(tmp_path, paper="receipt", text=GOOD)
    (tmp_path / "paper" / "receipt.toml").write_text("this is no TOML")
    assert layouts.chosen(tmp_path, "receipt").title == "BIÊN NHẬN"


def test_settings_made_in_memory_have_no_home_and_the_usual_papers() -> None:
    assert layouts.chosen(Settings().home, "receipt") == USUAL


def test_unknown_papers_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(layouts.NoSuchPaper):
        layouts.save(tmp_path, paper="../receipt", text="")
    with pytest.raises(layouts.LayoutFileUnreadable):
        layouts.text_of(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(layouts.LayoutFileUnreadable):
        layouts.text_of(tmp_path / "bytes.toml")


def test_a_home_that_cannot_be_written_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("a file where the folder should be")
    with pytest.raises(layouts.LayoutNotSaved) as refused:
        layouts.save(tmp_path, paper="receipt", text=GOOD)
    assert "paper" in refused.value.why_text()


def test_only_a_supervisor_changes_papers_and_the_journal_knows(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        desk.do(layouts.note_layout, paper="receipt", layout=USUAL, by=staff.cashier.user_id)
    desk.do(layouts.note_layout, paper="receipt", layout=Layout(title="A"), by=staff.supervisor.user_id)
    kinds = desk.see(
        lambda session: session.exec(select(JournalRow.content).where(JournalRow.till_code == OFFICE_TILL)).all()
    )
    assert sum('"kind":"paper.layout"' in content for content in kinds) == 1
    assert [one.name for one in desk.see(audit) if not one.ok] == []
