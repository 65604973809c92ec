"""Resident memory of the counter on a pty: idle at the till, after thousands of focus changes, after hundreds of modals."""

from __future__ import annotations

import sys
from typing import Final

import psutil

from benchmarks.figures import Table, met, wants_full
from benchmarks.sitting import Watched, at_the_till, demo_office, one_label
from tests.terminal import KEYS

IDLE_GOAL: Final = 90.0
GROWTH_GOAL: Final = 10.0
MIB: Final = 2**20
BURST: Final = 25


def resident(program: Watched) -> float:
    """MiB held by the process, once the terminal is silent."""
    program.quiet(0.5)
    return float(psutil.Process(program.process.pid).memory_info().rss) / MIB


def press(program: Watched, keys: str, *, times: int) -> None:
    """The same keys many times, in bursts no longer than a program can take in."""
    for _ in range(max(1, times // BURST)):
        program.send(keys * BURST)
        program.quiet(0.1)


def open_and_close(program: Watched, *, times: int) -> None:
    """The help, opened and closed again."""
    for _ in range(times):
        program.send(KEYS["f1"])
        program.quiet(0.05)
        program.send(KEYS["f9"])
        program.quiet(0.05)


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    focus, modals = (5_000, 500) if full else (500, 50)
    with one_label() as label:
        label.until("READY")
        bare = resident(label)
    with demo_office() as home, at_the_till(home) as till:
        idle = resident(till)
        press(till, KEYS["tab"], times=focus)
        focused = resident(till)
        open_and_close(till, times=modals)
        after = resident(till)
    rows = (
        ("one-label app, idle", f"{bare:.1f}", ""),
        ("the till, idle", f"{idle:.1f}", f"≤ {IDLE_GOAL:.0f} MiB: {met(idle, at_most=IDLE_GOAL)}"),
        (f"after {focus:,} focus changes", f"{focused:.1f}", f"{focused - idle:+.1f} MiB"),
        (
            f"and after {modals} modals",
            f"{after:.1f}",
            f"{after - idle:+.1f} MiB, goal ≤ +{GROWTH_GOAL:.0f}: {met(after - idle, at_most=GROWTH_GOAL)}",
        ),
    )
    return Table(("memory", "resident, MiB", "goal"), rows)


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
