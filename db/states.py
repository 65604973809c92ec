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
    """A shift: taking money, counted blind, handed over, accepted."""

    OPEN = "OPEN"
    COUNTED = "COUNTED"
    HANDED_OVER = "HANDED_OVER"
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
    ADVANCE = "ADVANCE"


class ApprovalAct(StrEnum):
    """What a second person is asked for."""

    REVERSE = "REVERSE"
    REFUND = "REFUND"
    KEEP = "KEEP"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    DIFFERENCE = "DIFFERENCE"


class ApprovalState(StrEnum):
    WAITING = "WAITING"
    GRANTED = "GRANTED"
    DENIED = "DENIED"
    USED = "USED"


class ImportState(StrEnum):
    DONE = "DONE"


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
