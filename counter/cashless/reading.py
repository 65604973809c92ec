"""Reading a scanned QR text: the liberal reader. It names what it found, and why something is no good; it never raises.

Accepted although the standard says otherwise, because it is met in practice: a CRC in small letters, an amount with 01 = 11,
a long merchant name, `.00` behind an amount, lengths that count bytes. Other schemes' codes are read and told apart:
they are never taken for VietQR.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.cashless.emv import CRC_HEAD, LONGEST, Broken, crc_text, fields_of
from counter.cashless.vietqr import CURRENCY, GUID, Service
from counter.locale import N_, translate
from counter.money import Dong
from counter.text import safe_text

VNPAY_GUID: Final = "A000000775"


class QrKind(StrEnum):
    """What a text is to somebody who pays by it."""

    VIETQR = "vietqr"
    VNPAY = "vnpay"
    OTHER = "other"
    INVALID = "invalid"


class Found(StrEnum):
    """Whose code it is, as far as it tells."""

    VIETQR = "VietQR"
    VNPAY = "VNPAY"
    MOMO = "MoMo"
    EVN_BILL = "EVN bill"
    OTHER_EMV = "other EMV"
    NOT_EMV = "not EMV"


WHY: Final[dict[str, str]] = {
    "not_emv": N_("It is no payment code: such a code starts with 000201."),
    "too_long": N_("It is longer than any payment code."),
    "no_tag": N_("At character {at} there is no field: two digits, then a length of two digits."),
    "too_short": N_("The field at character {at} is shorter than its length says."),
    "empty": N_("The field at character {at} is empty."),
    "torn": N_("The field at character {at} ends inside a letter."),
    "twice": N_("Field {tag} is there twice."),
    "version": N_("Field 00 is not 01."),
    "no_crc": N_("The check sum (field 63) is missing at the end."),
    "crc": N_("The check sum is wrong: a character was changed or misread."),
    "method": N_("Field 01 is neither 11 nor 12."),
    "no_account": N_("No receiving account: field 38 is missing or has no scheme."),
    "bank": N_("The bank number is not six digits."),
    "account": N_("The account is not 1 to 19 letters and digits."),
    "service": N_("The service is neither QRIBFTTA nor QRIBFTTC."),
    "currency": N_("The currency is not đồng (704)."),
    "country": N_("The country is not VN."),
    "amount": N_("The amount is not a whole number of đồng above zero."),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a QR text says. `amount` in đồng, None where the payer types it; `why` is empty unless it is invalid."""

    kind: QrKind
    found: Found
    bin: str = ""
    account: str = ""
    amount: Dong | None = None
    purpose: str = ""
    bill_number: str = ""
    customer: str = ""
    name: str = ""
    service: str = ""
    once: bool = False
    crc_ok: bool = False
    why: str = ""


class _No(Exception):
    """Why it is invalid: a key of WHY and its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.text = translate(WHY[key]).format(**facts)


_AMOUNT = re.compile(r"(?=.{1,13}$)([0-9]+)(?:\.0*)?")
_CUSTOMER = re.compile(r"(?<![0-9A-Z])P[A-Z][0-9A-Z]{11}(?![0-9A-Z])")
_MOMO_OLD = re.compile(r"2\|99\|[0-9]{9,11}\|")


def read(text: str) -> Reading:
    """Read a QR text as a scanner gives it. Any text at all; never raises."""
    bare = text.strip()
    if len(bare) > LONGEST:
        return Reading(QrKind.INVALID, Found.NOT_EMV, why=_No("too_long").text)
    if not bare.startswith("0002"):
        return _no_emv(bare)
    try:
        outer = _once(_parts(bare))
    except _No as no:
        return Reading(QrKind.INVALID, Found.OTHER_EMV, why=no.text)
    return _judged(bare, outer)


def _no_emv(bare: str) -> Reading:
    """Codes of other makes that are scanned at a counter."""
    if _MOMO_OLD.match(bare):
        return Reading(QrKind.OTHER, Found.MOMO)
    customer = _CUSTOMER.search(bare.upper())
    if customer:
        return Reading(QrKind.OTHER, Found.EVN_BILL, customer=customer[0])
    return Reading(QrKind.INVALID, Found.NOT_EMV, why=_No("not_emv").text)


def _parts(text: str, *, start: int = 0) -> Sequence[tuple[str, str]]:
    """The fields, lengths as characters, else as bytes. `start` is where `text` lies in the whole, for the message."""
    try:
        return fields_of(text)
    except Broken as broken:
        if not text.isascii():
            try:
                return fields_of(text, in_bytes="yes")
            except Broken:
                pass
        raise _No(broken.why, at=start + broken.at + 1) from None


def _once(parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    for tag, times in Counter(tag for tag, _value in parts).items():
        if times > 1:
            raise _No("twice", tag=tag)
    return dict(parts)


def _judged(bare: str, outer: Mapping[str, str]) -> Reading:
    """The reading of well-formed fields: filled as far as it goes, invalid with the first fault."""
    found, facts, why = Found.OTHER_EMV, {}, ""
    crc_ok = list(outer)[-1] == "63" and bare[-8:-4] == CRC_HEAD and bare[-4:].upper() == crc_text(bare[:-4])
    try:
        inner = _inner(outer, bare)
        found = _whose(inner)
        facts = _facts(outer, inner, found, bare)
        _check_frame(outer, crc_ok=crc_ok)
        if found in (Found.VIETQR, Found.MOMO):
            _check_vietqr(outer, inner, facts)
        facts["amount"] = _amount(outer.get("54"))
    except _No as no:
        why = no.text
    kind = (
        QrKind.INVALID
        if why
        else {Found.VIETQR: QrKind.VIETQR, Found.MOMO: QrKind.VIETQR, Found.VNPAY: QrKind.VNPAY}.get(found, QrKind.OTHER)
    )
    return Reading(kind, found, once=outer.get("01") == "12", crc_ok=crc_ok, why=why, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Inner:
    """The merchant account (26–51), its account part, and the additional data (62)."""

    guid: str
    account: Mapping[str, str]
    service: str
    more: Mapping[str, str]


def _inner(outer: Mapping[str, str], bare: str) -> _Inner:
    more = _once(_parts(outer["62"], start=_place(bare, "62"))) if "62" in outer else {}
    for tag in ("38", *(f"{n}" for n in range(26, 52) if n != 38)):
        if tag in outer:
            start = _place(bare, tag)
            merchant = _once(_parts(outer[tag], start=start))
            guid = merchant.get("00", "").upper()
            if guid == GUID:
                return _Inner(guid, _once(_parts(merchant.get("01", ""), start=start)), merchant.get("02", ""), more)
            if tag != "38" or guid:
                return _Inner(guid, {}, "", more)
            raise _No("no_account")
    return _Inner("", {}, "", more)


def _place(bare: str, tag: str) -> int:
    """Where a field's value starts in the whole text."""
    at = 0
    while bare[at : at + 2] != tag and bare[at + 2 : at + 4].isdigit():
        at += 4 + int(bare[at + 2 : at + 4])
    return at + 4


def _whose(inner: _Inner) -> Found:
    if inner.guid == GUID:
        return Found.MOMO if inner.more.get("05", "").upper().startswith("MOMO") else Found.VIETQR
    return Found.VNPAY if inner.guid == VNPAY_GUID else Found.OTHER_EMV


def _facts(outer: Mapping[str, str], inner: _Inner, found: Found, bare: str) -> dict[str, object]:
    parts = {"bill_number": "01", "customer": "06", "purpose": "08"}
    facts: dict[str, object] = {name: safe_text(inner.more.get(tag, ""), limit=99) for name, tag in parts.items()}
    facts["name"] = safe_text(outer.get("59", ""), limit=99)
    if found in (Found.VIETQR, Found.MOMO):
        facts["bin"] = safe_text(inner.account.get("00", ""), limit=20)
        facts["account"] = safe_text(inner.account.get("01", ""), limit=40)
        facts["service"] = safe_text(inner.service, limit=20)
    elif found is Found.OTHER_EMV and not facts["customer"]:
        customer = _CUSTOMER.search(bare)
        facts["customer"] = customer[0] if customer else ""
    return facts


def _check_frame(outer: Mapping[str, str], *, crc_ok: object) -> None:
    if outer.get("00") != "01" or next(iter(outer)) != "00":
        raise _No("version")
    if list(outer)[-1] != "63" or len(outer["63"]) != 4:
        raise _No("no_crc")
    if not crc_ok:
        raise _No("crc")
    if outer.get("01") not in ("11", "12"):
        raise _No("method")


def _check_vietqr(outer: Mapping[str, str], inner: _Inner, facts: Mapping[str, object]) -> None:
    if not inner.account:
        raise _No("no_account")
    if not re.fullmatch(r"[0-9]{6}", str(facts["bin"])):
        raise _No("bank")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", str(facts["account"])):
        raise _No("account")
    if inner.service not in ("", *Service):
        raise _No("service")
    if outer.get("53") != CURRENCY:
        raise _No("currency")
    if outer.get("58", "").upper() != "VN":
        raise _No("country")


def _amount(text: str | None) -> Dong | None:
    if text is None:
        return None
    shape = _AMOUNT.fullmatch(text)
    if not shape or not int(shape[1]):
        raise _No("amount")
    return Dong(int(shape[1]))
