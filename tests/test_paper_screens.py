"""Paper on the screens: the sign at a glance, one key for each state, a printer set up by who never saw one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from kit import PIN
from printers import Habits, ScriptedPrinter, a_printer
from screens_kit import CODE, an_office, holds, notice, screen_text, settle, taken

from counter import spool
from counter.config import load_settings, save_settings
from counter.desk import Desk
from counter.home import Home
from counter.printer import paper_of
from counter.printing.models import models
from counter.screens.app import CounterApp
from counter.screens.papers import PapersScreen
from counter.screens.printer import PrinterScreen
from counter.screens.widgets import PaperSign, RowList
from db.states import JobState

FROZEN = 2.0
"""Seconds: a printer that hangs is given up after more, and a machine full of tests loses less."""


@pytest.fixture
def machine() -> Iterator[ScriptedPrinter]:
    with a_printer() as found:
        yield found


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


@asynccontextmanager
async def till(home: Home, desk: Desk, machine: ScriptedPrinter | None, **more: Any) -> AsyncIterator[Any]:
    """The cashier's till with this printer."""
    if machine is not None:
        save_settings(home.path, {"paper": "tcp", "paper_host": "127.0.0.1", "paper_port": machine.port, **more})
    home = replace(home, settings=load_settings(home.path, lang="en"))
    desk.paper = paper_of(home.settings)
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"lan", "enter", *PIN, "enter")
        await settle(pilot)
        yield pilot


async def until(pilot: Any, condition: Callable[[], object], *, what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never came: {what}\n{screen_text(pilot)}"
        await pilot.pause(0.02)


async def pay(pilot: Any, code: str = CODE) -> None:
    await pilot.press(*code)
    for _enter in range(3):
        await pilot.press("enter")
        await settle(pilot)


def sign(pilot: Any) -> str:
    return str(pilot.app.screen_stack[1].query_one(PaperSign).words)


def states(desk: Desk) -> list[JobState]:
    return [job.state for job in desk.see(spool.recent_jobs, till_codes=["Q1"])]


async def test_a_receipt_comes_out_by_itself_and_the_sign_is_calm(home: Home, desk: Desk, machine: ScriptedPrinter) -> None:
    async with till(home, desk, machine) as pilot:
        await pay(pilot)
        await until(pilot, lambda: states(desk) == [JobState.PRINTED], what="the paper")
        await until(pilot, lambda: sign(pilot) == "✓ printer", what="a calm sign")
    assert len(machine.papers) == 1
    holds(desk)


async def test_without_a_printer_there_is_no_sign(home: Home, desk: Desk) -> None:
    async with till(home, desk, None) as pilot:
        await pay(pilot)
        assert sign(pilot) == ""
        assert taken(desk).receipts == 1


async def test_no_paper_is_seen_at_a_glance_money_goes_on_and_paper_in_is_enough(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    machine.habits = Habits(paper_rows=0)
    async with till(home, desk, machine) as pilot:
        await pay(pilot)
        await until(pilot, lambda: "out of paper (1) ^G" in sign(pilot), what="the sign")
        await pay(pilot, "PA05010000002")
        assert taken(desk).receipts == 2
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PapersScreen)
        assert "Nothing was sent: out of paper" in screen_text(pilot)
        machine.mend()
        await pilot.press("f2")
        await until(pilot, lambda: states(desk) == [JobState.PRINTED] * 2, what="both papers")
        await until(pilot, lambda: "Every paper of this till came out" in screen_text(pilot), what="an empty list")
    assert len(machine.papers) == 2


async def test_a_doubt_ends_with_one_key_and_a_no_prints_one_copy(home: Home, desk: Desk, machine: ScriptedPrinter) -> None:
    machine.habits = Habits(reset_before_ack=True)
    async with till(home, desk, machine, paper_answers="yes", paper_done="process-id") as pilot:
        await pay(pilot)
        await until(pilot, lambda: "paper out? (1) ^G" in sign(pilot), what="the question")
        await pay(pilot, "PA05010000002")
        await until(pilot, lambda: "(2)" in sign(pilot), what="two questions")
        machine.mend()
        await pilot.press("ctrl+g")
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press("f8")
        await settle(pilot)
        await until(pilot, lambda: desk.see(spool.open_jobs, till_codes=["Q1"]) == [], what="everything answered")
        await pilot.press("f9")
        await until(pilot, lambda: sign(pilot) == "✓ printer", what="a calm sign")
    assert len(machine.papers) == 3
    holds(desk)


async def test_a_printer_that_hangs_holds_nobody_up(home: Home, desk: Desk, machine: ScriptedPrinter) -> None:
    """While two payments are taken and their papers fed, the screen never stands still: its own clock shows it."""
    machine.habits = Habits(never_reads=True)
    async with till(home, desk, machine) as pilot:
        beats = [time.monotonic()]
        pulse = pilot.app.set_interval(0.05, lambda: beats.append(time.monotonic()))
        await pay(pilot)
        await pay(pilot, "PA05010000002")
        assert taken(desk).receipts == 2
        await until(pilot, lambda: machine.connections > 0, what="the printer asked")
        pulse.stop()
        beats.append(time.monotonic())
        assert max(after - before for before, after in pairwise(beats)) < FROZEN
        await pilot.press("f3", "f9", "f6")
        await settle(pilot)
        await until(pilot, lambda: "papers are not printed; Ctrl+G" in screen_text(pilot), what="the shift lists them")


async def test_a_printer_without_a_voice_is_answered_for_at_the_end_in_one_go(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    machine.habits = Habits(answers=False, acks=False, marks=False)
    async with till(home, desk, machine, paper_answers="no") as pilot:
        await pay(pilot)
        await until(pilot, lambda: sign(pilot) == "• printer: sent", what="a quiet sign")
        await pay(pilot, "PA05010000002")
        await until(pilot, lambda: len(machine.papers) == 2, what="both papers")
        await pilot.press("ctrl+g", "f6")
        await settle(pilot)
        assert desk.see(spool.open_jobs, till_codes=["Q1"]) == []


async def test_the_papers_do_not_open_over_a_question_or_before_the_sign_in(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    async with till(home, desk, machine) as pilot:
        await pilot.press(*CODE, "enter")
        await settle(pilot)
        await pilot.press("enter", "ctrl+g")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, PapersScreen)
        await pilot.press("escape")
        await pilot.app.run_action("sign_out")
        await settle(pilot)
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, PapersScreen)


async def supervisor_signs(pilot: Any, login: str = "ngan") -> None:
    """A cashier is at the till; who chooses signs there."""
    for typed in (login, PIN):
        await settle(pilot)
        await pilot.press(*typed, "enter")
    await settle(pilot)


async def test_a_cashier_chooses_no_printer_and_nobody_the_pepper(home: Home, desk: Desk) -> None:
    pepper = (home.path / "pepper").read_bytes()
    async with till(home, desk, None) as pilot:
        await pilot.app.run_action("printer")
        await settle(pilot)
        await pilot.press("f3", *f"file:{home.path / 'pepper'}", "enter")
        await supervisor_signs(pilot, "lan")
        assert "needs the role" in notice(pilot) or "holds something else" in notice(pilot)
        await pilot.press("f3", *f"file:{home.path / 'pepper'}", "enter")
        await supervisor_signs(pilot)
        assert "holds something else" in notice(pilot)
        await pilot.press("f3", *f"file:{home.path.parent / 'paper.bin'}", "enter")
        await supervisor_signs(pilot, "lan")
        assert "needs the role" in notice(pilot)
    assert load_settings(home.path).paper == "none"
    assert (home.path / "pepper").read_bytes() == pepper


async def test_without_paper_the_calibration_says_so_and_asks_nothing(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    machine.habits = Habits(paper_rows=0)
    async with till(home, desk, machine) as pilot:
        await pilot.app.run_action("printer")
        await settle(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: "cannot print: out of paper" in notice(pilot), what="the reason")
        assert "then F5" in notice(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "then F4" in notice(pilot), what="the key of the test page")
        assert isinstance(pilot.app.screen, PrinterScreen)
    assert machine.papers == []


async def test_a_printer_is_set_up_by_its_address_with_pages_and_answers(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    async with till(home, desk, None) as pilot:
        await pilot.app.run_action("printer")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PrinterScreen)
        await pilot.press("f3", *f"tcp:127.0.0.1:{machine.port}", "enter")
        await supervisor_signs(pilot)
        await until(pilot, lambda: "Did a test page come out?" in screen_text(pilot), what="the question")
        assert len(machine.papers) == 1
        await pilot.press("f5")
        await until(pilot, lambda: "The printer works" in screen_text(pilot), what="the answer kept")
        await pilot.press("f5")
        await until(pilot, lambda: "Part 1" in screen_text(pilot), what="the questions")
        assert "Type what stands first in your line above." in screen_text(pilot)
        await pilot.press("5", "enter")
        await settle(pilot)
        assert "“5” is none of these." in screen_text(pilot) and "Part 1" in screen_text(pilot)
        for key in ("4", *("4", "8"), "A", "1", "1"):
            await pilot.press(key)
            if key != "4" or "Part 1" in screen_text(pilot):
                await pilot.press("enter")
                await settle(pilot)
        await until(pilot, lambda: "Kept." in notice(pilot), what="the answers kept")
        await pilot.press("f6")
        await until(pilot, lambda: "Did the drawer open?" in screen_text(pilot), what="the drawer")
        await pilot.press("f8")
        await until(pilot, lambda: machine.pulses == 2, what="the other pin")
        await until(pilot, lambda: "Did the drawer open?" in screen_text(pilot), what="the question again")
        await pilot.press("f5")
        await settle(pilot)
    found = load_settings(home.path)
    assert (found.paper, found.paper_port, found.paper_answers, found.paper_done) == (
        "tcp",
        machine.port,
        "yes",
        "process-id",
    )
    assert (found.paper_drawer, found.paper_columns, found.printer["table"]) == ("5", 48, "tcvn3")


async def test_a_model_is_chosen_from_the_list_and_the_address_as_the_machine_prints_it(
    home: Home, desk: Desk, machine: ScriptedPrinter
) -> None:
    async with till(home, desk, None) as pilot:
        await pilot.app.run_action("printer")
        await settle(pilot)
        await pilot.press("f3", *f"127.0.0.1:{machine.port}", "enter")
        await supervisor_signs(pilot)
        await until(pilot, lambda: "Did a test page come out?" in screen_text(pilot), what="the question")
        await pilot.press("f5", "f7")
        await settle(pilot)
        rows = pilot.app.screen.query_one("#steps", RowList)
        names = [row.name for row in rows.items]
        assert names == list(models())
        assert "Which model is it?" in screen_text(pilot)
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert rows.cursor == len(names) - 1
        await pilot.press(*["up"] * (len(names) - 1 - names.index("TM-T88V")), "enter")
        await settle(pilot)
        assert "TM-T88V" in screen_text(pilot)
    found = load_settings(home.path)
    assert (found.paper_host, found.printer["model"], found.paper_dots) == ("127.0.0.1", "TM-T88V", 512)


async def test_a_printer_that_is_not_there_is_refused_in_words_and_can_be_mended(home: Home, desk: Desk) -> None:
    async with till(home, desk, None) as pilot:
        await pilot.app.run_action("printer")
        await settle(pilot)
        await pilot.press("f3", *"nowhere", "space", *"%%", "enter")
        await until(pilot, lambda: "is no printer's address" in screen_text(pilot), what="the refusal")
        await pilot.press("f3", *"tcp:127.0.0.1:1", "enter")
        await supervisor_signs(pilot)
        await until(pilot, lambda: "does not answer" in notice(pilot), what="the refusal")
        await pilot.press("f8")
        await supervisor_signs(pilot)
        assert load_settings(home.path).paper == "none"
