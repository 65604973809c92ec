"""A statement file of any kind that is known, told by its content; its account and currency checked."""

from __future__ import annotations

import os
import re
from pathlib import Path

from counter.cashless.statements import camt, mt940
from counter.cashless.statements.facts import Statement
from counter.cashless.statements.profiles import DEFAULT, load_statement_profile
from counter.cashless.statements.refusals import BadStatement, OtherAccount
from counter.cashless.statements.tables import Read, read_table
from counter.files import OpenFile, opened
from counter.legacy import encoding_called
from counter.locale import _
from counter.text import safe_text


def read_statement(
    path: str | os.PathLike[str], *, account: str, profile: str = DEFAULT, home: Path | None = None, encoding: str = ""
) -> Statement:
    """Read a statement of `account`. MT940 and CAMT.053 are known by their content; tables go by `profile`.

    Nothing is proven yet: see `prove`. Raises OtherAccount and what the readers refuse.
    """
    with opened(path, cap=camt.LARGEST * 5) as file:
        kind, read = _read(file, profile=profile, home=home, encoding=encoding)
        if read.account and not is_account(read.account, account):
            raise OtherAccount(file=file.name, found=safe_text(read.account, limit=40), account=account)
        return Statement(
            file_name=file.name,
            sha256=file.sha256,
            profile=kind,
            account=account,
            opening=read.opening,
            closing=read.closing,
            lines=tuple(read.lines),
            rejected=tuple(read.rejected),
            layout=f"st {kind} {read.layout}".strip(),
        )


def _read(file: OpenFile, *, profile: str, home: Path | None, encoding: str) -> tuple[str, Read]:
    chosen = load_statement_profile(profile, home=home)
    head = next(file.pieces(), b"")[:4096]
    if camt.looks_like(head):
        return "camt.053", _closed(file, camt.read_camt(file.name, file.whole()), "CLBD")
    if mt940.looks_like(head.decode("latin-1")):
        data = file.whole()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return "mt940", _closed(file, mt940.read_mt940(file.name, text), ":62F:")
    read = read_table(file, chosen, encoding=encoding_called(encoding) if encoding else None)
    if not file.sha256:
        file.whole()
    return chosen.name, read


def is_account(told: str, account: str) -> bool:
    """Whether a file's account is this one: the number alone, or behind its bank's code (`97043600/1017595600`, an IBAN)."""
    words = [word for word in re.split(r"[^0-9A-Z]+", told.upper()) if word]
    whole = "".join(words)
    return account.upper() in (*words, whole) or (whole[:2].isalpha() and whole.endswith(account.upper()))


def _closed(file: OpenFile, read: Read, place: str) -> Read:
    """These formats end with their closing balance: without it the file breaks off. Raises BadStatement."""
    if read.closing is None:
        raise BadStatement(file=file.name, place=place, reason=_("the closing balance is missing, so the file breaks off"))
    return read
