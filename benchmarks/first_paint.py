"""From starting the process to the first picture: the counter's sign-in against a Textual app with one label.

Both are started in turns on a pty of 80 by 24; the clock stops when the last word of the first picture was written. The
counter has by then opened its database, proven its settings and read the office's name.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.sitting import Watched, counter_in, demo_office, one_label

GOAL: Final = 1.5


def painted(start: Callable[[], Watched], word: str) -> float:
    """Seconds from the start of the process until `word` was written."""
    begin = time.perf_counter()
    with start() as terminal:
        terminal.until(word)
        return time.perf_counter() - begin


def in_turns(home: Path, *, times: int) -> tuple[list[float], list[float]]:
    ours, bare = [], []
    for turn in range(times + 1):
        label, counter = painted(one_label, "READY"), painted(lambda: counter_in(home), "PIN")
        if turn:  # the first start of each reads the disk
            ours.append(counter)
            bare.append(label)
    return ours, bare


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    with demo_office() as home:
        ours, bare = in_turns(home, times=20 if full else 7)
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
    ]
    return Table(("first picture", "median, ms", "p95, ms", "ratio", "goal"), tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
