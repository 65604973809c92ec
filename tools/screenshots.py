"""The pictures in README and the guides, made by the app itself on a fresh demo office: `python -m tools.screenshots`.

Each is an SVG; where Chromium and JetBrains Mono are installed, a PNG is made beside it.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from counter import shifts
from counter.bills import unpaid_bills
from counter.demo import lay_out
from counter.desk import Desk
from counter.home import Home, open_home, sit_down
from counter.ids import new_id
from counter.people import user_named
from counter.screens.app import CounterApp

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = ((80, 24), (120, 36))
FONT = "JetBrains Mono"
THEMES = ("quay-dark", "quay-light")


async def settle(pilot: Any) -> None:
    """Until nothing is being read or written."""
    for _turn in range(6):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def type_in(pilot: Any, text: str) -> None:
    """Keys one after another, `text` as it is typed; Enter is `\\n`."""
    await pilot.press(*["enter" if c == "\n" else "space" if c == " " else c for c in text])
    await settle(pilot)


async def pictures(home: Home, *, theme: str, size: tuple[int, int], customer: str) -> None:
    """One walk through the screens in one look."""
    desk = sit_down(home, till_code="Q1")
    app = CounterApp(home, desk)
    name = f"{theme.removeprefix('quay-')}-{size[0]}x{size[1]}"
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        await settle(pilot)
        save(app, f"signin-{name}")
        await type_in(pilot, "lan\n111111\n")
        await type_in(pilot, "nguyen van")
        save(app, f"find-{name}")
        await pilot.press("f8")
        await type_in(pilot, f"{customer}\n")
        await type_in(pilot, "1000k")
        save(app, f"till-{name}")
        await type_in(pilot, "\n")
        save(app, f"confirm-{name}")
        await type_in(pilot, "\n")
        save(app, f"taken-{name}")
        await pilot.press("f3")
        await settle(pilot)
        save(app, f"receipts-{name}")
        await type_in(pilot, "\n")
        save(app, f"paper-{name}")
        await pilot.press("f9", "f9", "f6")
        await settle(pilot)
        save(app, f"shift-{name}")
        await pilot.press("f5")
        await type_in(pilot, "3\n2\n5\n")
        save(app, f"count-{name}")
        await pilot.press("f9", "f1")
        await settle(pilot)
        save(app, f"help-{name}")
        await pilot.press("f9", "f9", "f10")
        await settle(pilot)
        await type_in(pilot, "ngan\n222222\n")
        save(app, f"supervisor-{name}")
        await pilot.press("f6")
        await settle(pilot)
        save(app, f"day-{name}")
        await pilot.press("f5")
        await settle(pilot)
        save(app, f"books-{name}")
    desk.database.close()


def save(app: CounterApp, name: str) -> None:
    """The screen as SVG, and as PNG where a browser can draw it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    svg = FOLDER / f"{name}.svg"
    text = app.export_screenshot(title="Quầy")
    text = re.sub(r"@font-face\s*{[^}]*}", "", text).replace("Fira Code", FONT)
    svg.write_text(text, encoding="utf-8")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None or not has_font():
        return
    found = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', text)
    assert found is not None
    width, height = (int(float(side)) + 2 for side in found.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        sized = text.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
        page.write_text(f'<body style="margin:0">{sized}', encoding="utf-8")
        subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking",
             "--force-device-scale-factor=1.5", f"--user-data-dir={folder}/profile", f"--window-size={width},{height}",
             f"--screenshot={FOLDER / name}.png", f"file://{page}"],
            check=True, capture_output=True,
        )  # fmt: skip
    png = FOLDER / f"{name}.png"
    with Image.open(png) as drawn:
        small = drawn.convert("RGB").quantize(64)
    small.save(png, optimize=True)
    svg.unlink()


def has_font() -> bool:
    """Another font would set the Vietnamese marks beside their letters."""
    match = shutil.which("fc-match")
    if match is None:
        return False
    found = subprocess.run([match, FONT], check=True, capture_output=True, text=True)
    return FONT in found.stdout


def customers_of_small_bills(desk: Desk, number: int) -> list[str]:
    """Customers who owe something, and less than the million that is typed."""
    codes = (f"PA05010000{place:03d}" for place in range(12, 300))
    return list(islice((code for code in codes if 0 < desk.see(unpaid_bills, customer_code=code).owed < 1_000_000), number))


def main() -> None:
    """All looks and sizes."""
    wanted = [(theme, size) for theme in THEMES for size in SIZES]
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(home=folder)
        lay_out(home, customers=300, bills=600, seed=7, progress=lambda _text: None)
        desk = sit_down(home, till_code="Q1")
        lan = desk.see(user_named, login="lan")
        notes = {50_000: 10, 10_000: 30, 2_000: 50, 1_000: 100}
        desk.do(shifts.open_shift, shift_id=new_id(), till_code="Q1", cashier_id=lan.user_id, notes=notes)
        customers = customers_of_small_bills(desk, len(wanted))
        desk.database.close()
        for (theme, size), customer in zip(wanted, customers, strict=True):
            asyncio.run(pictures(home, theme=theme, size=size, customer=customer))
            sys.stderr.write(f"{theme} {size[0]}x{size[1]}\n")


if __name__ == "__main__":
    main()
