"""The gateway over real sockets: stored before it is answered, booked once, forged turned away, secrets in no log."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from bank import ACCOUNT, AN, DAY, ask, movement, now_is, shift_with_account, surplus_of
from kit import MONDAY, Staff, put_bill
from providers import (
    CHECKSUM,
    SECRET,
    casso_body,
    casso_headers,
    casso_row,
    gateway_file,
    listing,
    payos_body,
    send,
    sepay_body,
    sepay_headers,
    sepay_row,
    serving,
)
from screens_kit import a_home, an_office

from counter import banking
from counter.audit import audit
from counter.cashless.feeds import Told
from counter.cashless.feeds.lists import CassoList, SePayList
from counter.cashless.statements import Line, Statement
from counter.desk import Desk
from counter.gateway.app import Gateway
from counter.gateway.keeping import Keeper, TooMany
from counter.gateway.limits import ADDRESSES, MINUTE, TRIES, Strikes
from counter.gateway.polling import ask as ask_list
from counter.gateway.providers import load_providers
from counter.gateway.refusals import GatewayFileOpen, GatewayFileWrong, ProviderAway
from counter.gateway.serving import make_server
from counter.ids import new_id
from counter.ledger import Book, balance
from counter.money import Dong
from counter.payments import qr
from counter.reconcile.arrivals import arrivals_waiting, store_arrival
from counter.reconcile.messages import WHY, waiting_messages
from counter.reconcile.statements import bring_statement
from counter.shifts import ShiftFacts
from db.states import IntentState


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def shown(desk: Desk, staff: Staff, shift: ShiftFacts) -> qr.Intent:
    """A transfer of 180.000 ₫ that is waited for."""
    return ask(desk, staff, shift, desk.do(put_bill, code=AN, number=1, amount=180_000))


@pytest.fixture
def gateway(desk: Desk, tmp_path: Path) -> Gateway:
    gateway_file(tmp_path)
    return Gateway(desk, load_providers(tmp_path))


@pytest.fixture
def port(gateway: Gateway, shift: ShiftFacts) -> Iterator[int]:
    with serving(gateway) as port:
        yield port


def until(said: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end, "it never was"
        threading.Event().wait(0.02)


def sepay(port: int, desk: Desk, body: bytes, **told: str) -> tuple[int, object]:
    return send(port, "/webhooks/sepay", body, sepay_headers(body, at=desk.clock.now().timestamp(), **told))


def holds(desk: Desk) -> None:
    assert [check.name for check in desk.see(audit) if not check.ok] == []


# --- money --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["sepay", "payos", "casso"])
def test_a_providers_message_settles_the_transfer_by_itself(desk: Desk, shown: qr.Intent, port: int, provider: str) -> None:
    at = desk.clock.now().timestamp()
    body = {"sepay": sepay_body, "casso": casso_body}[provider](7, shown.memo, 180_000) if provider != "payos" else b""
    headers = {"sepay": sepay_headers, "casso": casso_headers}[provider](body, at=at) if body else {}
    body = body or payos_body("FT7", shown.memo, 180_000)
    assert send(port, f"/webhooks/{provider}", body, headers) == (200, {"success": True})
    until(lambda: now_is(desk, shown) is IntentState.PAID)
    holds(desk)


def test_w10_the_same_message_again_is_the_same_money(desk: Desk, gateway: Gateway, shown: qr.Intent, port: int) -> None:
    body = sepay_body(7, shown.memo, 180_000)
    for _ in range(3):
        assert sepay(port, desk, body) == (200, {"success": True})
    until(lambda: now_is(desk, shown) is IntentState.PAID)
    assert gateway.counts == {("sepay", "stored"): 1, ("sepay", "known"): 2}
    assert (desk.see(balance, book=Book.BANK), desk.see(surplus_of)) == (180_000, [])


def test_many_messages_at_once_are_all_stored_and_each_once(desk: Desk, port: int) -> None:
    bodies = [sepay_body(number % 60, f"khong ma {number % 60}", 1_000) for number in range(120)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: sepay(port, desk, body), bodies))
    assert answers == [(200, {"success": True})] * 120
    until(lambda: desk.see(arrivals_waiting) == 0, seconds=60)
    assert desk.see(balance, book=Book.BANK) == 60_000


@pytest.mark.parametrize(("amount", "state"), [(179_999, IntentState.UNDERPAID), (180_001, IntentState.OVERPAID)])
def test_w11_another_amount_settles_nothing(
    desk: Desk, shown: qr.Intent, port: int, amount: int, state: IntentState
) -> None:
    assert sepay(port, desk, sepay_body(7, shown.memo, amount))[0] == 200
    until(lambda: now_is(desk, shown) is state)


def test_w13_another_account_is_a_case(desk: Desk, shown: qr.Intent, port: int) -> None:
    assert sepay(port, desk, sepay_body(7, shown.memo, 180_000, accountNumber="999"))[0] == 200
    until(lambda: [one.why for one in desk.see(waiting_messages)] == [WHY["BankAccountUnknown"]])
    assert now_is(desk, shown) is IntentState.SHOWN


def test_a_proven_message_that_cannot_be_read_is_kept_as_a_case(desk: Desk, shown: qr.Intent, port: int) -> None:
    assert sepay(port, desk, sepay_body(7, shown.memo, "180000"))[0] == 200
    assert [one.detail for one in desk.see(waiting_messages)] == ["transferAmount"]


def test_the_same_money_by_webhook_by_list_and_by_statement_is_one(
    desk: Desk, staff: Staff, shown: qr.Intent, port: int
) -> None:
    sepay(port, desk, sepay_body(7, shown.memo, 180_000))
    until(lambda: now_is(desk, shown) is IntentState.PAID)
    with listing() as (lists, url):
        lists.rows = [sepay_row(7, f"MBVCB.99.{shown.memo}.CT tu 001", 180_000)]
        assert ask_list(desk, SePayList("token", url)).added == 0
    line = Line(1, desk.clock.now().date(), Dong(180_000), is_out=False, memo=f"020097.{shown.memo}.CT", reference="MBVCB.7")
    told = Statement("s.csv", "0" * 64, "generic", ACCOUNT, None, None, (line,), ())
    assert desk.do(bring_statement, statement_id=new_id(), statement=told, by=staff.supervisor.user_id).added == 0
    assert not banking.take_in(desk).matched
    assert (desk.see(balance, book=Book.BANK), desk.see(surplus_of)) == (180_000, [])


# --- strangers ----------------------------------------------------------------------------------------------------------


def test_a_forged_message_is_turned_away_and_nothing_is_stored(desk: Desk, shown: qr.Intent, port: int) -> None:
    body = sepay_body(7, shown.memo, 180_000)
    assert sepay(port, desk, body, secret="guessed")[0] == 401
    assert send(port, "/webhooks/sepay", body)[0] == 401
    assert send(port, "/webhooks/momo", body)[0] == 404
    assert send(port, "/webhooks/sepay", b"", method="GET")[0] == 405
    assert desk.see(arrivals_waiting) == 0


def test_many_forged_messages_are_answered_shortly_and_hold_up_no_true_one(
    desk: Desk, shown: qr.Intent, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    body = sepay_body(7, shown.memo, 180_000)
    with caplog.at_level(logging.WARNING, logger="counter"):
        answers = [sepay(port, desk, body, secret="guessed")[0] for _ in range(TRIES + 5)]
    assert answers == [401] * TRIES + [429] * 5
    assert len([one for one in caplog.records if "without proof" in one.getMessage()]) == TRIES
    assert sepay(port, desk, body)[0] == 200


def test_strikes_are_forgotten_after_a_minute_and_never_fill_the_memory() -> None:
    now = [0.0]
    strikes = Strikes(monotonic=lambda: now[0])
    assert [strikes.strike("a") for _ in range(TRIES + 1)] == [True] * TRIES + [False]
    now[0] = MINUTE
    assert strikes.strike("a")
    for number in range(ADDRESSES + 50):
        strikes.strike(str(number))
    assert len(strikes._seen) == ADDRESSES


def test_w14_ten_megabytes_are_not_even_read(desk: Desk, gateway: Gateway, port: int) -> None:
    body = sepay_body(7, "x" * 70_000, 1)
    assert sepay(port, desk, body)[0] == 413
    chunked = b"POST /webhooks/sepay HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(chunked)
        with suppress(OSError):
            for _ in range(160):
                line.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        until(lambda: gateway.counts["sepay", "too_large"] == 2)


def test_a_head_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    """Half-sent heads cost nothing and would hold every place; a whole one, and the next after it, are answered."""
    gateway_file(tmp_path)
    home = a_home(tmp_path)
    an_office(home)
    server = make_server(home, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as lines:
        silent, half, next_one = (
            lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(3)
        )
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127")
        next_one.sendall(whole)
        assert b" 200 " in next_one.recv(2000)
        next_one.sendall(b"GET /hea")
        assert [line.recv(2000) for line in (silent, half, next_one)] == [b"", b"", b""]
    server.should_exit = True
    thread.join(timeout=30)


def test_a_body_that_does_not_come_is_not_waited_for(desk: Desk, shift: ShiftFacts, tmp_path: Path) -> None:
    gateway_file(tmp_path)
    gateway = Gateway(desk, load_providers(tmp_path), patience=0.2)
    head = b"POST /webhooks/sepay HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
    with serving(gateway) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head)
        assert b" 408 " in line.recv(200)


def heard(number: int, amount: object = 1_000) -> Told:
    told = {"account": ACCOUNT, "amount": amount, "booked_day": DAY, "memo": "x", "reference": "", "counterparty": ""}
    return Told(external_id=str(number), occurred_at=MONDAY, is_out=False, **told)  # type: ignore[arg-type]


def test_more_events_than_can_be_stored_soon_are_answered_later(desk: Desk, shift: ShiftFacts) -> None:
    keeper = Keeper(desk, stored=lambda: None, most=3)
    for number in range(3):
        keeper.put("sepay", heard(number))
    with pytest.raises(TooMany):
        keeper.put("sepay", heard(3))


def test_an_event_that_cannot_be_stored_takes_no_other_with_it(desk: Desk, shift: ShiftFacts) -> None:
    told: list[str] = []
    keeper = Keeper(desk, stored=lambda: told.append("stored"))
    done = [keeper.put("sepay", heard(number, 1_000 if number != 1 else "much")) for number in range(3)]
    keeper.start()  # the three wait together
    assert [one.result(20) for one in (done[0], done[2])] == [True, True]
    with pytest.raises(ValueError, match="much"):
        done[1].result(20)
    keeper.stop()
    assert desk.see(arrivals_waiting) == 2 and told


def test_secrets_are_in_no_log_and_no_answer(
    desk: Desk, gateway: Gateway, shown: qr.Intent, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        body = sepay_body(7, shown.memo, 180_000)
        answers = [
            sepay(port, desk, body),
            sepay(port, desk, body, secret="guessed"),
            send(port, "/metrics", b"", method="GET"),
        ]
        answers.append(send(port, "/healthz", b"", method="GET"))
    said = caplog.text + repr(answers) + repr(gateway.providers)
    assert not [secret for secret in (SECRET, CHECKSUM) if secret in said]
    assert answers[3][0] == 200


def test_a_database_that_is_busy_is_answered_later_so_that_the_provider_sends_again(
    desk: Desk, shown: qr.Intent, port: int
) -> None:
    body = sepay_body(7, shown.memo, 180_000)
    with pytest.raises(LookupError), desk.database.write() as session:
        session.info["office_id"] = desk.office_id
        told = movement(shown.memo, 180_000)
        store_arrival(session, desk.clock.now(), provider="sepay", external_id="7", movement=told)
        assert sepay(port, desk, body)[0] == 503  # somebody else is just writing it, for longer than anybody waits
        raise LookupError
    assert sepay(port, desk, body)[0] == 200
    until(lambda: now_is(desk, shown) is IntentState.PAID)


# --- lists --------------------------------------------------------------------------------------------------------------


def test_an_office_behind_a_closed_network_asks_for_the_list(desk: Desk, shown: qr.Intent) -> None:
    with listing() as (lists, url):
        lists.rows = [casso_row(number, f"khong ma {number}", 1_000) for number in range(150)]
        lists.rows.append(casso_row(999, shown.memo, 180_000))
        asked = ask_list(desk, CassoList("key", url))
        assert (asked.read, asked.added) == (151, 151)
        assert ask_list(desk, CassoList("key", url)).added == 0
        assert [query["page"] for _, query, _ in lists.asked] == [["1"], ["2"]] * 2
        assert lists.asked[0][1]["fromDate"] == ["2026-11-21"]
        assert lists.asked[0][2] == "Apikey key"
    assert [receipt.due for receipt in banking.take_in(desk).receipts] == [180_000]


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_list_that_cannot_be_read_is_said_and_its_token_goes_nowhere_else(desk: Desk, status: int) -> None:
    with listing() as (lists, url):
        lists.status = status
        with pytest.raises(ProviderAway) as refused:
            ask_list(desk, SePayList("token-of-ours", url))
        assert str(status) in refused.value.why_text() and "token-of-ours" not in str(refused.value)
    with pytest.raises(ProviderAway):
        ask_list(desk, SePayList("token-of-ours", url))


def test_the_gateway_asks_by_itself(desk: Desk, shown: qr.Intent, tmp_path: Path) -> None:
    with listing() as (lists, url):
        gateway_file(tmp_path, f'[sepay.poll]\ntoken = "token-of-ours"\nurl = "{url}"\nseconds = 5\n')
        lists.rows = [sepay_row(7, shown.memo, 180_000)]
        with serving(Gateway(desk, load_providers(tmp_path))):
            until(lambda: now_is(desk, shown) is IntentState.PAID)


# --- the file of secrets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[sepay]\nsecret = 5",
        "[momo]\nx = 1",
        f'[sepay]\nsecret = "{SECRET}"\napi_key = "{SECRET}"',
        f'[casso]\nsecret = "{SECRET}"\n[casso.poll]\ntoken = "{SECRET}"',
        f'[sepay.poll]\ntoken = "{SECRET}"\nurl = "http://example.com"',
        "[sepay",
        '[payos]\nchecksum_key = "short"',
    ],
)
def test_a_wrong_file_of_secrets_is_refused_without_telling_them(tmp_path: Path, text: str) -> None:
    gateway_file(tmp_path, text)
    with pytest.raises(GatewayFileWrong) as refused:
        load_providers(tmp_path)
    assert SECRET not in refused.value.why_text()


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    gateway_file(tmp_path)
    (tmp_path / "gateway.toml").chmod(0o640)
    with pytest.raises(GatewayFileOpen):
        load_providers(tmp_path)
    assert load_providers(tmp_path / "elsewhere").told == {}


def test_json_that_is_no_message_is_turned_away(port: int) -> None:
    assert send(port, "/webhooks/payos", json.dumps([1]).encode())[0] == 401
