"""Customers' money that settles nothing: whose it is, kept in advance, or given back; two people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding

from counter import reconcile
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _
from counter.reconcile.views import SurplusLine, open_surplus_lines
from counter.screens.bank.words import surplus_words
from counter.screens.list_screen import ListScreen
from counter.screens.second import Signer
from counter.screens.widgets import AMOUNT, Ask, Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic
from db.states import ApprovalAct


class SurplusScreen(ListScreen):
    """Oldest first."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f4", "owner", N_("Whose it is"), id="surplus.owner", priority=True),
        Binding("f5", "credit", N_("Keep in advance"), id="surplus.credit", priority=True),
        Binding("f6", "refund", N_("Given back"), id="surplus.refund", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    @property
    def rows(self) -> RowList[SurplusLine]:
        return self.query_one("#surplus", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Surplus that waits for a decision"), id="top")
        yield RowList(
            Column(N_("Day"), width=10),
            Column(N_("Amount"), width=AMOUNT, align="right"),
            Column(N_("Customer"), width=14),
            Column(N_("Why"), flex=1),
            cells=_cells,
            empty=N_("No surplus waits."),
            id="surplus",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    def _load(self) -> None:
        self.counter.look(
            lambda: self.counter.desk.see(open_surplus_lines),
            lambda lines: self.rows.show(lines, cursor=min(self.rows.cursor, max(len(lines) - 1, 0))),
            group="surplus",
        )

    def action_owner(self) -> None:
        row = self.rows.current
        if row is None:
            return

        def named(code: str | None) -> None:
            if code:
                facts = {"surplus_id": row.surplus_id, "customer_code": code.upper(), "by": self.counter.me.user_id}
                self._do(lambda: self.counter.desk.do(reconcile.name_owner, **facts))  # type: ignore[arg-type]

        ask = Ask(
            _("Whose is {amount}?").format(amount=row.amount), _("The customer's code"), field=LineInput(max_length=20)
        )
        self.app.push_screen(ask, named)

    def action_credit(self) -> None:
        """It pays the customer's coming bills by itself."""
        row = self.rows.current
        if row is None:
            return
        if not row.customer_code:
            self.counter.refuse(reconcile.NoCustomer())
            return
        what = _("{amount} becomes the advance of {name}").format(amount=row.amount, name=row.customer_code)
        facts = {"surplus_id": row.surplus_id, "payment_id": new_id()}
        self._with_two(
            row, what, lambda by, word: self.counter.desk.do(reconcile.credit_surplus, by=by, approval_id=word, **facts)
        )

    def action_refund(self) -> None:
        """The bank has sent it back: its reference is the proof."""
        row = self.rows.current
        if row is None:
            return

        def told(reference: str | None) -> None:
            if reference:
                what = _("{amount} was given back by the bank, number {reference}").format(
                    amount=row.amount, reference=reference
                )
                if not row.on_statement:
                    what += "\n" + _("No statement has told of this money yet: look at the bank first.")
                facts: dict[str, Any] = {"surplus_id": row.surplus_id, "reference": reference}
                self._with_two(
                    row,
                    what,
                    lambda by, word: self.counter.desk.do(reconcile.refund_surplus, by=by, approval_id=word, **facts),
                    reason=reference,
                )

        ask = Ask(_("Number of the bank's transaction that gave it back"), field=LineInput(max_length=64))
        self.app.push_screen(ask, told)

    def _with_two(self, row: SurplusLine, what: str, act: Callable[[UUID, UUID], object], reason: str = "") -> None:
        facts = {"act": ApprovalAct.SURPLUS, "subject": str(row.surplus_id), "amount": row.amount, "reason": reason}
        signer = Signer(**facts, what=what)  # type: ignore[arg-type]
        self.app.push_screen(
            signer, lambda word: self._do(lambda: act(signer.signed.user_id, word)) if word is not None else None
        )

    def _do(self, act: Callable[[], object]) -> None:
        self.counter.money(act, lambda _done: self._done())

    def _done(self) -> None:
        self.counter.done(_("Decided."))
        self._load()


def _cells(line: SurplusLine) -> Sequence[Any]:
    return (day_text(local_day(line.opened_at)), line.amount, line.customer_code or "?", surplus_words(line))
