"""The supervisor's screen: what waits for a word, which drawers are out, what was taken until now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import approvals, people, shifts
from counter.approvals import Request
from counter.bills import CaseLine, open_cases
from counter.clock import LOCAL
from counter.debts import bring_debts
from counter.ids import new_id
from counter.locale import N_, _
from counter.people import UserLine
from counter.screens.money_back import MoneyBackScreen
from counter.screens.shift import difference_line
from counter.screens.widgets import Ask, Choice, Column, Confirm, Dialog, KeyBar, LineInput, NoticeLine, RowList, SafeStatic
from counter.shifts import ShiftFacts, Taken
from counter.words import check_said, said

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

LIVE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what, whose, how much, and the object behind it."""

    what: str
    who: str
    amount: Any
    thing: Request | ShiftFacts | UserLine | CaseLine


@dataclass(frozen=True, slots=True)
class Now:
    """The office now."""

    waiting: list[Waiting]
    drawers: list[tuple[ShiftFacts, Taken]]


class SupervisorScreen(Screen[None]):
    """Above what waits, below the drawers; it looks again every two seconds."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "act", N_("Decide"), id="supervisor.act"),
        Binding("f2", "receipts", N_("Receipts"), id="supervisor.receipts", priority=True),
        Binding("f3", "cases", N_("Cases"), id="supervisor.cases", priority=True),
        Binding("f4", "import", N_("Bring in debts"), id="supervisor.import", priority=True),
        Binding("f5", "check", N_("Check the books"), id="supervisor.check", priority=True),
        Binding("f7", "app.settings", N_("Settings"), id="settings", priority=True),
        Binding("f8", "cancel", N_("Stop the import"), id="supervisor.cancel", show=False, priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
        Binding("ctrl+l", "app.lock", N_("Lock"), id="lock", show=False, priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cancel = threading.Event()
        self._importing = False

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(self.counter.header(), id="top")
        yield SafeStatic(_("Waiting for you"), classes="heading")
        yield RowList(
            Column(N_("What"), flex=2),
            Column(N_("Who"), flex=2),
            Column(N_("Amount"), width=18, align="right"),
            cells=lambda line: (line.what, line.who, line.amount),
            empty=_("Nothing waits. Well done."),
            id="waiting",
        )
        yield SafeStatic(_("Drawers out now"), classes="heading")
        yield RowList(
            Column(N_("Till"), width=8),
            Column(N_("Cashier"), flex=1),
            Column(N_("Since"), width=6),
            Column(N_("Receipts"), width=9, align="right"),
            Column(N_("Cash taken"), width=18, align="right"),
            cells=self._drawer_cells,
            empty=_("No drawer is out."),
            id="drawers",
        )
        yield SafeStatic(id="office-total")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()
        self.set_interval(LIVE_SECONDS, self._load)

    def on_screen_resume(self) -> None:
        self._load()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _told(self, text: str) -> None:
        self.counter.done(text)
        self._load()

    def _load(self) -> None:
        if self.is_current:
            self.counter.look(self._read, self._show, group="supervisor")

    def _read(self) -> Now:
        desk = self.counter.desk
        waiting = [
            Waiting(str(said(r.act)), f"{r.requested_by} · {r.till_code} · {r.reason}", r.amount, r)
            for r in desk.see(approvals.waiting)
        ]
        for shift in desk.see(shifts.handed_over):
            what = _("Accept a drawer ({difference})").format(
                difference=difference_line(shift.difference or shift.float_amount * 0)
            )
            waiting.append(Waiting(what, f"{shift.cashier} · {shift.till_code}", shift.counted, shift))
        for user in desk.see(people.users, now=desk.clock.now()):
            if user.locked:
                waiting.append(Waiting(_("Locked after wrong PINs"), f"{user.name} · {' '.join(user.locked)}", "", user))
        for case in desk.see(open_cases):
            waiting.append(Waiting(str(said(case.kind)), f"{case.customer_name} · {case.bill_id}", case.too_much, case))
        drawers = [(shift, desk.see(shifts.taken, shift_id=shift.shift_id)) for shift in desk.see(shifts.open_shifts)]
        return Now(waiting, drawers)

    def _show(self, now: Now) -> None:
        rows = self.query_one("#waiting", RowList)
        rows.show(now.waiting, cursor=rows.cursor)
        self.query_one("#drawers", RowList).show(now.drawers)
        cash = sum(taken.cash for _shift, taken in now.drawers) if now.drawers else 0
        receipts = sum(taken.receipts for _shift, taken in now.drawers)
        from counter.money import Dong

        line = _("Taken now: {cash} in cash, {receipts} receipts").format(cash=Dong(cash), receipts=receipts)
        self.query_one("#office-total", SafeStatic).show(line)

    def _drawer_cells(self, line: tuple[ShiftFacts, Taken]) -> Sequence[Any]:
        shift, taken = line
        since = shift.opened_at.astimezone(LOCAL).strftime("%H:%M")
        return (shift.till_code, shift.cashier, since, str(taken.receipts), taken.cash)

    def action_move(self, step: int) -> None:
        self.query_one("#waiting", RowList).move(step)

    def action_receipts(self) -> None:
        from counter.screens.receipts import ReceiptsScreen

        self.app.push_screen(ReceiptsScreen())

    # --- deciding -----------------------------------------------------------------------------------------------------

    def action_act(self) -> None:
        line: Waiting | None = self.query_one("#waiting", RowList).current
        if line is None:
            return
        if isinstance(line.thing, Request):
            self._decide(line, line.thing)
        elif isinstance(line.thing, ShiftFacts):
            self._accept(line, line.thing)
        elif isinstance(line.thing, CaseLine):
            self.app.push_screen(MoneyBackScreen(case_id=line.thing.case_id))
        else:
            self._unlock(line, line.thing)

    def _decide(self, line: Waiting, request: Request) -> None:
        """No choice on Enter: a reflex approves nothing."""
        choices = [Choice("f5", N_("Approve"), True), Choice("f8", N_("Refuse"), False)]
        dialog: Dialog[bool] = Dialog(line.what, line.who, f"{request.subject}  {request.amount}", choices=choices)

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a dialog of two choices answers
            if yes is not None:
                act = approvals.grant if yes else approvals.deny
                me = self.counter.me.user_id
                self._do(lambda: self.counter.desk.do(act, approval_id=request.approval_id, by=me))

        self.app.push_screen(dialog, answered)

    def _accept(self, line: Waiting, shift: ShiftFacts) -> None:
        body = [
            line.who,
            _("Counted: {amount}").format(amount=shift.counted),
            difference_line(shift.difference or shift.float_amount * 0),
        ]
        if shift.difference_reason:
            body.append(shift.difference_reason)
        me = self.counter.me.user_id
        self.app.push_screen(
            Confirm(_("Take this cash into the safe?"), *body, yes=N_("Accept")),
            lambda yes: (
                self._do(lambda: self.counter.desk.do(shifts.accept_shift, shift_id=shift.shift_id, by=me)) if yes else None
            ),
        )

    def _unlock(self, line: Waiting, user: UserLine) -> None:
        me = self.counter.me.user_id
        self.app.push_screen(
            Confirm(_("Let {name} try again?").format(name=user.name), line.who, yes=N_("Unlock")),
            lambda yes: self._do(lambda: self.counter.desk.do(people.unlock, login=user.login, by=me)) if yes else None,
        )

    def action_cases(self) -> None:
        self.app.push_screen(MoneyBackScreen())

    def _do(self, call: Callable[[], object]) -> None:
        self.counter.money(call, lambda _done: self._told(_("Recorded.")))

    # --- bringing in debts --------------------------------------------------------------------------------------------

    def action_import(self) -> None:
        field = LineInput(placeholder="/…/HDN_HDON.csv", max_length=1000)
        title = _("Bring in debts")
        self.app.push_screen(Ask(title, _("Path of the CSV or XLSX file"), field=field), self._import)

    def _import(self, path: str | None) -> None:
        if not path or self._importing:
            return
        self._importing = True
        self._cancel.clear()
        counter, me, import_id = self.counter, self.counter.me.user_id, new_id()

        def progress(done: int, total: int) -> None:
            text = _("Reading {done} of {total}; F8 stops it.").format(done=f"{done:,}", total=f"{total:,}")
            counter.call_from_thread(counter.inform, text.replace(",", "."))

        def bring() -> dict[str, Any]:
            try:
                return bring_debts(
                    counter.desk,
                    home=counter.home.path,
                    file=path,
                    profile="cmis",
                    encoding="",
                    mode="all",
                    import_id=import_id,
                    by=me,
                    progress=progress,
                    cancelled=self._cancel.is_set,
                )
            finally:
                self._importing = False

        self.counter.look(bring, self._imported, group="import")

    def _imported(self, facts: dict[str, Any]) -> None:
        said = _("{read} lines: {added} new, {updated} changed, {unchanged} as before.")
        self.counter.done(said.format(**facts))

    def action_cancel(self) -> None:
        if self._importing:
            self._cancel.set()

    def action_check(self) -> None:
        """Every sum re-added, here and now."""
        from counter.audit import Check, audit

        def show(checks: list[Check]) -> None:
            broken = [check for check in checks if not check.ok]
            if broken:
                self.counter.warn(f"✗ {check_said(broken[0].name)}: {', '.join(broken[0].broken)}")
            else:
                self.counter.done(_("All {n} checks hold.").format(n=len(checks)))

        self.counter.inform(_("Re-adding every sum…"))
        self.counter.look(lambda: self.counter.desk.see(audit), show, group="check")
