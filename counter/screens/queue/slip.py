"""The slip of a ticket from a screen: to the printer of this computer, or as files for who wants it by mail or Zalo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter import queue
from counter.ids import new_id
from counter.locale import _
from counter.papers import ticket_paper
from counter.papers.parts import for_mail
from counter.queue import TicketFacts

if TYPE_CHECKING:
    from counter.screens.app import CounterApp


def print_slip(counter: CounterApp, ticket: TicketFacts) -> None:
    """One more slip; what became of it the sign says."""
    desk, job_id = counter.desk, new_id()

    def queued(_job: object) -> None:
        counter.wake_printer()
        counter.done(_("The slip of {number} goes to the printer.").format(number=ticket.number))

    counter.money(lambda: desk.do(queue.print_slip, ticket_id=ticket.ticket_id, job_id=job_id), queued)


def slip_as_file(counter: CounterApp, ticket: TicketFacts) -> None:
    """PDF and PNG in the exports folder."""
    desk, home = counter.desk, counter.home

    def write() -> Path:
        named = {"ticket_id": ticket.ticket_id, "settings": home.settings, "now": desk.clock.now()}
        paper = desk.see(ticket_paper, **named)  # type: ignore[arg-type]
        return for_mail(paper, name=f"{ticket.day:%Y%m%d}-{ticket.number}", folder=home.exports, settings=home.settings)

    counter.ask(write, lambda path: counter.done(_("PDF for mail, PNG for Zalo: {path}").format(path=path.with_suffix(""))))
