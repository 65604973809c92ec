"""Why a shift says no."""

from counter.errors import Refused
from counter.locale import N_


class NoOpenShift(Refused):
    """Nobody can take money without an open shift of their own at this till."""

    why = N_("No shift is open at this till.")
    todo = N_("Open a shift first: count the float and save it.")


class NoDrawerOut(Refused):
    """Cash is given from somebody's drawer, and none is out."""

    why = N_("No drawer is out that could give the cash.")
    todo = N_("Let a cashier open a shift first.")


class ShiftAlreadyOpen(Refused):
    """A till has one drawer and a cashier has one drawer."""

    why = N_("{name} already has a shift at till {till}.")
    todo = N_("Hand that shift over before you open another.")


class NotYourShift(Refused):
    """Money in a drawer has exactly one responsible person."""

    why = N_("This shift belongs to {name}.")
    todo = N_("Only {name} works in this drawer; hand it over before somebody else begins.")


class AlreadyCounted(Refused):
    """The drawer was counted; nothing more goes in or out."""

    why = N_("The drawer was counted, so nothing more can be taken in this shift.")
    todo = N_("Hand the shift over, then open a new one.")


class NoMoreCounts(Refused):
    """One recount, not more: counting until it fits is not counting."""

    why = N_("The drawer was already counted twice.")
    todo = N_("Hand it over with the last count; a supervisor decides on the difference.")


class NotCounted(Refused):
    """A drawer is counted before it is handed over."""

    why = N_("The drawer has not been counted yet.")
    todo = N_("Count the notes first; what should be there is shown afterwards.")


class ReasonMissing(Refused):
    """A difference, or cash moved, without a reason."""

    why = N_("A reason is missing.")
    todo = N_("Write in a few words why.")


class NotInDrawer(Refused):
    """More would leave the drawer than is in it."""

    why = N_("There is not that much cash in the drawer.")
    todo = N_("Bring change from the safe first, or correct the amount.")


class NothingMoved(Refused):
    """An empty movement."""

    why = N_("The amount is zero.")
    todo = N_("Type how much moves.")


class CashDiffers(Refused):
    """The receiver counted another sum than the giver said."""

    why = N_("{name} handed over {said}, and you counted {counted}.")
    todo = N_("Count once more together. If it stays so, refuse the cash with a reason: it goes back to {name}.")


class NotInSafe(Refused):
    """More would leave the safe than the books say it holds."""

    why = N_("There is not that much cash in the safe.")
    todo = N_("Take less. If more lies in it, a supervisor first notes what came in: counter safe in.")


class NotHandedOver(Refused):
    """Only a shift on hand-over can be accepted, and once."""

    why = N_("This shift is not waiting to be accepted.")
    todo = N_("Look at the list of shifts again.")
