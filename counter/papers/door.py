"""The queue on paper: a ticket, and the poster at the door."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from counter import queue
from counter.clock import local_day
from counter.config import Settings
from counter.locale import speaking
from counter.locale import translate as _
from counter.papers.parts import layout_of, office_head
from counter.printing import PosterDocument, PosterSlot, TicketDocument
from counter.queue.views import SlotLine


def ticket_paper(session: Session, *, ticket_id: UUID, settings: Settings, now: datetime) -> TicketDocument:
    """The number with where it stands at `now`. Raises UnknownTicket."""
    standing = queue.standing(session, ticket_id=ticket_id, now=now)
    ticket = standing.ticket
    rules = queue.rules(session)
    service = rules.services.get(ticket.service)
    chosen = rules.classes.get(ticket.class_code)
    wait = standing.wait if ticket.day == local_day(now) else None
    return TicketDocument(
        office=office_head(session),
        number=ticket.number,
        day=ticket.day,
        issued_at=now,
        slot=ticket.slot,
        service=service.name if service else ticket.service,
        priority=chosen.name if chosen and chosen.ahead else "",
        people_ahead=standing.people_ahead if wait else None,
        wait_low=wait.low if wait else 0,
        wait_high=wait.high if wait else 0,
        rules=rules.distance,
        lookup=ticket.qr,
        layout=layout_of(settings, "ticket"),
    )


def poster_paper(
    session: Session, *, day: date, now: datetime, settings: Settings, suspended: tuple[str, ...] = ()
) -> PosterDocument:
    """The slots of a day as they are at `now`. `suspended`: what is said besides the office's rules."""
    found = queue.slots(session, day=day, now=now)
    board, rules = queue.board(session, now=now, day=day), queue.rules(session)
    layout = layout_of(settings, "poster")
    with speaking(layout.lang):
        slots = tuple(PosterSlot(slot=line.slot, free=line.free, note=_note(line)) for line in found.slots)
    return PosterDocument(
        office=office_head(session),
        day=day,
        slots=slots,
        closed=found.closed,
        suspended=(*rules.suspended, *suspended),
        room_cap=board.room_cap,
        rules=rules.distance,
        lookup=settings.receipt_site,
        layout=layout,
    )


def _note(line: SlotLine) -> str:
    if line.is_over:
        return _("over")
    return _("kept for priority") if line.kept and not line.free else ""
