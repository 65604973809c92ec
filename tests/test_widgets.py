"""The widgets every screen is built from, and the app they stand on."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input  # noqa: TID251 - to show that it leaks

from counter.errors import Refused
from counter.locale import language, use_language
from counter.money import Dong, UnreadableAmount
from counter.screens.app_base import BaseApp
from counter.screens.palette import match
from counter.screens.themes import THEMES
from counter.screens.widgets import (
    Ask,
    Choice,
    Column,
    Confirm,
    Dialog,
    KeyBar,
    LineInput,
    Money,
    MoneyInput,
    NoticeLine,
    RowList,
    SafeStatic,
    TickList,
    composed,
    money,
    plain,
)
from tests.test_keys import burst, quiet, until


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The words of the source."""
    before = language()
    use_language("en")
    yield
    use_language(before)


def screen_text(app: App[Any]) -> str:
    """What is on the screen, as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


class Desk(BaseApp):
    """Every widget once."""

    BINDINGS = [
        Binding("f2", "note('f2')", "Find", id="find"),
        Binding("f10", "note('f10')", "Ten"),
        Binding("f3", "note('f3')", "Third"),
        Binding("f4", "note('off')", "Disabled"),
        Binding("ctrl+t", "note('t')", "Tick"),
        Binding("up,down", "note('hidden')", "Hidden", show=False),
    ]

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.noted: list[str] = []
        self.said: list[str] = []
        self.rung = 0

    def compose(self) -> ComposeResult:
        yield LineInput(id="line", max_length=10)
        yield MoneyInput(id="money")
        yield LineInput(id="digits", restrict=r"[0-9]*", max_length=6)
        yield RowList(
            Column("Code", width=8),
            Column("Name", flex=1),
            Column("Amount", width=14, align="right"),
            Column("Where", width=10, from_width=100),
            cells=lambda n: (f"PE{n:05}", f"Tên {n}", Dong(n * 1000), "Hà Nội"),
            empty="No rows.",
            id="rows",
        )
        yield NoticeLine()
        yield KeyBar()

    def action_note(self, what: str) -> None:
        self.noted.append(what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if parameters == ("off",) else True

    @on(LineInput.Said)
    def heard(self, event: LineInput.Said) -> None:
        self.said.append(event.text)

    def bell(self) -> None:
        self.rung += 1


# --- fields ----------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_composed_and_keeps_its_spaces() -> None:
    assert composed("Nguye\u0302\u0303n ") == "Nguyễn "
    assert composed("a\x1b[2J\u202eb\u200bc\x00\ud800") == "a[2Jbc"
    assert composed("a\tb\u00a0c") == "a b c"


@pytest.mark.parametrize("marks", [["e", "\u0302", "\u0323"], ["e\u0302", "\u0323"], ["ê", "\u0323"]])
async def test_marks_typed_one_by_one_compose_with_the_letter_before(marks: list[str]) -> None:
    app = Desk()
    async with app.run_test():
        for character in marks:
            app.post_message(events.Key(character, character))
        await quiet(app)
        line = app.query_one("#line", LineInput)
        assert (line.value, line.cursor_position) == ("ệ", 1)
        await burst(app, "⌫")
        assert line.value == ""


async def test_erasers_inside_a_burst_take_back_the_letter_before() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(events.Key("ga", "ga"))
        app.post_message(events.Paste("\x7fă\x08ặp"))
        await quiet(app)
        assert app.query_one("#line", LineInput).value == "gặp"


async def test_a_paste_that_is_too_long_is_cut_and_says_so() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(events.Paste("0123456789ABC"))
        await quiet(app)
        assert app.query_one("#line", LineInput).value == "0123456789"
        assert app.said == ["The pasted text was too long and was cut."]
        assert app.query_one(NoticeLine).words == "! Attention: The pasted text was too long and was cut."


async def test_stock_input_drops_the_same_paste_whole() -> None:
    class Stock(App[None]):
        def compose(self) -> ComposeResult:
            yield Input(max_length=10)

    app = Stock()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("0123456789ABC"))
        await pilot.pause()
        assert app.query_one(Input).value == ""


async def test_of_several_pasted_lines_the_first_is_kept_and_it_is_said() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(events.Paste("\n  \nfirst\nsecond"))
        await quiet(app)
        assert app.query_one("#line", LineInput).value == "first"
        assert app.said == ["Only the first line of the pasted text was taken."]


async def test_a_paste_that_the_field_cannot_hold_is_refused_aloud() -> None:
    app = Desk()
    async with app.run_test():
        field = app.query_one("#digits", LineInput).focus()
        await quiet(app)
        for text in ("12a", "123"):
            app.post_message(events.Paste(text))
        await quiet(app)
        assert (field.value, app.said) == ("123", ["The pasted text does not fit here."])


async def test_a_letter_that_is_not_allowed_rings_and_is_left_out() -> None:
    app = Desk()
    async with app.run_test():
        field = app.query_one("#digits", LineInput).focus()
        await quiet(app)
        await burst(app, "1a2345678")
        assert (field.value, app.rung) == ("123456", 3)


async def test_a_full_field_takes_a_mark_for_its_last_letter() -> None:
    app = Desk()
    async with app.run_test():
        await burst(app, "012345678e")
        app.post_message(events.Key("\u0301", "\u0301"))
        await quiet(app)
        assert app.query_one("#line", LineInput).value == "012345678é"


async def test_typing_in_the_middle_and_over_a_selection() -> None:
    app = Desk()
    async with app.run_test():
        line = app.query_one("#line", LineInput)
        await burst(app, "abcd{left}{left}X")
        assert (line.value, line.cursor_position) == ("abXcd", 3)
        line.select_all()
        await burst(app, "Z")
        assert line.value == "Z"


@pytest.mark.parametrize(
    ("typed", "amount", "meaning"),
    [
        ("150k", 150_000, "= 150.000 ₫"),
        ("150000", 150_000, "= 150.000 ₫"),
        ("1.234.567", 1_234_567, "= 1.234.567 ₫"),
        ("2tr", 2_000_000, "= 2.000.000 ₫"),
        ("1.5", None, "× not an amount"),
        ("PE01500", None, "× not an amount"),
        ("12345678901234567890", None, "× not an amount"),
    ],
)
async def test_an_amount_shows_what_it_means(typed: str, amount: int | None, meaning: str) -> None:
    app = Desk()
    async with app.run_test():
        field = app.query_one("#money", MoneyInput)
        assert field.amount is None
        field.focus()
        await quiet(app)
        await burst(app, typed)
        assert field.value == typed, "what was typed stays visible"
        assert meaning.replace(" ₫", "\u00a0₫") in screen_text(app)
        if amount is None:
            with pytest.raises(UnreadableAmount):
                _ = field.amount
        else:
            assert field.amount == Dong(amount)
        assert field.has_class("-invalid") is (amount is None)


async def test_a_pasted_amount_may_carry_its_sign() -> None:
    app = Desk()
    async with app.run_test():
        field = app.query_one("#money", MoneyInput).focus()
        await quiet(app)
        app.post_message(events.Paste(" 1.234.567\u00a0₫ \n"))
        await quiet(app)
        assert (field.value, app.said) == ("1.234.567", [])


async def test_redos_a_scanned_code_in_an_amount_field_costs_nothing() -> None:
    """Textual's type="number" needs 16.8 s for 20 digits and a letter (unfiled)."""
    app = Desk()
    async with app.run_test():
        field = app.query_one("#money", MoneyInput).focus()
        await quiet(app)
        assert field.type == "text"
        app.post_message(events.Paste("1" * 5000 + "x"))
        await quiet(app)
        assert field.value == "1" * 24


async def test_a_megabyte_pasted_leaves_the_app_alive() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(events.Paste("A" * 1_000_000))
        await quiet(app)
        assert app.query_one("#line", LineInput).value == "A" * 10
        assert app.said == ["The pasted text was too long and was cut."] or len(app.said) == 1


async def test_a_value_set_by_the_program_is_composed_and_fits() -> None:
    app = Desk()
    async with app.run_test():
        line = app.query_one("#line", LineInput)
        line.value = "Nguye\u0302\u0303n\x1b[2J" + "x" * 100
        assert line.value == "Nguyễn[2Jx"
        line.value = "  a  "
        assert line.text == "a"


# --- text ------------------------------------------------------------------------------------------------------------


def test_amounts_stand_under_each_other_and_are_never_cut() -> None:
    assert [money(Dong(n), width=14).plain for n in (5, 1_234_567)] == ["           5\u00a0₫", "   1.234.567\u00a0₫"]
    assert money(Dong(1_234_567), width=6).plain == "######"


def test_brackets_are_brackets() -> None:
    assert plain("[HN] 12 Lê Lợi [/]").plain == "[HN] 12 Lê Lợi [/]"
    assert plain("[@click=app.quit]N[/]").spans == []


async def test_6155_a_static_takes_any_name() -> None:
    class Names(BaseApp):
        def compose(self) -> ComposeResult:
            yield SafeStatic("Công ty [/] ABC", id="a")
            yield Money(Dong(5000), id="b")

    app = Names()
    async with app.run_test() as pilot:
        app.query_one("#a", SafeStatic).show("[b] one", "two [/]")
        app.query_one("#b", Money).show_amount(Dong(7000))
        await pilot.pause()
        assert "[b] one" in screen_text(app)
        assert "two [/]" in screen_text(app)
        assert "7.000\u00a0₫" in screen_text(app)


# --- the key bar -----------------------------------------------------------------------------------------------------


async def test_the_key_bar_shows_what_works_now_f_keys_first() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.pause()
        bar = screen_text(app).splitlines()[-1]
        assert bar.split() == ["F1", "Help", "F2", "Find", "F3", "Third", "F10", "Ten", "^T", "Tick"]


async def test_a_narrow_screen_keeps_f1_and_drops_the_last_declared_first() -> None:
    app = Desk()
    async with app.run_test(size=(28, 10)) as pilot:
        await pilot.pause()
        bar = screen_text(app).splitlines()[-1]
        assert bar.split() == ["F1", "Help", "F2", "Find", "…"]
        assert cell_len(bar) == 28


async def test_keys_that_do_not_fit_in_one_line_take_another_and_the_notice_stays_in_sight() -> None:
    app = Desk()
    async with app.run_test(size=(28, 24)) as pilot:
        await pilot.pause()
        app.info("still here")
        await pilot.pause()
        notice, *bar = screen_text(app).splitlines()[-4:]
        assert "still here" in notice
        assert " ".join(bar).split() == ["F1", "Help", "F2", "Find", "F3", "Third", "F10", "Ten", "^T", "Tick"]
        await pilot.click(KeyBar, offset=(bar[1].index("Ten"), 1))
        await quiet(app)
        assert app.noted == ["f10"]


async def test_a_long_notice_is_shown_to_its_last_word() -> None:
    app = Desk()
    async with app.run_test(size=(40, 24)) as pilot:
        app.error("one two three four five six seven eight nine ten eleven twelve thirteen fourteen last")
        await pilot.pause()
        assert "last" in screen_text(app)


async def test_another_keymap_shows_and_works() -> None:
    app = Desk(keymap={"find": "f7"})
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "F7  Find" in screen_text(app)
        await burst(app, "{f7}{f2}")
        assert app.noted == ["f2"]


async def test_a_click_on_a_key_presses_it() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.pause()
        bar = screen_text(app).splitlines()[-1]
        await pilot.click(KeyBar, offset=(bar.index("Third"), 0))
        await quiet(app)
        assert app.noted == ["f3"]


async def left_behind(footer: type[Any]) -> int:
    """Widgets that are still held after 30 focus changes and are not on the screen."""

    class Focusing(BaseApp):
        BINDINGS = [Binding(f"f{n}", "bell", f"Key {n}") for n in range(2, 10)]

        def compose(self) -> ComposeResult:
            yield Input()
            yield Input()
            yield footer()

    app = Focusing()
    async with app.run_test():
        for _ in range(30):
            app.screen.focus_next()
            app.screen.refresh_bindings()
            await quiet(app)
        gc.collect()
        shown = set(app.screen.walk_children())
        held = [thing for thing in gc.get_objects() if isinstance(thing, Widget) and thing not in shown]
        return sum(type(thing).__name__.startswith(("FooterKey", "KeyBar")) for thing in held)


async def test_6666_the_key_bar_leaves_nothing_behind_where_the_footer_leaks() -> None:
    assert await left_behind(KeyBar) == 0
    assert await left_behind(Footer) > 50


# --- notices ---------------------------------------------------------------------------------------------------------


class Short(Refused):
    why = "{short} is missing."
    todo = "Ask for it."


async def test_an_error_rings_says_so_in_words_and_forgets_what_was_typed_ahead() -> None:
    app = Desk()
    async with app.run_test():
        hold = app.hold_keys()
        app.post_message(events.Key("z", "z"))
        await until(lambda: app._keys_waiting)
        app.refuse(Short(short=Dong(5000)))
        hold.release()
        await quiet(app)
        assert app.query_one(NoticeLine).words == "✗ Error: 5.000\u00a0₫ is missing. Ask for it."
        assert "✗ Error: 5.000" in screen_text(app)
        assert (app.rung, app.query_one("#line", LineInput).value) == (1, "")


async def test_a_long_notice_takes_a_second_line_and_gives_it_back() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        notice = app.query_one(NoticeLine)
        app.error("long " * 25)
        await pilot.pause()
        assert notice.size.height == 2
        app.info("short")
        await pilot.pause()
        assert notice.size.height == 1
        notice.clear()
        await pilot.pause()
        assert notice.words == ""


async def test_every_tone_differs_by_glyph_and_word() -> None:
    app = Desk()
    async with app.run_test():
        line, seen = app.query_one(NoticeLine), set()
        for say in (app.info, app.done, app.busy, app.warn, app.error):
            say("x")
            seen.add(line.words)
        assert len({words[0] for words in seen}) == len({words.split()[1] for words in seen}) == 5


# --- rows ------------------------------------------------------------------------------------------------------------


async def test_a_hundred_thousand_rows_show_at_once_and_the_cursor_walks() -> None:
    app = Desk()
    rendered: list[int] = []
    async with app.run_test() as pilot:
        rows: RowList[int] = app.query_one("#rows", RowList)
        cells = rows._cells
        rows._cells = lambda n: (rendered.append(n), cells(n))[1]  # type: ignore[func-returns-value]
        rows.show(range(100_000))
        await pilot.pause()
        assert len(rendered) < 100
        rows.page(1)
        rows.move(3)
        assert rows.current == rows._visible_rows + 2
        rows.move_to(10**9)
        await pilot.pause()
        assert rows.current == 99_999
        assert "▸ PE99999" in screen_text(app)
        rows.move(-(10**9))
        await pilot.pause()
        assert rows.current == 0
        assert "▸ PE00000" in screen_text(app)


async def test_columns_fit_the_screen_and_money_stands_at_the_right() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        rows: RowList[int] = app.query_one("#rows", RowList)
        rows.show([1, 1000, 10_000])
        await pilot.pause()
        lines = [line for line in screen_text(app).splitlines() if "PE" in line or "Code" in line]
        ends = {line.rstrip().rstrip("▁▂▃▄▅▆▇█ ").rfind("₫") for line in lines[1:]}
        assert len(ends) == 1
        assert "Where" not in lines[0]
    async with (app := Desk()).run_test(size=(120, 30)) as pilot:
        app.query_one("#rows", RowList).show([1])
        await pilot.pause()
        assert "Where" in screen_text(app)


async def test_no_rows_are_said_in_a_sentence() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.query_one("#rows", RowList).show([])
        await pilot.pause()
        assert "No rows." in screen_text(app)
        assert app.query_one("#rows", RowList).current is None
        assert not app.query_one("#rows", RowList).can_focus


async def test_rows_are_ticked_from_outside() -> None:
    class Ticking(BaseApp):
        def compose(self) -> ComposeResult:
            yield TickList(Column("Name", flex=1), cells=lambda name: (name,), empty="No rows.")

    app = Ticking()
    async with app.run_test() as pilot:
        ticks: TickList[str] = app.query_one(TickList)
        ticks.show_ticked(["a[/]", "b", "c"], ticked=[0])
        ticks.move(2)
        ticks.toggle()
        await pilot.pause()
        assert ticks.ticked_items == ["a[/]", "c"]
        assert "[x]  a[/]" in screen_text(app)
        assert "[ ]  b" in screen_text(app)
        await pilot.click(TickList, offset=(3, 2))
        await quiet(app)
        assert (ticks.ticked_items, ticks.current, ticks.can_focus) == (["a[/]", "b", "c"], "b", False)


# --- dialogs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "answer"), [("{enter}", True), ("{escape}", None), ("{f9}", None)])
async def test_a_confirm_has_a_default_on_enter_and_two_keys_back(key: str, answer: bool | None) -> None:
    app = Desk()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        app.push_screen(Confirm("Take [/] it?", "A [b] line"), answers.append)
        await pilot.pause()
        shown = screen_text(app)
        assert all(part in shown for part in ("Take [/] it?", "A [b] line", "Enter", "F9"))
        await burst(app, key)
        assert answers == [answer]


async def test_a_dialog_without_a_default_does_nothing_on_enter() -> None:
    app = Desk()
    answers: list[str | None] = []
    async with app.run_test():
        app.push_screen(Dialog("Which?", choices=[Choice("f2", "Two", "two"), Choice("c", "Cee", "cee")]), answers.append)
        await quiet(app)
        await burst(app, "⏎")
        assert (answers, app.rung) == ([], 1)
        await burst(app, "c")
        assert answers == ["cee"]
        app.push_screen(Dialog("Which?", choices=[Choice("f2", "Two", "two")]), answers.append)
        await burst(app, "{f2}")
        assert (answers, app.noted) == (["cee", "two"], [])


async def test_asking_for_a_line_refuses_an_empty_one() -> None:
    app = Desk()
    answers: list[str | None] = []
    async with app.run_test():
        app.push_screen(Ask("Why?", field=LineInput(id="why")), answers.append)
        await burst(app, "⏎ ⏎")
        assert (answers, app.rung) == ([], 2)
        await burst(app, "nhầm khách⏎7")
        assert answers == ["nhầm khách"]
        assert app.query_one("#line", LineInput).value == "7"


# --- work in threads -------------------------------------------------------------------------------------------------


class Paying(BaseApp):
    """F5 saves in a thread that ends when the test says so."""

    BINDINGS = [Binding("f5", "save", "Save"), Binding("f6", "away", "Away"), Binding("f7", "find", "Find")]

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.started = 0
        self.results: list[object] = []
        self.raising: Exception | None = None
        self.lost: list[object] = []

    def compose(self) -> ComposeResult:
        yield LineInput()
        yield NoticeLine()

    def saving(self) -> str:
        self.started += 1
        assert self.go.wait(20)
        if self.raising is not None:
            raise self.raising
        return f"saved {self.started}"

    def action_save(self) -> None:
        self.write(self.saving, on_done=self.results.append)

    def action_away(self) -> None:
        class Away(Screen[None]):
            def show(self, value: object) -> None:
                raise AssertionError("this screen is gone")

        away = Away()
        self.push_screen(away)
        self.write(self.saving, on_done=away.show)
        self.pop_screen()

    def action_find(self) -> None:
        self.look_up(self.saving, on_done=lambda value: self.results.append(self.query_one(LineInput).value))

    def unclaimed(self, value: object) -> None:
        self.lost.append(value)


async def test_two_writes_are_never_in_flight_and_keys_wait_for_the_result() -> None:
    app = Paying()
    async with app.run_test():
        app.action_save()
        app.action_save()
        app.post_message(events.Key("f5", None))
        app.post_message(events.Key("a", "a"))
        await until(lambda: app.started and len(app._keys_waiting) == 2)
        assert (app.started, app.query_one(LineInput).value) == (1, "")
        app.go.set()
        await until(lambda: len(app.results) == 2 and app.keys_idle)
        assert app.results == ["saved 1", "saved 2"]
        assert app.query_one(LineInput).value == "a"


async def test_the_result_of_a_write_outlives_its_screen() -> None:
    app = Paying()
    async with app.run_test():
        app.post_message(events.Key("f6", None))
        await until(lambda: app.started and len(app.screen_stack) == 1)
        app.go.set()
        await until(lambda: app.lost)
        assert app.lost == ["saved 1"]
        assert len(app.screen_stack) == 1


async def test_a_refusal_in_a_thread_is_shown_and_a_fault_is_said_calmly() -> None:
    app = Paying()
    app.go.set()
    async with app.run_test():
        app.raising = Short(short=Dong(1000))
        await burst(app, "{f5}")
        assert "1.000\u00a0₫ is missing" in app.query_one(NoticeLine).words
        app.raising = RuntimeError("secret detail")
        await burst(app, "{f5}")
        assert "secret" not in app.query_one(NoticeLine).words
        assert app.faults == [app.raising]
        assert (app.writing, app._holds, app.results) == (False, 0, [])


async def test_after_a_look_up_the_next_key_means_what_was_found() -> None:
    app = Paying()
    async with app.run_test():
        for event in (events.Key("f7", None), events.Key("b", "b")):
            app.post_message(event)
        await until(lambda: app.started and app._keys_waiting)
        app.go.set()
        await until(lambda: app.results and app.keys_idle)
        assert app.results == [""]
        assert app.query_one(LineInput).value == "b"


async def test_only_the_newest_read_of_a_group_is_shown() -> None:
    app = Paying()
    seen: list[int] = []
    async with app.run_test():
        gates = [threading.Event() for _ in range(3)]
        for n, gate in enumerate(gates):
            app.read(lambda n=n, gate=gate: (gate.wait(20), n)[1], on_done=seen.append, group="search")  # type: ignore[misc]
        for gate in reversed(gates):
            gate.set()
        await app.workers.wait_for_complete()
        await quiet(app)
        assert seen == [2]


# --- the app ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "label", "found"),
    [
        ("thu tien", "Thu tiền", True),
        ("doi mau", "Đổi màu", True),
        ("tien thu", "Thu tiền", True),
        ("iền", "Thu tiền", True),
        ("bien nhan x", "Biên nhận", False),
        ("", "Thu tiền", False),
    ],
)
def test_the_palette_ignores_vietnamese_marks(query: str, label: str, found: bool) -> None:
    assert (match(query, label) > 0) is found
    assert match("thu", "Thu tiền") > match("thu", "Xem thu tiền") > match("hu", "Thu tiền")


async def test_the_palette_runs_an_entry_found_without_marks() -> None:
    class Vietnamese(Desk):
        BINDINGS = [Binding("f8", "note('thu')", "Thu tiền [/]")]

    app = Vietnamese()
    async with app.run_test():
        await burst(app, "{ctrl+p}thu tien⏎")
        await until(lambda: app.noted)
        assert app.noted == ["thu"]


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_every_look_draws_every_widget_and_shows_the_focus_by_shape(theme: str, size: tuple[int, int]) -> None:
    app = Desk()
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        app.query_one("#rows", RowList).show([1, 2, 3])
        app.error("x")
        await pilot.pause()
        focused, other = app.query_one("#line"), app.query_one("#money")
        assert focused.has_focus
        assert focused.styles.border_top[0] != other.styles.border_top[0]
        text = screen_text(app)
        mark = ">" if theme == "quay-console" else "▸"
        assert all(part in text for part in (f"{mark} PE00001", "F1", "2.000\u00a0₫", "Error"))
        app.push_screen(Confirm("Sure?"))
        await pilot.pause()
        assert "Sure?" in screen_text(app)


async def test_high_contrast_is_black_white_and_yellow_only() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.theme = "quay-contrast"
        app.query_one("#rows", RowList).show([1, 2])
        app.error("x")
        await pilot.pause()
        colours = {
            colour.triplet.hex
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None and colour.triplet is not None
        }
        assert colours <= {"#000000", "#ffffff", "#ffff00"}


async def test_help_names_every_key() -> None:
    app = Desk()
    async with app.run_test():
        await burst(app, "{f1}")
        assert all(f"{name}" in screen_text(app) for name in ("F2     Find", "F3     Third", "^T     Tick"))
        await burst(app, "{f9}")
        assert len(app.screen_stack) == 1


async def test_a_crash_is_raised_again_under_pilot() -> None:
    class Crashing(BaseApp):
        def on_mount(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with Crashing().run_test():
            pass
