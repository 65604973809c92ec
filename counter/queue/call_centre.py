"""Appointments the call centre made: a CSV or XLSX file, read and checked line by line, booked in one transaction.

The same file again changes nothing; a later one that gives a customer another time in the same month moves the booking.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from os import PathLike
from typing import Final, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from counter.clock import local_day
from counter.errors import Refused
from counter.files import opened
from counter.locale import _
from counter.people import require
from counter.queue.booking import book, change_booking, close_open_bookings, live_booking
from counter.queue.inside import note
from counter.queue.office_rules import OfficeRules
from counter.queue.refusals import GivingStopped, RejectedBookings, TooManyLines, UnknownBooker
from counter.queue.rules import period_of, slot_text
from counter.sheets import EmptyFile, table_of
from counter.text import safe_text, search_key
from db.scope import office_of
from db.states import BookingChannel, Role, TicketState
from db.tables import Customer, Ticket

MOST_LINES: Final = 50_000
AT_ONCE: Final = 100
"""Lines booked between two looks at whether somebody stopped it."""
REPORTED: Final = 1_000
"""Wrong lines that are told one by one."""
_CODE = re.compile(r"[0-9A-Z]{1,20}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:hHgG.]([0-5][0-9])(?::00)?")
_TIME_BEHIND = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$")
Mode = Literal["all", "skip-wrong"]


@dataclass(frozen=True, slots=True)
class RejectedBooking:
    """A line that cannot be booked: where, what, why."""

    line: int
    field: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One appointment as the file asks for it. `slot` is the minute of the day."""

    line: int
    customer_code: str
    day: date
    slot: int
    class_code: str
    service_code: str


@dataclass(frozen=True, slots=True)
class BookingFile:
    """A file that was read: what it asks for, and its lines that cannot be read."""

    name: str
    sha256: str
    read: int
    lines: tuple[BookingLine, ...]
    rejected: tuple[RejectedBooking, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing in a file did."""

    file: str
    sha256: str
    read: int
    added: int
    changed: int
    unchanged: int
    rejected: tuple[RejectedBooking, ...]


def read_bookings(path: str | PathLike[str], *, rules: OfficeRules) -> BookingFile:
    """Read the call centre's file; no database is touched.

    Raises EmptyFile, TooManyLines and what counter.files, counter.legacy and counter.sheets refuse.
    """
    layout = rules.call_centre
    lines: list[BookingLine] = []
    rejected: list[RejectedBooking] = []
    seen: dict[tuple[str, str], BookingLine] = {}
    read = 0
    with opened(path) as file:
        table = table_of(file, layout)
        for number, row in table.rows:
            if not any(cell.strip() for cell in row):
                continue
            read += 1
            if read > MOST_LINES:
                raise TooManyLines(file=file.name, most=MOST_LINES)
            cells = {field: row[place].strip() if place < len(row) else "" for field, place in table.columns.items()}
            one: BookingLine | RejectedBooking | None = _line(number, cells, rules)
            if isinstance(one, BookingLine):
                one = _once(one, seen)
            if isinstance(one, BookingLine):
                lines.append(one)
            elif one is not None:
                rejected.append(one)
        if not read:
            raise EmptyFile(file=file.name)
        return BookingFile(file.name, file.sha256, read, tuple(lines), tuple(rejected))


def bring_bookings(
    session: Session,
    now: datetime,
    *,
    file: BookingFile,
    mode: Mode = "all",
    by: UUID,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Brought:
    """Book what the file asks for: new ones booked, others moved to its time, the same left as it is.

    With `all` one line that cannot be booked refuses the whole file; with `skip-wrong` such lines are left out and told:
    they change nothing, because booking and changing refuse before they write.
    `progress(done, total)` in lines; `cancelled()` is asked every hundred.
    Raises NotAllowed, RejectedBookings, GivingStopped.
    """
    require(session, user_id=by, roles=(Role.CASHIER, Role.SUPERVISOR))
    rejected = list(file.rejected)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for place, line in enumerate(file.lines):
        if place % AT_ONCE == 0:
            if cancelled():
                raise GivingStopped
            progress(place, len(file.lines))
            seen = _seen(session, file.lines[place : place + AT_ONCE])
        try:
            counts[_bring(session, now, line, seen, by=by)] += 1
        except Refused as refusal:
            value = f"{line.customer_code} {slot_text(line.slot)} {line.day:%d/%m/%Y}"
            rejected.append(RejectedBooking(line.line, "-", value, refusal.why_text()))
    rejected.sort(key=lambda one: one.line)
    if rejected and mode == "all":
        first = rejected[0]
        raise RejectedBookings(
            count=len(rejected),
            file=file.name,
            line=first.line,
            field=first.field,
            value=first.value,
            reason=first.why,
            lines=rejected[:REPORTED],
        )
    facts = {"file": file.name, "sha256": file.sha256, "read": file.read, **counts, "rejected": len(rejected)}
    note(session, now, kind="import", day=local_day(now), by=by, facts=facts)
    return Brought(file.name, file.sha256, file.read, **counts, rejected=tuple(rejected[:REPORTED]))


def try_bookings(
    session: Session,
    now: datetime,
    *,
    file: BookingFile,
    by: UUID,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Brought:
    """What `bring_bookings` would do without the wrong lines; nothing is changed. Raises NotAllowed, GivingStopped."""
    try:
        with session.begin_nested():
            raise _Tried(
                bring_bookings(session, now, file=file, mode="skip-wrong", by=by, progress=progress, cancelled=cancelled)
            )
    except _Tried as tried:
        session.expire_all()
        return tried.done


# --- inside -----------------------------------------------------------------------------------------------------------


class _Tried(Exception):
    """Takes back what was tried."""

    def __init__(self, done: Brought) -> None:
        super().__init__()
        self.done = done


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of some lines before any of them is booked: the customers there are, the tickets they made before."""

    customers: frozenset[str]
    tickets: frozenset[UUID]


def _seen(session: Session, lines: Sequence[BookingLine]) -> _Seen:
    office_id = office_of(session)
    codes, ids = {line.customer_code for line in lines}, [_id_of(office_id, line) for line in lines]
    customers = select(Customer.customer_code).where(Customer.office_id == office_id, col(Customer.customer_code).in_(codes))
    tickets = select(Ticket.ticket_id).where(Ticket.office_id == office_id, col(Ticket.ticket_id).in_(ids))
    return _Seen(frozenset(session.exec(customers)), frozenset(session.exec(tickets)))


def _bring(
    session: Session, now: datetime, line: BookingLine, seen: _Seen, *, by: UUID
) -> Literal["added", "changed", "unchanged"]:
    ticket_id = _id_of(office_of(session), line)
    if line.customer_code not in seen.customers:
        raise UnknownBooker(customer=line.customer_code)
    if ticket_id in seen.tickets:
        return "unchanged"  # cancelled, moved or served meanwhile: what happened here counts
    close_open_bookings(session, now, customer_codes=[line.customer_code], period=period_of(line.day))
    live = live_booking(session, customer_code=line.customer_code, day=line.day)
    if live is not None and (live.day, live.slot) == (line.day, line.slot):
        return "unchanged"
    if live is not None and live.channel is BookingChannel.CALL_CENTRE and live.state is TicketState.BOOKED:
        change_booking(session, now, move_id=ticket_id, ticket_id=live.ticket_id, day=line.day, slot=line.slot, by=by)
        return "changed"
    book(
        session,
        now,
        ticket_id=ticket_id,
        day=line.day,
        slot=line.slot,
        customer_code=line.customer_code,
        class_code=line.class_code,
        service_code=line.service_code,
        channel=BookingChannel.CALL_CENTRE,
        by=by,
    )
    return "added"


def _id_of(office_id: str, line: BookingLine) -> UUID:
    """One id for what a line asks for, whatever file it stands in; of version 5, so that it meets no id of ours."""
    text = f"call-centre\n{office_id}\n{line.customer_code}\n{line.day}\n{line.slot}"
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=5)


def _line(number: int, cells: dict[str, str], rules: OfficeRules) -> BookingLine | RejectedBooking:
    layout = rules.call_centre

    def wrong(field: str, why: str) -> RejectedBooking:
        return RejectedBooking(number, layout.heading_of(field), safe_text(cells.get(field, ""), limit=60), why)

    code = cells["customer_code"].upper()
    if not _CODE.fullmatch(code):
        return wrong("customer_code", _("it is not a customer's code"))
    day = _day(cells["day"], layout.days)
    if day is None:
        return wrong("day", _("it is not a day"))
    time = _TIME.fullmatch(cells["slot"])
    if time is None:
        return wrong("slot", _("it is not a time"))
    class_code = _called(cells.get("class", ""), {one.code: one.name for one in rules.classes.values()})
    if class_code is None:
        return wrong("class", _("known are: {known}").format(known=", ".join(rules.classes)))
    service_code = _called(cells.get("service", ""), {one.code: one.name for one in rules.services.values()})
    if service_code is None:
        return wrong("service", _("known are: {known}").format(known=", ".join(rules.services)))
    return BookingLine(number, code, day, int(time[1]) * 60 + int(time[2]), class_code, service_code)


def _once(one: BookingLine, seen: dict[tuple[str, str], BookingLine]) -> BookingLine | RejectedBooking | None:
    """The line, or None where an earlier one says the same; one that says something else of the same month is wrong."""
    first = seen.setdefault((one.customer_code, period_of(one.day)), one)
    if first is one:
        return one
    if (first.day, first.slot) == (one.day, one.slot):
        return None
    why = _("line {line} gives this customer another time in the same month").format(line=first.line)
    return RejectedBooking(one.line, "-", f"{one.customer_code} {slot_text(one.slot)} {one.day:%d/%m/%Y}", why)


def _day(text: str, shapes: Sequence[str]) -> date | None:
    bare = _TIME_BEHIND.sub("", text)
    for shape in (*shapes, "%Y-%m-%d"):
        try:
            found = datetime.strptime(bare, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return found if bare.isascii() and 2000 <= found.year <= 2999 else None
    return None


def _called(text: str, known: dict[str, str]) -> str | None:
    """The code that a cell names, by code or by name; empty for an empty cell, None for what nobody knows."""
    if not text:
        return ""
    wanted = search_key(text)
    return next((code for code, name in known.items() if wanted in (search_key(code), search_key(name))), None)
