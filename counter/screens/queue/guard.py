"""The guard's screen: how many are inside, as large as the screen allows; one key for who comes in, one for who goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from counter import queue
from counter.clock import local_day
from counter.ids import new_id
from counter.locale import N_, _
from counter.people import SignedIn
from counter.queue import Board, RoomNow, TicketFacts
from counter.screens.queue.proof import Proof
from counter.screens.widgets import Ask, KeyBar, LineInput, NoticeLine, SafeStatic
from counter.screens.widgets.digits import drawn, scale_for
from db.states import Role

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

NEXT_SHOWN: Final = 4
MOST_DIGITS: Final = 3


class RoomCount(Widget):
    """`5/8` in block letters."""

    DEFAULT_CSS = """
    RoomCount {
        width: 100%; height: 1fr; content-align: center middle; text-align: center;
        &.-full { color: $text-warning; text-style: bold; }
    }
    """
    text = "–"

    def show(self, room: RoomNow) -> None:
        """Draw this count."""
        self.text = f"{room.inside}/{room.room_cap}"
        self.set_class(room.is_full, "-full")
        self.refresh()

    def render(self) -> Content:
        scale = scale_for(self.text, width=self.size.width - 2, height=self.size.height)
        return Content("\n".join(drawn(self.text, scale=scale)) if scale else self.text)


class GuardScreen(Screen[None]):
    """At the door. Every key is one act, and as many presses as people are that many people."""

    DEFAULT_CSS = "GuardScreen #guard-words { height: 2; text-align: center; text-style: bold; }"

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("up,plus", "one_in", N_("One in"), id="guard.in", key_display="↑ +"),
        Binding("down,minus", "one_out", N_("One out"), id="guard.out", key_display="↓ -"),
        Binding("f2", "let_in", N_("Let the next in"), id="guard.let_in", priority=True),
        Binding("f4", "count", N_("Count the room"), id="guard.count", priority=True),
        Binding("f5", "cap", N_("Most people"), id="guard.cap", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("The room · {office}").format(office=self.counter.office_line), id="top")
        yield RoomCount()
        yield SafeStatic(id="guard-words")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.queue_news.subscribe(self, self.look)
        self.look()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def look(self, _news: object = None) -> None:
        """See the room again."""
        desk = self.counter.desk
        self.counter.read(lambda: desk.see(queue.board, now=desk.clock.now()), on_done=self._show, group="guard")

    def _show(self, board: Board) -> None:
        room = RoomNow(board.inside, board.room_cap)
        self.query_one(RoomCount).show(room)
        state = _("FULL: nobody comes in") if room.is_full else _("There is room for {people} more")
        words = [state.format(people=room.room_cap - room.inside)]
        outside = [line.number for line in board.waiting if not line.is_inside]
        if outside:
            told = _("{people} wait outside, next {numbers}")
            words.append(told.format(people=len(outside), numbers=" ".join(outside[:NEXT_SHOWN])))
        else:
            words.append(_("Nobody waits outside"))
        self.query_one("#guard-words", SafeStatic).show(*words)

    def _counted(self, room: RoomNow) -> None:
        self.query_one(RoomCount).show(room)
        self.look()

    # --- acting -------------------------------------------------------------------------------------------------------

    def action_one_in(self) -> None:
        self._one(queue.somebody_in)

    def action_one_out(self) -> None:
        self._one(queue.somebody_out)

    def _one(self, act: Callable[..., RoomNow]) -> None:
        desk, me, move_id = self.counter.desk, self.counter.me.user_id, new_id()
        self.counter.money(lambda: desk.do(act, move_id=move_id, by=me), self._counted)

    def action_let_in(self) -> None:
        """The first of the line who is still outside: call the number out."""
        desk, me, move_id = self.counter.desk, self.counter.me.user_id, new_id()
        self.counter.money(lambda: desk.do(queue.let_in_next, move_id=move_id, by=me), self._let_in)

    def _let_in(self, ticket: TicketFacts) -> None:
        self.counter.done(_("{number} comes in and waits inside.").format(number=ticket.number))
        self.look()

    def action_count(self) -> None:
        move_id = new_id()
        ask = Ask(_("How many people are inside now?"), field=LineInput(restrict=r"[0-9]*", max_length=MOST_DIGITS))
        self.app.push_screen(ask, lambda text: self._count(move_id, text) if text else None)

    def _count(self, move_id: UUID, text: str) -> None:
        desk, me, people = self.counter.desk, self.counter.me.user_id, int(text)
        self.counter.money(lambda: desk.do(queue.count_room, move_id=move_id, people=people, by=me), self._counted)

    def action_cap(self) -> None:
        """A supervisor says how many; at anybody else's screen a supervisor signs for it."""
        move_id = new_id()
        ask = Ask(_("How many people at most?"), field=LineInput(restrict=r"[0-9]*", max_length=MOST_DIGITS))
        self.app.push_screen(ask, lambda text: self._cap(move_id, text) if text else None)

    def _cap(self, move_id: UUID, text: str) -> None:
        if self.counter.me.role is Role.SUPERVISOR:
            self._set_cap(move_id, int(text), self.counter.me)
            return
        proof = Proof(_("At most {people} people inside from now on.").format(people=text))
        self.app.push_screen(proof, lambda boss: self._set_cap(move_id, int(text), boss) if boss else None)

    def _set_cap(self, move_id: UUID, cap: int, boss: SignedIn) -> None:
        desk = self.counter.desk
        day = local_day(desk.clock.now())
        self.counter.money(
            lambda: desk.do(queue.set_room_cap, move_id=move_id, day=day, cap=cap, by=boss.user_id), self._capped
        )

    def _capped(self, cap: int) -> None:
        self.counter.done(_("At most {people} people inside from now on.").format(people=cap))
        self.look()

    def action_back(self) -> None:
        self.app.pop_screen()
