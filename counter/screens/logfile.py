"""The log file of the screens: one record an event, no local values, nothing a terminal could be steered with."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from counter.text import safe_text

MOST_LINES: Final = 200
LINE_LENGTH: Final = 500


class OneRecord(logging.Formatter):
    """The first line starts with the time; every further line is indented, so that no text can forge a record.

    Tracebacks are Python's own: files, lines and the message, never the values of variables.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        lines = [line.rstrip() for line in super().format(record).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES // 2], "…", *lines[-MOST_LINES // 2 :]]
        first, *rest = (safe_text(line, limit=LINE_LENGTH) for line in lines)
        return "\n".join([first, *(f"    {line}" for line in rest)])


class LogFile(logging.FileHandler):
    """A log whose folder is gone or whose disk is full is silent: the program goes on, or ends, as it should."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)  # opens the file first, outside logging's own net
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """There is nowhere left to say it."""


def open_log(path: Path) -> logging.Handler:
    """The `counter` logger writes to this file from now on. Close it with `close_log`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = LogFile(path, encoding="utf-8", errors="replace", delay=True)
    handler.setFormatter(OneRecord())
    logger = logging.getLogger("counter")
    logger.addHandler(handler)
    logger.propagate = False
    return handler


def close_log(handler: logging.Handler) -> None:
    logger = logging.getLogger("counter")
    logger.removeHandler(handler)
    logger.propagate = True
    handler.close()
