"""Reading a file of debts: layouts, encodings, and every way in which a file can be wrong."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from debts import AN, HEADING, csv_bytes, debts, line, staged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.bills import load_profile, profile_names, stage
from counter.bills.profiles import read_profile
from counter.bills.refusals import (
    BadProfile,
    ColumnsMissing,
    ColumnTwice,
    EmptyFile,
    ImportCancelled,
    NoRoomToRead,
    NoSuchSheet,
    NotATable,
    UnknownProfile,
)
from counter.errors import Refused
from counter.files import NotASpreadsheet, SpreadsheetUnsafe
from counter.legacy import Encoding, EncodingUnclear, NotText

Line = dict[str, Any]


def write(folder: Path, data: bytes, name: str = "no.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def facts(path: Path, profile: str = "cmis") -> list[tuple[Any, ...]]:
    """(bill, customer, name, amount, days, percent) of each accepted line."""
    columns = "bill_id, customer_code, name, amount, issued_day, vat_percent, kwh"
    with staged(path, profile) as place, place.open() as reading:
        assert place.rejected_lines == ()
        return reading.execute(f"SELECT {columns} FROM staged_line ORDER BY line").fetchall()


RIGHT = [("PA0501-1001", AN, "Nguyễn Văn An", 108_000, "2026-11-05", "8", 50)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_unicode_and_any_separator_are_read_unasked(tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert facts(write(tmp_path, csv_bytes(line(), encoding=encoding, delimiter=delimiter))) == RIGHT


def tcvn3(text: str) -> bytes:
    from counter.legacy import TCVN3_TABLE

    return bytes(TCVN3_TABLE.index(c) for c in text)


def test_an_old_encoding_is_asked_about_and_read_when_said(tmp_path: Path) -> None:
    text = csv_bytes(line(), encoding="utf-8").decode()
    path = write(tmp_path, tcvn3(text))
    with pytest.raises(EncodingUnclear) as asked:
        staged(path)
    assert asked.value.facts["likeliest"] == "tcvn3"
    with stage(path, profile=load_profile(), encoding=Encoding.TCVN3) as place, place.open() as reading:
        assert reading.execute("SELECT name FROM staged_line").fetchall() == [("Nguyễn Văn An",)]


def test_letters_that_cannot_be_read_reject_their_line_alone(tmp_path: Path) -> None:
    data = csv_bytes(line(1), line(2), encoding="utf-8").replace("Nguyễn".encode(), b"Nguy\xffn", 1)
    with stage(write(tmp_path, data), profile=load_profile(), encoding=Encoding.UTF8) as place:
        assert [(one.line, one.field) for one in place.rejected_lines] == [(2, "TEN_KHANG")]
        assert place.accepted == 1


def test_words_above_the_heading_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    above = "CÔNG TY ĐIỆN LỰC,,,\nDANH SÁCH NỢ; THÁNG 10\n\n".encode()
    path = write(tmp_path, above + csv_bytes(line(), encoding="utf-8") + b"\n,,\n\n")
    with staged(path) as place:
        assert (place.read, place.accepted) == (1, 1)
    with staged(write(tmp_path, above + csv_bytes(line(), line(2, TONG_TIEN="x"), encoding="utf-8"))) as place:
        assert [one.line for one in place.rejected_lines] == [6]


def test_headings_are_known_in_vietnamese_and_in_any_order(tmp_path: Path) -> None:
    heading = "Tổng tiền;Thuế GTGT;Số tiền;Mã khách hàng;TÊN KHÁCH HÀNG;Năm;Tháng;Số hóa đơn;Mã đơn vị"
    row = "108.000;8.000;100.000;pa05lg0000001;Nguyễn Văn An;2026;10;1001;pa0501"
    assert facts(write(tmp_path, f"{heading}\n{row}\n".encode())) == [
        ("PA0501-1001", AN, "Nguyễn Văn An", 108_000, None, None, None)
    ]


def test_the_english_profile_groups_thousands_by_comma(tmp_path: Path) -> None:
    heading = "Unit,Bill number,Customer code,Name,Month,Year,Net,VAT,Total,Issued\n"
    row = f'PA0501,1001,{AN},Nguyễn Văn An,10,2026,"1,000,000","80,000","1,080,000",2026-11-05\n'
    path = write(tmp_path, (heading + row).encode())
    assert facts(path, "generic-en")[0][3:5] == (1_080_000, "2026-11-05")


def workbook(*rows: list[Any], title: str = "Nợ") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_reads_as_its_table(tmp_path: Path) -> None:
    from datetime import date

    named = [list(line(NGAY_PHANH=date(2026, 11, 5))), list(line(NGAY_PHANH=date(2026, 11, 5)).values())]
    assert facts(write(tmp_path, workbook(["DANH SÁCH NỢ"], [], *named), "no.xlsx")) == RIGHT


def test_a_fraction_or_a_formula_in_a_workbook_is_no_amount(tmp_path: Path) -> None:
    named = [list(line()), list(line(1, TONG_TIEN=108000.5).values()), list(line(2, TONG_TIEN="=1+1").values())]
    with staged(write(tmp_path, workbook(*named), "no.xlsx")) as place:
        assert place.accepted == 0
        assert {one.line for one in place.rejected_lines} == {2, 3}


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    good = workbook(list(line()), list(line().values()))
    for data in (good[: len(good) // 2], b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18):
        with pytest.raises(NotASpreadsheet):
            staged(write(tmp_path, data, "no.xlsx"))
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(SpreadsheetUnsafe):
        staged(write(tmp_path, out.getvalue(), "no.xlsx"))


def test_a_sheet_of_another_name_is_refused(tmp_path: Path) -> None:
    text = (Path(load_profile.__code__.co_filename).parent.parent / "profiles" / "cmis.toml").read_text(encoding="utf-8")
    profile = tmp_path / "mine.toml"
    profile.write_text(text.replace('sheet = ""', 'sheet = "Tháng 10"'), encoding="utf-8")
    path = write(tmp_path, workbook(list(line()), list(line().values())), "no.xlsx")
    with pytest.raises(NoSuchSheet) as refusal:
        stage(path, profile=read_profile("mine", profile))
    assert "Nợ" in refusal.value.todo_text()


# --- wrong fields ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *[("TONG_TIEN", v) for v in ("", "-1", "-50000", "1.5", "108000.0", "1e3", "NaN", "x", "١٢٣", "9" * 19, "1,080,00")],
        *[("TONG_TIEN", v) for v in ("108,000", "0x10", "1_000", "+5", "108002", "107998", "=1+1", "108 000")],
        *[("SO_TIEN", v) for v in ("", "-1", "1.5")],
        *[("ID_HDON", v) for v in ("", "0", "-1", "1.5", "x", "9" * 19, "٣")],
        *[
            ("MA_KHANG", v)
            for v in ("", "PA05", "PA05 LG00001", "'; DROP TABLE bill;--", "PA05LG00000012345", "ＰＡ05LG000")
        ],
        *[("MA_KHANGTT", v) for v in ("x", "PA05'--12345")],
        *[("MA_DVIQLY", v) for v in ("", "PA-05", "PA0501000")],
        *[("THANG", v) for v in ("", "0", "13", "x", "-1")],
        *[("NAM", v) for v in ("", "1999", "10000", "26")],
        *[("KY", v) for v in ("0", "10", "x")],
        *[("NGAY_PHANH", v) for v in ("29/02/2027", "2026-13-01", "01/01/10000", "x", "31/11/2026", "٠٥/١١/2026", "05/11")],
        *[("LOAI_HDON", v) for v in ("XX", "T")],
        *[("TYLE_THUE", v) for v in ("x", "-8", "100", "8,8,8")],
        *[("DIEN_TTHU", v) for v in ("-1", "x", "9" * 12)],
        *[("STT", v) for v in ("-1", "x")],
        *[("TEN_KHANG", v) for v in ("", " ", "a\ufffdb")],
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_value(tmp_path: Path, column: str, value: str) -> None:
    with staged(debts(tmp_path, line(1), line(2, **{column: value}), line(3))) as place:
        (one,) = place.rejected_lines
        assert (one.line, place.accepted, place.rejected) == (3, 2, 1)
        assert one.field in (column, "TONG_TIEN")  # an amount that does not add up is the total's fault
        assert one.why and one.value in (value.strip(), value, "", "108000", "a\ufffdb")


def test_nothing_owed_is_no_bill_unless_it_is_withdrawn(tmp_path: Path) -> None:
    zero = {"SO_TIEN": 0, "TIEN_GTGT": 0, "TONG_TIEN": 0}
    with staged(debts(tmp_path, line(1, **zero), line(2, **zero, LOAI_DCHINH="HB"))) as place:
        assert [one.line for one in place.rejected_lines] == [2]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("TONG_TIEN", " 108000 ", 108_000),
        ("TONG_TIEN", "108.000", 108_000),
        ("TONG_TIEN", "108.000 đ", 108_000),
        ("TYLE_THUE", "8%", "8"),
        ("TYLE_THUE", "8,00", "8"),
        ("TYLE_THUE", "10", "10"),
        ("NGAY_PHANH", "5/11/2026", "2026-11-05"),
        ("NGAY_PHANH", "2026-11-05", "2026-11-05"),
        ("NGAY_PHANH", "05/11/2026 08:00:00", "2026-11-05"),
        ("TEN_KHANG", "=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0"),
        ("TEN_KHANG", "\x1b[31mAn\r\n", "�[31mAn"),
        ("TEN_KHANG", "Nguye\u0302\u0303n", "Nguyễn"),
        ("TEN_KHANG", "\u202e000.5", "000.5"),
        ("TEN_KHANG", "[/]", "[/]"),
    ],
)
def test_a_field_is_read_as(tmp_path: Path, column: str, value: str, expected: Any) -> None:
    assert expected in facts(debts(tmp_path, line(1, **{column: value})))[0]


def test_a_name_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    assert len(facts(debts(tmp_path, line(1, TEN_KHANG="A" * 100_000)))[0][2]) == 200


def test_rows_of_another_width_are_rejected(tmp_path: Path) -> None:
    data = csv_bytes(line(1), encoding="utf-8") + b"PA0501,2,TD\r\n" + b"x," * 40 + b"\r\n"
    with staged(write(tmp_path, data)) as place:
        assert [one.line for one in place.rejected_lines] == [3, 4]


def test_a_file_cut_off_in_its_last_line_brings_nothing_wrong(tmp_path: Path) -> None:
    data = csv_bytes(line(1), line(2), encoding="utf-8")
    last = data.rindex(b"PA0501,2,")
    for end in range(last + 1, data.rindex(b",8,05/11") + 1):
        try:
            with staged(write(tmp_path, data[:end])) as place:
                assert (place.accepted, place.rejected) == (1, 1), data[last:end]
        except EncodingUnclear:
            assert data[end - 1] >= 0x80  # cut within a letter


# --- wrong files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", EmptyFile),
        (b"\n\n", EmptyFile),
        (csv_bytes(), EmptyFile),
        (b"\x89PNG\r\n\x1a\n\0\0\0", NotText),
        (b"a,b\n1,2\n", ColumnsMissing),
        (csv_bytes(line()).replace(b"TONG_TIEN", b"TONG"), ColumnsMissing),
        (csv_bytes(line()).replace(b"TYLE_THUE", b"TONG_TIEN"), ColumnTwice),
        (csv_bytes(line()) + b'"' + b"x\n" * 200_000, NotATable),
    ],
)
def test_a_file_that_is_no_table_of_bills_is_refused(tmp_path: Path, data: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        staged(write(tmp_path, data))
    assert refused.value.why_text() and refused.value.todo_text()


def test_a_missing_column_is_named_as_the_profile_knows_it(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing, match="TONG_TIEN"):
        staged(write(tmp_path, csv_bytes(line()).replace(b"TONG_TIEN", b"TONG")))


def test_a_folder_or_nothing_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "CON", tmp_path / "a\0.csv"):
        with pytest.raises(Refused):
            staged(path)


def test_stopping_leaves_nothing_and_progress_ends_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    place_of = tmp_path / "tmp"
    place_of.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place_of))
    path = debts(tmp_path, *(line(n) for n in range(1, 2_500)))
    seen: list[tuple[int, int]] = []
    with stage(path, profile=load_profile(), progress=lambda done, total: seen.append((done, total))):
        assert len(list(place_of.iterdir())) == 1
    assert list(place_of.iterdir()) == []
    assert seen == sorted(seen) and seen[-1] == (path.stat().st_size, path.stat().st_size)
    answers = iter([False, False, True])
    with pytest.raises(ImportCancelled):
        stage(path, profile=load_profile(), cancelled=lambda: next(answers))
    with pytest.raises(ColumnsMissing):
        staged(write(tmp_path, b"a,b\n"))
    assert list(place_of.iterdir()) == []


def test_no_room_to_read_is_said_calmly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(NoRoomToRead, match=r"no\.csv"):
        staged(debts(tmp_path, line()))


def test_the_digest_is_of_the_bytes_that_were_read(tmp_path: Path) -> None:
    import hashlib

    path = debts(tmp_path, line())
    with staged(path) as place:
        assert place.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert place.file_name == "no.csv"
    assert os.path.exists(path)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_are_more_than_a_refusal_or_rejected_lines(tmp_path: Path, data: st.DataObject) -> None:
    good = csv_bytes(
        line(1), line(2), encoding=data.draw(st.sampled_from(["utf-8", "utf-16", "cp1258"])).replace("cp1258", "utf-8")
    )
    kind = data.draw(st.sampled_from(["bytes", "mutated", "workbook", "fields"]))
    if kind == "bytes":
        made = data.draw(st.binary(max_size=400))
    elif kind == "fields":
        column = data.draw(st.sampled_from(HEADING))
        made = csv_bytes(line(1, **{column: data.draw(st.text(max_size=30))}), encoding="utf-8").replace(b"\0", b"")
    else:
        base = bytearray(WORKBOOK if kind == "workbook" else good)
        for _ in range(data.draw(st.integers(1, 8))):
            base[data.draw(st.integers(0, len(base) - 1))] = data.draw(st.integers(0, 255))
        made = bytes(base[: data.draw(st.integers(1, len(base)))] if data.draw(st.booleans()) else base)
    try:
        with staged(write(tmp_path, made, "x.dat")) as place:
            assert place.read == place.accepted + place.repeated + place.rejected
    except Refused as refusal:
        assert refusal.why_text() and refusal.todo_text()


WORKBOOK = workbook(list(line()), list(line().values()))


# --- profiles --------------------------------------------------------------------------------------------------------

CMIS = (Path(load_profile.__code__.co_filename).parent.parent / "profiles" / "cmis.toml").read_text(encoding="utf-8")


def test_the_shipped_profiles_are_right() -> None:
    assert {"cmis", "generic-en"} <= set(profile_names())
    for name in profile_names():
        assert load_profile(name).name == name


def test_an_office_may_bring_its_own_profile(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    own = CMIS.replace("'^[0-9A-Z]{8,16}$'", "'^P[AHMN][0-9A-Z]{11}$'").replace('"TONG_TIEN"', '"CONG"')
    (tmp_path / "profiles" / "rieng.toml").write_text(own, encoding="utf-8")
    assert "rieng" in profile_names(home=tmp_path)
    profile = load_profile("rieng", home=tmp_path)
    data = csv_bytes(line(1), line(2, "PX05LG0000001"), encoding="utf-8").replace(b"TONG_TIEN", b"CONG")
    with stage(write(tmp_path, data), profile=profile) as place:
        assert [one.field for one in place.rejected_lines] == ["MA_KHANG"]


@pytest.mark.parametrize("name", ["none", "../cmis", "", "CMIS", "/etc/passwd", "a" * 99])
def test_a_profile_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownProfile):
        load_profile(name, home=tmp_path)


Spoil = Callable[[str], str]


@pytest.mark.parametrize(
    ("was", "now", "key"),
    [
        ('encoding = "sniff"', 'encoding = "ebcdic"', "encoding"),
        ('thousands = "."', 'thousands = "x"', "thousands"),
        ('thousands = "."', "thousands = 1", "thousands"),
        ('days = ["dd/mm/yyyy", "yyyy-mm-dd"]', 'days = ["mm/dd/yyyy"]', "days"),
        ('days = ["dd/mm/yyyy", "yyyy-mm-dd"]', "days = [1]", "days"),
        ("delimiters = [", 'delimiters = ["ab", ', "delimiters"),
        ("header_within = 30", "header_within = 0", "header_within"),
        ("header_within = 30", "header_within = true", "header_within"),
        ("'^[0-9A-Z]{8,16}$'", "'('", "customer_code_pattern"),
        ('withdrawn = ["HB"]', "withdrawn = [1]", "withdrawn"),
        ('TD = "TD"', 'TD = "XX"', "kinds"),
        ('amount = ["TONG_TIEN", "Tổng tiền"]', "", "columns.amount"),
        ('amount = ["TONG_TIEN", "Tổng tiền"]', "amount = []", "columns.amount"),
        ('amount = ["TONG_TIEN", "Tổng tiền"]', "amount = [1]", "columns.amount"),
        ('amount = ["TONG_TIEN", "Tổng tiền"]', 'amount = ["SO_TIEN"]', "columns.amount"),
        ("[columns]", '[columns]\nodd = ["x"]', "columns.odd"),
        ('sheet = ""', 'sheets = ""', "sheets"),
        ("[columns]", "[columns", "-"),
    ],
)
def test_a_bad_profile_is_refused_with_its_key(tmp_path: Path, was: str, now: str, key: str) -> None:
    assert was in CMIS
    path = tmp_path / "x.toml"
    path.write_text(CMIS.replace(was, now), encoding="utf-8")
    with pytest.raises(BadProfile) as refusal:
        read_profile("x", path)
    assert refusal.value.facts["key"] == key


def test_a_seeded_mess_of_lines_adds_up(tmp_path: Path) -> None:
    chance = random.Random(11)
    lines: list[Line] = []
    for n in range(1, 400):
        lines.append(line(chance.randint(1, 150), **chance.choice([{}, {}, {"KY": 2}, {"TONG_TIEN": "x"}, {"THANG": 0}])))
        if n % 50 == 0:
            lines.append(dict.fromkeys(line(), ""))
    with staged(debts(tmp_path, *lines)) as place:
        assert place.read == 399
        assert place.read == place.accepted + place.repeated + place.rejected
        assert place.rejected == len(place.rejected_lines)
        with place.open() as reading:
            (kept, bills) = reading.execute("SELECT count(*), count(DISTINCT bill_id) FROM staged_bill").fetchone()
            (people,) = reading.execute("SELECT count(*) FROM staged_customer").fetchone()
    assert kept == bills == place.accepted
    assert people == 1
