"""The languages of the product: English in the source, Vietnamese by default on the screen and on paper."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final

DOMAIN: Final = "quaythu"
LANGUAGES: Final = ("vi", "en")
_HERE = Path(__file__).parent
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use_language(lang: str) -> None:
    """Show everything from now on in `vi` or `en`."""
    global _catalogue, _language
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; have {LANGUAGES}")
    _language = lang
    _catalogue = gettext.translation(DOMAIN, _HERE, ["vi"]) if lang == "vi" else gettext.NullTranslations()


def language() -> str:
    """The language in use: `vi` or `en`."""
    return _language


def translate(message: str) -> str:
    """The sentence in the language in use; the English source where none is known."""
    return _catalogue.gettext(message) if message else message


_ = translate


def N_(message: str) -> str:
    """Mark a sentence for the catalogue without translating it yet."""
    return message


use_language("vi") if (_HERE / "vi" / "LC_MESSAGES" / f"{DOMAIN}.mo").exists() else None
