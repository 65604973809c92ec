"""Receipts by command: as paper, as a form of the accounts, printed again."""

from __future__ import annotations

from typing import Annotated

import typer

from counter import payments, spool
from counter.cli.answers import say
from counter.cli.app import As, Json, TillOption, acting, app, call
from counter.cli.day import receipt_answer
from counter.cli.handing_out import answer, print_now, trouble_of
from counter.cli.helping import Commands
from counter.cli.paper import Out, Size, a_form, a_size, write_out
from counter.papers import as_file, receipt_paper
from db.states import JobKind

receipt_app = Commands("show a receipt, print a copy")
app.add_typer(receipt_app, name="receipt")


@receipt_app.command("show")
def receipt_show(
    number: str,
    form: Annotated[str, typer.Option("--as", help="text, pdf, png, escpos, 01-tt or 06-tt")] = "text",
    size: Size = "a5",
    out: Out = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Show a receipt as it is on paper; as 01-tt or 06-tt the form of the accounts, a PDF."""
    from counter.papers.forms import money_receipt, voucher_of_receipt
    from counter.printing.forms import receipt_pdf, voucher_pdf

    desk = call.desk()
    a_form(form, "01-tt", "06-tt")
    receipt = desk.see(payments.receipt_by_number, number=number)
    which, settings = receipt.payment_id, call.home.settings
    if form == "01-tt":
        data = voucher_pdf(desk.see(voucher_of_receipt, payment_id=which, settings=settings), size=a_size(size))
    elif form == "06-tt":
        data = receipt_pdf(desk.see(money_receipt, payment_id=which, settings=settings), size=a_size(size))
    else:
        data = as_file(desk.see(receipt_paper, payment_id=which, settings=settings), form=form, settings=settings)
    answer = {**receipt_answer(receipt), "reversed_by": receipt.reversed_by}
    write_out(data, form=form, out=out, answer=answer, as_json=json)


@receipt_app.command("reprint")
def receipt_reprint(number: str, till: TillOption = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Print a copy: BẢN SAO LẦN n; at this till, or at the receipt's own where none is named."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    first = desk.see(payments.receipt_by_number, number=number)
    again = desk.do(payments.reprint, payment_id=first.payment_id, by=person.user_id)
    job = desk.see(spool.job_of, kind=JobKind.RECEIPT, subject=first.payment_id, copy_no=again.copies)
    assert job is not None
    job = print_now(desk, job.job_id)
    if trouble := trouble_of(job):
        raise trouble
    say({**receipt_answer(again), "copy": again.copies, "paper": answer(job)}, as_json=json)
