"""Loading modules without the garbage collector: what they leave in memory stays, so looking through it is in vain.

It would look through it some fifty times at the start, and again in the middle of the day, with the screen standing still.
"""

from __future__ import annotations

import gc


def begin() -> None:
    """The program starts to load."""
    gc.disable()


def done() -> None:
    """Everything usual is loaded and left out of every later search; garbage is collected again."""
    gc.freeze()
    gc.enable()
