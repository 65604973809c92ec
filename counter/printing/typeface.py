"""The bundled typeface: Noto Sans, Regular and Bold (OFL, see fonts/README.md), and the sizes of each style."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from counter.printing.layout import Style

FONTS: Final = Path(__file__).parent / "fonts"
REGULAR: Final = FONTS / "NotoSans-Regular.ttf"
BOLD: Final = FONTS / "NotoSans-Bold.ttf"

ASCENT: Final = 1.069
DESCENT: Final = 0.293
"""Of the em, from the font's own tables: room for the marks of Ễ above and the dot of ậ below."""

SCALE: Final = {Style.SMALL: 0.86, Style.NORMAL: 1.0, Style.STRONG: 1.0, Style.TOTAL: 1.3, Style.TITLE: 1.4, Style.HUGE: 4.0}
"""The size of a style against normal text."""


def file_of(style: Style) -> Path:
    """The font file of a style."""
    return BOLD if style in (Style.STRONG, Style.TOTAL, Style.TITLE, Style.HUGE) else REGULAR
