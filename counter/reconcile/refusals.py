"""Why a bank line is not matched so."""

from counter.errors import BadInput, Refused
from counter.locale import N_


class UnknownLine(Refused):
    """A bank line that is not there."""

    why = N_("There is no such bank line here.")
    todo = N_("Look at the list again: somebody may have decided it.")


class LineDecided(Refused):
    """The bank line was decided before: it settles at most once."""

    why = N_("This bank line was already decided: {state}.")
    todo = N_("Look at the list again. Nothing was changed.")


class WrongAccount(Refused):
    """Money on another account than the transfer asked for."""

    why = N_("The money came to account {account}, the transfer asked for {wanted}.")
    todo = N_("Check with the bank; if it is the customer's money, put it on the surplus list.")


class TooLittle(Refused):
    """The line does not cover the chosen bills."""

    why = N_("The transfer of {amount} does not cover the bills: {due}.")
    todo = N_("Choose fewer bills, or put it on the surplus list.")


class BillsGone(Refused):
    """Every bill of a transfer was paid or withdrawn meanwhile."""

    why = N_("None of the bills of transfer {code} is owed any more.")
    todo = N_("Say that the line is not for this transfer, then put it on the surplus list.")


class SurplusResolved(Refused):
    """The surplus was credited or given back before."""

    why = N_("This surplus was already resolved: {resolution}.")
    todo = N_("Look at the list again. Nothing was changed.")


class NoCustomer(BadInput):
    """A surplus without an owner cannot be credited."""

    why = N_("Nobody knows yet whose money this is.")
    todo = N_("Name the customer first.")


class SurplusUnseen(Refused):
    """Surplus of a payment that was believed by hand and reversed, before the bank told of its money."""

    why = N_("The bank has not told of this money yet: two people believed it, and the payment was reversed.")
    todo = N_("Wait for the bank's line, or bring in the statement; then it can be given back.")


class AmountOfNothing(BadInput):
    """A bank line without an amount above zero."""

    why = N_("A bank line of {amount} is no movement.")
    todo = N_("Check the file or the message; nothing was changed.")
