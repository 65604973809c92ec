"""Keys in a burst: in the order pressed, across widgets, screens and modals. Stock Textual fails where it says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from textual import events, on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Label, Select, TextArea

from counter.keys import SerialKeys
from tests.terminal import KEYS, Terminal

NAMED = {"⌫": ("backspace", "\x7f"), "⏎": ("enter", "\r"), " ": ("space", " "), "⇥": ("tab", "\t")}


class Confirm(ModalScreen[bool]):
    BINDINGS = [Binding("enter", "yes", "Yes"), Binding("escape", "no", "No")]

    def compose(self) -> ComposeResult:
        yield Label("sure?")

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)


class Second(Screen[None]):
    BINDINGS = [Binding("f3", "back", "Back", priority=True)]

    def compose(self) -> ComposeResult:
        yield Input(id="second")

    @on(Input.Submitted)
    def done(self, event: Input.Submitted) -> None:
        self.app.said.append(f"second {event.value}")  # type: ignore[attr-defined]

    def action_back(self) -> None:
        self.app.pop_screen()


class Commands(Provider):
    async def discover(self) -> Hits:
        yield DiscoveryHit("alpha", lambda: self.app.said.append("alpha"))  # type: ignore[attr-defined]

    async def search(self, query: str) -> Hits:
        for word in ("alpha", "beta", "gamma"):
            await asyncio.sleep(0)
            if query in word:
                yield Hit(1, word, lambda word=word: self.app.said.append(word))  # type: ignore[misc]


class Stock(App[int]):
    """The app under test, without the cure."""

    COMMANDS = {Commands}
    BINDINGS = [
        Binding("f2", "second", "Second"),
        Binding("f4", "switch", "Switch", priority=True),
        Binding("f5", "wait_modal", "Ask in a worker", priority=True),
        Binding("f6", "boom", "Boom", priority=True),
        Binding("f7", "read_state", "State", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.state = ""

    def compose(self) -> ComposeResult:
        yield Input(id="first")
        yield TextArea(id="area")

    @on(Input.Changed, "#first")
    def changed(self, event: Input.Changed) -> None:
        self.state = event.value

    @on(Input.Submitted, "#first")
    def submitted(self: Any, event: Input.Submitted) -> None:
        def sure(answer: bool | None) -> None:
            self.said.append(f"paid {event.value} {answer}")
            self.query_one("#first", Input).clear()

        if event.value.startswith("5"):
            self.push_screen(Confirm(), sure)
        else:
            self.said.append(f"found {event.value}")
            self.query_one("#first", Input).clear()

    def action_second(self: Any) -> None:
        self.push_screen(Second())

    def action_switch(self: Any) -> None:
        self.switch_screen(Second())

    @work
    async def action_wait_modal(self: Any) -> None:
        self.said.append(f"asked {await self.push_screen_wait(Confirm())}")

    def action_boom(self) -> None:
        raise RuntimeError("boom")

    def action_read_state(self) -> None:
        self.said.append(f"state {self.state}")


class Serial(SerialKeys, Stock):
    """The same app, cured."""


def strokes(text: str) -> Iterable[events.Key]:
    """`abc{f2}50⏎` as key events."""
    at = 0
    while at < len(text):
        if text[at] == "{":
            end = text.index("}", at)
            yield events.Key(text[at + 1 : end], None)
            at = end + 1
            continue
        key, character = NAMED.get(text[at], (text[at], text[at]))
        yield events.Key(key, character)
        at += 1


async def until(condition: Callable[[], object]) -> None:
    """Polled until it holds; an AssertionError at the deadline."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        await asyncio.sleep(0.002)


async def quiet(app: App[Any]) -> None:
    """Until the app has handled everything: nothing queued anywhere, at ten looks in a row."""
    looks = 0

    def still() -> bool:
        nonlocal looks
        queued = any(node._message_queue.qsize() for node in (*app._registry, app) if node.is_running)
        looks = 0 if queued or not getattr(app, "keys_idle", True) else looks + 1
        return looks >= 10

    await until(still)


async def burst(app: App[Any], text: str) -> None:
    """All the keys at once, with no gap."""
    for event in strokes(text):
        app.post_message(event)
    await quiet(app)


async def first_after(app: App[Any], text: str) -> str:
    async with app.run_test() as pilot:
        await pilot.pause()
        await burst(app, text)
        return app.screen_stack[0].query_one("#first", Input).value


# --- one field -------------------------------------------------------------------------------------------------------


async def test_6605_stock_textual_still_reorders_backspace_in_a_burst() -> None:
    assert await first_after(Stock(), "ga⌫ă⌫ặp") != "gặp"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ga⌫ă⌫ặp", "gặp"),  # UniKey, EVKey, OpenKey: backspace and replace
        ("d⌫đa⌫ă⌫ằng", "đằng"),  # Telex
        ("nguye⌫êe⌫⌫ễn", "nguyễn"),  # VNI
        ("xyz{home}ab{end}c", "abxyzc"),
        ("abc{left}{left}X{delete}", "aXc"),
    ],
)
async def test_6605_an_input_methods_burst_is_typed_as_meant(typed: str, shown: str) -> None:
    assert await first_after(Serial(), typed) == shown


async def test_a_paste_between_keys_lands_between_them() -> None:
    app = Serial()
    async with app.run_test():
        for event in (events.Key("a", "a"), events.Paste("PP"), events.Key("backspace", "\x7f"), events.Key("b", "b")):
            app.post_message(event)
        await quiet(app)
        assert app.query_one("#first", Input).value == "aPb"


async def test_ten_barcodes_in_one_burst_are_ten_searches_in_order() -> None:
    app = Serial()
    codes = [f"PE010001234567{n:02}" for n in range(10)]
    async with app.run_test():
        await burst(app, "".join(f"{code}⏎" for code in codes))
        assert app.said == [f"found {code}" for code in codes]


async def test_a_text_area_keeps_its_order() -> None:
    app = Serial()
    async with app.run_test():
        app.query_one(TextArea).focus()
        await quiet(app)
        await burst(app, "ga⌫ă⌫ặp⏎x")
        assert app.query_one(TextArea).text == "gặp\nx"


async def test_tab_moves_before_the_next_letter() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "ab⇥cd")
        assert (app.query_one("#first", Input).value, app.query_one(TextArea).text) == ("ab", "cd")


# --- screens and modals ----------------------------------------------------------------------------------------------


async def test_6605_stock_textual_opens_two_confirms_or_loses_digits() -> None:
    app = Stock()
    async with app.run_test() as pilot:
        await pilot.pause()
        await burst(app, "50⏎⏎77")
        assert app.said != ["paid 50 True"] or app.query_one("#first", Input).value != "77"


async def test_one_confirm_at_a_time_and_what_follows_lands_after_it() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "50⏎⏎77")
        assert (app.said, len(app.screen_stack)) == (["paid 50 True"], 1)
        assert app.query_one("#first", Input).value == "77"


async def test_6605_stock_textual_types_into_the_screen_that_was_left() -> None:
    app = Stock()
    async with app.run_test() as pilot:
        await pilot.pause()
        await burst(app, "abc{f2}40000⏎")
        assert app.said != ["second 40000"]


@pytest.mark.parametrize("keys", ["{f2}", "{f2}{f4}", "{f2}{f3}{f2}{f4}{f4}"])
async def test_keys_after_an_f_key_land_in_the_new_screen(keys: str) -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, f"abc{keys}40000⏎")
        assert app.said == ["second 40000"]


async def test_there_and_back_and_there_again_in_one_burst() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "a{f2}1⏎{f3}b{f2}2⏎{f3}c⏎")
        assert app.said == ["second 1", "second 2", "found abc"]


async def test_a_question_asked_by_a_worker_gets_the_next_key() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "{f5}⏎7{f5}{escape}8")
        assert app.said == ["asked True", "asked False"]
        assert app.query_one("#first", Input).value == "78"


async def test_the_palette_runs_what_was_typed_not_what_was_found_before() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "x{ctrl+p}gam⏎y")
        await until(lambda: app.said)
        assert app.said == ["gamma"]
        await quiet(app)
        assert app.query_one("#first", Input).value == "xy"


async def test_a_key_that_acts_sees_every_letter_before_it() -> None:
    app = Serial()
    async with app.run_test():
        await burst(app, "abc{f7}d{f7}")
        assert app.said == ["state abc", "state abcd"]


async def test_a_field_that_hands_over_by_itself_gets_the_next_letter() -> None:
    class Handing(SerialKeys):
        def compose(self) -> ComposeResult:
            yield Input(id="pin")
            yield Input(id="next")

        @on(Input.Changed, "#pin")
        def full(self, event: Input.Changed) -> None:
            if len(event.value) == 4:
                self.query_one("#next").focus()

    app = Handing()
    async with app.run_test():
        await burst(app, "1234567")
        assert [field.value for field in app.query(Input)] == ["1234", "567"]


async def test_a_select_opens_moves_and_closes_in_order() -> None:
    class Choosing(SerialKeys):
        def compose(self) -> ComposeResult:
            yield Select([("một", 1), ("hai", 2), ("ba", 3)], value=1)
            yield Input()

    app = Choosing()
    async with app.run_test():
        app.query_one(Select).focus()
        await quiet(app)
        await burst(app, "⏎{down}{down}⏎⇥x")
        assert (app.query_one(Select).value, app.query_one(Input).value) == (3, "x")


# --- holding and dropping --------------------------------------------------------------------------------------------


class Paying(SerialKeys):
    """Enter writes in a worker that ends when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.paid: list[str] = []
        self.refuse = False

    def compose(self) -> ComposeResult:
        yield Input(id="field")

    @on(Input.Submitted)
    def pay(self, event: Input.Submitted) -> None:
        hold = self.hold_keys()

        async def write() -> None:
            async with hold:
                await self.go.wait()
                if self.refuse:
                    self.drop_queue()
                self.paid.append(event.value)
                self.query_one(Input).clear()

        self.run_worker(write())


async def test_keys_typed_during_a_write_wait_for_its_result() -> None:
    app = Paying()
    async with app.run_test():
        for event in strokes("50000⏎PE01⏎9"):
            app.post_message(event)
        await until(lambda: app._holds and len(app._keys_waiting) == 6)
        assert app.query_one(Input).value == "50000"
        assert app.paid == []
        app.go.set()
        await quiet(app)
        assert app.paid == ["50000", "PE01"]
        assert app.query_one(Input).value == "9"


async def test_a_refusal_drops_what_was_typed_ahead_but_not_what_comes_after() -> None:
    app = Paying()
    async with app.run_test():
        app.refuse = True
        for event in strokes("50000⏎PE01⏎9"):
            app.post_message(event)
        await until(lambda: app._holds and len(app._keys_waiting) == 6)
        app.go.set()
        await quiet(app)
        assert app.paid == ["50000"]
        assert app.query_one(Input).value == ""
        await burst(app, "8")
        assert app.query_one(Input).value == "8"


async def test_a_click_on_a_screen_that_is_about_to_change_is_not_taken() -> None:
    class Clicked(SerialKeys):
        clicks = 0

        def on_click(self) -> None:
            self.clicks += 1

    def click(app: Clicked) -> None:
        for kind in (events.MouseDown, events.MouseUp):
            app.post_message(kind(None, 3, 3, 0, 0, 1, False, False, False, 3, 3))

    app = Clicked()
    async with app.run_test():
        async with app.hold_keys():
            click(app)
            await until(lambda: not app.message_queue_size)
        assert app.clicks == 0
        click(app)
        await quiet(app)
        assert app.clicks == 1


async def test_a_hold_released_twice_counts_once() -> None:
    app = Serial()
    async with app.run_test():
        first, second = app.hold_keys(), app.hold_keys()
        first.release()
        first.release()
        app.post_message(events.Key("a", "a"))
        await until(lambda: app._keys_waiting)
        assert app.query_one("#first", Input).value == ""
        second.release()
        await quiet(app)
        assert app.query_one("#first", Input).value == "a"


# --- when things go wrong --------------------------------------------------------------------------------------------


async def test_an_exception_in_an_action_ends_the_app_like_stock() -> None:
    for app in (Stock(), Serial()):
        with pytest.raises(RuntimeError, match="boom"):
            async with app.run_test():
                await burst(app, "a{f6}b")


async def test_a_handler_that_hangs_does_not_eat_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.keys.PATIENCE", 0.05)

    class Hanging(SerialKeys):
        hang = asyncio.Event()

        def compose(self) -> ComposeResult:
            yield Input()

        async def on_input_submitted(self) -> None:
            await self.hang.wait()

    app = Hanging()
    async with app.run_test():
        for event in strokes("a⏎b"):
            app.post_message(event)
        try:
            await until(lambda: app.query_one(Input).value == "ab")
        finally:
            app.hang.set()
        await burst(app, "c")
        assert app.query_one(Input).value == "abc"


async def test_a_screen_that_never_finishes_mounting_does_not_kill_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.keys.PATIENCE", 0.05)

    class Slow(Screen[None]):
        BINDINGS = [Binding("f3", "app.pop_screen", "Back", priority=True)]
        go = asyncio.Event()

        async def on_mount(self) -> None:
            await self.go.wait()

    class Mounting(SerialKeys):
        BINDINGS = [Binding("f2", "slow", "Slow", priority=True), Binding("f8", "note", "Note", priority=True)]
        noted = 0

        def action_slow(self) -> None:
            self.push_screen(Slow())

        def action_note(self) -> None:
            self.noted += 1

    app = Mounting()
    async with app.run_test():
        for event in strokes("{f2}{f8}{f8}"):
            app.post_message(event)
        try:
            await until(lambda: app.noted)
        finally:
            Slow.go.set()
        await quiet(app)
        assert app.noted == 2


async def test_handlers_that_post_to_each_other_for_ever_do_not_stop_the_typing() -> None:
    class Ping(Message):
        pass

    class Endless(SerialKeys):
        def compose(self) -> ComposeResult:
            yield Input()

        def on_mount(self) -> None:
            self.post_message(Ping())

        async def on_ping(self) -> None:
            await asyncio.sleep(0)
            self.post_message(Ping())

    app = Endless()
    async with app.run_test():
        for event in strokes("a⏎b⌫c"):
            app.post_message(event)
        await until(lambda: app.query_one(Input).value == "ac")
        assert app.query_one(Input).value == "ac"


# --- through a real terminal -----------------------------------------------------------------------------------------

PROGRAM = """
from tests.test_keys import Serial, Stock
class Loud({base}):
    def show(self):
        first = self.screen_stack[0].query_one("#first").value
        self.screen_stack[0].query_one("#area").text = f"<{{first}}> {{self.said}} {{len(self.screen_stack)}}."
    def on_mount(self): self.set_interval(0.02, self.show)
Loud().run()
"""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ga\x7fă\x7fặp", "<gặp> [] 1."),
        ("ga\x08ă\x08ặp", "<gặp> [] 1."),
        ("50\r\r77", "<77> ['paid 50 True'] 1."),
        (f"abc{KEYS['f2']}40000\r{KEYS['f3']}", "<abc> ['second 40000'] 1."),
        ("PE01\rPE02\rPE03\rx", "<x> ['found PE01', 'found PE02', 'found PE03'] 1."),
        ("a\x1b[200~dán\x1b[201~\x7f\r", "<> ['found adá'] 1."),
    ],
)
def test_6605_a_burst_in_one_write_to_a_real_terminal(typed: str, shown: str) -> None:
    with Terminal.python(PROGRAM.format(base="Serial")) as terminal:
        terminal.wait_for("<> [] 1.")
        terminal.send(typed)
        terminal.wait_for(shown)


def test_6605_stock_textual_gets_the_same_burst_wrong_in_a_real_terminal() -> None:
    with Terminal.python(PROGRAM.format(base="Stock")) as terminal:
        terminal.wait_for("<> [] 1.")
        terminal.send("ga\x7fă\x7fặp")
        terminal.wait_until(lambda text: "<ga" in text and "<gặp>" not in text, what="the letters out of order")
