"""The gateway killed −9 under load, again and again: nothing that it acknowledged is lost, nothing is booked twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bank import ask, shift_with_account
from kit import Staff, put_bill
from providers import gateway_file, send, sepay_body, sepay_headers
from ready import desk_in_office

from counter import banking
from counter.audit import audit
from counter.clock import SystemClock
from counter.desk import Desk
from counter.ledger import Book, balance
from counter.payments import qr
from counter.people import user_named
from db.states import IntentState

ROOT = Path(__file__).parent.parent


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The office that the gateway's process serves, seen from here."""
    found = desk_in_office(tmp_path / "counter.db")
    (tmp_path / "pepper").write_bytes(b"0123456789abcdef")
    gateway_file(tmp_path)
    yield found
    found.database.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gateway:
    """`counter serve` as a program of its own."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "counter", "--home", str(home), "serve", "--port", str(self.port)]
        env = os.environ | {"PYTHONPATH": str(ROOT), "COUNTER_LANG": "en"}
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < end and self.process.poll() is None
            threading.Event().wait(0.05)

    def _answers(self) -> bool:
        try:
            return send(self.port, "/healthz", b"", method="GET")[0] == 200
        except OSError:
            return False

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(timeout=30)


class Provider(threading.Thread):
    """Sends what it has until each message was acknowledged; whatever was not is sent again, as providers do."""

    def __init__(self, port: int, bodies: list[bytes]) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.left = list(bodies)
        self.acknowledged: list[bytes] = []

    def run(self) -> None:
        while self.left:
            body = self.left[0]
            try:
                status, answer = send(self.port, "/webhooks/sepay", body, sepay_headers(body, at=time.time()))
            except OSError:
                return  # the gateway is gone; the rest comes again later
            if (status, answer) == (200, {"success": True}):
                self.acknowledged.append(self.left.pop(0))


def killed_under_load(desk: Desk, home: Path, *, rounds: int, messages: int) -> None:
    desk.clock = SystemClock()
    staff = Staff(*(desk.see(user_named, login=login) for login in ("lan", "huong", "ngan", "tra")))
    shift = shift_with_account(desk, staff)
    shown = ask(desk, staff, shift, desk.do(put_bill, code="PA05010000001", number=1, amount=180_000))
    bodies = [sepay_body(number, f"khong ma {number}", 1_000) for number in range(messages)]
    bodies.insert(messages // 2, sepay_body(messages, shown.memo, 180_000))
    parts = [bodies[place::4] for place in range(4)]
    acknowledged = 0
    for turn in range(rounds):
        gateway = Gateway(home)
        senders = [Provider(gateway.port, part) for part in parts]
        for sender in senders:
            sender.start()
        threading.Event().wait(0.15 + 0.1 * (turn % 4))
        gateway.end(signal.SIGKILL)
        for sender in senders:
            sender.join(timeout=30)
        parts = [sender.left for sender in senders]
        acknowledged += sum(len(sender.acknowledged) for sender in senders)
        assert desk.see(stored) >= acknowledged
    gateway = Gateway(home)
    senders = [Provider(gateway.port, part) for part in parts] + [Provider(gateway.port, bodies[:50])]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=120)
        assert sender.left == []
    gateway.end(signal.SIGTERM)
    banking.take_in(desk)
    assert desk.see(stored) == messages + 1
    assert desk.see(balance, book=Book.BANK) == messages * 1_000 + 180_000
    assert desk.see(qr.intent, intent_id=shown.intent_id).state is IntentState.PAID
    assert [check.name for check in desk.see(audit) if not check.ok] == []


def stored(session: object) -> int:
    from sqlalchemy import func
    from sqlmodel import Session, select

    from db.tables import BankArrival

    assert isinstance(session, Session)
    return session.exec(select(func.count()).select_from(BankArrival)).one()


def test_a_killed_gateway_loses_nothing_it_acknowledged_and_books_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    killed_under_load(desk, tmp_path, rounds=3, messages=120)


@pytest.mark.torture
def test_a_gateway_killed_thirty_times(desk: Desk, tmp_path: Path) -> None:
    killed_under_load(desk, tmp_path, rounds=30, messages=3_000)
