"""The last net in front of the terminal: no control character of the data gets through, whichever widget drew it.

Textual writes ESC, OSC and C1 bytes of a text as they are, even without markup (unfiled): a customer's name could clear
the screen, rename the window or fill the clipboard. `safe_text` at the boundary comes first; this holds when it was
forgotten.
"""

from __future__ import annotations

import re
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""C0, DEL, C1, everything that hides or turns text around, and halves of surrogate pairs, which cannot be encoded."""


class ControlNet(LineFilter):
    """Every unsafe character becomes U+FFFD; the line keeps its width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        search = UNSAFE.search
        if not any(search(segment.text) for segment in segments if not segment.control):
            return segments
        width = sum(segment.cell_length for segment in segments)
        clean = [
            segment if segment.control else Segment(UNSAFE.sub("\ufffd", segment.text), segment.style)
            for segment in segments
        ]
        return list(Strip(clean).adjust_cell_length(width))
