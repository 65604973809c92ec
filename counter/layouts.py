"""What an office chose for its papers: kept in the home's folder `paper`, checked when saved, only read when printed.

Of each paper there are two files: `receipt.toml` as people write it, and `receipt.json`, which printing reads and which is
written only after everything was checked. A `.json` that is missing or damaged is the usual layout: paper is never refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from counter import journal
from counter.clock import local_day
from counter.errors import BadInput, NotAvailable
from counter.locale import N_
from counter.people import require
from counter.printing.documents import USUAL, Layout
from counter.printing.template import PAPERS, as_toml, read_layout
from counter.text import safe_text
from db.scope import OFFICE_TILL
from db.states import Role

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


class LayoutNotSaved(NotAvailable):
    """The home's folder cannot be written."""

    why = N_("The layout cannot be written to {path}: {problem}")
    todo = N_("Check the folder and the disk; the layout in use stays as it was.")


# --- rules -----------------------------------------------------------------------------------------------------------


def folder_of(home: Path) -> Path:
    """Where layouts and logos lie."""
    return home / "paper"


def known(paper: str) -> str:
    """The name of a paper that has a layout. Raises NoSuchPaper."""
    if paper not in PAPERS:
        raise NoSuchPaper(paper=safe_text(paper, limit=40), known=", ".join(PAPERS))
    return paper


def text_of(path: Path) -> str:
    """A layout's TOML in a file. Raises LayoutFileUnreadable."""
    try:
        data = path.read_bytes()
        if len(data) > _LARGEST:
            raise ValueError("too large")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise LayoutFileUnreadable(file=path, problem=problem) from error


def digest(layout: Layout) -> str:
    """What the journal keeps of a layout: SHA-256 of its facts."""
    return hashlib.sha256(json.dumps(asdict(layout), sort_keys=True).encode()).hexdigest()


# --- actions ---------------------------------------------------------------------------------------------------------


def note_layout(session: Session, now: datetime, *, paper: str, layout: Layout, by: UUID) -> None:
    """The journal's row about a layout that is going to be saved; only supervisors change papers. Raises NotAllowed."""
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    facts = {"paper": known(paper), "sha256": digest(layout)}
    journal.append(session, now, till_code=OFFICE_TILL, kind=CHANGED, business_day=local_day(now), actor_id=by, facts=facts)


def save(home: Path, *, paper: str, text: str, folder: Path | None = None) -> Layout:
    """Check a TOML text and keep it; its logo is looked for in `folder`. Raises BadLayout, LayoutNotSaved, NoSuchPaper."""
    where = folder_of(home)
    layout = check(paper=paper, text=text, folder=folder or where)
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder and layout.logo and folder.resolve() != where.resolve():
            name = _logo_name(text)
            shutil.copyfile(folder / name, where / Path(name).name)
        _whole(where / f"{paper}.toml", text)
        _whole(where / f"{paper}.json", json.dumps(asdict(layout), ensure_ascii=False))
    except OSError as error:
        raise LayoutNotSaved(path=where, problem=error.strerror or str(error)) from error
    return layout


def forget(home: Path, *, paper: str) -> None:
    """Back to the usual layout. Raises LayoutNotSaved."""
    where = folder_of(home)
    try:
        for ending in ("json", "toml"):
            (where / f"{known(paper)}.{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise LayoutNotSaved(path=where, problem=error.strerror or str(error)) from error


def _logo_name(text: str) -> str:
    import tomllib

    return str(tomllib.loads(text)["logo"])


def _whole(path: Path, text: str) -> None:
    """The file appears whole or not at all."""
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


# --- views -----------------------------------------------------------------------------------------------------------


def check(*, paper: str, text: str, folder: Path) -> Layout:
    """The layout in a TOML text, proven to print; nothing is written. Raises BadLayout, NoSuchPaper."""
    return read_layout(text, paper=known(paper), file=f"{paper}.toml", folder=folder)


def chosen(home: Path | None, paper: str) -> Layout:
    """The layout in use for a paper: the office's, else the usual one. Never raises."""
    if home is None:
        return USUAL
    path = folder_of(home) / f"{paper}.json"
    try:
        seen = path.stat()
    except OSError:
        return USUAL
    return _read(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, _size: int) -> Layout:
    try:
        plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        texts = {field: str(plain[field]) for field in ("title", "lang", "logo")}
        lists = {field: tuple(map(str, plain[field])) for field in ("header", "footer", "hide")}
        return Layout(**texts, **lists)  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("the layout in %s cannot be read; the usual one is used", path.name)
        return USUAL


def logo_name(home: Path, *, paper: str) -> str:
    """The file of the logo in use, in the folder of layouts; empty without one."""
    import tomllib

    try:
        return str(tomllib.loads(source(home, paper=paper)).get("logo", ""))
    except tomllib.TOMLDecodeError:
        return ""


def source(home: Path, *, paper: str) -> str:
    """The TOML of the layout in use, to go on from; of the usual layout it is empty."""
    path = folder_of(home) / f"{known(paper)}.toml"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return as_toml(chosen(home, paper))
