"""The bank's lines: each real movement once, however many messages tell of it; booked at once, then matched.

A line is told from every other one by its `identity`, which its source makes: a feed from the provider's id, a
statement from the bank's own key and the occurrence of that key in the file. Money told of by two of them (two
providers, a provider and a statement, statements in two layouts) has two identities; it is one line when account,
direction, amount and day agree and so does the reference or the memo. A teller meets a line once: what one teller tells
twice is two movements.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.cashless.codes import codes_in, squeezed
from counter.clock import local_day
from counter.ids import new_id
from counter.ledger import Book, Entry, Leg, enter
from counter.money import Dong
from counter.payments.qr.refusals import BankAccountUnknown
from counter.reconcile.refusals import AmountOfNothing
from counter.reconcile.rules import Why
from counter.text import safe_text
from db.fast import run
from db.scope import OFFICE_TILL, office_of
from db.states import BankLineState
from db.tables import BankAccount, BankLine

NEAR: Final = timedelta(days=1)
"""A transfer at night may be booked on the next day."""
LONGEST_IDENTITY: Final = 200
CUT: Final = " cut"
"""Behind the teller of a row with which a file broke off: the whole file tells the same row with more words."""


class Source(StrEnum):
    """Who told of the money."""

    FEED = "FEED"
    STATEMENT = "STATEMENT"


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved, as a source tells it. `amount` in đồng, above zero; `is_out` money leaving the account; `teller` is
    the provider, or the layout of the statement."""

    account: str
    identity: str
    amount: Dong
    booked_day: date
    memo: str
    reference: str = ""
    counterparty: str = ""
    occurred_at: datetime | None = None
    is_out: bool = False
    teller: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a movement went, and whether it was news."""

    line_id: UUID
    state: BankLineState
    is_new: bool


def book_movement(session: Session, now: datetime, *, movement: Movement, source: Source, by: UUID | None = None) -> Booked:
    """Take a movement into the books once. What came in waits on “unmatched” until it is matched.

    Raises BankAccountUnknown, AmountOfNothing. Told of before, by this teller or another: nothing is booked.
    """
    refuse_movement(session, movement)
    known = _same(session, movement) or _other_side(session, movement, source=source)
    if known is not None:
        mark(known, movement, source)
        session.add(known)
        session.flush()
        return Booked(known.line_id, known.state, False)
    return _book(session, now, movement, source=source, by=by)


def stored_identity(identity: str) -> str:
    """An identity as its column holds it: itself, or its hash where cutting or cleaning it would make two movements one."""
    plain = safe_text(identity, limit=LONGEST_IDENTITY)
    return plain if plain == identity else "sha256/" + hashlib.sha256(identity.encode()).hexdigest()


def _book(session: Session, now: datetime, movement: Movement, *, source: Source, by: UUID | None) -> Booked:
    made = make_line(movement, day=local_day(now), source=source, by=by)
    link = enter(
        session,
        now,
        till_code=OFFICE_TILL,
        kind=made.entry.kind,
        business_day=made.entry.business_day,
        actor_id=by,
        facts=made.entry.facts,
        legs=made.entry.legs,
    )
    run(session, "bank_line_insert", office_id=office_of(session), journal_seq=link.seq, **made.row)
    return Booked(made.row["line_id"], made.row["state"], True)


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A line that is going to be written: its entry, and its row but for the office and the entry's place."""

    entry: Entry
    row: dict[str, Any]


def make_line(movement: Movement, *, day: date, source: Source, by: UUID | None) -> MadeLine:
    """What a movement becomes when nobody knew it yet; `day` is the business day of the entry."""
    line_id, identity = new_id(), stored_identity(movement.identity)
    memo, reference = safe_text(movement.memo, limit=500), safe_text(movement.reference, limit=80)
    facts = {
        "line": line_id,
        "account": movement.account,
        "identity": identity,
        "amount": int(movement.amount),
        "out": movement.is_out,
        "booked": movement.booked_day,
        "memo": memo,
        "reference": reference,
    }
    other, sign = (Book.BANK_OTHER, -1) if movement.is_out else (Book.UNMATCHED, 1)
    amount = movement.amount * sign
    legs = (Leg(Book.BANK, amount, subject=movement.account), Leg(other, -amount))
    row = {
        "line_id": line_id,
        "account": movement.account,
        "identity": identity,
        "amount": movement.amount,
        "state": BankLineState.OUT if movement.is_out else BankLineState.NEW,
        "booked_day": movement.booked_day,
        "occurred_at": movement.occurred_at,
        "memo": memo,
        "reference": reference,
        "counterparty": safe_text(movement.counterparty, limit=160),
        "seen_by_feed": source is Source.FEED,
        "seen_by_statement": source is Source.STATEMENT,
        "told_by": f"|{teller_of(movement, source)}|",
        "why": "" if codes_in(memo) else Why.NO_CODE.value,
        "intent_id": None,
        "payment_id": None,
    }
    return MadeLine(Entry("bank.line", day, by, facts, legs), row)


def refuse_movement(session: Session, movement: Movement) -> None:
    """Raises BankAccountUnknown, AmountOfNothing."""
    if movement.amount <= 0:
        raise AmountOfNothing(amount=movement.amount)
    if session.get(BankAccount, (office_of(session), movement.account)) is None:
        raise BankAccountUnknown(account=safe_text(movement.account, limit=20))


def teller_of(movement: Movement, source: Source) -> str:
    """Who tells it, as a line keeps it."""
    return (movement.teller or source.value).replace("|", "/")


def not_told_by(teller: str) -> Any:
    """Lines of which this teller has not told yet."""
    told_by = col(BankLine.told_by)
    return ~(told_by.contains(f"|{teller}|", autoescape=True) | told_by.contains(f"|{teller}#", autoescape=True))


def seal(identity: str) -> str:
    """What a line keeps of an identity that is not its own: whoever told of it so may tell it again."""
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def seals(told_by: str) -> set[str]:
    """The seals that a line keeps."""
    return {one.partition("#")[2] for one in told_by.split("|") if "#" in one}


def mark(row: BankLine, movement: Movement, source: Source) -> None:
    """This teller has told of it now, under its own identity or another, which is known from now on."""
    teller = teller_of(movement, source)
    told = teller if row.identity == stored_identity(movement.identity) else f"{teller}#{seal(movement.identity)}"
    if f"|{told}|" not in row.told_by:
        row.told_by += f"{told}|"
    if source is Source.FEED:
        row.seen_by_feed = True
    else:
        row.seen_by_statement = True


def _same(session: Session, movement: Movement) -> BankLine | None:
    """The line with this identity, or the one that was met under it."""
    own = session.exec(
        select(BankLine).where(
            BankLine.office_id == office_of(session),
            BankLine.account == movement.account,
            BankLine.identity == stored_identity(movement.identity),
        )
    ).first()
    if own is not None:
        return own
    return session.exec(
        select(BankLine).where(
            *_about(session, movement), col(BankLine.told_by).contains(f"#{seal(movement.identity)}|", autoescape=True)
        )
    ).first()


def _about(session: Session, movement: Movement) -> tuple[Any, ...]:
    """Lines of the movement's account and amount, about its day."""
    return (
        BankLine.office_id == office_of(session),
        BankLine.account == movement.account,
        BankLine.amount == movement.amount,
        col(BankLine.booked_day).between(movement.booked_day - NEAR, movement.booked_day + NEAR),
    )


def _other_side(session: Session, movement: Movement, *, source: Source) -> BankLine | None:
    """The line that another told of and this teller has not yet: the one most like it, then the oldest."""
    rows = session.exec(
        select(BankLine)
        .where(*_about(session, movement), not_told_by(teller_of(movement, source)))
        .order_by(col(BankLine.journal_seq))
    ).all()
    return most_like(rows, movement, source=source)


def most_like(rows: Sequence[BankLine], movement: Movement, *, source: Source) -> BankLine | None:
    """Of lines with the movement's account, amount and about its day (in their order) the one that is most like it."""
    same_way = [row for row in rows if (row.state is BankLineState.OUT) == movement.is_out]
    alike = [(how, row) for row in same_way if (how := _likeness(row, movement, source)) is not None]
    return min(alike, key=lambda one: one[0])[1] if alike else None


def _likeness(row: BankLine, movement: Movement, source: Source) -> tuple[int, int] | None:
    """How (0 the same reference, 1 the same memo, 2 the same payment codes, 3 without codes one memo inside the other: banks
    wrap them), then how far the days are apart; None where the two are strangers.

    Other codes are another's money, whatever else is alike. Two of one kind, providers or statements, tell the same day,
    and where both tell a reference, the same one.
    """
    codes, other_codes = codes_in(row.memo), codes_in(movement.memo)
    if codes and other_codes and not set(codes) & set(other_codes):
        return None
    apart = abs((row.booked_day - movement.booked_day).days)
    mine, theirs = tokens(row.reference), tokens(movement.reference)
    if _holds(mine, theirs) or _holds(theirs, mine):
        return (0, apart)
    is_same_kind = row.seen_by_feed if source is Source.FEED else row.seen_by_statement
    if is_same_kind and (apart or (names_one(mine) and names_one(theirs))):  # the same ones are met above
        return None
    memo, other_memo = squeezed(row.memo), squeezed(movement.memo)
    if memo == other_memo:
        return (1, apart)
    if f"{CUT}|" in row.told_by and row.reference == movement.reference != "" and movement.memo.startswith(row.memo):
        return (1, apart)
    if codes or other_codes:
        return (2, apart) if codes == other_codes else None
    wrapped = len(memo) >= 12 and len(other_memo) >= 12 and (memo in other_memo or other_memo in memo)
    return (3, apart) if wrapped else None


def tokens(reference: str) -> list[bytes]:
    """The words of a reference: banks join several with dots, dashes and backslashes."""
    return [word for part in re.split(r"[^\w]+|_", reference) if (word := squeezed(part))]


def names_one(reference: Sequence[bytes]) -> bool:
    """Whether it is long enough to name one movement, and no word such as NONREF."""
    whole = b"".join(reference)
    return len(whole) >= 6 and any(digit in whole for digit in b"0123456789")


def _holds(whole: list[bytes], part: list[bytes]) -> bool:
    """Whether all words of `part` stand in `whole`, one after the other: 1000 is no part of 10005."""
    long = len(part)
    return names_one(part) and any(whole[at : at + long] == part for at in range(len(whole) - long + 1))
