"""The home: the folder that holds a till's database, settings, pepper, backups and log; and the desk that stands in it."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from counter.config import Settings, load_settings
from counter.desk import Desk, TillPaper, open_desk
from counter.errors import BadInput, NotAvailable
from counter.folder import DATABASE, HEADS, PEPPER, SETTINGS, address_of, database_url, home_named, missing_file, read_own
from counter.locale import N_, use_language
from counter.office import office_codes
from counter.people import PinKeeper
from counter.printer import paper_of


class NoOffice(NotAvailable):
    """A home without an office yet."""

    why = N_("There is no office in {home} yet.")
    todo = N_("Make one with “counter init”, or look around in “counter demo”.")


class PepperMissing(NotAvailable):
    """The secret that PINs are mixed with is not where it should be."""

    why = N_("The PIN secret is missing: {path}")
    todo = N_("Copy the file “pepper” from the office's first computer or its backup; without it no PIN is right.")


class SettingsWrong(BadInput):
    """The settings file cannot be read, or holds what no setting may be."""

    why = N_("The settings in {path} are wrong: {detail}")
    todo = N_("Correct the file; docs/settings.md lists every key.")


class EnvironmentWrong(BadInput):
    """A variable of the environment holds what its setting may not be."""

    why = N_("The environment variable {name} is wrong: {detail}")
    todo = N_("Correct it or take it out; docs/settings.md lists what each setting may be.")


class HomeNotWritable(NotAvailable):
    """The folder cannot be made or written."""

    why = N_("The folder {home} cannot be written: {detail}")
    todo = N_("Choose another one with --home, or give yourself the right to write there.")


@dataclass(frozen=True, slots=True)
class Home:
    """An opened home: its folder, its settings and the database it uses."""

    path: Path
    settings: Settings
    url: str

    @property
    def exports(self) -> Path:
        """Where files for people go."""
        return self.path / "exports"

    @property
    def is_guest(self) -> bool:
        """Whether the database was only named for this once (`--db`), and this home works with another one."""
        own = self.path / DATABASE
        usual = os.environ.get("COUNTER_DB") or (address_of(own) if own.exists() else self.url)
        return self.url != usual


def open_home(*, home: str | None = None, db: str | None = None, lang: str | None = None) -> Home:
    """The home that was named, or the usual one, with its settings in force.

    Raises SettingsWrong, EnvironmentWrong, HomeNotWritable.
    """
    path = home_named(home)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = path.resolve()
    except OSError as error:
        raise HomeNotWritable(home=path, detail=error.strerror) from error
    try:
        settings = load_settings(path, lang=lang)
    except (ValueError, OSError) as error:
        if variable := _variable_of(error):
            raise EnvironmentWrong(name=variable, detail=_short(error)) from error
        raise SettingsWrong(path=path / SETTINGS, detail=_short(error)) from error
    use_language(settings.lang)
    return Home(path, settings, database_url(path, db))


def _variable_of(error: Exception) -> str:
    """The environment variable that is to blame, or nothing: the environment goes before the file."""
    from pydantic import ValidationError

    key = str(error.errors()[0]["loc"][0]) if isinstance(error, ValidationError) and error.errors()[0]["loc"] else ""
    return next((name for name in os.environ if key and name.upper() == f"COUNTER_{key.upper()}"), "")


def _short(error: Exception) -> str:
    """The first complaint of a long one, in one line."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return said.splitlines()[0] if said else type(error).__name__


def pin_keeper(home: Home) -> PinKeeper:
    """The keeper with this home's pepper. Raises PepperMissing."""
    path = Path(home.settings.pepper_file) if home.settings.pepper_file else home.path / PEPPER
    try:
        pepper = read_own(path).strip()
    except OSError as error:
        raise PepperMissing(path=path) from error
    if len(pepper) < 16:
        raise PepperMissing(path=path)
    return PinKeeper(pepper=pepper, cost=home.settings.pin_cost)


def make_pepper(home: Home) -> None:
    """Write a new secret that only this user may read, unless there is one."""
    path = Path(home.settings.pepper_file) if home.settings.pepper_file else home.path / PEPPER
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())


def sit_down(
    home: Home,
    *,
    till_code: str = "",
    office_id: str = "",
    paper: TillPaper | None = None,
    pins: PinKeeper | None = None,
) -> Desk:
    """The desk of this home. Without `office_id` the one office of the database. Raises NoOffice, PepperMissing.

    `pins`: for who only looks and proves nobody; without it the home's own secret.
    """
    missing = missing_file(home.url)
    if not office_id and missing is not None:
        raise NoOffice(home=home.path if missing == home.path / DATABASE else missing)
    desk = open_desk(
        url=home.url,
        home=home.path,
        office_id=office_id,
        pins=pins or pin_keeper(home),
        paper=paper or paper_of(home.settings),
        till_code=till_code or home.settings.till,
    )
    if not office_id:
        codes = desk.see(office_codes)
        if not codes:
            raise NoOffice(home=home.path)
        desk.office_id = codes[0]
    return desk


def known_heads(home: Home) -> dict[str, tuple[int, str]]:
    """The chain heads this home saw last, kept beside the database: {till: (seq, hash)}."""
    try:
        held = json.loads(read_own(home.path / HEADS))
        return {str(till): (int(seq), str(digest)) for till, (seq, digest) in held.items()}
    except (OSError, ValueError, TypeError):
        return {}


def heads_to_find(home: Home) -> dict[str, tuple[int, str]]:
    """Those that must be in the books at hand; of a database named for this once nothing was seen before."""
    return {} if home.is_guest else known_heads(home)


def remember_heads(home: Home, heads: dict[str, tuple[int, str]]) -> None:
    """Keep the heads outside the database, so that an older copy put in its place is noticed."""
    half = home.path / (HEADS + ".part")
    with half.open("w", encoding="utf-8") as file:
        json.dump(heads, file)
        file.flush()
        os.fsync(file.fileno())  # a name without its bytes would forget every head
    half.replace(home.path / HEADS)
