"""Why a backup is not made, or not put back."""

from counter.errors import BadInput, Refused
from counter.locale import N_


class NotABackup(BadInput):
    """The file is not a whole backup of this program."""

    why = N_("{path} is not a backup that can be used: {detail}")
    todo = N_("Choose another backup; nothing was changed.")


class BackupIsOlder(Refused):
    """The backup misses rows that this home has already seen."""

    why = N_("The backup is older than the books: till {till} had {known} entries, the backup has {found}.")
    todo = N_("Take a newer backup. If there is none, a supervisor restores with --as LOGIN --accept-older.")


class BackupIsAnother(Refused):
    """The backup has other rows where this home has seen its own: it went on another way."""

    why = N_("The backup is of other books: entry {known} of till {till} is not the one that was seen here.")
    todo = N_("Take a backup of these books. If there is none, a supervisor restores with --as LOGIN --accept-older.")


class ProgramRuns(Refused):
    """A restore under a running program."""

    why = N_("The program is running on this home.")
    todo = N_("Close it everywhere, then restore.")


class DatabaseNotEmpty(Refused):
    """A dump goes into an empty database only: nothing is ever overwritten on a server."""

    why = N_("The database on the server is not empty: {detail}")
    todo = N_("Make an empty database on the server, name it with --db, restore, then point the tills to it.")
