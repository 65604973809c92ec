"""The desk: a database, paper and a clock. Screens, commands, the gateway and the tests are people sitting at one.

`do` runs one action in one transaction at one instant; `see` runs a view and writes nothing. Paper is queued by the action
itself and printed after the commit (counter/feeder/). A transaction that a database asks to repeat, or whose commit got
lost with the connection, is run again with the same ids: actions give their first answer again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Concatenate, Final, NoReturn, ParamSpec, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from counter.clock import Clock, SystemClock
from counter.errors import BadInput, NotAvailable, Refused
from counter.locale import N_
from counter.people import PinKeeper, SignedIn, try_pin
from db.engine import RETRIED, Database, DatabaseProblem, open_database, problem_of, sqlstate
from db.migrate import bring_up_to_date
from db.places import clear_away
from db.scope import is_changed

P = ParamSpec("P")
T = TypeVar("T")
TRIES: Final = 6


class DatabaseNotAvailable(NotAvailable):
    """The database cannot be used now."""

    why = N_("The database cannot be used: {detail}")
    todo = N_("Check the network or the disk; before you repeat a payment, look for it in the receipts.")


class DiskFull(NotAvailable):
    """No room to write."""

    why = N_("The disk is full: nothing can be recorded.")
    todo = N_("Nothing was taken. Take no money; free some room on the disk, then try again.")


class DatabaseBusy(NotAvailable):
    """Somebody else holds the database for too long."""

    why = N_("The database is busy with something else.")
    todo = N_("Nothing was taken. Wait a moment and try again.")


class DatabaseNewer(NotAvailable):
    """The database was made by a newer program."""

    why = N_("This database belongs to a newer version of the program.")
    todo = N_("Install the newer program on this computer; nothing was changed.")


class OnNetworkShare(NotAvailable):
    """SQLite on a network drive."""

    why = N_("The database file lies on a network drive, where money cannot be kept safely.")
    todo = N_("Move the home to a local disk, or use PostgreSQL for several tills.")


class DiskBroken(NotAvailable):
    """The database file cannot be read or written."""

    why = N_("The database file cannot be read or written: {detail}")
    todo = N_(
        "Stop taking money. Call the administrator: check the disk, run “counter check”, restore the backup if needed."
    )


class DatabaseAddressWrong(BadInput):
    """A database's address that is none we know."""

    why = N_("The address of the database cannot be used: {detail}")
    todo = N_("Write sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME, in --db or COUNTER_DB.")


_PROBLEMS: Final[dict[str, type[Refused]]] = {
    "address": DatabaseAddressWrong,
    "disk_full": DiskFull,
    "busy": DatabaseBusy,
    "newer": DatabaseNewer,
    "network_share": OnNetworkShare,
    "disk_broken": DiskBroken,
}


def refusal_of(problem: DatabaseProblem) -> Refused:
    """The calm sentence for a database that cannot be used."""
    return _PROBLEMS.get(problem.code, DatabaseNotAvailable)(detail=problem.detail[:200])


class TillPaper(Protocol):
    """Where a till's paper comes out. The feeder (counter/feeder/) takes it there."""

    @property
    def prints(self) -> bool:
        """Whether paper comes out of it: then each payment's receipt waits for it in the spool."""


class NoPaper:
    """An office that prints nothing."""

    prints = False


@dataclass(slots=True)
class Desk:
    """What people sit at. `office_id` scopes every statement; `till_code` is the till this desk serves, or empty."""

    database: Database
    office_id: str
    clock: Clock
    pins: PinKeeper
    paper: TillPaper
    till_code: str = ""

    def do(self, action: Callable[Concatenate[Session, datetime, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Run `action` in one transaction and return its result once it is on disk. Raises what the action refuses."""
        for turn in range(TRIES):
            try:
                with self.database.write() as session:
                    session.info["office_id"] = self.office_id
                    session.info["till"], session.info["prints"] = self.till_code, self.paper.prints
                    result = action(session, self.clock.now(), *args, **named)
                    others_hear = is_changed(session.info)  # read now: after the commit the session serves somebody else
                if others_hear:
                    self.database.tell(self.office_id)
                return result
            except DBAPIError as error:
                again = sqlstate(error) in RETRIED or error.connection_invalidated
                if not again or turn == TRIES - 1:
                    self._refuse(error)
                time.sleep(0.01 * 2**turn)
        raise AssertionError("unreachable")

    def see(self, view: Callable[Concatenate[Session, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Run `view` on one snapshot; nothing is written."""
        try:
            with self.database.read() as session:
                session.info["office_id"] = self.office_id
                return view(session, *args, **named)
        except DBAPIError as error:
            self._refuse(error)

    def prove(self, *, login: str, pin: str) -> SignedIn:
        """Who this is, by PIN at this till. A wrong PIN is counted on disk before it is refused."""
        outcome = self.do(try_pin, login=login, pin=pin, till_code=self.till_code, keeper=self.pins)
        if isinstance(outcome, SignedIn):
            return outcome
        raise outcome

    def _refuse(self, error: DBAPIError) -> NoReturn:
        problem = problem_of(error, url=self.database.url)
        if problem is None:
            raise error
        raise refusal_of(problem) from error


def open_desk(
    *,
    url: str,
    home: Path,
    office_id: str,
    pins: PinKeeper,
    paper: TillPaper | None = None,
    till_code: str = "",
    clock: Clock | None = None,
) -> Desk:
    """Open the database (backed up and migrated when older) and sit down. Raises NotAvailable kinds."""
    clock = clock or SystemClock()
    for folder in (home, home / "backups"):
        clear_away(folder)  # what a killed backup or restore left
    try:
        database = open_database(url)
        stamp = clock.now().strftime("%Y%m%d-%H%M%S")
        bring_up_to_date(database, backup_as=lambda old: home / "backups" / f"before-{old}-{stamp}.db")
    except DatabaseProblem as problem:
        raise refusal_of(problem) from problem
    return Desk(
        database=database, office_id=office_id, clock=clock, pins=pins, paper=paper or NoPaper(), till_code=till_code
    )
