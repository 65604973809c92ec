"""VietQR: the strict writer. What it writes, every bank's app must read: printable ASCII, each field within its limit.

Source: NAPAS “QR Format T&C v1.0 VN”: 38 with GUID A000000727, the bank's BIN and the account, the service; 53 = 704;
54 the amount; 62.01 bill number, 62.06 customer, 62.08 purpose, each at most 25 bytes and 62 at most 99 together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.cashless.emv import CRC_HEAD, crc_text, field
from counter.errors import BadInput
from counter.locale import N_, _
from counter.money import Dong
from counter.text import safe_text

GUID: Final = "A000000727"
CURRENCY: Final = "704"
TRANSFER_LIMIT: Final = Dong(499_999_999)
"""The most that one NAPAS 247 transfer carries (đồng): below 500 million. More is asked for in parts."""
LONGEST_PART: Final = 25
LONGEST_PARTS: Final = 99
MOST_DIGITS: Final = 13
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_BLANKS = re.compile(r" {2,}")
_PRINTABLE = re.compile(r"[ -~]*")
_STROKES = str.maketrans({"đ": "d", "Đ": "D"})


class Service(StrEnum):
    """Whether 38.01.01 names an account or a card."""

    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"


class NotForVietQr(BadInput):
    """A part that a VietQR text cannot hold."""

    why = N_("VietQR cannot hold this {part}: “{text}”.")
    todo = N_("Allowed: {rule}.")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as a VietQR text asks for it. `amount` in đồng, None lets the customer type it; texts are ASCII."""

    bin: str
    account: str
    amount: Dong | None = None
    purpose: str = ""
    bill_number: str = ""
    customer: str = ""
    service: Service = Service.ACCOUNT


def make(transfer: Transfer) -> str:
    """The VietQR text: 01 is 12 (one use) with an amount or a bill number, else 11. Raises NotForVietQr.

    Vietnamese letters lose their marks, several blanks become one; anything else outside printable ASCII is refused.
    """
    _must(_("bank number"), transfer.bin, _BIN, _("six digits"))
    _must(_("account"), transfer.account, _ACCOUNT, _("1 to 19 letters and digits"))
    account = field("00", transfer.bin) + field("01", transfer.account)
    merchant = field("00", GUID) + field("01", account) + field("02", transfer.service.value)
    once = transfer.amount is not None or bool(transfer.bill_number)
    text = field("00", "01") + field("01", "12" if once else "11") + field("38", merchant) + field("53", CURRENCY)
    if transfer.amount is not None:
        text += field("54", _amount(transfer.amount))
    text += field("58", "VN") + _more(transfer)
    text += CRC_HEAD
    return text + crc_text(text)


def without_marks(text: str) -> str:
    """`Tiền điện` as `Tien dien`: marks dropped, đ as d; letters of other scripts stay and are refused by `make`."""
    bare = unicodedata.normalize("NFD", text.translate(_STROKES))
    return "".join(c for c in bare if unicodedata.category(c) != "Mn")


def _amount(amount: Dong) -> str:
    digits = str(int(amount))
    if int(amount) < 1 or len(digits) > MOST_DIGITS:
        raise NotForVietQr(part=_("amount"), text=digits, rule=_("1 to 13 digits, not zero"))
    return digits


def _more(transfer: Transfer) -> str:
    """The additional data (62), or nothing."""
    parts = (
        ("01", _("bill number"), transfer.bill_number),
        ("06", _("customer"), transfer.customer),
        ("08", _("purpose"), transfer.purpose),
    )
    inside = ""
    for tag, name, value in parts:
        plain = _BLANKS.sub(" ", without_marks(value)).strip(" ")
        if plain:
            inside += field(tag, _part(name, plain))
    if len(inside) > LONGEST_PARTS:
        rule = _("bill number, customer and purpose together at most 99 with their lengths")
        raise NotForVietQr(part=_("additional data"), text=safe_text(inside, limit=60), rule=rule)
    return field("62", inside) if inside else ""


def _part(name: str, plain: str) -> str:
    if len(plain.encode("utf-8")) > LONGEST_PART or not _PRINTABLE.fullmatch(plain):
        rule = _("at most 25 letters, digits and signs without marks")
        raise NotForVietQr(part=name, text=safe_text(plain, limit=60), rule=rule)
    return plain


def _must(part: str, text: str, shape: re.Pattern[str], rule: str) -> None:
    if not shape.fullmatch(text):
        raise NotForVietQr(part=part, text=safe_text(text, limit=40), rule=rule)
