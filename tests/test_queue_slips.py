"""A number and its slip are one transaction: a printer that fails takes no number back, and no old slip comes out later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kit import PIN
from printers import ScriptedPrinter, a_printer
from screens_kit import an_office, burst, holds, notice, screen_text, settle, typed

from counter import queue, spool
from counter.clock import StillClock, local_day
from counter.desk import Desk, NoPaper
from counter.feeder import Feeder
from counter.home import Home
from counter.ids import new_id
from counter.papers import poster_paper, ticket_paper
from counter.print_jobs import open_papers
from counter.queue import TicketFacts
from counter.screens.app import CounterApp
from counter.screens.queue.day import QueueDayScreen
from counter.screens.queue.reception import ReceptionScreen
from counter.screens.queue.wall_lines import RULE_SECONDS, Seen, wall_lines
from db.places import OneOwner
from db.states import JobAnswer, JobKind, JobState, JobTrouble
from tests.test_feeder import NARROW

TILLS = ["Q1"]


@pytest.fixture
def machine() -> Iterator[ScriptedPrinter]:
    with a_printer() as found:
        yield found


def issue(desk: Desk) -> TicketFacts:
    return desk.do(queue.issue, ticket_id=new_id(), by=None)


def jobs(desk: Desk) -> list[spool.JobFacts]:
    return [one for one in desk.see(spool.recent_jobs, till_codes=TILLS) if one.kind == JobKind.TICKET]


def feeder(desk: Desk, machine: ScriptedPrinter, folder: Path) -> Feeder:
    desk.paper = machine.printer(answers="yes", done="process-id")
    assert desk.paper.prints
    lock = OneOwner(folder / "printer.lock")
    return Feeder(desk, printer=desk.paper, lock=lock, settings=lambda: NARROW, retry=0.05)  # type: ignore[arg-type]


# --- the trade: on both kinds of database -----------------------------------------------------------------------------


def test_a_number_and_its_slip_are_written_together(desk: Desk) -> None:
    ticket = issue(desk)
    (job,) = jobs(desk)
    assert (job.job_id, job.subject, job.state) == (ticket.ticket_id, ticket.ticket_id, JobState.QUEUED)
    assert [line.name for line in desk.see(open_papers, till_code="Q1")] == [f"phiếu số {ticket.number}"]
    desk.do(queue.issue, ticket_id=ticket.ticket_id, by=None)  # the same key again
    assert len(jobs(desk)) == 1
    holds(desk)


def test_where_nothing_is_printed_a_number_waits_for_no_slip(desk: Desk) -> None:
    desk.paper = NoPaper()
    ticket = issue(desk)
    assert ticket.number == "A001" and jobs(desk) == []
    with pytest.raises(spool.NoPrinterHere):
        desk.do(queue.print_slip, ticket_id=ticket.ticket_id, job_id=new_id())


def test_a_slip_is_printed_again_as_long_as_somebody_can_use_it(desk: Desk, clock: StillClock) -> None:
    ticket, job_id = issue(desk), new_id()
    desk.do(queue.print_slip, ticket_id=ticket.ticket_id, job_id=job_id)
    assert desk.do(queue.print_slip, ticket_id=ticket.ticket_id, job_id=job_id).copy_no == 1
    offer = desk.do(queue.hold_slot, ticket_id=new_id(), day=local_day(clock.now()), slot=15 * 60, by=None)
    desk.do(queue.leave, move_id=new_id(), ticket_id=ticket.ticket_id, by=None)
    for nobodys in (ticket, offer):
        with pytest.raises(queue.NoSlip):
            desk.do(queue.print_slip, ticket_id=nobodys.ticket_id, job_id=new_id())
    holds(desk)


def test_the_office_says_its_own_rules_of_distance_and_what_is_suspended(desk: Desk, clock: StillClock) -> None:
    from counter.people import user_named

    by = desk.see(user_named, login="ngan").user_id
    content = 'distance = ["Đứng đúng vạch"]\nsuspended = ["Ký hợp đồng mới đến 30/11"]'
    desk.do(queue.set_rules, content=content, file="x", by=by)
    ticket = issue(desk)
    slip = desk.see(ticket_paper, ticket_id=ticket.ticket_id, settings=NARROW, now=clock.now())
    poster = desk.see(poster_paper, day=local_day(clock.now()), now=clock.now(), settings=NARROW, suspended=("Tư vấn",))
    assert slip.rules == poster.rules == ("Đứng đúng vạch",)
    assert poster.suspended == ("Ký hợp đồng mới đến 30/11", "Tư vấn")
    rules = desk.see(queue.rules)
    board = desk.see(queue.board, now=clock.now())
    shown = [
        wall_lines(
            Seen("x", board, rules.distance, rules.suspended, now=clock.now() + timedelta(seconds=RULE_SECONDS * n)),
            width=80,
            height=24,
        )[-1].text.strip()
        for n in range(2)
    ]
    assert sorted(shown) == ["Tạm ngừng: Ký hợp đồng mới đến 30/11", "Đứng đúng vạch"]
    for wrong in ("distance = [1]", 'suspended = [""]', f"distance = {['x'] * 9}"):
        with pytest.raises(queue.BadQueueRules):
            desk.do(queue.set_rules, content=wrong, file="x", by=by)


# --- the printer ------------------------------------------------------------------------------------------------------


def test_a_number_given_survives_a_printer_that_fails(desk: Desk, machine: ScriptedPrinter, tmp_path: Path) -> None:
    machine.habits.cover_open = True
    work = feeder(desk, machine, tmp_path)
    ticket = issue(desk)
    work.work_off()
    (job,) = jobs(desk)
    assert (job.state, job.error) == (JobState.BLOCKED, JobTrouble.COVER_OPEN)
    assert desk.see(queue.ticket, ticket_id=ticket.ticket_id).number == "A001"
    machine.mend()
    work.work_off()
    assert jobs(desk)[0].state is JobState.PRINTED and len(machine.papers) == 1
    holds(desk)


def test_slips_of_people_who_are_gone_do_not_come_out_once_the_printer_is_well(
    desk: Desk, machine: ScriptedPrinter, tmp_path: Path, clock: StillClock
) -> None:
    machine.habits.offline = True
    work = feeder(desk, machine, tmp_path)
    served, waiting, left = issue(desk), issue(desk), issue(desk)
    work.work_off()
    desk.do(queue.call_next, call_id=new_id(), till_code="Q1", by=None)
    desk.do(queue.serve, move_id=new_id(), till_code="Q1", by=None)
    desk.do(queue.leave, move_id=new_id(), ticket_id=left.ticket_id, by=None)
    machine.mend()
    work.work_off()
    state = {job.subject: (job.state, job.answer) for job in jobs(desk)}
    assert state[waiting.ticket_id] == (JobState.PRINTED, None)
    for gone in (served, left):
        assert state[gone.ticket_id][1] is JobAnswer.TOO_LATE
    assert len(machine.papers) == 1
    machine.habits.offline = True
    tomorrows = issue(desk)
    work.work_off()
    clock.move(timedelta(days=1))
    machine.mend()
    work.work_off()
    assert next(job for job in jobs(desk) if job.subject == tomorrows.ticket_id).answer is JobAnswer.TOO_LATE
    holds(desk)


# --- the screens ------------------------------------------------------------------------------------------------------


async def test_reception_gives_numbers_with_slips_prints_one_again_and_makes_files(home: Home) -> None:
    office = an_office(home)  # its paper is a tray: what is wanted waits in the spool
    async with CounterApp(home, office).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, f"lan⏎{PIN}⏎{{f9}}9")
        assert isinstance(pilot.app.screen, ReceptionScreen)
        await typed(pilot, "{f2}", "⏎", "⏎")
        assert len(jobs(office)) == 1
        await typed(pilot, "{f6}", "5")
        assert "The slip of A001 goes to the printer" in notice(pilot)
        assert [job.copy_no for job in jobs(office)] == [1, 0]
        await typed(pilot, "{f6}", "6")
        name = f"{local_day(office.clock.now()):%Y%m%d}-A001"
        assert (home.exports / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        assert (home.exports / f"{name}.png").exists()
    holds(office)


async def test_without_a_printer_the_number_is_there_all_the_same(home: Home) -> None:
    office = an_office(home)
    office.paper = NoPaper()
    async with CounterApp(home, office).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, f"lan⏎{PIN}⏎{{f9}}9{{f2}}⏎⏎")
        assert "A001" in screen_text(pilot)
        await typed(pilot, "{f6}", "5")
        assert "no printer" in notice(pilot)


async def test_the_poster_of_the_day_is_a_file_with_what_is_suspended(home: Home) -> None:
    import pypdf

    office = an_office(home)
    async with CounterApp(home, office).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, f"ngan⏎{PIN}⏎{{f6}}")
        assert isinstance(pilot.app.screen, QueueDayScreen)
        path = home.exports / f"poster-{local_day(office.clock.now()):%Y%m%d}.pdf"
        await typed(pilot, "{f7}", "⏎")
        assert "poster-" in notice(pilot) and "Suspended" not in words_of(pypdf, path)
        await typed(pilot, "{f7}", "1", "New contracts⏎")
        assert "Suspended: New contracts" in words_of(pypdf, path)


def words_of(pypdf: Any, path: Path) -> str:
    return " ".join(pypdf.PdfReader(path).pages[0].extract_text().split())
