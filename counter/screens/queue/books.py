"""Collection days for whole meter books: choose books and a window, see a proposal, give everybody a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from counter import queue
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import group_digits
from counter.papers.notices import notices_file
from counter.papers.parts import write_whole
from counter.queue import BookLine, BooksToPlace, Given, Plan
from counter.screens.queue.long_run import LongRunScreen
from counter.screens.queue.slots import read_day
from counter.screens.widgets import Ask, Column, Confirm, KeyBar, LineInput, NoticeLine, RowList, SafeStatic, TickList
from counter.sheet_out import FORMS

WINDOW: Final = 13
"""Days from the first to the last of the window that is proposed."""
PERCENT: Final = 60
STEP: Final = 10


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of a proposal: how many come, how many it takes."""

    day: date
    load: int
    places: int


class BooksScreen(LongRunScreen):
    """At the left the books, at the right the days of the proposal."""

    DEFAULT_CSS = """
    BooksScreen {
        #books-words { height: auto; padding: 0 1; }
        #books-lists { height: 1fr; }
        #books { width: 1fr; padding: 0 0 0 1; }
        #days { width: 34; padding: 0 0 0 1; }
    }
    """
    PAUSED = frozenset({"propose", "give", "window", "tick", "tick_all", "percent", "notices"})
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "propose", N_("Propose days"), id="books.propose"),
        Binding("f2", "give", N_("Give places"), id="books.give", priority=True),
        Binding("f3", "window", N_("Window"), id="books.window", priority=True),
        Binding("space", "tick", N_("Tick"), id="books.tick"),
        Binding("f4", "tick_all", N_("All or none"), id="books.all", priority=True),
        Binding("left", "percent(-1)", N_("Flatter"), id="books.flatter"),
        Binding("right", "percent(1)", N_("Fewer moved"), id="books.fewer"),
        Binding("f7", "notices", N_("Who is told"), id="books.notices", priority=True),
        Binding("pagedown", "page(1)", N_("Days"), key_display="PgUp PgDn"),
        Binding("pageup", "page(-1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.window: tuple[date, date] | None = None
        self.percent = PERCENT
        self.plan: Plan | None = None
        self.found: BooksToPlace | None = None
        self.days: Mapping[str, date] = {}

    @property
    def rows(self) -> TickList[BookLine]:
        return self.query_one("#books", TickList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Places are given from a proposal that is on the screen."""
        if action == "give" and self.plan is None:
            return False
        return super().check_action(action, parameters)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Collection days of meter books · {office}").format(office=self.counter.office_line), id="top")
        yield SafeStatic(id="books-words")
        with Horizontal(id="books-lists"):
            yield TickList(
                Column(N_("Meter book"), flex=1),
                Column(N_("Owing"), width=6, align="right"),
                Column(N_("Last"), width=5),
                Column(N_("Day"), width=6),
                cells=self._cells,
                empty=N_("Nobody owes anything and has no place yet."),
                id="books",
            )
            yield RowList(
                Column(N_("Day"), width=5),
                Column(N_("Come"), width=5, align="right"),
                Column(N_("Places"), width=6, align="right"),
                Column(N_("Full"), width=5, align="right"),
                cells=_day_cells,
                empty=N_("Enter proposes days."),
                id="days",
            )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.ask(self._read, self._show)  # keys typed ahead mean these books

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _read(self) -> BooksToPlace:
        desk, window = self.counter.desk, self.window
        return desk.see(queue.books_to_place, now=desk.clock.now(), first=window[0] if window else None)

    def _show(self, found: BooksToPlace) -> None:
        """The books of the month; all of them ticked, as for a month that begins."""
        self.found, self.days = found, {}
        if self.window is None:
            self.window = (found.soonest, found.soonest + timedelta(days=WINDOW))
        self.rows.show_ticked(found.books, ticked=range(len(found.books)))
        self._forget_plan()

    def _forget_plan(self) -> None:
        """What is proposed is for other books, another window or another peak."""
        self.plan = None
        self.query_one("#days", RowList).show([])
        self._say()

    def _say(self) -> None:
        assert self.found is not None and self.window is not None
        books = self.rows.ticked_items
        chosen = _("{books} of {all} books, {customers} customers without a place").format(
            books=len(books), all=len(self.rows.items), customers=group_digits(sum(one.customers for one in books))
        )
        notice = _("heard of {days} days before: from {first} on").format(
            days=self.found.notice_days, first=day_text(self.found.soonest)
        )
        window = f"{day_text(self.window[0])} – {day_text(self.window[1])}"
        self.query_one("#books-words", SafeStatic).show(
            _("window: {window} · {notice}").format(window=window, notice=notice),
            f"{chosen} · {goal(self.percent)}",
            self._plan_words(),
        )
        self.refresh_bindings()

    def _plan_words(self) -> str:
        if self.plan is None:
            return _("no proposal yet")
        words = _(
            "busiest day by habit {before}% of its places, proposed {after}% · {moved} of {all} on another day than by habit"
        )
        return words.format(
            before=group_digits(self.plan.peak_before),
            after=group_digits(self.plan.peak),
            moved=group_digits(self.plan.moved),
            all=group_digits(self.plan.customers),
        )

    def _cells(self, line: BookLine) -> Sequence[Any]:
        day = self.days.get(line.book_code)
        return (line.book_code, group_digits(line.customers), _short(line.last_day), _short(day))

    # --- choosing -----------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self.rows.move(step)

    def action_page(self, step: int) -> None:
        self.query_one("#days", RowList).page(step)

    def action_tick(self) -> None:
        self.rows.toggle()
        self.rows.move(1)

    def action_tick_all(self) -> None:
        whole = range(len(self.rows.items))
        self.rows.tick(() if len(self.rows.ticked) == len(whole) else whole)

    @on(TickList.Ticked)
    def ticked(self) -> None:
        self.days = {}
        self._forget_plan()

    def action_percent(self, step: int) -> None:
        """How flat: 0 is as flat as can be, whoever is moved; 100 moves nobody who fits."""
        percent = min(100, max(queue.FLATTEST, self.percent + step * STEP))
        if percent == self.percent:
            self.app.bell()
            return
        self.percent, self.days = percent, {}
        self._forget_plan()

    def action_window(self) -> None:
        field = LineInput(restrict=r"[0-9/ –-]*", placeholder=_("for example 25/11-10/12"), max_length=25)
        self.app.push_screen(
            Ask(_("From which day to which?"), field=field), lambda text: self._typed(text) if text else None
        )

    def _typed(self, text: str) -> None:
        window = read_window(text, today=local_day(self.counter.desk.clock.now()))
        if window is None:
            self.counter.error(_("“{text}” is no window: write it as 25/11-10/12.").format(text=text))
            return
        self.window = window
        self.counter.clear_notice()
        self.counter.ask(self._read, self._show)

    # --- proposing and giving -----------------------------------------------------------------------------------------

    def action_propose(self) -> None:
        """In a thread: many books take a while."""
        if self.window is None or not self.rows.ticked:
            self.counter.warn(_("Tick the books first: Space, or F4 for all."))
            return
        desk, (first, last), percent = self.counter.desk, self.window, self.percent
        codes = [line.book_code for line in self.rows.ticked_items]
        self.run_long(
            lambda _progress, _cancelled: desk.see(
                queue.spread_plan, now=desk.clock.now(), first=first, last=last, book_codes=codes, target_percent=percent
            ),
            self._proposed,
            self.counter.refuse,
            text="",
        )

    def _proposed(self, plan: Plan) -> None:
        if self.stop.is_set():
            self.counter.inform(_("Stopped; nothing is proposed."))
            return
        self.plan, self.days = plan, {book.book_code: book.day for book in plan.books}
        lines = [DayLine(day, plan.loads[day], places) for day, places in plan.places.items()]
        self.query_one("#days", RowList).show(lines)
        self.rows.refresh()
        self._say()
        self.counter.inform(_("Proposed; nothing is given yet. F2 gives the places."))

    def action_give(self) -> None:
        plan = self.plan
        if plan is None:
            return
        confirm = Confirm(
            _("Give {customers} customers a place?").format(customers=group_digits(plan.customers)),
            _("{books} books from {first} to {last}; neighbours come together.").format(
                books=len(plan.books), first=day_text(min(b.day for b in plan.books)), last=day_text(plan.last)
            ),
            _("Whoever does not fit on the book's day comes on the next open one. Everybody must be told."),
            yes=N_("Give places"),
        )
        self.app.push_screen(confirm, lambda yes: self._give(plan) if yes else None)

    def _give(self, plan: Plan) -> None:
        """One transaction: all or, stopped in the middle, nothing."""
        desk, me, plan_id = self.counter.desk, self.counter.me.user_id, new_id()
        facts: dict[str, Any] = {
            "plan_id": plan_id,
            "days": {book.book_code: book.day for book in plan.books},
            "last": plan.last,
            "by": me,
        }
        self.run_long(
            lambda progress, cancelled: desk.do(queue.give_places, **facts, progress=progress, cancelled=cancelled),
            self._given,
            self.counter.refuse,
            text=_("Giving places: {done} of {total}; F8 stops it."),
        )

    def _given(self, given: Given) -> None:
        words = _("{n} places given.").format(n=group_digits(len(given.tickets)))
        if given.without:
            more = _("{n} customers found none: a longer window, or more tills.")
            words += " " + more.format(n=group_digits(len(given.without)))
        self.counter.done(words)
        self.counter.ask(self._read, self._show)

    def action_notices(self) -> None:
        """Everybody who has a time in the window and must hear of it, as CSV and as XLSX in the exports folder."""
        if self.window is None:
            return
        desk, home, (first, last) = self.counter.desk, self.counter.home, self.window

        def write() -> tuple[int, Path]:
            found = desk.see(queue.notices, now=desk.clock.now(), first=first, last=last)
            path = home.exports / f"notices-{first:%Y%m%d}-{last:%Y%m%d}"
            for form in FORMS:
                write_whole(path.with_suffix(f".{form}"), notices_file(found, form=form), makes_folder=True)
            return len(found), path

        self.counter.ask(write, lambda done: self._told(*done))

    def _told(self, people: int, path: Path) -> None:
        words = _("{people} customers to tell, as CSV and XLSX: {path}")
        self.counter.done(words.format(people=group_digits(people), path=path))


def goal(percent: int) -> str:
    """`few moved: busiest day at most 60% of now`."""
    if percent == queue.FLATTEST:
        return _("as flat as can be, whoever is moved")
    return _("few moved, busiest day at most {percent}% of that by habit").format(percent=percent)


def read_window(text: str, *, today: date) -> tuple[date, date] | None:
    """`25/11-10/12` as its two days; None for what is none."""
    parts = text.replace("–", "-").split("-")
    if len(parts) != 2:
        return None
    first = read_day(parts[0], today=today)
    last = read_day(parts[1], today=first) if first else None
    return (first, last) if first and last else None


def _short(day: date | None) -> str:
    return f"{day:%d/%m}" if day else ""


def _day_cells(line: DayLine) -> Sequence[Any]:
    full = f"{round(100 * line.load / line.places)}%" if line.places else "–"
    return (_short(line.day), group_digits(line.load), group_digits(line.places), full)


__all__ = ["BooksScreen", "goal", "read_window"]
