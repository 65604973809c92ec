"""Whatever a name holds: no control character reaches the terminal, no markup is parsed, nothing is run by a click."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.widgets import Static

from counter.locale import language, use_language
from counter.money import Dong
from counter.screens.app_base import BaseApp
from counter.screens.logfile import OneRecord, close_log, open_log
from counter.screens.net import ControlNet
from counter.screens.palette import Entry
from counter.screens.widgets import (
    Choice,
    Column,
    Dialog,
    KeyBar,
    LineInput,
    MoneyInput,
    NoticeLine,
    RowList,
    SafeStatic,
    TickList,
)
from counter.text import safe_text
from tests.terminal import KEYS, UNFINISHED, Terminal
from tests.test_widgets import screen_text

LITERAL = {
    "T1": "[/]",
    "T2": "Tran [/bold] Van",
    "T3": "[bold]A",
    "T4": "A [b",
    "T7": "$error [$error]X[/]",
    "T8": "[link=file:///etc/passwd]x[/link]",
    "T9": "[@click=app.quit]N[/]",
    "T10": "[@click=app.void_payment]N[/]",
    "T11": "\\[/]",
    "T12": "a\\",
    "T13": "[[b]]",
}
"""Rows T of the bad-input corpus that must be shown as they are."""
CONTROL = {
    "T15": "\x1b[31mR",
    "T16": "\x1b[2J\x1b[H",
    "T17": "\x1b]0;PWNED\x1b\\",
    "T17b": "\x1b]0;PWNED\x07",
    "T18": "\x1b]52;c;ZXZpbA==\x1b\\",
    "T18b": "\x1b]52;c;ZXZpbA==\x07",
    "T19": "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "T20": "\x9b31m",
    "T22": "\x1bP+q544e\x1b\\",
    "T23": "\x1b[6n",
    "T25": "\x1bc",
    "T27": "a\x00b",
    "T30": "A\nB\r\nC",
    "T31": "a\tb",
    "T33": "\u202e000.5",
    "T35": "a\u200bb",
    "T37": "a\ud800b",
}
"""Rows T whose characters must not reach the terminal."""
OTHER = {
    "T40": "Nguye\u0302\u0303n",
    "T42": "đ ð Đ Ð",
    "T44": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "T45": "A" * 1_000_000,
}
CORPUS = {**LITERAL, **CONTROL, **OTHER}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


class Sinks(BaseApp):
    """One text in every widget, and everywhere else a text can go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.payload = text
        self.quits = 0

    def compose(self) -> ComposeResult:
        text = self.payload
        yield SafeStatic(text, id="static", classes="sink")
        yield LineInput(text, id="line")
        yield MoneyInput(text, id="money")
        yield LineInput(placeholder=safe_text(text), id="placeholder")
        columns = (Column(text, width=24), Column("Name", flex=1), Column("Money", width=14))
        yield RowList(*columns, cells=lambda name: (name, name, Dong(1)), empty=text, id="rows")
        yield RowList(*columns, cells=lambda name: (name,), empty=text, id="none")
        yield TickList(*columns, cells=lambda name: (name, name, Dong(1)), empty=text, id="ticks")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        for rows in self.query(RowList):
            rows.styles.height = 4
        self.query_one("#rows", RowList).show([self.payload] * 3)
        self.query_one("#ticks", TickList).show([self.payload] * 3)
        self._bindings.bind("f2", "bell", self.payload)
        self.error(self.payload)
        self.notify(self.payload, title=self.payload)

    def palette_entries(self) -> Iterator[Entry]:
        yield Entry(self.payload, self.payload, self.bell)

    async def action_quit(self) -> None:
        self.quits += 1

    action_void_payment = action_quit


async def shown(app: Sinks, pilot: Any) -> str:
    """Everything the app shows: its screen, a dialog, the help, the palette."""
    await pilot.pause()
    seen = [screen_text(app)]
    text = app.payload
    for screen in (Dialog(text, text, choices=[Choice("f3", text, 1)]), None):
        if screen is None:
            app.action_help()
        else:
            app.push_screen(screen)
        await pilot.pause()
        seen.append(screen_text(app))
        app.pop_screen()
    app.action_command_palette()
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()
    seen.append(screen_text(app))
    return "\n".join(seen)


@pytest.mark.parametrize("row", LITERAL)
async def test_6155_markup_in_data_is_shown_as_it_is(row: str) -> None:
    text = LITERAL[row]
    app = Sinks(text)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        seen = await shown(app, pilot)
        assert seen.count(text) >= 12
        assert app.query_one("#line", LineInput).text == text


@pytest.mark.parametrize("row", ["T9", "T10"])
async def test_a_click_on_data_runs_nothing(row: str) -> None:
    app = Sinks(LITERAL[row])
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        for y in range(40):
            for x in (1, 4, 8):
                if "N" in screen_text(app).splitlines()[y]:
                    await pilot.click(offset=(x, y))
                    break
        assert app.quits == 0


@pytest.mark.parametrize("row", [*CONTROL, *OTHER])
async def test_no_control_character_of_data_is_in_what_is_drawn(row: str) -> None:
    app = Sinks(CORPUS[row])
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        seen = await shown(app, pilot)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b-\u200d\ud800-\udfff]", seen)
        if row == "T40":
            assert "Nguyễn" in seen
        if row == "T45":
            assert "…" in seen


async def test_the_net_holds_where_safe_text_was_forgotten() -> None:
    """Stock Static and the raw value: Textual alone would write the bytes to the terminal (unfiled)."""
    for base, gets_through in ((App, True), (BaseApp, False)):

        class Forgetful(base):  # type: ignore[misc, valid-type]
            def compose(self) -> ComposeResult:
                from rich.text import Text

                yield Static("a\x9b31mb\u202ec", markup=False)
                yield Static(Text("d\x1b]0;PWNED\x07e"))

        app = Forgetful()
        async with app.run_test() as pilot:
            await pilot.pause()
            text = screen_text(app)
            assert ("\x9b" in text or "\x1b" in text or "\u202e" in text) is gets_through


def test_the_net_keeps_the_width_of_a_line() -> None:
    segments = [Segment("a\x1b[31mb", Style(bold=True)), Segment(" " * 8), Segment("\x1b[6n", None, [(1,)])]  # type: ignore[list-item]
    clean = ControlNet().apply(segments, Color(0, 0, 0))
    assert sum(segment.cell_length for segment in clean) == sum(segment.cell_length for segment in segments)
    assert clean[0] == Segment("a\ufffd[31mb", Style(bold=True))
    plain = [Segment("Nguyễn")]
    assert ControlNet().apply(plain, Color(0, 0, 0)) is plain


# --- through a real terminal -----------------------------------------------------------------------------------------

PROGRAM = """
import json, os, sys
from pathlib import Path
from textual.widgets import Static
from rich.text import Text
from counter.screens.terminal import start
from tests.test_net import Sinks
from counter.screens.widgets import Confirm, SafeStatic

class Program(Sinks):
    BINDINGS = [("f2", "next", "Next"), ("f3", "ask", "Ask"), ("f4", "leave", "Leave")]
    rows = json.loads(Path(os.environ["DATA"]).read_text())
    at = 0
    def compose(self):
        yield SafeStatic("", id="where")
        yield from super().compose()
        yield Static(Text(self.payload), markup=False)
    def bell(self):
        pass  # its byte would be one of those looked for
    async def action_next(self):
        self.at += 1
        self.payload = self.rows[self.at]
        await self.recompose()
        self.show_all()
    def action_ask(self):
        self.push_screen(Confirm(self.payload, self.payload))
    def action_leave(self):
        self.exit()
    def show_all(self):
        super().on_mount()
        self.query_one("#where", SafeStatic).show(f"row {self.at}.")
    def on_mount(self):
        self.show_all()

sys.exit(start(Program(Program.rows[0]), log=Path(os.environ["LOG"])))
"""
OURS = re.compile(
    "\x1b\\[[0-9;?<>=$]*[a-zA-Z]"  # CSI: colours, moves, modes
    "|\x1b\\]22;[a-z-]*(?:\x1b\\\\|\x07)"  # the shape of the mouse pointer
    "|\x1b\\[\\?[0-9]+\\$p"
)
"""Sequences that Textual itself writes."""
FOREIGN = re.compile("\x1b\\[(?:2J|6n|31m)|\x1b\\]0|\x1b\\]52|\x1b\\]8|\x1bP|\x1bc|PWNED\x07")
"""What the corpus tries to smuggle in and Textual never writes here."""


def test_no_control_character_of_data_reaches_a_real_terminal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text(json.dumps(list(CONTROL.values())))
    env = {"DATA": str(data), "LOG": str(tmp_path / "log")}
    with Terminal.python(PROGRAM, size=(120, 40), env=env) as terminal:
        for number, row in enumerate(CONTROL):
            terminal.wait_for(f"row {number}.", "F3")
            terminal.send(KEYS["f3"])
            terminal.wait_for("F9")
            terminal.send("\r")
            terminal.wait_gone("F9")
            foreign = FOREIGN.search(terminal.output)
            assert not foreign, (row, foreign)
            rest = re.search(
                "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", UNFINISHED.sub("", OURS.sub("", terminal.output))
            )
            assert not rest, (row, rest)
            if number + 1 < len(CONTROL):
                terminal.send(KEYS["f2"])
        terminal.send(KEYS["f4"])
        assert terminal.wait_exit() == 0
        assert terminal.screen.title == ""


# --- the log ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [*CONTROL, "T45"])
def test_the_log_keeps_one_record_an_event(row: str, tmp_path: Path) -> None:
    import logging

    handler = open_log(tmp_path / "deep" / "log")
    try:
        logging.getLogger("counter").error("name: %s\n2026-11-24T00:00:00 INFO forged", CORPUS[row])
    finally:
        close_log(handler)
    lines = (tmp_path / "deep" / "log").read_text("utf-8").splitlines()
    assert all(line.startswith("    ") for line in lines[1:])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(lines))
    assert sum(map(len, lines)) < 4000


def test_a_traceback_in_the_log_has_no_values() -> None:
    import logging

    secret = "".join(["NGUYEN", "SECRET"])
    try:
        raise ValueError(len(secret))
    except ValueError as error:
        record = logging.LogRecord("counter", logging.ERROR, "", 0, "x", None, (ValueError, error, error.__traceback__))
    text = OneRecord().format(record)
    assert "ValueError: 12" in text
    assert secret not in text
