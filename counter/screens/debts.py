"""Bringing in a file of debts: tried first, then the whole of it, or the rest once its wrong lines were seen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from counter.bills import RejectedLine, profile_names
from counter.debts import Mode, bring_debts
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import group_digits
from counter.screens.widgets import Column, Confirm, KeyBar, LineInput, NoticeLine, RowList, SafeStatic, step_field

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


WRONG_FIELDS = {
    "UnknownProfile": "profile",
    "BadProfile": "profile",
    "ColumnsMissing": "profile",
    "UnknownEncoding": "encoding",
    "EncodingUnclear": "encoding",
}
"""Which field is typed anew after a refusal; any other means the file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file, and how it is read."""

    file: str
    profile: str
    encoding: str


class DebtsScreen(Screen[None]):
    """Above what is brought in, below the lines that are wrong."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "bring('all')", N_("Bring in"), id="debts.bring", priority=True),
        Binding("f5", "bring('dry-run')", N_("Try"), id="debts.try", priority=True),
        Binding("f6", "the_rest", N_("Without the wrong lines"), id="debts.rest", priority=True),
        Binding("f8", "stop", N_("Stop"), id="debts.stop", priority=True),
        Binding("pagedown", "page(1)", N_("Wrong lines"), key_display="PgUp PgDn"),
        Binding("pageup", "page(-1)", show=False),
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()
        self._is_reading = False
        self._wrong_in: Wanted | None = None
        """The file whose wrong lines are shown: only its rest may go in without them."""

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def wrong(self) -> RowList[RejectedLine]:
        return self.query_one("#wrong", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Bring in debts"), id="top")
        with Vertical(id="debts-fields"):
            yield SafeStatic(_("CSV or XLSX file, with its path"), classes="what")
            yield LineInput(id="debts-file", placeholder="/…/HDN_HDON.csv", max_length=1000)
            with Horizontal(classes="pair"):
                with Vertical():
                    known = " · ".join(profile_names(home=self.counter.home.path))
                    yield SafeStatic(_("Profile: {known}").format(known=known), classes="what")
                    yield LineInput("cmis", id="debts-profile", max_length=40)
                with Vertical():
                    yield SafeStatic(_("Encoding; empty: found out"), classes="what")
                    yield LineInput(id="debts-encoding", placeholder="utf-8, tcvn3, vni, cp1258", max_length=20)
        yield SafeStatic(id="debts-facts")
        yield RowList(
            Column(N_("Line"), width=8, align="right"),
            Column(N_("Column"), width=14),
            Column(N_("Value"), flex=2),
            Column(N_("Why it is wrong"), flex=3),
            cells=_cells,
            empty=N_("Wrong lines are listed here."),
            id="wrong",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#debts-file").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a file is read it can be stopped; the rest goes in only after the wrong lines were seen."""
        if action == "stop":
            return self._is_reading
        if action == "the_rest":
            return not self._is_reading and self._wrong_in is not None
        return not (action == "bring" and self._is_reading)

    # --- keys ---------------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        """Enter below a path tries it: nothing changes by that."""
        event.stop()
        if event.input.id == "debts-file" and not self._is_reading:
            self.action_bring("dry-run")
        else:
            self.action_field(1)

    @on(Input.Changed)
    def other_file(self) -> None:
        """What was seen was another file's."""
        if self._wrong_in is not None and self._wanted() != self._wrong_in:
            self._show_wrong(None, ())

    def action_field(self, step: int) -> None:
        step_field(self, step)

    def action_page(self, step: int) -> None:
        self.wrong.page(step)

    def action_the_rest(self) -> None:
        """One question: lines that somebody owes stay out."""
        text = _("{n} wrong lines stay out; every other line goes in.").format(n=group_digits(len(self.wrong.items)))
        confirm = Confirm(_("Bring in without the wrong lines?"), text, yes=N_("Bring in"))
        self.app.push_screen(confirm, lambda yes: self.action_bring("skip-wrong") if yes else None)

    def action_stop(self) -> None:
        self._stop.set()

    def action_back(self) -> None:
        """Not away from a file that is being read: its result would be told to nobody."""
        if self._is_reading:
            self.counter.warn(_("The file is still being read: F8 stops it."))
        else:
            self.app.pop_screen()

    # --- the file -----------------------------------------------------------------------------------------------------

    def _wanted(self) -> Wanted:
        file, profile, encoding = (
            self.query_one(f"#debts-{name}", LineInput).text for name in ("file", "profile", "encoding")
        )
        return Wanted(file, profile or "cmis", encoding)

    def action_bring(self, mode: Mode) -> None:
        """Read the file in a thread, telling how far it is."""
        wanted = self._wanted()
        if not wanted.file:
            self.query_one("#debts-file").focus()
            self.counter.warn(_("Type the path of the file first."))
            return
        self._is_reading = True
        self.refresh_bindings()
        self._stop.clear()
        counter, me, import_id = self.counter, self.counter.me.user_id, new_id()

        def progress(done: int, total: int) -> None:
            text = _("Reading {done} of {total}; F8 stops it.")
            counter.call_from_thread(counter.busy, text.format(done=group_digits(done), total=group_digits(total)))

        def bring() -> dict[str, Any]:
            try:
                return bring_debts(
                    counter.desk,
                    home=counter.home.path,
                    file=wanted.file,
                    profile=wanted.profile,
                    encoding=wanted.encoding,
                    mode=mode,
                    import_id=import_id,
                    by=me,
                    progress=progress,
                    cancelled=self._stop.is_set,
                )
            finally:
                self._is_reading = False

        counter.read(
            bring,
            on_done=lambda facts: self._done(wanted, mode, facts) if self.is_running else counter.unclaimed(facts),
            on_refused=lambda refused: self._refused(wanted, refused) if self.is_running else counter.refuse(refused),
            group="import",
        )

    def _done(self, wanted: Wanted, mode: Mode, facts: dict[str, Any]) -> None:
        rejected: Sequence[RejectedLine] = facts["rejected"]
        self._show_wrong(wanted if rejected and mode == "dry-run" else None, rejected)
        self.query_one("#debts-facts", SafeStatic).show(facts_line(mode, facts))
        if mode != "dry-run":
            self.counter.done(_("Brought in."))
        elif rejected:
            self.counter.warn(_("Tried; nothing is brought in yet. Correct the lines, or F6 leaves them out."))
        else:
            self.counter.inform(_("Tried; nothing is brought in yet. F2 brings it in."))

    def _refused(self, wanted: Wanted, refused: Refused) -> None:
        wrong = cast("Sequence[RejectedLine]", refused.facts.get("lines", ()))
        field = self.query_one(f"#debts-{WRONG_FIELDS.get(refused.name, 'file')}", LineInput)
        field.focus()
        field.select_all()
        self._show_wrong(wanted if wrong else None, wrong)
        self.query_one("#debts-facts", SafeStatic).show("")
        self.counter.refuse(refused)

    def _show_wrong(self, wanted: Wanted | None, lines: Sequence[RejectedLine]) -> None:
        self._wrong_in = wanted
        self.wrong.show(lines)
        self.refresh_bindings()


def facts_line(mode: Mode, facts: dict[str, Any]) -> str:
    """`1.234 lines read: 1.000 new, 12 changed, 222 as before; 3 wrong.`"""
    counts = {key: group_digits(value) for key, value in facts.items() if isinstance(value, int)}
    counts["wrong"] = group_digits(len(facts["rejected"]))
    if mode == "dry-run":
        line = _("{read} lines: {added} would be new, {updated} changed, {unchanged} as before; {wrong} wrong.")
    else:
        line = _("{read} lines: {added} new, {updated} changed, {unchanged} as before; {wrong} left out.")
    parts = [line.format(**counts)]
    if facts["cases"]:
        if mode == "dry-run":
            more = _("{cases} bills were paid before CMIS changed them: they become cases when the file is brought in.")
        else:
            more = _("{cases} bills were paid before CMIS changed them: they are cases now, F9 and then F3.")
        parts.append(more.format(**counts))
    if facts["settled"]:
        parts.append(_("{settled} bills were paid from advance money.").format(**counts))
    return " ".join(parts)


def _cells(line: RejectedLine) -> Sequence[Any]:
    return (group_digits(line.line), line.field, line.value, line.why)
