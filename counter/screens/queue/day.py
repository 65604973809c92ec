"""The supervisor's day of the queue: each quarter of an hour as plot and figures, and what can still be changed about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from counter import queue
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _
from counter.papers import as_file, poster_paper
from counter.papers.parts import write_whole
from counter.queue import DayLoad, Quarter
from counter.queue.rules import slot_text
from counter.screens.list_screen import ListScreen
from counter.screens.queue.day_told import break_after, words_of
from counter.screens.queue.quarters import MINUTES, NOW, is_now
from counter.screens.widgets import Ask, Choice, Column, KeyBar, LineInput, Menu, NoticeLine, RowList, SafeStatic

if TYPE_CHECKING:
    from counter.screens.queue.plot import DayPlot

END_OF_DAY: Final = 24 * 60
MOST_DIGITS: Final = 3


class QueueDayScreen(ListScreen):
    """Today first; ← → shows other days. The list's cursor says from when on tills are cut or added."""

    DEFAULT_CSS = """
    QueueDayScreen {
        #day-words { height: auto; padding: 0 1; }
        #day-load { height: 1fr; }
        #quarters { width: 46; padding: 0 0 0 1; }
        #plot { width: 1fr; height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "tills", N_("Tills"), id="day.tills", priority=True),
        Binding("f3", "cap", N_("Most people"), id="day.cap", priority=True),
        Binding("f4", "share", N_("Share out anew"), id="day.share", priority=True),
        Binding("f5", "books", N_("Meter books"), id="day.books", priority=True),
        Binding("f6", "bookings", N_("Call centre's file"), id="day.bookings", priority=True),
        Binding("f7", "poster", N_("Poster"), id="day.poster", priority=True),
        Binding("left", "step(-1)", N_("Day before"), id="day.before"),
        Binding("right", "step(1)", N_("Day after"), id="day.after"),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.day: date | None = None
        self.load: DayLoad | None = None

    @property
    def rows(self) -> RowList[Quarter]:
        return self.query_one("#quarters", RowList)

    @property
    def plot(self) -> DayPlot | None:
        """None while the package that draws is still being loaded."""
        return next((cast("DayPlot", one) for one in self.query("#plot").results()), None)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("The queue's day · {office}").format(office=self.counter.office_line), id="top")
        yield SafeStatic(id="day-words")
        with Horizontal(id="day-load"):
            yield RowList(
                Column(N_("Time"), width=6),
                Column(N_("Given"), width=5, align="right"),
                Column(N_("Places"), width=6, align="right"),
                Column(N_("Came"), width=4, align="right"),
                Column(N_("Done"), width=6, align="right"),
                Column(N_("Tills"), width=5, align="right"),
                cells=self._cells,
                tone=_tone,
                empty=N_("No times on this day. ← → goes to another day."),
                id="quarters",
            )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.queue_news.subscribe(self, self.look)
        self._go(local_day(self.counter.desk.clock.now()))
        self.counter.read(lambda: import_module("counter.screens.queue.plot"), on_done=self._draw, group="day-plot")

    def _draw(self, plot: Any) -> None:
        """The plot comes a moment after the figures: what draws it takes longer to load than the screen."""
        self.query_one("#day-load").mount(plot.DayPlot(id="plot"), before=0)
        self.call_after_refresh(self._plot_again)

    # --- seeing -------------------------------------------------------------------------------------------------------

    def look(self, _news: object = None) -> None:
        """See the day again; the cursor stays."""
        if self.day is not None:
            self.counter.read(partial(self._read, self.day), on_done=self._show, group="day")

    def _go(self, day: date) -> None:
        """Another day; keys typed meanwhile mean that one."""
        self.day = day
        self.rows.show([])
        self.counter.clear_notice()
        self.counter.ask(partial(self._open, day), self._show_anew)

    def _open(self, day: date) -> DayLoad:
        """A day that is not over is laid out when it is first looked at."""
        desk = self.counter.desk
        if day >= local_day(desk.clock.now()):
            desk.do(queue.lay_out, day=day)
        return self._read(day)

    def _read(self, day: date) -> DayLoad:
        desk = self.counter.desk
        return desk.see(queue.day_load, day=day, now=desk.clock.now())

    def _show_anew(self, load: DayLoad) -> None:
        """The cursor goes to what can still be changed first."""
        self._show(load)
        self.rows.move_to(next((n for n, one in enumerate(load.quarters) if not one.is_over), 0))

    def _show(self, load: DayLoad) -> None:
        if load.day != self.day:
            return
        self.load = load
        self.rows.show(load.quarters, cursor=self.rows.cursor)
        self.query_one("#day-words", SafeStatic).show(*words_of(load))
        self._plot_again()

    def _plot_again(self) -> None:
        plot, load = self.plot, self.load
        if plot is not None and load is not None:
            plot.point_at(self.rows.cursor)
            plot.show(load.quarters, now_minute=load.now_minute)

    @on(RowList.Moved)
    def pointed(self) -> None:
        if self.plot is not None:
            self.plot.point_at(self.rows.cursor)

    def _cells(self, one: Quarter) -> Sequence[Any]:
        mark = NOW if self.load is not None and is_now(one, self.load.now_minute) else ""
        given = f"{one.given}!" if one.promised_too_many else str(one.given)
        return (one.slot + mark, given, str(one.places), str(one.came), str(one.served), str(one.tills))

    def action_step(self, days: int) -> None:
        if self.day is not None:
            self._go(self.day + timedelta(days=days))

    # --- changing -----------------------------------------------------------------------------------------------------

    def action_tills(self) -> None:
        """How many, from the quarter under the cursor on; and until when."""
        one, load = self.rows.current, self.load
        if one is None or load is None:
            self.counter.warn(_("There are no times on this day."))
            return
        begin = max(one.minute, (load.now_minute or 0) // MINUTES * MINUTES)
        field = LineInput(restrict=r"[0-9]*", max_length=2)
        ask = Ask(_("How many tills from {slot} on?").format(slot=slot_text(begin)), field=field)
        self.app.push_screen(ask, lambda text: self._until(int(text), begin, load.quarters) if text else None)

    def _until(self, tills: int, begin: int, quarters: Sequence[Quarter]) -> None:
        choices = [Choice("enter", N_("Until the end of the day"), END_OF_DAY)]
        end = break_after(quarters, begin)
        if end is not None:
            choices.append(Choice("1", N_("Until the break"), end))
        choices.append(Choice("2", N_("Only this quarter of an hour"), begin + MINUTES))
        title = _("{tills} tills from {slot} on: until when?").format(tills=tills, slot=slot_text(begin))
        menu: Menu[int] = Menu(
            title, _("Whoever has a time keeps it; the rest of the day is shared out anew."), choices=choices
        )
        self.app.push_screen(menu, lambda end: self._plan(tills, begin, end) if end is not None else None)

    def _plan(self, tills: int, begin: int, end: int) -> None:
        desk, me, day = self.counter.desk, self.counter.me.user_id, self.day
        assert day is not None
        self.counter.money(
            lambda: desk.do(queue.plan_tills, day=day, tills=tills, from_minute=begin, to_minute=end, by=me), self._shared
        )

    def action_share(self) -> None:
        """From how it stands now: who is late takes room from the times to come."""
        desk, me, day = self.counter.desk, self.counter.me.user_id, self.day
        if day is not None:
            self.counter.money(lambda: desk.do(queue.share_anew, day=day, by=me), self._shared)

    def _shared(self, places: tuple[int, int]) -> None:
        before, after = places
        self.counter.done(_("Shared out anew: {before} places became {after}.").format(before=before, after=after))
        self.look()

    def action_cap(self) -> None:
        if self.day is None:
            return
        ask = Ask(_("How many people at most?"), field=LineInput(restrict=r"[0-9]*", max_length=MOST_DIGITS))
        self.app.push_screen(ask, lambda text: self._cap(int(text)) if text else None)

    def _cap(self, cap: int) -> None:
        desk, me, day, move_id = self.counter.desk, self.counter.me.user_id, self.day, new_id()
        assert day is not None
        self.counter.money(
            lambda: desk.do(queue.set_room_cap, move_id=move_id, day=day, cap=cap, by=me), partial(self._capped, day)
        )

    def _capped(self, day: date, cap: int) -> None:
        words = _("At most {people} people inside on {day}.")
        self.counter.done(words.format(people=cap, day=day_text(day)))
        self.look()

    # --- elsewhere ----------------------------------------------------------------------------------------------------

    def action_books(self) -> None:
        from counter.screens.queue.books import BooksScreen

        self.app.push_screen(BooksScreen())

    def action_bookings(self) -> None:
        from counter.screens.queue.bookings import BookingsScreen

        self.app.push_screen(BookingsScreen())

    def action_poster(self) -> None:
        """What hangs at the door on this day; what is suspended comes from the office's rules, and from here."""
        choices = [Choice("enter", N_("As the office's rules say"), ""), Choice("1", N_("With something suspended"), "1")]
        menu: Menu[str] = Menu(_("Poster for the door"), choices=choices)
        self.app.push_screen(
            menu, lambda chosen: None if chosen is None else self._ask_suspended() if chosen else self._poster()
        )

    def _ask_suspended(self) -> None:
        field = LineInput(placeholder=_("for example: new contracts, until 30/11"), max_length=200)
        self.app.push_screen(Ask(_("What is suspended?"), field=field), lambda text: self._poster(text) if text else None)

    def _poster(self, *suspended: str) -> None:
        desk, home, day = self.counter.desk, self.counter.home, self.day
        assert day is not None

        def write() -> Path:
            paper = desk.see(poster_paper, day=day, now=desk.clock.now(), settings=home.settings, suspended=suspended)
            path = home.exports / f"poster-{day:%Y%m%d}.pdf"
            write_whole(path, as_file(paper, form="pdf", settings=home.settings), makes_folder=True)
            return path

        self.counter.ask(write, lambda path: self.counter.done(_("Written to {path}").format(path=path)))

    def on_screen_resume(self) -> None:
        self.look()


def _tone(one: Quarter) -> str:
    return "muted" if one.is_over else ""
