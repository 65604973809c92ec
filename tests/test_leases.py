"""One program at a till: refused while another lives, free when it is silent, taken over by a supervisor."""

from __future__ import annotations

import pytest
from kit import Staff
from test_races import all_at_once

from counter import leases
from counter.audit import audit
from counter.desk import Desk
from counter.ids import new_id
from counter.leases import Holder, Program, TillHeld
from counter.people import NotAllowed


def program(place: str = "quay-1", machine: str = "a") -> Program:
    return Program(new_id(), place, machine)


def take(desk: Desk, staff: Staff, who: Program, till: str = "Q1") -> Program:
    desk.do(leases.take_till, till_code=till, program=who, user_id=staff.cashier.user_id)
    return who


def signs(desk: Desk, who: Program) -> bool:
    return desk.do(leases.sign, till_code="Q1", holder_id=who.holder_id)


def silence(desk: Desk, seconds: int) -> None:
    """As if the last sign were so long ago, by the database's clock."""
    earlier = {
        "sqlite": f"strftime('%Y-%m-%dT%H:%M:%fZ', seen_at, '-{seconds} seconds')",
        "postgresql": f"seen_at - interval '{seconds} seconds'",
    }
    with desk.database.engine.connect().execution_options(counter_write=True) as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE till_lease SET seen_at = {earlier[desk.database.dialect]}")


def holder(desk: Desk, till: str = "Q1") -> Holder:
    (found,) = [one for one in desk.see(leases.holders) if one.till_code == till]
    return found


def test_a_second_computer_is_told_who_has_the_till(desk: Desk, staff: Staff) -> None:
    first = take(desk, staff, program())
    with pytest.raises(TillHeld) as refused:
        take(desk, staff, program("quay-2", "b"))
    assert "quay-1" in refused.value.why_text() and "Trần Thị Lan" in refused.value.why_text()
    assert signs(desk, first)
    take(desk, staff, program("quay-2", "b"), till="Q2")


def test_a_till_that_was_let_go_is_free(desk: Desk, staff: Staff) -> None:
    first = take(desk, staff, program())
    desk.do(leases.let_go, till_code="Q1", holder_id=first.holder_id)
    assert holder(desk) == Holder("Q1", "", "", None, is_alive=False)
    second = take(desk, staff, program("quay-2", "b"))
    desk.do(leases.let_go, till_code="Q1", holder_id=first.holder_id)  # late: it is no longer the first one's
    assert not signs(desk, first)
    assert signs(desk, second)


def test_who_is_silent_for_a_minute_has_lost_the_till(desk: Desk, staff: Staff) -> None:
    first = take(desk, staff, program())
    silence(desk, 50)
    with pytest.raises(TillHeld):
        take(desk, staff, program("quay-2", "b"))
    assert signs(desk, first)
    silence(desk, 61)
    assert not holder(desk).is_alive
    second = take(desk, staff, program("quay-2", "b"))
    assert not signs(desk, first)
    assert signs(desk, second)
    assert (holder(desk).place, holder(desk).is_alive) == ("quay-2", True)


def test_a_silent_program_whose_till_nobody_took_goes_on(desk: Desk, staff: Staff) -> None:
    first = take(desk, staff, program())
    silence(desk, 3600)
    assert signs(desk, first)
    assert holder(desk).is_alive


def test_the_same_home_takes_its_till_again_at_once(desk: Desk, staff: Staff) -> None:
    crashed = take(desk, staff, program())
    again = take(desk, staff, program())
    assert not signs(desk, crashed)
    assert signs(desk, again)


def test_computers_of_the_same_name_are_two(desk: Desk, staff: Staff) -> None:
    take(desk, staff, program("quay", "a"))
    with pytest.raises(TillHeld):
        take(desk, staff, program("quay", "b"))


def test_a_supervisor_takes_a_till_over_and_the_journal_knows(desk: Desk, staff: Staff) -> None:
    first, second = take(desk, staff, program()), program("quay-2", "b")
    facts = {"till_code": "Q1", "program": second, "user_id": staff.cashier.user_id}
    with pytest.raises(NotAllowed):
        desk.do(leases.take_over, by=staff.cashier.user_id, **facts)
    assert signs(desk, first)
    desk.do(leases.take_over, by=staff.supervisor.user_id, **facts)
    assert not signs(desk, first)
    assert signs(desk, second)
    assert [(c.name, c.broken) for c in desk.see(audit) if not c.ok] == []


def test_a_supervisor_frees_a_till(desk: Desk, staff: Staff) -> None:
    first = take(desk, staff, program())
    with pytest.raises(NotAllowed):
        desk.do(leases.release, till_code="Q1", by=staff.other_cashier.user_id)
    desk.do(leases.release, till_code="Q1", by=staff.supervisor.user_id)
    assert not signs(desk, first)
    take(desk, staff, program("quay-2", "b"))


def test_two_computers_that_ask_at_once_get_one_till(desk: Desk, staff: Staff) -> None:
    asks = [lambda who=program(f"quay-{n}", str(n)): take(desk, staff, who) for n in range(4)]  # type: ignore[misc]
    said = all_at_once(*asks)
    (won,) = [one for one in said if isinstance(one, Program)]
    assert [type(one) for one in said if one is not won] == [TillHeld] * 3
    assert holder(desk).place == won.place


def test_a_computers_clock_decides_nothing(desk: Desk, staff: Staff) -> None:
    from datetime import timedelta

    from counter.clock import StillClock

    take(desk, staff, program())
    assert isinstance(desk.clock, StillClock)
    desk.clock.move(timedelta(days=400))
    with pytest.raises(TillHeld):
        take(desk, staff, program("quay-2", "b"))
