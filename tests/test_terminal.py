"""Whatever ends the app, the terminal is as it was, nothing of the data is printed and the process ends."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.terminal import KEYS, Terminal

PROGRAM = """
import os, sys, time, logging, threading, ctypes
from pathlib import Path
from textual.app import ComposeResult
from textual.binding import Binding
from counter.screens.app_base import BaseApp
from counter.screens.terminal import start
from counter.screens.widgets import KeyBar, LineInput, NoticeLine, SafeStatic

class Program(BaseApp):
    BINDINGS = [Binding("f2", "crash", "Crash"), Binding("f3", "noise", "Noise"), Binding("f4", "save", "Save"),
                Binding("f5", "thread", "Thread"), Binding("f6", "leave", "Leave")]
    def compose(self) -> ComposeResult:
        yield LineInput(id="field")
        yield SafeStatic("ready", id="state")
        yield NoticeLine()
        yield KeyBar()
    def action_crash(self):
        customer = "NGUYEN VAN SECRET"
        raise RuntimeError("boom")
    def action_thread(self):
        def fail():
            customer = "NGUYEN VAN SECRET"
            raise RuntimeError("thread boom")
        self.write(fail, on_done=print)
    def action_noise(self):
        print("NOISE print")
        sys.__stderr__.flush()
        os.write(2, b"NOISE two"); os.write(1, b"NOISE one")
        os.system("echo NOISE child; echo NOISE child >&2")
        logging.getLogger("other").warning("NOISE logging")
        self.query_one("#state", SafeStatic).show("was loud")
    def action_save(self):
        def save():
            time.sleep(1)
            Path(os.environ["SAVED"]).write_text("saved")
        self.query_one("#state", SafeStatic).show("saving")
        self.write(save, on_done=lambda _: self.query_one("#state", SafeStatic).show("saved"))
    def action_leave(self):
        self.exit(return_code=3)

sys.exit(start(Program(), log=Path(os.environ["LOG"])))
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "counter.log"


def running(log: Path) -> Terminal:
    terminal = Terminal.python(PROGRAM, env={"LOG": str(log), "SAVED": str(log.with_name("saved"))})
    terminal.wait_for("ready", "F2")
    return terminal


def test_leaving_restores_the_terminal_and_gives_the_exit_code(log: Path) -> None:
    with running(log) as terminal:
        assert not terminal.restored()
        terminal.send(KEYS["f6"])
        assert terminal.wait_exit() == 3
        assert terminal.restored()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str)
def test_5325_a_signal_ends_the_app_and_restores_the_terminal(number: int, code: int, log: Path) -> None:
    with running(log) as terminal:
        terminal.signal(number)
        assert terminal.wait_exit() == code
        assert terminal.restored()
        left = terminal.output.rsplit("\x1b[?1049l", 1)[1]
        assert "Mọi lần thu đã hiện là đã thu đều được lưu" in " ".join(left.split())


def test_a_terminal_that_goes_away_ends_the_process(log: Path) -> None:
    with running(log) as terminal:
        terminal.hang_up()
        assert terminal.process.wait(timeout=terminal.patience) == 129


def test_a_home_that_was_removed_does_not_keep_the_process_alive(tmp_path: Path) -> None:
    """The log can no longer be opened, and the program ends all the same."""
    home = tmp_path / "home"
    home.mkdir()
    with running(home / "counter.log") as terminal:
        shutil.rmtree(home)
        terminal.hang_up()
        assert terminal.process.wait(timeout=terminal.patience) == 129


def test_a_terminal_that_goes_away_unnoticed_ends_the_process_without_spinning(log: Path) -> None:
    program = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + PROGRAM.replace(
        "sys.exit(start", "import counter.screens.terminal as t; t.SIGNALS = ()\nsys.exit(start"
    )
    with Terminal.python(program, env={"LOG": str(log), "SAVED": str(log)}) as terminal:
        terminal.wait_for("ready", "F2")
        terminal.hang_up()
        assert terminal.process.wait(timeout=terminal.patience) == 129


def test_a_write_in_flight_is_finished_before_the_process_ends(log: Path) -> None:
    with running(log) as terminal:
        terminal.send(KEYS["f4"])
        terminal.wait_for("saving")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert log.with_name("saved").read_text() == "saved"


def test_a_crash_leaves_one_calm_sentence_and_no_locals(log: Path) -> None:
    with running(log) as terminal:
        terminal.send(KEYS["f2"])
        assert terminal.wait_exit() == 70
        assert terminal.restored()
        left = terminal.output.rsplit("\x1b[?1049l", 1)[1]
        for word in ("SECRET", "Traceback", "boom", "locals", "╭"):
            assert word not in left
        assert str(log) in left.replace("\r\n", "")
    text = log.read_text()
    assert "RuntimeError: boom" in text
    assert "SECRET" not in text.replace('customer = "NGUYEN VAN SECRET"', "")


def test_a_fault_in_a_thread_is_said_calmly_and_the_app_goes_on(log: Path) -> None:
    with running(log) as terminal:
        terminal.send(KEYS["f5"])
        terminal.wait_until(lambda text: "✗" in text, what="the notice")
        terminal.send("on")
        terminal.wait_for("on")
        assert "Traceback" not in terminal.text
        assert "thread boom" in log.read_text()


def test_nothing_that_writes_to_stdout_or_stderr_reaches_the_screen(log: Path) -> None:
    with running(log) as terminal:
        terminal.send(KEYS["f3"])
        terminal.wait_for("was loud")
        terminal.send(KEYS["f6"])
        terminal.wait_exit()
        assert "NOISE" not in terminal.output
    text = log.read_text()
    assert all(f"NOISE {source}" in text for source in ("one", "two", "child"))


def test_kitty_keys_are_off_so_that_input_methods_commit_whole_words(log: Path) -> None:
    with running(log) as terminal:
        assert "\x1b[>" not in terminal.output


def test_keys_typed_during_a_write_wait_through_a_real_terminal(log: Path) -> None:
    with running(log) as terminal:
        terminal.send(KEYS["f4"] + "next")
        terminal.wait_for("saving")
        assert "next" not in terminal.text
        terminal.wait_for("saved", "next")


def test_another_size_is_followed(log: Path) -> None:
    with running(log) as terminal:
        terminal.resize(120, 36)
        terminal.wait_until(lambda text: "F2" in text.splitlines()[-1], what="the keys at the bottom of 36 lines")
