"""Vietnamese letters as a printer keeps them: 12 dots wide, 24 high, drawn from the bundled typeface.

They stand beside the printer's own font A, whose base line is four fifths down. The em is what leaves room for the marks
of Ễ above and the dot of ậ below; letters wider than the cell are made narrower, none is cut.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from counter.printing.typeface import ASCENT, DESCENT, REGULAR
from counter.text import VIETNAMESE

OWN: Final = VIETNAMESE + "₫"
WIDE: Final = 12
HIGH: Final = 24
_FINE: Final = 8
"""Drawn so many times larger, then made small: sharper than letters hinted for another size."""
_INK: Final = 110
"""Of 255: how grey a small dot must be to print black."""


@lru_cache(maxsize=len(OWN))
def columns_of(letter: str) -> bytes:
    """The letter as ESC & wants it: 12 columns from the left, each 3 bytes from the top."""
    from PIL import Image, ImageDraw, ImageFont

    size = HIGH / (ASCENT + DESCENT)
    font = ImageFont.truetype(str(REGULAR), round(size * _FINE), layout_engine=ImageFont.Layout.BASIC)
    sheet = Image.new("L", (4 * WIDE * _FINE, HIGH * _FINE), 0)
    ImageDraw.Draw(sheet).text((WIDE * _FINE, round(size * ASCENT * _FINE)), letter, fill=255, font=font, anchor="ls")
    left, _top, right, _bottom = sheet.getbbox() or (0, 0, 1, 1)
    ink = sheet.crop((left, 0, right, sheet.height))
    wide = min(WIDE, max(1, round(ink.width / _FINE)))
    small = ink.resize((wide, HIGH), Image.Resampling.BOX).point(lambda grey: 255 if grey >= _INK else 0)
    cell = Image.new("L", (WIDE, HIGH), 0)
    cell.paste(small, ((WIDE - wide) // 2, 0))
    # turned over the diagonal, a column is a row
    return cell.transpose(Image.Transpose.TRANSPOSE).convert("1").tobytes()
