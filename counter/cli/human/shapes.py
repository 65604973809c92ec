"""Each command's answer for people: the sentence, which facts under it, which tables, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counter.locale import N_


@dataclass(frozen=True, slots=True)
class Table:
    """A list of an answer: its key, the columns in order; `empty` is said where the list holds nothing."""

    key: str
    columns: tuple[str, ...]
    empty: str = ""
    title: str = ""
    headed: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """What people read of an answer. A sentence fills its `{places}` from the facts; `{office__name}` is office.name."""

    done: str = ""
    fields: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sums: tuple[str, ...] = ()
    next: str = ""


REJECTED: Final = Table("rejected", ("line", "field", "value", "why"), title=N_("Left out:"))
_TILLS: Final = Table(
    "tills",
    ("code", "alive", "place", "name", "since"),
    empty=N_("There is no till yet. Add one: counter till add CODE --as LOGIN"),
)
_USERS: Final = Table("users", ("login", "role", "name", "active", "locked"))
_ACCOUNTS: Final = Table(
    "accounts",
    ("account", "bin", "holder", "memo_limit", "code_block", "is_default"),
    empty=N_("No account yet. A supervisor adds one: counter bank account add"),
)
_RECEIPT: Final = ("due", "tendered", "change", "notes_back", "method", "reason", "approved_by", "paper.state", "head")
_LINES: Final = Table("receipt.lines", ("period", "bill_id", "customer_code", "amount"))
_BACK: Final = ("method", "reason", "approved_by", "paper.state", "head")
_SHOW_RECEIPT: Final = N_("The paper again: counter receipt show {number}")
_SHIFT: Final = (
    "state",
    "cashier",
    "business_day",
    "float",
    "taken.cash",
    "taken.qr",
    "receipts",
    "reversals",
    "refunds",
)
_COUNTED: Final = ("state", "counted", "expected", "difference", "reason", "receiver")
_SURPLUS: Final = Table(
    "surplus",
    ("surplus_id", "amount", "customer_code", "opened_at", "reason"),
    empty=N_("No surplus waits for a decision."),
)
_CASES: Final = Table(
    "cases",
    ("case_id", "kind", "bill_id", "customer_code", "customer_name", "period", "taken", "claimed", "too_much",
     "given_back", "opened_at", "resolution", "resolved_by"),
    empty=N_("There is no case here."),
)  # fmt: skip
_BANK_LINES: Final = ("line_id", "booked_day", "amount", "account", "memo", "why", "proposals")
_MESSAGES: Final = ("provider", "message", "received_at", "amount", "account", "memo", "why")
_COPY: Final = ("path", "size", "sha256")
_JOB: Final = ("copy", "state", "error", "printer", "queued_at", "job")
_PROFILE: Final = ("paper_dots", "paper_columns", "mode", "page")
_INTENT: Final = (
    "state",
    "amount",
    "received",
    "missing",
    "cash_part",
    "account",
    "memo",
    "expires_at",
    "bills",
    "number",
    "payload",
)

_CLASSES: Final = ("customer_code", "class", "service", "ticket_id")
_IN_LINE: Final = ("slot", "day", "people_ahead", "wait_minutes", "class", "service")
_WHEN_HERE: Final = N_("When they come: counter queue arrive {number}")
_WHEN_BACK: Final = N_("When they are back: counter queue arrive {number}")
_AT_TILL: Final = N_("Then: counter queue serve or counter queue absent, --till {till}")

OFFICE: Final[Mapping[str, Shape]] = {
    "init": Shape(
        N_("The office {office__name} is there, in {home}."),
        ("office.code", "pin"),
        next=N_("Now tills and people: counter till add Q1 --as LOGIN, counter user add LOGIN --role cashier --as LOGIN"),
    ),
    "demo": Shape(
        N_("The demo office is ready in {home}."),
        ("office", "customers", "bills", "owed", "tills"),
        (Table("users", ("login", "role")),),
        next=N_("Open its screen: counter demo"),
    ),
    "office show": Shape(N_("{office__name} ({office__code})"), ("difference_limit",)),
    "office difference-limit": Shape(N_("{office__name} ({office__code})"), ("difference_limit",)),
    "safe show": Shape(N_("In the safe by the books: {safe}.")),
    "safe in": Shape(N_("{amount} came into the safe. It holds {safe} now."), ("reason",)),
    "till add": Shape(
        N_("Till {till} is there, with receipt numbers of its own."),
        next=N_("Open a shift at it: counter shift open --till {till} --count 50000x10 --as LOGIN"),
    ),
    "till list": Shape(tables=(_TILLS,)),
    "till release": Shape(N_("Till {till} is free. The program that had it open signs out.")),
    "user add": Shape(fields=("pin",), next=N_("See everybody: counter user list")),
    "user list": Shape(tables=(_USERS,)),
    "user unlock": Shape(),
    "user reopen": Shape(fields=("pin",)),
    "user reset-pin": Shape(fields=("pin",)),
    "user change-pin": Shape(fields=("pin",)),
    "user close": Shape(),
    "bills import": Shape(
        N_("The debts of {file} are in the books."),
        ("read", "added", "updated", "unchanged", "settled", "cases"),
        (REJECTED,),
        next=N_("See what somebody owes: counter bills owed CUSTOMER; decide changed bills: counter bills cases"),
    ),
    "bills find": Shape(
        tables=(
            Table(
                "customers",
                ("customer_code", "name", "address", "bills", "owed"),
                empty=N_("Nobody was found. Type part of the name, the code, the phone or the meter."),
            ),
        ),
        next=N_("See what somebody owes: counter bills owed CUSTOMER"),
    ),
    "bills owed": Shape(
        tables=(Table("bills", ("period", "kind", "bill_id", "vat", "amount"), empty=N_("Nothing is owed.")),),
        sums=("owed", "advance"),
        next=N_("Take the money: counter pay cash --till T --bill BILL --tendered AMOUNT --as LOGIN"),
    ),
    "bills cases": Shape(
        tables=(_CASES,),
        next=N_("Give it back: counter pay refund --case CASE. Keep it as an advance: counter bills case-keep CASE"),
    ),
    "bills case-resolve": Shape(
        N_("The case is ended: {resolution}"), ("kind", "bill_id", "customer_code", "taken", "claimed", "given_back")
    ),
    "check": Shape(),
    "backup": Shape(
        N_("The copy is whole."), _COPY, next=N_("Keep it on another disk. Put it back with: counter restore {path}")
    ),
    "restore": Shape(
        N_("The books are as this copy holds them."), _COPY, next=N_("Prove them before work goes on: counter check")
    ),
}

DAY: Final[Mapping[str, Shape]] = {
    "shift open": Shape(
        N_("The shift at till {till} is open. Float: {float}."),
        ("cashier", "business_day", "expected_cash"),
        next=N_("Take money: counter pay cash --till {till}. In the evening: counter shift count --till {till}"),
    ),
    "shift show": Shape(N_("The shift at till {till}:"), _SHIFT),
    "shift move": Shape(N_("{amount} moved: {kind}."), ("reason",)),
    "shift count": Shape(
        N_("The drawer is counted. Difference: {difference}."),
        ("state", "counted", "expected"),
        next=N_("Hand it over: counter shift hand-over --till T --as LOGIN --approved-by SUPERVISOR"),
    ),
    "shift hand-over": Shape(N_("The cash is handed over: {counted}."), _COUNTED),
    "shift accept": Shape(N_("The cash is in the safe: {counted}."), _COUNTED),
    "shift refuse": Shape(N_("The cash is refused: it goes back to {cashier}."), (*_COUNTED, "received", "refusal")),
    "pay cash": Shape(
        N_("{due} taken in cash, receipt {number}. Change: {change}."), _RECEIPT, (_LINES,), next=_SHOW_RECEIPT
    ),
    "pay advance": Shape(
        N_("{due} taken in advance, receipt {number}. Change: {change}. It pays coming bills by itself."),
        _RECEIPT,
        next=_SHOW_RECEIPT,
    ),
    "pay reverse": Shape(
        N_("Receipt {reverses} is taken back by {number}: {due} given back, its bills are owed again."),
        _BACK,
        (_LINES,),
        next=_SHOW_RECEIPT,
    ),
    "pay refund": Shape(N_("{due} is given back, receipt {number}."), _BACK, (_LINES,), next=_SHOW_RECEIPT),
    "bills case-keep": Shape(N_("{due} is kept as the customer's advance, receipt {number}."), _BACK, next=_SHOW_RECEIPT),
    "receipt show": Shape(),
    "receipt reprint": Shape(N_("A copy of receipt {number} is printed: number {copy}."), ("due", "paper.state", "head")),
    "pay qr": Shape(
        N_("A transfer of {missing} is asked for, payment code {code}. Nothing is taken yet."),
        _INTENT,
        next=N_("See whether it came: counter pay qr-show {code}"),
    ),
    "pay qr-show": Shape(N_("Transfer {code}:"), _INTENT),
    "pay qr-cancel": Shape(
        N_("Transfer {code} is given up. Money that comes for it later is still taken in."), ("state", "amount", "received")
    ),
    "pay qr-confirm": Shape(
        N_("The transfer is believed, receipt {number}. The bank's word is still to come."),
        _RECEIPT,
        (_LINES,),
        next=N_("See what the bank has not told of yet: counter bank unproven"),
    ),
    "pay qr-cash": Shape(N_("One receipt for transfer and cash: {number}."), _RECEIPT, (_LINES,), next=_SHOW_RECEIPT),
    "pay slip": Shape(N_("{due} taken without cash, receipt {number}."), _RECEIPT, (_LINES,), next=_SHOW_RECEIPT),
    "vietqr make": Shape(),
    "vietqr read": Shape(
        "{kind}", ("found", "bank", "account", "amount", "purpose", "bill_number", "customer", "name", "service", "crc_ok")
    ),
}

QUEUE: Final[Mapping[str, Shape]] = {
    "queue slots": Shape(
        N_("The slots of {day}:"),
        tables=(
            Table("slots", ("slot", "tills", "bookable", "booked", "free", "kept", "walked", "arrived", "served", "missed")),
        ),
        next=N_("Book a place: counter queue book --slot TIME --customer CUSTOMER"),
    ),
    "queue offer": Shape(
        N_("A place at {slot} on {day} is kept until {held_until}."),
        ("class", "service", "ticket_id"),
        next=N_("Make it a booking: counter queue book --slot {slot} --customer CUSTOMER --id {ticket_id}"),
    ),
    "queue book": Shape(N_("Ticket {number} is booked for {slot} on {day}."), _CLASSES, next=_WHEN_HERE),
    "queue change": Shape(N_("Ticket {number} is for {slot} on {day} now."), _CLASSES, next=_WHEN_HERE),
    "queue cancel": Shape(N_("Ticket {number} is cancelled; its place is free again.")),
    "queue issue": Shape(N_("Number {number} is given."), _IN_LINE),
    "queue show": Shape(N_("Number {number}: {state}."), (*_IN_LINE, "till", "calls")),
    "queue arrive": Shape(N_("Number {number} is in line."), _IN_LINE),
    "queue hold": Shape(N_("Number {number} is on hold; the place in the line stays."), _IN_LINE, next=_WHEN_BACK),
    "queue leave": Shape(N_("Number {number} is gone for good.")),
    "queue transfer": Shape(N_("Number {number} is transferred; number and place stay."), _IN_LINE),
    "queue inside": Shape(N_("{inside} of {room_cap} people are inside.")),
    "queue let-in": Shape(N_("Number {number} comes in and waits inside.")),
    "queue call": Shape(N_("Number {number} is called to till {till}."), ("class", "service"), next=_AT_TILL),
    "queue next": Shape(N_("Number {number} is called to till {till}."), ("class", "service"), next=_AT_TILL),
    "queue recall": Shape(N_("Number {number} is called again to till {till}."), ("calls",), next=_AT_TILL),
    "queue serve": Shape(N_("Number {number} is served.")),
    "queue absent": Shape(
        N_("Number {number} did not answer. Who comes back waits some places further on."), next=_WHEN_BACK
    ),
    "queue board": Shape(
        N_("{inside} of {room_cap} people are inside."),
        ("day", "tills", "absent", "on_hold"),
        (
            Table("called", ("number", "till", "calls", "called_at"), title=N_("Called:"), empty=N_("Nobody is called.")),
            Table(
                "waiting",
                ("number", "slot", "people_ahead", "wait_minutes", "class", "service", "till"),
                title=N_("Waiting:"),
                empty=N_("Nobody is waiting."),
            ),
        ),
    ),
    "queue tills": Shape(N_("{day}: {places_before} places became {places}. Every promise stays.")),
    "queue share": Shape(N_("{day}: {places_before} places became {places}. Every promise stays.")),
    "queue cap": Shape(N_("{inside} of {room_cap} people are inside.")),
    "queue import": Shape(
        N_("The appointments of {file} are in the queue."), ("read", "added", "changed", "unchanged"), (REJECTED,)
    ),
}

BANK: Final[Mapping[str, Shape]] = {
    "bank account add": Shape(N_("The account is in use from now on."), tables=(_ACCOUNTS,)),
    "bank account list": Shape(tables=(_ACCOUNTS,)),
    "bank import": Shape(
        N_("The statement {file} is brought in."),
        ("account", "read", "added", "already", "opening", "in_total", "out_total", "closing", "balance_ok"),
        (REJECTED,),
        next=N_("See what it settled and what waits: counter bank match"),
    ),
    "bank statements": Shape(
        tables=(
            Table(
                "statements",
                ("done_at", "file", "account", "read", "added", "already", "in_total", "out_total", "gap"),
                empty=N_("No statement was brought in yet: counter bank import FILE"),
            ),
        ),
    ),
    "bank match": Shape(
        N_("{matched} settled by themselves; {suggested} with a proposal, {unmatched} without."),
        ("events", "unbooked", "expired", "faults"),
        (
            Table("matched", ("code", "amount", "number"), title=N_("Settled:")),
            Table("suggested", _BANK_LINES, title=N_("For a person to decide:")),
            Table("unmatched", _BANK_LINES, title=N_("Without a proposal:")),
            Table("surplus", ("surplus_id", "amount", "customer_code", "opened_at", "reason"), title=N_("Surplus:")),
            Table("messages", _MESSAGES, title=N_("Messages for a person to decide:")),
        ),
        next=N_("Decide: counter bank assign, settle, surplus, not-ours or dismiss, with the line"),
    ),
    "bank messages": Shape(
        tables=(Table("messages", _MESSAGES, empty=N_("No message waits for a person.")),),
        next=N_("Decide: counter bank book-message or end-message, with the provider and the message"),
    ),
    "bank book-message": Shape(N_("The money is a line of the bank: {state}."), ("line_id", "number", "why")),
    "bank end-message": Shape(N_("The message is ended.")),
    "bank poll": Shape(
        N_("The lists were asked: {events} new messages, {matched} settled by themselves."),
        tables=(Table("lists", ("provider", "read", "added")),),
        next=N_("See what waits for a person: counter bank match"),
    ),
    "bank assign": Shape(N_("The line belongs to that transfer: {state}."), ("number", "why")),
    "bank settle": Shape(N_("The line pays these bills, receipt {number}."), ("due", "head"), (_LINES,)),
    "bank settle-over": Shape(
        N_("The bills are paid, receipt {number}; the rest is surplus."),
        ("due", "head"),
        (_LINES,),
        next=N_("Decide what becomes of the rest: counter surplus list"),
    ),
    "bank surplus": Shape(
        N_("The money is on the surplus list."),
        ("surplus_id",),
        next=N_("Decide about it: counter surplus credit or refund"),
    ),
    "bank not-ours": Shape(N_("The line is no customer's money.")),
    "bank dismiss": Shape(N_("The line and that transfer do not belong together; they are not proposed again.")),
    "bank unproven": Shape(
        tables=(
            Table(
                "unproven",
                ("number", "business_day", "amount", "proof", "partner", "reference"),
                empty=N_("The bank has told of every payment."),
            ),
        ),
    ),
    "bank share": Shape(
        N_("Takings of {day} by till:"),
        tables=(
            Table(
                "tills",
                ("name", "cash", "cashless", "per_mille", "papers", "cashless_papers"),
                empty=N_("Nothing was taken on that day."),
            ),
        ),
    ),
    "surplus list": Shape(tables=(_SURPLUS,), next=N_("Decide: counter surplus owner, credit or refund")),
    "surplus owner": Shape(N_("The owner is noted."), tables=(_SURPLUS,)),
    "surplus credit": Shape(N_("It is the customer's advance now, receipt {number}."), ("due", "head")),
    "surplus refund": Shape(N_("Given back by the bank, reference {reference}.")),
}

PAPER: Final[Mapping[str, Shape]] = {
    "printer status": Shape(
        N_("Paper of till {till} comes out at: {printer}"),
        ("prints", "driven", "answers", "trouble", "low_paper", "waiting", "asks", "quiet"),
        next=N_("See the open papers: counter printer jobs"),
    ),
    "printer jobs": Shape(
        tables=(Table("jobs", ("job", "name", "state", "error", "answer"), empty=N_("No paper is open.")),),
        next=N_("Say what became of one: counter printer resolve PAPER came-out, print-again or not-wanted"),
    ),
    "printer resolve": Shape(N_("Noted."), ("answered", *_JOB, "answer")),
    "printer test": Shape(N_("The test page: {state}."), _JOB),
    "printer calibrate": Shape(N_("Kept for this till's printer."), (*_PROFILE, *_JOB)),
    "printer model": Shape(N_("Kept for this till's printer."), _PROFILE),
    "printer find": Shape(),
    "printer use": Shape(
        N_("Paper comes out at: {printer}"), ("drawer", "dots"), next=N_("Try it: counter printer test --till T")
    ),
    "printer drawer": Shape(N_("The drawer: {state}."), ("error", "printer")),
}

_OWN_LINES: Final = (
    "paper day",
    "paper ticket",
    "paper poster",
    "paper layout list",
    "paper layout show",
    "paper layout set",
    "paper layout reset",
    "paper layout preview",
    "printer run",
    "queue checklist",
    "queue rules",
    "queue spread",
    "queue report",
    "queue end-day",
    "queue reopen-day",
    "queue notices",
    "serve",
    "display",
    "web",
)
"""Commands that answer with a paper, a file's text or lines of their own."""

SHAPES: Final[Mapping[str, Shape]] = {**OFFICE, **DAY, **QUEUE, **BANK, **PAPER, **dict.fromkeys(_OWN_LINES, Shape())}
