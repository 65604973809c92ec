"""A day's tickets as reception holds them: who waits in the order of the line, who is called, away, still to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from counter.queue.inside import is_over, the_rules, ticket_called
from counter.queue.refusals import UnknownTicket
from counter.queue.rules import Wait
from counter.queue.views import LISTED, QR_PREFIX, TicketFacts, board, facts_of, ticket
from counter.text import safe_text
from db.scope import office_of
from db.tables import Customer, Ticket

_BARE = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"[A-Za-z][0-9]{1,4}")
_CODE = re.compile(rf"{QR_PREFIX}\.([A-Za-z0-9]{{1,20}})\.([0-9]{{8}})\.([A-Za-z][0-9]{{1,6}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DayTicket:
    """A ticket with its customer's name (empty where it is tied to none) and, while it waits, its wait."""

    ticket: TicketFacts
    customer_name: str
    wait: Wait | None


def day_tickets(session: Session, *, day: date, now: datetime) -> tuple[DayTicket, ...]:
    """The tickets of a day that are not over: the called ones, the line in its order, then by slot and number."""
    if is_over(session, day=day, now=now):
        return ()
    line = {one.ticket_id: (place, one.wait) for place, one in enumerate(board(session, now=now, day=day).waiting)}
    rows = session.exec(
        select(Ticket, Customer.name)
        .outerjoin(
            Customer,
            (col(Customer.office_id) == Ticket.office_id) & (col(Customer.customer_code) == Ticket.customer_code),
        )
        .where(Ticket.office_id == office_of(session), Ticket.day == day, col(Ticket.state).in_(LISTED))
        .order_by(col(Ticket.slot), col(Ticket.number), col(Ticket.letter))
    ).all()
    found = [DayTicket(facts_of(session, row), name or "", line.get(row.ticket_id, (0, None))[1]) for row, name in rows]
    place = {ticket_id: one for ticket_id, (one, _wait) in line.items()}
    return tuple(sorted(found, key=lambda one: (LISTED.index(one.ticket.state), place.get(one.ticket.ticket_id, 0))))


def names_a_ticket(text: str) -> bool:
    """Whether a typed or scanned text is a ticket rather than a customer: `12`, `a12`, or what a slip's QR says."""
    plain = text.strip()
    return any(shape.fullmatch(plain) for shape in (_BARE, _NUMBER, _CODE))


def ticket_named(session: Session, *, text: str, today: date) -> TicketFacts:
    """The ticket that a text means: today's for a number, any day's for a slip's QR. Raises UnknownTicket.

    A bare number belongs to the first service that gave it.
    """
    plain = text.strip()
    code = _CODE.fullmatch(plain)
    if code:
        day = _day(code[2])
        if code[1].upper() != office_of(session).upper() or day is None:
            raise UnknownTicket(ticket=safe_text(plain, limit=40))
        return ticket(session, ticket_id=ticket_called(session, text=code[3], day=day))
    letters = [one.letter for one in the_rules(session).services.values()] if _BARE.fullmatch(plain) else [""]
    for letter in letters:
        try:
            return ticket(session, ticket_id=ticket_called(session, text=letter + plain, day=today))
        except UnknownTicket:
            continue
    raise UnknownTicket(ticket=safe_text(plain, limit=40))


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
