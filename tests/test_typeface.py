"""The bundled typeface has every letter that a paper can need, and its licence beside it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PIL import ImageFont

from counter.printing.layout import Style
from counter.printing.typeface import ASCENT, BOLD, DESCENT, FONTS, REGULAR
from counter.text import MARKER, REPLACEMENT, VIETNAMESE

ASCII = "".join(map(chr, range(0x20, 0x7F)))
NEEDED = ASCII + VIETNAMESE + "₫×·–—“”‘’…•№€\u00a0" + MARKER + REPLACEMENT


def letters_of(file: Path) -> set[str]:
    """What the font's own table says it has, read by another library than the one that draws."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    return set(map(chr, TTFontFile(str(file)).charToGlyph))


@pytest.mark.parametrize("file", [REGULAR, BOLD], ids=["regular", "bold"])
def test_every_vietnamese_letter_the_dong_and_ascii_are_in_the_font(file: Path) -> None:
    assert len(set(VIETNAMESE)) == 134
    assert set(NEEDED) - letters_of(file) == set()


@pytest.mark.parametrize("file", [REGULAR, BOLD], ids=["regular", "bold"])
def test_every_letter_is_drawn_and_differs_from_the_box_of_a_missing_one(file: Path) -> None:
    font = ImageFont.truetype(str(file), 24, layout_engine=ImageFont.Layout.BASIC)
    missing = bytes(font.getmask("\u4e00"))
    drawn = {letter: bytes(font.getmask(letter)) for letter in VIETNAMESE + "₫…×"}
    assert [letter for letter, dots in drawn.items() if dots == missing or not any(dots)] == []
    assert len(set(drawn.values())) == len(drawn), "no two letters look the same"


@pytest.mark.parametrize("file", [REGULAR, BOLD], ids=["regular", "bold"])
def test_figures_have_one_width_so_that_money_columns_line_up(file: Path) -> None:
    font = ImageFont.truetype(str(file), 24, layout_engine=ImageFont.Layout.BASIC)
    assert len({font.getlength(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("file", [REGULAR, BOLD], ids=["regular", "bold"])
def test_no_mark_is_higher_or_lower_than_the_line(file: Path) -> None:
    font = ImageFont.truetype(str(file), 100, layout_engine=ImageFont.Layout.BASIC)
    for letter in VIETNAMESE:
        _left, top, _right, bottom = font.getbbox(letter, anchor="ls")
        assert -top <= ASCENT * 100 + 1, letter
        assert bottom <= DESCENT * 100 + 1, letter


def test_composed_letters_are_what_is_looked_for() -> None:
    assert unicodedata.normalize("NFC", VIETNAMESE) == VIETNAMESE


def test_the_licence_lies_beside_the_fonts() -> None:
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Google" in licence
    assert sorted(file.name for file in FONTS.glob("*.ttf")) == ["NotoSans-Bold.ttf", "NotoSans-Regular.ttf"]
    assert all(file.stat().st_size < 60_000 for file in FONTS.glob("*.ttf"))


def test_every_style_has_a_size() -> None:
    from counter.printing.typeface import SCALE

    assert set(SCALE) == set(Style)
