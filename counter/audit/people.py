"""People and their words against the journal: who may do what, whose PIN it is, and every second person's yes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from counter import journal
from counter.approvals import word_facts
from counter.people import fingerprint
from db.columns import instant_text
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalState, Method, PaymentKind
from db.tables import Approval, AppUser, JournalRow, Payment

WITHOUT_PINS = 1
"""Rows of this version say nothing of PINs, and nothing of words that were used."""


@dataclass(slots=True)
class _Person:
    """A user as the journal made them: everything but the name is money's business."""

    login: str
    role: str
    pin: str | None
    given: tuple[str | None, str | None]
    is_active: bool = True


def users(session: Session) -> Iterator[str]:
    """Each user has the login, the role, the PIN and the leave that the journal gave them, and nobody else is there."""
    told: dict[str, _Person] = {}
    by_login: dict[str, _Person] = {}
    for row in _journal(session, "user."):
        _follow(told, by_login, row.kind, json.loads(row.content))
    for user in _all(session, AppUser):
        said = told.pop(str(user.user_id), None)
        day = None if user.pin_reset_day is None else user.pin_reset_day.isoformat()
        found = _Person(
            user.login, user.role.value, fingerprint(user.pin_hash), (_text(user.pin_reset_by), day), user.is_active
        )
        if said is not None and said.pin is None:
            found.pin = None
        yield "" if said == found else f"{user.login}: differs from the journal"
    for person in told.values():
        yield f"{person.login}: is in the journal and not among the users"


def _follow(told: dict[str, _Person], by_login: dict[str, _Person], kind: str, content: dict[str, Any]) -> None:
    facts = content["facts"]
    given = (content["actor"], content["day"] if content["actor"] else None)
    if kind == "user.add":
        first = given if "pin" in facts else (None, None)
        person = _Person(facts["login"], facts["role"], facts.get("pin"), first)
        told[facts["user"]] = by_login[person.login] = person
    elif kind == "user.close":
        by_login[facts["login"]].is_active = False
    elif kind in ("user.reset_pin", "user.change_pin", "user.reopen"):
        person = by_login[facts["login"]]
        person.pin = facts.get("pin")
        if kind != "user.change_pin":
            person.given = given
        if kind == "user.reopen":
            person.is_active = True


def words(session: Session) -> Iterator[str]:
    """Each second person's word is as the journal has it; who acted with one spent one, at that very instant, once."""
    spent: dict[tuple[Any, ...], int] = {}
    last: dict[str, dict[str, Any]] = {}
    first: dict[str, dict[str, Any]] = {}
    for row in _journal(session, "approval."):
        content = json.loads(row.content)
        facts = content["facts"]
        last[facts["approval"]] = content
        if row.kind == "approval.used":
            key = (content["at"], content["actor"], facts["approver"])
            spent[key] = spent.get(key, 0) + 1
        else:
            first[facts["approval"]] = content
    for word in _all(session, Approval):
        if word.state is not ApprovalState.WAITING:
            decided, ended = first.pop(str(word.approval_id), None), last.get(str(word.approval_id))
            yield "" if _same_word(word, decided, ended) else f"word {word.approval_id}: differs from the journal"
    for approval_id in first:
        yield f"word {approval_id}: is in the journal and not in the list"
    yield from _spent(session, spent)


def _same_word(word: Approval, decided: dict[str, Any] | None, ended: dict[str, Any] | None) -> bool:
    if decided is None or ended is None:
        return False
    facts = json.loads(journal.canonical(word_facts(word)))
    state = ended["kind"].removeprefix("approval.").upper()
    if decided["v"] == WITHOUT_PINS:
        state = word.state.value if state == ApprovalState.GRANTED else state
        facts = {key: value for key, value in facts.items() if key in decided["facts"]}
    if any(ended["facts"][key] != value for key, value in facts.items()) or state != word.state.value:
        return False
    if word.state is ApprovalState.WITHDRAWN:  # nobody answered it: taken back by who asked, or ended with the act
        return word.decided_by is None and word.decided_at is None and decided["facts"] == facts
    at = None if word.decided_at is None else instant_text(word.decided_at)
    return (decided["facts"], decided["actor"], decided["at"]) == (facts, _text(word.decided_by), at)


def _spent(session: Session, spent: dict[tuple[Any, ...], int]) -> Iterator[str]:
    """Every row of the journal that names an approver has spent that person's word for its actor in its transaction.

    A transfer's word is spent when the transfer is opened; the payment follows when the bank's line comes.
    """
    opened: set[tuple[Any, ...]] = set()
    late: list[tuple[JournalRow, tuple[Any, ...]]] = []
    rows = session.exec(
        select(JournalRow)
        .where(JournalRow.office_id == office_of(session), col(JournalRow.content).contains('"approver":"', autoescape=True))
        .execution_options(yield_per=1000)
    )
    for row in rows:
        content = json.loads(row.content)
        if row.kind == "approval.used" or content["v"] == WITHOUT_PINS:
            continue
        pair = (content["actor"], content["facts"]["approver"])
        if spent.get((content["at"], *pair), 0) > 0:
            spent[content["at"], *pair] -= 1
            if row.kind == "qr.open":
                opened.add(pair)
            yield ""
        else:
            late.append((row, pair if content["facts"].get("method") == Method.QR else ()))
    for row, pair in late:
        yield "" if pair in opened else f"{row.till_code}#{row.seq}: its second person gave no word"
    for (at, _, _), left in spent.items():
        if left > 0:
            yield f"a word was spent on nothing at {at}"


def two_people(session: Session) -> Iterator[str]:
    """Money goes back with a second person, and it is another person."""
    for payment in _all(session, Payment):
        needs = payment.kind in (PaymentKind.REVERSAL, PaymentKind.REFUND)
        fits = (payment.approver_id is not None or not needs) and payment.approver_id != payment.actor_id
        yield "" if fits else f"{payment.till_code}/{payment.year} {payment.number}: no second person"


def _journal(session: Session, kinds: str) -> Iterator[JournalRow]:
    yield from session.exec(
        select(JournalRow)
        .where(JournalRow.office_id == office_of(session), JournalRow.till_code == OFFICE_TILL)
        .where(col(JournalRow.kind).startswith(kinds, autoescape=True))
        .order_by(col(JournalRow.seq))
        .execution_options(yield_per=1000)
    )


def _all(session: Session, table: Any) -> Iterator[Any]:
    yield from session.exec(select(table).where(table.office_id == office_of(session)).execution_options(yield_per=1000))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
