"""The house itself: floors, sizes, refusals, and how little it takes to say the version."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

import counter
from counter.errors import BadInput, NotAvailable, Refused

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for top in ("counter", "db") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts)
ABSTRACT = {Refused, BadInput, NotAvailable}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as go; go(['--no-cache'])",
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_the_floors_hold() -> None:
    said = lint_imports(ROOT)
    assert said.returncode == 0, said.stdout


BREAKS = {
    "Each floor imports only floors below it": ("counter/money.py", "import counter.desk"),
    "Each floor imports only floors below it (a newcomer)": ("counter/newcomer.py", "X = 1"),
    "The tables import of ours only money and ids": ("db/scope.py", "import counter.clock"),
    "Printing is a stranger to the database": ("counter/printing/layout.py", "import sqlalchemy"),
    "The trade and the database run without a screen, a printer or a server": ("counter/ledger.py", "import textual"),
    "Screens and commands reach tables only through actions and views": ("counter/screens/themes.py", "import db.tables"),
}


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("house")
    for top in ("counter", "db"):
        shutil.copytree(ROOT / top, there / top, ignore=shutil.ignore_patterns("__pycache__", "*.ttf"))
    shutil.copy(ROOT / ".importlinter", there)
    return there


@pytest.mark.parametrize("contract", BREAKS)
def test_each_contract_is_broken_by_what_it_forbids(copied_house: Path, contract: str) -> None:
    place, line = BREAKS[contract]
    path = copied_house / place
    before = path.read_text() if path.exists() else None
    path.write_text((before or "") + f"\n{line}\n")
    said = lint_imports(copied_house)
    if before is None:
        path.unlink()
    else:
        path.write_text(before)
    assert said.returncode != 0
    assert ("newcomer" if "newcomer" in place else f"{contract} BROKEN") in said.stdout + said.stderr


def test_a_module_has_at_most_400_lines() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {size}" for path in SOURCES if (size := len(path.read_text().splitlines())) > 400
    ] == []


def test_a_function_has_at_most_50_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.name for path in SOURCES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def refusals() -> list[type[Refused]]:
    for found in pkgutil.walk_packages(counter.__path__, "counter."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    seen: list[type[Refused]] = []
    waiting = [Refused]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        seen.append(kind)
    return [kind for kind in seen if kind.__module__.startswith("counter.") and kind not in ABSTRACT]


def test_every_refusal_says_why_and_what_to_do() -> None:
    found = refusals()
    assert len(found) > 30
    for kind in found:
        for part in ("why", "todo"):
            sentence = kind.__dict__.get(part, "")
            assert sentence and sentence != getattr(Refused, part), f"{kind.__name__} has no {part} of its own"
            assert sentence[0] in "{“" or sentence[0].isupper(), f"{kind.__name__}.{part} is no sentence"
        assert inspect.getdoc(kind), kind.__name__


def test_what_a_refusal_tells_to_do_is_filled_from_the_same_facts_as_why_or_more() -> None:
    for kind in refusals():
        names = {name for text in (kind.why, kind.todo) for _, name, _, _ in string.Formatter().parse(text) if name}
        assert all(name.isidentifier() for name in names), kind.__name__


def loaded_by(code: str) -> set[str]:
    said = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print('\\n' + ' '.join(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(said.stdout.splitlines()[-1].split())


def test_the_version_is_said_without_loading_the_house() -> None:
    modules = loaded_by("sys.argv[1:] = ['--version']; from counter.__main__ import main; main()")
    assert not modules & {"textual", "sqlalchemy", "sqlmodel", "typer", "alembic", "reportlab", "PIL"}


def test_the_trade_is_loaded_without_screens_and_printers() -> None:
    modules = loaded_by("import counter.desk, counter.payments, counter.shifts, counter.audit")
    assert not modules & {"textual", "typer", "reportlab", "PIL", "escpos", "fastapi"}


def test_nothing_is_left_for_later() -> None:
    words = (
        "TO" + "DO",
        "FIX" + "ME",
        "raise NotImplemented" + "Error",
        "pytest.mark." + "skip",
        "pytest." + "skip",
        "x" + "fail",
    )
    later = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in [*SOURCES, *(ROOT / "tests").glob("*.py")]
        for word in words
        if word in path.read_text()
    ]
    assert later == []
