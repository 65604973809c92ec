"""What is known about a printer, and the operations it can be told: bounded, typed, saved as plain data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import papers
import pytest

from counter.printing import BadPrinterProfile, PrinterProfile, build, ops

CALIBRATED = PrinterProfile(name="Q1", mode="textpage", table="tcvn3", page=30, page_capitals=31, calibration="2026-11-24 B")


def test_a_profile_survives_json() -> None:
    assert PrinterProfile.from_plain(json.loads(json.dumps(CALIBRATED.as_plain()))) == CALIBRATED


@pytest.mark.parametrize(
    ("plain", "field"),
    [
        ({"dots": 500}, "dots"),
        ({"columns": 40}, "columns"),
        ({"mode": "magic"}, "mode"),
        ({"mode": "textpage"}, "mode"),
        ({"mode": "user_defined"}, "mode"),
        ({"mode": "textpage", "calibration": "2026-11-24 A"}, "table"),
        ({"table": "latin1"}, "table"),
        ({"cut": "twice"}, "cut"),
        ({"page": 256}, "page"),
        ({"page": "30"}, "page"),
        ({"baud": -1}, "baud"),
        ({"band_rows": 129}, "band_rows"),
        ({"band_rows": 96}, "band_rows"),
        ({"band_rows": 48}, "band_rows"),
        ({"native_qr": 1}, "native_qr"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_by_its_field(plain: dict[str, Any], field: str) -> None:
    with pytest.raises(BadPrinterProfile) as refused:
        PrinterProfile.from_plain(plain)
    assert refused.value.facts["field"] == field
    assert str(refused.value.facts["allowed"])


def test_a_slow_line_never_carries_pictures() -> None:
    assert PrinterProfile(baud=9_600).way == "ascii"
    assert PrinterProfile(baud=115_200).way == "raster"


def test_a_slow_line_gets_letters_only_after_a_calibration_was_read() -> None:
    for table, way in (("tcvn3", "textpage"), ("own", "user_defined")):
        known = PrinterProfile(baud=9_600, table=table, page=30)  # type: ignore[arg-type]
        assert known.way == "ascii"
        assert replace(known, calibration="2026-11-24 B").way == way


@pytest.mark.parametrize("text", ["", "ngã", "a\x1bp0", "a\n", "x" * (ops.QR_LIMIT + 1)])
def test_a_code_that_the_printer_draws_holds_plain_letters_only(text: str) -> None:
    with pytest.raises(ValueError, match="QR"):
        ops.qr(text, module=6)
    assert ops.qr("x" * ops.QR_LIMIT, module=6).data


def test_the_operations_are_the_bytes_of_the_reference() -> None:
    assert ops.drawer_pulse(2, 100, 200).data == bytes.fromhex("1b70003264")
    assert ops.drawer_pulse(5, 50, 50).data == bytes.fromhex("1b70011919")
    assert ops.status_request(4).data == bytes.fromhex("100404")
    assert ops.ack_request("a7Z0").data == bytes.fromhex("1d2848060030306137 5a30")
    assert ops.mark_request().data == bytes.fromhex("1d7201")


@pytest.mark.parametrize("wrong", ["", "abc", "abcde", "ab\x1b1", "ngã1"])
def test_an_acknowledgement_has_four_plain_letters_or_digits(wrong: str) -> None:
    with pytest.raises(ValueError, match="acknowledgement"):
        ops.ack_request(wrong)


@pytest.mark.parametrize("byte", [*range(0x20), 0x7F])
def test_no_byte_that_a_printer_obeys_can_be_a_letter(byte: int) -> None:
    with pytest.raises(ValueError, match="control"):
        ops.letters(b"Nguyen" + bytes((byte,)))


@pytest.mark.parametrize("call", [lambda: ops.drawer_pulse(2, 600, 100), lambda: ops.drawer_pulse(2, 100, 0)])
def test_a_pulse_is_neither_endless_nor_empty(call: Any) -> None:
    with pytest.raises(ValueError):
        call()


def test_a_job_can_be_followed_by_more_operations() -> None:
    job = build(papers.receipt(), PrinterProfile())
    assert job.then(ops.ack_request("0001")).data == job.data + ops.ack_request("0001").data
