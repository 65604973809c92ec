"""The customer's page in a browser: the code is read back from a picture that a real Chromium made of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import zxingcpp
from bank import AN, ask, come, shift_with_account
from kit import Staff, put_bill
from PIL import Image
from providers import send, serving

from counter import queue
from counter.desk import Desk
from counter.gateway.app import Gateway
from counter.gateway.board import add_board
from counter.gateway.display import add_display
from counter.gateway.providers import Providers
from counter.ids import new_id
from counter.payments import qr
from counter.shifts import ShiftFacts

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def shift(desk: Desk, staff: Staff) -> ShiftFacts:
    return shift_with_account(desk, staff)


@pytest.fixture
def shown(desk: Desk, staff: Staff, shift: ShiftFacts) -> qr.Intent:
    return ask(desk, staff, shift, desk.do(put_bill, code=AN, number=1, amount=180_000))


@pytest.fixture
def port(desk: Desk, shift: ShiftFacts) -> Iterator[int]:
    with serving(Gateway(desk, Providers({}, ())), more=(add_display, add_board)) as port:
        yield port


def now(port: int, till: str = "Q1") -> tuple[int, dict[str, str]]:
    return send(port, f"/display/{till}/now", b"", method="GET")


def test_the_page_asks_for_a_code_then_says_received(desk: Desk, port: int, shown: qr.Intent) -> None:
    status, side = now(port)
    assert (status, side["showing"], side["amount"]) == (200, "SCAN", "180.000\u00a0₫")
    assert "Nguyễn V** A**" in side["lines"] and "Văn An" not in str(side)
    assert side["left"] == "15:00"
    come(desk, shown.code, 180_000)
    side = now(port)[1]
    assert (side["showing"], side["path"], side["size"]) == ("RECEIVED", "", 0)


def test_a_till_that_is_not_there_shows_nothing(port: int) -> None:
    assert now(port, "Q9") == (404, {})
    assert now(port, "%3Cscript%3E") == (404, {})


def test_the_page_lets_nothing_in_from_elsewhere(port: int) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", "/display/%3Cscript%3Ealert(1)")
    answer = line.getresponse()
    text, rule = answer.read().decode(), answer.headers["Content-Security-Policy"]
    line.close()
    assert "<script>alert" not in text and "default-src 'none'" in rule and "frame-ancestors 'none'" in rule
    nonce = re.findall(r"'nonce-([^']+)'", rule)
    assert nonce == [nonce[0]] * 2 and text.count(f'nonce="{nonce[0]}"') == 2
    assert not re.findall(r"(?:src|href)=|https?://", text)


def test_a_real_browser_shows_a_code_that_another_library_reads(
    desk: Desk, port: int, shown: qr.Intent, tmp_path: Path, not_measured: list[str]
) -> None:
    if CHROMIUM is None:
        not_measured.append("the customer's page in a browser: apt-get install chromium")
        return
    picture = tmp_path / "page.png"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,720"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000"]
    address = f"http://127.0.0.1:{port}/display/Q1"
    subprocess.run([*command, f"--screenshot={picture}", address], capture_output=True, timeout=120, check=True)
    with Image.open(picture) as image:
        assert [found.text for found in zxingcpp.read_barcodes(image.convert("L"))] == [shown.small_payload]
    come(desk, shown.code, 180_000)
    said = subprocess.run([*command, "--dump-dom", address], capture_output=True, text=True, timeout=120, check=True)
    assert 'data-showing="RECEIVED"' in said.stdout and "180.000" in said.stdout


def test_the_queue_in_a_browser_shows_numbers_and_no_names(desk: Desk, staff: Staff, port: int) -> None:
    seen = send(port, "/board/now", b"", method="GET")[1]
    assert (seen["called"], seen["waiting"][:2]) == ([], "0 ")
    desk.do(queue.issue, ticket_id=new_id(), customer_code=None, by=staff.cashier.user_id)
    assert send(port, "/board/now", b"", method="GET")[1]["waiting"].startswith("1 ")
    assert "replaceChildren" in str(send(port, "/board", b"", method="GET")[1])
