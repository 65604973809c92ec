"""Providers' messages that wait for a person: money on another account, told twice differently, or unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding

from counter import banking
from counter.clock import day_text, local_day
from counter.locale import N_, _, translate
from counter.reconcile.messages import Message, book_message, end_message, waiting_messages
from counter.screens.list_screen import ListScreen
from counter.screens.widgets import Ask, Column, Confirm, KeyBar, LineInput, NoticeLine, RowList, SafeStatic


class MessagesScreen(ListScreen):
    """Oldest first."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f5", "book", N_("Book it"), id="messages.book", priority=True),
        Binding("f6", "end", N_("No money of ours"), id="messages.end", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
    ]

    @property
    def rows(self) -> RowList[Message]:
        return self.query_one("#messages", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Messages of providers that wait for you"), id="top")
        yield RowList(
            Column(N_("Day"), width=10),
            Column(N_("Provider"), width=10),
            Column(N_("Amount"), width=16, align="right"),
            Column(N_("Account"), width=20, from_width=100),
            Column(N_("Why"), flex=1),
            cells=_cells,
            empty=N_("No message waits."),
            id="messages",
        )
        yield SafeStatic(id="message")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()

    def _load(self) -> None:
        self.counter.look(lambda: self.counter.desk.see(waiting_messages), self._show, group="messages")

    def _show(self, messages: list[Message]) -> None:
        self.rows.show(messages, cursor=min(self.rows.cursor, max(len(messages) - 1, 0)))
        self._tell()

    def on_row_list_moved(self) -> None:
        """What the message under the cursor says."""
        self._tell()

    def _tell(self) -> None:
        one = self.rows.current
        shown = (one.text[:200], f"{one.provider} {one.external_id} · {one.account}".strip(" ·")) if one else ("",)
        self.query_one("#message", SafeStatic).show(*shown)

    def action_book(self) -> None:
        """Its account is the office's now, or it is other money than the first of its id."""
        one = self.rows.current
        if one is None:
            return

        def book() -> UUID:
            line_id = self.counter.desk.do(book_message, **_key(one), by=self.counter.me.user_id)
            banking.match_again(self.counter.desk, line_id=line_id)
            return line_id

        amount = one.amount if one.amount is not None else "?"
        confirm = Confirm(_("Book {amount} as a line of the bank?").format(amount=amount), one.text[:200])
        self.app.push_screen(confirm, lambda yes: self.counter.money(book, lambda _line: self._done()) if yes else None)

    def action_end(self) -> None:
        """Nothing is booked; the reason stays with it."""
        one = self.rows.current
        if one is None:
            return
        facts = {**_key(one), "by": self.counter.me.user_id}

        def told(reason: str | None) -> None:
            if reason:
                self.counter.money(
                    lambda: self.counter.desk.do(end_message, reason=reason, **facts),
                    lambda _nothing: self._done(),
                )

        self.app.push_screen(Ask(_("Why is this no money of ours?"), field=LineInput(max_length=200)), told)

    def _done(self) -> None:
        self.counter.done(_("Decided."))
        self._load()


def _key(one: Message) -> dict[str, Any]:
    return {"provider": one.provider, "external_id": one.external_id}


def _cells(one: Message) -> Sequence[Any]:
    why = translate(one.why) + (f": {one.detail}" if one.detail else "")
    return (day_text(local_day(one.received_at)), one.provider, one.amount or "?", one.account, why)
