"""Bank statements as files: tables by profiles that are data, MT940, CAMT.053; each proven by its own balances."""

from counter.cashless.statements.balance import BalanceBroken, balances, prove
from counter.cashless.statements.facts import Line, Rejected, Statement
from counter.cashless.statements.profiles import StatementProfile, load_statement_profile, statement_profiles
from counter.cashless.statements.reading import read_statement
from counter.cashless.statements.refusals import (
    BadStatement,
    ForeignCurrency,
    OtherAccount,
    StatementProfileWrong,
    UnknownStatementProfile,
    XmlUnsafe,
)

__all__ = [
    "BadStatement",
    "BalanceBroken",
    "ForeignCurrency",
    "Line",
    "OtherAccount",
    "Rejected",
    "Statement",
    "StatementProfile",
    "StatementProfileWrong",
    "UnknownStatementProfile",
    "XmlUnsafe",
    "balances",
    "load_statement_profile",
    "prove",
    "read_statement",
    "statement_profiles",
]
