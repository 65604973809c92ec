"""The queue by command: the keys outsiders rely on, exit codes, the same id again. Real processes on a demo home."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid1

import pytest
from test_cli import NGAN, Program

from counter.clock import SystemClock, local_day

KEYS = {"number", "state", "till", "people_ahead", "wait_minutes"}
TOMORROW = (local_day(SystemClock().now()) + timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    Program(home).run("demo", "--no-ui", "--customers", "30", "--bills", "60")
    return home


@pytest.fixture
def program(demo: Path, tmp_path: Path) -> Program:
    shutil.copytree(demo, tmp_path / "home")
    return Program(tmp_path / "home")


def test_a_morning_at_the_door_and_at_two_tills(program: Program) -> None:
    first = program.run("queue", "issue")
    assert set(first) >= KEYS and first["state"] == "WAITING"
    second = program.run("queue", "issue", "--class", "elderly")
    called = program.run("queue", "call", "--till", "Q1")
    assert (called["number"], called["till"], called["state"]) == (second["number"], "Q1", "CALLED")
    assert program.run("queue", "recall")["calls"] == 2
    board = program.run("queue", "board")
    assert (board["inside"], board["room_cap"]) == (1, 8)
    assert board["called"][0]["number"] == second["number"]
    assert set(board) >= KEYS and set(board["waiting"][0]) >= KEYS
    assert program.run("queue", "absent")["state"] == "ABSENT"
    assert program.run("queue", "arrive", second["number"])["state"] == "WAITING"
    assert program.run("queue", "next", "--till", "Q2")["number"] == first["number"]
    assert program.run("queue", "serve", "--till", "Q2")["state"] == "SERVED"
    refused = program.run("queue", "serve", "--till", "Q2", code=1)
    assert refused["refused"] == "NobodyCalled"
    checked = program.run("check")
    assert checked["ok"] and {"queue_numbers", "queue_room"} <= {one["name"] for one in checked["checks"]}


def test_a_booking_from_offer_to_cancellation(program: Program) -> None:
    slots = {one["slot"]: one for one in program.run("queue", "slots", "--day", TOMORROW)["slots"]}
    assert slots["09:00"]["free"] > 0 and slots["09:00"]["booked"] == 0
    id_ = str(uuid1())
    offered = program.run("queue", "offer", "--day", TOMORROW, "--slot", "09:00", "--id", id_)
    assert (offered["number"], offered["state"]) == ("", "DRAFT")
    words = ("queue", "book", "--day", TOMORROW, "--slot", "09:00", "--customer", "PA05010000001", "--id", id_)
    booked = program.run(*words)
    assert (booked["number"], booked["state"], booked["slot"]) == ("A001", "BOOKED", "09:00")
    assert program.run(*words) == booked
    again = program.run(
        "queue", "book", "--day", TOMORROW, "--slot", "10:00", "--customer", "PA05010000001", code=1
    )  # fmt: skip
    assert again["refused"] == "AlreadyBooked"
    assert program.run("queue", "arrive", id_, code=1)["refused"] == "NotToday"
    moved = program.run("queue", "change", "A001", "--of", TOMORROW, "--slot", "10:15")
    assert moved["slot"] == "10:15"
    assert program.run("queue", "cancel", "A001", "--day", TOMORROW)["state"] == "CANCELLED"


def test_a_full_room_refuses_with_who_leaves_next(program: Program) -> None:
    program.run("queue", "cap", "1", "--as", "ngan", env=NGAN)
    first = program.run("queue", "issue")
    program.run("queue", "issue")
    program.run("queue", "call", "--till", "Q1")
    refused = program.run("queue", "call", "--till", "Q2", code=1)
    assert refused["refused"] == "RoomFull" and first["number"] in refused["todo"]
    assert program.run("queue", "inside", "0")["inside"] == 0
    assert program.run("queue", "call", "--till", "Q2")["till"] == "Q2"
    assert program.run("queue", "inside", "in")["full"]


def test_a_supervisor_cuts_tills_and_others_may_not(program: Program) -> None:
    words = ("queue", "tills", "1", "--day", TOMORROW, "--from", "10:00")
    changed = program.run(*words, "--as", "ngan", env=NGAN)
    assert changed["places"] < changed["places_before"]
    assert program.run(*words, "--as", "lan", env={"COUNTER_PIN": "111111"}, code=1)["refused"] == "NotAllowed"
    assert program.run(*words, code=2)["refused"] == "WhoActs"


def test_rules_are_shown_and_taken_from_a_file(program: Program, tmp_path: Path) -> None:
    shown = program.run("queue", "rules")["rules"]
    assert 'mon = ["07:30-11:30", "13:30-16:30"]' in shown
    file = tmp_path / "rules.toml"
    file.write_text("room_cap = 5\n", encoding="utf-8")
    assert program.run("queue", "rules", str(file), "--as", "ngan", env=NGAN)["rules"] == "room_cap = 5\n"
    file.write_text("room_cap = 'many'\n", encoding="utf-8")
    refused = program.run("queue", "rules", str(file), "--as", "ngan", env=NGAN, code=2)
    assert refused["refused"] == "BadQueueRules" and "room_cap" in refused["why"]


def test_a_checklist_is_signed_once(program: Program) -> None:
    words = ("queue", "checklist", "--till", "Q1")
    assert program.run(*words)["signed_by"] == ""
    signed = program.run(*words, "--yes", "all", "--no", "gel", "--as", "ngan", env=NGAN)
    assert {one["code"]: one["answer"] for one in signed["items"]}["gel"] is False
    assert program.run(*words)["signed_by"] == signed["signed_by"] != ""


def test_the_call_centres_file_is_brought_in_once(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "hen.csv"
    lines = [f"PA0501000000{n},{TOMORROW},09:{15 * (n - 1):02d}" for n in range(1, 4)]
    file.write_text("\n".join(["Mã khách hàng,Ngày hẹn,Giờ hẹn", *lines]), encoding="utf-8")
    words = ("queue", "import", str(file), "--as", "ngan")
    assert program.run(*words, env=NGAN)["added"] == 3
    assert program.run(*words, env=NGAN)["unchanged"] == 3
    file.write_text(
        "\n".join(["Mã khách hàng,Ngày hẹn,Giờ hẹn", *lines, f"PA05010000009,{TOMORROW},25:00"]), encoding="utf-8"
    )
    refused = program.run(*words, env=NGAN, code=2)
    assert refused["rejected"][0]["line"] == 5 and refused["rejected"][0]["value"] == "25:00"


def test_whole_books_get_their_days(program: Program) -> None:
    first, last = (local_day(SystemClock().now()) + timedelta(days=days) for days in (5, 12))
    window = ("--from", first.isoformat(), "--to", last.isoformat())
    plan = program.run("queue", "spread", *window)
    assert plan["customers"] > 0 and plan["tickets"] == []
    given = program.run("queue", "spread", *window, "--give", "--as", "ngan", env=NGAN)
    assert len(given["tickets"]) == plan["customers"] and given["without"] == []
    assert program.run("queue", "spread", *window, code=1)["refused"] == "NothingToSpread"
    soon = program.run("queue", "spread", "--from", TOMORROW, "--to", last.isoformat(), code=1)
    assert soon["refused"] == "NoticeTooShort"


def test_what_cannot_be_read_says_so(program: Program) -> None:
    for words, name in (
        (("slots", "--day", "31/02/2026"), "DayUnreadable"),
        (("book", "--slot", "9h", "--customer", "X"), "TimeUnreadable"),
        (("inside", "viele"), "CountUnreadable"),
    ):
        assert program.run("queue", *words, code=2)["refused"] == name
    assert program.run("queue", "show", "Z999", code=1)["refused"] == "UnknownTicket"


def test_without_json_a_person_reads_a_line(program: Program) -> None:
    said = program.raw("queue", "issue").stdout
    assert said.startswith("Number A008 is given.") and "People ahead" in said
    assert json.dumps(program.run("queue", "report"))


def test_the_rules_that_are_shown_can_be_taken_back(program: Program, tmp_path: Path) -> None:
    shown = program.raw("queue", "rules").stdout
    file = tmp_path / "rules.toml"
    file.write_text(shown, encoding="utf-8")
    taken = program.run("queue", "rules", str(file), "--as", "ngan", env=NGAN)
    assert taken["rules"] == shown and "[hours]\n" in shown
