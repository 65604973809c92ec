"""Why a file of debts, a customer or a case says no."""

from counter.errors import BadInput, NotAvailable, Refused
from counter.locale import N_
from counter.sheets import ColumnsMissing, ColumnTwice, EmptyFile, NoSuchSheet, NotATable


class UnknownProfile(BadInput):
    """No profile of that name, in the home or in the product."""

    why = N_("There is no import profile “{profile}”.")
    todo = N_("Choose one of the profiles: {known}.")


class BadProfile(BadInput):
    """A profile whose data cannot be used; the key is named."""

    why = N_("The import profile “{profile}” is wrong at “{key}”: {reason}.")
    todo = N_("Correct that line of the file {file}, or use the profile cmis.")


class RejectedLines(BadInput):
    """Some lines are wrong and nobody said to go on without them. Nothing went in."""

    why = N_("{count} lines of {file} are wrong, the first at line {line}: {field} “{value}”: {reason}.")
    todo = N_("Nothing was imported. Correct the file, or import again and leave the wrong lines out.")

    @property
    def details(self) -> dict[str, object]:
        """What a script needs beside the sentences: the file and its wrong lines."""
        return {"file": self.facts["file"], "rejected": self.facts["lines"]}


class NoRoomToRead(NotAvailable):
    """The temporary folder is full or cannot be written."""

    why = N_("There is no room in the temporary folder to read {file}: {reason}.")
    todo = N_("Nothing was imported. Free some room on the disk, then try again.")


class ImportCancelled(Refused):
    """The user stopped the reading. Nothing went in."""

    why = N_("The import was stopped.")
    todo = N_("Nothing was imported; start again when you like.")


class UnknownCustomer(Refused):
    """A customer this office does not have."""

    why = N_("There is no customer {customer} here.")
    todo = N_("Check the code, or bring in the newest file of debts.")


class UnknownCase(Refused):
    """No case of that number."""

    why = N_("There is no such case.")
    todo = N_("Look at the list of open cases again.")


class CaseClosed(Refused):
    """Somebody decided already."""

    why = N_("This case was already closed: {resolution}")
    todo = N_("Nothing more is to be done for it.")


class ResolutionMissing(Refused):
    """A case is closed with words."""

    why = N_("It is not said how the case was settled.")
    todo = N_("Write in a few words what was decided.")


__all__ = [
    "BadProfile",
    "CaseClosed",
    "ColumnTwice",
    "ColumnsMissing",
    "EmptyFile",
    "ImportCancelled",
    "NoRoomToRead",
    "NoSuchSheet",
    "NotATable",
    "RejectedLines",
    "ResolutionMissing",
    "UnknownCase",
    "UnknownCustomer",
    "UnknownProfile",
]
