"""Money that is read: the rows N1–N12 and C20 of the bad-input corpus, and nothing a person means is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.money import (
    MAX_AMOUNT,
    NOTES,
    Dong,
    UnreadableAmount,
    UnreadableCount,
    format_dong,
    group_digits,
    notes_for,
    read_amount_field,
    read_count,
    read_dong,
    sum_of,
    total,
)

NEVER_MONEY = [
    *("-1", "+1", "−1", "9e18", "1e3", "1.5", "1,5", "1.50", "150.00", "0x10", "0b1", "1_000", "٣", "١٢٣", "３", "²", "NaN"),
    *(
        "inf",
        "",
        " ",
        "đ",
        "₫",
        "k",
        "abc",
        "1 000",
        "1\u00a05",
        "1,234,567",
        "1.234,5",
        "0.123",
        "1.23.456",
        "..",
        "1.",
        ".5",
    ),
    *("10000000000000", "9000000000000000000", "9" * 30, "9" * 5_000, "1\n2", "1\x002", "=1+1", "1" + " " * 200),
]


@pytest.mark.parametrize("text", NEVER_MONEY)
def test_what_is_no_plain_whole_amount_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAmount):
        read_dong(text)
    with pytest.raises(UnreadableAmount):
        read_amount_field(text, separator=".")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 100", 100),
        ("100\n", 100),
        ("0", 0),
        ("150000", 150_000),
        ("150.000", 150_000),
        ("1.234.567", 1_234_567),
        ("150k", 150_000),
        ("150K", 150_000),
        ("2tr", 2_000_000),
        ("1.234.567 ₫", 1_234_567),
        ("1.234.567\u00a0₫", 1_234_567),
        ("500 đồng", 500),
        ("500 ĐỒNG", 500),
        ("500 đo\u0302\u0300ng", 500),
        ("500đ", 500),
        ("500 VND", 500),
        ("500 vnđ", 500),
        ("1000000000000", MAX_AMOUNT),
    ],
)
def test_what_a_cashier_types_is_read(text: str, value: int) -> None:
    assert read_dong(text) == Dong(value)


def test_the_cap_holds_for_every_way_of_writing() -> None:
    for text in ("1000000000001", "1.000.000.000.001", "1000000001k", "1000001tr"):
        with pytest.raises(UnreadableAmount):
            read_dong(text)


@pytest.mark.parametrize(
    ("text", "separator", "value"),
    [
        ("1.234.567", ".", 1_234_567),
        ("1,234,567", ",", 1_234_567),
        ("1234567", "", 1_234_567),
        ("1234567", ".", 1_234_567),
        (" 1.234.567 đ ", ".", 1_234_567),
        ("1,234,567 VND", ",", 1_234_567),
    ],
)
def test_a_file_is_read_by_its_declared_separator(text: str, separator: str, value: int) -> None:
    assert read_amount_field(text, separator=separator) == Dong(value)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("1.234.567", ""),
        ("1.234,567", "."),
        ("-50000", "."),
        ("150k", "."),
        ("1.234.5678", "."),
        ("1234.567", "."),
        ("0,123", ","),
    ],
)
def test_a_separator_that_was_not_declared_is_never_guessed(text: str, separator: str) -> None:
    with pytest.raises(UnreadableAmount):
        read_amount_field(text, separator=separator)


def test_a_refusal_quotes_the_text_without_its_control_characters() -> None:
    for read in (read_dong, lambda t: read_amount_field(t, separator="."), read_count):
        with pytest.raises((UnreadableAmount, UnreadableCount)) as refused:
            read("\x1b[2J12" + "a" * 500)
        assert "\x1b" not in str(refused.value)
        assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", {}),
        ("500000x2,100k x5", {500_000: 2, 100_000: 5}),
        ("500.000 × 2; 100x1", {500_000: 2, 100: 1}),
        ("1000x1,1000x2", {1_000: 3}),
        ("500x0", {500: 0}),
    ],
)
def test_a_count_by_notes_is_read(text: str, count: dict[int, int]) -> None:
    assert read_count(text) == count


@pytest.mark.parametrize(
    "text",
    ["500000", "500000x", "x2", "300000x1", "500000x-1", "500000x1.5", "500000x٣", "500000x2x3", "500000x9999999", "-500x2"],
)
def test_a_count_that_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCount):
        read_count(text)


@given(st.integers(min_value=0, max_value=MAX_AMOUNT))
def test_what_is_shown_can_be_typed_back(value: int) -> None:
    assert read_dong(format_dong(value)) == value
    assert read_dong(group_digits(value)) == value
    assert read_amount_field(str(value), separator="") == value


@given(st.text(max_size=30))
def test_any_text_is_an_amount_in_range_or_refused(text: str) -> None:
    try:
        value = read_dong(text)
    except UnreadableAmount:
        return
    assert 0 <= value <= MAX_AMOUNT
    assert any(c in "0123456789" for c in text)


@given(st.integers(min_value=0, max_value=10**10))
def test_the_fewest_notes_leave_less_than_the_smallest_note(value: int) -> None:
    left = Dong(value) - sum_of(notes_for(Dong(value)))
    assert 0 <= left < NOTES[-1]


@pytest.mark.parametrize("value", [1.0, 1.5, "1", None, True])
def test_dong_are_whole_numbers_and_nothing_else(value: object) -> None:
    with pytest.raises(TypeError):
        Dong(value)  # type: ignore[arg-type]


def test_sums_of_dong_are_dong_and_fractions_stay_out() -> None:
    assert type(Dong(5) + Dong(3)) is type(Dong(5) - 3) is type(-Dong(5)) is type(Dong(5) * 2) is type(total([])) is Dong
    with pytest.raises(TypeError):
        Dong(5) + 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Dong(5) * 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Dong(6) / 2
    assert f"{Dong(1234567)}" == "1.234.567\u00a0₫"
    assert f"{Dong(-5):d}" == "-5"
