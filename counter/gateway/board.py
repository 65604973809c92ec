"""The queue in a browser: who is called where, how many wait; numbers only, no names."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from counter import office, queue
from counter.desk import Desk
from counter.errors import Refused
from counter.gateway.app import Gateway
from counter.gateway.pages import PRIVATE, page
from counter.locale import _

STYLE: Final = """
main{padding:3vh 3vw}
.call{display:flex;justify-content:space-between;font-size:9vh;font-weight:700;border-bottom:1px solid #33404d}
#waiting{font-size:4vh;margin:3vh 0 0}
#inside{font-size:3.4vh;margin:1vh 0 0;color:#a9b4bf}
"""
BODY: Final = """<header id="office"></header><main><div id="called"></div><p id="waiting"></p><p id="inside"></p></main>"""
SCRIPT: Final = """
function show(board) {
  for (const id of ["office", "waiting", "inside"]) at(id).textContent = board[id];
  at("called").replaceChildren(...board.called.map(one => {
    const row = document.createElement("div");
    row.className = "call";
    for (const words of [one.number, one.till]) {
      const cell = document.createElement("span");
      cell.textContent = words;
      row.append(cell);
    }
    return row;
  }));
}
"""


def add_board(app: FastAPI, gateway: Gateway) -> None:
    """`/board`, and `/board/now` which the page asks."""

    @app.get("/board")
    async def board_page() -> Response:
        away = {"office": "", "waiting": _("One moment, please"), "inside": "", "called": []}
        return page("Quầy", body=BODY, style=STYLE, script=SCRIPT, away=away)

    @app.get("/board/now")
    async def board_now() -> Response:
        try:
            return JSONResponse(await asyncio.to_thread(_seen, gateway.desk), headers=PRIVATE)
        except Refused:
            return JSONResponse({}, 503, PRIVATE)


def _seen(desk: Desk) -> dict[str, Any]:
    board, facts = desk.see(queue.board, now=desk.clock.now()), desk.see(office.the_office)
    called = [*board.called, *board.recent]
    return {
        "office": facts.name,
        "called": [{"number": one.number, "till": one.till} for one in called[:5]],
        "waiting": _("{n} people wait").format(n=len(board.waiting)),
        "inside": _("In the room: {inside} of {cap}").format(inside=board.inside, cap=board.room_cap),
    }
