"""A terminal for tests: a command on a pty, its screen kept by pyte, every wait with a deadline and none by sleeping."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = re.compile(r"\x1b\[\?\d+\$p|\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\]22;[a-z-]*(?:\x1b\\\\|\x07)")
"""What pyte would print or mistake for a title: mode queries (DECRQM), Kitty keys, the shape of the mouse pointer."""
UNFINISHED = re.compile(r"\x1b(?:\[[0-9;?<>=$]*|\][^\x07\x1b]*\x1b?)?$")
"""A sequence whose end comes with the next read."""


class Terminal:
    """`with Terminal([sys.executable, "-m", "counter"], size=(80, 24)) as t: t.send("abc\\r"); t.wait_for("Ready")`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        patience: float = 20.0,
    ) -> None:
        self.patience = patience
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.raw = bytearray()
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.cooked = termios.tcgetattr(slave)
        self._slave: int | None = slave
        settings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1", **(env or {})}
        settings.pop("NO_COLOR", None)
        settings["COLUMNS"], settings["LINES"] = "", ""
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={name: value for name, value in settings.items() if value or name not in ("COLUMNS", "LINES")},
            close_fds=True,
            preexec_fn=_own_the_terminal,
        )

    @classmethod
    def python(cls, source: str, *, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None) -> Self:
        """A Python program given as source."""
        return cls([sys.executable, "-c", source], size=size, env=env)

    # --- reading -----------------------------------------------------------------------------------------------------

    def pump(self, seconds: float = 0.05) -> bool:
        """Read what has come, waiting at most so long for the first byte. False when the other end is gone."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.raw += data
        text = self._rest + self._decoder.decode(data)
        cut = UNFINISHED.search(text)
        text, self._rest = (text[: cut.start()], text[cut.start() :]) if cut else (text, "")
        self._stream.feed(UNKNOWN.sub("", text))
        return bool(data)

    @property
    def text(self) -> str:
        """The screen as it looks now, lines joined by newlines, blanks at the ends cut."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def output(self) -> str:
        """Everything written to the terminal so far, decoded."""
        return self.raw.decode("utf-8", "replace")

    def wait_until(self, condition: Callable[[str], object], *, what: str) -> str:
        """Read until the condition holds for the screen's text; an AssertionError with the screen at the deadline."""
        end = time.monotonic() + self.patience
        while True:
            if condition(self.text):
                return self.text
            if not self.pump() or time.monotonic() > end:
                if condition(self.text):
                    return self.text
                raise AssertionError(f"never came: {what}\n{self.text}")

    def wait_for(self, *texts: str) -> str:
        """Read until every text is on the screen."""
        return self.wait_until(lambda seen: all(text in seen for text in texts), what=" and ".join(map(repr, texts)))

    def wait_gone(self, text: str) -> str:
        """Read until the text is no longer on the screen."""
        return self.wait_until(lambda seen: text not in seen, what=f"{text!r} gone")

    def wait_exit(self) -> int:
        """Read until the process ended; its exit code (negative: the signal)."""
        end = time.monotonic() + self.patience
        while self.process.poll() is None:
            self.pump(0.02)
            if time.monotonic() > end:
                raise AssertionError(f"still running\n{self.text}")
        self.close_slave()
        while self.pump(0.02) and select.select([self.master], [], [], 0)[0]:
            pass
        return int(self.process.returncode)

    def restored(self) -> bool:
        """The main screen, a visible cursor, no mouse or paste reports, and the line settings from before."""
        last = {
            mode: self.raw.rfind(on) <= self.raw.rfind(off)
            for mode, on, off in (
                ("alternate screen", b"\x1b[?1049h", b"\x1b[?1049l"),
                ("hidden cursor", b"\x1b[?25l", b"\x1b[?25h"),
                ("mouse", b"\x1b[?1003h", b"\x1b[?1003l"),
                ("paste", b"\x1b[?2004h", b"\x1b[?2004l"),
                ("focus", b"\x1b[?1004h", b"\x1b[?1004l"),
            )
        }
        return all(last.values()) and termios.tcgetattr(self.master)[3] == self.cooked[3]

    # --- doing -------------------------------------------------------------------------------------------------------

    def send(self, keys: str | bytes) -> None:
        """Write to the terminal as one burst."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the program is told."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def close_slave(self) -> None:
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None

    def hang_up(self) -> None:
        """The terminal goes away: the window is closed, the line drops."""
        self.close_slave()
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """End the process if it still runs, and the terminal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.close_slave()
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _own_the_terminal() -> None:
    """In the child: a session of its own with the pty as controlling terminal, so that hang-up and ^C reach it."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
    "pgup": "\x1b[5~", "pgdn": "\x1b[6~", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
}  # fmt: skip
"""What a terminal sends for a named key."""
