"""The browser's door: only this address, only our own page."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from counter.config import Settings
from counter.home import Home
from counter.web import is_ours, make_server


@pytest.mark.parametrize(
    ("host", "origin", "is_socket", "ours"),
    [
        ("127.0.0.1:8090", None, False, True),
        ("localhost:8090", "http://localhost:8090", True, True),
        ("127.0.0.1:8090", None, True, False),
        ("127.0.0.1:8090", "http://evil.example", True, False),
        ("127.0.0.1:8090", "http://127.0.0.1:9999", True, False),
        ("evil.example:8090", None, False, False),
        ("127.0.0.1:8090", "null", True, False),
    ],
)
def test_a_request_must_be_ours(host: str, origin: str | None, is_socket: bool, ours: bool) -> None:
    assert is_ours(host=host, origin=origin, is_socket=is_socket, port=8090) is ours


async def test_the_server_turns_a_strange_page_away_and_serves_its_own(tmp_path: Path) -> None:
    home = Home(tmp_path, Settings(), f"sqlite:///{tmp_path / 'counter.db'}")
    app = await make_server(home, port=8090)._make_app()
    app.on_startup.clear()
    async with TestClient(TestServer(app)) as client:
        good = await client.get("/", headers={"Host": "127.0.0.1:8090"})
        assert good.status == 200
        page = await good.text()
        assert {found[0] for found in re.findall(r"//([a-z0-9.]+)(:8090)?", page)} == {"127.0.0.1"}
        assert "Session ended" not in page
        assert "default-src 'self'" in good.headers["Content-Security-Policy"]
        fonts = await client.get("/static/fonts/RobotoMono-VariableFont_wght.ttf", headers={"Host": "127.0.0.1:8090"})
        assert fonts.status == 200
        for headers in ({"Host": "evil.example"}, {"Host": "127.0.0.1:8090", "Origin": "http://evil.example"}):
            assert (await client.get("/ws", headers=headers)).status == 403


def test_no_traceback_with_the_values_of_variables_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """textual-serve would give the log a handler whose tracebacks show locals: a PIN, a customer."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    home = Home(tmp_path, Settings(), f"sqlite:///{tmp_path / 'counter.db'}")
    make_server(home, port=8090).initialize_logging()
    assert logging.getLogger().handlers == []
