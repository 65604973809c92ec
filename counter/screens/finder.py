"""Finding a customer: one box for a code, a name, a phone or a scan, and below it the customers that it means.

What Enter and the arrows do is meant for the rows of what is typed now. Rows that came while typing may be those of a few
letters before; then the key waits for a search of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input

from counter.bills import CustomerLine, Found, Owed, bills_by_payer, find_customers, unpaid_bills
from counter.locale import N_, _
from counter.screens.widgets import AMOUNT, Column, Cut, LineInput, RowList

if TYPE_CHECKING:
    from counter.screens.app import CounterApp

SHOWN: Final = 50
LONGEST_LOOKED_FOR: Final = 100
"""Characters beyond which a text is a scan: it is looked up on Enter, not while it comes in."""


class Finder(Vertical):
    """The box, and one of several panes: the customers found, or one of those given."""

    DEFAULT_CSS = "Finder { height: 1fr; }"

    class Chosen(Message):
        """One customer is meant."""

        def __init__(self, customer: CustomerLine) -> None:
            super().__init__()
            self.customer = customer
            self.owed: Callable[[Any], Owed] = partial(unpaid_bills, customer_code=customer.customer_code)
            """The view of what they owe."""

    class PayerChosen(Chosen):
        """Every contract of one payer is meant; `customer` is the first of them."""

        def __init__(self, customer: CustomerLine) -> None:
            super().__init__(customer)
            self.owed = partial(bills_by_payer, payer_code=customer.payer_code)

    class Blank(Message):
        """Enter with nothing typed."""

    class Other(Message):
        """Enter after a text that names no customer but something of the screen's own."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(
        self, *panes: Widget, start: str, placeholder: str, is_other: Callable[[str], object] = lambda _text: False
    ) -> None:
        """`start` is the id of the pane that is shown first; `placeholder` a source text; `is_other` knows the texts
        that are no customer's."""
        super().__init__()
        self._panes = panes
        self._start = start
        self._placeholder = placeholder
        self._is_other = is_other
        self._rows_of = ""
        """The text whose customers stand in the list."""
        self._settled = ""
        """The text whose list the person has seen: Enter takes the row under the cursor."""
        self._under = start
        """The pane that the list of customers covers."""

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    def compose(self) -> ComposeResult:
        yield LineInput(id="find", placeholder=_(self._placeholder), max_length=400)
        with ContentSwitcher(initial=self._start, id="middle"):
            yield RowList(
                Column(N_("Code"), width=13),
                Column(N_("Name"), flex=3, cut=Cut.MIDDLE),
                Column(N_("Address"), flex=4),
                Column(N_("Phone"), width=11, from_width=100),
                Column(N_("Owed"), width=AMOUNT, align="right"),
                cells=_cells,
                empty=N_("Nobody found. Try fewer letters, the phone number or the meter number."),
                id="customers",
            )
            yield from self._panes

    @property
    def box(self) -> LineInput:
        return self.query_one("#find", LineInput)

    @property
    def customers(self) -> RowList[CustomerLine]:
        return self.query_one("#customers", RowList)

    @property
    def shown(self) -> str:
        """The id of the pane that is shown."""
        return str(self.query_one("#middle", ContentSwitcher).current)

    def retranslate(self) -> None:
        """The box in the language in use."""
        self.box.placeholder = _(self._placeholder)

    # --- what screens use ---------------------------------------------------------------------------------------------

    def show(self, pane: str) -> None:
        """Show this pane."""
        self.query_one("#middle", ContentSwitcher).current = pane
        if pane != "customers":
            self._under = pane
        self.screen.refresh_bindings()

    @property
    def is_listing(self) -> bool:
        """Whether customers cover what the screen is about."""
        return self.shown == "customers"

    def leave_list(self) -> None:
        """What the customers covered is in sight again."""
        if self.is_listing:
            self.show(self._under)

    def choose_payer(self) -> None:
        """All rows at once, where they are the contracts of one payer whose code was typed; else the bell."""
        if self._payer(self.customers.items):
            self.post_message(self.PayerChosen(self.customers.items[0]))
        else:
            self.app.bell()

    def _payer(self, customers: Sequence[CustomerLine]) -> str:
        """The code that was typed, if it pays for all of several rows."""
        typed = self.box.text.replace(" ", "").upper()
        is_one = self.box.text == self._rows_of and len(customers) > 1
        return typed if is_one and {one.payer_code for one in customers} == {typed} else ""

    def take_focus(self) -> None:
        """The next letter replaces what stands in the box."""
        self.box.focus()
        self.box.select_all()

    def clear(self) -> None:
        """An empty box and no customers."""
        self.box.value = self._rows_of = self._settled = ""
        self.customers.show([])

    def move(self, step: int) -> None:
        """The cursor of what is shown, so many rows down or up."""
        self._with_rows(lambda rows: rows.move(step))

    def page(self, step: int) -> None:
        """So many pages down or up."""
        self._with_rows(lambda rows: rows.page(step))

    # --- inside -------------------------------------------------------------------------------------------------------

    @on(Input.Changed, "#find")
    def look(self) -> None:
        """Rows while typing; an empty box means nobody."""
        text = self.box.text
        if not text:
            self.leave_list()
        elif text != self._rows_of and len(text) <= LONGEST_LOOKED_FOR and not self._is_other(text):
            self.counter.look(lambda: self._found(text), lambda found: self._seen(text, found), group="find")

    def _found(self, text: str) -> Found:
        return self.counter.desk.see(find_customers, text=text, limit=SHOWN)

    def _seen(self, text: str, found: Found) -> None:
        if self.box.text == text and self.box.has_focus and text != self._rows_of:
            self._list(text, found)

    def _list(self, text: str, found: Found) -> None:
        self._rows_of = text
        self.customers.show(found.customers)
        self.show("customers")

    @on(Input.Submitted, "#find")
    def find(self, event: Input.Submitted) -> None:
        """One customer: chosen. Several: the list, and Enter again takes the row under the cursor."""
        event.stop()
        text, current = self.box.text, self.customers.current
        if not text:
            self.post_message(self.Blank())
        elif self._is_other(text):
            self.post_message(self.Other(text))
        elif text == self._settled and current is not None:
            self.post_message(self.Chosen(current))
        else:
            self.counter.clear_notice()
            self.counter.ask(lambda: self._found(text), lambda found: self._settle(text, found))

    def _settle(self, text: str, found: Found) -> None:
        self._settled = text
        self._list(text, found)
        if len(found.customers) == 1:
            self.post_message(self.Chosen(found.customers[0]))
        elif not found.customers:
            self._nobody(text)
        elif self._payer(found.customers):
            contracts = _("{n} contracts of one payer: F4 takes all, ↑ ↓ and Enter one.")
            self.counter.warn(contracts.format(n=len(found.customers)))
        elif found.more:
            self.counter.warn(
                _("More than {n} customers: type more of the name or street, or the end of the phone.").format(n=SHOWN)
            )
        else:
            self.counter.warn(_("{n} customers: ↑ ↓ chooses, Enter takes.").format(n=len(found.customers)))

    def _nobody(self, text: str) -> None:
        """What is typed or scanned next replaces the text that found nobody."""
        self.box.select_all()
        self.counter.drop_queue()
        self.counter.warn(_("Nobody found for “{text}”.").format(text=text))

    def _with_rows(self, act: Callable[[RowList[Any]], None]) -> None:
        text = self.box.text if self.box.has_focus else ""
        if text and text != self._rows_of and not self._is_other(text):
            self.counter.ask(lambda: self._found(text), lambda found: self._moved(text, found, act))
            return
        panes = [pane for pane in self.query(RowList) if pane.id == self.shown]
        for rows in panes:
            act(rows)
        if self.shown == "customers":
            self._settled = self._rows_of

    def _moved(self, text: str, found: Found, act: Callable[[RowList[Any]], None]) -> None:
        self._settled = text
        self._list(text, found)
        if found.customers:
            act(self.customers)
        else:
            self._nobody(text)


def _cells(line: CustomerLine) -> Sequence[Any]:
    return (line.customer_code, line.name, line.address, line.phone, line.owed)
