"""The start: the sign-in is there before the database, what is typed meanwhile counts, and what is wrong is said calmly."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import KEEPER, PIN, Tray

from counter import office
from counter.cli import run
from counter.cli.usage import frame_of
from counter.config import load_settings, save_settings
from counter.desk import Desk, open_desk
from counter.errors import Refused
from counter.folder import APP_LOCK, DATABASE, FIRST_LOOK, SETTINGS
from counter.glance import UNKNOWN, Glance, glance, remember
from counter.home import Home, open_home, sit_down
from counter.ids import new_id
from counter.locale import language, use_language
from counter.screens.app import CounterApp
from counter.screens.seat import Seat
from counter.screens.signin import SignIn
from counter.screens.supervisor import SupervisorScreen
from db.places import OneOwner
from tests.terminal import KEYS, Terminal
from tests.test_house import loaded_by

HEAVY = {
    "sqlalchemy", "sqlmodel", "pydantic", "pydantic_settings", "alembic", "typer", "reportlab", "PIL", "psycopg", "plotext",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "pepper").write_bytes(b"0123456789abcdef")
    was = language()
    home = open_home(home=str(tmp_path), lang="en")
    desk = open_desk(url=home.url, home=home.path, office_id="PA0501", pins=KEEPER)
    boss, pin_hash = new_id(), KEEPER.hash(PIN)
    names = {"name": "Điện lực Lạng Giang", "address": "", "phone": "", "supervisor_name": "Vũ Thị Ngân"}
    desk.do(office.open_office, supervisor_id=boss, supervisor_login="ngan", pin_hash=pin_hash, **names)
    desk.do(office.add_till, code="Q1", by=boss)
    desk.do(office.add_till, code="Q2", by=boss)
    desk.database.close()
    yield home
    use_language(was)


def sit(home: Home) -> Desk:
    desk = sit_down(home, paper=Tray())
    desk.pins = KEEPER
    return desk


def counter_at(home: Home, **env: str) -> Terminal:
    return Terminal([sys.executable, "-m", "counter", "--home", str(home.path), "--lang", "en"], env=env)


async def settle(pilot: Any) -> None:
    for _turn in range(6):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


# --- what is loaded ---------------------------------------------------------------------------------------------------


def test_nothing_heavy_is_loaded_before_the_first_picture(home: Home) -> None:
    look = f"from counter.glance import glance; assert glance(home={str(home.path)!r}, db=None, lang=None)"
    modules = loaded_by(f"import counter.cli, counter.screens.app; {look}")
    assert "counter.screens.signin" in modules
    assert not modules & HEAVY


def test_the_words_that_only_open_the_screen_do_not_need_typer() -> None:
    assert frame_of([]) == ({}, [])
    told = {"--home": "a b", "--lang": "en", "--db": "sqlite:///x"}
    assert frame_of(["--home", "a b", "--lang=en", "--db", "sqlite:///x"]) == (told, [])
    for words in (["demo"], ["--home", "x", "check"], ["--home"], ["--help"], ["--nonsense", "x"], ["--json"], ["-h"]):
        assert frame_of(words)[1]


# --- the glance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["", 'theme = "quay-light"\nsound = "off"\ntill = "Q2"\nlang = "en"\nidle_minutes = 3\n'])
@pytest.mark.parametrize("around", [{}, {"COUNTER_THEME": "quay-contrast", "counter_till": "Q1"}, {"COUNTER_LANG": "vi"}])
@pytest.mark.parametrize("told", [None, "en"])
def test_a_glance_at_the_settings_sees_what_judging_them_gives(
    home: Home, monkeypatch: pytest.MonkeyPatch, file: str, around: dict[str, str], told: str | None
) -> None:
    (home.path / SETTINGS).write_text(file, encoding="utf-8")
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    seen, judged = glance(home=str(home.path), db=None, lang=told), load_settings(home.path, lang=told)
    assert seen is not None
    assert (seen.lang, seen.theme or "quay-dark", seen.sound, seen.till) == (
        judged.lang,
        judged.theme,
        judged.sound,
        judged.till,
    )


@pytest.mark.parametrize("content", [b"lang = ", b'lang = "fr"', b"\xff\xfe", b"lang = 3"])
def test_settings_that_cannot_be_read_are_left_to_their_judge(home: Home, content: bytes) -> None:
    (home.path / SETTINGS).write_bytes(content)
    assert glance(home=str(home.path), db=None, lang=None) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_first_look_that_cannot_be_read_is_none(home: Home, content: bytes) -> None:
    (home.path / FIRST_LOOK).write_bytes(content)
    seen = glance(home=str(home.path), db=None, lang=None)
    assert seen is not None
    assert seen.office_line == UNKNOWN


def test_a_first_look_is_kept_and_a_folder_that_cannot_be_written_does_not_matter(home: Home) -> None:
    seen = Glance(office_line="PA0501 · Điện lực", tills=("Q1", "Q2"))
    remember(home.path, seen)
    again = glance(home=str(home.path), db=None, lang=None)
    assert again is not None
    assert (again.office_line, again.tills) == (seen.office_line, seen.tills)
    remember(home.path / "gone", seen)


# --- the screen before the desk ---------------------------------------------------------------------------------------


async def test_what_is_typed_before_the_database_is_open_signs_in_once_it_is(home: Home) -> None:
    gate = threading.Event()

    def come() -> tuple[Home, Desk]:
        gate.wait(20)
        return home, sit(home)

    async with CounterApp(seat=Seat(Glance(lang="en"), come)).run_test(size=(80, 24)) as pilot:
        await pilot.press(*"q1", "enter", *"ngan", "enter", *PIN, "enter", "f1", "escape")
        screen = pilot.app.screen
        assert isinstance(screen, SignIn)
        assert UNKNOWN in str(screen.query_one("#office").render())
        assert screen.query_one("#login").value == "ngan"
        gate.set()
        await settle(pilot)
        assert isinstance(pilot.app.screen, SupervisorScreen)
        assert pilot.app.desk.till_code == "Q1"


async def test_the_sign_in_says_whose_office_it_is_once_the_database_is_open(home: Home) -> None:
    gate = threading.Event()

    def come() -> tuple[Home, Desk]:
        gate.wait(20)
        return home, sit(home)

    seen = Glance(lang="en", office_line="PA0501 · an older name", tills=("Q1",))
    async with CounterApp(seat=Seat(seen, come)).run_test(size=(80, 24)) as pilot:
        await pilot.press(*"q2")
        assert "older name" in str(pilot.app.screen.query_one("#office").render())
        gate.set()
        await settle(pilot)
        assert "Lạng Giang" in str(pilot.app.screen.query_one("#office").render())
        assert "Q1 · Q2" in str(pilot.app.screen.query_one("#tills").render())
        assert pilot.app.screen.query_one("#till").value == "q2"
    assert (home.path / FIRST_LOOK).read_text(encoding="utf-8") == "PA0501 · Điện lực Lạng Giang\nQ1\nQ2"


async def test_a_desk_that_cannot_be_opened_ends_the_program_with_its_reason(home: Home) -> None:
    class Away(Refused):
        why = "away"

    def come() -> tuple[Home, Desk]:
        raise Away

    seat = Seat(Glance(lang="en"), come)
    app = CounterApp(seat=seat)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
    assert app._exit
    assert isinstance(seat.failure, Away)
    assert not seat.is_taken
    with pytest.raises(Away):
        _ = seat.desk


async def test_the_screen_answers_while_the_database_is_waited_for(home: Home) -> None:
    gate = threading.Event()

    def come() -> tuple[Home, Desk]:
        gate.wait(20)
        return home, sit(home)

    async with CounterApp(seat=Seat(Glance(lang="en", till="Q1"), come)).run_test(size=(80, 24)) as pilot:
        await pilot.press(*"ngan", "enter", *PIN, "enter")
        async with asyncio.timeout(5):
            await pilot.press("ctrl+q")
        gate.set()


# --- the whole program ------------------------------------------------------------------------------------------------


def test_the_program_signs_in_what_was_typed_into_the_terminal_before_it_was_there(home: Home) -> None:
    with counter_at(home) as terminal:
        terminal.send(f"q1\rngan\r{PIN}\r")
        terminal.wait_for("Vũ Thị Ngân")
        terminal.send(KEYS["f10"])
        terminal.wait_for("Login")
        terminal.send("\x11")
        assert terminal.wait_exit() == 0


def test_a_database_of_a_newer_program_is_said_calmly_after_the_first_picture(home: Home) -> None:
    with closing(sqlite3.connect(home.path / DATABASE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with counter_at(home) as terminal:
        assert terminal.wait_exit() == 3
        assert "newer version of the program" in terminal.text
        assert terminal.restored()


def test_what_is_saved_is_what_is_read_and_the_rest_of_the_file_stays(home: Home) -> None:
    (home.path / SETTINGS).write_bytes(
        '# của quầy\nreceipt_footer = "Xin cảm ơn\\nHẹn gặp lại"  # hai dòng\nsound = "off"\n'.encode()
    )
    save_settings(home.path, {"printer": {"model": 'a"\\\n', "pages": ["x"]}})
    save_settings(home.path, {"till": "Q2", "sound": "on", "printer": {"model": "b"}})
    read = load_settings(home.path)
    assert (read.receipt_footer, read.till, read.sound, read.printer) == (
        "Xin cảm ơn\nHẹn gặp lại",
        "Q2",
        "on",
        {"model": "b"},
    )
    kept = (home.path / SETTINGS).read_text(encoding="utf-8")
    assert kept.startswith("# của quầy\n") and "# hai dòng\n" in kept


@given(st.text(max_size=30))
def test_any_words_saved_as_a_setting_come_back(words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        save_settings(Path(folder), {"receipt_footer": words})
        save_settings(Path(folder), {"lang": "en"})
        assert load_settings(Path(folder)).receipt_footer == words


def test_a_wrong_variable_is_blamed_by_its_name_and_not_a_file(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COUNTER_PAPER", "bogus")
    assert run(["--home", str(home.path), "--lang", "en", "check"]) == 2
    said = capsys.readouterr().err
    assert "The environment variable COUNTER_PAPER is wrong" in said
    assert SETTINGS not in said


def test_wrong_settings_are_said_without_a_picture(home: Home) -> None:
    (home.path / SETTINGS).write_text('idle_minutes = "soon"\n', encoding="utf-8")
    with counter_at(home) as terminal:
        assert terminal.wait_exit() == 2
        assert "idle_minutes" in terminal.text


def test_a_folder_without_an_office_is_said_without_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    was = language()
    assert run(["--home", str(tmp_path / "none"), "--lang", "en"]) == 3
    use_language(was)
    assert "There is no office" in capsys.readouterr().err


def test_a_second_program_on_the_till_is_told_so(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    lock = OneOwner(home.path / APP_LOCK)
    assert lock.take()
    try:
        assert run([f"--home={home.path}", "--lang", "en"]) == 3
    finally:
        lock.let_go()
    assert "already runs" in capsys.readouterr().err
    assert os.environ.get("TEXTUAL_DISABLE_KITTY_KEY") == "1"
