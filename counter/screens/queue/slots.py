"""Choosing a day and a quarter of an hour: a new booking, or another time for one. The place is kept while one decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from counter import queue
from counter.bills import CustomerLine
from counter.clock import LOCAL, day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _, translate
from counter.queue import DaySlots, PriorityClass, SlotLine, TicketFacts
from counter.screens.widgets import (
    Ask,
    Choice,
    Column,
    Confirm,
    Dialog,
    KeyBar,
    LineInput,
    Menu,
    NoticeLine,
    RowList,
    SafeStatic,
)
from db.states import BookingChannel

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class SlotsScreen(Screen[TicketFacts]):
    """Answers the booked or changed ticket, or None."""

    DEFAULT_CSS = """
    SlotsScreen {
        #slots { padding: 0 1; }
        #slots-day { height: 1; padding: 0 1; text-style: bold; }
    }
    """

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("enter", "choose", N_("This time"), id="slots.choose"),
        Binding("f2", "day", N_("Day"), id="slots.day", priority=True),
        Binding("left", "step(-1)", N_("Day before"), id="slots.before"),
        Binding("right", "step(1)", N_("Day after"), id="slots.after"),
        Binding("f4", "class", N_("Priority"), id="slots.class", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, customer: CustomerLine, ticket: TicketFacts | None = None) -> None:
        """`ticket`: the booking that gets another time; without one it is a new booking."""
        super().__init__()
        self.customer = customer
        self.ticket = ticket
        self.day: date | None = ticket.day if ticket else None
        self.priority: PriorityClass | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def rows(self) -> RowList[SlotLine]:
        return self.query_one("#slots", RowList)

    def compose(self) -> ComposeResult:
        title = _("Another time for {number} · {name}") if self.ticket else _("Book a time · {name}")
        number = self.ticket.number if self.ticket else ""
        yield SafeStatic(title.format(number=number, name=self.customer.name), id="top")
        yield SafeStatic(id="slots-day")
        yield RowList(
            Column(N_("Time"), width=7),
            Column(N_("Free"), width=6, align="right"),
            Column(N_("Booked"), width=7, align="right"),
            Column(N_("Places"), width=7, align="right"),
            Column(N_("Note"), flex=1),
            cells=_cells,
            tone=lambda line: "muted" if line.is_over or not line.free else "",
            empty=N_("No times on this day. ← → goes to another day."),
            id="slots",
        )
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.queue_news.subscribe(self, self.look)
        self.counter.ask(self._read, self._show)  # keys typed ahead mean these slots

    # --- seeing -------------------------------------------------------------------------------------------------------

    def look(self, _news: object = None) -> None:
        """See the day's slots again; the cursor stays."""
        self.counter.read(self._read, on_done=self._show, group="slots")

    def _read(self) -> DaySlots:
        desk = self.counter.desk
        now = desk.clock.now()
        day = self.day or local_day(now)
        if day >= local_day(now):
            desk.do(queue.lay_out, day=day)
        return desk.see(queue.slots, day=day, now=now)

    def _show(self, found: DaySlots) -> None:
        is_new = self.day != found.day or not self.rows.items
        self.day = found.day
        if is_new:
            first = next((n for n, line in enumerate(found.slots) if line.free and not line.is_over), 0)
            self.rows.show(found.slots, cursor=first)
        else:
            self.rows.show(found.slots, cursor=self.rows.cursor)
        free = sum(line.free for line in found.slots if not line.is_over)
        said = (
            _("closed: {reason}").format(reason=found.closed) if found.closed else _("{free} places free").format(free=free)
        )
        priority = f" · {self.priority.name}" if self.priority else ""
        self.query_one("#slots-day", SafeStatic).show(f"{day_words(found.day)} · {said}{priority}")

    def action_move(self, step: int) -> None:
        self.rows.move(step)

    def action_page(self, step: int) -> None:
        self.rows.page(step)

    def action_step(self, days: int) -> None:
        """Another day; today is the first."""
        if self.day is not None:
            self._go(max(self.day + timedelta(days=days), self._today()))

    def _go(self, day: date) -> None:
        self.day = day
        self.rows.show([])
        self.counter.clear_notice()
        self.counter.ask(self._read, self._show)

    def _today(self) -> date:
        return local_day(self.counter.desk.clock.now())

    def action_day(self) -> None:
        field = LineInput(restrict=r"[0-9/]*", placeholder=_("for example 25/11"), max_length=10)
        self.app.push_screen(Ask(_("Which day?"), field=field), lambda text: self._typed(text) if text else None)

    def _typed(self, text: str) -> None:
        day = read_day(text, today=self._today())
        if day is None:
            self.counter.error(_("“{text}” is not a day: write it as 25/11 or 25/11/2026.").format(text=text))
        else:
            self._go(max(day, self._today()))

    def action_class(self) -> None:
        """Who it is for: the first slots of a day are kept for some."""
        desk = self.counter.desk
        self.counter.ask(lambda: desk.see(queue.rules), lambda rules: ask_class(self.app, rules, self._classed))

    def _classed(self, chosen: PriorityClass) -> None:
        self.priority = chosen
        self.look()

    # --- booking ------------------------------------------------------------------------------------------------------

    def action_choose(self) -> None:
        """The place is kept at once; who goes back gives it back."""
        line, day = self.rows.current, self.day
        if line is None or day is None:
            return
        if self.ticket is not None:
            self._ask_change(self.ticket, line, day)
            return
        desk, me, ticket_id = self.counter.desk, self.counter.me.user_id, new_id()
        class_code = self.priority.code if self.priority else ""
        self.counter.money(
            lambda: desk.do(queue.hold_slot, ticket_id=ticket_id, day=day, slot=line.minute, class_code=class_code, by=me),
            lambda kept: self._ask_book(kept, line, day),
        )

    def _ask_book(self, kept: TicketFacts, line: SlotLine, day: date) -> None:
        choices = [
            Choice("enter", N_("Book"), BookingChannel.COUNTER),
            Choice("f5", N_("Booked by phone"), BookingChannel.PHONE),
        ]
        until = kept.held_until.astimezone(LOCAL).strftime("%H:%M") if kept.held_until else ""
        dialog: Dialog[BookingChannel] = Dialog(
            _("Book {slot} on {day}?").format(slot=line.slot, day=day_words(day)),
            f"{self.customer.customer_code}  {self.customer.name}",
            _("The place is kept until {time}.").format(time=until),
            choices=choices,
        )
        self.app.push_screen(dialog, lambda channel: self._book(kept, line, day, channel))

    def _book(self, kept: TicketFacts, line: SlotLine, day: date, channel: BookingChannel | None) -> None:
        desk, me = self.counter.desk, self.counter.me.user_id
        if channel is None:
            move_id = new_id()
            give_back = lambda: desk.do(queue.cancel, move_id=move_id, ticket_id=kept.ticket_id, by=me)  # noqa: E731
            self.counter.money(give_back, lambda _free: self._again(_("The place is free again.")), self._refused)
            return
        self.counter.money(
            lambda: desk.do(
                queue.book,
                ticket_id=kept.ticket_id,
                day=day,
                slot=line.minute,
                customer_code=self.customer.customer_code,
                class_code=kept.class_code,
                channel=channel,
                by=me,
            ),
            self._booked,
            lambda refused: self._not_booked(kept, refused),
        )

    def _not_booked(self, kept: TicketFacts, refused: Any) -> None:
        """What was kept for nothing is free for others at once."""
        desk, me, move_id = self.counter.desk, self.counter.me.user_id, new_id()
        self.counter.refuse(refused)
        self.counter.write(
            lambda: desk.do(queue.cancel, move_id=move_id, ticket_id=kept.ticket_id, by=me),
            on_done=lambda _free: self.look(),
            on_refused=lambda _refused: self.look(),
        )

    def _refused(self, refused: Any) -> None:
        self.counter.refuse(refused)
        self.look()

    def _again(self, text: str) -> None:
        self.counter.inform(text)
        self.look()

    def _ask_change(self, ticket: TicketFacts, line: SlotLine, day: date) -> None:
        was = _("until now {slot} on {day}").format(slot=ticket.slot, day=day_words(ticket.day))
        title = _("Put it to {slot} on {day}?").format(slot=line.slot, day=day_words(day))
        move_id = new_id()
        confirm = Confirm(title, f"{ticket.number}  {self.customer.name}", was, yes=N_("Change"))
        self.app.push_screen(confirm, lambda yes: self._change(move_id, ticket, line, day) if yes else None)

    def _change(self, move_id: UUID, ticket: TicketFacts, line: SlotLine, day: date) -> None:
        desk, me = self.counter.desk, self.counter.me.user_id
        self.counter.money(
            lambda: desk.do(
                queue.change_booking, move_id=move_id, ticket_id=ticket.ticket_id, day=day, slot=line.minute, by=me
            ),
            self._booked,
            self._refused,
        )

    def _booked(self, ticket: TicketFacts) -> None:
        self.dismiss(ticket)

    def action_back(self) -> None:
        self.dismiss(None)


def _cells(line: SlotLine) -> Sequence[Any]:
    note = _("over") if line.is_over else _("full") if not line.free and not line.kept else ""
    if line.kept and not line.is_over:
        note = _("{kept} kept for priority").format(kept=line.kept)
    if not line.tills:
        note = _("no till is planned")
    return (line.slot, str(line.free), str(line.booked), str(line.bookable), note)


def day_words(day: date) -> str:
    """`Wednesday 25/11/2026`."""
    return f"{translate(WEEKDAYS[day.weekday()])} {day_text(day)}"


def read_day(text: str, *, today: date) -> date | None:
    """`25`, `25/11`, `25/11/2026` as a day; without a month or year the next such day from today on. None: there is none."""
    parts = [int(part) for part in text.strip().split("/") if part.isascii() and part.isdigit()]
    if not 1 <= len(parts) <= 3 or len(parts) != text.count("/") + 1:
        return None
    for month in range(12):
        guess = today.month - 1 + month
        year = parts[2] if len(parts) == 3 else today.year + (guess // 12 if len(parts) == 1 else month)
        try:
            found = date(year, parts[1] if len(parts) > 1 else guess % 12 + 1, parts[0])
        except ValueError:
            continue
        if len(parts) == 3 or found >= today:
            return found
    return None


def ask_class(app: Any, rules: queue.OfficeRules, then: Any) -> None:
    """Which class somebody belongs to; Enter is the usual one."""
    keys = ["enter", *(str(n) for n in range(1, 10))]
    choices = [Choice(key, one.name, one) for key, one in zip(keys, rules.classes.values(), strict=False)]
    menu: Menu[PriorityClass] = Menu(_("Who is it for?"), choices=choices)
    app.push_screen(menu, lambda chosen: then(chosen) if chosen is not None else None)
