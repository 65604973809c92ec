"""A receipt of 45 lines as bytes, in each way of printing, against python-escpos in the same run and in turns.

Every turn has other names and amounts, so nothing is answered from a cache but letters that were drawn before. Raster: from
lines to the bytes of the job, breaking and drawing included; the peer's `image()` gets a picture that is ready, and below
it with the picture drawn by Pillow as its users must. Text: rows to bytes on code pages 30 and 31; the peer is `text()` with
its MagicEncode and the profile of a TM-T20II.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import MS, Table, median, met, percentile, wants_full
from benchmarks.stage import OFFICE, desk_on, open_office
from counter import spool
from counter.desk import Desk
from counter.ids import new_id
from counter.locale import use_language
from counter.money import Dong
from counter.printer import SharedPaper
from counter.printing import BillLine, OfficeHead, PrinterProfile, ReceiptDocument, as_text, build, ops
from counter.printing.layout import Line, Pair, Style, Words, fit
from counter.printing.letters import letters_of
from counter.printing.picture import Dots, draw, image_of
from counter.printing.textjob import PageHand
from counter.text import amount_in_words
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.states import JobKind

LINES: Final = 45
GOAL_MS: Final = 5.0
TIMES: Final = 10.0
SURNAMES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
NAMES: Final = ("Thị Ngọc Ánh", "Văn Hữu", "Đình Phước", "Thị Mỹ Lệ", "Quốc Khánh", "Thị Bích Thủy", "Xuân Trường")
PAGE_30: Final = PrinterProfile(mode="textpage", table="tcvn3", page=30, page_capitals=31, columns=48, calibration="now A")
PROFILES: Final = {
    "raster, 576 dots": PrinterProfile(),
    "raster, 384 dots": PrinterProfile(dots=384, columns=32),
    "code pages 30 and 31": PAGE_30,
    "VISCII": PrinterProfile(mode="textpage", table="viscii", page=51, columns=48, calibration="now G"),
    "letters of our own (ESC &)": PrinterProfile(mode="user_defined", columns=48, calibration="now J"),
    "ASCII": PrinterProfile(mode="ascii", columns=48),
}


def some_lines(chance: random.Random) -> list[Line]:
    """45 lines as a receipt has them: names, labels with figures, small facts; never the same twice."""
    lines: list[Line] = []
    for turn in range(LINES):
        name = f"{chance.choice(SURNAMES)} {chance.choice(NAMES)}"
        amount = str(Dong(chance.randrange(20_000, 9_000_000)))
        if turn % 5 == 0:
            lines.append(Words(f"PA{chance.randrange(10**11):011} {name}", style=Style.STRONG))
        elif turn % 5 == 1:
            lines.append(Words(f"tổ {chance.randrange(20)}, phường Hồng Gai", style=Style.SMALL))
        else:
            lines.append(Pair(f"Tiền điện, kỳ {turn % 12 + 1}/2026", amount))
    return lines


def some_receipt(chance: random.Random) -> ReceiptDocument:
    """A receipt whose paper has about as many lines."""
    due = Dong(chance.randrange(1_000_000, 9_000_000))
    bills = tuple(
        BillLine(
            customer_code=f"PA05{chance.randrange(10**9):09}",
            customer_name=f"{chance.choice(SURNAMES)} {chance.choice(NAMES)}",
            address="tổ 12 khu 3, phường Hồng Gai",
            period="10/2026",
            bill_number=f"{chance.randrange(10**7):07}",
            kind="TD",
            amount=Dong(chance.randrange(20_000, 900_000)),
            vat=Dong(4_000),
        )
        for _bill in range(5)
    )
    return ReceiptDocument(
        office=OfficeHead(
            name="Công ty Điện lực Quảng Ninh", address="12 Lê Thánh Tông, phường Hồng Gai", phone="1900 6769"
        ),
        till_code="Q1",
        number=f"Q1-26-{chance.randrange(10**6):06}",
        business_day=date(2026, 11, 24),
        issued_at=datetime(2026, 11, 24, 1, 15, tzinfo=UTC),
        cashier=f"{chance.choice(SURNAMES)} {chance.choice(NAMES)}",
        lines=bills,
        due=due,
        tendered=due,
        change=Dong(0),
        method="CASH",
        amount_in_words=amount_in_words(due),
        journal_head="3fa9-12bc",
    )


def in_turns(calls: Sequence[Callable[[], object]], *, turns: int) -> list[list[float]]:
    """Each call once a turn, so that a slow moment of the machine meets all of them; the first two turns warm up."""
    took: list[list[float]] = [[] for _call in calls]
    for turn in range(turns + 2):
        for call, times in zip(calls, took, strict=True):
            begun = time.perf_counter()
            call()
            if turn >= 2:
                times.append(time.perf_counter() - begun)
    return took


def peer() -> Any:
    """python-escpos' Dummy printer; its data cache goes to a folder that ends with this run."""
    os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = tempfile.mkdtemp(prefix="escpos-")
    from escpos.printer import Dummy

    return Dummy(profile="TM-T20II")


def measured(took: list[float], size: int, *, beside: list[float] | None = None) -> tuple[str, ...]:
    ratio = f"{median(beside) / median(took):.1f}×" if beside else ""
    return f"{median(took) * MS:.2f}", f"{percentile(took, 0.95) * MS:.2f}", f"{size:,}".replace(",", "."), ratio


def raster_rows(*, turns: int) -> list[tuple[str, ...]]:
    chance, ruler, printer = random.Random(1), Dots(576), peer()
    ready = image_of(draw(fit(some_lines(chance), ruler=ruler), ruler=ruler))
    papers = [some_lines(chance) for _turn in range(turns + 3)]
    mine, others = iter(papers), iter(papers)

    def ours() -> bytes:
        paper = draw(fit(next(mine), ruler=ruler), ruler=ruler)
        return b"".join(ops.raster(band, wide=paper.wide).data for band in paper.bands(rows=128))

    def theirs() -> bytes:
        printer.clear()
        printer.image(ready, impl="bitImageRaster")
        return bytes(printer.output)

    def drawn_and_theirs() -> bytes:
        from tests.pillow_paper import intended

        printer.clear()
        printer.image(intended(fit(next(others), ruler=ruler), ruler), impl="bitImageRaster")
        return bytes(printer.output)

    sizes = [len(call()) for call in (ours, theirs, drawn_and_theirs)]
    own, image, drawing = in_turns((ours, theirs, drawn_and_theirs), turns=turns)
    goal = f"≤ {GOAL_MS:.0f} ms: {met(median(own) * MS, at_most=GOAL_MS)}; "
    goal += f"≥ {TIMES:.0f}× image(): {met(median(image) / median(own), at_least=TIMES)}"
    return [
        ("raster: 45 lines to bytes", *measured(own, sizes[0], beside=image), goal),
        ("python-escpos image(), the picture ready", *measured(image, sizes[1]), ""),
        ("python-escpos image(), drawn by Pillow first", *measured(drawing, sizes[2]), ""),
    ]


def text_rows(*, turns: int) -> list[tuple[str, ...]]:
    chance, printer, letters = random.Random(2), peer(), letters_of("tcvn3", 30, 31)
    texts = [as_text(some_receipt(chance), columns=48).splitlines()[:LINES] for _turn in range(turns + 3)]
    mine, others = iter(texts), iter(texts)

    def ours() -> bytes:
        hand = PageHand(letters)
        return b"".join(op.data for op in hand.write(next(mine)))

    def theirs() -> bytes:
        printer.clear()
        for row in next(others):
            printer.text(row + "\n")
        return bytes(printer.output)

    sizes = [len(call()) for call in (ours, theirs)]
    own, magic = in_turns((ours, theirs), turns=turns)
    goal = f"≥ {TIMES:.0f}× MagicEncode: {met(median(magic) / median(own), at_least=TIMES)}"
    return [
        ("text: 45 rows to bytes", *measured(own, sizes[0], beside=magic), goal),
        ("python-escpos text(), MagicEncode", *measured(magic, sizes[1]), ""),
    ]


def job_rows(*, turns: int) -> list[tuple[str, ...]]:
    """A whole receipt, from its facts to the job: composing, breaking, drawing, all operations."""
    chance = random.Random(3)
    made = []
    for name, profile in PROFILES.items():
        size = len(build(some_receipt(chance), profile).data)
        (took,) = in_turns((lambda profile=profile: build(some_receipt(chance), profile).data,), turns=turns)  # type: ignore[misc]
        made.append((f"a whole receipt: {name}", *measured(took, size), ""))
    return made


def spool_rows(*, jobs: int) -> list[tuple[str, ...]]:
    """A job into the spool in a transaction of its own, beside the same row put into a copy of the file by sqlite3."""
    with tempfile.TemporaryDirectory() as folder:
        path, beside = Path(folder) / "counter.db", Path(folder) / "bare.db"
        database = open_database(f"sqlite:///{path}")
        bring_up_to_date(database)
        open_office(database, tills=1, customers=1)
        with closing(sqlite3.connect(path)) as whole, closing(sqlite3.connect(beside)) as copy:
            whole.backup(copy)
        desk = desk_on(database, "Q1")
        desk.paper = SharedPaper()
        own, bare = _spooled(desk, beside, jobs=jobs)
        database.close()
    rate = f"{1 / median(own):.0f} jobs/s beside {1 / median(bare):.0f}"
    return [
        (f"spool: {jobs} jobs, each committed", *measured(own, 0)[:2], "", "", rate),
        ("the same row by sqlite3, each committed", *measured(bare, 0)[:2], "", "", ""),
    ]


def _spooled(desk: Desk, beside: Path, *, jobs: int) -> list[list[float]]:
    """Seconds of each job, ours and bare, in turns; as many are in the books afterwards."""
    ids = iter([new_id() for _job in range(2 * (jobs + 2))])
    row = {"office_id": OFFICE, "till_code": "Q1", "kind": "RECEIPT", "copy_no": 0, "state": "QUEUED", "printer": ""}
    row |= {"ack_id": "", "tries": 0, "queued_at": "2026-11-23 01:00:00.000000"}
    names = ("job_id", "subject", *row)
    into = f"INSERT INTO print_job ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    with closing(sqlite3.connect(beside, isolation_level=None)) as driver:
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")

        def ours() -> None:
            job_id = next(ids)
            desk.do(spool.queue, kind=JobKind.RECEIPT, subject=job_id, till_code="Q1", job_id=job_id)

        def theirs() -> None:
            job_id = next(ids).hex
            driver.execute(into, (job_id, job_id, *row.values()))

        took = in_turns((ours, theirs), turns=jobs)
        ((there,),) = driver.execute("SELECT count(*) FROM print_job")
    assert len(desk.see(spool.recent_jobs, till_codes=["Q1"], limit=2 * jobs)) == there == jobs + 2
    return took


def measure(*, full: bool) -> Table:
    """Every figure of this module."""
    use_language("vi")
    turns = 200 if full else 50
    columns = ("45 lines", "median, ms", "p95, ms", "bytes", "times faster", "goal")
    rows = [*raster_rows(turns=turns), *text_rows(turns=turns), *job_rows(turns=turns)]
    rows += spool_rows(jobs=10_000 if full else 500)
    return Table(columns, tuple(rows))


if __name__ == "__main__":
    sys.stdout.write(measure(full=wants_full(__doc__ or "")).markdown() + "\n")
