"""Who must be told of a time, and the file of it. The trade on both kinds of database."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import PIN, Staff
from screens_kit import a_home, an_office, burst, notice, settle, typed
from test_queue_books import BOOKS, SOONEST, TODAY, give, plan, put_books

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.locale import language, use_language
from counter.papers.notices import notices_file
from counter.queue import Notice, NoticeKind
from counter.screens.app import CounterApp
from counter.sheet_out import table_bytes
from counter.text import safe_text

FIRST, SECOND, THIRD = ("PA0501002001", "PA0501002002", "PA0501002003")


@pytest.fixture(autouse=True)
def books(request: pytest.FixtureRequest) -> None:
    if "desk" in request.fixturenames:
        request.getfixturevalue("desk").do(put_books, books=BOOKS)


def told(desk: Desk, **window: date) -> dict[str, Notice]:
    return {one.customer_code: one for one in desk.see(queue.notices, now=desk.clock.now(), **window)}


def test_everybody_who_got_a_place_without_asking_is_told_in_time(desk: Desk, staff: Staff) -> None:
    desk.do(queue.book, ticket_id=new_id(), day=SOONEST, slot=600, customer_code=FIRST, by=staff.cashier.user_id)
    given_ = give(desk, staff, plan(desk))
    found = told(desk)
    assert set(found) == {str(one.customer_code) for one in given_.tickets}  # who booked was told by whoever booked it
    one = found[SECOND]
    assert (one.kind, one.was_day, one.tell_by) == (NoticeKind.GIVEN, None, one.day - timedelta(days=3))
    assert one.book_code == "PA0501002"


def test_a_changed_time_tells_the_one_before_and_a_cancelled_one_that_it_is_gone(desk: Desk, staff: Staff) -> None:
    tickets = {one.customer_code: one for one in give(desk, staff, plan(desk)).tickets}
    by = staff.supervisor.user_id
    was = tickets[FIRST]
    day = was.day + timedelta(days=1)
    desk.do(queue.change_booking, move_id=new_id(), ticket_id=was.ticket_id, day=day, slot=15 * 60, by=by)
    desk.do(queue.change_booking, move_id=new_id(), ticket_id=was.ticket_id, day=day, slot=16 * 60, by=by)
    for gone in (SECOND, THIRD):
        desk.do(queue.cancel, move_id=new_id(), ticket_id=tickets[gone].ticket_id, by=by)
    desk.do(queue.book, ticket_id=new_id(), day=day, slot=14 * 60, customer_code=THIRD, by=by)  # and told so at the counter
    found = told(desk)
    assert (found[FIRST].kind, found[FIRST].slot, found[FIRST].was_slot) == (NoticeKind.CHANGED, "16:00", "15:00")
    assert found[SECOND].kind is NoticeKind.CANCELLED
    assert THIRD not in found


def test_next_month_the_time_of_this_month_is_told_beside_the_new_one(desk: Desk, staff: Staff, clock: StillClock) -> None:
    before = {one.customer_code: one for one in give(desk, staff, plan(desk)).tickets}
    clock.move(timedelta(days=30))
    window = {"first": SOONEST + timedelta(days=30), "last": SOONEST + timedelta(days=39)}
    give(desk, staff, plan(desk, **window))
    one = told(desk, **window)[FIRST]
    assert (one.kind, one.was_day, one.was_slot) == (NoticeKind.GIVEN, before[FIRST].day, before[FIRST].slot)
    assert told(desk, first=TODAY + timedelta(days=300)) == {}


def a_notice(name: str = "Nguyễn Văn An") -> Notice:
    return Notice(
        FIRST, name, "0912345678", "PA0501002", NoticeKind.CHANGED, "A012", SOONEST, "09:45", TODAY, "10:00", TODAY, None
    )


def test_names_are_masked_and_a_phone_keeps_its_first_digit() -> None:
    book = openpyxl.load_workbook(io.BytesIO(notices_file([a_notice()], form="xlsx")))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert rows[1][:3] == [FIRST, "Nguyễn V** A**", "0912345678"]
    assert rows[1][-3:] == ["23/11/2026", "10:00", "23/11/2026"]
    lines = list(csv.reader(io.StringIO(notices_file([a_notice()], form="csv").decode("utf-8-sig"))))
    assert lines[0] == rows[0] and lines[1] == rows[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_a_formula_and_both_files_say_the_same(rows: list[list[str]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_bytes(("a", "b"), rows, form="xlsx", sheet="=x")))
    seen = [[cell.value or "" for cell in row] for row in book.active.iter_rows(min_row=2, max_col=2)]
    assert seen == [[safe_text(cell, limit=1_000) for cell in row] for row in rows]
    assert all(cell.data_type in ("s", "inlineStr", "n") for row in book.active.iter_rows(min_row=2) for cell in row)
    text = table_bytes(("a", "b"), rows, form="csv", sheet="x").decode("utf-8-sig")
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_the_same_rows_give_the_same_bytes() -> None:
    assert table_bytes("ab", [["1", "2"]], form="xlsx", sheet="x") == table_bytes("ab", [["1", "2"]], form="xlsx", sheet="x")


async def test_the_files_are_written_from_the_screen(tmp_path: Path) -> None:
    was = language()
    try:
        home = a_home(tmp_path)
        desk = an_office(home)
        desk.do(put_books, books={"PA0501002": 5})
        async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await burst(pilot, f"ngan⏎{PIN}⏎{{f6}}{{f5}}⏎")
            await typed(pilot, "{f2}", "⏎", "{f7}")
            assert "8 customers to tell" in notice(pilot)
        (sheet,) = home.exports.glob("notices-*.xlsx")
        assert len(list(openpyxl.load_workbook(sheet).active.rows)) == 9
        assert sheet.with_suffix(".csv").exists()
    finally:
        use_language(was)
