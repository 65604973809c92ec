"""The words of matching: why a line was not settled by itself."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why a line was not settled by itself."""

    NO_CODE = "NO_CODE"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    SEVERAL_CODES = "SEVERAL_CODES"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    DISMISSED = "DISMISSED"
    TOO_LITTLE = "TOO_LITTLE"
    TOO_MUCH = "TOO_MUCH"
    PAID_BEFORE = "PAID_BEFORE"
    BILLS_GONE = "BILLS_GONE"
    WAITS_FOR_CASH = "WAITS_FOR_CASH"
    RETURNED = "RETURNED"
