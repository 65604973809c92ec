"""The command line's frame: where the home is, who acts, and how every command ends."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from counter import __version__, loading
from counter.cli.answers import end_with, speak_plainly
from counter.cli.helping import PROGRAM, Commands, every_help, path_of
from counter.cli.human import speaking
from counter.cli.usage import refuse_bytes, wrong_usage
from counter.desk import Desk
from counter.errors import BadInput
from counter.home import Home, open_home, sit_down
from counter.ids import new_id
from counter.locale import N_
from counter.people import SignedIn

app = Commands()
Json = Annotated[bool, typer.Option("--json", help="exactly one JSON document on stdout")]
As = Annotated[str, typer.Option("--as", help="who acts; the PIN comes from COUNTER_PIN or a prompt")]
Approved = Annotated[str, typer.Option("--approved-by", help="the second person; the PIN comes from COUNTER_PIN2")]
TillOption = Annotated[str, typer.Option("--till", help="the till, for example Q1")]
Id = Annotated[str, typer.Option("--id", help="an id of yours: the same id again gives the first answer")]


class NotAnId(BadInput):
    """An --id that is no UUID."""

    why = N_("“{text}” is not a UUID.")
    todo = N_("Leave --id out, or give a UUID.")


class WhoActs(BadInput):
    """A command that needs a person got none."""

    why = N_("This command needs to know who acts.")
    todo = N_("Add --as LOGIN; the PIN comes from COUNTER_PIN or is asked for.")


class TillMissing(BadInput):
    """A command at a till without the till."""

    why = N_("This command needs to know the till.")
    todo = N_("Add --till CODE, or set “till” in the settings.")


@dataclass(slots=True)
class Call:
    """One call of the program: the options before the command, and the home they lead to."""

    home_option: str | None = None
    db_option: str | None = None
    lang_option: str | None = None
    opened: Home | None = None

    @property
    def home(self) -> Home:
        """The home, opened once."""
        if self.opened is None:
            self.opened = open_home(home=self.home_option, db=self.db_option, lang=self.lang_option)
        return self.opened

    def desk(self, *, till: str = "") -> Desk:
        """The desk of this home."""
        return sit_down(self.home, till_code=till)


call = Call()


def the_till(desk: Desk) -> str:
    """The till this desk serves, which must exist. Raises TillMissing, NoSuchTill."""
    from counter.office import require_till

    if not desk.till_code:
        raise TillMissing
    return desk.see(require_till, code=desk.till_code)


def acting(desk: Desk, login: str, *, pin_from: str = "COUNTER_PIN") -> SignedIn:
    """The person with this login, proven by PIN. Raises WhoActs, NoSuchTill, WrongPin, UserLocked."""
    from counter.office import require_till

    if not login:
        raise WhoActs
    if desk.till_code:  # wrong PINs are counted for this till: it must be one
        desk.see(require_till, code=desk.till_code)
    pin = os.environ.get(pin_from)
    if pin is None:
        pin = getpass.getpass(f"PIN {login}: ") if somebody_types() else ""
    return desk.prove(login=login, pin=pin)


def somebody_types() -> bool:
    """Whether a person sits at a terminal who can be asked; a program that was started without an input has nobody."""
    return sys.stdin is not None and sys.stdin.isatty()


def an_id(text: str) -> UUID:
    """The given id, or a new one. Raises NotAnId."""
    if not text:
        return new_id()
    try:
        return UUID(text)
    except ValueError:
        raise NotAnId(text=text[:40]) from None


@app.callback(invoke_without_command=True)
def frame(
    context: typer.Context,
    home: Annotated[str, typer.Option("--home", help="the folder of database, settings, exports and log")] = "",
    db: Annotated[str, typer.Option("--db", help="an SQLAlchemy URL: sqlite:///… or postgresql+psycopg://…")] = "",
    lang: Annotated[str, typer.Option("--lang", help="vi or en")] = "",
    version: Annotated[bool, typer.Option("--version", help="say the version")] = False,  # noqa: FBT002
) -> None:
    """Quầy: the payment counter. Without a command it opens this till's screen."""
    call.home_option, call.db_option, call.lang_option = home or None, db or None, lang or None
    call.opened = None
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        from counter.screens.app import open_screen

        raise typer.Exit(open_screen(home=call.home_option, db=call.db_option, lang=call.lang_option))


def one_bill_each(words: list[str]) -> list[str]:
    """`--bill A B C` as `--bill A --bill B --bill C`: what click's options cannot say."""
    spread: list[str] = []
    after_bill = False
    for word in words:
        if after_bill and not word.startswith("-") and spread[-1] != "--bill":
            spread.append("--bill")
        after_bill = word == "--bill" or (after_bill and not word.startswith("-"))
        spread.append(word)
    return spread


def load_commands() -> None:
    """Bring in the modules that register their commands."""
    from counter.cli import (  # noqa: F401
        bank,
        day,
        handing,
        money_back,
        office_commands,
        office_data,
        paper,
        printer,
        queue_commands,
        queue_office,
        receipts,
        serving,
        transfers,
        vietqr,
    )


def run_command(arguments: list[str]) -> int:
    """Run the command that the words name; the exit code as in counter.cli.run."""
    from typer.exceptions import TyperException

    load_commands()
    loading.done()
    speak_plainly()
    words = one_bill_each(arguments)
    as_json = "--json" in words
    command = typer.main.get_command(app)
    speaking.begin(commands=dict(every_help(command)))
    try:
        refuse_bytes(arguments, os.environ)
        outcome = command.main(words, prog_name=PROGRAM, standalone_mode=False)
        return int(outcome or 0)
    except typer.Exit as done:
        return done.exit_code
    except TyperException as wrong:  # typer carries its own click: the click package's errors are others
        if context := getattr(wrong, "ctx", None):
            speaking.now(command=path_of(context), options={})
        return end_with(wrong_usage(wrong), as_json=as_json, home=None)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        return end_with(error, as_json=as_json, home=Path(call.opened.path) if call.opened else None)
