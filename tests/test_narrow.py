"""At eighty columns what tells one row from another is on the screen: codes, the end of a number, a second customer."""

from __future__ import annotations

import csv

import pytest
from kit import PIN
from rich.cells import cell_len
from screens_kit import an_office, line, screen_text, settle, signed_in, typed

from counter import people
from counter.debts import bring_debts
from counter.demo import COLUMNS
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.screens.app import CounterApp
from counter.screens.second import SecondPerson
from counter.screens.widgets import Cut, fitted

ONE, TWO = "PA05010000011", "PA05010000012"
NAME = "Nguyễn Thị Hồng Nhung"


@pytest.fixture
def desk(home: Home) -> Desk:
    """Two customers of one name, and one who owes more than a billion."""
    desk = an_office(home)
    rows = [
        line(8001234567, ONE, NAME, 100_000),
        line(8001234568, TWO, NAME, 100_000),
        line(8001234569, "PA05010000013", "Công ty cổ phần Thép Hòa Phát Lạng Giang", 1_234_567_890),
    ]
    file = home.path / "more.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    boss = desk.see(people.user_named, login="ngan").user_id
    bring_debts(desk, home=home.path, file=str(file), profile="cmis", encoding="", mode="all", import_id=new_id(), by=boss)
    return desk


@pytest.mark.parametrize(("cut", "shown"), [(Cut.RIGHT, "PA0501-Q…"), (Cut.MIDDLE, "PA05…0003"), (Cut.LEFT, "…6-000003")])
def test_a_text_is_cut_where_it_tells_least(cut: Cut, shown: str) -> None:
    assert fitted("PA0501-Q1-26-000003", width=9, cut=cut) == shown


@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("text", ["", "a", "Nguyễn Văn An", "漢字漢字漢字", "e\u0301" * 9])
def test_a_cut_text_has_its_width(cut: Cut, text: str) -> None:
    for width in range(12):
        assert cell_len(fitted(text, width=width, cut=cut)) == width


async def test_two_customers_of_one_name_are_told_apart_in_the_basket_and_in_the_question(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{ONE}⏎", "{f2}" + TWO + "⏎")
        shown = screen_text(pilot)
        for part in (ONE, TWO, "Nguyễn", "Nhung", "…01234567", "…01234568", "100.000"):
            assert part in shown
        await typed(pilot, "⏎")
        assert f"{ONE}  {NAME}" in screen_text(pilot)
        assert f"{TWO}  {NAME}" in screen_text(pilot)


async def test_a_receipt_of_two_customers_of_one_name_says_so(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{ONE}⏎", "{f2}" + TWO + "⏎", "⏎", "⏎", "{f3}")
        shown = screen_text(pilot)
        assert "Nhung +1" in shown
        assert "-Q1-26-000001" in shown


async def test_a_billion_is_a_figure_everywhere(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "cong ty", "⏎")
        assert "1.234.567.890" in screen_text(pilot)
        assert "Giang" in screen_text(pilot)
        await typed(pilot, "{f2}hoa phat⏎")
        assert screen_text(pilot).count("1.234.567.890") == 2
        assert "###" not in screen_text(pilot)


async def test_the_supervisor_sees_the_end_of_what_is_asked(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{ONE}⏎⏎⏎", "{f3}", "{f8}", "nham⏎", "{f6}")
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"ngan⏎{PIN}⏎")
        assert "-26-000001" in screen_text(pilot)
        assert "Lan · Q1" in screen_text(pilot)


async def test_the_second_person_sees_whose_money_how_many_bills_and_why(home: Home, desk: Desk) -> None:
    reason = "khach nham so tien va da doi y, xin tra lai toan bo so tien da thu hom nay"
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{ONE}⏎", "{f2}" + TWO + "⏎", "⏎", "⏎", "{f3}", "{f8}", f"{reason}⏎")
        assert isinstance(pilot.app.screen, SecondPerson)
        shown = " ".join(screen_text(pilot).replace("│", " ").split())
        for part in (f"{ONE} {NAME}", f"{TWO} {NAME}", "Bills 2", "200.000", "Trần Thị Lan", reason[-20:], "F6", "F9"):
            assert part in shown
        assert "Approver's login" in shown
        assert "Approver's PIN" in shown


async def test_a_newer_bill_first_says_whose_it_is_to_who_allows_it(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "PA05010000002⏎", "{f4}", "⏎", "⏎")
        assert isinstance(pilot.app.screen, SecondPerson)
        shown = " ".join(screen_text(pilot).replace("│", " ").split())
        for part in ("Đặng Thị Bình", "PA05010000002", "bills: 1", "200.000"):
            assert part in shown
