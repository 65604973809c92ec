"""The bank's lines that wait for a person: each with what it may be for and why; decided one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding

from counter import banking, reconcile
from counter.bills import BillLine
from counter.clock import day_text
from counter.locale import N_, _
from counter.money import total
from counter.reconcile.proposals import OpenLine, Proposal, Reason, bills_within, open_lines
from counter.screens.bank.words import best_words, proposal_words, why_words
from counter.screens.list_screen import ListScreen
from counter.screens.widgets import (
    AMOUNT,
    Ask,
    Choice,
    Column,
    Confirm,
    KeyBar,
    LineInput,
    Menu,
    NoticeLine,
    RowList,
    SafeStatic,
)
from db.states import BankLineState

MOST_DEEDS: Final = 9
"""Choices with a figure of their own."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be decided about a line: the words of the choice, and what to do."""

    words: str
    do: Callable[[], object]


class BankScreen(ListScreen):
    """Oldest first; Enter decides the line under the cursor."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "decide", N_("Decide"), id="bank.decide"),
        Binding("f2", "match", N_("Match now"), id="bank.match", priority=True),
        Binding("f3", "surplus", N_("Surplus"), id="bank.surplus", priority=True),
        Binding("f4", "unconfirmed", N_("Unconfirmed"), id="bank.unconfirmed", priority=True),
        Binding("f5", "shares", N_("Without cash"), id="bank.shares", priority=True),
        Binding("f6", "statement", N_("Statement"), id="bank.statement", priority=True),
        Binding("f7", "messages", N_("Messages"), id="bank.messages", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    @property
    def rows(self) -> RowList[OpenLine]:
        return self.query_one("#bank-lines", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Lines of the bank that wait for you"), id="top")
        yield RowList(
            Column(N_("Day"), width=10),
            Column(N_("Amount"), width=AMOUNT, align="right"),
            Column(N_("Content"), flex=3),
            Column(N_("Why it waits"), width=14, from_width=100),
            Column(N_("May be for"), flex=2),
            cells=_cells,
            empty=N_("Every line has its place. Well done."),
            id="bank-lines",
        )
        yield SafeStatic(id="bank-line")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.load()

    def on_screen_resume(self) -> None:
        self.load()

    def load(self) -> None:
        """Read again; the cursor stays on its line."""
        self.counter.look(lambda: self.counter.desk.see(open_lines), self._show, group="bank")

    def _show(self, lines: list[OpenLine]) -> None:
        here = self.rows.current.line_id if self.rows.current else None
        ids = [line.line_id for line in lines]
        self.rows.show(lines, cursor=ids.index(here) if here in ids else min(self.rows.cursor, max(len(ids) - 1, 0)))
        self._tell()

    def on_row_list_moved(self) -> None:
        """The whole content of the line under the cursor: in the list it is cut."""
        self._tell()

    def _tell(self) -> None:
        line = self.rows.current
        words = f"{line.memo} · {line.reference} · {line.counterparty}".strip(" ·") if line else ""
        self.query_one("#bank-line", SafeStatic).show(words, f"{why_words(line)} · {line.account}" if line else "")

    # --- deciding -----------------------------------------------------------------------------------------------------

    def action_decide(self) -> None:
        """What the line may be for, the likeliest first; nothing on Enter."""
        line = self.rows.current
        if line is None:
            return
        always = self._always(line)
        deeds = [*self._proposed(line)[: MOST_DEEDS - len(always)], *always]
        choices = [Choice("123456789"[place], deed.words, deed) for place, deed in enumerate(deeds)]
        body = (f"{day_text(line.booked_day)} · {why_words(line)}", line.memo)
        menu: Menu[Deed] = Menu(str(line.amount), *body, choices=choices)
        self.app.push_screen(menu, lambda deed: deed.do() if deed else None)

    def _proposed(self, line: OpenLine) -> list[Deed]:
        found: list[Deed] = []
        for one in line.proposals:
            if one.reason is Reason.HELD_FOR_IT:
                if line.why == reconcile.Why.TOO_MUCH.value:
                    words = _("Settle transfer {code}; the rest is surplus").format(code=one.code)
                    found.append(Deed(words, partial(self._settle_over, one)))
                words = _("Not for transfer {code}").format(code=one.code)
                found.append(Deed(words, partial(self._dismiss, line, one)))
            elif one.reason is Reason.RETURNED:
                found.append(Deed(_("Not for transfer {code}").format(code=one.code), partial(self._dismiss, line, one)))
            elif one.reason is Reason.SAME_AMOUNT:
                found.append(Deed(proposal_words(one), partial(self._assign, line, one)))
            else:
                found.append(Deed(proposal_words(one), partial(self._bills_of, line, one.customer_code)))
        return found

    def _always(self, line: OpenLine) -> list[Deed]:
        if line.state is not BankLineState.NEW:
            return []
        found = [
            Deed(_("Bills of another customer"), partial(self._ask_customer, line)),
            Deed(_("Customers' money, kept as surplus"), partial(self._surplus, line)),
            Deed(_("No customer's money (interest, fee)"), partial(self._not_ours, line)),
        ]
        alike = [one for one in line.proposals if one.reason is Reason.SAME_AMOUNT]
        if alike:
            found.append(Deed(_("For none of these transfers"), partial(self._dismiss, line, *alike)))
        return found

    def _assign(self, line: OpenLine, one: Proposal) -> None:
        facts = {"line_id": line.line_id, "intent_id": one.intent_id, "by": self.counter.me.user_id}
        self._confirm(
            _("This line is for transfer {code}?").format(code=one.code),
            line,
            partial(self._act, reconcile.assign_line, facts),
        )

    def _settle_over(self, one: Proposal) -> None:
        facts = {"intent_id": one.intent_id, "by": self.counter.me.user_id}
        confirm = Confirm(_("Settle transfer {code}?").format(code=one.code), _("What is left becomes surplus."))
        self.app.push_screen(confirm, lambda yes: self._act(reconcile.settle_over, facts) if yes else None)

    def _ask_customer(self, line: OpenLine) -> None:
        ask = Ask(_("Whose bills does this pay?"), _("The customer's code"), field=LineInput(max_length=20))
        self.app.push_screen(ask, lambda code: self._bills_of(line, code.upper()) if code else None)

    def _bills_of(self, line: OpenLine, customer_code: str) -> None:
        """The oldest bills as far as the money reaches."""
        about: dict[str, Any] = {"customer_code": customer_code, "amount": line.amount}
        self.counter.ask(
            lambda: self.counter.desk.see(bills_within, **about),
            lambda bills: self._confirm_bills(line, customer_code, bills),
        )

    def _confirm_bills(self, line: OpenLine, customer_code: str, bills: list[BillLine]) -> None:
        if not bills:
            self._surplus(line, customer_code)
            return
        told = [f"{bill.period}  {bill.amount}" for bill in bills]
        left = line.amount - total(bill.amount for bill in bills)
        rest = [_("{left} is left as surplus").format(left=left)] if left else []
        facts = {"line_id": line.line_id, "bill_ids": [bill.bill_id for bill in bills], "by": self.counter.me.user_id}
        title = _("Pay these bills of {customer}?").format(customer=customer_code)
        self._confirm(title, line, partial(self._act, reconcile.settle_line, facts), *told, *rest)

    def _surplus(self, line: OpenLine, customer_code: str = "") -> None:
        whose = customer_code or _("nobody knows whose")
        title = _("Keep {amount} as surplus ({whose}): why?").format(amount=line.amount, whose=whose)
        facts = {"line_id": line.line_id, "customer_code": customer_code or None, "by": self.counter.me.user_id}
        self._ask_reason(title, reconcile.line_to_surplus, facts)

    def _not_ours(self, line: OpenLine) -> None:
        title = _("{amount} is no customer's money: why?").format(amount=line.amount)
        self._ask_reason(title, reconcile.line_not_ours, {"line_id": line.line_id, "by": self.counter.me.user_id})

    def _dismiss(self, line: OpenLine, *proposals: Proposal) -> None:
        ids = [one.intent_id for one in proposals]
        facts = {"line_id": line.line_id, "intent_ids": ids, "by": self.counter.me.user_id}
        self._ask_reason(_("Not for that transfer: why?"), reconcile.dismiss_all, facts)

    def _ask_reason(self, title: str, action: Any, facts: dict[str, Any]) -> None:
        ask = Ask(title, field=LineInput(max_length=200))
        self.app.push_screen(ask, lambda why: self._act(action, {**facts, "reason": why}) if why else None)

    def _confirm(self, title: str, line: OpenLine, act: Callable[[], None], *more: str) -> None:
        confirm = Confirm(title, f"{day_text(line.booked_day)} · {line.amount}", line.memo, *more)
        self.app.push_screen(confirm, lambda yes: act() if yes else None)

    def _act(self, action: Any, facts: dict[str, Any]) -> None:
        self.counter.money(lambda: self.counter.desk.do(action, **facts), lambda _done: self._done())

    def _done(self) -> None:
        self.counter.done(_("Decided."))
        self.load()

    # --- elsewhere ----------------------------------------------------------------------------------------------------

    def action_match(self) -> None:
        """Whatever waits is booked and looked at again, as the gateway does it by itself."""
        self.counter.money(lambda: banking.take_in(self.counter.desk), self._matched)

    def _matched(self, done: banking.TakenIn) -> None:
        self.counter.done(_("Looked at everything: settled {n}.").format(n=len(done.matched)))
        self.load()

    def action_surplus(self) -> None:
        from counter.screens.bank.surplus import SurplusScreen

        self.app.push_screen(SurplusScreen())

    def action_unconfirmed(self) -> None:
        from counter.screens.bank.lists import UnconfirmedScreen

        self.app.push_screen(UnconfirmedScreen())

    def action_shares(self) -> None:
        from counter.screens.bank.lists import SharesScreen

        self.app.push_screen(SharesScreen())

    def action_messages(self) -> None:
        from counter.screens.bank.messages import MessagesScreen

        self.app.push_screen(MessagesScreen())

    def action_statement(self) -> None:
        from counter.screens.bank.statement import StatementScreen

        self.app.push_screen(StatementScreen())


def _cells(line: OpenLine) -> Sequence[Any]:
    return (day_text(line.booked_day), line.amount, line.memo, why_words(line), best_words(line))
