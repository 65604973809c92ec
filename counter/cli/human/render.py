"""An answer as people read it, made from its facts by a table of shapes: one renderer for every command."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from counter.cli.human.labels import TEXTS
from counter.cli.human.shapes import REJECTED, SHAPES, Shape, Table
from counter.cli.human.values import FORMATS, label, shown, value_at
from counter.locale import translate
from counter.money import Dong
from counter.text import cut, display_width, printable

GAP: Final = "  "
NEXT: Final = "→ "
_NARROWEST: Final = 10
"""Cells that are left of a column of text when the terminal is narrow."""


def lines_of(command: str, facts: Mapping[str, Any], *, done: str | None = None) -> list[str]:
    """The lines of an answer: `done` or the shape's sentence, the facts, the tables, the sums, what to do next."""
    shape = SHAPES.get(command, Shape(fields=tuple(facts)))
    tables = [(table, list(value_at(facts, table.key) or ())) for table in shape.tables]
    sentence = done if done is not None else _sentence(shape.done, facts)
    blocks = [[sentence] if sentence else [], _pairs(facts, shape.fields)]
    blocks += [_table(table, rows) if rows else [translate(table.empty)] * bool(table.empty) for table, rows in tables]
    blocks.append(_pairs(facts, shape.sums))
    if shape.next and any(rows or not table.empty for table, rows in tables or [(Table("", ()), [])]):
        blocks.append([NEXT + _sentence(shape.next, facts)])
    return _spaced(blocks)


def rejected_lines(rows: Sequence[Any]) -> list[str]:
    """The wrong lines of a file: where, what stands there, why."""
    return _table(REJECTED, rows)


def _spaced(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks that hold something, with an empty line around those of several lines."""
    lines: list[str] = []
    before = 0
    for block in blocks:
        if not block:
            continue
        if lines and (len(block) > 1 or before > 1):
            lines.append("")
        lines += block
        before = len(block)
    return lines


def _sentence(sentence: str, facts: Mapping[str, Any]) -> str:
    if not sentence:
        return ""
    return translate(sentence).format_map(_Said(facts))


class _Said(dict[str, str]):
    """The facts as a sentence needs them: `{office_name}` finds `office.name`, each shown as people read it."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> str:
        key = name.replace("__", ".")
        value = value_at(self._facts, key)
        return str(len(value)) if isinstance(value, list | tuple) else shown(key, value) or "–"


def _pairs(facts: Any, keys: Sequence[str], *, of: str = "") -> list[str]:
    """`label  value` lines; amounts of money stand under each other."""
    found = [(label(of + key), shown(key, value_at(facts, key)), value_at(facts, key)) for key in keys]
    found = [pair for pair in found if pair[1]]
    width = max((display_width(name) for name, _text, _value in found), default=0)
    money = max((display_width(text) for _name, text, value in found if isinstance(value, Dong)), default=0)
    return [
        GAP + _left(name, width) + GAP + (_right(text, money) if isinstance(value, Dong) else text)
        for name, text, value in found
    ]


def _table(table: Table, rows: Sequence[Any]) -> list[str]:
    """The rows under their headings; columns with nothing in them are left out; too wide: a block for each row."""
    cells = [[printable(shown(key, value_at(row, key))) for key in table.columns] for row in rows]
    kept = [at for at in range(len(table.columns)) if any(row[at] for row in cells)]
    keys = [table.columns[at] for at in kept]
    cells = [[row[at] for at in kept] for row in cells]
    right = [_is_figure(key, (value_at(row, key) for row in rows)) for key in keys]
    heads = [label(f"{table.key}.{key}") for key in keys]
    natural = [max(display_width(text) for text in column) for column in zip(heads, *cells, strict=True)]
    widths = _narrowed(keys, natural, room=_room())
    title = [translate(table.title)] if table.title else []
    if widths is None:
        blocks = [_pairs(row, keys, of=f"{table.key}.") for row in rows]
        return [*title, *[line for block in blocks for line in ([""] * (block is not blocks[0]) + block)]]
    return [*title, *(_row(row, widths, right) for row in ([heads, *cells] if table.headed else cells))]


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = (
        _right(cut(cell, width), width) if figure else _left(cut(cell, width), width)
        for cell, width, figure in zip(cells, widths, right, strict=True)
    )
    return (GAP + GAP.join(parts)).rstrip()


def _is_figure(key: str, values: Iterable[Any]) -> bool:
    """Whether a column stands to the right: money and counts, not codes."""
    return key not in FORMATS and any(isinstance(one, int) and not isinstance(one, bool) for one in values)


def _narrowed(keys: Sequence[str], widths: Sequence[int], *, room: int) -> list[int] | None:
    """The widths with columns of text cut until the row fits; None where even that does not help."""
    fitted = list(widths)
    while sum(fitted) + len(GAP) * len(fitted) > room:
        soft = [at for at, key in enumerate(keys) if key in TEXTS and fitted[at] > _NARROWEST]
        if not soft:
            return None
        fitted[max(soft, key=lambda at: fitted[at])] -= 1
    return fitted


def _room() -> int:
    """Cells of the terminal; a file or a pipe takes any width."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else 10_000


def _left(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - display_width(text)) + text
