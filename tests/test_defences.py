"""Defences that nothing else would miss: each of these goes red when that one alone is taken out."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from debts import AN, bring, debts, line
from kit import Staff, approve, open_shift, put_bill
from sqlalchemy import Engine, event
from sqlmodel import Session

import db.places
from counter import bills, journal, office, payments, people
from counter.cli.app import NotAnId, TillMissing, an_id, the_till
from counter.desk import Desk, OnNetworkShare, open_desk
from counter.files import FileUnreadable, opened
from counter.folder import APP_LOCK, DATABASE, address_of
from counter.home import HomeNotWritable, open_home
from counter.ids import new_id
from counter.money import Dong
from counter.payments import BillWithdrawn, MonthsUnreadable
from counter.people import UnknownUser
from counter.screens.app import AlreadyRuns, open_screen
from counter.shifts import ShiftFacts
from counter.web import WebMissing, make_server
from db.engine import DatabaseProblem, open_database
from db.places import OneOwner
from db.scope import office_of
from db.states import ApprovalAct, ApprovalState, BillState
from db.tables import Approval, Bill


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return open_shift(desk, staff.cashier)


# --- money ------------------------------------------------------------------------------------------------------------


def test_a_bill_that_cmis_withdrew_is_not_paid(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    bill_id = desk.do(put_bill, code=AN, number=1, amount=100_000)

    def withdraw(session: Session, _now: object) -> None:
        session.get_one(Bill, (office_of(session), bill_id)).state = BillState.WITHDRAWN
        session.flush()

    desk.do(withdraw)
    with pytest.raises(BillWithdrawn):
        desk.do(
            payments.take_cash,
            payment_id=new_id(),
            bill_ids=[bill_id],
            tendered=Dong(100_000),
            shift_id=shift.shift_id,
            by=staff.cashier.user_id,
        )


@pytest.mark.parametrize("months", [0, 4])
def test_an_advance_is_for_one_to_three_months(desk: Desk, staff: Staff, shift: ShiftFacts, months: int) -> None:
    desk.do(put_bill, code=AN, number=1, amount=100_000)
    with pytest.raises(MonthsUnreadable):
        desk.do(
            payments.take_advance,
            payment_id=new_id(),
            customer_code=AN,
            months=months,
            tendered=Dong(1_000_000),
            shift_id=shift.shift_id,
            by=staff.cashier.user_id,
        )


def test_no_row_of_the_books_lets_somebody_approve_their_own_act(desk: Desk, staff: Staff) -> None:
    word = approve(
        desk,
        asked_by=staff.cashier,
        granted_by=staff.supervisor,
        act=ApprovalAct.REVERSE,
        subject="x",
        amount=Dong(1_000),
    )

    def forge(session: Session, _now: object) -> None:
        row = session.get_one(Approval, (office_of(session), word))
        assert row.state is ApprovalState.GRANTED
        row.decided_by = row.requested_by
        session.flush()

    with pytest.raises(Exception, match="two_people"):
        desk.do(forge)


def test_the_hash_of_a_row_covers_the_row_before() -> None:
    """A known answer, computed with `printf '%064d\\n{"a":1}' 0 | sha256sum`: anybody can verify the books."""
    first = journal.row_hash(journal.GENESIS, '{"a":1}')
    assert first == "f21735afd2cd6af4fc5804b0045cebfd545aef8396d29d030c39cb8880b45b7f"
    assert journal.row_hash(first, '{"a":1}') == "09b81390dfda283b243c9fae783b9969d7883bbd2fd8ba0ac6db8c566b45b973"


def test_no_control_character_of_an_address_enters_the_books(desk: Desk, tmp_path: Path) -> None:
    bring(desk, debts(tmp_path, line(1, DCHI_KHANG="Thôn\x1b[31m Đông\u202e,\u200b xã Tân Dĩnh", DTHOAI="09\x9b12")))
    (found,) = desk.see(bills.find_customers, text=AN).customers
    assert found.address.isprintable()
    assert "\x1b" not in found.address and "\u202e" not in found.address


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.fixture
def careless() -> Iterator[None]:
    """A driver that does not wait for the disk, whatever it was told."""

    def forget(connection: Any) -> None:
        raw = connection.connection.driver_connection
        if isinstance(raw, sqlite3.Connection):
            raw.execute("PRAGMA synchronous=OFF").close()

    event.listen(Engine, "engine_connect", forget)
    yield
    event.remove(Engine, "engine_connect", forget)


def test_opening_proves_that_a_commit_is_on_disk(careless: None, tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="not_durable"):
        open_database(address_of(tmp_path / DATABASE))


def test_opening_asks_whether_the_folder_is_a_network_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = db.places.mount_kind(tmp_path.resolve(), db.places._mounts())
    monkeypatch.setattr(db.places, "NETWORK_KINDS", frozenset({kind}))
    with pytest.raises(OnNetworkShare):
        open_desk(
            url=address_of(tmp_path / DATABASE), home=tmp_path, office_id="PA0501", pins=people.PinKeeper(pepper=b"0" * 16)
        )
    assert list(tmp_path.iterdir()) == []


# --- who, where, what -------------------------------------------------------------------------------------------------


def test_nobody_unlocks_somebody_who_is_not_there(desk: Desk, staff: Staff) -> None:
    with pytest.raises(UnknownUser):
        desk.do(people.unlock, login="nobody", by=staff.supervisor.user_id)


def test_an_offices_code_is_plain(tmp_path: Path) -> None:
    desk = open_desk(
        url=address_of(tmp_path / DATABASE), home=tmp_path, office_id="PA 05/1", pins=people.PinKeeper(pepper=b"0" * 16)
    )
    with pytest.raises(office.CodeUnreadable):
        desk.do(
            office.open_office,
            name="x",
            address="",
            phone="",
            supervisor_id=new_id(),
            supervisor_login="ngan",
            supervisor_name="x",
            pin_hash="x",
        )


def test_a_command_says_which_id_and_which_till_it_means(desk: Desk) -> None:
    with pytest.raises(NotAnId):
        an_id("nope")
    desk.till_code = ""
    with pytest.raises(TillMissing):
        the_till(desk)


# --- the computer -----------------------------------------------------------------------------------------------------


def test_a_second_program_on_a_home_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)):
        first = OneOwner(tmp_path / APP_LOCK)
        assert first.take()
    try:
        with pytest.raises(AlreadyRuns):
            open_screen(home=str(tmp_path), db=None, lang="en")
    finally:
        first.let_go()


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeNotWritable):
        open_home(home=str(tmp_path / "file" / "home"))


def test_a_disk_that_fails_while_a_file_is_read_is_told(tmp_path: Path) -> None:
    failing = Path("/proc/self/mem")  # a regular file by its mode; its first byte gives an error of input and output
    if failing.exists():
        with opened(failing) as file, pytest.raises(FileUnreadable):
            file.whole()


def test_a_missing_part_for_the_browser_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    with pytest.raises(WebMissing):
        make_server(open_home(home=str(tmp_path)), port=8090)
