"""What a staged file changes, as statements over whole sets: the same conditions count beforehand and apply afterwards.

What the file does not say (an empty phone, no due day) never overwrites what is known. A bill with a live settlement is
never touched here: see counter.bills.cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, insert, literal, or_, select, update
from sqlmodel import Session, SQLModel

from counter.bills.places import STAGED_BILL, STAGED_CUSTOMER
from db.scope import office_of
from db.states import BillState
from db.tables import AdvanceMove, Bill, Customer, MeterBook, Settlement


def table(model: type[SQLModel]) -> Any:
    """The Core table of a model."""
    return model.__table__  # type: ignore[attr-defined]


B, C, S, A, BOOK = (table(model) for model in (Bill, Customer, Settlement, AdvanceMove, MeterBook))
N, P = STAGED_BILL.c, STAGED_CUSTOMER.c
MONEY: Final = ("customer_code", "kind", "year", "month", "ky", "net", "vat", "amount")
"""What a bill is about: a change of these after it was paid is a case."""
_WHERE_SAID: Final = {"vat_percent": "", "kwh": 0, "meter_number": "", "book_code": "", "issued_day": None, "due_day": None}
_CUSTOMER_SAID: Final = ("address", "phone", "meter_number", "book_code")


@dataclass(frozen=True, slots=True)
class Effect:
    """How many bills a file adds and updates."""

    added: int
    updated: int


def same_bill(office_id: str) -> ColumnElement[bool]:
    """The staged line and the office's bill are the same bill."""
    return and_(B.c.office_id == office_id, B.c.bill_id == N.bill_id)


def is_paid(office_id: str) -> ColumnElement[bool]:
    """The bill has a live settlement."""
    live = and_(S.c.office_id == office_id, S.c.bill_id == B.c.bill_id, S.c.reversed_by.is_(None))
    return exists(select(literal(1)).select_from(S).where(live).correlate(B))


def money_differs() -> ColumnElement[bool]:
    """The line claims something else that money hangs on."""
    return or_(*(B.c[name] != N[name] for name in MONEY))


def _differs() -> ColumnElement[bool]:
    said = (and_(N[name].is_not(None), or_(B.c[name].is_(None), B.c[name] != N[name])) for name in _WHERE_SAID)
    return or_(money_differs(), *said, B.c.state != BillState.DUE)


def _changed(office_id: str) -> ColumnElement[bool]:
    return and_(same_bill(office_id), N.state == BillState.DUE.value, _differs(), ~is_paid(office_id))


def _withdrawn(office_id: str) -> ColumnElement[bool]:
    is_new = and_(N.state == BillState.WITHDRAWN.value, B.c.state == BillState.DUE)
    return and_(same_bill(office_id), is_new, ~is_paid(office_id))


def _new_bill(office_id: str) -> ColumnElement[bool]:
    there = select(literal(1)).select_from(B).where(same_bill(office_id)).correlate(STAGED_BILL)
    return and_(N.state == BillState.DUE.value, ~exists(there))


def effect(session: Session) -> Effect:
    """What the staged bills would do, counted; nothing is written."""
    office_id = office_of(session)
    pairs = STAGED_BILL.join(B, same_bill(office_id))
    count = select(func.count())
    updated = count.select_from(pairs).where(or_(_changed(office_id), _withdrawn(office_id)))
    added = count.select_from(STAGED_BILL).where(_new_bill(office_id))
    return Effect(added=session.execute(added).scalar_one(), updated=session.execute(updated).scalar_one())


def lock_known_bills(session: Session) -> None:
    """Hold the bills the file may change until the commit, so that no till pays an amount that is just changing.

    SQLite has one writer; PostgreSQL locks the rows, and who pays reads them FOR SHARE.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    office_id = office_of(session)
    touched = or_(and_(N.state == BillState.DUE.value, _differs()), N.state == BillState.WITHDRAWN.value)
    rows = select(B.c.bill_id).select_from(B.join(STAGED_BILL, same_bill(office_id))).where(touched)
    locked = rows.order_by(B.c.bill_id).with_for_update(of=B).subquery()
    session.execute(select(func.count()).select_from(locked))


def merge_books(session: Session) -> None:
    """Add the meter books that are new."""
    office_id = office_of(session)
    codes = select(N.book_code).where(N.book_code.is_not(None)).distinct().subquery()
    there = exists(select(literal(1)).select_from(BOOK).where(BOOK.c.office_id == office_id, BOOK.c.book_code == codes.c[0]))
    rows = select(literal(office_id), codes.c[0], literal("")).where(~there.correlate(codes))
    session.execute(insert(BOOK).from_select(["office_id", "book_code", "name"], rows))


def changed_customer(office_id: str) -> ColumnElement[bool]:
    """The same customer, shown differently by the file."""
    said = (and_(P[name] != "", C.c[name] != P[name]) for name in _CUSTOMER_SAID)
    moved = and_(P.book_code != "", C.c.position != P.position)
    differs = or_(C.c.name != P.name, C.c.payer_code != P.payer_code, *said, moved)
    return and_(C.c.office_id == office_id, C.c.customer_code == P.customer_code, differs)


def new_customer(office_id: str) -> ColumnElement[bool]:
    """A customer of the file that the office does not have."""
    same = and_(C.c.office_id == office_id, C.c.customer_code == P.customer_code)
    return ~exists(select(literal(1)).select_from(C).where(same).correlate(STAGED_CUSTOMER))


def update_customers(session: Session) -> None:
    """Show the known customers as the file does."""
    said = {name: _or_known(P[name], C.c[name], "") for name in _CUSTOMER_SAID}
    position = case((P.book_code != "", P.position), else_=C.c.position)
    session.execute(
        update(C)
        .where(changed_customer(office_of(session)))
        .values(
            name=P.name,
            payer_code=P.payer_code,
            position=position,
            **said,
        )
    )


def _or_known(said: Any, known: Any, nothing: str) -> Any:
    return func.coalesce(func.nullif(said, nothing), known)


def add_customers(session: Session, *, base: int) -> None:
    """Add the new customers; `search_no` follows `base` in the order of the meter books."""
    office_id = office_of(session)
    names = ["customer_code", "payer_code", "name", "address", "phone", "meter_number", "book_code", "position"]
    rows = select(literal(office_id), *(P[name] for name in names), P.place + literal(base))
    rows = rows.where(new_customer(office_id)).order_by(P.place)
    session.execute(insert(C).from_select(["office_id", *names, "search_no"], rows))


def last_search_no(session: Session) -> int:
    """The highest `search_no` in use, 0 for none."""
    found = session.execute(select(func.max(C.c.search_no)).where(C.c.office_id == office_of(session))).scalar()
    return int(found or 0)


def update_bills(session: Session, *, import_id: UUID) -> int:
    """Change and withdraw the unpaid bills the file says so of; how many."""
    office_id = office_of(session)
    values = {name: N[name] for name in MONEY} | {name: func.coalesce(N[name], B.c[name]) for name in _WHERE_SAID}
    mark = {"import_id": bindparam("by_import", import_id, type_=B.c.import_id.type)}
    changed = update(B).where(_changed(office_id)).values(**values, **mark, state=BillState.DUE)
    withdrawn = update(B).where(_withdrawn(office_id)).values(**mark, state=BillState.WITHDRAWN)
    return _run(session, changed) + _run(session, withdrawn)


def add_bills(session: Session, *, import_id: UUID) -> int:
    """Add the new bills; how many."""
    office_id = office_of(session)
    names = ["bill_id", "unit", "number", *MONEY, "state"]
    said = (N[name] if nothing is None else func.coalesce(N[name], nothing) for name, nothing in _WHERE_SAID.items())
    mark = bindparam("by_import", import_id, type_=B.c.import_id.type)
    rows = select(literal(office_id), *(N[name] for name in names), *said, mark).where(_new_bill(office_id))
    into = ["office_id", *names, *_WHERE_SAID, "import_id"]
    return _run(session, insert(B).from_select(into, rows.order_by(N.line)))


def _run(session: Session, statement: Any) -> int:
    """The rows a statement touched, as the database counts them."""
    done: Any = session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def customers_with_advance(session: Session, *, import_id: UUID) -> tuple[str, ...]:
    """The customers with unpaid bills of this import whose advances are not used up, by code."""
    office_id = office_of(session)
    left = select(A.c.customer_code).where(A.c.office_id == office_id).group_by(A.c.customer_code)
    left = left.having(func.sum(A.c.amount) > 0)
    rows = (
        select(B.c.customer_code)
        .where(B.c.office_id == office_id, B.c.customer_code.in_(left))
        .where(B.c.import_id == import_id, B.c.state == BillState.DUE, ~is_paid(office_id))
        .distinct()
    )
    return tuple(sorted(session.execute(rows).scalars()))


__all__ = [
    "MONEY",
    "Effect",
    "add_bills",
    "add_customers",
    "changed_customer",
    "customers_with_advance",
    "effect",
    "is_paid",
    "last_search_no",
    "lock_known_bills",
    "merge_books",
    "money_differs",
    "new_customer",
    "same_bill",
    "table",
    "update_bills",
    "update_customers",
]
