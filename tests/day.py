"""A cashier's day by chance: one seeded act after another at a real desk, each acknowledged only after `do` returned.

Run as a program it serves the torture tests: `python tests/day.py <database file>` reads one order a line, forks a cashier
for it (so that a kill costs no start of the program), and tells on the pipe what the cashier acknowledged:
`work <seed>` works until it is killed; `full <seed> <bytes>` works on a disk that ends after so many bytes.
"""

from __future__ import annotations

import os
import random
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from kit import KEEPER, MONDAY, OFFICE, Tray, approve, fill_safe, put_bill, put_claim
from sqlmodel import Session

from counter import payments, shifts, spool
from counter.bills import case_line, resolve_case
from counter.clock import StillClock
from counter.desk import Desk, DiskBroken, DiskFull
from counter.errors import Refused
from counter.ids import new_id
from counter.money import Dong, notes_for
from counter.payments import Receipt
from counter.people import SignedIn, user_named
from counter.print_jobs import print_again
from counter.shifts import ShiftFacts
from db.engine import open_database
from db.fast import run_all
from db.states import ApprovalAct, CashMoveKind, JobTrouble, ShiftState
from db.tables import Bill

CUSTOMERS = tuple(f"PA05LG{n:07d}" for n in range(1, 13))


class Day:
    """One cashier at one till, going on wherever the last one was killed. `said` hears of each acknowledged paper."""

    def __init__(self, desk: Desk, *, seed: int, said: Callable[[Receipt], None], login: str = "lan") -> None:
        self.desk = desk
        self.chance = random.Random(seed)
        self.mood = random.Random(seed + 1)
        self.said = said
        self.me: SignedIn = desk.see(user_named, login=login)
        self.boss: SignedIn = desk.see(user_named, login="ngan")
        self.taken: list[Receipt] = []

    def act(self) -> None:
        """One act. What the trade refuses is a normal part of a day; anything else is for the caller."""
        try:
            self._act()
        except (DiskFull, DiskBroken):
            raise
        except Refused:
            pass

    def _act(self) -> None:
        if isinstance(self.desk.clock, StillClock):
            self.desk.clock.move(timedelta(seconds=self.chance.choice((1, 5, 40, 600, 3600, -120))))
        shift = self.desk.see(shifts.last_shift, till_code=self.desk.till_code)
        if shift is None or shift.state is ShiftState.ACCEPTED:
            self._open()
        elif shift.state is ShiftState.HANDED_OVER:
            self._receive(shift)
        elif shift.state in (ShiftState.COUNTED, ShiftState.REFUSED):
            self._hand_over(shift)
        else:
            acts = (self.pay, self._reverse, self._advance, self._use, self._copy, self._move, self._count, self._paper)
            acts += (self._case, self._refund_advance)
            self.chance.choices(acts, weights=(60, 12, 8, 6, 4, 6, 4, 40, 8, 2))[0](shift)

    def _open(self) -> None:
        self.taken = []
        notes = {50_000: 10, 10_000: 40, 1_000: 100}
        self.desk.do(
            shifts.open_shift, shift_id=new_id(), till_code=self.desk.till_code, cashier_id=self.me.user_id, notes=notes
        )

    def _ack(self, receipt: Receipt) -> None:
        self.taken.append(receipt)
        self.said(receipt)

    def pay(self, shift: ShiftFacts) -> None:
        """Everything a customer owes, with one bill more than before, the oldest first."""
        code = self.chance.choice(CUSTOMERS)
        self._bill(code)
        owed = self.desk.see(owed_by, code=code)
        due = Dong(sum(amount for _, amount in owed))
        tendered = due if self.chance.random() < 0.5 else Dong(-(-due // 50_000) * 50_000)
        named = {"payment_id": new_id(), "shift_id": shift.shift_id, "by": self.me.user_id, "tendered": tendered}
        pay = lambda: self.desk.do(payments.take_cash, bill_ids=[bill for bill, _ in owed], **named)  # type: ignore[arg-type]  # noqa: E731
        self._ack(pay())
        if self.chance.random() < 0.1:
            self._ack(pay())  # pressed twice

    def _bill(self, code: str) -> None:
        number, amount = self.chance.getrandbits(40), self.chance.randrange(1_000, 2_000_000)
        year, month = self.chance.randrange(2020, 2027), self.chance.randrange(1, 13)
        self.desk.do(put_bill, code=code, number=number, amount=amount, month=month, year=year)

    def _reverse(self, shift: ShiftFacts) -> None:
        if not self.taken:
            return
        first = self.chance.choice(self.taken)
        word = approve(
            self.desk,
            act=ApprovalAct.REVERSE,
            subject=first.number,
            amount=first.amount,
            reason="Gõ nhầm",
            asked_by=self.me,
            granted_by=self.boss,
        )
        back = self.desk.do(
            payments.reverse,
            reversal_id=new_id(),
            payment_id=first.payment_id,
            reason="Gõ nhầm",
            shift_id=shift.shift_id,
            by=self.me.user_id,
            approval_id=word,
        )
        self._ack(back)

    def _case(self, shift: ShiftFacts) -> None:
        """CMIS claims less for a paid bill, or nothing: given back, kept as an advance, or settled in words."""
        paid = [receipt for receipt in self.taken if receipt.bill_ids]
        if not paid:
            return
        bill_id = self.chance.choice(self.chance.choice(paid).bill_ids)
        claimed = self.chance.choice((None, None, 1_000, 3_000_000))
        case_id = self.desk.do(put_claim, bill_id=bill_id, claimed=claimed)
        over = self.desk.see(case_line, case_id=case_id).too_much
        facts = {"case_id": case_id, "by": self.me.user_id, "payment_id": new_id(), "reason": "CMIS đổi hóa đơn"}
        how = self.chance.choice(("cash", "keep", "words"))
        if how == "words":
            self.desk.do(resolve_case, case_id=case_id, resolution="Đã báo khách", by=self.boss.user_id)
            return
        act, amount = (ApprovalAct.REFUND, -over) if how == "cash" else (ApprovalAct.KEEP, over)
        about: Any = {"act": act, "subject": bill_id, "amount": amount, "reason": facts["reason"]}
        word = approve(self.desk, asked_by=self.me, granted_by=self.boss, **about)
        if how == "cash":
            self.said(self.desk.do(payments.refund_case, shift_id=shift.shift_id, approval_id=word, **facts))
        else:
            self.said(self.desk.do(payments.keep_case, approval_id=word, **facts))

    def _refund_advance(self, shift: ShiftFacts) -> None:
        code = self.chance.choice(CUSTOMERS)
        left = self.desk.see(payments.advance_balance, customer_code=code)
        word = approve(
            self.desk,
            act=ApprovalAct.REFUND,
            subject=code,
            amount=-left,
            reason="Khách chuyển đi",
            asked_by=self.me,
            granted_by=self.boss,
        )
        back = self.desk.do(
            payments.refund_advance,
            payment_id=new_id(),
            customer_code=code,
            reason="Khách chuyển đi",
            shift_id=shift.shift_id,
            by=self.me.user_id,
            approval_id=word,
        )
        self.said(back)

    def _advance(self, shift: ShiftFacts) -> None:
        code, months = self.chance.choice(CUSTOMERS), self.chance.randrange(1, 4)
        due = self.desk.see(payments.advance_due, customer_code=code, months=months)
        taken = self.desk.do(
            payments.take_advance,
            payment_id=new_id(),
            customer_code=code,
            months=months,
            tendered=due,
            shift_id=shift.shift_id,
            by=self.me.user_id,
        )
        self._ack(taken)

    def _use(self, _shift: ShiftFacts) -> None:
        self._bill(self.chance.choice(CUSTOMERS))
        for receipt in self.desk.do(payments.use_advances, customer_codes=list(CUSTOMERS), by=self.boss.user_id):
            self.said(receipt)

    def _copy(self, _shift: ShiftFacts) -> None:
        if self.taken:
            first = self.chance.choice(self.taken)
            self.desk.do(payments.reprint, payment_id=first.payment_id, by=self.me.user_id)

    def _paper(self, _shift: ShiftFacts) -> None:
        """What a printer and a cashier do about the oldest paper, each time one step."""
        tills = [self.desk.till_code]
        asked = next((job for job in self.desk.see(spool.open_jobs, till_codes=tills) if job.asks or job.is_quiet), None)
        if asked is not None and self.chance.random() < 0.5:
            answer = self.chance.choice((spool.came_out, print_again))
            self.desk.do(answer, job_id=asked.job_id, by=self.me.user_id)
            return
        job = self.desk.see(spool.next_job, till_codes=tills)
        if job is None or not self.desk.do(spool.claim, job_id=job.job_id, printer="tray"):
            self.desk.do(spool.recover, till_codes=tills)
            return
        if self.chance.random() < 0.3:
            self.desk.do(spool.block, job_id=job.job_id, error=JobTrouble.NO_PAPER)
            return
        word = self.desk.do(spool.sending, job_id=job.job_id)
        self.desk.do(spool.awaiting, job_id=job.job_id)
        if self.chance.random() < 0.7:
            self.desk.do(spool.heard, ack_ids=[word], till_codes=tills)
        else:
            self.desk.do(spool.unconfirmed, job_id=job.job_id, error=JobTrouble.NO_ACK)

    def _move(self, shift: ShiftFacts) -> None:
        kind, amount = self.chance.choice(tuple(CashMoveKind)), Dong(self.chance.randrange(1, 20) * 100_000)
        facts = {"move_id": new_id(), "shift_id": shift.shift_id, "kind": kind, "reason": "Nộp bớt vào két"}
        word = None
        if kind is CashMoveKind.CHANGE_FROM_SAFE:
            fill_safe(self.desk, self.boss, int(amount))
            about: Any = {"act": ApprovalAct.FROM_SAFE, "subject": str(shift.shift_id), "reason": facts["reason"]}
            word = approve(self.desk, asked_by=self.me, granted_by=self.boss, amount=amount, **about)
        self.desk.do(shifts.move_cash, amount=amount, by=self.me.user_id, approval_id=word, **facts)  # type: ignore[arg-type]

    def _receive(self, shift: ShiftFacts) -> None:
        """The cash is taken, or goes back once in a while."""
        assert shift.counted is not None
        facts = {"shift_id": shift.shift_id, "by": self.boss.user_id}
        if self.mood.random() < 0.3:
            self.desk.do(shifts.refuse_shift, counted=shift.counted - Dong(1_000), reason="Thiếu một tờ", **facts)
        else:
            self.desk.do(shifts.accept_shift, counted=shift.counted, **facts)

    def _count(self, shift: ShiftFacts) -> None:
        found = self.desk.see(shifts.drawer, shift_id=shift.shift_id) + Dong(self.chance.choice((0, 0, 5_000, -5_000)))
        self.desk.do(
            shifts.count_drawer,
            count_id=new_id(),
            shift_id=shift.shift_id,
            notes=notes_for(max(found, Dong(0))),
            by=self.me.user_id,
        )

    def _hand_over(self, shift: ShiftFacts) -> None:
        if shift.state is ShiftState.REFUSED or self.chance.random() < 0.3:
            self._count(shift)
        self.desk.do(
            shifts.hand_over,
            shift_id=shift.shift_id,
            reason="Tiền lẻ",
            by=self.me.user_id,
        )


def owed_by(session: Session, *, code: str) -> list[tuple[str, Dong]]:
    """(bill, amount) the customer owes, oldest first."""
    rows = run_all(session, "older_unpaid", office_id=OFFICE, customer_code=code)
    return [(row.bill_id, session.get_one(Bill, (OFFICE, row.bill_id)).amount) for row in rows]


def paper_line(receipt: Receipt) -> str:
    """How an acknowledgement goes over a pipe."""
    return f"paid {receipt.number} {receipt.payment_id}"


def read_paper_line(line: str) -> tuple[str, UUID]:
    """(receipt number, payment id) of an acknowledgement."""
    _, number, payment_id = line.split()
    return number, UUID(payment_id)


def sit_down(path: str, *, login: str = "lan", till: str = "Q1") -> Desk:
    """A desk on a SQLite file whose office is there already."""
    database = open_database(f"sqlite:///{path}")
    return Desk(database=database, office_id=OFFICE, clock=StillClock(MONDAY), pins=KEEPER, paper=Tray(), till_code=till)


def say(text: str) -> None:
    """A line to whoever gave the order, in one write."""
    os.write(1, (text + "\n").encode())


def _work(path: str, seed: int) -> None:
    day = Day(sit_down(path), seed=seed, said=lambda receipt: say(paper_line(receipt)))
    say("ready")
    while True:
        day.act()


def _work_until_full(path: str, seed: int, limit: int) -> None:
    import resource

    day = Day(sit_down(path), seed=seed, said=lambda receipt: say(paper_line(receipt)))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        for _ in range(500):
            day.act()
        say("enough")
    except (DiskFull, DiskBroken) as refused:
        say(f"refused {refused.name}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    for _ in range(5):  # the same desk works again once there is room
        day.act()
    say("again")


def serve(path: str) -> None:
    """Fork a cashier for each order."""
    for order in sys.stdin:
        word, seed, *more = order.split()
        pid = os.fork()
        if pid == 0:
            try:
                if word == "work":
                    _work(path, int(seed))
                else:
                    _work_until_full(path, int(seed), int(more[0]))
            except BaseException:
                say("crashed " + traceback.format_exc().replace("\n", " | "))
            os._exit(0)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    serve(sys.argv[1])
