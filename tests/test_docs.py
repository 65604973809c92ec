"""The documents say what the code does: keys, commands, words, links and lengths are compared with it."""

from __future__ import annotations

import configparser
import inspect
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select
from textual.binding import Binding

import db.states
import db.tables
from counter.audit import audit
from counter.config import Settings
from counter.desk import Desk
from counter.ledger import CHART
from counter.locale import translate, use_language
from db.columns import metadata
from db.tables import JournalRow

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMON = {"--json", "--help"}
"""Options that docs/cli.md explains once for every command."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows_of(text: str) -> list[list[str]]:
    """The rows of every table in `text`, as cells."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def commands_of(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """Every command below `group` with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, *before, name)
        else:
            yield " ".join((*before, name)), command


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    from counter.cli import app

    app.load_commands()
    return dict(commands_of(typer.main.get_command(app.app)))


def test_every_setting_is_explained_with_its_default_and_no_other() -> None:
    text = text_of("docs/settings.md").partition("## Environment")[0]
    told = {row[0].strip("`"): row[1].strip("`") for row in rows_of(text) if row[0].startswith("`")}
    real = {name: str(field.default) or "empty" for name, field in Settings.model_fields.items()}
    assert told == real


def test_every_command_is_explained_with_its_options_and_no_other(commands: dict[str, Any]) -> None:
    rows = {}
    for row in rows_of(text_of("docs/cli.md")):
        if row[0].startswith("`counter "):
            words = row[0].strip("`").split()[1:]
            rows[next((name for n in (3, 2) if (name := " ".join(words[:n])) in commands), words[0])] = row[0]
    assert set(rows) == set(commands)
    for name, command in commands.items():
        options = {option for one in command.params for option in one.opts if option.startswith("--")} - COMMON
        told = set(re.findall(r"--[a-z-]+", rows[name]))
        assert told == options, name


def test_every_table_is_in_the_glossary_and_no_other() -> None:
    text = text_of("GLOSSARY.md").partition("## Tables")[2].partition("## States")[0]
    told = [row[0].strip("`") for row in rows_of(text) if row[0].startswith("`")]
    assert sorted(told) == sorted(metadata.tables)


def test_every_word_of_every_state_is_in_the_glossary_and_no_other() -> None:
    enums = [kind for _, kind in inspect.getmembers(db.states, inspect.isclass) if issubclass(kind, StrEnum)]
    real = {(kind.__name__, word.value) for kind in enums if kind is not StrEnum for word in kind}
    text = text_of("GLOSSARY.md").partition("## States and kinds")[2]
    told = {(row[0].strip("`"), row[1].strip("`")) for row in rows_of(text) if row[0].startswith("`")}
    assert told == real


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_something(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    ours = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link) and not link.startswith("#")]
    assert [link for link in ours if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"`((?:counter|db|docs|tests)/[^`\s<>…]*)`", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_test_that_is_named_exists() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    named = re.findall(r"`(test_[a-z0-9_]+)`", text_of("ARCHITECTURE.md"))
    assert named
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_every_check_of_the_books_is_in_the_architecture(desk: Desk) -> None:
    text = text_of("ARCHITECTURE.md")
    assert [check.name for check in desk.see(audit) if f"`{check.name}`" not in text] == []


def test_every_account_is_in_the_architecture_with_its_number() -> None:
    rows = {account: row[1] for row in rows_of(text_of("ARCHITECTURE.md")) for account in re.findall(r"`([^`]+)`", row[0])}
    assert [book.value for book, (number, _) in CHART.items() if number not in rows.get(book.value, "").split(", ")] == []


def test_the_floors_in_the_architecture_are_those_that_are_proven() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:floors"]["layers"].split("\n")
    proven = [set(re.findall(r"\w+", line)) for line in lines if line]
    block = text_of("ARCHITECTURE.md").partition("```\n__main__")[2].partition("```")[0]
    told = [set(re.findall(r"\w+", line.split("  ")[0])) for line in f"__main__{block}".splitlines()]
    assert told == proven


def test_every_key_is_in_the_guides_with_the_words_of_the_screen() -> None:
    from counter.screens.auditor import AuditorScreen
    from counter.screens.bank.lines import BankScreen
    from counter.screens.bank.lists import SharesScreen
    from counter.screens.bank.messages import MessagesScreen
    from counter.screens.bank.profile import ProfileScreen
    from counter.screens.bank.statement import StatementScreen
    from counter.screens.bank.surplus import SurplusScreen
    from counter.screens.cashless.transfer import TransferScreen
    from counter.screens.collector import CollectorScreen
    from counter.screens.day_papers import DayPapersScreen
    from counter.screens.debts import DebtsScreen
    from counter.screens.money_back import MoneyBackScreen
    from counter.screens.papers import PapersScreen
    from counter.screens.printer import PrinterScreen
    from counter.screens.queue.bookings import BookingsScreen
    from counter.screens.queue.books import BooksScreen
    from counter.screens.queue.checklist import ChecklistScreen
    from counter.screens.queue.day import QueueDayScreen
    from counter.screens.queue.guard import GuardScreen
    from counter.screens.queue.reception import ReceptionScreen
    from counter.screens.queue.slots import SlotsScreen
    from counter.screens.receipts import ReceiptsScreen
    from counter.screens.shift import ShiftScreen
    from counter.screens.supervisor import SupervisorScreen
    from counter.screens.till import TillScreen
    from counter.screens.widgets import key_name

    use_language("vi")
    guides = {
        "docs/guide-cashier.md": (
            TillScreen,
            TransferScreen,
            ShiftScreen,
            ReceiptsScreen,
            MoneyBackScreen,
            ChecklistScreen,
            PapersScreen,
            PrinterScreen,
        ),
        "docs/guide-reception.md": (ReceptionScreen, SlotsScreen, GuardScreen),
        "docs/guide-supervisor.md": (
            SupervisorScreen,
            AuditorScreen,
            CollectorScreen,
            BankScreen,
            MessagesScreen,
            SurplusScreen,
            SharesScreen,
            StatementScreen,
            ProfileScreen,
            DayPapersScreen,
            DebtsScreen,
            QueueDayScreen,
            BooksScreen,
            BookingsScreen,
        ),
    }
    for guide, screens in guides.items():
        told = {(row[0].lower(), row[1]) for row in rows_of(text_of(guide))}
        bindings = [one for screen in screens for one in screen.BINDINGS if isinstance(one, Binding)]
        names = ((one.key_display or key_name(one.key.split(",")[0]), one) for one in bindings if one.description)
        real = {(name.lower(), translate(one.description)) for name, one in names}
        assert {pair for pair in real - told if not pair[0].startswith("^")} == set(), guide


def test_the_documents_stay_short() -> None:
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in DOCUMENTS}
    assert lines["CONTRIBUTING.md"] <= 80
    assert {path.name: lines[path.name] for path in DOCUMENTS if path.parent.name == "adr" and lines[path.name] > 20} == {}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever a test before left: these compare source words."""
    use_language("en")
    yield


def test_every_kind_in_the_journal_of_a_long_day_is_named(busy: Desk) -> None:
    told = text_of("ARCHITECTURE.md").partition("Kinds: ")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z_.*]+)`", told))
    kinds = busy.see(lambda session: set(session.scalars(select(JournalRow.kind).distinct())))
    assert len(kinds) > 15
    assert {kind for kind in kinds if kind not in named and f"{kind.partition('.')[0]}.*" not in named} == set()
