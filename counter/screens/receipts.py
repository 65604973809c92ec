"""Receipts: of this shift, of a customer, by number; look at one as it is on paper, copy it, take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen

from counter import approvals, payments, spool
from counter.approvals import Request
from counter.bills import CustomerLine
from counter.clock import LOCAL
from counter.errors import Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.papers import receipt_paper
from counter.papers.parts import for_mail, write_whole
from counter.payments import Receipt, ReceiptLineShort
from counter.payments.rules import read_receipt_number
from counter.printing import as_text
from counter.screens.finder import Finder
from counter.screens.money_back import MoneyBackScreen
from counter.screens.second import SecondPerson
from counter.screens.widgets import (
    AMOUNT,
    Ask,
    Choice,
    Column,
    Cut,
    KeyBar,
    LineInput,
    Menu,
    NoticeLine,
    RowList,
    SafeStatic,
    as_set,
)
from counter.shifts import NoOpenShift, ShiftFacts
from counter.words import said
from db.states import ApprovalAct

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed: the words above it, how it is read again, and which receipts."""

    title: str
    read: Callable[[], list[ReceiptLineShort]]
    lines: list[ReceiptLineShort]
    shift: ShiftFacts | None


class ReceiptsScreen(Screen[None]):
    """Newest first. The box finds those of a customer, or one by its number."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "open", N_("Show"), id="receipts.open"),
        Binding("f2", "find", N_("Find"), id="receipts.find", priority=True),
        Binding("f3", "this_shift", N_("This shift"), id="receipts.shift", priority=True),
        Binding("f4", "money_back", N_("Money back"), id="receipts.money_back", priority=True),
        Binding("f5", "reprint", N_("Print a copy"), id="receipts.reprint", priority=True),
        Binding("f6", "as_file", N_("As a file"), id="receipts.file", priority=True),
        Binding("f7", "as_form", N_("Form 01-TT, 06-TT"), id="receipts.form", priority=True),
        Binding("f8", "reverse", N_("Reverse"), id="receipts.reverse", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, customer: CustomerLine | None = None) -> None:
        """`customer`: whom the till has found; money back is about them."""
        super().__init__()
        self.customer = customer
        self.shift: ShiftFacts | None = None
        self._listed: Listed | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def finder(self) -> Finder:
        return self.query_one(Finder)

    @property
    def rows(self) -> RowList[ReceiptLineShort]:
        return self.query_one("#receipts", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield Finder(
            RowList(
                Column(N_("Time"), width=5),
                Column(N_("Number"), width=21, from_width=100),
                Column(N_("Number"), width=14, until_width=100, cut=Cut.LEFT),
                Column(N_("Kind"), width=13),
                Column(N_("Customer"), flex=1, cut=Cut.MIDDLE),
                Column(N_("Amount"), width=AMOUNT, align="right"),
                cells=self._cells,
                tone=lambda line: "muted" if line.reversed_by else "",
                empty=N_("No receipt here. A number or a customer above finds others."),
                id="receipts",
            ),
            start="receipts",
            placeholder=N_("Receipt number, or a customer: code, name, phone"),
            is_other=lambda text: read_receipt_number(text, office_id=self.counter.desk.office_id),
        )
        yield NoticeLine()
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An auditor looks."""
        return self.counter.may(action)

    def on_mount(self) -> None:
        self.finder.take_focus()
        self.action_this_shift()

    # --- which receipts -----------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        self.finder.take_focus()

    def action_this_shift(self) -> None:
        desk = self.counter.desk

        def of_shift() -> list[ReceiptLineShort]:
            shift = self.counter.shift_now()
            return desk.see(payments.receipts_of_shift, shift_id=shift.shift_id) if shift else []

        self._list(_("Receipts of this shift"), of_shift)

    @on(Finder.Chosen)
    def of_customer(self, event: Finder.Chosen) -> None:
        """What one customer paid here, whenever and at whichever till."""
        self.counter.clear_notice()
        self.customer = event.customer
        desk, code = self.counter.desk, event.customer.customer_code
        title = _("Receipts of {name} · {code}").format(name=event.customer.name, code=code)
        self._list(title, lambda: desk.see(payments.receipts_of_customer, customer_code=code))

    @on(Finder.Other)
    def by_number(self, event: Finder.Other) -> None:
        """One receipt, by the number on its paper."""
        desk, number = self.counter.desk, event.text
        self._list(_("Receipt {number}").format(number=number), lambda: [desk.see(payments.line_by_number, number=number)])

    def _list(self, title: str, read: Callable[[], list[ReceiptLineShort]]) -> None:
        """Read and show; keys wait, because the next one means what comes."""
        self.counter.ask(lambda: Listed(title, read, read(), self.counter.shift_now()), self._show, self._not_found)

    def _not_found(self, refused: Refused) -> None:
        """What is typed next replaces what named nothing."""
        self.finder.take_focus()
        self.counter.refuse(refused)

    def _load(self) -> None:
        """The same list again, with what happened since."""
        if self._listed is not None:
            self._list(self._listed.title, self._listed.read)

    def _show(self, listed: Listed) -> None:
        """The cursor stays on its receipt, not on its line: others may have come above it."""
        before = self._current
        self._listed, self.shift = listed, listed.shift
        ids = [line.payment_id for line in listed.lines]
        self.rows.show(listed.lines, cursor=ids.index(before.payment_id) if before and before.payment_id in ids else 0)
        self.query_one("#top", SafeStatic).show(listed.title)
        self.finder.clear()
        self.finder.show("receipts")

    def _cells(self, line: ReceiptLineShort) -> Sequence[Any]:
        kind = str(said(line.kind)) if not line.reversed_by else _("reversed")
        who = f"{line.customer} +{line.others}" if line.others else line.customer
        return (self._when(line.taken_at), line.number, line.number, kind, who, line.amount)

    def _when(self, taken_at: datetime) -> str:
        """`14:05` today, `23/11` on another day."""
        local, today = taken_at.astimezone(LOCAL), self.counter.desk.clock.now().astimezone(LOCAL).date()
        return local.strftime("%H:%M" if local.date() == today else "%d/%m")

    @property
    def _current(self) -> ReceiptLineShort | None:
        return self.rows.current

    def action_move(self, step: int) -> None:
        self.finder.move(step)

    def action_page(self, step: int) -> None:
        self.finder.page(step)

    # --- acts ---------------------------------------------------------------------------------------------------------

    @on(Finder.Blank)
    def show_paper(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        line = self._current
        if line is None:
            return
        desk, settings = self.counter.desk, self.counter.home.settings
        self.counter.ask(
            lambda: as_text(desk.see(receipt_paper, payment_id=line.payment_id, settings=settings)),
            lambda text: self.app.push_screen(Preview(text)),
        )

    def action_money_back(self) -> None:
        self.app.push_screen(MoneyBackScreen(self.customer))

    def action_reprint(self) -> None:
        line = self._current
        if line is None:
            return
        if not self.counter.desk.paper.prints:
            self.counter.refuse(spool.NoPrinterHere())
            return
        desk, me = self.counter.desk, self.counter.me

        def copied(receipt: Receipt) -> None:
            self.counter.wake_printer()
            self.counter.done(_("Copy {n} of {number}.").format(n=receipt.copies, number=receipt.number))

        self.counter.money(lambda: desk.do(payments.reprint, payment_id=line.payment_id, by=me.user_id), copied)

    def action_as_file(self) -> None:
        """For a customer who wants it by mail or Zalo."""
        line = self._current
        if line is None:
            return
        desk, home = self.counter.desk, self.counter.home

        def write() -> Path:
            paper = desk.see(receipt_paper, payment_id=line.payment_id, settings=home.settings)
            return for_mail(paper, name=paper.number, folder=home.exports, settings=home.settings)

        self.counter.ask(
            write, lambda path: self.counter.done(_("PDF for mail, PNG for Zalo: {path}").format(path=path.with_suffix("")))
        )

    def action_as_form(self) -> None:
        """The form that the accounts want, as PDF."""
        line = self._current
        if line is not None:
            choices = [Choice("1", N_("Cash voucher 01-TT"), "01-TT"), Choice("2", N_("Money receipt 06-TT"), "06-TT")]
            menu: Menu[str] = Menu(_("Which form?"), line.number, choices=choices)
            self.app.push_screen(menu, lambda form: self._write_form(line, form) if form else None)

    def _write_form(self, line: ReceiptLineShort, form: str) -> None:
        from counter.papers.forms import receipt_form

        desk, home = self.counter.desk, self.counter.home

        def write() -> Path:
            data = desk.see(receipt_form, payment_id=line.payment_id, form=form, settings=home.settings)
            path = home.exports / f"{line.number}-{form}.pdf"
            write_whole(path, data, makes_folder=True)
            return path

        self.counter.ask(write, lambda path: self.counter.done(_("Written to {path}").format(path=path)))

    def action_reverse(self) -> None:
        line = self._current
        if line is None:
            return
        if self.shift is None:
            self.counter.refuse(NoOpenShift())
            return
        desk, me, shift_id = self.counter.desk, self.counter.me, self.shift.shift_id
        asked = {"act": ApprovalAct.REVERSE, "subject": line.number, "amount": line.amount, "by": me.user_id}

        def may() -> Request | None:
            desk.see(payments.reversible, payment_id=line.payment_id, shift_id=shift_id, by=me.user_id)
            return desk.see(approvals.standing, now=desk.clock.now(), **asked)  # type: ignore[arg-type]

        # who asked before has given the reason, and the second person has read it
        self.counter.ask(may, lambda before: self._ask_second(line, before.reason) if before else self._ask_why(line))

    def _ask_why(self, line: ReceiptLineShort) -> None:
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
        Binding("down", "scroll(1)", N_("Scroll"), key_display="↑↓"),
        Binding("up", "scroll(-1)", show=False),
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
