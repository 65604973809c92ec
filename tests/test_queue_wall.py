"""The board on the wall: readable from afar at every size, no names, a bell for each call, and it outlives its database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from kit import KEEPER, MONDAY, OFFICE, Tray, put_bill
from rich.cells import cell_len
from screens_kit import screen_text
from test_keys import until

from counter import queue
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.locale import language, use_language
from counter.queue import Board, CalledLine
from counter.queue.office_rules import LETTERS
from counter.screens.queue.wall import WallApp
from counter.screens.queue.wall_lines import Seen, rung, wall_lines
from counter.screens.widgets.digits import dots, drawn, scale_for
from db.engine import open_database

NOW = datetime(2026, 11, 23, 2, 45, tzinfo=UTC)
SIZES = [(40, 10), (80, 24), (120, 36), (200, 56), (250, 70)]


@pytest.fixture(autouse=True)
def english() -> Any:
    was = language()
    use_language("en")
    yield
    use_language(was)


def called(number: str, till: str, *, calls: int = 1, minutes: int = 0) -> CalledLine:
    return CalledLine(number, till, calls, NOW - timedelta(minutes=minutes))


def a_board(*lines: CalledLine, inside: int = 5) -> Board:
    recent = tuple(called(f"A{number:03d}", "Q1") for number in range(5, 10))
    return Board(NOW.date(), inside, 8, 3, lines, recent, (), ("A003", "A007"), ())


# --- block letters ----------------------------------------------------------------------------------------------------


def test_a_figure_is_as_wide_and_as_high_as_its_scale_says() -> None:
    for scale in (1, 2, 3, 5):
        rows = drawn("A012▶Q1", scale=scale)
        assert len(rows) == (7 * scale + 1) // 2
        assert {len(row) for row in rows} == {39 * scale}


def test_every_letter_and_digit_of_a_number_looks_like_no_other() -> None:
    letters = "0123456789" + LETTERS
    assert len({tuple(dots(letter)) for letter in letters}) == len(letters)


def test_an_accent_falls_and_an_unknown_sign_is_a_question_mark() -> None:
    assert dots("Đ") == dots("D")
    assert dots("ế") == dots("E")
    assert dots("☃") == dots("?")


def test_what_does_not_fit_has_no_scale() -> None:
    assert scale_for("A012▶Q1", width=38, height=20) == 0
    assert scale_for("A012▶Q1", width=80, height=3) == 0


# --- the lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 9])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_wall_fits_every_screen(size: tuple[int, int], count: int, lang: str) -> None:
    use_language(lang)
    width, height = size
    lines = [called(f"A{12 + n:03d}", f"Q{n + 1}", minutes=n) for n in range(count)]
    for is_away in (False, True):
        seen = Seen("Điện lực Lạng Giang", a_board(*lines), now=NOW, heard_at=NOW, is_away=is_away)
        shown = wall_lines(seen, width=width, height=height)
        assert len(shown) == height
        assert max(cell_len(line.text) for line in shown) <= width


def test_the_newest_call_is_the_largest_and_one_called_again_comes_first() -> None:
    first, second = called("A012", "Q1", calls=2, minutes=5), called("A013", "Q2")
    big = drawn("A012▶Q1", scale=2)[0].strip()
    at_rest = wall_lines(Seen(board=a_board(second, first), now=NOW), width=80, height=30)
    loud = wall_lines(Seen(board=a_board(second, first), now=NOW, loud=first), width=80, height=30)
    place = [next(n for n, line in enumerate(lines) if big in line.text) for lines in (at_rest, loud)]
    assert place[0] > place[1]


def test_only_what_was_not_called_before_rings() -> None:
    one, two = called("A012", "Q1"), called("A013", "Q2")
    assert rung(a_board(one), a_board(one, two)) == (two,)
    assert rung(a_board(one, two), a_board(one)) == ()
    again = called("A012", "Q1", calls=2)
    assert rung(a_board(one), a_board(again)) == (again,)


def test_a_full_room_says_to_wait_outside() -> None:
    text = "\n".join(line.text for line in wall_lines(Seen(board=a_board(inside=8), now=NOW), width=80, height=24))
    assert "FULL" in text and "8/8" in text


# --- the app ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def on_the_wall(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Any, list[int]]]:
    """The board of the desk's office, sitting at a desk of its own; its bells are counted."""
    bells: list[int] = []
    monkeypatch.setattr(WallApp, "bell", lambda _self: bells.append(1))
    url = desk.database.engine.url.render_as_string(hide_password=False)

    def sit() -> Desk:
        return Desk(database=open_database(url), office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, paper=Tray())

    async with WallApp(sit).run_test(size=(80, 24)) as pilot:
        yield pilot, bells


def shows(pilot: Any, number: str, till: str) -> bool:
    return drawn(f"{number}▶{till}", scale=2)[1].strip() in screen_text(pilot)


async def test_a_call_is_on_the_wall_by_itself_with_one_bell_and_no_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(put_bill, code="PA05010000001", number=1, amount=100_000, name="Nguyễn Văn An")
    ticket = desk.do(queue.issue, ticket_id=new_id(), customer_code="PA05010000001", by=None)
    async with on_the_wall(desk, monkeypatch) as (pilot, bells):
        await until(lambda: "1 waiting" in screen_text(pilot))
        desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
        await until(lambda: shows(pilot, ticket.number, "Q1"))
        assert len(bells) == 1
        desk.do(queue.recall, move_id=new_id(), till_code="Q1", by=None)
        await until(lambda: len(bells) == 2)
        assert "An" not in screen_text(pilot).split() and "PA05010000001" not in screen_text(pilot)


async def test_what_was_called_before_the_board_was_switched_on_does_not_ring(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(queue.issue, ticket_id=new_id(), by=None)
    called_now = desk.do(queue.call_next, call_id=new_id(), till_code="Q2", by=None)
    async with on_the_wall(desk, monkeypatch) as (pilot, bells):
        await until(lambda: shows(pilot, called_now.number, "Q2"))
        assert bells == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_board_whose_database_goes_away_keeps_its_numbers_says_so_and_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    desk.do(queue.issue, ticket_id=new_id(), by=None)
    first = desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    name = desk.database.engine.url.database
    async with on_the_wall(desk, monkeypatch) as (pilot, bells):
        await until(lambda: shows(pilot, first.number, "Q1"))
        desk.database.close()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            await until(lambda: "No word from the database" in screen_text(pilot))
            assert shows(pilot, first.number, "Q1"), "the last good numbers stay"
            connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        desk.do(queue.issue, ticket_id=new_id(), by=None)
        second = desk.do(queue.call_next, call_id=new_id(), till_code="Q2", by=None)
        await until(lambda: shows(pilot, second.number, "Q2"))
        await until(lambda: "No word" not in screen_text(pilot))
        assert len(bells) == 1


async def test_a_board_that_starts_without_its_database_waits_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.screens.queue.wall.AGAIN", (0.05,))
    url = desk.database.engine.url.render_as_string(hide_password=False)
    tries: list[int] = []

    def sit() -> Desk:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("no route to host")
        return Desk(database=open_database(url), office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, paper=Tray())

    async with WallApp(sit).run_test(size=(80, 24)) as pilot:
        await until(lambda: "Nobody is waiting" in screen_text(pilot))
        assert len(tries) == 3
        await pilot.press("q")


async def test_a_database_that_is_silent_for_too_long_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_the_wall(desk, monkeypatch) as (pilot, _bells):
        await until(lambda: "Nobody is waiting" in screen_text(pilot))
        app = pilot.app
        app._clock = StillClock(app.seen.heard_at + timedelta(minutes=2))
        app.tick()
        await until(lambda: "No word from the database" in screen_text(pilot))
