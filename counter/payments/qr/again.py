"""The same id again at a payment without cash: its first answer, or a refusal where anything about it is another."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from counter.errors import SameIdOtherFacts
from counter.money import Dong
from counter.payments.views import Receipt, receipt
from counter.text import safe_text
from db.scope import office_of
from db.states import Method
from db.tables import CashlessPayment, Payment


def plain_reference(reference: str) -> str:
    """A reference as it is compared: capitals, no blanks."""
    return safe_text(reference, limit=64).replace(" ", "").upper()


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
