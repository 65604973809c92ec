"""The same id again at a payment without cash: its first answer, or a refusal where anything about it is another."""

from __future__ import annotations

import unicodedata
from typing import Final
from uuid import UUID

from sqlmodel import Session

from counter.cashless.vietqr import without_marks
from counter.errors import SameIdOtherFacts
from counter.money import Dong
from counter.payments.qr.refusals import ReferenceUnreadable
from counter.payments.views import Receipt, receipt
from counter.text import safe_text
from db.scope import office_of
from db.states import Method
from db.tables import CashlessPayment, Payment

PARTNERS: Final = (
    "MoMo",
    "ZaloPay",
    "VNPAY",
    "ViettelPay",
    "ViettelMoney",
    "ShopeePay",
    "Payoo",
    "Vietcombank",
    "VietinBank",
    "Agribank",
)
"""How the partners that most offices have are written; another is written in capitals."""
_WRITTEN: Final = {name.upper(): name for name in PARTNERS}


def plain_reference(reference: str) -> str:
    """A reference as it is kept and compared: A–Z, 0–9. Raises ReferenceUnreadable for letters of other alphabets."""
    return _bare(reference)[:64]


def plain_partner(partner: str) -> str:
    """A partner in one way of writing, however it was typed. Raises ReferenceUnreadable for letters of other alphabets."""
    bare = _bare(partner)[:40]
    return _WRITTEN.get(bare, bare)


def _bare(typed: str) -> str:
    """Compatibility forms unified, marks and signs dropped, capitals. `О` of another alphabet looks like `O`: refused."""
    plain = without_marks(unicodedata.normalize("NFKC", safe_text(typed, limit=200)))
    if any(letter.isalnum() and not letter.isascii() for letter in plain):
        raise ReferenceUnreadable(text=safe_text(typed, limit=64))
    return "".join(letter for letter in plain.upper() if letter.isalnum())


def same_payment(
    session: Session,
    payment_id: UUID,
    place: tuple[UUID, UUID],
    tendered: Dong,
    *,
    intent_id: UUID,
    reference: str | None,
) -> Receipt | None:
    """The first answer for an id that was used with the same facts; None for a new id. Raises SameIdOtherFacts.

    `place`: the shift and the person. `tendered`: the cash (đồng) beside the transfer, where there was some.
    """
    found = first_answer(session, payment_id, place)
    if found is None:
        return None
    proof, first = found
    wanted = plain_reference(reference) if reference is not None else None
    other_cash = first.method is Method.MIXED and first.tendered != tendered
    if proof.intent_id != intent_id or proof.reference != wanted or other_cash:
        raise SameIdOtherFacts
    return first


def first_answer(session: Session, payment_id: UUID, place: tuple[UUID, UUID]) -> tuple[CashlessPayment, Receipt] | None:
    """The payment with this id, which must be without cash, in this shift and by this person; None for a new id."""
    key = (office_of(session), payment_id)
    payment, proof = session.get(Payment, key), session.get(CashlessPayment, key)
    if payment is None:
        return None
    if proof is None or (payment.shift_id, payment.actor_id) != place:
        raise SameIdOtherFacts
    return proof, receipt(session, payment_id=payment_id)
