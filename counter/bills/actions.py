"""Bring a staged file in, and close a case. One transaction each: killed anywhere, all of it is there or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from counter import journal
from counter.bills import finding_index, merge
from counter.bills.cases import close_case, close_settled_cases, hold_case, late_claims, open_cases_for
from counter.bills.places import lay_beside
from counter.bills.refusals import ResolutionMissing
from counter.bills.staging import Staged
from counter.clock import local_day
from counter.errors import SameIdOtherFacts
from counter.people import require
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import CaseState, ImportState, Role
from db.tables import BillImport

MAY_IMPORT: Final = (Role.SUPERVISOR, Role.CASHIER)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a file did. `read` = `added` + `updated` + `unchanged` + `cases` + `rejected`, all lines.

    `with_advance`: customers with new unpaid bills and advance money; whoever calls lets the advances settle them.
    """

    import_id: UUID
    file_name: str
    sha256: str
    profile: str
    read: int
    added: int
    updated: int
    unchanged: int
    cases: int
    rejected: int
    with_advance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a file would do; the figures mean the same as in BroughtIn."""

    file_name: str
    sha256: str
    profile: str
    read: int
    added: int
    updated: int
    unchanged: int
    cases: int
    rejected: int


def bring_in(session: Session, now: datetime, *, import_id: UUID, staged: Staged, by: UUID) -> BroughtIn:
    """Apply a staged file whose every line is right. Again with the same id and file: the first result.

    Raises RejectedLines (nothing goes in), SameIdOtherFacts, and NotAllowed for who may not import.
    """
    staged.refuse_rejected()
    return bring_in_the_rest(session, now, import_id=import_id, staged=staged, by=by)


def bring_in_the_rest(session: Session, now: datetime, *, import_id: UUID, staged: Staged, by: UUID) -> BroughtIn:
    """As `bring_in`, but wrong lines are left out: somebody saw them and said so. Their number is in the journal."""
    require(session, user_id=by, roles=MAY_IMPORT)
    before = session.get(BillImport, (office_of(session), import_id))
    if before is not None:
        if (before.sha256, before.profile) != (staged.sha256, staged.profile):
            raise SameIdOtherFacts
        return _result(session, before)
    lay_beside(session, staged)
    merge.lock_known_bills(session)
    merge.merge_books(session)
    _merge_customers(session)
    close_settled_cases(session, now, by=by)
    cases = open_cases_for(session, now, import_id=import_id, by=by)
    updated = merge.update_bills(session, import_id=import_id)
    added = merge.add_bills(session, import_id=import_id)
    row = BillImport(
        office_id=office_of(session),
        import_id=import_id,
        file_name=staged.file_name,
        sha256=staged.sha256,
        profile=staged.profile,
        state=ImportState.DONE,
        read=staged.read,
        added=added,
        updated=updated,
        unchanged=staged.read - added - updated - cases - staged.rejected,
        rejected=staged.rejected,
        done_at=now,
        done_by=by,
    )
    session.add(row)
    session.flush()
    facts, day = import_facts(row), local_day(now)
    journal.append(session, now, till_code=OFFICE_TILL, kind="bills.import", business_day=day, actor_id=by, facts=facts)
    return _result(session, row)


def what_it_would_do(session: Session, *, staged: Staged) -> Forecast:
    """What bringing the file in would change; nothing is written. A view: `desk.see`."""
    lay_beside(session, staged)
    effect, cases = merge.effect(session), late_claims(session)
    return Forecast(
        file_name=staged.file_name,
        sha256=staged.sha256,
        profile=staged.profile,
        read=staged.read,
        added=effect.added,
        updated=effect.updated,
        unchanged=staged.read - effect.added - effect.updated - cases - staged.rejected,
        cases=cases,
        rejected=staged.rejected,
    )


def resolve_case(session: Session, now: datetime, *, case_id: UUID, resolution: str, by: UUID) -> None:
    """A supervisor closes a case in words. The same words again: nothing more happens.

    Raises UnknownCase, CaseClosed, ResolutionMissing, NotAllowed.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    words = safe_text(resolution, limit=300)
    if not words:
        raise ResolutionMissing
    case = hold_case(session, case_id=case_id)
    if case.state is CaseState.RESOLVED and (case.resolution, case.resolved_by) == (words, by):
        return
    close_case(session, now, case, resolution=words, by=by)


def _merge_customers(session: Session) -> None:
    base = merge.last_search_no(session)
    finding_index.reindex_changed(session)
    merge.update_customers(session)
    finding_index.index_new_numbers(session)
    if finding_index.is_sqlite(session):
        finding_index.index_new_words(session, base=base)
        merge.add_customers(session, base=base)
    else:
        merge.add_customers(session, base=base)
        finding_index.index_new_words(session, base=base)


def _result(session: Session, row: BillImport) -> BroughtIn:
    return BroughtIn(
        import_id=row.import_id,
        file_name=row.file_name,
        sha256=row.sha256,
        profile=row.profile,
        read=row.read,
        added=row.added,
        updated=row.updated,
        unchanged=row.unchanged,
        cases=row.read - row.added - row.updated - row.unchanged - row.rejected,
        rejected=row.rejected,
        with_advance=merge.customers_with_advance(session, import_id=row.import_id),
    )


def import_facts(row: BillImport) -> dict[str, Any]:
    """What the journal says of a file; the audit makes it again from the table."""
    return {
        "import": row.import_id,
        "file": row.file_name,
        "sha256": row.sha256,
        "profile": row.profile,
        "read": row.read,
        "added": row.added,
        "updated": row.updated,
        "unchanged": row.unchanged,
        "cases": row.read - row.added - row.updated - row.unchanged - row.rejected,
        "rejected": row.rejected,
    }


__all__ = ["BroughtIn", "Forecast", "bring_in", "bring_in_the_rest", "resolve_case", "what_it_would_do"]
