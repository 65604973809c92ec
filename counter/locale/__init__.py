"""The languages of the product: English in the source, Vietnamese by default on the screen and on paper."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Final

DOMAIN: Final = "quaythu"
LANGUAGES: Final = ("vi", "en")
_HERE = Path(__file__).parent
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"
_speaking: ContextVar[str] = ContextVar("speaking", default="")


def use_language(lang: str) -> None:
    """Show everything from now on in `vi` or `en`."""
    global _catalogue, _language
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; have {LANGUAGES}")
    _language = lang
    _catalogue = _catalogue_of(lang)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue_of(lang: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _HERE, ["vi"]) if lang == "vi" else gettext.NullTranslations()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Inside, this thread or task says everything in `lang`, as a paper of another language does; empty: as before."""
    before = _speaking.set(lang)
    try:
        yield
    finally:
        _speaking.reset(before)


def language() -> str:
    """The language in use: `vi` or `en`."""
    return _speaking.get() or _language


def translate(message: str) -> str:
    """The sentence in the language in use; the English source where none is known."""
    if not message:
        return message
    own = _speaking.get()
    return (_catalogue_of(own) if own else _catalogue).gettext(message)


_ = translate


def N_(message: str) -> str:
    """Mark a sentence for the catalogue without translating it yet."""
    return message


use_language("vi") if (_HERE / "vi" / "LC_MESSAGES" / f"{DOMAIN}.mo").exists() else None
