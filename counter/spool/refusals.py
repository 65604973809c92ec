"""Why a paper's state is not changed."""

from __future__ import annotations

from counter.errors import Refused
from counter.locale import N_


class UnknownJob(Refused):
    """No such print job in this office."""

    why = N_("There is no print job “{job}”.")
    todo = N_("See the open ones: counter printer jobs.")


class NothingToAnswer(Refused):
    """A question about paper that is not asked: the job is printed, answered, or nothing was sent yet."""

    why = N_("Nobody asks about this paper any more, or nothing was sent yet.")
    todo = N_("Look at the list of papers again.")


class AlreadySent(Refused):
    """A paper that left for the printer cannot be taken out of the queue."""

    why = N_("This paper was already sent to the printer.")
    todo = N_("Look at the printer, then answer whether it came out.")


class WhyOpenDrawer(Refused):
    """A drawer opened without a sale and without a reason."""

    why = N_("The drawer opens without a payment only for a reason.")
    todo = N_("Write why, in a few words.")


class NoPrinterHere(Refused):
    """Something for a printer at a till that has none."""

    why = N_("This till has no printer: nothing is printed.")
    todo = N_("Connect one: Settings, Printer; or counter printer use.")
