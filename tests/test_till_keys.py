"""Keys at the till mean what the person sees: nobody's money is taken from somebody else, no key vanishes in silence."""

from __future__ import annotations

import pytest
from kit import PIN
from screens_kit import CODE, an_office, burst, holds, notice, screen_text, signed_in, taken, typed
from textual import events

from counter import payments
from counter.desk import Desk
from counter.home import Home
from counter.screens.widgets import Confirm, TickList

OTHER = "PA05010000002"


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def paid_by(desk: Desk, code: str) -> int:
    return len(desk.see(payments.receipts_of_customer, customer_code=code))


# --- the question before the money -----------------------------------------------------------------------------------


async def test_the_question_says_whose_money_it_is_and_for_how_many_bills(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f2}" + OTHER + "⏎", "⏎")
        shown = screen_text(pilot)
        assert isinstance(pilot.app.screen, Confirm)
        for part in (
            "2 customers · bills: 3",
            f"{CODE}  Nguyễn Văn An",
            f"{OTHER}  Đặng Thị Bình",
            "345.678",
            "300.000",
            "645.678",
        ):
            assert part in shown


@pytest.mark.parametrize("key", ["{f8}", "{f9}", "{escape}"])
async def test_f8_goes_back_from_the_question_as_f9_and_escape_do(home: Home, desk: Desk, key: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎", key)
        assert pilot.app.screen.query_one("#bills", TickList).ticked_items
        assert pilot.app.focused.id == "tender"
        assert taken(desk).receipts == 0


@pytest.mark.parametrize("gap", [True, False])
async def test_a_key_that_means_nothing_in_the_question_takes_no_money_afterwards(home: Home, desk: Desk, gap: bool) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎")
        lost = [OTHER, "⏎", "⏎", "⏎"] if gap else [f"{OTHER}⏎⏎⏎"]
        await typed(pilot, *lost)
        assert "nothing was decided" in screen_text(pilot)
        assert taken(desk).receipts == 0
        await typed(pilot, "{f9}", "⏎", "⏎")
        assert paid_by(desk, CODE) == 1
    holds(desk)


async def test_a_scan_into_the_question_is_no_answer(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "⏎")
        pilot.app.post_message(events.Paste(OTHER))
        await typed(pilot, "⏎")
        assert taken(desk).receipts == 0


async def test_f1_opens_help_and_closes_it_again(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        till = pilot.app.screen
        await typed(pilot, "{f1}")
        assert pilot.app.screen is not till
        await typed(pilot, "{f1}")
        assert pilot.app.screen is till
        await burst(pilot, "{f1}{f1}" + CODE + "⏎⏎⏎")
        assert paid_by(desk, CODE) == 1


# --- rows and what is typed ------------------------------------------------------------------------------------------


async def test_the_arrows_mean_the_rows_of_what_is_typed_now(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, "pa0501")  # three customers are listed
        await burst(pilot, "0000002{down}⏎")
        assert [bill.customer_code for bill in pilot.app.screen.query_one("#bills", TickList).items] == [OTHER, OTHER]


async def test_an_arrow_typed_ahead_moves_in_the_list_it_waits_for(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "pa0501{down}⏎")
        assert pilot.app.screen.customer.customer_code == OTHER


async def test_rows_that_come_late_do_not_move_the_cursor_back(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        finder = pilot.app.screen.finder
        late = finder._found("pa0501")
        await burst(pilot, "pa0501{down}")
        finder._seen("pa0501", late)
        assert finder.customers.cursor == 1


async def test_several_customers_ring_and_say_how_one_is_chosen(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        rung = []
        pilot.app.bell = lambda: rung.append(1)
        await burst(pilot, "pa0501⏎")
        assert "3 customers" in notice(pilot)
        assert rung
        await burst(pilot, "⏎")
        assert pilot.app.screen.customer.customer_code == CODE
        assert notice(pilot) == ""


# --- the boxes -------------------------------------------------------------------------------------------------------


async def test_what_is_scanned_after_a_search_that_found_nobody_replaces_it(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "nosuchperson⏎")
        assert "nosuchperson" in notice(pilot)
        await burst(pilot, f"{CODE}⏎⏎⏎")
        assert paid_by(desk, CODE) == 1


async def test_f2_marks_what_stands_in_the_box_so_that_it_is_typed_over(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await burst(pilot, "nguyen{f2}" + OTHER)
        assert pilot.app.focused.value == OTHER


async def test_the_money_box_keeps_its_keys_when_no_bill_is_ticked(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f4}")
        assert pilot.app.focused.id == "tender"
        await typed(pilot, "⏎")
        assert "No bill is chosen" in notice(pilot)
        await typed(pilot, "{f4}", "400k⏎", "⏎")
        assert paid_by(desk, CODE) == 1
    holds(desk)


async def test_a_key_nobody_knows_rings(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        rung = []
        pilot.app.bell = lambda: rung.append(1)
        await burst(pilot, "{f11}{f12}")
        assert len(rung) == 2


# --- the amount -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["300k", "0", "abc", "12,5", "00"])
async def test_after_a_refused_amount_enter_is_not_the_exact_one(home: Home, desk: Desk, amount: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", f"{amount}⏎", "⏎", "⏎")
        assert not isinstance(pilot.app.screen, Confirm)
        assert taken(desk).receipts == 0
        await typed(pilot, "400k")
        assert pilot.app.focused.value == "400k"
        await typed(pilot, "⏎", "⏎")
        assert "54.322" in notice(pilot)
        assert taken(desk).receipts == 1


async def test_who_empties_the_field_after_a_refusal_means_exact_again(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "300k⏎", "{backspace}", "⏎")
        assert isinstance(pilot.app.screen, Confirm)


@pytest.mark.parametrize("amount", ["0", "1k"])
async def test_a_refused_amount_of_an_advance_is_typed_over_too(home: Home, desk: Desk, amount: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{f5}", "1⏎", f"{amount}⏎", "⏎", "⏎")
        assert not isinstance(pilot.app.screen, Confirm)
        assert taken(desk).receipts == 0


# --- nobody takes what is not in sight --------------------------------------------------------------------------------

TWO_FOUND = "a"  # of An and of ABC


@pytest.mark.parametrize("keys", ["{escape}", "{backspace}", "{tab}"])
async def test_bills_covered_by_a_list_of_customers_come_back(home: Home, desk: Desk, keys: str) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{OTHER}⏎", "{f2}" + TWO_FOUND + "⏎")
        assert pilot.app.screen.finder.shown == "customers"
        assert "Esc Leave the list" in " ".join(screen_text(pilot).split())
        await typed(pilot, keys)
        assert pilot.app.screen.finder.shown == "bills"
        assert "Đặng Thị Bình" in screen_text(pilot)
        assert "Esc" not in screen_text(pilot)


async def test_escape_from_the_list_leads_to_the_money_and_takes_the_search_away(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{OTHER}⏎", "{f2}" + TWO_FOUND + "⏎", "{escape}")
        assert pilot.app.focused.id == "tender"
        await typed(pilot, "⏎", "⏎")
        assert paid_by(desk, OTHER) == 1


async def test_escape_without_bills_leads_to_the_empty_search(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, TWO_FOUND + "⏎", "{escape}")
        assert pilot.app.screen.finder.shown == "welcome"
        assert pilot.app.screen.finder.box.value == ""


@pytest.mark.parametrize("gap", [True, False])
async def test_enter_enter_takes_only_bills_in_sight(home: Home, desk: Desk, gap: bool) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{OTHER}⏎", "{f2}" + TWO_FOUND + "⏎")
        keys = ["{f2}", "{backspace}", "⏎", "⏎"]
        await typed(pilot, *(keys if gap else ["".join(keys)]))
        assert isinstance(pilot.app.screen, Confirm)
        assert pilot.app.screen_stack[1].finder.shown == "bills"


# --- an advance that is there ----------------------------------------------------------------------------------------


async def with_advance(pilot: object) -> None:
    """An's bill is paid, a month is taken in advance, and the receipt of the bill is reversed."""
    await typed(pilot, f"{CODE}⏎⏎⏎", f"{CODE}⏎", "{f5}", "1⏎⏎", "⏎", "{f3}{down}{f8}", "nham⏎", f"ngan⏎{PIN}⏎", "{f9}{f8}")


async def test_an_advance_pays_a_bill_that_a_reversal_reopened(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await with_advance(pilot)
        assert "Use the advance" not in screen_text(pilot)
        await typed(pilot, f"{CODE}⏎")
        assert "^O Use the advance" in " ".join(screen_text(pilot).split())
        await typed(pilot, "{ctrl+o}")
        for part in ("Pay these bills from the advance?", CODE, "345.678", "322"):
            assert part in screen_text(pilot)
        await typed(pilot, "⏎")
        assert "PA0501-OFFICE-26-000001" in notice(pilot)
        assert not pilot.app.screen.bills.items
        assert "Use the advance" not in screen_text(pilot)
        assert desk.see(payments.advance_balance, customer_code=CODE) == 322
    holds(desk)


async def test_bills_the_advance_does_not_reach_stay_for_the_cash(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await with_advance(pilot)
        await burst(pilot, f"{CODE}⏎{{f2}}{OTHER}⏎{{ctrl+o}}⏎")
        assert [bill.customer_code for bill in pilot.app.screen.bills.ticked_items] == [OTHER, OTHER]
        await typed(pilot, "⏎⏎")
        assert paid_by(desk, OTHER) == 1
    holds(desk)
