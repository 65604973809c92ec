"""What the bank's lines, the transfers and the surplus list say, re-added against the ledger and the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.cashless.codes import codes_in
from counter.ledger import Book
from counter.reconcile.lines import names_one, tokens
from db.columns import instant_text
from db.scope import OFFICE_TILL, office_of
from db.states import ArrivalState, BankLineState, IntentState, Proof, SurplusState
from db.tables import BankArrival, BankLine, CashlessPayment, JournalRow, Payment, Posting, QrIntent, QrIntentBill, Surplus

PATIENCE: Final = timedelta(hours=1)
"""How long a provider's message may wait while the books go on: a gateway that was killed has gone on with it by then."""


def bank_lines(session: Session) -> Iterator[str]:
    """Each line is as the journal took it in; together they are the bank account, and what waits is what is unmatched."""
    told = {row.seq: json.loads(row.content)["facts"] for row in _journal(session, "bank.line")}
    sums = {"bank": 0, "waits": 0}
    twice = _Twice()
    for line in _all(session, BankLine):
        yield from twice.see(line)
        facts = told.pop(line.journal_seq, {})
        was_out = line.state is BankLineState.OUT
        said = (str(line.line_id), line.account, line.identity, int(line.amount), was_out, line.booked_day.isoformat())
        same = said == tuple(facts.get(key) for key in ("line", "account", "identity", "amount", "out", "booked"))
        yield "" if same and line.memo == facts.get("memo") else f"bank line {line.identity}: differs from the journal"
        sums["bank"] += -int(line.amount) if was_out else int(line.amount)
        if line.state in (BankLineState.NEW, BankLineState.HELD):
            sums["waits"] += int(line.amount)
        has_payment = line.payment_id is not None
        yield "" if has_payment == (line.state is BankLineState.SETTLED) else f"bank line {line.identity}: settled nothing"
    for seq in told:
        yield f"{OFFICE_TILL}#{seq}: its bank line is gone"
    yield _agree("bank", _balance(session, Book.BANK), sums["bank"])
    yield _agree("unmatched", -_balance(session, Book.UNMATCHED), sums["waits"])


class _Twice:
    """Lines of one amount under one reference that different tellers told of: one money, booked twice."""

    def __init__(self) -> None:
        self._seen: dict[Any, list[tuple[date, set[str], list[str], str]]] = {}

    def see(self, line: BankLine) -> Iterator[str]:
        """What is wrong with a line, beside those seen before."""
        words = tokens(line.reference)
        if not names_one(words):
            return
        tellers, codes = {one.partition("#")[0] for one in line.told_by.split("|") if one}, codes_in(line.memo)
        key = (line.account, int(line.amount), line.state is BankLineState.OUT, tuple(words))
        before = self._seen.setdefault(key, [])
        for day, others, other_codes, identity in before:
            is_other = bool(codes and other_codes and not set(codes) & set(other_codes))
            if abs((day - line.booked_day).days) <= 1 and tellers and others and not tellers & others and not is_other:
                yield f"bank line {line.identity}: the money of {identity} once more"
        before.append((line.booked_day, tellers, codes, line.identity))


def arrivals(session: Session) -> Iterator[str]:
    """What a provider told is booked, or a case; none waits while the books go on for an hour."""
    lines = {row.line_id: row for row in _all(session, BankLine)}
    newest = _newest(session)
    ended = {(facts["provider"], facts["message"]) for facts in map(_facts, _journal(session, "bank.message"))}
    for row in _all(session, BankArrival):
        name = f"{row.provider} {row.external_id}"
        if row.state is ArrivalState.RECEIVED and newest - row.received_at > PATIENCE:
            yield f"{name}: told at {instant_text(row.received_at)} and never booked"
        elif row.line_id is not None and row.line_id not in lines:
            yield f"{name}: its bank line is gone"
        elif row.state is ArrivalState.DONE and row.line_id is None and "account" in json.loads(row.facts):
            yield "" if (row.provider, row.external_id) in ended else f"{name}: money that nobody booked or ended"
        else:
            yield ""


def _facts(row: JournalRow) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.content)["facts"]
    return found


def _newest(session: Session) -> datetime:
    """The newest instant in the office's journal; an office begins with a row of it."""
    found = select(JournalRow.at).where(JournalRow.office_id == office_of(session)).order_by(col(JournalRow.at).desc())
    return session.exec(found.limit(1)).one()


def surplus_list(session: Session) -> Iterator[str]:
    """The open surplus is what the ledger owes to customers."""
    owed = 0
    for row in _all(session, Surplus):
        is_open = row.state is SurplusState.OPEN
        owed += int(row.amount) if is_open else 0
        yield "" if is_open == (row.resolved_by is None) else f"surplus {row.surplus_id}: resolved by nobody"
    yield _agree("surplus", -_balance(session, Book.SURPLUS), owed)


def transfers(session: Session) -> Iterator[str]:
    """A transfer that was settled has its payment and its bills' sum; what nobody proved yet is what is in transit."""
    amounts: dict[Any, int] = {
        intent_id: int(amount)
        for intent_id, amount in session.exec(
            select(QrIntentBill.intent_id, func.sum(QrIntentBill.amount))
            .where(QrIntentBill.office_id == office_of(session))
            .group_by(col(QrIntentBill.intent_id))
        )
    }
    for row in _all(session, QrIntent):
        whole = amounts.get(row.intent_id, 0) == row.amount + row.cash_part
        yield "" if whole else f"transfer {row.code}: its bills do not add up"
        is_settled = row.payment_id is not None
        legal = row.state in (IntentState.PAID, IntentState.LATE) or not is_settled
        yield "" if legal else f"transfer {row.code}: {row.state.value} with a payment"
    waits = 0
    payments = {row.payment_id: row for row in _all(session, Payment)}
    for proof in _all(session, CashlessPayment):
        payment = payments.get(proof.payment_id)
        if payment is None:
            yield f"cashless payment {proof.payment_id}: its payment is gone"
            continue
        yield ""
        if proof.proof is not Proof.BANK_LINE and proof.line_id is None:
            waits += int(payment.amount - (payment.tendered - payment.change))
    yield _agree("in transit", _balance(session, Book.IN_TRANSIT), waits)


def _agree(what: str, books: int, rows: int) -> str:
    return "" if books == rows else f"{what}: {books} in the books, {rows} in the lists"


def _balance(session: Session, book: Book) -> int:
    found = session.exec(
        select(func.coalesce(func.sum(Posting.amount), 0)).where(
            Posting.office_id == office_of(session), Posting.account == book.value
        )
    ).one()
    return int(found)


def _journal(session: Session, kind: str) -> Iterator[JournalRow]:
    yield from session.exec(
        select(JournalRow).where(
            JournalRow.office_id == office_of(session), JournalRow.till_code == OFFICE_TILL, JournalRow.kind == kind
        )
    )


def _all(session: Session, table: Any) -> Iterator[Any]:
    rows = session.exec(select(table).where(table.office_id == office_of(session)).execution_options(yield_per=1000))
    yield from rows
