"""QR codes as a matrix of modules; how they are drawn is each renderer's own business."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

QUIET: Final = 4
"""White modules around a code, as the standard asks."""


@lru_cache(maxsize=8)
def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, true is dark, without the quiet zone. Level M: a quarter-soiled receipt still reads."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
