"""A QR code on the screen, in half blocks: light modules are drawn, dark ones are the black behind them.

So the code is right side up for every camera, also where a terminal shows no colours on its dark ground; and its border is
drawn as light as the code needs it. Level L: nothing soils a screen, and the code must fit a terminal of 24 lines.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

BORDERS: Final = (4, 3, 2)
"""Light modules around the code: four, as the standard asks; fewer only where there is no room for them."""
INK: Final = "#ffffff on #000000"
_BLOCKS: Final = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


@lru_cache(maxsize=8)
def light_modules(text: str, *, border: int) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules with the border around them, true is light; an even number of rows."""
    from qrcode.constants import ERROR_CORRECT_L
    from qrcode.main import QRCode

    code: QRCode = QRCode(error_correction=ERROR_CORRECT_L, border=border)
    code.add_data(text)
    code.make(fit=True)
    rows = [tuple(not module for module in row) for row in code.get_matrix()]
    if len(rows) % 2:
        rows.append((True,) * len(rows[0]))
    return tuple(rows)


def half_blocks(text: str, *, width: int, height: int) -> list[str]:
    """The code with the widest border that fits so many cells; empty where it does not fit at all."""
    for border in BORDERS:
        rows = light_modules(text, border=border)
        if len(rows) // 2 <= height and len(rows[0]) <= width:
            pairs = zip(rows[::2], rows[1::2], strict=True)
            return ["".join(_BLOCKS[pair] for pair in zip(above, below, strict=True)) for above, below in pairs]
    return []


class QrView(Widget):
    """One code, as large as its modules make it, in the middle of its place."""

    DEFAULT_CSS = "QrView { width: 46; height: 1fr; content-align: center middle; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = ""
        self.instead = ""

    def show(self, text: str, *, instead: str = "") -> None:
        """Show this code; or these words, where there is none or it does not fit."""
        self.text, self.instead = text, instead
        self.refresh()

    def render(self) -> Content:
        lines = half_blocks(self.text, width=self.size.width, height=self.size.height) if self.text else []
        if not lines:
            return Content(self.instead)
        return Content("\n").join(Content.styled(line, Style.parse(INK)) for line in lines)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return len(light_modules(self.text, border=BORDERS[0])[0]) if self.text else 0
