"""The customer's screen in words: the same for a terminal and for a browser."""

from __future__ import annotations

from counter.locale import _
from counter.payments.qr import CustomerSide, Showing


def headline(side: CustomerSide) -> str:
    """One sentence, large."""
    if side.showing is Showing.SCAN:
        return _("Scan with the app of your bank")
    if side.showing is Showing.MORE:
        return _("Thank you. {amount} more, please").format(amount=side.amount)
    if side.showing is Showing.RECEIVED:
        return _("✓ Received {amount}. Thank you").format(amount=side.amount)
    if side.showing is Showing.ASK:
        return _("More came than asked for. One moment, please")
    return _("Welcome")


def facts(side: CustomerSide) -> list[str]:
    """What the customer compares with their app; the name is masked."""
    if side.showing is Showing.IDLE:
        return []
    lines = [side.name]
    if side.payload:
        lines += [f"{side.bank} {side.account}", side.holder, _("Content: {memo}").format(memo=side.memo)]
    if side.cash_part:
        lines.append(_("And in cash: {cash}").format(cash=side.cash_part))
    return lines


def countdown(side: CustomerSide) -> str:
    """`14:32`, or nothing."""
    return f"{side.seconds_left // 60:02d}:{side.seconds_left % 60:02d}" if side.seconds_left else ""
