"""Why a transfer is not asked for, or not believed."""

from counter.errors import BadInput, Refused
from counter.locale import N_


class NoBankAccount(Refused):
    """The office has no account to transfer to."""

    why = N_("This office has no bank account for transfers yet.")
    todo = N_("A supervisor adds one: “counter bank account add”.")


class BankAccountUnknown(Refused):
    """An account that is not the office's."""

    why = N_("{account} is not an account of this office.")
    todo = N_("See the accounts with “counter bank account list”.")


class UnknownIntent(Refused):
    """A transfer nobody asked for here."""

    why = N_("There is no transfer {intent} here.")
    todo = N_("Check the code, or show a new one.")


class IntentIsClosed(Refused):
    """The transfer was settled, cancelled or has expired."""

    why = N_("The transfer {code} is no longer open: {state}.")
    todo = N_("Show a new code for what is still owed.")


class NothingLeftForTransfer(Refused):
    """The cash covers everything."""

    why = N_("The cash covers the whole amount: nothing is left to transfer.")
    todo = N_("Take the money in cash.")


class NotWaitingForCash(Refused):
    """No transfer of this basket waits for its cash part."""

    why = N_("The transfer {code} does not wait for cash.")
    todo = N_("Wait until the transfer has come, then take the rest in cash.")


class ReferenceUnreadable(BadInput):
    """A number or a name with letters of another alphabet, which look like ours."""

    why = N_("“{text}” holds letters that are not A–Z.")
    todo = N_("Type it again from the slip or the phone, with the letters A–Z and digits.")


class ReferenceMissing(BadInput):
    """A confirmation by hand, or a slip, without its reference."""

    why = N_("The reference is missing.")
    todo = N_("Type the transaction number that the bank's app or the slip shows.")


class ReferenceUsed(Refused):
    """The same slip or transaction was used before."""

    why = N_("The reference {reference} of {partner} was already used for {number}.")
    todo = N_("Ask for another proof; the same transaction pays only once.")


class SlipUnreadable(BadInput):
    """A slip that names neither a card's bank nor a wallet."""

    why = N_("The partner is missing: which bank's card terminal, or which wallet?")
    todo = N_("Type its name, for example VCB or MoMo.")


class BillBeingTransferred(Refused):
    """Somebody is paying the bill by transfer just now."""

    why = N_("The bill {bill} is just being paid by transfer at till {till} ({code}).")
    todo = N_("Wait for that transfer, or give it up there first; cash can be taken, and the transfer becomes surplus.")
