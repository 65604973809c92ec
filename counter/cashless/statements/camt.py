"""CAMT.053 by defusedxml: no document type, no entities, no depth; whole đồng; a reversed entry moves the other way."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from counter.cashless.statements.facts import Line, Rejected
from counter.cashless.statements.refusals import BadStatement, ForeignCurrency, XmlUnsafe
from counter.cashless.statements.tables import Read
from counter.locale import _
from counter.money import Dong
from counter.text import safe_text

LARGEST: Final = 20 * 1024 * 1024
DEEPEST: Final = 32
BOOKED: Final = "BOOK"
_SPACE: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}\}")
_AMOUNT: Final = re.compile(r"([0-9]{1,15})(?:\.0{1,5})?")


def looks_like(data: bytes) -> bool:
    """Whether a file begins as XML does."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"


def read_camt(file: str, data: bytes) -> Read:
    """All statements of one account in a file. Raises XmlUnsafe, BadStatement, ForeignCurrency."""
    root = _parsed(file, data)
    space = _SPACE.match(root.tag)
    if space is None:
        raise XmlUnsafe(file=file, reason=_("its kind is not camt.053"))
    reader = _Reader(file, space[0])
    for statement in root.iter(f"{space[0]}Stmt"):
        reader.statement(statement)
    if not reader.seen:
        raise BadStatement(file=file, place="Stmt", reason=_("it is missing"))
    return reader.read


def _parsed(file: str, data: bytes) -> Any:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(data) > LARGEST:
        raise XmlUnsafe(file=file, reason=_("it is too large"))
    head = data[:200].decode("latin-1").lower()
    if "encoding" in head and not re.search(r"encoding\s*=\s*[\"'](utf-8|us-ascii)[\"']", head):
        raise XmlUnsafe(file=file, reason=_("its encoding is not UTF-8"))
    if _depth(data) > DEEPEST:
        raise XmlUnsafe(file=file, reason=_("it is nested too deep"))
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as failure:
        raise XmlUnsafe(file=file, reason=type(failure).__name__) from failure
    except (ParseError, ValueError, RecursionError) as failure:
        raise BadStatement(file=file, place="XML", reason=safe_text(str(failure), limit=120)) from failure


def _depth(data: bytes) -> int:
    """How deep the elements lie, counted over the bytes before any parser sees them."""
    deep = deepest = 0
    for tag in re.finditer(rb"<(/?)[A-Za-z_][^<>]*?(/?)>", data):
        if tag[1]:
            deep -= 1
        elif not tag[2]:
            deep += 1
            deepest = max(deepest, deep)
    return deepest


class _Reader:
    def __init__(self, file: str, space: str) -> None:
        self._file, self._space = file, space
        self.read = Read()
        self.seen = False

    def statement(self, node: Any) -> None:
        account = self._text(node, "Acct/Id/IBAN") or self._text(node, "Acct/Id/Othr/Id")
        if self.seen and account != self.read.account:
            raise BadStatement(file=self._file, place="Acct", reason=_("several accounts in one file"))
        self.read.account = account
        for balance in node.findall(f"{self._space}Bal"):
            self._balance(balance)
        for entry in node.findall(f"{self._space}Ntry"):
            self._take(entry, len(self.read.lines) + len(self.read.rejected) + 1)
        self.seen = True

    def _take(self, entry: Any, place: int) -> None:
        """Only what is booked is money: what is pending or for information is named and left out."""
        status = self._text(entry, "Sts/Cd") or self._text(entry, "Sts")
        if status in ("", BOOKED):
            self.read.lines.append(self._entry(entry, place))
        else:
            shown = safe_text(status, limit=60)
            self.read.rejected.append(Rejected(place, "Sts", shown, _("the bank has not booked it")))

    def _balance(self, node: Any) -> None:
        code = self._text(node, "Tp/CdOrPrtry/Cd")
        amount = self._amount(node, code)
        signed = -amount if self._text(node, "CdtDbtInd") == "DBIT" else amount
        if code in ("OPBD", "PRCD") and self.read.opening is None:
            self.read.opening = signed
        elif code == "CLBD":
            self.read.closing = signed

    def _entry(self, node: Any, place: int) -> Line:
        kind = self._text(node, "CdtDbtInd")
        if kind not in ("CRDT", "DBIT"):
            raise BadStatement(file=self._file, place=place, reason="CdtDbtInd")
        # the indicator tells how this entry moves the account, also when RvslInd says that it takes another one back
        return Line(
            place=place,
            booked_day=self._day(node, place),
            amount=self._amount(node, place),
            is_out=kind == "DBIT",
            memo=safe_text(self._memo(node), limit=500),
            reference=safe_text(self._text(node, "AcctSvcrRef") or self._text(node, "NtryRef"), limit=80),
            counterparty=safe_text(self._text(node, "NtryDtls/TxDtls/RltdPties/Dbtr/Nm"), limit=160),
        )

    def _memo(self, node: Any) -> str:
        path = "/".join(f"{self._space}{part}" for part in ("NtryDtls", "TxDtls", "RmtInf", "Ustrd"))
        words = [found.text or "" for found in node.findall(path)]
        extra = self._text(node, "AddtlNtryInf")
        mark = "RVSL " if self._text(node, "RvslInd").lower() in ("true", "1") else ""
        return mark + (" ".join(words) or extra)

    def _day(self, node: Any, place: int) -> date:
        text = self._text(node, "BookgDt/Dt") or self._text(node, "BookgDt/DtTm")[:10]
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadStatement(file=self._file, place=place, reason="BookgDt") from None

    def _amount(self, node: Any, place: object) -> Dong:
        found = node.find(f"{self._space}Amt")
        text = (found.text or "").strip() if found is not None else ""
        currency = found.get("Ccy", "") if found is not None else ""
        if currency != "VND":
            raise ForeignCurrency(file=self._file, currency=safe_text(currency or "?", limit=8), place=place)
        shape = _AMOUNT.fullmatch(text)
        if shape is None:
            raise BadStatement(file=self._file, place=place, reason=f"Amt {safe_text(text, limit=40)}")
        return Dong(int(shape[1]))

    def _text(self, node: Any, path: str) -> str:
        found = node.find("/".join(f"{self._space}{part}" for part in path.split("/")))
        return (found.text or "").strip() if found is not None else ""
