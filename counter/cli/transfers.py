"""Transfers, their confirmation by hand, slips of cards and wallets by command."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from counter.cli.answers import say
from counter.cli.app import Approved, As, Id, Json, TillOption, acting, an_id, call
from counter.cli.day import Bills, Tendered, hand_out, live, pay_app, shift_for, with_word, word_of
from counter.desk import Desk
from counter.money import Dong, read_dong
from counter.payments import order_subject, qr
from db.states import ApprovalAct, Method

Reference = Annotated[str, typer.Option("--reference", help="the number of the bank's transaction, the slip or the wallet")]


def intent_answer(shown: qr.Intent) -> dict[str, Any]:
    """A transfer as commands answer it."""
    return {
        "intent_id": shown.intent_id,
        "code": shown.code,
        "payload": shown.payload,
        "amount": shown.amount,
        "state": shown.state,
        "received": shown.received,
        "missing": shown.missing,
        "cash_part": shown.cash_part,
        "account": shown.account,
        "memo": shown.memo,
        "expires_at": shown.expires_at,
        "bills": shown.bill_ids,
        "number": shown.number,
    }


def the_intent(desk: Desk, text: str) -> qr.Intent:
    """The transfer with this id or this payment code. Raises UnknownIntent."""
    try:
        return desk.see(qr.intent, intent_id=UUID(text))
    except ValueError:
        return desk.see(qr.intent_by_code, code=text.strip().upper())


@pay_app.command("qr")
def pay_qr(
    bill: Bills,
    cash: Annotated[str, typer.Option("--cash", help="a part that is taken in cash afterwards")] = "",
    account: Annotated[str, typer.Option("--account", help="another account than the office's usual one")] = "",
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Ask for a transfer for these bills; --approved-by allows a newer bill before an older one."""
    desk = call.desk(till=till)
    person, word = acting(desk, login), None
    if approved_by:
        from counter.bills import bills_total

        subject, amount = order_subject(list(dict.fromkeys(bill))), desk.see(bills_total, bill_ids=bill)
        word = word_of(person, approved_by, ApprovalAct.OUT_OF_ORDER, subject=subject, amount=amount, reason="", desk=desk)
    shown = with_word(
        desk,
        qr.open_intent,
        word,
        intent_id=an_id(id),
        bill_ids=bill,
        shift_id=live(desk).shift_id,
        by=person.user_id,
        minutes=call.home.settings.qr_minutes,
        cash_part=read_dong(cash) if cash else Dong(),
        account=account,
    )
    say(intent_answer(shown), as_json=json)


@pay_app.command("qr-show")
def pay_qr_show(intent: str, json: Json = False) -> None:  # noqa: FBT002
    """A transfer as it stands, by its id or its payment code."""
    say(intent_answer(the_intent(call.desk(), intent)), as_json=json)


@pay_app.command("qr-cancel")
def pay_qr_cancel(intent: str, till: TillOption = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Give a transfer up; money that comes later is still taken in."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    done = desk.do(qr.cancel_intent, intent_id=the_intent(desk, intent).intent_id, by=person.user_id)
    say(intent_answer(done), as_json=json)


@pay_app.command("qr-confirm")
def pay_qr_confirm(
    intent: str,
    reference: Reference = "",
    tendered: Annotated[str, typer.Option("--tendered", help="cash for the cash part")] = "",
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Believe a transfer that the bank has not told of yet: a reference and a supervisor."""
    desk = call.desk(till=till)
    person, shown, payment_id = acting(desk, login), the_intent(desk, intent), an_id(id)
    word = None
    if approved_by:
        about: dict[str, Any] = {"subject": shown.code, "amount": shown.amount, "reason": reference}
        word = word_of(person, approved_by, ApprovalAct.QR_BY_HAND, **about, desk=desk)
    done = with_word(
        desk,
        qr.confirm_by_hand,
        word,
        payment_id=payment_id,
        intent_id=shown.intent_id,
        reference=reference,
        shift_id=shift_for(desk, id),
        by=person.user_id,
        tendered=read_dong(tendered) if tendered else Dong(),
    )
    hand_out(desk, done, as_json=json)


@pay_app.command("qr-cash")
def pay_qr_cash(
    intent: str,
    tendered: Tendered,
    till: TillOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The transfer came: take its cash part and give the receipt for both."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    done = desk.do(
        qr.finish_in_cash,
        payment_id=an_id(id),
        intent_id=the_intent(desk, intent).intent_id,
        tendered=read_dong(tendered),
        shift_id=shift_for(desk, id),
        by=person.user_id,
    )
    hand_out(desk, done, as_json=json)


@pay_app.command("slip")
def pay_slip(
    bill: Bills,
    card: Annotated[str, typer.Option("--card", help="the bank of the card terminal")] = "",
    wallet: Annotated[str, typer.Option("--wallet", help="the wallet's name")] = "",
    reference: Reference = "",
    till: TillOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take a card slip or a wallet's payment for exactly these bills."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    done = desk.do(
        qr.take_slip,
        payment_id=an_id(id),
        bill_ids=bill,
        method=Method.WALLET if wallet else Method.CARD,
        partner=wallet or card,
        reference=reference,
        shift_id=shift_for(desk, id),
        by=person.user_id,
    )
    hand_out(desk, done, as_json=json)
