"""Text that is safe to show, found again, masked, and amounts in words: rows T and P of the bad-input corpus."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counter.money import Dong
from counter.text import (
    MARKER,
    VIETNAMESE,
    amount_in_words,
    amount_in_words_en,
    cut,
    display_width,
    mask_address,
    mask_name,
    safe_text,
    search_key,
)

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)  # surrogates, private and unassigned ones included
NASTY = st.text(
    alphabet="a ê\u0302\u0303\u0323\u0301\u200b\u202e\ufeff\u00ad\x00\x1b\r\n\t\u00a0\u2028\ud800đ\u1100\u1161", max_size=30
)

# --- safe text ---


@pytest.mark.parametrize(
    ("row", "payload", "shown"),
    [
        ("T1", "[/]", "[/]"),
        ("T2", "Tran [/bold] Van", "Tran [/bold] Van"),
        ("T9", "[@click=app.quit]N[/]", "[@click=app.quit]N[/]"),
        ("T11", "\\[/]", "\\[/]"),
        ("T12", "a\\", "a\\"),
        ("T15", "\x1b[31mR", "\ufffd[31mR"),
        ("T16", "\x1b[2J\x1b[H", "\ufffd[2J\ufffd[H"),
        ("T17", "\x1b]0;PWNED\x1b\\", "\ufffd]0;PWNED\ufffd\\"),
        ("T17", "\x1b]0;PWNED\x07", "\ufffd]0;PWNED\ufffd"),
        ("T20", "\x9b31m", "\ufffd31m"),
        ("T25", "\x1bc", "\ufffdc"),
        ("T27", "a\x00b", "a\ufffdb"),
        ("T30", "A\nB\r\nC", "A B C"),
        ("T31", "a\tb", "a b"),
        ("T33", "\u202e000.5", "000.5"),
        ("T35", "a\u200bb", "ab"),
        ("T37", "a\ud800b", "a\ufffdb"),
        ("T40", "Nguye\u0302\u0303n", "Nguyễn"),
        ("T42", "đ/ð/Đ/Ð", "đ/ð/Đ/Ð"),
        ("T44", "👨\u200d👩\u200d👧", "👨👩👧"),
        ("P1", "\x1bp\x00\x19\xfa", "\ufffdp\ufffd\ufffdú"),
        ("P4", "\x10\x14\x01\x00\x01", "\ufffd" * 5),
        ("P9", "\x0c", "\ufffd"),
        ("P11", "Trần A\nTỔNG: 0 đ\n", "Trần A TỔNG: 0 đ"),
        ("P12", "900.000\r1", "900.000 1"),
        ("blank", " \u00a0 \u3000a\u2028\u2029b  ", "a b"),
        ("empty", "", ""),
        ("only blanks", " \r\n\t ", ""),
        ("marks", "Z" + "\u0303" * 40, "Z\u0303\u0303"),
        ("tags", "\U000e0041\U000f0000\uffff", "\ufffd" * 3),
        ("e, joiner, accent", "e\u200d\u0302", "ê"),
    ],
)
def test_the_corpus_comes_out_as_one_harmless_line(row: str, payload: str, shown: str) -> None:
    assert safe_text(payload) == shown, row


@given(ANY_TEXT | NASTY)
@example("\x85\u180e\u061c\u2066")
def test_nothing_unprintable_is_left_but_the_replacement_character(s: str) -> None:
    safe = safe_text(s)
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in safe)
    assert safe.isprintable()
    safe.encode("utf-8")
    assert unicodedata.is_normalized("NFC", safe)
    assert safe == safe.strip(" ")
    assert "  " not in safe


@given(ANY_TEXT | NASTY, st.integers(min_value=1, max_value=40))
@example("a" * 30, 5)
@example("a b c d", 4)
def test_safe_text_of_safe_text_is_itself_and_within_the_limit(s: str, limit: int) -> None:
    safe = safe_text(s, limit=limit)
    assert len(safe) <= limit
    assert safe_text(safe, limit=limit) == safe
    assert safe_text(safe_text(s)) == safe_text(s)


@given(ANY_TEXT | NASTY)
def test_no_letter_carries_more_than_two_loose_marks(s: str) -> None:
    run = 0
    for c in safe_text(s):
        run = run + 1 if unicodedata.category(c).startswith("M") else 0
        assert run <= 2


def test_a_megabyte_is_cut_with_a_marker() -> None:
    safe = safe_text("A" * 1_000_000)
    assert len(safe) == 500
    assert safe.endswith("A" + MARKER)
    assert safe_text("\x00" * 10_000_000).endswith(MARKER)
    assert safe_text(" " * 1_000_000 + "a", limit=20) == MARKER  # what is not looked at is not passed over in silence


def test_clean_vietnamese_is_returned_as_the_very_same_object() -> None:
    for s in ("Nguyễn Thị Hồng Nhung", "PE0100012345678", "Số 12, thôn Đông, xã Hòa Bình", VIETNAMESE, "a"):
        assert safe_text(s) is s


@given(st.text(alphabet=VIETNAMESE + "abc XYZ019.,-/", max_size=60))
def test_vietnamese_in_decomposed_form_comes_out_composed_and_unharmed(s: str) -> None:
    assert safe_text(unicodedata.normalize("NFD", s)) == " ".join(s.split(" ")).strip() or "  " in s
    assert safe_text(unicodedata.normalize("NFD", s)) == safe_text(s)


# --- search ---


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Văn Đạt", "nguyen van dat"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("đ/ð/Đ/Ð", "d d d d"),
        ("  TRẦN   thị-Bưởi ", "tran thi buoi"),
        ("PE0100012345678", "pe0100012345678"),
        ("a\u200bb", "ab"),
        ("O'Neil & Cty (TNHH)", "o neil cty tnhh"),
        ("%_\\", ""),
        ("İstanbul", "istanbul"),
        ("Ὀδυσσεύς", "οδυσσευς"),
        ("\x1b[31m", "31m"),
        ("", ""),
    ],
)
def test_a_search_key_folds_marks_case_and_punctuation(text: str, key: str) -> None:
    assert search_key(text) == key


@given(ANY_TEXT | st.text(alphabet=VIETNAMESE + "aeiouyd ", max_size=40))
def test_composed_and_decomposed_text_have_the_same_key(s: str) -> None:
    key = search_key(unicodedata.normalize("NFC", s))
    assert key == search_key(unicodedata.normalize("NFD", s))
    assert search_key(key) == key


@given(st.text(alphabet=VIETNAMESE + "abcXYZ 0-'", max_size=40))
def test_the_key_of_vietnamese_is_small_ascii_letters_digits_and_single_blanks(s: str) -> None:
    key = search_key(s)
    assert key.isascii()
    assert key == " ".join(key.lower().split())
    assert search_key(safe_text(s)) == key
    assert search_key(s.upper()) == search_key(s.lower()) == key


# --- amounts in words ---


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng chẵn"),
        (5, "Năm đồng chẵn"),
        (10, "Mười đồng chẵn"),
        (11, "Mười một đồng chẵn"),
        (14, "Mười bốn đồng chẵn"),
        (15, "Mười lăm đồng chẵn"),
        (20, "Hai mươi đồng chẵn"),
        (21, "Hai mươi mốt đồng chẵn"),
        (24, "Hai mươi tư đồng chẵn"),
        (25, "Hai mươi lăm đồng chẵn"),
        (100, "Một trăm đồng chẵn"),
        (101, "Một trăm linh một đồng chẵn"),
        (104, "Một trăm linh bốn đồng chẵn"),
        (105, "Một trăm linh năm đồng chẵn"),
        (115, "Một trăm mười lăm đồng chẵn"),
        (1_001, "Một nghìn không trăm linh một đồng chẵn"),
        (1_010, "Một nghìn không trăm mười đồng chẵn"),
        (500_000, "Năm trăm nghìn đồng chẵn"),
        (1_000_005, "Một triệu không trăm linh năm đồng chẵn"),
        (1_015_000, "Một triệu không trăm mười lăm nghìn đồng chẵn"),
        (1_234_567, "Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng chẵn"),
        (2_021_000_000, "Hai tỷ không trăm hai mươi mốt triệu đồng chẵn"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng chẵn"),
        (1_000_000_000_000, "Một nghìn tỷ đồng chẵn"),
        (-100, "Âm một trăm đồng chẵn"),
    ],
)
def test_amounts_in_words_are_as_on_the_paper_forms(value: int, words: str) -> None:
    assert amount_in_words(Dong(value)) == words


def test_the_south_says_le_where_the_north_says_linh() -> None:
    assert amount_in_words(Dong(1_001), zero_tens="lẻ") == "Một nghìn không trăm lẻ một đồng chẵn"


DIGITS = {"không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
DIGITS |= {"mốt": 1, "tư": 4, "lăm": 5}
UNITS = {"nghìn": 10**3, "triệu": 10**6}


def heard(words: list[str]) -> int:
    """What a listener writes down: an independent reading of Vietnamese numbers."""
    if "tỷ" in words:
        at = len(words) - 1 - words[::-1].index("tỷ")
        return heard(words[:at]) * 10**9 + heard(words[at + 1 :])
    value = group = digit = 0
    for word in words:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group += 10
        elif word in UNITS:
            value, group, digit = value + (group + digit) * UNITS[word], 0, 0
        else:
            assert word in ("linh", "lẻ")
    return value + group + digit


def heard_in_vietnamese(sentence: str) -> int:
    return heard(sentence.lower().removesuffix(" đồng chẵn").removesuffix(" đồng").split())


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_said_in_words_is_heard_as_the_same_amount(value: int) -> None:
    assert heard_in_vietnamese(amount_in_words(Dong(value))) == value


def test_every_small_amount_and_a_spread_of_large_ones_has_words_of_its_own() -> None:
    chance = random.Random(5)
    values = [*range(2_000), *(chance.randrange(10 ** chance.randrange(4, 13)) for _ in range(3_000))]
    for value in values:
        assert heard_in_vietnamese(amount_in_words(Dong(value), zero_tens="lẻ")) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "Zero dong"),
        (14, "Fourteen dong"),
        (21, "Twenty-one dong"),
        (105, "One hundred and five dong"),
        (1_000_005, "One million and five dong"),
        (340_000, "Three hundred and forty thousand dong"),
        (1_000_000_000_000, "One trillion dong"),
        (-20, "Minus twenty dong"),
    ],
)
def test_amounts_in_english_words(value: int, words: str) -> None:
    assert amount_in_words_en(Dong(value)) == words


# --- masks ---


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Văn An", "Nguyễn V** A**"),
        ("An", "A**"),
        ("", ""),
        ("  Lê   Thị Hoa ", "Lê T** H**"),
    ],
)
def test_a_masked_name_keeps_the_family_name_and_initials(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("Số 12, ngõ 5, thôn Đông, xã Hòa Bình, huyện X, tỉnh Y", "thôn Đông, xã Hòa Bình"),
        ("12 thôn Đông số 5, xã Hòa Bình", "thôn Đông, xã Hòa Bình"),
        ("Tổ 5, P. Gia Cẩm, TP Việt Trì", "Tổ 5, P. Gia Cẩm"),
        ("Ấp 3, Xã Tân An", "Ấp 3, Xã Tân An"),
        ("12 Lê Lợi", MARKER),
        ("", MARKER),
    ],
)
def test_a_masked_address_shows_hamlet_and_ward_only(address: str, shown: str) -> None:
    assert mask_address(address) == shown
    assert mask_address(unicodedata.normalize("NFD", address)) == shown


# --- width ---


@given(ANY_TEXT, st.integers(min_value=0, max_value=30))
@example("家家家", 4)
@example("Nguye\u0302\u0303n Văn An", 7)
def test_a_cut_text_fits_its_cells(s: str, cells: int) -> None:
    safe = safe_text(s)
    short = cut(safe, cells)
    assert display_width(short) <= cells
    assert short == safe or cells == 0 or short.endswith(MARKER)


@pytest.mark.parametrize(("text", "cells"), [("Nguyễn", 6), ("Nguye\u0302\u0303n", 6), ("家a", 3), ("👨👩", 4), ("", 0)])
def test_width_counts_cells_not_characters(text: str, cells: int) -> None:
    assert display_width(text) == cells


def test_a_cut_keeps_the_marks_with_their_letter() -> None:
    assert cut("e\u0302\u0303abc", 3) == "e\u0302\u0303a" + MARKER
