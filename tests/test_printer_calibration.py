"""The calibration page and the questions about it; models from python-escpos' data without python-escpos."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import printer_reader as reader
import pytest

from counter.locale import use_language
from counter.printing import PrinterProfile, build
from counter.printing.calibration import NONE, SAMPLE, NoSuchAnswer, answered, candidates, questions
from counter.printing.documents import CalibrationDocument
from counter.printing.models import UnknownModel, models, profile_of_model

DAY = date(2026, 11, 24)
MORE = (94, 66)


def page(more: tuple[int, ...] = ()) -> bytes:
    return build(CalibrationDocument(pages=more), PrinterProfile()).data


@pytest.mark.parametrize("more", [(), MORE])
def test_every_answer_about_letters_is_a_line_of_the_page_printed_its_way(more: tuple[int, ...]) -> None:
    """A printer that has one page right shows the sample on exactly that line's bytes."""
    encodings = {"tcvn3": "TCVN5712-1", "tcvn5712": "TCVN5712-1", "viscii": "VISCII", "cp1258": "CP1258"}
    lines = reader.lines_of(page(more), lambda number, letters: f"{{{number}:{letters.decode('latin-1')}}}")
    for candidate in candidates(more):
        (line,) = [one for one in lines if candidate.key + "  " in one.split("}")[0] and SAMPLE[:4] in one]
        if candidate.table == "own":
            continue
        table = reader.table_of(encodings[candidate.table])
        shown = ""
        for part in line.strip("{}").split("}{"):
            number, _, letters = part.partition(":")
            assert int(number) in (candidate.page, candidate.page_capitals)
            text = "".join(table.get(ord(letter), letter) for letter in letters)
            shown += text.upper() if int(number) == candidate.page_capitals else text
        if candidate.table in ("tcvn5712", "viscii") or candidate.page_capitals:
            assert shown == f"{candidate.key}  {SAMPLE}"
        elif candidate.table == "tcvn3":
            assert shown == f"{candidate.key}  Nguyễn Đặng Thị Hữu Mỹ NGUYÊN ANH"
        else:
            assert shown == f"{candidate.key}  Nguyên Đăng Thi Hưu My NGUYÊN ÁNH"


def test_the_line_of_our_own_letters_reads_the_sample() -> None:
    (line,) = [one for one in reader.lines_of(page(), lambda _n, letters: letters.decode("latin-1")) if SAMPLE in one]
    (own,) = [candidate for candidate in candidates() if candidate.table == "own"]
    assert line == f"{own.key}  {SAMPLE}"


def test_the_page_shows_every_width_and_a_code_and_asks_nothing_of_the_drawer() -> None:
    events = reader.events_of(page())
    assert [event.args[0] * 8 for event in events if event.kind == "raster"] == [384, 432, 512, 576]
    assert [event.args[1] for event in events if event.kind == "qr"] == ["QUAY 0123456789"]
    assert not {"pulse", "ack", "status"} & {event.kind for event in events}
    rows = [row for row in reader.lines_of(page(), lambda _n, b: b.decode("latin-1")) if row.endswith("|")]
    assert [len(row) for row in rows] == [32, 42, 48]


@pytest.mark.parametrize("more", [(), MORE])
def test_every_answer_makes_a_profile_that_prints(more: tuple[int, ...]) -> None:
    for question in questions(more):
        for choice in question.choices:
            seen = answered(PrinterProfile(), answers={question.key: choice.key}, day=DAY, pages=more)
            assert build(CalibrationDocument(), seen).data.startswith(b"\x1b@")
            assert PrinterProfile.from_plain(seen.as_plain()) == seen


def test_what_was_seen_decides_how_a_slow_printer_and_one_that_cannot_draw_print() -> None:
    slow = PrinterProfile(baud=9_600)
    assert slow.way == "ascii"
    page_30 = answered(slow, answers={"letters": "A", "width": "4"}, day=DAY)
    assert (page_30.way, page_30.page, page_30.page_capitals, page_30.calibration) == ("textpage", 30, 31, "2026-11-24 A")
    own = next(one.key for one in candidates() if one.table == "own")
    assert answered(slow, answers={"letters": own}, day=DAY).way == "user_defined"
    assert answered(slow, answers={"letters": NONE}, day=DAY).way == "ascii"
    assert answered(PrinterProfile(), answers={"letters": "A", "width": "3"}, day=DAY).way == "raster"
    assert answered(PrinterProfile(), answers={"width": "3"}, day=DAY).dots == 512
    assert answered(PrinterProfile(), answers={"letters": "A", "width": NONE}, day=DAY).way == "textpage"
    assert answered(PrinterProfile(), answers={"width": NONE}, day=DAY).way == "ascii"


@pytest.mark.parametrize("answers", [{"letters": "Z"}, {"width": "9"}, {"colour": "1"}, {"letters": "\x1bp"}])
def test_an_answer_that_the_page_does_not_have_is_refused(answers: dict[str, str]) -> None:
    with pytest.raises(NoSuchAnswer):
        answered(PrinterProfile(), answers=answers, day=DAY)


def test_the_questions_speak_vietnamese() -> None:
    use_language("vi")
    assert "ễ" in questions()[2].ask
    assert all(question.ask.startswith(("Phần", "Giấy")) for question in questions())


# --- models ----------------------------------------------------------------------------------------------------------


def test_every_model_makes_a_profile_and_no_letter_is_taken_on_trust() -> None:
    for model in models():
        profile = profile_of_model(model)
        assert profile.way in ("raster", "ascii")
        assert (profile.calibration, profile.table) == ("", "")
    assert profile_of_model("TM-T20II").native_qr
    assert (profile_of_model("POS-5890").dots, profile_of_model("POS-5890").columns) == (384, 32)
    assert profile_of_model("TM-T88V").dots == 512
    assert profile_of_model("TM-U220").way == "ascii"
    assert "TSP600" not in models()


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownModel) as refused:
        profile_of_model("NoSuchPrinter")
    assert "TM-T20II" in refused.value.todo_text()


def test_reading_models_imports_no_escpos_leaves_no_folder_and_no_log_handler(tmp_path: Path) -> None:
    script = (
        "import sys, logging; from counter.printing.models import models; assert models();"
        "print([name for name in sys.modules if name.split('.')[0] == 'escpos'], logging.getLogger().handlers)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.strip() == "[] []"
    assert list(tmp_path.iterdir()) == []
