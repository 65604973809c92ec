"""Money back without a receipt to take back: bills CMIS changed after they were paid, and the rest of a customer's advance.

At a till the cashier gives and a supervisor says yes; on a supervisor's screen the cashier whose drawer gives signs there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import approvals, bills, payments, shifts
from counter.approvals import Request
from counter.bills import CaseLine, Change, CustomerLine
from counter.bills.refusals import UnknownCase
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _, translate
from counter.money import Dong
from counter.payments import NothingToRefund, Receipt
from counter.screens.second import SecondPerson, Signer
from counter.screens.widgets import (
    AMOUNT,
    Ask,
    Choice,
    Column,
    Cut,
    Dialog,
    KeyBar,
    LineInput,
    NoticeLine,
    RowList,
    SafeStatic,
    as_set,
)
from counter.shifts import NoDrawerOut, NoOpenShift, ShiftFacts
from counter.words import said
from db.states import ApprovalAct, Role, ShiftState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a customer's advance (đồng)."""

    customer_code: str
    customer_name: str
    too_much: Dong


Row = Rest | CaseLine


@dataclass(frozen=True, slots=True)
class Found:
    """What may be given back, and the drawers that could give it."""

    rows: list[Row]
    drawers: list[ShiftFacts]


class MoneyBackScreen(Screen[None]):
    """The customer's rows at a till, every open case for a supervisor."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "open", N_("Show"), id="back_money.open"),
        Binding("f4", "give", N_("Give back"), id="back_money.give", priority=True),
        Binding("f5", "keep", N_("Keep in advance"), id="back_money.keep", priority=True),
        Binding("f6", "resolve", N_("End in words"), id="back_money.resolve", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, customer: CustomerLine | None = None, *, case_id: UUID | None = None) -> None:
        """`customer`: only theirs, and their advance; `case_id`: the row under the cursor."""
        super().__init__()
        self.customer = customer
        self.case_id = case_id
        self.drawers: list[ShiftFacts] = []

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        whose = self.customer.name if self.customer else _("every customer")
        yield SafeStatic(_("Money back · {whose}").format(whose=whose), id="top")
        yield RowList(
            Column(N_("What"), flex=3, cut=Cut.MIDDLE),
            Column(N_("Code"), width=13),
            Column(N_("Customer"), flex=3, cut=Cut.MIDDLE),
            Column(N_("Bill"), width=18, from_width=100),
            Column(N_("Bill"), width=9, until_width=100, cut=Cut.LEFT),
            Column(N_("Paid"), width=AMOUNT, align="right", from_width=100),
            Column(N_("Too much"), width=AMOUNT, align="right"),
            cells=self._cells,
            empty=_("Nothing is to be given back. For an advance: find the customer at the till first."),
            id="money-back",
        )
        yield NoticeLine()
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An auditor looks."""
        return self.counter.may(action)

    def on_mount(self) -> None:
        self._load()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self.counter.load(self._read, self._show, group="money-back")

    def _read(self) -> Found:
        desk, who = self.counter.desk, self.customer
        out = [one for one in desk.see(shifts.open_shifts) if one.state is ShiftState.OPEN]
        if who is None:
            return Found([*desk.see(bills.open_cases)], out)
        rest = Rest(who.customer_code, who.name, desk.see(payments.advance_balance, customer_code=who.customer_code))
        cases = desk.see(bills.open_cases_of, customer_code=who.customer_code)
        return Found([*([rest] if rest.too_much else []), *cases], out)

    def _show(self, found: Found) -> None:
        self.drawers = found.drawers
        rows = self.query_one("#money-back", RowList)
        wanted = [n for n, row in enumerate(found.rows) if isinstance(row, CaseLine) and row.case_id == self.case_id]
        rows.show(found.rows, cursor=wanted[0] if wanted else rows.cursor)
        self.case_id = None

    def _cells(self, row: Row) -> Sequence[Any]:
        if isinstance(row, Rest):
            return (_("Rest of an advance"), row.customer_code, row.customer_name, "", "", "", row.too_much)
        return (
            str(said(row.kind)),
            row.customer_code,
            row.customer_name,
            row.bill_id,
            row.bill_id,
            row.taken,
            row.too_much,
        )

    @property
    def _current(self) -> Row | None:
        row: Row | None = self.query_one("#money-back", RowList).current
        return row

    def action_move(self, step: int) -> None:
        self.query_one("#money-back", RowList).move(step)

    def action_page(self, step: int) -> None:
        self.query_one("#money-back", RowList).page(step)

    def action_open(self) -> None:
        row = self._current
        if isinstance(row, CaseLine):
            self.counter.ask(
                lambda: self.counter.desk.see(bills.case_changes, case_id=row.case_id),
                lambda changes: self.app.push_screen(Dialog[None](str(said(row.kind)), _told(row, changes), choices=[])),
            )

    # --- giving -------------------------------------------------------------------------------------------------------

    def action_give(self) -> None:
        row = self._to_give()
        if row is None:
            return
        if self.counter.me.role is Role.CASHIER:
            mine = [one for one in self.drawers if one.cashier_id == self.counter.me.user_id]
            self._give_from(row, mine[0]) if mine else self.counter.refuse(NoOpenShift())
        elif len(self.drawers) == 1:
            self._give_from(row, self.drawers[0])
        elif self.drawers:
            keys = [Choice(str(n), f"{one.till_code} · {one.cashier}", one) for n, one in enumerate(self.drawers[:9], 1)]
            dialog: Dialog[ShiftFacts] = Dialog(_("Which drawer gives {amount}?").format(amount=row.too_much), choices=keys)
            self.app.push_screen(dialog, lambda drawer: self._give_from(row, drawer) if drawer else None)
        else:
            self.counter.refuse(NoDrawerOut())

    def _give_from(self, row: Row, drawer: ShiftFacts) -> None:
        title = _("Give {amount} back to {name}: why?").format(amount=row.too_much, name=row.customer_name)
        subject = row.bill_id if isinstance(row, CaseLine) else row.customer_code
        what = _("{amount} from the drawer of {cashier} ({till}) to {name}").format(
            amount=row.too_much, cashier=drawer.cashier, till=drawer.till_code, name=row.customer_name
        )
        facts = {"payment_id": new_id(), "shift_id": drawer.shift_id}

        def give(reason: str, by: UUID, word: UUID) -> Receipt:
            desk, named = self.counter.desk, {**facts, "reason": reason, "by": by, "approval_id": word}
            if isinstance(row, Rest):
                return desk.do(payments.refund_advance, customer_code=row.customer_code, **named)  # type: ignore[arg-type]
            return desk.do(payments.refund_case, case_id=row.case_id, **named)  # type: ignore[arg-type]

        self._with_two(title, ApprovalAct.REFUND, subject, -row.too_much, what, give)

    def action_keep(self) -> None:
        row = self._to_give()
        if row is None:
            return
        if isinstance(row, Rest):
            self.counter.inform(_("This is kept in advance already; it pays coming bills by itself."))
            return
        title = _("Keep {amount} for {name}'s coming bills: why?").format(amount=row.too_much, name=row.customer_name)
        what = _("{amount} becomes the advance of {name}").format(amount=row.too_much, name=row.customer_name)
        payment_id = new_id()

        def keep(reason: str, by: UUID, word: UUID) -> Receipt:
            named = {"payment_id": payment_id, "case_id": row.case_id, "reason": reason, "by": by, "approval_id": word}
            return self.counter.desk.do(payments.keep_case, **named)  # type: ignore[arg-type]

        self._with_two(title, ApprovalAct.KEEP, row.bill_id, row.too_much, what, keep)

    def _to_give(self) -> Row | None:
        row = self._current
        if row is None:
            self.counter.refuse(UnknownCase())
        elif row.too_much <= 0:
            self.counter.refuse(NothingToRefund(customer=row.customer_code))
        else:
            return row
        return None

    def _with_two(
        self,
        title: str,
        act: ApprovalAct,
        subject: str,
        amount: Dong,
        what: str,
        do: Callable[[str, UUID, UUID], Receipt],
    ) -> None:
        """The reason, then the other person; `do` gets the reason, who gives, and the word of who agreed."""

        def asked(reason: str | None) -> None:
            if not reason:
                return
            facts = {"act": act, "subject": subject, "amount": amount, "reason": reason, "what": what}
            if self.counter.me.role is Role.CASHIER:
                me = self.counter.me.user_id
                second = SecondPerson(**facts)  # type: ignore[arg-type]
                self.app.push_screen(second, lambda word: self._do(do, reason, me, word) if word else None)
            else:
                signer = Signer(**facts)  # type: ignore[arg-type]
                self.app.push_screen(
                    signer, lambda word: self._do(do, reason, signer.signed.user_id, word) if word else None
                )

        def why(before: Request | None) -> None:
            asked(before.reason) if before else self.app.push_screen(Ask(title, field=LineInput(max_length=200)), asked)

        self.counter.ask(lambda: self._asked_before(act, subject, amount), why)

    def _asked_before(self, act: ApprovalAct, subject: str, amount: Dong) -> Request | None:
        """What this cashier asked for before: its reason was given, and the second person has read it."""
        desk, me = self.counter.desk, self.counter.me
        if me.role is not Role.CASHIER:
            return None
        facts = {"act": act, "subject": subject, "amount": amount, "by": me.user_id}
        return desk.see(approvals.standing, now=desk.clock.now(), **facts)  # type: ignore[arg-type]

    def _do(self, do: Callable[[str, UUID, UUID], Receipt], reason: str, by: UUID, word: UUID) -> None:
        self.counter.money(lambda: do(reason, by, word), self._given)

    def _given(self, back: Receipt) -> None:
        kept = _("Kept: {amount}. Paper {number}.") if back.shift_id is None else _("Give back {amount}. Paper {number}.")
        self.counter.done(kept.format(amount=back.due, number=back.number))
        self.counter.wake_printer()
        self._load()

    # --- in words -----------------------------------------------------------------------------------------------------

    def action_resolve(self) -> None:
        row, me = self._current, self.counter.me.user_id
        if not isinstance(row, CaseLine):
            self.counter.refuse(UnknownCase())
            return

        def resolve(text: str | None) -> None:
            if text:
                self.counter.money(
                    lambda: self.counter.desk.do(bills.resolve_case, case_id=row.case_id, resolution=text, by=me),
                    lambda _done: self._resolved(),
                )

        title = f"{row.customer_name} · {row.bill_id}"
        self.app.push_screen(Ask(title, _("What was done about it?"), field=LineInput(max_length=200)), resolve)

    def _resolved(self) -> None:
        self.counter.done(_("Recorded."))
        self._load()

    def action_back(self) -> None:
        self.app.pop_screen()


def _told(row: CaseLine, changes: list[Change]) -> Any:
    lines = [
        f"{row.customer_code}  {row.customer_name}",
        _("Bill {bill}, period {period}").format(bill=row.bill_id, period=row.period),
        _("CMIS said so on {day}.").format(day=day_text(local_day(row.opened_at))),
        "",
        _("Paid          {amount:>18}").format(amount=str(row.taken)),
        _("Claimed now   {amount:>18}").format(amount=str(row.claimed)),
        _("Given back    {amount:>18}").format(amount=str(row.given_back)),
        _("Too much      {amount:>18}").format(amount=str(row.too_much)),
    ]
    more = [f"{translate(one.label)}: {one.was} → {one.now}" for one in changes]
    return as_set(*lines, *([""] if more else []), *more)
