"""Money back without a receipt to take back: refunds, and the cases of bills CMIS changed after they were paid."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from counter import bills, payments
from counter.bills import CaseLine
from counter.cli.answers import say
from counter.cli.app import Approved, As, Id, Json, TillOption, acting, an_id, call
from counter.cli.day import Reason, hand_out, pay_app, shift_for, with_word, word_of
from counter.cli.office_commands import bills_app
from counter.cli.usage import WrongUsage
from counter.money import Dong
from db.states import ApprovalAct, CaseState

CaseId = Annotated[str, typer.Argument(help="the case, as “counter bills cases” lists it")]


@pay_app.command("refund")
def pay_refund(
    customer: Annotated[str, typer.Option("--customer", help="give back the rest of this customer's advance")] = "",
    case: Annotated[str, typer.Option("--case", help="give back what CMIS no longer claims of a paid bill")] = "",
    reason: Reason = "",
    till: TillOption = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Give money back in cash, with a supervisor: the rest of an advance, or what is too much for a case."""
    if bool(customer) == bool(case):
        raise WrongUsage(problem="--customer CODE | --case ID")
    desk = call.desk(till=till)
    person = acting(desk, login)
    facts: dict[str, Any] = {"payment_id": an_id(id), "reason": reason, "shift_id": shift_for(desk, id)}
    action: Any = payments.refund_advance
    if case:
        line = desk.see(bills.case_line, case_id=an_id(case))
        subject, amount = line.bill_id, line.too_much
        action, facts["case_id"] = payments.refund_case, line.case_id
    else:
        subject = facts["customer_code"] = customer.strip().upper()
        amount = desk.see(payments.advance_balance, customer_code=subject)
    word = None
    if approved_by:
        word = word_of(person, approved_by, ApprovalAct.REFUND, subject=subject, amount=-amount, reason=reason, desk=desk)
    hand_out(desk, with_word(desk, action, word, **facts, by=person.user_id), as_json=json)


@bills_app.command("cases")
def bills_cases(
    decided: Annotated[bool, typer.Option("--decided", help="those that ended, the newest first")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """Paid bills that CMIS changed or withdrew afterwards, waiting for a decision."""
    desk = call.desk()
    found = desk.see(bills.decided_cases if decided else bills.open_cases)
    facts = [{**_facts(line), "changes": desk.see(bills.case_changes, case_id=line.case_id)} for line in found]
    say({"cases": facts}, as_json=json)


@bills_app.command("case-keep")
def case_keep(
    case: CaseId,
    reason: Reason = "",
    login: As = "",
    approved_by: Approved = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Keep what is too much as the customer's advance, with a supervisor: it pays coming bills."""
    desk = call.desk()
    person = acting(desk, login)
    line = desk.see(bills.case_line, case_id=an_id(case))
    word = None
    if approved_by:
        about: dict[str, Any] = {"subject": line.bill_id, "amount": line.too_much, "reason": reason}
        word = word_of(person, approved_by, ApprovalAct.KEEP, **about, desk=desk)
    facts = {"payment_id": an_id(id), "case_id": line.case_id, "reason": reason, "by": person.user_id}
    kept = with_word(desk, payments.keep_case, word, **facts)
    hand_out(desk, kept, as_json=json)


@bills_app.command("case-resolve")
def case_resolve(
    case: CaseId,
    resolution: Annotated[str, typer.Option("--resolution", help="what was decided, in a few words")] = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """A supervisor ends a case in words; no money moves."""
    desk = call.desk()
    person, case_id = acting(desk, login), an_id(case)
    desk.do(bills.resolve_case, case_id=case_id, resolution=resolution, by=person.user_id)
    line = desk.see(bills.case_line, case_id=case_id)
    say(_facts(line), as_json=json)


def _facts(line: CaseLine) -> dict[str, UUID | str | Dong | CaseState]:
    names = ("case_id", "kind", "state", "bill_id", "customer_code", "customer_name", "period", "taken", "claimed")
    more = ("given_back", "too_much", "opened_at", "resolution", "resolved_by")
    return {name: getattr(line, name) for name in (*names, *more)}
