"""The words on screen and paper: English in the source, Vietnamese complete beside it."""

from __future__ import annotations

import gettext
import importlib
import inspect
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from kit import Staff

import counter
import db.states
from counter.audit import audit
from counter.desk import Desk
from counter.errors import Refused
from counter.locale import LANGUAGES, language, translate, use_language
from counter.people import NotAllowed, unlock
from counter.words import CHECKS, NAMES, said
from db.states import Role
from tools import catalogues

PROPER = ("Tiếng Việt", "BẢN SAO LẦN", "BẢN SAO", "Quầy", "đồng")
"""Vietnamese that an English sentence may say: the name of the product, the money, what stands on a copy."""


@pytest.fixture(autouse=True)
def language_as_before() -> Iterator[None]:
    """Other tests see the language they had."""
    before = language()
    yield
    use_language(before)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return list(catalogues.source_texts())


def every_refusal() -> list[type[Refused]]:
    """Refused and everything derived from it in counter/."""
    for module in pkgutil.walk_packages(counter.__path__, "counter."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, left = [], [Refused]
    while left:
        kind = left.pop()
        found.append(kind)
        left += kind.__subclasses__()
    return sorted({kind for kind in found if kind.__module__.startswith("counter.")}, key=lambda kind: kind.__qualname__)


def small_house(root: Path, source: str) -> dict[str, list[str]]:
    (root / "counter").mkdir(exist_ok=True)
    (root / "counter" / "one.py").write_text(source, encoding="utf-8")
    return catalogues.source_texts(root)


# --- the catalogues ---------------------------------------------------------------------------------------------------


def test_the_vietnamese_is_complete_and_current() -> None:
    assert catalogues.faults() == []
    assert catalogues.main(["--check"]) == 0


def test_every_text_is_vietnamese_when_vietnamese_is_chosen(texts: list[str]) -> None:
    use_language("vi")
    compiled = gettext.translation("quaythu", catalogues.LOCALE, ["vi"])
    assert [text for text in texts if translate(text) != compiled.gettext(text) or not translate(text)] == []
    use_language("en")
    assert [text for text in texts if translate(text) != text] == []


def test_the_same_source_gives_the_same_bytes(texts: list[str]) -> None:
    found, known = catalogues.source_texts(), catalogues.read_catalogue()
    once, again = (catalogues.merged(found, known) for _ in range(2))
    assert catalogues.po_bytes(once) == catalogues.po_bytes(again) == catalogues.PO.read_bytes()
    assert catalogues.mo_bytes(once) == catalogues.mo_bytes(again) == catalogues.MO.read_bytes()


def test_the_files_hold_no_date_no_address_and_no_place_of_a_machine() -> None:
    for path in (catalogues.POT, catalogues.PO):
        head = path.read_text(encoding="utf-8").split("\n\n")[0]
        assert not re.search(r"Date|@|Generated|/|20[0-9]{2}", head.replace("text/plain", ""))
    assert b"Date" not in catalogues.MO.read_bytes()[:2000]


def test_places_have_the_same_names_and_formats_in_both_languages(texts: list[str]) -> None:
    vietnamese = catalogues.read_catalogue()
    said = {text: str(catalogues.message(vietnamese, text).string) for text in texts}
    assert {text: one for text, one in said.items() if catalogues.places(text) != catalogues.places(one)} == {}


def test_a_text_without_vietnamese_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = small_house(tmp_path, 'a = _("Nothing like this is in the house.")\n')
    monkeypatch.setattr(catalogues, "source_texts", lambda: found)
    wrong = catalogues.faults()
    assert "no Vietnamese: 'Nothing like this is in the house.' (counter/one.py)" in wrong
    assert any(line.startswith("no longer in the source: ") for line in wrong)
    assert "out of date: quaythu.mo" in wrong
    assert catalogues.main(["--check"]) == 1


def test_texts_are_found_in_every_way_of_marking_them(tmp_path: Path) -> None:
    source = """
a = _("one")
b = Column(N_("two"), width=3)
c = translate(
    "three "
    "and a half"
)
d = _(name)
e = f"· {_('four')} {d}"
"""
    assert list(small_house(tmp_path, source)) == ["one", "two", "three and a half", "four"]


@pytest.mark.parametrize(
    ("source", "said", "fault"),
    [
        ("{a} is here", "{b} ở đây", "other {places}"),
        ("{a:>18}", "{a}", "other {places}"),
        ("{a} is here", "{a ở đây", "a brace stands alone"),
        ("To pay   {a:>18}", "Cần thu {a:>18}", "its column is not aligned"),
        ("  State    {a}", "  Trạng thái    {a}", "its column is not aligned"),
        ("One\ntwo", "Một hai", "another number of lines"),
        ("  One", "Một", "other blanks at its ends"),
        ("One", unicodedata.normalize("NFD", "Một"), "its letters are not composed (NFC)"),
    ],
)
def test_a_translation_that_would_break_the_screen_is_a_fault(source: str, said: str, fault: str) -> None:
    assert fault in catalogues.differences(source, said)


def test_a_good_translation_has_no_fault() -> None:
    assert catalogues.differences("To pay   {a:>18} and {b}", "Cần thu  {a:>18} và {b}") == []
    assert catalogues.differences("{n} of {total}", "{total}, trong đó {n}") == []


# --- refusals ---------------------------------------------------------------------------------------------------------


def sentences(kind: type[Refused]) -> Iterator[str]:
    """Why and what next, filled in, in every language."""
    for lang in LANGUAGES:
        use_language(lang)
        for template in (kind.why, kind.todo):
            names = {name for name, _spec, _conversion in catalogues.places(template)}
            yield translate(template).format(**dict.fromkeys(names, "x"))


def test_every_refusal_says_why_and_what_to_do_next_in_both_languages(texts: list[str]) -> None:
    refusals = every_refusal()
    assert len(refusals) > 50
    assert [kind.__qualname__ for kind in refusals if kind.why not in texts or kind.todo not in texts] == []
    assert [(kind.__qualname__, said) for kind in refusals for said in sentences(kind) if not said or "{" in said] == []


def test_a_refusal_speaks_the_language_in_use() -> None:
    use_language("vi")
    assert str(Refused()) == "Không thực hiện được."
    use_language("en")
    assert str(Refused()) == "This is not possible."


# --- words of the columns ---------------------------------------------------------------------------------------------


def states() -> list[StrEnum]:
    kinds = [kind for _, kind in inspect.getmembers(db.states, inspect.isclass) if issubclass(kind, StrEnum)]
    return [word for kind in kinds for word in kind]


def test_every_state_role_and_kind_is_said_in_both_languages_and_no_other_is() -> None:
    for lang in LANGUAGES:
        use_language(lang)
        shown = [said(word) for word in states()]
        assert [word for word, name in zip(states(), shown, strict=True) if name == word.value and lang == "vi"] == []
        assert [word for word in states() if word.value not in NAMES.get(type(word).__name__, {})] == []
    assert sum(map(len, NAMES.values())) == len(states())


def test_every_check_of_the_books_is_said(desk: Desk) -> None:
    assert {*CHECKS} == {check.name for check in desk.see(audit)}


def test_a_role_in_a_refusal_is_said_in_the_language_in_use(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed) as refused:
        desk.do(unlock, login="huong", by=staff.cashier.user_id)
    use_language("vi")
    assert "phụ trách" in refused.value.why_text()
    use_language("en")
    assert refused.value.why_text().endswith("needs the role supervisor.")


def test_several_roles_are_said_with_commas() -> None:
    use_language("en")
    assert NotAllowed(name="A", needed=(Role.SUPERVISOR, Role.CASHIER)).why_text().endswith("supervisor, cashier.")


# --- the languages ----------------------------------------------------------------------------------------------------


def test_the_source_is_english(texts: list[str]) -> None:
    def rest(text: str) -> str:
        for word in PROPER:
            text = text.replace(word, "")
        return text

    def has_marks(text: str) -> bool:
        return any(letter in "đĐ" or (letter.isalpha() and not letter.isascii()) for letter in text)

    assert [text for text in texts if has_marks(rest(text))] == []


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language"):
        use_language("fr")


def test_vietnamese_is_what_a_fresh_program_speaks() -> None:
    import subprocess

    code = "from counter.locale import language; raise SystemExit(0 if language() == 'vi' else 1)"
    assert subprocess.run([sys.executable, "-c", code], cwd=catalogues.ROOT, check=False).returncode == 0
