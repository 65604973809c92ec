"""What a command says: one JSON document, or a few plain lines; and how it ends when it cannot do what it was told."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TextIO
from uuid import UUID

from counter.cli.human import hints_for, lines_of, rejected_lines, speaking
from counter.clock import LOCAL
from counter.errors import BadInput, NotAvailable, Refused
from counter.locale import N_, _
from counter.money import Dong
from counter.text import printable

DONE: Final = 0
REFUSED: Final = 1
UNREADABLE: Final = 2
NOT_AVAILABLE: Final = 3
LOST: Final = 4
BUG: Final = 70
MOST_REJECTED: Final = 20
"""Wrong lines of a file that are told to a person; the rest is in the JSON."""


_UNSEEN: Final = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What JSON leaves as it is and a terminal obeys or hides: 8-bit controls, marks of direction, letters of no width."""


class AnswerLost(NotAvailable):
    """The command did its work, and nobody could be told."""

    why = N_("It is done, but the answer could not be written: {detail}")
    todo = N_("Do not repeat it without --id; the same --id tells the answer again. Look at the receipts.")


def plain(value: Any) -> Any:
    """A value as JSON holds it: money as integers, instants with offset, days as YYYY-MM-DD."""
    if isinstance(value, Dong):
        return int(value)
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    return [plain(one) for one in value]


def say(facts: Mapping[str, Any], *, as_json: object, lines: list[str] | None = None, done: str | None = None) -> None:
    """Answer: the facts as JSON; for a person the lines, or the command's shape of the facts (`done`: its sentence)."""
    if as_json:
        _put(_UNSEEN.sub(_escaped, json.dumps(plain(facts), ensure_ascii=False)) + "\n")
        return
    shown = lines if lines is not None else lines_of(speaking.command, facts, done=done)
    _put("".join(printable(line) + "\n" for line in shown))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def say_bytes(data: bytes) -> None:
    """An answer that is a file. Raises AnswerLost."""
    with _told_or_lost() as out:
        out.buffer.write(data)
        out.buffer.flush()


def _put(text: str) -> None:
    with _told_or_lost() as out:
        out.write(text)
        out.flush()


@contextmanager
def _told_or_lost() -> Iterator[TextIO]:
    """What was done is done: that the answer did not arrive is another thing than that nothing was done."""
    if sys.stdout is None:  # it was closed before we began
        raise AnswerLost(detail=os.strerror(errno.EBADF))
    try:
        yield sys.stdout
    except OSError as error:
        _give_up(sys.stdout)
        raise AnswerLost(detail=error.strerror) from error


def _give_up(stream: TextIO) -> None:
    """What is left in its buffer would fail once more at the end of the process, and change the exit code."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def speak_plainly() -> None:
    """UTF-8 into files and pipes on every system; a terminal that cannot show a letter gets its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def talk(text: str) -> None:
    """Something for the person that is not the answer: to stderr, and nowhere where nobody listens."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("".join(printable(line) + "\n" for line in text.split("\n")))
        sys.stderr.flush()
    except OSError:
        _give_up(sys.stderr)


def end_with(error: Exception, *, as_json: object, home: Path | None) -> int:
    """Say why it did not go, and give the exit code."""
    if isinstance(error, Refused):
        code = _code_of(error)
        if as_json:
            refused = {"refused": error.name, "why": error.why_text(), "todo": error.todo_text()}
            with suppress(AnswerLost):  # nothing was done: that is told by the code
                say({**refused, **getattr(error, "details", {})}, as_json=True)
        talk("\n".join(_refused(error, as_json=as_json)))
        return code
    log = note_bug(error, home=home)
    why = _("Something went wrong in the program. Whatever was confirmed is on disk; nothing else happened.")
    if as_json:
        with suppress(AnswerLost):
            say({"refused": "Bug", "why": why, "todo": _("The log says more: {log}").format(log=log)}, as_json=True)
    talk(f"✗ {why}\n  → " + _("The log says more: {log}").format(log=log))
    return BUG


def _refused(error: Refused, *, as_json: object) -> Iterator[str]:
    """Why, what to do, which option or command helps; a file's wrong lines where nobody gets them as JSON."""
    yield f"✗ {error.why_text()}"
    yield f"  → {error.todo_text()}"
    yield from (f"  → {hint}" for hint in hints_for(error.name))
    rejected = getattr(error, "details", {}).get("rejected", ())
    if rejected and not as_json:
        yield from rejected_lines(rejected[:MOST_REJECTED])
    if len(rejected) > MOST_REJECTED and not as_json:
        yield "  " + _("… and {n} more lines").format(n=len(rejected) - MOST_REJECTED)


def _code_of(refusal: Refused) -> int:
    if isinstance(refusal, AnswerLost):
        return LOST
    return UNREADABLE if isinstance(refusal, BadInput) else NOT_AVAILABLE if isinstance(refusal, NotAvailable) else REFUSED


def note_bug(error: BaseException, *, home: Path | None) -> Path:
    """Write the traceback without any local values into the log of the home, or of the usual home before one was opened."""
    from counter.folder import default_home

    path = (home or default_home()) / "counter.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as file:
            lines = "".join(traceback.format_exception(error)).splitlines()
            file.write("".join(printable(line) + "\n" for line in lines))
    except OSError:
        logging.getLogger("counter").error("the log cannot be written", exc_info=error)
    return path
