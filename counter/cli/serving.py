"""The gateway, and asking providers for their lists, by command."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from counter import banking
from counter.cli.answers import say, talk
from counter.cli.app import Json, TillOption, app, call, the_till
from counter.cli.bank import bank_app
from counter.locale import _


@app.command("serve")
def serve(
    host: Annotated[
        str, typer.Option("--host", help="the address to listen on; others see any but 127.0.0.1")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="the port")] = 8080,
) -> None:
    """The gateway: banks' webhooks, and pages for screens in the office; until Ctrl+C."""
    from counter.gateway import serving

    talk(_("The gateway listens on http://{host}:{port}; Ctrl+C ends it.").format(host=host, port=port))
    if host not in ("127.0.0.1", "localhost", "::1"):
        talk(_("Others in the network can reach it: put a proxy with HTTPS in front of what the internet sees."))
    serving.serve(call.home, host=host, port=port)


@app.command("display")
def display(till: TillOption = "") -> None:
    """The customer's side of a till, in a second terminal."""
    from counter.screens.display import open_display

    desk = call.desk(till=till)
    code = the_till(desk)
    desk.database.close()
    raise typer.Exit(open_display(call.home, till_code=code))


@bank_app.command("poll")
def bank_poll(json: Json = False) -> None:  # noqa: FBT002
    """Ask the providers' lists once, as gateway.toml names them; book and match what is news."""
    from counter.gateway.polling import ask
    from counter.gateway.providers import FILE, load_providers
    from counter.gateway.refusals import NoProviders

    desk, polled = call.desk(), load_providers(call.home.path).polled
    if not polled:
        raise NoProviders(path=call.home.path / FILE)
    lists: list[dict[str, Any]] = []
    for one in polled:
        asked = ask(desk, one.listing)
        lists.append({"provider": asked.provider, "read": asked.read, "added": asked.added})
    done = banking.take_in(desk)
    say({"lists": lists, "events": done.events, "matched": len(done.matched)}, as_json=json)
