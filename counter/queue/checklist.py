"""The office's own opening checklist: answered and signed for a till when it opens its day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.office import require_till
from counter.people import name_of, require
from counter.queue.inside import Today, note, the_rules
from counter.queue.refusals import ChecklistMissing, ChecklistUnanswered
from counter.text import safe_text
from db.scope import mark_changed, office_of
from db.states import Role
from db.tables import ChecklistSigned


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item; `answer` is None before it is signed."""

    code: str
    text: str
    answer: bool | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A till's checklist of a day. `remark` is what the signer added; `signed_by` is empty before it is signed."""

    till_code: str
    day: date
    items: tuple[ChecklistItem, ...]
    is_demanded: bool
    remark: str = ""
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def is_signed(self) -> bool:
        """Whether somebody answered for it."""
        return self.signed_at is not None


def sign_checklist(
    session: Session, now: datetime, *, till_code: str, answers: Mapping[str, bool], remark: str = "", by: UUID
) -> Checklist:
    """Sign today's checklist of a till: each item yes or no. Signed once; the same again gives the first.

    Raises NoSuchTill, ChecklistUnanswered, NotAllowed, SameIdOtherFacts where it was signed otherwise.
    """
    require(session, user_id=by, roles=(Role.CASHIER, Role.SUPERVISOR))
    require_till(session, code=till_code)
    items, day = the_rules(session).checklist, local_day(now)
    unanswered = [text for code, text in items.items() if code not in answers]
    if unanswered:
        raise ChecklistUnanswered(items="; ".join(unanswered))
    content = {
        "items": {code: [text, bool(answers[code])] for code, text in items.items()},
        "remark": safe_text(remark, limit=300),
    }
    before = session.get(ChecklistSigned, (office_of(session), till_code, day))
    if before is not None:
        if json.loads(before.content) != content:
            raise SameIdOtherFacts
        return checklist(session, till_code=till_code, day=day)
    session.add(
        ChecklistSigned(
            office_id=office_of(session),
            till_code=till_code,
            day=day,
            content=json.dumps(content, ensure_ascii=False),
            signed_by=by,
            signed_at=now,
        )
    )
    session.flush()
    note(session, now, kind="checklist", day=day, by=by, facts={"till": till_code, **content})
    mark_changed(session)
    return checklist(session, till_code=till_code, day=day)


def checklist(session: Session, *, till_code: str, day: date) -> Checklist:
    """A till's checklist of a day: as it was signed, or the office's items still to be answered."""
    rules = the_rules(session)
    row = session.get(ChecklistSigned, (office_of(session), till_code, day))
    if row is None:
        items = tuple(ChecklistItem(code, text, None) for code, text in rules.checklist.items())
        return Checklist(till_code, day, items, rules.checklist_demanded)
    content = json.loads(row.content)
    items = tuple(ChecklistItem(code, text, answer) for code, (text, answer) in content["items"].items())
    name = name_of(session, user_id=row.signed_by)
    return Checklist(till_code, day, items, rules.checklist_demanded, content["remark"], name, row.signed_at)


def require_signed(session: Session, now_today: Today, *, till_code: str) -> None:
    """A till that must sign before it calls anybody has signed. Raises ChecklistMissing."""
    if not now_today.rules.checklist_demanded:
        return
    if session.get(ChecklistSigned, (office_of(session), till_code, now_today.day)) is None:
        raise ChecklistMissing(till=till_code)
