"""The queue at a till, in one line: who is called here, how many wait, how full the room is; and the acts behind F7 and F9.

F7 is the one key of the usual case: whoever stands here is served, the next one comes, and the bills of a customer who is
known are there. F9 opens the other acts, each with a digit, since an input method may take a letter for an accent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from textual.content import Content
from textual.message import Message

from counter import bills, office, queue
from counter.bills import CustomerLine, Owed
from counter.errors import NotAvailable, Refused
from counter.ids import new_id
from counter.locale import N_, _
from counter.queue import Board, NobodyCalled, NobodyWaiting, RoomFull, TicketFacts
from counter.screens.queue.checklist import ChecklistScreen
from counter.screens.queue.reception import ReceptionScreen
from counter.screens.widgets import Aside, Choice, SafeStatic, Words
from db.states import TicketKind, TicketState

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

MOST_CHOICES: Final = 9


@dataclass(frozen=True, slots=True)
class AtTill:
    """The ticket that is called at this till, and the queue."""

    ticket: TicketFacts | None
    board: Board


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever was called: the ticket, and where it is tied to a customer, that customer and what they owe."""

    ticket: TicketFacts
    customer: CustomerLine | None
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class NoNext:
    """Who stood here was served, but nobody came: why not."""

    served: TicketFacts
    refused: Refused


class QueueLine(SafeStatic):
    """Reads by itself when the queue changes; acts on the till's ticket when the screen's keys say so."""

    DEFAULT_CSS = """
    QueueLine {
        height: 1; width: 100%; padding: 0 1;
        .queue-line--number { text-style: bold reverse; }
        .queue-line--full { text-style: bold; color: $text-warning; }
    }
    """
    COMPONENT_CLASSES = {"queue-line--number", "queue-line--full"}

    class Called(Message):
        """Somebody comes to this till."""

        def __init__(self, guest: Guest) -> None:
            super().__init__()
            self.guest = guest

    class Gone(Message):
        """Whoever stood here is not here any more, and was not served."""

        def __init__(self, ticket: TicketFacts) -> None:
            super().__init__()
            self.ticket = ticket

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now: AtTill | None = None
        """What was seen last."""
        self._call_next: Callable[[], None] = self.next_ticket

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def on_mount(self) -> None:
        self.counter.queue_news.subscribe(self, self.look)
        self.look()

    # --- seeing -------------------------------------------------------------------------------------------------------

    def look(self, _news: object = None) -> None:
        """See the queue again."""
        self.counter.read(self._read, on_done=self._show, on_refused=self._lost, group="queue-line")

    def _look_first(self) -> None:
        """See the queue again after an act here; keys typed on wait, since F9 and its digits mean what is there then."""
        self.counter.look_up(self._read, on_done=self._show, on_refused=self._lost, group="queue-line")

    def _read(self) -> AtTill:
        desk = self.counter.desk
        now = desk.clock.now()
        ticket = desk.see(queue.ticket_at_till, till_code=desk.till_code, now=now)
        return AtTill(ticket, desk.see(queue.board, now=now))

    def _show(self, now: AtTill) -> None:
        self.now = now
        number, full = (self.get_visual_style(f"queue-line--{one}") for one in ("number", "full"))
        called = nobody_here() if now.ticket is None else Content.styled(f" {now.ticket.number} ", number)
        about = Content(about_ticket(now.ticket) if now.ticket else "")
        inside = _("inside {inside}/{cap}").format(inside=now.board.inside, cap=now.board.room_cap)
        room = Content(inside)
        if now.board.inside >= now.board.room_cap:
            room = Content.styled(_("{inside} · FULL").format(inside=inside), full)
        waiting = Content(_("{people} waiting").format(people=len(now.board.waiting)))
        self.update(called + about + Content(" │ ") + waiting + Content(" │ ") + room)

    def _lost(self, _refused: Refused) -> None:
        self.update(_("The queue cannot be seen now."))

    # --- acting -------------------------------------------------------------------------------------------------------

    def next_ticket(self) -> None:
        """Whoever stands here is served; the next one comes."""
        self.counter.money(self._next, self._came, self._refused)

    def _next(self) -> Guest | NoNext:
        desk, me, till = self.counter.desk, self.counter.me.user_id, self.counter.desk.till_code
        try:
            ticket = desk.do(queue.serve_and_call_next, call_id=new_id(), till_code=till, by=me)
        except (NobodyWaiting, RoomFull) as refused:
            try:
                served = desk.do(queue.serve, move_id=new_id(), till_code=till, by=me)
            except NobodyCalled:
                raise refused from None
            return NoNext(served, refused)
        return self._guest(ticket)

    def _guest(self, ticket: TicketFacts) -> Guest:
        code = ticket.customer_code
        if code is None:
            return Guest(ticket, None, None)
        desk = self.counter.desk
        return Guest(ticket, desk.see(bills.customer, customer_code=code), desk.see(bills.unpaid_bills, customer_code=code))

    def _came(self, came: Guest | NoNext) -> None:
        if isinstance(came, Guest):
            self.post_message(self.Called(came))
        else:
            served = _("{number} is served.").format(number=came.served.number)
            self.counter.inform(f"{served} {came.refused.why_text()} {came.refused.todo_text()}")
        self._look_first()

    def _refused(self, refused: Refused) -> None:
        """A till that must sign first gets what it must sign."""
        self.counter.refuse(refused)
        if isinstance(refused, queue.ChecklistMissing):
            self.app.push_screen(ChecklistScreen())
        elif not isinstance(refused, NotAvailable):
            self._look_first()

    # --- the other acts -----------------------------------------------------------------------------------------------

    def open_acts(self, call_next: Callable[[], None]) -> None:
        """What can be done with the queue from here, each act with its digit; `call_next` is what F7 does on this screen."""
        self._call_next = call_next
        self.counter.ask(self._read, self._offer)

    def _offer(self, now: AtTill) -> None:
        self._show(now)
        ticket = now.ticket
        title = _("Queue: {number} is called here").format(number=ticket.number) if ticket else _("Queue: nobody is called")
        choices = [choice for choice in ACTS if ticket is not None or choice.answer not in NEED_A_TICKET]
        told = [about_ticket(ticket).strip(" ·")] if ticket else []
        self.app.push_screen(Aside(title, *told, *away_words(now.board), choices=choices), self._act)

    def _act(self, act: str | None) -> None:
        if act is not None:
            getattr(self, f"act_{act}")()

    def act_next(self) -> None:
        self._call_next()

    def act_recall(self) -> None:
        self._at_till(queue.recall, _("{number} is called again."))

    def act_serve(self) -> None:
        self._at_till(queue.serve, _("{number} is served."))

    def act_absent(self) -> None:
        self._at_till(queue.absent, _("{number} does not answer; who comes back gets a place further on."))

    def act_hold(self) -> None:
        self._with_ticket(queue.hold, _("{number} waits for something; reception calls it back."))

    def act_leave(self) -> None:
        self._with_ticket(queue.leave, _("{number} has left."))

    def act_transfer(self) -> None:
        """To whom: the other tills, then the services."""
        desk = self.counter.desk
        self.counter.ask(lambda: (desk.see(office.tills), desk.see(queue.rules)), lambda seen: self._ask_where(*seen))

    def _ask_where(self, tills: Any, rules: queue.OfficeRules) -> None:
        places = [(code, _("till {till}").format(till=code)) for code in tills if code != self.counter.desk.till_code]
        services = [(f"={one.code}", one.name) for one in rules.services.values()]
        keys = [Choice(str(n), name, to) for n, (to, name) in enumerate([*places, *services][:MOST_CHOICES], 1)]
        self.app.push_screen(Aside(_("Transfer where?"), choices=keys), self._transfer)

    def _transfer(self, to: str | None) -> None:
        if to is not None:
            where = {"to_service": to[1:]} if to.startswith("=") else {"to_till": to}
            self._with_ticket(queue.transfer, _("{number} is transferred."), **where)

    def act_checklist(self) -> None:
        self.app.push_screen(ChecklistScreen())

    def act_reception(self) -> None:
        self.app.push_screen(ReceptionScreen())

    def _at_till(self, act: Callable[..., TicketFacts], said: str) -> None:
        desk, me, move_id = self.counter.desk, self.counter.me.user_id, new_id()
        self._do(lambda: desk.do(act, move_id=move_id, till_code=desk.till_code, by=me), said)

    def _with_ticket(self, act: Callable[..., TicketFacts], said: str, **named: Any) -> None:
        """For acts on one ticket, wherever it is: the one this till has."""
        ticket = self.now.ticket if self.now else None
        if ticket is None:
            self.counter.refuse(NobodyCalled(till=self.counter.desk.till_code))
            return
        desk, me, move_id, ticket_id = self.counter.desk, self.counter.me.user_id, new_id(), ticket.ticket_id
        self._do(lambda: desk.do(act, move_id=move_id, ticket_id=ticket_id, by=me, **named), said)

    def _do(self, call: Callable[[], TicketFacts], said: str) -> None:
        def done(ticket: TicketFacts) -> None:
            self.counter.done(said.format(number=ticket.number))
            if ticket.state not in (TicketState.CALLED, TicketState.SERVED):
                self.post_message(self.Gone(ticket))
            self._look_first()

        self.counter.money(call, done, self._refused)


ACTS: Final = (
    Choice("1", N_("Served, call the next"), "next"),
    Choice("2", N_("Call again"), "recall"),
    Choice("3", N_("Served"), "serve"),
    Choice("4", N_("Absent"), "absent"),
    Choice("5", N_("Transfer"), "transfer"),
    Choice("6", N_("Put on hold"), "hold"),
    Choice("7", N_("Has left"), "leave"),
    Choice("8", N_("Safety checklist"), "checklist"),
    Choice("9", N_("Reception"), "reception"),
)
NEED_A_TICKET: Final = frozenset({"recall", "serve", "absent", "transfer", "hold", "leave"})


def nobody_here() -> Content:
    """What stands where the number would stand."""
    return Content(_("Nobody is called here · F7 calls"))


def about_ticket(ticket: TicketFacts) -> str:
    """` · booked 09:45 · called 2 times`."""
    told = [_("booked {slot}").format(slot=ticket.slot)] if ticket.kind is TicketKind.APPOINTMENT else []
    if ticket.calls > 1:
        told.append(_("called {calls} times").format(calls=ticket.calls))
    return "".join(f" · {one}" for one in told)


def called_lines(guest: Guest) -> list[Words]:
    """Who comes, in the middle of the screen, where no bills are."""
    ticket = guest.ticket
    number = Content.styled(_("{number} is called to this till").format(number=ticket.number), "bold")
    if guest.customer is not None:
        return [number, f"{guest.customer.customer_code}  {guest.customer.name}"]
    return [number, _("The ticket is tied to no customer: type a code, a name or a phone number, or scan a bill.")]


def away_words(board: Board) -> list[str]:
    """Who is absent, who is on hold."""
    told = [(_("Absent: {numbers}"), board.absent), (_("On hold: {numbers}"), board.on_hold)]
    return [words.format(numbers=" ".join(numbers)) for words, numbers in told if numbers]
