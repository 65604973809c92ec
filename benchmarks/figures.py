"""What every figure needs: medians, percentiles, a table in Markdown, and the word whether a goal is met."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MS: Final = 1_000.0


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all lie: nearest rank, never interpolated."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def met(value: float, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """`met` or `missed`."""
    good = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
    return "met" if good else "**missed**"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of docs/benchmarks.md."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        lines = ["| " + " | ".join(self.columns) + " |", "|" + "|".join(["---"] + ["---:"] * (len(self.columns) - 1)) + "|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def wants_full(about: str) -> bool:
    """Whether `--full` was given: the sizes of the issue, else small ones."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--full", action="store_true", help="the sizes the goals speak of; takes minutes")
    return bool(parser.parse_args().full)
