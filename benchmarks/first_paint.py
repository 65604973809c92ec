"""From starting the process to the first picture: the counter's sign-in against a Textual app with one label.

Both are started in turns on a pty of 80 by 24; the clock stops when the last word of the first picture was written. That
picture is the whole sign-in, with the office's name and its tills as the last start saw them; the database is opened behind
it. So a second figure says when it can be used: login and PIN are typed blindly as soon as the program starts, and the clock
stops at the cashier's empty search.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.sitting import SEARCH_HINT, Watched, counter_in, demo_office, one_label

GOAL: Final = 1.5
OFFICE: Final = "Lạng Giang"


SIGN_IN: Final = "q1\rlan\r111111\r"


def painted(start: Callable[[], Watched], word: str, *, typed: str = "") -> float:
    """Seconds from the start of the process until `word` was written; `typed` is sent at once."""
    begin = time.perf_counter()
    with start() as terminal:
        if typed:
            terminal.send(typed)
        terminal.until(word)
        took = time.perf_counter() - begin
        if not typed and word == "PIN" and OFFICE.encode() not in terminal.raw:
            raise AssertionError("the first picture does not say whose office it is")
        return took


def in_turns(home: Path, *, times: int) -> tuple[list[float], list[float], list[float]]:
    ours, bare, ready = [], [], []
    painted(lambda: counter_in(home), SEARCH_HINT, typed=SIGN_IN)  # the first start reads the disk and keeps a first look
    painted(one_label, "READY")
    for _turn in range(times):
        bare.append(painted(one_label, "READY"))
        ours.append(painted(lambda: counter_in(home), "PIN"))
        ready.append(painted(lambda: counter_in(home), SEARCH_HINT, typed=SIGN_IN))
    return ours, bare, ready


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    with demo_office() as home:
        ours, bare, ready = in_turns(home, times=20 if full else 7)
    ratio = median(ours) / median(bare)
    rows = [
        ("a Textual app with one label", f"{median(bare) * MS:.0f}", f"{percentile(bare, 0.95) * MS:.0f}", "1.00", ""),
        (
            "the counter's sign-in",
            f"{median(ours) * MS:.0f}",
            f"{percentile(ours, 0.95) * MS:.0f}",
            f"{ratio:.2f}",
            f"≤ {GOAL}×: {met(ratio, at_most=GOAL)}",
        ),
        (
            "the till, login and PIN typed ahead",
            f"{median(ready) * MS:.0f}",
            f"{percentile(ready, 0.95) * MS:.0f}",
            f"{median(ready) / median(bare):.2f}",
            "",
        ),
    ]
    return Table(("first picture", "median, ms", "p95, ms", "ratio", "goal"), tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
