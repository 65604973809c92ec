"""The queue by command: book, give numbers, call, and what the wall shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from counter import queue
from counter.cli.answers import say
from counter.cli.app import As, Id, Json, TillOption, an_id, call, the_till
from counter.cli.handing_out import mention, print_now
from counter.cli.queue_words import (
    ClassOption,
    Customer,
    Day,
    ServiceOption,
    Slot,
    TicketArgument,
    a_count,
    a_day,
    a_minute,
    answer,
    calling_till,
    queue_app,
    room_answer,
    the_ticket,
    who,
)
from counter.clock import day_text, local_day
from counter.locale import _
from db.states import BookingChannel

# --- appointments ------------------------------------------------------------------------------------------------------


@queue_app.command("slots")
def slots(day: Day = "", json: Json = False) -> None:  # noqa: FBT002
    """The quarters of an hour of a day: places, bookings, who came."""
    desk = call.desk()
    wanted = a_day(desk, day)
    if wanted >= local_day(desk.clock.now()):
        desk.do(queue.lay_out, day=wanted)
    found = desk.see(queue.slots, day=wanted, now=desk.clock.now())
    closed = _("{day}: closed, {reason}").format(day=day_text(wanted), reason=found.closed) if found.closed else None
    say(asdict(found), as_json=json, done=closed)


@queue_app.command("offer")
def offer(
    day: Day = "",
    slot: Slot = "",
    class_code: ClassOption = "",
    service: ServiceOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Keep a place for some minutes; `book --id` with the same id makes it a booking."""
    desk = call.desk()
    ticket = desk.do(
        queue.hold_slot,
        ticket_id=an_id(id),
        day=a_day(desk, day),
        slot=a_minute(slot),
        class_code=class_code,
        service_code=service,
        by=who(desk, login),
    )
    answer(desk, ticket, as_json=json)


@queue_app.command("book")
def book(
    day: Day = "",
    slot: Slot = "",
    customer: Customer = "",
    class_code: ClassOption = "",
    service: ServiceOption = "",
    phone: Annotated[bool, typer.Option("--phone", help="booked by phone")] = False,  # noqa: FBT002
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Book a place for a customer."""
    desk = call.desk()
    ticket = desk.do(
        queue.book,
        ticket_id=an_id(id),
        day=a_day(desk, day),
        slot=a_minute(slot),
        customer_code=customer.strip().upper(),
        class_code=class_code,
        service_code=service,
        channel=BookingChannel.PHONE if phone else BookingChannel.COUNTER,
        by=who(desk, login),
    )
    answer(desk, ticket, as_json=json)


@queue_app.command("change")
def change(
    ticket: TicketArgument,
    of: Annotated[str, typer.Option("--of", help="the day the booking is for now; today without it")] = "",
    day: Day = "",
    slot: Slot = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Put a booking to another time."""
    desk = call.desk()
    found = desk.see(queue.ticket, ticket_id=the_ticket(desk, ticket, of))
    moved = desk.do(
        queue.change_booking,
        move_id=an_id(id),
        ticket_id=found.ticket_id,
        day=a_day(desk, day) if day else found.day,
        slot=a_minute(slot),
        by=who(desk, login),
    )
    answer(desk, moved, as_json=json)


@queue_app.command("cancel")
def cancel(ticket: TicketArgument, day: Day = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Give a booking back."""
    desk = call.desk()
    ticket_id = the_ticket(desk, ticket, day)
    answer(desk, desk.do(queue.cancel, move_id=an_id(id), ticket_id=ticket_id, by=who(desk, login)), as_json=json)


# --- reception ---------------------------------------------------------------------------------------------------------


@queue_app.command("issue")
def issue(
    class_code: ClassOption = "",
    service: ServiceOption = "",
    customer: Customer = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Give a number to who just came."""
    desk = call.desk()
    ticket = desk.do(
        queue.issue,
        ticket_id=an_id(id),
        class_code=class_code,
        service_code=service,
        customer_code=customer.strip().upper() or None,
        by=who(desk, login),
    )
    paper = mention(print_now(desk, ticket.ticket_id)) if desk.paper.prints else None
    answer(desk, ticket, as_json=json, paper=paper)


@queue_app.command("show")
def show(ticket: TicketArgument, day: Day = "", json: Json = False) -> None:  # noqa: FBT002
    """A ticket and where it stands."""
    desk = call.desk()
    answer(desk, desk.see(queue.ticket, ticket_id=the_ticket(desk, ticket, day)), as_json=json)


@queue_app.command("arrive")
def arrive(ticket: TicketArgument, login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Who booked is here; who was absent or on hold is back."""
    desk = call.desk()
    ticket_id = the_ticket(desk, ticket)
    answer(desk, desk.do(queue.arrive, move_id=an_id(id), ticket_id=ticket_id, by=who(desk, login)), as_json=json)


@queue_app.command("hold")
def hold(ticket: TicketArgument, login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Somebody must fetch something first; the place in the line stays."""
    desk = call.desk()
    ticket_id = the_ticket(desk, ticket)
    answer(desk, desk.do(queue.hold, move_id=an_id(id), ticket_id=ticket_id, by=who(desk, login)), as_json=json)


@queue_app.command("leave")
def leave(ticket: TicketArgument, login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Somebody is gone for good."""
    desk = call.desk()
    ticket_id = the_ticket(desk, ticket)
    answer(desk, desk.do(queue.leave, move_id=an_id(id), ticket_id=ticket_id, by=who(desk, login)), as_json=json)


@queue_app.command("transfer")
def transfer(
    ticket: TicketArgument,
    to_till: Annotated[str, typer.Option("--to-till", help="the till that shall call it")] = "",
    service: ServiceOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """To another till or another service; number and place stay."""
    desk = call.desk()
    moved = desk.do(
        queue.transfer,
        move_id=an_id(id),
        ticket_id=the_ticket(desk, ticket),
        to_till=to_till or None,
        to_service=service,
        by=who(desk, login),
    )
    answer(desk, moved, as_json=json)


@queue_app.command("inside")
def inside(
    people: Annotated[str, typer.Argument(metavar="N", help="so many people are inside; or in, out: one more, one fewer")],
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The guard's count of the room."""
    desk = call.desk()
    one = {"in": queue.somebody_in, "out": queue.somebody_out}.get(people.strip().lower())
    if one is not None:
        room = desk.do(one, move_id=an_id(id), by=who(desk, login))
    else:
        room = desk.do(queue.count_room, move_id=an_id(id), people=a_count(people), by=who(desk, login))
    room_answer(room, as_json=json)


@queue_app.command("let-in")
def let_in(login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """The first of the line comes in to wait inside."""
    desk = call.desk()
    answer(desk, desk.do(queue.let_in_next, move_id=an_id(id), by=who(desk, login)), as_json=json)


# --- the till ----------------------------------------------------------------------------------------------------------


@queue_app.command("call")
def call_next(till: TillOption = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Call the next one to this till."""
    desk = call.desk(till=till)
    found = desk.do(queue.call_next, call_id=an_id(id), till_code=the_till(desk), by=who(desk, login))
    answer(desk, found, as_json=json)


@queue_app.command("next")
def serve_and_call(till: TillOption = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Whoever stands here is served, the next one comes."""
    desk = call.desk(till=till)
    found = desk.do(queue.serve_and_call_next, call_id=an_id(id), till_code=the_till(desk), by=who(desk, login))
    answer(desk, found, as_json=json)


@queue_app.command("recall")
def recall(till: TillOption = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Call the till's number again."""
    _at_till(queue.recall, till, login, id, json)


@queue_app.command("serve")
def serve(till: TillOption = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """The till's customer is served."""
    _at_till(queue.serve, till, login, id, json)


@queue_app.command("absent")
def absent(till: TillOption = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """The till's customer does not answer."""
    _at_till(queue.absent, till, login, id, json)


def _at_till(act: Any, till: str, login: str, id_: str, as_json: object) -> None:
    desk = call.desk(till=till)
    found = desk.do(act, move_id=an_id(id_), till_code=calling_till(desk), by=who(desk, login))
    answer(desk, found, as_json=as_json)


@queue_app.command("board")
def board(
    wall: Annotated[bool, typer.Option("--wall", help="the whole terminal, for a room to read")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """Who is called, who waits, how many are inside."""
    if wall:
        from counter.screens.queue.wall import open_wall

        raise typer.Exit(open_wall(call.home))
    desk = call.desk()
    now = desk.see(queue.board, now=desk.clock.now())
    say(board_answer(now), as_json=json)


def board_answer(now: queue.Board) -> dict[str, Any]:
    """The wall as data: numbers only, no names."""
    first = now.called[0] if now.called else None
    last_wait = now.waiting[-1].wait.minutes if now.waiting else 0
    return {
        "day": now.day,
        "number": first.number if first else "",
        "state": "CALLED" if first else "",
        "till": first.till if first else "",
        "people_ahead": len(now.waiting),
        "wait_minutes": last_wait,
        "inside": now.inside,
        "room_cap": now.room_cap,
        "tills": now.tills,
        "called": [asdict(one) for one in now.called],
        "recent": [asdict(one) for one in now.recent],
        "waiting": [
            {
                "number": one.number,
                "state": "WAITING",
                "till": one.wanted_till,
                "people_ahead": place,
                "wait_minutes": one.wait.minutes,
                "wait_low": one.wait.low,
                "wait_high": one.wait.high,
                "slot": one.slot,
                "class": one.class_code,
                "service": one.service,
                "inside": one.is_inside,
            }
            for place, one in enumerate(now.waiting)
        ],
        "absent": now.absent,
        "on_hold": now.on_hold,
    }
