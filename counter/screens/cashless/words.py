"""What a transfer is, in words for the person at the till and for the customer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from counter.cashless.banks import shipped
from counter.locale import N_, _, translate
from counter.payments.qr import Intent
from db.states import IntentState

STATES: Final = {
    IntentState.SHOWN: N_("Waiting for the transfer"),
    IntentState.UNDERPAID: N_("Too little came: {missing} more"),
    IntentState.OVERPAID: N_("Too much came: a supervisor decides"),
    IntentState.PAID: N_("✓ Received"),
    IntentState.EXPIRED: N_("The time is over: show a new code"),
    IntentState.CANCELLED: N_("Given up"),
    IntentState.LATE: N_("The money came late"),
}


def state_words(shown: Intent) -> str:
    """How the transfer stands."""
    if shown.state is IntentState.PAID and waits_for_cash(shown):
        return _("✓ Received. Take {cash} in cash now").format(cash=shown.cash_part)
    return translate(STATES[shown.state]).format(missing=shown.missing)


def waits_for_cash(shown: Intent) -> bool:
    """The transfer's part is there, the cash is not."""
    is_there = shown.state in (IntentState.PAID, IntentState.LATE) and not shown.missing
    return bool(shown.cash_part) and shown.payment_id is None and is_there


def left_words(shown: Intent, *, now: datetime) -> str:
    """`14:32` until the code is given up; empty once it no longer runs."""
    seconds = int((shown.expires_at - now).total_seconds())
    if shown.state is not IntentState.SHOWN or seconds < 0:
        return ""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def bank_words(shown: Intent) -> str:
    """`Vietcombank 1017595600`."""
    return f"{shipped().name(shown.bin)} {shown.account}"
