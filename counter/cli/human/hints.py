"""What helps on the command line after a refusal: the option of this command, or another command, with what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counter.cli.human.speaking import speaking
from counter.locale import translate

HELPFUL: Final[Mapping[str, tuple[str, ...]]] = {
    "AlreadyBooked": ("queue change",),
    "AlreadyCounted": ("shift hand-over",),
    "BackupIsAnother": ("--accept-older",),
    "BackupIsOlder": ("--accept-older",),
    "BadProfile": ("--profile",),
    "BadStatement": ("--profile",),
    "BankAccountUnknown": ("bank account list",),
    "CashNotAccepted": ("shift accept",),
    "CalledEnough": ("queue absent",),
    "ChecklistMissing": ("queue checklist",),
    "ChecklistUnanswered": ("--yes", "--no"),
    "ColumnsMissing": ("--profile",),
    "DayClosed": ("--day",),
    "DayUnreadable": ("--day",),
    "DraftGone": ("queue offer",),
    "EncodingUnclear": ("--encoding",),
    "FileInTheWay": ("--out",),
    "FileNotWritten": ("--out",),
    "IntentIsClosed": ("pay qr",),
    "MonthsUnreadable": ("--months",),
    "NeedsApproval": ("--approved-by",),
    "NotInSafe": ("safe in",),
    "CashDiffers": ("shift refuse",),
    "OtherReason": ("--reason", "--approved-by"),
    "StillHasCash": ("shift hand-over", "shift accept"),
    "NoBankAccount": ("bank account add",),
    "NoChangeInDrawer": ("shift move",),
    "NoCustomer": ("surplus owner",),
    "NoDrawerOut": ("shift open",),
    "NoMoreCounts": ("shift hand-over",),
    "NoOpenShift": ("shift open",),
    "NoSuchFolder": ("--out",),
    "NoSuchSlot": ("--slot", "queue slots"),
    "NoSuchTill": ("till list", "till add"),
    "NobodyCalled": ("queue call",),
    "NotAllowed": ("--as",),
    "NotCounted": ("shift count",),
    "NotEnoughCash": ("--tendered",),
    "NotEnoughForAdvance": ("--tendered", "--months"),
    "NotInDrawer": ("shift move",),
    "NotToday": ("queue change", "queue issue"),
    "NotYourShift": ("shift hand-over",),
    "NothingToPay": ("--bill",),
    "OlderBillFirst": ("--approved-by",),
    "OwnAct": ("--approved-by",),
    "ReasonMissing": ("--reason",),
    "ReferenceMissing": ("--reference",),
    "ReferenceUsed": ("--reference",),
    "RejectedBookings": ("--skip-wrong",),
    "RejectedLines": ("--skip-wrong",),
    "ResetByYou": ("--approved-by",),
    "ResolutionMissing": ("--resolution",),
    "RoomFull": ("queue inside",),
    "SameIdOtherFacts": ("--id",),
    "ShiftAlreadyOpen": ("shift hand-over",),
    "ShiftNotCounted": ("shift count",),
    "SlipUnreadable": ("--card", "--wallet"),
    "SlotFull": ("--slot", "queue slots"),
    "SlotKept": ("--slot", "--class"),
    "SlotPast": ("--slot", "queue slots"),
    "StillCalled": ("queue serve", "queue absent"),
    "TillHeld": ("till release",),
    "TimeUnreadable": ("--slot",),
    "TooLittle": ("bank surplus",),
    "TooMuchCash": ("--tendered",),
    "UnknownBill": ("bills owed",),
    "UnknownBooker": ("bills find",),
    "UnknownCase": ("bills cases",),
    "UnknownClass": ("--class",),
    "UnknownCustomer": ("bills find",),
    "UnknownEncoding": ("--encoding",),
    "UnknownIntent": ("pay qr",),
    "UnknownJob": ("printer jobs",),
    "UnknownLine": ("bank match",),
    "UnknownProfile": ("--profile",),
    "UnknownService": ("--service",),
    "UnknownStatementProfile": ("--profile",),
    "UnknownTicket": ("queue board", "--day"),
    "UnknownUser": ("user list",),
    "UnreadableAmount": ("--tendered",),
    "UnreadableCount": ("--count",),
    "UserLocked": ("user unlock",),
    "WhoActs": ("--as",),
    "WhyOpenDrawer": ("--reason",),
    "WrongAccount": ("--account",),
    "WrongPin": ("--as",),
}
"""Refusals by name, and what helps: `--option` where the command has it, else the words of another command."""


def hints_for(refusal: str) -> list[str]:
    """Lines such as `--skip-wrong: leave wrong lines out`, in the user's language; none where nothing helps."""
    lines = [f"counter {speaking.command} --help"] if refusal == "WrongUsage" and speaking.command else []
    for name in HELPFUL.get(refusal, ()):
        known = speaking.options if name.startswith("-") else speaking.commands
        if help_ := known.get(name):
            lines.append(f"{name if name.startswith('-') else f'counter {name}'}: {translate(help_)}")
    return lines
