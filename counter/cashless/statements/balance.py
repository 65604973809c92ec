"""The balance gate: opening plus movements is closing, and every printed balance follows from the one before. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from counter.cashless.statements.facts import Line, Statement
from counter.cashless.statements.refusals import BalanceBroken
from counter.money import Dong


def prove(statement: Statement) -> bool | None:
    """True when it adds up, None when it tells no balance. Raises BalanceBroken, naming the first row at fault."""
    lines = statement.lines
    if lines and all(line.balance is not None for line in lines):
        forward, backward = _first_break(lines, statement.opening), _first_break(lines[::-1], statement.opening)
        if forward is not None and backward is not None:
            raise _broken(statement, forward if forward[0].place >= backward[0].place else backward)
        ordered = lines if forward is None else lines[::-1]
        last = ordered[-1].balance
        if statement.closing is not None and last != statement.closing:
            raise BalanceBroken(file=statement.file_name, place="closing", expected=last, found=statement.closing)
        return True
    if statement.opening is None or statement.closing is None:
        return None
    expected = statement.opening + statement.in_total - statement.out_total
    if expected != statement.closing:
        raise BalanceBroken(file=statement.file_name, place="closing", expected=expected, found=statement.closing)
    return True


def balances(statement: Statement) -> tuple[Dong | None, Dong | None]:
    """Opening and closing as told, or as the printed balances beside the movements tell them."""
    lines = statement.lines
    if not lines or any(line.balance is None for line in lines):
        return statement.opening, statement.closing
    ordered = lines if _first_break(lines, statement.opening) is None else lines[::-1]
    first, last = ordered[0].balance, ordered[-1].balance
    assert first is not None
    opening = first - ordered[0].signed if statement.opening is None else statement.opening
    return opening, last if statement.closing is None else statement.closing


Break = tuple[Line, Dong, Dong]


def _first_break(lines: Sequence[Line], opening: Dong | None) -> Break | None:
    """The first line whose printed balance does not follow, with what it should be; None where all follow."""
    before = opening
    for line in lines:
        assert line.balance is not None
        if before is not None and before + line.signed != line.balance:
            return line, before + line.signed, line.balance
        before = line.balance
    return None


def _broken(statement: Statement, found: Break) -> BalanceBroken:
    line, expected, printed = found
    return BalanceBroken(file=statement.file_name, place=str(line.place), expected=expected, found=printed)


__all__ = ["BalanceBroken", "balances", "prove"]
