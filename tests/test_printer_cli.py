"""The printer by command, as outsiders use it: real processes, a printer on a real socket."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid1

import pytest
from printers import Habits, ScriptedPrinter, a_printer, until
from test_cli import LAN, NGAN, Program, bill_of


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    Program(home).run("demo", "--no-ui", "--customers", "20", "--bills", "20")
    Program(home).run("shift", "open", "--till", "Q1", "--count", "50000x400,1000x100", "--as", "lan", env=LAN)
    return home


@pytest.fixture
def machine() -> Iterator[ScriptedPrinter]:
    with a_printer() as found:
        yield found


@pytest.fixture
def program(demo: Path, machine: ScriptedPrinter, tmp_path: Path) -> Program:
    """A home whose printer is the scripted one, at till Q1."""
    shutil.copytree(demo, tmp_path / "home")
    found = Program(tmp_path / "home")
    words = ("printer", "use", f"tcp:127.0.0.1:{machine.port}", "--width", "58", "--drawer", "2", "--as", "ngan")
    used = found.run(*words, env=NGAN)
    assert used == {"printer": f"tcp:127.0.0.1:{machine.port}", "drawer": "2", "dots": 384}
    return found


def pay(program: Program, number: int) -> Any:
    bill = bill_of(program, f"PA0501{number:07d}")
    words = ("pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "10tr", "--as", "lan")
    return program.run(*words, env=LAN)


def test_a_payment_prints_its_receipt_and_opens_the_drawer(program: Program, machine: ScriptedPrinter) -> None:
    paid = pay(program, 1)
    assert (paid["paper"]["state"], paid["paper"]["error"]) == ("PRINTED", None)
    assert (len(machine.papers), machine.pulses) == (1, 1)
    now = program.run("printer", "status", "--till", "Q1")
    assert (now["answers"], now["trouble"], now["waiting"], now["asks"]) == (True, None, 0, 0)
    assert program.run("printer", "jobs", "--till", "Q1")["jobs"] == []
    assert len(program.run("printer", "jobs", "--till", "Q1", "--all")["jobs"]) == 2
    assert program.run("check")["ok"]


def test_a_printer_without_paper_takes_nothing_from_the_payment_and_prints_later(
    program: Program, machine: ScriptedPrinter
) -> None:
    machine.habits = Habits(paper_rows=0)
    paid = pay(program, 2)
    assert (paid["paper"]["state"], paid["paper"]["error"]) == ("BLOCKED", "NO_PAPER")
    refused = program.run("receipt", "reprint", paid["number"], "--as", "lan", env={**LAN, "COUNTER_TILL": "Q1"}, code=3)
    assert refused["refused"] == "PaperHeldUp" and "out of paper" in refused["why"]
    assert program.run("printer", "status", "--till", "Q1")["trouble"] == "NO_PAPER"
    machine.mend()
    assert pay(program, 3)["paper"]["state"] == "PRINTED"
    assert len(machine.papers) == 3, "the receipt, its copy, the next receipt"


def test_a_doubt_is_resolved_by_a_person_with_one_copy(program: Program, machine: ScriptedPrinter) -> None:
    machine.habits = Habits(reset_before_ack=True)
    paid = pay(program, 4)
    assert paid["paper"]["state"] == "UNCONFIRMED"
    (job,) = program.run("printer", "jobs", "--till", "Q1")["jobs"]
    assert job["name"].startswith("receipt Q1-") and job["error"] == "BROKE_OFF"
    machine.mend()
    copy = program.run("printer", "resolve", job["job"], "print-again", "--till", "Q1", "--as", "lan", env=LAN)
    assert (copy["copy"], copy["state"]) == (1, "PRINTED")
    again = program.run("printer", "resolve", job["job"], "print-again", "--till", "Q1", "--as", "lan", env=LAN, code=1)
    assert again["refused"] == "NothingToAnswer"
    assert program.run("printer", "jobs", "--till", "Q1")["jobs"] == []
    assert program.run("check")["ok"]


def test_papers_of_a_printer_without_a_voice_are_answered_together(program: Program, machine: ScriptedPrinter) -> None:
    machine.habits = Habits(answers=False, acks=False, marks=False)
    used = (f"tcp:127.0.0.1:{machine.port}", "--width", "58", "--as", "ngan")
    program.run("printer", "use", *used, env=NGAN)
    assert [pay(program, number)["paper"]["error"] for number in (5, 6)] == ["MUTE", "MUTE"]
    assert program.run("printer", "status", "--till", "Q1")["quiet"] == 2
    told = program.run("printer", "resolve", "quiet", "came-out", "--till", "Q1", "--as", "lan", env=LAN)
    assert told == {"answered": 2}


@pytest.mark.parametrize(
    ("words", "refused", "code"),
    [
        (("resolve", "x", "came-out"), "UnknownJob", 1),
        (("resolve", "x", "perhaps"), "AnswerUnknown", 2),
        (("use", "paper:x"), "PrinterUnreadable", 2),
        (("use", "tcp:10.0.0.9"), "WhoActs", 2),
        (("use", "none", "--as", "lan"), "NotAllowed", 1),
        (("use", "tcp:h:99999"), "PrinterUnreadable", 2),
        (("find", "10.0.0.0/8"), "AddressUnreadable", 2),
        (("drawer",), "WhyOpenDrawer", 1),
        (("calibrate", "--answer", "letters=?"), "NoSuchAnswer", 2),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(program: Program, words: tuple[str, ...], refused: str, code: int) -> None:
    named = ("--as", "lan") if words[0] in ("resolve", "drawer") else ()
    said = program.run("printer", *words, *named, env={**LAN, "COUNTER_TILL": "Q1"}, code=code)
    assert said["refused"] == refused


def test_the_programs_own_files_and_other_peoples_are_no_printers(program: Program, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Kính gửi")
    settings, pepper = (program.home / "settings.toml").read_bytes(), (program.home / "pepper").read_bytes()
    for path in (program.home / "pepper", program.home / "counter.db", program.home / "new.bin", letter):
        said = program.run("printer", "use", f"file:{path}", "--as", "ngan", env=NGAN, code=3)
        assert said["refused"] == "PaperFileTaken"
    assert (program.home / "settings.toml").read_bytes() == settings
    assert ((program.home / "pepper").read_bytes(), letter.read_text()) == (pepper, "Kính gửi")
    there = {**LAN, "COUNTER_PAPER": "file", "COUNTER_PAPER_FILE": str(program.home / "pepper"), "COUNTER_TILL": "Q1"}
    assert program.run("printer", "test", env=there, code=3)["refused"] == "PaperHeldUp"
    assert (program.home / "pepper").read_bytes() == pepper
    program.run("printer", "use", f"file:{tmp_path / 'paper.bin'}", "--as", "ngan", env=NGAN)
    assert program.run("printer", "test", "--till", "Q1")["state"] == "PRINTED"


def test_a_printer_that_answered_is_known_to_answer_by_the_next_command(program: Program, machine: ScriptedPrinter) -> None:
    assert pay(program, 8)["paper"]["state"] == "PRINTED"
    machine.habits = Habits(answers=False, acks=False, marks=False)
    paper = pay(program, 9)["paper"]
    assert (paper["state"], paper["error"]) == ("BLOCKED", "SILENT")


def test_a_test_page_and_a_calibration_page_come_out_and_what_was_seen_is_kept(
    program: Program, machine: ScriptedPrinter
) -> None:
    page = str(uuid1())
    for _twice in range(2):
        assert program.run("printer", "test", "--till", "Q1", "--id", page)["state"] == "PRINTED"
    assert len(machine.papers) == 1, "the same id again prints nothing"
    assert program.run("printer", "calibrate", "--till", "Q1")["kind"] == "CALIBRATION"
    kept = program.run("printer", "calibrate", "--answer", "width=4", "--answer", "columns=48", "--answer", "letters=A")
    assert (kept["paper_dots"], kept["paper_columns"], kept["table"]) == (576, 48, "tcvn3")
    assert program.run("printer", "test", "--till", "Q1")["state"] == "PRINTED"


def test_the_drawer_opens_for_a_reason(program: Program, machine: ScriptedPrinter) -> None:
    words = ("printer", "drawer", "--till", "Q1", "--reason", "đổi tiền", "--as", "ngan")
    assert program.run(*words, env=NGAN)["kind"] == "DRAWER"
    assert machine.pulses == 1


def test_the_addresses_that_were_typed_are_tried(program: Program) -> None:
    found = program.run("printer", "find", "127.0.0.1")["printers"]
    assert all(place.partition(":")[0] in ("tcp", "usb", "serial", "cups", "windows") for place in found)


def test_another_computer_prints_for_a_till_that_says_so(program: Program, machine: ScriptedPrinter) -> None:
    there = {"COUNTER_PAPER": "shared"}
    bill = bill_of(program, "PA05010000007")
    words = ("pay", "cash", "--till", "Q1", "--bill", bill["bill_id"], "--tendered", "10tr", "--as", "lan")
    assert program.run(*words, env={**LAN, **there})["paper"]["state"] == "QUEUED"
    runner = subprocess.Popen(
        [sys.executable, "-m", "counter", "--home", str(program.home), "printer", "run", "--till", "Q1", "--till", "Q2"],
        stderr=subprocess.PIPE,
    )
    until(lambda: machine.papers, what="the paper", seconds=60)
    status = program.run("printer", "status", "--till", "Q1")
    assert status["driven"], "one program drives the printer"
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(30) == 0
    assert runner.stderr is not None
    runner.stderr.close()
    assert program.run("printer", "jobs", "--till", "Q1")["jobs"] == []


def test_a_known_model_gives_width_code_and_knife_but_no_letters(program: Program) -> None:
    assert "TM-T88V" in program.run("printer", "model")["models"]
    kept = program.run("printer", "model", "TM-T88V")
    assert (kept["paper_dots"], kept["native_qr"], kept["cut"], kept["calibration"]) == (512, True, "part", "")
    assert program.run("printer", "model", "NoSuch", code=2)["refused"] == "UnknownModel"
