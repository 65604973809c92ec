"""A list of rows as tall as the data: only what is on the screen is rendered, a hundred thousand rows cost nothing.

It has no focus: the search field keeps it and the screen moves the cursor, so a letter typed is always a search.
(Textual's DataTable blocks 11 s on 100,000 rows and parses markup in cells: #1892, #6155.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size, clamp
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from counter.locale import translate
from counter.money import Dong
from counter.screens.widgets.text import Cut, fitted, money_cell
from counter.text import safe_text

T = TypeVar("T")
Cell = str | Dong
GAP: Final = 2
AMOUNT: Final = 17
"""Cells of a column of amounts: 123.456.789.012 ₫, a large works' bill, stands whole."""
MARK: Final = 2
"""Cells at the left for the cursor's mark, so that it is seen without colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` cells, or a share of what is left where `flex` is given; not shown in lists narrower than
    `from_width`, nor in those of `until_width` or more. Amounts (`Dong`) stand at the right; `align="right"` for other
    figures. `cut`: where a text that does not fit loses letters. The title is a source text."""

    title: str
    width: int = 0
    flex: int = 0
    align: str = "left"
    from_width: int = 0
    until_width: int = 10_000
    cut: Cut = Cut.RIGHT


class RowList(ScrollView, Generic[T]):
    """Rows of `items`, each turned into cells only when it is shown."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        &>.row-list--header { color: $foreground; text-style: bold underline; }
        &>.row-list--cursor { text-style: bold reverse; }
        &>.row-list--muted { color: $foreground; text-style: dim; }
        &>.row-list--alert { color: $error; text-style: bold; }
        &>.row-list--empty { color: $foreground; text-style: italic; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--header",
        "row-list--cursor",
        "row-list--muted",
        "row-list--alert",
        "row-list--empty",
    }
    can_focus = False

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, rows: RowList[Any]) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> RowList[Any]:
            return self.rows

    def __init__(
        self,
        *columns: Column,
        cells: Callable[[T], Sequence[Cell]],
        empty: str,
        tone: Callable[[T], str] = lambda _item: "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`cells` gives a row's cells, one for each column; `empty` is the sentence for no rows; `tone` may say
        `muted` or `alert` for a row (always beside a word in a cell)."""
        super().__init__(id=id, classes=classes)
        self.columns = columns
        self.items: Sequence[T] = ()
        self.cursor = 0
        self._cells = cells
        self._empty = empty
        self._tone = tone

    # --- what screens use --------------------------------------------------------------------------------------------

    def show(self, items: Sequence[T], *, cursor: int = 0) -> None:
        """Show these rows, the cursor on one of them."""
        self.items = items
        self.virtual_size = Size(0, len(items) + 1)
        self.scroll_to(0, 0, animate=False, force=True, immediate=True)
        self.cursor = -1
        self.move_to(cursor)
        self.refresh()

    @property
    def current(self) -> T | None:
        """The row under the cursor."""
        return self.items[self.cursor] if self.items else None

    def move(self, step: int) -> None:
        """So many rows down, or up."""
        self.move_to(self.cursor + step)

    def page(self, step: int) -> None:
        """So many pages down, or up."""
        self.move(step * max(self._visible_rows - 1, 1))

    def move_to(self, row: int) -> None:
        """To this row, or the nearest there is; it scrolls into view."""
        row = clamp(row, 0, max(len(self.items) - 1, 0))
        changed, self.cursor = row != self.cursor, row
        self._into_view()
        self.refresh()
        if changed and self.items:
            self.post_message(self.Moved(self))

    # --- inside ------------------------------------------------------------------------------------------------------

    @property
    def _visible_rows(self) -> int:
        return max(self.scrollable_content_region.height - 1, 1)

    def _into_view(self) -> None:
        top, visible = self.scroll_offset.y, self._visible_rows
        if self.cursor < top:
            self.scroll_to(0, self.cursor, animate=False, force=True, immediate=True)
        elif self.cursor >= top + visible:
            self.scroll_to(0, self.cursor - visible + 1, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        self._into_view()

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + self.scroll_offset.y
        if event.y >= 1 and row < len(self.items):
            self.move_to(row)

    def widths(self, width: int) -> list[int]:
        """Cells for each column in a list of `width` cells; 0 for a column that is not shown."""
        shown = [column for column in self.columns if column.from_width <= width < column.until_width]
        rest = width - MARK - sum(column.width for column in shown) - GAP * max(len(shown) - 1, 0)
        shares = sum(column.flex for column in shown)
        given: list[int] = []
        for column in self.columns:
            share = rest * column.flex // shares if column.flex and shares else 0
            given.append((column.width + max(share, 0)) if column in shown else 0)
        spare = rest - sum(got - column.width for got, column in zip(given, self.columns, strict=True) if got)
        last = max((n for n, column in enumerate(self.columns) if column.flex and given[n]), default=None)
        if last is not None and spare > 0:
            given[last] += spare
        return given

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self.rich_style
        if y == 0:
            return self._line("", [translate(column.title) for column in self.columns], width, "row-list--header")
        row = y - 1 + self.scroll_offset.y
        if not self.items and y >= 2:
            lines = wrap(translate(self._empty), width=max(width - MARK, 1))
            text = fitted("  " + lines[y - 2], width=width) if y - 2 < len(lines) else " " * width
            return Strip([Segment(text, self._style("row-list--empty"))], width)
        if row >= len(self.items):
            return Strip.blank(width, base)
        item = self.items[row]
        tone = self._tone(item)
        here = row == self.cursor
        kind = "row-list--cursor" if here else f"row-list--{tone}" if tone else ""
        return self._line(self._mark(row), [*self.row_cells(row, item)], width, kind)

    def row_cells(self, row: int, item: T) -> Sequence[Cell]:
        """The cells of a row."""
        return self._cells(item)

    def _mark(self, row: int) -> str:
        if row != self.cursor:
            return ""
        return "> " if self.app.current_theme.ansi else "▸ "

    def _style(self, kind: str) -> Style:
        return self.rich_style + self.get_component_rich_style(kind, partial=True) if kind else self.rich_style

    def _line(self, mark: str, cells: Sequence[Cell], width: int, kind: str) -> Strip:
        pieces: list[str] = []
        for column, room, cell in zip(self.columns, self.widths(width), cells, strict=True):
            if not room:
                continue
            if isinstance(cell, Dong):
                pieces.append(money_cell(cell, width=room))
            else:
                text = safe_text(cell)
                padded = fitted(text, width=room, cut=column.cut)
                pieces.append(padded.rstrip().rjust(room) if column.align == "right" else padded)
        text = fitted(mark, width=MARK) + (" " * GAP).join(pieces)
        return Strip([Segment(fitted(text, width=width), self._style(kind))], width)


class TickList(RowList[T]):
    """A RowList whose rows are ticked: `[x]` and `[ ]` in front."""

    TICK: Final = Column("", width=3)

    class Ticked(Message):
        """Other rows are ticked."""

        def __init__(self, rows: TickList[Any]) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> TickList[Any]:
            return self.rows

    def __init__(
        self,
        *columns: Column,
        cells: Callable[[T], Sequence[Cell]],
        empty: str,
        tone: Callable[[T], str] = lambda _item: "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(self.TICK, *columns, cells=cells, empty=empty, tone=tone, id=id, classes=classes)
        self.ticked: set[int] = set()

    def show_ticked(self, items: Sequence[T], *, ticked: Iterable[int] = (), cursor: int = 0) -> None:
        """Show these rows with the given row numbers ticked."""
        self.ticked = set(ticked)
        self.show(items, cursor=cursor)

    @property
    def ticked_items(self) -> list[T]:
        """The ticked rows, in the order shown."""
        return [self.items[row] for row in sorted(self.ticked) if row < len(self.items)]

    def toggle(self) -> None:
        """Tick or untick the row under the cursor."""
        if self.items:
            self.tick(self.ticked ^ {self.cursor})

    def tick(self, rows: Iterable[int]) -> None:
        """Exactly these rows are ticked now."""
        self.ticked = {row for row in rows if row < len(self.items)}
        self.refresh()
        self.post_message(self.Ticked(self))

    def row_cells(self, row: int, item: T) -> Sequence[Cell]:
        return ("[x]" if row in self.ticked else "[ ]", *super().row_cells(row, item))

    def on_click(self, event: events.Click) -> None:
        """A click in the first cells ticks."""
        row = event.y - 1 + self.scroll_offset.y
        if event.y >= 1 and row < len(self.items) and MARK <= event.x < MARK + self.TICK.width:
            self.move_to(row)
            self.toggle()
