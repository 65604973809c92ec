"""What tests of the screens sit down with: a small office on SQLite, the app by Pilot, keys one by one or in a burst."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bank import ACCOUNT
from kit import KEEPER, MONDAY, PIN, Tray

from counter import office, people, shifts
from counter.audit import audit
from counter.clock import StillClock
from counter.debts import bring_debts
from counter.demo import COLUMNS
from counter.desk import Desk, open_desk
from counter.home import Home, open_home
from counter.ids import new_id
from counter.payments import qr
from counter.screens.app import CounterApp
from counter.screens.widgets import NoticeLine
from db.states import Role
from tests.test_keys import strokes

CODE = "PA05010000001"


def line(number: int, code: str, name: str, amount: int, month: int = 10) -> list[str]:
    net = round(amount / 1.08)
    return [
        "PA0501", str(number), "TD", "1", str(month), "2026", code, code, name, "Số 5, Thôn Đông, xã Tân Dĩnh", "0912345678",
        "PA0501001", "1", "12345", "100", str(net), "8", str(amount - net), str(amount), "05/10/2026", "",
    ]  # fmt: skip


def a_home(folder: Path, *, lang: str = "en") -> Home:
    """A home with a secret and no database yet."""
    (folder / "pepper").write_bytes(b"0123456789abcdef")
    return open_home(home=str(folder), lang=lang)


def an_office(home: Home) -> Desk:
    """Till Q1 with a supervisor, a cashier on an open shift, and what three customers owe."""
    clock = StillClock(MONDAY)
    desk = open_desk(
        url=home.url, home=home.path, office_id="PA0501", pins=KEEPER, paper=Tray(), till_code="Q1", clock=clock
    )
    boss, pin_hash = new_id(), KEEPER.hash(PIN)
    desk.do(
        office.open_office,
        name="Điện lực Lạng Giang",
        address="",
        phone="",
        supervisor_id=boss,
        supervisor_login="ngan",
        supervisor_name="Vũ Thị Ngân",
        pin_hash=pin_hash,
    )
    desk.do(office.add_till, code="Q1", by=boss)
    desk.clock = StillClock(MONDAY - timedelta(days=3650))  # she got her PIN long ago: today the two are two
    lan = desk.do(
        people.add_user, user_id=new_id(), login="lan", name="Trần Thị Lan", role=Role.CASHIER, pin_hash=pin_hash, by=boss
    )
    desk.clock = clock
    rows = [
        line(1, CODE, "Nguyễn Văn An", 345_678),
        line(2, "PA05010000002", "Đặng Thị Bình", 200_000),
        line(3, "PA05010000002", "Đặng Thị Bình", 100_000, month=9),
        line(4, "PA05010000003", "Công ty [/] ABC [@click=app.quit]x[/]", 500_000),
    ]
    file = home.path / "debts.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    bring_debts(desk, home=home.path, file=str(file), profile="cmis", encoding="", mode="all", import_id=new_id(), by=boss)
    notes = {50_000: 10, 1_000: 500}
    desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=lan.user_id, notes=notes)
    return desk


def an_office_with_an_account(home: Home) -> Desk:
    """`an_office` whose customers may transfer to ACCOUNT."""
    desk = an_office(home)
    boss = desk.see(people.user_named, login="ngan").user_id
    desk.do(qr.add_account, account=ACCOUNT, bin="970436", holder="DIEN LUC LANG GIANG", by=boss)
    return desk


async def burst(pilot: Any, text: str) -> None:
    """`abc{f2}50⏎` as keys with no gap, then quiet."""
    for event in strokes(text):
        pilot.app.post_message(event)
    for _turn in range(3 + text.count("⏎")):
        await settle(pilot)


async def typed(pilot: Any, *bursts: str) -> None:
    """Each text typed and answered before the next one."""
    for text in bursts:
        await burst(pilot, text)


def screen_text(pilot: Any) -> str:
    """What is on the screen, as text."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def settle(pilot: Any) -> None:
    for _turn in range(5):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@asynccontextmanager
async def signed_in(home: Home, desk: Desk, login: str = "lan") -> AsyncIterator[Any]:
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*login, "enter", *PIN, "enter")
        await settle(pilot)
        yield pilot


def taken(desk: Desk) -> shifts.Taken:
    shift = desk.see(shifts.live_shift, till_code="Q1")
    assert shift is not None
    return desk.see(shifts.taken, shift_id=shift.shift_id)


def notice(pilot: Any) -> str:
    return str(pilot.app.screen.query_one(NoticeLine).words)


def holds(desk: Desk) -> None:
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []
