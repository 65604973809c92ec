"""Bringing in a bank's statement: tried first, proven by its balances, with the rows that cannot be read."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from counter import banking
from counter.cashless.statements import Rejected, Statement, read_statement, statement_profiles
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import group_digits
from counter.payments import qr
from counter.reconcile.statements import BroughtIn, Stopped, bring_statement, would_bring
from counter.screens.widgets import Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic, step_field

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class StatementScreen(Screen[None]):
    """Above the file, below the rows that are wrong."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "bring", N_("Bring in"), id="statement.bring", priority=True),
        Binding("f3", "profile", N_("Make a profile"), id="statement.profile", priority=True),
        Binding("f5", "try", N_("Try"), id="statement.try", priority=True),
        Binding("f8", "stop", N_("Stop"), id="statement.stop", priority=True),
        Binding("up", "field(-1)", N_("Field above")),
        Binding("down", "field(1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()
        self._is_reading = False

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Bring in a bank statement"), id="top")
        with Vertical(id="debts-fields"):
            yield SafeStatic(_("CSV, XLSX, MT940 or CAMT.053 file, with its path"), classes="what")
            yield LineInput(id="statement-file", placeholder="/…/sao-ke.xlsx", max_length=1000)
            with Horizontal(classes="pair"):
                with Vertical():
                    yield SafeStatic(_("The office's account"), classes="what")
                    yield LineInput(id="statement-account", max_length=19)
                with Vertical():
                    yield SafeStatic(id="statement-known", classes="what")
                    yield LineInput("generic", id="statement-profile", max_length=40)
        yield SafeStatic(id="debts-facts")
        yield RowList(
            Column(N_("Line"), width=8, align="right"),
            Column(N_("Column"), width=14),
            Column(N_("Value"), flex=2),
            Column(N_("Why it is wrong"), flex=3),
            cells=_cells,
            empty=N_("Rows that cannot be read are listed here."),
            id="wrong",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#statement-file").focus()
        self.show_profiles()
        self.counter.look(lambda: self.counter.desk.see(qr.accounts), self._show_account, group="accounts")

    def show_profiles(self) -> None:
        """The names there are."""
        known = " · ".join(statement_profiles(home=self.counter.home.path))
        self.query_one("#statement-known", SafeStatic).show(_("Profile: {known}").format(known=known))

    def _show_account(self, known: list[qr.Account]) -> None:
        field = self.query_one("#statement-account", LineInput)
        if known and not field.value:
            field.value = known[0].account

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a file is read it can only be stopped."""
        if action == "stop":
            return self._is_reading
        return not (action in ("bring", "try", "profile") and self._is_reading)

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        """Enter below the path tries it: nothing changes by that."""
        event.stop()
        if event.input.id == "statement-file" and not self._is_reading:
            self.action_try()
        else:
            self.action_field(1)

    def action_field(self, step: int) -> None:
        step_field(self, step)

    def action_page(self, step: int) -> None:
        self.query_one("#wrong", RowList).page(step)

    def action_stop(self) -> None:
        self._stop.set()

    def action_back(self) -> None:
        if self._is_reading:
            self.counter.warn(_("The file is still being read: F8 stops it."))
        else:
            self.app.pop_screen()

    def wanted(self, name: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#statement-{name}", LineInput).text

    # --- the file -----------------------------------------------------------------------------------------------------

    def _read(self) -> Statement:
        profile = self.wanted("profile") or "generic"
        home = self.counter.home.path
        return read_statement(self.wanted("file"), account=self.wanted("account"), profile=profile, home=home)

    def action_try(self) -> None:
        self._run(lambda: would_bring(self._read()), self._tried)

    def _tried(self, found: BroughtIn) -> None:
        self._show(found)
        self.counter.inform(_("Tried; nothing is brought in yet. F2 brings it in."))

    def action_bring(self) -> None:
        """Booked whole or not at all, then matched."""
        desk, me, statement_id = self.counter.desk, self.counter.me.user_id, new_id()
        counter = self.counter
        self._stop.clear()

        def progress(done: int, total: int) -> None:
            text = _("Reading {done} of {total}; F8 stops it.")
            counter.call_from_thread(counter.busy, text.format(done=group_digits(done), total=group_digits(total)))

        def bring() -> tuple[BroughtIn, banking.TakenIn] | None:
            facts: dict[str, Any] = {"statement_id": statement_id, "statement": self._read(), "by": me}
            try:
                done = desk.do(bring_statement, progress=progress, stopped=self._stop.is_set, **facts)
            except Stopped:
                return None
            return done, banking.take_in(desk)

        self._run(bring, self._brought)

    def _brought(self, found: tuple[BroughtIn, banking.TakenIn] | None) -> None:
        if found is None:
            self.counter.inform(_("Stopped; nothing was brought in."))
            return
        done, matched = found
        self._show(done)
        told = _("Brought in: {added} new, {already} known before; settled {n}.")
        self.counter.done(
            told.format(added=group_digits(done.added), already=group_digits(done.already), n=len(matched.matched))
        )

    def _run(self, act: Any, then: Any) -> None:
        if not self.wanted("file"):
            self.query_one("#statement-file").focus()
            self.counter.warn(_("Type the path of the file first."))
            return
        self._is_reading = True
        self.refresh_bindings()

        def work() -> Any:
            try:
                return act()
            finally:
                self._is_reading = False

        self.counter.read(work, on_done=then, on_refused=self._refused, group="statement")

    def _refused(self, refused: Refused) -> None:
        self.query_one("#wrong", RowList).show([])
        self.query_one("#debts-facts", SafeStatic).show("")
        self.counter.refuse(refused)
        self.refresh_bindings()

    def _show(self, found: BroughtIn) -> None:
        self.query_one("#wrong", RowList).show(found.rejected)
        self.query_one("#debts-facts", SafeStatic).show(*facts_lines(found))
        self.refresh_bindings()

    def action_profile(self) -> None:
        from counter.screens.bank.profile import ProfileScreen

        if not self.wanted("file"):
            self.counter.warn(_("Type the path of the file first."))
            return
        self.app.push_screen(ProfileScreen(self.wanted("file")), self._made)

    def _made(self, name: str | None) -> None:
        if name:
            self.show_profiles()
            self.query_one("#statement-profile", LineInput).value = name
            self.counter.done(_("The profile {name} is kept.").format(name=name))


def facts_lines(found: BroughtIn) -> list[str]:
    """How many rows, how much came in and went out, and whether the balances prove it."""
    line = _("{profile}: {read} rows, {wrong} of them cannot be read; in {came}, out {went}.").format(
        profile=found.profile,
        read=group_digits(found.read),
        wrong=group_digits(len(found.rejected)),
        came=found.in_total,
        went=found.out_total,
    )
    if found.balance_ok is None:
        return [line, _("The file tells no balances: compare the sums with the bank's paper.")]
    if found.gap:
        words = _(
            "⚠ {gap} lies between the last statement and this one: a statement is missing, or this one is not the bank's."
        )
        return [line, words.format(gap=found.gap)]
    proven = _("✓ {opening} and the movements make {closing}.").format(opening=found.opening, closing=found.closing)
    return [line, proven]


def _cells(line: Rejected) -> Sequence[Any]:
    return (group_digits(line.line), line.field, line.value, line.why)
