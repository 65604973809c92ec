"""Commands speak to people: a calm sentence, figures under each other, whose data is masked, which option helps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from test_cli import LAN, NGAN, Program, bill_of, demo, program, shift
from test_locale import every_refusal

from counter.cli import app, run
from counter.cli.answers import say
from counter.cli.helping import every_help
from counter.cli.human import hints_for, lines_of, rejected_lines, render, speaking
from counter.cli.human.hints import HELPFUL
from counter.cli.human.labels import LABELS
from counter.cli.human.shapes import SHAPES, Shape
from counter.cli.human.values import shown
from counter.locale import LANGUAGES, language, translate, use_language
from counter.money import Dong
from db.states import ShiftState
from tools import catalogues

__all__ = ["demo", "program", "shift"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


@pytest.fixture(scope="module")
def commands() -> dict[str, str]:
    app.load_commands()
    return dict(every_help(typer.main.get_command(app.app)))


def every_option() -> set[str]:
    def below(group: Any) -> Iterator[Any]:
        for command in getattr(group, "commands", {}).values():
            yield command
            yield from below(command)

    found = below(typer.main.get_command(app.app))
    return {option for command in found for param in command.params for option in param.opts}


def said(program: Program, *words: str, env: dict[str, str] | None = None, lang: str = "en") -> str:
    """What a person reads of a command that goes well."""
    done = program.raw("--lang", lang, *words, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- one renderer ------------------------------------------------------------------------------------------------------


def test_every_command_has_a_shape_and_no_other(commands: dict[str, str]) -> None:
    assert set(SHAPES) == set(commands)


def test_every_field_that_a_shape_shows_has_a_name() -> None:
    keys = {key for shape in SHAPES.values() for key in (*shape.fields, *shape.sums)}
    keys |= {key for shape in SHAPES.values() for table in shape.tables for key in table.columns}
    assert {key for key in keys if key not in LABELS and key.rpartition(".")[2] not in LABELS} == set()


def test_values_are_shown_as_people_write_them() -> None:
    assert shown("amount", Dong(1_234_567)) == "1.234.567\u00a0₫"
    assert shown("read", 1_000_000) == "1.000.000"
    assert shown("day", date(2026, 11, 23)) == "23/11/2026"
    assert shown("since", datetime(2026, 11, 23, 18, 5, tzinfo=UTC)) == "24/11/2026 01:05"
    assert shown("state", ShiftState.OPEN) == "open, taking money"
    assert (shown("accepted", True), shown("accepted", False)) == ("yes", "no")
    assert shown("tills", ["Q1", "Q2"]) == "Q1, Q2"
    assert shown("notes_back", {500_000: 2, 1_000: 3}) == "500.000 × 2, 1.000 × 3"
    assert shown("number", 800_000_001) == "800000001"
    assert [shown("amount", nothing) for nothing in (None, "", [], {})] == ["", "", "", ""]
    use_language("vi")
    assert shown("state", ShiftState.OPEN) == "đang mở, đang thu tiền"


def test_a_customer_is_masked_where_the_code_says_enough() -> None:
    line = {"customer_name": "Nguyễn Văn An", "customer_code": "PA05010000001"}
    (head, row) = lines_of("bills cases", {"cases": [line]})[:2]
    assert "PA05010000001" in row
    assert "Nguyễn V** A**" in row
    assert "Name" in head
    found = {"customer_code": "PA1", "name": "Nguyễn Văn An", "address": "Số 12, ngõ 5, thôn Đông, xã Tân Dĩnh"}
    told = "\n".join(lines_of("bills find", {"customers": [{**found, "phone": "0912345678"}]}))
    assert "Nguyễn Văn An" in told  # who looks for a person must know them
    assert "thôn Đông, xã Tân Dĩnh" in told
    assert "Số 12" not in told
    assert "0912345678" not in told


def test_money_stands_under_each_other() -> None:
    bills = [{"period": "11/2026", "amount": Dong(591_438)}, {"period": "12/2026", "amount": Dong(1_420_898)}]
    lines = lines_of("bills owed", {"bills": bills, "owed": Dong(2_012_336), "advance": Dong(0)})
    assert [len(line) for line in lines[:3]] == [len(lines[0])] * 3
    assert lines[1].endswith("    591.438 ₫")
    owed, advance = (line for line in lines if line.startswith(("  Owed", "  Paid in advance")))
    assert len(owed) == len(advance)


def test_what_to_do_next_is_said_only_where_there_is_something_to_do() -> None:
    assert lines_of("bills owed", {"bills": [], "owed": Dong(0)}) == ["Nothing is owed.", "  Owed  0\u00a0₫"]
    assert lines_of("surplus list", {"surplus": []}) == ["No surplus waits for a decision."]


def test_a_narrow_terminal_cuts_text_and_never_money(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"customer_code": "PA05010000001", "name": "Nguyễn Thị Minh Khai " * 4, "owed": Dong(1_234_567)}]
    monkeypatch.setattr(render, "_room", lambda: 60)
    head, row = lines_of("bills find", {"customers": rows})[:2]
    assert (len(head), len(row)) == (60, 60)
    assert "…" in row
    assert row.endswith("1.234.567 ₫")


def test_a_table_too_wide_for_the_terminal_becomes_a_block_for_each_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_room", lambda: 40)
    rows = [{"surplus_id": "0" * 36, "amount": Dong(5_000), "customer_code": "PA1"}] * 2
    lines = lines_of("surplus list", {"surplus": rows})
    assert lines[:4] == ["  Surplus   " + "0" * 36, "  Amount    5.000\u00a0₫", "  Customer  PA1", ""]
    assert all(len(line) <= 50 for line in lines[:7])


def test_nothing_from_outside_steers_the_terminal_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    speaking.now(command="bills find", options={})
    say({"customers": [{"customer_code": "a\x1b[2J\x9b", "name": "b\nc\u202e"}]}, as_json=False)
    told = capsys.readouterr().out
    assert not set(told) & set("\x1b\x9b\u202e")
    assert len(told.splitlines()) == 4


# --- refusals ----------------------------------------------------------------------------------------------------------


def test_what_helps_after_a_refusal_exists(commands: dict[str, str]) -> None:
    assert set(HELPFUL) <= {kind.__name__ for kind in every_refusal()}
    helps = {name for names in HELPFUL.values() for name in names}
    assert {name for name in helps if name not in commands and name not in every_option()} == set()


def test_an_option_helps_only_where_the_command_has_it(commands: dict[str, str]) -> None:
    speaking.begin(commands=commands)
    speaking.now(command="pay reverse", options={"--approved-by": "the second person; the PIN comes from COUNTER_PIN2"})
    assert hints_for("NeedsApproval") == ["--approved-by: the second person; the PIN comes from COUNTER_PIN2"]
    speaking.now(command="pay qr-show", options={})
    assert hints_for("NeedsApproval") == []
    assert hints_for("NoOpenShift") == ["counter shift open: Open a shift with the float counted by notes."]


def test_wrong_lines_are_told_and_the_option_that_leaves_them_out(program: Program) -> None:
    lines = (program.home / "HDN_HDON.csv").read_text(encoding="utf-8-sig").splitlines()
    wrong = program.home / "wrong.csv"
    wrong.write_text("\n".join([lines[0], *(line.replace(",TD,", ",XX,") for line in lines[1:31])]), encoding="utf-8")
    done = program.raw("--lang", "vi", "bills", "import", str(wrong), "--as", "ngan", env=NGAN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "→ --skip-wrong: nhập các dòng đúng, bỏ lại các dòng sai" in done.stderr
    assert len(re.findall(r"LOAI_HDON +XX", done.stderr)) == 20
    assert "… và 10 dòng nữa" in done.stderr
    machine = program.raw("bills", "import", str(wrong), "--as", "ngan", "--json", env=NGAN)
    assert len(json.loads(machine.stdout)["rejected"]) == 30
    assert "LOAI_HDON  " not in machine.stderr


def test_wrong_usage_names_the_help_of_the_command(program: Program) -> None:
    done = program.raw("pay", "cash", "--tendered", "5k")
    assert done.returncode == 2
    assert "--bill is missing" in done.stderr
    assert "counter pay cash --help" in done.stderr
    role = program.raw("user", "add", "x", "--role", "boss")
    assert "cashier | supervisor | collector | auditor" in role.stderr


# --- real commands -----------------------------------------------------------------------------------------------------


def test_a_payment_is_told_in_the_language_of_the_office(program: Program, shift: Any) -> None:
    bill = bill_of(program)
    money = f"{bill['amount']:,}".replace(",", ".") + " ₫"
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", str(bill["amount"]), "--as", "lan"]
    owed = said(program, "bills", "owed", "PA05010000001", lang="vi")
    assert bill["bill_id"] in owed
    assert money in owed
    paid = said(program, *words, env=LAN, lang="vi")
    assert paid.startswith(f"Đã thu {money} tiền mặt, biên nhận PA0501-Q1-26-000001.")
    assert "→ Xem lại biên nhận: counter receipt show PA0501-Q1-26-000001" in paid
    assert "Taken" not in paid
    again = program.raw("--lang", "vi", *words, env=LAN)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith(f"✗ Hóa đơn {bill['bill_id']} đã thu rồi")


def test_no_answer_for_people_holds_json_or_a_bare_word_of_the_code(
    program: Program, shift: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["till", "list"],
        ["user", "list"],
        ["bills", "find", "nguyen"],
        ["bills", "cases"],
        ["shift", "show", "--till", "Q1"],
        ["bank", "account", "list"],
        ["bank", "match"],
        ["bank", "share"],
        ["bank", "unproven"],
        ["surplus", "list"],
        ["queue", "slots"],
        ["queue", "issue"],
        ["queue", "board"],
        ["queue", "report"],
        ["printer", "status", "--till", "Q1"],
        ["printer", "jobs", "--till", "Q1"],
        ["check"],
    ):
        assert run(["--home", str(program.home), "--lang", "vi", *words]) == 0
        told = capsys.readouterr().out
        assert told.strip(), words
        assert not re.search(r'[{}"]|\bNone\b|\bTrue\b|\bFalse\b|\b[A-Z]+_[A-Z]+\b', told), (words, told)


# --- help --------------------------------------------------------------------------------------------------------------


@dataclass
class Page:
    words: list[str]
    text: str


def pages(lang: str) -> Iterator[Page]:
    """The help of every group and command."""
    use_language(lang)

    def of(command: Any, context: Any) -> Iterator[Page]:
        yield Page([*context.command_path.split()], command.get_help(context))
        for name, one in getattr(command, "commands", {}).items():
            yield from of(one, typer.Context(one, info_name=name, parent=context))

    root = typer.main.get_command(app.app)
    yield from of(root, typer.Context(root, info_name="counter"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_help_is_in_the_language_in_use(lang: str, commands: dict[str, str]) -> None:
    shown_pages = list(pages(lang))
    assert len(shown_pages) > len(commands)
    heads = {"vi": ("Cách dùng: counter", "Tùy chọn:", "trang này"), "en": ("Usage: counter", "Options:", "this page")}
    other = heads["en" if lang == "vi" else "vi"]
    for page in shown_pages:
        assert all(head in page.text for head in heads[lang]), page.text
        assert not any(head in page.text for head in other), page.text
        assert "<str>" not in page.text


def test_every_word_of_help_is_in_the_catalogue(commands: dict[str, str]) -> None:
    texts = catalogues.source_texts()
    helps = set(commands.values())

    def below(group: Any) -> Iterator[Any]:
        yield group
        for command in getattr(group, "commands", {}).values():
            yield from below(command)

    for command in below(typer.main.get_command(app.app)):
        helps |= {param.help for param in command.params if getattr(param, "help", None) and "--help" not in param.opts}
        assert all(param.help for param in command.params if param.param_type_name == "option"), command.name
    assert {help_ for help_ in helps if help_ not in texts} == set()
    use_language("vi")
    assert {help_ for help_ in helps if translate(help_) == help_} == set()


def test_help_is_asked_for_before_any_home_is_there(tmp_path: Path) -> None:
    done = Program(tmp_path / "none").raw("--lang", "vi", "pay", "cash", "--help")
    assert done.returncode == 0
    assert "--bill CHỮ" in done.stdout
    assert "Thu tiền mặt cho hóa đơn" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_shape_without_a_table_tells_what_it_was_given() -> None:
    assert lines_of("shift move", {"kind": "x", "amount": Dong(5), "reason": "r"})[0] == "5\u00a0₫ moved: x."
    assert rejected_lines([{"line": 3, "field": "A", "value": "b", "why": "c"}])[2].split() == ["3", "A", "b", "c"]
    assert SHAPES["web"] == Shape()
