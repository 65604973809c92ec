"""The call centre's file of appointments: tried first, then brought in whole, or the rest without its wrong lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from counter import queue
from counter.errors import Refused
from counter.locale import N_, _
from counter.money import group_digits
from counter.queue import Brought, RejectedBooking
from counter.screens.queue.long_run import LongRunScreen
from counter.screens.widgets import Column, Confirm, KeyBar, LineInput, NoticeLine, RowList, SafeStatic


class BookingsScreen(LongRunScreen):
    """Above the file, below the lines that are wrong."""

    DEFAULT_CSS = """
    BookingsScreen {
        #bookings-field { height: auto; padding: 0 1; }
        #bookings-facts { height: auto; padding: 0 1; text-style: bold; }
        #wrong-bookings { height: 1fr; padding: 0 1; }
    }
    """
    PAUSED = frozenset({"try", "bring", "the_rest"})
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "try", N_("Try"), id="bookings.try"),
        Binding("f2", "bring", N_("Bring in"), id="bookings.bring", priority=True),
        Binding("f6", "the_rest", N_("Without the wrong lines"), id="bookings.rest", priority=True),
        Binding("pagedown", "page(1)", N_("Wrong lines"), key_display="PgUp PgDn"),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.tried = ""
        """The file whose wrong lines are shown: only its rest may go in without them."""

    @property
    def file(self) -> str:
        return self.query_one("#bookings-file", LineInput).text

    @property
    def wrong(self) -> RowList[RejectedBooking]:
        return self.query_one("#wrong-bookings", RowList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The rest goes in only after the wrong lines were seen."""
        if action == "the_rest" and not self.tried:
            return False
        return super().check_action(action, parameters)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Appointments from the call centre"), id="top")
        with Vertical(id="bookings-field"):
            yield SafeStatic(_("CSV or XLSX file, with its path"), classes="what")
            yield LineInput(id="bookings-file", placeholder="/…/lich-hen.xlsx", max_length=1000)
        yield SafeStatic(id="bookings-facts")
        yield RowList(
            Column(N_("Line"), width=6, align="right"),
            Column(N_("Column"), width=14),
            Column(N_("Value"), flex=2),
            Column(N_("Why it is wrong"), flex=3),
            cells=lambda line: (group_digits(line.line), line.field, line.value, line.why),
            empty=N_("Wrong lines are listed here."),
            id="wrong-bookings",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#bookings-file").focus()

    # --- keys ---------------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_try()

    @on(Input.Changed)
    def other_file(self) -> None:
        """What was seen was another file's."""
        if self.tried and self.file != self.tried:
            self._show_wrong("", ())

    def action_page(self, step: int) -> None:
        self.wrong.page(step)

    def action_try(self) -> None:
        """Read and booked to the last line, and taken back: what cannot be booked is known before."""
        self._run(queue.try_bookings, self._seen, text=_("Trying {done} of {total}; F8 stops it."))

    def action_bring(self) -> None:
        self._run(queue.bring_bookings, self._brought, text=_("Booking {done} of {total}; F8 stops it."))

    def action_the_rest(self) -> None:
        """One question: customers who believe that they are booked stay out."""
        text = _("{n} wrong lines stay out; every other line goes in.").format(n=group_digits(len(self.wrong.items)))
        confirm = Confirm(_("Bring in without the wrong lines?"), text, yes=N_("Bring in"))
        self.app.push_screen(confirm, lambda yes: self._bring_the_rest() if yes else None)

    def _bring_the_rest(self) -> None:
        self._run(queue.bring_bookings, self._brought, text=_("Booking {done} of {total}; F8 stops it."), mode="skip-wrong")

    # --- the file -----------------------------------------------------------------------------------------------------

    def _run(self, act: Callable[..., Brought], then: Callable[[str, Brought], None], *, text: str, **more: Any) -> None:
        """Read the file and do it, all or, stopped in the middle, nothing; the layout of the file is the office's."""
        path, desk, me = self.file, self.counter.desk, self.counter.me.user_id
        if not path:
            self.counter.warn(_("Type the path of the file first."))
        elif not self.is_running_long:
            self.run_long(
                lambda progress, cancelled: desk.do(
                    act,
                    file=queue.read_bookings(path, rules=desk.see(queue.rules)),
                    by=me,
                    progress=progress,
                    cancelled=cancelled,
                    **more,
                ),
                lambda done: then(path, done),
                lambda refused: self._refused(path, refused),
                text=text,
            )

    def _seen(self, path: str, done: Brought) -> None:
        self._show_wrong(path if done.rejected else "", done.rejected)
        words = _("{read} lines: {added} would be booked, {changed} moved, {unchanged} as they are; {wrong} wrong.")
        self._facts(words, done)
        if done.rejected:
            self.counter.warn(_("Tried; nothing is brought in yet. Correct the lines, or F6 leaves them out."))
        else:
            self.counter.inform(_("Tried; nothing is brought in yet. F2 brings it in."))

    def _brought(self, _path: str, done: Brought) -> None:
        self._show_wrong("", done.rejected)
        self._facts(_("{read} lines: {added} booked, {changed} moved, {unchanged} as they were; {wrong} left out."), done)
        self.counter.done(_("Brought in."))

    def _refused(self, path: str, refused: Refused) -> None:
        wrong = cast("Sequence[RejectedBooking]", refused.facts.get("lines", ()))
        field = self.query_one("#bookings-file", LineInput)
        field.focus()
        field.select_all()
        self._show_wrong(path if wrong else "", wrong)
        self.query_one("#bookings-facts", SafeStatic).show("")
        self.counter.refuse(refused)

    def _facts(self, words: str, done: Brought) -> None:
        counts = {name: group_digits(getattr(done, name)) for name in ("read", "added", "changed", "unchanged")}
        told = words.format(**counts, wrong=group_digits(len(done.rejected)))
        self.query_one("#bookings-facts", SafeStatic).show(told)

    def _show_wrong(self, path: str, lines: Sequence[RejectedBooking]) -> None:
        self.tried = path
        self.wrong.show(lines)
        self.refresh_bindings()
