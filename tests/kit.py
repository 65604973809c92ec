"""What tests sit down with: a tray for paper, a clock that stands still, a small office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, select

from counter import approvals, journal, office, shifts
from counter.bills.cases import given_back, note_claim
from counter.bills.merge import MONEY
from counter.clock import StillClock
from counter.desk import Desk
from counter.ids import new_id
from counter.money import Dong
from counter.people import PinKeeper, SignedIn, add_user
from db.engine import Database
from db.scope import office_of
from db.states import ApprovalAct, BillKind, BillState, CaseKind, CaseState, Role
from db.tables import AppUser, Bill, Customer, OfficeCase

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam
PIN = "246813"
KEEPER = PinKeeper(pepper=b"0123456789abcdef", cost="light")
OFFICE = "PA0501"


class Tray:
    """A till with paper: each payment's receipt waits for it in the spool."""

    prints = True


@dataclass
class Staff:
    """The people of the test office."""

    cashier: SignedIn
    other_cashier: SignedIn
    supervisor: SignedIn
    auditor: SignedIn


def at_test_office(database: Database, clock: StillClock | None = None) -> Desk:
    """A desk at till Q1 of the office that `open_test_office` opened in this database, at 08:00 on a Monday."""
    return Desk(
        database=database,
        office_id=OFFICE,
        clock=clock or StillClock(MONDAY),
        pins=KEEPER,
        paper=Tray(),
        till_code="Q1",
    )


def open_test_office(database: Database, clock: StillClock | None = None) -> Desk:
    """An office with a supervisor `ngan`, two tills and a few people, who got their PINs long ago."""
    clock = clock or StillClock(MONDAY)
    desk = at_test_office(database, clock)
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
    desk.clock = StillClock(clock.now() - timedelta(days=3650))
    for login, name, role in people:
        desk.do(add_user, user_id=new_id(), login=login, name=name, role=role, pin_hash=pin_hash, by=boss)
    desk.clock = clock
    return desk


def put_bill(
    session: Session,
    _now: datetime,
    *,
    code: str,
    number: int,
    amount: int,
    month: int = 10,
    year: int = 2026,
    ky: int = 1,
    name: str = "Nguyễn Văn An",
) -> str:
    """A customer with a bill, as an import would leave them."""
    office_id = office_of(session)
    if session.get(Customer, (office_id, code)) is None:
        last = session.exec(select(func.coalesce(func.max(Customer.search_no), 0))).one()
        session.add(
            Customer(
                office_id=office_id,
                customer_code=code,
                payer_code=code,
                name=name,
                address="Thôn Đông, xã Tân Dĩnh",
                search_no=last + 1,
            )
        )
        session.flush()
    bill_id = f"{OFFICE}-{number}"
    session.add(
        Bill(
            office_id=office_id,
            bill_id=bill_id,
            unit=OFFICE,
            number=number,
            customer_code=code,
            kind=BillKind.ACTIVE,
            year=year,
            month=month,
            ky=ky,
            net=Dong(amount - amount * 8 // 108),
            vat=Dong(amount * 8 // 108),
            vat_percent="8",
            amount=Dong(amount),
            state=BillState.DUE,
            import_id=new_id(),
        )
    )
    session.flush()
    return bill_id


def put_claim(session: Session, now: datetime, *, bill_id: str, claimed: int | None) -> UUID:
    """The case of a paid bill that CMIS claims `claimed` đồng for now, or withdrew (None), as an import would leave it."""
    bill = session.get_one(Bill, (office_of(session), bill_id))
    state = BillState.WITHDRAWN if claimed is None else BillState.DUE
    facts = {} if claimed is None else {name: getattr(bill, name) for name in MONEY} | {"amount": claimed}
    case = OfficeCase(
        office_id=bill.office_id,
        case_id=new_id(),
        kind=CaseKind.WITHDRAWN_AFTER_PAID if claimed is None else CaseKind.CHANGED_AFTER_PAID,
        state=CaseState.OPEN,
        bill_id=bill_id,
        customer_code=bill.customer_code,
        taken=bill.amount - given_back(session, bill_id),
        claimed=Dong(claimed or 0),
        details=journal.canonical({**facts, "state": state.value}),
        import_id=new_id(),
        opened_at=now,
    )
    session.add(case)
    session.flush()
    boss = session.exec(select(AppUser.user_id).where(AppUser.office_id == bill.office_id, AppUser.login == "ngan")).one()
    note_claim(session, now, case, by=boss)
    return case.case_id


def approve(
    desk: Desk,
    *,
    act: ApprovalAct,
    subject: str,
    amount: Dong,
    asked_by: SignedIn,
    granted_by: SignedIn,
    reason: str = "",
) -> UUID:
    """A second person's word on this reason, given on the spot: nobody else's act can come in between."""
    approval_id = new_id()
    desk.do(
        approvals.ask_and_grant,
        approval_id=approval_id,
        act=act,
        subject=subject,
        amount=amount,
        reason=reason,
        till_code=desk.till_code,
        by=asked_by.user_id,
        granted_by=granted_by.user_id,
    )
    return approval_id


def fill_safe(desk: Desk, by: SignedIn, amount: int = 10_000_000) -> None:
    """What lies in the safe at first."""
    desk.do(shifts.fill_safe, move_id=new_id(), amount=Dong(amount), reason="Tiền lẻ từ ngân hàng", by=by.user_id)


def open_shift(desk: Desk, cashier: SignedIn, *, till: str = "Q1", notes: dict[int, int] | None = None) -> shifts.ShiftFacts:
    """A shift with a float of 1.000.000 ₫ in change."""
    return desk.do(
        shifts.open_shift,
        shift_id=new_id(),
        till_code=till,
        cashier_id=cashier.user_id,
        notes=notes if notes is not None else {50_000: 10, 10_000: 40, 1_000: 100},
    )
