"""The shift's receipts: look at one as it is on paper, print a copy, take it back with a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen

from counter import payments
from counter.clock import LOCAL
from counter.ids import new_id
from counter.locale import N_, _
from counter.papers import receipt_paper
from counter.payments import Receipt, ReceiptLineShort
from counter.printing import as_text
from counter.screens.second import SecondPerson
from counter.screens.widgets import Ask, Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic, as_set
from counter.shifts import NoOpenShift, ShiftFacts
from counter.words import said
from db.states import ApprovalAct

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class ReceiptsScreen(Screen[None]):
    """Newest first."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "open", N_("Show"), id="receipts.open"),
        Binding("f5", "reprint", N_("Print a copy"), id="receipts.reprint", priority=True),
        Binding("f8", "reverse", N_("Reverse"), id="receipts.reverse", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.shift: ShiftFacts | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Receipts of this shift"), id="top")
        yield RowList(
            Column(N_("Time"), width=5),
            Column(N_("Number"), width=21),
            Column(N_("Kind"), width=13),
            Column(N_("Customer"), flex=1),
            Column(N_("Amount"), width=16, align="right"),
            cells=self._cells,
            tone=lambda line: "muted" if line.reversed_by else "",
            empty=_("No receipt yet in this shift."),
            id="receipts",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    def _load(self) -> None:
        self.counter.look(self._read, self._show, group="receipts")

    def _read(self) -> tuple[ShiftFacts | None, list[ReceiptLineShort]]:
        desk = self.counter.desk
        shift = self.counter.shift_now()
        return shift, desk.see(payments.receipts_of_shift, shift_id=shift.shift_id) if shift else []

    def _show(self, found: tuple[ShiftFacts | None, list[ReceiptLineShort]]) -> None:
        self.shift, lines = found
        rows = self.query_one("#receipts", RowList)
        rows.show(lines, cursor=rows.cursor)

    def _cells(self, line: ReceiptLineShort) -> Sequence[Any]:
        kind = str(said(line.kind)) if not line.reversed_by else _("reversed")
        return (line.taken_at.astimezone(LOCAL).strftime("%H:%M"), line.number, kind, line.customer, line.amount)

    @property
    def _current(self) -> ReceiptLineShort | None:
        current: ReceiptLineShort | None = self.query_one("#receipts", RowList).current
        return current

    def action_move(self, step: int) -> None:
        self.query_one("#receipts", RowList).move(step)

    def action_page(self, step: int) -> None:
        self.query_one("#receipts", RowList).page(step)

    def action_open(self) -> None:
        line = self._current
        if line is None:
            return
        desk, settings = self.counter.desk, self.counter.home.settings
        self.counter.ask(
            lambda: as_text(desk.see(receipt_paper, payment_id=line.payment_id, settings=settings)),
            lambda text: self.app.push_screen(Preview(text)),
        )

    def action_reprint(self) -> None:
        line = self._current
        if line is None:
            return
        desk, me = self.counter.desk, self.counter.me

        def copied(receipt: Receipt) -> None:
            self.counter.wake_printer()
            self.counter.done(_("Copy {n} of {number}.").format(n=receipt.copies, number=receipt.number))

        self.counter.money(lambda: desk.do(payments.reprint, payment_id=line.payment_id, by=me.user_id), copied)

    def action_reverse(self) -> None:
        line = self._current
        if line is None:
            return
        if self.shift is None:
            self.counter.refuse(NoOpenShift())
            return
        field = LineInput(placeholder=_("for example: wrong customer"), max_length=200)
        title = _("Reverse {number}, {amount}: why?").format(number=line.number, amount=line.amount)
        self.app.push_screen(Ask(title, field=field), lambda reason: self._ask_second(line, reason) if reason else None)

    def _ask_second(self, line: ReceiptLineShort, reason: str) -> None:
        what = _("Take back {number}: give {amount} back to the customer.").format(number=line.number, amount=line.amount)
        second = SecondPerson(act=ApprovalAct.REVERSE, subject=line.number, amount=line.amount, reason=reason, what=what)
        reversal_id = new_id()
        self.app.push_screen(second, lambda word: self._reverse(line, reason, reversal_id, word) if word else None)

    def _reverse(self, line: ReceiptLineShort, reason: str, reversal_id: UUID, word: UUID) -> None:
        assert self.shift is not None
        desk, me, shift_id = self.counter.desk, self.counter.me, self.shift.shift_id

        def reverse() -> Receipt:
            return desk.do(
                payments.reverse,
                reversal_id=reversal_id,
                payment_id=line.payment_id,
                reason=reason,
                shift_id=shift_id,
                by=me.user_id,
                approval_id=word,
            )

        def reversed_(back: Receipt) -> None:
            self.counter.done(
                _("Reversed. Give back {amount}. Receipt {number}.").format(amount=back.due, number=back.number)
            )
            self.counter.wake_printer()
            self._load()

        self.counter.money(reverse, reversed_)

    def action_back(self) -> None:
        self.app.pop_screen()


class Preview(ModalScreen[None]):
    """A paper as text."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("enter,f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box paper", can_focus=False):
            yield SafeStatic(as_set(self._text.rstrip()), id="paper")
        yield KeyBar()

    def action_scroll(self, step: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=step * 3, animate=False)

    def action_back(self) -> None:
        self.dismiss(None)
