"""Office commands: init, demo, tills, users, bills, check, backup, restore, web."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from counter import bills, keepsafe, leases, office, people
from counter.audit import Check, audit
from counter.cli.answers import REFUSED, say, talk
from counter.cli.app import As, Id, Json, acting, an_id, app, call, somebody_types
from counter.cli.helping import Commands
from counter.debts import bring_debts
from counter.desk import Desk, open_desk
from counter.home import heads_to_find, make_pepper, pin_keeper, remember_heads
from counter.locale import _
from counter.money import group_digits
from counter.people import WeakPin, check_pin
from counter.words import check_said
from db.states import Role

till_app = Commands("tills")
user_app = Commands("people")
bills_app = Commands("bring in debts, find customers")
app.add_typer(till_app, name="till")
app.add_typer(user_app, name="user")
app.add_typer(bills_app, name="bills")


def new_pin(*, pin_from: str) -> tuple[str, dict[str, str]]:
    """A first PIN: from the environment, asked twice, or made by chance and shown once in the answer. Raises WeakPin."""
    pin = os.environ.get(pin_from)
    if pin is None and somebody_types():
        pin = getpass.getpass(_("New PIN (6 digits or more): "))
        if getpass.getpass(_("Once more: ")) != pin:
            pin = ""
    if pin is not None:
        check_pin(pin)
        return pin, {}
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        try:
            check_pin(pin)
        except WeakPin:
            continue
        return pin, {"pin": pin}


@app.command("init")
def init(
    office_code: Annotated[str, typer.Option("--office", help="the office's code, for example PA0501")],
    name: Annotated[str, typer.Option("--name", help="the office's name")],
    supervisor: Annotated[str, typer.Option("--supervisor", help="the first supervisor's login; PIN from COUNTER_PIN")],
    address: Annotated[str, typer.Option("--address", help="printed on receipts")] = "",
    phone: Annotated[str, typer.Option("--phone", help="printed on receipts")] = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """An empty database with the office and its first supervisor."""
    pin, shown = new_pin(pin_from="COUNTER_PIN")
    make_pepper(call.home)
    desk = open_desk(
        url=call.home.url, home=call.home.path, office_id=office_code.strip().upper(), pins=pin_keeper(call.home)
    )
    user_id, pin_hash = an_id(id), desk.pins.hash(pin)
    facts = desk.do(
        office.open_office,
        name=name,
        address=address,
        phone=phone,
        supervisor_id=user_id,
        supervisor_login=supervisor,
        supervisor_name=supervisor,
        pin_hash=pin_hash,
    )
    if not desk.see(people.is_in_force, user_id=user_id, pin_hash=pin_hash):
        shown = {}
    say({"office": facts, "home": call.home.path, **shown}, as_json=json)


@app.command("demo")
def demo(
    customers: Annotated[int, typer.Option("--customers", min=10, max=5_000_000, help="how many")] = 2_000,
    bill_count: Annotated[int, typer.Option("--bills", min=0, help="0: about two for each customer")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="the same number makes the same office")] = 1,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="do not open the screen")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """A lifelike office in a home of its own, through the real import; run again it goes on where it was."""
    from counter.demo import demo_home, lay_out

    home = demo_home(home=call.home_option, db=call.db_option, lang=call.lang_option)
    call.opened = home
    facts = lay_out(home, customers=customers, bills=bill_count or customers * 2, seed=seed, progress=talk)
    talk(_("Demo PINs: cashiers lan and huong 111111, supervisor ngan 222222, auditor tra 333333, collector son 444444."))
    if json or no_ui:
        say(facts, as_json=json)
        return
    from counter.screens.app import open_screen

    raise typer.Exit(open_screen(home=str(home.path), db=home.url, lang=home.settings.lang))


@till_app.command("add")
def till_add(code: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Add a till with its own receipt series and journal chain."""
    desk = call.desk()
    person = acting(desk, login)
    added = desk.do(office.add_till, code=code, by=person.user_id)
    say({"till": added, "tills": [{"code": one} for one in desk.see(office.tills)]}, as_json=json)


@till_app.command("list")
def till_list(json: Json = False) -> None:  # noqa: FBT002
    """Every till, and which computer has it open now."""
    found = call.desk().see(leases.holders)
    facts = [{"code": t.till_code, "place": t.place, "name": t.name, "since": t.since, "alive": t.is_alive} for t in found]
    say({"tills": facts}, as_json=json)


@till_app.command("release")
def till_release(code: str, login: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A supervisor frees a till that another computer has open; the program there ends its work."""
    desk = call.desk()
    person, till = acting(desk, login), desk.see(office.require_till, code=code.strip().upper())
    desk.do(leases.release, till_code=till, by=person.user_id)
    say({"till": till}, as_json=json)


def _users(desk: Desk) -> list[dict[str, Any]]:
    return [
        {"login": u.login, "name": u.name, "role": u.role, "active": u.is_active, "locked": u.locked}
        for u in desk.see(people.users, now=desk.clock.now())
    ]


@user_app.command("add")
def user_add(
    login: str,
    role: Annotated[Role, typer.Option("--role", help="what the person may do")],
    name: Annotated[str, typer.Option("--name", help="the person's name; the login without it")] = "",
    by: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Add a person; their first PIN comes from COUNTER_NEW_PIN or is asked for."""
    desk = call.desk()
    person = acting(desk, by)
    pin, shown = new_pin(pin_from="COUNTER_NEW_PIN")
    user_id, pin_hash = an_id(id), desk.pins.hash(pin)
    about: dict[str, Any] = {"login": login, "name": name or login, "role": role}
    desk.do(people.add_user, user_id=user_id, **about, pin_hash=pin_hash, by=person.user_id)
    told = _("{login} may sign in now.")
    if not desk.see(people.is_in_force, user_id=user_id, pin_hash=pin_hash):
        shown, told = {}, _("{login} was added before; the PIN stays what it is.")
    say({"users": _users(desk), **shown}, as_json=json, done=told.format(login=login))


@user_app.command("list")
def user_list(json: Json = False) -> None:  # noqa: FBT002
    """Everybody of the office."""
    say({"users": _users(call.desk())}, as_json=json)


@user_app.command("unlock")
def user_unlock(login: str, by: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Let a locked user try again."""
    desk = call.desk()
    desk.do(people.unlock, login=login, by=acting(desk, by).user_id)
    say({"users": _users(desk)}, as_json=json, done=_("{login} may try again.").format(login=login))


@user_app.command("reset-pin")
def user_reset_pin(login: str, by: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Give a user a new PIN, from COUNTER_NEW_PIN or asked for."""
    desk = call.desk()
    person = acting(desk, by)
    pin, shown = new_pin(pin_from="COUNTER_NEW_PIN")
    desk.do(people.reset_pin, login=login, pin_hash=desk.pins.hash(pin), by=person.user_id)
    say({"users": _users(desk), **shown}, as_json=json, done=_("{login} has a new PIN.").format(login=login))


@user_app.command("change-pin")
def user_change_pin(by: As = "", json: Json = False) -> None:  # noqa: FBT002
    """Change one's own PIN: the one in use from COUNTER_PIN, the new one from COUNTER_NEW_PIN, or asked for."""
    desk = call.desk()
    person = acting(desk, by)
    pin, shown = new_pin(pin_from="COUNTER_NEW_PIN")
    desk.do(people.change_own_pin, user_id=person.user_id, pin_hash=desk.pins.hash(pin))
    say({"users": _users(desk), **shown}, as_json=json, done=_("{login} has a new PIN.").format(login=person.login))


@user_app.command("close")
def user_close(login: str, by: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A person who left signs in no more."""
    desk = call.desk()
    desk.do(people.close_user, login=login, by=acting(desk, by).user_id)
    say({"users": _users(desk)}, as_json=json, done=_("{login} signs in no more.").format(login=login))


@user_app.command("reopen")
def user_reopen(login: str, by: As = "", json: Json = False) -> None:  # noqa: FBT002
    """A closed user comes back, with a new PIN from COUNTER_NEW_PIN or asked for."""
    desk = call.desk()
    person = acting(desk, by)
    pin, shown = new_pin(pin_from="COUNTER_NEW_PIN")
    desk.do(people.reopen_user, login=login, pin_hash=desk.pins.hash(pin), by=person.user_id)
    say({"users": _users(desk), **shown}, as_json=json, done=_("{login} may sign in again.").format(login=login))


@bills_app.command("import")
def bills_import(
    file: str,
    profile: Annotated[str, typer.Option("--profile", help="cmis, generic-en, or a file of yours in profiles/")] = "cmis",
    encoding: Annotated[str, typer.Option("--encoding", help="where it is unclear: utf-8, utf-16, cp1258, tcvn3, vni")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check and count, change nothing")] = False,  # noqa: FBT002
    skip_wrong: Annotated[bool, typer.Option("--skip-wrong", help="bring in the right lines though some are wrong")] = False,  # noqa: FBT002
    login: As = "",
    id: Id = "",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Bring in debts from the billing system: CSV or XLSX; the same file again changes nothing."""
    desk = call.desk()
    person = acting(desk, login)
    facts = bring_debts(
        desk,
        home=call.home.path,
        file=file,
        profile=profile,
        encoding=encoding,
        mode="dry-run" if dry_run else "skip-wrong" if skip_wrong else "all",
        import_id=an_id(id),
        by=person.user_id,
        progress=_progress,
    )
    tried = _("Only tried: nothing was changed. Without --dry-run it is brought in.") if dry_run else None
    say(facts, as_json=json, done=tried)


def _progress(done: int, total: int) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{group_digits(done)} / {group_digits(total)}" + ("\n" if done >= total else ""))
        sys.stderr.flush()


@bills_app.command("find")
def bills_find(
    text: str,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="so many at most")] = 20,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Find customers by code, name, phone, meter or address, with or without marks."""
    found = call.desk().see(bills.find_customers, text=text, limit=limit)
    more = _("There are more. Type more of the name, or raise --limit.") if found.more else None
    say({"customers": found.customers, "more": found.more}, as_json=json, done=more)


@bills_app.command("owed")
def bills_owed(
    customer_code: Annotated[str, typer.Argument(metavar="CUSTOMER_CODE")],
    payer: Annotated[bool, typer.Option("--payer", help="the code is a payer's: all contracts they pay for")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """What a customer owes, oldest first."""
    code = customer_code.strip().upper()
    desk = call.desk()
    owed = desk.see(bills.bills_by_payer, payer_code=code) if payer else desk.see(bills.unpaid_bills, customer_code=code)
    say({"bills": owed.bills, "owed": owed.owed, "advance": owed.advance}, as_json=json)


@app.command("check")
def check(json: Json = False) -> None:  # noqa: FBT002
    """Re-add every sum and every chain; exit 1 where something does not fit."""
    desk = call.desk()
    checks = desk.see(audit, known=heads_to_find(call.home))
    ok = all(one.ok for one in checks)
    heads = keepsafe.heads_of(desk)
    facts = {
        "ok": ok,
        "checks": checks,
        "heads": [{"till": till, "seq": seq, "hash": digest} for till, (seq, digest) in heads.items()],
    }
    say(facts, as_json=json, lines=_check_lines(checks))
    if not ok:
        raise typer.Exit(REFUSED)
    try:
        if not call.home.is_guest:
            remember_heads(call.home, heads)
    except OSError as error:
        talk(_("! What was seen now could not be remembered: {detail}").format(detail=error.strerror))


def _check_lines(checks: list[Check]) -> list[str]:
    """What fits, then what does not and what to do, so that the end of the list is what people need."""
    fine = _("Everything fits: {n} checks.").format(n=len(checks))
    wrong = _("Something does not fit. Take no more money; keep everything as it is and call the administrator.")
    lines = [f"✓ {check_said(one.name)} ({group_digits(one.seen)})" for one in checks if one.ok]
    for one in checks:
        if not one.ok:
            lines += [f"✗ {check_said(one.name)} ({group_digits(one.seen)})", *(f"    {row}" for row in one.broken)]
    return [*lines, "", fine if all(one.ok for one in checks) else wrong]


@app.command("backup")
def backup(file: str, json: Json = False) -> None:  # noqa: FBT002
    """Copy the database while the program runs; the copy appears whole or not at all."""
    made = keepsafe.backup(call.home, call.desk(), target=Path(file).absolute())
    say({"path": made.path, "size": made.size, "sha256": made.sha256, "heads": _heads(made)}, as_json=json)


@app.command("restore")
def restore(
    file: str,
    login: As = "",
    accept_older: Annotated[bool, typer.Option("--accept-older", help="a supervisor takes an older copy")] = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002
) -> None:
    """Put a backup in the database's place; one older than the books needs a supervisor."""
    by = None
    if accept_older:
        by = (login, os.environ.get("COUNTER_PIN") or (getpass.getpass(f"PIN {login}: ") if somebody_types() else ""))
    made = keepsafe.restore(call.home, source=Path(file).absolute(), pins=pin_keeper(call.home), accept_older_by=by)
    say({"path": made.path, "size": made.size, "sha256": made.sha256, "heads": _heads(made)}, as_json=json)


def _heads(made: keepsafe.Backup) -> list[dict[str, Any]]:
    return [{"till": till, "seq": seq, "hash": digest} for till, (seq, digest) in made.heads.items()]


@app.command("web")
def web(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="where the browser finds it")] = 8090,
) -> None:
    """The same screens in a browser, on this computer only, with the same sign-in."""
    from counter.web import serve

    serve(call.home, port=port)
