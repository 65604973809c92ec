"""The customer's side of a till in a browser: one page without anything from elsewhere, that asks every second."""

from __future__ import annotations

import asyncio
import html
import json
import secrets
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response

from counter.customer_words import countdown, facts, headline
from counter.errors import Refused
from counter.gateway.app import Gateway
from counter.locale import _, language
from counter.payments import qr
from counter.payments.qr import CustomerSide, Showing
from counter.printing.qr import qr_matrix

QUIET: Final = 4
_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style nonce="{nonce}">
html,body{{margin:0;height:100%;background:#101418;color:#f2f4f6;font-family:system-ui,"DejaVu Sans",sans-serif}}
body{{display:flex;flex-direction:column}}
header{{padding:1vh 2vw;background:#1d2630;font-size:2.6vh;font-weight:600}}
main{{flex:1;display:flex;gap:4vw;align-items:center;justify-content:center;padding:3vh 3vw}}
svg{{background:#fff;height:min(70vh,44vw);width:min(70vh,44vw);border-radius:1vh}}
svg:not([data-on]){{display:none}}
#headline{{font-size:4.4vh;margin:0 0 2vh;font-weight:600}}
#amount{{font-size:11vh;font-weight:700;margin:0 0 2vh;font-variant-numeric:tabular-nums;white-space:nowrap}}
#lines{{font-size:2.8vh;line-height:1.6;margin:0;white-space:pre-line}}
#left{{font-size:5vh;font-variant-numeric:tabular-nums;margin:2vh 0 0}}
body[data-showing=RECEIVED] #headline,body[data-showing=RECEIVED] #amount{{color:#5fd38d}}
</style></head><body data-showing="IDLE">
<header id="office"></header>
<main><svg id="code" role="img" aria-label="VietQR" shape-rendering="crispEdges"><path id="path" fill="#000"/></svg>
<section aria-live="polite"><p id="headline"></p><p id="amount"></p><p id="lines"></p><p id="left"></p></section></main>
<script nonce="{nonce}">
"use strict";
const at = id => document.getElementById(id);
async function look() {{
  let side = {{showing: "AWAY", office: "", headline: {away}, amount: "", lines: "", left: "", path: "", size: 0}};
  try {{
    const answer = await fetch(location.pathname.replace(/\\/+$/, "") + "/now", {{cache: "no-store"}});
    if (answer.ok) side = await answer.json();
  }} catch (error) {{}}
  document.body.dataset.showing = side.showing;
  for (const id of ["office", "headline", "amount", "lines", "left"]) at(id).textContent = side[id];
  at("code").toggleAttribute("data-on", side.size > 0);
  if (side.size > 0) at("code").setAttribute("viewBox", `0 0 ${{side.size}} ${{side.size}}`);
  at("path").setAttribute("d", side.path);
  setTimeout(look, 1000);
}}
look();
</script></body></html>
"""


def add_display(app: FastAPI, gateway: Gateway) -> None:
    """`/display/TILL`, and `/display/TILL/now` which the page asks."""

    @app.get("/display/{till}")
    async def page(till: str) -> Response:
        nonce = secrets.token_urlsafe(16)
        away = json.dumps(_("One moment, please")).replace("<", "\\u003c")
        title = html.escape(f"Quầy {till}")
        text = _PAGE.format(lang=language(), title=title, nonce=nonce, away=away)
        rule = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
        return HTMLResponse(text, headers={"Content-Security-Policy": rule + "; frame-ancestors 'none'", **_PRIVATE})

    @app.get("/display/{till}/now")
    async def now(till: str) -> Response:
        desk = gateway.desk
        try:
            side = await asyncio.to_thread(desk.see, qr.customer_side, till_code=till, now=desk.clock.now())
        except Refused:
            return JSONResponse({}, 404, _PRIVATE)
        return JSONResponse(_plain(side), headers=_PRIVATE)


_PRIVATE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


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
