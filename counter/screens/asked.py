"""What a supervisor is asked: in the list in a few words, before the answer in full."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from counter import bills, payments, shifts
from counter.approvals import Request
from counter.clock import LOCAL
from counter.locale import _
from counter.money import Dong
from counter.payments import UnknownReceipt
from counter.screens.widgets import Words, as_set, figures
from counter.words import said
from db.states import ApprovalAct

if TYPE_CHECKING:
    from counter.desk import Desk

NAMED_BY_SUBJECT = (ApprovalAct.REVERSE, ApprovalAct.REFUND, ApprovalAct.KEEP)
"""Acts whose subject a person can read: a receipt, a bill, a customer."""


def what_is_asked(request: Request) -> str:
    """`Reverse a receipt PA0501-Q1-26-000003`."""
    return f"{said(request.act)} {request.subject}" if request.act in NAMED_BY_SUBJECT else str(said(request.act))


def about_request(desk: Desk, request: Request) -> list[Words]:
    """Who asks, for how much, why, and what the books say about it (a view: call it in a worker)."""
    at = request.requested_at.astimezone(LOCAL).strftime("%H:%M")
    lines: list[Words] = [
        _("{name} asks, till {till}, {at}").format(name=request.requested_by, till=request.till_code, at=at),
        *from_the_books(desk, act=request.act, subject=request.subject, amount=request.amount),
    ]
    if request.reason:
        lines.append(_("Reason: {reason}").format(reason=request.reason))
    return lines


def from_the_books(desk: Desk, *, act: ApprovalAct, subject: str, amount: Dong) -> list[Words]:
    """Whose money it is, how many bills, what was counted: what the second person signs (a view: call it in a worker)."""
    plain: list[Words] = [_("Amount: {amount}").format(amount=abs(amount))]
    if act is ApprovalAct.REVERSE:
        return _of_receipt(desk, subject) or plain
    if act is ApprovalAct.DIFFERENCE:
        return _of_shift(desk, subject, amount) or plain
    if act is ApprovalAct.FROM_SAFE:
        holds = desk.see(shifts.safe_balance)
        return [as_set(*figures((_("Amount"), amount), (_("In the safe"), holds))), ""]
    if act is ApprovalAct.ACCOUNT:
        return [_("Account: {account}").format(account=subject)]
    if act in (ApprovalAct.REFUND, ApprovalAct.KEEP):
        return [*_of_customer(desk, subject), *plain]
    return plain


def _of_customer(desk: Desk, subject: str) -> list[Words]:
    """Whose bill, or which customer."""
    code = desk.see(bills.read_scan, text=subject).customer_code
    return [f"{code}  {desk.see(bills.customer, customer_code=code).name}"] if code else []


def _of_receipt(desk: Desk, number: str) -> list[Words]:
    try:
        paid = desk.see(payments.receipt_by_number, number=number)
    except UnknownReceipt:
        return []
    names = list(dict.fromkeys(f"{line.customer_code}  {line.name}" for line in paid.lines))
    taken = paid.taken_at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
    sums = figures((_("Taken"), paid.due), (_("Bills"), len(paid.bill_ids)))
    by = _("Taken by {name} at {at}").format(name=paid.cashier, at=taken)
    return [by, as_set(*names[:4]), "", as_set(*sums), ""]


def _of_shift(desk: Desk, subject: str, amount: Dong) -> list[Words]:
    shift = desk.see(shifts.shift_facts, shift_id=UUID(subject))
    if shift.counted is None or shift.expected is None:
        return []
    rows = ((_("Expected"), shift.expected), (_("Counted"), shift.counted), (_("Difference"), amount))
    return [_("Drawer of {name}").format(name=shift.cashier), "", as_set(*figures(*rows)), ""]
