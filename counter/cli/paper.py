"""Papers by command: the day report, tickets and the poster, and the layouts an office gives its papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from counter import layouts
from counter.cli.answers import say, say_bytes
from counter.cli.app import As, Json, acting, app, call
from counter.cli.helping import Commands
from counter.cli.queue_words import Day, TicketArgument, a_day, the_ticket
from counter.cli.usage import WrongUsage
from counter.locale import _
from counter.outside import write_new
from counter.papers import as_file, day_paper, poster_paper, ticket_paper
from counter.papers.parts import FORMS
from counter.papers.samples import sample_paper
from counter.printing.documents import USUAL
from counter.printing.documents import Size as FormSize
from counter.printing.template import PAPERS, optional_lines

paper_app = Commands("the day report, tickets, the poster; layouts of papers")
layout_app = Commands("title, lines, logo and language of a paper")
app.add_typer(paper_app, name="paper")
paper_app.add_typer(layout_app, name="layout")

Form = Annotated[str, typer.Option("--as", help="text, pdf, png or escpos")]
Size = Annotated[str, typer.Option("--size", help="of a form: a5, or a4 with both copies")]
Out = Annotated[str, typer.Option("--out", help="write it here")]
Paper = Annotated[str, typer.Argument(help="receipt, shift, day, ticket, poster or forms")]


def a_size(size: str) -> FormSize:
    """The sheet of a form. Raises WrongUsage."""
    if size == "a5":
        return "a5"
    if size == "a4":
        return "a4"
    raise WrongUsage(problem="--size a5 | a4")


def a_form(form: str, *more: str) -> str:
    """One of the forms a paper can be had as. Raises WrongUsage."""
    if form not in (*FORMS, *more):
        raise WrongUsage(problem="--as " + " | ".join((*FORMS, *more)))
    return form


def write_out(data: bytes, *, form: str, out: str, answer: dict[str, Any], as_json: object) -> None:
    """The paper into the file that was named, else to standard output; with --json the answer.

    Raises NoSuchFolder, FileInTheWay, FileNotWritten.
    """
    if out:
        write_new(Path(out).absolute(), data, home=call.home.path)
    elif not as_json:
        say_bytes(data)
        return
    if form == "text":
        answer["text"] = data.decode()
    say({**answer, "out": out}, as_json=as_json, lines=[_("Written to {path}").format(path=out)])


@paper_app.command("day")
def paper_day(day: Day = "", form: Form = "text", out: Out = "", json: Json = False) -> None:  # noqa: FBT002
    """The Z report of a business day, as the books are now."""
    desk = call.desk()
    of = a_day(desk, day)
    paper = desk.see(day_paper, day=of, settings=call.home.settings, printed_at=desk.clock.now())
    answer = {
        "day": of,
        "final": not paper.unfinished and bool(paper.tills),
        "tills": [till.code for till in paper.tills],
        "receipts": sum(till.receipts for till in paper.tills),
        "reversals": sum(till.reversals for till in paper.tills),
        "refunds": sum(till.refunds for till in paper.tills),
        "taken": {part.method.lower(): part.amount for part in paper.taken},
        "from_advances": paper.from_advances,
        "kept_as_advances": paper.kept,
    }
    data = as_file(paper, form=a_form(form), settings=call.home.settings)
    write_out(data, form=form, out=out, answer=answer, as_json=json)


@paper_app.command("ticket")
def paper_ticket(
    ticket: TicketArgument,
    day: Day = "",
    form: Form = "text",
    out: Out = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The ticket of somebody in the queue, with how many stand before them."""
    desk = call.desk()
    ticket_id = the_ticket(desk, ticket, day)
    paper = desk.see(ticket_paper, ticket_id=ticket_id, settings=call.home.settings, now=desk.clock.now())
    answer = {
        "number": paper.number,
        "people_ahead": paper.people_ahead,
        "wait_low": paper.wait_low,
        "wait_high": paper.wait_high,
    }
    data = as_file(paper, form=a_form(form), settings=call.home.settings)
    write_out(data, form=form, out=out, answer=answer, as_json=json)


@paper_app.command("poster")
def paper_poster(
    day: Day = "",
    suspended: Annotated[list[str] | None, typer.Option("--suspended", help="what is suspended; may be given again")] = None,
    form: Form = "text",
    out: Out = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """The slots of a day for the door; as pdf a sheet of A4."""
    desk = call.desk()
    of = a_day(desk, day)
    told = tuple(suspended or ())
    paper = desk.see(poster_paper, day=of, now=desk.clock.now(), settings=call.home.settings, suspended=told)
    answer = {"day": of, "closed": paper.closed, "slots": [{"slot": slot.slot, "free": slot.free} for slot in paper.slots]}
    data = as_file(paper, form=a_form(form), settings=call.home.settings)
    write_out(data, form=form, out=out, answer=answer, as_json=json)


# --- layouts ---------------------------------------------------------------------------------------------------------


def _answer(paper: str) -> dict[str, Any]:
    layout = call.desk().see(layouts.chosen, paper=paper)
    return {
        "paper": paper,
        "title": layout.title,
        "lang": layout.lang,
        "header": layout.header,
        "footer": layout.footer,
        "hide": layout.hide,
        "logo": bool(layout.logo),
        "optional": [name for name, _words in optional_lines(paper)],
    }


@layout_app.command("list")
def layout_list(json: Json = False) -> None:  # noqa: FBT002
    """The papers, and what each does without or has of its own."""
    answers = [_answer(paper) for paper in PAPERS]
    lines = [f"{one['paper']}: {_('own layout') if _is_own(one) else _('usual layout')}" for one in answers]
    say({"layouts": answers}, as_json=json, lines=lines)


def _is_own(answer: dict[str, Any]) -> bool:
    return any(answer[field] for field in ("title", "lang", "header", "footer", "hide", "logo"))


@layout_app.command("show")
def layout_show(paper: Paper, json: Json = False) -> None:  # noqa: FBT002
    """The TOML of the layout in use, to change and save again."""
    text = call.desk().see(layouts.source, paper=paper)
    names = [f"# hide: {name} = {words}" for name, words in optional_lines(paper)]
    say({**_answer(paper), "toml": text}, as_json=json, lines=[*text.splitlines(), *names])


@layout_app.command("set")
def layout_set(paper: Paper, file: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Check a layout and use it from now on; a wrong one is refused with its line, and the old one stays."""
    desk = call.desk()
    person = acting(desk, login)
    text, folder = layouts.text_of(Path(file)), Path(file).resolve().parent
    layout = layouts.check(paper=paper, text=text, folder=folder)
    desk.do(layouts.keep, paper=paper, layout=layout, by=person.user_id)
    say(_answer(paper), as_json=json, lines=[_("The layout is in use from now on.")])


@layout_app.command("reset")
def layout_reset(paper: Paper, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Back to the usual layout."""
    desk = call.desk()
    person = acting(desk, login)
    desk.do(layouts.keep, paper=paper, layout=USUAL, by=person.user_id)
    say(_answer(paper), as_json=json, lines=[_("The layout is in use from now on.")])


@layout_app.command("preview")
def layout_preview(
    paper: Paper,
    file: Annotated[str, typer.Option("--layout", help="a TOML file to try; without it the layout in use")] = "",
    form: Form = "text",
    out: Out = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """A sample paper with a layout; nothing is saved."""
    layout = call.desk().see(layouts.chosen, paper=layouts.known(paper))
    if file:
        layout = layouts.check(paper=paper, text=layouts.text_of(Path(file)), folder=Path(file).resolve().parent)
    shown = call.desk().see(sample_paper, paper=paper, layout=layout)
    if isinstance(shown, bytes):
        if form != "pdf":
            raise WrongUsage(problem="--as pdf")
        data = shown
    else:
        data = as_file(shown, form=a_form(form), settings=call.home.settings)
    write_out(data, form=form, out=out, answer=_answer(paper), as_json=json)
