"""A whole statement into the books: what `book_movement` does line by line, with a few questions for a thousand lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.ledger import enter_many
from counter.money import NOTHING, total
from counter.reconcile.lines import (
    CUT,
    NEAR,
    Movement,
    Source,
    make_line,
    mark,
    most_like,
    not_told_by,
    refuse_movement,
    seal,
    seals,
    stored_identity,
    teller_of,
)
from db.fast import run_many
from db.scope import OFFICE_TILL, office_of
from db.states import BankLineState
from db.tables import BankLine

AT_ONCE: Final = 1_000
"""Lines for which the books are asked together."""


class Bulk:
    """Movements of one account from one teller, taken in piece by piece in one transaction."""

    def __init__(
        self, session: Session, now: datetime, *, movements: Sequence[Movement], source: Source, by: UUID | None
    ) -> None:
        """Raises BankAccountUnknown, AmountOfNothing."""
        accounts: set[str] = set()
        for movement in movements:
            if movement.account not in accounts or movement.amount <= 0:
                refuse_movement(session, movement)
                accounts.add(movement.account)
        self._session, self._now, self._source, self._by = session, now, source, by
        self._sealed = self._met_before(movements)
        self._unseen = self._other_side(movements)
        self.first_told = NOTHING
        """What the movements that this kind of source has not told of before do to the account (đồng)."""

    def take(self, movements: Sequence[Movement]) -> int:
        """Book what is news of at most AT_ONCE movements; how many that was."""
        known = self._known(movements)
        fresh = []
        for movement in movements:
            key = (movement.account, stored_identity(movement.identity))
            if key in known or (self._sealed and seal(movement.identity) in self._sealed):
                continue
            known.add(key)
            met = self._whole_of(movement) or self._met(movement)
            if met is None:
                fresh.append(make_line(movement, day=local_day(self._now), source=self._source, by=self._by))
        entries = [made.entry for made in fresh]
        self.first_told += total(
            -made.row["amount"] if made.row["state"] is BankLineState.OUT else made.row["amount"] for made in fresh
        )
        links = enter_many(self._session, self._now, till_code=OFFICE_TILL, entries=entries)
        office_id = office_of(self._session)
        rows = [
            {"office_id": office_id, "journal_seq": link.seq, **made.row} for made, link in zip(fresh, links, strict=True)
        ]
        self._session.flush()
        run_many(self._session, "bank_line_insert", rows)
        return len(fresh)

    def _known(self, movements: Sequence[Movement]) -> set[tuple[str, str]]:
        rows = self._session.exec(
            select(BankLine.account, BankLine.identity).where(
                BankLine.office_id == office_of(self._session),
                col(BankLine.account).in_({movement.account for movement in movements}),
                col(BankLine.identity).in_([stored_identity(movement.identity) for movement in movements]),
            )
        ).all()
        return {(account, identity) for account, identity in rows}

    def _about(self, movements: Sequence[Movement]) -> tuple[Any, ...]:
        """Lines of the movements' accounts, about their days."""
        days = [movement.booked_day for movement in movements]
        return (
            BankLine.office_id == office_of(self._session),
            col(BankLine.account).in_({movement.account for movement in movements}),
            col(BankLine.booked_day).between(min(days) - NEAR, max(days) + NEAR),
        )

    def _met_before(self, movements: Sequence[Movement]) -> set[str]:
        """Under which identities, beside their own, lines were met: the same statement again adds nothing."""
        if not movements:
            return set()
        found = select(BankLine.told_by).where(*self._about(movements), col(BankLine.told_by).contains("#"))
        return {one for told_by in self._session.exec(found) for one in seals(told_by)}

    def _other_side(self, movements: Sequence[Movement]) -> dict[tuple[str, int], list[BankLine]]:
        """Lines that another told of and this teller has not yet, by account and amount, in their order.

        A line that one of the movements names by its identity is told of by now, and left for no other of them.
        """
        if not movements:
            return {}
        rows = self._session.exec(
            select(BankLine)
            .where(*self._about(movements), not_told_by(teller_of(movements[0], self._source)))
            .order_by(col(BankLine.journal_seq))
        ).all()
        named = {(one.account, stored_identity(one.identity)): one for one in movements} if rows else {}
        sealed = {seal(one.identity): one for one in movements} if rows and self._sealed else {}
        found: dict[tuple[str, int], list[BankLine]] = {}
        for row in rows:
            again = [sealed[one] for one in seals(row.told_by) if one in sealed]
            movement = named.get((row.account, row.identity)) or next(iter(again), None)
            if movement is None:
                found.setdefault((row.account, int(row.amount)), []).append(row)
            else:
                mark(row, movement, self._source)
                self._session.add(row)
        return found

    def _whole_of(self, movement: Movement) -> BankLine | None:
        """For a row with which its file breaks off: the line that a whole file told of before, with more words."""
        if not movement.teller.endswith(CUT) or not movement.reference:
            return None
        rows = self._session.exec(
            select(BankLine)
            .where(BankLine.office_id == office_of(self._session), BankLine.account == movement.account)
            .where(BankLine.amount == movement.amount, BankLine.booked_day == movement.booked_day)
            .where(BankLine.reference == movement.reference, col(BankLine.memo).startswith(movement.memo, autoescape=True))
            .order_by(col(BankLine.journal_seq))
        ).all()
        return next((row for row in rows if (row.state is BankLineState.OUT) == movement.is_out), None)

    def _met(self, movement: Movement) -> BankLine | None:
        """The line that this is the other word about; it is met once."""
        waiting = self._unseen.get((movement.account, int(movement.amount)), [])
        near = [row for row in waiting if abs(row.booked_day - movement.booked_day) <= NEAR]
        met = most_like(near, movement, source=self._source)
        if met is not None:
            waiting.remove(met)
            if not (met.seen_by_feed if self._source is Source.FEED else met.seen_by_statement):
                self.first_told += -met.amount if movement.is_out else met.amount
            mark(met, movement, self._source)
            self._session.add(met)
        return met
