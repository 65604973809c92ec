"""Receipts on screen: of this shift and of any other, found by number or customer; shown, copied, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from kit import PIN
from screens_kit import CODE, an_office, holds, notice, screen_text, signed_in, taken, typed

from counter import payments, people, shifts, spool
from counter.desk import Desk, NoPaper
from counter.home import Home
from counter.ids import new_id
from counter.money import Dong
from counter.papers import receipt_paper
from counter.screens.widgets import Ask, RowList

OTHER = "PA05010000002"
SUPERVISOR = f"ngan⏎{PIN}⏎"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def copies(desk: Desk) -> list[int]:
    """The copies that wait for the printer, by their numbers."""
    return [job.copy_no for job in desk.see(spool.open_jobs, till_codes=["Q1"]) if job.copy_no]


def rows(pilot: Any) -> list[Any]:
    return list(pilot.app.screen.query_one("#receipts", RowList).items)


def yesterdays(desk: Desk) -> str:
    """A receipt of a shift that was handed over; a new shift is open. Its number."""
    lan, ngan = (desk.see(people.user_named, login=login).user_id for login in ("lan", "ngan"))
    shift = desk.see(shifts.live_shift, till_code="Q1")
    assert shift is not None
    bill = desk.see(bills_of, code=CODE)
    paid = desk.do(
        payments.take_cash,
        payment_id=new_id(),
        bill_ids=bill,
        tendered=Dong(345_678),
        shift_id=shift.shift_id,
        by=lan,
    )
    notes = {50_000: 10, 1_000: 845, 500: 1, 100: 1}
    desk.do(shifts.count_drawer, count_id=new_id(), shift_id=shift.shift_id, notes=notes, by=lan)
    desk.do(shifts.hand_over, shift_id=shift.shift_id, reason="78", by=lan)
    desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=Dong(1_345_600), by=ngan)
    desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=lan, notes={50_000: 10})
    return paid.number


def bills_of(session: Any, *, code: str) -> list[str]:
    from counter.bills import unpaid_bills

    return [bill.bill_id for bill in unpaid_bills(session, customer_code=code).bills]


async def test_a_receipt_of_another_shift_is_found_by_its_number_and_copied(home: Home, desk: Desk) -> None:
    number = yesterdays(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f3}")
        assert rows(pilot) == []
        await typed(pilot, number.removeprefix("PA0501-").lower() + "⏎")
        assert [line.number for line in rows(pilot)] == [number]
        await typed(pilot, "{f5}")
        assert "Copy 1" in notice(pilot)
        assert copies(desk) == [1]
        await typed(pilot, "{f3}")
        assert rows(pilot) == []


async def test_a_customers_receipts_are_found_and_one_of_another_shift_goes_back_with_the_supervisor(
    home: Home, desk: Desk
) -> None:
    number = yesterdays(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f3}nguyen van an⏎")
        assert [line.number for line in rows(pilot)] == [number]
        await typed(pilot, "{f8}", "nham⏎", SUPERVISOR)
        assert "Reversed" in notice(pilot)
        assert taken(desk).reversals == 1
        assert {line.number: line.reversed_by for line in rows(pilot)}[number]
    holds(desk)


async def test_a_number_that_is_no_receipts_is_refused_and_typed_over(home: Home, desk: Desk) -> None:
    number = yesterdays(desk)
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "{f3}q1-26-999999⏎")
        assert "999999" in notice(pilot)
        await typed(pilot, f"{number}⏎", "⏎")
        assert number in screen_text(pilot)


async def test_a_reversed_receipt_is_shown_and_copied_with_its_mark(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎", "⏎", "{f3}", "{f8}", "nham⏎", SUPERVISOR)
        first = pilot.app.screen._current
        assert first.reversed_by  # the cursor stayed on its receipt although the reversal came above it
        await typed(pilot, "⏎")
        assert "REVERSED" in screen_text(pilot)
        assert first.reversed_by in screen_text(pilot)
        await typed(pilot, "{f9}", "{f5}")
        assert copies(desk) == [1]
        copy = desk.see(receipt_paper, payment_id=first.payment_id, settings=home.settings, copy_no=1)
        assert copy.copied is not None
        assert (copy.copied.number, copy.copied.by, copy.reversed_by) == (1, copy.cashier, first.reversed_by)
        assert copy.copied.at >= copy.issued_at


async def test_what_cannot_be_taken_back_is_said_before_the_reason_is_asked(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎", "⏎", "{f3}", "{f8}", "nham⏎", SUPERVISOR)
        await typed(pilot, "{f8}")
        assert "already reversed" in notice(pilot)
        await typed(pilot, "{up}", "{f8}")
        assert "cannot be reversed" in notice(pilot)
        assert not isinstance(pilot.app.screen, Ask)


async def test_a_burst_reverses_the_receipt_on_top_once(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎" + "{f3}{f8}nham⏎" + SUPERVISOR)
        assert (taken(desk).receipts, taken(desk).reversals) == (1, 1)
    holds(desk)


async def test_without_a_printer_no_copy_is_counted_and_it_is_said(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎", "⏎")
        desk.paper = NoPaper()
        await typed(pilot, "{f3}", "{f5}")
        assert "no printer" in notice(pilot)
        assert desk.see(payments.receipt, payment_id=pilot.app.screen._current.payment_id).copies == 0


async def test_the_supervisor_finds_receipts_too_and_takes_none_back_without_a_drawer(home: Home, desk: Desk) -> None:
    number = yesterdays(desk)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f2}", f"{number}⏎")
        assert [line.number for line in rows(pilot)] == [number]
        await typed(pilot, "{f8}")
        assert "belongs to Trần Thị Lan" in notice(pilot)
