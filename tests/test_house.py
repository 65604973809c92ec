"""The house itself: floors, sizes, refusals, and how little it takes to say the version."""

from __future__ import annotations

import ast
import configparser
import importlib
import pkgutil
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Sequence
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
    "The tables import of ours only money and ids (whatever comes)": ("db/scope.py", "import counter.words"),
    "Printing is a stranger to the database": ("counter/printing/layout.py", "import sqlalchemy"),
    "The trade and the database run without a screen, a printer or a server": ("counter/ledger.py", "import textual"),
    "The desk and what is below it know no screen, command or server": ("counter/papers/door.py", "import textual"),
    "Screens know no command line and no server": ("counter/screens/themes.py", "import typer"),
    "Screens and commands reach tables only through actions and views": ("counter/screens/themes.py", "import db.engine"),
    "Screens and commands reach tables only through actions and views (SQL)": ("counter/cli/app.py", "import sqlmodel"),
}


OF_THE_TRADE = ("audit", "journal")
"""The trade's floors: from the first of these down to the last."""


def contract(name: str) -> configparser.SectionProxy:
    """A contract of .importlinter by its id."""
    found = configparser.ConfigParser()
    found.read(ROOT / ".importlinter", encoding="utf-8")
    return found[f"importlinter:contract:{name}"]


def test_every_contract_is_proven_by_breaking_it() -> None:
    found = configparser.ConfigParser()
    found.read(ROOT / ".importlinter", encoding="utf-8")
    names = {found[section]["name"] for section in found.sections() if ":" in section}
    assert names == {name.partition(" (")[0] for name in BREAKS}


def test_every_floor_of_the_trade_is_bound_to_run_without_a_screen() -> None:
    floors = [set(re.findall(r"[a-z]+", line)) for line in contract("floors")["layers"].splitlines()]
    first, last = (next(n for n, floor in enumerate(floors) if word in floor) for word in OF_THE_TRADE)
    trade = {f"counter.{name}" for floor in floors[first : last + 1] for name in floor}
    assert trade - set(contract("trade")["source_modules"].split()) == set()


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
    assert ("newcomer" if "newcomer" in place else f"{contract.partition(' (')[0]} BROKEN") in said.stdout + said.stderr


# --- sizes and words, each rule proven by a fault planted in a small house ---------------------------------------------


def long_modules(sources: Sequence[Path]) -> list[str]:
    return [f"{path.name}: {size}" for path in sources if (size := len(path.read_text().splitlines())) > 400]


def long_functions(sources: Sequence[Path]) -> list[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    nodes = ((path, node) for path in sources for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))
    return [f"{path.name}: {node.name}" for path, node in nodes if (node.end_lineno or 0) - node.lineno >= 50]


def silent_modules(sources: Sequence[Path]) -> list[str]:
    texts = ((path.name, path.read_text()) for path in sources)
    return [name for name, text in texts if text.strip() and not ast.get_docstring(ast.parse(text))]


def parsed_as_markup(sources: Sequence[Path]) -> list[str]:
    """An f-string that a widget of Textual's own would read as markup."""
    calls = (
        (path, node) for path in sources for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    )
    return [
        f"{path.name}:{node.lineno}"
        for path, node in calls
        if called(node) in ("Static", "Label", "notify") and any(isinstance(one, ast.JoinedStr) for one in node.args)
    ]


def left_for_later(sources: Sequence[Path]) -> list[str]:
    words = ("TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error", "pytest.mark." + "skip", "pytest." + "skip")
    return [f"{path.name}: {word}" for path in sources for word in (*words, "x" + "fail") if word in path.read_text()]


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return (
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    )


DOC = '"""A module."""\n'
RULES: dict[str, tuple[Callable[[Sequence[Path]], list[str]], str, str]] = {
    "a module has at most 400 lines": (long_modules, DOC + "x = 1\n" * 399, DOC + "x = 1\n" * 400),
    "a function has at most 50 lines": (
        long_functions,
        DOC + "def f():\n" + "    x = 1\n" * 49,
        DOC + "def f():\n" + "    x = 1\n" * 50,
    ),
    "every module says what it is for": (silent_modules, DOC, "x = 1\n"),
    "no f-string is parsed as markup": (parsed_as_markup, DOC + "Static('a')\n", DOC + "self.notify(f'{name}')\n"),
    "nothing is left for later": (left_for_later, DOC, DOC + "# TO" + "DO: the rest\n"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps(rule: str) -> None:
    sources = [*SOURCES, *(ROOT / "tests").glob("*.py")] if rule == "nothing is left for later" else SOURCES
    assert RULES[rule][0](sources) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_house_that_does_not_keep_it_is_found(rule: str, tmp_path: Path) -> None:
    finds, good, bad = RULES[rule]
    path = tmp_path / "one.py"
    path.write_text(good)
    assert finds([path]) == []
    path.write_text(bad)
    assert len(finds([path])) == 1


# --- refusals ---------------------------------------------------------------------------------------------------------


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


def sentence_faults(kind: type[Refused]) -> list[str]:
    """What is wrong with the two sentences of a refusal."""
    found = [] if kind.__dict__.get("__doc__") else ["no docstring"]  # its own: getdoc would give the parent's
    for part in ("why", "todo"):
        sentence = str(kind.__dict__.get(part, ""))
        if not sentence or sentence == getattr(Refused, part):
            found.append(f"no {part} of its own")
        elif not (sentence[0] in "{“" or sentence[0].isupper()) or sentence[-1] not in ".?!}]":
            found.append(f"{part} is no sentence")
    return found


def places(kind: type[Refused]) -> set[str]:
    """What its sentences want to be told."""
    return {name for text in (kind.why, kind.todo) for _, name, _, _ in string.Formatter().parse(text) if name}


def missing_facts(sources: Sequence[Path], kinds: Sequence[type[Refused]]) -> list[str]:
    """Where a refusal is made without a fact that its sentences name: it would break when it is shown."""
    wanted = {kind.__name__: places(kind) for kind in kinds if "__init__" not in kind.__dict__}
    found = []
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            name, told = "", set()
            if isinstance(node, ast.Call):
                name, told = called(node), {keyword.arg for keyword in node.keywords}
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                name = node.exc.id
            if name in wanted and None not in told and wanted[name] - told:
                found.append(f"{path.name}:{node.lineno}: {name} without {', '.join(sorted(wanted[name] - told))}")
    return found


def test_every_refusal_says_why_and_what_to_do() -> None:
    found = refusals()
    assert len(found) > 100
    assert {kind.__name__: faults for kind in found if (faults := sentence_faults(kind))} == {}


def test_every_refusal_is_told_what_its_sentences_name() -> None:
    assert missing_facts(SOURCES, refusals()) == []


def test_a_refusal_that_says_too_little_is_found(tmp_path: Path) -> None:
    class Mute(Refused):
        why = "{name} cannot."

    class Vague(Refused):
        """It does not know what to do."""

        why, todo = "{name} cannot do this.", "press {key}"

    assert sentence_faults(Mute) == ["no docstring", "no todo of its own"]
    assert sentence_faults(Vague) == ["todo is no sentence"]
    path = tmp_path / "one.py"
    path.write_text("raise Vague(name='An')\nraise Vague\nraise Vague(name='An', key='F1')\nraise Vague(**facts)\n")
    assert sorted(missing_facts([path], [Vague])) == ["one.py:1: Vague without key", "one.py:2: Vague without key, name"]


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
