"""What is only looked at: payments that no bank line has met, and how much came without cash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding

from counter.clock import day_text, local_day
from counter.locale import N_, _
from counter.money import group_digits
from counter.reconcile.shares import Share, named_day, share_by_area, share_by_day, share_by_till, whole
from counter.reconcile.views import Unproven, unproven
from counter.screens.list_screen import ListScreen
from counter.screens.widgets import AMOUNT, Column, KeyBar, NoticeLine, RowList, SafeStatic
from counter.words import said

ONE_DAY: Final = timedelta(days=1)
DAYS: Final = 31
"""Days that the list by day goes back."""


class _PlainList(ListScreen):
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]


class UnconfirmedScreen(_PlainList):
    """Oldest first: money that was believed and that no bank line has met."""

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Payments that the bank has not confirmed"), id="top")
        yield RowList(
            Column(N_("Day"), width=10),
            Column(N_("Receipt"), width=20),
            Column(N_("Believed by"), flex=1),
            Column(N_("Reference number"), flex=1),
            Column(N_("Amount"), width=AMOUNT, align="right"),
            cells=_unproven_cells,
            empty=N_("The bank has confirmed every payment."),
            id="unconfirmed",
        )
        yield SafeStatic(id="unconfirmed-total")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.look(lambda: self.counter.desk.see(unproven), self._show, group="unconfirmed")

    def _show(self, lines: list[Unproven]) -> None:
        self.query_one(RowList).show(lines)
        told = _("{n} payments, {amount} together.")
        amount = sum((line.amount for line in lines[1:]), lines[0].amount) if lines else 0
        self.query_one("#unconfirmed-total", SafeStatic).show(told.format(n=group_digits(len(lines)), amount=amount))


class SharesScreen(_PlainList):
    """A day by till or by area, or the last days one by one."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f2", "by('till')", N_("By till"), id="shares.till", priority=True),
        Binding("f3", "by('area')", N_("By area"), id="shares.area", priority=True),
        Binding("f4", "by('day')", N_("By day"), id="shares.day", priority=True),
        Binding("left", "day(-1)", N_("Day before"), id="shares.before", priority=True),
        Binding("right", "day(1)", N_("Day after"), id="shares.after", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.way = "till"
        self.day: date | None = None

    def compose(self) -> ComposeResult:
        yield SafeStatic(id="top")
        yield RowList(
            Column(N_("Of"), flex=1),
            Column(N_("Cash"), width=18, align="right"),
            Column(N_("Without cash"), width=18, align="right"),
            Column(N_("Share"), width=8, align="right"),
            Column(N_("Receipts"), width=12, align="right"),
            cells=self._cells,
            empty=N_("Nothing was taken."),
            id="shares",
        )
        yield SafeStatic(id="shares-total")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.day = local_day(self.counter.desk.clock.now())
        self._load()

    def action_by(self, way: str) -> None:
        self.way = way
        self._load()

    def action_day(self, step: int) -> None:
        assert self.day is not None
        self.day += ONE_DAY * step
        self._load()

    def _load(self) -> None:
        view = {"till": share_by_till, "area": share_by_area, "day": share_by_day}[self.way]
        assert self.day is not None
        first = self.day - ONE_DAY * (DAYS - 1) if self.way == "day" else self.day
        days = {"first": first, "last": self.day}
        self.counter.look(lambda: self.counter.desk.see(view, **days), self._show, group="shares")

    def _show(self, shares: list[Share]) -> None:
        assert self.day is not None
        titles = {
            "till": _("Without cash on {day}, by till"),
            "area": _("Without cash on {day}, by area (meter book)"),
            "day": _("Without cash up to {day}, by day"),
        }
        self.query_one("#top", SafeStatic).show(titles[self.way].format(day=day_text(self.day)))
        self.query_one(RowList).show(shares)
        total = whole(shares, name="")
        told = _("Together: {cash} in cash, {cashless} without: {share}.")
        words = told.format(cash=total.cash, cashless=total.cashless, share=percent(total))
        self.query_one("#shares-total", SafeStatic).show(words)

    def _cells(self, share: Share) -> Sequence[Any]:
        name = named_day(share) if self.way == "day" else share.name or _("no meter book")
        papers = f"{group_digits(share.cashless_papers)}/{group_digits(share.papers)}"
        return (name, share.cash, share.cashless, percent(share), papers)


def percent(share: Share) -> str:
    """`12,3 %`."""
    return f"{share.per_mille // 10},{share.per_mille % 10} %"


def _unproven_cells(line: Unproven) -> Sequence[Any]:
    partner = "" if line.partner == "bank" else f" · {line.partner}"
    return (day_text(line.business_day), line.number, f"{said(line.proof)}{partner}", line.reference, line.amount)
