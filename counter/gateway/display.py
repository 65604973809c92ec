"""The customer's side of a till in a browser: one page without anything from elsewhere, that asks every second."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from counter.customer_words import countdown, facts, headline
from counter.errors import Refused
from counter.gateway.app import Gateway
from counter.gateway.pages import PRIVATE, page
from counter.locale import _
from counter.payments import qr
from counter.payments.qr import CustomerSide, Showing
from counter.printing.qr import qr_matrix

QUIET: Final = 4
STYLE: Final = """
main{flex:1;display:flex;gap:4vw;align-items:center;justify-content:center;padding:3vh 3vw}
svg{background:#fff;height:min(70vh,44vw);width:min(70vh,44vw);border-radius:1vh}
svg:not([data-on]){display:none}
#headline{font-size:4.4vh;margin:0 0 2vh;font-weight:600}
#amount{font-size:11vh;font-weight:700;margin:0 0 2vh;font-variant-numeric:tabular-nums;white-space:nowrap}
#lines{font-size:2.8vh;line-height:1.6;margin:0;white-space:pre-line}
#left{font-size:5vh;font-variant-numeric:tabular-nums;margin:2vh 0 0}
body[data-showing=RECEIVED] #headline,body[data-showing=RECEIVED] #amount{color:#5fd38d}
"""
BODY: Final = """<header id="office"></header>
<main><svg id="code" role="img" aria-label="VietQR" shape-rendering="crispEdges"><path id="path" fill="#000"/></svg>
<section aria-live="polite"><p id="headline"></p><p id="amount"></p><p id="lines"></p><p id="left"></p></section></main>"""
SCRIPT: Final = """
function show(side) {
  document.body.dataset.showing = side.showing;
  for (const id of ["office", "headline", "amount", "lines", "left"]) at(id).textContent = side[id];
  at("code").toggleAttribute("data-on", side.size > 0);
  if (side.size > 0) at("code").setAttribute("viewBox", `0 0 ${side.size} ${side.size}`);
  at("path").setAttribute("d", side.path);
}
"""


def add_display(app: FastAPI, gateway: Gateway) -> None:
    """`/display/TILL`, and `/display/TILL/now` which the page asks."""

    @app.get("/display/{till}")
    async def display_page(till: str) -> Response:
        nothing = dict.fromkeys(("office", "amount", "lines", "left", "path"), "")
        away = {**nothing, "showing": "AWAY", "headline": _("One moment, please"), "size": 0}
        return page(f"Quầy {till}", body=BODY, style=STYLE, script=SCRIPT, away=away)

    @app.get("/display/{till}/now")
    async def display_now(till: str) -> Response:
        desk = gateway.desk
        try:
            side = await asyncio.to_thread(desk.see, qr.customer_side, till_code=till, now=desk.clock.now())
        except Refused:
            return JSONResponse({}, 404, PRIVATE)
        return JSONResponse(_plain(side), headers=PRIVATE)


def _plain(side: CustomerSide) -> dict[str, Any]:
    """What the page puts in its places, as text."""
    matrix = qr_matrix(side.payload) if side.payload else ()
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark
    )
    return {
        "showing": side.showing.value,
        "office": f"{side.office} · {side.till_code}",
        "headline": headline(side),
        "amount": "" if side.showing is Showing.IDLE else str(side.amount),
        "lines": "\n".join(facts(side)),
        "left": countdown(side),
        "path": path,
        "size": len(matrix) + 2 * QUIET if matrix else 0,
    }
