"""A transfer at the till: its code large on the screen, the time it has left, and the receipt when the bank says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from counter import payments, print_jobs
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong
from counter.payments import Receipt, qr
from counter.payments.qr import Intent
from counter.screens.cashless.by_hand import AskMoney, ByHand
from counter.screens.cashless.words import bank_words, left_words, state_words, waits_for_cash
from counter.screens.second import SecondPerson
from counter.screens.widgets import Confirm, KeyBar, NoticeLine, SafeStatic
from counter.screens.widgets.qr import QrView
from counter.shifts import ShiftFacts
from db.states import ApprovalAct, IntentState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

LOOK_SECONDS: Final = 1.0


class TransferScreen(Screen[Receipt | None]):
    """Answers the receipt once the money is there; None when the person left: the transfer goes on without the screen."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f4", "slip", N_("Slip"), id="transfer.slip", priority=True),
        Binding("f5", "cash", N_("Take the cash"), id="transfer.cash", priority=True),
        Binding("f6", "by_hand", N_("By hand"), id="transfer.by_hand", priority=True),
        Binding("f8", "give_up", N_("Give up"), id="transfer.give_up", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    def __init__(self, shown: Intent, shift: ShiftFacts) -> None:
        super().__init__()
        self.shown = shown
        self.shift = shift
        self.payment_id: UUID = new_id()
        self.slip_id: UUID = new_id()
        self._is_over = False

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        with Horizontal(id="transfer"):
            yield QrView(id="transfer-code")
            with Vertical(id="transfer-facts"):
                yield SafeStatic(id="transfer-amount")
                yield SafeStatic(id="transfer-lines")
                yield SafeStatic(id="transfer-state")
                yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._draw()
        self.set_interval(LOOK_SECONDS, self._look)

    def retranslate(self) -> None:
        """In the language in use."""
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Cash only when the transfer is there; by hand and giving up only while it is waited for."""
        if action == "cash":
            return waits_for_cash(self.shown)
        if action == "by_hand":
            return self.shown.state in (IntentState.SHOWN, IntentState.EXPIRED)
        if action in ("give_up", "slip"):
            return self.shown.is_open
        return True

    # --- seeing -------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Once a second; a code whose time is over is given up by whoever sees it first."""
        desk, intent_id, was = self.counter.desk, self.shown.intent_id, self.shown

        def read() -> tuple[Intent, Receipt | None]:
            if was.state is IntentState.SHOWN and desk.clock.now() > was.expires_at:
                desk.do(qr.expire_intents)
            shown = desk.see(qr.intent, intent_id=intent_id)
            return shown, desk.see(payments.receipt, payment_id=shown.payment_id) if shown.payment_id else None

        self.counter.look(read, self._seen, group="transfer")

    def _seen(self, found: tuple[Intent, Receipt | None]) -> None:
        """A look that was under way when the person left is nobody's any more: the screen may be half gone."""
        if self._is_over:
            return
        self.shown, receipt = found
        if receipt is not None:
            self._finish(receipt)
        else:
            self._draw()

    def _finish(self, receipt: Receipt) -> None:
        self.counter.wake_printer()
        self._leave(receipt)

    def _leave(self, receipt: Receipt | None) -> None:
        """Once: a second result, of a look or of a key, finds nobody here."""
        if not self._is_over:
            self._is_over = True
            self.dismiss(receipt)

    def _draw(self) -> None:
        shown, now = self.shown, self.counter.desk.clock.now()
        is_waited_for = shown.is_open and bool(shown.missing)
        words = _("This window is too small for the code: F4 prints it.") if is_waited_for else state_words(shown)
        self.query_one(QrView).show(shown.small_payload if is_waited_for else "", instead=words)
        self.query_one("#transfer-amount", SafeStatic).show(str(shown.asked_now or shown.amount))
        self.query_one("#transfer-lines", SafeStatic).show(*transfer_lines(shown))
        left = left_words(shown, now=now)
        self.query_one("#transfer-state", SafeStatic).show(state_words(shown), *([left] if left else []))
        self.refresh_bindings()

    # --- doing --------------------------------------------------------------------------------------------------------

    def action_slip(self) -> None:
        """The code on paper, for whoever cannot scan the screen."""
        desk, slip_id = self.counter.desk, self.slip_id
        self.slip_id = new_id()
        self.counter.money(
            lambda: desk.do(print_jobs.queue_transfer_slip, intent_id=self.shown.intent_id, job_id=slip_id),
            lambda _job: self._slip_comes(),
        )

    def _slip_comes(self) -> None:
        self.counter.done(_("The slip with the code is printed."))
        self.counter.wake_printer()

    def action_give_up(self) -> None:
        body = _("What comes later is still taken in; what came already becomes surplus.")
        self.app.push_screen(
            Confirm(_("Give the transfer up?"), self.shown.code, body, yes=N_("Give up")),
            lambda yes: self._give_up() if yes else None,
        )

    def _give_up(self) -> None:
        desk, by = self.counter.desk, self.counter.me.user_id
        self.counter.money(
            lambda: desk.do(qr.cancel_intent, intent_id=self.shown.intent_id, by=by), lambda _gone: self._leave(None)
        )

    def action_by_hand(self) -> None:
        """The customer's app says it is done and the bank is silent: a reference, the cash part, a second person."""
        self.app.push_screen(ByHand(self.shown), self._ask_second)

    def _ask_second(self, told: tuple[str, Dong] | None) -> None:
        if told is None:
            return
        reference, tendered = told
        what = _("The bank has not told of this transfer. The customer's app shows it: reference {reference}.")
        second = SecondPerson(
            act=ApprovalAct.QR_BY_HAND,
            subject=self.shown.code,
            amount=self.shown.amount,
            reason=reference,
            what=what.format(reference=reference),
        )
        self.app.push_screen(second, lambda word: self._believe(reference, tendered, word) if word else None)

    def _believe(self, reference: str, tendered: Dong, approval_id: UUID) -> None:
        self._pay(
            lambda: self.counter.desk.do(
                qr.confirm_by_hand,
                payment_id=self.payment_id,
                intent_id=self.shown.intent_id,
                reference=reference,
                shift_id=self.shift.shift_id,
                by=self.counter.me.user_id,
                approval_id=approval_id,
                tendered=tendered,
            )
        )

    def action_cash(self) -> None:
        """The rest, now that the transfer is there."""
        due = self.shown.cash_part
        words = _("Cash for {cash} (Enter = exact)").format(cash=due)
        self.app.push_screen(AskMoney(_("The transfer is there; now the cash"), words, due=due), self._take_cash)

    def _take_cash(self, tendered: Dong | None) -> None:
        if tendered is None:
            return
        self._pay(
            lambda: self.counter.desk.do(
                qr.finish_in_cash,
                payment_id=self.payment_id,
                intent_id=self.shown.intent_id,
                tendered=tendered,
                shift_id=self.shift.shift_id,
                by=self.counter.me.user_id,
            )
        )

    def _pay(self, act: Any) -> None:
        self.counter.money(act, self._paid, self._not_paid)

    def _paid(self, receipt: Receipt) -> None:
        self._finish(receipt)

    def _not_paid(self, refused: Refused) -> None:
        self.payment_id = new_id()
        self.counter.refuse(refused)
        self._look()

    def action_back(self) -> None:
        self._leave(None)


def transfer_lines(shown: Intent) -> list[str]:
    """Whose money, where to, with which words; what came already."""
    came = [_("Came: {received}").format(received=shown.received)] if shown.received and shown.missing else []
    cash = [_("And in cash: {cash}").format(cash=shown.cash_part)] if shown.cash_part else []
    return [
        bank_words(shown),
        shown.holder,
        _("Content: {memo}").format(memo=shown.memo),
        "",
        shown.name_masked,
        _("Bills: {bills}").format(bills=len(shown.bill_ids)),
        *cash,
        *came,
        "",
    ]
