"""What the till says about money: who pays for what before it is taken, and what to give back after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from textual.content import Content

from counter.bills import BillLine
from counter.locale import N_, _
from counter.money import Dong, group_digits, notes_for, sum_of, total
from counter.payments import OlderBillFirst, Receipt, ReceiptLine
from counter.screens.widgets import AMOUNT, Cell, Column, Cut, Words, as_set, figures, fitted
from counter.words import said
from db.states import Method

CASHLESS: Final = (Method.QR, Method.CARD, Method.WALLET)
WIDE: Final = 100
"""Cells of a list from which there is room for everything."""
BILL_COLUMNS: Final = (
    Column(N_("Period"), width=11, cut=Cut.MIDDLE),
    Column(N_("Code"), width=13),
    Column(N_("Customer"), flex=1, cut=Cut.MIDDLE),
    Column(N_("Bill"), width=19, from_width=WIDE),
    Column(N_("Bill"), width=9, until_width=WIDE, cut=Cut.LEFT),
    Column(N_("Amount"), width=AMOUNT, align="right"),
)
BILLS_NAMED: Final = 4
"""Of a basket, in the reason a supervisor reads: it keeps within what a request holds."""
LINES_SHOWN: Final = 8
CUSTOMERS_SHOWN: Final = 5
WIDEST_IN_A_BOX: Final = 38
WIDEST: Final = 54
"""Cells of the words before an amount: 80 less margins and the amount."""


def bill_cells(bill: BillLine) -> Sequence[Cell]:
    """The cells of a bill: the code beside the name, for two customers may have the same one."""
    return (bill.period, bill.customer_code, bill.customer_name, bill.bill_id, bill.bill_id, bill.amount)


def whose(basket: Sequence[BillLine]) -> str:
    """`PA05010000001 · bills: 2`, or how many customers and bills there are."""
    codes = {bill.customer_code for bill in basket}
    if len(codes) == 1:
        return _("{code} · bills: {bills}").format(code=basket[0].customer_code, bills=len(basket))
    return _("{people} customers · bills: {bills}").format(people=len(codes), bills=len(basket))


def confirm_lines(basket: Sequence[BillLine], *, tendered: Dong, change: Dong) -> list[Words]:
    """Whose money it is comes first: who looks up only now sees at once whether it is the person at the counter. Several
    customers stand under each other, each with their sum."""
    sums = (
        (_("To pay"), total(bill.amount for bill in basket)),
        (_("Customer gives"), tendered),
        (_("Give back"), change),
    )
    people = {bill.customer_code: bill.customer_name for bill in basket}
    if len(people) == 1:
        return [Content.styled(as_set(basket[0].customer_name).plain, "bold"), whose(basket), "", as_set(*figures(*sums))]
    rows = [
        (
            fitted(f"{code}  {name}", width=WIDEST_IN_A_BOX, cut=Cut.MIDDLE).rstrip(),
            total(b.amount for b in basket if b.customer_code == code),
        )
        for code, name in list(people.items())[:CUSTOMERS_SHOWN]
    ]
    shown = figures(*rows, *sums)
    more = [_("and {n} more customers").format(n=len(people) - len(rows))] if len(people) > len(rows) else []
    return [Content.styled(whose(basket), "bold"), as_set(*shown[: len(rows)], *more), "", as_set(*shown[len(rows) :])]


def order_reason(basket: Sequence[BillLine], refused: OlderBillFirst) -> str:
    """What the supervisor reads who is asked to let a newer bill go first."""
    bills = ", ".join(f"{bill.customer_code} {bill.period}: {bill.amount}" for bill in basket[:BILLS_NAMED])
    older = _("older and not chosen: {customer}, {period}").format(**refused.facts)
    name = fitted(basket[0].customer_name, width=WIDEST_IN_A_BOX, cut=Cut.MIDDLE).rstrip()
    return f"{name} · {whose(basket)}; {bills}; {older}"


def back_words(receipt: Receipt) -> str:
    """What goes back to the customer, in capitals because it is done now."""
    return _("GIVE BACK {change}").format(change=receipt.change) if receipt.change else _("no change")


def notes_line(change: Dong, *, missing: Collection[int]) -> str:
    """`50.000×1  2.000×2`, the notes to give back, and what no note in the drawer makes."""
    notes = notes_for(change, without=missing)
    rest = change - sum_of(notes)
    parts = [f"{group_digits(note)}×{pieces}" for note, pieces in notes.items()]
    if rest:
        parts.append(_("and {rest} for which the drawer has no note").format(rest=rest))
    return "  ".join(parts)


def taken_lines(receipt: Receipt, *, notes: str) -> list[str]:
    """The payment just taken, for the middle of the screen; `notes` are those to give back."""
    lines = [
        _("✓ Taken {due} · receipt {number}").format(due=receipt.due, number=receipt.number),
        _given(receipt),
        *([f"  {notes}"] if notes else []),
        "",
    ]
    rows = [
        (fitted(_line(receipt, line), width=WIDEST, cut=Cut.MIDDLE).rstrip(), abs(line.amount))
        for line in receipt.lines[:LINES_SHOWN]
    ]
    return [*lines, *(f"  {row}" for row in figures(*rows))]


def _given(receipt: Receipt) -> str:
    """What the customer gave and gets back; without cash, how it came."""
    if receipt.method in CASHLESS:
        return "  " + str(said(receipt.method))
    return _("  Customer gave {tendered} · {back}").format(tendered=receipt.tendered, back=back_words(receipt))


def _line(receipt: Receipt, line: ReceiptLine) -> str:
    """`PA05010000001  Nguyễn Văn An  10/2026`, or for how many months it was given in advance."""
    months = _("in advance, months: {months}").format(months=receipt.months)
    return f"{line.customer_code}  {line.name}  {line.period or months}"
