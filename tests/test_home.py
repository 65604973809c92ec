"""The home: its own files, the database it means, and what it remembers of the books."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from kit import open_test_office

from counter.demo import BOSS, NotTheDemo, demo_home, lay_out
from counter.desk import Desk
from counter.folder import DATABASE, address_of, missing_file, read_own
from counter.home import (
    Home,
    NoOffice,
    PepperMissing,
    SettingsWrong,
    heads_to_find,
    known_heads,
    open_home,
    pin_keeper,
    remember_heads,
    sit_down,
)
from counter.keepsafe import backup, heads_of, remember_seen
from counter.people import user_named
from db.engine import open_database
from db.migrate import bring_up_to_date


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("COUNTER_DB", "COUNTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "pepper").write_bytes(b"0123456789abcdef")
    return tmp_path / "home"


def office_in(path: Path) -> Desk:
    database = open_database(address_of(path))
    bring_up_to_date(database)
    return open_test_office(database)


ENDLESS: dict[str, Callable[[Path], None]] = {
    "a folder": lambda path: path.mkdir(),
    "a file without end": lambda path: path.write_bytes(b"x" * 1_000_001) and None,
    "a pipe": lambda path: os.mkfifo(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", [kind for kind in ENDLESS if os.name == "posix" or kind.startswith("a f")])
def test_what_would_be_waited_for_or_never_ends_is_none_of_our_files(folder: Path, kind: str) -> None:
    for name in ("pepper", "settings.toml"):
        (folder / name).unlink(missing_ok=True)
        ENDLESS[kind](folder / name)
        with pytest.raises(OSError):
            read_own(folder / name)
    with pytest.raises(SettingsWrong):
        open_home(home=str(folder))
    (folder / "settings.toml").rename(folder / "away")
    with pytest.raises(PepperMissing):
        pin_keeper(open_home(home=str(folder)))


def test_what_limits_a_person_is_no_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older home's key is passed over, and a till's environment is not looked at."""
    (folder / "settings.toml").write_text("difference_limit = 9000000\nidle_minutes = 7\n")
    monkeypatch.setenv("COUNTER_DIFFERENCE_LIMIT", "9000000")
    settings = open_home(home=str(folder)).settings
    assert (settings.idle_minutes, hasattr(settings, "difference_limit")) == (7, False)


def test_colours_that_there_are_not_are_told(folder: Path) -> None:
    (folder / "settings.toml").write_text('theme = "nope"\n')
    with pytest.raises(SettingsWrong, match="theme"):
        open_home(home=str(folder))


def test_looking_makes_no_database(folder: Path, tmp_path: Path) -> None:
    for db in (None, address_of(tmp_path / "new 50%?.db")):
        with pytest.raises(NoOffice):
            sit_down(open_home(home=str(folder), db=db))
    assert [one.name for one in tmp_path.rglob("*.db")] == []
    assert missing_file("postgresql+psycopg://u@h/x") is None


# --- what was seen before ---------------------------------------------------------------------------------------------


def test_a_database_named_for_once_leaves_what_the_home_remembers(folder: Path, tmp_path: Path) -> None:
    own, other = office_in(folder / DATABASE), office_in(tmp_path / "other.db")
    home = open_home(home=str(folder))
    guest = open_home(home=str(folder), db=other.database.url)
    remember_seen(guest, other)
    assert known_heads(home) == {}
    remember_seen(home, own)
    assert (home.is_guest, guest.is_guest) == (False, True)
    remember_seen(guest, other)
    backup(guest, other, target=tmp_path / "b.db")
    assert known_heads(home) == heads_of(own) != heads_of(other)
    assert (heads_to_find(home), heads_to_find(guest)) == (heads_of(own), {})


def test_a_home_whose_database_is_always_named_remembers_it(folder: Path, tmp_path: Path) -> None:
    other = office_in(tmp_path / "other.db")
    home = open_home(home=str(folder), db=other.database.url)
    remember_seen(home, other)
    assert heads_to_find(home) == heads_of(other)


def test_rows_that_are_gone_are_not_forgotten_by_a_backup_or_the_programs_end(folder: Path, tmp_path: Path) -> None:
    desk, home = office_in(folder / DATABASE), open_home(home=str(folder))
    seen = heads_of(desk) | {"Q1": (99, "0" * 64)}
    remember_heads(home, seen)
    remember_seen(home, desk)
    backup(home, desk, target=tmp_path / "b.db")
    assert known_heads(home) == seen


# --- the demo ---------------------------------------------------------------------------------------------------------


def demo_in(home: Home) -> dict[str, object]:
    return lay_out(home, customers=10, bills=10, seed=1, progress=lambda _text: None)


def test_the_demo_never_goes_where_the_environment_says_a_real_office_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = address_of(tmp_path / "real.db")
    monkeypatch.setenv("COUNTER_DB", real)
    monkeypatch.setenv("COUNTER_HOME", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    home = demo_home()
    assert (home.path == folder, home.url) == (False, address_of(home.path / DATABASE))
    assert demo_home(db=real).url == real  # only who names it means it


def test_the_demo_refuses_a_real_office_and_changes_nothing(folder: Path) -> None:
    desk = office_in(folder / DATABASE)
    before = heads_of(desk)
    with pytest.raises(NotTheDemo):
        demo_in(demo_home(home=str(folder)))
    assert heads_of(desk) == before


def test_a_demo_that_was_cut_off_goes_on(folder: Path) -> None:
    def cut(_text: str) -> None:
        raise KeyboardInterrupt

    home = demo_home(home=str(folder))
    with pytest.raises(KeyboardInterrupt):
        lay_out(home, customers=10, bills=10, seed=1, progress=cut)
    for _again in range(2):
        assert demo_in(home)["customers"] == 10
    assert sit_down(home).see(user_named, login="ngan").user_id == BOSS
