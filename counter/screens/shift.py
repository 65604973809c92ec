"""The shift: open with a counted float, cash to and from the safe, the blind count, the hand-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen

from counter import approvals, queue, shifts, spool
from counter.clock import local_day
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong, read_dong
from counter.print_jobs import PaperLine, open_papers
from counter.screens.notes import Notes
from counter.screens.paper_words import paper_lines
from counter.screens.queue.checklist import ChecklistScreen
from counter.screens.second import SecondPerson
from counter.screens.shift_lines import difference_line, shift_lines
from counter.screens.widgets import Ask, KeyBar, LineInput, MoneyInput, NoticeLine, SafeStatic, as_set
from counter.shifts import NoOpenShift, NotYourShift, ShiftFacts, Taken
from db.states import ApprovalAct, CashMoveKind, JobKind, ShiftState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


Asked = tuple[bool, approvals.Request | None]
"""Whether a supervisor must say yes, and what was asked for before."""
Seen = tuple[ShiftFacts | None, Taken | None, list[shifts.MoveLine], list[PaperLine]]


class ShiftScreen(Screen[None]):
    """One drawer from float to hand-over."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "open", N_("Open"), id="shift.open", priority=True),
        Binding("f3", "drop", N_("To the safe"), id="shift.drop", priority=True),
        Binding("f4", "change", N_("From the safe"), id="shift.change", priority=True),
        Binding("f5", "count", N_("Count"), id="shift.count", priority=True),
        Binding("f6", "hand_over", N_("Hand over"), id="shift.hand_over", priority=True),
        Binding("f7", "app.settings", N_("Settings"), id="settings", priority=True),
        Binding("f8", "report", N_("Print report"), id="shift.report", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.shift: ShiftFacts | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        with VerticalScroll(can_focus=False, id="shift-scroll"):
            yield SafeStatic(id="shift-facts")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.retranslate()

    def retranslate(self) -> None:
        """The words that stand by themselves, in the language in use."""
        self.query_one("#top", SafeStatic).show(_("Shift at till {till}").format(till=self.counter.desk.till_code))
        self._load()

    def _told(self, text: str) -> None:
        self.counter.done(text)
        self._load()

    def _load(self) -> None:
        self.counter.load(self._read, self._show, group="shift-screen")

    def _read(self) -> Seen:
        desk = self.counter.desk
        refused = desk.see(shifts.refused_shift, cashier_id=self.counter.me.user_id)
        mine = refused if refused is not None and refused.till_code == desk.till_code else None
        shift = mine or self.counter.shift_now() or desk.see(shifts.last_shift, till_code=desk.till_code)
        papers = desk.see(open_papers, till_code=desk.till_code)
        if shift is None:
            return None, None, [], papers
        taken = desk.see(shifts.taken, shift_id=shift.shift_id)
        return shift, taken, desk.see(shifts.moves, shift_id=shift.shift_id), papers

    def _show(self, found: Seen) -> None:
        self.shift, taken, moves, papers = found
        facts = self.query_one("#shift-facts", SafeStatic)
        if self.shift is None or taken is None:
            nothing = _("  No shift was opened at this till yet.")
            facts.show(as_set("", nothing, "", _("  F2 opens one: count the float and save it.")))
            return
        facts.show(as_set("", *shift_lines(self.shift, taken, moves), *paper_lines(papers)))

    # --- acts ---------------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """The till's checklist first, where today's is not signed yet; nobody counts a float that cannot be opened."""
        desk, me = self.counter.desk, self.counter.me
        day = local_day(desk.clock.now())

        def checklist() -> queue.Checklist:
            desk.see(shifts.may_open, till_code=desk.till_code, cashier_id=me.user_id)
            return desk.see(queue.checklist, till_code=desk.till_code, day=day)

        self.counter.ask(checklist, self._checked)

    def _checked(self, found: queue.Checklist) -> None:
        if found.is_signed or not found.items:
            self._ask_float()
        else:
            self.app.push_screen(ChecklistScreen(), lambda go_on: self._ask_float() if go_on else None)

    def _ask_float(self) -> None:
        shift_id = new_id()
        notes = Notes(
            _("Open a shift: count the float"),
            _("How many of each note are in the drawer?"),
            question=_("Open the shift with this float?"),
        )
        self.app.push_screen(notes, lambda count: self._open(shift_id, count) if count is not None else None)

    def _open(self, shift_id: UUID, count: dict[int, int]) -> None:
        desk, me = self.counter.desk, self.counter.me
        self.counter.money(
            lambda: desk.do(
                shifts.open_shift, shift_id=shift_id, till_code=desk.till_code, cashier_id=me.user_id, notes=count
            ),
            self._opened,
        )

    def _opened(self, shift: ShiftFacts) -> None:
        self.app.pop_screen()
        self.counter.done(_("The shift is open with {amount}.").format(amount=shift.float_amount))

    def action_drop(self) -> None:
        move_id = new_id()

        def given(amount: Dong) -> None:
            self._ask_why(amount, lambda why: self._move(move_id, CashMoveKind.SAFE_DROP, amount, why, None))

        self._ask_amount(_("How much goes to the safe?"), given)

    def action_change(self) -> None:
        """The safe is opened by a supervisor, who says yes to this amount and this reason."""
        self._ask_amount(_("How much change comes from the safe?"), self._ask_change)

    def _ask_change(self, amount: Dong) -> None:
        """Only what the safe holds is asked for; who asked before has given the reason."""
        shift, desk, move_id = self.shift, self.counter.desk, new_id()
        assert shift is not None
        act = {"act": ApprovalAct.FROM_SAFE, "subject": str(shift.shift_id), "amount": amount}

        def may() -> approvals.Request | None:
            desk.see(shifts.may_take_from_safe, amount=amount)
            return desk.see(approvals.standing, by=shift.cashier_id, now=desk.clock.now(), **act)  # type: ignore[arg-type]

        def why(reason: str) -> None:
            what = _("{amount} from the safe into the drawer of {name}").format(amount=amount, name=shift.cashier)
            second = SecondPerson(**act, reason=reason, what=what)  # type: ignore[arg-type]
            kind = CashMoveKind.CHANGE_FROM_SAFE
            self.app.push_screen(second, lambda word: self._move(move_id, kind, amount, reason, word) if word else None)

        self.counter.ask(may, lambda before: why(before.reason) if before else self._ask_why(amount, why))

    def _ask_amount(self, title: str, then: Callable[[Dong], None]) -> None:
        if self._mine() is None:
            return

        def typed(text: str | None) -> None:
            if not text:
                return
            try:
                amount = read_dong(text)
            except Refused as refused:
                self.counter.refuse(refused)
                return
            then(amount)

        self.app.push_screen(Ask(title, field=MoneyInput()), typed)

    def _ask_why(self, amount: Dong, then: Callable[[str], None]) -> None:
        field = LineInput(max_length=200)
        self.app.push_screen(Ask(_("Why?"), str(amount), field=field), lambda why: then(why) if why else None)

    def _move(self, move_id: UUID, kind: CashMoveKind, amount: Dong, reason: str, word: UUID | None) -> None:
        shift, me = self.shift, self.counter.me
        assert shift is not None
        self.counter.money(
            lambda: self.counter.desk.do(
                shifts.move_cash,
                move_id=move_id,
                shift_id=shift.shift_id,
                kind=kind,
                amount=amount,
                reason=reason,
                by=me.user_id,
                approval_id=word,
            ),
            lambda line: self._told(_("{amount} moved.").format(amount=line.amount)),
        )

    def action_count(self) -> None:
        """Nobody counts what cannot be saved."""
        shift = self._mine()
        if shift is not None:
            may = lambda: self.counter.desk.see(shifts.may_count, shift_id=shift.shift_id)  # noqa: E731
            self.counter.ask(may, lambda _none: self._ask_count())

    def _ask_count(self) -> None:
        count_id = new_id()
        notes = Notes(
            _("Count the drawer"),
            _("Count without looking at any figure; what should be there is shown after."),
            question=_("Save this count?"),
        )
        self.app.push_screen(notes, lambda count: self._count(count_id, count) if count is not None else None)

    def _count(self, count_id: UUID, count: dict[int, int]) -> None:
        shift, me = self.shift, self.counter.me
        assert shift is not None
        self.counter.money(
            lambda: self.counter.desk.do(
                shifts.count_drawer, count_id=count_id, shift_id=shift.shift_id, notes=count, by=me.user_id
            ),
            self._counted,
        )

    def _counted(self, shift: ShiftFacts) -> None:
        self.counter.done(_("Counted {amount}. F6 hands over.").format(amount=shift.counted))
        self._load()

    def action_hand_over(self) -> None:
        """A difference is given its reason; a large one a supervisor's word."""
        shift = self._mine()
        if shift is None:
            return
        difference, desk = shift.difference, self.counter.desk
        if not difference:
            self._hand_over("", None)
            return
        act = {"act": ApprovalAct.DIFFERENCE, "subject": str(shift.shift_id), "amount": difference}

        def asks() -> Asked:
            before = desk.see(approvals.standing, by=shift.cashier_id, now=desk.clock.now(), **act)  # type: ignore[arg-type]
            return desk.see(shifts.needs_word, difference=difference), before

        self.counter.ask(asks, lambda asked: self._explain(difference, act, asked))

    def _explain(self, difference: Dong, act: dict[str, Any], asked: Asked) -> None:
        """Why; and above the office's limit the supervisor's word. Who asked before has given the reason."""
        needs_word, before = asked

        def explained(reason: str | None) -> None:
            if not reason:
                return
            if not needs_word:
                self._hand_over(reason, None)
                return
            second = SecondPerson(**act, reason=reason, what=difference_line(difference))
            self.app.push_screen(second, lambda word: self._hand_over(reason, word) if word else None)

        if before is not None:
            explained(before.reason)
            return
        field = LineInput(placeholder=_("for example: small coins missing"), max_length=200)
        self.app.push_screen(Ask(difference_line(difference), _("Why is there a difference?"), field=field), explained)

    def _hand_over(self, reason: str, word: UUID | None) -> None:
        shift, me = self.shift, self.counter.me
        assert shift is not None
        self.counter.money(
            lambda: self.counter.desk.do(
                shifts.hand_over, shift_id=shift.shift_id, reason=reason, by=me.user_id, approval_id=word
            ),
            lambda _done: self._told(_("Handed over. A supervisor accepts it on their screen.")),
        )

    def action_report(self) -> None:
        shift, desk, job_id = self.shift, self.counter.desk, new_id()
        if shift is None:
            return
        report = {"kind": JobKind.SHIFT_REPORT, "subject": shift.shift_id, "till_code": desk.till_code, "job_id": job_id}

        def queued(_job: object) -> None:
            self.counter.wake_printer()
            self.counter.done(_("The report goes to the printer."))

        self.counter.money(lambda: desk.do(spool.queue_again, **report), queued)  # type: ignore[arg-type]

    def _mine(self) -> ShiftFacts | None:
        if self.shift is None or self.shift.state not in (*shifts.LIVE, ShiftState.REFUSED):
            self.counter.refuse(NoOpenShift())
        elif self.shift.cashier_id != self.counter.me.user_id:
            self.counter.refuse(NotYourShift(name=self.shift.cashier))
        else:
            return self.shift
        return None

    def action_back(self) -> None:
        self.app.pop_screen()
