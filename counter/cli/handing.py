"""Cash from one person's hands into another's, by command: hand over, accept, refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from counter import shifts
from counter.approvals import Word
from counter.cli.answers import say
from counter.cli.app import Approved, As, Json, TillOption, acting, an_id, call, the_till
from counter.cli.day import Reason, counted_answer, shift_app, with_word
from counter.cli.usage import WrongUsage
from counter.desk import Desk
from counter.locale import _
from counter.money import read_dong
from counter.people import SignedIn
from counter.shifts import NoOpenShift, ShiftFacts
from db.states import ApprovalAct

Which = Annotated[str, typer.Option("--shift", help="the shift_id of the drawer; the oldest that waits if left out")]
Received = Annotated[str, typer.Option("--counted", help="what the receiver counted")]


@shift_app.command("hand-over")
def shift_hand_over(
    till: TillOption = "",
    reason: Reason = "",
    login: As = "",
    approved_by: Approved = "",
    received: Received = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Give the counted cash away; with --approved-by the receiver takes it into the safe in the same go, or nothing is done.

    A supervisor who allows a large difference receives only what they counted: --counted.
    """
    desk = call.desk(till=till)
    person = acting(desk, login)
    shift = _to_end(desk, person)
    second = acting(desk, approved_by, pin_from="COUNTER_PIN2") if approved_by else None
    word = None
    if second is not None and shift.difference and desk.see(shifts.needs_word, difference=shift.difference):
        about = (ApprovalAct.DIFFERENCE, str(shift.shift_id), shift.difference, reason)
        word = Word(*about, by=person.user_id, granted_by=second.user_id)
    facts: dict[str, Any] = {"shift_id": shift.shift_id, "reason": reason, "by": person.user_id}
    counted = read_dong(received) if received else None
    action: Callable[..., ShiftFacts] = shifts.hand_over
    if second is not None and (word is None or counted is not None):
        action, facts = shifts.hand_to, facts | {"receiver_id": second.user_id, "counted": counted}
    shift = with_word(desk, action, word, **facts)
    say(counted_answer(shift), as_json=json)


def _to_end(desk: Desk, person: SignedIn) -> ShiftFacts:
    """The shift that is handed over here: the cashier's own whose cash was refused, the live one, the last one."""
    till = the_till(desk)
    refused = desk.see(shifts.refused_shift, cashier_id=person.user_id)
    if refused is not None and refused.till_code == till:
        return refused
    shift = desk.see(shifts.live_shift, till_code=till) or desk.see(shifts.last_shift, till_code=till)
    if shift is None:
        raise NoOpenShift
    return shift


@shift_app.command("accept")
def shift_accept(
    till: TillOption = "",
    received: Received = "",
    shift_id: Which = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Take the handed-over cash of a till into the safe; --counted is what the receiver counted."""
    desk = call.desk(till=till)
    person = acting(desk, login)
    if not received:
        raise WrongUsage(problem=_("{name} is missing").format(name="--counted"))
    shift, counted = _to_receive(desk, shift_id), read_dong(received)
    say(
        counted_answer(desk.do(shifts.accept_shift, shift_id=shift.shift_id, counted=counted, by=person.user_id)),
        as_json=json,
    )


@shift_app.command("refuse")
def shift_refuse(
    till: TillOption = "",
    reason: Reason = "",
    received: Received = "",
    shift_id: Which = "",
    login: As = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Do not take the handed-over cash of a till: it goes back to its cashier, who counts and hands over once more."""
    desk = call.desk(till=till)
    person, shift = acting(desk, login), _to_receive(desk, shift_id)
    counted = read_dong(received) if received else None
    done = desk.do(shifts.refuse_shift, shift_id=shift.shift_id, counted=counted, reason=reason, by=person.user_id)
    say(counted_answer(done), as_json=json)


def _to_receive(desk: Desk, shift_id: str) -> ShiftFacts:
    """The named shift, or the till's oldest whose cash waits; where none waits the last one, whose answer is told again.

    Raises NoOpenShift, NotHandedOver.
    """
    till = the_till(desk)
    if shift_id:
        named = desk.see(shifts.shift_facts, shift_id=an_id(shift_id))
        if named.till_code != till:
            raise shifts.NotHandedOver
        return named
    waiting = [one for one in desk.see(shifts.handed_over) if one.till_code == till]
    last = desk.see(shifts.last_shift, till_code=till)
    if not waiting and last is None:
        raise shifts.NotHandedOver
    return min(waiting, key=lambda one: one.shift_id) if waiting or last is None else last
