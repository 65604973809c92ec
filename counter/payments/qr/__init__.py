"""Transfers: asked for with a code, settled when the bank says so, or by two people and a reference; slips and wallets."""

from counter.payments.qr.accounts import AccountUnreadable, account_reason, add_account
from counter.payments.qr.actions import (
    cancel_intent,
    confirm_by_hand,
    expire_intents,
    finish_in_cash,
    open_intent,
    take_slip,
)
from counter.payments.qr.customer_side import CustomerSide, Showing, customer_side
from counter.payments.qr.refusals import (
    BankAccountUnknown,
    BillBeingTransferred,
    IntentIsClosed,
    NoBankAccount,
    NothingLeftForTransfer,
    NotWaitingForCash,
    ReferenceMissing,
    ReferenceUnreadable,
    ReferenceUsed,
    SlipUnreadable,
    UnknownIntent,
)
from counter.payments.qr.rules import MOVES, OPEN_INTENTS, code_for
from counter.payments.qr.settling import Outcome, settle_bills
from counter.payments.qr.views import (
    Account,
    Intent,
    accounts,
    intent,
    intent_by_code,
    intents_at_till,
    intents_of_bills,
    is_unconfirmed,
)

__all__ = [
    "MOVES",
    "OPEN_INTENTS",
    "Account",
    "AccountUnreadable",
    "BankAccountUnknown",
    "BillBeingTransferred",
    "CustomerSide",
    "Intent",
    "IntentIsClosed",
    "NoBankAccount",
    "NotWaitingForCash",
    "NothingLeftForTransfer",
    "Outcome",
    "ReferenceMissing",
    "ReferenceUnreadable",
    "ReferenceUsed",
    "Showing",
    "SlipUnreadable",
    "UnknownIntent",
    "account_reason",
    "accounts",
    "add_account",
    "cancel_intent",
    "code_for",
    "confirm_by_hand",
    "customer_side",
    "expire_intents",
    "finish_in_cash",
    "intent",
    "intent_by_code",
    "intents_at_till",
    "intents_of_bills",
    "is_unconfirmed",
    "open_intent",
    "settle_bills",
    "take_slip",
]
