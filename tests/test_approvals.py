"""A second person's word: asked for, found again, taken back, too old; and nothing left over when the act is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from kit import Staff, open_shift, put_bill

from counter import approvals, payments
from counter.approvals import HOLDS, HOLDS_SENT, WAITS, AlreadyDecided, NeedsApproval, NotYourRequest, OwnAct, RequestOver
from counter.audit import audit
from counter.cli.day import with_word
from counter.clock import StillClock
from counter.desk import Desk
from counter.errors import SameIdOtherFacts
from counter.ids import new_id
from counter.money import Dong
from counter.people import NotAllowed
from db.states import ApprovalAct, ApprovalState, Role

ACT: dict[str, Any] = {"act": ApprovalAct.REVERSE, "subject": "PA0501-Q1-26-000001", "amount": Dong(345_678)}


def ask(desk: Desk, staff: Staff, by: Any = None) -> Any:
    approval_id = new_id()
    who = (by or staff.cashier).user_id
    desk.do(approvals.ask, approval_id=approval_id, reason="nhầm", till_code="Q1", by=who, **ACT)
    return approval_id


def use(desk: Desk, staff: Staff, approval_id: Any) -> Any:
    return desk.do(
        approvals.use, approval_id=approval_id, by=staff.cashier.user_id, roles=(Role.SUPERVISOR, Role.CASHIER), **ACT
    )


def standing(desk: Desk, staff: Staff, by: Any = None) -> Any:
    who = (by or staff.cashier).user_id
    return desk.see(approvals.standing, by=who, now=desk.clock.now(), **ACT)


def waiting(desk: Desk) -> list[Any]:
    return [one.approval_id for one in desk.see(approvals.waiting, now=desk.clock.now())]


def test_the_same_act_finds_its_request_and_then_its_answer(desk: Desk, staff: Staff) -> None:
    assert standing(desk, staff) is None
    approval_id = ask(desk, staff)
    assert standing(desk, staff).approval_id == approval_id
    assert standing(desk, staff, by=staff.other_cashier) is None
    desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)
    assert standing(desk, staff).state is ApprovalState.GRANTED
    use(desk, staff, approval_id)
    assert standing(desk, staff) is None


@pytest.mark.parametrize("other", [{"reason": "khác"}, {"till_code": "Q2"}, {"amount": Dong(1)}, {"subject": "x"}])
def test_a_requests_id_again_with_other_facts_is_refused(desk: Desk, staff: Staff, other: dict[str, Any]) -> None:
    facts = {"approval_id": new_id(), "reason": "nhầm", "till_code": "Q1", "by": staff.cashier.user_id, **ACT}
    assert desk.do(approvals.ask, **facts) == desk.do(approvals.ask, **facts)
    with pytest.raises(SameIdOtherFacts):
        desk.do(approvals.ask, **{**facts, **other})


def test_an_auditor_asks_for_nothing(desk: Desk, staff: Staff) -> None:
    with pytest.raises(NotAllowed):
        ask(desk, staff, by=staff.auditor)
    assert waiting(desk) == []


def test_a_word_given_to_one_person_is_not_anothers(desk: Desk, staff: Staff) -> None:
    approval_id = ask(desk, staff, by=staff.other_cashier)
    desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)
    with pytest.raises(NeedsApproval):
        use(desk, staff, approval_id)


def test_an_answer_is_found_before_a_later_request_for_the_same(desk: Desk, staff: Staff, clock: StillClock) -> None:
    first = ask(desk, staff)
    desk.do(approvals.grant, approval_id=first, by=staff.supervisor.user_id)
    clock.move(timedelta(seconds=1))
    ask(desk, staff)
    assert standing(desk, staff).approval_id == first


def test_a_no_is_not_found_again(desk: Desk, staff: Staff) -> None:
    approval_id = ask(desk, staff)
    desk.do(approvals.deny, approval_id=approval_id, by=staff.supervisor.user_id)
    assert standing(desk, staff) is None


def test_who_asked_takes_the_request_back_and_nobody_answers_it_then(desk: Desk, staff: Staff) -> None:
    approval_id = ask(desk, staff)
    with pytest.raises(NotYourRequest):
        desk.do(approvals.withdraw, approval_id=approval_id, by=staff.other_cashier.user_id)
    for _press in range(2):
        gone = desk.do(approvals.withdraw, approval_id=approval_id, by=staff.cashier.user_id)
        assert gone.state is ApprovalState.WITHDRAWN
    assert (waiting(desk), standing(desk, staff)) == ([], None)
    with pytest.raises(AlreadyDecided):
        desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)


def test_a_word_that_was_given_is_not_taken_back(desk: Desk, staff: Staff) -> None:
    approval_id = ask(desk, staff)
    desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)
    with pytest.raises(AlreadyDecided):
        desk.do(approvals.withdraw, approval_id=approval_id, by=staff.cashier.user_id)


def test_a_request_nobody_answered_in_time_is_gone(desk: Desk, staff: Staff, clock: StillClock) -> None:
    approval_id = ask(desk, staff)
    clock.move(WAITS)
    assert waiting(desk) == [approval_id]
    clock.move(timedelta(seconds=1))
    assert (waiting(desk), standing(desk, staff)) == ([], None)
    with pytest.raises(RequestOver):
        desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)


@pytest.mark.parametrize("sent", [True, False])
def test_a_word_from_another_screen_is_good_for_longer_than_one_on_the_spot(
    desk: Desk, staff: Staff, clock: StillClock, sent: bool
) -> None:
    approval_id = new_id()
    if sent:
        approval_id = ask(desk, staff)
        clock.move(timedelta(seconds=1))
        desk.do(approvals.grant, approval_id=approval_id, by=staff.supervisor.user_id)
    else:
        two = {"by": staff.cashier.user_id, "granted_by": staff.supervisor.user_id}
        desk.do(approvals.ask_and_grant, approval_id=approval_id, reason="", till_code="Q1", **two, **ACT)
    clock.move((HOLDS_SENT if sent else HOLDS) + timedelta(seconds=1))
    assert standing(desk, staff) is None
    with pytest.raises(NeedsApproval):
        use(desk, staff, approval_id)
    clock.move(timedelta(seconds=-2))
    use(desk, staff, approval_id)


def test_a_word_refused_on_the_spot_leaves_no_request_behind(desk: Desk, staff: Staff) -> None:
    me = staff.cashier.user_id
    with pytest.raises(OwnAct):
        desk.do(approvals.ask_and_grant, approval_id=new_id(), reason="", till_code="Q1", by=me, granted_by=me, **ACT)
    assert waiting(desk) == []


def test_other_requests_for_an_act_end_when_it_is_done(desk: Desk, staff: Staff) -> None:
    ask(desk, staff)
    ask(desk, staff, by=staff.other_cashier)
    word = ask(desk, staff)
    desk.do(approvals.grant, approval_id=word, by=staff.supervisor.user_id)
    use(desk, staff, word)
    assert waiting(desk) == []


def reversing(desk: Desk, staff: Staff, first: payments.Receipt, reversal_id: UUID, shift_id: UUID) -> payments.Receipt:
    """As a command does it: the word and the act in one go."""
    word = approvals.Word(
        ApprovalAct.REVERSE,
        first.number,
        first.amount,
        "Nhầm",
        by=staff.cashier.user_id,
        granted_by=staff.supervisor.user_id,
    )
    facts = {"reversal_id": reversal_id, "payment_id": first.payment_id, "reason": "Nhầm", "shift_id": shift_id}
    return with_word(desk, payments.reverse, word, **facts, by=staff.cashier.user_id)  # type: ignore[no-any-return]


def words_in(desk: Desk) -> list[str]:
    states = lambda session: session.connection().exec_driver_sql("SELECT state FROM approval").scalars().all()  # noqa: E731
    return sorted(desk.see(states))


def test_an_act_that_is_refused_or_done_before_leaves_no_word(desk: Desk, staff: Staff) -> None:
    shift = open_shift(desk, staff.cashier)
    bill = desk.do(put_bill, code="PA05LG0000001", number=1, amount=345_000)
    facts = {"bill_ids": [bill], "tendered": Dong(345_000), "shift_id": shift.shift_id, "by": staff.cashier.user_id}
    order = payments.order_subject([bill])
    people = {"by": staff.cashier.user_id, "granted_by": staff.supervisor.user_id}
    word = approvals.Word(ApprovalAct.OUT_OF_ORDER, order, Dong(345_000), "", **people)
    first = with_word(desk, payments.take_cash, word, payment_id=new_id(), **facts)  # nothing was out of order
    assert words_in(desk) == []
    reversal_id = new_id()
    back = reversing(desk, staff, first, reversal_id, shift.shift_id)
    assert words_in(desk) == ["USED"]
    assert reversing(desk, staff, first, reversal_id, shift.shift_id) == back
    with pytest.raises(payments.AlreadyReversed):
        reversing(desk, staff, first, new_id(), shift.shift_id)
    assert words_in(desk) == ["USED"]
    assert [check.name for check in desk.see(audit) if not check.ok] == []
