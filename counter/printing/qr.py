"""QR codes as a matrix of modules, and as dots."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from counter.printing.dots import Bitmap, harmless

QUIET: Final = 4
"""White modules around a code, as the standard asks."""
_SHARE: Final = 0.62
"""Of the width of the paper."""
_LARGEST_MODULE: Final = 6


@lru_cache(maxsize=8)
def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, true is dark, without the quiet zone. Level M: a quarter-soiled receipt still reads."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def module_for(text: str, *, dots: int) -> int:
    """Dots a module: as large as looks well on paper of this width."""
    modules = len(qr_matrix(text)) + 2 * QUIET
    return max(2, min(_LARGEST_MODULE, int(dots * _SHARE) // modules))


def code_bitmap(text: str, *, module: int) -> Bitmap:
    """A code with its quiet zone, each module a square of whole dots; a few white columns more on the right if need be."""
    matrix = qr_matrix(text)
    modules = len(matrix) + 2 * QUIET
    dots = 8 * ((modules * module + 7) // 8)
    dark = (1 << module) - 1
    blank = bytes(dots // 8) * (QUIET * module)
    rows = [blank]
    for row in matrix:
        bits = sum(dark << (dots - (x + QUIET + 1) * module) for x, is_dark in enumerate(row) if is_dark)
        rows.append(bits.to_bytes(dots // 8, "big") * module)
    return Bitmap(dots, harmless(b"".join([*rows, blank])))
