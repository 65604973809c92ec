"""Collect the English texts of the source, keep the Vietnamese beside them, compile what gettext reads.

`python -m tools.catalogues` writes quaythu.pot, quaythu.po and quaythu.mo; `--check` writes nothing and exits 1 with a
line for each fault. The same source always gives the same bytes: no dates, no people, no paths of a machine.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import io
import re
import sys
import unicodedata
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from rich.cells import cell_len

ROOT: Final = Path(__file__).resolve().parents[1]
LOCALE: Final = ROOT / "counter" / "locale"
POT: Final = LOCALE / "quaythu.pot"
PO: Final = LOCALE / "vi" / "LC_MESSAGES" / "quaythu.po"
MO: Final = PO.with_suffix(".mo")
KEYWORDS: Final = ("_", "N_", "translate")
WIDTH: Final = 120
_COLUMN = re.compile(r".*?(?=\{[^{}]*:>[0-9])|.*?\S {2,}(?=\{)")
"""The label of a figure that stands in a column: its width in the source is its width in every language."""

Texts = dict[str, list[str]]
"""Each text and the files that say it."""


class Plain(Catalog):
    """A catalogue whose head says only what gettext needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        head = [("Project-Id-Version", "quaythu")]
        if self.locale is not None:
            head += [("Language", "vi"), ("Plural-Forms", "nplurals=1; plural=0;")]
        return [
            *head,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def source_texts(root: Path = ROOT) -> Texts:
    """Every literal in `_()`, `N_()` and `translate()` under counter/, and the help of commands, by files and lines.

    Read from the syntax tree: Babel's own extractor goes by tokens, and before Python 3.12 an f-string is one token.
    """
    found: Texts = {}
    for path in sorted((root / "counter").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for text in marked(ast.parse(path.read_bytes(), filename=name)):
            files = found.setdefault(text, [])
            if name not in files:
                files.append(name)
    return found


def marked(tree: ast.AST) -> list[str]:
    """The marked literals of one file, by line; and what `--help` shows, which is marked by where it stands."""
    found: list[tuple[int, int, str]] = []
    for node in ast.walk(tree):
        for one in (*_in_call(node), *_of_command(node)):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                found.append((one.lineno, one.col_offset, inspect.cleandoc(one.value) if _is_doc(node) else one.value))
    return [text for _line, _column, text in sorted(found)]


def _in_call(node: ast.AST) -> list[ast.expr]:
    """The text of `_()`, `N_()`, `translate()` and `Commands()`, and the `help=` of an option or argument."""
    if not isinstance(node, ast.Call):
        return []
    if isinstance(node.func, ast.Name) and node.func.id in (*KEYWORDS, "Commands"):
        return node.args[:1]
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("Option", "Argument"):
        return [one.value for one in node.keywords if one.arg == "help"]
    return []


def _of_command(node: ast.AST) -> list[ast.expr]:
    """The docstring of a function that is a command."""
    if not _is_doc(node) or not isinstance(node, ast.FunctionDef):
        return []
    first = node.body[0]
    return [first.value] if isinstance(first, ast.Expr) else []


def _is_doc(node: ast.AST) -> bool:
    """Whether a node is a function registered by `@….command()` or `@….callback()`."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in ("command", "callback")
        for one in node.decorator_list
    )


def read_catalogue(path: Path = PO) -> Catalog:
    """The catalogue as it lies there; an empty one where there is none."""
    if not path.exists():
        return Catalog(locale="vi")
    with path.open("rb") as file:
        return read_po(file, locale="vi")


def merged(texts: Texts, known: Catalog | None) -> Plain:
    """The texts with the translations known for exactly these texts: nothing is guessed, nothing old is kept."""
    title = "Vietnamese of Quầy." if known is not None else "The texts of Quầy, in English."
    catalogue = Plain(locale="vi" if known is not None else None, header_comment=f"# {title}", fuzzy=False)
    for text, files in texts.items():
        old = known.get(text) if known is not None else None
        said = str(old.string) if old is not None and not old.fuzzy else ""
        catalogue.add(text, said, locations=[(file, 0) for file in files])
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as people edit it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=WIDTH, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def write_catalogues() -> list[str]:
    """Write the three files; returns the texts that have no Vietnamese yet."""
    texts = source_texts()
    vietnamese = merged(texts, read_catalogue())
    PO.parent.mkdir(parents=True, exist_ok=True)
    POT.write_bytes(po_bytes(merged(texts, None)))
    PO.write_bytes(po_bytes(vietnamese))
    MO.write_bytes(mo_bytes(vietnamese))
    return [text for text in texts if not message(vietnamese, text).string]


def message(catalogue: Catalog, text: str) -> Message:
    """The entry of a text that is in the catalogue."""
    found = catalogue.get(text)
    assert found is not None
    return found


def places(text: str) -> set[tuple[str, str, str]]:
    """The `{named:spec!conversion}` places of a text. Raises ValueError where a brace stands alone."""
    return {(name, spec or "", conv or "") for _text, name, spec, conv in Formatter().parse(text) if name is not None}


def label_of(text: str) -> str | None:
    """The part of a text before a figure in a column; None where there is no column."""
    found = _COLUMN.match(text)
    return found.group() if found else None


def differences(source: str, said: str) -> list[str]:
    """What a translation must share with its source and does not."""
    faults: list[str] = []
    try:
        if places(source) != places(said):
            faults.append("other {places}")
    except ValueError:
        faults.append("a brace stands alone")
    label, said_label = label_of(source), label_of(said)
    if (label is None) != (said_label is None) or cell_len(label or "") != cell_len(said_label or ""):
        faults.append("its column is not aligned")
    blanks = len(source) - len(source.lstrip()), len(source) - len(source.rstrip())
    if blanks != (len(said) - len(said.lstrip()), len(said) - len(said.rstrip())) and label is None:
        faults.append("other blanks at its ends")
    if source.count("\n") != said.count("\n"):
        faults.append("another number of lines")
    if unicodedata.normalize("NFC", said) != said:
        faults.append("its letters are not composed (NFC)")
    return faults


def faults() -> list[str]:
    """Everything that is wrong with the catalogues, a line each; empty when they are complete and current."""
    texts, known = source_texts(), read_catalogue()
    found = [f"obsolete: {text!r}" for text in known.obsolete]
    found += [f"no longer in the source: {entry.id!r}" for entry in known if entry.id and entry.id not in texts]
    for text in texts:
        entry = known.get(text)
        if entry is None or not entry.string:
            found.append(f"no Vietnamese: {text!r} ({texts[text][0]})")
        elif entry.fuzzy:
            found.append(f"fuzzy: {text!r}")
        else:
            found += [f"{fault}: {text!r} = {entry.string!r}" for fault in differences(text, str(entry.string))]
    if not POT.exists() or {entry.id for entry in read_catalogue(POT) if entry.id} != set(texts):
        found.append(f"out of date: {POT.name}")
    if not MO.exists() or MO.read_bytes() != mo_bytes(merged(texts, known)):
        found.append(f"out of date: {MO.name}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 complete and current, 1 something is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything is missing or stale")
    told = parser.parse_args(arguments)
    if not told.check:
        write_catalogues()
    wrong = faults()
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
