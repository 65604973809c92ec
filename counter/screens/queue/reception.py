"""Reception: numbers for who comes, arrivals, bookings, and what becomes of a ticket that is nowhere at a till.

One box takes a number, a slip's QR, a customer's code, name or phone. The list shows today's tickets; once a customer is
found, theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen

from counter import bills, queue
from counter.bills import CustomerLine
from counter.clock import day_text, local_day
from counter.ids import new_id
from counter.locale import N_, _, translate
from counter.queue import Board, DayTicket, OfficeRules, PriorityClass, Standing, TicketFacts
from counter.screens.finder import Finder
from counter.screens.queue.given import Given
from counter.screens.queue.guard import GuardScreen
from counter.screens.queue.slip import print_slip, slip_as_file
from counter.screens.queue.slots import SlotsScreen, ask_class
from counter.screens.widgets import Choice, Column, Confirm, KeyBar, Menu, NoticeLine, PaperSign, RowList, SafeStatic
from counter.words import said
from db.scope import OFFICE_TILL
from db.states import TicketState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

COMES: frozenset[TicketState] = frozenset({TicketState.BOOKED, TicketState.ABSENT, TicketState.HELD})
"""States in which Enter means: the person is here."""


class ReceptionScreen(Screen[None]):
    """The whole of reception at one desk."""

    DEFAULT_CSS = """
    ReceptionScreen {
        #queue-line { padding: 0 1; }
        #tickets { padding: 0 1; }
    }
    """

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "issue", N_("Give a number"), id="reception.issue", priority=True),
        Binding("f3", "book", N_("Book"), id="reception.book", priority=True),
        Binding("f4", "change", N_("Change time"), id="reception.change", priority=True),
        Binding("f5", "cancel", N_("Cancel booking"), id="reception.cancel", priority=True),
        Binding("f6", "acts", N_("More"), id="reception.acts", priority=True),
        Binding("f7", "guard", N_("Guard"), id="reception.guard", priority=True),
        Binding("f8", "clear", N_("Clear"), id="reception.clear", priority=True),
        Binding("f9", "back", N_("Back"), id="back", priority=True),
        Binding("f10", "app.sign_out", N_("Sign out"), id="sign_out", priority=True),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.customer: CustomerLine | None = None

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def finder(self) -> Finder:
        return self.query_one(Finder)

    @property
    def rows(self) -> RowList[DayTicket]:
        return self.query_one("#tickets", RowList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Back only where there is something below; signing out only where this is somebody's whole work."""
        if action == "back":
            return not self._is_home
        return self._is_home if action == "app.sign_out" else True

    @property
    def _is_home(self) -> bool:
        return self.counter.desk.till_code == OFFICE_TILL

    def compose(self) -> ComposeResult:
        with Horizontal(id="top-bar"):
            top = _("Reception · {name} · {office}")
            yield SafeStatic(top.format(name=self.counter.me.name, office=self.counter.office_line), id="top")
            yield PaperSign()
        yield SafeStatic(id="queue-line")
        yield Finder(
            RowList(
                Column(N_("Ticket"), width=6),
                Column(N_("State"), width=14),
                Column(N_("Time"), width=11),
                Column(N_("Waits"), width=7),
                Column(N_("Who"), flex=1),
                cells=self._cells,
                tone=lambda line: "muted" if line.ticket.state is TicketState.BOOKED else "",
                empty=N_("No ticket here. F2 gives a number, F3 books a time for a customer."),
                id="tickets",
            ),
            start="tickets",
            placeholder=N_("Number or slip; code, name, phone of a customer"),
            is_other=queue.names_a_ticket,
        )
        yield Given(id="given")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.counter.queue_news.subscribe(self, self.look)
        self.counter.show_paper_sign()
        self.action_clear()

    def on_screen_resume(self) -> None:
        self.look()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def look(self, _news: object = None) -> None:
        """See the tickets again; the cursor stays on its ticket."""
        customer = self.customer
        self.counter.read(lambda: self._read(customer), on_done=self._show, group="reception")

    def _read(self, customer: CustomerLine | None) -> tuple[CustomerLine | None, Sequence[DayTicket], Board, OfficeRules]:
        desk = self.counter.desk
        now = desk.clock.now()
        listed = desk.see(queue.day_tickets, day=local_day(now), now=now)
        if customer is not None:
            waits = {one.ticket.ticket_id: one.wait for one in listed}
            theirs = desk.see(queue.tickets_of, customer_code=customer.customer_code)
            live = [one for one in theirs if one.state in queue.LISTED and one.day >= local_day(now)]
            listed = tuple(DayTicket(one, customer.name, waits.get(one.ticket_id)) for one in reversed(live))
        return customer, listed, desk.see(queue.board, now=now), desk.see(queue.rules)

    def _show(self, seen: tuple[CustomerLine | None, Sequence[DayTicket], Board, OfficeRules]) -> None:
        customer, listed, board, self.rules = seen
        if customer is not self.customer:
            return
        current = self.rows.current.ticket.ticket_id if self.rows.current else None
        place = next((n for n, one in enumerate(listed) if one.ticket.ticket_id == current), self.rows.cursor)
        self.rows.show(listed, cursor=place)
        self.query_one("#queue-line", SafeStatic).show(self._line(board))

    def _line(self, board: Board) -> str:
        inside = _("inside {inside}/{cap}").format(inside=board.inside, cap=board.room_cap)
        room = _("{inside} · FULL").format(inside=inside) if board.inside >= board.room_cap else inside
        waiting = _("{people} waiting").format(people=len(board.waiting))
        called = " ".join(f"{one.number}→{one.till}" for one in board.called)
        whose = f"{self.customer.customer_code} {self.customer.name} │ " if self.customer else ""
        return f"{whose}{waiting} │ {room} │ {called or _('nobody is called')}"

    def _cells(self, line: DayTicket) -> Sequence[Any]:
        ticket = line.ticket
        today = local_day(self.counter.desk.clock.now())
        time = ticket.slot if ticket.day == today else f"{ticket.day:%d/%m} {ticket.slot}"
        wait = f"{line.wait.low}–{line.wait.high}′" if line.wait else ""
        priority = self.rules.classes.get(ticket.class_code)
        who = [priority.name] if priority and priority.ahead else []
        state = f"{said(ticket.state)} {ticket.till}".strip()
        return (ticket.number, state, time, wait, " · ".join([*who, line.customer_name]).strip(" ·"))

    def action_move(self, step: int) -> None:
        self.finder.move(step)

    def action_page(self, step: int) -> None:
        self.finder.page(step)

    # --- who is meant -------------------------------------------------------------------------------------------------

    @on(Finder.Chosen)
    def choose(self, event: Finder.Chosen) -> None:
        """Their tickets; the usual next key is F2 or F3, or Enter for one who is expected today."""
        self.query_one(Given).clear()
        self._take(event.customer)

    def _take(self, customer: CustomerLine | None) -> None:
        self.customer = customer
        self.finder.clear()
        self.finder.show("tickets")
        self.rows.show([])
        self.counter.clear_notice()
        self.counter.ask(lambda: self._read(customer), self._show)

    @on(Finder.Other)
    def named(self, event: Finder.Other) -> None:
        """A number or a slip: the same as Enter on its row."""
        desk, text = self.counter.desk, event.text
        today = local_day(desk.clock.now())

        def found(ticket: TicketFacts) -> None:
            self.finder.clear()
            self._meet(ticket)

        self.counter.look_up(
            lambda: desk.see(queue.ticket_named, text=text, today=today), on_done=found, on_refused=self._unknown
        )

    def _unknown(self, refused: Any) -> None:
        self.finder.take_focus()
        self.counter.refuse(refused)

    @on(Finder.Blank)
    def go_on(self) -> None:
        """Enter with nothing typed: the row under the cursor."""
        if self.rows.current is not None:
            self._meet(self.rows.current.ticket)

    def _meet(self, ticket: TicketFacts) -> None:
        """Whoever is expected is here; of all others one may choose what to do."""
        if ticket.state in COMES:
            self._do(queue.arrive, ticket, _("{number} is here."))
        else:
            self._offer(ticket)

    # --- numbers and bookings -----------------------------------------------------------------------------------------

    def action_issue(self) -> None:
        """What for, where there is more than one thing; who, Enter for the usual; and the number is there."""
        desk = self.counter.desk
        self.counter.ask(lambda: desk.see(queue.rules), self._ask_service)

    def _ask_service(self, rules: OfficeRules) -> None:
        keys = ["enter", *(str(n) for n in range(1, 10))]
        choices = [Choice(key, one.name, one.code) for key, one in zip(keys, rules.services.values(), strict=False)]
        if len(choices) == 1:
            ask_class(self.app, rules, lambda chosen: self._issue(choices[0].answer, chosen))
            return
        menu: Menu[str] = Menu(_("What for?"), choices=choices)
        self.app.push_screen(
            menu, lambda code: ask_class(self.app, rules, lambda chosen: self._issue(code, chosen)) if code else None
        )

    def _issue(self, service: str, chosen: PriorityClass) -> None:
        desk, me, ticket_id = self.counter.desk, self.counter.me.user_id, new_id()
        customer_code = self.customer.customer_code if self.customer else None

        def issue() -> Standing:
            desk.do(
                queue.issue,
                ticket_id=ticket_id,
                class_code=chosen.code,
                service_code=service,
                customer_code=customer_code,
                by=me,
            )
            return desk.see(queue.standing, ticket_id=ticket_id, now=desk.clock.now())

        self.counter.money(issue, self._given)

    def _given(self, standing: Standing) -> None:
        """The number in large letters, for who reads it out; the paper after it."""
        self.counter.wake_printer()
        self._take(None)
        self.query_one(Given).show_standing(standing)
        self.counter.done(_("Number {number}.").format(number=standing.ticket.number))

    def action_book(self) -> None:
        customer = self.customer
        if customer is None:
            self.counter.warn(_("Find the customer first; then F3 books a time."))
            return
        self.app.push_screen(SlotsScreen(customer), lambda ticket: self._booked(ticket) if ticket else None)

    def _booked(self, ticket: TicketFacts) -> None:
        said_ = _("{number} is booked for {slot} on {day}.")
        self.counter.done(said_.format(number=ticket.number, slot=ticket.slot, day=day_text(ticket.day)))
        self._see_standing(ticket)

    def _see_standing(self, ticket: TicketFacts) -> None:
        desk = self.counter.desk
        self.counter.look(
            lambda: desk.see(queue.standing, ticket_id=ticket.ticket_id, now=desk.clock.now()),
            self.query_one(Given).show_standing,
            group="given",
        )
        self.look()

    def action_change(self) -> None:
        ticket = self._booking()
        if ticket is None or ticket.customer_code is None:
            return
        code, desk = ticket.customer_code, self.counter.desk
        self.counter.ask(
            lambda: desk.see(bills.customer, customer_code=code),
            lambda who: self.app.push_screen(SlotsScreen(who, ticket), lambda new: self._booked(new) if new else None),
        )

    def action_cancel(self) -> None:
        ticket = self._booking()
        if ticket is None:
            return
        told = f"{ticket.slot} · {day_text(ticket.day)}"
        confirm = Confirm(_("Give the booking {number} back?").format(number=ticket.number), told, yes=N_("Cancel booking"))
        self.app.push_screen(
            confirm, lambda yes: self._do(queue.cancel, ticket, _("{number} is cancelled.")) if yes else None
        )

    def _booking(self) -> TicketFacts | None:
        line = self.rows.current
        if line is None or line.ticket.state is not TicketState.BOOKED:
            self.counter.warn(_("Put the cursor on a booking first: ↑ ↓, or find the customer."))
            return None
        return line.ticket

    # --- the other acts -----------------------------------------------------------------------------------------------

    def action_acts(self) -> None:
        if self.rows.current is not None:
            self._offer(self.rows.current.ticket)
        else:
            self.counter.warn(_("Put the cursor on a ticket first."))

    def _offer(self, ticket: TicketFacts) -> None:
        """What may be done with a ticket in its state."""
        title = f"{ticket.number} · {said(ticket.state)}"
        choices: list[Choice[Callable[[], None]]] = [
            Choice(key, label, partial(self._do, act, ticket, translate(words)))
            for key, label, act, words, states in ACTS
            if ticket.state in states
        ]
        if ticket.number and queue.is_worth_paper(ticket):
            choices += [
                Choice("5", N_("Print the slip"), partial(print_slip, self.counter, ticket)),
                Choice("6", N_("Slip as PDF and picture"), partial(slip_as_file, self.counter, ticket)),
            ]
        if not choices:
            self.counter.warn(_("{ticket}: nothing is left to do.").format(ticket=title))
            return
        self.app.push_screen(Menu(title, choices=choices), lambda run: run() if run else None)

    def _do(self, act: Callable[..., TicketFacts], ticket: TicketFacts, words: str) -> None:
        desk, me, move_id = self.counter.desk, self.counter.me.user_id, new_id()

        def done(moved: TicketFacts) -> None:
            self.finder.take_focus()
            self.counter.done(words.format(number=moved.number))
            self._see_standing(moved)

        self.counter.money(lambda: desk.do(act, move_id=move_id, ticket_id=ticket.ticket_id, by=me), done)

    def action_guard(self) -> None:
        self.app.push_screen(GuardScreen())

    def action_clear(self) -> None:
        self._take(None)
        self.query_one(Given).clear()
        self.finder.take_focus()

    def action_back(self) -> None:
        self.app.pop_screen()


_S = TicketState
ACTS: tuple[tuple[str, str, Callable[..., TicketFacts], str, frozenset[TicketState]], ...] = (
    ("1", N_("Is here"), queue.arrive, N_("{number} is here."), frozenset({_S.BOOKED, _S.ABSENT, _S.HELD})),
    ("2", N_("Put on hold"), queue.hold, N_("{number} is on hold; the place is kept."), frozenset({_S.WAITING, _S.CALLED})),
    ("3", N_("Has left"), queue.leave, N_("{number} has left."), frozenset({_S.WAITING, _S.CALLED, _S.HELD, _S.ABSENT})),
    ("4", N_("Cancel booking"), queue.cancel, N_("{number} is cancelled."), frozenset({_S.BOOKED, _S.DRAFT})),
)
"""Digit, words, act, what is said after it, and the states it may find."""
