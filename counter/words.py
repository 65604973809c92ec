"""What the words of the columns are called on screens, in refusals and in commands: never the word itself.

Keyed by the name of the enum and its word, so that whoever shows one needs no table (`db.states` lists them all). JSON and
the books keep the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from counter.locale import N_, translate

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "Role": {
        "cashier": N_("cashier"),
        "supervisor": N_("supervisor"),
        "collector": N_("collector"),
        "auditor": N_("auditor"),
    },
    "BillKind": {
        "TD": N_("electricity"),
        "VC": N_("reactive power"),
        "TC": N_("electricity and reactive power"),
    },
    "BillState": {"DUE": N_("claimed by CMIS"), "WITHDRAWN": N_("withdrawn by CMIS")},
    "CaseKind": {
        "WITHDRAWN_AFTER_PAID": N_("Withdrawn after it was paid"),
        "CHANGED_AFTER_PAID": N_("Changed after it was paid"),
    },
    "CaseState": {"OPEN": N_("waiting for a decision"), "RESOLVED": N_("decided")},
    "ShiftState": {
        "OPEN": N_("open, taking money"),
        "COUNTED": N_("counted, not yet handed over"),
        "HANDED_OVER": N_("handed over, waiting to be accepted"),
        "REFUSED": N_("handed over, not taken: back with the cashier"),
        "ACCEPTED": N_("accepted"),
    },
    "CountPurpose": {"FLOAT": N_("float"), "BLIND": N_("blind count")},
    "CashMoveKind": {"SAFE_DROP": N_("cash to the safe"), "CHANGE_FROM_SAFE": N_("change from the safe")},
    "PaymentKind": {
        "BILLS": N_("bills"),
        "ADVANCE": N_("advance"),
        "ADVANCE_USE": N_("from advance"),
        "REVERSAL": N_("reversal"),
        "REFUND": N_("refund"),
    },
    "Method": {
        "CASH": N_("cash"),
        "QR": N_("bank transfer (QR)"),
        "MIXED": N_("cash and transfer"),
        "CARD": N_("card"),
        "WALLET": N_("e-wallet"),
        "ADVANCE": N_("advance money"),
    },
    "ApprovalAct": {
        "REVERSE": N_("Reverse a receipt"),
        "REFUND": N_("Give money back"),
        "KEEP": N_("Keep money as an advance"),
        "OUT_OF_ORDER": N_("Newer bill before an older one"),
        "DIFFERENCE": N_("Difference at hand-over"),
        "QR_BY_HAND": N_("Transfer the bank has not told of"),
        "SURPLUS": N_("Surplus credited or given back"),
        "FROM_SAFE": N_("Change from the safe"),
        "ACCOUNT": N_("Account that customers transfer to"),
    },
    "ApprovalState": {
        "WAITING": N_("waiting for an answer"),
        "GRANTED": N_("granted"),
        "DENIED": N_("denied"),
        "USED": N_("used"),
        "WITHDRAWN": N_("taken back"),
    },
    "ImportState": {"DONE": N_("brought in")},
    "JobKind": {
        "RECEIPT": N_("receipt"),
        "SHIFT_REPORT": N_("shift report"),
        "TICKET": N_("ticket"),
        "DRAWER": N_("cash drawer"),
        "TEST": N_("test page"),
        "CALIBRATION": N_("calibration page"),
        "TRANSFER_SLIP": N_("slip with a transfer's code"),
        "DAY_REPORT": N_("day report"),
    },
    "JobState": {
        "QUEUED": N_("waits for the printer"),
        "CHECKING": N_("the printer is asked"),
        "BLOCKED": N_("held up, nothing sent"),
        "SENDING": N_("being sent"),
        "AWAIT_ACK": N_("waits for the printer's word"),
        "PRINTED": N_("printed"),
        "UNCONFIRMED": N_("not sure"),
    },
    "JobTrouble": {
        "AWAY": N_("printer off or cable out"),
        "SILENT": N_("printer does not answer"),
        "NO_PAPER": N_("out of paper"),
        "COVER_OPEN": N_("cover open"),
        "OFFLINE": N_("printer paused"),
        "BROKEN": N_("printer reports a fault"),
        "CANNOT_BE_MADE": N_("this paper cannot be made"),
        "BROKE_OFF": N_("broke off in the middle"),
        "NO_ACK": N_("no word from the printer"),
        "MUTE": N_("printer cannot answer"),
        "STOPPED": N_("the program stopped in the middle"),
    },
    "JobAnswer": {
        "CAME_OUT": N_("came out"),
        "DID_NOT": N_("did not come out"),
        "NOT_WANTED": N_("not wanted any more"),
        "TOO_LATE": N_("too late, left out"),
    },
    "IntentState": {
        "SHOWN": N_("waiting for the transfer"),
        "UNDERPAID": N_("too little came"),
        "OVERPAID": N_("too much came"),
        "PAID": N_("paid"),
        "EXPIRED": N_("time is over"),
        "CANCELLED": N_("given up"),
        "LATE": N_("money came late"),
    },
    "BankLineState": {
        "NEW": N_("not matched"),
        "HELD": N_("held for a transfer"),
        "SETTLED": N_("settled bills"),
        "SURPLUS": N_("surplus"),
        "NOT_OURS": N_("not a customer's"),
        "OUT": N_("money out"),
    },
    "Proof": {
        "BANK_LINE": N_("the bank's own line"),
        "BY_HAND": N_("two people, not confirmed by the bank"),
        "SLIP": N_("slip or wallet"),
    },
    "SurplusState": {"OPEN": N_("to be decided"), "CREDITED": N_("credited as advance"), "REFUNDED": N_("given back")},
    "ArrivalState": {"RECEIVED": N_("stored"), "DONE": N_("taken into the books"), "CASE": N_("for a person")},
    "TicketState": {
        "DRAFT": N_("on offer"),
        "BOOKED": N_("booked"),
        "WAITING": N_("in line"),
        "CALLED": N_("called"),
        "HELD": N_("on hold"),
        "ABSENT": N_("absent"),
        "SERVED": N_("served"),
        "LEFT": N_("gone"),
        "CANCELLED": N_("cancelled"),
        "MISSED": N_("missed"),
        "EXPIRED": N_("no longer on offer"),
    },
    "TicketKind": {"APPOINTMENT": N_("appointment"), "WALK_IN": N_("without appointment")},
    "TicketMoveKind": {
        "DRAFTED": N_("offered"),
        "BOOKED": N_("booked"),
        "CHANGED": N_("put to another time"),
        "CANCELLED": N_("cancelled"),
        "ISSUED": N_("number given"),
        "ARRIVED": N_("arrived"),
        "LET_IN": N_("let in"),
        "CALLED": N_("called"),
        "RECALLED": N_("called again"),
        "SERVED": N_("served"),
        "ABSENT": N_("absent"),
        "RETURNED": N_("came back"),
        "TRANSFERRED": N_("transferred"),
        "HELD": N_("on hold"),
        "RESUMED": N_("ready again"),
        "LEFT": N_("gone"),
        "MISSED": N_("missed"),
        "EXPIRED": N_("no longer on offer"),
    },
    "BookingChannel": {
        "COUNTER": N_("at the counter"),
        "PHONE": N_("by phone"),
        "CALL_CENTRE": N_("from the call centre"),
        "SPREAD": N_("with the meter book"),
    },
    "RoomMoveKind": {
        "CALLED": N_("called in"),
        "LET_IN": N_("let in"),
        "OUT": N_("went out"),
        "GUARD": N_("counted by the guard"),
        "CAP": N_("another limit"),
        "DAY_END": N_("end of the day"),
    },
}
CHECKS: Final[Mapping[str, str]] = {
    "database_file": N_("the database file is whole"),
    "journal_chain": N_("no row of the journal is missing or changed"),
    "journal_matches_payments": N_("the payments are as the journal says"),
    "journal_matches_shifts": N_("shifts and cash are as the journal says"),
    "receipt_numbers": N_("receipt numbers without gap or repeat"),
    "ledger_balances": N_("every entry adds up to zero"),
    "ledger_matches_journal": N_("every posting is in the journal"),
    "ledger_matches_payments": N_("every payment is booked as it says"),
    "one_live_settlement": N_("no bill is settled twice"),
    "payment_lines": N_("the lines of each payment add up"),
    "reversals": N_("each reversal is the opposite of its receipt"),
    "advances": N_("advance money is what the books owe"),
    "drawers": N_("drawers hold what they must"),
    "two_people": N_("what needs two people has two"),
    "second_words": N_("every second person's word is in the journal and spent once"),
    "users": N_("people, roles and PINs are as the journal says"),
    "office_limit": N_("the limit of a difference is the one a supervisor set"),
    "paid_bills": N_("paid bills are as they were paid"),
    "imports": N_("files brought in are as the journal says"),
    "copies": N_("copies of receipts are as the journal says"),
    "given_back": N_("no bill gave back more than it took"),
    "cases": N_("each case ended as the journal says"),
    "queue_numbers": N_("each number of the queue is given once"),
    "queue_tickets": N_("what happened to each ticket may happen in this order"),
    "queue_room": N_("nobody was called into a full room"),
    "queue_slots": N_("the places given are the tickets that hold them"),
    "queue_journal": N_("checklists and room counts are as the journal says"),
    "print_jobs": N_("every payment has its paper, and copies have no gap"),
    "arrivals": N_("no message about money waits unbooked"),
    "bank_lines": N_("each movement of the bank is booked once"),
    "surplus": N_("surplus is what the books owe"),
    "transfers": N_("transfers fit their bills and proofs"),
    "newest_books": N_("the books are not older than those seen before"),
}
"""What `counter check` proves, by the name of the check."""


def check_said(name: str) -> str:
    """What a check proves, with its name for whoever looks it up."""
    return f"{translate(CHECKS[name])} [{name}]" if name in CHECKS else name


def said(value: object) -> object:
    """A state, role, kind or method in the user's language, several of them with commas; anything else as it is."""
    if isinstance(value, StrEnum):
        name = NAMES.get(type(value).__name__, {}).get(value.value)
        return translate(name) if name else value.value
    if isinstance(value, tuple):
        return ", ".join(str(said(one)) for one in value)
    return value
