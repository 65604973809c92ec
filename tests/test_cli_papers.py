"""Papers and layouts by command: real processes, files, refusals with line and field."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from test_cli import LAN, LAN_AND_NGAN, NGAN, Program, demo, program

__all__ = ["demo", "program"]


@pytest.fixture
def paid(program: Program) -> str:
    """The number of a receipt paid in cash at Q1."""
    program.run("shift", "open", "--till", "Q1", "--count", "50000x100", "--as", "lan", env=LAN)
    bill = program.run("bills", "owed", "PA05010000001")["bills"][0]["bill_id"]
    paid = program.run("pay", "cash", "--till", "Q1", "--bill", bill, "--tendered", "2tr", "--as", "lan", env=LAN)
    return str(paid["number"])


def words_of(path: Path) -> str:
    return pypdf.PdfReader(path).pages[0].extract_text()


def test_a_receipt_is_had_as_paper_and_as_the_forms_of_the_accounts(program: Program, paid: str, tmp_path: Path) -> None:
    for form, said in (("pdf", "Receipt for electricity"), ("01-tt", "CASH VOUCHER"), ("06-tt", "RECEIPT OF MONEY")):
        out = tmp_path / f"{form}.pdf"
        answer = program.run("receipt", "show", paid, "--as", form, "--out", str(out))
        assert answer["out"] == str(out)
        assert said in words_of(out)
    a4 = tmp_path / "a4.pdf"
    program.run("receipt", "show", paid, "--as", "01-tt", "--size", "a4", "--out", str(a4))
    assert "Copy 2" in words_of(a4)
    assert program.raw("receipt", "show", paid, "--as", "docx").returncode == 2
    assert program.raw("receipt", "show", paid, "--as", "01-tt", "--size", "a3").returncode == 2
    assert program.raw("receipt", "show", paid, "--as", "png", "--out", str(tmp_path / "no" / "x.png")).returncode == 2


def test_a_shift_and_a_day_are_had_as_paper_and_say_what_is_final(program: Program, paid: str, tmp_path: Path) -> None:
    assert "text" not in program.run("shift", "show", "--till", "Q1")
    shown = program.run("shift", "show", "--till", "Q1", "--as", "text")
    assert "Shift report (X)" in shown["text"]
    refused = program.run("shift", "show", "--till", "Q1", "--as", "08a-tt", code=1)
    assert refused["refused"] == "ShiftNotCounted"
    before = program.run("paper", "day")
    assert (before["final"], before["taken"]) == (False, {})
    due = program.run("shift", "show", "--till", "Q1")["expected_cash"]
    notes = f"1000x{due // 1000},100x{due % 1000 // 100}"
    program.run("shift", "count", "--till", "Q1", "--count", notes, "--as", "lan", env=LAN)
    program.run(
        "shift", "hand-over", "--till", "Q1", "--as", "lan", "--approved-by", "ngan", "--reason", "lẻ", env=LAN_AND_NGAN
    )
    for form, said in (("08a-tt", "CASH COUNT"), ("01-tt", "CASH VOUCHER"), ("pdf", "Hand-over")):
        program.run("shift", "show", "--till", "Q1", "--as", form, "--out", str(tmp_path / f"{form}.pdf"))
        assert said in words_of(tmp_path / f"{form}.pdf")
    after = program.run("paper", "day")
    assert after["final"] is True
    assert after["taken"]["cash"] == program.run("receipt", "show", paid)["due"]
    assert program.run("paper", "day", "--day", "2020-01-01")["tills"] == []
    assert program.raw("paper", "day", "--day", "24/13/2026").returncode == 2


def test_a_poster_and_an_unknown_ticket(program: Program, tmp_path: Path) -> None:
    program.run("paper", "poster", "--suspended", "New contracts", "--as", "pdf", "--out", str(tmp_path / "p.pdf"))
    assert "Suspended: New contracts" in words_of(tmp_path / "p.pdf")
    assert program.run("paper", "ticket", "01a21459-2c55-7bc9-adab-249a7841c872", code=1)["refused"] == "UnknownTicket"
    assert program.run("paper", "ticket", "A999", code=1)["refused"] == "UnknownTicket"
    issued = program.run("queue", "issue")
    assert program.run("paper", "ticket", issued["number"])["number"] == issued["number"]


def test_a_layout_is_tried_refused_used_and_put_back(program: Program, paid: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.toml"
    file.write_text('title = "POWER RECEIPT"\nhide = ["vat",\n "total"]\n', encoding="utf-8")
    refused = program.run("paper", "layout", "set", "receipt", str(file), "--as", "ngan", env=NGAN, code=2)
    assert refused["refused"] == "BadLayout"
    assert "line 3" in refused["why"]
    assert "POWER RECEIPT" not in program.run("receipt", "show", paid)["text"]
    file.write_text('title = "POWER RECEIPT"\nhide = ["vat"]\n', encoding="utf-8")
    assert "POWER RECEIPT" in program.run("paper", "layout", "preview", "receipt", "--layout", str(file))["text"]
    refused = program.run("paper", "layout", "set", "receipt", str(file), "--as", "lan", env=LAN, code=1)
    assert refused["refused"] == "NotAllowed"
    assert "POWER RECEIPT" not in program.run("receipt", "show", paid)["text"]
    assert program.run("paper", "layout", "set", "receipt", str(file), "--as", "ngan", env=NGAN)["hide"] == ["vat"]
    assert "POWER RECEIPT" in program.run("receipt", "show", paid)["text"]
    assert "POWER RECEIPT" in program.run("paper", "layout", "show", "receipt")["toml"]
    assert [one["title"] for one in program.run("paper", "layout", "list")["layouts"]] == ["POWER RECEIPT", *[""] * 5]
    program.run("paper", "layout", "reset", "receipt", "--as", "ngan", env=NGAN)
    assert "POWER RECEIPT" not in program.run("receipt", "show", paid)["text"]
    assert program.run("paper", "layout", "show", "menu", code=2)["refused"] == "NoSuchPaper"
    assert program.run("check")["ok"] is True
