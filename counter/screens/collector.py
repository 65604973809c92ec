"""The collector's screen at the office: the papers with their own name, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from counter import payments
from counter.clock import local_text
from counter.locale import N_, _
from counter.papers import receipt_paper
from counter.payments import ReceiptLineShort
from counter.printing import as_text
from counter.screens.list_screen import ListScreen
from counter.screens.receipts import Preview
from counter.screens.widgets import AMOUNT, Column, Cut, KeyBar, NoticeLine, RowList, SafeStatic
from counter.words import said


class CollectorScreen(ListScreen):
    """One's own receipts, newest first; Enter shows one as it is on paper."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "open", N_("Show"), id="collector.open"),
        Binding("f7", "app.settings", N_("Settings"), id="settings", priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
    ]

    @property
    def rows(self) -> RowList[ReceiptLineShort]:
        return self.query_one("#receipts", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield SafeStatic(id="own-heading", classes="heading")
        yield RowList(
            Column(N_("Time"), width=16),
            Column(N_("Number"), width=14, cut=Cut.LEFT),
            Column(N_("Kind"), width=13),
            Column(N_("Customer"), flex=1, cut=Cut.MIDDLE),
            Column(N_("Amount"), width=AMOUNT, align="right"),
            cells=_cells,
            empty=N_("No receipt has your name yet. What you collect at homes is brought in at the office."),
            id="receipts",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.retranslate()

    def retranslate(self) -> None:
        """The words that stand by themselves, in the language in use."""
        self.query_one("#top", SafeStatic).show(self.counter.header())
        self.query_one("#own-heading", SafeStatic).show(_("Receipts with your name"))
        desk, me = self.counter.desk, self.counter.me.user_id
        self.counter.load(lambda: desk.see(payments.receipts_taken_by, user_id=me), self.rows.show, group="own")

    def action_open(self) -> None:
        line = self.rows.current
        if line is not None:
            desk, settings = self.counter.desk, self.counter.home.settings
            self.counter.ask(
                lambda: as_text(desk.see(receipt_paper, payment_id=line.payment_id, settings=settings)),
                lambda text: self.app.push_screen(Preview(text)),
            )


def _cells(line: ReceiptLineShort) -> Sequence[Any]:
    who = f"{line.customer} +{line.others}" if line.others else line.customer
    kind = _("reversed") if line.reversed_by else str(said(line.kind))
    return (local_text(line.taken_at), line.number, kind, who, line.amount)
