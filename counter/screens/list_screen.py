"""A screen about one list: its cursor moves by the arrow keys and by the page, F9 goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding
from textual.screen import Screen

from counter.screens.widgets import RowList

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class ListScreen(Screen[None]):
    """The one `RowList` on it has the cursor."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def action_move(self, step: int) -> None:
        self.query_one(RowList).move(step)

    def action_page(self, step: int) -> None:
        self.query_one(RowList).page(step)

    def action_back(self) -> None:
        self.app.pop_screen()
