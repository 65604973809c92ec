"""People: who signs in, what they may do, and the second person for acts that need two.

PINs are Argon2id over an HMAC with a pepper that lies outside the database. Wrong tries are counted for user and till,
on disk: five in a row lock for 30 minutes or until a supervisor unlocks, ten in a day until a supervisor unlocks;
the office's only supervisor, whom nobody can unlock, until the next day.
"""

from counter.people.actions import (
    add_user,
    change_own_pin,
    close_user,
    reopen_user,
    reset_pin,
    try_pin,
    unlock,
)
from counter.people.refusals import (
    LoginTaken,
    LoginUnreadable,
    NotAllowed,
    NotClosed,
    NotOnYourself,
    PinsDiffer,
    StillHasCash,
    UnknownUser,
    UserLeft,
    UserLocked,
    WeakPin,
    WrongPin,
)
from counter.people.rules import (
    PinKeeper,
    check_new_pin,
    check_pin,
    fingerprint,
)
from counter.people.views import (
    SignedIn,
    UserLine,
    hold_person,
    is_in_force,
    name_of,
    require,
    share_a_pin,
    still_here,
    user_named,
    users,
)

__all__ = [
    "LoginTaken",
    "LoginUnreadable",
    "NotAllowed",
    "NotClosed",
    "NotOnYourself",
    "PinKeeper",
    "PinsDiffer",
    "SignedIn",
    "StillHasCash",
    "UnknownUser",
    "UserLeft",
    "UserLine",
    "UserLocked",
    "WeakPin",
    "WrongPin",
    "add_user",
    "change_own_pin",
    "check_new_pin",
    "check_pin",
    "close_user",
    "fingerprint",
    "hold_person",
    "is_in_force",
    "name_of",
    "reopen_user",
    "require",
    "reset_pin",
    "share_a_pin",
    "still_here",
    "try_pin",
    "unlock",
    "user_named",
    "users",
]
