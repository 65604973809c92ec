"""What an office chose for its papers: in its database, for every till; checked when saved, only read when printed.

A layout that is missing or damaged is the usual one: paper is never refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from counter import journal
from counter.clock import local_day
from counter.errors import BadInput
from counter.folder import read_own
from counter.locale import N_, _
from counter.people import require
from counter.printing import PrinterProfile, as_pdf, as_text, build
from counter.printing.documents import USUAL, Layout
from counter.printing.samples import sample
from counter.printing.template import PAPERS, BadLayout, as_toml, read_layout
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import Role
from db.tables import PaperLayout

CHANGED: Final = "paper.layout"
_LARGEST: Final = 100_000
"""Bytes of a layout's TOML; more is no layout."""
_log = logging.getLogger(__name__)


class NoSuchPaper(BadInput):
    """A name of a paper that has no layout."""

    why = N_("“{paper}” is not a paper that has a layout.")
    todo = N_("Use one of: {known}.")


class LayoutFileUnreadable(BadInput):
    """The file with a layout cannot be read as text."""

    why = N_("{file} cannot be read as text: {problem}")
    todo = N_("Save it as UTF-8 text and try again; the layout in use stays as it was.")


# --- rules -----------------------------------------------------------------------------------------------------------


def known(paper: str) -> str:
    """The name of a paper that has a layout. Raises NoSuchPaper."""
    if paper not in PAPERS:
        raise NoSuchPaper(paper=safe_text(paper, limit=40), known=", ".join(PAPERS))
    return paper


def text_of(path: Path) -> str:
    """A layout's TOML in a file. Raises LayoutFileUnreadable."""
    try:
        return read_own(path, cap=_LARGEST).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise LayoutFileUnreadable(file=path, problem=problem) from error


def digest(layout: Layout) -> str:
    """What the journal keeps of a layout: SHA-256 of its facts."""
    return hashlib.sha256(json.dumps(asdict(layout), sort_keys=True).encode()).hexdigest()


def check(*, paper: str, text: str, folder: Path) -> Layout:
    """The layout in a TOML text, proven to print; its logo lies in `folder`. Raises BadLayout, NoSuchPaper."""
    file = f"{paper}.toml"
    layout = read_layout(text, paper=known(paper), file=file, folder=folder)
    try:
        _print_a_sample(paper, layout)
    except Exception as error:
        _log.exception("a sample of %s with a new layout does not print", paper)
        reason = _("a sample with this layout does not print; the log says why")
        raise BadLayout(file=file, line=1, field=paper, value=type(error).__name__, reason=reason) from error
    return layout


def _print_a_sample(paper: str, layout: Layout) -> None:
    """On the narrowest and the widest paper, as dots and as letters, and as PDF."""
    shown = sample(paper, layout=layout)
    if isinstance(shown, bytes):
        return
    for dots, columns in ((384, 32), (576, 48)):
        as_text(shown, columns=columns)
        build(shown, PrinterProfile(dots=dots, columns=columns))
    build(shown, PrinterProfile(mode="ascii", columns=32))
    as_pdf(shown)


# --- actions ---------------------------------------------------------------------------------------------------------


def keep(session: Session, now: datetime, *, paper: str, layout: Layout, by: UUID) -> None:
    """From now on the office's papers look like this, at every till; only supervisors change them. Raises NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    key = {"office_id": office_of(session), "paper": known(paper)}
    content = json.dumps(asdict(layout), ensure_ascii=False, sort_keys=True)
    row = session.get(PaperLayout, tuple(key.values()), with_for_update=True)
    if row is None:
        row = PaperLayout(**key, content=content, changed_by=by, changed_at=now)
    row.content, row.changed_by, row.changed_at = content, by, now
    session.add(row)
    facts = {"paper": paper, "sha256": digest(layout)}
    journal.append(session, now, till_code=OFFICE_TILL, kind=CHANGED, business_day=local_day(now), actor_id=by, facts=facts)


# --- views -----------------------------------------------------------------------------------------------------------


def chosen(session: Session, *, paper: str) -> Layout:
    """The layout in use for a paper: the office's, else the usual one. Never refused: paper comes out all the same."""
    row = session.get(PaperLayout, (office_of(session), paper))
    return USUAL if row is None else _read(row.content)


@lru_cache(maxsize=32)
def _read(content: str) -> Layout:
    try:
        plain: dict[str, Any] = json.loads(content)
        texts = {field: str(plain[field]) for field in ("title", "lang", "logo")}
        lists = {field: tuple(map(str, plain[field])) for field in ("header", "footer", "hide")}
        return Layout(**texts, **lists)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError):
        _log.warning("a layout in the database cannot be read; the usual one is used")
        return USUAL


def source(session: Session, *, paper: str) -> str:
    """The TOML of the layout in use, to go on from anywhere: its logo is in it as dots; of the usual one it is empty."""
    layout = chosen(session, paper=known(paper))
    return as_toml(layout, logo=layout.logo)
