"""The command line as outsiders use it: real processes, one JSON document, exit codes, the same id again."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid1

import pytest
from forked import run_program

from counter.cli.answers import note_bug, say, talk
from counter.cli.app import one_bill_each

LAN = {"COUNTER_PIN": "111111"}
LAN_AND_NGAN = {"COUNTER_PIN": "111111", "COUNTER_PIN2": "222222"}
NGAN = {"COUNTER_PIN": "222222"}


class Program:
    """The program on one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str, env: dict[str, str] | None = None, code: int = 0) -> Any:
        """Run with --json and give the document; the exit code must be `code`."""
        done = self.raw(*words, "--json", env=env)
        assert done.returncode == code, (done.stdout, done.stderr)
        return json.loads(done.stdout)

    def raw(self, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("COUNTER_")}
        return run_program("--home", str(self.home), "--lang", "en", *words, env={**clean, **(env or {})})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo home that each test copies."""
    home = tmp_path_factory.mktemp("demo")
    found = Program(home).run("demo", "--no-ui", "--customers", "60", "--bills", "120")
    assert (found["customers"], found["bills"]) == (60, 120)
    return home


@pytest.fixture
def program(demo: Path, tmp_path: Path) -> Program:
    import shutil

    shutil.copytree(demo, tmp_path / "home")
    return Program(tmp_path / "home")


@pytest.fixture
def shift(program: Program) -> Any:
    return program.run("shift", "open", "--till", "Q1", "--count", "50000x400,1000x100", "--as", "lan", env=LAN)


def bill_of(program: Program, code: str = "PA05010000001") -> Any:
    return program.run("bills", "owed", code)["bills"][0]


def test_a_whole_day_by_command(program: Program, shift: Any) -> None:
    assert shift["float"] == 20_100_000
    bill = bill_of(program)
    paid = program.run(
        "pay",
        "cash",
        "--till",
        "Q1",
        "--bill",
        bill["bill_id"],
        "--tendered",
        str(bill["amount"] + 5000),
        "--as",
        "lan",
        env=LAN,
    )
    assert (paid["due"], paid["change"]) == (bill["amount"], 5000)
    assert paid["receipt"]["lines"][0]["bill_id"] == bill["bill_id"]
    other = bill_of(program, "PA05010000002")
    wrong = program.run(
        "pay", "cash", "--till", "Q1", "--bill", other["bill_id"], "--tendered", str(other["amount"]), "--as", "lan", env=LAN
    )
    back = program.run(
        "pay", "reverse", wrong["number"], "--till", "Q1", "--reason", "nhầm", "--as", "lan", "--approved-by", "huong",
        env={"COUNTER_PIN": "111111", "COUNTER_PIN2": "111111"},
    )  # fmt: skip
    assert back["reverses"] == wrong["number"]
    now = program.run("shift", "show", "--till", "Q1")
    assert now["expected_cash"] == 20_100_000 + bill["amount"]
    notes = f"500x{now['expected_cash'] // 500}"
    counted = program.run("shift", "count", "--till", "Q1", "--count", notes, "--as", "lan", env=LAN)
    assert counted["difference"] == counted["counted"] - counted["expected"]
    done = program.run(
        "shift", "hand-over", "--till", "Q1", "--reason", "tiền lẻ", "--as", "lan", "--approved-by", "ngan", env=LAN_AND_NGAN
    )
    assert done["accepted"]
    checked = program.run("check")
    assert all(check["ok"] for check in checked["checks"])
    assert {head["till"] for head in checked["heads"]} == {"OFFICE", "Q1", "Q2", "Q3"}


def test_a_payment_whose_answer_is_lost_is_not_told_as_refused(program: Program, shift: Any) -> None:
    """Nobody reads the answer any more after the commit: a code of its own, and the same id gives the receipt."""
    bill, id_ = bill_of(program), str(uuid1())
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", "--id", id_]
    command = [sys.executable, "-m", "counter", "--home", str(program.home), "--lang", "en", *words, "--json"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, text=True, env={**os.environ, **LAN}, check=False, timeout=120
    )
    os.close(writer)
    assert done.returncode == 4
    assert "It is done, but the answer could not be written" in done.stderr
    assert program.run(*words, env=LAN)["due"] == bill["amount"]


@pytest.mark.parametrize(("closed", "code"), [(">&-", 4), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 4)])
def test_whoever_closed_our_input_or_output_gets_the_code_of_what_was_done(
    program: Program, shift: Any, closed: str, code: int
) -> None:
    bill, id_ = bill_of(program), str(uuid1())
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", "--id", id_]
    for wrong, expected in (("--till", code), ("--tull", 2)):
        line = [sys.executable, "-m", "counter", "--home", str(program.home), *words, "--json"]
        command = shlex.join(wrong if word == "--till" else word for word in line) + f" {closed}"
        done = subprocess.run(command, shell=True, capture_output=True, env={**os.environ, **LAN}, check=False, timeout=120)
        assert done.returncode == expected, (done.stdout, done.stderr)
    assert program.run(*words, env=LAN)["due"] == bill["amount"]
    assert program.run("check")["ok"]


def test_nobody_hears_us_and_the_exit_code_stays(program: Program, shift: Any) -> None:
    """stderr is a pipe that nobody reads: what could not be said there is no failure of what was done."""
    bill = bill_of(program)
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "1", "--as", "lan"]
    command = [sys.executable, "-m", "counter", "--home", str(program.home), *words]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=writer, env={**os.environ, **LAN}, check=False, timeout=120
    )
    os.close(writer)
    assert done.returncode == 1


@pytest.mark.parametrize("where", ["word", "COUNTER_PIN", "COUNTER_HOME"])
def test_bytes_that_are_no_text_are_wrong_usage(program: Program, where: str) -> None:
    words: list[bytes | str] = [sys.executable, "-m", "counter", "--lang", "en", "bills", "owed"]
    words.append(b"PA05\xff" if where == "word" else "PA05010000001")
    env: dict[Any, Any] = {**os.environ, "COUNTER_HOME": str(program.home)}
    if where != "word":
        env = {os.fsencode(key): os.fsencode(value) for key, value in env.items()} | {where.encode(): b"/x/\xff\xfe"}
    done = subprocess.run([*words, "--json"], capture_output=True, env=env, check=False, timeout=120)
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (2, "WrongUsage"), done.stderr


def test_an_answer_is_utf8_whatever_the_console_is(program: Program, shift: Any) -> None:
    bill = bill_of(program)
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan"]
    command = [sys.executable, "-m", "counter", "--home", str(program.home), *words]
    env = {**os.environ, **LAN, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, capture_output=True, env=env, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr
    assert "₫" in done.stdout.decode("utf-8")


def test_the_same_id_again_gives_the_first_answer(program: Program, shift: Any) -> None:
    bill, id_ = bill_of(program), str(uuid1())
    words = ["pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", "--id", id_]
    assert program.run(*words, env=LAN) == program.run(*words, env=LAN)
    assert program.run(*["Q2" if word == "Q1" else word for word in words], env=LAN, code=1)["refused"] == "SameIdOtherFacts"
    words[words.index("9000k")] = "9001k"
    assert program.run(*words, env=LAN, code=1)["refused"] == "SameIdOtherFacts"


def test_a_refusal_names_the_rule_why_and_what_to_do(program: Program) -> None:
    bill = bill_of(program)
    said = program.run(
        "pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "1", "--as", "lan", env=LAN, code=1
    )
    assert said["refused"] == "NoOpenShift"
    assert said["why"]
    assert said["todo"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pay", "cash", "--till", "Q1", "--bill", "x", "--tendered", "-5", "--as", "lan"], 2),
        (["shift", "open", "--till", "Q1", "--count", "3x7", "--as", "lan"], 2),
        (["bills", "import", "/dev/zero", "--as", "ngan"], 2),
        (["bills", "import", "missing.csv", "--as", "ngan"], 2),
        (["no-such-command"], 2),
        (["shift", "show", "--till", "Q9"], 1),
    ],
)
def test_unreadable_input_ends_with_2_and_a_rule_with_1(program: Program, words: list[str], code: int) -> None:
    done = program.raw(*words, env=NGAN if "ngan" in words else LAN)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    done = Program(tmp_path).raw("check")
    assert done.returncode == 3, done.stderr
    away = Program(tmp_path).raw("--db", "postgresql+psycopg://nobody@127.0.0.1:1/none", "check")
    assert away.returncode == 3, away.stderr


def test_the_same_file_again_changes_nothing_and_a_dry_run_neither(program: Program) -> None:
    file = str(program.home / "HDN_HDON.csv")
    for words in (["--dry-run"], []):
        found = program.run("bills", "import", file, "--as", "ngan", *words, env=NGAN)
        assert (found["read"], found["added"], found["updated"], found["unchanged"]) == (120, 0, 0, 120)


def test_a_file_with_a_wrong_line_is_refused_whole_and_names_the_line(program: Program) -> None:
    file = program.home / "HDN_HDON.csv"
    lines = file.read_text().splitlines()
    wrong = program.home / "wrong.csv"
    wrong.write_text("\n".join([lines[0], lines[1].replace("80000000", "90000000"), lines[2].replace(",TD,", ",XX,")]))
    said = program.run("bills", "import", str(wrong), "--as", "ngan", env=NGAN, code=2)
    assert said["refused"] == "RejectedLines"
    assert said["rejected"][0]["line"] == 3
    assert said["rejected"][0]["field"]
    assert program.run("bills", "import", str(wrong), "--skip-wrong", "--as", "ngan", env=NGAN)["added"] == 1


def test_find_needs_no_marks(program: Program) -> None:
    found = program.run("bills", "find", "nguyen")["customers"]
    assert found
    assert all("customer_code" in one and "owed" in one for one in found)


def test_an_advance_is_taken_for_coming_bills(program: Program, shift: Any) -> None:
    paid = program.run(
        "pay",
        "advance",
        "--till",
        "Q1",
        "--customer",
        "PA05010000001",
        "--months",
        "2",
        "--tendered",
        "20tr",
        "--as",
        "lan",
        env=LAN,
    )
    assert program.run("bills", "owed", "PA05010000001")["advance"] == paid["due"]


@pytest.mark.parametrize(("form", "start"), [("text", b""), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("escpos", b"\x1b@")])
def test_a_receipt_is_shown_in_every_form(program: Program, shift: Any, form: str, start: bytes) -> None:
    bill = bill_of(program)
    paid = program.run(
        "pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", env=LAN
    )
    out = program.home / "paper"
    program.run("receipt", "show", paid["number"], "--as", form, "--out", str(out))
    assert out.read_bytes().startswith(start)
    assert program.run("receipt", "reprint", paid["number"], "--as", "lan", env=LAN)["copy"] == 1


def test_backup_and_restore_and_an_older_backup_needs_a_supervisor(program: Program, shift: Any) -> None:
    old = str(program.home / "old.db")
    program.run("backup", old)
    bill = bill_of(program)
    program.run("pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", env=LAN)
    assert program.run("restore", old, code=1)["refused"] == "BackupIsOlder"
    assert program.run("restore", old, "--accept-older", "--as", "lan", env=LAN, code=1)["refused"] == "NotAllowed"
    program.run("restore", old, "--accept-older", "--as", "ngan", env=NGAN)
    assert bill_of(program)["bill_id"] == bill["bill_id"]


@pytest.fixture
def case(program: Program, shift: Any) -> Any:
    """A paid bill that the next file withdraws."""
    bill = bill_of(program)
    program.run("pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "9000k", "--as", "lan", env=LAN)
    lines = (program.home / "HDN_HDON.csv").read_text(encoding="utf-8-sig").splitlines()
    (row,) = [one for one in lines if f",{bill['number']}," in one]
    again = program.home / "again.csv"
    again.write_text("\n".join([lines[0], row + "HB"]), encoding="utf-8")
    assert program.run("bills", "import", str(again), "--as", "ngan", env=NGAN)["cases"] == 1
    (found,) = program.run("bills", "cases")["cases"]
    assert (found["bill_id"], found["too_much"], found["claimed"]) == (bill["bill_id"], bill["amount"], 0)
    return found


def test_a_case_is_refunded_once_by_command(program: Program, case: Any) -> None:
    words = ["pay", "refund", "--case", case["case_id"], "--till", "Q1", "--reason", "CMIS hủy", "--as", "lan"]
    assert program.run(*words, env=LAN, code=1)["refused"] == "NeedsApproval"
    both = [*words, "--approved-by", "ngan", "--id", str(uuid1())]
    back = program.run(*both, env=LAN_AND_NGAN)
    assert (back["kind"], back["due"], back["approved_by"]) == ("REFUND", case["too_much"], "Vũ Thị Ngân")
    assert program.run(*both, env=LAN_AND_NGAN) == back
    assert program.run(*both[:-2], env=LAN_AND_NGAN, code=1)["refused"] == "CaseClosed"
    (ended,) = program.run("bills", "cases", "--decided")["cases"]
    assert ended["resolution"] == back["number"]
    assert program.run("bills", "cases")["cases"] == []
    assert program.run("check")["ok"]


def test_a_case_is_kept_and_the_advance_refunded_by_command(program: Program, case: Any) -> None:
    kept = program.run(
        "bills", "case-keep", case["case_id"], "--reason", "đồng ý", "--as", "lan", "--approved-by", "ngan", env=LAN_AND_NGAN
    )
    assert (kept["method"], kept["due"]) == ("ADVANCE", case["too_much"])
    code = case["customer_code"]
    assert program.run("bills", "owed", code)["advance"] == case["too_much"]
    words = ["pay", "refund", "--customer", code, "--till", "Q1", "--reason", "đổi ý"]
    words += ["--as", "lan", "--approved-by", "ngan"]
    assert program.run(*words, env=LAN_AND_NGAN)["due"] == case["too_much"]
    assert program.run(*words, env=LAN_AND_NGAN, code=1)["refused"] == "NothingToRefund"
    assert program.run("check")["ok"]


def test_a_case_is_ended_in_words_by_a_supervisor(program: Program, case: Any) -> None:
    words = ["bills", "case-resolve", case["case_id"], "--resolution", "khách tặng"]
    assert program.run(*words, "--as", "lan", env=LAN, code=1)["refused"] == "NotAllowed"
    assert program.run(*words, "--as", "ngan", env=NGAN)["resolved_by"] == "Vũ Thị Ngân"
    assert program.run(*words, "--as", "ngan", env=NGAN)["state"] == "RESOLVED"
    assert program.run("bills", "case-keep", str(uuid1()), "--as", "lan", env=LAN, code=1)["refused"] == "UnknownCase"
    assert program.run("pay", "refund", "--as", "lan", env=LAN, code=2)["refused"] == "WrongUsage"


def test_an_edited_book_is_found_and_named(program: Program, shift: Any) -> None:
    import sqlite3

    with sqlite3.connect(program.home / "counter.db") as raw:
        raw.execute("DROP TRIGGER guard_cash_count_update")
        raw.execute("UPDATE cash_count SET total = total - 100000")
    checked = program.run("check", code=1)
    assert [check["name"] for check in checked["checks"] if not check["ok"]] == ["drawers"]


def test_the_version_costs_nothing(program: Program) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv=['counter','--version']; from counter.__main__ import main; main(); "
         "print(sorted({'typer','sqlalchemy','textual','pydantic'} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.splitlines()[1] == "[]"


def test_bills_after_one_option_are_all_bills() -> None:
    assert one_bill_each(["pay", "--bill", "a", "b", "--till", "Q1"]) == [
        "pay",
        "--bill",
        "a",
        "--bill",
        "b",
        "--till",
        "Q1",
    ]


def test_a_first_supervisor_makes_an_office_and_people(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("init", "--office", "PA0601", "--name", "Điện lực Thử", "--supervisor", "sep", env={"COUNTER_PIN": "864209"})
    boss = {"COUNTER_PIN": "864209", "COUNTER_NEW_PIN": "135792"}
    program.run("till", "add", "Q1", "--as", "sep", env=boss)
    made = program.run("user", "add", "mai", "--role", "cashier", "--as", "sep", env=boss)
    assert {"login": "mai", "role": "cashier"}.items() <= made["users"][0].items()
    assert (
        program.run("init", "--office", "PA0602", "--name", "X", "--supervisor", "y", env=boss, code=1)["refused"]
        == "OfficeExists"
    )
    assert (tmp_path / "pepper").stat().st_mode & 0o077 == 0


def test_a_pin_that_is_not_in_force_is_never_shown(program: Program, tmp_path: Path) -> None:
    """The same id again: the first PIN stays, and no other one is told."""
    mai = ("user", "add", "mai", "--role", "cashier", "--as", "ngan", "--id", str(uuid1()))
    first = program.run(*mai, env=NGAN)
    assert program.run("user", "change-pin", "--as", "mai", env={"COUNTER_PIN": first["pin"], "COUNTER_NEW_PIN": "864209"})
    assert "pin" not in program.run(*mai, env=NGAN)
    other = ("user", "add", "mai", "--role", "supervisor", *mai[5:])
    assert program.run(*other, env=NGAN, code=1)["refused"] == "SameIdOtherFacts"
    assert program.run(*mai[:6], "lan", *mai[7:], env=LAN, code=1)["refused"] == "NotAllowed"
    fresh = Program(tmp_path / "fresh")
    office = ("init", "--office", "PA0601", "--name", "Thử", "--supervisor", "sep", "--id", str(uuid1()))
    assert "pin" in fresh.run(*office)
    assert "pin" not in fresh.run(*office)
    assert fresh.run(*office[:4], "Khác", *office[5:], code=1)["refused"] == "SameIdOtherFacts"


def test_a_user_is_closed_without_cash_and_opened_again(program: Program, shift: Any) -> None:
    refused = program.run("user", "close", "lan", "--as", "ngan", env=NGAN, code=1)
    assert (refused["refused"], "Q1" in refused["why"]) == ("StillHasCash", True)
    program.run("user", "close", "huong", "--as", "ngan", env=NGAN)
    assert program.run("user", "change-pin", "--as", "huong", env=LAN, code=1)["refused"] == "WrongPin"
    assert program.run("user", "reopen", "lan", "--as", "ngan", env=NGAN, code=1)["refused"] == "NotClosed"
    back = program.run("user", "reopen", "huong", "--as", "ngan", env={**NGAN, "COUNTER_NEW_PIN": "864209"})
    assert [user["active"] for user in back["users"] if user["login"] == "huong"] == [True]
    program.run("user", "change-pin", "--as", "huong", env={"COUNTER_PIN": "864209", "COUNTER_NEW_PIN": "975301"})


def test_a_tills_environment_does_not_raise_the_limit_of_a_difference(program: Program, shift: Any) -> None:
    assert program.run("office", "show")["difference_limit"] == 20_000
    assert program.run("office", "difference-limit", "900k", "--as", "lan", env=LAN, code=1)["refused"] == "NotAllowed"
    program.run("shift", "count", "--till", "Q1", "--count", "50000x400", "--as", "lan", env=LAN)
    raised = {**LAN, "COUNTER_DIFFERENCE_LIMIT": "900000"}
    handing = ("shift", "hand-over", "--till", "Q1", "--reason", "x", "--as", "lan")
    assert program.run(*handing, env=raised, code=1)["refused"] == "NeedsApproval"
    assert program.run("office", "difference-limit", "100k", "--as", "ngan", env=NGAN)["difference_limit"] == 100_000
    assert program.run(*handing, env=LAN)["state"] == "HANDED_OVER"


def test_a_hand_over_at_one_go_is_whole_or_nothing_and_a_repeat_gives_the_first_answer(program: Program, shift: Any) -> None:
    """A large difference: who allows it receives only what they counted. What is refused changes nothing."""
    program.run("shift", "count", "--till", "Q1", "--count", "50000x400", "--as", "lan", env=LAN)
    handing = ("shift", "hand-over", "--till", "Q1", "--reason", "x", "--as", "lan")
    ngan = ("--approved-by", "ngan")
    assert (
        program.run(*handing, "--approved-by", "huong", env={**LAN, "COUNTER_PIN2": "111111"}, code=1)["refused"]
        == "NotAllowed"
    )
    assert program.run(*handing, *ngan, "--counted", "19tr", env=LAN_AND_NGAN, code=1)["refused"] == "CashDiffers"
    assert program.run("shift", "show", "--till", "Q1")["state"] == "COUNTED"
    assert "Cash in the drawer" not in program.raw("shift", "show", "--till", "Q1").stdout
    assert program.run(*handing, *ngan, env=LAN_AND_NGAN)["state"] == "HANDED_OVER"
    refusing = ("shift", "refuse", "--till", "Q1", "--reason", "y", "--as", "ngan")
    assert program.run(*refusing, env=NGAN) == program.run(*refusing, env=NGAN)
    program.run("shift", "count", "--till", "Q1", "--count", "50000x400", "--as", "lan", env=LAN)
    assert program.run(*handing, *ngan, "--counted", "20tr", env=LAN_AND_NGAN)["accepted"]
    taking = ("shift", "accept", "--till", "Q1", "--counted", "20tr", "--as", "ngan")
    assert program.run(*taking, env=NGAN) == program.run(*taking, "--shift", shift["shift_id"], env=NGAN)


def test_a_bug_before_any_home_is_logged_in_the_home_and_not_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands, home = tmp_path / "stands", tmp_path / "home"
    stands.mkdir()
    monkeypatch.chdir(stands)
    monkeypatch.setenv("COUNTER_HOME", str(home))
    assert note_bug(RuntimeError("torn"), home=None) == home / "counter.log"
    assert "torn" in (home / "counter.log").read_text()
    assert list(stands.iterdir()) == []


def test_no_control_character_reaches_a_terminal_or_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "a\x1b]0;PWN\x07\x9b31m\u202eb\u200b\nc"
    say({"till": hostile}, as_json=True)
    talk(hostile)
    said = capsys.readouterr()
    assert json.loads(said.out)["till"] == hostile
    monkeypatch.setenv("COUNTER_HOME", str(tmp_path))
    note_bug(RuntimeError(hostile), home=None)
    for text in (said.out, said.err, (tmp_path / "counter.log").read_text(encoding="utf-8")):
        assert not set(text) & set("\x1b\x07\x9b\u202e")


def test_tills_are_listed_with_who_has_them_and_freed_by_a_supervisor(program: Program) -> None:
    found = program.run("till", "list")["tills"]
    assert [(till["code"], till["alive"], till["place"]) for till in found] == [(f"Q{n}", False, "") for n in (1, 2, 3)]
    assert program.run("till", "release", "Q1", "--as", "lan", env=LAN, code=1)["refused"] == "NotAllowed"
    assert program.run("till", "release", "q1", "--as", "ngan", env=NGAN)["till"] == "Q1"
    assert program.run("till", "release", "Q9", "--as", "ngan", env=NGAN, code=1)["refused"] == "NoSuchTill"
