"""Transfers, the bank's lines and surplus by command, on one home, as outsiders use them."""

from __future__ import annotations

from typing import Any

import pytest
from test_cli import LAN, LAN_AND_NGAN, NGAN, Program, bill_of, demo, program, shift  # noqa: F401 - fixtures

from counter.cashless.reading import read

ACCOUNT = ["1017595600", "--bin", "970436", "--holder", "DIEN LUC"]


@pytest.fixture
def account(program: Program) -> Any:  # noqa: F811
    return program.run("bank", "account", "add", *ACCOUNT, "--as", "ngan", env=NGAN)


def test_from_asking_to_confirming_by_hand(program: Program, shift: Any, account: Any) -> None:  # noqa: F811
    assert account["accounts"][0]["is_default"]
    bill = bill_of(program)
    asked = program.run("pay", "qr", "--till", "Q1", "--bill", bill["bill_id"], "--as", "lan", env=LAN)
    assert read(asked["payload"]).amount == bill["amount"] == asked["amount"]
    assert program.run("pay", "qr-show", asked["code"])["state"] == "SHOWN"
    confirm = ["pay", "qr-confirm", asked["intent_id"], "--reference", "FT26330", "--till", "Q1", "--as", "lan"]
    alone = program.run(*confirm, env=LAN, code=1)
    assert alone["refused"] == "NeedsApproval"
    done = program.run(*confirm, "--approved-by", "ngan", env=LAN_AND_NGAN)
    assert done["due"] == bill["amount"]
    assert [one["number"] for one in program.run("bank", "unproven")["unproven"]] == [done["number"]]
    tills = {one["name"]: one for one in program.run("bank", "share")["tills"]}
    assert (tills["Q1"]["cashless"], tills["Q1"]["per_mille"]) == (bill["amount"], 1000)
    assert program.run("check")["ok"]


def test_a_transfer_without_an_account_is_refused(program: Program, shift: Any) -> None:  # noqa: F811
    bill = bill_of(program)["bill_id"]
    assert (
        program.run("pay", "qr", "--till", "Q1", "--bill", bill, "--as", "lan", env=LAN, code=1)["refused"]
        == "NoBankAccount"
    )


def test_the_same_id_asks_for_the_same_transfer(program: Program, shift: Any, account: Any) -> None:  # noqa: F811
    bill, one = bill_of(program)["bill_id"], "01a20000-0000-7000-8000-000000000001"
    words = ["pay", "qr", "--till", "Q1", "--bill", bill, "--id", one, "--as", "lan"]
    assert program.run(*words, env=LAN) == program.run(*words, env=LAN)
    assert program.run("pay", "qr-cancel", one, "--till", "Q1", "--as", "lan", env=LAN)["state"] == "CANCELLED"


def test_a_slip_pays_once(program: Program, shift: Any) -> None:  # noqa: F811
    bill = bill_of(program)["bill_id"]
    words = ["--till", "Q1", "--bill", bill, "--card", "VCB", "--reference", "0001", "--as", "lan"]
    program.run("pay", "slip", *words, env=LAN)
    assert program.run("pay", "slip", *words, env=LAN, code=1)["refused"] == "AlreadyPaid"
    assert program.run("bank", "match")["matched"] == []


def test_a_day_that_is_none_is_named(program: Program) -> None:  # noqa: F811
    assert program.run("bank", "share", "--day", "31/12/2026", code=2)["refused"] == "DayUnreadable"
