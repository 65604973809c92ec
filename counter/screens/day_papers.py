"""The papers of a day: its report Z, and the accounts' forms of each drawer, as PDF or from this till's printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from counter import shifts
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _
from counter.papers import as_file, day_paper
from counter.papers.forms import shift_form
from counter.papers.parts import write_whole
from counter.print_jobs import queue_day_report
from counter.screens.list_screen import ListScreen
from counter.screens.widgets import Column, KeyBar, NoticeLine, RowList, SafeStatic
from counter.shifts import ShiftFacts
from counter.words import said

REPORT = "Z"


@dataclass(frozen=True, slots=True)
class DayPaper:
    """The report, or a form of a shift."""

    form: str
    name: str
    shift: ShiftFacts | None = None


class DayPapersScreen(ListScreen):
    """Enter writes the paper under the cursor as PDF and says where; F5 prints the day report."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "as_file", N_("As a PDF file"), id="day_papers.file"),
        Binding("f5", "print", N_("Print the day report"), id="day_papers.print", priority=True),
        Binding("left", "day(-1)", N_("Day before"), id="day_papers.before"),
        Binding("right", "day(1)", N_("Day after"), id="day_papers.after"),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield RowList(
            Column(N_("Paper"), flex=3),
            Column(N_("Till"), width=8),
            Column(N_("Cashier"), flex=2),
            Column(N_("State"), flex=2),
            cells=self._cells,
            empty="",
            id="day-papers",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._open(local_day(self.counter.desk.clock.now()))

    def _open(self, day: date) -> None:
        desk = self.counter.desk
        self.day = day
        self.query_one("#top", SafeStatic).show(_("Papers of {day}").format(day=day_text(day)))
        self.counter.ask(lambda: desk.see(shifts.shifts_of_day, day=day), self._show)

    def _show(self, of_day: list[ShiftFacts]) -> None:
        papers = [DayPaper(REPORT, _("Day report (Z)"))]
        for shift in of_day:
            papers.append(DayPaper("08a-TT", _("Cash count 08a-TT"), shift))
            papers.append(DayPaper("01-TT", _("Cash voucher 01-TT"), shift))
        self.query_one("#day-papers", RowList).show(papers, cursor=0)

    def _cells(self, paper: DayPaper) -> Sequence[Any]:
        shift = paper.shift
        return (paper.name, shift.till_code, shift.cashier, str(said(shift.state))) if shift else (paper.name, "", "", "")

    def action_day(self, step: int) -> None:
        self._open(self.day + timedelta(days=step))

    def action_as_file(self) -> None:
        """A drawer that is not counted, or not accepted yet, is refused by name."""
        paper: DayPaper | None = self.query_one("#day-papers", RowList).current
        if paper is None:
            return
        desk, home, day = self.counter.desk, self.counter.home, self.day

        def write() -> Path:
            if paper.shift is None:
                now = desk.clock.now()
                report = desk.see(day_paper, day=day, settings=home.settings, printed_at=now)
                data, name = as_file(report, form="pdf", settings=home.settings), f"{day}-{REPORT}.pdf"
            else:
                shift = paper.shift
                data = desk.see(shift_form, shift_id=shift.shift_id, form=paper.form, settings=home.settings)
                name = f"{day}-{shift.till_code}-{shift.shift_id.hex[-4:]}-{paper.form}.pdf"
            write_whole(home.exports / name, data, makes_folder=True)
            return home.exports / name

        self.counter.ask(write, lambda path: self.counter.done(_("Written to {path}").format(path=path)))

    def action_print(self) -> None:
        desk, day, job_id = self.counter.desk, self.day, new_id()

        def printed(_job: object) -> None:
            self.counter.wake_printer()
            self.counter.done(_("The day report goes to the printer."))

        self.counter.money(lambda: desk.do(queue_day_report, day=day, till_code=desk.till_code, job_id=job_id), printed)
