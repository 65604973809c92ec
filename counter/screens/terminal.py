"""Starting and leaving the terminal: whatever ends the app, the terminal is as it was and the process ends.

Stock Textual dies from SIGTERM and SIGHUP with the terminal left raw (#5325), and with the terminal gone its input
thread spins at full load for ever (unfiled).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counter.locale import _
from counter.screens.logfile import close_log, open_log

if TYPE_CHECKING:
    from counter.screens.app_base import BaseApp

LOG: Final = logging.getLogger("counter")
RESET: Final = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)
GRACE: Final = 5.0
"""Seconds an app that was told to end may take, after the last write is on disk, before it is ended."""
WRITE_GRACE: Final = 30.0
"""Seconds a write in flight may take then."""
LOOK_AGAIN: Final = 1.0
"""Seconds between two looks whether the terminal is still there."""
SIGNALS: Final = ("SIGTERM", "SIGHUP", "SIGINT")


def start(app: BaseApp, *, log: Path) -> int:
    """Run the app in this terminal and give the exit code; the terminal is restored whatever happened.

    Anything else that writes to stdout or stderr meanwhile lands in the log. After a fault or a signal one calm sentence on
    the money is left on the terminal; after a fault the code is 70.
    """
    handler = open_log(log)
    app.log_path = log
    before = _line_settings()
    try:
        with _own_streams(log):
            try:
                app.run()
            except Exception as error:
                app.note_fault(error)
            finally:
                _restore(before)
    finally:
        close_log(handler)
    _say_last(app)
    return app.return_code or 0


def _say_last(app: BaseApp) -> None:
    if app.last_words:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(app.last_words + "\n")


def watch(app: BaseApp) -> None:
    """Signals end the app in order; a terminal that went away ends it, too. Call once the loop runs."""
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, _leave, app, 128 + number, f"signal {name}")
    if sys.platform != "win32" and sys.__stdin__ is not None and sys.__stdin__.isatty():
        descriptor = sys.__stdin__.fileno()
        app.set_interval(LOOK_AGAIN, lambda: _look(app, descriptor), name="terminal")


def _look(app: BaseApp, descriptor: int) -> None:
    if not _is_there(descriptor):
        _leave(app, 129, "the terminal is gone")


def _is_there(descriptor: int) -> bool:
    import termios

    try:
        termios.tcgetattr(descriptor)
    except (termios.error, OSError):
        return False
    return True


def _leave(app: BaseApp, code: int, why: str) -> None:
    """End the app in order; a thread ends the process if that hangs, which it does once the terminal is gone."""
    if app.leaving:
        return
    app.leaving = True
    before = _line_settings()
    threading.Thread(target=_end_anyway, args=(app, code, before), name="end anyway", daemon=True).start()
    LOG.warning("ending: %s", why)
    app.last_words = app.last_words or _(
        "The counter was ended from outside. Every payment that was shown as taken is saved. "
        "Before you repeat the last one, look for it in the receipts."
    )
    app.exit(return_code=code)


def _end_anyway(app: BaseApp, code: int, before: Any) -> None:
    app.nothing_in_flight.wait(WRITE_GRACE)
    if threading.Event().wait(GRACE):
        return
    _restore(app.line_settings or before)
    os._exit(code)


def _line_settings() -> Any:
    if sys.platform == "win32" or sys.__stdin__ is None:
        return None
    import termios

    try:
        return termios.tcgetattr(sys.__stdin__.fileno())
    except (termios.error, OSError, ValueError):
        return None


def _restore(settings: Any) -> None:
    """Send the reset sequence and put the line settings back; a terminal that is gone is left alone."""
    if settings is None or sys.__stdin__ is None:
        return
    import termios

    with contextlib.suppress(termios.error, OSError, ValueError):
        descriptor = sys.__stdin__.fileno()
        os.write(descriptor, RESET)
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)


@contextlib.contextmanager
def _own_streams(log: Path) -> Iterator[None]:
    """Textual keeps the terminal; file descriptors 1 and 2 lead to the log, also for C code and child processes."""
    if sys.platform == "win32" or not os.isatty(0) or not os.isatty(2) or os.environ.get("TEXTUAL_DRIVER"):
        yield
        return
    kept = {number: os.dup(number) for number in (1, 2)}
    terminal = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace")
    streams = sys.__stdout__, sys.__stderr__
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        for number in kept:
            os.dup2(file, number)
        sys.__stdout__ = sys.__stderr__ = terminal  # type: ignore[misc]
        yield
    finally:
        sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
        for number, original in kept.items():
            with contextlib.suppress(OSError):
                os.dup2(original, number)
            os.close(original)
        os.close(file)
        with contextlib.suppress(OSError):
            terminal.close()
