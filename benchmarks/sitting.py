"""Programs on a pty, watched by their bytes: the counter in a small demo office, and a Textual app with one label."""

from __future__ import annotations

import os
import select
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from counter import shifts
from counter.demo import lay_out
from counter.home import open_home, sit_down
from counter.ids import new_id
from counter.people import user_named
from tests.terminal import Terminal

ONE_LABEL: Final = """
from textual.app import App
from textual.widgets import Label
class OneLabel(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield Label("READY")
    def on_key(self, event):
        self.query_one(Label).update(f"key {event.key} at {event.time:.6f}")
OneLabel().run()
"""
PATIENCE: Final = 30.0
SEARCH_HINT: Final = "meter, address"
"""Words of the empty search field, in English: these figures run the counter in English."""


class Watched(Terminal):
    """A terminal that only keeps bytes: nothing of our own stands between the program and the clock."""

    def pump(self, seconds: float = 0.05) -> bool:
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            try:
                self.raw += os.read(self.master, 65536)
            except OSError:
                return False
        return True

    def until(self, text: str, *, after: int = 0) -> float:
        """Read until `text` was written after the byte `after`; the seconds it took."""
        start, wanted = time.perf_counter(), text.encode()
        while wanted not in self.raw[after:]:
            if not self.pump(0.5) or time.perf_counter() - start > PATIENCE:
                raise AssertionError(f"never came: {text!r}\n{self.output[-3000:]}")
        return time.perf_counter() - start

    def quiet(self, seconds: float = 0.15) -> None:
        """Read until nothing comes for a while."""
        before = -1
        while before != len(self.raw):
            before = len(self.raw)
            self.pump(seconds)

    def first_byte(self, keys: str) -> float:
        """Send keys; the seconds until the program began to write its answer."""
        start = time.perf_counter()
        self.send(keys)
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        took = time.perf_counter() - start
        if not ready:
            raise AssertionError(f"no answer to {keys!r}")
        self.quiet()
        return took

    def last_byte(self, keys: str, *, silence: float = 0.25) -> float:
        """Send keys; the seconds until the last byte of the answer, known by the silence after it."""
        start = last = time.perf_counter()
        self.send(keys)
        answered = False
        while time.perf_counter() - (last if answered else start) < (silence if answered else PATIENCE):
            before = len(self.raw)
            self.pump(0.02)
            if len(self.raw) > before:
                answered, last = True, time.perf_counter()
        return last - start


def one_label() -> Watched:
    return Watched([sys.executable, "-c", ONE_LABEL])


def counter_in(home: Path) -> Watched:
    return Watched([sys.executable, "-m", "counter", "--home", str(home)], env={"COUNTER_LANG": "en"})


@contextmanager
def demo_office() -> Iterator[Path]:
    """A home with a small lifelike office whose cashier `lan` has an open shift at Q1."""
    with tempfile.TemporaryDirectory(prefix="bench-home-") as name:
        home = open_home(home=name, lang="en")
        lay_out(home, customers=300, bills=500, seed=1, progress=lambda _text: None)
        desk = sit_down(home, till_code="Q1")
        lan = desk.see(user_named, login="lan")
        desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=lan.user_id, notes={50_000: 20})
        desk.database.close()
        yield Path(name)


@contextmanager
def at_the_till(home: Path) -> Iterator[Watched]:
    """The counter with `lan` signed in at Q1, silent at an empty search."""
    with counter_in(home) as terminal:
        terminal.until("PIN")
        terminal.quiet()
        start = len(terminal.raw)
        terminal.send("q1\rlan\r111111\r")
        terminal.until(SEARCH_HINT, after=start)
        terminal.quiet(0.5)
        yield terminal
