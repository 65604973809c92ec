"""What people get or read before they come to a till: the ticket with their number, the poster at the door."""

from __future__ import annotations

from collections.abc import Iterator

from counter.clock import day_text
from counter.locale import translate as _
from counter.money import group_digits
from counter.printing.compose.parts import code, foot, head, instant, ruled, section, tight, titled
from counter.printing.documents import PosterDocument, PosterSlot, TicketDocument
from counter.printing.layout import Align, Banner, Gap, Line, Pair, Stroke, Style, Words


def rules_of_distance() -> tuple[str, ...]:
    """What everyone is asked for, where the office says nothing else."""
    return (
        _("Come when it is your time, not before."),
        _("Keep two metres from other people."),
        _("Go in only when your number is called."),
        _("If you missed your call, tell the guard: you keep a place."),
    )


def ticket(paper: TicketDocument) -> Iterator[Line]:
    """The number as large as the paper allows; then when, how many before, how long, and how to wait."""
    hide = paper.layout.hide
    yield from head(paper.office, paper.layout)
    yield Words(paper.layout.title or _("Your number"), Align.CENTRE, Style.STRONG)
    yield Words(paper.number, Align.CENTRE, Style.HUGE)
    if paper.slot:
        yield Banner(f"{paper.slot}  {day_text(paper.day)}")
    yield Gap(1)
    if not paper.slot:
        yield Pair(_("Day"), day_text(paper.day))
    if paper.service:
        yield Pair(_("Service"), paper.service)
    if paper.priority:
        yield Pair(_("Priority"), paper.priority, Style.STRONG)
    if paper.people_ahead is not None and "ahead" not in hide:
        yield Pair(_("People before you"), group_digits(paper.people_ahead), Style.STRONG)
    if paper.wait_high and "wait" not in hide:
        minutes = tight(_("{low}–{high} minutes").format(low=paper.wait_low, high=paper.wait_high))
        yield Pair(_("Waiting time"), minutes, Style.STRONG)
    yield Pair(_("Issued at"), instant(paper.issued_at))
    if "rules" not in hide:
        yield from ruled()
        yield from _numbered(paper.rules or rules_of_distance())
    if paper.lookup and "lookup" not in hide:
        yield from ruled()
        is_page = paper.lookup.startswith("http")
        yield from code(
            paper.lookup, _("Scan to see how far the queue is") if is_page else _("Show this code when you come in")
        )
    if paper.layout.footer:
        yield Gap(1)
    yield from foot(paper.layout)


def poster(paper: PosterDocument) -> Iterator[Line]:
    """The day at the door, as a strip of paper; `pdf.poster` makes a sheet of it."""
    yield from head(paper.office, paper.layout)
    yield from titled(_("Opening times"), layout=paper.layout)
    yield Words(day_text(paper.day), Align.CENTRE, Style.STRONG)
    yield Gap(1)
    if paper.closed:
        yield Banner(_("CLOSED: {reason}").format(reason=paper.closed))
    elif not paper.slots:
        yield Words(no_slots_words(), Align.CENTRE)
    for slot in paper.slots:
        yield Pair(slot.slot, slot_words(slot), Style.NORMAL if slot.note or not slot.free else Style.STRONG)
    if paper.suspended:
        yield from section(_("Suspended"))
        for text in paper.suspended:
            yield Words(text)
    if paper.room_cap:
        yield from ruled()
        yield Words(room_words(paper.room_cap), Align.CENTRE, Style.STRONG)
    if "rules" not in paper.layout.hide:
        yield from ruled()
        yield from _numbered(paper.rules or rules_of_distance())
    if paper.lookup and "lookup" not in paper.layout.hide:
        yield from ruled(Stroke.THIN)
        yield from code(paper.lookup, _("Scan to book a time"))
    yield from foot(paper.layout)


def slot_words(slot: PosterSlot) -> str:
    """What a slot says: how many places, or why there are none."""
    if slot.note:
        return slot.note
    if not slot.free:
        return _("full")
    return tight(_("{free} places").format(free=group_digits(slot.free)))


def no_slots_words() -> str:
    """What the poster says of an open day without slots."""
    return _("No times to book: please take a number at the door.")


def room_words(room_cap: int) -> str:
    """How many people may be inside."""
    return _("At most {people} people inside at a time").format(people=group_digits(room_cap))


def _numbered(texts: tuple[str, ...]) -> Iterator[Line]:
    for number, text in enumerate(texts, start=1):
        yield Words(f"{number}. {text}", style=Style.SMALL, hang=1)
