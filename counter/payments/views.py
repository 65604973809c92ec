"""Receipts as facts: what screens show, commands answer and paper is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from counter.money import Dong, notes_for
from counter.payments.inside import Recorded
from counter.payments.refusals import UnknownReceipt
from counter.payments.rules import read_receipt_number, receipt_number
from counter.people import name_of
from counter.text import period_text, safe_text
from db.scope import office_of
from db.states import BillKind, Method, PaymentKind
from db.tables import AdvanceMove, Bill, Customer, JournalRow, Payment, PaymentLine, Reprint


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What one part of the money was for. `bill_id` is empty for an advance; money in đồng, signed like the payment."""

    customer_code: str
    name: str
    address: str
    bill_id: str
    bill_number: str
    period: str
    kind: BillKind | None
    amount: Dong
    vat: Dong


@dataclass(frozen=True, slots=True)
class Receipt:
    """A numbered payment. Money in đồng: `amount` is signed, `due` is its size; instants UTC."""

    payment_id: UUID
    number: str
    kind: PaymentKind
    method: Method
    till_code: str
    shift_id: UUID | None
    business_day: date
    taken_at: datetime
    amount: Dong
    tendered: Dong
    change: Dong
    cashier: str
    approver: str
    reverses: str
    reversed_by: str
    reason: str
    months: int
    head: str
    copies: int
    lines: tuple[ReceiptLine, ...]

    @property
    def due(self) -> Dong:
        """The amount without its sign."""
        return abs(self.amount)

    @property
    def cash(self) -> Dong:
        """The part that went through the drawer, signed."""
        if self.method is Method.MIXED:
            return self.tendered - self.change
        return self.amount if self.method is Method.CASH else Dong()

    @property
    def bill_ids(self) -> tuple[str, ...]:
        """The bills it was for, in order."""
        return tuple(line.bill_id for line in self.lines if line.bill_id)

    @property
    def notes_back(self) -> dict[int, int]:
        """The change by notes, the fewest pieces: {note: pieces}."""
        return notes_for(self.change)


@dataclass(frozen=True, slots=True)
class ReceiptLineShort:
    """One line of a list of receipts."""

    payment_id: UUID
    number: str
    kind: PaymentKind
    method: Method
    amount: Dong
    taken_at: datetime
    customer: str
    reversed_by: str
    others: int
    """Customers on it beside the one that is named."""


def receipt(session: Session, *, payment_id: UUID) -> Receipt:
    """One receipt, whole. Raises UnknownReceipt."""
    payment = session.get(Payment, (office_of(session), payment_id))
    if payment is None:
        raise UnknownReceipt(number=str(payment_id))
    return _receipt(session, payment)


def first_receipt(written: Recorded, *, cashier: str, approver: str, lines: tuple[ReceiptLine, ...]) -> Receipt:
    """The receipt of a payment just written, from what its action knows: word for word what `receipt` reads later."""
    paper = written.paper
    return Receipt(
        payment_id=paper.payment_id,
        number=written.number,
        kind=paper.kind,
        method=paper.method,
        till_code=paper.till_code,
        shift_id=paper.shift_id,
        business_day=paper.business_day,
        taken_at=written.taken_at,
        amount=paper.amount,
        tendered=paper.tendered,
        change=paper.change,
        cashier=cashier,
        approver=approver,
        reverses="",
        reversed_by="",
        reason=paper.reason,
        months=paper.months,
        head=written.link.short,
        copies=0,
        lines=lines,
    )


def receipt_by_number(session: Session, *, number: str) -> Receipt:
    """The receipt with this printed number, with or without the office in front. Raises UnknownReceipt."""
    return _receipt(session, _payment_numbered(session, number))


def _payment_numbered(session: Session, number: str) -> Payment:
    place = read_receipt_number(number, office_id=office_of(session))
    payment = None
    if place is not None:
        till_code, year, count = place
        payment = session.exec(
            select(Payment).where(
                Payment.office_id == office_of(session),
                Payment.till_code == till_code,
                Payment.year == year,
                Payment.number == count,
            )
        ).first()
    if payment is None:
        raise UnknownReceipt(number=safe_text(number, limit=40))
    return payment


def line_by_number(session: Session, *, number: str) -> ReceiptLineShort:
    """As `receipt_by_number`, as a line of a list. Raises UnknownReceipt."""
    return _short(session, _payment_numbered(session, number))


def receipts_of_shift(session: Session, *, shift_id: UUID, limit: int = 500) -> list[ReceiptLineShort]:
    """The shift's receipts, newest first."""
    rows = session.exec(
        select(Payment)
        .where(Payment.office_id == office_of(session), Payment.shift_id == shift_id)
        .order_by(col(Payment.year).desc(), col(Payment.number).desc())
        .limit(limit)
    ).all()
    return [_short(session, row) for row in rows]


def receipts_of_customer(session: Session, *, customer_code: str, limit: int = 50) -> list[ReceiptLineShort]:
    """What this customer paid here, newest first."""
    ids = (
        select(PaymentLine.payment_id)
        .where(PaymentLine.office_id == office_of(session), PaymentLine.customer_code == customer_code)
        .distinct()
    )
    rows = session.exec(
        select(Payment)
        .where(Payment.office_id == office_of(session), col(Payment.payment_id).in_(ids))
        .order_by(col(Payment.taken_at).desc())
        .limit(limit)
    ).all()
    return [_short(session, row) for row in rows]


def receipts_taken_by(session: Session, *, user_id: UUID, limit: int = 50) -> list[ReceiptLineShort]:
    """The newest receipts one person took, at whichever till."""
    rows = session.exec(
        select(Payment)
        .where(Payment.office_id == office_of(session), Payment.actor_id == user_id)
        .order_by(col(Payment.taken_at).desc(), col(Payment.number).desc())
        .limit(limit)
    ).all()
    return [_short(session, row) for row in rows]


def advance_balance(session: Session, *, customer_code: str) -> Dong:
    """What is left of a customer's advances (đồng)."""
    found = session.exec(
        select(func.coalesce(func.sum(AdvanceMove.amount), 0)).where(
            AdvanceMove.office_id == office_of(session), AdvanceMove.customer_code == customer_code
        )
    ).one()
    return Dong(int(found))


def number_of(session: Session, *, payment_id: UUID) -> str:
    """The printed number of a payment."""
    row = session.get_one(Payment, (office_of(session), payment_id))
    return _number(row)


def entry_of(session: Session, *, payment_id: UUID) -> tuple[str, int]:
    """Where a payment stands in the journal and the ledger: its till and sequence."""
    row = session.get_one(Payment, (office_of(session), payment_id))
    return row.till_code, row.journal_seq


def _number(row: Payment) -> str:
    return receipt_number(office_id=row.office_id, till_code=row.till_code, year=row.year, number=row.number)


def _receipt(session: Session, payment: Payment) -> Receipt:
    office_id = payment.office_id
    head = session.exec(
        select(JournalRow.hash).where(
            JournalRow.office_id == office_id,
            JournalRow.till_code == payment.till_code,
            JournalRow.seq == payment.journal_seq,
        )
    ).one()
    advance = session.exec(
        select(AdvanceMove.months).where(AdvanceMove.office_id == office_id, AdvanceMove.payment_id == payment.payment_id)
    ).first()
    copies = session.exec(
        select(func.count())
        .select_from(Reprint)
        .where(Reprint.office_id == office_id, Reprint.payment_id == payment.payment_id)
    ).one()
    return Receipt(
        payment_id=payment.payment_id,
        number=_number(payment),
        kind=payment.kind,
        method=payment.method,
        till_code=payment.till_code,
        shift_id=payment.shift_id,
        business_day=payment.business_day,
        taken_at=payment.taken_at,
        amount=payment.amount,
        tendered=payment.tendered,
        change=payment.change,
        cashier=name_of(session, user_id=payment.actor_id),
        approver=name_of(session, user_id=payment.approver_id) if payment.approver_id else "",
        reverses=number_of(session, payment_id=payment.reverses) if payment.reverses else "",
        reversed_by=_reversed_by(session, payment.payment_id),
        reason=payment.reason,
        months=advance or 0,
        head=head[:8],
        copies=copies,
        lines=_lines(session, payment.payment_id),
    )


def _lines(session: Session, payment_id: UUID) -> tuple[ReceiptLine, ...]:
    rows = session.exec(
        select(PaymentLine, Customer, Bill)
        .join(
            Customer,
            (col(Customer.office_id) == PaymentLine.office_id) & (col(Customer.customer_code) == PaymentLine.customer_code),
        )
        .outerjoin(Bill, (col(Bill.office_id) == PaymentLine.office_id) & (col(Bill.bill_id) == PaymentLine.bill_id))
        .where(PaymentLine.office_id == office_of(session), PaymentLine.payment_id == payment_id)
        .order_by(col(PaymentLine.line))
    ).all()
    return tuple(
        ReceiptLine(
            customer_code=line.customer_code,
            name=customer.name,
            address=customer.address,
            bill_id=line.bill_id or "",
            bill_number=str(bill.number) if bill else "",
            period=period_text(year=bill.year, month=bill.month, ky=bill.ky) if bill else "",
            kind=bill.kind if bill else None,
            amount=line.amount,
            vat=bill.vat if bill else Dong(),
        )
        for line, customer, bill in rows
    )


def _reversed_by(session: Session, payment_id: UUID) -> str:
    row = session.exec(
        select(Payment).where(Payment.office_id == office_of(session), Payment.reverses == payment_id)
    ).first()
    return _number(row) if row else ""


def _short(session: Session, row: Payment) -> ReceiptLineShort:
    people = dict(
        session.exec(
            select(Customer.customer_code, Customer.name)
            .join(
                PaymentLine,
                (col(PaymentLine.office_id) == Customer.office_id)
                & (col(PaymentLine.customer_code) == Customer.customer_code),
            )
            .where(PaymentLine.office_id == row.office_id, PaymentLine.payment_id == row.payment_id)
            .order_by(col(PaymentLine.line))
        ).all()
    )
    return ReceiptLineShort(
        row.payment_id,
        _number(row),
        row.kind,
        row.method,
        row.amount,
        row.taken_at,
        next(iter(people.values()), ""),
        _reversed_by(session, row.payment_id),
        max(len(people) - 1, 0),
    )
