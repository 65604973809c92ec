"""Why a line waits, and what it may be for, in words."""

from __future__ import annotations

from typing import Final

from counter.locale import N_, _, translate
from counter.reconcile import Why
from counter.reconcile.proposals import OpenLine, Proposal, Reason
from counter.reconcile.views import SurplusLine

WHY: Final = {
    Why.NO_CODE.value: N_("without a payment code"),
    Why.UNKNOWN_CODE.value: N_("a code nobody here gave out"),
    Why.SEVERAL_CODES.value: N_("several codes"),
    Why.OTHER_ACCOUNT.value: N_("on another account"),
    Why.DISMISSED.value: N_("dismissed"),
    Why.TOO_LITTLE.value: N_("too little"),
    Why.TOO_MUCH.value: N_("too much"),
    Why.WAITS_FOR_CASH.value: N_("the cash part is not taken"),
    Why.RETURNED.value: N_("went out again"),
}
PROPOSED: Final = {
    Reason.HELD_FOR_IT: N_("held for transfer {code}"),
    Reason.SAME_AMOUNT: N_("transfer {code} waits for this amount"),
    Reason.CUSTOMER_OWES_IT: N_("{customer} owes exactly this"),
    Reason.CUSTOMER_NAMED: N_("{customer} is named in the content"),
    Reason.RETURNED: N_("the bank took transfer {code} back: reverse its receipt"),
}
SURPLUS: Final = {
    "too_much": N_("more than was asked for"),
    "paid_before": N_("paid before"),
    "bills_gone": N_("the bills were paid meanwhile"),
    "cancelled": N_("the transfer was given up"),
    "reversed": N_("the payment was reversed"),
}


def why_words(line: OpenLine) -> str:
    """Why it did not settle by itself."""
    return translate(WHY[line.why]) if line.why in WHY else _("new")


def proposal_words(one: Proposal) -> str:
    """What the line may be for, and why that is thought."""
    return translate(PROPOSED[one.reason]).format(code=one.code, customer=one.customer_code)


def best_words(line: OpenLine) -> str:
    """The first proposal and how many more there are."""
    if not line.proposals:
        return "–"
    more = f" (+{len(line.proposals) - 1})" if len(line.proposals) > 1 else ""
    return proposal_words(line.proposals[0]) + more


def surplus_words(line: SurplusLine) -> str:
    """Where the surplus comes from; a person's own words as they were typed."""
    words = translate(SURPLUS[line.reason]) if line.reason in SURPLUS else line.reason
    return words if line.on_statement else f"{words} · {_('not on a statement yet')}"
