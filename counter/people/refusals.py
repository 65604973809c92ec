"""Why somebody is not let in, or may not do this."""

from __future__ import annotations

from counter.errors import Refused
from counter.locale import N_


class WrongPin(Refused):
    """The login or the PIN is wrong; which of them is not said."""

    why = N_("The name or the PIN is wrong.")
    todo = N_("Try again; after 5 wrong tries this user is locked at this till for 30 minutes.")


class UserLocked(Refused):
    """Too many wrong PINs at this till."""

    why = N_("{login} is locked at this till after too many wrong PINs.")
    todo = N_("Ask a supervisor to unlock, or wait 30 minutes.")


class UnknownUser(Refused):
    """No such user here."""

    why = N_("There is no user “{login}” in this office.")
    todo = N_("Check the spelling, or ask a supervisor to add the user.")


class UserLeft(Refused):
    """Their user was closed; whoever is still signed in as them writes nothing more."""

    why = N_("The user of {name} was closed.")
    todo = N_("Sign out. If it was closed by mistake, a supervisor opens it again.")


class StillHasCash(Refused):
    """Who has a drawer, or gave one away that nobody took yet, is not closed: nobody else could end that shift."""

    why = N_("{name} still answers for the shift at till {till} of {day}.")
    todo = N_("First the drawer is counted and handed over, and a supervisor takes the cash; then close the user.")


class NotClosed(Refused):
    """Only a closed user is opened again."""

    why = N_("The user {login} is not closed.")
    todo = N_("To give them a new PIN, use “counter user reset-pin”.")


class NotAllowed(Refused):
    """The person's role does not include this."""

    why = N_("{name} may not do this: it needs the role {needed}.")
    todo = N_("Ask somebody with that role.")


class WeakPin(Refused):
    """A PIN that is easy to guess."""

    why = N_("This PIN is too easy to guess or not 6 digits or more.")
    todo = N_("Choose at least 6 digits, no row like 123456 and no repeated digit.")


class PinsDiffer(Refused):
    """The new PIN was typed in two ways."""

    why = N_("The new PIN was not the same both times.")
    todo = N_("Type the new PIN twice; the old one is still in force.")


class LoginTaken(Refused):
    """The login is somebody else's."""

    why = N_("The login “{login}” is taken.")
    todo = N_("Choose another one.")


class LoginUnreadable(Refused):
    """A login of other characters than we allow."""

    why = N_("“{login}” cannot be a login.")
    todo = N_("Use 2 to 40 small letters without marks, digits, dot, dash.")


class NotOnYourself(Refused):
    """A person may not reset or unlock themselves."""

    why = N_("Nobody unlocks or resets their own PIN.")
    todo = N_("Ask another supervisor.")
