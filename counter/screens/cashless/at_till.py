"""The till's side of paying without cash: which way, what is on its way, and what came while somebody else is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from uuid import UUID

from textual.binding import Binding
from textual.screen import Screen

from counter.bills import BillLine
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong, total
from counter.payments import NothingToPay, OlderBillFirst, Receipt, order_subject, qr
from counter.payments.qr import Intent
from counter.screens.cashless.words import state_words, waits_for_cash
from counter.screens.till_lines import order_reason
from counter.screens.widgets import Choice, Menu
from counter.shifts import NoOpenShift, ShiftFacts
from db.states import ApprovalAct, IntentState, Method

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

LOOK_SECONDS: Final = 2.0
TRANSFER, PART_CASH, CARD, WALLET, ON_THE_WAY = "transfer", "part", "card", "wallet", "list"


class CashlessAtTill(Screen[None]):
    """Ctrl+T at the till."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+t", "cashless", N_("Without cash"), id="till.cashless", priority=True),
    ]
    shift: ShiftFacts | None
    approval_id: UUID | None
    _waiting: dict[UUID, Intent]
    """Transfers of this till that nobody looks at: told of when they are there."""

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def _basket(self) -> list[BillLine]:
        raise LookupError("the till says what is chosen")

    def hand_out(self, receipt: Receipt) -> None:
        """The till shows the receipt."""

    def on_mount(self) -> None:
        """Besides what the till does then."""
        self._waiting = {}
        self.set_interval(LOOK_SECONDS, self._look_after)

    # --- which way ----------------------------------------------------------------------------------------------------

    def action_cashless(self) -> None:
        """With bills chosen: how they are paid. Without: the transfers that are on their way."""
        if self.shift is None:
            self.counter.refuse(NoOpenShift())
            return
        basket = self._basket()
        if not basket:
            self._list()
            return
        choices = [
            Choice("enter", N_("Bank transfer by QR code"), TRANSFER),
            Choice("2", N_("Part in cash, the rest by transfer"), PART_CASH),
            Choice("3", N_("Card (slip of a card terminal)"), CARD),
            Choice("4", N_("E-wallet"), WALLET),
            Choice("5", N_("Transfers on their way"), ON_THE_WAY),
        ]
        due = total(bill.amount for bill in basket)
        title = _("Without cash: {due}").format(due=due)
        self.app.push_screen(Menu(title, choices=choices), lambda way: self._go(way, basket) if way else None)

    def _go(self, way: str, basket: list[BillLine]) -> None:
        if way == TRANSFER:
            self._ask_transfer(basket, Dong(), new_id())
        elif way == PART_CASH:
            from counter.screens.cashless.by_hand import AskMoney

            words = _("How much does the customer pay in cash? It is taken after the transfer came.")
            ask = AskMoney(_("Part in cash, the rest by transfer"), words)
            self.app.push_screen(ask, lambda part: self._part(basket, part))
        elif way == ON_THE_WAY:
            self._list()
        else:
            self._slip(basket, Method.CARD if way == CARD else Method.WALLET)

    def _slip(self, basket: list[BillLine], method: Method) -> None:
        from counter.screens.cashless.slip import SlipScreen

        assert self.shift is not None
        screen = SlipScreen(basket, self.shift, method, self.approval_id)
        self.app.push_screen(screen, lambda receipt: self.hand_out(receipt) if receipt else None)

    # --- a transfer ---------------------------------------------------------------------------------------------------

    def _part(self, basket: list[BillLine], part: Dong | None) -> None:
        if part is not None:
            self._ask_transfer(basket, part, new_id())

    def _ask_transfer(self, basket: list[BillLine], cash_part: Dong, intent_id: UUID) -> None:
        assert self.shift is not None
        facts: dict[str, Any] = {
            "intent_id": intent_id,
            "bill_ids": [bill.bill_id for bill in basket],
            "shift_id": self.shift.shift_id,
            "by": self.counter.me.user_id,
            "minutes": self.counter.home.settings.qr_minutes,
            "cash_part": cash_part,
            "approval_id": self.approval_id,
        }

        def ask() -> Intent | Refused:
            try:
                if not basket:
                    raise NothingToPay
                return self.counter.desk.do(qr.open_intent, **facts)
            except OlderBillFirst as refused:
                return refused

        self.counter.money(ask, lambda found: self._asked(found, basket, cash_part, intent_id))

    def _asked(self, found: Intent | Refused, basket: list[BillLine], cash_part: Dong, intent_id: UUID) -> None:
        if isinstance(found, Intent):
            self.show_transfer(found)
        elif isinstance(found, OlderBillFirst):
            self._ask_for_newer(found, basket, lambda: self._ask_transfer(basket, cash_part, intent_id))

    def _ask_for_newer(self, refused: OlderBillFirst, basket: list[BillLine], again: Any) -> None:
        from counter.screens.second import SecondPerson

        second = SecondPerson(
            act=ApprovalAct.OUT_OF_ORDER,
            subject=order_subject([bill.bill_id for bill in basket]),
            amount=total(bill.amount for bill in basket),
            reason=order_reason(basket, refused),
            what=f"{refused.why_text()}\n{refused.todo_text()}",
        )

        def answered(approval_id: UUID | None) -> None:
            if approval_id is not None:
                self.approval_id = approval_id
                again()

        self.app.push_screen(second, answered)

    def show_transfer(self, shown: Intent) -> None:
        """Its own screen, until the money is there or the person leaves it on its way."""
        from counter.screens.cashless.transfer import TransferScreen

        assert self.shift is not None
        self._waiting.pop(shown.intent_id, None)
        self.app.push_screen(TransferScreen(shown, self.shift), lambda receipt: self._left(shown, receipt))

    def _left(self, shown: Intent, receipt: Receipt | None) -> None:
        if receipt is not None:
            self.hand_out(receipt)
        else:
            self._waiting[shown.intent_id] = shown

    def tell_transfers(self, bills: Sequence[BillLine]) -> None:
        """Bills that somebody pays by transfer just now, at whatever till: cash for them would make the transfer surplus."""
        desk, wanted = self.counter.desk, [bill.bill_id for bill in bills]
        if wanted:
            look = lambda: desk.see(qr.intents_of_bills, bill_ids=wanted)  # noqa: E731
            self.counter.look(look, self._told_transfers, group="transferred")

    def _told_transfers(self, found: dict[str, str]) -> None:
        if found:
            tills = ", ".join(sorted(set(found.values())))
            words = _("{n} of these bills are just being paid by transfer at {tills}: ask before you take cash.")
            self.counter.warn(words.format(n=len(found), tills=tills))

    # --- on their way -------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        desk = self.counter.desk
        self.counter.ask(lambda: desk.see(qr.intents_at_till, till_code=desk.till_code), self._show_list)

    def _show_list(self, found: list[Intent]) -> None:
        if not found:
            self.counter.inform(_("No transfer is on its way. Choose bills first, then ^T."))
            return
        keys = "123456789"
        choices = [
            Choice(keys[place], f"{one.code} · {one.amount} · {one.name_masked} · {state_words(one)}", one)
            for place, one in enumerate(found[: len(keys)])
        ]
        menu: Menu[Intent] = Menu(_("Transfers on their way"), choices=choices)
        self.app.push_screen(menu, lambda one: self.show_transfer(one) if one else None)

    def _look_after(self) -> None:
        """What was left on its way: said when it is there, wherever the person is by then."""
        if not self._waiting or self.app.screen is not self:
            return
        desk, wanted = self.counter.desk, list(self._waiting)

        def read() -> list[Intent]:
            return [desk.see(qr.intent, intent_id=intent_id) for intent_id in wanted]

        self.counter.look(read, self._looked, group="transfers")

    def _looked(self, found: list[Intent]) -> None:
        for one in found:
            if one.payment_id is not None:
                self._waiting.pop(one.intent_id, None)
                self.counter.done(
                    _("{amount} of {name} came: receipt {number}").format(
                        amount=one.amount, name=one.name_masked, number=one.number
                    )
                )
                self.counter.wake_printer()
            elif waits_for_cash(one):
                self._waiting.pop(one.intent_id, None)
                self.counter.warn(_("The transfer {code} came: ^T, then take its cash.").format(code=one.code))
            elif one.state in (IntentState.CANCELLED, IntentState.EXPIRED):
                self._waiting.pop(one.intent_id, None)
