"""What the customer sees of a till's transfer: on a second screen beside the till, or in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from counter.cashless.banks import shipped
from counter.money import NOTHING, Dong
from counter.office import require_till, the_office
from counter.payments.qr.rules import OPEN_INTENTS
from counter.payments.qr.views import Intent, intent_of
from db.scope import office_of
from db.states import IntentState
from db.tables import QrIntent

THANKS: Final = timedelta(seconds=30)
"""So long the customer is thanked; then the screen is the next one's."""


class Showing(StrEnum):
    """What stands there: nothing to do, a code to scan, more to transfer, received, one moment."""

    IDLE = "IDLE"
    SCAN = "SCAN"
    MORE = "MORE"
    RECEIVED = "RECEIVED"
    ASK = "ASK"


@dataclass(frozen=True, slots=True)
class CustomerSide:
    """The customer's screen. Money in đồng; the name is masked; `seconds_left` until the code is given up."""

    office: str
    till_code: str
    showing: Showing
    amount: Dong = NOTHING
    cash_part: Dong = NOTHING
    name: str = ""
    bank: str = ""
    account: str = ""
    holder: str = ""
    memo: str = ""
    payload: str = ""
    seconds_left: int = 0


def customer_side(session: Session, *, till_code: str, now: datetime) -> CustomerSide:
    """The till's newest transfer, as its customer sees it. Raises NoSuchTill."""
    till_code, office = require_till(session, code=till_code), the_office(session).name
    row = session.exec(
        select(QrIntent)
        .where(QrIntent.office_id == office_of(session), QrIntent.till_code == till_code)
        .order_by(col(QrIntent.opened_at).desc(), col(QrIntent.intent_id).desc())
        .limit(1)
    ).first()
    if row is None:
        return CustomerSide(office, till_code, Showing.IDLE)
    shown = intent_of(session, row)
    showing = _showing(shown, row.closed_at, now)
    if showing is Showing.IDLE:
        return CustomerSide(office, till_code, showing)
    is_code = showing in (Showing.SCAN, Showing.MORE)
    return CustomerSide(
        office=office,
        till_code=till_code,
        showing=showing,
        amount=shown.asked_now if is_code else shown.amount,
        cash_part=shown.cash_part,
        name=shown.name_masked,
        bank=shipped().name(shown.bin),
        account=shown.account,
        holder=shown.holder,
        memo=shown.memo,
        payload=shown.small_payload if is_code else "",
        seconds_left=max(0, int((shown.expires_at - now).total_seconds())) if showing is Showing.SCAN else 0,
    )


def _showing(shown: Intent, closed_at: datetime | None, now: datetime) -> Showing:
    if shown.state in OPEN_INTENTS:
        if shown.state is IntentState.OVERPAID:
            return Showing.ASK
        if shown.state is IntentState.SHOWN and now > shown.expires_at:
            return Showing.IDLE
        return Showing.MORE if shown.state is IntentState.UNDERPAID else Showing.SCAN
    is_recent = closed_at is not None and now - closed_at <= THANKS
    return Showing.RECEIVED if shown.state is IntentState.PAID and is_recent else Showing.IDLE
