"""What is owed, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, func, text
from sqlmodel import Session, col, select

from counter.bills.refusals import UnknownCustomer
from counter.money import Dong, total
from counter.text import period_text, safe_text
from db.scope import office_of
from db.states import BillKind, BillState, CaseState
from db.tables import AdvanceMove, Bill, Customer, OfficeCase, Settlement

_CODES: Final[BindParameter[Any]] = bindparam("codes", expanding=True)
_CUSTOMERS: Final = text("""
SELECT customer_code, payer_code, name, address, phone, meter_number, book_code FROM customer
WHERE office_id = :office_id AND customer_code IN :codes""").bindparams(_CODES)
_OWED: Final = text("""
SELECT b.customer_code, count(*), sum(b.amount) FROM bill AS b WHERE b.office_id = :office_id AND b.state = 'DUE'
AND b.customer_code IN :codes AND NOT EXISTS (SELECT 1 FROM settlement AS s
  WHERE s.office_id = b.office_id AND s.bill_id = b.bill_id AND s.reversed_by IS NULL)
GROUP BY b.customer_code""").bindparams(_CODES)
_ADVANCE: Final = text("""
SELECT customer_code, sum(amount) FROM advance_move WHERE office_id = :office_id AND customer_code IN :codes
GROUP BY customer_code""").bindparams(_CODES)


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer in a list. `owed` and `advance` in đồng; `bills` unpaid ones."""

    customer_code: str
    payer_code: str
    name: str
    address: str
    phone: str
    meter_number: str
    book_code: str
    owed: Dong
    bills: int
    advance: Dong


@dataclass(frozen=True, slots=True)
class BillLine:
    """An unpaid bill. `amount` is CMIS's own total, VAT inside; `period` as people write it."""

    bill_id: str
    unit: str
    number: int
    customer_code: str
    customer_name: str
    period: str
    year: int
    month: int
    ky: int
    kind: BillKind
    amount: Dong
    net: Dong
    vat: Dong
    vat_percent: str
    kwh: int
    due_day: date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """The unpaid bills, oldest first, their sum, and what is left of advances (đồng). `cases`: how many paid bills CMIS
    changed and nobody decided on yet."""

    bills: tuple[BillLine, ...]
    owed: Dong
    advance: Dong
    cases: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the office has to collect: customers, bills ever brought in, and what is unpaid (đồng)."""

    customers: int
    bills: int
    owed: Dong


def unpaid_bills(session: Session, *, customer_code: str) -> Owed:
    """What one customer owes, oldest first. Raises UnknownCustomer."""
    if session.get(Customer, (office_of(session), customer_code)) is None:
        raise UnknownCustomer(customer=safe_text(customer_code, limit=20))
    return _owed(session, [customer_code])


def bills_by_payer(session: Session, *, payer_code: str) -> Owed:
    """What one payer owes for all contracts they pay for, oldest first. Raises UnknownCustomer."""
    codes = session.exec(
        select(Customer.customer_code).where(Customer.office_id == office_of(session), Customer.payer_code == payer_code)
    ).all()
    if not codes:
        raise UnknownCustomer(customer=safe_text(payer_code, limit=20))
    return _owed(session, list(codes))


def bills_total(session: Session, *, bill_ids: Sequence[str]) -> Dong:
    """The sum of these bills (đồng), each once; unknown ones count nothing: taking the money will name them."""
    found = session.exec(
        select(Bill.amount).where(Bill.office_id == office_of(session), col(Bill.bill_id).in_(set(bill_ids)))
    ).all()
    return Dong(sum(int(amount) for amount in found))


def customer(session: Session, *, customer_code: str) -> CustomerLine:
    """One customer with what is owed. Raises UnknownCustomer."""
    lines = customer_lines(session, codes=[customer_code])
    if not lines:
        raise UnknownCustomer(customer=safe_text(customer_code, limit=20))
    return lines[0]


def customer_lines(session: Session, *, codes: Sequence[str]) -> list[CustomerLine]:
    """These customers, in this order, with what they owe; unknown codes are left out."""
    rows = session.execute(_CUSTOMERS, {"office_id": office_of(session), "codes": list(codes)})
    by_code = {line.customer_code: line for line in lines_of(session, rows)}
    return [by_code[code] for code in codes if code in by_code]


def lines_of(session: Session, rows: Iterable[Sequence[Any]]) -> tuple[CustomerLine, ...]:
    """Rows (code, payer, name, address, phone, meter, book) with what they owe and have paid in advance."""
    rows = list(rows)
    if not rows:
        return ()
    about = {"office_id": office_of(session), "codes": [row[0] for row in rows]}
    owed = {code: (int(count), Dong(int(amount))) for code, count, amount in session.execute(_OWED, about)}
    left = {code: Dong(int(amount)) for code, amount in session.execute(_ADVANCE, about)}
    lines = []
    for code, payer, name, address, phone, meter, book in rows:
        bills, amount = owed.get(code, (0, Dong()))
        lines.append(CustomerLine(code, payer, name, address, phone, meter, book, amount, bills, left.get(code, Dong())))
    return tuple(lines)


def totals(session: Session) -> Totals:
    """The office's customers, bills and what is unpaid."""
    office_id = office_of(session)
    people = session.exec(select(func.count()).select_from(Customer).where(Customer.office_id == office_id)).one()
    bills = session.exec(select(func.count()).select_from(Bill).where(Bill.office_id == office_id)).one()
    owed = session.exec(select(func.coalesce(func.sum(Bill.amount), 0)).where(Bill.office_id == office_id, *_unpaid())).one()
    return Totals(people, bills, Dong(int(owed)))


def _unpaid() -> tuple[Any, Any]:
    live = select(Settlement.bill_id).where(
        Settlement.office_id == Bill.office_id,
        Settlement.bill_id == Bill.bill_id,
        col(Settlement.reversed_by).is_(None),
    )
    return Bill.state == BillState.DUE, ~live.correlate(Bill.__table__).exists()  # type: ignore[attr-defined]


def _owed(session: Session, codes: list[str]) -> Owed:
    office_id = office_of(session)
    rows = session.exec(
        select(Bill, Customer.name)
        .join(
            Customer,
            (col(Customer.office_id) == Bill.office_id) & (col(Customer.customer_code) == Bill.customer_code),
        )
        .where(Bill.office_id == office_id, col(Bill.customer_code).in_(codes), *_unpaid())
        .order_by(col(Bill.year), col(Bill.month), col(Bill.ky), col(Bill.bill_id))
    ).all()
    lines = tuple(_line(bill, name) for bill, name in rows)
    advance = session.exec(
        select(func.coalesce(func.sum(AdvanceMove.amount), 0)).where(
            AdvanceMove.office_id == office_id, col(AdvanceMove.customer_code).in_(codes)
        )
    ).one()
    cases = session.exec(
        select(func.count())
        .select_from(OfficeCase)
        .where(
            OfficeCase.office_id == office_id, OfficeCase.state == CaseState.OPEN, col(OfficeCase.customer_code).in_(codes)
        )
    ).one()
    return Owed(lines, total(line.amount for line in lines), Dong(int(advance)), cases)


def _line(bill: Bill, name: str) -> BillLine:
    return BillLine(
        bill_id=bill.bill_id,
        unit=bill.unit,
        number=bill.number,
        customer_code=bill.customer_code,
        customer_name=name,
        period=period_text(year=bill.year, month=bill.month, ky=bill.ky),
        year=bill.year,
        month=bill.month,
        ky=bill.ky,
        kind=bill.kind,
        amount=bill.amount,
        net=bill.net,
        vat=bill.vat,
        vat_percent=bill.vat_percent,
        kwh=bill.kwh,
        due_day=bill.due_day,
    )
