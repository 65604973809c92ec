"""Bringing in a statement: proven by its balances, each movement booked once, the file remembered with what it rejected."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from counter import journal
from counter.cashless.statements import Line, Rejected, Statement, balances, prove
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import NOTHING, Dong
from counter.people import require
from counter.reconcile.bulk import AT_ONCE, Bulk
from counter.reconcile.lines import CUT, Movement, Source
from db.scope import OFFICE_TILL, office_of
from db.states import Role
from db.tables import BankStatement, JournalRow

KIND: Final = "bank.statement"


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a statement. Money in đồng; `balance_ok` is None where the file tells no balance; `gap` is what lies
    between the last statement and this one: 0 where it goes on from there, None where a balance is missing to say so."""

    statement_id: UUID
    file: str
    sha256: str
    profile: str
    account: str
    read: int
    added: int
    already: int
    rejected: tuple[Rejected, ...]
    opening: Dong | None
    closing: Dong | None
    in_total: Dong
    out_total: Dong
    balance_ok: bool | None
    gap: Dong | None = None


class Stopped(Exception):
    """The person stopped it: nothing was changed."""


def bring_statement(
    session: Session,
    now: datetime,
    *,
    statement_id: UUID,
    statement: Statement,
    by: UUID,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> BroughtIn:
    """Book what is news of a statement, whole or not at all. The same file, or an overlapping one, adds nothing twice.

    Raises BalanceBroken, BankAccountUnknown, NotAllowed, SameIdOtherFacts; Stopped when the person stopped it.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    balance_ok = prove(statement)
    before = session.get(BankStatement, (office_of(session), statement_id))
    if before is not None:
        if (before.sha256, before.account) != (statement.sha256, statement.account):
            raise SameIdOtherFacts
        return _facts(statement, statement_id, added=before.added, balance_ok=balance_ok)
    movements = [_movement(statement, line, key) for line, key in zip(statement.lines, statement.keys(), strict=True)]
    bulk = Bulk(session, now, movements=movements, source=Source.STATEMENT, by=by)
    added = 0
    for start in range(0, len(movements), AT_ONCE):
        progress(start, len(movements))
        if stopped():
            raise Stopped
        added += bulk.take(movements[start : start + AT_ONCE])
    gap = _gap(session, statement, first_told=bulk.first_told)
    session.add(_row(session, now, statement, statement_id, added=added, by=by))
    session.flush()
    _note(session, now, statement, statement_id, added=added, gap=gap, by=by)
    return replace(_facts(statement, statement_id, added=added, balance_ok=balance_ok), gap=gap)


def _gap(session: Session, statement: Statement, *, first_told: Dong) -> Dong | None:
    """What the closing balance has more than the last statement's and all that this one is the first to tell of.

    A statement that only repeats is measured by nothing: it says nothing new.
    """
    last = session.exec(
        select(BankStatement.closing)
        .where(BankStatement.office_id == office_of(session), BankStatement.account == statement.account)
        .where(col(BankStatement.closing).is_not(None))
        .order_by(col(BankStatement.done_at).desc(), col(BankStatement.statement_id).desc())
        .limit(1)
    ).first()
    closing = balances(statement)[1]
    if last is None or closing is None or first_told == NOTHING:
        return None
    return closing - last - first_told


def _note(
    session: Session,
    now: datetime,
    statement: Statement,
    statement_id: UUID,
    *,
    added: int,
    gap: Dong | None,
    by: UUID,
) -> None:
    opening, closing = balances(statement)
    facts = {
        "statement": statement_id,
        "account": statement.account,
        "sha256": statement.sha256,
        "opening": None if opening is None else int(opening),
        "closing": None if closing is None else int(closing),
        "added": added,
        "gap": None if gap is None else int(gap),
    }
    day = local_day(now)
    journal.append(session, now, till_code=OFFICE_TILL, kind=KIND, business_day=day, actor_id=by, facts=facts)


def _movement(statement: Statement, line: Line, key: str) -> Movement:
    return Movement(
        account=statement.account,
        identity="st/" + key,
        amount=line.amount,
        booked_day=line.booked_day,
        memo=line.memo,
        reference=line.reference,
        counterparty=line.counterparty,
        occurred_at=line.occurred_at,
        is_out=line.is_out,
        teller=statement.layout + (CUT if line.is_last else ""),
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement that was brought in. Money in đồng; `gap` as in BroughtIn."""

    statement_id: UUID
    account: str
    file: str
    profile: str
    read: int
    added: int
    already: int
    in_total: Dong
    out_total: Dong
    rejected: tuple[Rejected, ...]
    done_at: datetime
    gap: Dong | None


def statements(session: Session, *, limit: int = 100) -> list[StatementLine]:
    """The statements brought in, newest first."""
    rows = session.exec(
        select(BankStatement)
        .where(BankStatement.office_id == office_of(session))
        .order_by(col(BankStatement.done_at).desc())
        .limit(limit)
    ).all()
    gaps = _gaps(session)
    return [
        StatementLine(
            statement_id=row.statement_id,
            account=row.account,
            file=row.file_name,
            profile=row.profile,
            read=row.read,
            added=row.added,
            already=row.already,
            in_total=row.in_total,
            out_total=row.out_total,
            rejected=tuple(Rejected(**one) for one in json.loads(row.rejected)),
            done_at=row.done_at,
            gap=gaps.get(str(row.statement_id)),
        )
        for row in rows
    ]


def _gaps(session: Session) -> dict[str, Dong | None]:
    """What the journal says lies before each statement."""
    rows = session.exec(
        select(JournalRow.content).where(
            JournalRow.office_id == office_of(session), JournalRow.till_code == OFFICE_TILL, JournalRow.kind == KIND
        )
    )
    told = [json.loads(content)["facts"] for content in rows]
    return {facts["statement"]: None if facts["gap"] is None else Dong(facts["gap"]) for facts in told}


def would_bring(statement: Statement) -> BroughtIn:
    """What a statement says, read and proven; nothing is written. Raises BalanceBroken."""
    return _facts(statement, new_id(), added=0, balance_ok=prove(statement))


def _row(
    session: Session, now: datetime, statement: Statement, statement_id: UUID, *, added: int, by: UUID
) -> BankStatement:
    return BankStatement(
        office_id=office_of(session),
        statement_id=statement_id,
        account=statement.account,
        file_name=statement.file_name,
        sha256=statement.sha256,
        profile=statement.profile,
        opening=balances(statement)[0],
        closing=balances(statement)[1],
        in_total=statement.in_total,
        out_total=statement.out_total,
        read=len(statement.lines) + len(statement.rejected),
        added=added,
        already=len(statement.lines) - added,
        rejected=json.dumps([asdict(one) for one in statement.rejected], ensure_ascii=False),
        done_at=now,
        done_by=by,
    )


def _facts(statement: Statement, statement_id: UUID, *, added: int, balance_ok: bool | None) -> BroughtIn:
    opening, closing = balances(statement)
    return BroughtIn(
        statement_id=statement_id,
        file=statement.file_name,
        sha256=statement.sha256,
        profile=statement.profile,
        account=statement.account,
        read=len(statement.lines) + len(statement.rejected),
        added=added,
        already=len(statement.lines) - added,
        rejected=statement.rejected,
        opening=opening,
        closing=closing,
        in_total=statement.in_total,
        out_total=statement.out_total,
        balance_ok=balance_ok,
    )
