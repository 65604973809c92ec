"""The supervisor's screen: what is asked can be read, what was taken today stays, debts are tried before they go in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, holds, line, notice, screen_text, settle, signed_in, typed

from counter import approvals, payments, people, shifts, spool
from counter.bills import customer
from counter.demo import COLUMNS
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.money import Dong
from counter.print_jobs import document_of, open_papers
from counter.printing import as_text
from counter.screens.app import CounterApp
from counter.screens.debts import DebtsScreen
from counter.screens.widgets import RowList
from db.states import ApprovalAct, JobKind

OTHER = "PA05010000002"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def who(desk: Desk, login: str) -> Any:
    return desk.see(people.user_named, login=login).user_id


def live(desk: Desk) -> shifts.ShiftFacts:
    found = desk.see(shifts.last_shift, till_code="Q1")
    assert found is not None
    return found


def pay(desk: Desk) -> payments.Receipt:
    return desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=["PA0501-1"],
        tendered=Dong(345_678),
        shift_id=live(desk).shift_id,
        by=who(desk, "lan"),
    )


def ask(desk: Desk, **facts: Any) -> None:
    desk.do(approvals.ask, approval_id=new_id(), till_code="Q1", by=who(desk, "lan"), **facts)


def flat(pilot: Any) -> str:
    return " ".join(screen_text(pilot).replace("│", " ").split())


# --- what waits ------------------------------------------------------------------------------------------------------


async def test_a_request_shows_its_receipt_in_the_list_and_everything_before_the_answer(home: Home, desk: Desk) -> None:
    paid = pay(desk)
    ask(desk, act=ApprovalAct.REVERSE, subject=paid.number, amount=paid.amount, reason="gõ nhầm khách")
    async with signed_in(home, desk, "ngan") as pilot:
        assert paid.number in flat(pilot)
        await typed(pilot, "⏎")
        for part in (paid.number, "Trần Thị Lan asks, till Q1", "Nguyễn Văn An", CODE, "345.678", "gõ nhầm khách"):
            assert part in flat(pilot)
        await typed(pilot, "⏎")  # a reflex decides nothing
        assert desk.see(approvals.waiting, now=desk.clock.now())
        await typed(pilot, "{f9}", "⏎", "{f5}")
        assert "Approved: Reverse a receipt " + paid.number in notice(pilot)


async def test_a_difference_is_shown_with_its_figures_and_no_number_of_the_machine(home: Home, desk: Desk) -> None:
    shift = live(desk)
    lan = who(desk, "lan")
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, notes={50_000: 19}, by=lan)
    facts = {"act": ApprovalAct.DIFFERENCE, "subject": str(shift.shift_id), "amount": Dong(-50_000), "reason": "thiếu"}
    ask(desk, **facts)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "⏎")
        for part in ("Drawer of Trần Thị Lan", "1.000.000", "950.000", "-50.000", "thiếu"):
            assert part in flat(pilot)
        assert str(shift.shift_id) not in flat(pilot)
        await typed(pilot, "{f8}")
        assert "Refused" in notice(pilot)


async def test_a_newer_bill_before_an_older_one_is_shown_with_bills_and_amount(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{OTHER}⏎", "{f4}", "⏎", "⏎", "{f6}", "{f9}", "{f10}", "⏎", f"ngan⏎{PIN}⏎", "⏎")
        for part in (OTHER, "10/2026", "200.000", "09/2026"):
            assert part in flat(pilot)


async def test_the_list_read_again_keeps_the_cursor_on_its_matter(home: Home, desk: Desk) -> None:
    for number in ("PA0501-Q1-26-000008", "PA0501-Q1-26-000009"):
        ask(desk, act=ApprovalAct.REVERSE, subject=number, amount=Dong(1_000), reason="x")
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{down}")
        first = desk.see(approvals.waiting, now=desk.clock.now())[0]
        desk.do(approvals.withdraw, approval_id=first.approval_id, by=who(desk, "lan"))
        pilot.app.screen._load()
        await settle(pilot)
        assert "000009" in pilot.app.screen.query_one("#waiting", RowList).current.what


async def test_what_was_taken_today_stays_when_the_drawer_is_handed_over(home: Home, desk: Desk) -> None:
    pay(desk)
    shift, lan = live(desk), who(desk, "lan")
    notes = {50_000: 10, 1_000: 845, 500: 1, 100: 1}
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, notes=notes, by=lan)
    desk.do(shifts.hand_over, shift_id=shift.shift_id, reason="78", by=lan)
    async with signed_in(home, desk, "ngan") as pilot:
        assert "Taken today: 345.678 ₫ in cash · receipts: 1" in flat(pilot).replace("\u00a0", " ")
        assert "no shift open" not in flat(pilot)
        await typed(pilot, "⏎", "⏎", "⏎")
        assert len(desk.see(shifts.handed_over)) == 1  # Enters alone take nothing that was not counted
        await typed(pilot, "1345600⏎")
        assert "Accepted" in notice(pilot)
        assert "Taken today: 345.678 ₫" in flat(pilot).replace("\u00a0", " ")
    holds(desk)


async def test_a_locked_user_is_let_in_again(home: Home, desk: Desk) -> None:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, "lan⏎", *["000000⏎"] * 5)
        await typed(pilot, "{f9}" + f"ngan⏎{PIN}⏎", "⏎", "⏎")
        assert "may try again" in notice(pilot)
        assert all(not user.locked for user in desk.see(people.users, now=desk.clock.now()))


# --- bringing in debts -----------------------------------------------------------------------------------------------


def a_file(home: Home, *rows: list[str], encoding: str = "utf-8") -> Path:
    path = home.path / "new.csv"
    with path.open("w", newline="", encoding=encoding) as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return path


def wrong(number: int) -> list[str]:
    return [*line(number, "PA05010000009", "Lê Thị Chín", 111_000)[:18], "12,5", "05/10/2026", ""]


def owed(desk: Desk, code: str) -> int:
    return int(desk.see(customer, customer_code=code).owed)


async def test_enter_after_the_path_tries_the_file_and_changes_nothing(home: Home, desk: Desk) -> None:
    path = a_file(home, line(11, OTHER, "Đặng Thị Bình", 70_000, month=11))
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", f"{path}⏎")
        assert "1 would be new" in flat(pilot)
        assert "nothing is brought in yet" in notice(pilot)
        assert owed(desk, OTHER) == 300_000
        await typed(pilot, "{f2}")
        assert "Brought in" in notice(pilot)
        assert owed(desk, OTHER) == 370_000


async def test_wrong_lines_are_listed_and_the_rest_goes_in_only_when_asked(home: Home, desk: Desk) -> None:
    path = a_file(home, line(11, OTHER, "Đặng Thị Bình", 70_000, month=11), wrong(12), wrong(13))
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", str(path), "{f6}")
        assert owed(desk, OTHER) == 300_000  # nobody has seen the wrong lines yet
        await typed(pilot, "{f2}")
        assert "2 lines" in notice(pilot)
        assert [row.line for row in pilot.app.screen.query_one("#wrong", RowList).items] == [3, 4]
        assert "12,5" in flat(pilot)
        assert owed(desk, OTHER) == 300_000
        await typed(pilot, "{f6}", "⏎")
        assert owed(desk, OTHER) == 370_000
        assert "2 left out" in flat(pilot)


async def test_wrong_lines_seen_of_one_file_let_no_other_file_in(home: Home, desk: Desk) -> None:
    path = a_file(home, wrong(12))
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", f"{path}⏎")
        assert pilot.app.screen.check_action("the_rest", ())
        await typed(pilot, "2")
        assert not pilot.app.screen.check_action("the_rest", ())
        assert list(pilot.app.screen.query_one("#wrong", RowList).items) == []


async def test_profile_and_encoding_are_chosen_on_the_screen(home: Home, desk: Desk) -> None:
    path = a_file(home, line(11, OTHER, "Đặng Thị Bình", 70_000, month=11), encoding="utf-16")
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", str(path) + "{down}nosuch", "{f5}")
        assert "nosuch" in notice(pilot)
        await typed(pilot, "cmis{down}utf16", "{f5}")
        assert "1 would be new" in flat(pilot)


async def test_a_reading_is_stopped_with_f8_and_not_left_behind(home: Home, desk: Desk) -> None:
    path = a_file(home, line(11, OTHER, "Đặng Thị Bình", 70_000, month=11))
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", str(path))
        screen = pilot.app.screen
        assert isinstance(screen, DebtsScreen)
        stop = screen._stop
        stop.clear = stop.set  # type: ignore[method-assign]  # F8 before the first line was read
        screen.action_bring("all")
        assert screen.check_action("stop", ())
        await burst(pilot, "{f9}")
        assert "stopped" in notice(pilot) or "still being read" in notice(pilot)
        await settle(pilot)
        assert owed(desk, OTHER) == 300_000


async def test_bills_paid_from_advances_are_told_after_an_import(home: Home, desk: Desk) -> None:
    facts = {"customer_code": CODE, "months": 2, "tendered": Dong(1_000_000), "shift_id": live(desk).shift_id}
    desk.do(payments.take_advance, payment_id=new_id(), by=who(desk, "lan"), **facts)
    path = a_file(home, line(11, CODE, "Nguyễn Văn An", 70_000, month=11))
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f4}", f"{path}⏎", "{f2}")
        assert "bills were paid from advance money" in flat(pilot)
    holds(desk)


# --- the papers of the day -------------------------------------------------------------------------------------------


async def test_the_day_report_and_the_forms_of_a_drawer_are_written_where_the_screen_says(home: Home, desk: Desk) -> None:
    pay(desk)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f9}")
        shown = flat(pilot)
        for part in ("Papers of 23/11/2026", "Day report (Z)", "Cash count 08a-TT", "Cash voucher 01-TT", "Q1"):
            assert part in shown
        await typed(pilot, "⏎")
        assert (home.exports / "2026-11-23-Z.pdf").read_bytes().startswith(b"%PDF")
        assert "2026-11-23-Z.pdf" in notice(pilot)
        await typed(pilot, "{down}⏎")
        assert "has not been counted" in notice(pilot)
        desk.do(
            shifts.count_drawer, count_id=new_id(), shift_id=live(desk).shift_id, notes={1_000: 500}, by=who(desk, "lan")
        )
        await typed(pilot, "⏎")
        assert [path.name.endswith("08a-TT.pdf") for path in home.exports.iterdir()].count(True) == 1
        await typed(pilot, "{left}")
        assert "22/11/2026" in flat(pilot) and "Cash count" not in flat(pilot)


async def test_the_day_report_is_printed_from_the_supervisors_place(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f9}", "{f5}")
        assert "goes to the printer" in notice(pilot)
    (job,) = [job for job in desk.see(spool.recent_jobs, till_codes=["Q1"]) if job.kind == JobKind.DAY_REPORT]
    document = desk.see(document_of, job_id=job.job_id, settings=home.settings, now=desk.clock.now())
    assert "23/11/2026" in as_text(document)
    (named,) = [line.name for line in desk.see(open_papers, till_code="Q1") if line.job == job]
    assert "23/11/2026" in named
    holds(desk)
