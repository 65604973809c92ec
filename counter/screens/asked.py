"""What a supervisor is asked: in the list in a few words, before the answer in full."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from counter import payments, shifts
from counter.approvals import Request
from counter.clock import LOCAL
from counter.locale import _
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
        *_from_the_books(desk, request),
    ]
    if request.reason:
        lines.append(_("Reason: {reason}").format(reason=request.reason))
    return lines


def _from_the_books(desk: Desk, request: Request) -> list[Words]:
    if request.act is ApprovalAct.REVERSE:
        return _of_receipt(desk, request)
    if request.act is ApprovalAct.DIFFERENCE:
        return _of_shift(desk, request)
    if request.act is ApprovalAct.FROM_SAFE:
        holds = desk.see(shifts.safe_balance)
        return [as_set(*figures((_("Amount"), request.amount), (_("In the safe"), holds))), ""]
    return [_("Amount: {amount}").format(amount=abs(request.amount))]


def _of_receipt(desk: Desk, request: Request) -> list[Words]:
    try:
        paid = desk.see(payments.receipt_by_number, number=request.subject)
    except UnknownReceipt:
        return [_("Amount: {amount}").format(amount=abs(request.amount))]
    names = list(dict.fromkeys(f"{line.customer_code}  {line.name}" for line in paid.lines))
    taken = paid.taken_at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
    sums = figures((_("Taken"), paid.due), (_("Bills"), len(paid.bill_ids)))
    by = _("Taken by {name} at {at}").format(name=paid.cashier, at=taken)
    return [by, as_set(*names[:4]), "", as_set(*sums), ""]


def _of_shift(desk: Desk, request: Request) -> list[Words]:
    shift = desk.see(shifts.shift_facts, shift_id=UUID(request.subject))
    if shift.counted is None or shift.expected is None:
        return [_("Amount: {amount}").format(amount=request.amount)]
    rows = ((_("Expected"), shift.expected), (_("Counted"), shift.counted), (_("Difference"), request.amount))
    return [_("Drawer of {name}").format(name=shift.cashier), "", as_set(*figures(*rows)), ""]
