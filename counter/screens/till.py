"""The till: find, choose bills, tender, change, receipt, and back to an empty search; hands never leave the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input

from counter import payments
from counter.bills import BillLine, CustomerLine, Owed, unpaid_bills
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong, total
from counter.payments import NothingToPay, OlderBillFirst, Receipt
from counter.payments.rules import change_due
from counter.screens.basket import Basket
from counter.screens.cashless.at_till import CashlessAtTill
from counter.screens.finder import Finder
from counter.screens.queue.till_line import QueueLine, called_lines
from counter.screens.second import SecondPerson
from counter.screens.till_lines import back_words, confirm_lines, notes_line, order_reason, taken_lines
from counter.screens.widgets import (
    Column,
    Confirm,
    KeyBar,
    NoticeLine,
    PaperSign,
    SafeStatic,
    TickList,
    Words,
    as_set,
)
from counter.shifts import NoOpenShift, ShiftFacts, notes_missing
from db.states import ApprovalAct, PaymentKind

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class TillScreen(CashlessAtTill):
    """The whole loop of taking money."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "find", N_("Find"), id="till.find", priority=True),
        Binding("f3", "receipts", N_("Receipts"), id="till.receipts", priority=True),
        Binding("f4", "tick", N_("Tick"), id="till.tick", priority=True),
        Binding("f5", "advance", N_("Advance"), id="till.advance", priority=True),
        Binding("f6", "shift", N_("Shift"), id="till.shift", priority=True),
        Binding("f7", "next_ticket", N_("Next"), id="till.next", priority=True),
        Binding("f8", "clear", N_("Clear"), id="till.clear", priority=True),
        Binding("f9", "queue", N_("Queue"), id="till.queue", priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
        Binding("escape", "leave_list", N_("Leave the list"), id="till.leave_list", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.payment_id: UUID = new_id()
        self.shift: ShiftFacts | None = None
        self.approval_id: UUID | None = None
        self.missing: frozenset[int] = frozenset()
        """Notes the drawer cannot hold."""
        self._hints = True
        """The middle of the screen says how to begin; nothing else was put there since."""
        self.customer: CustomerLine | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def finder(self) -> Finder:
        return self.query_one(Finder)

    @property
    def basket(self) -> Basket:
        return self.query_one(Basket)

    @property
    def bills(self) -> TickList[BillLine]:
        return self.query_one("#bills", TickList)

    def compose(self) -> ComposeResult:
        with Horizontal(id="top-bar"):
            yield SafeStatic(id="top")
            yield PaperSign()
        yield QueueLine(id="queue-line")
        yield Finder(
            SafeStatic(id="welcome"),
            TickList(
                Column(N_("Period"), width=11),
                Column(N_("Bill"), width=19),
                Column(N_("Customer"), flex=1),
                Column(N_("Code"), width=13, from_width=100),
                Column(N_("Amount"), width=16, align="right"),
                cells=self._bill_cells,
                empty=N_("Nothing is owed. F5 takes an advance, F2 finds another customer."),
                id="bills",
            ),
            start="welcome",
            placeholder=N_("Code, name, phone, meter, address; or scan a bill"),
        )
        yield Basket(id="basket")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._start_over()
        self.retranslate()

    def on_screen_resume(self) -> None:
        self._refresh_shift()
        self.counter.show_paper_sign()

    # --- finding ------------------------------------------------------------------------------------------------------

    @on(Finder.Blank)
    def go_on(self) -> None:
        """Enter on an empty box: to the money, where there are bills."""
        if self.bills.items:
            self.basket.tender.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Nobody takes money for bills that are not in sight."""
        if event.widget.id == "tender" and self.bills.items:
            self.finder.show("bills")

    def action_leave_list(self) -> None:
        """Nobody of the list was meant: what it covered is there again."""
        self.finder.clear()
        self.finder.leave_list()
        self.go_on()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is for the list of customers only."""
        return action != "leave_list" or (self.is_mounted and self.finder.is_listing)

    @on(Finder.Chosen)
    def open(self, event: Finder.Chosen) -> None:
        """The customer's bills."""
        customer = event.customer
        self.counter.clear_notice()
        self.counter.ask(
            lambda: self.counter.desk.see(unpaid_bills, customer_code=customer.customer_code),
            lambda owed: self._add_bills(customer, owed),
        )

    def _add_bills(self, customer: CustomerLine, owed: Owed) -> None:
        """The customer's bills join the basket, ticked."""
        found = owed.bills
        rows = self.bills
        held: list[BillLine] = list(rows.items)
        ticked = {bill.bill_id for bill in rows.ticked_items} | {bill.bill_id for bill in found}
        known = {bill.bill_id for bill in held}
        held += [bill for bill in found if bill.bill_id not in known]
        rows.show_ticked(held, ticked=[row for row, bill in enumerate(held) if bill.bill_id in ticked])
        self.customer = customer
        self.finder.clear()
        self.finder.show("bills")
        self._show_due()
        if held:
            self.basket.tender.focus()
        if owed.cases:
            said = _("{name}: CMIS changed {cases} bills after they were paid. F3, then F4: money back.")
            self.counter.inform(said.format(name=customer.name, cases=owed.cases))
        elif not found:
            self.counter.inform(_("{name} owes nothing.").format(name=customer.name))
        elif owed.advance:
            self.counter.inform(_("{name} has {advance} in advance.").format(name=customer.name, advance=owed.advance))

    # --- the queue ----------------------------------------------------------------------------------------------------

    def action_next_ticket(self) -> None:
        """Not over somebody's bills: they would be the next one's."""
        if self.shift is None:
            self.counter.refuse(NoOpenShift())
        elif self.bills.items:
            self.counter.warn(_("Bills are still here: take the money, or F8 clears; then F7 calls the next."))
        else:
            self.query_one(QueueLine).next_ticket()

    def action_queue(self) -> None:
        self.query_one(QueueLine).open_acts(self.action_next_ticket)

    @on(QueueLine.Called)
    def welcome_guest(self, event: QueueLine.Called) -> None:
        """Whoever was called; the bills of a customer who is known are ready, and Enter goes to the money."""
        guest = event.guest
        self._start_over()
        self._say(*called_lines(guest))
        if guest.customer is not None and guest.owed is not None:
            self._add_bills(guest.customer, guest.owed)
            self.finder.take_focus()

    @on(QueueLine.Gone)
    def lose_guest(self, event: QueueLine.Gone) -> None:
        """Their bills go with them."""
        if self.customer is not None and self.customer.customer_code == event.ticket.customer_code:
            self._start_over()

    # --- choosing -----------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self.finder.move(step)

    def action_page(self, step: int) -> None:
        self.finder.page(step)

    def action_tick(self) -> None:
        if self.finder.shown == "bills":
            self.bills.toggle()

    @on(TickList.Ticked)
    def ticked(self) -> None:
        self.approval_id = None
        self._show_due()

    def _basket(self) -> list[BillLine]:
        return self.bills.ticked_items

    def _show_due(self) -> None:
        self.basket.show(self._basket())

    # --- taking -------------------------------------------------------------------------------------------------------

    @on(Input.Submitted, "#tender")
    def tender(self) -> None:
        """Enter alone means the exact amount; then one confirm with the change."""
        basket = self._basket()
        due = total(bill.amount for bill in basket)
        try:
            if not basket:
                raise NothingToPay
            if self.shift is None:
                raise NoOpenShift
            tendered = self.basket.given(due)
            change = change_due(due=due, tendered=tendered)
        except Refused as refused:
            self._not_taken(refused)
            return
        confirm = Confirm(_("Take the money?"), *confirm_lines(basket, tendered=tendered, change=change), yes=N_("Take"))
        self.app.push_screen(confirm, lambda yes: self._take(tendered) if yes else None)

    def _take(self, tendered: Dong) -> None:
        assert self.shift is not None
        bill_ids = [bill.bill_id for bill in self._basket()]
        facts = {
            "payment_id": self.payment_id,
            "bill_ids": bill_ids,
            "tendered": tendered,
            "shift_id": self.shift.shift_id,
            "by": self.counter.me.user_id,
            "approval_id": self.approval_id,
        }

        def take() -> Receipt | OlderBillFirst:
            try:
                return self.counter.desk.do(payments.take_cash, **facts)  # type: ignore[arg-type]
            except OlderBillFirst as refused:
                return refused

        self.counter.money(take, lambda outcome: self._taken(outcome, tendered), self._not_taken)

    def _not_taken(self, refused: Refused) -> None:
        """The amount is typed over: the next digits must not stand behind the refused ones, nor Enter mean the exact sum."""
        self.basket.type_over()
        self.counter.refuse(refused)

    def _taken(self, outcome: Receipt | OlderBillFirst, tendered: Dong) -> None:
        if isinstance(outcome, OlderBillFirst):
            self._ask_for_order(outcome, tendered)
            return
        self.hand_out(outcome)

    def _ask_for_order(self, refused: OlderBillFirst, tendered: Dong) -> None:
        basket = self._basket()
        second = SecondPerson(
            act=ApprovalAct.OUT_OF_ORDER,
            subject=payments.order_subject([bill.bill_id for bill in basket]),
            amount=total(bill.amount for bill in basket),
            reason=order_reason(basket, refused),
            what=f"{refused.why_text()}\n{refused.todo_text()}",
        )

        def answered(approval_id: UUID | None) -> None:
            if approval_id is not None:
                self.approval_id = approval_id
                self._take(tendered)

        self.app.push_screen(second, answered)

    def hand_out(self, receipt: Receipt) -> None:
        """The result in plain sight, the paper after it, and an empty search. An advance leaves chosen bills where they
        are: they are still to be taken."""
        notes = notes_line(receipt.change, missing=self.missing) if receipt.change else ""
        if receipt.kind is PaymentKind.BILLS or not self._basket():
            self._start_over()
            self._say(as_set(*taken_lines(receipt, notes=notes)))
            notes = ""
        self.counter.done("  ".join(filter(None, (f"{receipt.number} · {receipt.due} · {back_words(receipt)}", notes))))
        self.counter.wake_printer()

    def _say(self, *words: Words) -> None:
        """Something else than the hint, in the middle."""
        self._hints = False
        self.query_one("#welcome", SafeStatic).show(*words)

    def _hint(self) -> None:
        """How to begin."""
        begin = _("No shift is open yet: press F6, count the float, begin.")
        hint = _("Type a code, a name or a phone number, or scan a bill.")
        self._say(hint if self.shift else begin)
        self._hints = True

    # --- elsewhere ----------------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        self.finder.take_focus()

    def action_clear(self) -> None:
        """Everything away; nothing of it was taken. Where nothing was begun, only the last receipt goes off the screen."""
        was_begun = bool(self.bills.items or self.finder.box.value or self.basket.tender.value)
        self._start_over()
        self._hint()
        self.counter.clear_notice()
        if was_begun:
            self.counter.inform(_("Cleared. Nothing was taken."))

    def unfinished(self) -> str:
        """For whoever wants to leave."""
        return _("Bills are chosen here; nothing of them is taken.") if self._basket() else ""

    def retranslate(self) -> None:
        """The words that stand by themselves, in the language in use."""
        self.finder.retranslate()
        self.query_one(QueueLine).look()
        self._show_due()
        self._refresh_shift()

    def _start_over(self) -> None:
        self.payment_id, self.approval_id = new_id(), None
        self.customer = None
        self.bills.show_ticked([])
        self.basket.clear()
        self.finder.clear()
        self.finder.show("welcome")
        self._show_due()
        self.finder.take_focus()

    def _refresh_shift(self) -> None:
        def read() -> tuple[ShiftFacts | None, frozenset[int]]:
            shift = self.counter.shift_now()
            return shift, self.counter.desk.see(notes_missing, shift_id=shift.shift_id) if shift else frozenset()

        self.counter.load(read, self._show_shift, group="shift")

    def _show_shift(self, found: tuple[ShiftFacts | None, frozenset[int]]) -> None:
        shift, self.missing = found
        self.shift = shift if shift and shift.cashier_id == self.counter.me.user_id else None
        self.query_one("#top", SafeStatic).show(self.counter.header(self.shift))
        if self._hints:
            self._hint()

    def action_receipts(self) -> None:
        from counter.screens.receipts import ReceiptsScreen

        self.app.push_screen(ReceiptsScreen(self.customer))

    def action_shift(self) -> None:
        from counter.screens.shift import ShiftScreen

        self.app.push_screen(ShiftScreen())

    def action_advance(self) -> None:
        from counter.screens.advance import AdvanceScreen

        if self.customer is None or self.shift is None:
            self.counter.warn(_("Find a customer first, with a shift open; then F5 takes an advance."))
            return
        self.app.push_screen(AdvanceScreen(self.customer, self.shift), lambda done: self.hand_out(done) if done else None)

    def _bill_cells(self, line: BillLine) -> Sequence[Any]:
        return (line.period, line.bill_id, line.customer_name, line.customer_code, line.amount)
