"""Why money is not taken or not given back."""

from counter.errors import Refused
from counter.locale import N_


class NothingToPay(Refused):
    """An empty basket."""

    why = N_("No bill is chosen.")
    todo = N_("Find a customer and choose at least one bill.")


class UnknownBill(Refused):
    """A bill this office does not have."""

    why = N_("There is no bill {bill} here.")
    todo = N_("Check the number, or bring in the newest file of debts.")


class AlreadyPaid(Refused):
    """The bill was settled meanwhile, here or at another till."""

    why = N_("The bill {bill} is already paid ({number}).")
    todo = N_("Take it out of the basket. Nothing was taken.")


class BillWithdrawn(Refused):
    """CMIS no longer claims the bill."""

    why = N_("The bill {bill} was withdrawn by the billing system.")
    todo = N_("Take it out of the basket; nothing is owed for it.")


class OlderBillFirst(Refused):
    """The oldest debt is paid first, unless a supervisor allows otherwise."""

    why = N_("An older bill of {customer} is unpaid: period {period}.")
    todo = N_("Choose the older bill too, or ask a supervisor to allow it.")


class NotEnoughCash(Refused):
    """The customer handed over less than is due."""

    why = N_("The customer gave {short} too little.")
    todo = N_("Ask for {short} more, or take a bill out of the basket.")


class NotEnoughForAdvance(NotEnoughCash):
    """The customer handed over less than the months cost."""

    why = N_("The customer gave {short} too little.")
    todo = N_("Ask for {short} more, or choose fewer months.")


class TooMuchCash(Refused):
    """More than anybody hands over: a mistyped or scanned number."""

    why = N_("{tendered} is far more than {due}.")
    todo = N_("Check the amount the customer gave and type it again.")


class NoChangeInDrawer(Refused):
    """The change would be more than lies in the drawer."""

    why = N_("The drawer does not hold {change} for the change.")
    todo = N_("Ask for a smaller amount, or bring change from the safe first.")


class NoBillToGoBy(Refused):
    """An advance is counted from the newest bill, and there is none."""

    why = N_("{customer} has no bill yet to count an advance from.")
    todo = N_("Wait until a bill was brought in.")


class AdvanceTooSmall(Refused):
    """A bill is settled whole, from one purse."""

    why = N_("The advance of {customer}, {advance}, does not reach for the bill of {period}: {amount}.")
    todo = N_("Take the bill in cash. The advance pays a smaller coming bill by itself, or is given back: F3, then F4.")


class MonthsUnreadable(Refused):
    """An advance is for one, two or three months."""

    why = N_("An advance is for 1, 2 or 3 months.")
    todo = N_("Choose 1, 2 or 3.")


class UnknownReceipt(Refused):
    """No receipt of that number."""

    why = N_("There is no receipt {number} here.")
    todo = N_("Check the number on the paper.")


class CannotReverse(Refused):
    """A reversal, a refund or a used advance is not taken back this way."""

    why = N_("The receipt {number} cannot be reversed.")
    todo = N_("Only money taken for bills or in advance is reversed; ask a supervisor about anything else.")


class AlreadyReversed(Refused):
    """A receipt is reversed once."""

    why = N_("The receipt {number} was already reversed ({by}).")
    todo = N_("Nothing is left to do; nothing was given back twice.")


class PartlyGivenBack(Refused):
    """What a case gave back already would be given back twice."""

    why = N_("Of the receipt {number}, {amount} was already given back, because CMIS claims less.")
    todo = N_("It cannot be reversed any more; look at the refund among the customer's receipts.")


class AdvanceUsed(Refused):
    """Money that already paid a bill cannot be given back as an advance."""

    why = N_("Of this advance only {left} is left: the rest has paid bills.")
    todo = N_("Refund what is left instead.")


class NothingToRefund(Refused):
    """No money of the customer's is left here."""

    why = N_("There is nothing to give back to {customer}.")
    todo = N_("Look at the customer's payments.")
