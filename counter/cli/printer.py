"""The printer by command: find it, set it up, look after its papers, drive it for several tills."""

from __future__ import annotations

import signal
import threading
from typing import Annotated, Any
from uuid import UUID

import typer

from counter import spool
from counter.cli.answers import say, talk
from counter.cli.app import As, Id, Json, TillOption, acting, an_id, app, call, the_till
from counter.cli.handing_out import answer, mention, print_now, trouble_of
from counter.cli.helping import Commands
from counter.clock import SystemClock, local_day, local_text
from counter.config import load_settings, save_settings
from counter.desk import Desk
from counter.errors import BadInput
from counter.feeder import LOCK, Now, feeder_of
from counter.locale import N_, _
from counter.papers import profile_of
from counter.print_jobs import open_papers, print_again, recent_papers
from counter.printer import place_of, place_text, refuse_file, till_printer
from counter.printing import PrinterAway, PrinterBrokeOff, Talk
from counter.printing.calibration import answered, questions
from counter.printing.models import models, profile_of_model
from counter.printing.profile import PrinterProfile
from counter.printing.transports import addresses, local_printers, on_the_network
from counter.words import said
from db.places import OneOwner
from db.states import JobKind

printer_app = Commands("find, set up and try the printer; its papers")
app.add_typer(printer_app, name="printer")
WIDTHS = {"58": {"paper_dots": 384, "paper_columns": 32}, "80": {"paper_dots": 576, "paper_columns": 48}}
ANSWERS = ("came-out", "print-again", "not-wanted")


class AnswerUnknown(BadInput):
    """An answer about paper that there is not."""

    why = N_("“{text}” is no answer about a paper.")
    todo = N_("Answer came-out, print-again or not-wanted.")


@printer_app.command("status")
def printer_status(till: TillOption = "", json: Json = False) -> None:  # noqa: FBT002
    """Where paper comes out, how the printer is, and how many papers are open."""
    desk = call.desk(till=till)
    standing = desk.see(spool.standing, till_codes=[the_till(desk)])
    facts = {
        "till": desk.till_code,
        "printer": place_text(call.home.settings),
        "prints": desk.paper.prints,
        **_condition(),
        "waiting": standing.waiting,
        "asks": standing.asks,
        "quiet": standing.quiet,
    }
    say(facts, as_json=json)


def _condition() -> dict[str, Any]:
    """How the printer is: asked here, unless another program drives it."""
    printer, lock = till_printer(call.home.settings), OneOwner(call.home.path / LOCK)
    bare: dict[str, Any] = {"driven": False, "answers": None, "trouble": None, "low_paper": None}
    if printer is None:
        return bare
    if not lock.take():
        return {**bare, "driven": True}
    try:
        line = printer.transport.open()
        try:
            seen = printer.look(Talk(line, patience=printer.patience))
        finally:
            line.close()
    except (PrinterAway, PrinterBrokeOff) as refused:
        talk(f"! {refused.why_text()}\n  → {refused.todo_text()}")
        return {**bare, "trouble": "AWAY"}
    finally:
        lock.let_go()
    return {"driven": False, "answers": seen.answered, "trouble": seen.trouble, "low_paper": seen.low_paper}


@printer_app.command("jobs")
def printer_jobs(
    till: TillOption = "",
    every: Annotated[bool, typer.Option("--all", help="also what is printed or answered, newest first")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """The papers that are neither printed nor answered, in order."""
    desk = call.desk(till=till)
    papers = desk.see(recent_papers if every else open_papers, till_code=the_till(desk))
    jobs = [{"name": paper.name, **answer(paper.job)} for paper in papers]
    say({"jobs": jobs}, as_json=json)


@printer_app.command("resolve")
def printer_resolve(
    job: Annotated[str, typer.Argument(help="a job's id, or “quiet”: all that a printer without a voice was sent")],
    reply: Annotated[str, typer.Argument(help="came-out, print-again or not-wanted")],
    till: TillOption = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Say what became of a paper; print-again prints one copy, BẢN SAO LẦN n."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    if reply not in ANSWERS:
        raise AnswerUnknown(text=reply[:40])
    if job == "quiet":
        if reply != "came-out":
            raise AnswerUnknown(text=reply)
        count = desk.do(spool.all_came_out, till_code=the_till(desk), by=person.user_id)
        say({"answered": count}, as_json=json)
        return
    act = {"came-out": spool.came_out, "print-again": print_again, "not-wanted": spool.not_wanted}[reply]
    found = desk.do(act, job_id=_job_id(job), by=person.user_id)
    say(mention(print_now(desk, found.job_id)), as_json=json)


def _job_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise spool.UnknownJob(job=text[:40]) from None


@printer_app.command("test")
def printer_test(till: TillOption = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """Print a test page."""
    _page(call.desk(till=till), JobKind.TEST, an_id(id), as_json=json)


def _page(desk: Desk, kind: JobKind, job_id: UUID, *, as_json: object, done: str | None = None) -> None:
    facts = {"kind": kind, "subject": job_id, "till_code": the_till(desk), "job_id": job_id}
    job = print_now(desk, desk.do(spool.queue_again, **facts).job_id)  # type: ignore[arg-type]
    if trouble := trouble_of(job):
        raise trouble
    say(answer(job), as_json=as_json, done=done)


@printer_app.command("calibrate")
def printer_calibrate(
    seen: Annotated[list[str], typer.Option("--answer", help="QUESTION=ANSWER, once for each question")] = [],  # noqa: B006
    till: TillOption = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Print the calibration page and ask; with --answer, keep what was seen on it."""
    if not seen:
        for question in questions():
            choices = ", ".join(f"{choice.key} = {choice.means}" for choice in question.choices)
            talk(f"{question.key}: {question.ask}\n  {choices}")
        then = _("Look at the page, then say what you see on it with --answer.")
        _page(call.desk(till=till), JobKind.CALIBRATION, an_id(id), as_json=json, done=then)
        return
    answers = dict(one.partition("=")[::2] for one in seen)
    profile = answered(profile_of(call.home.settings), answers=answers, day=local_day(call.desk().clock.now()))
    _keep(profile, as_json=json)


def _keep(profile: PrinterProfile, *, as_json: object) -> None:
    """What is known about this till's printer from now on."""
    plain = profile.as_plain()
    width = {"paper_dots": plain.pop("dots"), "paper_columns": plain.pop("columns")}
    plain.pop("baud")
    save_settings(call.home.path, {**width, "printer": plain})
    say({**width, **plain}, as_json=as_json)


@printer_app.command("model")
def printer_model(
    name: Annotated[str, typer.Argument(help="the model, as python-escpos calls it; without it the names")] = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take width, QR code and knife from a known model; which letters it has only the calibration page tells."""
    if name:
        _keep(profile_of_model(name), as_json=json)
    else:
        say({"models": models()}, as_json=json, lines=list(models()))


@printer_app.command("find")
def printer_find(
    hosts: Annotated[list[str], typer.Argument(help="addresses to try; no others are asked")] = [],  # noqa: B006
    json: Json = False,  # noqa: FBT002
) -> None:
    """Printers plugged into this computer, known to its system, or listening at the addresses you type."""
    found = local_printers()
    if hosts:
        found += on_the_network(addresses(" ".join(hosts)))
    places = [f"{one.kind}:{one.address}" for one in found]
    say({"printers": places}, as_json=json, lines=places or [_("No printer found.")])


@printer_app.command("use")
def printer_use(
    place: Annotated[str, typer.Argument(help="tcp:HOST, usb:/dev/usb/lp0, serial:PORT@BAUD, cups:NAME, file:PATH, none")],
    drawer: Annotated[str, typer.Option("--drawer", help="the cash drawer's pin: 2, 5 or none")] = "",
    width: Annotated[str, typer.Option("--width", help="the paper: 58 or 80 mm")] = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Use this printer from now on, says a supervisor; how it speaks is found out anew.

    A program that runs takes it at its next start.
    """
    found = place_of(place)
    values = dict(found.settings)
    if drawer:
        values["paper_drawer"] = drawer
    if width:
        if width not in WIDTHS:
            raise typer.BadParameter("58 | 80")
        values |= WIDTHS[width]
    if drawer and drawer not in ("2", "5", "none"):
        raise typer.BadParameter("2 | 5 | none")
    desk = call.desk()
    person = acting(desk, login)
    refuse_file(found, home=call.home.path)
    desk.do(spool.note_printer, printer=str(found), till_code=desk.till_code, by=person.user_id)
    save_settings(call.home.path, {**values, "paper_answers": "auto", "paper_done": "auto"})
    settings = load_settings(call.home.path)
    say({"printer": place_text(settings), "drawer": settings.paper_drawer, "dots": settings.paper_dots}, as_json=json)


@printer_app.command("drawer")
def printer_drawer(
    reason: Annotated[str, typer.Option("--reason", help="why, in a few words")] = "",
    till: TillOption = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Open the cash drawer; the journal keeps who and why."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    job = desk.do(spool.open_drawer, job_id=an_id(id), till_code=the_till(desk), reason=reason, by=person.user_id)
    say(answer(print_now(desk, job.job_id)), as_json=json)


@printer_app.command("run")
def printer_run(
    tills: Annotated[list[str], typer.Option("--till", help="a till whose paper comes out here; again for each")] = [],  # noqa: B006
) -> None:
    """Print for these tills until stopped: for a printer that several tills share (their setting: paper = shared)."""
    desk = call.desk(till=tills[0] if tills else "")
    codes = tills or [the_till(desk)]
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    feeder = feeder_of(call.home, desk, tills=codes, on_change=_tell)
    if feeder is None:
        raise spool.NoPrinterHere
    feeder.start()
    over.wait()
    feeder.stop()


def _tell(now: Now) -> None:
    trouble = f" · {said(now.trouble)}" if now.trouble else ""
    talk(f"{local_text(SystemClock().now())} {now.sign}{trouble} · {now.standing.waiting}")
