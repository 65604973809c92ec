"""The supervisor's screen: what waits for a word, which drawers are out, what was taken until now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import approvals, people, shifts
from counter.approvals import Request
from counter.bills import CaseLine, open_cases
from counter.clock import LOCAL, local_day
from counter.locale import N_, _, translate
from counter.people import UserLine
from counter.screens.asked import about_request, what_is_asked
from counter.screens.money_back import MoneyBackScreen
from counter.screens.receive import Received, receiving, why_refused
from counter.screens.shift_lines import difference_line
from counter.screens.widgets import (
    AMOUNT,
    Choice,
    Column,
    Confirm,
    Cut,
    Dialog,
    KeyBar,
    NoticeLine,
    RowList,
    SafeStatic,
    Words,
)
from counter.shifts import ShiftFacts, Taken
from counter.words import check_said, said
from db.states import ShiftState

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

    @property
    def key(self) -> object:
        """Which matter it is, whatever changed about it."""
        thing = self.thing
        if isinstance(thing, Request):
            return thing.approval_id
        if isinstance(thing, ShiftFacts):
            return thing.shift_id
        return thing.login if isinstance(thing, UserLine) else thing.case_id


@dataclass(frozen=True, slots=True)
class Now:
    """The office now."""

    waiting: list[Waiting]
    drawers: list[tuple[ShiftFacts, Taken]]
    today: Taken


def _whose(shift: ShiftFacts) -> str:
    return f"{shift.cashier} · {shift.till_code}"


class SupervisorScreen(Screen[None]):
    """Above what waits, below the drawers; it looks again every two seconds."""

    HEADING: ClassVar[str] = N_("Waiting for you")
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "act", N_("Decide"), id="supervisor.act"),
        Binding("f2", "receipts", N_("Receipts"), id="supervisor.receipts", priority=True),
        Binding("f3", "cases", N_("Cases"), id="supervisor.cases", priority=True),
        Binding("f4", "import", N_("Bring in debts"), id="supervisor.import", priority=True),
        Binding("f5", "check", N_("Check the books"), id="supervisor.check", priority=True),
        Binding("f6", "queue", N_("The queue's day"), id="supervisor.queue", priority=True),
        Binding("f7", "app.settings", N_("Settings"), id="settings", priority=True),
        Binding("f8", "bank", N_("Bank"), id="supervisor.bank", priority=True),
        Binding("f9", "day_papers", N_("Papers of the day"), id="supervisor.papers", priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield SafeStatic(id="waiting-heading", classes="heading")
        yield RowList(
            Column(N_("What"), flex=4, cut=Cut.MIDDLE),
            Column(N_("Who"), flex=2, cut=Cut.MIDDLE),
            Column(N_("Amount"), width=AMOUNT, align="right"),
            cells=lambda line: (line.what, line.who, line.amount),
            empty=N_("Nothing waits. Well done."),
            id="waiting",
        )
        yield SafeStatic(id="drawers-heading", classes="heading")
        yield RowList(
            Column(N_("Till"), width=8),
            Column(N_("Cashier"), flex=1),
            Column(N_("Since"), width=6),
            Column(N_("Receipts"), width=9, align="right"),
            Column(N_("Cash taken"), width=18, align="right"),
            cells=self._drawer_cells,
            empty=N_("No drawer is out."),
            id="drawers",
        )
        yield SafeStatic(id="office-total")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.retranslate()
        self.set_interval(LIVE_SECONDS, self._look)

    def retranslate(self) -> None:
        """The words that stand by themselves, in the language in use."""
        self.query_one("#top", SafeStatic).show(self.counter.header())
        self.query_one("#waiting-heading", SafeStatic).show(translate(self.HEADING))
        self.query_one("#drawers-heading", SafeStatic).show(_("Drawers out now"))
        self._load()

    def on_screen_resume(self) -> None:
        self._load()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _told(self, text: str) -> None:
        self.counter.done(text)
        self._load()

    def _look(self) -> None:
        if self.is_attached:
            self.counter.look(self._read, self._show, group="supervisor")

    def _load(self) -> None:
        if self.is_attached:
            self.counter.load(self._read, self._show, group="supervisor")

    def _read(self) -> Now:
        desk = self.counter.desk
        waiting = [
            Waiting(what_is_asked(r), f"{r.requested_by} · {r.till_code}", abs(r.amount), r)
            for r in desk.see(approvals.waiting, now=desk.clock.now())
        ]
        for shift in desk.see(shifts.handed_over):
            what = _("Accept a drawer ({difference})").format(
                difference=difference_line(shift.difference or shift.float_amount * 0)
            )
            waiting.append(Waiting(what, _whose(shift), shift.counted, shift))
        for shift in desk.see(shifts.refused_shifts):
            waiting.append(Waiting(_("Cash not taken: with the cashier"), _whose(shift), shift.counted, shift))
        for user in desk.see(people.users, now=desk.clock.now()):
            if user.locked:
                waiting.append(Waiting(_("Locked after wrong PINs"), f"{user.name} · {' '.join(user.locked)}", "", user))
        for case in desk.see(open_cases):
            waiting.append(Waiting(str(said(case.kind)), f"{case.customer_name} · {case.bill_id}", case.too_much, case))
        drawers = [(shift, desk.see(shifts.taken, shift_id=shift.shift_id)) for shift in desk.see(shifts.open_shifts)]
        today = desk.see(shifts.taken_of_day, day=local_day(desk.clock.now()))
        return Now(waiting, drawers, today)

    def _show(self, now: Now) -> None:
        """The cursor stays on its matter: Enter means what one has read, though the list was read again meanwhile."""
        rows = self.query_one("#waiting", RowList)
        ids = [line.key for line in now.waiting]
        here = rows.current.key if rows.current else None
        rows.show(now.waiting, cursor=ids.index(here) if here in ids else min(rows.cursor, len(ids)))
        self.query_one("#drawers", RowList).show(now.drawers)
        line = _("Taken today: {cash} in cash · receipts: {receipts} · reversals: {reversals} · refunds: {refunds}")
        told = now.today
        today = line.format(cash=told.cash, receipts=told.receipts, reversals=told.reversals, refunds=told.refunds)
        self.query_one("#office-total", SafeStatic).show(today)

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
        elif isinstance(line.thing, ShiftFacts) and line.thing.state is ShiftState.REFUSED:
            self.counter.inform(_("{name} counts once more and hands over again.").format(name=line.thing.cashier))
        elif isinstance(line.thing, ShiftFacts):
            self._accept(line, line.thing)
        elif isinstance(line.thing, CaseLine):
            self.app.push_screen(MoneyBackScreen(case_id=line.thing.case_id))
        else:
            self._unlock(line, line.thing)

    def _decide(self, line: Waiting, request: Request) -> None:
        self.counter.ask(
            lambda: about_request(self.counter.desk, request), lambda about: self._ask_decision(line, request, about)
        )

    def _ask_decision(self, line: Waiting, request: Request, about: list[Words]) -> None:
        """No choice on Enter: a reflex approves nothing."""
        choices = [Choice("f5", N_("Approve"), True), Choice("f8", N_("Refuse"), False)]
        dialog: Dialog[bool] = Dialog(line.what, *about, choices=choices)

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a dialog of two choices answers
            if yes is None:
                return
            act, me = approvals.grant if yes else approvals.deny, self.counter.me.user_id
            told = (
                _("Approved: {what}. {name} goes on at {till}.") if yes else _("Refused: {what}. {name} sees it at {till}.")
            )
            words = told.format(what=line.what, name=request.requested_by, till=request.till_code)
            self._do(lambda: self.counter.desk.do(act, approval_id=request.approval_id, by=me), words)

        self.app.push_screen(dialog, answered)

    def _accept(self, line: Waiting, shift: ShiftFacts) -> None:
        """The figures, and what was counted here beside them: taken, or sent back with a reason."""
        desk, act = self.counter.desk, {"shift_id": shift.shift_id, "by": self.counter.me.user_id}

        def answered(received: Received | None) -> None:
            if received is None:
                return
            counted = received.counted
            if received.is_taken and counted is not None:
                told = _("Accepted: {amount} from {name}.").format(amount=counted, name=shift.cashier)
                self._do(lambda: desk.do(shifts.accept_shift, counted=counted, **act), told)
                return
            told = _("Refused: the cash goes back to {name}.").format(name=shift.cashier)

            def refused(reason: str | None) -> None:
                if reason:
                    self._do(lambda: desk.do(shifts.refuse_shift, counted=counted, reason=reason, **act), told)

            self.app.push_screen(why_refused(shift), refused)

        self.app.push_screen(receiving(shift, line.who), answered)

    def _unlock(self, line: Waiting, user: UserLine) -> None:
        confirm = Confirm(_("Let {name} try again?").format(name=user.name), line.who, yes=N_("Unlock"))
        told = _("{name} may try again.").format(name=user.name)
        me = self.counter.me.user_id
        unlock = lambda: self.counter.desk.do(people.unlock, login=user.login, by=me)  # noqa: E731
        self.app.push_screen(confirm, lambda yes: self._do(unlock, told) if yes else None)

    def action_cases(self) -> None:
        self.app.push_screen(MoneyBackScreen())

    def _do(self, call: Callable[[], object], told: str) -> None:
        self.counter.money(call, lambda _done: self._told(told))

    # --- elsewhere ----------------------------------------------------------------------------------------------------

    def action_import(self) -> None:
        from counter.screens.debts import DebtsScreen

        self.app.push_screen(DebtsScreen())

    def action_queue(self) -> None:
        from counter.screens.queue.day import QueueDayScreen

        self.app.push_screen(QueueDayScreen())

    def action_bank(self) -> None:
        from counter.screens.bank.lines import BankScreen

        self.app.push_screen(BankScreen())

    def action_day_papers(self) -> None:
        from counter.screens.day_papers import DayPapersScreen

        self.app.push_screen(DayPapersScreen())

    def action_check(self) -> None:
        """Every sum re-added, here and now."""
        from counter.audit import Check, audit
        from counter.home import heads_to_find

        def show(checks: list[Check]) -> None:
            broken = [check for check in checks if not check.ok]
            if broken:
                self.counter.warn(f"✗ {check_said(broken[0].name)}: {', '.join(broken[0].broken)}")
            else:
                self.counter.done(_("All {n} checks hold.").format(n=len(checks)))

        self.counter.inform(_("Re-adding every sum…"))
        self.counter.look(lambda: self.counter.desk.see(audit, known=heads_to_find(self.counter.home)), show, group="check")
