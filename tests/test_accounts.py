"""Where customers' money goes: the first account is a supervisor's, any other needs two."""

from __future__ import annotations

import pytest
from bank import ACCOUNT, another_account, shift_with_account
from kit import Staff

from counter.approvals import NeedsApproval
from counter.desk import Desk
from counter.payments import qr
from counter.shifts import ShiftFacts


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.mark.parametrize(
    "change",
    [{"account": "222"}, {"bin": "970418"}, {"holder": "NGUYEN VAN X"}, {"memo_limit": 19}, {"code_block": "7"}],
    ids=["account", "bank", "holder", "memo", "codes"],
)
def test_one_supervisor_alone_sends_no_money_elsewhere(
    desk: Desk, staff: Staff, shift: ShiftFacts, change: dict[str, object]
) -> None:
    before = desk.see(qr.accounts)
    facts = {"account": ACCOUNT, "bin": "970436", "holder": "DIEN LUC LANG GIANG", "by": staff.supervisor.user_id}
    with pytest.raises(NeedsApproval):
        desk.do(qr.add_account, **(facts | change))
    assert desk.see(qr.accounts) == before
    assert desk.do(qr.add_account, **facts) == before


def test_two_supervisors_set_another_account(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    another_account(desk, staff, "222")
    assert [one.account for one in desk.see(qr.accounts)] == ["222", ACCOUNT]


def test_the_usual_account_is_changed_back_by_two(desk: Desk, staff: Staff, shift: ShiftFacts) -> None:
    """Setting an older account again makes it the usual one: that is a change, too."""
    another_account(desk, staff, "222")
    facts = {"account": ACCOUNT, "bin": "970436", "holder": "DIEN LUC LANG GIANG", "by": staff.supervisor.user_id}
    with pytest.raises(NeedsApproval):
        desk.do(qr.add_account, **facts)
