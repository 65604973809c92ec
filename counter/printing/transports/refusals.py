"""Why a printer cannot be reached, or why nobody knows what it printed."""

from __future__ import annotations

from counter.errors import BadInput, NotAvailable
from counter.locale import N_


class PrinterAway(NotAvailable):
    """No printer answers. Not a byte was sent, so printing again is safe."""

    why = N_("The printer {printer} does not answer. Nothing was printed; the money is not touched.")
    todo = N_("Check power, paper and cable; the paper comes out by itself when the printer answers again.")


class PrinterUnknown(PrinterAway):
    """The system knows no such device or printer."""

    why = N_("There is no printer {printer} on this computer.")
    todo = N_("Plug it in and switch it on, or choose another one: Settings, Printer; or counter printer find.")


class PrinterForbidden(PrinterAway):
    """The system does not let this user at the printer."""

    why = N_("This user may not use the printer {printer}.")
    todo = N_("Ask the administrator: on Linux the user must be in the groups lp (USB) and dialout (serial).")


class PrinterTaken(PrinterAway):
    """Another program holds the printer."""

    why = N_("Another program is using the printer {printer}.")
    todo = N_("Close that program, or wait until it is done.")


class ExtraMissing(PrinterAway):
    """A kind of connection whose library is not installed."""

    why = N_("Printers connected this way need {library}, which is not installed.")
    todo = N_("Ask the administrator to install it: {command}")


class PaperFileLocked(PrinterAway):
    """The file for paper cannot be written."""

    why = N_("The paper cannot be written to {path}: {problem}")
    todo = N_("Choose another place: Settings, Printer; or counter printer use.")


class PaperFileTaken(PrinterAway):
    """Paper would be added to a file that is no paper: a pepper, a database, somebody's letter."""

    why = N_("{path} holds something else, or lies among the program's own files: no paper goes into it.")
    todo = N_("Choose a file that is not there yet: Settings, Printer; or counter printer use.")


class PrinterBrokeOff(NotAvailable):
    """The printer stopped in the middle: part of the paper may have come out."""

    why = N_("The printer {printer} stopped in the middle. The money is not touched.")
    todo = N_("Look at the paper: Ctrl+G on the till, or counter printer jobs, then say whether it came out.")


class AddressUnreadable(BadInput):
    """Text that names no printer's address."""

    why = N_("“{text}” is no printer's address.")
    todo = N_("Type for example 192.168.1.50, 192.168.1.50-60 or 192.168.1.0/28; at most {most} addresses at once.")
