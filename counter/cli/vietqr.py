"""VietQR by command: make a text, read one. No database, no home."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from counter.cashless.banks import shipped
from counter.cashless.reading import QrKind, read
from counter.cashless.vietqr import NotForVietQr, Service, Transfer, make
from counter.cli.answers import say
from counter.cli.app import Json, app
from counter.cli.helping import Commands
from counter.locale import _
from counter.money import read_dong

vietqr_app = Commands("make and read VietQR texts")
app.add_typer(vietqr_app, name="vietqr")


@vietqr_app.command("make")
def vietqr_make(
    bin: Annotated[str, typer.Option("--bin", help="the bank's six digits")],
    account: Annotated[str, typer.Option("--account", help="the receiving account or card")],
    amount: Annotated[str, typer.Option("--amount", help="đồng; without it the customer types it")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="what the bank writes; marks are dropped")] = "",
    bill_number: Annotated[str, typer.Option("--bill-number", help="up to 25 characters")] = "",
    customer: Annotated[str, typer.Option("--customer", help="a customer's code, up to 25 characters")] = "",
    service: Annotated[str, typer.Option("--service", help="QRIBFTTA: account, QRIBFTTC: card")] = Service.ACCOUNT.value,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The VietQR text for a transfer."""
    if service not in list(Service):
        raise NotForVietQr(part=_("service"), text=service[:40], rule="QRIBFTTA, QRIBFTTC")
    wanted = Transfer(
        bin=bin,
        account=account,
        amount=read_dong(amount) if amount else None,
        purpose=purpose,
        bill_number=bill_number,
        customer=customer,
        service=Service(service),
    )
    payload = make(wanted)
    say({"payload": payload}, as_json=json, lines=[payload])


@vietqr_app.command("read")
def vietqr_read(text: str, json: Json = False) -> None:  # noqa: FBT002
    """What a QR text is, and why it is no good if it is not."""
    reading = read(text)
    facts = asdict(reading)
    facts["bank"] = shipped().name(reading.bin) if reading.bin else ""
    wrong = _("Not a code to pay by. {why}").format(why=reading.why) if reading.kind is QrKind.INVALID else None
    say(facts, as_json=json, done=wrong)
