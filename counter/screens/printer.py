"""The till's printer, set up by whoever has never seen one: find it, print a page, answer what is on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding

from counter import spool
from counter.clock import local_day
from counter.config import Settings, load_settings, save_settings
from counter.errors import Refused
from counter.locale import N_, _
from counter.print_jobs import test_page
from counter.printer import (
    Place,
    as_settings,
    paper_of,
    place_of,
    refuse_file,
    till_printer,
    try_drawer,
    try_out,
    typed_place,
)
from counter.printing import CalibrationDocument, Found, TillPrinter, speaks
from counter.printing.calibration import Question, answered, questions
from counter.printing.models import profile_of_model
from counter.printing.transports import FoundPrinter, addresses, local_printers, on_the_network
from counter.screens.list_screen import ListScreen
from counter.screens.printer_words import (
    Fact,
    Model,
    answer_hint,
    choice_lines,
    facts_of,
    known_models,
    known_of,
    said_kind,
    said_list,
)
from counter.screens.supervised import by_supervisor
from counter.screens.widgets import (
    Ask,
    Choice,
    Column,
    Dialog,
    KeyBar,
    LineInput,
    NoticeLine,
    RowList,
    SafeStatic,
    as_set,
)
from counter.spool import NoPrinterHere
from counter.words import said
from db.states import JobTrouble

T = TypeVar("T")


class PrinterScreen(ListScreen):
    """Top to bottom: find, try, look, answer. What was found out is saved at once."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("f1", "app.help", N_("Help"), id="help", priority=True),
        Binding("f2", "find", N_("Find"), id="printer.find", priority=True),
        Binding("f3", "type", N_("Type address"), id="printer.type", priority=True),
        Binding("f4", "test", N_("Test page"), id="printer.test", priority=True),
        Binding("f5", "calibrate", N_("Letters and width"), id="printer.calibrate", priority=True),
        Binding("f6", "drawer", N_("Drawer"), id="printer.drawer", priority=True),
        Binding("f7", "models", N_("Model"), id="printer.models", priority=True),
        Binding("f8", "none", N_("No printer"), id="printer.none", priority=True),
        Binding("f9,escape", "back", N_("Back"), id="back", priority=True),
        Binding("enter", "use", N_("Use"), id="printer.use"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: list[FoundPrinter | Model] = []
        self._busy = False

    @property
    def settings(self) -> Settings:
        return self.counter.home.settings

    def compose(self) -> ComposeResult:
        yield SafeStatic(_("Printer of this computer"), id="top")
        yield RowList(
            Column(N_("What"), width=26),
            Column(N_("How it is"), flex=1),
            cells=self._cells,
            empty="",
            id="steps",
        )
        yield SafeStatic(id="advice")
        yield NoticeLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        rows: list[Fact | FoundPrinter | Model] = list(self._found or facts_of(self.settings))
        self.query_one("#steps", RowList).show(rows)
        self.query_one("#top", SafeStatic).show(said_list(rows))
        if any(isinstance(row, Model) for row in rows):
            words = _("Enter takes width, QR code and knife from the model under the cursor; its letters only F5 finds out.")
        elif self._found:
            words = _("Enter uses the printer under the cursor and prints a test page; F9 goes back.")
        elif self.settings.paper == "none":
            words = _(
                "1. Plug the printer in and switch it on. 2. F2 looks for it; a printer on the network is found by its "
                "address (F3), which its own test page shows: hold FEED while you switch it on."
            )
        else:
            words = _("F4 prints a test page. F5 makes letters and width right. F6 tries the drawer.")
        self.query_one("#advice", SafeStatic).show(words)

    def _cells(self, row: Fact | FoundPrinter | Model) -> Sequence[Any]:
        return (said_kind(row.kind), row.address) if isinstance(row, FoundPrinter) else (row.name, row.value)

    # --- finding ------------------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        self.counter.busy(_("Looking at this computer…"))
        self._work(local_printers, self._listed)

    def action_type(self) -> None:
        field = LineInput(placeholder=_("192.168.1.50, 192.168.1.50:9100 or 192.168.1.50-60"), max_length=200)
        words = _("Only the addresses you type are asked. Also: usb:/dev/usb/lp0, serial:COM3@9600, cups:NAME, file:PATH.")
        self.app.push_screen(Ask(_("Where is the printer?"), words, field=field), self._typed)

    def _typed(self, text: str | None) -> None:
        if not text:
            return
        try:
            place = typed_place(text)
            if place is not None:
                self._use(place)
                return
            hosts = addresses(text)
        except Refused as refused:
            self.counter.refuse(refused)
            return
        self.counter.busy(_("Asking {count} addresses…").format(count=len(hosts)))
        self._work(lambda: on_the_network(hosts), self._listed)

    def _listed(self, found: list[FoundPrinter]) -> None:
        self._found = [*found]
        self._show()
        if found:
            self.counter.done(_("{count} found. Choose with ↑ ↓, Enter uses it.").format(count=len(found)))
        else:
            self.counter.warn(_("No printer found. Is it switched on, is the cable in? F3 takes an address."))

    def action_use(self) -> None:
        current = self.query_one("#steps", RowList).current
        if isinstance(current, FoundPrinter):
            self._use(place_of(f"{current.kind}:{current.address}"))
        elif isinstance(current, Model):
            self._found = []
            self._save(known_of(profile_of_model(current.name)))
            self.counter.done(_("Kept. F4 prints a test page with it."))

    def action_models(self) -> None:
        """The models that are known, for whoever can read theirs on the machine."""
        self.counter.ask(known_models, self._list_models)

    def _list_models(self, found: list[Model]) -> None:
        self._found = [*found]
        self._show()
        self.counter.clear_notice()

    def _use(self, place: Place) -> None:
        """From now on this one, says a supervisor; what was known about another is forgotten."""

        def use_it() -> None:
            self._found = []
            self._save({**place.settings, "paper_answers": "auto", "paper_done": "auto", "paper_drawer": "none"})
            self.action_test()

        self._choose(place, use_it)

    def action_none(self) -> None:
        def use_none() -> None:
            self._save({"paper": "none"})
            self.counter.done(_("Nothing is printed from now on. Receipts can still be shown."))

        self._choose(place_of("none"), use_none)

    def _choose(self, place: Place, then: Callable[[], None]) -> None:
        """Where paper comes out is a supervisor's word, which the journal keeps; a cashier calls one."""
        desk, home = self.counter.desk, self.counter.home.path

        def note(by: UUID) -> None:
            refuse_file(place, home=home)
            desk.do(spool.note_printer, printer=str(place), till_code=desk.till_code, by=by)

        by_supervisor(self.counter, _("A supervisor chooses the printer"), note, then)

    # --- trying -------------------------------------------------------------------------------------------------------

    def action_test(self) -> None:
        printer, desk = self._printer(), self.counter.desk
        if printer is None:
            return
        self.counter.busy(_("A test page goes to the printer…"))

        def try_it() -> Found:
            page = desk.see(test_page, till_code=desk.till_code, printer=printer.name, now=desk.clock.now())
            with self.counter.printer_in_hand():
                return try_out(printer, page)

        self._work(try_it, lambda found: self._tried(printer, found))

    def _tried(self, printer: TillPrinter, found: Found) -> None:
        if not self._can_print(found, key="F4"):
            return
        known = as_settings(speaks(printer, found))
        self._save({key: known[key] for key in ("paper_answers", "paper_done")})
        choices = [Choice("f5", N_("It is there"), True), Choice("f8", N_("Nothing, or nonsense"), False)]
        question: Dialog[bool] = Dialog(_("Did a test page come out?"), _("Look at the printer."), choices=choices)
        self.app.push_screen(question, self._judged)

    def _can_print(self, found: Found, *, key: str) -> bool:
        """Whether the page was sent; if not, why is said, and the key that tries again."""
        if found.condition.trouble is None:
            return True
        why = said(JobTrouble(found.condition.trouble.value))
        words = _("The printer answers, but cannot print: {why}. Mend that, then {key}.")
        self.counter.warn(words.format(why=why, key=key))
        return False

    def _judged(self, good: bool | None) -> None:  # noqa: FBT001 - what a dialog of two choices answers
        if good:
            self.counter.done(_("The printer works. F5 makes letters and width right, F6 tries the drawer."))
        elif good is False:
            self.counter.warn(_("Another connection may be right: F2 or F3. On a serial line also the speed must fit."))

    # --- letters and width --------------------------------------------------------------------------------------------

    def action_calibrate(self) -> None:
        printer = self._printer()
        if printer is None:
            return
        self.counter.busy(_("The calibration page goes to the printer…"))

        def print_it() -> Found:
            with self.counter.printer_in_hand():
                return try_out(printer, CalibrationDocument())

        self._work(print_it, lambda found: self._printed(printer, found))

    def _printed(self, printer: TillPrinter, found: Found) -> None:
        """Only about a page that came out something can be asked."""
        if self._can_print(found, key="F5"):
            self._ask(printer, list(questions()), {})

    def _ask(self, printer: TillPrinter, left: list[Question], answers: dict[str, str], *, wrong: str = "") -> None:
        """One question after the other, again after a `wrong` answer; Back leaves everything as it was."""
        if not left:
            day = local_day(self.counter.desk.clock.now())
            profile = answered(printer.profile, answers=answers, day=day)
            known = as_settings(replace(printer, profile=profile))
            self._save({key: known[key] for key in ("paper_dots", "paper_columns", "printer")})
            self.counter.done(_("Kept. F4 prints a test page with it."))
            return
        question, *rest = left
        field = LineInput(max_length=3)
        choices, hint = as_set(*choice_lines(question)), answer_hint(wrong)

        def told(text: str | None) -> None:
            if text is None:
                return
            key = text.strip().upper()
            if key in [choice.key for choice in question.choices]:
                self._ask(printer, rest, {**answers, question.key: key})
            else:
                self.counter.bell()
                self._ask(printer, left, answers, wrong=text)

        self.app.push_screen(Ask(question.ask, choices, hint, field=field), told)

    # --- the drawer ---------------------------------------------------------------------------------------------------

    def action_drawer(self) -> None:
        printer = self._printer()
        if printer is not None:
            self._pulse(printer, ["2", "5"])

    def _pulse(self, printer: TillPrinter, pins: list[Any]) -> None:
        if not pins:
            self._save({"paper_drawer": "none"})
            self.counter.warn(_("No drawer opened. Is its cable in the printer's socket marked DK?"))
            return
        pin, *rest = pins
        trial = replace(printer, drawer=pin)

        def pulse() -> None:
            with self.counter.printer_in_hand():
                try_drawer(trial)

        def answer(opened: bool | None) -> None:  # noqa: FBT001
            if opened:
                self._save({"paper_drawer": pin})
                self.counter.done(_("The drawer opens with each cash payment from now on."))
            elif opened is False:
                self._pulse(printer, rest)

        choices = [Choice("f5", N_("It opened"), True), Choice("f8", N_("It did not"), False)]
        question: Dialog[bool] = Dialog(_("Did the drawer open?"), _("Shut it again."), choices=choices)
        self._work(pulse, lambda _none: self.app.push_screen(question, answer))

    # --- what all steps share -----------------------------------------------------------------------------------------

    def _printer(self) -> TillPrinter | None:
        printer = till_printer(self.settings)
        if printer is None:
            self.counter.refuse(NoPrinterHere())
        return printer

    def _work(self, call: Callable[[], T], then: Callable[[T], object]) -> None:
        """Something at the printer, in a thread, one at a time; what it refuses is said."""
        if self._busy:
            self.counter.bell()
            return
        self._busy = True

        def work() -> T:
            try:
                return call()
            finally:
                self._busy = False

        def done(value: T) -> None:
            if self in self.app.screen_stack:
                self.counter.clear_notice()
                then(value)

        self.counter.read(work, on_done=done, group="printer")

    def _save(self, values: Mapping[str, Any]) -> None:
        counter = self.counter
        save_settings(counter.home.path, values)
        counter.home = replace(counter.home, settings=load_settings(counter.home.path))
        counter.desk.paper = paper_of(counter.home.settings)
        counter.feed_printer()
        self._show()

    def action_back(self) -> None:
        """From a list of found printers to what is known, then away."""
        if self._found:
            self._found = []
            self._show()
        else:
            self.app.pop_screen()
