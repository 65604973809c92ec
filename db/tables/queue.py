"""The queue: the office's rules for it, days and their slots, tickets and what happened to them, the room, the checklist."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.columns import UUID, Row, belongs_to, datetime, instant, long_text, office_key, uuid_, word
from db.columns import date as Date
from db.columns import day as a_day
from db.states import BookingChannel, RoomMoveKind, TicketKind, TicketMoveKind, TicketState

_LIVE_BOOKING = "kind = 'APPOINTMENT' AND state IN ('DRAFT','BOOKED','WAITING','CALLED','HELD','SERVED')"


class QueueOffice(Row, table=True):
    """What the office decided about its queue, as TOML: hours, holidays, services, classes, shares, checklist."""

    __tablename__ = "queue_office"
    __table_args__ = (belongs_to("office"),)
    office_id: str = office_key()
    content: str = long_text()


class QueueDay(Row, table=True):
    """A day of the queue: how many may be and are inside, and what was measured over the 30 days before it."""

    __tablename__ = "queue_day"
    __table_args__ = (
        belongs_to("office"),
        CheckConstraint("inside >= 0 AND room_cap >= 1 AND room_moves >= 0", name="people"),
    )
    office_id: str = office_key()
    day: Date = a_day(primary_key=True)
    room_cap: int
    inside: int = Field(default=0)
    room_moves: int = Field(default=0)
    figures: str = long_text(default="{}")
    figured_on: Date | None = a_day(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)


class QueueSlot(Row, table=True):
    """A quarter of an hour: the tills planned for it, its places for bookings and walk-ins, and those given.

    A kept one is for priority classes until its day comes.
    """

    __tablename__ = "queue_slot"
    __table_args__ = (
        belongs_to("queue_day", "day"),
        CheckConstraint("tills >= 0 AND bookable >= 0 AND walk_ins >= 0 AND booked >= 0 AND walked >= 0", name="counts"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="in_the_day"),
    )
    office_id: str = office_key()
    day: Date = a_day(primary_key=True)
    minute: int = Field(primary_key=True)
    tills: int
    bookable: int
    walk_ins: int
    is_kept: bool = Field(default=False)
    booked: int = Field(default=0)
    walked: int = Field(default=0)


class QueueNumber(Row, table=True):
    """The next ticket number of a letter on a day: one row, advanced inside the ticket's own transaction."""

    __tablename__ = "queue_number"
    __table_args__ = (belongs_to("queue_day", "day"), CheckConstraint("next_number >= 1", name="from_one"))
    office_id: str = office_key()
    day: Date = a_day(primary_key=True)
    letter: str = Field(primary_key=True, max_length=1)
    next_number: int


class Ticket(Row, table=True):
    """A place in the queue. `slot` is the promised minute of the day; `rank_at` orders who is present: smallest first."""

    __tablename__ = "ticket"
    __table_args__ = (
        belongs_to("queue_day", "day"),
        belongs_to("customer", "customer_code"),
        belongs_to("till", "till_code"),
        UniqueConstraint("office_id", "day", "letter", "number"),
        CheckConstraint("number IS NULL OR number >= 1", name="from_one"),
        CheckConstraint("state <> 'CALLED' OR (till_code IS NOT NULL AND calls >= 1)", name="called_somewhere"),
        CheckConstraint("state <> 'WAITING' OR rank_at IS NOT NULL", name="waits_in_line"),
        Index("ix_ticket_line", "office_id", "day", "state", "rank_at", "number"),
        Index("ix_ticket_customer", "office_id", "customer_code"),
        Index(
            "uq_ticket_booking",
            "office_id",
            "customer_code",
            "period",
            unique=True,
            sqlite_where=text(_LIVE_BOOKING),
            postgresql_where=text(_LIVE_BOOKING),
        ),
        Index(
            "uq_ticket_called",
            "office_id",
            "till_code",
            unique=True,
            sqlite_where=text("state = 'CALLED'"),
            postgresql_where=text("state = 'CALLED'"),
        ),
    )
    office_id: str = office_key()
    ticket_id: UUID = uuid_(primary_key=True)
    day: Date = a_day()
    letter: str = Field(max_length=1)
    number: int | None = Field(default=None, nullable=True)
    kind: TicketKind = word(TicketKind)
    state: TicketState = word(TicketState)
    service_code: str = Field(max_length=16)
    class_code: str = Field(max_length=16)
    customer_code: str | None = Field(default=None, max_length=20, nullable=True)
    period: str | None = Field(default=None, max_length=7, nullable=True)
    channel: BookingChannel | None = word(BookingChannel, default=None, nullable=True)
    slot: int | None = Field(default=None, nullable=True)
    held_until: datetime | None = instant(default=None, nullable=True)
    made_at: datetime = instant()
    arrived_at: datetime | None = instant(default=None, nullable=True)
    rank_at: datetime | None = instant(default=None, nullable=True)
    told_minutes: int | None = Field(default=None, nullable=True)
    called_at: datetime | None = instant(default=None, nullable=True)
    first_called_at: datetime | None = instant(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)
    calls: int = Field(default=0)
    till_code: str | None = Field(default=None, max_length=16, nullable=True)
    wanted_till: str | None = Field(default=None, max_length=16, nullable=True)
    is_inside: bool = Field(default=False)
    moves: int = Field(default=0)


class TicketMove(Row, table=True):
    """One thing that happened to a ticket: appended, never edited. `move_id` is made by whoever pressed the key."""

    __tablename__ = "ticket_move"
    __table_args__ = (
        belongs_to("ticket", "ticket_id"),
        UniqueConstraint("office_id", "ticket_id", "step"),
        CheckConstraint("step >= 1", name="from_one"),
    )
    office_id: str = office_key()
    move_id: UUID = uuid_(primary_key=True)
    ticket_id: UUID = uuid_()
    step: int
    kind: TicketMoveKind = word(TicketMoveKind)
    state: TicketState = word(TicketState)
    day: Date = a_day()
    letter: str = Field(max_length=1)
    number: int | None = Field(default=None, nullable=True)
    slot: int | None = Field(default=None, nullable=True)
    service_code: str = Field(max_length=16)
    till_code: str | None = Field(default=None, max_length=16, nullable=True)
    at: datetime = instant()
    actor_id: UUID | None = uuid_(default=None, nullable=True)


class RoomMove(Row, table=True):
    """One change of the room: `change` people, `inside` and `room_cap` after it. Appended, in the order of `seq`."""

    __tablename__ = "room_move"
    __table_args__ = (
        belongs_to("queue_day", "day"),
        belongs_to("ticket", "ticket_id"),
        UniqueConstraint("office_id", "move_id"),
        CheckConstraint("seq >= 1 AND inside >= 0", name="from_one"),
        CheckConstraint("kind NOT IN ('CALLED','LET_IN') OR inside <= room_cap", name="never_above_cap"),
    )
    office_id: str = office_key()
    day: Date = a_day(primary_key=True)
    seq: int = Field(primary_key=True)
    move_id: UUID = uuid_()
    kind: RoomMoveKind = word(RoomMoveKind)
    change: int
    inside: int
    room_cap: int
    ticket_id: UUID | None = uuid_(default=None, nullable=True)
    at: datetime = instant()
    actor_id: UUID | None = uuid_(default=None, nullable=True)


class ChecklistSigned(Row, table=True):
    """A till's opening checklist of a day, as it was answered: appended."""

    __tablename__ = "checklist_signed"
    __table_args__ = (belongs_to("till", "till_code"), belongs_to("app_user", "signed_by", key=("user_id",)))
    office_id: str = office_key()
    till_code: str = Field(primary_key=True, max_length=16)
    day: Date = a_day(primary_key=True)
    content: str = long_text()
    signed_by: UUID = uuid_()
    signed_at: datetime = instant()
