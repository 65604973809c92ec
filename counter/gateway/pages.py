"""A page for a screen in the office: one file, nothing from elsewhere, and a script of ours that asks every second."""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from fastapi.responses import HTMLResponse

from counter.locale import language

PRIVATE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style nonce="{nonce}">
html,body{{margin:0;height:100%;background:#101418;color:#f2f4f6;font-family:system-ui,"DejaVu Sans",sans-serif}}
body{{display:flex;flex-direction:column}}
header{{padding:1vh 2vw;background:#1d2630;font-size:2.6vh;font-weight:600}}
{style}</style></head><body>
{body}
<script nonce="{nonce}">
"use strict";
const at = id => document.getElementById(id);
{script}
async function look() {{
  let told = {away};
  try {{
    const answer = await fetch(location.pathname.replace(/\\/+$/, "") + "/now", {{cache: "no-store"}});
    if (answer.ok) told = await answer.json();
  }} catch (error) {{}}
  show(told);
  setTimeout(look, 1000);
}}
look();
</script></body></html>
"""


def page(title: str, *, body: str, style: str, script: str, away: Mapping[str, Any]) -> HTMLResponse:
    """The page; `script` has `show(told)`, which gets what its own address followed by `/now` answers, or `away`."""
    nonce = secrets.token_urlsafe(16)
    plain = json.dumps(away).replace("<", "\\u003c")
    facts = {"lang": language(), "title": html.escape(title), "nonce": nonce, "away": plain}
    text = _PAGE.format(**facts, body=body, style=style, script=script)
    rule = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
    return HTMLResponse(text, headers={"Content-Security-Policy": rule + "; frame-ancestors 'none'", **PRIVATE})
