"""A day of the queue as a plot: a column for each quarter of an hour. Loaded when it is opened: plotext costs 40 ms.

Every sign has a shape of its own, so that the plot is read without colours; where two are one figure a third sign says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from rich.text import Text
from textual_plotext import PlotextPlot

from counter.queue import Quarter
from counter.screens.queue.quarters import (
    BOTH,
    CAME,
    GIVEN,
    HERE,
    NOW,
    PLACES,
    SERVED,
    columns_of,
    has_begun,
    is_now,
    window,
)

FRAME: Final = 2
"""Cells of the frame, beside the figures at its left."""
MOST_WIDE: Final = 3
"""Cells of a quarter where there is much room."""


class DayPlot(PlotextPlot):
    """What was promised as columns, what a slot may give away as a line above them, who came and who was served as signs."""

    DEFAULT_CSS = """
    DayPlot {
        color: $foreground;
        .day-plot--given { color: $secondary; }
        .day-plot--places { color: $foreground; }
        .day-plot--came { color: $warning; }
        .day-plot--served { color: $success; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"day-plot--{name}" for name in ("given", "places", "came", "served")}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.theme = "clear"  # what it draws has the widget's own colours, also where there are sixteen
        self.quarters: Sequence[Quarter] = ()
        self.now_minute: int | None = None
        self.cursor = 0

    def show(self, quarters: Sequence[Quarter], *, now_minute: int | None) -> None:
        """Draw this day."""
        self.quarters, self.now_minute = quarters, now_minute
        self.refresh()

    def point_at(self, cursor: int) -> None:
        """The quarter under the list's cursor."""
        self.cursor = cursor
        self.refresh()

    def render(self) -> Text:
        if not self.quarters or self.size.width < 8 or self.size.height < 5:
            return Text()
        top = 1 + max(max(one.places, one.given, one.came, one.served) for one in self.quarters)
        room = self.size.width - FRAME - len(str(top))
        columns = columns_of(self.quarters)
        first, last = window(columns, self.cursor, room=room)
        each = max(1, min(MOST_WIDE, (room - 1) // max(1, columns[last] - columns[first])))
        wide = each * (columns[last] - columns[first]) + 1
        plot = self.plt
        plot.clear_figure()
        plot.theme("clear")
        plot.plotsize(wide + FRAME + len(str(top)), self.size.height)
        plot._set_size(wide + FRAME + len(str(top)), self.size.height)  # as the package's own render does (its issue 5)
        plot.xlim(columns[first], columns[last])
        plot.ylim(0, top)
        self._draw(columns, first, last, top, each)
        return Text.from_ansi(plot.build())

    def _draw(self, columns: Sequence[int], first: int, last: int, top: int, each: int) -> None:
        plot = self.plt
        shown = list(zip(columns, self.quarters, strict=True))[first : last + 1]
        self._signs([(x, one.given) for x, one in shown if one.given], GIVEN, "given", fillx=True)
        line = [(x + part / each, one.places) for x, one in shown if one.places for part in range(each)]
        self._signs([(x, y) for x, y in line if x <= columns[last]], PLACES, "places")
        begun = [(x, one) for x, one in shown if one.came or one.served or has_begun(one, self.now_minute)]
        self._signs([(x, one.came) for x, one in begun if one.came != one.served], CAME, "came")
        self._signs([(x, one.served) for x, one in begun if one.came != one.served], SERVED, "served")
        self._signs([(x, one.came) for x, one in begun if one.came == one.served], BOTH, "served")
        now = [x for x, one in shown if is_now(one, self.now_minute)]
        self._signs([(x, top) for x in now], NOW, "places")
        self._signs([(columns[self.cursor], 0)] if first <= self.cursor <= last else [], HERE, "places")
        hours = [(x, one.minute // 60) for x, one in shown if one.minute % 60 == 0]
        plot.xticks([x for x, _hour in hours], [str(hour) for _x, hour in hours])
        step = max(1, -(-top // max(1, self.size.height // 3)))
        plot.yticks(list(range(0, top + 1, step)))

    def _signs(self, points: Sequence[tuple[float, int]], sign: str, name: str, **more: Any) -> None:
        if points:
            colour = self.get_visual_style(f"day-plot--{name}").foreground
            if colour is not None and colour.ansi is None:
                more["color"] = colour.rgb
            self.plt.scatter([x for x, _y in points], [y for _x, y in points], marker=sign, **more)
