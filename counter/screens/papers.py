"""The till's papers that are not printed: why each of them waits, and one key that ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import spool
from counter.clock import LOCAL
from counter.ids import new_id
from counter.locale import N_, _
from counter.print_jobs import PaperLine, open_papers, print_again
from counter.screens.paper_words import advice_of
from counter.screens.widgets import Ask, Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic
from counter.words import said

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class PapersScreen(Screen[None]):
    """In the order of the queue; the cursor begins at a paper that asks."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "try_now", N_("Try now"), id="papers.try", priority=True),
        Binding("f3", "drawer", N_("Open drawer"), id="papers.drawer", priority=True),
        Binding("f4", "leave_out", N_("Leave out"), id="papers.leave_out", priority=True),
        Binding("f5", "came_out", N_("It is there"), id="papers.came_out", priority=True),
        Binding("f6", "all_came_out", N_("All there"), id="papers.all", priority=True),
        Binding("f7", "app.printer", N_("Printer"), id="papers.printer", priority=True),
        Binding("f8", "print_again", N_("Not there"), id="papers.again", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first = True

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def rows(self) -> RowList[PaperLine]:
        return self.query_one("#papers", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Papers of {till} that are not printed").format(till=self.counter.desk.till_code), id="top")
        yield RowList(
            Column(N_("Time"), width=5),
            Column(N_("Paper"), flex=3),
            Column(N_("State"), flex=2),
            cells=self._cells,
            empty=N_("Every paper of this till came out."),
            id="papers",
        )
        yield SafeStatic(id="advice")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    def _load(self) -> None:
        self.counter.load(self._read, self._show, group="papers")

    def paper_moved(self) -> None:
        """Something about paper changed: look again."""
        self.counter.look(self._read, self._show, group="papers")

    def _read(self) -> list[PaperLine]:
        return self.counter.desk.see(open_papers, till_code=self.counter.desk.till_code)

    def _show(self, papers: list[PaperLine]) -> None:
        cursor = self.rows.cursor
        if self._first:
            cursor = next((row for row, paper in enumerate(papers) if paper.job.asks), 0)
        self._first = False
        self.rows.show(papers, cursor=cursor)
        self._advise()

    def _cells(self, paper: PaperLine) -> Sequence[Any]:
        job = paper.job
        state = said(job.error) if job.error else said(job.state)
        return (job.queued_at.astimezone(LOCAL).strftime("%H:%M"), paper.name, str(state))

    def _advise(self) -> None:
        current = self.rows.current
        self.query_one("#advice", SafeStatic).show(advice_of(current.job) if current else "")

    def action_move(self, step: int) -> None:
        self.rows.move(step)
        self._advise()

    def action_page(self, step: int) -> None:
        self.rows.page(step)
        self._advise()

    # --- what ends a wait ---------------------------------------------------------------------------------------------

    def action_try_now(self) -> None:
        self.counter.wake_printer()
        self.counter.inform(_("The printer is asked again."))

    def action_came_out(self) -> None:
        self._answer(spool.came_out, _("Noted: it came out."))

    def action_print_again(self) -> None:
        self._answer(print_again, _("A copy goes to the printer."))

    def action_leave_out(self) -> None:
        self._answer(spool.not_wanted, _("Noted: it is not printed."))

    def _answer(self, act: Callable[..., Any], words: str) -> None:
        current, desk, me = self.rows.current, self.counter.desk, self.counter.me.user_id
        if current is not None:
            job_id = current.job.job_id
            self.counter.money(lambda: desk.do(act, job_id=job_id, by=me), lambda _job: self._told(words))

    def action_all_came_out(self) -> None:
        desk, me = self.counter.desk, self.counter.me.user_id
        self.counter.money(
            lambda: desk.do(spool.all_came_out, till_code=desk.till_code, by=me),
            lambda count: self._told(_("Noted: {count} papers came out.").format(count=count)),
        )

    def action_drawer(self) -> None:
        """Without a payment only for a reason, which the journal keeps."""
        if self.counter.home.settings.paper_drawer == "none":
            self.counter.warn(_("No cash drawer is connected to the printer: F7 sets it up."))
            return
        desk, me, job_id = self.counter.desk, self.counter.me.user_id, new_id()
        field = LineInput(placeholder=_("for example: change for the till next door"), max_length=200)

        def open_it(reason: str | None) -> None:
            if reason:
                facts = {"job_id": job_id, "till_code": desk.till_code, "reason": reason, "by": me}
                self.counter.money(
                    lambda: desk.do(spool.open_drawer, **facts),  # type: ignore[arg-type]
                    lambda _job: self._told(_("The drawer opens.")),
                )

        self.app.push_screen(Ask(_("Open the drawer: why?"), field=field), open_it)

    def _told(self, words: str) -> None:
        self.counter.wake_printer()
        self.counter.done(words)
        self._load()

    def action_back(self) -> None:
        self.app.pop_screen()
