"""The supervisor's bank: lines decided with their reasons, surplus, what is unconfirmed, shares, statements and profiles."""

from __future__ import annotations

from pathlib import Path

import pytest
from bank import ACCOUNT, DAY, movement
from kit import PIN, put_bill
from screens_kit import CODE, an_office_with_an_account, holds, notice, screen_text, signed_in, typed
from textual.pilot import Pilot

from counter import banking, reconcile
from counter.cashless.statements import load_statement_profile
from counter.cashless.statements.making import as_profile_text, guess, sample_of, save_profile, try_profile
from counter.cashless.statements.refusals import StatementProfileWrong
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.money import Dong
from counter.payments import qr
from counter.reconcile import Source
from counter.reconcile.arrivals import store_arrival
from counter.reconcile.messages import waiting_messages
from counter.reconcile.proposals import open_lines
from counter.reconcile.views import open_surplus_lines
from counter.shifts import live_shift
from db.states import IntentState

OTHER = "PA05010000002"
SAMPLE = """NGÂN HÀNG ABC,,,,,
Số tài khoản: 1017595600,,,,,
Số dư đầu kỳ,,,,,"10.000.000"
STT,Ngày hiệu lực,Lời nhắn,Rút ra,Gửi vào,Số dư
1,23/11/2026,tien dien PA05010000001,,"345.678","10.345.678"
2,23/11/2026,phi,"11.000",,"10.334.678"
Số dư cuối kỳ,,,,,"10.334.678"
"""


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office_with_an_account(home)


def said(pilot: Pilot[object]) -> str:
    return screen_text(pilot).replace("\u00a0", " ")


def come(desk: Desk, memo: str, amount: int) -> None:
    desk.do(reconcile.book_movement, movement=movement(memo, amount), source=Source.FEED)
    banking.take_in(desk)


def transfer(desk: Desk, *bills: str) -> qr.Intent:
    shift = desk.see(live_shift, till_code="Q1")
    assert shift is not None
    return desk.do(
        qr.open_intent,
        intent_id=new_id(),
        bill_ids=bills,
        shift_id=shift.shift_id,
        by=shift.cashier_id,
        minutes=15,
    )


# --- lines ----------------------------------------------------------------------------------------------------------------


async def test_a_line_is_shown_with_why_it_waits_and_what_it_may_be_for(home: Home, desk: Desk) -> None:
    come(desk, f"dong tien {CODE.lower()}", 345_678)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}")
        text = said(pilot)
        assert "345.678 ₫" in text and CODE in text and "without a payment code" in text
        await typed(pilot, "⏎")
        assert f"{CODE} owes exactly this" in said(pilot)
        await typed(pilot, "1")
        assert f"Pay these bills of {CODE}?" in said(pilot)
        await typed(pilot, "⏎")
        assert "Decided" in notice(pilot) and "Every line has its place" in said(pilot)
    holds(desk)


async def test_enter_alone_decides_nothing(home: Home, desk: Desk) -> None:
    come(desk, "khong ro", 345_678)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎", "⏎", "⏎")
    assert len(desk.see(open_lines)) == 1


async def test_a_line_is_given_to_the_transfer_that_waits_for_its_amount(home: Home, desk: Desk) -> None:
    shown = transfer(desk, "PA0501-1")
    come(desk, "chuyen tien", 345_678)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎")
        assert f"transfer {shown.code} waits for this amount" in said(pilot)
        await typed(pilot, "1", "⏎")
    assert desk.see(qr.intent, intent_id=shown.intent_id).state is IntentState.PAID
    holds(desk)


async def test_a_dismissed_transfer_is_not_proposed_again(home: Home, desk: Desk) -> None:
    transfer(desk, "PA0501-1")
    come(desk, "chuyen tien", 345_678)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎", "5", "của người khác⏎")
    (line,) = desk.see(open_lines)
    assert line.proposals == ()
    holds(desk)


async def test_too_much_is_settled_and_its_rest_given_back_by_two_people(home: Home, desk: Desk) -> None:
    shown = transfer(desk, "PA0501-1")
    come(desk, shown.memo, 400_000)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎", "1", "⏎")
        await typed(pilot, "{f3}")
        assert "54.322 ₫" in said(pilot) and "more than was asked for" in said(pilot)
        await typed(pilot, "{f6}", "FT99⏎", "lan⏎", f"{PIN}⏎")
        assert "No surplus waits" in said(pilot)
    holds(desk)


async def test_a_line_that_is_held_is_decided_for_its_transfer_only(home: Home, desk: Desk) -> None:
    """Too little: it can be said to be another's, not be settled, and not be given away while it is held."""
    shown = transfer(desk, "PA0501-1")
    come(desk, shown.memo, 1_000)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎")
        told = said(pilot)
        assert f"Not for transfer {shown.code}" in told
        assert not any(words in told for words in ("Settle transfer", "kept as surplus", "another customer"))


async def test_a_line_that_may_be_for_many_keeps_its_last_choices(home: Home, desk: Desk) -> None:
    """However many transfers wait for its sum, and customers stand in its memo: none of these, surplus, not ours."""
    for number in range(20, 27):
        transfer(desk, desk.do(put_bill, code=f"PA0501000002{number % 10}", number=number, amount=50_000))
    come(desk, " ".join(f"PA0501000002{number % 10}" for number in range(20, 27)), 50_000)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎")
        told = said(pilot)
        wanted = ("Bills of another customer", "kept as surplus", "No customer's money", "For none of these transfers")
        assert [words for words in wanted if words not in told] == []


async def test_surplus_gets_its_owner_and_becomes_an_advance(home: Home, desk: Desk) -> None:
    come(desk, "khong ro", 70_000)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎", "2", "chưa rõ của ai⏎", "{f3}", "{f5}")
        assert "whose money" in notice(pilot)
        await typed(pilot, "{f4}", f"{OTHER.lower()}⏎", "{f5}", "lan⏎", f"{PIN}⏎")
        assert "No surplus waits" in said(pilot)
    assert desk.see(open_surplus_lines) == []
    holds(desk)


async def test_bills_of_another_customer_are_paid_as_far_as_the_money_reaches(home: Home, desk: Desk) -> None:
    come(desk, "khong ro", 250_000)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "⏎", "1", f"{OTHER}⏎")
        assert "100.000" in said(pilot) and "150.000 ₫ is left as surplus" in said(pilot)
        await typed(pilot, "⏎")
    assert [int(one.amount) for one in desk.see(open_surplus_lines)] == [150_000]
    holds(desk)


# --- lists ----------------------------------------------------------------------------------------------------------------


async def test_shares_by_till_area_and_day_are_shown(home: Home, desk: Desk) -> None:
    come(desk, transfer(desk, "PA0501-1").memo, 345_678)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "{f5}")
        assert "100,0 %" in said(pilot) and "Q1" in said(pilot)
        await typed(pilot, "{f3}")
        assert "PA0501001" in said(pilot)
        await typed(pilot, "{f4}")
        assert "23/11/2026" in said(pilot)
        await typed(pilot, "{f2}", "{left}")
        assert "22/11/2026" in said(pilot) and "Nothing was taken" in said(pilot)


async def test_what_the_bank_has_not_confirmed_is_listed(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎", "{ctrl+t}", "⏎", "{f6}", "FT26330001⏎", "ngan⏎", f"{PIN}⏎")
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "{f4}")
        assert "FT26330001" in said(pilot) and "1 payments, 345.678 ₫ together" in said(pilot)


# --- statements and profiles ------------------------------------------------------------------------------------------


def test_a_profile_is_guessed_set_right_and_kept(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE)
    sample = sample_of(path)
    draft = guess(sample)
    assert (draft.heading, draft.columns, draft.thousands, draft.day_shape) == (
        3,
        {"day": 1, "balance": 5},
        ".",
        "dd/mm/yyyy",
    )
    for field, place in (("memo", 2), ("debit", 3), ("credit", 4)):
        draft = draft.with_column(field, place)
    text = as_profile_text(draft, sample, title="Ngân hàng ABC")
    read = try_profile(path, text=text)
    assert [(int(line.amount), line.is_out) for line in read.lines] == [(345_678, False), (11_000, True)]
    assert (read.opening, read.closing, read.rejected) == (Dong(10_000_000), Dong(10_334_678), [])
    save_profile(home.path, name="abc", text=text)
    assert load_statement_profile("abc", home=home.path).title == "Ngân hàng ABC"
    for name in ("../x", "", "ABC", "a" * 50):
        with pytest.raises(StatementProfileWrong):
            save_profile(home.path, name=name, text=text)
    assert draft.with_column("memo", 1).columns == {"balance": 5, "memo": 1, "debit": 3, "credit": 4}


async def test_a_statement_of_an_unknown_bank_is_brought_in_with_a_profile_made_on_the_screen(
    home: Home, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE)
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "{f6}", f"{path}⏎")
        assert "lacks the columns" in notice(pilot)
        await typed(pilot, "{f3}")
        assert "2: Ngày hiệu lực" in said(pilot)
        await typed(pilot, "{down}{down}{down}", "{right}" * 3, "{down}", "{right}" * 3, "{down}{down}{down}", "{right}" * 2)
        assert "✓ The balances agree." in said(pilot) and "345.678 ₫" in said(pilot)
        await typed(pilot, "{f2}", "abc⏎")
        await typed(pilot, "{f5}")
        assert "abc: 2 rows, 0 of them cannot be read" in said(pilot)
        await typed(pilot, "{f2}")
        assert "Brought in: 2 new, 0 known before" in notice(pilot)
        await typed(pilot, "{f2}")
        assert "Brought in: 0 new, 2 known before" in notice(pilot)
    (line,) = desk.see(open_lines)
    assert (line.booked_day, int(line.amount)) == (DAY, 345_678)
    holds(desk)


# --- messages -------------------------------------------------------------------------------------------------------------


async def test_a_message_of_a_provider_is_booked_or_ended_by_a_supervisor(home: Home, desk: Desk) -> None:
    for number, memo, amount, account in (
        (1, "tien dien", 50_000, ACCOUNT),
        (1, "tien mang", 70_000, ACCOUNT),
        (2, "x", 9, "999"),
    ):
        told = movement(memo, amount, identity=f"sepay/{number}", account=account)
        desk.do(store_arrival, provider="sepay", external_id=str(number), movement=told)
    banking.take_in(desk)
    whys = [one.why for one in desk.see(waiting_messages)]
    assert sorted(whys) == ["to none of the office's accounts", "told of before with other money"]
    async with signed_in(home, desk, "ngan") as pilot:
        await typed(pilot, "{f8}", "{f7}")
        assert all(why in said(pilot) for why in whys)
        if whys[0] != "told of before with other money":
            await typed(pilot, "{down}")
        await typed(pilot, "{f5}", "⏎")
        assert len(desk.see(waiting_messages)) == 1
        await typed(pilot, "{f6}", "nhầm số⏎")
        assert "No message waits." in said(pilot)
    assert [line.memo for line in desk.see(open_lines)] == ["tien dien", "tien mang"]
    holds(desk)
