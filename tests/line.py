"""A day of the queue by chance: reception, tills, guard and supervisor press keys; a refusal is part of the day."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kit import put_bill
from sqlmodel import Session

from counter import queue
from counter.clock import StillClock, local_day
from counter.desk import Desk
from counter.errors import Refused
from counter.ids import new_id
from counter.people import user_named
from counter.queue import TicketFacts

CODES = tuple(f"PA05LG{n:07d}" for n in range(1, 41))
CLASSES = ("", "", "", "elderly", "disabled", "pregnant", "child")


def put_customers(session: Session, now: Any, *, codes: tuple[str, ...] = CODES) -> None:
    """The people who come, each with a bill."""
    for number, code in enumerate(codes, 1):
        put_bill(session, now, code=code, number=900_000 + number, amount=100_000)


class Line:
    """Whoever presses keys at one till of the queue, by a seed. `said` hears of each ticket an act gave back."""

    def __init__(
        self, desk: Desk, *, seed: int, till: str = "Q1", said: Callable[[str, TicketFacts], None] = lambda _act, _t: None
    ) -> None:
        self.desk, self.till, self.said = desk, till, said
        self.chance = random.Random(seed)
        self.boss = desk.see(user_named, login="ngan").user_id
        self.known: list[TicketFacts] = []
        self.refused: Counter[str] = Counter()

    def act(self) -> None:
        """One act; a refusal is counted."""
        if isinstance(self.desk.clock, StillClock):
            self.desk.clock.move(timedelta(seconds=self.chance.choice((1, 5, 20, 60, 120))))
        acts = (
            (self._issue, 20), (self._call, 25), (self._serve, 22), (self._next, 8), (self._book, 12), (self._arrive, 12),
            (self._recall, 4), (self._absent, 4), (self._transfer, 3), (self._hold, 3), (self._leave, 2), (self._cancel, 3),
            (self._change, 3), (self._offer, 3), (self._guard, 3), (self._let_in, 3), (self._cap, 1), (self._tills, 1),
        )  # fmt: skip
        try:
            self.chance.choices([one for one, _ in acts], weights=[weight for _, weight in acts])[0]()
        except Refused as refusal:
            self.refused[refusal.name] += 1

    def _do(self, name: str, action: Any, **named: Any) -> None:
        given = self.desk.do(action, **named)
        if isinstance(given, TicketFacts):
            self.known.append(given)
            self.said(name, given)

    def _ticket(self) -> TicketFacts:
        if not self.known:
            raise queue.UnknownTicket(ticket="–")
        return self.chance.choice(self.known[-40:])

    def _at_till(self, name: str, action: Any) -> None:
        self._do(name, action, move_id=new_id(), till_code=self.till, by=None)

    def _of_ticket(self, name: str, action: Any, **named: Any) -> None:
        self._do(name, action, move_id=new_id(), ticket_id=self._ticket().ticket_id, by=None, **named)

    def _issue(self) -> None:
        code = self.chance.choice((None, None, self.chance.choice(CODES)))
        service = self.chance.choice(("", "", "", "service"))
        named = {"class_code": self.chance.choice(CLASSES), "service_code": service, "customer_code": code}
        self._do("issue", queue.issue, ticket_id=new_id(), by=None, **named)

    def _slot(self) -> dict[str, Any]:
        day = local_day(self.desk.clock.now()) + timedelta(days=self.chance.choice((0, 0, 0, 1, 7)))
        return {"day": day, "slot": self.chance.choice(range(450, 990, 15))}

    def _book(self) -> None:
        who = {"customer_code": self.chance.choice(CODES), "class_code": self.chance.choice(CLASSES)}
        self._do("book", queue.book, ticket_id=new_id(), by=None, **self._slot(), **who)

    def _offer(self) -> None:
        self._do("offer", queue.hold_slot, ticket_id=new_id(), by=None, **self._slot())

    def _change(self) -> None:
        self._of_ticket("change", queue.change_booking, **self._slot())

    def _cancel(self) -> None:
        self._of_ticket("cancel", queue.cancel)

    def _arrive(self) -> None:
        self._of_ticket("arrive", queue.arrive)

    def _hold(self) -> None:
        self._of_ticket("hold", queue.hold)

    def _leave(self) -> None:
        self._of_ticket("leave", queue.leave)

    def _transfer(self) -> None:
        to = self.chance.choice((None, "Q1", "Q2"))
        self._of_ticket("transfer", queue.transfer, to_till=to, to_service=self.chance.choice(("", "service")))

    def _call(self) -> None:
        self._do("call", queue.call_next, call_id=new_id(), till_code=self.till, by=None)

    def _next(self) -> None:
        self._do("call", queue.serve_and_call_next, call_id=new_id(), till_code=self.till, by=None)

    def _serve(self) -> None:
        self._at_till("serve", queue.serve)

    def _recall(self) -> None:
        self._at_till("recall", queue.recall)

    def _absent(self) -> None:
        self._at_till("absent", queue.absent)

    def _guard(self) -> None:
        one = self.chance.choice((queue.somebody_in, queue.somebody_out))
        self._do("guard", one, move_id=new_id(), by=None)

    def _let_in(self) -> None:
        self._do("let_in", queue.let_in_next, move_id=new_id(), by=None)

    def _cap(self) -> None:
        day = local_day(self.desk.clock.now())
        self._do("cap", queue.set_room_cap, move_id=new_id(), day=day, cap=self.chance.randrange(2, 9), by=self.boss)

    def _tills(self) -> None:
        day = local_day(self.desk.clock.now())
        tills, begin = self.chance.randrange(0, 4), self.chance.randrange(450, 990)
        self._do("tills", queue.plan_tills, day=day, tills=tills, from_minute=begin, to_minute=1440, by=self.boss)
