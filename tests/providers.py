"""Banks' providers as real HTTP clients and servers that sign as their documents say."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn

from counter.gateway.app import Gateway, make_app
from counter.gateway.providers import FILE

SECRET = "whsec_0123456789abcdef"
CHECKSUM = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"
ACCOUNT = "1017595600"
GATEWAY_TOML = f"""
[sepay]
secret = "{SECRET}"
[payos]
checksum_key = "{CHECKSUM}"
[casso]
secret = "{SECRET}"
"""


def gateway_file(home: Path, text: str = GATEWAY_TOML) -> None:
    path = home / FILE
    path.write_text(text)
    path.chmod(0o600)


# --- as providers send ------------------------------------------------------------------------------------------------


def sepay_body(number: int, memo: str, amount: Any, **more: Any) -> bytes:
    facts = {
        "id": number,
        "gateway": "Vietcombank",
        "transactionDate": "2026-11-23 08:00:05",
        "accountNumber": ACCOUNT,
        "subAccount": None,
        "code": None,
        "content": memo,
        "transferType": "in",
        "description": "BankAPINotify " + memo,
        "transferAmount": amount,
        "referenceCode": f"MBVCB.{number}",
        "accumulated": 0,
    }
    return json.dumps(facts | more).encode()


def sepay_headers(body: bytes, *, at: float, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-SePay-Signature": "sha256=" + digest, "X-SePay-Timestamp": stamp}


def payos_body(reference: str, memo: str, amount: Any, *, checksum: str = CHECKSUM, **more: Any) -> bytes:
    data = {
        "orderCode": 123,
        "amount": amount,
        "description": memo,
        "accountNumber": ACCOUNT,
        "reference": reference,
        "transactionDateTime": "2026-11-23 08:00:05",
        "currency": "VND",
        "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
        "code": "00",
        "desc": "Thành công",
        "counterAccountName": None,
        "virtualAccountNumber": "",
    } | more
    signed = "&".join(f"{key}={'' if data[key] is None else data[key]}" for key in sorted(data))
    signature = hmac.new(checksum.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"code": "00", "desc": "success", "success": True, "data": data, "signature": signature}).encode()


def casso_body(number: int, memo: str, amount: Any, **more: Any) -> bytes:
    data = {
        "id": number,
        "reference": f"FT{number}",
        "description": memo,
        "amount": amount,
        "runningBalance": 25_000_000,
        "transactionDateTime": "2026-11-23 08:00:05",
        "accountNumber": ACCOUNT,
        "bankName": "Vietcombank",
        "bankAbbreviation": "VCB",
        "virtualAccountNumber": "",
        "counterAccountName": "NGUYỄN VĂN A",
    } | more
    return json.dumps({"error": 0, "data": data}, ensure_ascii=False).encode()


def casso_headers(body: bytes, *, at: float, secret: str = SECRET) -> dict[str, str]:
    text = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    stamp = int(at * 1000)
    digest = hmac.new(secret.encode(), f"{stamp}.{text}".encode(), hashlib.sha512).hexdigest()
    return {"X-Casso-Signature": f"t={stamp},v1={digest}"}


def send(
    port: int, path: str, body: bytes, headers: Mapping[str, str] | None = None, *, method: str = "POST"
) -> tuple[int, Any]:
    """One request over a real socket: (status, JSON or text)."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, text


@contextmanager
def serving(gateway: Gateway, **more: Any) -> Iterator[int]:
    """The gateway on a port of its own."""
    config = uvicorn.Config(
        make_app(gateway, **more), host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until and thread.is_alive()
        threading.Event().wait(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=30)


# --- as providers answer ----------------------------------------------------------------------------------------------


class Lists:
    """A provider's list of transactions: rows, and who asked with what."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.status = 200

    def answer(self, path: str, query: dict[str, list[str]]) -> dict[str, Any]:
        if path == "/userapi/transactions/list":
            return {"status": 200, "error": None, "messages": {"success": True}, "transactions": self.rows}
        page, size = int(query["page"][0]), int(query["pageSize"][0])
        return {
            "error": 0,
            "message": "success",
            "data": {"page": page, "records": self.rows[(page - 1) * size : page * size]},
        }


@contextmanager
def listing() -> Iterator[tuple[Lists, str]]:
    """A provider's server and its address."""
    lists = Lists()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = urlsplit(self.path)
            lists.asked.append((found.path, parse_qs(found.query), self.headers.get("Authorization", "")))
            body = json.dumps(lists.answer(found.path, parse_qs(found.query))).encode()
            self.send_response(lists.status)
            if lists.status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield lists, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def sepay_row(number: int, memo: str, amount: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "bank_brand_name": "Vietcombank",
        "account_number": ACCOUNT,
        "transaction_date": "2026-11-23 08:00:05",
        "amount_out": "0.00",
        "amount_in": f"{amount}.00",
        "accumulated": "0.00",
        "transaction_content": memo,
        "reference_number": f"MBVCB.{number}",
        "code": None,
        "sub_account": None,
        "bank_account_id": "19",
    }


def casso_row(number: int, memo: str, amount: int) -> dict[str, Any]:
    return {
        "id": number,
        "tid": f"FT{number}",
        "description": memo,
        "amount": amount,
        "cusumBalance": 0,
        "when": "2026-11-23 08:00:05",
        "bankSubAccId": ACCOUNT,
    }
