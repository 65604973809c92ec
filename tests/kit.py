"""What tests sit down with: a tray for paper, a clock that stands still, a small office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from counter import office
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.people import PinKeeper, SignedIn, add_user
from db.engine import Database
from db.states import Role

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam
PIN = "246813"
KEEPER = PinKeeper(pepper=b"0123456789abcdef", cost="light")
OFFICE = "PA0501"


class Tray:
    """Paper lands here: the documents, in order."""

    def __init__(self) -> None:
        self.papers: list[object] = []

    def put(self, document: object) -> None:
        self.papers.append(document)


@dataclass
class Staff:
    """The people of the test office."""

    cashier: SignedIn
    other_cashier: SignedIn
    supervisor: SignedIn
    auditor: SignedIn


def open_test_office(database: Database, clock: StillClock | None = None) -> Desk:
    """An office with a supervisor `ngan`, two tills and a few people."""
    desk = Desk(
        database=database,
        office_id=OFFICE,
        clock=clock or StillClock(MONDAY),
        pins=KEEPER,
        paper=Tray(),
        till_code="Q1",
    )
    boss, pin_hash = new_id(), KEEPER.hash(PIN)
    desk.do(
        office.open_office,
        name="Điện lực Lạng Giang",
        address="Thị trấn Vôi, Bắc Giang",
        phone="19006769",
        supervisor_id=boss,
        supervisor_login="ngan",
        supervisor_name="Vũ Thị Ngân",
        pin_hash=pin_hash,
    )
    for code in ("Q1", "Q2"):
        desk.do(office.add_till, code=code, by=boss)
    people = (
        ("lan", "Trần Thị Lan", Role.CASHIER),
        ("huong", "Lê Thu Hương", Role.CASHIER),
        ("tra", "Ngô Trà", Role.AUDITOR),
    )
    for login, name, role in people:
        desk.do(add_user, user_id=new_id(), login=login, name=name, role=role, pin_hash=pin_hash, by=boss)
    return desk
