"""A cashier's day by command: shift, pay."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from counter import approvals, payments, shifts
from counter.approvals import Word
from counter.cli.answers import say
from counter.cli.app import Approved, As, Id, Json, TillOption, acting, an_id, app, call, the_till
from counter.cli.handing_out import mention, print_now
from counter.cli.helping import Commands
from counter.cli.paper import Out, Size, a_form, a_size, write_out
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.money import Dong, read_count, read_dong
from counter.papers import as_file, shift_paper
from counter.payments import Receipt
from counter.people import SignedIn
from counter.shifts import NoOpenShift, ShiftFacts
from db.states import ApprovalAct, CashMoveKind, ShiftState

shift_app = Commands("open, count blind, hand over")
pay_app = Commands("take money, take it back")
app.add_typer(shift_app, name="shift")
app.add_typer(pay_app, name="pay")
Count = Annotated[str, typer.Option("--count", help="notes, for example 500000x2,100000x5")]
Reason = Annotated[str, typer.Option("--reason", help="why, in a few words")]
Bills = Annotated[list[str], typer.Option("--bill", help="a bill id; again for each bill")]
Tendered = Annotated[str, typer.Option("--tendered", help="what the customer gave")]


def live(desk: Desk) -> ShiftFacts:
    """The shift at this till. Raises NoOpenShift."""
    shift = desk.see(shifts.live_shift, till_code=the_till(desk))
    if shift is None:
        raise NoOpenShift
    return shift


def shift_for(desk: Desk, id_: str) -> UUID:
    """The shift a payment belongs to: the one it was taken in when this id was used before at this till, else the live one.

    Raises SameIdOtherFacts, NoOpenShift.
    """
    if id_:
        with contextlib.suppress(payments.UnknownReceipt):
            before = desk.see(payments.receipt, payment_id=an_id(id_))
            if before.shift_id is not None:
                if before.till_code != the_till(desk):
                    raise SameIdOtherFacts
                return before.shift_id
    return live(desk).shift_id


def _shift_of(desk: Desk, id_: str, person: SignedIn | None = None) -> UUID:
    """The shift a count or a movement belongs to: the one in which this id was used before, else the live one.

    `person`: who counts; their own shift at this till whose cash was refused comes first.
    """
    before = desk.see(shifts.shift_of, id_=an_id(id_)) if id_ else None
    if before is None and person is not None:
        refused = desk.see(shifts.refused_shift, cashier_id=person.user_id)
        before = refused.shift_id if refused is not None and refused.till_code == the_till(desk) else None
    return before or live(desk).shift_id


def shift_answer(desk: Desk, shift: ShiftFacts) -> dict[str, Any]:
    """A shift as commands answer it."""
    taken = desk.see(shifts.taken, shift_id=shift.shift_id)
    return {
        "shift_id": shift.shift_id,
        "till": shift.till_code,
        "cashier": shift.cashier,
        "business_day": shift.business_day,
        "state": shift.state,
        "float": shift.float_amount,
        "taken": {"cash": taken.cash, "qr": taken.qr},
        "receipts": taken.receipts,
        "reversals": taken.reversals,
        "refunds": taken.refunds,
        "expected_cash": desk.see(shifts.drawer, shift_id=shift.shift_id),
    }


@shift_app.command("open")
def shift_open(till: TillOption = "", count: Count = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Open a shift with the float counted by notes."""
    desk = call.desk(till=till)
    person, notes = acting(desk, login), read_count(count)
    shift = desk.do(shifts.open_shift, shift_id=an_id(id), till_code=the_till(desk), cashier_id=person.user_id, notes=notes)
    say(shift_answer(desk, shift), as_json=json)


@shift_app.command("show")
def shift_show(
    till: TillOption = "",
    form: Annotated[str, typer.Option("--as", help="text, pdf, png, escpos, 01-tt or 08a-tt")] = "",
    size: Size = "a5",
    out: Out = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The shift at this till now, or the last one; with --as its paper: the X report, after the hand-over the slip."""
    from counter.papers.forms import cash_count, voucher_of_shift
    from counter.printing.forms import count_pdf, voucher_pdf

    desk = call.desk(till=till)
    shift = desk.see(shifts.live_shift, till_code=the_till(desk)) or desk.see(shifts.last_shift, till_code=the_till(desk))
    if shift is None:
        raise NoOpenShift
    if not form and not out:
        say(shift_answer(desk, shift), as_json=json)
        return
    form = a_form(form or "text", "01-tt", "08a-tt")
    which, settings = shift.shift_id, call.home.settings
    if form == "01-tt":
        data = voucher_pdf(desk.see(voucher_of_shift, shift_id=which, settings=settings), size=a_size(size))
    elif form == "08a-tt":
        data = count_pdf(desk.see(cash_count, shift_id=which, settings=settings))
    else:
        paper = desk.see(shift_paper, shift_id=which, settings=settings, printed_at=desk.clock.now())
        data = as_file(paper, form=form, settings=settings)
    write_out(data, form=form, out=out, answer=shift_answer(desk, shift), as_json=json)


@shift_app.command("move")
def shift_move(
    kind: Annotated[str, typer.Argument(help="drop (to the safe) or change (from the safe)")],
    amount: str,
    reason: Reason = "",
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Move cash between the drawer and the safe; change from the safe needs a supervisor, --approved-by."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    kinds = {"drop": CashMoveKind.SAFE_DROP, "change": CashMoveKind.CHANGE_FROM_SAFE}
    if kind not in kinds:
        raise typer.BadParameter("drop | change")
    shift_id, moved, word = _shift_of(desk, id), read_dong(amount), None
    if approved_by and kind == "change":
        about: dict[str, Any] = {"subject": str(shift_id), "amount": moved, "reason": reason}
        word = word_of(person, approved_by, ApprovalAct.FROM_SAFE, **about, desk=desk)
    line = with_word(
        desk,
        shifts.move_cash,
        word,
        move_id=an_id(id),
        shift_id=shift_id,
        kind=kinds[kind],
        amount=moved,
        reason=reason,
        by=person.user_id,
    )
    say({"kind": line.kind, "amount": line.amount, "reason": line.reason}, as_json=json)


@shift_app.command("count")
def shift_count(till: TillOption = "", count: Count = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Count the drawer blind; the expected figure is told once the count is saved."""
    desk = call.desk(till=till)
    person, notes = acting(desk, login), read_count(count)
    shift_id = _shift_of(desk, id, person)
    shift = desk.do(shifts.count_drawer, count_id=an_id(id), shift_id=shift_id, notes=notes, by=person.user_id)
    say(counted_answer(shift), as_json=json)


def counted_answer(shift: ShiftFacts) -> dict[str, Any]:
    """A counted shift as commands answer it."""
    return {
        "shift_id": shift.shift_id,
        "state": shift.state,
        "counted": shift.counted,
        "expected": shift.expected,
        "difference": shift.difference,
        "reason": shift.difference_reason,
        "receiver": shift.receiver,
        "cashier": shift.cashier,
        "received": shift.received,
        "refusal": shift.refusal,
        "accepted": shift.state is ShiftState.ACCEPTED,
    }


def with_word(desk: Desk, action: Callable[..., Any], word: Word | None, **facts: Any) -> Any:
    """Do what a second person allows on the spot: their word and the act are kept together, or neither."""
    if word is not None:
        with contextlib.suppress(approvals.WordNotNeeded):
            return desk.do(approvals.act_with_word, word=word, doing=action, facts=facts, till_code=desk.till_code)
    return desk.do(action, **facts, approval_id=None)


def word_of(person: SignedIn, second: str, act: ApprovalAct, *, subject: str, amount: Dong, reason: str, desk: Desk) -> Word:
    """The word that the second person, proven now, gives this one."""
    granted_by = acting(desk, second, pin_from="COUNTER_PIN2").user_id
    return Word(act, subject, amount, reason, by=person.user_id, granted_by=granted_by)


def receipt_answer(receipt: Receipt) -> dict[str, Any]:
    """A receipt as commands answer it."""
    return {
        "payment_id": receipt.payment_id,
        "number": receipt.number,
        "kind": receipt.kind,
        "due": receipt.due,
        "tendered": receipt.tendered,
        "change": receipt.change,
        "notes_back": receipt.notes_back,
        "head": receipt.head,
        "receipt": {"lines": [{"customer_code": li.customer_code, "bill_id": li.bill_id, "period": li.period,
                               "amount": li.amount} for li in receipt.lines]},
    }  # fmt: skip


def hand_out(desk: Desk, receipt: Receipt, *, as_json: object) -> None:
    """The paper after the commit, then the answer; a printer that fails does not undo the payment."""
    paper = mention(print_now(desk, receipt.payment_id))
    back: dict[str, Any] = {"reverses": receipt.reverses} if receipt.reverses else {}
    if receipt.amount < 0:
        back |= {"method": receipt.method, "reason": receipt.reason, "approved_by": receipt.approver}
    say({**receipt_answer(receipt), **back, "paper": paper}, as_json=as_json)


@pay_app.command("cash")
def pay_cash(
    bill: Bills,
    tendered: Tendered,
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take cash for bills; --approved-by lets a supervisor allow a newer bill before an older one."""
    desk = call.desk(till=till)
    person, given, word = acting(desk, login), read_dong(tendered), None
    if approved_by:
        from counter.bills import bills_total

        subject, amount = payments.order_subject(list(dict.fromkeys(bill))), desk.see(bills_total, bill_ids=bill)
        word = word_of(person, approved_by, ApprovalAct.OUT_OF_ORDER, subject=subject, amount=amount, reason="", desk=desk)
    receipt = with_word(
        desk,
        payments.take_cash,
        word,
        payment_id=an_id(id),
        bill_ids=bill,
        tendered=given,
        shift_id=shift_for(desk, id),
        by=person.user_id,
    )
    hand_out(desk, receipt, as_json=json)


@pay_app.command("advance")
def pay_advance(
    tendered: Tendered,
    customer: Annotated[str, typer.Option("--customer", help="the customer's code")],
    months: Annotated[int, typer.Option("--months", help="1, 2 or 3")] = 1,
    till: TillOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take money in advance: it settles coming bills by itself when they are brought in."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    receipt = desk.do(
        payments.take_advance,
        payment_id=an_id(id),
        customer_code=customer.strip().upper(),
        months=months,
        tendered=read_dong(tendered),
        shift_id=shift_for(desk, id),
        by=person.user_id,
    )
    hand_out(desk, receipt, as_json=json)


@pay_app.command("reverse")
def pay_reverse(
    number: str,
    reason: Reason = "",
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take a receipt back, with a second person."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    first, word = desk.see(payments.receipt_by_number, number=number), None
    if approved_by:
        about: dict[str, Any] = {"subject": first.number, "amount": first.amount, "reason": reason}
        word = word_of(person, approved_by, ApprovalAct.REVERSE, **about, desk=desk)
    back = with_word(
        desk,
        payments.reverse,
        word,
        reversal_id=an_id(id),
        payment_id=first.payment_id,
        reason=reason,
        shift_id=shift_for(desk, id),
        by=person.user_id,
    )
    hand_out(desk, back, as_json=json)
