"""The office's accounts, the bank's lines and surplus by command."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from counter import banking, reconcile
from counter.approvals import Word
from counter.cli.answers import note_bug, say
from counter.cli.app import Approved, As, Id, Json, acting, an_id, app, call
from counter.cli.day import Bills, Reason, receipt_answer, with_word, word_of
from counter.cli.helping import Commands
from counter.cli.transfers import Reference, the_intent
from counter.clock import local_day
from counter.desk import Desk
from counter.errors import BadInput
from counter.locale import N_, _, translate
from counter.money import NOTHING
from counter.payments import qr
from counter.people import SignedIn
from counter.reconcile.arrivals import arrivals_waiting
from counter.reconcile.messages import Message, book_message, end_message, waiting_messages
from counter.reconcile.proposals import open_lines
from counter.reconcile.shares import Share, share_by_area, share_by_day, share_by_till
from counter.reconcile.views import open_surplus_lines, unproven
from db.states import ApprovalAct

bank_app = Commands("the office's accounts, the bank's lines")
account_app = Commands("accounts that customers transfer to")
surplus_app = Commands("customers' money that settles nothing")
app.add_typer(bank_app, name="bank")
bank_app.add_typer(account_app, name="account")
app.add_typer(surplus_app, name="surplus")
Customer = Annotated[str, typer.Option("--customer", help="a customer's code")]


class DayUnreadable(BadInput):
    """A day that is no YYYY-MM-DD."""

    why = N_("“{text}” is not a day.")
    todo = N_("Write it as YYYY-MM-DD, for example 2026-11-23.")


@account_app.command("add")
def account_add(
    account: str,
    bin: Annotated[str, typer.Option("--bin", help="the bank's six digits")],
    holder: Annotated[str, typer.Option("--holder", help="the name customers see")],
    memo_limit: Annotated[int, typer.Option("--memo-limit", help="characters the bank's channel keeps: 12 to 25")] = 25,
    code_block: Annotated[str, typer.Option("--code-block", help="digits this office's payment codes start with")] = "",
    login: As = "",
    approved_by: Approved = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """An account that customers transfer to; the last one added is the usual one. After the first: two supervisors."""
    desk = call.desk()
    person = acting(desk, login)
    word = None
    if approved_by:
        reason = qr.account_reason(bin=bin, holder=holder)
        about: dict[str, Any] = {"subject": account, "amount": NOTHING, "reason": reason}
        word = word_of(person, approved_by, ApprovalAct.ACCOUNT, **about, desk=desk)
    facts = {"account": account, "bin": bin, "holder": holder, "memo_limit": memo_limit, "code_block": code_block}
    known = with_word(desk, qr.add_account, word, **facts, by=person.user_id)
    say({"accounts": known}, as_json=json)


@account_app.command("list")
def account_list(json: Json = False) -> None:  # noqa: FBT002
    """The office's accounts."""
    say({"accounts": call.desk().see(qr.accounts)}, as_json=json)


@bank_app.command("import")
def bank_import(
    file: str,
    account: Annotated[str, typer.Option("--account", help="the office's account that the statement is of")],
    profile: Annotated[str, typer.Option("--profile", help="how a table is laid out")] = "generic",
    encoding: Annotated[str, typer.Option("--encoding", help="told only where the file leaves it unclear")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="read and prove only")] = False,  # noqa: FBT002
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """A bank statement: proven by its balances, each movement booked once, then matched."""
    from counter.cashless.statements import read_statement
    from counter.reconcile.statements import bring_statement, would_bring

    desk = call.desk()
    person = acting(desk, login)
    statement = read_statement(file, account=account, profile=profile, home=call.home.path, encoding=encoding)
    if dry_run:
        tried = _("Only tried: nothing was changed. Without --dry-run it is brought in.")
        say(asdict(would_bring(statement)), as_json=json, done=tried)
        return
    done = desk.do(bring_statement, statement_id=an_id(id), statement=statement, by=person.user_id)
    banking.take_in(desk)
    say(asdict(done), as_json=json)


@bank_app.command("statements")
def bank_statements(json: Json = False) -> None:  # noqa: FBT002
    """The statements brought in, newest first, with the rows they rejected."""
    from counter.reconcile.statements import statements

    say({"statements": call.desk().see(statements)}, as_json=json)


@bank_app.command("match")
def bank_match(json: Json = False) -> None:  # noqa: FBT002
    """Book what providers sent, settle what fits exactly, and list the rest."""
    desk = call.desk()
    done = banking.take_in(desk)
    for error in done.faults:
        note_bug(error, home=call.home.path)
    lines = desk.see(open_lines)
    facts = {
        "matched": [{"line_id": m.line_id, "code": m.code, "amount": m.amount, **_number(m)} for m in done.matched],
        "suggested": [line for line in lines if line.proposals],
        "unmatched": [line for line in lines if not line.proposals],
        "surplus": desk.see(open_surplus_lines),
        "messages": [plain_message(one) for one in desk.see(waiting_messages)],
        "unbooked": desk.see(arrivals_waiting),
        "events": done.events,
        "expired": done.expired,
        "faults": len(done.faults),
    }
    say(facts, as_json=json)


def _number(match: reconcile.Match) -> dict[str, Any]:
    return {"number": match.receipt.number, "payment_id": match.receipt.payment_id} if match.receipt else {}


@bank_app.command("messages")
def bank_messages(json: Json = False) -> None:  # noqa: FBT002
    """Providers' messages that wait for a person: on another account, told twice differently, unreadable."""
    say({"messages": [plain_message(one) for one in call.desk().see(waiting_messages)]}, as_json=json)


@bank_app.command("book-message")
def bank_book_message(provider: str, message: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """The money of a waiting message goes into the bank's lines and is matched."""
    desk = call.desk()
    person = acting(desk, login)
    line_id = desk.do(book_message, provider=provider, external_id=message, by=person.user_id)
    done = banking.match_again(desk, line_id=line_id)
    say({"line_id": line_id, "state": done.state, "why": done.why, **_number(done)}, as_json=json)


@bank_app.command("end-message")
def bank_end_message(provider: str, message: str, reason: Reason = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A waiting message tells of no money of ours: say why."""
    desk = call.desk()
    person = acting(desk, login)
    desk.do(end_message, provider=provider, external_id=message, reason=reason, by=person.user_id)
    say({"provider": provider, "message": message}, as_json=json)


def plain_message(one: Message) -> dict[str, Any]:
    """A message as commands answer it."""
    told = {"provider": one.provider, "message": one.external_id, "received_at": one.received_at, "amount": one.amount}
    why = translate(one.why) + (f": {one.detail}" if one.detail else "")
    return {**told, "account": one.account, "why": why, "memo": one.text[:500]}


@bank_app.command("assign")
def bank_assign(line: str, intent: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """This line is for that transfer, whatever its memo says."""
    desk = call.desk()
    person = acting(desk, login)
    shown = the_intent(desk, intent)
    done = desk.do(reconcile.assign_line, line_id=an_id(line), intent_id=shown.intent_id, by=person.user_id)
    say({"line_id": done.line_id, "state": done.state, "why": done.why, **_number(done)}, as_json=json)


@bank_app.command("settle-over")
def bank_settle_over(intent: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """More came than was asked for: settle the bills, the rest is surplus."""
    desk = call.desk()
    person = acting(desk, login)
    done = desk.do(reconcile.settle_over, intent_id=the_intent(desk, intent).intent_id, by=person.user_id)
    say(receipt_answer(done), as_json=json)


@bank_app.command("settle")
def bank_settle(line: str, bill: Bills, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A line without a code pays these bills; the rest is surplus."""
    desk = call.desk()
    person = acting(desk, login)
    done = desk.do(reconcile.settle_line, line_id=an_id(line), bill_ids=bill, by=person.user_id)
    say(receipt_answer(done), as_json=json)


@bank_app.command("surplus")
def bank_surplus(line: str, customer: Customer = "", reason: Reason = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A line is customers' money that settles nothing now."""
    desk = call.desk()
    person = acting(desk, login)
    surplus_id = desk.do(
        reconcile.line_to_surplus,
        line_id=an_id(line),
        customer_code=customer or None,
        reason=reason,
        by=person.user_id,
    )
    say({"surplus_id": surplus_id}, as_json=json)


@bank_app.command("not-ours")
def bank_not_ours(line: str, reason: Reason = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A line is no customer's money: interest, a fee given back."""
    desk = call.desk()
    person = acting(desk, login)
    desk.do(reconcile.line_not_ours, line_id=an_id(line), reason=reason, by=person.user_id)
    say({"line_id": line}, as_json=json)


@bank_app.command("dismiss")
def bank_dismiss(line: str, intent: str, reason: Reason = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """This line is not for that transfer; the pair is never proposed again."""
    desk = call.desk()
    person = acting(desk, login)
    shown = the_intent(desk, intent)
    desk.do(reconcile.dismiss, line_id=an_id(line), intent_id=shown.intent_id, reason=reason, by=person.user_id)
    say({"line_id": line, "intent_id": shown.intent_id}, as_json=json)


@bank_app.command("unproven")
def bank_unproven(json: Json = False) -> None:  # noqa: FBT002
    """Payments believed by hand or by slip that no bank line has met yet."""
    say({"unproven": call.desk().see(unproven)}, as_json=json)


@bank_app.command("share")
def bank_share(
    day: Annotated[str, typer.Option("--day", help="YYYY-MM-DD; today without it")] = "",
    since: Annotated[str, typer.Option("--from", help="the first of several days, up to --day")] = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """How much of the takings came without cash: by till, by day, by area (meter book)."""
    desk = call.desk()
    last = a_day(desk, day)
    days: dict[str, Any] = {"first": a_day(desk, since) if since else last, "last": last}
    told = {"day": last, "from": days["first"]}
    for name, view in (("tills", share_by_till), ("days", share_by_day), ("areas", share_by_area)):
        told[name] = [plain_share(one) for one in desk.see(view, **days)]
    say(told, as_json=json)


def plain_share(one: Share) -> dict[str, Any]:
    """A share as commands answer it."""
    names = ("name", "cash", "cashless", "papers", "cashless_papers", "per_mille")
    return {name: getattr(one, name) for name in names}


def a_day(desk: Desk, text: str) -> date:
    """The day that was written, or today. Raises DayUnreadable."""
    if not text:
        return local_day(desk.clock.now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(text=text[:40]) from None


@surplus_app.command("list")
def surplus_list(json: Json = False) -> None:  # noqa: FBT002
    """Surplus that nobody resolved yet."""
    say({"surplus": call.desk().see(open_surplus_lines)}, as_json=json)


@surplus_app.command("owner")
def surplus_owner(surplus: str, customer: Customer, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Whose surplus this is."""
    desk = call.desk()
    person = acting(desk, login)
    desk.do(reconcile.name_owner, surplus_id=an_id(surplus), customer_code=customer, by=person.user_id)
    say({"surplus": desk.see(open_surplus_lines)}, as_json=json)


@surplus_app.command("credit")
def surplus_credit(surplus: str, login: As = "", approved_by: Approved = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Surplus becomes the customer's advance; two people."""
    desk = call.desk()
    person, payment_id = acting(desk, login), an_id(id)
    word = _surplus_word(desk, surplus, by=person, approved_by=approved_by)
    facts = {"surplus_id": an_id(surplus), "payment_id": payment_id, "by": person.user_id}
    done = with_word(desk, reconcile.credit_surplus, word, **facts)
    say(receipt_answer(done), as_json=json)


@surplus_app.command("refund")
def surplus_refund(
    surplus: str,
    reference: Reference = "",
    login: As = "",
    approved_by: Approved = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Surplus was given back by the bank, under this reference; two people."""
    desk = call.desk()
    person = acting(desk, login)
    word = _surplus_word(desk, surplus, by=person, approved_by=approved_by, reason=reference)
    facts = {"surplus_id": an_id(surplus), "reference": reference, "by": person.user_id}
    with_word(desk, reconcile.refund_surplus, word, **facts)
    say({"surplus_id": surplus, "reference": reference}, as_json=json)


def _surplus_word(desk: Desk, surplus: str, *, by: SignedIn, approved_by: str, reason: str = "") -> Word | None:
    wanted = an_id(surplus)
    row = next((one for one in desk.see(open_surplus_lines) if one.surplus_id == wanted), None)
    if row is None or not approved_by:
        return None
    about: dict[str, Any] = {"subject": str(wanted), "amount": row.amount, "reason": reason}
    return word_of(by, approved_by, ApprovalAct.SURPLUS, **about, desk=desk)
