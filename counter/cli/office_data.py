"""What is the office's own, not a computer's: what it is called, and the limit that a difference is held to."""

from __future__ import annotations

from typing import Any

from counter import office
from counter.cli.answers import say
from counter.cli.app import As, Json, acting, app, call
from counter.cli.helping import Commands
from counter.desk import Desk
from counter.locale import _
from counter.money import read_dong

office_app = Commands("the office itself")
app.add_typer(office_app, name="office")


@office_app.command("show")
def office_show(json: Json = False) -> None:  # noqa: FBT002
    """What the office is called, and above which difference a supervisor is asked."""
    _tell(call.desk(), as_json=json)


@office_app.command("difference-limit")
def office_difference_limit(amount: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A supervisor sets above which shortage or overage a hand-over needs a supervisor's word, at every till."""
    desk = call.desk()
    person = acting(desk, login)
    desk.do(office.set_difference_limit, limit=read_dong(amount), by=person.user_id)
    _tell(desk, as_json=json)


def _tell(desk: Desk, *, as_json: object) -> None:
    facts, limit = desk.see(office.the_office), desk.see(office.difference_limit)
    told: dict[str, Any] = {"office": facts, "difference_limit": limit}
    limited = _("A difference above {limit} needs a supervisor's word.").format(limit=limit)
    say(told, as_json=as_json, lines=[f"{facts.code}  {facts.name}", limited])
