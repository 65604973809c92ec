"""Why a statement is not taken in. Nothing was changed."""

from counter.errors import BadInput
from counter.locale import N_


class UnknownStatementProfile(BadInput):
    """A profile that is not there."""

    why = N_("There is no statement profile “{profile}”.")
    todo = N_("The profiles are: {known}.")


class StatementProfileWrong(BadInput):
    """A profile of the office's own that cannot be used."""

    why = N_("The statement profile {profile} is wrong at {key}: {reason}.")
    todo = N_("Correct the file {file}, or choose another profile.")


class BadStatement(BadInput):
    """A file that is no statement of the kind it claims to be."""

    why = N_("{file} cannot be read as a statement at {place}: {reason}.")
    todo = N_("Export it again from the bank, or choose the profile that fits (--profile).")


class OtherAccount(BadInput):
    """A statement of another account."""

    why = N_("{file} is a statement of account {found}, not of {account}.")
    todo = N_("Choose the right file, or name the right account.")


class ForeignCurrency(BadInput):
    """Money that is not đồng."""

    why = N_("{file} holds money in {currency} at {place}.")
    todo = N_("Only accounts in VND are brought in.")


class XmlUnsafe(BadInput):
    """XML with a document type, entities, or nested too deep: never part of a real statement."""

    why = N_("{file} is no plain CAMT.053 file: {reason}.")
    todo = N_("Take it from the bank again; do not open files from elsewhere.")


class BalanceBroken(BadInput):
    """Opening, movements and closing do not add up."""

    why = N_("{file} does not add up at {place}: {expected} expected, {found} found.")
    todo = N_("A row is missing or was changed. Export the statement again; nothing was brought in.")
