"""The office's own accounts that customers transfer to: data, kept by a supervisor."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from counter import approvals, journal
from counter.cashless.codes import LENGTH
from counter.clock import local_day
from counter.errors import BadInput
from counter.locale import N_
from counter.money import NOTHING
from counter.payments.qr.views import Account, accounts
from counter.people import require
from counter.text import safe_text
from db.scope import OFFICE_TILL, office_of
from db.states import ApprovalAct, Role
from db.tables import BankAccount

LONGEST_MEMO = 25


class AccountUnreadable(BadInput):
    """An account that no transfer can reach."""

    why = N_("“{text}” cannot be an account: {rule}.")
    todo = N_("Check the bank's paper: six digits of the bank, up to 19 of the account.")


def add_account(
    session: Session,
    now: datetime,
    *,
    account: str,
    bin: str,
    holder: str,
    by: UUID,
    memo_limit: int = LONGEST_MEMO,
    code_block: str = "",
    approval_id: UUID | None = None,
) -> list[Account]:
    """Add an account, or set what is known of it; the last one set is the default for new transfers. After the office's
    first one that needs a second supervisor's word: whoever sets it says where customers' money goes.

    `memo_limit` 12 to 25: characters its channel keeps. `code_block`: up to 4 digits that this office's payment codes start
    with, so that several offices can share one account. Raises AccountUnreadable, NeedsApproval, NotAllowed.
    """
    require(session, user_id=by, roles=(Role.SUPERVISOR,))
    _refuse(account, bin=bin, memo_limit=memo_limit, code_block=code_block)
    wanted = Account(account, bin, safe_text(holder, limit=120), memo_limit, code_block, True)
    known = accounts(session)
    if known and known[0] == wanted:
        return known
    approver = _second(session, now, wanted, by=by, approval_id=approval_id) if known else None
    _set(session, wanted)
    facts = {
        "account": account,
        "bin": bin,
        "holder": wanted.holder,
        "memo_limit": memo_limit,
        "code_block": code_block,
        "approver": approver,
    }
    journal.append(
        session, now, till_code=OFFICE_TILL, kind="bank.account", business_day=local_day(now), actor_id=by, facts=facts
    )
    return accounts(session)


def _second(session: Session, now: datetime, wanted: Account, *, by: UUID, approval_id: UUID | None) -> UUID:
    return approvals.use(
        session,
        now,
        approval_id=approval_id,
        act=ApprovalAct.ACCOUNT,
        subject=wanted.account,
        amount=NOTHING,
        reason=account_reason(bin=wanted.bin, holder=wanted.holder),
        by=by,
        roles=(Role.SUPERVISOR,),
    )


def _set(session: Session, wanted: Account) -> None:
    """The account as it is wanted, and the usual one."""
    office_id = office_of(session)
    for other in session.exec(
        select(BankAccount).where(BankAccount.office_id == office_id, col(BankAccount.is_default).is_(True))
    ):
        other.is_default = False
        session.add(other)
    row = session.get(BankAccount, (office_id, wanted.account)) or BankAccount(
        office_id=office_id, account=wanted.account, bin=wanted.bin, holder=""
    )
    row.bin, row.holder = wanted.bin, wanted.holder
    row.memo_limit, row.code_block, row.is_default = wanted.memo_limit, wanted.code_block, True
    session.add(row)
    session.flush()


def account_reason(*, bin: str, holder: str) -> str:
    """What the second person reads beside the account's number: its bank and its holder."""
    return f"{bin} {safe_text(holder, limit=120)}"


def _refuse(account: str, *, bin: str, memo_limit: int, code_block: str) -> None:
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise AccountUnreadable(text=safe_text(account, limit=40), rule="1–19")
    if not re.fullmatch(r"[0-9]{6}", bin):
        raise AccountUnreadable(text=safe_text(bin, limit=40), rule="BIN: 6")
    if not LENGTH <= memo_limit <= LONGEST_MEMO:
        raise AccountUnreadable(text=str(memo_limit), rule=f"{LENGTH}–{LONGEST_MEMO}")
    if not re.fullmatch(r"[0-9]{0,4}", code_block):
        raise AccountUnreadable(text=safe_text(code_block, limit=40), rule="0–4")
