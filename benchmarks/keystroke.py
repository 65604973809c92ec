"""From a key to the changed screen, through a pty: the first byte of an echo in the search field, the last of a new screen.

The peer, in the same run and in turns, is a Textual app with one label that shows each key. The search itself answers later
and is measured by find_customer; here the cashier's own typing comes back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.sitting import Watched, at_the_till, demo_office, one_label
from counter import queue
from counter.home import open_home, sit_down
from counter.ids import new_id
from tests.terminal import KEYS

ECHO_GOAL: Final = 0.016
SCREEN_GOAL: Final = 0.100
LETTERS: Final = "nguyen van an"


def echoes(till: Watched, label: Watched, *, times: int) -> tuple[list[float], list[float]]:
    """One key here, one there; each after the one before was answered and the terminal fell silent."""
    ours, bare = [], []
    for turn in range(times):
        letter = LETTERS[turn % len(LETTERS)]
        ours.append(till.first_byte(letter))
        bare.append(label.first_byte(letter))
        if turn % len(LETTERS) == len(LETTERS) - 1:
            till.send(KEYS["f8"])
            till.quiet(0.3)
    return ours, bare


def new_screens(till: Watched, *, times: int) -> list[float]:
    """F3 opens the receipts of the shift, F9 leads back: the key to the last byte of either."""
    return [till.last_byte(KEYS[key]) for _ in range(times) for key in ("f3", "f9")]


def calls(till: Watched, home: Path, *, times: int) -> list[float]:
    """F7 serves and calls: the key to the number of the next one, which is written after the commit."""
    desk = sit_down(open_home(home=str(home), lang="en"))
    numbers = [desk.do(queue.issue, ticket_id=new_id(), by=None).number for _ in range(times + 1)]
    desk.database.close()
    till.quiet(1.0)
    took = []
    for number in numbers:
        after = len(till.raw)
        till.send(KEYS["f7"])
        took.append(till.until(f" {number} ", after=after))
        till.quiet()
    return took[1:]


def row(name: str, took: list[float], *, bare: list[float], goal: float | None) -> tuple[str, ...]:
    p95 = percentile(took, 0.95)
    return (
        name,
        f"{median(took) * MS:.1f}",
        f"{p95 * MS:.1f}",
        f"{median(took) / median(bare):.2f}",
        f"p95 ≤ {goal * MS:.0f} ms: {met(p95, at_most=goal)}" if goal else "",
    )


def called_row(took: list[float], *, bare: list[float]) -> tuple[str, ...]:
    """The call has a goal of its own: of a hundred keys, one may take longer."""
    p99 = percentile(took, 0.99)
    goal = f"p99 {p99 * MS:.1f} ms, ≤ {SCREEN_GOAL * MS:.0f} ms: {met(p99, at_most=SCREEN_GOAL)}"
    return (*row("the till: F7 to the called number, written", took, bare=bare, goal=None)[:-1], goal)


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    with demo_office() as home, at_the_till(home) as till, one_label() as label:
        label.until("READY")
        label.quiet()
        echoes(till, label, times=10)
        ours, bare = echoes(till, label, times=300 if full else 60)
        till.send(KEYS["f8"])
        till.quiet(0.3)
        screens = new_screens(till, times=40 if full else 10)
        called = calls(till, home, times=300 if full else 40)
    rows = (
        row("one-label app: a key shown, first byte", bare, bare=bare, goal=None),
        row("the till: a letter in the search field, first byte", ours, bare=bare, goal=ECHO_GOAL),
        row("the till: to the receipts and back, last byte", screens, bare=bare, goal=SCREEN_GOAL),
        called_row(called, bare=bare),
    )
    return Table(("key to changed screen", "median, ms", "p95, ms", "ratio", "goal"), rows)


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
