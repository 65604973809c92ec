"""Collection days for whole meter books, and the call centre's file: each test of the trade on both kinds of database."""

from __future__ import annotations

import itertools
import random
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import openpyxl
import pytest
from kit import Staff, put_bill
from sqlalchemy import event
from sqlmodel import Session

from counter import queue
from counter.audit import audit
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.people import NotAllowed
from counter.queue.capacity import ROOMS, TABLE, people_in_a_slot
from counter.queue.spread import Book, as_it_is, fewest_moved, level
from db.scope import office_of
from db.states import TicketState
from db.tables import Customer

TODAY = date(2026, 11, 23)
SOONEST = TODAY + timedelta(days=3)
AN, BINH = "PA0501001001", "PA0501001002"
BOOKS = {"PA0501001": 30, "PA0501002": 20, "PA0501003": 10}


def put_books(session: Session, now: Any, *, books: dict[str, int]) -> None:
    """Books of so many houses, each with a bill; the houses in their order."""
    number = 700_000
    for book, houses in books.items():
        for house in range(1, houses + 1):
            number += 1
            code = f"{book}{house:03d}"
            put_bill(session, now, code=code, number=number, amount=100_000)
            row = session.get_one(Customer, (office_of(session), code))
            row.book_code, row.position = book, house
            session.add(row)


@pytest.fixture(autouse=True)
def books(desk: Desk) -> None:
    desk.do(put_books, books=BOOKS)


def plan(desk: Desk, **more: Any) -> queue.Plan:
    window = {"first": SOONEST, "last": SOONEST + timedelta(days=9), **more}
    return desk.see(queue.spread_plan, now=desk.clock.now(), **window)


def give(desk: Desk, staff: Staff, plan: queue.Plan, **more: Any) -> queue.Given:
    facts = {"plan_id": new_id(), "by": staff.supervisor.user_id, **more}
    return desk.do(queue.give_places, days={b.book_code: b.day for b in plan.books}, last=plan.last, **facts)


# --- which day for which book: pure -----------------------------------------------------------------------------------


def test_the_calendar_comes_near_the_best_there_is() -> None:
    chance = random.Random(7)
    found = []
    for _ in range(150):
        days = chance.randint(2, 4)
        every = tuple(range(days))
        many = [Book(f"{n}", float(chance.randint(20, 90)), chance.choice([None, *every]), every) for n in range(5)]
        places = [float(chance.randint(60, 120)) for _ in every]
        best = min(_peak(many, places, choice) for choice in itertools.product(every, repeat=len(many)))
        found.append(level(many, places).peak / best)
    assert mean(found) <= 1.05 and max(found) <= 1.4


def _peak(many: list[Book], places: list[float], choice: tuple[int, ...]) -> float:
    loads = [0.0] * len(places)
    for book, day in zip(many, choice, strict=True):
        loads[day] += book.visitors
    return max(load / place for load, place in zip(loads, places, strict=True))


def test_little_more_are_moved_than_the_best_choice_moves_and_the_peak_is_what_was_asked_for() -> None:
    chance = random.Random(11)
    more = []
    for _ in range(100):
        every = (0, 1, 2, 3)
        many = [Book(f"{n}", float(chance.randint(20, 60)), chance.choice((0, 0, 1)), every) for n in range(6)]
        places = [100.0] * 4
        peak = as_it_is(many, places).peak * 0.6
        found = fewest_moved(many, places, peak=peak)
        wanted = max(peak, level(many, places).peak)
        assert found.peak <= wanted + 1e-9
        best = min(
            sum(book.visitors for book, day in zip(many, choice, strict=True) if day != book.current)
            for choice in itertools.product(every, repeat=len(many))
            if _peak(many, places, choice) <= wanted + 1e-9
        )
        more.append(found.moved / best if best else 1.0)
    assert mean(more) <= 1.1 and max(more) <= 1.5


def test_a_book_that_never_had_a_day_moves_nobody_and_goes_where_there_is_room() -> None:
    many = [Book("old", 80, 0, (0, 1, 2)), Book("new", 80, None, (0, 1, 2)), Book("newer", 80, None, (0, 1, 2))]
    found = fewest_moved(many, [100.0, 100.0, 100.0], peak=10.0)
    assert (found.moved, found.peak, sorted(found.days)) == (0, 0.8, [0, 1, 2])


# --- the capacity of a slot -------------------------------------------------------------------------------------------


def test_a_slot_takes_what_the_simulated_table_says() -> None:
    for minutes, rows in TABLE.items():
        for room, row in zip(ROOMS, rows, strict=True):
            for tills, people in enumerate(row, 1):
                if people is not None:
                    assert people_in_a_slot(tills=tills, service_minutes=minutes, room=room) == people


def test_between_the_cells_it_is_never_outside_its_neighbours() -> None:
    for tills, room, tenth in itertools.product(range(1, 9), range(4, 21), range(30, 51)):
        found = people_in_a_slot(tills=tills, service_minutes=tenth / 10, room=room)
        slower = people_in_a_slot(tills=tills, service_minutes=5, room=room)
        quicker = people_in_a_slot(tills=tills, service_minutes=3, room=room)
        assert 1 <= min(slower, quicker) <= found <= max(slower, quicker)
    assert people_in_a_slot(tills=0, service_minutes=4, room=8) == 0 == people_in_a_slot(tills=3, service_minutes=4, room=0)


# --- a plan -----------------------------------------------------------------------------------------------------------


def test_the_books_of_a_month_and_the_first_day_everybody_hears_of(desk: Desk) -> None:
    found = desk.see(queue.books_to_place, now=desk.clock.now())
    assert (found.soonest, found.notice_days) == (SOONEST, 3)
    assert {one.book_code: (one.customers, one.last_day) for one in found.books} == {
        book: (houses, None) for book, houses in BOOKS.items()
    }


def test_a_window_too_near_is_refused_with_the_first_possible_day(desk: Desk) -> None:
    with pytest.raises(queue.NoticeTooShort) as refused:
        plan(desk, first=SOONEST - timedelta(days=1))
    assert "26/11/2026" in refused.value.why_text()


def test_closed_days_get_no_book_and_a_window_of_them_is_refused(desk: Desk, staff: Staff) -> None:
    content = f'[closed]\n"{SOONEST}" = "nghỉ"\n"{SOONEST + timedelta(days=1)}" = "nghỉ"'
    desk.do(queue.set_rules, content=content, file="x", by=staff.supervisor.user_id)
    assert min(book.day for book in plan(desk).books) >= SOONEST + timedelta(days=2)
    with pytest.raises(queue.NoDaysToSpread):
        plan(desk, last=SOONEST + timedelta(days=1))


def test_a_day_that_takes_no_more_than_its_places_comes_before_everything(desk: Desk) -> None:
    found = plan(desk, target_percent=100)
    assert found.peak <= 100 and found.moved == 0 and found.customers == 60


def test_next_month_a_book_keeps_its_day_where_that_can_be(desk: Desk, staff: Staff, clock: StillClock) -> None:
    first = plan(desk)
    give(desk, staff, first)
    clock.move(timedelta(days=30))
    window = {"first": first.first + timedelta(days=30), "last": first.last + timedelta(days=30)}
    again = plan(desk, **window)
    assert {book.book_code: book.last_day for book in again.books} == {book.book_code: book.day for book in first.books}
    assert again.moved == 0 and all(book.day.day == book.last_day.day for book in again.books if book.last_day)


# --- giving the places ------------------------------------------------------------------------------------------------


def test_everybody_who_owes_gets_one_place_and_neighbours_come_together(desk: Desk, staff: Staff) -> None:
    booked = desk.do(queue.book, ticket_id=new_id(), day=TODAY, slot=15 * 60, customer_code=AN, by=staff.cashier.user_id)
    found = plan(desk)
    told: list[tuple[int, int]] = []
    given = give(desk, staff, found, progress=lambda done, total: told.append((done, total)))
    assert (len(given.tickets), given.without, told) == (59, (), [(0, 59)])
    assert AN not in {one.customer_code for one in given.tickets}  # booked in this month already
    assert booked.state is TicketState.BOOKED
    one_book = [one for one in given.tickets if str(one.customer_code).startswith("PA0501002")]
    assert [one.slot for one in one_book] == sorted(one.slot for one in one_book)
    assert [one.customer_code for one in one_book] == sorted(str(one.customer_code) for one in one_book)
    slots = desk.see(queue.slots, day=one_book[0].day, now=desk.clock.now()).slots
    assert all(not one.booked for one in slots[:2])  # the first ones are kept for priority classes
    assert all(one.booked <= one.bookable for one in slots)


def test_the_same_plan_twice_gives_the_same_places_and_another_finds_nobody(desk: Desk, staff: Staff) -> None:
    found, plan_id = plan(desk), new_id()
    first = give(desk, staff, found, plan_id=plan_id)
    assert give(desk, staff, found, plan_id=plan_id) == first
    with pytest.raises(queue.NothingToSpread):
        plan(desk)


def test_who_does_not_fit_comes_on_the_next_open_day_or_is_named(desk: Desk, staff: Staff) -> None:
    content = '[hours]\nthu = ["08:00-09:00"]\nfri = ["08:00-09:00"]\n'
    desk.do(queue.set_rules, content=content, file="x", by=staff.supervisor.user_id)
    found = plan(desk, last=SOONEST + timedelta(days=1), book_codes=["PA0501001"])
    given = give(desk, staff, found)
    days = {one.day for one in given.tickets}
    assert days == {SOONEST, SOONEST + timedelta(days=1)}
    assert given.without and len(given.tickets) + len(given.without) == 30


def test_what_is_stopped_gives_no_place(desk: Desk, staff: Staff) -> None:
    with pytest.raises(queue.GivingStopped):
        give(desk, staff, plan(desk), cancelled=lambda: True)
    assert desk.see(queue.tickets_of, customer_code=BINH) == ()
    assert len(give(desk, staff, plan(desk)).tickets) == 60


def test_only_a_supervisor_gives_places_to_books(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        give(desk, staff, plan(desk), by=staff.cashier.user_id)


# --- the call centre's file -------------------------------------------------------------------------------------------


def lines(*rows: tuple[str, str, str]) -> list[list[str]]:
    return [["Mã khách hàng", "Ngày hẹn", "Giờ hẹn"], *map(list, rows)]


def a_file(folder: Path, *rows: tuple[str, str, str]) -> Path:
    path = folder / "lịch hẹn.csv"
    path.write_text("\n".join(",".join(row) for row in lines(*rows)), encoding="utf-8-sig")
    return path


def read(desk: Desk, path: Path) -> queue.BookingFile:
    return queue.read_bookings(path, rules=desk.see(queue.rules))


def test_the_file_books_moves_and_leaves_as_it_is(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    by = staff.cashier.user_id
    first = read(desk, a_file(tmp_path, (AN, "25/11/2026", "9h30"), (BINH, "2026-11-25", "10:00")))
    done = desk.do(queue.bring_bookings, file=first, by=by)
    assert (done.added, done.changed, done.unchanged) == (2, 0, 0)
    later = read(desk, a_file(tmp_path, (AN, "25/11/2026", "14:00"), (BINH, "25/11/2026", "10:00")))
    assert desk.do(queue.try_bookings, file=later, by=by).changed == 1
    done = desk.do(queue.bring_bookings, file=later, by=by)
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    assert [one.slot for one in desk.see(queue.tickets_of, customer_code=AN)] == ["14:00"]


def test_an_xlsx_file_is_read_as_the_csv(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in lines((AN, "25/11/2026", "09:30")):
        sheet.append(row)
    path = tmp_path / "lich-hen.xlsx"
    book.save(path)
    assert desk.do(queue.bring_bookings, file=read(desk, path), by=staff.cashier.user_id).added == 1


def test_trying_a_file_tells_every_wrong_line_and_changes_nothing(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    rows = (
        (AN, "25/11/2026", "09:30"),
        (BINH, "25/11/2026", "12:30"),
        ("PA0599", "25/11/2026", "10:00"),
        (BINH, "x", "10:00"),
    )
    file, by = read(desk, a_file(tmp_path, *rows)), staff.cashier.user_id
    tried = desk.do(queue.try_bookings, file=file, by=by)
    assert (tried.added, [one.line for one in tried.rejected]) == (1, [3, 4, 5])
    assert desk.see(queue.tickets_of, customer_code=AN) == ()
    with pytest.raises(queue.RejectedBookings):
        desk.do(queue.bring_bookings, file=file, by=by)
    assert desk.see(queue.tickets_of, customer_code=AN) == ()
    assert desk.do(queue.bring_bookings, file=file, mode="skip-wrong", by=by).added == 1


def test_a_file_that_is_stopped_books_nobody(desk: Desk, staff: Staff, tmp_path: Path) -> None:
    file = read(desk, a_file(tmp_path, (AN, "25/11/2026", "09:30")))
    for act in (queue.bring_bookings, queue.try_bookings):
        with pytest.raises(queue.GivingStopped):
            desk.do(act, file=file, by=staff.cashier.user_id, cancelled=lambda: True)
    assert desk.see(queue.tickets_of, customer_code=AN) == ()


def broken(desk: Desk) -> list[str]:
    """What `counter check` finds."""
    return [f"{check.name}: {check.broken}" for check in desk.see(audit) if not check.ok]


@pytest.mark.parametrize("wanted", [("25/11/2026", "09:00"), ("26/11/2026", "03:00")])
def test_a_move_that_is_left_out_changes_nothing(desk: Desk, staff: Staff, tmp_path: Path, wanted: tuple[str, str]) -> None:
    by, day = staff.cashier.user_id, date(2026, 11, 25)
    for house in range(3, 30):
        with suppress(queue.SlotFull, queue.SlotKept):
            code = f"PA0501001{house:03d}"
            desk.do(queue.book, ticket_id=new_id(), day=day, slot=9 * 60, customer_code=code, by=None)
    desk.do(queue.bring_bookings, file=read(desk, a_file(tmp_path, (AN, "25/11/2026", "10:00"))), by=by)
    file = read(desk, a_file(tmp_path, (AN, *wanted), (BINH, "26/11/2026", "10:15")))
    done = desk.do(queue.bring_bookings, file=file, mode="skip-wrong", by=by)
    assert (done.added, done.changed, [one.line for one in done.rejected]) == (1, 0, [2])
    assert [(one.day, one.slot) for one in desk.see(queue.tickets_of, customer_code=AN)] == [(day, "10:00")]
    assert broken(desk) == []
    assert desk.see(queue.tickets_of, customer_code=BINH)[0].number == "A001"  # no number was used up


def test_codes_nobody_knows_and_lines_that_were_booked_are_looked_up_many_at_once(
    desk: Desk, staff: Staff, tmp_path: Path
) -> None:
    by = staff.cashier.user_id
    known = [(f"PA0501001{house:03d}", "25/11/2026", f"{8 + house // 4:02d}:{house % 4 * 15:02d}") for house in range(1, 9)]
    desk.do(queue.bring_bookings, file=read(desk, a_file(tmp_path, *known)), by=by)
    file = read(desk, a_file(tmp_path, *known, *((f"PA0599{n:05d}", "25/11/2026", "10:00") for n in range(500))))
    said: list[str] = []
    event.listen(desk.database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    done = desk.do(queue.bring_bookings, file=file, mode="skip-wrong", by=by)
    assert (done.unchanged, len(done.rejected)) == (8, 500)
    assert len(said) < 50
