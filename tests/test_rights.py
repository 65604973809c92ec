"""An auditor reads everything and changes nothing; a collector sees what has their own name."""

from __future__ import annotations

import pytest
from kit import PIN
from screens_kit import CODE, an_office, holds, screen_text, settle, signed_in, typed

from counter import approvals, payments, people
from counter.desk import Desk
from counter.home import Home
from counter.ids import new_id
from counter.people import NotAllowed
from counter.screens.app import CounterApp
from counter.screens.auditor import AuditorScreen
from counter.screens.collector import CollectorScreen
from counter.screens.widgets import Dialog
from db.states import ApprovalState, Role


@pytest.fixture
def desk(home: Home) -> Desk:
    desk = an_office(home)
    boss = desk.see(people.user_named, login="ngan").user_id
    for login, name, role in (("tra", "Ngô Văn Trà", Role.AUDITOR), ("son", "Hoàng Ngọc Sơn", Role.COLLECTOR)):
        facts = {"user_id": new_id(), "login": login, "name": name, "role": role, "pin_hash": desk.pins.hash(PIN)}
        desk.do(people.add_user, by=boss, **facts)  # type: ignore[arg-type]
    return desk


def words(pilot: object) -> str:
    return " ".join(screen_text(pilot).split())


async def test_an_auditor_reads_what_waits_and_decides_nothing(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎", "{f3}", "{f8}", "nham⏎", "{f6}")
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"tra⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, AuditorScreen)
        assert "Waiting for a supervisor" in words(pilot)
        for key in ("Decide", "Bring in debts", "Bank"):
            assert key not in words(pilot)
        await typed(pilot, "⏎")
        assert isinstance(pilot.app.screen, Dialog)
        assert "345.678" in words(pilot)
        assert "Approve" not in words(pilot)
        await typed(pilot, "{f5}", "{f8}", "{f4}", "{ctrl+g}")
        assert isinstance(pilot.app.screen, AuditorScreen)
        (request,) = desk.see(approvals.waiting, now=desk.clock.now())
        assert request.state is ApprovalState.WAITING


async def test_an_auditor_looks_at_receipts_and_cases_without_keys_that_change_them(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎")
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"tra⏎{PIN}⏎", "{f2}")
        assert "000001" in words(pilot)
        for key in ("Print a copy", "Reverse"):
            assert key not in words(pilot)
        await typed(pilot, "{f5}", "{f8}")
        assert desk.see(payments.receipts_of_customer, customer_code=CODE)[0].reversed_by == ""
        await typed(pilot, "{f4}")
        for key in ("Give back", "Keep in advance", "End in words"):
            assert key not in words(pilot)
        await typed(pilot, "{f9}", "{f9}", "{f7}")
        for key in ("Printer", "Layouts of papers"):
            assert key not in words(pilot)
        assert "My PIN" in words(pilot)
    holds(desk)


def test_a_copy_is_for_who_works_at_a_till(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        auditor = desk.see(people.user_named, login="tra").user_id
        desk.do(payments.reprint, payment_id=new_id(), by=auditor)


async def test_a_collector_sees_the_own_papers_only(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await typed(pilot, f"{CODE}⏎⏎⏎")
    async with CounterApp(home, desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await typed(pilot, f"son⏎{PIN}⏎")
        assert isinstance(pilot.app.screen, CollectorScreen)
        assert "No receipt has your name yet" in words(pilot)
        assert "000001" not in words(pilot)
        await typed(pilot, "{f2}", "{f3}", "{f4}", "{f5}", "⏎", "{ctrl+g}")
        assert isinstance(pilot.app.screen, CollectorScreen)
        lan = desk.see(people.user_named, login="lan").user_id
        assert [line.number for line in desk.see(payments.receipts_taken_by, user_id=lan)] == ["PA0501-Q1-26-000001"]
