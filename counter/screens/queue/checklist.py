"""The opening checklist of a till: each item in order or not, signed once a day by whoever opens the till."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import queue
from counter.clock import LOCAL, day_text, local_day
from counter.locale import N_, _
from counter.queue import Checklist, ChecklistItem
from counter.screens.widgets import Ask, Column, KeyBar, LineInput, NoticeLine, RowList, SafeStatic

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


class ChecklistScreen(Screen[bool]):
    """Answers True where one may go on: it is signed, or signed later; None: back."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "answer(True)", N_("In order"), id="checklist.yes"),
        Binding("f4", "answer(False)", N_("Not in order"), id="checklist.no", priority=True),
        Binding("f2", "sign", N_("Sign"), id="checklist.sign", priority=True),
        Binding("f8", "later", N_("Sign later"), id="checklist.later", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.list: Checklist | None = None
        self.answers: dict[str, bool] = {}

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def rows(self) -> RowList[ChecklistItem]:
        return self.query_one("#checklist", RowList)

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Safety checklist of till {till}").format(till=self.counter.desk.till_code), id="top")
        yield RowList(
            Column(N_("Answer"), width=16),
            Column(N_("What must be so before the till opens"), flex=1),
            cells=self._cells,
            empty=N_("This office has no checklist."),
            id="checklist",
        )
        yield SafeStatic(id="checklist-item")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        desk = self.counter.desk
        self.counter.ask(
            lambda: desk.see(queue.checklist, till_code=desk.till_code, day=local_day(desk.clock.now())), self._show
        )

    def _show(self, found: Checklist) -> None:
        self.list = found
        self.answers = {item.code: item.answer for item in found.items if item.answer is not None}
        self.rows.show(found.items)
        if found.signed_at is not None:
            at = found.signed_at.astimezone(LOCAL).strftime("%H:%M")
            said = _("Signed by {name} at {time} on {day}.")
            self.counter.inform(said.format(name=found.signed_by, time=at, day=day_text(found.day)))

    def _cells(self, item: ChecklistItem) -> Sequence[Any]:
        answer = self.answers.get(item.code)
        return ("[ ]" if answer is None else f"[x] {_('In order')}" if answer else f"[!] {_('Not in order')}", item.text)

    # --- answering ----------------------------------------------------------------------------------------------------

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """The item under the cursor in full, where its row cuts it."""
        text = self.rows.current.text if self.rows.current else ""
        cut = cell_len(text) > self.rows.widths(self.rows.size.width)[1]
        self.query_one("#checklist-item", SafeStatic).show(text if cut else "")

    def action_move(self, step: int) -> None:
        self.rows.move(step)

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - what the keys of a binding say
        """And on to the next item."""
        item = self.rows.current
        if item is None or self._is_over():
            return
        self.answers[item.code] = answer
        self.rows.move(1)
        self.rows.refresh()

    def _is_over(self) -> bool:
        if self.list is not None and self.list.is_signed:
            self.counter.warn(_("It is signed already and stays as it is."))
            return True
        return self.list is None

    # --- signing ------------------------------------------------------------------------------------------------------

    def action_sign(self) -> None:
        """Where something is not as it must be, the remark says what was done about it."""
        if self._is_over():
            return
        if all(self.answers.values()):
            self._sign("")
            return
        ask = Ask(_("What is missing, and who was told?"), field=LineInput(max_length=300))
        self.app.push_screen(ask, lambda remark: self._sign(remark) if remark else None)

    def _sign(self, remark: str) -> None:
        desk, me = self.counter.desk, self.counter.me.user_id
        facts = {"till_code": desk.till_code, "answers": dict(self.answers), "remark": remark, "by": me}
        self.counter.money(lambda: desk.do(queue.sign_checklist, **facts), self._signed)  # type: ignore[arg-type]

    def _signed(self, _found: Checklist) -> None:
        self.dismiss(True)
        self.counter.done(_("The checklist is signed."))

    def action_later(self) -> None:
        """Money can be taken without it; a till that must sign calls nobody."""
        self.dismiss(True)
        if self.list is not None and not self.list.is_signed:
            self.counter.warn(_("The checklist is not signed yet: F9, then 8, opens it again."))

    def action_back(self) -> None:
        self.dismiss(None)
