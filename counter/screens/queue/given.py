"""The number just given, in large letters beside what there is to say about it."""

from __future__ import annotations

from itertools import zip_longest

from rich.cells import set_cell_size
from textual.content import Content
from textual.widget import Widget

from counter.clock import day_text
from counter.locale import _
from counter.queue import Standing
from counter.screens.widgets.digits import drawn, width_of
from counter.text import safe_text
from counter.words import said
from db.states import TicketState


class Given(Widget):
    """Four rows while there is something to show, nothing before."""

    DEFAULT_CSS = """
    Given { height: 4; width: 100%; padding: 0 2; display: none; }
    Given.-shown { display: block; }
    """
    standing: Standing | None = None

    def show_standing(self, standing: Standing) -> None:
        """The ticket and where it stands."""
        self.standing = standing
        self.set_class(bool(standing.ticket.number), "-shown")
        self.refresh()

    def clear(self) -> None:
        """Nothing was given."""
        self.standing = None
        self.remove_class("-shown")

    def words(self) -> list[str]:
        """State, time, people ahead and wait."""
        if self.standing is None:
            return []
        ticket, wait = self.standing.ticket, self.standing.wait
        when = f"{ticket.slot} · {day_text(ticket.day)}" if ticket.slot else day_text(ticket.day)
        told = [str(said(ticket.state)), when]
        if wait is not None and ticket.state is TicketState.WAITING:
            told.append(_("People before: {people}").format(people=self.standing.people_ahead))
            told.append(_("Wait: {low} to {high} minutes").format(low=wait.low, high=wait.high))
        return [safe_text(one) for one in told]

    def render(self) -> Content:
        if self.standing is None:
            return Content("")
        number = self.standing.ticket.number
        letters = drawn(number, scale=1)
        room = width_of(number) + 3
        lines = zip_longest(letters, self.words(), fillvalue="")
        return Content("\n").join(
            Content.styled(set_cell_size(left, room), "bold") + Content(right) for left, right in lines
        )
