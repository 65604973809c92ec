"""The queue's office by command: tills and room of a day, rules, checklist, the call centre's file, whole meter books."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from counter import queue
from counter.cli.answers import say
from counter.cli.app import As, Id, Json, TillOption, acting, an_id, call, the_till
from counter.cli.queue_words import Day, a_count, a_day, a_minute, queue_app, who
from counter.cli.usage import WrongUsage
from counter.clock import day_text, local_day
from counter.files import opened
from counter.locale import _, translate
from counter.outside import write_new
from counter.papers.notices import WHAT, notices_file
from counter.queue import Checklist, DayReport, Plan
from counter.sheet_out import FORMS

MOST_RULES = 64 * 1024
"""Bytes of a file of rules that are read at all."""


@queue_app.command("tills")
def tills(
    count: Annotated[str, typer.Argument(metavar="N", help="so many tills are planned open")],
    day: Day = "",
    from_: Annotated[str, typer.Option("--from", help="from this time on, for example 10:00; from now without it")] = "",
    to: Annotated[str, typer.Option("--to", help="until this time; to the end of the day without it")] = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Cut or add tills; the rest of the day is shared out anew and every promise stays."""
    desk = call.desk()
    person, wanted = acting(desk, login), a_day(desk, day)
    before, after = desk.do(
        queue.plan_tills,
        day=wanted,
        tills=a_count(count),
        from_minute=a_minute(from_) if from_ else 0,
        to_minute=a_minute(to) if to else 24 * 60,
        by=person.user_id,
    )
    say({"day": wanted, "places_before": before, "places": after}, as_json=json)


@queue_app.command("share")
def share(day: Day = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Share the rest of a day out anew from how it stands: who is late takes room from the times to come."""
    desk = call.desk()
    person, wanted = acting(desk, login), a_day(desk, day)
    before, after = desk.do(queue.share_anew, day=wanted, by=person.user_id)
    say({"day": wanted, "places_before": before, "places": after}, as_json=json)


@queue_app.command("cap")
def cap(
    people: Annotated[str, typer.Argument(metavar="N", help="the most people inside")],
    day: Day = "",
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """How many people may be inside, from now on."""
    desk = call.desk()
    person, wanted = acting(desk, login), a_day(desk, day)
    now = desk.do(queue.set_room_cap, move_id=an_id(id), day=wanted, cap=a_count(people), by=person.user_id)
    board = desk.see(queue.board, now=desk.clock.now(), day=wanted)
    say({"day": wanted, "inside": board.inside, "room_cap": now}, as_json=json)


@queue_app.command("rules")
def rules(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="the office's rules as TOML; shown without it")] = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The office's rules for its queue: show them, or take them from a file."""
    desk = call.desk()
    if file:
        person = acting(desk, login)
        with opened(file, cap=MOST_RULES) as one:
            content = one.whole().decode("utf-8", errors="replace")
        desk.do(queue.set_rules, content=content, file=Path(file).name, by=person.user_id)
    content = desk.see(queue.rules_text)
    say({"rules": content}, as_json=json, lines=[content.rstrip()])


@queue_app.command("checklist")
def checklist(
    till: TillOption = "",
    yes: Annotated[list[str], typer.Option("--yes", help="this item is in order; “all” for every item")] = [],  # noqa: B006
    no: Annotated[list[str], typer.Option("--no", help="this item is not in order")] = [],  # noqa: B006
    remark: Annotated[str, typer.Option("--remark", help="a few words")] = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The till's opening checklist of today: show it, or answer and sign it."""
    desk = call.desk(till=till)
    code = the_till(desk)
    found = desk.see(queue.checklist, till_code=code, day=local_day(desk.clock.now()))
    if yes or no:
        person = acting(desk, login)
        answers = {item.code: True for item in found.items if "all" in yes or item.code in yes}
        answers |= dict.fromkeys(no, False)
        found = desk.do(queue.sign_checklist, till_code=code, answers=answers, remark=remark, by=person.user_id)
    say(asdict(found), as_json=json, lines=_checklist_lines(found))


def _checklist_lines(found: Checklist) -> list[str]:
    marks = {None: "·", True: "✓", False: "✗"}
    lines = [f"{marks[item.answer]} {item.code}: {item.text}" for item in found.items]
    signed = _("signed by {name}").format(name=found.signed_by) if found.is_signed else _("not signed yet")
    return [*lines, signed]


@queue_app.command("import")
def bring(
    file: str,
    skip_wrong: Annotated[bool, typer.Option("--skip-wrong", help="leave wrong lines out")] = False,  # noqa: FBT002
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Appointments from the call centre, CSV or XLSX; the same file again changes nothing."""
    desk = call.desk()
    person = acting(desk, login)
    read = queue.read_bookings(file, rules=desk.see(queue.rules))
    done = desk.do(queue.bring_bookings, file=read, mode="skip-wrong" if skip_wrong else "all", by=person.user_id)
    say(asdict(done), as_json=json)


@queue_app.command("spread")
def spread(
    first: Annotated[str, typer.Option("--from", help="the first day of the window")] = "",
    last: Annotated[str, typer.Option("--to", help="the last day of the window")] = "",
    books: Annotated[list[str], typer.Option("--book", help="a meter book; again for each; all without it")] = [],  # noqa: B006
    percent: Annotated[
        int, typer.Option("--peak", min=0, max=100, help="percent of today's peak at most; 0: as flat as can be")
    ] = 60,
    give: Annotated[bool, typer.Option("--give", help="give the places; only the plan without it")] = False,  # noqa: FBT002
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Collection days for whole meter books: fewest moved, flattest peak; with --give everybody gets a place."""
    desk = call.desk()
    by = acting(desk, login).user_id if give else who(desk, login)
    window = {"first": a_day(desk, first), "last": a_day(desk, last or first)}
    plan = desk.see(queue.spread_plan, now=desk.clock.now(), **window, book_codes=books, target_percent=percent)
    facts = {**asdict(plan), "customers": plan.customers, "tickets": [], "without": []}
    lines = _plan_lines(plan)
    if give:
        assert by is not None
        days = {book.book_code: book.day for book in plan.books}
        given = desk.do(queue.give_places, plan_id=an_id(id), days=days, last=plan.last, by=by)
        keys = ("customer_code", "number", "day", "slot")
        facts["tickets"] = [{key: getattr(ticket, key) for key in keys} for ticket in given.tickets]
        facts["without"] = given.without
        words = _("{n} places given, {without} customers without a place")
        lines.append(words.format(n=len(given.tickets), without=len(given.without)))
    say(facts, as_json=json, lines=lines)


def _plan_lines(plan: Plan) -> list[str]:
    words = _(
        "busiest day: {before}% of its places, then {after}%; {moved} of {all} customers on another day than last time"
    )
    lines = [f"{book.book_code}  {day_text(book.day)}  {book.customers}" for book in plan.books]
    return [*lines, words.format(before=plan.peak_before, after=plan.peak, moved=plan.moved, all=plan.customers)]


@queue_app.command("notices")
def notices(
    first: Annotated[str, typer.Option("--from", help="times from this day on; from tomorrow without it")] = "",
    last: Annotated[str, typer.Option("--to", help="until this day; 62 days without it")] = "",
    form: Annotated[str, typer.Option("--as", help="csv or xlsx")] = "csv",
    out: Annotated[str, typer.Option("--out", help="write it here")] = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Who must be told of a time: places given to whole books, times changed, bookings cancelled."""
    if form not in FORMS:
        raise WrongUsage(problem="--as " + " | ".join(FORMS))
    desk = call.desk()
    window = {"first": a_day(desk, first) if first else None, "last": a_day(desk, last) if last else None}
    found = desk.see(queue.notices, now=desk.clock.now(), **window)
    lines = [
        f"{one.number}  {one.slot} {day_text(one.day)}  {one.customer_code}  {translate(WHAT[one.kind])}" for one in found
    ]
    if out:
        data = notices_file(found, form=form)
        write_new(Path(out).absolute(), data, home=call.home.path)
        lines = [_("Written to {path}").format(path=out)]
    say({"notices": [asdict(one) for one in found], "out": out}, as_json=json, lines=lines)


@queue_app.command("report")
def report(day: Day = "", json: Json = False) -> None:  # noqa: FBT002
    """How a day went: waits, how right the told waits were, how many stood close."""
    desk = call.desk()
    load = desk.see(queue.day_load, day=a_day(desk, day), now=desk.clock.now())
    quarters = [{**asdict(one), "promised_too_many": one.promised_too_many} for one in load.quarters]
    say({**asdict(load.report), "quarters": quarters}, as_json=json, lines=_report_lines(load.report))


def _report_lines(found: DayReport) -> list[str]:
    return [
        _("{booked} booked, {walk_ins} without appointment, {served} served, {missed} missed").format(**asdict(found)),
        _("wait {mean} minutes, 95 of 100 within {late}").format(
            mean=round(found.mean_wait, 1), late=round(found.wait_95, 1)
        ),
        _("told waits: off by {rmse} minutes, {near}% within 5").format(
            rmse=round(found.told.rmse, 1), near=round(100 * found.told.near)
        ),
        _("most inside {inside}, on site {on_site}; {pairs} pair-minutes").format(
            inside=found.most_inside, on_site=found.most_on_site, pairs=round(found.pair_minutes_on_site)
        ),
    ]


@queue_app.command("end-day")
def end_day(
    day: Day = "",
    early: Annotated[bool, typer.Option("--early", help="although times are to come or people are here")] = False,  # noqa: FBT002
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The queue of a day is over: who did not come has missed it, the room is empty. Supervisors only."""
    desk = call.desk()
    person, wanted = acting(desk, login), a_day(desk, day)
    desk.do(queue.end_day_early if early else queue.end_day, day=wanted, by=person.user_id)
    report(day=wanted.isoformat(), json=json)


@queue_app.command("reopen-day")
def reopen_day(day: Day = "", login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Today's queue was ended by mistake: it runs again as it was. Supervisors only."""
    desk = call.desk()
    person, wanted = acting(desk, login), a_day(desk, day)
    desk.do(queue.reopen_day, day=wanted, by=person.user_id)
    report(day=wanted.isoformat(), json=json)
