"""What the queue's commands share: days, times and tickets as people type them, and the answer every one of them gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from counter import queue
from counter.cli.answers import say
from counter.cli.app import TillMissing, acting, app, the_till
from counter.cli.helping import Commands
from counter.clock import local_day
from counter.desk import Desk
from counter.errors import BadInput
from counter.locale import N_
from counter.queue import TicketFacts
from counter.text import safe_text

queue_app = Commands("book, give numbers, call")
app.add_typer(queue_app, name="queue")
Day = Annotated[str, typer.Option("--day", help="2026-11-23, 23/11/2026, today or tomorrow; today without it")]
Slot = Annotated[str, typer.Option("--slot", help="the beginning of the quarter of an hour, for example 09:45")]
Customer = Annotated[str, typer.Option("--customer", help="the customer's code")]
ClassOption = Annotated[str, typer.Option("--class", help="normal, elderly, disabled, pregnant, child, or the office's own")]
ServiceOption = Annotated[str, typer.Option("--service", help="what for: pay, service, or the office's own")]
TicketArgument = Annotated[str, typer.Argument(metavar="TICKET", help="the number (A012) or the id")]


class DayUnreadable(BadInput):
    """A day that there is not."""

    why = N_("“{text}” is not a day.")
    todo = N_("Write it as 2026-11-23, 23/11/2026, today or tomorrow.")


class TimeUnreadable(BadInput):
    """A time that there is not."""

    why = N_("“{text}” is not a time.")
    todo = N_("Write it as 09:45.")


class CountUnreadable(BadInput):
    """A number of people that cannot be read."""

    why = N_("“{text}” is not a number of people.")
    todo = N_("Type a whole number, or “in” or “out” for one person.")


# --- what people type --------------------------------------------------------------------------------------------------


def a_day(desk: Desk, text: str) -> date:
    """The day that was written; today where none was. Raises DayUnreadable."""
    today = local_day(desk.clock.now())
    named = {"": today, "today": today, "tomorrow": today + timedelta(days=1)}
    if text.strip().lower() in named:
        return named[text.strip().lower()]
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
        if 2000 <= found.year <= 2999:
            return found
    raise DayUnreadable(text=safe_text(text, limit=40))


def a_minute(text: str) -> int:
    """`09:45` as the minute of the day. Raises TimeUnreadable."""
    try:
        found = datetime.strptime(text.strip(), "%H:%M")  # noqa: DTZ007 - a time, no instant
    except ValueError:
        raise TimeUnreadable(text=safe_text(text, limit=20)) from None
    return found.hour * 60 + found.minute


def a_count(text: str) -> int:
    """A whole number of people. Raises CountUnreadable."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 6):
        raise CountUnreadable(text=safe_text(text, limit=20))
    return int(plain)


def who(desk: Desk, login: str) -> UUID | None:
    """The person who acts; a ticket machine at the door is nobody."""
    return acting(desk, login).user_id if login else None


def the_ticket(desk: Desk, text: str, day: str = "") -> UUID:
    """The ticket somebody named, of today where no day is told. Raises UnknownTicket, DayUnreadable."""
    return desk.see(queue.ticket_called, text=text, day=a_day(desk, day))


def calling_till(desk: Desk) -> str:
    """The till that was told; without one, the only till that has called somebody. Raises TillMissing."""
    if desk.till_code:
        return the_till(desk)
    called = desk.see(queue.board, now=desk.clock.now()).called
    if len(called) != 1:
        raise TillMissing
    return called[0].till


def answer(desk: Desk, ticket: TicketFacts, *, as_json: object, paper: dict[str, Any] | None = None) -> None:
    """A ticket and where it stands, as every command of the queue answers it."""
    stands = desk.see(queue.standing, ticket_id=ticket.ticket_id, now=desk.clock.now())
    say(ticket_answer(stands) | ({"paper": paper} if paper else {}), as_json=as_json)


def ticket_answer(stands: queue.Standing) -> dict[str, Any]:
    """The keys outsiders rely on, and more."""
    ticket, wait = stands.ticket, stands.wait
    return {
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "state": ticket.state,
        "till": ticket.till,
        "people_ahead": stands.people_ahead,
        "wait_minutes": wait.minutes if wait else 0,
        "wait_low": wait.low if wait else 0,
        "wait_high": wait.high if wait else 0,
        "day": ticket.day,
        "slot": ticket.slot,
        "kind": ticket.kind,
        "class": ticket.class_code,
        "service": ticket.service,
        "customer_code": ticket.customer_code,
        "calls": ticket.calls,
        "held_until": ticket.held_until,
        "qr": ticket.qr,
    }


def room_answer(room: queue.RoomNow, *, as_json: object) -> None:
    """How many are inside."""
    say({"inside": room.inside, "room_cap": room.room_cap, "full": room.is_full}, as_json=as_json)
