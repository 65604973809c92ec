"""The words that columns hold. Which may follow which is the trade's business (a MOVES table beside its actions)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    COLLECTOR = "collector"
    AUDITOR = "auditor"


class BillKind(StrEnum):
    """LOAI_HDON of CMIS: active energy, reactive power, both."""

    ACTIVE = "TD"
    REACTIVE = "VC"
    BOTH = "TC"


class BillState(StrEnum):
    """Whether CMIS still claims the bill. Whether it is paid is told by its live settlement alone."""

    DUE = "DUE"
    WITHDRAWN = "WITHDRAWN"


class CaseKind(StrEnum):
    """Why somebody must look: a fact that arrived too late to be a plain change."""

    WITHDRAWN_AFTER_PAID = "WITHDRAWN_AFTER_PAID"
    CHANGED_AFTER_PAID = "CHANGED_AFTER_PAID"


class CaseState(StrEnum):
    OPEN = "OPEN"
    RESOLVED = "RESOLVED"


class ShiftState(StrEnum):
    """A shift: taking money, counted blind, handed over, refused by the receiver or accepted."""

    OPEN = "OPEN"
    COUNTED = "COUNTED"
    HANDED_OVER = "HANDED_OVER"
    REFUSED = "REFUSED"
    ACCEPTED = "ACCEPTED"


class CountPurpose(StrEnum):
    """What a count by notes was for."""

    FLOAT = "FLOAT"
    BLIND = "BLIND"


class CashMoveKind(StrEnum):
    """Cash that moves between drawer and safe during a shift."""

    SAFE_DROP = "SAFE_DROP"
    CHANGE_FROM_SAFE = "CHANGE_FROM_SAFE"


class PaymentKind(StrEnum):
    """What a numbered paper says: money for bills, money in advance, advance used for a bill, taken back, given back."""

    BILLS = "BILLS"
    ADVANCE = "ADVANCE"
    ADVANCE_USE = "ADVANCE_USE"
    REVERSAL = "REVERSAL"
    REFUND = "REFUND"


class Method(StrEnum):
    """How the money came."""

    CASH = "CASH"
    QR = "QR"
    MIXED = "MIXED"
    CARD = "CARD"
    WALLET = "WALLET"
    ADVANCE = "ADVANCE"


class ApprovalAct(StrEnum):
    """What a second person is asked for."""

    REVERSE = "REVERSE"
    REFUND = "REFUND"
    KEEP = "KEEP"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    DIFFERENCE = "DIFFERENCE"
    QR_BY_HAND = "QR_BY_HAND"
    SURPLUS = "SURPLUS"
    FROM_SAFE = "FROM_SAFE"
    ACCOUNT = "ACCOUNT"


class ApprovalState(StrEnum):
    WAITING = "WAITING"
    GRANTED = "GRANTED"
    DENIED = "DENIED"
    USED = "USED"
    WITHDRAWN = "WITHDRAWN"


class ImportState(StrEnum):
    DONE = "DONE"


class JobKind(StrEnum):
    """What a print job puts on paper, or does at the printer. The column takes any word, so that papers can be added."""

    RECEIPT = "RECEIPT"
    SHIFT_REPORT = "SHIFT_REPORT"
    TICKET = "TICKET"
    DRAWER = "DRAWER"
    TEST = "TEST"
    CALIBRATION = "CALIBRATION"
    TRANSFER_SLIP = "TRANSFER_SLIP"
    DAY_REPORT = "DAY_REPORT"


class JobState(StrEnum):
    """A print job: waiting, looked at, held up with nothing sent, on its way, awaiting the printer's word, done, unsure."""

    QUEUED = "QUEUED"
    CHECKING = "CHECKING"
    BLOCKED = "BLOCKED"
    SENDING = "SENDING"
    AWAIT_ACK = "AWAIT_ACK"
    PRINTED = "PRINTED"
    UNCONFIRMED = "UNCONFIRMED"


class JobTrouble(StrEnum):
    """Why a job is held up, or why nobody knows whether its paper came out."""

    AWAY = "AWAY"
    SILENT = "SILENT"
    NO_PAPER = "NO_PAPER"
    COVER_OPEN = "COVER_OPEN"
    OFFLINE = "OFFLINE"
    BROKEN = "BROKEN"
    CANNOT_BE_MADE = "CANNOT_BE_MADE"
    BROKE_OFF = "BROKE_OFF"
    NO_ACK = "NO_ACK"
    MUTE = "MUTE"
    STOPPED = "STOPPED"


class JobAnswer(StrEnum):
    """What a person (or the till itself) decided about a job's paper."""

    CAME_OUT = "CAME_OUT"
    DID_NOT = "DID_NOT"
    NOT_WANTED = "NOT_WANTED"
    TOO_LATE = "TOO_LATE"


class IntentState(StrEnum):
    """A transfer that was asked for: shown; paid to the đồng; too little or too much; too late for its basket."""

    SHOWN = "SHOWN"
    UNDERPAID = "UNDERPAID"
    OVERPAID = "OVERPAID"
    PAID = "PAID"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    LATE = "LATE"


class BankLineState(StrEnum):
    """Money that moved on the office's account: nobody's yet; held for an intent; settled bills; surplus; other business."""

    NEW = "NEW"
    HELD = "HELD"
    SETTLED = "SETTLED"
    SURPLUS = "SURPLUS"
    NOT_OURS = "NOT_OURS"
    OUT = "OUT"


class Proof(StrEnum):
    """Why a cashless payment is believed: the bank's own line, two people and a reference, a slip's reference."""

    BANK_LINE = "BANK_LINE"
    BY_HAND = "BY_HAND"
    SLIP = "SLIP"


class SurplusState(StrEnum):
    """Money that truly came and settles nothing: open; credited to the customer's advance; given back."""

    OPEN = "OPEN"
    CREDITED = "CREDITED"
    REFUNDED = "REFUNDED"


class ArrivalState(StrEnum):
    """A message from outside about money: stored; taken into the bank lines; a case for a person."""

    RECEIVED = "RECEIVED"
    DONE = "DONE"
    CASE = "CASE"


class TicketState(StrEnum):
    """A place in the queue: kept for a moment, booked, waiting here, called, and how it ended."""

    DRAFT = "DRAFT"
    BOOKED = "BOOKED"
    WAITING = "WAITING"
    CALLED = "CALLED"
    HELD = "HELD"
    ABSENT = "ABSENT"
    SERVED = "SERVED"
    LEFT = "LEFT"
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"
    EXPIRED = "EXPIRED"


class TicketKind(StrEnum):
    """Whether somebody comes at an agreed time or just came."""

    APPOINTMENT = "APPOINTMENT"
    WALK_IN = "WALK_IN"


class TicketMoveKind(StrEnum):
    """What happened to a ticket."""

    DRAFTED = "DRAFTED"
    BOOKED = "BOOKED"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"
    ISSUED = "ISSUED"
    ARRIVED = "ARRIVED"
    LET_IN = "LET_IN"
    CALLED = "CALLED"
    RECALLED = "RECALLED"
    SERVED = "SERVED"
    ABSENT = "ABSENT"
    RETURNED = "RETURNED"
    TRANSFERRED = "TRANSFERRED"
    HELD = "HELD"
    RESUMED = "RESUMED"
    LEFT = "LEFT"
    MISSED = "MISSED"
    EXPIRED = "EXPIRED"


class BookingChannel(StrEnum):
    """How an appointment was made."""

    COUNTER = "COUNTER"
    PHONE = "PHONE"
    CALL_CENTRE = "CALL_CENTRE"
    SPREAD = "SPREAD"


class RoomMoveKind(StrEnum):
    """Why the number of people inside, or the most that may be inside, changed."""

    CALLED = "CALLED"
    LET_IN = "LET_IN"
    OUT = "OUT"
    GUARD = "GUARD"
    CAP = "CAP"
    DAY_END = "DAY_END"
