"""What is the office's own, not a computer's: its name, the limit that a difference is held to, what its safe holds."""

from __future__ import annotations

from counter import office, shifts
from counter.cli.answers import say
from counter.cli.app import As, Id, Json, acting, an_id, app, call
from counter.cli.day import Reason
from counter.cli.helping import Commands
from counter.desk import Desk
from counter.money import read_dong

office_app = Commands("the office itself, and its limits")
safe_app = Commands("what the safe holds")
app.add_typer(office_app, name="office")
app.add_typer(safe_app, name="safe")


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
    say(
        {"office": desk.see(office.the_office), "difference_limit": desk.see(office.difference_limit)},
        as_json=as_json,
    )


@safe_app.command("show")
def safe_show(json: Json = False) -> None:  # noqa: FBT002
    """What must lie in the safe by the books."""
    say({"safe": call.desk().see(shifts.safe_balance)}, as_json=json)


@safe_app.command("in")
def safe_in(amount: str, reason: Reason = "", login: As = "", id: Id = "", json: Json = False) -> None:  # noqa: FBT002
    """A supervisor notes cash that came into the safe from outside: what lay there at first, change from the bank."""
    desk = call.desk()
    person = acting(desk, login)
    came = read_dong(amount)
    holds = desk.do(shifts.fill_safe, move_id=an_id(id), amount=came, reason=reason, by=person.user_id)
    say({"safe": holds, "amount": came, "reason": reason}, as_json=json)
