"""The screen of layouts: changes are seen at once, wrong ones are refused, a supervisor saves."""

from __future__ import annotations

import pytest
from PIL import Image
from screens_kit import CODE, an_office, notice, screen_text, settle, signed_in

from counter import layouts, people
from counter.desk import Desk
from counter.home import Home
from counter.printing.documents import USUAL, Layout
from counter.screens.layouts import LayoutScreen
from counter.screens.widgets import SafeStatic


@pytest.fixture
def desk(home: Home) -> Desk:
    return an_office(home)


def paper(pilot) -> str:  # type: ignore[no-untyped-def]
    return str(pilot.app.screen.query_one("#paper", SafeStatic).content)


async def keys(pilot, *pressed: str) -> None:  # type: ignore[no-untyped-def]
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)


async def test_a_title_is_typed_seen_and_saved(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6")
        assert isinstance(pilot.app.screen, LayoutScreen)
        assert "Receipt for electricity payment" in paper(pilot)
        await keys(pilot, "enter", *"POWER PAPER", "enter")
        assert "POWER PAPER" in paper(pilot)
        assert desk.see(layouts.chosen, paper="receipt") == USUAL
        await keys(pilot, "f2")
        assert "Saved" in notice(pilot)
        assert desk.see(layouts.chosen, paper="receipt").title == "POWER PAPER"


async def test_optional_lines_language_and_several_lines_change_the_paper_at_once(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6", "down", "enter", "enter")
        assert "Receipt for electricity payment" in paper(pilot)  # as the screen, vi, en
        await keys(pilot, "down", "down", "enter", *"one | two", "enter")
        shown = paper(pilot)
        assert shown.index("one") < shown.index("two")
        await keys(pilot, *["down"] * 6)
        assert "VAT" in paper(pilot)
        await keys(pilot, "enter")
        assert "VAT" not in paper(pilot)
        await keys(pilot, "f2")
        saved = desk.see(layouts.chosen, paper="receipt")
        assert (saved.lang, saved.header, saved.hide) == ("en", ("one", "two"), ("vat",))


async def test_a_wrong_change_is_refused_and_undone(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6", "down", "down", "enter", *str(home.path / "pepper"), "enter")
        assert "logo" in notice(pilot)
        assert "not a picture" in notice(pilot)
        await keys(pilot, "f9")
        assert not isinstance(pilot.app.screen, LayoutScreen)  # nothing was changed, so nothing is asked


async def test_the_logo_is_on_the_preview_by_its_size_stays_and_goes(home: Home, desk: Desk) -> None:
    Image.new("1", (640, 320)).save(home.path / "logo.png")
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6", "down", "down", "enter", *"logo.png", "enter")
        assert "[ logo 320 × 160 dots, 40 × 20 mm ]" in paper(pilot)
        (home.path / "logo.png").unlink()
        await keys(pilot, "enter", "enter", "f2")
        assert desk.see(layouts.chosen, paper="receipt").logo.startswith("320:")
        await keys(pilot, "enter", "-", "enter", "f2")
        assert "logo" not in paper(pilot)
        assert desk.see(layouts.chosen, paper="receipt") == USUAL
        await keys(pilot, "enter", *"~nobody/x", "enter")
        assert "cannot be read" in notice(pilot)


async def test_every_amount_of_the_widest_paper_is_read_on_the_smallest_screen(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6", "f4")
        assert "48 characters" in notice(pilot)
        widest = [row.rstrip() for row in paper(pilot).splitlines() if len(row.rstrip()) == 48]
        await keys(pilot, *["pagedown"] * 1)
        shown = screen_text(pilot)
        assert any(row in shown for row in widest), shown
        assert "✓…" in shown and "✗…" not in shown  # of a word that is cut the sign stays
        await keys(pilot, *["down"] * 5, "enter")
        assert screen_text(pilot).count("✗…") == 1
        await keys(pilot, "enter", "pagedown")
        box = pilot.app.screen.query_one("#paper-box")
        assert box.scroll_y > 0
        await keys(pilot, "f6", "f3")
        assert (box.scroll_y, notice(pilot)) == (0, "")  # another paper is looked at from its top
        assert "Title" in shown and "Lines at the end" in shown


async def test_a_cashier_may_look_and_not_save(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        pilot.app.action_layouts()
        await settle(pilot)
        await keys(pilot, "enter", *"MINE", "enter")
        assert "MINE" in paper(pilot)
        await keys(pilot, "f2")
        assert "supervisor" in notice(pilot)
        assert desk.see(layouts.chosen, paper="receipt") == USUAL


async def test_leaving_with_changes_is_asked_and_every_paper_is_shown(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6", "enter", *"MINE", "enter", "f3")
        assert not isinstance(pilot.app.screen, LayoutScreen)
        await keys(pilot, "f9")
        assert "MINE" in paper(pilot)
        await keys(pilot, "f3", "enter")
        for words in ("Hand-over", "Day report", "Your number", "Opening times", "01-TT", "Receipt for electricity"):
            assert words in paper(pilot)
            await keys(pilot, "f4", "f3")
        assert isinstance(pilot.app.screen, LayoutScreen)


async def test_the_usual_layout_comes_back_and_a_file_is_written(home: Home, desk: Desk) -> None:
    ngan = desk.see(people.user_named, login="ngan").user_id
    desk.do(layouts.keep, paper="receipt", layout=Layout(title="MINE"), by=ngan)
    async with signed_in(home, desk, login="ngan") as pilot:
        await keys(pilot, "f7", "f6")
        assert "MINE" in paper(pilot)
        await keys(pilot, "f6")
        assert (home.exports / "preview-receipt.pdf").read_bytes().startswith(b"%PDF")
        await keys(pilot, "f8", "enter")
        assert "MINE" not in paper(pilot)
        assert desk.see(layouts.chosen, paper="receipt") == USUAL


async def test_a_receipt_is_written_as_pdf_and_png_for_mail_and_zalo(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await keys(pilot, *CODE, "enter", "enter", "enter", "f3", "f6")
        assert "Zalo" in notice(pilot)
        written = sorted(path.name for path in home.exports.iterdir())
        assert [name.rpartition(".")[2] for name in written] == ["pdf", "png"]
        assert written[0].startswith("PA0501-Q1-26-")


async def test_a_receipt_is_written_as_the_forms_of_the_accounts(home: Home, desk: Desk) -> None:
    async with signed_in(home, desk) as pilot:
        await keys(pilot, *CODE, "enter", "enter", "enter", "f3", "f7", "1")
        assert "01-TT.pdf" in notice(pilot)
        await keys(pilot, "f7", "2")
        assert "06-TT.pdf" in notice(pilot)
        written = sorted(path.name for path in home.exports.iterdir())
        assert written == ["PA0501-Q1-26-000001-01-TT.pdf", "PA0501-Q1-26-000001-06-TT.pdf"]
